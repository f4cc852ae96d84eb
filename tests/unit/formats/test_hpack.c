/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Header fields of HTTP/2: the examples of RFC 7541 C, and what is broken. */
#include "formats/hpack.h"

#include <string.h>

static void note(const char *name, size_t name_len, const char *value, size_t value_len, void *data)
{
    g_assert_cmpuint(strlen(name), ==, name_len);
    g_assert_cmpuint(strlen(value), ==, value_len);
    g_string_append_printf(data, "%s=%s;", name, value);
}

static bool take(wr_hpack *h, const char *hex, const char *wanted)
{
    GByteArray *bytes = g_byte_array_new();
    GString *said = g_string_new(NULL);
    bool well;

    for (; *hex != '\0'; hex += 2) {
        const uint8_t byte = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
        g_byte_array_append(bytes, &byte, 1);
    }
    well = wr_hpack_block(h, bytes->data, bytes->len, note, said);
    g_assert_cmpstr(said->str, ==, wanted);
    g_byte_array_unref(bytes);
    g_string_free(said, TRUE);
    return well;
}

#define FIRST  ":method=GET;:scheme=http;:path=/;:authority=www.example.com;"
#define SECOND ":method=GET;:scheme=http;:path=/;:authority=www.example.com;cache-control=no-cache;"
#define THIRD  ":method=GET;:scheme=https;:path=/index.html;:authority=www.example.com;custom-key=custom-value;"

static void requests_refer_to_those_before(void)
{
    wr_hpack *h = wr_hpack_new(), *packed = wr_hpack_new();

    /* RFC 7541 C.3 and C.4 */
    g_assert_true(take(h, "828684410f7777772e6578616d706c652e636f6d", FIRST));
    g_assert_true(take(h, "828684be58086e6f2d6361636865", SECOND));
    g_assert_true(take(h, "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565", THIRD));
    g_assert_true(take(packed, "828684418cf1e3c2e5f23a6ba0ab90f4ff", FIRST));
    g_assert_true(take(packed, "828684be5886a8eb10649cbf", SECOND));
    g_assert_true(take(packed, "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf", THIRD));
    wr_hpack_free(h);
    wr_hpack_free(packed);
}

/* RFC 7541 C.6, with a table of 256 bytes: entries give way. */
static void entries_give_way(void)
{
    wr_hpack *h = wr_hpack_new();

    g_assert_true(take(h, "3fe101", ""));
    g_assert_true(
        take(h,
             "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8"
             "e9ae82ae43d3",
             ":status=302;cache-control=private;date=Mon, 21 Oct 2013 20:13:21 "
             "GMT;location=https://www.example.com;"));
    g_assert_true(take(h, "4883640effc1c0bf",
                       ":status=307;cache-control=private;date=Mon, 21 Oct 2013 20:13:21 "
                       "GMT;location=https://www.example.com;"));
    g_assert_false(take(h, "c2", "")); /* was the oldest, and had to go */
    wr_hpack_free(h);
}

static void fields_that_are_not_kept(void)
{
    wr_hpack *h = wr_hpack_new();

    g_assert_true(take(h, "040c2f73616d706c652f70617468", ":path=/sample/path;"));
    g_assert_true(take(h, "100870617373776f726406736563726574", "password=secret;"));
    g_assert_false(take(h, "be", ""));
    g_assert_false(take(h, "82", "")); /* what is broken stays so */
    wr_hpack_free(h);
}

static void broken_blocks(void)
{
    static const char *const blocks[] = {
        "80",           /* number 0 */
        "ff",           /* a number that does not end */
        "ffffffffff7f", /* that is too long */
        "410f7777",     /* text cut short */
        "4182ffff",     /* ones that are no code, and too many to fill a byte */
        "418100",       /* zeros cannot fill it */
        "3fe1ff7f",     /* a table bigger than is read */
        "0001",         /* a name without its text */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        wr_hpack *h = wr_hpack_new();
        g_test_message("%s", blocks[i]);
        g_assert_false(take(h, blocks[i], ""));
        wr_hpack_free(h);
    }
    wr_hpack_free(NULL);
}

static void count(const char *name, size_t name_len, const char *value, size_t value_len, void *data)
{
    (void)name;
    (void)value;
    *(size_t *)data += name_len + value_len;
}

/* A byte may stand for a long field: what is told is bounded, what is kept is not touched by that. */
static void what_is_told_is_bounded(void)
{
    wr_hpack *h = wr_hpack_new();
    uint8_t again[4000];
    GByteArray *field = g_byte_array_sized_new(2100);
    size_t told = 0;

    g_byte_array_append(field, (const uint8_t *)"\x40\x01x\x7f\xd1\x0e", 6); /* a value of 2000 bytes */
    g_byte_array_set_size(field, 2006);
    memset(field->data + 6, 'v', 2000);
    memset(again, 0xbe, sizeof again);
    g_assert_true(wr_hpack_block(h, field->data, field->len, count, &told));
    g_assert_cmpuint(told, ==, 2001);
    g_assert_true(wr_hpack_block(h, again, sizeof again, count, &told));
    g_assert_cmpuint(told, <, 2001 + WR_HPACK_MOST);
    g_byte_array_unref(field);
    wr_hpack_free(h);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hpack/requests", requests_refer_to_those_before);
    g_test_add_func("/hpack/evicted", entries_give_way);
    g_test_add_func("/hpack/not-kept", fields_that_are_not_kept);
    g_test_add_func("/hpack/broken", broken_blocks);
    g_test_add_func("/hpack/bounded", what_is_told_is_bounded);
    return g_test_run();
}
