/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions that files tell, beside packets: which call they join, at what time they count, what they do for the
 * verdict, and what is said of the files themselves.
 */
#include "statements_build.h"

#include "records/stated.h"
#include "records/store.h"
#include "report/origin.h"
#include "report/report.h"

typedef struct {
    call_t c;
    wr_testimony *alices, *bobs;
    wr_testimony *files[2];
    wr_options options;
    wr_certificate *alice, *bob, *mallory;
    char *fingerprint[3]; /* of these */
    int64_t begun_us;     /* the call, by the capture's clock */
} told_t;

static void begin(told_t *x)
{
    memset(x, 0, sizeof *x);
    x->alice = some_certificate(0x21);
    x->bob = some_certificate(0x31);
    x->mallory = some_certificate(0x41);
    x->fingerprint[0] = fingerprint_of(x->alice);
    x->fingerprint[1] = fingerprint_of(x->bob);
    x->fingerprint[2] = fingerprint_of(x->mallory);
    x->files[0] = x->alices = witness("alice.json", "Alice");
    x->files[1] = x->bobs = witness("bob.json", BOB);
    x->options.testimonies = x->files;
    x->options.n_testimonies = 2;
    x->begun_us = INT64_C(1700000000) * S;
}

static void end(told_t *x)
{
    call_end(&x->c);
    for (unsigned i = 0; i < 3; i++)
        g_free(x->fingerprint[i]);
    wr_certificate_unref(x->alice);
    wr_certificate_unref(x->bob);
    wr_certificate_unref(x->mallory);
    wr_testimony_unref(x->alices);
    wr_testimony_unref(x->bobs);
}

/* One party's word on the call: what it gave, and what it got with this fingerprint. */
static void tells(told_t *x, bool bob, const char *gave, const char *got, int64_t us)
{
    wr_testimony *t = bob ? x->bobs : x->alices;
    text_t own = bob ? answer_text() : offer_text(), other = bob ? offer_text() : answer_text();

    own.fingerprint = gave;
    other.fingerprint = got;
    if (bob) {
        tell_of(t, WR_DIRECTION_DELIVERED, WR_KIND_OFFER, &other, us);
        tell_of(t, WR_DIRECTION_EMITTED, WR_KIND_ANSWER, &own, us != 0 ? us + 100 * MS : 0);
    } else {
        tell_of(t, WR_DIRECTION_EMITTED, WR_KIND_OFFER, &own, us);
        tell_of(t, WR_DIRECTION_DELIVERED, WR_KIND_ANSWER, &other, us != 0 ? us + 100 * MS : 0);
    }
}

/* The packets of the call, without its signalling. */
static void packets(told_t *x, bool checks)
{
    shake_t k = shake_of(1);

    x->c = call_begin(&x->options);
    k.certificate[0] = x->bob;
    k.certificate[1] = x->alice;
    if (checks)
        connect_ends(&x->c);
    shake(&x->c, &k);
    stream(&x->c, ALICES, BOBS, 0xA11CE, 1, 5);
}

static const wr_session *judge(told_t *x)
{
    wr_engine_evaluate(x->c.e);
    g_assert_cmpuint(wr_engine_sessions(x->c.e)->len, >=, 1);
    return g_ptr_array_index(wr_engine_sessions(x->c.e), 0);
}

static const wr_witness *witness_of(const told_t *x, bool bob)
{
    return &g_array_index(x->c.e->witnesses, wr_witness, bob ? 1 : 0);
}

/* What each of the two files says was given and got, and what follows for the call. */
static void test_verdicts(void)
{
    enum { ALICE_S, BOB_S, MALLORY_S };
    static const struct {
        bool alice, bob;
        int got_by_alice, got_by_bob;
        wr_session_verdict verdict;
        unsigned agree; /* WIT-04 */
    } rows[] = {
        {true, false, BOB_S, 0, WR_S_VERIFIED_LEG, 0},
        {false, true, 0, ALICE_S, WR_S_VERIFIED_LEG, 0},
        {true, true, BOB_S, ALICE_S, WR_S_VERIFIED_CROSS, 1},
        {true, true, BOB_S, MALLORY_S, WR_S_SUBSTITUTED_NOT_FOLLOWED, 0},
        {true, true, MALLORY_S, ALICE_S, WR_S_SUBSTITUTED_NOT_FOLLOWED, 0},
        {true, false, MALLORY_S, 0, WR_S_MISMATCH, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        told_t x;
        const wr_session *s;
        begin(&x);
        if (rows[i].alice)
            tells(&x, false, x.fingerprint[ALICE_S], x.fingerprint[rows[i].got_by_alice], x.begun_us);
        if (rows[i].bob)
            tells(&x, true, x.fingerprint[BOB_S], x.fingerprint[rows[i].got_by_bob], x.begun_us);
        packets(&x, true);
        s = judge(&x);
        g_test_message("row %zu", i);
        g_assert_cmpint(s->verdict, ==, rows[i].verdict);
        g_assert_cmpuint(found(&x.c, "WIT-04", WR_CHAT), ==, rows[i].agree);
        g_assert_true((strstr(s->sentence, "alice.json (webrtc-internals dump of Alice)") != NULL) == rows[i].alice);
        g_assert_true((strstr(s->sentence, "bob.json (webrtc-internals dump of " BOB ")") != NULL) == rows[i].bob);
        g_assert_nonnull(
            strstr(s->sentence, rows[i].alice && rows[i].bob ? "as true as these files" : "as true as that file"));
        g_assert_nonnull(strstr(s->sentence, ". Descriptions in it are known by the word of "));
        g_assert_true((strstr(s->sentence, "of Alice) and bob.json") != NULL) == (rows[i].alice && rows[i].bob));
        g_assert_null(strstr(s->sentence, "21474836")); /* no number of a frame that is none */
        g_assert_cmpuint(witness_of(&x, false)->copies, ==, rows[i].alice ? 2 : 0);
        g_assert_cmpuint(witness_of(&x, false)->used, ==, rows[i].alice ? 2 : 0);
        g_assert_cmpuint(witness_of(&x, true)->used, ==, rows[i].bob ? 2 : 0);
        /* a file that said nothing is no objection; one whose words fit, neither */
        g_assert_cmpuint(found(&x.c, "WIT-03", -1), ==, 0);
        end(&x);
    }
}

/* The witness's clock is brought to the capture's by the first check with a password that he names. */
static void test_clocks(void)
{
    static const struct {
        int64_t ahead_ms; /* the description's time after the call's */
        bool aligned;     /* to the first check */
        int64_t declared_ms;
    } rows[] = {{-5000, false, 0},         {-9900, false, 0},         {-11000, true, 0},
                {1000, true, 0},           {3600000, true, 0},        {-3600000, true, 0},
                {3599000, false, 3600000}, {3595000, false, 3600000}, {3610000, true, 3600000}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        told_t x;
        int64_t said, offset;
        const wr_witness *w;
        begin(&x);
        x.alices->offset_us = rows[i].declared_ms * MS;
        said = x.begun_us + rows[i].ahead_ms * MS;
        tells(&x, false, x.fingerprint[0], x.fingerprint[1], said);
        packets(&x, true);
        g_assert_cmpint(judge(&x)->verdict, ==, WR_S_VERIFIED_LEG);
        w = witness_of(&x, false);
        offset = w->offset_us - x.alices->offset_us;
        g_test_message("row %zu: %" G_GINT64_FORMAT, i, offset);
        g_assert_true(w->aligned);
        g_assert_true((offset != 0) == rows[i].aligned);
        if (rows[i].aligned) { /* answer or offer stand right at the first check that used them */
            int64_t last = said + 100 * MS - w->offset_us, first = said - w->offset_us;
            g_assert_cmpint(first, <=, x.begun_us + 25 * MS);
            g_assert_cmpint(last, >=, x.begun_us + 10 * MS);
        }
        end(&x);
    }
}

/* Without times a description takes the time of the first check with its password; without either it binds nothing
 * but by its certificate. */
static void test_without_times(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool checks = (i & 1) != 0, times = (i & 2) != 0;
        told_t x;
        const wr_session *s;
        begin(&x);
        tells(&x, false, x.fingerprint[0], x.fingerprint[1], times ? x.begun_us : 0);
        packets(&x, checks);
        s = judge(&x);
        g_test_message("%s checks, %s times", checks ? "with" : "without", times ? "with" : "without");
        g_assert_cmpint(s->verdict, ==, checks || times ? WR_S_VERIFIED_LEG : WR_S_NO_SIGNALLING);
        g_assert_true(witness_of(&x, false)->aligned == (checks && times));
        g_assert_cmpuint(found(&x.c, "WIT-03", WR_NOTE), ==, checks || times ? 0 : 1);
        if (checks && !times) {
            const struct wr_stated *offer = wr_stated_at(x.c.e, WR_STATED_FRAME);
            g_assert_nonnull(offer);
            g_assert_cmpint(offer->copy->time_us, >, x.begun_us);
        }
        end(&x);
    }
}

/* How far from the handshake addresses and certificates of a file still count. */
static void test_window(void)
{
    static const struct {
        int64_t apart_s;
        bool counts;
    } rows[] = {{-590, true}, {590, true}, {-610, false}, {610, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        told_t x;
        begin(&x);
        tells(&x, false, x.fingerprint[0], x.fingerprint[1], x.begun_us + rows[i].apart_s * S);
        packets(&x, false);
        g_test_message("%d s apart", (int)rows[i].apart_s);
        g_assert_cmpint(judge(&x)->verdict, ==, rows[i].counts ? WR_S_VERIFIED_LEG : WR_S_NO_SIGNALLING);
        end(&x);
    }
}

/* WIT-01: two files, or a file and the signalling, on one description of one party. */
static void test_same_side(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool differs = (i & 1) != 0, signalling = (i & 2) != 0;
        told_t x;
        const char *other;
        begin(&x);
        other = x.fingerprint[differs ? 2 : 0];
        tells(&x, false, x.fingerprint[0], x.fingerprint[1], x.begun_us);
        if (!signalling) { /* a second file of hers */
            text_t own = offer_text();
            own.fingerprint = other;
            tell_of(x.bobs, WR_DIRECTION_EMITTED, WR_KIND_OFFER, &own, x.begun_us);
        }
        packets(&x, true);
        if (signalling) {
            text_t own = offer_text();
            own.fingerprint = other;
            say(&x.c, OFFERED, &own);
        }
        wr_engine_evaluate(x.c.e);
        g_test_message("%s, %s", differs ? "another" : "the same", signalling ? "signalled" : "stated");
        g_assert_cmpuint(found(&x.c, "WIT-01", WR_WARN), ==, differs ? 1 : 0);
        if (differs) {
            g_assert_nonnull(strstr(the_finding(&x.c, "WIT-01")->message, "the client sent"));
            g_assert_nonnull(strstr(the_finding(&x.c, "WIT-01")->message, "of alice.json"));
        }
        end(&x);
    }
}

/* WIT-02: what one end was shown against what the other had. */
static void test_both_ends(void)
{
    enum { NONE = 0, RIGHT, WRONG };
    static const struct {
        int alice_saw, bob_saw;
        bool names;
        unsigned expected;
    } rows[] = {{RIGHT, RIGHT, true, 0}, {WRONG, RIGHT, true, 1}, {RIGHT, WRONG, true, 1},
                {WRONG, WRONG, true, 2}, {NONE, NONE, true, 0},   {WRONG, WRONG, false, 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        told_t x;
        transport_t a = {.own = "AAAA", .other = "BBBB"}, b = {.own = "BBBB", .other = "AAAA"};
        begin(&x);
        a.local = x.alice;
        a.remote = rows[i].alice_saw == NONE ? NULL : rows[i].alice_saw == RIGHT ? x.bob : x.mallory;
        b.local = x.bob;
        b.remote = rows[i].bob_saw == NONE ? NULL : rows[i].bob_saw == RIGHT ? x.alice : x.mallory;
        if (!rows[i].names)
            b.other = NULL;
        testify(x.alices, &a);
        testify(x.bobs, &b);
        packets(&x, true);
        g_test_message("row %zu", i);
        g_assert_cmpuint(found(&x.c, "WIT-02", WR_ERROR), ==, rows[i].expected);
        end(&x);
    }
}

/* WIT-03: a file that says nothing of this capture, and one with something wrong in it. */
static void test_foreign_files(void)
{
    told_t x;
    text_t other = offer_text();

    begin(&x);
    other.session_id = "99";
    other.ufrag = "XXXX";
    other.pwd = "anotheranotheranother22";
    other.fingerprint = x.fingerprint[2];
    other.candidate = "198.51.100.7 7000";
    tell_of(x.alices, WR_DIRECTION_EMITTED, WR_KIND_OFFER, &other, x.begun_us);
    x.bobs->problem = g_strdup("it ends too early");
    packets(&x, true);
    g_assert_cmpint(judge(&x)->verdict, ==, WR_S_NO_SIGNALLING);
    g_assert_cmpuint(wr_engine_sessions(x.c.e)->len, ==, 1); /* the other call is none of the capture's */
    g_assert_cmpuint(found(&x.c, "WIT-03", WR_NOTE), ==, 2);
    g_assert_cmpuint(witness_of(&x, false)->copies, ==, 1);
    g_assert_cmpuint(witness_of(&x, false)->used, ==, 0);
    end(&x);
}

/* A file that fits signalling alone: of its call there is no packet of media, so nothing of it was of use. */
static void test_without_packets(void)
{
    for (unsigned media = 0; media < 2; media++) {
        told_t x;
        text_t o = offer_text(), a = answer_text();

        begin(&x);
        tells(&x, false, x.fingerprint[0], x.fingerprint[1], x.begun_us);
        x.c = call_begin(&x.options);
        o.fingerprint = x.fingerprint[0];
        a.fingerprint = x.fingerprint[1];
        say(&x.c, OFFERED, &o);
        say(&x.c, ANSWERED, &a);
        if (media != 0) /* a path of it is enough */
            connect_ends(&x.c);
        judge(&x);
        g_assert_cmpuint(witness_of(&x, false)->copies, ==, 2);
        g_assert_cmpuint(witness_of(&x, false)->used, ==, media != 0 ? 2 : 0);
        end(&x);
    }
}

/* A file's party by name or address; the address that his statistics give is his as well. */
static void test_whose(void)
{
    told_t x;
    const wr_session *s;
    transport_t b = {.own = "BBBB", .other = "AAAA", .local_host = "192.0.2.77", .local_port = 6111};
    const wr_endpoint bob = BOBS, his = at("192.0.2.77", 6111);
    const wr_copy *answer;
    bool has = false;

    begin(&x);
    tells(&x, false, x.fingerprint[0], x.fingerprint[1], x.begun_us);
    tells(&x, true, x.fingerprint[1], x.fingerprint[0], x.begun_us);
    testify(x.bobs, &b);
    packets(&x, true);
    s = judge(&x);
    g_assert_cmpuint(s->n_parties, ==, 2);
    g_assert_cmpstr(s->parties[0].name, ==, "Alice");
    g_assert_true(wr_endpoint_same_host(&s->parties[1].address, &bob));
    answer = wr_stated_at(x.c.e, WR_STATED_FRAME + 3)->copy;
    for (unsigned i = 0; i < answer->n_addresses; i++)
        has |= wr_endpoint_equal(&answer->addresses[i], &his);
    g_assert_true(has);
    end(&x);
}

static void gather(const char *line, void *data)
{
    g_string_append(data, line);
}

/* Reports say whose files they are, what of them was used, and how their clocks go. */
static void test_reports(void)
{
    told_t x;
    GString *page = g_string_new(NULL), *json = g_string_new(NULL);
    wr_report_origin *origin = wr_report_origin_new();

    begin(&x);
    x.alices->sha256 = g_strdup("0123456789abcdef0123456789abcdef");
    x.alices->user_agent = g_strdup("Browser 1");
    tells(&x, false, x.fingerprint[0], x.fingerprint[1], x.begun_us - 3600 * S);
    testify(x.bobs, &(transport_t){.own = "BBBB", .other = "AAAA", .local = x.bob});
    testify(x.alices, &(transport_t){.own = "EEEE", .other = "FFFF", .local = x.alice});
    x.bobs->problem = g_strdup("it ends too early");
    packets(&x, true);
    wr_engine_evaluate(x.c.e);
    wr_report_origin_add_statements(origin, x.c.e);
    wr_report_html(x.c.e, NULL, origin, gather, page);
    wr_report_json(x.c.e, NULL, gather, json);
    g_assert_nonnull(strstr(page->str, "webrtc-internals dump of Alice; 2023-11-14"));
    g_assert_nonnull(strstr(page->str, "2 descriptions, 2 in calls of this capture"));
    g_assert_nonnull(strstr(page->str, "behind the capture&apos;s"));
    g_assert_nonnull(strstr(page->str, "statistics of 1 transport, 1 in this capture; it ends too early"));
    g_assert_nonnull(strstr(json->str, "\"kind\":\"statement\""));
    g_assert_nonnull(strstr(json->str, "\"first_time\":\"2023-11-14T21:13:20.000000Z\""));
    g_assert_nonnull(strstr(json->str, "\"user_agent\":\"Browser 1\""));
    g_assert_nonnull(strstr(json->str, "\"transports_used\":1"));
    g_assert_nonnull(strstr(json->str, "\"fit_no_packet\":[]"));
    g_assert_nonnull(strstr(json->str, "\"ufrag\":\"EEEE\"}]"));
    g_string_free(page, TRUE);
    wr_report_origin_free(origin);
    g_string_free(json, TRUE);
    end(&x);
}

/* Numbers of statements are named wherever a text has them, others stay as they are. */
static void test_names_of_frames(void)
{
    static const char *const rows[][2] = {
        {"frame 2147483648", "statement 1 of alice.json"},
        {"(frame 2147483648)", "(statement 1 of alice.json)"},
        {"in frames 2147483648 and 2147483649.", "in statement 1 of alice.json and statement 2 of alice.json."},
        {"in frames 2147483648 and 7.", "in statement 1 of alice.json and frame 7."},
        {"in frames 7 and 2147483648.", "in frames 7 and statement 1 of alice.json."},
        {"frames 2147483648, 7 and 8", "statement 1 of alice.json, frame 7 and 8"},
        {"frame 2147483700", "frame 2147483700"},     /* nothing has this number */
        {"port 4294967296000", "port 4294967296000"}, /* too long for one */
        {"a2147483648", "a2147483648"},               /* part of a word */
        {"214748364", "214748364"},
        {"", ""},
    };
    told_t x;

    begin(&x);
    tells(&x, false, x.fingerprint[0], x.fingerprint[1], x.begun_us);
    packets(&x, true);
    wr_engine_evaluate(x.c.e);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *named = wr_stated_name_frames(x.c.e, g_strdup(rows[i][0]));
        g_assert_cmpstr(named, ==, rows[i][1]);
        g_free(named);
    }
    end(&x);
}

/* What is neither a description nor of a kind that says something without one is passed over. */
static void test_kinds(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool text = (i & 1) != 0, kind = (i & 2) != 0;
        const text_t o = offer_text();
        told_t x;

        begin(&x);
        tell_of(x.alices, WR_DIRECTION_EMITTED, kind ? WR_KIND_OFFER : WR_KIND_UNKNOWN, text ? &o : NULL, x.begun_us);
        packets(&x, true);
        wr_engine_evaluate(x.c.e);
        g_test_message("case %u", i);
        g_assert_cmpuint(x.c.e->stated->len, ==, text || kind ? 1 : 0);
        g_assert_cmpuint(wr_engine_copies(x.c.e)->len, ==, text ? 1 : 0);
        end(&x);
    }
}

/* Two files that do not say at which end they were written may be of one end. */
static void test_of_unknown_ends(void)
{
    for (unsigned directed = 0; directed < 2; directed++) {
        told_t x;
        text_t o = offer_text(), a = answer_text();
        const wr_session *s;
        begin(&x);
        o.fingerprint = x.fingerprint[0];
        a.fingerprint = x.fingerprint[1];
        for (unsigned i = 0; i < 2; i++) {
            const wr_direction gave = directed == 0 ? WR_DIRECTION_UNKNOWN : WR_DIRECTION_EMITTED,
                               got = directed == 0 ? WR_DIRECTION_UNKNOWN : WR_DIRECTION_DELIVERED;
            tell_of(x.files[i], i == 0 ? gave : got, WR_KIND_OFFER, &o, x.begun_us);
            tell_of(x.files[i], i == 0 ? got : gave, WR_KIND_ANSWER, &a, x.begun_us + 100 * MS);
        }
        packets(&x, true);
        s = judge(&x);
        g_assert_cmpint(s->verdict, ==, directed == 0 ? WR_S_VERIFIED_LEG : WR_S_VERIFIED_CROSS);
        g_assert_cmpuint(found(&x.c, "WIT-04", WR_CHAT), ==, directed);
        end(&x);
    }
}

/* A file of about this time with the same certificates and addresses, but with names or passwords that the checks do
 * not go by: another call of theirs. Where no checks tell, it is theirs. */
static void test_of_another_call(void)
{
    static const struct {
        const char *offers_name, *offers_password, *answers_name, *answers_password;
        int fingerprint; /* of Bob's */
        bool checks, used;
    } rows[] = {{"AAAA", PWD_A, "BBBB", PWD_B, 1, true, true},  {"AAAA", PWD_B, "BBBB", PWD_A, 1, true, false},
                {"AAAA", PWD_B, "BBBB", PWD_A, 2, true, false}, {"AAAA", PWD_A, "BBBB", PWD_A, 1, true, true},
                {"CCCC", PWD_A, "DDDD", PWD_B, 1, true, false}, {"CCCC", PWD_A, "DDDD", PWD_B, 2, true, false},
                {"CCCC", PWD_A, "DDDD", PWD_B, 1, false, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        told_t x;
        text_t o = offer_text(), a = answer_text();
        const wr_session *s;
        begin(&x);
        o.fingerprint = x.fingerprint[0];
        a.fingerprint = x.fingerprint[rows[i].fingerprint];
        o.ufrag = rows[i].offers_name;
        o.pwd = rows[i].offers_password;
        a.ufrag = rows[i].answers_name;
        a.pwd = rows[i].answers_password;
        tell_of(x.alices, WR_DIRECTION_EMITTED, WR_KIND_OFFER, &o, x.begun_us);
        tell_of(x.alices, WR_DIRECTION_DELIVERED, WR_KIND_ANSWER, &a, x.begun_us + 100 * MS);
        packets(&x, rows[i].checks);
        s = judge(&x);
        g_test_message("row %zu", i);
        g_assert_cmpint(s->verdict, ==, rows[i].used ? WR_S_VERIFIED_LEG : WR_S_NO_SIGNALLING);
        g_assert_true((witness_of(&x, false)->used > 0) == rows[i].used);
        g_assert_cmpuint(found(&x.c, "WIT-03", WR_NOTE), ==, rows[i].used ? 0 : 1);
        /* of two passwords one is right, and binds; a file that is of no call here accuses nobody */
        g_assert_cmpuint(found(&x.c, "ICE-02", WR_WARN), ==, i == 3);
        end(&x);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stated/verdicts", test_verdicts);
    g_test_add_func("/stated/clocks", test_clocks);
    g_test_add_func("/stated/without_times", test_without_times);
    g_test_add_func("/stated/window", test_window);
    g_test_add_func("/stated/of_unknown_ends", test_of_unknown_ends);
    g_test_add_func("/stated/of_another_call", test_of_another_call);
    g_test_add_func("/stated/same_side", test_same_side);
    g_test_add_func("/stated/both_ends", test_both_ends);
    g_test_add_func("/stated/foreign_files", test_foreign_files);
    g_test_add_func("/stated/without packets", test_without_packets);
    g_test_add_func("/stated/whose", test_whose);
    g_test_add_func("/stated/reports", test_reports);
    g_test_add_func("/stated/names_of_frames", test_names_of_frames);
    g_test_add_func("/stated/kinds", test_kinds);
    return g_test_run();
}
