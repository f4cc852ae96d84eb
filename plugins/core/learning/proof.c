/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose certificate counts: the one whose key signed this very handshake. Of what came in clear (handshake_messages.h)
 * the combination counts that a signature fits:
 *
 *   the server's    ClientHello.random + ServerHello.random + key share, in ServerKeyExchange       (RFC 5246 7.4.3)
 *   the client's    all messages from the ClientHello on, but the first one where a cookie was asked
 *                   for, and the HelloVerifyRequest, in CertificateVerify               (RFC 5246 7.4.8, RFC
 * 6347 4.2.6)
 *
 * Nothing is disproved while a message is missing, or while there may be more than was kept.
 */
#include "learn.h"

#include <string.h>

#define HS_CLIENT_HELLO        1
#define HS_SERVER_HELLO        2
#define HS_CERTIFICATE         11
#define HS_SERVER_KEY_EXCHANGE 12
#define HS_SERVER_HELLO_DONE   14
#define HS_CERTIFICATE_VERIFY  15
#define HS_CLIENT_KEY_EXCHANGE 16
#define HANDSHAKE_HEADER       12 /* RFC 6347 4.2.2 */
#define MAX_TRIES              64 /* signatures of one side that are verified: what was kept has fewer, unless it is a flood */
#define MAX_FLIGHT             16 /* messages of a server's flight */

typedef struct {
    const wr_handshake_message *at[WR_MAX_OF_A_KIND];
    unsigned n;
} choice;

static choice all_of(const wr_handshake_messages *m, int role, int type)
{
    choice c = {.n = 0};

    for (unsigned i = 0; i < m->n && c.n < WR_MAX_OF_A_KIND; i++)
        if (m->list[i].role == role && m->list[i].type == type)
            c.at[c.n++] = &m->list[i];
    return c;
}

/* The messages that a proof rests on. */
typedef struct {
    const wr_handshake_message *client_hello, *server_hello, *certificate, *key_exchange;
} server_proof;

/* random of a hello, behind the version (RFC 5246 7.4.1.2). */
static const uint8_t *random_of(const wr_handshake_message *hello)
{
    return hello->length >= 2 + WR_DTLS_RANDOM ? hello->body + 2 : NULL;
}

/* Does the key of this certificate fit the server's signature? v: what the ServerHello says. */
static wr_possession fits(const wr_handshake_message *certificate, const wr_handshake_message *client_hello,
                          const wr_dtls_event *v, const wr_handshake_message *exchange)
{
    return wr_dtls_server_possession(certificate->leaf, random_of(client_hello), v->random, v->negotiated, v->suites[0],
                                     exchange->body, exchange->length);
}

/* Tries one ServerHello with all else. */
static void try_server_hello(const wr_handshake_messages *m, const wr_handshake_message *hello, unsigned *tries,
                             wr_possession *result, server_proof *out)
{
    choice hellos = all_of(m, 0, HS_CLIENT_HELLO), certificates = all_of(m, 1, HS_CERTIFICATE);
    choice exchanges = all_of(m, 1, HS_SERVER_KEY_EXCHANGE);
    wr_dtls_event *v = wr_dtls_event_of_message(HS_SERVER_HELLO, hello->body, hello->length);

    for (unsigned x = exchanges.n; v->n_suites > 0 && x-- > 0;) {
        for (unsigned c = 0; c < certificates.n; c++) {
            for (unsigned h = hellos.n; h-- > 0 && *tries < MAX_TRIES && *result != WR_POSSESSION_PROVED;) {
                const wr_handshake_message *client = hellos.at[h];
                wr_possession p;
                if (random_of(client) == NULL || (h > 0 && random_of(hellos.at[h - 1]) != NULL &&
                                                  memcmp(random_of(client), random_of(hellos.at[h - 1]), 32) == 0))
                    continue; /* the same again with a cookie: one of them is enough */
                ++*tries;
                p = fits(certificates.at[c], client, v, exchanges.at[x]);
                if (p != WR_POSSESSION_UNKNOWN)
                    *result = p;
                if (p == WR_POSSESSION_PROVED)
                    *out = (server_proof){client, hello, certificates.at[c], exchanges.at[x]};
            }
        }
    }
    wr_dtls_event_free(v);
}

/* INVALID: there was something to try, and all of it failed. */
static wr_possession find_server_proof(const wr_handshake_messages *m, server_proof *out)
{
    choice hellos = all_of(m, 1, HS_SERVER_HELLO);
    wr_possession result = WR_POSSESSION_UNKNOWN;
    unsigned tries = 0;

    for (unsigned i = hellos.n; i-- > 0 && result != WR_POSSESSION_PROVED;)
        if (random_of(hellos.at[i]) != NULL)
            try_server_hello(m, hellos.at[i], &tries, &result, out);
    return result == WR_POSSESSION_INVALID && (m->cut || tries >= MAX_TRIES) ? WR_POSSESSION_UNKNOWN : result;
}

/* ---- the client's ---- */

static void add_message(GByteArray *transcript, const wr_handshake_message *m)
{
    const uint8_t header[HANDSHAKE_HEADER] = {m->type,
                                              (uint8_t)(m->length >> 16),
                                              (uint8_t)(m->length >> 8),
                                              (uint8_t)m->length,
                                              (uint8_t)(m->seq >> 8),
                                              (uint8_t)m->seq,
                                              0,
                                              0,
                                              0,
                                              (uint8_t)(m->length >> 16),
                                              (uint8_t)(m->length >> 8),
                                              (uint8_t)m->length};

    g_byte_array_append(transcript, header, sizeof header);
    wr_handshake_message_append(m, transcript);
}

static const wr_handshake_message *with_seq(const choice *c, unsigned seq, unsigned nth)
{
    for (unsigned i = 0; i < c->n; i++)
        if (c->at[i]->seq == seq && nth-- == 0)
            return c->at[i];
    return NULL;
}

/* The server's flight from its hello to ServerHelloDone, each message once, those of the proof where it has them. False
 * when one is missing, or when one that nothing tells apart is there twice. */
static bool server_flight(const wr_handshake_messages *m, const server_proof *p, const wr_handshake_message *out[],
                          unsigned *n)
{
    for (*n = 0; *n < MAX_FLIGHT; ++*n) {
        const unsigned seq = p->server_hello->seq + *n;
        const wr_handshake_message *found = NULL;
        const wr_handshake_message *const known[] = {p->server_hello, p->certificate, p->key_exchange};
        for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
            if (known[i] != NULL && known[i]->seq == seq)
                found = known[i];
        for (unsigned i = 0; found == NULL && i < m->n; i++)
            if (m->list[i].role == 1 && m->list[i].seq == seq && m->list[i].type != HS_SERVER_HELLO)
                found = &m->list[i];
        if (found == NULL)
            return false;
        out[*n] = found;
        if (found->type == HS_SERVER_HELLO_DONE) {
            ++*n;
            return true;
        }
    }
    return false;
}

typedef struct {
    const wr_handshake_message *hello, *certificate, *exchange, *verify;
} client_flight;

static wr_possession try_client(const client_flight *c, const wr_handshake_message *const server[], unsigned n,
                                uint16_t version)
{
    GByteArray *transcript = g_byte_array_new();
    wr_possession p;

    add_message(transcript, c->hello);
    for (unsigned i = 0; i < n; i++)
        add_message(transcript, server[i]);
    add_message(transcript, c->certificate);
    add_message(transcript, c->exchange);
    p = wr_dtls_client_possession(c->certificate->leaf, version, transcript->data, transcript->len, c->verify->body,
                                  c->verify->length);
    g_byte_array_free(transcript, TRUE);
    return p;
}

/* All combinations of one ClientHello with the flight that follows it. */
static wr_possession try_client_hello(const wr_handshake_messages *m, const wr_handshake_message *hello,
                                      const wr_handshake_message *const server[], unsigned n, uint16_t version,
                                      unsigned *tries, client_flight *out)
{
    choice certificates = all_of(m, 0, HS_CERTIFICATE), exchanges = all_of(m, 0, HS_CLIENT_KEY_EXCHANGE);
    choice proofs = all_of(m, 0, HS_CERTIFICATE_VERIFY);
    wr_possession result = WR_POSSESSION_UNKNOWN;
    client_flight c = {.hello = hello};

    for (unsigned i = 0; (c.certificate = with_seq(&certificates, hello->seq + 1u, i)) != NULL; i++) {
        for (unsigned j = 0; (c.exchange = with_seq(&exchanges, hello->seq + 2u, j)) != NULL; j++) {
            for (unsigned k = 0; (c.verify = with_seq(&proofs, hello->seq + 3u, k)) != NULL; k++) {
                wr_possession p;
                if (c.certificate->leaf == NULL || *tries >= MAX_TRIES)
                    continue;
                ++*tries;
                p = try_client(&c, server, n, version);
                if (p != WR_POSSESSION_UNKNOWN)
                    result = p;
                if (p == WR_POSSESSION_PROVED) {
                    *out = c;
                    return p;
                }
            }
        }
    }
    return result;
}

/* Two messages of the server's flight under one number, of which no signature of its own tells which counts. */
static bool is_doubtful(const wr_handshake_messages *m, const wr_handshake_message *const server[], unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const int type = server[i]->type;
        if (type == HS_SERVER_HELLO || type == HS_CERTIFICATE || type == HS_SERVER_KEY_EXCHANGE)
            continue;
        for (unsigned j = 0; j < m->n; j++)
            if (m->list[j].role == 1 && m->list[j].seq == server[i]->seq && &m->list[j] != server[i] &&
                m->list[j].type != HS_SERVER_HELLO)
                return true;
    }
    return false;
}

static wr_possession find_client_proof(const wr_handshake_messages *m, const server_proof *p, uint16_t version,
                                       client_flight *out)
{
    const wr_handshake_message *server[MAX_FLIGHT];
    choice hellos = all_of(m, 0, HS_CLIENT_HELLO);
    wr_possession result = WR_POSSESSION_UNKNOWN;
    unsigned n, tries = 0;

    if (!server_flight(m, p, server, &n))
        return WR_POSSESSION_UNKNOWN;
    for (unsigned h = hellos.n; h-- > 0 && result != WR_POSSESSION_PROVED;) {
        wr_possession one;
        if (random_of(hellos.at[h]) == NULL || memcmp(random_of(hellos.at[h]), random_of(p->client_hello), 32) != 0)
            continue;
        one = try_client_hello(m, hellos.at[h], server, n, version, &tries, out);
        if (one != WR_POSSESSION_UNKNOWN)
            result = one;
    }
    if (result == WR_POSSESSION_INVALID && (m->cut || tries >= MAX_TRIES || is_doubtful(m, server, n)))
        return WR_POSSESSION_UNKNOWN;
    return result;
}

/* ---- what follows ---- */

/* The certificate that counts, and whatever else came under its number. */
static void settle(wr_association *a, int role, const wr_handshake_message *counts)
{
    wr_presented *p = &a->side[role].presented;
    wr_certificate *leaf = counts->leaf;

    if (p->certificate != leaf) {
        wr_certificate_ref(leaf);
        wr_certificate_unref(p->certificate);
        p->certificate = leaf;
        a->dirty = true;
    }
    p->empty = false;
    p->frame = counts->frame;
}

static wr_dtls_evidence evidence_of(const wr_association *a, const wr_handshake_message *m, const wr_dtls_event *v)
{
    wr_dtls_evidence d = {.event = v};

    d.at.frame = m->frame;
    d.at.time_us = m->time_us;
    d.at.src = a->side[m->role].end;
    d.at.dst = a->side[1 - m->role].end;
    return d;
}

static void settle_hellos(wr_engine *e, wr_association *a, const server_proof *p)
{
    const wr_handshake_message *const hellos[] = {p->client_hello, p->server_hello};
    uint8_t *const known[] = {a->client_random, a->server_random};

    for (int role = 0; role < 2; role++) {
        wr_dtls_event *v;
        wr_dtls_evidence d;
        if (memcmp(random_of(hellos[role]), known[role], WR_DTLS_RANDOM) == 0)
            continue;
        v = wr_dtls_event_of_message(hellos[role]->type, hellos[role]->body, hellos[role]->length);
        v->message_seq = hellos[role]->seq;
        d = evidence_of(a, hellos[role], v);
        wr_association_take_hello(e, a, &d);
        a->dirty = true;
        wr_dtls_event_free(v);
    }
}

/* Whatever came under the number of a message that counts was somebody else's. */
static void note_others(wr_engine *e, wr_association *a, const wr_handshake_message *counts)
{
    const wr_handshake_messages *m = a->messages;

    for (unsigned i = 0; counts != NULL && i < m->n; i++) {
        const wr_handshake_message *o = &m->list[i];
        if (o == counts || o->role != counts->role || o->type != counts->type)
            continue;
        if (o->type == HS_CLIENT_HELLO && random_of(o) != NULL &&
            memcmp(random_of(o), random_of(counts), WR_DTLS_RANDOM) == 0)
            continue; /* the same hello, before its cookie or after */
        if (o->type == HS_CLIENT_HELLO && o->time_us < counts->time_us - WR_SECOND / 2)
            continue; /* an attempt of its own that nobody answered */
        wr_injection_add(e, WR_INJECTED_MESSAGE, o->frame, counts->frame, a, NULL);
    }
}

/* Certificates of one key all fit the server's signature: the client's, over the transcript, tells them apart. False
 * when nothing does. */
static bool tell_certificates_apart(const wr_handshake_messages *m, server_proof *p, uint16_t version,
                                    wr_possession *of_client, client_flight *client)
{
    const choice certificates = all_of(m, 1, HS_CERTIFICATE);
    wr_dtls_event *v;
    server_proof other = *p;
    bool only = true;

    *of_client = find_client_proof(m, p, version, client);
    if (certificates.n < 2 || *of_client == WR_POSSESSION_PROVED)
        return true;
    v = wr_dtls_event_of_message(HS_SERVER_HELLO, p->server_hello->body, p->server_hello->length);
    for (unsigned i = 0; i < certificates.n && *of_client != WR_POSSESSION_PROVED; i++) {
        other.certificate = certificates.at[i];
        if (other.certificate == p->certificate ||
            fits(other.certificate, p->client_hello, v, p->key_exchange) != WR_POSSESSION_PROVED)
            continue;
        only = false;
        if (find_client_proof(m, &other, version, client) == WR_POSSESSION_PROVED) {
            *of_client = WR_POSSESSION_PROVED;
            *p = other;
        }
    }
    wr_dtls_event_free(v);
    return only || *of_client == WR_POSSESSION_PROVED;
}

void wr_association_prove(wr_engine *e, wr_association *a)
{
    wr_possession of_client;
    wr_handshake_messages *m = a->messages;
    server_proof server = {NULL, NULL, NULL, NULL};
    client_flight client = {NULL, NULL, NULL, NULL};

    if (m == NULL || m->tried || a->absorbed != NULL)
        return;
    m->tried = true;
    a->possession[1] = (uint8_t)find_server_proof(m, &server);
    if (a->possession[1] != WR_POSSESSION_PROVED)
        return;
    settle_hellos(e, a, &server);
    if (!tell_certificates_apart(m, &server, a->version, &of_client, &client)) {
        a->possession[1] = WR_POSSESSION_UNKNOWN;
        return;
    }
    settle(a, 1, server.certificate);
    a->possession[0] = (uint8_t)of_client;
    if (a->possession[0] == WR_POSSESSION_PROVED)
        settle(a, 0, client.certificate);
    note_others(e, a, server.client_hello);
    note_others(e, a, server.server_hello);
    note_others(e, a, server.certificate);
    note_others(e, a, server.key_exchange);
    if (a->possession[0] == WR_POSSESSION_PROVED) {
        note_others(e, a, client.certificate);
        note_others(e, a, client.verify);
    }
}

bool wr_association_keep_message(wr_engine *e, wr_association *a, int role, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    const wr_handshake_message message = {.type = v->handshake_type,
                                          .role = (uint8_t)role,
                                          .seq = v->message_seq,
                                          .frame = d->at.frame,
                                          .length = (uint32_t)v->body_length,
                                          .time_us = d->at.time_us,
                                          .body = v->body,
                                          .leaf = v->leaf};
    bool is_new, kept;

    if (v->body == NULL || v->decrypted || v->epoch != 0 || v->body_length > WR_MAX_HANDSHAKE_MESSAGE ||
        v->handshake_type == 3)
        return false;
    if (a->possession[0] == WR_POSSESSION_PROVED && a->possession[1] == WR_POSSESSION_PROVED)
        return false;
    kept = wr_handshake_messages_add(&a->messages, &message, &is_new);
    if (a->messages->cut)
        wr_limit_reached(e, "messages of a DTLS handshake");
    if (!kept)
        return false;
    if (is_new && !wr_keep_bytes(e, message.length, "memory for DTLS handshakes"))
        a->messages->cut = true;
    return is_new;
}
