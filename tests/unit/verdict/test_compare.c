/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of a description speak for a certificate, and what they say together (RFC 8122 5.1, RFC 9143 7.1.3). */
#include "records_build.h"

#include <openssl/evp.h>

typedef struct {
    const char *name;
    const EVP_MD *(*function)(void);
} function_t;

static const function_t functions[] = {['1'] = {"sha-1", EVP_sha1},
                                       ['4'] = {"sha-224", EVP_sha224},
                                       ['2'] = {"sha-256", EVP_sha256},
                                       ['3'] = {"sha-384", EVP_sha384},
                                       ['5'] = {"sha-512", EVP_sha512}};

/* Lines in short: "2+" is the right SHA-256, "2-" a wrong one, "x" a line that cannot be used. */
static char *lines_of(const wr_certificate *cert, const char *what)
{
    GString *s = g_string_new(NULL);

    for (; *what != '\0'; what++) {
        const function_t *f;
        uint8_t digest[EVP_MAX_MD_SIZE];
        unsigned n = 0;
        if (*what == 'x') {
            g_string_append(s, "a=fingerprint:sha-256 12:34\r\n");
            continue;
        }
        f = &functions[(unsigned char)*what];
        g_assert_true(EVP_Digest(cert->der, cert->der_length, digest, &n, f->function(), NULL));
        if (*++what == '-')
            digest[0] ^= 0xff;
        g_string_append_printf(s, "a=fingerprint:%s ", f->name);
        for (unsigned i = 0; i < n; i++)
            g_string_append_printf(s, "%s%02X", i > 0 ? ":" : "", digest[i]);
        g_string_append(s, "\r\n");
    }
    return g_string_free(s, FALSE);
}

static const struct {
    const char *lines;
    wr_cert_verdict verdict;
    wr_hash hash;
    bool depends; /* a receiver that takes one line only may decide otherwise */
} lines[] = {
    {"", WR_CERT_FP_NONE, WR_HASH_UNKNOWN, false},     {"x", WR_CERT_FP_UNUSABLE, WR_HASH_UNKNOWN, false},
    {"2+", WR_CERT_MATCH, WR_HASH_SHA256, false},      {"2-", WR_CERT_MISMATCH, WR_HASH_SHA256, false},
    {"2-2-", WR_CERT_MISMATCH, WR_HASH_SHA256, false}, {"2+x", WR_CERT_MATCH, WR_HASH_SHA256, false},
    {"x2-", WR_CERT_MISMATCH, WR_HASH_SHA256, false},  {"2+2-", WR_CERT_MATCH, WR_HASH_SHA256, true},
    {"2-2+", WR_CERT_MATCH, WR_HASH_SHA256, false},    {"1+", WR_CERT_MATCH_WEAK, WR_HASH_SHA1, false},
    {"4+", WR_CERT_MATCH_WEAK, WR_HASH_SHA224, false}, {"1+4+", WR_CERT_MATCH_WEAK, WR_HASH_SHA224, false},
    {"1-", WR_CERT_MISMATCH, WR_HASH_SHA1, false},     {"3+", WR_CERT_MATCH, WR_HASH_SHA384, false},
    {"5+", WR_CERT_MATCH, WR_HASH_SHA512, false},      {"1+2+", WR_CERT_MATCH, WR_HASH_SHA256, false},
    {"1+2-", WR_CERT_MIXED, WR_HASH_SHA256, true},     {"2-1+", WR_CERT_MIXED, WR_HASH_SHA256, true},
    {"1-2+", WR_CERT_MATCH, WR_HASH_SHA256, true},     {"2+5-", WR_CERT_MIXED, WR_HASH_SHA512, true},
    {"5-2+", WR_CERT_MIXED, WR_HASH_SHA512, true},     {"2-5+", WR_CERT_MATCH, WR_HASH_SHA512, true},
    {"2-5-", WR_CERT_MISMATCH, WR_HASH_SHA512, false},
};

static wr_cert_verdict compare(const wr_certificate *cert, const wr_copy *c, const char *ufrag, wr_hash *hash,
                               bool *depends)
{
    const wr_cert_verdict v = wr_compare_certificate(cert, c, ufrag, hash, depends);

    g_assert_cmpint(wr_compare_certificate(cert, c, ufrag, NULL, NULL), ==, v);
    return v;
}

static void test_lines(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        for (unsigned session_level = 0; session_level < 2; session_level++) {
            desk_t d = desk_begin(NULL);
            char *text = lines_of(d.certificate[ALICE_HAS], lines[i].lines);
            text_t t = offer_text();
            wr_hash hash;
            bool depends;
            t.fingerprint = NULL;
            if (session_level)
                t.session_lines = text;
            else
                t.lines = text;
            g_test_message("\"%s\"", lines[i].lines);
            g_assert_cmpint(compare(d.certificate[ALICE_HAS], say(&d.c, OFFERED, &t), "AAAA", &hash, &depends), ==,
                            lines[i].verdict);
            g_assert_cmpint(hash, ==, lines[i].hash);
            g_assert_true(depends == lines[i].depends);
            g_free(text);
            desk_end(&d);
        }
    }
}

/* ---- sections ---- */

/* Each section in short: "0", "1", … are mids, then its line ("+", "-", "w" for a right SHA-1, "m" for mixed ones, "n"
 * for none, "u" for an unusable one), then "r" for a rejected one, "b" for bundle-only, "o" for other credentials. */
typedef struct {
    const char *words, *bundle, *first, *second, *third;
    const char *ufrag;
    wr_cert_verdict verdict;
} sections_t;

static const sections_t sections[] = {
    {"which of two it was for does not show", NULL, "0+", "1-", NULL, "AAAA", WR_CERT_CONTESTED},
    {"in whatever order", NULL, "0-", "1+", NULL, "AAAA", WR_CERT_CONTESTED},
    {"nor whether it was for the weak one", NULL, "0w", "1-", NULL, "AAAA", WR_CERT_CONTESTED},
    {"all that agree", NULL, "0+", "1+", NULL, "AAAA", WR_CERT_MATCH},
    {"one that agrees, and a rejected one", NULL, "0+", "1-r", NULL, "AAAA", WR_CERT_MATCH},
    {"one that agrees, and one of others", NULL, "0+", "1-o", NULL, "AAAA", WR_CERT_MATCH},
    {"all that contradict", NULL, "0-", "1-", NULL, "AAAA", WR_CERT_MISMATCH},
    {"weak is worse than right", NULL, "0w", "1+", NULL, "AAAA", WR_CERT_MATCH},
    {"weak is better than mixed", NULL, "0m", "1w", NULL, "AAAA", WR_CERT_MATCH_WEAK},
    {"mixed is better than wrong", NULL, "0-", "1m", NULL, "AAAA", WR_CERT_MIXED},
    {"mixed, then wrong", NULL, "0m", "1-", NULL, "AAAA", WR_CERT_MIXED},
    {"wrong is more than unusable", NULL, "0u", "1-", NULL, "AAAA", WR_CERT_MISMATCH},
    {"unusable is more than none", NULL, "0n", "1u", NULL, "AAAA", WR_CERT_FP_UNUSABLE},
    {"none, and wrong", NULL, "0-", "1n", NULL, "AAAA", WR_CERT_MISMATCH},
    {"rejected ones do not count", NULL, "0-", "1+r", NULL, "AAAA", WR_CERT_MISMATCH},
    {"bundle-only ones do not count", NULL, "0-", "1+b", NULL, "AAAA", WR_CERT_MISMATCH},
    {"those of other credentials do not count", NULL, "0-", "1+o", NULL, "AAAA", WR_CERT_MISMATCH},
    {"those of other credentials do", NULL, "0-", "1+o", NULL, "XXXX", WR_CERT_MATCH},
    {"without a user name all count", NULL, "0-", "1+o", NULL, NULL, WR_CERT_MATCH},
    {"a user name that nobody has: all count", NULL, "0-", "1+", NULL, "YYYY", WR_CERT_CONTESTED},
    {"a user name that nobody has: not the rejected", NULL, "0-", "1+r", NULL, "YYYY", WR_CERT_MISMATCH},
    {"a user name that nobody has: bundle-only, too", NULL, "0-", "1+b", NULL, "YYYY", WR_CERT_CONTESTED},
    {"the tagged section speaks for its group", "0 1", "0-", "1+", NULL, "AAAA", WR_CERT_MISMATCH},
    {"and a section beside it for itself", "0 1", "0-", "1+", "2+", "AAAA", WR_CERT_CONTESTED},
    {"the tag goes by the group's order", "1 0", "0-", "1+", NULL, "AAAA", WR_CERT_MATCH},
};

static void put_section(GString *out, const wr_certificate *cert, const char *what, bool first)
{
    static const char *const kinds[] = {
        ['+'] = "2+", ['-'] = "2-", ['w'] = "1+", ['m'] = "1+2-", ['n'] = "", ['u'] = "x"};
    const char flag = what[2];
    char *text = lines_of(cert, kinds[(unsigned char)what[1]]);

    if (first) /* what stands before it is there already */
        g_string_append(out, text);
    else
        g_string_append_printf(out,
                               "m=audio %s UDP/TLS/RTP/SAVPF 111\r\na=mid:%c\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\n%s%s",
                               flag == 'r' || flag == 'b' ? "0" : "9", what[0], flag == 'o' ? "XXXX" : "AAAA", PWD_A,
                               text, flag == 'b' ? "a=bundle-only\r\n" : "");
    g_free(text);
}

/* kind: offers speak by tag only when an answer came. */
static void test_sections(gconstpointer data)
{
    const sections_t *r = data;

    for (unsigned i = 0; i < 3; i++) { /* an answer; an answered offer; an offer without an answer */
        desk_t d = desk_begin(NULL);
        const wr_certificate *cert = d.certificate[ALICE_HAS];
        GString *first = g_string_new(NULL), *more = g_string_new(NULL);
        char *bundle = r->bundle != NULL ? g_strdup_printf("a=group:BUNDLE %s\r\n", r->bundle) : NULL;
        text_t t = i == 0 ? answer_text() : offer_text();
        wr_copy *c, partner = {.kind = WR_KIND_ANSWER};
        wr_cert_verdict wanted = r->verdict;
        t.ufrag = "AAAA";
        t.pwd = PWD_A;
        t.fingerprint = NULL;
        t.session_lines = bundle;
        put_section(first, cert, r->first, true);
        put_section(more, cert, r->second, false);
        if (r->third != NULL)
            put_section(more, cert, r->third, false);
        t.m = AUDIO;
        t.lines = first->str;
        t.more = more->str;
        c = say(&d.c, i == 0 ? ANSWERED : OFFERED, &t);
        if (i == 1) { /* the answer has the same group */
            partner.sdp = c->sdp;
            c->partner = &partner;
        }
        if (i == 2 && r->bundle != NULL)
            wanted = WR_CERT_CONTESTED; /* which section it will be is not known */
        g_test_message("%s", r->words);
        g_assert_cmpint(compare(cert, c, r->ufrag, NULL, NULL), ==, wanted);
        if (i == 1)
            c->partner = NULL;
        g_string_free(first, TRUE);
        g_string_free(more, TRUE);
        g_free(bundle);
        desk_end(&d);
    }
}

/* What the other half of the exchange lacks or rejects does not count (RFC 3264 6). */
static void test_negotiated(void)
{
    static const struct {
        const char *second, *of_partner;
        bool guessed;
        wr_cert_verdict verdict;
    } rows[] = {
        {"1+", NULL, false, WR_CERT_MISMATCH},  {"1+", "1+r", false, WR_CERT_MISMATCH},
        {"1+", "1+", false, WR_CERT_CONTESTED}, {"1+", NULL, true, WR_CERT_CONTESTED},
        {"1-", NULL, false, WR_CERT_MISMATCH},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows) * 2; i++) {
        desk_t d = desk_begin(NULL);
        const wr_certificate *cert = d.certificate[ALICE_HAS];
        GString *first = g_string_new(NULL), *own = g_string_new(NULL), *others = g_string_new(NULL);
        const unsigned row = (unsigned)(i / 2);
        text_t t = i % 2 == 0 ? answer_text() : offer_text(), u = i % 2 == 0 ? offer_text() : answer_text();
        wr_copy *c, *partner;
        t.ufrag = "AAAA";
        t.pwd = PWD_A;
        t.fingerprint = NULL;
        t.m = u.m = AUDIO;
        put_section(first, cert, "0-", true);
        put_section(own, cert, rows[row].second, false);
        if (rows[row].of_partner != NULL)
            put_section(others, cert, rows[row].of_partner, false);
        t.lines = first->str;
        t.more = own->str;
        u.more = others->str;
        c = say(&d.c, i % 2 == 0 ? ANSWERED : OFFERED, &t);
        partner = say(&d.c, i % 2 == 0 ? OFFERED : ANSWERED, &u);
        c->partner = partner;
        c->guessed = rows[row].guessed;
        g_assert_cmpint(compare(cert, c, "AAAA", NULL, NULL), ==, rows[row].verdict);
        c->partner = NULL;
        c->guessed = false;
        g_string_free(first, TRUE);
        g_string_free(own, TRUE);
        g_string_free(others, TRUE);
        desk_end(&d);
    }
}

/* Announced anywhere in the description, by any function. */
static void test_announces(void)
{
    static const struct {
        const char *session, *first;
        bool is;
    } rows[] = {{"2+", "", true},    {"", "2+", true}, {"2-", "1+", true}, {"5+", "2-", true},
                {"2-", "2-", false}, {"", "x", false}, {"2-2+", "", true}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        const wr_certificate *cert = d.certificate[ALICE_HAS];
        char *session = lines_of(cert, rows[i].session), *own = lines_of(cert, rows[i].first);
        text_t t = offer_text();
        t.fingerprint = NULL;
        t.session_lines = session;
        t.lines = own;
        g_test_message("row %zu", i);
        g_assert_true(wr_sdp_announces(say(&d.c, OFFERED, &t)->sdp, cert) == rows[i].is);
        g_free(session);
        g_free(own);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare/lines", test_lines);
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
        char *path = g_strdup_printf("/compare/sections/%s", sections[i].words);
        g_test_add_data_func(path, &sections[i], test_sections);
        g_free(path);
    }
    g_test_add_func("/compare/negotiated", test_negotiated);
    g_test_add_func("/compare/announces", test_announces);
    return g_test_run();
}
