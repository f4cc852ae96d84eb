/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of other notations: XML, MessagePack, Protocol Buffers, parts of forms. */
#include "find/find.h"
#include "formats/to_json.h"
#include "formats/unwrap.h"

#include <string.h>

#define SDP   "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=setup:actpass\r\n"
#define PRINT "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89"

static void append_field(GByteArray *out, unsigned number, const void *bytes, size_t len)
{
    uint8_t head[3] = {(uint8_t)(number << 3 | 2), (uint8_t)((len & 127) | 128), (uint8_t)(len >> 7)};

    g_byte_array_append(out, head, 3);
    g_byte_array_append(out, bytes, (guint)len);
}

static void check_one(const void *bytes, size_t len, wr_kind kind, const char *path)
{
    uint8_t *copy = g_memdup2(bytes, len);
    wr_find_result *r = wr_json_find(copy, len, NULL);
    const wr_hit *hit;

    g_assert_true(wr_json_find_worthwhile(copy, len));
    g_assert_cmpuint(r->hits->len, ==, 1);
    hit = g_ptr_array_index(r->hits, 0);
    g_assert_cmpstr(wr_kind_name(hit->kind), ==, wr_kind_name(kind));
    g_assert_cmpstr(hit->path, ==, path);
    wr_find_result_free(r);
    g_free(copy);
}

static void test_protobuf(void)
{
    GByteArray *inner = g_byte_array_new(), *outer = g_byte_array_new();

    append_field(inner, 1, "answer", 6);
    append_field(inner, 2, SDP, strlen(SDP));
    append_field(outer, 9, inner->data, inner->len);
    check_one(outer->data, outer->len, WR_KIND_ANSWER, "$.9.2");
    /* Cut anywhere it is no message any more, and nothing is read beyond its end. */
    for (guint len = 0; len < outer->len; len++) {
        uint8_t *copy = g_memdup2(outer->data, len);
        bool bound = false;
        json_object *value = wr_protobuf_to_json(copy, len, &bound);
        g_assert_null(value);
        g_assert_false(bound);
        g_free(copy);
    }
    g_byte_array_unref(inner);
    g_byte_array_unref(outer);
}

static void test_protobuf_nesting(void)
{
    GByteArray *message = g_byte_array_new();
    bool bound = false;

    append_field(message, 1, SDP, strlen(SDP));
    for (unsigned i = 0; i < WR_PROTOBUF_MAX_NESTING + 2; i++) {
        GByteArray *around = g_byte_array_new();
        append_field(around, 1, message->data, message->len);
        g_byte_array_unref(message);
        message = around;
    }
    json_object_put(wr_protobuf_to_json(message->data, message->len, &bound));
    g_assert_true(bound);
    g_byte_array_unref(message);
}

static void test_msgpack(void)
{
    static const char head[] = "\x82\xa4type\xa5offer\xa3sdp\xda\x00";
    GByteArray *message = g_byte_array_new();
    uint8_t length = (uint8_t)strlen(SDP);

    g_byte_array_append(message, (const uint8_t *)head, sizeof head - 1);
    g_byte_array_append(message, &length, 1);
    g_byte_array_append(message, (const uint8_t *)SDP, length);
    check_one(message->data, message->len, WR_KIND_OFFER, "$.sdp");
    for (guint len = 0; len < message->len; len++) {
        uint8_t *copy = g_memdup2(message->data, len);
        bool bound = false;
        g_assert_null(wr_msgpack_to_json(copy, len, &bound));
        g_free(copy);
    }
    g_byte_array_unref(message);
}

/* Counts that promise more than is there must neither reserve nor read it. */
static void test_msgpack_promises(void)
{
    static const char *const broken[] = {
        "\x81\xa1k\xdd\xff\xff\xff\xff____________",
        "\x81\xa1k\xdf\xff\xff\xff\xff____________",
        "\x81\xa1k\xdb\xff\xff\xff\xff____________",
        "\x81\xa1k\xc9\xff\xff\xff\xff____________",
    };
    uint8_t deep[200];
    bool bound = false;

    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++)
        g_assert_null(wr_msgpack_to_json((const uint8_t *)broken[i], 20, &bound));
    g_assert_false(bound);
    memset(deep, 0x92, sizeof deep);
    g_assert_null(wr_msgpack_to_json(deep, sizeof deep, &bound));
    g_assert_true(bound);
}

#define IQ(action, inner)                                                                                              \
    "<iq from='a@x' to='b@x'><j:jingle xmlns:j='urn:xmpp:jingle:1' action='" action "' sid='s1'><j:content name='0'>"  \
    "<transport ufrag='abcd' pwd='0123456789012345678901'>" inner "</transport></j:content></j:jingle></iq>"

static void test_jingle(void)
{
    static const char stanza[] =
        IQ("session-initiate", "<fingerprint hash='sha-256' setup='actpass'>\n  " PRINT "\n</fingerprint>");
    wr_find_result *r = wr_json_find((const uint8_t *)stanza, strlen(stanza), NULL);
    const wr_hit *hit;

    check_one(stanza, strlen(stanza), WR_KIND_OFFER, "$.jingle.content.transport");
    hit = g_ptr_array_index(r->hits, 0);
    g_assert_cmpstr(hit->dialect, ==, "jingle");
    g_assert_cmpstr(hit->call, ==, "s1");
    g_assert_cmpstr(hit->from, ==, "a@x");
    g_assert_cmpstr(hit->to, ==, "b@x");
    g_assert_nonnull(strstr(hit->text, "a=fingerprint:sha-256 " PRINT "\r\n"));
    g_assert_nonnull(strstr(hit->text, "a=setup:actpass\r\n"));
    g_assert_nonnull(strstr(hit->text, "a=ice-ufrag:abcd\r\n"));
    wr_find_result_free(r);
}

/* XMPP forbids declared entities (RFC 6120 11.1): nothing may be expanded or fetched. */
static void test_xml_expands_nothing(void)
{
    static const char *const texts[] = {
        "<!DOCTYPE a [<!ENTITY b 'x'>]><iq><jingle sid='&b;' action='x'/></iq>",
        "<iq><jingle sid='&b;' action='x'/></iq>",
        "<iq><jingle sid='1' action='x'></iq>",
        "<iq><jingle",
    };
    GString *deep = g_string_new(NULL);
    bool bound = false;

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        json_object *value = wr_xml_to_json((const uint8_t *)texts[i], strlen(texts[i]), &bound);
        g_assert_null(value);
    }
    g_assert_false(bound);
    for (unsigned i = 0; i < 1000; i++)
        g_string_append(deep, "<jingle>");
    g_assert_null(wr_xml_to_json((const uint8_t *)deep->str, deep->len, &bound));
    g_assert_true(bound);
    g_string_free(deep, TRUE);
}

static void test_parts(void)
{
    static const char body[] =
        "--b\r\nContent-Disposition: form-data; name=\"sdp\"\r\n\r\n" SDP
        "\r\n--b\r\nContent-Type: application/sdp\r\nContent-Disposition: form-data; name=\"typed\""
        "\r\n\r\n" SDP "\r\n--b--\r\n";

    /* The part with a type is the multipart dissector's. */
    check_one(body, strlen(body), WR_KIND_OFFER, "$.sdp");
    for (size_t len = 0; len < strlen(body); len++) {
        uint8_t *copy = g_memdup2(body, len);
        size_t at = 0, value_len;
        const uint8_t *value;
        char *name;
        while (wr_unwrap_part_next(copy, len, &at, &name, &value, &value_len)) {
            g_assert_cmpstr(name, ==, "sdp");
            g_assert_cmpuint(value_len, ==, strlen(SDP));
            g_free(name);
        }
        g_free(copy);
    }
}

/* A head that begins with an empty line, as a hostile body may have it, ends the search too. */
static void test_part_without_head(void)
{
    static const char body[] = "--b\r\n\r\nname=\"x\"\r\n\r\nvalue\r\n--b--\r\n";
    static const char empty[] = "--b\r\n\r\n\r\n\r\nvalue\r\n--b--\r\n";
    size_t at = 0, value_len;
    const uint8_t *value;
    char *name;

    while (wr_unwrap_part_next((const uint8_t *)body, strlen(body), &at, &name, &value, &value_len))
        g_free(name);
    at = 0;
    while (wr_unwrap_part_next((const uint8_t *)empty, strlen(empty), &at, &name, &value, &value_len)) {
        g_assert_cmpstr(name, ==, "");
        g_free(name);
    }
}

/* The bounds of other notations are none for JSON. */
static void test_big_json(void)
{
    GString *text =
        g_string_new("{\"type\":\"offer\",\"sdp\":\"v=0\\r\\nm=audio 9 UDP/TLS/RTP/SAVPF 0\\r\\n\",\"x\":\"");
    wr_find_result *r;

    while (text->len <= WR_TO_JSON_MAX_BYTES)
        g_string_append(text, "0123456789 abcdefghijklmnopqrstuvwxyz ");
    g_string_append(text, "\"}");
    r = wr_json_find((const uint8_t *)text->str, text->len, NULL);
    g_assert_cmpstr(r->problem, ==, NULL);
    g_assert_cmpuint(r->hits->len, ==, 1);
    wr_find_result_free(r);
    g_string_free(text, TRUE);
}

static void append(GByteArray *out, const void *bytes, size_t len)
{
    g_byte_array_append(out, bytes, (guint)len);
}

/* Cut anywhere it is no message any more, and nothing is read beyond its end. */
static void check_cut(const GByteArray *all, json_object *(*read)(const uint8_t *, size_t, bool *))
{
    for (guint len = 0; len < all->len; len++) {
        uint8_t *copy = g_memdup2(all->data, len);
        bool bound = false;
        json_object *value = read(copy, len, &bound);
        g_assert_null(value);
        g_assert_false(bound);
        g_free(copy);
    }
}

/* {"type":"offer","sdp":…}; then the same with a tag, lengths that are not told, and the text in two pieces. */
static void test_cbor(void)
{
    const uint8_t length[] = {0x78, (uint8_t)strlen(SDP)}, rest[] = {0x78, (uint8_t)(strlen(SDP) - 5)};
    GByteArray *plain = g_byte_array_new(), *pieces = g_byte_array_new();

    append(plain, "\xa2\x64type\x65offer\x63sdp", 16);
    append(plain, length, 2);
    append(plain, SDP, strlen(SDP));
    check_one(plain->data, plain->len, WR_KIND_OFFER, "$.sdp");
    check_cut(plain, wr_cbor_to_json);
    append(pieces, "\xd9\xd9\xf7\xbf\x63sdp\x7f\x65v=0\r\n", 15);
    append(pieces, rest, 2);
    append(pieces, &SDP[5], strlen(SDP) - 5);
    append(pieces, "\xff\x61n\x20\xff", 5);
    check_one(pieces->data, pieces->len, WR_KIND_OFFER, "$.sdp");
    check_cut(pieces, wr_cbor_to_json);
    g_byte_array_unref(plain);
    g_byte_array_unref(pieces);
}

static void test_bencode(void)
{
    GByteArray *all = g_byte_array_new();
    char *message = g_strdup_printf("d7:call-id3:c-14:listli-3e2:abe3:sdp%zu:%se", strlen(SDP), SDP);

    append(all, message, strlen(message));
    check_one(all->data, all->len, WR_KIND_OFFER, "$.sdp");
    check_cut(all, wr_bencode_to_json);
    g_byte_array_set_size(all, 0);
    append(all, "5323_1 ", 7); /* as rtpengine's ng protocol has it */
    append(all, message, strlen(message));
    check_one(all->data, all->len, WR_KIND_OFFER, "$.sdp");
    g_free(message);
    g_byte_array_unref(all);
}

static void test_bson(void)
{
    const uint32_t length = GUINT32_TO_LE((uint32_t)strlen(SDP) + 1);
    GByteArray *all = g_byte_array_new();
    uint32_t whole;

    append(all, "\0\0\0\0\x02type\0\6\0\0\0offer\0\x10n\0\1\0\0\0\x02sdp\0", 32);
    append(all, &length, 4);
    append(all, SDP, strlen(SDP) + 1);
    append(all, "", 1);
    whole = GUINT32_TO_LE(all->len);
    memcpy(all->data, &whole, 4);
    check_one(all->data, all->len, WR_KIND_OFFER, "$.sdp");
    check_cut(all, wr_bson_to_json);
    g_byte_array_unref(all);
}

/* What nests deeper than is looked at is told, and costs no stack. */
static void test_nesting_is_bounded(void)
{
    static const struct {
        char open;
        json_object *(*read)(const uint8_t *, size_t, bool *);
    } notations[] = {{'\x82', wr_cbor_to_json}};
    uint8_t deep[4096];
    bool bound = false;

    memset(deep, notations[0].open, sizeof deep);
    g_assert_null(notations[0].read(deep, sizeof deep, &bound));
    g_assert_true(bound);
    memset(deep, 'l', sizeof deep);
    memcpy(deep, "d1:a", 4);
    bound = false;
    g_assert_null(wr_bencode_to_json(deep, sizeof deep, &bound));
    g_assert_true(bound);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notations/protobuf", test_protobuf);
    g_test_add_func("/notations/protobuf-nesting", test_protobuf_nesting);
    g_test_add_func("/notations/msgpack", test_msgpack);
    g_test_add_func("/notations/msgpack-promises", test_msgpack_promises);
    g_test_add_func("/notations/jingle", test_jingle);
    g_test_add_func("/notations/xml-expands-nothing", test_xml_expands_nothing);
    g_test_add_func("/notations/parts", test_parts);
    g_test_add_func("/notations/part-without-head", test_part_without_head);
    g_test_add_func("/notations/big-json", test_big_json);
    g_test_add_func("/notations/cbor", test_cbor);
    g_test_add_func("/notations/bencode", test_bencode);
    g_test_add_func("/notations/bson", test_bson);
    g_test_add_func("/notations/nesting", test_nesting_is_bounded);
    return g_test_run();
}
