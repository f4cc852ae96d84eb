/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SDP-01 to SDP-05, SDP-12, SDP-16 and UKS-01: fingerprints in descriptions (RFC 8122, RFC 8842, RFC 8844). */
#include "checks_build.h"

#define SHA1      "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\r\n"
#define SECTION_B "m=" AUDIO "\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n"

static unsigned offered(const char *fingerprint, const char *session_lines, const char *lines, const char *more,
                        const char *check, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    unsigned n;

    o.fingerprint = fingerprint;
    o.session_lines = session_lines;
    o.lines = lines;
    o.more = more;
    say(&c, OFFERED, &o);
    n = found(&c, check, severity);
    call_end(&c);
    return n;
}

static void test_missing(void)
{
    const char *fp = sha256_of(0xAA);

    g_assert_cmpuint(offered(fp, NULL, NULL, SECTION_B, "SDP-01", WR_ERROR), ==, 1);
    /* legal without a line of its own: */
    g_assert_cmpuint(offered(fp, NULL, NULL, NULL, "SDP-01", -1), ==, 0);
    g_assert_cmpuint(offered(fp, SHA1, NULL, SECTION_B, "SDP-01", -1), ==, 0);                     /* session level */
    g_assert_cmpuint(offered(fp, "a=group:BUNDLE 0 1\r\n", NULL, SECTION_B, "SDP-01", -1), ==, 0); /* bundled */
    g_assert_cmpuint(offered(fp, NULL, NULL, "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n", "SDP-01", -1), ==,
                     0); /* disabled */
    g_assert_cmpuint(
        offered(fp, NULL, NULL, "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=bundle-only\r\n", "SDP-01", -1), ==,
        0);
    g_assert_cmpuint(offered(fp, NULL, NULL, "m=text 7000 RTP/AVP 98\r\na=mid:1\r\n", "SDP-01", -1), ==,
                     0); /* no DTLS wanted */
}

static void test_missing_in_a_cut_text(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    way_t w = OFFERED;

    o.more = SECTION_B;
    w.cut = true;
    say(&c, w, &o);
    g_assert_cmpuint(found(&c, "SDP-01", -1), ==, 0);
    g_assert_cmpuint(found(&c, "CAP-04", WR_NOTE), ==, 1);
    call_end(&c);
}

static void test_form(void)
{
    static const char short_one[] = "sha-256 AA:BB:CC";
    static const char md5[] = "md5 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F";

    g_assert_cmpuint(offered(sha256_of(0xAA), NULL, NULL, NULL, "SDP-02", -1), ==, 0);
    g_assert_cmpuint(offered(sha256_of(0xAA), NULL, "a=fingerprint:sha-256 AA:BB:CC\r\n", NULL, "SDP-02", WR_WARN), ==,
                     1);
    g_assert_cmpuint(offered(short_one, NULL, NULL, NULL, "SDP-02", WR_ERROR), ==, 1);
    g_assert_cmpuint(offered(md5, NULL, NULL, NULL, "SDP-02", WR_ERROR), ==, 1);
    g_assert_cmpuint(offered(md5, NULL, SHA1, NULL, "SDP-02", WR_ERROR), ==, 0); /* something remains */
    g_assert_cmpuint(offered(md5, NULL, SHA1, NULL, "SDP-02", WR_WARN), ==, 1);
}

static unsigned sections(const char *group, unsigned second, bool own_transport, bool answered, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    unsigned n;
    char *more = g_strdup_printf("%sa=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:%s\r\n", SECTION_B,
                                 own_transport ? "AAA2" : "AAAA", own_transport ? "another1another2another3" : PWD_A,
                                 sha256_of(second));

    o.session_lines = group;
    o.more = more;
    a.session_lines = group;
    a.more = SECTION_B;
    say(&c, OFFERED, &o);
    if (answered)
        say(&c, ANSWERED, &a);
    n = found(&c, "SDP-03", severity);
    call_end(&c);
    g_free(more);
    return n;
}

static void test_sections_disagree(void)
{
    g_assert_cmpuint(sections("a=group:BUNDLE 0 1\r\n", 0xA2, false, true, WR_WARN), ==, 1);
    g_assert_cmpuint(sections("a=group:BUNDLE 0 1\r\n", 0xAA, false, true, -1), ==, 0);
    g_assert_cmpuint(sections("a=group:BUNDLE 0 1\r\n", 0xA2, false, false, -1), ==,
                     0);                                                /* not settled before the answer */
    g_assert_cmpuint(sections(NULL, 0xA2, true, true, WR_NOTE), ==, 1); /* each with its own transport */
    g_assert_cmpuint(sections(NULL, 0xA2, false, true, WR_WARN), ==, 1);
}

static void test_uneven_sets(void)
{
    char *two = g_strdup_printf("a=fingerprint:%s\r\n", sha256_of(0xA2));
    char *uneven = g_strconcat(two, SHA1, NULL);

    g_assert_cmpuint(offered(sha256_of(0xAA), NULL, uneven, NULL, "SDP-04", WR_NOTE), ==,
                     1);                                                              /* two of sha-256, one of sha-1 */
    g_assert_cmpuint(offered(sha256_of(0xAA), NULL, two, NULL, "SDP-04", -1), ==, 0); /* two certificates */
    g_assert_cmpuint(offered(sha256_of(0xAA), NULL, SHA1, NULL, "SDP-04", -1), ==, 0); /* one, hashed twice */
    g_free(two);
    g_free(uneven);
}

static void test_weak_hash_alone(void)
{
    g_assert_cmpuint(offered("sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13", NULL, NULL, NULL,
                             "SDP-05", WR_NOTE),
                     ==, 1);
    g_assert_cmpuint(offered(sha256_of(0xAA), NULL, SHA1, NULL, "SDP-05", -1), ==, 0);
}

static void test_hash_removed_on_the_way(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();

    o.lines = SHA1;
    say(&c, OFFERED, &o);
    o.fingerprint = NULL; /* only sha-1 is left */
    say(&c,
        (way_t){.client = BOB,
                .connection = 2,
                .direction = WR_DIRECTION_DELIVERED,
                .kind = WR_KIND_OFFER,
                .covered = true},
        &o);
    g_assert_cmpuint(found(&c, "SDP-05", WR_WARN), ==, 1);
    g_assert_cmpuint(found(&c, "SUBST-01", -1), ==, 0);
    call_end(&c);

    c = call_begin(NULL); /* a server that keeps sha-256 alone does no harm */
    o = offer_text();
    o.lines = SHA1;
    say(&c, OFFERED, &o);
    o.lines = NULL;
    say(&c,
        (way_t){.client = BOB,
                .connection = 2,
                .direction = WR_DIRECTION_DELIVERED,
                .kind = WR_KIND_OFFER,
                .covered = true},
        &o);
    g_assert_cmpuint(found(&c, "SDP-05", -1), ==, 0);
    call_end(&c);
}

/* ---- SDP-12 ---- */

static void test_changed_without_restart(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();

    agree(&c);
    o.version = "3";
    say(&c, OFFERED, &o);
    g_assert_cmpuint(found(&c, "SDP-12", -1), ==, 0);
    o.version = "4";
    o.fingerprint = sha256_of(0xA2);
    say(&c, OFFERED, &o);
    g_assert_cmpuint(found(&c, "SDP-12", WR_NOTE), ==, 1); /* nobody accepted it, so far */
    a.version = "3";
    say(&c, ANSWERED, &a);
    g_assert_cmpuint(found(&c, "SDP-12", WR_WARN), ==, 1);
    call_end(&c);
}

/* New certificate, new credentials: the old association goes on with media, or a new one comes. */
static void test_changed_and_never_used(void)
{
    for (int used = 0; used < 3; used++) { /* 2: refused */
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        agree(&c);
        connect_ends(&c);
        hellos(&c, 1);
        media(&c, 1000, ALICES, BOBS);
        o.version = "3";
        o.ufrag = "AAA2";
        o.pwd = "another1another2another3";
        o.fingerprint = sha256_of(0xA2);
        say(&c, OFFERED, &o);
        a.version = "3";
        if (used < 2)
            say(&c, ANSWERED, &a);
        if (used == 1) {
            next(&c, 1000, ALICES, BOBS);
            hellos(&c, 11);
        }
        media(&c, 3000, ALICES, BOBS);
        media(&c, 3000, ALICES, BOBS);
        g_assert_cmpuint(found(&c, "SDP-12", WR_ERROR), ==, used == 0);
        g_assert_cmpuint(found(&c, "SDP-12", WR_CHAT), ==, used == 1);
        g_assert_cmpuint(found(&c, "SDP-12", WR_NOTE), ==, used == 2);
        call_end(&c);
    }
}

/* ---- SDP-16 and UKS-01 ---- */

static text_t carols(unsigned fingerprint)
{
    text_t t = offer_text();

    t.session_id = "5800000002";
    t.ufrag = "CCCC";
    t.pwd = "carolcarolcarolcarol22";
    t.fingerprint = sha256_of(fingerprint);
    t.candidate = "10.0.0.7 5000";
    return t;
}

static void test_two_parties_announce_one_certificate(void)
{
    static const struct {
        const char *host;
        int64_t later_ms;
        unsigned fingerprint, findings;
        bool unanswered;
    } rows[] = {
        {"10.0.0.7", 1000, 0xAA, 1, false},  {"10.0.0.7", 1000, 0xAB, 0, false}, /* its own */
        {"10.0.0.7", 90000, 0xAA, 0, false},                                     /* not at the same time */
        {ALICE, 1000, 0xAA, 0, false},                                           /* two tabs of one user */
        {"10.0.0.7", 1000, 0xAA, 0, true}, /* to nobody who answered: anybody can have said both */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text(), p = carols(rows[i].fingerprint);
        say(&c, OFFERED, &o);
        if (!rows[i].unanswered)
            say(&c, ANSWERED, &a);
        say(&c,
            (way_t){.client = rows[i].host,
                    .connection = 9,
                    .direction = WR_DIRECTION_EMITTED,
                    .kind = WR_KIND_OFFER,
                    .covered = true,
                    .later_ms = rows[i].later_ms},
            &p);
        a.session_id = "5800000003";
        a.ufrag = "DDDD";
        a.fingerprint = sha256_of(0xDD);
        if (!rows[i].unanswered)
            say(&c,
                (way_t){.client = rows[i].host,
                        .connection = 9,
                        .direction = WR_DIRECTION_DELIVERED,
                        .kind = WR_KIND_ANSWER,
                        .covered = true},
                &a);
        g_assert_cmpuint(found(&c, "UKS-01", WR_WARN), ==, rows[i].findings);
        g_assert_cmpuint(found(&c, "UKS-01", WR_NOTE), ==, rows[i].unanswered);
        call_end(&c);
    }
}

/* Who sees Alice's certificate can announce it from Carol's address: her own connection says otherwise. */
static void test_announced_in_the_name_of_another(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), own = carols(0xCC), false_one = carols(0xAA);
    way_t w = {.client = "10.0.0.7", .connection = 9, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER};

    say(&c, OFFERED, &o);
    say(&c, w, &own);
    w.connection = 10;
    say(&c, w, &false_one);
    g_assert_cmpuint(found(&c, "UKS-01", WR_WARN), ==, 0);
    g_assert_cmpuint(found(&c, "UKS-01", WR_NOTE), ==, 1);
    call_end(&c);
}

/* The server hands the offer on: one party, seen twice. */
static void test_a_relayed_copy_is_no_second_party(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();

    say(&c, OFFERED, &o);
    say(&c, (way_t){.client = BOB, .connection = 2, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_OFFER}, &o);
    g_assert_cmpuint(found(&c, "UKS-01", -1), ==, 0);
    g_assert_cmpuint(found(&c, "SDP-16", -1), ==, 0);
    call_end(&c);
}

static void test_calls_of_one_certificate_can_be_linked(void)
{
    for (int fresh = 0; fresh < 2; fresh++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), p = carols(fresh ? 0xAB : 0xAA);
        say(&c, OFFERED, &o);
        say(&c,
            (way_t){.connection = 9,
                    .direction = WR_DIRECTION_EMITTED,
                    .kind = WR_KIND_OFFER,
                    .covered = true,
                    .later_ms = 3600000},
            &p);
        g_assert_cmpuint(found(&c, "SDP-16", WR_CHAT), ==, fresh ? 0 : 1);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/fingerprint/missing", test_missing);
    g_test_add_func("/checks/fingerprint/missing-in-a-cut-text", test_missing_in_a_cut_text);
    g_test_add_func("/checks/fingerprint/form", test_form);
    g_test_add_func("/checks/fingerprint/sections-disagree", test_sections_disagree);
    g_test_add_func("/checks/fingerprint/uneven-sets", test_uneven_sets);
    g_test_add_func("/checks/fingerprint/weak-hash-alone", test_weak_hash_alone);
    g_test_add_func("/checks/fingerprint/hash-removed-on-the-way", test_hash_removed_on_the_way);
    g_test_add_func("/checks/fingerprint/changed-without-restart", test_changed_without_restart);
    g_test_add_func("/checks/fingerprint/changed-and-never-used", test_changed_and_never_used);
    g_test_add_func("/checks/fingerprint/two-parties-announce-one", test_two_parties_announce_one_certificate);
    g_test_add_func("/checks/fingerprint/announced-in-the-name-of-another", test_announced_in_the_name_of_another);
    g_test_add_func("/checks/fingerprint/relayed-copy", test_a_relayed_copy_is_no_second_party);
    g_test_add_func("/checks/fingerprint/linkable-calls", test_calls_of_one_certificate_can_be_linked);
    return g_test_run();
}
