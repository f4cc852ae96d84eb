/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whoever repeats a description very often makes no more work than for so many of them: the last that is looked at
 * counts, and the next one does not.
 */
#include "records_build.h"

#include "pairs.h"
#include "relations/relations.h"
#include "statements_build.h"

#define MIDDLE      "198.51.100.20"
#define MOST_COPIES 4096 /* of one call, contradicted.c */
#define MOST_OF_LEG 64   /* of one leg, disowned.c */

static void fill(wr_index *x, uint64_t key, gpointer with, unsigned until)
{
    while (wr_index_find(x, key).len < until)
        wr_index_add(x, key, with);
}

static void fill_copies(wr_index *x, wr_copy *c, unsigned until)
{
    const wr_credential *k = wr_list_at(&c->credentials, 0);

    fill(x, wr_credential_key(k->ufrag, k->password), c, until);
}

static void fill_names(wr_index *x, const wr_copy *c, unsigned until)
{
    wr_credential *k = wr_list_at(&c->credentials, 0);

    fill(x, wr_key_text(k->ufrag), k, until);
}

static void fill_leg(wr_leg *leg, wr_copy *c, unsigned until)
{
    while (leg->copies.len < until)
        wr_list_add(&leg->copies, c);
}

static wr_copy *say_as(desk_t *d, uint32_t connection, const char *client, bool answer, wr_direction direction,
                       const char *ufrag, const char *pwd, unsigned words)
{
    text_t t = answer ? answer_text() : offer_text();

    t.candidate = NULL;
    t.ufrag = ufrag;
    t.pwd = pwd;
    t.fingerprint = sha256_of(words);
    return say(&d->c,
               (way_t){.client = client,
                       .connection = connection,
                       .direction = direction,
                       .kind = answer ? WR_KIND_ANSWER : WR_KIND_OFFER,
                       .covered = true},
               &t);
}

/* ---- of one name ---- */

static void test_rivals(void)
{
    for (int behind = 0; behind < 2; behind++) {
        desk_t d = desk_begin(NULL);
        wr_copy *ours = told(&d, false, false, sha256_of(1), NULL), *theirs = told(&d, false, true, sha256_of(2), NULL);
        wr_pairing *p = paired(&d, ours, theirs, WR_SAME_S1, WR_FPS_DIFFERENT);

        fill_copies(d.c.e->by_credential, ours, WR_MAX_BUCKET - 1 + (unsigned)behind);
        say_as(&d, 1, ALICE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 2)->frame = 1;
        g_assert_true(wr_pairing_is_doubted(d.c.e, p) == !behind);
        desk_end(&d);
    }
}

static void test_repeated(void)
{
    for (int behind = 0; behind < 2; behind++) {
        desk_t d = desk_begin(NULL);
        wr_copy *ours = told(&d, false, false, sha256_of(1), NULL);
        wr_copy *anew = say_as(&d, 5, BOB, false, WR_DIRECTION_DELIVERED, "HHHH", "anotherpasswordofanother", 2);
        wr_pairing *p = paired(&d, ours, anew, WR_SAME_S3, WR_FPS_DIFFERENT);

        g_ptr_array_add(d.s->copies, anew);
        ours->leg->two_ended = anew->leg->two_ended = true;
        fill_copies(d.c.e->by_credential, ours, WR_MAX_BUCKET - 1 + (unsigned)behind);
        say_as(&d, 6, MIDDLE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 1);
        wr_session_drop_strangers(d.c.e, d.s);
        g_assert_cmpint(wr_pairing_weight(d.c.e, d.s, p), ==, behind ? WR_WEIGHT_FULL : WR_WEIGHT_CLAIM);
        desk_end(&d);
    }
}

/* Another call, whose description has the same name. */
static void say_elsewhere(desk_t *d, bool his)
{
    text_t t = his ? answer_text() : offer_text();

    t.session_id = "77001177";
    t.pwd = "anotherpasswordofanother";
    t.fingerprint = sha256_of(0x77);
    t.candidate = NULL;
    say(&d->c, (way_t){.client = "198.51.100.44", .server = "198.51.100.45", .connection = 9, .kind = WR_KIND_OFFER},
        &t);
}

/* Names that another call has as well, and that a file tells for this time. */
static void test_names(void)
{
    enum { REMOTE_OF_TWO_CALLS, LOCAL_OF_TWO_CALLS, REMOTE_IN_TIME, LOCAL_IN_TIME, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, behind = i % 2;
        const bool remote = which == REMOTE_OF_TWO_CALLS || which == REMOTE_IN_TIME, in_time = which >= REMOTE_IN_TIME;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = handshake_of(&d, f, WR_A_VERIFIED);
        wr_testimony *file = witness("a.json", "Alice");
        wr_copy *c[2] = {say_as(&d, 1, ALICE, true, WR_DIRECTION_DELIVERED, "BBBB", PWD_B, 1),
                         say_as(&d, 1, ALICE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 2)};
        wr_copy *filler = c[remote ? 0 : 1];
        wr_bound b;

        wr_node_join(d.c.e, c[0]->node, c[1]->node);
        if (in_time) { /* of another time, all but the last */
            filler->frame = wr_stated_frame_new(d.c.e, file, 1, 1);
            filler->time_us = 1;
        }
        fill_names(d.c.e->by_ufrag, filler, WR_MAX_BUCKET - 1 + (unsigned)behind);
        if (in_time)
            say_as(&d, 2, ALICE, remote, remote ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED,
                   remote ? "BBBB" : "AAAA", remote ? PWD_B : PWD_A, 3);
        else
            say_elsewhere(&d, remote);
        check_of(f, 0, "BBBB", "AAAA", 5);
        wr_association_bind(d.c.e, a, &b);
        g_test_message("case %d, %d", which, behind);
        g_assert_cmpint(b.grade, ==, in_time != (behind != 0) ? WR_B2 : WR_B_NONE);
        g_free(b.views);
        wr_testimony_unref(file);
        desk_end(&d);
    }
}

/* Who is at no end of the path is not looked for behind them. */
static void test_views(void)
{
    for (int behind = 0; behind < 2; behind++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = handshake_of(&d, f, WR_A_VERIFIED);
        wr_copy *c = say_as(&d, 1, ALICE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 2);
        wr_bound b;

        fill_names(d.c.e->by_ufrag, c, WR_MAX_BUCKET - 1 + (unsigned)behind);
        say_as(&d, 9, MIDDLE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 3);
        prove(check_of(f, 1, "AAAA", "BBBB", 5), PWD_A, true);
        wr_association_bind(d.c.e, a, &b);
        g_assert_cmpuint(b.n_views, ==, behind ? 1 : 2);
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- of one leg ---- */

/* Of an offer with several answers that one is looked for which the other end's user name is of. */
static void test_answers(void)
{
    for (int behind = 0; behind < 2; behind++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_bound b = {.grade = WR_B0, .ufrag = {{"BBBB", "AAAA"}}, .n_ufrags = 1};
        wr_copy *c = say_as(&d, 1, ALICE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 1);
        wr_copy *other = say_as(&d, 2, ALICE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 2);
        wr_copy *stranger = say_as(&d, 3, MIDDLE, false, WR_DIRECTION_EMITTED, "XXXX", PWD_B, 3), *answer;

        fill_leg(c->leg, c, WR_MAX_BUCKET - 1 + (unsigned)behind);
        answer = say_as(&d, 1, ALICE, true, WR_DIRECTION_DELIVERED, "BBBB", PWD_B, 4);
        c->n_answers = 2;
        c->partner = other->partner = stranger;
        answer->partner = c;
        wr_view_add(&b, c, 1, "AAAA");
        wr_view_add(&b, other, 1, "AAAA"); /* of another exchange, which goes where one fits */
        wr_views_keep_pairs(&b, a, 1);
        g_assert_cmpuint(b.views[0].n_told[1], ==, 1);
        g_assert_cmpuint(b.views[1].n_told[1], ==, behind ? 1 : 0);
        c->partner = other->partner = answer->partner = NULL;
        g_free(b.views);
        desk_end(&d);
    }
}

/* What a leg says of itself. */
static void test_said(void)
{
    enum { SHOWN, TOLD_ITS_OWN, PLACE, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, behind = i % 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *owner = say_as(&d, 5, MIDDLE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 1);
        wr_copy *filler = say_as(&d, 1, ALICE, true, WR_DIRECTION_DELIVERED, "XXXX", PWD_B, 2), *c;

        fill_leg(filler->leg, filler, MOST_OF_LEG - 1 + (unsigned)behind);
        c = say_as(&d, 1, ALICE, false, WR_DIRECTION_EMITTED, which == PLACE ? "YYYY" : "AAAA",
                   which == PLACE ? PWD_B : PWD_A, 3);
        g_test_message("case %d, %d", which, behind);
        if (which == SHOWN) {
            wr_sdp *sdp = c->sdp;
            text_t t = offer_text();
            char *text;
            t.fingerprint = d.fingerprint[ALICE_HAS];
            text = text_of(&t);
            c->sdp = wr_sdp_parse(text, strlen(text));
            wr_sdp_unref(sdp);
            g_free(text);
            tie(a, c, WR_TIE_ADDRESS, 1);
            a->ties[0].disowned = true;
            shows(&d, a, 1, ALICE_HAS);
            a->possession[1] = WR_POSSESSION_PROVED;
            g_assert_true(wr_leg_is_disowned(d.s, c->leg) == behind);
        } else {
            a->owner[1] = owner;
            if (which == TOLD_ITS_OWN) {
                c->leg->two_ended = true;
                c->src = at(SERVER, 5060);
                c->dst = at(ALICE, 5060);
            }
            g_assert_true(wr_leg_is_out_of_place(d.s, c->leg) == !behind);
        }
        desk_end(&d);
    }
}

/* ---- of one call ---- */

static bool says_it(const wr_copy *c, gpointer user)
{
    return c->call == user;
}

static void test_copies(void)
{
    enum { CONTRADICTED, TOLD_LATE, BORNE_OUT, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, behind = i % 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_copy *c = say_as(&d, 1, ALICE, false, WR_DIRECTION_EMITTED, "AAAA", PWD_A, 1), *r;
        const bool answer = which == BORNE_OUT;
        static char it[] = "it";

        c->call = it;
        r = say_as(&d, which == BORNE_OUT ? 1 : 2, ALICE, answer,
                   which == CONTRADICTED ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED, answer ? "YYYY" : "AAAA",
                   answer ? PWD_B : PWD_A, 2);
        g_ptr_array_add(d.s->copies, c);
        if (which == TOLD_LATE) /* what contradicts it stands before, and what tells so is the last */
            g_ptr_array_add(d.s->copies, say_as(&d, 2, ALICE, false, WR_DIRECTION_DELIVERED, "AAAA", PWD_A, 3));
        while (d.s->copies->len < MOST_COPIES - 1 + (unsigned)behind)
            g_ptr_array_add(d.s->copies, c);
        g_ptr_array_add(d.s->copies, r);
        g_test_message("case %d, %d", which, behind);
        if (which == BORNE_OUT) {
            prove(check_of(a->flow, 0, "YYYY", "XXXX", 5), PWD_B, true);
            g_assert_true(wr_copy_is_borne_out(d.s, c) == !behind);
        } else if (which == CONTRADICTED) {
            g_assert_true((wr_copy_contradiction(d.s, c, says_it, it) != NULL) == !behind);
        } else {
            wr_copy *before = g_ptr_array_index(d.s->copies, 1);
            before->time_us = c->time_us - 1;
            r->time_us = c->time_us + 1;
            r->call = it;
            g_assert_true((wr_copy_contradiction(d.s, c, says_it, it) == before) == !behind);
        }
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/most/rivals", test_rivals);
    g_test_add_func("/most/repeated", test_repeated);
    g_test_add_func("/most/names", test_names);
    g_test_add_func("/most/views", test_views);
    g_test_add_func("/most/answers", test_answers);
    g_test_add_func("/most/said", test_said);
    g_test_add_func("/most/copies", test_copies);
    return g_test_run();
}
