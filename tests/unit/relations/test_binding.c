/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How firmly a handshake is bound to descriptions: by which checks, on which path, by addresses, by certificates (rules
 * 2.1, 2.5).
 */
#include "records_build.h"

static wr_association *answered(desk_t *d, wr_flow *f)
{
    wr_association *a = handshake_of(d, f, WR_A_VERIFIED);

    a->server_hello = 1000;
    a->server_hello_us = ANSWERED_US;
    return a;
}

/* Offer and answer without addresses; passwords: NULL for user names alone. */
static void describe(desk_t *d, bool passwords)
{
    text_t o = offer_text(), a = answer_text();

    o.candidate = a.candidate = NULL;
    if (!passwords) {
        o.ufrag = a.ufrag = NULL;
        o.lines = "a=ice-ufrag:AAAA\r\n";
        a.lines = "a=ice-ufrag:BBBB\r\n";
    }
    say(&d->c, OFFERED, &o);
    say(&d->c, ANSWERED, &a);
}

/* ---- one path ---- */

enum { REQUEST = 1, RESPONSE = 2, TRIED = 4 };

static const struct {
    const char *words;
    int forward, reverse; /* of Alice's checks and Bob's; -1: there are none */
    bool described;
    wr_binding grade;
} grades[] = {
    {"all four", REQUEST | RESPONSE, REQUEST | RESPONSE, true, WR_B0},
    {"without her answer", REQUEST, REQUEST | RESPONSE, true, WR_B1},
    {"without his answer", REQUEST | RESPONSE, REQUEST, true, WR_B1},
    {"her checks alone", REQUEST | RESPONSE, -1, true, WR_B1},
    {"his request is not valid", REQUEST | RESPONSE, RESPONSE, true, WR_B1},
    {"her request is not valid", RESPONSE, REQUEST | RESPONSE, true, WR_B1},
    {"his request alone", 0, REQUEST, true, WR_B1},
    {"names", 0, 0, true, WR_B2},
    {"names of one direction", 0, -1, true, WR_B2},
    {"a password that did not fit", TRIED, -1, true, WR_B_NONE},
    {"a password that did not fit, the other way", 0, TRIED, true, WR_B_NONE},
    {"names that nobody told", 0, 0, false, WR_B_NONE},
};

static void test_grades(gconstpointer data)
{
    const size_t n = GPOINTER_TO_SIZE(data);
    const int which[2] = {grades[n].forward, grades[n].reverse};
    desk_t d = desk_begin(NULL);
    wr_flow *f = flow_of(&d);
    wr_association *a = answered(&d, f);
    wr_bound b;

    if (grades[n].described)
        describe(&d, true);
    for (int from = 0; from < 2; from++) {
        wr_check *k;
        if (which[from] < 0)
            continue;
        k = from == 0 ? check_of(f, 0, "BBBB", "AAAA", 20) : check_of(f, 1, "AAAA", "BBBB", 10);
        if ((which[from] & REQUEST) != 0)
            prove(k, from == 0 ? PWD_B : PWD_A, (which[from] & RESPONSE) != 0);
        k->response_valid = (which[from] & RESPONSE) != 0;
        k->tried |= (which[from] & TRIED) != 0;
    }
    wr_association_bind(d.c.e, a, &b);
    g_assert_cmpint(b.grade, ==, grades[n].grade);
    g_assert_cmpuint(b.n_views, ==, grades[n].grade == WR_B_NONE ? 0 : 1);
    if (b.n_views > 0) {
        g_assert_cmpuint(b.n_ufrags, ==, 1);
        g_assert_cmpstr(b.ufrag[0][0], ==, "BBBB"); /* Bob is the client */
        g_assert_cmpstr(b.ufrag[0][1], ==, "AAAA");
        g_assert_nonnull(b.views[0].copy[0]);
        g_assert_true(b.views[0].copy[0]->kind == WR_KIND_ANSWER && b.views[0].copy[1]->kind == WR_KIND_OFFER);
        g_assert_true(b.by_address);
    }
    g_free(b.views);
    desk_end(&d);
}

/* Names that several calls use bind nothing by themselves. */
static void test_names_of_two_calls(void)
{
    for (unsigned two = 0; two < 2; two++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_bound b;
        describe(&d, true);
        if (two) {
            text_t o = offer_text();
            way_t w = OFFERED;
            o.candidate = NULL;
            o.session_id = "77001177";
            o.pwd = "anotherpasswordofanother";
            o.fingerprint = sha256_of(0x77);
            w.connection = 12;
            w.client = "198.51.100.44";
            w.server = "198.51.100.45";
            say(&d.c, w, &o);
        }
        check_of(f, 0, "BBBB", "AAAA", 20);
        wr_association_bind(d.c.e, a, &b);
        g_assert_cmpint(b.grade, ==, two ? WR_B_NONE : WR_B2);
        g_free(b.views);
        desk_end(&d);
    }
}

/* Of descriptions with one user name that with the password that validated counts; one without a password does not. */
static void test_passwords(void)
{
    for (unsigned i = 0; i < 6; i++) {
        const bool proven = i % 2 == 0, right = i < 2, none = i >= 4;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        text_t o = offer_text();
        wr_check *k;
        wr_bound b;
        o.candidate = NULL;
        o.pwd = right ? PWD_A : "anotherpasswordofanother";
        if (none) {
            o.ufrag = NULL;
            o.lines = "a=ice-ufrag:AAAA\r\n";
        }
        say(&d.c, OFFERED, &o);
        k = check_of(f, 1, "AAAA", "BBBB", 10);
        if (proven)
            prove(k, PWD_A, false);
        wr_association_bind(d.c.e, a, &b);
        g_test_message("case %u", i);
        g_assert_cmpuint(b.n_views, ==, proven && right ? 1 : 0);
        g_assert_cmpint(b.grade, ==, proven && right ? WR_B1 : WR_B_NONE);
        if (b.n_views > 0)
            g_assert_cmpuint(b.frame, ==, k->valid_frame);
        g_free(b.views);
        desk_end(&d);
    }
}

/* Strangers say very many copies of a description before it is told: what the hosts of the path told and were told is
 * found behind them. */
static void test_copies_before(void)
{
    desk_t d = desk_begin(NULL);
    wr_flow *f = flow_of(&d);
    wr_association *a = answered(&d, f);
    bool found[2] = {false, false};
    wr_bound b;

    for (unsigned i = 0; i < 2 * (WR_MAX_BUCKET + 6); i++) {
        text_t t = i % 2 == 0 ? offer_text() : answer_text();
        way_t w = OFFERED;
        t.candidate = NULL;
        t.fingerprint = sha256_of(0x10 + i / 2);
        w.connection = 12;
        w.client = "198.51.100.44";
        w.server = "198.51.100.45";
        say(&d.c, w, &t);
    }
    describe(&d, true);
    prove(check_of(f, 0, "BBBB", "AAAA", 20), PWD_B, true);
    prove(check_of(f, 1, "AAAA", "BBBB", 10), PWD_A, true);
    wr_association_bind(d.c.e, a, &b);
    for (unsigned i = 0; i < b.n_views; i++)
        for (int side = 0; side < 2; side++)
            found[side] |= b.views[i].applies && b.views[i].tie == WR_TIE_ADDRESS && b.views[i].copy[side] != NULL;
    g_assert_true(found[0] && found[1]);
    g_free(b.views);
    desk_end(&d);
}

/* ---- several checks on one path, several paths ---- */

typedef struct {
    int64_t before; /* the answer, in seconds */
    bool proven;
} tried_t;

static const struct {
    const char *words;
    tried_t right, wrong;
} several[] = {
    {"a proven one, later", {5, true}, {20, false}},
    {"a proven one, earlier", {20, true}, {5, false}},
    {"a proven one, though after the answer", {-5, true}, {20, false}},
    {"the latest before the answer", {5, true}, {20, true}},
    {"before, not after", {20, true}, {-5, true}},
    {"the first after", {-5, true}, {-20, true}},
    {"by names, the latest before the answer", {5, false}, {20, false}},
    {"by names, before", {20, false}, {-5, false}},
};

/* The first exchange of names, AAA1 and BBB1, or the next one. */
static void describe_again(desk_t *d, bool first)
{
    text_t o = offer_text(), w = answer_text();

    o.candidate = w.candidate = NULL;
    o.ufrag = first ? "AAA1" : "AAA2";
    w.ufrag = first ? "BBB1" : "BBB2";
    o.version = w.version = first ? "3" : "4";
    say(&d->c, OFFERED, &o);
    say(&d->c, ANSWERED, &w);
}

/* Two generations of names on one path: which of them is in force. */
static void test_generations(gconstpointer data)
{
    const size_t n = GPOINTER_TO_SIZE(data);

    for (unsigned order = 0; order < 2; order++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_bound b;
        for (unsigned i = 0; i < 2; i++) {
            const bool right = i == order;
            const tried_t *t = right ? &several[n].right : &several[n].wrong;
            wr_check *k;
            describe_again(&d, right);
            k = check_of(f, 0, right ? "BBB1" : "BBB2", right ? "AAA1" : "AAA2", t->before);
            if (t->proven)
                prove(k, PWD_B, false);
        }
        wr_association_bind(d.c.e, a, &b);
        g_assert_cmpuint(b.n_ufrags, ==, 1);
        g_assert_cmpstr(b.ufrag[0][0], ==, "BBB1");
        g_assert_cmpint(b.grade, ==, several[n].right.proven ? WR_B1 : WR_B2);
        g_free(b.views);
        desk_end(&d);
    }
}

/* A later check whose names are of two exchanges, with the password of the one who is asked: anybody can have made it.
 */
static void test_names_of_two_exchanges(void)
{
    for (unsigned order = 0; order < 2; order++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_association *a = answered(&d, f);
        wr_bound b;
        describe_again(&d, true);
        describe_again(&d, false);
        for (unsigned i = 0; i < 2; i++) {
            const bool forged = i == order;
            prove(check_of(f, 0, "BBB1", forged ? "AAA2" : "AAA1", forged ? 5 : 20), PWD_B, true);
        }
        wr_association_bind(d.c.e, a, &b);
        g_assert_cmpuint(b.n_ufrags, ==, 1);
        g_assert_cmpstr(b.ufrag[0][0], ==, "BBB1");
        g_assert_cmpstr(b.ufrag[0][1], ==, "AAA1");
        g_free(b.views);
        desk_end(&d);
    }
}

/* Two paths that show one handshake: those in use when it was answered, of these the proven ones. */
static void test_paths(void)
{
    static const struct {
        tried_t first, second;
        bool counts[2];
    } rows[] = {
        {{20, true}, {10, true}, {true, true}},   {{20, true}, {-10, true}, {true, false}},
        {{-10, true}, {20, true}, {false, true}}, {{20, true}, {10, false}, {true, false}},
        {{20, false}, {10, true}, {false, true}}, {{-5, true}, {-10, true}, {true, false}},
        {{20, false}, {10, false}, {true, true}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f[2] = {flow_of(&d), flow_of(&d)};
        wr_association *a = answered(&d, f[0]);
        const tried_t *t[2] = {&rows[i].first, &rows[i].second};
        bool used[2] = {false, false};
        wr_bound b;
        f[1]->end[1] = at("198.51.100.30", 3000);
        f[1]->client_end = 1;
        wr_list_add(&a->flows, f[1]);
        for (unsigned n = 0; n < 2; n++) {
            text_t o = offer_text(), w = answer_text();
            wr_check *k;
            o.candidate = w.candidate = NULL;
            o.ufrag = n == 0 ? "AAA1" : "AAA2";
            w.ufrag = n == 0 ? "BBB1" : "BBB2";
            o.version = w.version = n == 0 ? "3" : "4";
            say(&d.c, OFFERED, &o);
            say(&d.c, ANSWERED, &w);
            k = check_of(f[n], 0, w.ufrag, o.ufrag, t[n]->before);
            if (t[n]->proven)
                prove(k, PWD_B, false);
        }
        wr_association_bind(d.c.e, a, &b);
        for (unsigned n = 0; n < b.n_ufrags; n++)
            used[b.ufrag[n][0][3] - '1'] = true;
        g_test_message("row %zu", i);
        g_assert_true(used[0] == rows[i].counts[0] && used[1] == rows[i].counts[1]);
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- by addresses ---- */

static wr_copy *announce(desk_t *d, bool answer, unsigned call, const char *candidate)
{
    text_t t = answer ? answer_text() : offer_text();
    way_t w = answer ? (way_t)ANSWERED : (way_t)OFFERED;
    char id[32];

    g_snprintf(id, sizeof id, "%u", 550000 + 10 * call + answer);
    t.session_id = id;
    t.ufrag = call == 0 ? t.ufrag : answer ? "NNN2" : "NNN1";
    t.pwd = call == 0 ? t.pwd : "anotherpasswordofanother";
    t.fingerprint = sha256_of(0x10 + 2 * call + answer);
    t.candidate = candidate;
    w.connection = call + 1;
    w.client = call == 0 ? ALICE : "198.51.100.44";
    w.server = call == 0 ? SERVER : "198.51.100.45";
    return say(&d->c, w, &t);
}

/* The one call whose descriptions announced both ends. */
static void test_addresses(void)
{
    enum { BOTH, ONE_END, OTHER_PORT, TWO_CALLS, ONE_END_TWICE, ENDS_OF_TWO_CALLS, CASES };

    for (int which = BOTH; which < CASES; which++) {
        for (unsigned swapped = 0; swapped < 2; swapped++) { /* who is the client */
            desk_t d = desk_begin(NULL);
            wr_flow *f = flow_of(&d);
            wr_association *a = answered(&d, f);
            wr_copy *o = announce(&d, false, 0, ALICE " 5000"), *w = NULL;
            wr_bound b;
            const bool bound = which == BOTH || which == ONE_END_TWICE;
            f->first_frame = 88;
            if (swapped) {
                a->side[0].end = ALICES;
                a->side[1].end = BOBS;
                a->client_end = 0;
            }
            if (which != ONE_END && which != ENDS_OF_TWO_CALLS)
                w = announce(&d, true, 0, which == OTHER_PORT ? BOB " 6001" : BOB " 6000");
            if (which == TWO_CALLS || which == ONE_END_TWICE)
                announce(&d, false, 1, ALICE " 5000");
            if (which == TWO_CALLS || which == ENDS_OF_TWO_CALLS)
                announce(&d, true, 1, BOB " 6000");
            wr_association_bind(d.c.e, a, &b);
            g_test_message("case %d", which);
            g_assert_cmpint(b.grade, ==, bound ? WR_B3 : WR_B_NONE);
            if (bound) {
                g_assert_cmpuint(b.frame, ==, 88);
                g_assert_cmpuint(b.n_views, ==, 1);
                g_assert_true(b.views[0].copy[swapped ? 0 : 1] == o && b.views[0].copy[swapped ? 1 : 0] == w);
            } else {
                g_assert_cmpuint(b.n_views, ==, 0);
            }
            g_free(b.views);
            desk_end(&d);
        }
    }
}

/* ---- by certificates ---- */

/* Announced by a digest that nobody asked for until now. */
static void test_other_digests(void)
{
    static const struct {
        const char *name;
        GChecksumType type;
    } rows[] = {{"sha-384", G_CHECKSUM_SHA384}, {"sha-512", G_CHECKSUM_SHA512}};

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d, NULL);
        const wr_certificate *cert = d.certificate[BOB_HAS];
        GChecksum *sum = g_checksum_new(rows[i / 2].type);
        GString *text = g_string_new(rows[i / 2].name);
        text_t w = answer_text();
        wr_copy *answer;
        wr_bound b;
        uint8_t digest[64];
        gsize n = sizeof digest;

        g_checksum_update(sum, cert->der, (gssize)cert->der_length);
        g_checksum_get_digest(sum, digest, &n);
        for (gsize k = 0; k < n; k++)
            g_string_append_printf(text, "%c%02X", k == 0 ? ' ' : ':', (unsigned)digest[k]);
        w.candidate = NULL;
        w.fingerprint = text->str;
        answer = say(&d.c, ANSWERED, &w);
        shows(&d, a, 0, i % 2 == 0 ? BOB_HAS : MALLORY_HAS);
        a->side[0].first_encrypted_frame = 99;
        wr_association_bind(d.c.e, a, &b);
        g_test_message("%s, %zu", rows[i / 2].name, i % 2);
        g_assert_cmpint(b.grade, ==, i % 2 == 0 ? WR_B4 : WR_B_NONE);
        if (i % 2 == 0)
            g_assert_true(b.views[0].copy[0] == answer);
        g_free(b.views);
        g_string_free(text, TRUE);
        g_checksum_free(sum);
        desk_end(&d);
    }
}

/* The one call that announced what was shown. */
static void test_certificates(void)
{
    enum {
        BOTH,
        CLIENT,
        SERVER_ONLY,
        SIGNED,
        NEITHER,
        CLIENT_TWICE,
        OF_TWO_CALLS,
        SHOWN_BY_NOBODY,
        NOTHING_FOLLOWED,
        CASES
    };

    for (int which = BOTH; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d, NULL);
        text_t o = offer_text(), w = answer_text(), more = answer_text();
        way_t other = ANSWERED;
        wr_copy *offer, *answer;
        wr_bound b;
        const bool bound = which <= SIGNED;
        o.candidate = w.candidate = more.candidate = NULL;
        o.fingerprint = d.fingerprint[ALICE_HAS];
        w.fingerprint = d.fingerprint[BOB_HAS];
        offer = say(&d.c, OFFERED, &o);
        answer = say(&d.c, ANSWERED, &w);
        if (which == CLIENT_TWICE || which == OF_TWO_CALLS) {
            more.session_id = "991199";
            more.ufrag = "MORE";
            more.pwd = "anotherpasswordofanother";
            more.fingerprint = d.fingerprint[which == CLIENT_TWICE ? BOB_HAS : CAROL_HAS];
            other.connection = 13;
            other.client = "198.51.100.44";
            other.server = "198.51.100.45";
            say(&d.c, other, &more);
        }
        if (which != SERVER_ONLY && which != SHOWN_BY_NOBODY)
            shows(&d, a, 0, which == NEITHER ? MALLORY_HAS : which == OF_TWO_CALLS ? CAROL_HAS : BOB_HAS);
        if (which == BOTH || which == SERVER_ONLY || which == OF_TWO_CALLS)
            shows(&d, a, 1, ALICE_HAS);
        if (which != SIGNED && which != NOTHING_FOLLOWED) /* else a Certificate that anybody can send again */
            a->side[0].first_encrypted_frame = 99;
        if (which == SIGNED)
            a->possession[0] = WR_POSSESSION_PROVED;
        wr_association_bind(d.c.e, a, &b);
        g_test_message("case %d", which);
        g_assert_cmpint(b.grade, ==, bound ? WR_B4 : WR_B_NONE);
        if (bound) {
            g_assert_cmpuint(b.frame, ==, a->first_frame);
            g_assert_true(b.views[0].copy[0] == (which == SERVER_ONLY ? NULL : answer));
            g_assert_true(b.views[0].copy[1] == (which == CLIENT || which == SIGNED ? NULL : offer));
        }
        g_free(b.views);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(grades); i++) {
        char *path = g_strdup_printf("/binding/grades/%s", grades[i].words);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_grades);
        g_free(path);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(several); i++) {
        char *path = g_strdup_printf("/binding/generations/%s", several[i].words);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_generations);
        g_free(path);
    }
    g_test_add_func("/binding/names_of_two_calls", test_names_of_two_calls);
    g_test_add_func("/binding/passwords", test_passwords);
    g_test_add_func("/binding/copies_before", test_copies_before);
    g_test_add_func("/binding/names_of_two_exchanges", test_names_of_two_exchanges);
    g_test_add_func("/binding/paths", test_paths);
    g_test_add_func("/binding/addresses", test_addresses);
    g_test_add_func("/binding/certificates", test_certificates);
    g_test_add_func("/binding/other_digests", test_other_digests);
    return g_test_run();
}
