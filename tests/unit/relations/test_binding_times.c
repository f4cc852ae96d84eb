/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What binds a handshake to descriptions where clocks are apart, where files beside the capture tell of it, and where
 * several paths show it (rules 2.1, 2.5, 2.11).
 */
#include "records_build.h"

#include "statements_build.h"

#define LENT "198.51.100.30"

static wr_association *answered(desk_t *d, wr_flow *f)
{
    wr_association *a = handshake_of(d, f, WR_A_VERIFIED);

    a->server_hello = 1000;
    a->server_hello_us = ANSWERED_US;
    return a;
}

/* Offer and answer with these names, and without addresses. */
static wr_copy *describe(desk_t *d, const char *her_name, const char *his_name, const char *version)
{
    text_t o = offer_text(), a = answer_text();
    wr_copy *c;

    o.candidate = a.candidate = NULL;
    o.ufrag = her_name;
    a.ufrag = his_name;
    o.version = a.version = version;
    c = say(&d->c, OFFERED, &o);
    say(&d->c, ANSWERED, &a);
    return c;
}

/* From now on it stands in a file, for this time, or without any. */
static void state(desk_t *d, wr_testimony *file, wr_copy *c, int64_t us)
{
    c->frame = wr_stated_frame_new(d->c.e, file, 1, us);
    c->carrier = WR_CARRIER_STATEMENT;
    c->time_us = us;
}

/* ---- checks ---- */

/* Names bind by themselves while no password is known; not where the check may be another's, seen elsewhere and sent
 * again. */
static void test_replayed(void)
{
    for (int i = 0; i < 8; i++) {
        const bool replayed = (i & 1) != 0, reverse = (i & 2) != 0, reverse_replayed = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_bound b;

        describe(&d, "AAAA", "BBBB", "2");
        check_of(f, 0, "BBBB", "AAAA", 20)->replayed = replayed;
        if (reverse)
            check_of(f, 1, "AAAA", "BBBB", 10)->replayed = reverse_replayed;
        wr_association_bind(d.c.e, a, &b);
        g_test_message("case %d", i);
        g_assert_cmpint(b.grade, ==, replayed || (reverse && reverse_replayed) ? WR_B_NONE : WR_B2);
        g_free(b.views);
        desk_end(&d);
    }
}

/* Two generations of names on one path, of which the right one was begun before the answer, by the clock of where it
 * was seen. */
static void test_at_two_points(void)
{
    static const struct {
        const char *words;
        bool common, timed; /* the clocks of both points were compared; that of the association's is known */
        int64_t ahead_ms;   /* clock of the checks' point */
        int64_t us[2];      /* when the two were begun by it, after the answer; the first is the right one */
        bool behind[2];     /* stands behind the ServerHello in the capture */
    } rows[] = {
        {"in one order, by the capture", false, false, 0, {9 * S, -5 * S}, {false, true}},
        {"clocks that agree well enough leave it", true, true, 500, {9 * S, -5 * S}, {false, true}},
        {"apart, by the clock", true, true, 501, {-5 * S, 9 * S}, {true, false}},
        {"far apart", true, true, 3600 * 1000, {3600 * S - 5 * S, 3600 * S + 9 * S}, {true, false}},
        {"at the very moment", true, true, 3600 * 1000, {3600 * S, 3600 * S + 1}, {true, true}},
        {"not compared", false, true, 3600 * 1000, {9 * S, -5 * S}, {false, true}},
        {"compared, but not with the association's", true, false, 3600 * 1000, {9 * S, -5 * S}, {false, true}},
        {"behind it", true, true, -3600 * 1000, {-3600 * S - 5 * S, -3600 * S + 9 * S}, {true, false}},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_bound b;

        a->timed = rows[n].timed;
        for (unsigned k = 0; rows[n].common && k < WR_CLOCK_LEAST; k++)
            wr_clock_note(d.c.e, 0, ANSWERED_US, 1, ANSWERED_US + rows[n].ahead_ms * MS, false);
        for (unsigned k = 0; k < 2; k++) {
            const unsigned which = i % 2 == 0 ? k : 1 - k;
            char her_name[8], his_name[8];
            wr_check *c;
            g_snprintf(her_name, sizeof her_name, "AAA%u", which);
            g_snprintf(his_name, sizeof his_name, "BBB%u", which);
            describe(&d, her_name, his_name, which == 0 ? "3" : "4");
            c = check_of(f, 0, g_intern_string(his_name), g_intern_string(her_name), 0);
            prove(c, PWD_B, false);
            c->point = 1;
            c->first_us = ANSWERED_US + rows[n].us[which];
            c->first_frame = rows[n].behind[which] ? 1001 : 999;
        }
        wr_association_bind(d.c.e, a, &b);
        g_test_message("%s", rows[n].words);
        g_assert_cmpuint(b.n_ufrags, ==, 1);
        g_assert_cmpstr(b.ufrag[0][0], ==, "BBB0");
        g_free(b.views);
        desk_end(&d);
    }
}

/* A path is in use when its check was begun half a second after the answer at the latest. */
static void test_late_paths(void)
{
    static const struct {
        int64_t us; /* after the answer */
        int64_t ahead_ms;
        bool counts;
    } rows[] = {
        {WR_SLACK_US, 0, true},
        {WR_SLACK_US + 1, 0, false},
        {3600 * S + WR_SLACK_US, 3600 * 1000, true},
        {3600 * S + WR_SLACK_US + 1, 3600 * 1000, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f[2] = {flow_of(&d), flow_of(&d)};
        wr_association *a = answered(&d, f[0]);
        bool counts = false;
        wr_check *k;
        wr_bound b;

        a->timed = true;
        f[1]->end[1] = at(LENT, 3000);
        f[1]->client_end = 1;
        wr_list_add(&a->flows, f[1]);
        for (unsigned n = 0; rows[i].ahead_ms != 0 && n < WR_CLOCK_LEAST; n++)
            wr_clock_note(d.c.e, 0, ANSWERED_US, 1, ANSWERED_US + rows[i].ahead_ms * MS, false);
        describe(&d, "AAA1", "BBB1", "3");
        describe(&d, "AAA2", "BBB2", "4");
        prove(check_of(f[0], 0, "BBB1", "AAA1", 20), PWD_B, false);
        k = check_of(f[1], 0, "BBB2", "AAA2", 0);
        prove(k, PWD_B, false);
        k->point = rows[i].ahead_ms != 0;
        k->first_us = ANSWERED_US + rows[i].us;
        wr_association_bind(d.c.e, a, &b);
        for (unsigned n = 0; n < b.n_ufrags; n++)
            counts |= strcmp(b.ufrag[n][0], "BBB2") == 0;
        g_test_message("row %zu", i);
        g_assert_true(counts == rows[i].counts);
        g_free(b.views);
        desk_end(&d);
    }
}

/* The best of several paths is the grade, and its check is what proves it. */
static void test_best_path(void)
{
    for (int i = 0; i < 3; i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f[2] = {flow_of(&d), flow_of(&d)};
        wr_association *a = answered(&d, f[0]);
        wr_check *k[2];
        wr_bound b;

        f[1]->end[1] = at(LENT, 3000);
        f[1]->client_end = 1;
        wr_list_add(&a->flows, f[1]);
        describe(&d, "AAAA", "BBBB", "3");
        for (int n = 0; n < 2; n++) {
            k[n] = check_of(f[n], 0, "BBBB", "AAAA", 20 + n);
            prove(k[n], PWD_B, true);
            if (n == i % 2) { /* the later one of both directions speaks for the path */
                k[n] = check_of(f[n], 1, "AAAA", "BBBB", 10);
                prove(k[n], PWD_A, true);
            }
            k[n]->valid_frame = i == 2 ? 0 : 500 + (uint32_t)n; /* where it was verified, else where it began */
        }
        wr_association_bind(d.c.e, a, &b);
        g_test_message("case %d", i);
        g_assert_cmpint(b.grade, ==, WR_B0);
        g_assert_cmpuint(b.frame, ==, i == 2 ? k[0]->first_frame : 500 + (uint32_t)i);
        g_assert_cmpuint(b.n_ufrags, ==, 2);
        g_free(b.views);
        desk_end(&d);
    }
}

/* A path that shares no end with the handshake, whose client it does not show, binds nothing. */
static void test_path_of_nobody(void)
{
    for (int i = 0; i < 2; i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f[2] = {flow_of(&d), flow_of(&d)};
        wr_association *a = answered(&d, f[0]);
        wr_bound b;

        f[1]->end[0] = at("198.51.100.40", 3000);
        f[1]->end[1] = at("198.51.100.41", 3000);
        f[1]->client_end = i == 0 ? -1 : 0;
        wr_list_add(&a->flows, f[1]);
        describe(&d, "AAAA", "BBBB", "3");
        prove(check_of(f[1], 0, "BBBB", "AAAA", 20), PWD_B, true);
        wr_association_bind(d.c.e, a, &b);
        g_assert_cmpint(b.grade, ==, i == 0 ? WR_B_NONE : WR_B1);
        g_assert_cmpuint(b.n_ufrags, ==, (unsigned)i);
        g_free(b.views);
        desk_end(&d);
    }
}

/* A handshake that was first seen at a relay's address, and has a path between the parties themselves: a leg speaks for
 * the party by the ends of either. */
static void test_ends_of_a_path(void)
{
    for (int i = 0; i < 4; i++) {
        const bool turned = (i & 1) != 0, elsewhere = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_flow *f[2] = {flow_of(&d), flow_of(&d)};
        wr_association *a = answered(&d, f[0]);
        wr_bound b;

        a->side[0].end = f[0]->end[1] = at(LENT, 3000);
        a->side[1].end = f[0]->end[0] = at("198.51.100.31", 3000);
        if (turned) { /* its ends the other way round */
            f[1]->end[0] = BOBS;
            f[1]->end[1] = ALICES;
        }
        if (elsewhere)
            f[1]->end[turned ? 1 : 0] = at("198.51.100.40", 3000);
        f[1]->client_end = turned ? 0 : 1;
        wr_list_add(&a->flows, f[1]);
        describe(&d, "AAAA", "BBBB", "3");
        prove(check_of(f[1], turned ? 1 : 0, "BBBB", "AAAA", 20), PWD_B, true);
        wr_association_bind(d.c.e, a, &b);
        g_assert_cmpuint(b.n_views, ==, 1);
        g_assert_cmpint(b.views[0].tie, ==, elsewhere ? WR_TIE_NONE : WR_TIE_ADDRESS);
        g_assert_true(b.by_address == !elsewhere);
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- files ---- */

/* What a file tells of another time binds by nothing less than its password. */
static void test_stated_names(void)
{
    static const struct {
        int64_t after_us; /* the check began */
        bool dated, proven;
        wr_binding grade;
    } rows[] = {
        {0, true, false, WR_B2},
        {WR_STATED_WINDOW_US, true, false, WR_B2},
        {WR_STATED_WINDOW_US + 1, true, false, WR_B_NONE},
        {-WR_STATED_WINDOW_US - 1, true, false, WR_B_NONE},
        {0, false, false, WR_B_NONE},
        {WR_STATED_WINDOW_US + 1, true, true, WR_B1},
        {0, false, true, WR_B1},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        const bool his = i % 2 != 0; /* it is his answer that stands in a file, else her offer */
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_testimony *file = witness("a.json", "Alice");
        wr_copy *o = describe(&d, "AAAA", "BBBB", "2");
        wr_copy *c = his ? wr_list_at(&o->leg->copies, 1) : o;
        wr_check *k = check_of(f, 0, "BBBB", "AAAA", 0);
        bool there = false;
        wr_bound b;

        state(&d, file, c, rows[n].dated ? k->first_us - rows[n].after_us : 0);
        if (rows[n].proven) {
            prove(k, PWD_B, false);
            prove(check_of(f, 1, "AAAA", "BBBB", 0), PWD_A, false);
        }
        wr_association_bind(d.c.e, a, &b);
        g_test_message("row %zu, %s", n, his ? "his" : "hers");
        g_assert_cmpint(b.grade, ==, rows[n].grade);
        for (unsigned v = 0; v < b.n_views; v++)
            there |= b.views[v].copy[his ? 0 : 1] == c;
        g_assert_true(there == (rows[n].grade != WR_B_NONE));
        g_free(b.views);
        wr_testimony_unref(file);
        desk_end(&d);
    }
}

/* Beside a description that was seen, one of another time in a file binds nothing by its name. */
static void test_stated_beside_seen(void)
{
    for (int i = 0; i < 2; i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_testimony *file = witness("a.json", "Alice");
        text_t t = offer_text();
        wr_copy *c;
        bool there = false;
        wr_bound b;

        describe(&d, "AAAA", "BBBB", "2");
        t.candidate = NULL;
        t.fingerprint = sha256_of(0x17);
        c = say(&d.c, (way_t){.connection = 6, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER}, &t);
        state(&d, file, c, ANSWERED_US - (i == 0 ? 0 : WR_STATED_WINDOW_US + 1));
        check_of(f, 0, "BBBB", "AAAA", 0);
        wr_association_bind(d.c.e, a, &b);
        g_assert_cmpint(b.grade, ==, WR_B2);
        for (unsigned v = 0; v < b.n_views; v++)
            there |= b.views[v].copy[1] == c;
        g_assert_true(there == (i == 0));
        g_free(b.views);
        wr_testimony_unref(file);
        desk_end(&d);
    }
}

/* By addresses, or by certificates, a file's description binds where it is of about this time, and where the path's
 * checks do not go by other names, or by other passwords than it has. */
static void test_stated_addresses(void)
{
    enum {
        NO_CHECKS,
        IN_TIME,
        NO_NAMES,       /* the description has none */
        SEEN_ELSEWHERE, /* no file's: other names take nothing from it */
        BOUND,          /* all that bind are before */
        OTHER_NAMES = BOUND,
        ONE_OTHER_NAME,
        REFUTED,
        REFUTED_BACK,
        PARTNER_OF_OTHERS,
        TOO_LATE,
        NOT_DATED,
        CASES
    };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2;
        const bool by_certificate = i % 2 != 0;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_testimony *file = witness("a.json", "Alice");
        text_t o = offer_text(), w = answer_text(), x = answer_text();
        wr_copy *c, *other;
        wr_check *k;
        wr_bound b;

        if (by_certificate) {
            o.candidate = w.candidate = NULL;
            o.fingerprint = d.fingerprint[ALICE_HAS];
            a->side[0].first_encrypted_frame = 99;
            shows(&d, a, 1, ALICE_HAS);
        }
        if (which == NO_NAMES)
            o.ufrag = NULL;
        c = say(&d.c, OFFERED, &o);
        say(&d.c, ANSWERED, &w);
        c->partner = NULL;
        if (which != SEEN_ELSEWHERE)
            state(&d, file, c,
                  which == NOT_DATED  ? 0
                  : which == TOO_LATE ? ANSWERED_US + WR_STATED_WINDOW_US + 1
                  : which == IN_TIME  ? ANSWERED_US + WR_STATED_WINDOW_US
                                      : ANSWERED_US);
        x.session_id = "775533";
        x.candidate = NULL;
        x.ufrag = "XXXX";
        x.fingerprint = sha256_of(0x55);
        other = say(&d.c, (way_t){.connection = 6, .client = LENT, .kind = WR_KIND_ANSWER}, &x);
        if (which == PARTNER_OF_OTHERS)
            c->partner = other;
        if (which == OTHER_NAMES || which == SEEN_ELSEWHERE || which == NO_NAMES)
            check_of(f, 0, "CCCC", "DDDD", 20);
        if (which == ONE_OTHER_NAME) /* his is, hers is not his */
            check_of(f, 0, "BBBB", "DDDD", 20)->replayed = true;
        if (which == REFUTED) /* with another password than hers */
            check_of(f, 1, "AAAA", "DDDD", 20)->tried = true;
        if (which == REFUTED_BACK) { /* her own checks name her, and those of him were made with another one */
            check_of(f, 0, "DDDD", "AAAA", 20)->replayed = true;
            check_of(f, 1, "AAAA", "DDDD", 20)->tried = true;
        }
        if (which == PARTNER_OF_OTHERS) {
            k = check_of(f, 0, "DDDD", "AAAA", 20); /* which is hers, and says nothing of his */
            k->replayed = true;
        }
        wr_association_bind(d.c.e, a, &b);
        g_test_message("case %d%s", which, by_certificate ? ", by certificate" : "");
        g_assert_cmpint(b.grade, ==, which >= BOUND ? WR_B_NONE : by_certificate ? WR_B4 : WR_B3);
        g_free(b.views);
        c->partner = NULL;
        wr_testimony_unref(file);
        desk_end(&d);
    }
}

/* Checks that name a file's description do not keep it from being bound otherwise: with its own password, or with one
 * that was not tried. */
static void test_named_but_not_bound(void)
{
    for (int which = 0; which < 4; which++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_testimony *file = witness("a.json", "Alice");
        text_t o = offer_text(), w = answer_text();
        wr_copy *c;
        wr_check *k;
        wr_bound b;

        c = say(&d.c, OFFERED, &o);
        say(&d.c, ANSWERED, &w);
        c->partner = NULL;
        state(&d, file, c, ANSWERED_US);
        if (which < 2) { /* his to her; the other name is of no description, so that names do not bind */
            k = check_of(f, 1, "AAAA", "DDDD", 20);
        } else { /* hers to him, whose own to her were made with a password that fits, or are not seen */
            k = check_of(f, 0, "DDDD", "AAAA", 20);
            if (which == 3)
                check_of(f, 1, "AAAA", "DDDD", 10)->replayed = true;
        }
        k->replayed = which == 1;
        wr_association_bind(d.c.e, a, &b);
        g_test_message("case %d", which);
        g_assert_cmpint(b.grade, ==, WR_B3);
        g_free(b.views);
        wr_testimony_unref(file);
        desk_end(&d);
    }
}

/* ---- by addresses, by certificates ---- */

/* Several descriptions of one call that announce the same ends are one call; and where the first path's ends nobody
 * announced, the next one's count. */
static void test_announced_again(void)
{
    for (int i = 0; i < 4; i++) {
        const bool again = (i & 1) != 0, second = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_flow *f[2] = {flow_of(&d), flow_of(&d)};
        wr_association *a = answered(&d, f[0]);
        wr_copy *o = told(&d, false, false, sha256_of(1), NULL);
        wr_bound b;

        told(&d, true, false, sha256_of(2), NULL);
        if (again) {
            told(&d, false, true, sha256_of(1), NULL);
            told(&d, true, true, sha256_of(2), NULL);
        }
        if (second) {
            f[0]->end[0] = at("198.51.100.40", 1);
            f[0]->end[1] = at("198.51.100.41", 1);
            f[1]->first_frame = 77;
            wr_list_add(&a->flows, f[1]);
        }
        wr_association_bind(d.c.e, a, &b);
        g_test_message("case %d", i);
        g_assert_cmpint(b.grade, ==, WR_B3);
        g_assert_cmpuint(b.frame, ==, second ? 77 : 0);
        g_assert_cmpuint(b.n_views, ==, again ? 2 : 1);
        for (unsigned v = 0; v < b.n_views; v++) {
            g_assert_true(b.views[v].copy[1] != NULL && b.views[v].copy[1]->kind == WR_KIND_OFFER);
            g_assert_true(b.views[v].copy[0] != NULL && b.views[v].copy[0]->kind == WR_KIND_ANSWER);
        }
        g_assert_true(b.views[0].copy[1] == o);
        g_free(b.views);
        desk_end(&d);
    }
}

/* A certificate is known by whichever digest was announced of it; by none that was not. */
static void test_other_digests(void)
{
    static const struct {
        wr_hash hash;
        const char *name;
    } rows[] = {{WR_HASH_SHA1, "sha-1"}, {WR_HASH_SHA384, "sha-384"}, {WR_HASH_SHA512, "sha-512"}};

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const bool other = i % 2 != 0; /* another certificate's */
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d, NULL);
        wr_certificate *cert = d.certificate[other ? BOB_HAS : ALICE_HAS];
        GString *text = g_string_new(rows[i / 2].name);
        text_t t = offer_text();
        wr_copy *c;
        wr_bound b;

        wr_certificate_describe(cert);
        for (size_t n = 0; n < wr_hash_length(rows[i / 2].hash); n++)
            g_string_append_printf(text, "%c%02X", n == 0 ? ' ' : ':',
                                   wr_certificate_digest(cert, rows[i / 2].hash)[n]);
        t.candidate = NULL;
        t.fingerprint = text->str;
        c = say(&d.c, OFFERED, &t);
        a->side[1].first_encrypted_frame = 99;
        shows(&d, a, 1, ALICE_HAS);
        wr_association_bind(d.c.e, a, &b);
        g_test_message("%s", text->str);
        g_assert_cmpint(b.grade, ==, other ? WR_B_NONE : WR_B4);
        g_assert_true(other || (b.n_views == 1 && b.views[0].copy[1] == c));
        g_string_free(text, TRUE);
        g_free(b.views);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/binding_times/replayed", test_replayed);
    g_test_add_func("/binding_times/at_two_points", test_at_two_points);
    g_test_add_func("/binding_times/late_paths", test_late_paths);
    g_test_add_func("/binding_times/best_path", test_best_path);
    g_test_add_func("/binding_times/path_of_nobody", test_path_of_nobody);
    g_test_add_func("/binding_times/ends_of_a_path", test_ends_of_a_path);
    g_test_add_func("/binding_times/stated_names", test_stated_names);
    g_test_add_func("/binding_times/stated_beside_seen", test_stated_beside_seen);
    g_test_add_func("/binding_times/stated_addresses", test_stated_addresses);
    g_test_add_func("/binding_times/named_but_not_bound", test_named_but_not_bound);
    g_test_add_func("/binding_times/announced_again", test_announced_again);
    g_test_add_func("/binding_times/other_digests", test_other_digests);
    return g_test_run();
}
