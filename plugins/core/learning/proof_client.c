/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client's proof of its key: a signature over all messages of the handshake, in CertificateVerify (RFC 5246 7.4.8).
 * It covers the server's flight word for word and number for number, and so it tells apart what fits the server's own
 * signature equally well.
 */
#include "proof.h"

#include <string.h>

#define HANDSHAKE_HEADER 12  /* RFC 6347 4.2.2 */
#define MAX_TRIES        256 /* signatures that are verified: what was kept has fewer, unless it is a flood */
#define MAX_FLIGHT       16  /* messages of a server's flight */
#define MAX_VARIANTS     16  /* of a flight */

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

static const wr_handshake_message *with_seq(const wr_choice *c, unsigned seq, unsigned nth)
{
    for (unsigned i = 0; i < c->n; i++)
        if (c->at[i]->seq == seq && nth-- == 0)
            return c->at[i];
    return NULL;
}

/* There is one of each in a flight, and the proof has it. */
static bool is_of_proof(int type)
{
    return type == WR_HS_SERVER_HELLO || type == WR_HS_CERTIFICATE || type == WR_HS_SERVER_KEY_EXCHANGE;
}

/* The message of the server's flight under this number: that of the proof where it has one, else the nth of those that
 * nothing tells apart. *count: how many there are. */
static const wr_handshake_message *of_flight(const wr_handshake_messages *m, const wr_server_proof *p, unsigned seq,
                                             unsigned nth, unsigned *count)
{
    const wr_handshake_message *const known[] = {p->server_hello, p->certificate, p->key_exchange};
    const wr_handshake_message *found = NULL;

    *count = 1;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (known[i]->seq == seq)
            return known[i];
    *count = 0;
    for (unsigned i = 0; i < m->n; i++) {
        if (m->list[i].role != 1 || m->list[i].seq != seq || is_of_proof(m->list[i].type))
            continue;
        if ((*count)++ == nth)
            found = &m->list[i];
    }
    return found;
}

/* The server's flight from its hello to ServerHelloDone, each message once, those of the proof where it has them; where
 * others came under one number, variant counts through them. False when one is missing. *variants: how many there are.
 */
static bool server_flight(const wr_handshake_messages *m, const wr_server_proof *p, unsigned variant,
                          const wr_handshake_message *out[], unsigned *n, unsigned *variants)
{
    *variants = 1;
    for (*n = 0; *n < MAX_FLIGHT; ++*n) {
        unsigned count, seq = p->server_hello->seq + *n;
        of_flight(m, p, seq, 0, &count);
        if (count == 0)
            return false;
        out[*n] = of_flight(m, p, seq, variant / *variants % count, &count);
        *variants = MIN(*variants * count, MAX_VARIANTS + 1);
        if (out[*n]->type == WR_HS_SERVER_HELLO_DONE) {
            ++*n;
            return true;
        }
    }
    return false;
}

static wr_possession try_client(const wr_client_flight *c, const wr_handshake_message *const server[], unsigned n,
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
                                      unsigned *tries, wr_client_flight *out)
{
    wr_choice certificates = wr_messages_all_of(m, 0, WR_HS_CERTIFICATE),
              exchanges = wr_messages_all_of(m, 0, WR_HS_CLIENT_KEY_EXCHANGE);
    wr_choice proofs = wr_messages_all_of(m, 0, WR_HS_CERTIFICATE_VERIFY);
    wr_possession result = WR_POSSESSION_UNKNOWN;
    wr_client_flight c = {.hello = hello};

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

wr_possession wr_find_client_proof(const wr_handshake_messages *m, const wr_server_proof *p, uint16_t version,
                                   unsigned *tries, wr_client_flight *out)
{
    const wr_handshake_message *server[MAX_FLIGHT];
    const wr_choice hellos = wr_messages_all_of(m, 0, WR_HS_CLIENT_HELLO);
    wr_possession result = WR_POSSESSION_UNKNOWN;
    unsigned n, most = 1, variants;

    for (unsigned variant = 0; variant < MIN(most, MAX_VARIANTS); variant++) {
        const bool whole = server_flight(m, p, variant, server, &n, &variants);
        most = MAX(most, variants);
        for (unsigned h = hellos.n; whole && h-- > 0 && result != WR_POSSESSION_PROVED;) {
            wr_possession one;
            if (wr_hello_random(hellos.at[h]) == NULL ||
                memcmp(wr_hello_random(hellos.at[h]), wr_hello_random(p->client_hello), WR_DTLS_RANDOM) != 0)
                continue;
            one = try_client_hello(m, hellos.at[h], server, n, version, tries, out);
            if (one != WR_POSSESSION_UNKNOWN)
                result = one;
        }
    }
    if (result == WR_POSSESSION_INVALID && (m->cut || *tries >= MAX_TRIES || most > MAX_VARIANTS))
        return WR_POSSESSION_UNKNOWN;
    return result;
}

/* A server's flight counts its messages (RFC 6347 4.2.2): the Certificate follows the hello; a CertificateStatus may
 * stand before the key exchange. What was sent again under another number does not stand so. */
static bool is_in_order(const wr_server_proof *p)
{
    return p->certificate->seq == p->server_hello->seq + 1u && p->key_exchange->seq > p->certificate->seq &&
           p->key_exchange->seq <= p->certificate->seq + 2u;
}

static void try_flight(const wr_handshake_messages *m, wr_server_proof *p, const wr_server_proof *other,
                       uint16_t version, wr_apart *out)
{
    wr_client_flight client;
    const wr_possession found = wr_find_client_proof(m, other, version, &out->tries, &client);

    if (found == WR_POSSESSION_PROVED) {
        out->of_client = found;
        out->client = client;
        *p = *other;
    } else if (is_in_order(other)) {
        if (!out->judged || found == WR_POSSESSION_INVALID)
            out->of_client = found;
        out->judged = true;
    } else if (!out->judged && other == p) {
        out->of_client = found;
    }
}

static bool is_same(const wr_server_proof *p, const wr_server_proof *other)
{
    return p->client_hello == other->client_hello && p->server_hello == other->server_hello &&
           p->certificate == other->certificate && p->key_exchange == other->key_exchange;
}

/* All flights with one ServerHello whose signature fits; first was tried. */
static void try_server_hello(const wr_handshake_messages *m, const wr_handshake_message *hello,
                             const wr_server_proof *first, wr_server_proof *p, wr_apart *out)
{
    const wr_choice certificates = wr_messages_all_of(m, 1, WR_HS_CERTIFICATE),
                    hellos = wr_messages_all_of(m, 0, WR_HS_CLIENT_HELLO);
    const wr_choice exchanges = wr_messages_all_of(m, 1, WR_HS_SERVER_KEY_EXCHANGE);
    const unsigned n = certificates.n * exchanges.n * hellos.n;
    wr_dtls_event *v = wr_dtls_event_of_message(WR_HS_SERVER_HELLO, hello->body, hello->length);

    for (unsigned i = 0; v->n_suites > 0 && i < n && out->of_client != WR_POSSESSION_PROVED; i++) {
        const wr_server_proof other = {hellos.at[i % hellos.n], hello, certificates.at[i / hellos.n % certificates.n],
                                       exchanges.at[i / hellos.n / certificates.n]};
        if (is_same(first, &other) || wr_hello_random(other.client_hello) == NULL || out->tries >= MAX_TRIES)
            continue;
        out->tries++;
        if (wr_server_proof_fits(other.certificate, other.client_hello, v, other.key_exchange) != WR_POSSESSION_PROVED)
            continue;
        out->only &= wr_certificate_same(other.certificate->leaf, first->certificate->leaf);
        try_flight(m, p, &other, v->negotiated, out);
    }
    wr_dtls_event_free(v);
}

bool wr_server_flights_tell_apart(const wr_handshake_messages *m, wr_server_proof *p, wr_apart *out)
{
    const wr_choice hellos = wr_messages_all_of(m, 1, WR_HS_SERVER_HELLO);
    const wr_server_proof first = *p;
    wr_dtls_event *v =
        wr_dtls_event_of_message(WR_HS_SERVER_HELLO, first.server_hello->body, first.server_hello->length);

    *out = (wr_apart){.only = true};
    try_flight(m, p, p, v->negotiated, out);
    wr_dtls_event_free(v);
    for (unsigned i = hellos.n; i-- > 0 && out->of_client != WR_POSSESSION_PROVED;)
        if (wr_hello_random(hellos.at[i]) != NULL)
            try_server_hello(m, hellos.at[i], &first, p, out);
    out->bounded = out->of_client != WR_POSSESSION_PROVED && out->tries >= MAX_TRIES;
    return out->only || out->of_client == WR_POSSESSION_PROVED;
}
