/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was announced against what was shown (docs/verdicts.md): every combination of announcements for the two
 * certificates of a real handshake, with every strength of binding.
 */
#include "real_call.h"

#include <openssl/evp.h>

typedef enum {
    RIGHT = 0,
    WRONG,
    NONE,
    RIGHT_AND_WRONG,
    WEAK,
    WEAK_WRONG,
    MIXED,
    STRONGER,
    MOST,
    TOO_MANY,
    ANNOUNCEMENTS
} announcement;

static const struct {
    const char *words;
    wr_cert_verdict verdict;
} announcements[ANNOUNCEMENTS] = {
    [RIGHT] = {"right", WR_CERT_MATCH},
    [WRONG] = {"wrong", WR_CERT_MISMATCH},
    [NONE] = {"none", WR_CERT_FP_NONE},
    [RIGHT_AND_WRONG] = {"right and a wrong one of the same function", WR_CERT_MATCH},
    [WEAK] = {"SHA-1 alone", WR_CERT_MATCH_WEAK},
    [WEAK_WRONG] = {"a wrong SHA-1 alone", WR_CERT_MISMATCH},
    [MIXED] = {"right SHA-1, wrong SHA-256", WR_CERT_MIXED},
    [STRONGER] = {"right SHA-256 and SHA-512", WR_CERT_MATCH},
    [MOST] = {"as many as are kept, the last of them right", WR_CERT_MATCH},
    [TOO_MANY] = {"more than are kept, the first of them right", WR_CERT_FP_LEFT_OUT},
};

static void line(GString *s, const char *name, const EVP_MD *function, const wr_certificate *leaf, bool right)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    g_assert_true(EVP_Digest(leaf->der, leaf->der_length, digest, &n, function, NULL));
    if (!right)
        digest[0] ^= 0xff;
    g_string_append_printf(s, "a=fingerprint:%s ", name);
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(s, "%s%02X", i > 0 ? ":" : "", digest[i]);
    g_string_append(s, "\r\n");
}

/* Lines of the description for the certificate that Alice, or Bob, shows; g_free. */
static char *announce(announcement how, bool bob)
{
    wr_certificate *leaf = recorded_leaf(ecdsa_handshake, G_N_ELEMENTS(ecdsa_handshake), bob);
    GString *s = g_string_new(NULL);

    for (unsigned i = 1; how == MOST && i < WR_SDP_MAX_FINGERPRINTS; i++)
        line(s, "sha-256", EVP_sha256(), leaf, false);
    for (unsigned i = 0; how == TOO_MANY && i <= WR_SDP_MAX_FINGERPRINTS; i++)
        line(s, "sha-256", EVP_sha256(), leaf, i == 0);
    if (how == MOST || how == RIGHT || how == RIGHT_AND_WRONG || how == STRONGER)
        line(s, "sha-256", EVP_sha256(), leaf, true);
    if (how == WRONG || how == RIGHT_AND_WRONG || how == MIXED)
        line(s, "sha-256", EVP_sha256(), leaf, false);
    if (how == WEAK || how == MIXED || how == WEAK_WRONG)
        line(s, "sha-1", EVP_sha1(), leaf, how != WEAK_WRONG);
    if (how == STRONGER)
        line(s, "sha-512", EVP_sha512(), leaf, true);
    wr_certificate_unref(leaf);
    return g_string_free(s, FALSE);
}

static void agree_on(real_t *r, announcement alices, announcement bobs, bool passwords, bool candidates)
{
    text_t o = offer_text(), a = answer_text();
    char *lines[2] = {announce(alices, false), announce(bobs, true)};

    o.fingerprint = a.fingerprint = NULL;
    o.lines = lines[0];
    a.lines = lines[1];
    if (!candidates)
        o.candidate = a.candidate = NULL;
    if (!passwords) {
        char *more[2] = {g_strconcat("a=ice-ufrag:AAAA\r\n", lines[0], NULL),
                         g_strconcat("a=ice-ufrag:BBBB\r\n", lines[1], NULL)};
        o.ufrag = a.ufrag = NULL;
        o.lines = more[0];
        a.lines = more[1];
        say(&r->c, OFFERED, &o);
        say(&r->c, ANSWERED, &a);
        g_free(more[0]);
        g_free(more[1]);
    } else {
        say(&r->c, OFFERED, &o);
        say(&r->c, ANSWERED, &a);
    }
    g_free(lines[0]);
    g_free(lines[1]);
}

static void shaken(real_t *r)
{
    for (unsigned i = 0; i < DATAGRAMS; i++)
        real_part(r, i);
}

/* Every announcement for each of the two certificates, bound by checks in both directions. */
static void test_every_pair(void)
{
    for (unsigned alice = 0; alice < ANNOUNCEMENTS; alice++) {
        for (unsigned bob = 0; bob < ANNOUNCEMENTS; bob++) {
            const wr_cert_verdict v[2] = {announcements[bob].verdict, announcements[alice].verdict};
            const bool mismatch = v[0] == WR_CERT_MISMATCH || v[1] == WR_CERT_MISMATCH;
            const bool mixed = v[0] == WR_CERT_MIXED || v[1] == WR_CERT_MIXED;
            const bool cut = v[0] == WR_CERT_FP_LEFT_OUT || v[1] == WR_CERT_FP_LEFT_OUT;
            const bool none = v[0] == WR_CERT_FP_NONE || v[1] == WR_CERT_FP_NONE;
            real_t r = real_begin(NULL);
            const wr_association *a;
            agree_on(&r, alice, bob, true, true);
            connect_ends(&r.c);
            shaken(&r);
            g_test_message("Alice announces %s, Bob %s", announcements[alice].words, announcements[bob].words);
            a = real_association(&r);
            g_assert_cmpint(a->side[0].presented.verdict, ==, v[0]);
            g_assert_cmpint(a->side[1].presented.verdict, ==, v[1]);
            g_assert_cmpint(a->binding, ==, WR_B0);
            if (mismatch) {
                g_assert_cmpint(a->verdict, ==, WR_A_MISMATCH);
                g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_MISMATCH);
                g_assert_cmpint(real_session(&r)->severity, ==, WR_ERROR);
            } else if (mixed) {
                g_assert_cmpint(a->verdict, ==, WR_A_CERT_CONFLICT);
                g_assert_cmpint(real_session(&r)->severity, ==, WR_WARN);
            } else if (cut) {
                g_assert_cmpint(a->verdict, ==, WR_A_UNVERIFIABLE_HASH);
                g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_UNVERIFIABLE);
                g_assert_cmpstr(real_session(&r)->reason, ==, "too many fingerprints");
                g_assert_cmpint(real_session(&r)->severity, ==, WR_WARN);
            } else if (none) {
                g_assert_cmpint(a->verdict, ==, v[0] == v[1] ? WR_A_UNVERIFIABLE_HASH : WR_A_HALF_VERIFIED);
                g_assert_cmpint(real_session(&r)->severity, <, WR_WARN);
                g_assert_cmpint(real_session(&r)->verdict, !=, WR_S_VERIFIED_LEG);
            } else {
                g_assert_cmpint(a->verdict, ==, WR_A_VERIFIED);
                g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
                g_assert_cmpint(real_session(&r)->severity, ==, WR_CHAT);
            }
            real_end(&r);
        }
    }
}

/* ---- how strongly ---- */

typedef struct {
    const char *words;
    bool passwords, candidates;
    unsigned checks; /* of those of connect_ends(): one bit each */
    bool named;      /* checks have the user names */
    wr_binding grade;
    wr_severity mismatch; /* how much one weighs */
    bool may_mismatch;
} bound_t;

static const bound_t bounds[] = {
    {"both directions", true, true, 15, true, WR_B0, WR_ERROR, true},
    {"one check and its answer", true, true, 3, true, WR_B1, WR_ERROR, true},
    {"one check", true, true, 1, true, WR_B1, WR_ERROR, true},
    {"the other check", true, true, 4, true, WR_B1, WR_ERROR, true},
    {"an answer alone", true, true, 2, true, WR_B3, WR_NOTE, true},
    {"user names without passwords", false, true, 15, true, WR_B2, WR_WARN, true},
    {"addresses", true, true, 0, false, WR_B3, WR_NOTE, true},
    {"nothing", true, false, 0, false, WR_B4, WR_CHAT, false},
};

static void some_checks(real_t *r, unsigned which)
{
    if ((which & 1) != 0)
        ask(&r->c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
    if ((which & 2) != 0)
        reply(&r->c, 5, BOBS, ALICES, PWD_B, 1, NULL);
    if ((which & 4) != 0)
        ask(&r->c, 5, BOBS, ALICES, "AAAA:BBBB", PWD_A, 2);
    if ((which & 8) != 0)
        reply(&r->c, 5, ALICES, BOBS, PWD_A, 2, NULL);
}

static void test_bound(gconstpointer data)
{
    const bound_t *b = data;
    real_t r = real_begin(NULL);
    const wr_session *s;

    agree_on(&r, RIGHT, RIGHT, b->passwords, b->candidates);
    some_checks(&r, b->checks);
    shaken(&r);
    g_assert_cmpint(real_association(&r)->binding, ==, b->grade);
    g_assert_cmpint(real_association(&r)->verdict, ==, WR_A_VERIFIED);
    g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
    real_end(&r);

    r = real_begin(NULL);
    agree_on(&r, RIGHT, WRONG, b->passwords, b->candidates);
    some_checks(&r, b->checks);
    shaken(&r);
    if (b->may_mismatch) {
        s = real_session(&r);
        g_assert_cmpint(s->verdict, ==, WR_S_MISMATCH);
        g_assert_cmpint(s->severity, ==, b->mismatch);
        g_assert_cmpint(real_association(&r)->binding, ==, b->grade);
    } else {
        wr_engine_evaluate(r.c.e);
        for (unsigned i = 0; i < wr_engine_sessions(r.c.e)->len; i++)
            g_assert_cmpint(((wr_session *)g_ptr_array_index(wr_engine_sessions(r.c.e), i))->severity, <, WR_WARN);
    }
    real_end(&r);
}

/* ---- what the verifier did ---- */

/* Media of one party goes on for so long after the handshake. */
static void goes_on(real_t *r, bool bob, unsigned packets)
{
    stream(&r->c, bob ? BOBS : ALICES, bob ? ALICES : BOBS, bob ? 0xB0B : 0xA11CE, 100, packets);
}

/* Alice announced wrongly: Bob is who should have refused, and what Alice sends says nothing of him. */
static void test_went_on(void)
{
    static const struct {
        bool wrong_is_bobs, sender_is_bob;
        unsigned packets; /* 20 ms apart */
        wr_association_verdict verdict;
    } rows[] = {
        {false, true, 150, WR_A_MISMATCH_NOT_ENFORCED},
        {false, false, 150, WR_A_MISMATCH},
        {true, false, 150, WR_A_MISMATCH_NOT_ENFORCED},
        {true, true, 150, WR_A_MISMATCH},
        {false, true, 50, WR_A_MISMATCH},
        {true, false, 50, WR_A_MISMATCH},
        {true, false, 0, WR_A_MISMATCH},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        real_t r = real_begin(NULL);
        agree_on(&r, rows[i].wrong_is_bobs ? RIGHT : WRONG, rows[i].wrong_is_bobs ? WRONG : RIGHT, true, true);
        connect_ends(&r.c);
        shaken(&r);
        goes_on(&r, rows[i].sender_is_bob, rows[i].packets);
        g_test_message("row %zu", i);
        g_assert_cmpint(real_association(&r)->verdict, ==, rows[i].verdict);
        g_assert_cmpint(real_association(&r)->severity, ==, WR_ERROR);
        g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_MISMATCH);
        g_assert_true(real_session(&r)->not_enforced == (rows[i].verdict == WR_A_MISMATCH_NOT_ENFORCED));
        real_end(&r);
    }
}

/* A fatal alert in clear at once, by the one who should refuse, or by the other. */
static void test_refused(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool wrong_is_bobs = (i & 1) != 0, by_bob = (i & 2) != 0;
        const uint8_t alert[] = {21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 42};
        real_t r = real_begin(NULL);
        agree_on(&r, wrong_is_bobs ? RIGHT : WRONG, wrong_is_bobs ? WRONG : RIGHT, true, true);
        connect_ends(&r.c);
        for (unsigned k = 0; k < (by_bob ? CLIENT_FLIGHT : SERVER_END); k++)
            real_part(&r, k);
        if (by_bob && wrong_is_bobs)
            real_part(&r, CLIENT_FLIGHT);
        real_datagram(&r, 2, by_bob, alert, sizeof alert);
        g_test_message("%s's certificate is wrong, %s sends the alert", wrong_is_bobs ? "Bob" : "Alice",
                       by_bob ? "Bob" : "Alice");
        if (wrong_is_bobs != by_bob)
            g_assert_cmpint(real_association(&r)->verdict, ==, WR_A_MISMATCH_ENFORCED);
        else
            g_assert_cmpint(real_association(&r)->verdict, !=, WR_A_MISMATCH_NOT_ENFORCED);
        real_end(&r);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/announced/pairs", test_every_pair);
    for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++) {
        char *path = g_strdup_printf("/announced/bound/%s", bounds[i].words);
        g_test_add_data_func(path, &bounds[i], test_bound);
        g_free(path);
    }
    g_test_add_func("/announced/went_on", test_went_on);
    g_test_add_func("/announced/refused", test_refused);
    return g_test_run();
}
