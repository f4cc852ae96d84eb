/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proof of keys in DTLS 1.3, where the capture could be decrypted: both sides sign the hash of all messages up to their
 * own Certificate (RFC 8446 4.4.3), each with the header of TLS, four bytes, without what DTLS counts by (RFC
 * 9147 5.2):
 *
 *     | ClientHello | ServerHello | EncryptedExtensions | CertificateRequest* | Certificate |        the server's
 *     | … | CertificateVerify | Finished | client's Certificate |                                    the client's
 *
 * Where the server asked for another hello first, the first one is there as its hash, and HelloRetryRequest behind it
 * (RFC 8446 4.4.1). Nobody without keys can add to what was decrypted; the hellos came in clear, so each that has the
 * randoms of the association is tried. Nothing is disproved while a message is missing.
 */
#include "proof.h"

#include <openssl/evp.h>

#include <string.h>

#define HEADER       4 /* RFC 8446 4 */
#define MESSAGE_HASH 254
#define MAX_FLIGHT   8  /* messages of one side from its hello to its Finished */
#define MAX_TRIES    64 /* combinations of hellos */

/* The hellos that a handshake began with; first and retry are NULL where the first one was answered. */
typedef struct {
    const wr_handshake_message *first, *retry, *client, *server;
} opening;

/* Messages of one side that follow its hello, in order, up to its Finished or the last that is there. */
typedef struct {
    const wr_handshake_message *at[MAX_FLIGHT];
    unsigned n, certificate, verify, finished; /* their places; MAX_FLIGHT where there is none */
} flight;

static bool is_certificate(const wr_handshake_message *m)
{
    return m->type == WR_HS_CERTIFICATE || m->type == WR_HS_COMPRESSED_CERTIFICATE;
}

static const wr_handshake_message *find(const wr_handshake_messages *m, int role, unsigned seq)
{
    for (unsigned i = 0; i < m->n; i++)
        if (m->list[i].role == role && m->list[i].seq == seq)
            return &m->list[i];
    return NULL;
}

static flight flight_behind(const wr_handshake_messages *m, int role, const wr_handshake_message *hello)
{
    flight f = {.certificate = MAX_FLIGHT, .verify = MAX_FLIGHT, .finished = MAX_FLIGHT};

    while (f.n < MAX_FLIGHT && f.finished == MAX_FLIGHT && (f.at[f.n] = find(m, role, hello->seq + 1u + f.n)) != NULL) {
        unsigned *place = is_certificate(f.at[f.n])                     ? &f.certificate
                          : f.at[f.n]->type == WR_HS_CERTIFICATE_VERIFY ? &f.verify
                          : f.at[f.n]->type == WR_HS_FINISHED           ? &f.finished
                                                                        : NULL;
        if (place != NULL)
            *place = f.n;
        f.n++;
    }
    return f;
}

static bool shows_key(const flight *f)
{
    return f->certificate < MAX_FLIGHT && f->verify == f->certificate + 1 && f->at[f->certificate]->leaf != NULL;
}

/* ---- the transcript ---- */

static void add_header(GByteArray *to, unsigned type, unsigned length)
{
    const uint8_t header[HEADER] = {(uint8_t)type, (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length};

    g_byte_array_append(to, header, sizeof header);
}

static void add_message(GByteArray *to, const wr_handshake_message *m)
{
    add_header(to, m->type, m->length);
    wr_handshake_message_append(m, to);
}

static unsigned digest_of(const GByteArray *bytes, const EVP_MD *function, uint8_t out[EVP_MAX_MD_SIZE])
{
    unsigned n = 0;

    return EVP_Digest(bytes->data, bytes->len, out, &n, function, NULL) == 1 ? n : 0;
}

static void add_opening(GByteArray *to, const opening *o, const EVP_MD *function)
{
    if (o->retry != NULL) {
        uint8_t digest[EVP_MAX_MD_SIZE];
        unsigned n;
        add_message(to, o->first);
        n = digest_of(to, function, digest);
        g_byte_array_set_size(to, 0);
        add_header(to, MESSAGE_HASH, n);
        g_byte_array_append(to, digest, n);
        add_message(to, o->retry);
    }
    add_message(to, o->client);
    add_message(to, o->server);
}

/* The signature of this side over what is in the transcript, up to its Certificate; adds the rest of its flight. */
static wr_possession check(GByteArray *transcript, const flight *f, int role, const EVP_MD *function)
{
    wr_possession result = WR_POSSESSION_UNKNOWN;

    for (unsigned i = 0; i < f->n; i++) {
        if (i == f->verify && shows_key(f)) {
            uint8_t digest[EVP_MAX_MD_SIZE];
            const unsigned n = digest_of(transcript, function, digest);
            result = wr_dtls_13_possession(f->at[f->certificate]->leaf, role == 1, digest, n, f->at[i]->body,
                                           f->at[i]->length);
        }
        add_message(transcript, f->at[i]);
    }
    return result;
}

/* ---- which hellos ---- */

static const EVP_MD *hash_of(const wr_handshake_message *hello, wr_dtls_kind *kind)
{
    wr_dtls_event *v = wr_dtls_event_of_message(hello->type, hello->body, hello->length);
    const char *suite = v->n_suites > 0 ? wr_tls_suite_name(v->suites[0]) : NULL;

    *kind = v->kind;
    wr_dtls_event_free(v);
    return suite == NULL ? NULL : g_str_has_suffix(suite, "_SHA384") ? EVP_sha384() : EVP_sha256();
}

/* What both signatures came to with these hellos; what was found before stays. */
static void try_opening(const wr_handshake_messages *sealed, const opening *o, const EVP_MD *function,
                        wr_possession found[2])
{
    const flight server = flight_behind(sealed, 1, o->server), client = flight_behind(sealed, 0, o->client);
    GByteArray *transcript;
    wr_possession p;

    if (!shows_key(&server))
        return;
    transcript = g_byte_array_new();
    add_opening(transcript, o, function);
    p = check(transcript, &server, 1, function);
    if (p != WR_POSSESSION_UNKNOWN && found[1] != WR_POSSESSION_PROVED)
        found[1] = p;
    if (p == WR_POSSESSION_PROVED && server.finished < MAX_FLIGHT && found[0] != WR_POSSESSION_PROVED)
        found[0] = check(transcript, &client, 0, function);
    g_byte_array_free(transcript, TRUE);
}

/* With the hellos of the client that fit: the only one, or one that followed another. */
static void try_client_hellos(const wr_handshake_messages *sealed, const wr_choice *clients, const wr_choice *retries,
                              const wr_handshake_message *server, const EVP_MD *function, unsigned *tries,
                              wr_possession found[2])
{
    for (unsigned c = clients->n; c-- > 0;) {
        opening o = {.client = clients->at[c], .server = server};
        if (o.client->seq == 0 && ++*tries <= MAX_TRIES)
            try_opening(sealed, &o, function, found);
        for (unsigned i = 0; i < retries->n * clients->n && found[1] != WR_POSSESSION_PROVED; i++) {
            o.retry = retries->at[i / clients->n];
            o.first = clients->at[i % clients->n];
            if (o.first->seq < o.client->seq && ++*tries <= MAX_TRIES)
                try_opening(sealed, &o, function, found);
        }
        if (found[1] == WR_POSSESSION_PROVED)
            return;
    }
}

static wr_choice own_hellos(const wr_association *a)
{
    wr_choice own = {.n = 0}, all = wr_messages_all_of(a->messages, 0, WR_HS_CLIENT_HELLO);

    for (unsigned i = 0; i < all.n; i++)
        if (wr_hello_random(all.at[i]) != NULL &&
            memcmp(wr_hello_random(all.at[i]), a->client_random, WR_DTLS_RANDOM) == 0)
            own.at[own.n++] = all.at[i];
    return own;
}

void wr_association_prove_13(wr_association *a)
{
    wr_handshake_messages *sealed = a->sealed;
    wr_possession found[2] = {WR_POSSESSION_UNKNOWN, WR_POSSESSION_UNKNOWN};
    wr_choice servers, clients, retries = {.n = 0}, hellos = {.n = 0};
    const EVP_MD *functions[WR_MAX_OF_A_KIND];
    unsigned tries = 0;

    if (sealed == NULL || sealed->tried || a->messages == NULL || !a->decrypted || a->absorbed != NULL)
        return;
    sealed->tried = true;
    clients = own_hellos(a);
    servers = wr_messages_all_of(a->messages, 1, WR_HS_SERVER_HELLO);
    for (unsigned i = 0; i < servers.n; i++) {
        wr_dtls_kind kind;
        const EVP_MD *function = hash_of(servers.at[i], &kind);
        if (kind == WR_DTLS_HELLO_RETRY_REQUEST) {
            retries.at[retries.n++] = servers.at[i];
        } else if (kind == WR_DTLS_SERVER_HELLO && function != NULL) {
            functions[hellos.n] = function;
            hellos.at[hellos.n++] = servers.at[i];
        }
    }
    for (unsigned i = hellos.n; i-- > 0 && found[1] != WR_POSSESSION_PROVED;)
        try_client_hellos(sealed, &clients, &retries, hellos.at[i], functions[i], &tries, found);
    for (int role = 0; role < 2; role++) {
        /* One of the hellos that counts may have found no room, or the capture may lack it. */
        if (found[role] == WR_POSSESSION_INVALID && (sealed->cut || a->messages->cut || tries > MAX_TRIES))
            found[role] = WR_POSSESSION_UNKNOWN;
        a->dirty |= a->possession[role] != found[role];
        a->possession[role] = (uint8_t)found[role];
    }
}

void wr_association_keep_13(wr_engine *e, wr_association *a, int role, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    const wr_handshake_message message = wr_message_of(role, d);
    bool is_new;

    if (v->body == NULL || role < 0 || v->body_length > WR_MAX_HANDSHAKE_MESSAGE ||
        v->handshake_type == WR_HS_NEW_SESSION_TICKET) /* behind the handshake, and many */
        return;
    if (!wr_handshake_messages_add(&a->sealed, &message, &is_new))
        return;
    if (is_new && !wr_keep_bytes(e, message.length, "memory for DTLS handshakes"))
        a->sealed->cut = true;
}
