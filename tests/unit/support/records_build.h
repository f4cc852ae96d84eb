/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records laid out by hand, for tests of what is concluded from them: associations with a verdict, flows, pairings of
 * copies, and the call they stand in. Copies are made by say() of checks_build.h, for what they hold is read from text.
 */
#ifndef RECORDS_BUILD_H
#define RECORDS_BUILD_H

#include "handshake_build.h"

#include "records/handshake_facts.h"
#include "verdict/verdict.h"

typedef struct {
    call_t c;
    wr_session *s;
    GPtrArray *associations, *flows; /* that are freed at the end */
    wr_certificate *certificate[4];
    char *fingerprint[4]; /* of these */
} desk_t;

/* Who has which of the desk's certificates. */
enum { ALICE_HAS = 0, BOB_HAS, MALLORY_HAS, CAROL_HAS };

static inline wr_certificate *desk_certificate(int whose)
{
    return some_certificate((uint8_t)(0x51 + whose));
}

/* What the operator may know of one of them, before the desk is laid. */
static inline wr_fingerprint known_of(int whose)
{
    wr_certificate *c = desk_certificate(whose);
    char *text = fingerprint_of(c);
    wr_fingerprint f;

    g_assert_null(wr_fingerprint_parse(text, strlen(text), &f));
    g_free(text);
    wr_certificate_unref(c);
    return f;
}

static inline void free_association(gpointer a)
{
    wr_association_free(a);
}

static inline desk_t desk_begin(const wr_options *options)
{
    desk_t d = {.c = call_begin(options)};

    d.s = g_new0(wr_session, 1);
    d.s->number = 1;
    d.s->copies = g_ptr_array_new();
    d.s->associations = g_ptr_array_new();
    d.s->flows = g_ptr_array_new();
    d.s->pairings = g_ptr_array_new_with_free_func(g_free);
    d.s->alternatives = g_ptr_array_new_with_free_func(g_free);
    d.s->beside = g_ptr_array_new_with_free_func(g_free);
    d.s->unknown = g_ptr_array_new_with_free_func(g_free);
    d.associations = g_ptr_array_new_with_free_func(free_association);
    d.flows = g_ptr_array_new_with_free_func(wr_flow_free);
    for (unsigned i = 0; i < G_N_ELEMENTS(d.certificate); i++) {
        d.certificate[i] = desk_certificate((int)i);
        d.fingerprint[i] = fingerprint_of(d.certificate[i]);
    }
    return d;
}

static inline void desk_end(desk_t *d)
{
    wr_session_free(d->s);
    g_ptr_array_free(d->associations, TRUE);
    g_ptr_array_free(d->flows, TRUE);
    for (unsigned i = 0; i < G_N_ELEMENTS(d->certificate); i++) {
        wr_certificate_unref(d->certificate[i]);
        g_free(d->fingerprint[i]);
    }
    call_end(&d->c);
}

/* A path between Alice and Bob, of the call. */
static inline wr_flow *flow_of(desk_t *d)
{
    wr_flow *f = g_new0(wr_flow, 1);

    f->number = d->flows->len + 1;
    f->end[0] = ALICES;
    f->end[1] = BOBS;
    f->client_end = -1;
    wr_flow_clear_traffic(f);
    g_ptr_array_add(d->flows, f);
    g_ptr_array_add(d->s->flows, f);
    return f;
}

/* A completed handshake on this path, or on one of its own, with nothing amiss on either side: Bob is the client. */
static inline wr_association *handshake_of(desk_t *d, wr_flow *f, wr_association_verdict verdict)
{
    wr_association *a = g_new0(wr_association, 1);

    if (f == NULL)
        f = flow_of(d);
    a->number = d->associations->len + 1;
    a->verdict = (uint8_t)verdict;
    a->binding = WR_B0;
    a->standing = WR_COHERENT;
    a->flow = f;
    a->client_end = 1;
    a->version = WR_DTLS_1_2;
    a->has_client_random = a->has_server_random = true;
    a->side[0].end = f->end[1];
    a->side[1].end = f->end[0];
    a->first_us = a->last_us = d->c.us + a->number * S;
    a->first_frame = a->last_frame = 100 + 10 * a->number;
    wr_association_add_frame(a, 0, a->first_frame);
    for (int side = 0; side < 2; side++) {
        a->side[side].finished_frame = a->first_frame + 1;
        a->side[side].presented.verdict = WR_CERT_MATCH;
    }
    wr_list_add(&a->flows, f);
    wr_list_add(&f->associations, a);
    g_ptr_array_add(d->associations, a);
    g_ptr_array_add(d->s->associations, a);
    return a;
}

/* ---- checks ---- */

/* When a handshake was answered, in frame 1000. */
#define ANSWERED_US (INT64_C(1700000000) * S + 100 * S)

/* Checks of this end with these names, so many seconds before the answer. */
static inline wr_check *check_of(wr_flow *f, int from, const char *remote, const char *local, int64_t before)
{
    wr_check *k = g_new0(wr_check, 1);

    k->flow = f;
    k->from = (uint8_t)from;
    k->remote_ufrag = remote;
    k->local_ufrag = local;
    k->first_us = ANSWERED_US - before * S;
    k->first_frame = (uint32_t)(1000 - before);
    wr_list_add(&f->checks, k);
    return k;
}

static inline void prove(wr_check *k, const char *password, bool response)
{
    k->request_valid = k->tried = true;
    k->response_valid = response;
    k->password = password;
    k->valid_frame = k->first_frame + 1;
}

/* ---- certificates, copies ---- */

/* This side showed this certificate, in the frame after its last. */
static inline wr_presented *shows(desk_t *d, wr_association *a, int side, int whose)
{
    wr_presented *p = &a->side[side].presented;

    p->certificate = wr_certificate_ref(d->certificate[whose]);
    p->frame = a->first_frame + 2 + (uint32_t)side;
    if (side == 0 && a->side[0].key_exchange_seq == 0) /* of one flight with its key exchange */
        a->side[0].key_exchange_seq = 5;
    return p;
}

/* Offer or answer on Alice's leg or Bob's, with this fingerprint; lines: more of its section, NULL for none. */
static inline wr_copy *told(desk_t *d, bool answer, bool bobs_leg, const char *fingerprint, const char *lines)
{
    text_t t = answer ? answer_text() : offer_text();
    const way_t w = {.client = bobs_leg ? BOB : ALICE,
                     .connection = bobs_leg ? 2 : 1,
                     .direction = answer == bobs_leg ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                     .kind = answer ? WR_KIND_ANSWER : WR_KIND_OFFER,
                     .covered = true};
    wr_copy *c;

    t.fingerprint = fingerprint;
    t.lines = lines;
    c = say(&d->c, w, &t);
    g_ptr_array_add(d->s->copies, c);
    return c;
}

static inline wr_pairing *paired(desk_t *d, wr_copy *issued, wr_copy *delivered, wr_sameness sameness,
                                 wr_fps_difference fingerprints)
{
    wr_pairing *p = g_new0(wr_pairing, 1);

    p->first = p->issued = issued;
    p->second = p->delivered = delivered;
    p->sameness = sameness;
    p->fingerprints = fingerprints;
    g_ptr_array_add(d->s->pairings, p);
    return p;
}

/* This leg speaks for a side of the association; -1 for both. */
static inline void tie(wr_association *a, const wr_copy *c, wr_tie how, int own)
{
    a->ties = g_renew(wr_leg_tie, a->ties, a->n_ties + 1u);
    a->ties[a->n_ties++] = (wr_leg_tie){c->leg, (uint8_t)how, (int8_t)own, false};
}

/* ---- a handshake of a call that was agreed on ---- */

/* Alice's leg announces these; NULL: no fingerprint. Bob, the client, shows what he has, Alice what she has. */
static inline wr_association *agreed_on(desk_t *d, const char *alices, const char *bobs)
{
    text_t o = offer_text(), w = answer_text();
    wr_flow *f = flow_of(d);
    wr_association *a;

    o.fingerprint = alices;
    w.fingerprint = bobs;
    o.candidate = w.candidate = NULL;
    say(&d->c, OFFERED, &o);
    say(&d->c, ANSWERED, &w);
    prove(check_of(f, 0, "BBBB", "AAAA", 20), PWD_B, true);
    prove(check_of(f, 1, "AAAA", "BBBB", 10), PWD_A, true);
    a = handshake_of(d, f, WR_A_PENDING);
    a->node = wr_node_new(d->c.e, NULL, a);
    a->server_hello = 1000;
    a->server_hello_us = ANSWERED_US;
    a->last_us = ANSWERED_US + S;
    d->c.e->last_us = a->last_us;
    return a;
}

static inline wr_association *shown_right(desk_t *d)
{
    wr_association *a = agreed_on(d, d->fingerprint[ALICE_HAS], d->fingerprint[BOB_HAS]);

    shows(d, a, 0, BOB_HAS);
    shows(d, a, 1, ALICE_HAS);
    return a;
}

/* ---- a key log ---- */

static bool keys_are_known;

/* wr_options' find_secret, for those who only ask whether there is one. */
static inline bool has_keys(const uint8_t client_random[WR_KEY_LOG_RANDOM], wr_secret_kind kind, wr_secret *out)
{
    (void)client_random;
    (void)kind;
    (void)out;
    return keys_are_known;
}

#endif
