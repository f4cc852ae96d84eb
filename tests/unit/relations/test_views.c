/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of the descriptions told on a leg is in force when a handshake is answered, what rivals it, which party the leg
 * speaks for, and which legs may judge (rules 2.1, 2.2).
 */
#include "views_build.h"

#include "statements/testimony.h"

/* ---- in force ---- */

static const struct {
    const char *words;
    told_t right, wrong; /* in force, and not */
} pairs[] = {
    {"the later of two before", {.seconds = -5}, {.seconds = -9}},
    {"before, not after", {.seconds = -9}, {.seconds = 5, .frame_after = true}},
    {"offered before, not agreed on after", {.seconds = -9}, {.seconds = 5, .frame_after = true, .n_answers = 1}},
    {"the first of two after", {.seconds = 5, .frame_after = true}, {.seconds = 9, .frame_after = true}},
    {"before in the capture, though its clock is later", {.seconds = 30}, {.seconds = -5, .frame_after = true}},
    {"before by the clock alone", {.seconds = -5, .frame_after = true}, {.seconds = 5, .frame_after = true}},
    {"before by the clock, as far as clocks agree",
     {.seconds = 0, .frame_after = true},
     {.seconds = 4, .frame_after = true}},
    {"not what came back", {.seconds = -9}, {.seconds = -5, .echo = true}},
    {"not what came back, even after", {.seconds = 5, .frame_after = true}, {.seconds = -5, .echo = true}},
    {"not what was taken back", {.seconds = -9}, {.seconds = -5, .withdrawn = true}},
    {"what was answered", {.seconds = -9, .n_answers = 1}, {.seconds = -5}},
    {"what was answered, of two after",
     {.seconds = 9, .frame_after = true, .n_answers = 2},
     {.seconds = 5, .frame_after = true}},
    {"the later of two that were answered", {.seconds = -5, .n_answers = 1}, {.seconds = -9, .n_answers = 1}},
    {"answers are not answered", {.seconds = -5, .answer = true}, {.seconds = -9, .answer = true, .n_answers = 1}},
    {"an answer is in force though nobody answered it",
     {.seconds = -5, .answer = true},
     {.seconds = -9, .n_answers = 1}},
    {"an answer, not a later offer that nobody answered", {.seconds = -9, .answer = true}, {.seconds = -5}},
};

static void test_in_force(gconstpointer data)
{
    const size_t n = GPOINTER_TO_SIZE(data);

    for (unsigned i = 0; i < 4; i++) {
        const bool wrong_first = (i & 1) != 0, hello = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_copy *c[2] = {offered(&d, 1), offered(&d, 2)};
        wr_bound b = {.grade = WR_B0};
        if (!hello) { /* without a ServerHello its first packet counts */
            a->server_hello = 0;
            a->server_hello_us = 0;
            a->first_frame = HELLO_FRAME;
            a->first_us = HELLO_US;
        }
        lay(c[wrong_first], &pairs[n].right);
        lay(c[!wrong_first], &pairs[n].wrong);
        wr_view_add(&b, c[0], 1, "AAAA");
        wr_view_add(&b, c[1], 1, c[1]->echo ? "X" : "BBBB");
        settle(&d, a, &b);
        g_assert_cmpuint(b.n_views, ==, 1);
        g_assert_true(b.views[0].copy[1] == c[wrong_first]);
        g_assert_null(b.views[0].copy[0]);
        g_assert_true((strcmp(b.views[0].ufrag[1], "AAAA") == 0) == !wrong_first);
        g_free(b.views);
        desk_end(&d);
    }
}

/* Of two told at one time, before or after, the first that is looked at stays. */
static void test_at_one_time(void)
{
    for (unsigned i = 0; i < 2; i++) {
        const told_t when = {.seconds = i == 0 ? -5 : 5, .frame_after = i != 0};
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_copy *c[2] = {offered(&d, 1), offered(&d, 2)};
        wr_bound b = {.grade = WR_B0};

        for (unsigned k = 0; k < 2; k++) {
            lay(c[k], &when);
            wr_view_add(&b, c[k], 1, "AAAA");
        }
        settle(&d, a, &b);
        g_assert_true(b.views[0].copy[1] == c[0]);
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- rivals ---- */

/* What else was told for the same version of the same party, with another fingerprint. */
static void test_rivals(void)
{
    enum {
        RIVAL,
        OTHER_DIRECTION,
        OTHER_CLASS,
        ECHO,
        WITHDRAWN,
        OTHER_PARTNER,
        ONE_PARTNER,
        SAME_PARTNER,
        OTHER_CREDENTIALS,
        SAME_FINGERPRINT,
        REFUSED_OFFER,
        BOTH_ANSWERED,
        REFUSED_ANSWER,
        FROM_LATER,
        CASES
    };

    for (int which = RIVAL; which < CASES; which++) {
        const bool is = which == RIVAL || which == ONE_PARTNER || which == SAME_PARTNER || which == BOTH_ANSWERED ||
                        which == REFUSED_ANSWER;
        wr_copy first = {.number = 1}, second = {.number = 2};
        text_t t = other_text();
        pair_t p;

        t.fingerprint = which == SAME_FINGERPRINT ? sha256_of(1) : t.fingerprint;
        t.version = "3";
        if (which == OTHER_CREDENTIALS) {
            t.ufrag = "OTHR";
            t.pwd = "otherotherotherotherotherother";
        }
        p = pair_of(&t);
        if (which == OTHER_DIRECTION)
            p.o->direction = WR_DIRECTION_DELIVERED;
        if (which == OTHER_CLASS) {
            p.o->kind = WR_KIND_ANSWER;
            p.c->n_answers = 1;
        }
        if (which == FROM_LATER)
            lay(p.o, &(told_t){.seconds = 9, .frame_after = true});
        p.o->echo = which == ECHO;
        p.o->withdrawn = which == WITHDRAWN;
        if (which == OTHER_PARTNER || which == ONE_PARTNER || which == SAME_PARTNER)
            p.c->partner = &first;
        if (which == OTHER_PARTNER || which == SAME_PARTNER)
            p.o->partner = which == OTHER_PARTNER ? &second : &first;
        if (which == REFUSED_OFFER || which == BOTH_ANSWERED)
            p.c->n_answers = 1;
        p.o->n_answers = which == BOTH_ANSWERED;
        if (which == REFUSED_ANSWER) {
            p.o->kind = p.c->kind = WR_KIND_ANSWER;
            p.c->n_answers = 1;
        }
        settle_pair(&p, false);
        g_test_message("case %d", which);
        g_assert_true(p.b.views[0].copy[1] == p.c);
        g_assert_true(p.b.views[0].rival[1] == (is ? p.o : NULL));
        g_assert_null(p.b.views[0].rival[0]);
        pair_end(&p);
    }
}

/* Two answers of a server that keeps its credentials, to calls that were set up at the same time: which is for which
 * does not show, so that none is kept from the pair, and what was shown is taken for what it says. */
static void test_guessed(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool guessed = (i & 1) != 0, later_shown = (i & 2) != 0, far = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_certificate *cert = some_certificate(0x31);
        char *shown = fingerprint_of(cert);
        text_t t = answer_text();
        wr_copy *c[2], offer[2];
        wr_bound b = {.grade = WR_B0};
        for (unsigned k = 0; k < 2; k++) {
            t.session_id = k == 0 ? "4900000001" : "4900000002";
            t.fingerprint = (k == 1) == later_shown ? shown : sha256_of(0x99);
            c[k] = say(&d.c, ANSWERED, &t);
            lay(c[k], &(told_t){.seconds = k == 0 ? -9 : -5, .answer = true});
            c[k]->guessed = guessed;
            memset(&offer[k], 0, sizeof offer[k]); /* of no user name that is known */
            c[k]->partner = far ? &offer[k] : NULL;
            wr_view_add(&b, c[k], 1, "BBBB");
        }
        a->side[1].presented.certificate = cert;
        settle(&d, a, &b);
        g_assert_true(b.views[0].copy[1] == c[guessed && !later_shown ? 0 : 1]);
        a->side[1].presented.certificate = NULL;
        c[0]->partner = c[1]->partner = NULL;
        wr_certificate_unref(cert);
        g_free(shown);
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- whose leg it is ---- */

typedef struct {
    const char *words;
    const char *client;    /* of the leg */
    bool emitted;          /* the copy; else delivered */
    int side;              /* that it is told for: 0 Bob's, 1 Alice's */
    const char *candidate; /* in it */
    bool two_ended, lent;  /* the TURN server lent Alice's end to the leg's client */
    wr_tie tie;
    int own;
} tied_t;

static const tied_t ties[] = {
    {"Alice's own offer", ALICE, true, 1, NULL, false, false, WR_TIE_ADDRESS, 1},
    {"Bob's answer, as delivered to her", ALICE, false, 0, NULL, false, false, WR_TIE_ADDRESS, 1},
    {"Bob's own answer", BOB, true, 0, NULL, false, false, WR_TIE_ADDRESS, 0},
    {"her offer, as delivered to him", BOB, false, 1, NULL, false, false, WR_TIE_ADDRESS, 0},
    {"her offer by somebody else", "198.51.100.7", true, 1, NULL, false, false, WR_TIE_NONE, -1},
    {"his answer on his leg, for her", BOB, true, 1, NULL, false, false, WR_TIE_NONE, -1},
    {"by her candidate", "198.51.100.7", true, 1, ALICE " 5999", false, false, WR_TIE_ANNOUNCED, 1},
    {"by another's candidate", "198.51.100.7", true, 1, "198.51.100.8 5999", false, false, WR_TIE_NONE, -1},
    {"delivered candidates say nothing", "198.51.100.7", false, 0, ALICE " 5999", false, false, WR_TIE_NONE, -1},
    {"behind a relay", "198.51.100.7", true, 1, NULL, false, true, WR_TIE_ADDRESS, 1},
    {"another behind that relay", "198.51.100.9", true, 1, NULL, false, true, WR_TIE_NONE, -1},
    {"where both speak on one path", "198.51.100.7", true, 1, NULL, true, false, WR_TIE_ANNOUNCED, -1},
    {"where both speak, from her", ALICE, true, 1, NULL, true, false, WR_TIE_ADDRESS, -1},
};

static void test_ties(gconstpointer data)
{
    const tied_t *r = data;
    desk_t d = desk_begin(NULL);
    wr_association *a = answered(&d);
    text_t t = offer_text();
    way_t w = {.client = r->client,
               .connection = 7,
               .direction = r->emitted ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
               .kind = r->side == 1 ? WR_KIND_OFFER : WR_KIND_ANSWER,
               .covered = true};
    wr_bound b = {.grade = WR_B0};
    wr_copy *c;

    t.candidate = r->candidate;
    c = say(&d.c, w, &t);
    c->leg->two_ended = r->two_ended;
    if (r->lent)
        g_hash_table_insert(d.c.e->relays, g_memdup2(&a->side[1].end, sizeof(wr_endpoint)),
                            g_memdup2(&(wr_endpoint[1]){at("198.51.100.7", 99)}[0], sizeof(wr_endpoint)));
    wr_view_add(&b, c, r->side, NULL);
    settle(&d, a, &b);
    g_assert_cmpint(b.views[0].tie, ==, r->tie);
    g_assert_cmpint(b.views[0].own, ==, r->own);
    g_assert_true(b.views[0].applies == (r->tie != WR_TIE_NONE));
    g_assert_true(b.by_address == (r->tie != WR_TIE_NONE));
    if (r->lent)
        g_hash_table_remove_all(d.c.e->relays);
    g_free(b.views);
    desk_end(&d);
}

/* What its client itself emitted says whose leg it is, before what was delivered to it. */
static void test_emitted_first(void)
{
    for (unsigned i = 0; i < 2; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        wr_copy *mine = told(&d, false, false, sha256_of(1), NULL), *his = told(&d, true, false, sha256_of(2), NULL);
        /* in the same place, of the same side: both orders */
        wr_view_add(&b, mine, i == 0 ? 1 : 0, NULL);
        wr_view_add(&b, his, i == 0 ? 0 : 1, NULL);
        if (i == 1)
            a->side[0].end = ALICES;
        settle(&d, a, &b);
        g_assert_cmpint(b.views[0].own, ==, i == 0 ? 1 : 0);
        g_free(b.views);
        desk_end(&d);
    }
}

/* Of the legs of one party those that are tied best judge; those of the other party stay. */
static void test_best_tie(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool hers = (i & 1) != 0, announced = (i & 2) != 0, his = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        text_t t = offer_text();
        way_t w = OFFERED;
        int at_hers = -1, at_announced = -1, at_his = -1;
        if (announced) {
            w.client = "198.51.100.7";
            w.connection = 9;
            at_announced = (int)b.n_views;
            wr_view_add(&b, say(&d.c, w, &t), 1, NULL);
        }
        if (hers) {
            at_hers = (int)b.n_views;
            wr_view_add(&b, told(&d, false, false, sha256_of(1), NULL), 1, NULL);
        }
        if (his) {
            at_his = (int)b.n_views;
            wr_view_add(&b, told(&d, false, true, sha256_of(2), NULL), 1, NULL);
        }
        settle(&d, a, &b);
        g_test_message("%u", i);
        g_assert_true(b.by_address == (hers || announced || his));
        if (hers)
            g_assert_true(b.views[at_hers].applies);
        if (his)
            g_assert_true(b.views[at_his].applies);
        if (announced)
            g_assert_true(b.views[at_announced].applies == !hers);
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- which pair ---- */

/* Servers that keep their credentials: the other half of the exchange names the call. Where none has the names of the
 * path, what is of others stays when it agrees, and does not accuse. */
static void test_pairs(void)
{
    enum { FITS, OTHER, NO_PARTNER, SEVERAL_ANSWERS, ANSWER_OF_OTHER, NO_NAMES, NONE_SHOWN, CASES };

    for (unsigned i = 0; i < 4 * CASES; i++) {
        const unsigned which = i / 4, any = i & 1; /* another copy fits */
        const bool agrees = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_certificate *cert = some_certificate(0x31);
        char *shown = fingerprint_of(cert);
        text_t t = offer_text();
        wr_bound b = {.grade = WR_B0, .ufrag = {{"BBBB", "AAAA"}}, .n_ufrags = which != NO_NAMES};
        wr_copy *bobs = told(&d, true, false, sha256_of(3), NULL); /* has BBBB */
        wr_copy *good = offered(&d, 2), *stranger = offered(&d, 4), *c;
        const bool is_other = which == OTHER || which == ANSWER_OF_OTHER || which == NONE_SHOWN;
        const bool stays = which == NO_NAMES || !is_other || (any == 0 && (agrees || which == NONE_SHOWN));
        bool there = false;
        t.version = "7";
        t.fingerprint = agrees ? shown : sha256_of(1);
        c = say(&d.c, OFFERED, &t);
        c->partner = which == FITS ? bobs : which == NO_PARTNER ? NULL : stranger;
        c->n_answers = which == SEVERAL_ANSWERS ? 2 : 1;
        if (which == ANSWER_OF_OTHER) {
            c->kind = WR_KIND_ANSWER;
            c->n_answers = 2;
        }
        good->partner = bobs;
        wr_view_add(&b, c, 1, NULL);
        if (any)
            wr_view_add(&b, good, 1, NULL);
        a->side[1].presented.certificate = which == NONE_SHOWN ? NULL : cert;
        settle(&d, a, &b);
        for (unsigned k = 0; k < b.views[0].n_told[1]; k++)
            there |= b.views[0].told[1][k] == c;
        g_test_message("case %u, %u, %d", which, any, agrees);
        g_assert_true(there == stays);
        g_assert_cmpuint(b.views[0].n_told[1], ==, any + stays);
        a->side[1].presented.certificate = NULL;
        c->partner = good->partner = NULL;
        wr_certificate_unref(cert);
        g_free(shown);
        g_free(b.views);
        desk_end(&d);
    }
}

/* An answer whose offer was lost is none to an offer that came after it. */
static void test_answer_before_its_offer(void)
{
    static const int seconds[] = {-9, -5, -3};

    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++) {
        for (unsigned is_offer = 0; is_offer < 2; is_offer++) {
            desk_t d = desk_begin(NULL);
            wr_association *a = answered(&d);
            wr_bound b = {.grade = WR_B0, .ufrag = {{"BBBB", "AAAA"}}, .n_ufrags = 1};
            wr_copy *bobs = told(&d, true, false, sha256_of(3), NULL); /* has BBBB */
            wr_copy *old = offered(&d, 1), *good = offered(&d, 2);
            lay(bobs, &(told_t){.seconds = -5});
            lay(old, &(told_t){.seconds = seconds[i], .answer = is_offer == 0});
            lay(good, &(told_t){.seconds = -4, .answer = true});
            good->partner = bobs;
            wr_view_add(&b, old, 1, NULL);
            wr_view_add(&b, good, 1, NULL);
            settle(&d, a, &b);
            g_assert_cmpuint(b.views[0].n_told[1], ==, seconds[i] == -9 && !is_offer ? 1 : 2);
            good->partner = NULL;
            g_free(b.views);
            desk_end(&d);
        }
    }
}

/* What a party said on another connection when the handshake was long answered is of a later one. */
static void test_later_on_another_connection(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool first_early = (i & 1) != 0, second_early = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        way_t w = OFFERED;
        text_t t = offer_text();
        wr_copy *c[2];
        c[0] = offered(&d, 1);
        w.connection = 9;
        t.fingerprint = sha256_of(2);
        c[1] = say(&d.c, w, &t);
        lay(c[0], &(told_t){.seconds = first_early ? -9 : 9, .frame_after = !first_early});
        lay(c[1], &(told_t){.seconds = second_early ? -9 : 9, .frame_after = !second_early});
        wr_view_add(&b, c[0], 1, NULL);
        wr_view_add(&b, c[1], 1, NULL);
        settle(&d, a, &b);
        g_assert_cmpuint(b.n_views, ==, 2);
        g_assert_true(b.views[0].copy[1] == (second_early && !first_early ? NULL : c[0]));
        g_assert_true(b.views[1].copy[1] == (first_early && !second_early ? NULL : c[1]));
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- one user name for both ---- */

/* A copy told for both sides stands where its author is: by its candidate, else by whose leg it came on. */
static void test_both_sides(void)
{
    static const struct {
        const char *candidate, *client;
        wr_direction direction;
        bool stays[2];
    } rows[] = {
        {ALICE " 5000", "198.51.100.7", WR_DIRECTION_EMITTED, {false, true}},
        {BOB " 6000", "198.51.100.7", WR_DIRECTION_EMITTED, {true, false}},
        {ALICE " 5001", "198.51.100.7", WR_DIRECTION_EMITTED, {true, true}},
        {NULL, ALICE, WR_DIRECTION_EMITTED, {false, true}},
        {NULL, BOB, WR_DIRECTION_EMITTED, {true, false}},
        {NULL, ALICE, WR_DIRECTION_DELIVERED, {true, false}},
        {NULL, BOB, WR_DIRECTION_DELIVERED, {false, true}},
        {NULL, ALICE, WR_DIRECTION_UNKNOWN, {true, true}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        text_t t = offer_text();
        wr_copy *c;
        t.candidate = rows[i].candidate;
        c = say(
            &d.c,
            (way_t){.client = rows[i].client, .connection = 5, .direction = rows[i].direction, .kind = WR_KIND_OFFER},
            &t);
        c->direction = rows[i].direction;
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

/* A witness whose address is not told is known by the certificate that his own description announces and he shows. */
static void test_witness(void)
{
    enum { SHOWN, AT_SESSION_LEVEL, NOT_SHOWN, ANOTHERS, DELIVERED, SEEN, CASES };

    for (int which = SHOWN; which < CASES; which++) {
        wr_testimony *file = wr_testimony_parse("x", "", 0);
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        text_t t = offer_text();
        way_t w = OFFERED;
        char *line = g_strdup_printf("a=fingerprint:%s\r\n", d.fingerprint[ALICE_HAS]);
        wr_copy *c;
        const bool is = which == SHOWN || which == AT_SESSION_LEVEL;
        t.candidate = NULL;
        t.fingerprint = which == AT_SESSION_LEVEL ? NULL : d.fingerprint[ALICE_HAS];
        t.session_lines = which == AT_SESSION_LEVEL ? line : NULL;
        w.client = "198.51.100.7";
        c = say(&d.c, w, &t);
        c->leg->witness = which == SEEN ? NULL : file;
        if (which == DELIVERED)
            c->direction = WR_DIRECTION_DELIVERED;
        if (which != NOT_SHOWN)
            shows(&d, a, 1, which == ANOTHERS ? BOB_HAS : ALICE_HAS);
        wr_view_add(&b, c, 1, NULL);
        settle(&d, a, &b);
        g_test_message("case %d", which);
        g_assert_cmpint(b.views[0].tie, ==, is ? WR_TIE_ANNOUNCED : WR_TIE_NONE);
        g_assert_cmpint(b.views[0].own, ==, is ? 1 : -1);
        c->leg->witness = NULL;
        g_free(line);
        g_free(b.views);
        desk_end(&d);
        wr_testimony_unref(file);
    }
}

/* ---- bounds ---- */

static void test_bounds(void)
{
    desk_t d = desk_begin(NULL);
    wr_bound b = {.grade = WR_B0};
    wr_copy *c[WR_MAX_CANDIDATES_OF_VIEW + 2];

    for (unsigned i = 0; i < G_N_ELEMENTS(c); i++) {
        c[i] = offered(&d, i);
        for (unsigned twice = 0; twice < 2; twice++)
            wr_view_add(&b, c[i], 1, "AAAA");
        g_assert_cmpuint(b.views[0].n_told[1], ==, MIN(i + 1, (unsigned)WR_MAX_CANDIDATES_OF_VIEW));
    }
    g_assert_true(b.views[0].told[1][0] == c[0]); /* the first stays, and the newest come last */
    for (unsigned i = 1; i < WR_MAX_CANDIDATES_OF_VIEW; i++)
        g_assert_true(b.views[0].told[1][i] == c[i + 2]);
    g_assert_cmpuint(b.views[0].n_told[0], ==, 0);
    for (unsigned i = 0; i < WR_MAX_VIEWS + 1; i++) {
        text_t t = offer_text();
        way_t w = OFFERED;
        w.connection = 100 + i;
        wr_view_add(&b, say(&d.c, w, &t), 0, NULL);
    }
    g_assert_cmpuint(b.n_views, ==, WR_MAX_VIEWS);
    g_free(b.views);
    desk_end(&d);
}

/* On a relayed path the ends are others: the best of both places counts. */
static void test_several_ends(void)
{
    for (unsigned i = 0; i < 2; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        const wr_endpoint ends[2][2] = {{at("198.51.100.1", 1), at("198.51.100.2", 2)}, {BOBS, ALICES}};
        wr_bound b = {.grade = WR_B0};
        wr_view_add(&b, told(&d, false, false, sha256_of(1), NULL), 1, NULL);
        wr_views_settle(d.c.e, a, &b, ends, i + 1);
        g_assert_cmpint(b.views[0].tie, ==, i == 0 ? WR_TIE_NONE : WR_TIE_ADDRESS);
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- offers that are not in the capture ---- */

/* Alice offered in frame 10, version 1; Bob answered in frame 11, version 1, and again in frame 20. */
static void test_unseen_offer(void)
{
    enum {
        LOST,
        SAME_VERSION,
        OTHER_AUTHOR,
        OTHER_WAY,
        OFFERED_AGAIN,
        CAME_BACK, /* what is there between is the answer's own echo */
        ONE_ANSWER,
        AN_OFFER,
        LATER_OFFER,
        SWAPPED, /* Bob's offer is lost, and Alice answers in frame 20 */
        SWAPPED_SAME_VERSION,
        SWAPPED_AT_ONCE, /* both in one frame */
        SWAPPED_LATER,
        NOTHING,
        CASES
    };

    for (int which = LOST; which < CASES; which++) {
        const bool swapped = which >= SWAPPED && which <= SWAPPED_LATER;
        const bool is = which == LOST || which == CAME_BACK || which == SWAPPED || which == SWAPPED_AT_ONCE;
        desk_t d = desk_begin(NULL);
        text_t t = offer_text(), u = answer_text();
        wr_copy *offer = say(&d.c, OFFERED, &t), *answer = say(&d.c, ANSWERED, &u), *more, *last;
        wr_view v;
        t.version = u.version = which == SAME_VERSION || which == SWAPPED_SAME_VERSION ? "2" : "7";
        t.fingerprint = u.fingerprint = sha256_of(9);
        if (which == OTHER_AUTHOR)
            u.session_id = "9999999999";
        more = say(&d.c, OFFERED, &t);
        last = say(&d.c, ANSWERED, &u);
        memset(&v, 0, sizeof v);
        offer->frame = 10;
        answer->frame = which == SWAPPED_AT_ONCE ? 20 : which == SWAPPED_LATER ? 21 : 11;
        more->frame = which == OFFERED_AGAIN || which == CAME_BACK ? 15 : 20;
        more->echo = which == CAME_BACK;
        last->frame = 20;
        v.told[0][v.n_told[0]++] = answer;
        v.told[1][v.n_told[1]++] = offer;
        if (which == OFFERED_AGAIN || which == CAME_BACK || swapped)
            v.told[1][v.n_told[1]++] = more;
        if (!swapped && which != ONE_ANSWER)
            v.told[0][v.n_told[0]++] = last;
        if (swapped)
            more->kind = WR_KIND_ANSWER;
        v.copy[0] = which == ONE_ANSWER || swapped ? answer : last;
        v.copy[1] = swapped ? more : offer;
        if (which == OTHER_WAY)
            last->direction = WR_DIRECTION_EMITTED;
        if (which == AN_OFFER)
            last->kind = WR_KIND_OFFER;
        if (which == LATER_OFFER)
            offer->frame = 21;
        if (which == NOTHING)
            v.copy[1] = NULL;
        g_test_message("case %d", which);
        g_assert_true(wr_view_unseen_offer(&v, swapped ? 0 : 1) == (!is ? NULL : swapped ? more : last));
        g_assert_null(wr_view_unseen_offer(&v, swapped ? 1 : 0));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        char *path = g_strdup_printf("/views/in_force/%s", pairs[i].words);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_in_force);
        g_free(path);
    }
    g_test_add_func("/views/at one time", test_at_one_time);
    g_test_add_func("/views/rivals", test_rivals);
    g_test_add_func("/views/guessed", test_guessed);
    for (size_t i = 0; i < G_N_ELEMENTS(ties); i++) {
        char *path = g_strdup_printf("/views/ties/%s", ties[i].words);
        g_test_add_data_func(path, &ties[i], test_ties);
        g_free(path);
    }
    g_test_add_func("/views/emitted_first", test_emitted_first);
    g_test_add_func("/views/best_tie", test_best_tie);
    g_test_add_func("/views/pairs", test_pairs);
    g_test_add_func("/views/answer_before_its_offer", test_answer_before_its_offer);
    g_test_add_func("/views/later_on_another_connection", test_later_on_another_connection);
    g_test_add_func("/views/both_sides", test_both_sides);
    g_test_add_func("/views/witness", test_witness);
    g_test_add_func("/views/bounds", test_bounds);
    g_test_add_func("/views/several_ends", test_several_ends);
    g_test_add_func("/views/unseen_offer", test_unseen_offer);
    return g_test_run();
}
