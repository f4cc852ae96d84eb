/* SPDX-License-Identifier: GPL-2.0-or-later */
/* STUN messages (RFC 8489), with the vectors of RFC 5769 2.1 to 2.3, and messages made to be wrong. */
#include "stun/stun.h"

#include <string.h>

/* RFC 5769: "The sample messages ... use the following parameters". */
#define PASSWORD "VOkJxbRl1RmTxUk/WvJxBt"
#define TXID     0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae
#define COOKIE   0x21, 0x12, 0xa4, 0x42

/* 2.1 */
static const uint8_t sample_request[] = {
    0x00, 0x01, 0x00, 0x58, COOKIE, TXID, /* header */
    0x80, 0x22, 0x00, 0x10, 'S',    'T',  'U',  'N',  ' ',  't',  'e',  's',  't',  ' ',  'c',  'l',
    'i',  'e',  'n',  't',  0x00,   0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,                         /* PRIORITY */
    0x80, 0x29, 0x00, 0x08, 0x93,   0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36,                         /* controlled */
    0x00, 0x06, 0x00, 0x09, 'e',    'v',  't',  'j',  ':',  'h',  '6',  'v',  'Y',  0x20, 0x20, 0x20, /* USERNAME */
    0x00, 0x08, 0x00, 0x14, 0x9a,   0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, /* integrity */
    0xb2, 0xd3, 0xf2, 0x49, 0xc1,   0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf, /* FINGERPRINT */
};

/* 2.2 */
static const uint8_t sample_ipv4_response[] = {
    0x01, 0x01, 0x00, 0x3c, COOKIE, TXID, 0x80, 0x22, 0x00, 0x0b, 't',  'e',  's',  't',  ' ',  'v',  'e',
    'c',  't',  'o',  'r',  0x20,   0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
    0x00, 0x08, 0x00, 0x14, 0x2b,   0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9, 0x2a,
    0xf9, 0xba, 0x53, 0xf0, 0x6b,   0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
};

/* 2.3 */
static const uint8_t sample_ipv6_response[] = {
    0x01, 0x01, 0x00, 0x48, COOKIE, TXID, 0x80, 0x22, 0x00, 0x0b, 't',  'e',  's',  't',  ' ',  'v',
    'e',  'c',  't',  'o',  'r',    0x20, 0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13,
    0xa9, 0xfa, 0xa5, 0xd3, 0xf1,   0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9, 0x00, 0x08,
    0x00, 0x14, 0xa3, 0x82, 0x95,   0x4e, 0x4b, 0xe6, 0x7b, 0xf1, 0x17, 0x84, 0xc9, 0x7c, 0x82, 0x92,
    0xc2, 0x75, 0xbf, 0xe3, 0xed,   0x41, 0x80, 0x28, 0x00, 0x04, 0xc8, 0xfb, 0x0b, 0x4c,
};

static bool integrity_fits(const wr_stun *msg, const char *password)
{
    return wr_stun_integrity_valid(msg->bytes, msg->length, msg->integrity_offset, password, strlen(password));
}

static void assert_address(const wr_endpoint *e, const char *expected)
{
    char text[WR_ENDPOINT_TEXT];

    g_assert_cmpstr(wr_endpoint_format(e, text), ==, expected);
}

/* A message put together by the tests; its length field is kept right by add(). */
typedef struct {
    uint8_t bytes[2048];
    size_t length;
} builder;

static builder begin(uint16_t type)
{
    static const uint8_t rest[] = {COOKIE, TXID};
    builder b = {.length = WR_STUN_HEADER};

    b.bytes[0] = (uint8_t)(type >> 8);
    b.bytes[1] = (uint8_t)type;
    memcpy(b.bytes + 4, rest, sizeof rest);
    return b;
}

static void add(builder *b, uint16_t type, const void *value, size_t length)
{
    uint8_t *p = b->bytes + b->length;

    p[0] = (uint8_t)(type >> 8);
    p[1] = (uint8_t)type;
    p[2] = (uint8_t)(length >> 8);
    p[3] = (uint8_t)length;
    if (length != 0)
        memcpy(p + 4, value, length);
    b->length += 4 + (length + 3) / 4 * 4;
    b->bytes[2] = (uint8_t)((b->length - WR_STUN_HEADER) >> 8);
    b->bytes[3] = (uint8_t)(b->length - WR_STUN_HEADER);
}

/* Parses a copy that ends where memory ends, so that a sanitizer sees every read behind it. */
static bool parse_tight(const uint8_t *bytes, size_t length, wr_stun *msg, uint8_t **copy)
{
    *copy = g_malloc(length + 1);
    memmove(*copy + 1, bytes, length);
    return wr_stun_parse(*copy + 1, length, msg);
}

static void test_rfc5769_request(void)
{
    wr_stun msg;
    char *remote, *local;

    g_assert_true(wr_stun_parse(sample_request, sizeof sample_request, &msg));
    g_assert_null(msg.problem);
    g_assert_cmpuint(msg.length, ==, 108);
    g_assert_cmpuint(msg.method, ==, WR_STUN_BINDING);
    g_assert_cmpuint(msg.message_class, ==, WR_STUN_REQUEST);
    g_assert_cmpstr(wr_stun_name(msg.method, msg.message_class), ==, "Binding Request");
    g_assert_cmpmem(msg.txid, WR_STUN_TXID, sample_request + 8, WR_STUN_TXID);
    g_assert_cmpmem(msg.username, msg.username_length, "evtj:h6vY", 9);
    g_assert_cmpmem(msg.software, msg.software_length, "STUN test client", 16);
    g_assert_true(msg.ice_attributes);
    g_assert_true(msg.controlled);
    g_assert_false(msg.controlling);
    g_assert_false(msg.use_candidate);
    g_assert_false(msg.has_realm);
    g_assert_true(msg.has_integrity);
    g_assert_true(msg.has_fingerprint);
    g_assert_true(msg.fingerprint_valid);
    g_assert_true(integrity_fits(&msg, PASSWORD));
    g_assert_false(integrity_fits(&msg, "VOkJxbRl1RmTxUk/WvJxBT"));
    g_assert_false(integrity_fits(&msg, ""));
    g_assert_true(wr_stun_split_username(&msg, &remote, &local));
    g_assert_cmpstr(remote, ==, "evtj");
    g_assert_cmpstr(local, ==, "h6vY");
    g_free(remote);
    g_free(local);
}

static void check_response(const uint8_t *bytes, size_t length, const char *mapped)
{
    wr_stun msg;

    g_assert_true(wr_stun_parse(bytes, length, &msg));
    g_assert_null(msg.problem);
    g_assert_cmpstr(wr_stun_name(msg.method, msg.message_class), ==, "Binding Success Response");
    g_assert_cmpmem(msg.software, msg.software_length, "test vector", 11);
    g_assert_null(msg.username);
    g_assert_true(msg.fingerprint_valid);
    g_assert_true(integrity_fits(&msg, PASSWORD));
    assert_address(&msg.mapped, mapped);
}

static void test_rfc5769_ipv4_response(void)
{
    check_response(sample_ipv4_response, sizeof sample_ipv4_response, "192.0.2.1:32853");
}

static void test_rfc5769_ipv6_response(void)
{
    check_response(sample_ipv6_response, sizeof sample_ipv6_response, "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
}

static void test_a_changed_bit_breaks_integrity_and_fingerprint(void)
{
    for (size_t i = 0; i < sizeof sample_request * 8; i++) {
        uint8_t changed[sizeof sample_request];
        wr_stun msg;

        memcpy(changed, sample_request, sizeof changed);
        changed[i / 8] ^= (uint8_t)(1 << (i % 8));
        if (!wr_stun_parse(changed, sizeof changed, &msg) || !msg.has_fingerprint)
            continue;
        g_assert_false(msg.fingerprint_valid);
        /* FINGERPRINT's own eight bytes lie behind what the integrity covers, and the length is set anew. */
        if (i / 8 < 100 && i / 8 != 2 && i / 8 != 3 && msg.has_integrity)
            g_assert_false(integrity_fits(&msg, PASSWORD));
    }
}

static void test_every_cut_is_refused(void)
{
    for (size_t n = 0; n < sizeof sample_request; n++) {
        uint8_t *copy;
        wr_stun msg;

        g_assert_false(parse_tight(sample_request, n, &msg, &copy));
        g_assert_null(msg.bytes);
        g_free(copy);
    }
}

static void test_trailing_bytes_are_left_alone(void)
{
    uint8_t longer[sizeof sample_request + 3] = {0};
    wr_stun msg;

    memcpy(longer, sample_request, sizeof sample_request);
    g_assert_true(wr_stun_parse(longer, sizeof longer, &msg));
    g_assert_cmpuint(msg.length, ==, sizeof sample_request);
    g_assert_true(msg.fingerprint_valid);
}

static void test_what_is_no_stun_is_refused(void)
{
    builder b = begin(0x0001);
    wr_stun msg;

    g_assert_true(wr_stun_looks_like(b.bytes, b.length));
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    g_assert_false(wr_stun_looks_like(NULL, 0));
    b.bytes[4] ^= 1; /* the cookie */
    g_assert_false(wr_stun_looks_like(b.bytes, b.length));
    b = begin(0x4001); /* ChannelData's first bits */
    g_assert_false(wr_stun_looks_like(b.bytes, b.length));
    b = begin(0x0001);
    b.bytes[3] = 2; /* no multiple of 4 */
    g_assert_false(wr_stun_looks_like(b.bytes, sizeof b.bytes));
    b.bytes[3] = 4; /* longer than what is there */
    g_assert_false(wr_stun_looks_like(b.bytes, b.length));
    b.bytes[2] = b.bytes[3] = 0xff;
    g_assert_false(wr_stun_looks_like(b.bytes, sizeof b.bytes));
}

static void test_an_attribute_longer_than_the_message_is_named(void)
{
    static const uint16_t lengths[] = {5, 8, 0x7fff, 0xfffd, 0xffff};

    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        builder b = begin(0x0001);
        uint8_t *copy;
        wr_stun msg;

        add(&b, 0x0024, "\0\0\0\1", 4);
        add(&b, 0x0006, "a:b", 3);
        b.bytes[30] = (uint8_t)(lengths[i] >> 8);
        b.bytes[31] = (uint8_t)lengths[i];
        g_assert_true(parse_tight(b.bytes, b.length, &msg, &copy));
        g_assert_nonnull(msg.problem);
        g_assert_null(msg.username);
        g_assert_true(msg.ice_attributes); /* what was read before is kept */
        g_free(copy);
    }
}

static void test_padding_and_unknown_attributes_are_skipped(void)
{
    builder b = begin(0x0001);
    wr_stun msg;

    add(&b, 0x7abc, "12345", 5);
    add(&b, 0xdaba, NULL, 0);
    add(&b, 0x0006, "left:right", 10);
    add(&b, 0xC071, "abcd", 4);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    g_assert_null(msg.problem);
    g_assert_cmpmem(msg.username, msg.username_length, "left:right", 10);
}

static void test_the_first_of_several_counts(void)
{
    builder b = begin(0x0001);
    wr_stun msg;

    add(&b, 0x0006, "a:b", 3);
    add(&b, 0x0006, "c:d", 3);
    add(&b, 0x000C, "\x40\x01\0\0", 4);
    add(&b, 0x000C, "\x40\x02\0\0", 4);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    g_assert_cmpmem(msg.username, msg.username_length, "a:b", 3);
    g_assert_cmphex(msg.channel, ==, 0x4001);
}

/* An attacker on the way can append attributes without breaking the integrity: RFC 8489 14.5 has them ignored. */
static void test_what_follows_the_integrity_is_ignored(void)
{
    static const uint8_t zeros[20];
    builder b = begin(0x0001);
    wr_stun msg;

    add(&b, 0x0006, "a:b", 3);
    add(&b, 0x0008, zeros, 20);
    add(&b, 0x0025, NULL, 0);
    add(&b, 0x0020, "\0\1\1\2\3\4\5\6", 8);
    add(&b, 0x001C, zeros, 20);
    add(&b, 0x8028, zeros, 4);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    g_assert_nonnull(msg.problem);
    g_assert_false(msg.use_candidate);
    g_assert_false(wr_endpoint_known(&msg.mapped));
    g_assert_true(msg.has_integrity_sha256);
    g_assert_true(msg.has_fingerprint);
    g_assert_false(msg.fingerprint_valid);
}

static void test_nothing_follows_the_fingerprint(void)
{
    builder b = begin(0x0001);
    wr_stun msg;

    add(&b, 0x8028, "\0\0\0\0", 4);
    add(&b, 0x0006, "a:b", 3);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    g_assert_nonnull(msg.problem);
    g_assert_null(msg.username);
}

static void test_wrong_lengths_are_named(void)
{
    static const struct {
        uint16_t type;
        size_t length;
    } wrong[] = {
        {0x0001, 0}, {0x0001, 7},  {0x0020, 4},  {0x0020, 12},  {0x0012, 19},  {0x0016, 21},  {0x0008, 19},
        {0x0008, 0}, {0x0008, 31}, {0x0008, 33}, {0x0009, 3},   {0x000C, 2},   {0x0024, 3},   {0x0025, 4},
        {0x8028, 8}, {0x8029, 4},  {0x802A, 12}, {0x0006, 509}, {0x0014, 764}, {0x8022, 764}, {0x0015, 764},
        {0x001C, 0}, {0x001C, 12}, {0x001C, 18}, {0x001C, 36},
    };
    static const uint8_t zeros[1024];

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        builder b = begin(0x0101);
        uint8_t *copy;
        wr_stun msg;

        add(&b, wrong[i].type, zeros, wrong[i].length);
        g_assert_true(parse_tight(b.bytes, b.length, &msg, &copy));
        g_assert_nonnull(msg.problem);
        g_assert_false(msg.has_integrity);
        g_assert_false(wr_endpoint_known(&msg.mapped));
        g_free(copy);
    }
}

/* [MS-TURN]: it is integrity, and none that is verified here. */
static void test_a_longer_integrity_is_no_fault(void)
{
    static const uint8_t zeros[32];
    builder b = begin(0x0003);
    wr_stun msg;

    add(&b, 0x0008, zeros, sizeof zeros);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    g_assert_null(msg.problem);
    g_assert_true(msg.has_longer_integrity);
    g_assert_false(msg.has_integrity);
}

static void test_family_and_length_must_agree(void)
{
    static const uint8_t ipv6_in_8[] = {0, 2, 0, 1, 1, 2, 3, 4};
    builder b = begin(0x0101);
    wr_stun msg;

    add(&b, 0x0001, ipv6_in_8, sizeof ipv6_in_8);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    g_assert_nonnull(msg.problem);
    g_assert_false(wr_endpoint_known(&msg.mapped));
}

/* What was read is where the message says. */
static void assert_value(const wr_stun *msg, uint32_t attribute, const char *bytes, size_t n)
{
    const wr_span value = wr_stun_value(msg, attribute), whole = wr_stun_attribute(msg, attribute);

    g_assert_cmpmem(msg->bytes + value.offset, value.length, bytes, n);
    g_assert_cmpuint(whole.offset + 4, ==, value.offset);
    g_assert_cmpuint(whole.length, ==, value.length + 4);
}

static void test_attributes_are_where_it_is_said(void)
{
    wr_stun msg;

    g_assert_true(wr_stun_parse(sample_request, sizeof sample_request, &msg));
    assert_value(&msg, msg.at.controlled, "\x93\x2f\xf9\xb1\x51\x26\x3b\x36", 8);
    assert_value(&msg, msg.at.fingerprint, "\xe5\x7a\x3b\xcf", 4);
    g_assert_cmpuint(msg.at.controlling, ==, 0);
    g_assert_cmpuint(msg.at.mapped, ==, 0);
    g_assert_cmpuint(wr_stun_value(&msg, 0).length, ==, 0);
    g_assert_cmpuint(wr_stun_attribute(&msg, 0).length, ==, 0);
    g_assert_true(wr_stun_parse(sample_ipv4_response, sizeof sample_ipv4_response, &msg));
    assert_value(&msg, msg.at.mapped, "\0\1\xa1\x47\xe1\x12\xa6\x43", 8);
}

static void test_the_masked_address_wins(void)
{
    static const uint8_t plain[] = {0, 1, 0x12, 0x34, 10, 0, 0, 1};
    /* 192.0.2.1:32853 as RFC 5769 2.2 has it */
    static const uint8_t masked[] = {0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
    builder b = begin(0x0101);
    wr_stun msg;

    add(&b, 0x0001, plain, sizeof plain);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    assert_address(&msg.mapped, "10.0.0.1:4660");
    add(&b, 0x0020, masked, sizeof masked);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    assert_address(&msg.mapped, "192.0.2.1:32853");
    b = begin(0x0101);
    add(&b, 0x0020, masked, sizeof masked);
    add(&b, 0x0001, plain, sizeof plain);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    assert_address(&msg.mapped, "192.0.2.1:32853");
}

static void test_error_codes(void)
{
    static const struct {
        uint8_t value[4];
        uint16_t code;
    } cases[] = {{{0, 0, 4, 1}, 401}, {{0, 0, 3, 0}, 300}, {{0xff, 0xff, 0xfe, 99}, 699},
                 {{0, 0, 2, 0}, 0},   {{0, 0, 7, 0}, 0},   {{0, 0, 4, 100}, 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        builder b = begin(0x0111);
        wr_stun msg;

        add(&b, 0x0009, cases[i].value, 4);
        g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
        g_assert_cmpuint(msg.message_class, ==, WR_STUN_ERROR);
        g_assert_cmpuint(msg.error_code, ==, cases[i].code);
        g_assert_cmpint(msg.problem == NULL, ==, cases[i].code != 0);
    }
}

static void test_turn_indication_and_dtls_attribute(void)
{
    static const uint8_t peer[] = {0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
    builder b = begin(0x0016);
    wr_stun msg;

    add(&b, 0x0012, peer, sizeof peer);
    add(&b, 0x0013, "abcde", 5);
    add(&b, 0xC070, "\x16\xfe\xff", 3);
    g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
    g_assert_null(msg.problem);
    g_assert_cmpstr(wr_stun_name(msg.method, msg.message_class), ==, "Send Indication");
    g_assert_cmpmem(msg.data, msg.data_length, "abcde", 5);
    g_assert_cmpmem(msg.dtls, msg.dtls_length, "\x16\xfe\xff", 3);
    assert_address(&msg.peer, "192.0.2.1:32853");
}

/* RFC 8489 5: the bits of method and class lie between each other. */
static void test_methods_and_classes(void)
{
    static const struct {
        uint16_t type;
        const char *name;
    } cases[] = {{0x0003, "Allocate Request"},
                 {0x0113, "Allocate Error Response"},
                 {0x0017, "Data Indication"},
                 {0x0109, "ChannelBind Success Response"},
                 {0x0200, "Google Ping Request"},
                 {0x0300, "Google Ping Success Response"},
                 {0x3eef, "STUN"}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        builder b = begin(cases[i].type);
        wr_stun msg;

        g_assert_true(wr_stun_parse(b.bytes, b.length, &msg));
        g_assert_cmpstr(wr_stun_name(msg.method, msg.message_class), ==, cases[i].name);
    }
    g_assert_cmpstr(wr_stun_name(WR_STUN_BINDING, 200), ==, "STUN");
}

static void test_user_names_that_are_no_pair(void)
{
    static const char *const bad[] = {"", ":", "a:", ":b", "ab", "a:\xff", "\xc3:b"};
    wr_stun msg;
    char *remote, *local;

    memset(&msg, 0, sizeof msg);
    g_assert_false(wr_stun_split_username(&msg, &remote, &local));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        msg.username = bad[i];
        msg.username_length = strlen(bad[i]);
        g_assert_false(wr_stun_split_username(&msg, &remote, &local));
        g_assert_null(remote);
        g_assert_null(local);
    }
    msg.username = "a\0c:b";
    msg.username_length = 5;
    g_assert_false(wr_stun_split_username(&msg, &remote, &local));
}

static void test_integrity_offsets_that_do_not_fit(void)
{
    static const size_t bad[] = {0, 1, 19, sizeof sample_request - 23, sizeof sample_request, SIZE_MAX, SIZE_MAX - 23};

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_false(
            wr_stun_integrity_valid(sample_request, sizeof sample_request, bad[i], PASSWORD, strlen(PASSWORD)));
    }
    g_assert_false(wr_stun_integrity_valid(sample_request, sizeof sample_request, 76, NULL, 0));
    g_assert_true(wr_stun_integrity_valid(sample_request, sizeof sample_request, 76, PASSWORD, strlen(PASSWORD)));
}

static void test_channel_data(void)
{
    static const uint8_t exact[] = {0x40, 0x00, 0, 3, 'a', 'b', 'c'};
    static const uint8_t padded[] = {0x4f, 0xff, 0, 3, 'a', 'b', 'c', 0};
    static const uint8_t trailing[] = {0x40, 0x00, 0, 1, 'a', 0, 0, 0, 0};
    static const uint8_t reserved[] = {0x50, 0x00, 0, 1, 'a'};
    static const uint8_t empty[] = {0x40, 0x01, 0, 0};
    const uint8_t *data;
    uint16_t channel;
    size_t length;

    g_assert_true(wr_channel_data(exact, sizeof exact, &channel, &data, &length));
    g_assert_cmphex(channel, ==, 0x4000);
    g_assert_cmpmem(data, length, "abc", 3);
    g_assert_true(wr_channel_data(padded, sizeof padded, &channel, &data, &length));
    g_assert_cmphex(channel, ==, 0x4fff);
    g_assert_cmpmem(data, length, "abc", 3);
    g_assert_true(wr_channel_data(empty, sizeof empty, &channel, &data, &length));
    g_assert_cmpuint(length, ==, 0);
    for (size_t n = 0; n < sizeof exact; n++) {
        g_assert_false(wr_channel_data(exact, n, &channel, &data, &length));
        g_assert_null(data);
    }
    g_assert_false(wr_channel_data(trailing, sizeof trailing, &channel, &data, &length));
    g_assert_false(wr_channel_data(reserved, sizeof reserved, &channel, &data, &length));
}

static void test_channel_header_of_a_cut_message(void)
{
    static const uint8_t cut[] = {0x40, 0x00, 0, 100, 'a'};
    uint16_t channel;
    size_t length;

    g_assert_true(wr_channel_header(cut, sizeof cut, 104, &channel, &length));
    g_assert_cmpuint(length, ==, 100);
    g_assert_false(wr_channel_header(cut, sizeof cut, 103, &channel, &length));
    g_assert_false(wr_channel_header(cut, sizeof cut, 108, &channel, &length));
    g_assert_false(wr_channel_header(cut, 3, 104, &channel, &length));
}

static void test_told_by_its_head(void)
{
    builder with = begin(0x0001), without = begin(0x0017), broken = begin(0x0001);
    const uint8_t handshake[] = {22, 0xfe, 0xfd, 0};

    add(&with, 0x0006, (const uint8_t *)"a:b", 3);
    add(&with, 0xC070, handshake, sizeof handshake);
    add(&without, 0x0013, handshake, sizeof handshake);
    add(&broken, 0x0006, handshake, sizeof handshake);
    broken.bytes[WR_STUN_HEADER + 2] = 0xff; /* longer than the message */
    g_assert_true(wr_stun_carries_dtls(with.bytes, with.length));
    g_assert_false(wr_stun_carries_dtls(without.bytes, without.length));
    g_assert_false(wr_stun_carries_dtls(broken.bytes, broken.length));
    g_assert_false(wr_stun_carries_dtls(with.bytes, with.length - 1));
    g_assert_true(wr_stun_is(with.bytes, with.length, WR_STUN_BINDING, WR_STUN_REQUEST));
    g_assert_true(wr_stun_is(without.bytes, without.length, WR_STUN_DATA, WR_STUN_INDICATION));
    g_assert_false(wr_stun_is(with.bytes, with.length, WR_STUN_BINDING, WR_STUN_SUCCESS));
    g_assert_false(wr_stun_is(with.bytes, WR_STUN_HEADER - 1, WR_STUN_BINDING, WR_STUN_REQUEST));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stun/rfc5769/request", test_rfc5769_request);
    g_test_add_func("/stun/rfc5769/ipv4-response", test_rfc5769_ipv4_response);
    g_test_add_func("/stun/rfc5769/ipv6-response", test_rfc5769_ipv6_response);
    g_test_add_func("/stun/changed-bit-breaks-integrity-and-fingerprint",
                    test_a_changed_bit_breaks_integrity_and_fingerprint);
    g_test_add_func("/stun/told-by-its-head", test_told_by_its_head);
    g_test_add_func("/stun/every-cut-is-refused", test_every_cut_is_refused);
    g_test_add_func("/stun/trailing-bytes-are-left-alone", test_trailing_bytes_are_left_alone);
    g_test_add_func("/stun/what-is-no-stun-is-refused", test_what_is_no_stun_is_refused);
    g_test_add_func("/stun/attribute-longer-than-message-is-named", test_an_attribute_longer_than_the_message_is_named);
    g_test_add_func("/stun/padding-and-unknown-attributes-are-skipped",
                    test_padding_and_unknown_attributes_are_skipped);
    g_test_add_func("/stun/first-of-several-counts", test_the_first_of_several_counts);
    g_test_add_func("/stun/what-follows-the-integrity-is-ignored", test_what_follows_the_integrity_is_ignored);
    g_test_add_func("/stun/nothing-follows-the-fingerprint", test_nothing_follows_the_fingerprint);
    g_test_add_func("/stun/wrong-lengths-are-named", test_wrong_lengths_are_named);
    g_test_add_func("/stun/longer-integrity", test_a_longer_integrity_is_no_fault);
    g_test_add_func("/stun/family-and-length-must-agree", test_family_and_length_must_agree);
    g_test_add_func("/stun/attributes-are-where-it-is-said", test_attributes_are_where_it_is_said);
    g_test_add_func("/stun/masked-address-wins", test_the_masked_address_wins);
    g_test_add_func("/stun/error-codes", test_error_codes);
    g_test_add_func("/stun/turn-indication-and-dtls-attribute", test_turn_indication_and_dtls_attribute);
    g_test_add_func("/stun/methods-and-classes", test_methods_and_classes);
    g_test_add_func("/stun/user-names-that-are-no-pair", test_user_names_that_are_no_pair);
    g_test_add_func("/stun/integrity-offsets-that-do-not-fit", test_integrity_offsets_that_do_not_fit);
    g_test_add_func("/stun/channel-data", test_channel_data);
    g_test_add_func("/stun/channel-header-of-a-cut-message", test_channel_header_of_a_cut_message);
    return g_test_run();
}
