/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several descriptions of one party on one leg: which is in force, and which of the others rivals it, or is another
 * form of it (rules 2.1, 2.2).
 */
#include "views_build.h"

#include "descriptions.h"
#include "pairs.h"

/* ---- another form ---- */

/* Beside an offer that was answered, the same version with other words is another form: the answer is to either. And so
 * is, of answers too, what the connection goes on without. */
static void test_other_form(void)
{
    enum {
        FORM,
        FORM_OF_SAME_FINGERPRINT,
        UNSENT_ANSWER,
        UNSENT_AND_ANSWERED,
        NO_FORM, /* from here on it is none */
        OTHER_VERSION = NO_FORM,
        ANSWERED_TOO,
        ANSWERED_OTHERWISE,
        SENT_ANSWER,
        OTHER_POINT,
        OTHER_CONNECTION,
        OTHER_DIRECTION,
        OTHER_CLASS,
        CAME_BACK,
        TAKEN_BACK,
        OTHER_PASSWORD,
        CASES
    };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2;
        text_t t = other_text();
        pair_t p;

        t.version = which == OTHER_VERSION ? "3" : NULL;
        t.fingerprint = which == FORM_OF_SAME_FINGERPRINT ? sha256_of(1) : t.fingerprint;
        t.lines = which == FORM_OF_SAME_FINGERPRINT ? "a=sendonly\r\n" : NULL;
        t.pwd = which == OTHER_PASSWORD ? "anotherpasswordofanother" : t.pwd;
        p = pair_of(&t);
        p.c->n_answers = 1;
        p.o->n_answers = which == ANSWERED_TOO || which == ANSWERED_OTHERWISE || which == UNSENT_AND_ANSWERED;
        if (which == UNSENT_ANSWER || which == SENT_ANSWER)
            p.c->kind = p.o->kind = WR_KIND_ANSWER;
        if (which == SENT_ANSWER || which == ANSWERED_OTHERWISE) /* so that it is no rival, but of another exchange */
            p.c->partner = p.c, p.o->partner = p.o;
        p.o->unsent = which == UNSENT_ANSWER || which == UNSENT_AND_ANSWERED ? 7 : 0;
        p.o->point = which == OTHER_POINT;
        if (which == OTHER_CONNECTION)
            p.o->connection++;
        if (which == OTHER_DIRECTION)
            p.o->direction = WR_DIRECTION_DELIVERED;
        if (which == OTHER_CLASS) {
            p.o->kind = WR_KIND_ANSWER;
            p.o->unsent = 7;
        }
        p.o->echo = which == CAME_BACK;
        p.o->withdrawn = which == TAKEN_BACK;
        settle_pair(&p, i % 2 != 0);
        g_test_message("case %d", which);
        g_assert_true(p.b.views[0].copy[1] == p.c);
        g_assert_true(p.b.views[0].other_form[1] == (which < NO_FORM ? p.o : NULL));
        g_assert_true(p.b.views[0].rival[1] == (which == ANSWERED_TOO ? p.o : NULL));
        pair_end(&p);
    }
}

/* ---- rivals ---- */

/* What is told of an offer beside it that was answered: it was refused, unless both are of one and the same bytes. */
static void test_rival_bytes(void)
{
    static const struct {
        bool said_twice, other_said_twice;
        unsigned n_answers, other_n_answers;
        bool rival;
    } rows[] = {
        {true, true, 1, 0, true},    {true, false, 1, 0, false}, {false, true, 1, 0, false},
        {false, false, 1, 0, false}, {false, false, 0, 0, true}, {false, false, 1, 1, true},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        const text_t t = other_text();
        pair_t p = pair_of(&t);

        p.c->said_twice = rows[n].said_twice;
        p.o->said_twice = rows[n].other_said_twice;
        p.c->n_answers = rows[n].n_answers;
        p.o->n_answers = rows[n].other_n_answers;
        settle_pair(&p, i % 2 != 0);
        g_test_message("row %zu", n);
        g_assert_true(p.b.views[0].copy[1] == p.c);
        g_assert_true(p.b.views[0].rival[1] == (rows[n].rival ? p.o : NULL));
        pair_end(&p);
    }
}

/* Partners tell exchanges apart where both are known. */
static void test_rival_partners(void)
{
    for (int i = 0; i < 8; i++) {
        const bool has = (i & 1) != 0, other_has = (i & 2) != 0, same = (i & 4) != 0;
        const text_t t = other_text();
        pair_t p = pair_of(&t);
        wr_copy first = {.number = 1}, second = {.number = 2};

        p.c->kind = p.o->kind = WR_KIND_ANSWER;
        p.c->partner = has ? &first : NULL;
        p.o->partner = !other_has ? NULL : same ? &first : &second;
        settle_pair(&p, false);
        g_test_message("case %d", i);
        g_assert_true(p.b.views[0].rival[1] == (!has || !other_has || same ? p.o : NULL));
        pair_end(&p);
    }
}

/* A rival says something else than what is in force, be it one more certificate; what nobody sent is none. And of a
 * later handshake is what came later, where something came before. */
static void test_rival_words(void)
{
    enum { ONE_MORE, NOTHING, NOT_SENT, BOTH_LATER, CASES };

    for (int which = ONE_MORE; which < CASES; which++) {
        text_t t = other_text();
        pair_t p;

        if (which == ONE_MORE) {
            t.fingerprint = sha256_of(1);
            t.lines = "a=fingerprint:sha-384 " FP384_D "\r\n";
        }
        if (which == NOTHING)
            t.fingerprint = NULL;
        p = pair_of(&t);
        p.o->unsent = which == NOT_SENT ? 7 : 0;
        if (which == BOTH_LATER) {
            lay(p.c, &(told_t){.seconds = 5, .frame_after = true});
            lay(p.o, &(told_t){.seconds = 9, .frame_after = true});
        }
        settle_pair(&p, false);
        g_test_message("case %d", which);
        g_assert_true(p.b.views[0].copy[1] == p.c);
        g_assert_true(p.b.views[0].rival[1] == (which != NOT_SENT ? p.o : NULL));
        pair_end(&p);
    }
}

/* ---- in force ---- */

/* What the connection goes on without is not in force while there is anything else, not even what came later. */
static void test_unsent(void)
{
    for (int i = 0; i < 8; i++) {
        const bool later = (i & 2) != 0, both = (i & 4) != 0;
        const text_t t = other_text();
        pair_t p = pair_of(&t);

        p.c->unsent = 7;
        p.o->unsent = both ? 8 : 0;
        if (later)
            lay(p.o, &(told_t){.seconds = 9, .frame_after = true});
        settle_pair(&p, (i & 1) != 0);
        g_test_message("case %d", i);
        g_assert_true(p.b.views[0].copy[1] == (both ? p.c : p.o));
        pair_end(&p);
    }
}

/* Which of two answers agrees with the certificate shown decides only where neither's exchange is known. */
static void test_one_is_no_guess(void)
{
    for (int i = 0; i < 8; i++) {
        const bool guessed = (i & 2) != 0, other_guessed = (i & 4) != 0;
        text_t t = other_text();
        pair_t p;

        p = pair_of(&t);
        t.fingerprint = p.d.fingerprint[ALICE_HAS];
        p.o = say(&p.d.c, OFFERED, &t);
        lay(p.o, &(told_t){.seconds = -9, .answer = true});
        p.c->kind = WR_KIND_ANSWER;
        p.c->guessed = guessed;
        p.o->guessed = other_guessed;
        shows(&p.d, p.a, 1, ALICE_HAS);
        settle_pair(&p, (i & 1) != 0);
        g_test_message("case %d", i);
        g_assert_true(p.b.views[0].copy[1] == (guessed && other_guessed ? p.o : p.c));
        pair_end(&p);
    }
}

/* Half a second is as far as clocks agree, for what stands behind the ServerHello in the capture. */
static void test_how_early(void)
{
    static const struct {
        bool before, apart;
        int64_t us;
        int early;
    } rows[] = {
        {true, false, 9 * S, 2},
        {true, true, 0, 2},
        {true, true, 1, 1},
        {false, true, 0, 2},
        {false, false, 0, 1},
        {false, false, WR_SLACK_US, 1},
        {false, false, WR_SLACK_US + 1, 0},
        {true, true, WR_SLACK_US, 1},
        {true, true, WR_SLACK_US + 1, 0},
    };
    const text_t t = other_text();
    pair_t p = pair_of(&t);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        /* clocks of two points that are known to be apart, by more than half a second; else in one order, whatever they
         * say */
        for (int close = 0; close < 2; close++) {
            if (close && rows[i].apart)
                continue;
            p.a->timed = p.o->timed = rows[i].apart || close;
            p.o->ahead_us = close ? WR_SLACK_US : WR_SLACK_US + 1;
            p.o->frame = rows[i].before ? HELLO_FRAME : HELLO_FRAME + 1;
            p.o->time_us = HELLO_US + rows[i].us + (p.a->timed ? p.o->ahead_us : 0);
            g_test_message("row %zu, %d", i, close);
            g_assert_cmpint(wr_copy_earliness(p.o, p.a), ==, rows[i].early);
        }
    }
    for (int one = 0; one < 2; one++) { /* where only one of both clocks is known, the order is the capture's */
        p.a->timed = one == 0;
        p.o->timed = one != 0;
        p.o->ahead_us = 60 * S;
        p.o->frame = HELLO_FRAME;
        p.o->time_us = HELLO_US + 3 * S;
        g_assert_cmpint(wr_copy_earliness(p.o, p.a), ==, 2);
    }
    pair_end(&p);
}

/* ---- one user name for both ---- */

/* Offer and answer of two who use one user name, each told for both sides: every one goes where its author is. */
static void test_two_for_both_sides(void)
{
    for (int order = 0; order < 4; order++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        wr_copy *c[2] = {told(&d, true, false, sha256_of(2), NULL), told(&d, false, false, sha256_of(1), NULL)};

        for (int side = 0; side < 2; side++)
            for (int i = 0; i < 2; i++)
                wr_view_add(&b, c[(order >> side & 1) != 0 ? 1 - i : i], side, "SAME");
        settle(&d, a, &b);
        g_test_message("order %d", order);
        for (int side = 0; side < 2; side++) {
            g_assert_cmpuint(b.views[0].n_told[side], ==, 1);
            g_assert_true(b.views[0].told[side][0] == c[side]);
        }
        g_free(b.views);
        desk_end(&d);
    }
}

/* Who announces both ends, or neither, is known by whose leg it is; who is neither's stays on both sides. */
static void test_both_ends_announced(void)
{
    static const struct {
        const char *client; /* NULL: not known */
        wr_direction direction;
        bool stays[2];
    } rows[] = {
        {ALICE, WR_DIRECTION_EMITTED, {false, true}},           {BOB, WR_DIRECTION_EMITTED, {true, false}},
        {"198.51.100.7", WR_DIRECTION_EMITTED, {true, true}},   {ALICE, WR_DIRECTION_UNKNOWN, {true, true}},
        {"198.51.100.7", WR_DIRECTION_DELIVERED, {true, true}}, {NULL, WR_DIRECTION_EMITTED, {true, true}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        text_t t = offer_text();
        wr_copy *c;

        t.lines = "a=candidate:2 1 udp 2122260223 " BOB " 6000 typ host\r\n";
        c = say(&d.c, (way_t){.client = rows[i].client, .connection = 5, .kind = WR_KIND_OFFER}, &t);
        c->direction = rows[i].direction;
        if (rows[i].client != NULL)
            c->leg->client = at(rows[i].client, 40005);
        else
            c->leg->client = wr_endpoint_none();
        wr_view_add(&b, c, 0, "AAAA");
        wr_view_add(&b, c, 1, "AAAA");
        settle(&d, a, &b);
        g_test_message("row %zu", i);
        for (int side = 0; side < 2; side++)
            g_assert_true((b.views[0].copy[side] == c) == rows[i].stays[side]);
        g_free(b.views);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/view_forms/other_form", test_other_form);
    g_test_add_func("/view_forms/rival_bytes", test_rival_bytes);
    g_test_add_func("/view_forms/rival_partners", test_rival_partners);
    g_test_add_func("/view_forms/rival_words", test_rival_words);
    g_test_add_func("/view_forms/unsent", test_unsent);
    g_test_add_func("/view_forms/one_is_no_guess", test_one_is_no_guess);
    g_test_add_func("/view_forms/how_early", test_how_early);
    g_test_add_func("/view_forms/two_for_both_sides", test_two_for_both_sides);
    g_test_add_func("/view_forms/both_ends_announced", test_both_ends_announced);
    return g_test_run();
}
