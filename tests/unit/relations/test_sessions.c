/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is put together as one call: from when to when it goes, which handshakes without signalling are of it, whose
 * flows, and which calls are of no packet of the capture.
 */
#include "records_build.h"

#include "statements_build.h"

/* An association of the engine's, which frees it. */
static wr_association *own(desk_t *d)
{
    wr_association *a = handshake_of(d, NULL, WR_A_VERIFIED);

    g_ptr_array_steal_index(d->associations, d->associations->len - 1);
    a->node = wr_node_new(d->c.e, NULL, a);
    a->offers_use_srtp = true;
    g_ptr_array_add(d->c.e->associations, a);
    return a;
}

/* A flow of the engine's. */
static wr_flow *path(desk_t *d, uint16_t port)
{
    const wr_endpoint a = at(ALICE, port), b = at(BOB, port);

    return wr_flow_new(d->c.e, &a, &b);
}

static bool has(const GPtrArray *all, gconstpointer p)
{
    return g_ptr_array_find((GPtrArray *)all, p, NULL);
}

/* ---- from when to when ---- */

#define T0 (INT64_C(1700000000) * S)

/* The first and the last of all that is in it: descriptions, handshakes, media of either end. */
static void test_span(void)
{
    static const struct {
        const char *words;
        unsigned copy[2], handshake[2], media[2]; /* first and last frame, and second, of each */
        bool stated, none;                        /* the description is a file's; no media flowed */
        unsigned span[2];
    } rows[] = {
        {"descriptions around all", {5, 90}, {10, 20}, {30, 40}, false, false, {5, 90}},
        {"the handshake around all", {15, 18}, {10, 99}, {30, 40}, false, false, {10, 99}},
        {"media around all", {15, 18}, {10, 20}, {3, 140}, false, false, {3, 140}},
        {"media that did not flow", {15, 18}, {10, 20}, {3, 140}, false, true, {10, 20}},
        {"what a file tells is of no frame", {5, 90}, {10, 20}, {30, 40}, true, false, {10, 40}},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2, end = i % 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *c = told(&d, false, false, NULL, NULL);
        GPtrArray *copies = g_ptr_array_new(), *associations = g_ptr_array_new();
        wr_traffic *t = &wr_flow_traffic(a->flow)[end];
        wr_session *s;

        c->frame = rows[n].copy[0];
        c->last_frame = rows[n].copy[1];
        c->time_us = T0 + rows[n].copy[0] * S;
        if (rows[n].stated)
            c->carrier = WR_CARRIER_STATEMENT;
        a->first_frame = rows[n].handshake[0];
        a->last_frame = rows[n].handshake[1];
        a->first_us = T0 + a->first_frame * S;
        a->last_us = T0 + a->last_frame * S;
        *t = (wr_traffic){.packets = rows[n].none ? 0 : 1,
                          .first_frame = rows[n].media[0],
                          .last_frame = rows[n].media[1],
                          .first_us = T0 + rows[n].media[0] * S,
                          .last_us = T0 + rows[n].media[1] * S};
        g_ptr_array_add(copies, c);
        g_ptr_array_add(associations, a);
        s = wr_session_gather(d.c.e, 7, copies, associations);
        g_test_message("%s", rows[n].words);
        g_assert_cmpuint(s->number, ==, 7);
        g_assert_cmpuint(s->first_frame, ==, rows[n].span[0]);
        g_assert_cmpuint(s->last_frame, ==, rows[n].span[1]);
        g_assert_cmpint(s->start_us, ==, T0 + rows[n].span[0] * S);
        /* of a description its first time is known */
        g_assert_cmpint(s->end_us, ==, T0 + (n == 0 ? 40 : rows[n].span[1]) * S);
        g_assert_true(s->flows->len == 1 && has(s->flows, a->flow));
        wr_session_free(s);
        g_ptr_array_free(copies, TRUE);
        g_ptr_array_free(associations, TRUE);
        desk_end(&d);
    }
}

/* The first name that a description gives the call is its name. */
static void test_name(void)
{
    desk_t d = desk_begin(NULL);
    GPtrArray *copies = g_ptr_array_new(), *none = g_ptr_array_new();
    wr_session *s;

    for (unsigned i = 0; i < 3; i++) {
        wr_copy *c = told(&d, i != 0, i == 2, NULL, NULL);
        c->call = i == 0 ? NULL : i == 1 ? "first" : "second";
        g_ptr_array_add(copies, c);
    }
    s = wr_session_gather(d.c.e, 1, copies, none);
    g_assert_cmpstr(s->call, ==, "first");
    wr_session_free(s);
    g_ptr_array_free(copies, TRUE);
    g_ptr_array_free(none, TRUE);
    desk_end(&d);
}

/* ---- which handshakes ---- */

/* What was only pretended, or is a part of another, is none of the call's; the first is told of. */
static void test_pretended(void)
{
    for (unsigned all = 0; all < 2; all++) { /* of one call, or of all */
        desk_t d = desk_begin(NULL);
        wr_association *a = own(&d), *pretended = own(&d), *part = own(&d);
        GPtrArray *associations = g_ptr_array_new(), *none = g_ptr_array_new();
        const wr_session *s;
        wr_session *one = NULL;

        part->absorbed = a;
        pretended->flow = a->flow;
        wr_list_add(&a->flow->associations, pretended);
        pretended->side[0].finished_frame = pretended->side[1].finished_frame = 0;
        a->possession[1] = WR_POSSESSION_PROVED;
        wr_node_join(d.c.e, a->node, pretended->node);
        wr_node_join(d.c.e, a->node, part->node);
        g_ptr_array_add(associations, part);
        g_ptr_array_add(associations, pretended);
        g_ptr_array_add(associations, a);
        if (all) {
            wr_sessions_gather(d.c.e);
            g_assert_cmpuint(wr_engine_sessions(d.c.e)->len, ==, 1);
            s = g_ptr_array_index(wr_engine_sessions(d.c.e), 0);
        } else {
            s = one = wr_session_gather(d.c.e, 1, none, associations);
        }
        g_assert_true(s->associations->len == 1 && has(s->associations, a));
        g_assert_cmpuint(d.c.e->injections->len, ==, 1);
        g_assert_cmpint(g_array_index(d.c.e->injections, wr_injection, 0).kind, ==, WR_INJECTED_HANDSHAKE);
        g_assert_cmpuint(g_array_index(d.c.e->injections, wr_injection, 0).frame, ==, pretended->first_frame);
        if (one != NULL)
            wr_session_free(one);
        g_ptr_array_free(associations, TRUE);
        g_ptr_array_free(none, TRUE);
        desk_end(&d);
    }
}

#define EPOCH_1 (UINT64_C(1) << 48)

/* The same names without signalling: what has no handshake goes on as the latest that has one, if its records count on;
 * what is of a call already is not asked. */
static void test_goes_on(void)
{
    enum { AS_THE_FIRST, AS_THE_SECOND, NOT_AS_THE_FIRST, BEHIND_A_GAP, KNOWN_ALREADY, PART, CASES };

    for (int which = AS_THE_FIRST; which < CASES; which++) {
        const bool second_is_new = which == AS_THE_SECOND || which == NOT_AS_THE_FIRST;
        desk_t d = desk_begin(NULL);
        wr_association *a[3];

        for (unsigned i = 0; i < 3; i++) {
            a[i] = own(&d);
            check_of(a[i]->flow, 0, "BBBB", "AAAA", 5);
            a[i]->has_client_random = a[i]->has_server_random = i == 0 || (i == 1 && second_is_new);
            for (int side = 0; side < 2; side++) {
                a[i]->side[side].first_sequence = EPOCH_1 + 1;
                a[i]->side[side].last_sequence = EPOCH_1 + (i == 0 ? 1000 : 10);
            }
        }
        for (int side = 0; side < 2; side++) {
            if (which == AS_THE_FIRST)
                a[1]->side[side].first_sequence = EPOCH_1 + 1001, a[1]->side[side].last_sequence = EPOCH_1 + 1005;
            a[2]->side[side].first_sequence = which == AS_THE_FIRST    ? EPOCH_1 + 1006
                                              : which == AS_THE_SECOND ? EPOCH_1 + 11
                                                                       : EPOCH_1 + 1001;
        }
        if (which == KNOWN_ALREADY) /* the first is of a call of its own */
            wr_node_number(d.c.e, a[0]->node);
        if (which == PART)
            a[0]->absorbed = a[1];
        wr_sessions_gather(d.c.e);
        g_test_message("case %d", which);
        g_assert_true(a[1]->absorbed == (which == AS_THE_FIRST ? a[0] : NULL));
        g_assert_true(a[2]->absorbed == (which == AS_THE_FIRST || which == BEHIND_A_GAP ? a[0]
                                         : which == AS_THE_SECOND                       ? a[1]
                                                                                        : NULL));
        g_assert_true((wr_node_root(d.c.e, a[0]->node) == wr_node_root(d.c.e, a[1]->node)) ==
                      (which != KNOWN_ALREADY && which != PART));
        g_assert_true(wr_node_root(d.c.e, a[1]->node) == wr_node_root(d.c.e, a[2]->node));
        desk_end(&d);
    }
}

/* ---- which flows ---- */

/* A path without a handshake is of the call whose description announces it; each stands there once. */
static void test_flows(void)
{
    for (unsigned all = 0; all < 2; all++) {
        desk_t d = desk_begin(NULL);
        wr_copy *c = told(&d, false, false, NULL, NULL);
        wr_association *a = own(&d);
        wr_flow *f[3] = {path(&d, 10), path(&d, 11), path(&d, 12)};
        GPtrArray *copies = g_ptr_array_new(), *associations = g_ptr_array_new();
        wr_session *s, *again = NULL;

        wr_node_join(d.c.e, c->node, a->node);
        wr_list_add(&a->flows, f[0]);
        wr_list_add(&f[0]->associations, a);
        f[1]->described = c;
        g_ptr_array_add(copies, c);
        g_ptr_array_add(associations, a);
        wr_sessions_gather(d.c.e);
        g_assert_cmpuint(wr_engine_sessions(d.c.e)->len, ==, 1);
        s = g_ptr_array_index(wr_engine_sessions(d.c.e), 0);
        if (all == 0)
            s = again = wr_session_gather(d.c.e, s->number, copies, associations);
        g_assert_cmpuint(s->flows->len, ==, 3);
        g_assert_true(has(s->flows, a->flow) && has(s->flows, f[0]) && has(s->flows, f[1]));
        if (again != NULL)
            wr_session_free(again);
        g_ptr_array_free(copies, TRUE);
        g_ptr_array_free(associations, TRUE);
        desk_end(&d);
    }
}

/* Of very many flows the youngest are asked, and those that were the call's before. */
static void test_young_flows(void)
{
    enum { YOUNG = 4096 };
    desk_t d = desk_begin(NULL);
    wr_copy *c = told(&d, false, false, NULL, NULL), *other;
    text_t t = offer_text();
    GPtrArray *copies = g_ptr_array_new(), *none = g_ptr_array_new();
    wr_flow *old[3];
    wr_session *s, *before;
    unsigned number;

    t.session_id = "990099";
    t.ufrag = "NNNN";
    t.pwd = "anotherpasswordofanother";
    other = say(&d.c, (way_t){.client = BOB, .connection = 5, .server = ALICE, .kind = WR_KIND_OFFER}, &t);
    g_ptr_array_add(copies, c);
    number = wr_node_number(d.c.e, c->node);
    g_assert_cmpuint(wr_node_number(d.c.e, other->node), !=, number);
    for (unsigned i = 0; i < 3; i++) {
        old[i] = path(&d, (uint16_t)(10 + i));
        old[i]->described = i == 2 ? other : c;
    }
    while (d.c.e->flows->len < YOUNG)
        path(&d, 100);
    g_assert_cmpuint(wr_first_young_flow(d.c.e), ==, 0);
    for (unsigned i = 1; i <= 3; i++) {
        path(&d, 100);
        g_assert_cmpuint(wr_first_young_flow(d.c.e), ==, i);
    }
    before = wr_session_gather(d.c.e, number, copies, none);
    g_assert_cmpuint(before->flows->len, ==, 0);
    g_ptr_array_add(before->flows, old[0]);
    g_ptr_array_add(before->flows, old[0]);
    g_ptr_array_add(before->flows, old[2]); /* which is another call's now */
    wr_session_put(d.c.e, before);
    s = wr_session_gather(d.c.e, number, copies, none);
    g_assert_true(s->flows->len == 1 && has(s->flows, old[0]));
    wr_session_free(s);
    g_ptr_array_free(copies, TRUE);
    g_ptr_array_free(none, TRUE);
    desk_end(&d);
}

/* ---- calls of no packet ---- */

/* What one file alone tells is of another capture; where two tell of it, or anything was seen of it, it is a call. */
static void test_elsewhere(void)
{
    enum { ONE_FILE, NO_PACKETS, NO_WITNESS, TWO_FILES, ONE_SEEN, HANDSHAKE, FLOW, CASES };

    for (int which = ONE_FILE; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_testimony *file[2] = {witness("a.json", "Alice"), witness("b.json", "Bob")};
        wr_copy *c[2] = {told(&d, false, false, NULL, NULL), told(&d, true, true, NULL, NULL)};
        const wr_witness w = {.testimony = file[0]};
        unsigned sessions;

        wr_node_join(d.c.e, c[0]->node, c[1]->node);
        for (int i = 0; i < 2; i++) {
            if (i == 1 && which == ONE_SEEN)
                continue;
            c[i]->carrier = WR_CARRIER_STATEMENT;
            c[i]->leg->witness = file[which == TWO_FILES ? i : 0];
        }
        if (which != NO_WITNESS)
            g_array_append_val(d.c.e->witnesses, w);
        d.c.e->packets = which == NO_PACKETS ? 0 : 5;
        if (which == HANDSHAKE)
            wr_node_join(d.c.e, c[0]->node, own(&d)->node);
        if (which == FLOW)
            path(&d, 10)->described = c[0];
        wr_sessions_gather(d.c.e);
        sessions = wr_engine_sessions(d.c.e)->len;
        g_test_message("case %d", which);
        g_assert_cmpuint(sessions, ==, which == ONE_FILE ? 0 : 1);
        g_assert_cmpuint(g_hash_table_size(d.c.e->sessions_by_number), ==, sessions);
        for (int i = 0; i < 2; i++) {
            c[i]->leg->witness = NULL;
            wr_testimony_unref(file[i]);
        }
        g_array_set_size(d.c.e->witnesses, 0);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sessions/span", test_span);
    g_test_add_func("/sessions/name", test_name);
    g_test_add_func("/sessions/pretended", test_pretended);
    g_test_add_func("/sessions/goes_on", test_goes_on);
    g_test_add_func("/sessions/flows", test_flows);
    g_test_add_func("/sessions/young_flows", test_young_flows);
    g_test_add_func("/sessions/elsewhere", test_elsewhere);
    return g_test_run();
}
