/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Key logs are read line by line, whatever else is in them; secrets inside a pcapng are found block by block. */
#include "srtp/key_log.h"
#include "srtp/secrets_block.h"

#include <string.h>

#define RANDOM_A "aa000000000000000000000000000000000000000000000000000000000000aa"
#define RANDOM_B "bb000000000000000000000000000000000000000000000000000000000000bb"
#define BYTES32  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define BYTES48  BYTES32 "202122232425262728292a2b2c2d2e2f"

static const uint8_t A[32] = {[0] = 0xaa, [31] = 0xaa}, B[32] = {[0] = 0xbb, [31] = 0xbb};

static wr_key_log *read_text(const char *text)
{
    wr_key_log *log = wr_key_log_new();

    wr_key_log_read(log, text, strlen(text));
    return log;
}

static void test_secrets(void)
{
    wr_key_log *log = read_text("# a remark\r\n\nCLIENT_RANDOM " RANDOM_A " " BYTES48 "\r\n"
                                "CLIENT_TRAFFIC_SECRET_0 " RANDOM_B " " BYTES32 "\n"
                                "EXPORTER_SECRET " RANDOM_B " " BYTES32);
    const wr_key_log_counts *c = wr_key_log_count(log);
    const wr_secret *s = wr_key_log_find(log, A, WR_SECRET_MASTER);

    g_assert_nonnull(s);
    g_assert_cmpuint(s->length, ==, 48);
    g_assert_cmpuint(s->bytes[47], ==, 0x2f);
    g_assert_null(wr_key_log_find(log, A, WR_SECRET_EXPORTER));
    g_assert_null(wr_key_log_find(log, B, WR_SECRET_MASTER));
    g_assert_cmpuint(wr_key_log_find(log, B, WR_SECRET_EXPORTER)->length, ==, 32);
    g_assert_cmpuint(c->lines, ==, 5);
    g_assert_cmpuint(c->handshakes, ==, 2);
    g_assert_cmpuint(c->other, ==, 1);
    g_assert_cmpuint(c->broken + c->foreign + c->contradicted + c->first_bad, ==, 0);
    wr_key_log_free(log);
}

/* Cut lines, wrong digits, lines of something else: counted, the first one named, none believed. */
static void test_bad_lines(void)
{
    static const struct {
        const char *line;
        unsigned broken, foreign;
    } bad[] = {
        {"CLIENT_RANDOM " RANDOM_A " " BYTES32, 1, 0}, /* a master secret has 48 bytes */
        {"CLIENT_RANDOM " RANDOM_A, 1, 0},
        {"CLIENT_RANDOM", 1, 0},
        {"CLIENT_RANDOM " RANDOM_A "00 " BYTES48, 1, 0},
        {"CLIENT_RANDOM " RANDOM_A " " BYTES48 " more", 1, 0},
        {"CLIENT_RANDOM " RANDOM_A " " BYTES48 "0", 1, 0},
        {"CLIENT_RANDOM " RANDOM_A " g" BYTES48, 1, 0},
        {"EXPORTER_SECRET " RANDOM_A " " BYTES32 "30", 1, 0},
        {"-----BEGIN CERTIFICATE-----", 0, 1},
        {"client_random " RANDOM_A " " BYTES48, 0, 1},
        {"\xff\xfe\x00", 0, 1},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        char *text = g_strconcat("# first\n", bad[i].line, "\nEXPORTER_SECRET " RANDOM_B " " BYTES48 "\n", NULL);
        wr_key_log *log = read_text(text);
        const wr_key_log_counts *c = wr_key_log_count(log);
        g_assert_cmpuint(c->broken, ==, bad[i].broken);
        g_assert_cmpuint(c->foreign, ==, bad[i].foreign);
        g_assert_cmpuint(c->first_bad, ==, 2);
        g_assert_null(wr_key_log_find(log, A, WR_SECRET_MASTER));
        g_assert_null(wr_key_log_find(log, A, WR_SECRET_EXPORTER));
        g_assert_nonnull(wr_key_log_find(log, B, WR_SECRET_EXPORTER)); /* what comes after is read */
        wr_key_log_free(log);
        g_free(text);
    }
}

static void test_contradiction(void)
{
    wr_key_log *log = read_text("EXPORTER_SECRET " RANDOM_A " " BYTES32 "\nEXPORTER_SECRET " RANDOM_A " " BYTES32 "\n"
                                "EXPORTER_SECRET " RANDOM_A " " RANDOM_B "\n");

    g_assert_cmpuint(wr_key_log_count(log)->contradicted, ==, 1);
    g_assert_cmpuint(wr_key_log_count(log)->first_bad, ==, 3);
    g_assert_cmpuint(wr_key_log_find(log, A, WR_SECRET_EXPORTER)->bytes[1], ==, 1); /* the first stays */
    wr_key_log_free(log);
}

/* ---- inside a pcapng ---- */

static void put(GByteArray *out, uint32_t n, bool big)
{
    uint8_t b[4];

    for (int i = 0; i < 4; i++)
        b[i] = (uint8_t)(n >> (big ? 24 - 8 * i : 8 * i));
    g_byte_array_append(out, b, 4);
}

static void put_block(GByteArray *out, uint32_t type, const void *body, uint32_t n, bool big)
{
    put(out, type, big);
    put(out, n + 12, big);
    g_byte_array_append(out, body, n);
    put(out, n + 12, big);
}

static void put_secrets(GByteArray *out, uint32_t type, const char *text, bool big)
{
    GByteArray *body = g_byte_array_new();

    put(body, type, big);
    put(body, (uint32_t)strlen(text), big);
    g_byte_array_append(body, (const uint8_t *)text, (guint)strlen(text));
    while (body->len % 4 != 0)
        g_byte_array_append(body, (const uint8_t *)"", 1);
    put_block(out, 10, body->data, body->len, big);
    g_byte_array_free(body, TRUE);
}

static GByteArray *capture(const char *text, bool big)
{
    GByteArray *out = g_byte_array_new(), *section = g_byte_array_new();
    static const uint8_t packet[40];

    put(section, 0x1a2b3c4d, big);
    put(section, 1, big);
    put(section, 0xffffffff, big);
    put(section, 0xffffffff, big);
    put_block(out, 0x0a0d0d0a, section->data, section->len, big);
    put_block(out, 6, packet, sizeof packet, big);
    put_secrets(out, 0x57474b4c, "CLIENT_RANDOM of WireGuard", big);
    put_secrets(out, 0x544c534b, text, big);
    put_block(out, 6, packet, sizeof packet, big);
    g_byte_array_free(section, TRUE);
    return out;
}

static size_t from_array(void *data, uint64_t offset, void *out, size_t n)
{
    const GByteArray *a = data;

    if (offset >= a->len)
        return 0;
    n = MIN(n, a->len - offset);
    memcpy(out, a->data + offset, n);
    return n;
}

static void test_blocks(void)
{
    for (int big = 0; big < 2; big++) {
        GByteArray *file = capture("EXPORTER_SECRET " RANDOM_A " " BYTES32 "\n", big);
        wr_key_log *log = wr_key_log_new();
        bool cut;
        g_assert_true(wr_secrets_block_read(log, from_array, file, &cut));
        g_assert_false(cut);
        g_assert_nonnull(wr_key_log_find(log, A, WR_SECRET_EXPORTER));
        g_assert_cmpuint(wr_key_log_count(log)->lines, ==, 1); /* secrets of other protocols are not for us */
        wr_key_log_free(log);
        for (guint n = 0; n < file->len; n++) { /* cut anywhere */
            GByteArray part = {file->data, n};
            log = wr_key_log_new();
            wr_secrets_block_read(log, from_array, &part, &cut);
            g_assert_false(cut);
            wr_key_log_free(log);
        }
        g_byte_array_free(file, TRUE);
    }
}

static void test_no_pcapng(void)
{
    static const uint8_t classic[24] = {0xd4, 0xc3, 0xb2, 0xa1};
    GByteArray file = {(guint8 *)classic, sizeof classic};
    wr_key_log *log = wr_key_log_new();
    bool cut;

    g_assert_false(wr_secrets_block_read(log, from_array, &file, &cut));
    g_assert_false(cut);
    wr_key_log_free(log);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/key_log/secrets", test_secrets);
    g_test_add_func("/key_log/bad_lines", test_bad_lines);
    g_test_add_func("/key_log/contradiction", test_contradiction);
    g_test_add_func("/key_log/blocks", test_blocks);
    g_test_add_func("/key_log/no_pcapng", test_no_pcapng);
    return g_test_run();
}
