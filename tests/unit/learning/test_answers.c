/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two ServerHellos to one ClientHello where no signature over the transcript tells which counts: what agrees better
 * with the rest of the handshake does (RFC 5246 7.4.1.3, RFC 8446 4.1.3), the other one was somebody's, and where both
 * may have been taken and protect by other means, that is in dispute.
 */
#include "hello_build.h"

#include "proof.h"
#include "records/store.h"

#define CERTIFICATE_SUITE 0xc02b
#define NULL_SUITE        0xc006 /* TLS_ECDHE_ECDSA_WITH_NULL_SHA */
#define PSK_SUITE         0x00a8
#define MIXED_SUITE       0x00ac /* TLS_RSA_PSK_WITH_AES_128_GCM_SHA256: the server has both */
#define GOOD_13           0x1301
#define NULL_13           0xc0b4 /* RFC 9150 */

typedef enum { FIRST, SECOND, NEITHER } which_t;

typedef struct {
    const char *words;
    hello_t offer, answer[2];
    enum { NO_CERTIFICATE, CERTIFICATE, EMPTY_CERTIFICATE } shown; /* by the server */
    bool without_offer;                                            /* the ClientHello was not captured */
    which_t taken, somebodys;
    bool disputed;
} row_t;

#define OFFERS(...)                                                                                                    \
    {                                                                                                                  \
        .random = 1, .n_suites = 3, .suites = { __VA_ARGS__ }                                                          \
    }
#define PLAIN OFFERS(CERTIFICATE_SUITE, 0xc02c, NULL_SUITE)
#define CHOSE(suite)                                                                                                   \
    {                                                                                                                  \
        .random = 2, .suites = { suite }                                                                               \
    }

static const row_t rows[] = {
    /* ---- what was offered ---- */
    {"both offered", PLAIN, {CHOSE(0xc02b), CHOSE(0xc02c)}, CERTIFICATE, false, FIRST, NEITHER, false},
    {"the later one not offered", PLAIN, {CHOSE(0xc02b), CHOSE(0xc023)}, CERTIFICATE, false, FIRST, SECOND, false},
    {"the first one not offered", PLAIN, {CHOSE(0xc023), CHOSE(0xc02b)}, CERTIFICATE, false, SECOND, FIRST, false},
    {"nobody's offer", PLAIN, {CHOSE(0xc02b), CHOSE(0xc023)}, CERTIFICATE, true, FIRST, NEITHER, false},
    {"without encryption, not offered",
     OFFERS(CERTIFICATE_SUITE, 0xc02c, 0xc009),
     {CHOSE(0xc02b), CHOSE(NULL_SUITE)},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"a suite of 1.3 in 1.2",
     OFFERS(CERTIFICATE_SUITE, GOOD_13, NULL_13),
     {CHOSE(0xc02b), CHOSE(GOOD_13)},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"a suite of 1.3 without encryption in 1.2",
     OFFERS(CERTIFICATE_SUITE, GOOD_13, NULL_13),
     {CHOSE(0xc02b), CHOSE(NULL_13)},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"the other suite of 1.3 without encryption in 1.2",
     OFFERS(CERTIFICATE_SUITE, GOOD_13, 0xc0b5),
     {CHOSE(0xc02b), CHOSE(0xc0b5)},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"compressed",
     PLAIN,
     {CHOSE(0xc02b), {.random = 2, .suites = {0xc02b}, .compression = 1}},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"of 1.0",
     PLAIN,
     {CHOSE(0xc02b), {.random = 2, .suites = {0xc02b}, .version = WR_DTLS_1_0}},
     CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     false},
    {"of a version that is none",
     PLAIN,
     {CHOSE(0xc02b), {.random = 2, .suites = {0xc02b}, .version = 0xfefe}},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"more suites than are read",
     {.random = 1, .n_suites = WR_DTLS_MAX_SUITES + 1, .suites = {CERTIFICATE_SUITE}},
     {CHOSE(0xc02b), CHOSE(0xc023)},
     CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     false},
    {"as many suites as are read",
     {.random = 1, .n_suites = WR_DTLS_MAX_SUITES, .suites = {CERTIFICATE_SUITE}},
     {CHOSE(0xc02b), CHOSE(0xc023)},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    /* ---- profiles ---- */
    {"a profile that was offered",
     {.random = 1, .n_profiles = 2, .profiles = {7, 1}},
     {{.random = 2, .n_profiles = 1, .profiles = {7}}, {.random = 2, .n_profiles = 1, .profiles = {1}}},
     CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     false},
    {"a profile that was not",
     {.random = 1, .n_profiles = 2, .profiles = {7, 1}},
     {{.random = 2, .n_profiles = 1, .profiles = {7}}, {.random = 2, .n_profiles = 1, .profiles = {8}}},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"a profile where none was offered",
     {.random = 1},
     {{.random = 2, .n_profiles = 1, .profiles = {7}}, CHOSE(CERTIFICATE_SUITE)},
     CERTIFICATE,
     false,
     SECOND,
     FIRST,
     false},
    {"no profile where one was offered",
     {.random = 1, .n_profiles = 1, .profiles = {7}},
     {CHOSE(CERTIFICATE_SUITE), {.random = 2, .n_profiles = 1, .profiles = {7}}},
     CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     false},
    {"as many profiles as are read",
     {.random = 1, .n_profiles = WR_DTLS_MAX_PROFILES, .profiles = {7, 1}},
     {{.random = 2, .n_profiles = 1, .profiles = {7}}, {.random = 2, .n_profiles = 1, .profiles = {8}}},
     CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     false},
    {"one profile fewer",
     {.random = 1, .n_profiles = WR_DTLS_MAX_PROFILES - 1, .profiles = {7, 1}},
     {{.random = 2, .n_profiles = 1, .profiles = {7}}, {.random = 2, .n_profiles = 1, .profiles = {8}}},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"media without encryption",
     {.random = 1, .n_profiles = 2, .profiles = {7, 5}},
     {{.random = 2, .n_profiles = 1, .profiles = {7}}, {.random = 2, .n_profiles = 1, .profiles = {5}}},
     CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     true},
    /* ---- what the suite asks for ---- */
    {"without encryption", PLAIN, {CHOSE(0xc02b), CHOSE(NULL_SUITE)}, CERTIFICATE, false, FIRST, NEITHER, true},
    {"a shared key beside a certificate",
     OFFERS(CERTIFICATE_SUITE, PSK_SUITE, MIXED_SUITE),
     {CHOSE(CERTIFICATE_SUITE), CHOSE(PSK_SUITE)},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     true},
    {"a shared key and a certificate",
     OFFERS(CERTIFICATE_SUITE, PSK_SUITE, MIXED_SUITE),
     {CHOSE(CERTIFICATE_SUITE), CHOSE(MIXED_SUITE)},
     CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     true},
    {"a shared key, and no certificate",
     OFFERS(CERTIFICATE_SUITE, PSK_SUITE, MIXED_SUITE),
     {CHOSE(CERTIFICATE_SUITE), CHOSE(PSK_SUITE)},
     NO_CERTIFICATE,
     false,
     SECOND,
     FIRST,
     true},
    {"an empty list is no certificate",
     OFFERS(CERTIFICATE_SUITE, PSK_SUITE, MIXED_SUITE),
     {CHOSE(CERTIFICATE_SUITE), CHOSE(PSK_SUITE)},
     EMPTY_CERTIFICATE,
     false,
     SECOND,
     FIRST,
     true},
    {"both ask for one, and there is none",
     OFFERS(CERTIFICATE_SUITE, PSK_SUITE, MIXED_SUITE),
     {CHOSE(MIXED_SUITE), CHOSE(CERTIFICATE_SUITE)},
     NO_CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     true},
    /* ---- resumed ---- */
    {"a session that is resumed",
     {.random = 1, .session = 9},
     {{.random = 2, .session = 9}, {.random = 2, .session = 8}},
     NO_CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"resumed after all",
     {.random = 1, .session = 9},
     {{.random = 2, .session = 8}, {.random = 2, .session = 9}},
     NO_CERTIFICATE,
     false,
     SECOND,
     FIRST,
     false},
    {"no id beside a resumed one",
     {.random = 1, .session = 9},
     {{.random = 2}, {.random = 2, .session = 9}},
     NO_CERTIFICATE,
     false,
     SECOND,
     FIRST,
     false},
    {"resumed beside a certificate",
     {.random = 1, .session = 9},
     {{.random = 2, .session = 8}, {.random = 2, .session = 9}},
     CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    /* ---- 1.3 ---- */
    {"1.3 without encryption",
     {.random = 1, .of_13 = true, .n_suites = 2, .suites = {GOOD_13, NULL_13}},
     {{.random = 2, .of_13 = true, .suites = {GOOD_13}}, {.random = 2, .of_13 = true, .suites = {NULL_13}}},
     NO_CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     true},
    {"1.3 with a suite of 1.2",
     {.random = 1, .of_13 = true, .n_suites = 2, .suites = {GOOD_13, CERTIFICATE_SUITE}},
     {{.random = 2, .of_13 = true, .suites = {GOOD_13}}, {.random = 2, .of_13 = true, .suites = {CERTIFICATE_SUITE}}},
     NO_CERTIFICATE,
     false,
     FIRST,
     SECOND,
     false},
    {"1.3 with another suite of it",
     {.random = 1, .of_13 = true, .n_suites = 2, .suites = {GOOD_13, 0x1302}},
     {{.random = 2, .of_13 = true, .suites = {0x1302}}, {.random = 2, .of_13 = true, .suites = {GOOD_13}}},
     NO_CERTIFICATE,
     false,
     FIRST,
     NEITHER,
     false},
};

/* The server's messages behind its hellos. */
static void show(call_t *c, const row_t *row)
{
    GByteArray *empty;

    if (row->shown == CERTIFICATE)
        say_certificate(c, 1, false, 1, 7);
    if (row->shown == EMPTY_CERTIFICATE) {
        empty = g_byte_array_new();
        add_number(empty, 3, 0);
        feed_own(c, 1, ALICES, BOBS, event_with(WR_HS_CERTIFICATE, 1, empty));
    }
}

static void test_rows(gconstpointer data)
{
    const row_t *row = data;

    for (unsigned apart = 0; apart < 2; apart++) { /* in two datagrams, or in one */
        call_t c = call_begin(NULL);
        const wr_association *a;
        uint32_t frame[2], others = 0;
        hello_t answer[2] = {row->answer[0], row->answer[1]};
        if (!row->without_offer)
            say_hello(&c, 10, true, &row->offer);
        a = say_hello(&c, 10, false, &answer[0]);
        frame[0] = c.frame;
        g_assert_true(say_hello(&c, apart ? 10 : -1, false, &answer[1]) == a);
        frame[1] = c.frame;
        show(&c, row);
        g_assert_cmpuint(wr_messages_all_of(a->messages, 1, WR_HS_SERVER_HELLO).n, ==, 2);
        wr_association_prove(c.e, (wr_association *)a);
        g_test_message("apart: %u", apart);
        g_assert_cmpuint(a->suite, ==,
                         answer[row->taken].suites[0] != 0 ? answer[row->taken].suites[0] : CERTIFICATE_SUITE);
        g_assert_cmpuint(a->server_hello, ==, frame[row->taken]);
        g_assert_cmpuint(a->messages->disputed_frame, ==, row->disputed ? frame[1 - row->taken] : 0);
        for (unsigned i = 0; i < c.e->injections->len; i++) {
            const wr_injection *x = &g_array_index(c.e->injections, wr_injection, i);
            if (x->kind != WR_INJECTED_MESSAGE)
                continue;
            others++;
            g_assert_cmpint(row->somebodys, !=, NEITHER);
            g_assert_cmpuint(x->frame, ==, frame[row->somebodys]);
            g_assert_cmpuint(x->other_frame, ==, frame[row->taken]);
        }
        g_assert_cmpuint(others, ==, row->somebodys == NEITHER ? 0 : 1);
        call_end(&c);
    }
}

/* ---- in the server's flight ---- */

/* With all else equal what stands in one datagram with more of the server's, or right before its Certificate, counts.
 */
static void test_in_flight(void)
{
    static const struct {
        const char *words;
        unsigned seq[2];
        bool with_done[2], with_client[2]; /* in their datagrams */
        bool shown;                        /* a Certificate, number 6 */
        which_t taken;
    } cases[] = {
        {"alone both", {0, 3}, {false, false}, {false, false}, false, FIRST},
        {"the first with its flight", {0, 3}, {true, false}, {false, false}, false, FIRST},
        {"the second with its flight", {0, 3}, {false, true}, {false, false}, false, SECOND},
        {"the second with a message of the client", {0, 3}, {false, false}, {false, true}, false, FIRST},
        {"the second before the certificate", {0, 5}, {false, false}, {false, false}, true, SECOND},
        {"the first before the certificate", {5, 0}, {false, false}, {false, false}, true, FIRST},
        {"with a number in between", {0, 4}, {false, false}, {false, false}, true, FIRST},
        {"the certificate's own number", {0, 6}, {false, false}, {false, false}, true, FIRST},
        {"the number behind the certificate", {0, 7}, {false, false}, {false, false}, true, FIRST},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        call_t c = call_begin(NULL);
        const hello_t offer = PLAIN;
        wr_association *a = NULL;
        uint32_t frame[2];
        say_hello(&c, 10, true, &offer);
        for (unsigned k = 0; k < 2; k++) {
            hello_t answer = {.random = 2, .suites = {k == 0 ? 0xc02b : 0xc02c}, .seq = cases[i].seq[k]};
            a = say_hello(&c, 10, false, &answer);
            frame[k] = c.frame;
            if (cases[i].with_done[k])
                say_message(&c, -1, false, WR_HS_CERTIFICATE_REQUEST, 2, k);
            if (cases[i].with_client[k])
                say_message(&c, -1, true, WR_HS_CLIENT_KEY_EXCHANGE, 2, k);
        }
        if (cases[i].shown)
            say_certificate(&c, 1, false, 6, 7);
        wr_association_prove(c.e, a);
        g_test_message("%s", cases[i].words);
        g_assert_cmpuint(a->server_hello, ==, frame[cases[i].taken]);
        g_assert_cmpuint(a->suite, ==, cases[i].taken == FIRST ? 0xc02b : 0xc02c);
        call_end(&c);
    }
}

/* The best last; what is no ServerHello, or none of the version, before all; what is too short for a random not at all.
 */
static void test_order(void)
{
    call_t c = call_begin(NULL);
    const hello_t offer = PLAIN, good = CHOSE(0xc02b), bad = CHOSE(0xc023);
    const hello_t other = {.random = 2, .of_13 = true, .suites = {GOOD_13}};
    GByteArray *body = hello_body(false, &other);
    wr_handshake_message m = {.type = WR_HS_SERVER_HELLO, .role = 1, .frame = 77, .body = body->data};
    wr_association *a;
    wr_choice sorted;
    bool is_new;

    say_hello(&c, 10, true, &offer);
    a = say_hello(&c, 10, false, &good); /* frame 2 */
    say_hello(&c, 10, false, &bad);
    say_certificate(&c, 1, false, 1, 7);
    m.length = body->len;
    g_assert_true(wr_handshake_messages_add(&a->messages, &m, &is_new) && is_new);
    m.length = 2 + WR_DTLS_RANDOM - 1;
    m.frame = 78;
    g_assert_true(wr_handshake_messages_add(&a->messages, &m, &is_new) && is_new);
    sorted = wr_server_hellos_by_fit(a);
    g_assert_cmpuint(sorted.n, ==, 3);
    g_assert_cmpuint(sorted.at[0]->frame, ==, 77);
    g_assert_cmpuint(sorted.at[1]->frame, ==, 3);
    g_assert_cmpuint(sorted.at[2]->frame, ==, 2);
    g_byte_array_unref(body);
    call_end(&c);
}

/* A better one takes the place of that which the association has: by its frame, random, suite and version. Where none
 * of those that were kept is that one, nothing does. */
static void test_present(void)
{
    enum { THE_WORSE, THE_BETTER, OTHER_FRAME, OTHER_RANDOM, OTHER_SUITE, OTHER_VERSION, CASES };

    for (int which = THE_WORSE; which < CASES; which++) {
        call_t c = call_begin(NULL);
        const hello_t offer = PLAIN, better = CHOSE(0xc02b);
        hello_t worse = better;
        const wr_handshake_message *found;
        wr_association *a;
        uint32_t frame;

        worse.compression = 1; /* that nobody offered */
        say_hello(&c, 10, true, &offer);
        a = say_hello(&c, 10, false, &better);
        frame = c.frame;
        say_hello(&c, 10, false, &worse);
        say_certificate(&c, 1, false, 1, 7);
        a->server_hello = which == OTHER_FRAME ? 99 : which == THE_BETTER ? frame : frame + 1;
        a->server_random[WR_DTLS_RANDOM - 1] ^= which == OTHER_RANDOM;
        a->suite = which == OTHER_SUITE ? 0xc02c : a->suite;
        a->version = which == OTHER_VERSION ? WR_DTLS_1_0 : a->version;
        found = wr_server_hello_to_take(a);
        g_test_message("case %d", which);
        g_assert_true((found != NULL) == (which == THE_WORSE));
        if (found != NULL)
            g_assert_cmpuint(found->frame, ==, frame);
        call_end(&c);
    }
}

/* Which one counts is not asked where the certificates were decrypted, nor where the association has none. */
static void test_not_asked(void)
{
    enum { ASKED, DECRYPTED, NO_ANSWER, CASES };

    for (int which = ASKED; which < CASES; which++) {
        call_t c = call_begin(NULL);
        const hello_t offer = PLAIN, worse = CHOSE(0xc023), better = CHOSE(0xc02b);
        wr_association *a;
        uint32_t frame;

        say_hello(&c, 10, true, &offer);
        a = say_hello(&c, 10, false, &worse); /* that nobody offered */
        frame = c.frame;
        say_hello(&c, 10, false, &better);
        say_certificate(&c, 1, false, 1, 7);
        a->decrypted = which == DECRYPTED;
        a->has_server_random = which != NO_ANSWER;
        wr_association_prove(c.e, a);
        g_test_message("case %d", which);
        g_assert_cmpuint(a->server_hello, ==, which == ASKED ? frame + 1 : frame);
        call_end(&c);
    }
}

/* ---- where the server signed ---- */

/* Its signature covers the randoms: another answer with these may have been taken as well, if it needs the certificate;
 * none takes the place of that which is there. */
static void test_signed(void)
{
    static const struct {
        const char *words;
        unsigned random;
        uint16_t suite;
        bool disputed;
    } cases[] = {
        {"the same random, without encryption", 0, NULL_SUITE, true},
        {"the same random, as well protected", 0, 0xc02c, false},
        {"the same random, with a shared key and the certificate", 0, MIXED_SUITE, true},
        {"the same random, with a shared key alone", 0, PSK_SUITE, false},
        {"another random", 1, NULL_SUITE, false},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const size_t n = i / 2;
        call_t c = call_begin(NULL);
        const hello_t offer = {.random = 1, .n_suites = 3, .suites = {0xc02b, 0xc02c, cases[n].suite}};
        const hello_t first = CHOSE(0xc02b);
        const hello_t second = {.random = 2 + cases[n].random, .suites = {cases[n].suite}};
        wr_association *a;
        say_hello(&c, 10, true, &offer);
        a = say_hello(&c, 10, false, &first);
        say_hello(&c, 10, false, &second);
        say_certificate(&c, 1, false, 1, 7);
        a->possession[1] = i % 2 == 0 ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        wr_server_hellos_outdo(c.e, a);
        g_test_message("%s", cases[n].words);
        g_assert_null(wr_server_hello_to_take(a));
        if (i % 2 == 0)
            g_assert_cmpuint(a->messages->disputed_frame, ==, cases[n].disputed ? 3 : 0);
        else /* nothing is signed: either may be it */
            g_assert_cmpuint(a->messages->disputed_frame, ==, cases[n].suite != 0xc02c ? 3 : 0);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strdup_printf("/learning/answers/%s", rows[i].words);
        g_test_add_data_func(path, &rows[i], test_rows);
        g_free(path);
    }
    g_test_add_func("/learning/answers/in_flight", test_in_flight);
    g_test_add_func("/learning/answers/order", test_order);
    g_test_add_func("/learning/answers/present", test_present);
    g_test_add_func("/learning/answers/not_asked", test_not_asked);
    g_test_add_func("/learning/answers/signed", test_signed);
    return g_test_run();
}
