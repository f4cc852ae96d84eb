/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SUBST, TOP and CAP checks, each with a call that raises it and one that nearly does (RFC 8827 9.1, RFC 5764 6). */
#include "checks_build.h"
#include "report/report.h"

#define DELIVERED_TO_BOB                                                                                               \
    (way_t)                                                                                                            \
    {                                                                                                                  \
        .client = BOB, .connection = 2, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_OFFER, .covered = true    \
    }

/* A certificate message with a leaf of these bytes. */
static wr_association *present(call_t *c, wr_endpoint src, wr_endpoint dst, const char *der)
{
    wr_dtls_event v;
    wr_dtls_evidence d;
    wr_association *a;

    memset(&v, 0, sizeof v);
    memset(&d, 0, sizeof d);
    v.kind = WR_DTLS_CERTIFICATE;
    v.leaf = wr_certificate_new((const uint8_t *)der, strlen(der));
    d.at = next(c, 5, src, dst);
    d.how.peer = wr_endpoint_none();
    d.event = &v;
    a = wr_engine_add_dtls(c->e, &d);
    wr_certificate_unref(v.leaf);
    return a;
}

static char *fingerprint_of(const char *der)
{
    char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, der, -1);
    GString *s = g_string_new("sha-256 ");

    for (size_t i = 0; i < 64; i += 2)
        g_string_append_printf(s, "%s%c%c", i > 0 ? ":" : "", g_ascii_toupper(hex[i]), g_ascii_toupper(hex[i + 1]));
    g_free(hex);
    return g_string_free(s, FALSE);
}

/* ---- SUBST-01 ---- */

static void test_substitution(void)
{
    for (int altered = 0; altered < 2; altered++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        say(&c, OFFERED, &o);
        if (altered)
            o.fingerprint = sha256_of(0xA2);
        say(&c, DELIVERED_TO_BOB, &o);
        g_assert_cmpuint(found(&c, "SUBST-01", WR_ERROR), ==, altered);
        g_assert_cmpuint(found(&c, "SUBST-01", -1), ==, altered);
        call_end(&c);
    }
}

/* Another transport for the same media: a proxy may, and so may a man in the middle. */
static void test_reauthored(void)
{
    for (int bumped = 0; bumped < 2; bumped++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        say(&c, OFFERED, &o);
        o.fingerprint = sha256_of(0xA2);
        o.ufrag = "MMMM";
        o.pwd = "middlemiddlemiddlemiddle";
        o.version = bumped ? "3" : "2";
        if (bumped)
            o.session_id = "9900000001"; /* the server's own description */
        say(&c, DELIVERED_TO_BOB, &o);
        g_assert_cmpuint(found(&c, "SUBST-01", WR_WARN), ==, 1 - bumped);
        g_assert_cmpuint(found(&c, "SUBST-01", WR_ERROR), ==, 0);
        call_end(&c);
    }
}

/* ---- SUBST-02, declared servers ---- */

/* A line was added on the way: one put in place of hers, shown at her own address, would be a contradiction. */
static unsigned intercepted(const wr_options *options, bool follows, const char *check, int severity)
{
    call_t c = call_begin(options);
    text_t o = offer_text();
    text_t a = answer_text();
    char *substitute = fingerprint_of("mallory"), *own = fingerprint_of("alice");
    char *both = g_strdup_printf("%s\r\na=fingerprint:%s", own, substitute);
    unsigned n;

    o.fingerprint = own;
    say(&c, OFFERED, &o);
    o.fingerprint = both;
    say(&c, DELIVERED_TO_BOB, &o);
    say(&c,
        (way_t){
            .client = BOB, .connection = 2, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_ANSWER, .covered = true},
        &a);
    say(&c,
        (way_t){.client = ALICE,
                .connection = 1,
                .direction = WR_DIRECTION_DELIVERED,
                .kind = WR_KIND_ANSWER,
                .covered = true},
        &a);
    connect_ends(&c);
    hellos(&c, 1);
    present(&c, ALICES, BOBS, follows ? "mallory" : "alice");
    n = found(&c, check, severity);
    call_end(&c);
    g_free(both);
    g_free(substitute);
    g_free(own);
    return n;
}

static void test_substitute_in_use(void)
{
    g_assert_cmpuint(intercepted(NULL, true, "SUBST-02", WR_ERROR), ==, 1);
    g_assert_cmpuint(intercepted(NULL, false, "SUBST-02", -1), ==, 0);
}

static void test_declared_server(void)
{
    wr_fingerprint known;
    wr_options options = {.declared_fingerprints = &known, .n_declared_fingerprints = 1};
    char *text = fingerprint_of("mallory");

    wr_fingerprint_parse(text, strlen(text), &known);
    g_assert_true(known.usable);
    g_assert_cmpuint(intercepted(&options, true, "SUBST-02", WR_ERROR), ==, 0);
    g_assert_cmpuint(intercepted(&options, true, "SUBST-01", WR_CHAT), ==, 1);
    g_free(text);
}

/* ---- SUBST-03 ---- */

static void test_expected_certificate(void)
{
    for (int right = 0; right < 2; right++) {
        struct wr_expected expected = {.party = ALICE};
        wr_options options = {.expected = &expected, .n_expected = 1};
        char *text = fingerprint_of(right ? "alice" : "somebody"), *own = fingerprint_of("alice");
        text_t o = offer_text(), a = answer_text();
        call_t c;
        wr_fingerprint_parse(text, strlen(text), &expected.fingerprint);
        c = call_begin(&options);
        o.fingerprint = own;
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        connect_ends(&c);
        hellos(&c, 1);
        present(&c, ALICES, BOBS, "alice");
        g_assert_cmpuint(found(&c, "SUBST-03", WR_ERROR), ==, 1 - right);
        call_end(&c);
        g_free(text);
        g_free(own);
    }
}

/* ---- TOP-02, TOP-04 ---- */

static void test_media_server(void)
{
    static const struct {
        const char *session_lines, *session_id, *candidate;
        unsigned findings;
    } rows[] = {
        {"a=ice-lite\r\n", "4711000002", SERVER " 10000", 1}, /* lite, and at the signalling server */
        {NULL, "4711000001", SERVER " 10000", 1},             /* made out of the offer, and there */
        {"a=ice-lite\r\n", "4711000002", BOB " 6000", 0},     /* one sign alone */
        {NULL, "4711000002", BOB " 6000", 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        a.session_lines = rows[i].session_lines;
        a.session_id = rows[i].session_id;
        a.candidate = rows[i].candidate;
        say(&c, OFFERED, &o);
        say(&c, ANSWERED, &a);
        g_assert_cmpuint(found(&c, "TOP-02", WR_CHAT), ==, rows[i].findings);
        call_end(&c);
    }
}

static void test_forks(void)
{
    for (int second = 0; second < 2; second++) {
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        agree(&c);
        if (second) {
            a.session_id = "4711000003";
            a.ufrag = "DDDD";
            a.pwd = "davedavedavedavedave22";
            a.fingerprint = sha256_of(0xDD);
        } else {
            a.version = "3"; /* the same answerer again: pranswer, then answer */
        }
        say(&c, ANSWERED, &a);
        g_assert_cmpuint(found(&c, "TOP-04", WR_CHAT), ==, second);
        call_end(&c);
    }
}

/* ---- CAP ---- */

static void test_one_direction(void)
{
    for (int both = 0; both < 2; both++) {
        call_t c = call_begin(NULL);
        agree(&c);
        connect_ends(&c);
        dtls(&c, 5, BOBS, ALICES, WR_DTLS_CLIENT_HELLO, 1);
        if (both)
            dtls(&c, 5, ALICES, BOBS, WR_DTLS_SERVER_HELLO, 2);
        dtls(&c, 5, BOBS, ALICES, WR_DTLS_ENCRYPTED_HANDSHAKE, 0);
        g_assert_cmpuint(found(&c, "CAP-02", WR_NOTE), ==, 1 - both);
        call_end(&c);
    }
}

static void test_started_before(void)
{
    for (int later = 0; later < 3; later++) {
        call_t c = call_begin(NULL);
        if (later == 1) /* the call's own signalling is there: it began here */
            agree(&c);
        if (later == 2)
            next(&c, 5000, ALICES, BOBS);
        connect_ends(&c);
        media(&c, 20, ALICES, BOBS);
        media(&c, 20, BOBS, ALICES);
        if (later != 1)
            agree(&c); /* a new offer in mid call tells whose the path is */
        g_assert_cmpuint(found(&c, "CAP-01", WR_NOTE), ==, later == 0);
        call_end(&c);
    }
}

static void test_several_points(void)
{
    for (int two = 0; two < 2; two++) {
        call_t c = call_begin(NULL);
        wr_endpoint translated = at("198.51.100.5", 5000);
        agree(&c);
        connect_ends(&c);
        hellos(&c, 1);
        dtls(&c, 1, BOBS, translated, WR_DTLS_CLIENT_HELLO, two ? 1 : 7);
        dtls(&c, 1, translated, BOBS, WR_DTLS_SERVER_HELLO, two ? 2 : 8);
        g_assert_cmpuint(found(&c, "CAP-03", WR_CHAT), ==, two);
        call_end(&c);
    }
}

static void test_key_coverage(void)
{
    for (int covered = 0; covered < 2; covered++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        way_t w = OFFERED;
        w.covered = covered;
        say(&c, w, &o);
        g_assert_cmpuint(found(&c, "CAP-05", WR_CHAT), ==, covered);
        call_end(&c);
    }
}

/* A segment of this connection came late. */
static void late_segment(call_t *c, uint32_t connection, wr_endpoint src, wr_endpoint dst)
{
    wr_remark r;

    memset(&r, 0, sizeof r);
    r.kind = WR_REMARK_DISORDER;
    r.at = next(c, 5, src, dst);
    r.connection = connection;
    wr_engine_add_remark(c->e, &r);
}

/* A word of it where a description's other half did not come, on its connection. */
static void test_disorder_of_descriptions(void)
{
    for (int i = 0; i < 3; i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        say(&c, OFFERED, &o);
        if (i == 1)
            agree(&c);
        late_segment(&c, i == 2 ? 77 : OFFERED.connection, at(SERVER, 443), at(ALICE, 50000));
        late_segment(&c, OFFERED.connection + 1000, at(SERVER, 443), at(ALICE, 50000));
        g_assert_cmpuint(found(&c, "CAP-08", WR_NOTE), ==, i == 0);
        g_assert_cmpuint(found(&c, "CAP-08", -1), ==, i == 0);
        call_end(&c);
    }
}

/* No description at all: where an end of the call has such a connection, said once, with the first of them. */
static void test_disorder_without_descriptions(void)
{
    for (int i = 0; i < 3; i++) {
        call_t c = call_begin(NULL);
        connect_ends(&c);
        late_segment(&c, 8, at("198.51.100.7", 443), at("198.51.100.8", 50000));
        if (i > 0)
            late_segment(&c, 9, at(SERVER, 443), at(i == 1 ? ALICE : "198.51.100.9", 50000));
        late_segment(&c, 10, at(SERVER, 443), at(i == 1 ? ALICE : "198.51.100.9", 50001));
        hellos(&c, 1);
        g_assert_cmpuint(found(&c, "CAP-08", WR_NOTE), ==, i == 1);
        call_end(&c);
    }
}

/* ---- TOP-05 ---- */

static void collect(const char *line, void *data)
{
    g_string_append(data, line);
}

static void test_audit_record(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    way_t w = OFFERED, v = ANSWERED;
    GString *out = g_string_new(NULL);

    w.from = v.to = "=HYPERLINK(\"http://x\")";
    w.to = v.from = "Bob \"B\", at\r\nhome";
    w.call = v.call = "+493012345678";
    say(&c, w, &o);
    say(&c, v, &a);
    connect_ends(&c);
    hellos(&c, 1);
    media(&c, 1000, ALICES, BOBS);
    wr_report_audit_csv(c.e, NULL, collect, out);
    g_assert_nonnull(strstr(out->str, "\"'=HYPERLINK(\"\"http://x\"\")\""));
    g_assert_nonnull(strstr(out->str, "\"'+493012345678\""));
    g_assert_nonnull(strstr(out->str, "\"Bob \"\"B\"\", at"));
    g_assert_nonnull(strstr(out->str, "\"10.0.0.1:5000 - 192.0.2.2:6000 UDP\""));
    g_assert_nonnull(strstr(out->str, "\"data\""));
    g_assert_nonnull(strstr(out->str, ",1,60,")); /* one packet of media, 60 bytes */
    { /* two lines, and as many cells in each (none holds a comma but Bob's name) */
        char **lines = g_strsplit(out->str, "\r\n", -1);
        g_assert_cmpuint(g_strv_length(lines), ==, 3);
        g_strfreev(lines);
    }
    g_string_truncate(out, 0);
    wr_report_audit(c.e, NULL, collect, out);
    g_assert_nonnull(strstr(out->str, "10.0.0.1"));
    g_assert_nonnull(strstr(out->str, "60 bytes of media"));
    g_assert_true(strchr(out->str, '\n') == out->str + out->len - 1);
    g_string_free(out, TRUE);
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/subst/substitution", test_substitution);
    g_test_add_func("/checks/subst/reauthored", test_reauthored);
    g_test_add_func("/checks/subst/substitute-in-use", test_substitute_in_use);
    g_test_add_func("/checks/subst/declared-server", test_declared_server);
    g_test_add_func("/checks/subst/expected-certificate", test_expected_certificate);
    g_test_add_func("/checks/top/media-server", test_media_server);
    g_test_add_func("/checks/top/forks", test_forks);
    g_test_add_func("/checks/cap/one-direction", test_one_direction);
    g_test_add_func("/checks/cap/started-before", test_started_before);
    g_test_add_func("/checks/cap/several-points", test_several_points);
    g_test_add_func("/checks/cap/key-coverage", test_key_coverage);
    g_test_add_func("/checks/cap/disorder-of-descriptions", test_disorder_of_descriptions);
    g_test_add_func("/checks/cap/disorder-without-descriptions", test_disorder_without_descriptions);
    g_test_add_func("/checks/top/audit-record", test_audit_record);
    return g_test_run();
}
