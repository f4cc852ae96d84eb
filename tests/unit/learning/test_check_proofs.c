/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MESSAGE-INTEGRITY of checks (RFC 8489 14.5) at the bounds of what is kept and tried, and as it is shown of one
 * message: by the passwords that descriptions announce for the user name, of a response by those for its request.
 */
#include "checks_build.h"

#include "records/call_limits.h"
#include "records/store.h"

/* ---- messages ---- */

typedef struct {
    unsigned method, class; /* 0: a binding request */
    const char *user, *pwd; /* NULL: without that attribute */
    unsigned number, size;  /* size: of the whole message, by an attribute that nobody reads; 0 for what is needed */
    bool realm, nonce, fingerprint, broken;
} message_t;

static void add(GByteArray *b, unsigned type, const void *value, size_t n)
{
    static const uint8_t none[4];
    uint8_t header[4];

    put16(header, type);
    put16(header + 2, (unsigned)n);
    g_byte_array_append(b, header, 4);
    g_byte_array_append(b, value, (guint)n);
    g_byte_array_append(b, none, (4 - n % 4) % 4);
}

static void set_length(GByteArray *b, size_t behind)
{
    put16(b->data + 2, (unsigned)(b->len + behind - WR_STUN_HEADER));
}

/* RFC 8489 14.7 */
static void add_crc(GByteArray *b, bool broken)
{
    uint32_t crc = UINT32_MAX;
    uint8_t value[4];

    set_length(b, 8);
    for (guint i = 0; i < b->len; i++) {
        crc ^= b->data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    crc = ~crc ^ 0x5354554eu ^ (broken ? 1 : 0);
    put16(value, crc >> 16);
    put16(value + 2, crc & 0xffff);
    add(b, 0x8028, value, 4);
}

static GByteArray *build(const message_t *m)
{
    GByteArray *b = g_byte_array_new();
    uint8_t header[WR_STUN_HEADER] = {0}, mac[20], filling[600] = {0};
    const unsigned method = m->method != 0 ? m->method : WR_STUN_BINDING;
    unsigned n = sizeof mac;

    put16(header,
          (method & 0xf) | (method & 0x70) << 1 | (method & 0xf80) << 2 | (m->class & 1) << 4 | (m->class & 2) << 7);
    put16(header + 4, 0x2112);
    put16(header + 6, 0xA442);
    memset(header + 8, (int)m->number, 12);
    g_byte_array_append(b, header, sizeof header);
    if (m->user != NULL)
        add(b, 0x0006, m->user, strlen(m->user));
    if (m->realm)
        add(b, 0x0014, "realm", 5);
    if (m->nonce)
        add(b, 0x0015, "nonce", 5);
    if (m->size > 0)
        add(b, 0x8abc, filling, m->size - b->len - 4 - 24);
    if (m->pwd != NULL) {
        set_length(b, 24);
        HMAC(EVP_sha1(), m->pwd, (int)strlen(m->pwd), b->data, b->len, mac, &n);
        add(b, 0x0008, mac, sizeof mac);
    }
    set_length(b, 0);
    if (m->fingerprint)
        add_crc(b, m->broken);
    if (m->size > 0)
        g_assert_cmpuint(b->len, ==, m->size);
    return b;
}

/* Sent, or asked about as it is shown. */
static wr_flow *send_message(call_t *c, wr_endpoint src, wr_endpoint dst, const message_t *m)
{
    GByteArray *b = build(m);
    wr_flow *f = stun_send(c, 10, src, dst, b->data, b->len);

    g_byte_array_unref(b);
    return f;
}

static wr_integrity shown(call_t *c, wr_endpoint src, wr_endpoint dst, const message_t *m)
{
    GByteArray *b = build(m);
    wr_stun_evidence s;
    wr_integrity result;

    memset(&s, 0, sizeof s);
    s.at = next(c, 10, src, dst);
    s.how.peer = wr_endpoint_none();
    g_assert_true(wr_stun_parse(b->data, b->len, &s.msg));
    result = wr_engine_check_integrity(c->e, &s);
    g_byte_array_unref(b);
    return result;
}

static const wr_check *first_check(const call_t *c)
{
    const wr_flow *f;

    g_assert_cmpuint(c->e->flows->len, ==, 1);
    f = g_ptr_array_index(c->e->flows, 0);
    g_assert_cmpuint(f->checks.len, >=, 1);
    return wr_list_at(&f->checks, 0);
}

/* ---- for showing ---- */

static void test_shown_requests(void)
{
    static const struct {
        const char *words;
        message_t m;
        wr_integrity shown;
    } rows[] = {
        {"by the password", {.user = "BBBB:AAAA", .pwd = PWD_B}, WR_INTEGRITY_VALID},
        {"by another", {.user = "BBBB:AAAA", .pwd = PWD_A}, WR_INTEGRITY_INVALID},
        {"without", {.user = "BBBB:AAAA"}, WR_INTEGRITY_UNKNOWN},
        {"for a name that nobody announced", {.user = "CCCC:AAAA", .pwd = PWD_B}, WR_INTEGRITY_UNKNOWN},
        {"for no name", {.pwd = PWD_B}, WR_INTEGRITY_UNKNOWN},
        {"for half a name", {.user = "BBBB", .pwd = PWD_B}, WR_INTEGRITY_UNKNOWN},
        {"a ping", {.method = WR_STUN_GOOG_PING, .user = "BBBB:AAAA", .pwd = PWD_B}, WR_INTEGRITY_VALID},
        {"to a relay", {.method = WR_STUN_ALLOCATE, .user = "BBBB:AAAA", .pwd = PWD_B}, WR_INTEGRITY_UNKNOWN},
        {"in a realm", {.user = "BBBB:AAAA", .pwd = PWD_B, .realm = true}, WR_INTEGRITY_UNKNOWN},
        {"with a nonce", {.user = "BBBB:AAAA", .pwd = PWD_B, .nonce = true}, WR_INTEGRITY_UNKNOWN},
        {"an indication with a name",
         {.class = WR_STUN_INDICATION, .user = "BBBB:AAAA", .pwd = PWD_B},
         WR_INTEGRITY_VALID},
        {"for a name without a password", {.user = "NOPW:AAAA", .pwd = PWD_B}, WR_INTEGRITY_UNKNOWN},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        a.more = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:NOPW\r\n";
        say(&c, ANSWERED, &a);
        g_test_message("%s", rows[i].words);
        g_assert_cmpint(shown(&c, ALICES, BOBS, &rows[i].m), ==, rows[i].shown);
        call_end(&c);
    }
}

/* A response is by the password of one of the names that its path was asked by. */
static void test_shown_responses(void)
{
    static const struct {
        const char *words, *asked[2], *pwd;
        wr_integrity shown;
    } rows[] = {
        {"by the password of its request", {"BBBB:AAAA"}, PWD_B, WR_INTEGRITY_VALID},
        {"by another", {"BBBB:AAAA"}, PWD_A, WR_INTEGRITY_INVALID},
        {"by that of the first", {"BBBB:AAAA", "AAAA:BBBB"}, PWD_B, WR_INTEGRITY_VALID},
        {"by that of the second", {"AAAA:BBBB", "BBBB:AAAA"}, PWD_B, WR_INTEGRITY_VALID},
        {"by the first, beside an unknown name", {"BBBB:AAAA", "CCCC:AAAA"}, PWD_A, WR_INTEGRITY_INVALID},
        {"for an unknown name", {"CCCC:AAAA"}, PWD_B, WR_INTEGRITY_UNKNOWN},
        {"on a path that nobody asked on", {NULL}, PWD_B, WR_INTEGRITY_UNKNOWN},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const message_t response = {.class = WR_STUN_SUCCESS, .pwd = rows[i].pwd, .number = 1};
        agree(&c);
        for (unsigned k = 0; k < 2 && rows[i].asked[k] != NULL; k++) {
            const message_t m = {.user = rows[i].asked[k], .pwd = PWD_B, .number = k + 1};
            send_message(&c, ALICES, BOBS, &m);
        }
        g_test_message("%s", rows[i].words);
        g_assert_cmpint(shown(&c, BOBS, ALICES, &response), ==, rows[i].shown);
        call_end(&c);
    }
}

/* ---- bounds ---- */

static char *password(unsigned n)
{
    return g_strdup_printf("passwordpasswordpass%04u", n);
}

static void announce(call_t *c, unsigned n)
{
    text_t a = answer_text();
    char *pwd = password(n), *id = g_strdup_printf("47110%04u", n);

    a.session_id = id;
    a.pwd = pwd;
    say(c, ANSWERED, &a);
    g_free(pwd);
    g_free(id);
}

static bool is_limited(const call_t *c)
{
    return wr_engine_limits_reached(c->e)->len > 0;
}

/* So many passwords are tried for one name; one more, and what was announced behind it is not, and that is said. */
static void test_many_passwords(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool too_many = i % 2 != 0, last = i / 2 % 2 != 0, late = i / 4 != 0;
        const unsigned n = WR_MAX_PASSWORDS + too_many;
        char *right = password(last ? n - 1 : 0);
        const message_t m = {.user = "BBBB:AAAA", .pwd = right, .number = 1};
        call_t c = call_begin(NULL);
        bool valid;
        for (unsigned k = 0; k + late < n; k++)
            announce(&c, k);
        send_message(&c, ALICES, BOBS, &m);
        if (late)
            announce(&c, n - 1);
        valid = !too_many || !last;
        g_test_message("%u passwords, the %s, %s", n, last ? "last" : "first", late ? "late" : "in time");
        g_assert_true(first_check(&c)->request_valid == valid);
        g_assert_true(is_limited(&c) == (too_many && !late));
        g_assert_cmpint(shown(&c, ALICES, BOBS, &m), ==, valid ? WR_INTEGRITY_VALID : WR_INTEGRITY_INVALID);
        g_free(right);
        call_end(&c);
    }
}

/* Messages up to a size are kept for a description that comes later, and for its password. */
static void test_long_messages(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool long_request = i % 2 != 0, long_response = i / 2 % 2 != 0, late = i / 4 != 0;
        const message_t request = {
            .user = "BBBB:AAAA", .pwd = PWD_B, .size = WR_MAX_KEPT_BYTES + (long_request ? 4 : 0)};
        const message_t response = {
            .class = WR_STUN_SUCCESS, .pwd = PWD_B, .size = WR_MAX_KEPT_BYTES + (long_response ? 4 : 0)};
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        if (!late)
            say(&c, ANSWERED, &a);
        send_message(&c, ALICES, BOBS, &request);
        send_message(&c, BOBS, ALICES, &response);
        if (late)
            say(&c, ANSWERED, &a);
        g_test_message("case %u", i);
        g_assert_true(first_check(&c)->request_valid == !long_request);
        g_assert_true(first_check(&c)->response_valid == (!long_request && !long_response));
        g_assert_cmpuint(first_check(&c)->requests, ==, 1);
        call_end(&c);
    }
}

/* Damaged on its way: it proves nothing, though its integrity fits what stands in front. */
static void test_damaged(void)
{
    for (unsigned i = 0; i < 3; i++) {
        const message_t m = {.user = "BBBB:AAAA", .pwd = PWD_B, .fingerprint = i > 0, .broken = i == 2};
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        say(&c, ANSWERED, &a);
        send_message(&c, ALICES, BOBS, &m);
        g_assert_true(first_check(&c)->request_valid == (i < 2));
        g_assert_true(first_check(&c)->tried == (i < 2));
        call_end(&c);
    }
}

/* What asks a relay or a server is no check, nor is a request without both names. */
static void test_no_checks(void)
{
    static const struct {
        message_t m;
        bool check;
    } rows[] = {
        {{.user = "BBBB:AAAA", .pwd = PWD_B}, true},
        {{.user = "BBBB:AAAA"}, true},
        {{.method = WR_STUN_GOOG_PING, .user = "BBBB:AAAA", .pwd = PWD_B}, true},
        {{.method = WR_STUN_REFRESH, .user = "BBBB:AAAA", .pwd = PWD_B}, false},
        {{.user = "BBBB:AAAA", .pwd = PWD_B, .realm = true}, false},
        {{.user = "BBBB:AAAA", .pwd = PWD_B, .nonce = true}, false},
        {{.user = "BBBB", .pwd = PWD_B}, false},
        {{.pwd = NULL}, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        g_test_message("row %zu", i);
        g_assert_true((send_message(&c, ALICES, BOBS, &rows[i].m) != NULL) == rows[i].check);
        g_assert_cmpuint(c.e->flows->len, ==, rows[i].check);
        call_end(&c);
    }
}

/* A success consents (RFC 7675 5.1), an error does not; both came on the path. */
static void test_classes(void)
{
    for (unsigned i = 0; i < 3; i++) {
        static const unsigned classes[] = {WR_STUN_SUCCESS, WR_STUN_ERROR, WR_STUN_INDICATION};
        const message_t request = {.user = "BBBB:AAAA", .pwd = PWD_B};
        const message_t response = {.class = classes[i], .pwd = PWD_B};
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        wr_flow *f;
        say(&c, ANSWERED, &a);
        f = send_message(&c, ALICES, BOBS, &request);
        c.e->changed = false;
        g_assert_true(send_message(&c, BOBS, ALICES, &response) == f);
        g_assert_cmpuint(f->last_frame, ==, c.frame);
        g_assert_true(wr_flow_is_answered(f) == (i == 0));
        g_assert_true(first_check(&c)->response_valid == (i == 0));
        g_assert_true(c.e->changed == (i == 0));
        call_end(&c);
    }
}

/* A path full of checks that are all proven has no room for another. */
static void test_all_proven(void)
{
    call_t c = call_begin(NULL);
    text_t a = answer_text();
    message_t m = {.pwd = PWD_B};
    const wr_flow *f = NULL;

    say(&c, ANSWERED, &a);
    for (unsigned i = 0; i <= WR_MAX_CHECKS_PER_FLOW; i++) {
        char *user = g_strdup_printf("BBBB:A%03u", i);
        m.user = user;
        m.number = i + 1;
        f = send_message(&c, ALICES, BOBS, &m);
        g_assert_true(is_limited(&c) == (i == WR_MAX_CHECKS_PER_FLOW));
        g_free(user);
    }
    g_assert_cmpuint(f->checks.len, ==, WR_MAX_CHECKS_PER_FLOW);
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        g_assert_true(k->request_valid);
        g_assert_cmpuint((unsigned)g_ascii_strtoull(k->local_ufrag + 1, NULL, 10), ==, i);
    }
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check_proofs/shown_requests", test_shown_requests);
    g_test_add_func("/check_proofs/shown_responses", test_shown_responses);
    g_test_add_func("/check_proofs/many_passwords", test_many_passwords);
    g_test_add_func("/check_proofs/long_messages", test_long_messages);
    g_test_add_func("/check_proofs/damaged", test_damaged);
    g_test_add_func("/check_proofs/no_checks", test_no_checks);
    g_test_add_func("/check_proofs/classes", test_classes);
    g_test_add_func("/check_proofs/all_proven", test_all_proven);
    return g_test_run();
}
