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
#include "proof.h"

#include <string.h>

#define MAX_TRIES 64 /* signatures of one side that are verified: what was kept has fewer, unless it is a flood */

/* Tries one ServerHello with all else. */
static void try_server_hello(const wr_handshake_messages *m, const wr_handshake_message *hello, unsigned *tries,
                             wr_possession *result, wr_server_proof *out)
{
    wr_choice hellos = wr_messages_all_of(m, 0, WR_HS_CLIENT_HELLO),
              certificates = wr_messages_all_of(m, 1, WR_HS_CERTIFICATE);
    wr_choice exchanges = wr_messages_all_of(m, 1, WR_HS_SERVER_KEY_EXCHANGE);
    wr_dtls_event *v = wr_dtls_event_of_message(WR_HS_SERVER_HELLO, hello->body, hello->length);

    for (unsigned x = exchanges.n; v->n_suites > 0 && x-- > 0;) {
        for (unsigned c = 0; c < certificates.n; c++) {
            for (unsigned h = hellos.n; h-- > 0 && *tries < MAX_TRIES && *result != WR_POSSESSION_PROVED;) {
                const wr_handshake_message *client = hellos.at[h];
                wr_possession p;
                if (wr_hello_random(client) == NULL ||
                    (h > 0 && wr_hello_random(hellos.at[h - 1]) != NULL &&
                     memcmp(wr_hello_random(client), wr_hello_random(hellos.at[h - 1]), 32) == 0))
                    continue; /* the same again with a cookie: one of them is enough */
                ++*tries;
                p = wr_server_proof_fits(certificates.at[c], client, v, exchanges.at[x]);
                if (p != WR_POSSESSION_UNKNOWN)
                    *result = p;
                if (p == WR_POSSESSION_PROVED)
                    *out = (wr_server_proof){client, hello, certificates.at[c], exchanges.at[x]};
            }
        }
    }
    wr_dtls_event_free(v);
}

/* INVALID: there was something to try, and all of it failed. */
static wr_possession find_server_proof(const wr_association *a, wr_server_proof *out)
{
    const wr_handshake_messages *m = a->messages;
    const wr_choice hellos = wr_server_hellos_by_fit(a);
    wr_possession result = WR_POSSESSION_UNKNOWN;
    unsigned tries = 0;

    for (unsigned i = hellos.n; i-- > 0 && result != WR_POSSESSION_PROVED;)
        try_server_hello(m, hellos.at[i], &tries, &result, out);
    if (result != WR_POSSESSION_INVALID)
        return result;
    a->messages->cut |= tries >= MAX_TRIES; /* what fits may be among what was not tried */
    return m->cut ? WR_POSSESSION_UNKNOWN : result;
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

static void take_hello(wr_engine *e, wr_association *a, const wr_handshake_message *m)
{
    wr_dtls_event *v = wr_dtls_event_of_message(m->type, m->body, m->length);
    const wr_dtls_evidence d = evidence_of(a, m, v);

    v->message_seq = m->seq;
    wr_association_take_hello(e, a, &d);
    a->dirty = true;
    wr_dtls_event_free(v);
}

static void settle_hellos(wr_engine *e, wr_association *a, const wr_server_proof *p)
{
    const wr_handshake_message *const hellos[] = {p->client_hello, p->server_hello};
    uint8_t *const known[] = {a->client_random, a->server_random};

    for (int role = 0; role < 2; role++) {
        if (memcmp(wr_hello_random(hellos[role]), known[role], WR_DTLS_RANDOM) == 0 &&
            (role == 0 || wr_messages_all_of(a->messages, 1, WR_HS_SERVER_HELLO).n == 1))
            continue; /* several of one random may be of one datagram */
        take_hello(e, a, hellos[role]);
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
        if (o->type == WR_HS_CLIENT_HELLO && wr_hello_random(o) != NULL &&
            memcmp(wr_hello_random(o), wr_hello_random(counts), WR_DTLS_RANDOM) == 0)
            continue; /* the same hello, before its cookie or after */
        if (o->type == WR_HS_CLIENT_HELLO && o->time_us < counts->time_us - WR_SECOND / 2)
            continue; /* an attempt of its own that nobody answered */
        wr_injection_add(e, WR_INJECTED_MESSAGE, o->frame, counts->frame, a, NULL);
    }
}

static void prove(wr_engine *e, wr_association *a)
{
    wr_handshake_messages *m = a->messages;
    wr_server_proof server = {NULL, NULL, NULL, NULL};
    wr_apart told;
    bool told_apart;

    wr_handshake_messages_forget_rivals(m);
    a->possession[1] = (uint8_t)find_server_proof(a, &server);
    if (a->possession[1] != WR_POSSESSION_PROVED)
        return;
    told_apart = wr_server_flights_tell_apart(m, &server, &told);
    m->cut |= told.bounded;
    settle_hellos(e, a, &server);
    if (!told_apart) {
        a->possession[1] = WR_POSSESSION_UNKNOWN;
        return;
    }
    m->proven_frame = server.key_exchange->frame;
    settle(a, 1, server.certificate);
    a->possession[0] = (uint8_t)told.of_client;
    if (a->possession[0] == WR_POSSESSION_PROVED) {
        settle(a, 0, told.client.certificate);
        m->proven_frame = told.client.verify->frame;
        wr_facts_offer(a, told.client.hello);
    }
    if (a->possession[0] == WR_POSSESSION_PROVED)
        wr_find_rivals(m, &server);
    if (m->n_rivals > 0)
        return; /* what stands beside it is not somebody's lone message */
    note_others(e, a, server.client_hello);
    note_others(e, a, server.server_hello);
    note_others(e, a, server.certificate);
    note_others(e, a, server.key_exchange);
    if (a->possession[0] == WR_POSSESSION_PROVED) {
        note_others(e, a, told.client.certificate);
        note_others(e, a, told.client.verify);
    }
}

/* Without the client's signature, which covers every byte of them. */
static void settle_answer(wr_engine *e, wr_association *a)
{
    const wr_handshake_message *better;

    a->messages->disputed_frame = 0;
    if (!a->has_server_random || a->decrypted || a->possession[0] == WR_POSSESSION_PROVED ||
        wr_messages_all_of(a->messages, 1, WR_HS_SERVER_HELLO).n < 2)
        return;
    better = wr_server_hello_to_take(a);
    if (better != NULL)
        take_hello(e, a, better);
    wr_server_hellos_outdo(e, a);
}

void wr_association_prove(wr_engine *e, wr_association *a)
{
    if (a->version == WR_DTLS_1_3)
        wr_association_prove_13(a);
    if (a->messages == NULL || a->messages->tried || a->absorbed != NULL)
        return;
    a->messages->tried = true;
    if (a->version != WR_DTLS_1_3)
        prove(e, a);
    if (a->messages->cut)
        wr_limit_of_flow(e, "messages of a DTLS handshake", a->flow);
    settle_answer(e, a);
}

void wr_association_prove_early(wr_engine *e, wr_association *a, unsigned most)
{
    if (a->messages == NULL || a->messages->tried || a->messages->asked >= most)
        return;
    a->messages->asked++;
    wr_association_prove(e, a);
}

static bool has_hellos(const wr_association *a)
{
    return a->has_client_random || a->has_server_random;
}

/* What is signed, or made, for one handshake alone (RFC 5246 7.4.3, 7.4.7, 7.4.8) belongs to the one with hellos that
 * showed it first. */
static void note_made(wr_engine *e, wr_association *a, const wr_handshake_message *m)
{
    wr_association *known;
    uint64_t key;

    if (m->type != WR_HS_SERVER_KEY_EXCHANGE && m->type != WR_HS_CLIENT_KEY_EXCHANGE &&
        m->type != WR_HS_CERTIFICATE_VERIFY)
        return;
    key = wr_key(m->body, m->length);
    known = wr_index_get(e->by_made, key);
    if (known == a)
        return;
    if (known != NULL && (has_hellos(known) || !has_hellos(a))) {
        a->repeats = known;
        return;
    }
    if (known != NULL)
        known->repeats = a;
    wr_index_set(e->by_made, key, a);
}

bool wr_association_keep_message(wr_engine *e, wr_association *a, int role, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    const wr_handshake_message message = wr_message_of(role, d);
    bool is_new, kept;

    if (v->body == NULL || v->decrypted || v->epoch != 0 || v->body_length > WR_MAX_HANDSHAKE_MESSAGE ||
        v->handshake_type == 3)
        return false;
    if (a->possession[0] == WR_POSSESSION_PROVED && a->possession[1] == WR_POSSESSION_PROVED)
        return false;
    kept = wr_handshake_messages_add(&a->messages, &message, &is_new);
    if (a->messages->cut)
        wr_limit_of_flow(e, "messages of a DTLS handshake", a->flow);
    if (!kept)
        return false;
    note_made(e, a, &message);
    if (is_new && !wr_keep_bytes(e, message.length, "memory for DTLS handshakes"))
        a->messages->cut = true;
    return is_new;
}
