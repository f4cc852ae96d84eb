/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was shared, as all reports tell it: media by kind, codec and host, files by the messages that announce them. */
#include "checks_build.h"
#include "formats/json_text.h"
#include "formats/json_write.h"
#include "report/report.h"
#include "sctp_build.h"

static void gather(const char *line, void *data)
{
    g_string_append(data, line);
}

static char *told_by(call_t *c, void (*report)(wr_engine *, GHashTable *, wr_report_sink, void *))
{
    GString *out = g_string_new(NULL);

    report(c->e, NULL, gather, out);
    return g_string_free(out, FALSE);
}

/* The member "shared" of the call's record, or NULL; json_object_put() *root. */
static json_object *shared_of(call_t *c, json_object **root)
{
    char *text = told_by(c, wr_report_json), *at = strstr(text, "{\"record\":\"session\"");
    size_t end;

    g_assert_nonnull(at);
    *root = wr_json_read_first((const uint8_t *)at, strlen(at), &end);
    g_free(text);
    return wr_value_member(*root, "shared");
}

static void rtp(call_t *c, unsigned type, uint32_t ssrc, unsigned number, wr_endpoint src, wr_endpoint dst)
{
    uint8_t bytes[60] = {0x80, (uint8_t)type, 0, (uint8_t)number};
    wr_media_evidence m;

    memset(&m, 0, sizeof m);
    put16(bytes + 8, ssrc >> 16);
    put16(bytes + 10, ssrc & 0xffff);
    m.at = next(c, 20, src, dst);
    m.how.peer = wr_endpoint_none();
    m.bytes = bytes;
    m.captured = m.length = sizeof bytes;
    wr_engine_add_media(c->e, &m);
}

static wr_association *begin(call_t *c, const char *lines)
{
    text_t o = offer_text(), a = answer_text();
    way_t up = OFFERED, down = ANSWERED;

    *c = call_begin(NULL);
    o.m = a.m = AUDIO;
    o.more = a.more = lines;
    o.lines = a.lines = "a=rtpmap:111 opus/48000/2\r\n";
    say(c, up, &o);
    say(c, down, &a);
    connect_ends(c);
    return hellos(c, 1);
}

#define VIDEO "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n"

static void test_media(void)
{
    json_object *root, *list, *x;
    char *text;
    call_t c;

    begin(&c, VIDEO "a=sframe\r\n");
    for (unsigned i = 0; i < 51; i++)
        rtp(&c, 111, 1, i, ALICES, BOBS);
    rtp(&c, 96, 2, 1, ALICES, BOBS);
    rtp(&c, 96, 3, 1, ALICES, BOBS);
    rtp(&c, 35, 4, 1, BOBS, ALICES); /* no description names it */
    list = wr_value_member(shared_of(&c, &root), "media");
    g_assert_cmpuint(wr_value_size(list), ==, 3);
    x = wr_value_element(list, 0);
    g_assert_cmpstr(wr_value_string(wr_value_member(x, "kind")), ==, "audio");
    g_assert_cmpstr(wr_value_string(wr_value_member(x, "codec")), ==, "opus");
    g_assert_cmpstr(wr_value_string(wr_value_member(x, "from")), ==, ALICE);
    g_assert_cmpint(wr_value_integer(wr_value_member(x, "packets")), ==, 51);
    g_assert_cmpint(wr_value_integer(wr_value_member(x, "milliseconds")), ==, 1000);
    g_assert_false(wr_value_has(x, "sframe"));
    x = wr_value_element(list, 1);
    g_assert_cmpstr(wr_value_string(wr_value_member(x, "kind")), ==, "video");
    g_assert_cmpint(wr_value_integer(wr_value_member(x, "streams")), ==, 2);
    g_assert_true(wr_value_is_true(wr_value_member(x, "sframe")));
    x = wr_value_element(list, 2);
    g_assert_cmpstr(wr_value_string(wr_value_member(x, "kind")), ==, "media");
    g_assert_false(wr_value_has(x, "codec"));
    json_object_put(root);
    text = told_by(&c, wr_report_text);
    g_assert_nonnull(
        strstr(text, "  Shared       audio (opus) from " ALICE " for 1.0 s; video (VP8, SFrame announced)"));
    g_free(text);
    text = told_by(&c, wr_report_audit_csv);
    g_assert_nonnull(strstr(text, ",last_frame,shared\r\n"));
    g_assert_nonnull(strstr(text, ",\"audio (opus) from " ALICE " for 1.0 s; video"));
    g_free(text);
    call_end(&c);
}

/* One whole text message of the DTLS client. */
static void message(call_t *c, wr_association *a, unsigned tsn, const char *text)
{
    wr_place p = next(c, 10, BOBS, ALICES);
    uint8_t b[600] = {0};
    const size_t n = 16 + strlen(text);

    b[13] = 3;
    put16(b + 14, (unsigned)n);
    put16(b + 18, tsn);
    b[27] = 51;
    memcpy(b + 28, text, strlen(text));
    wr_engine_add_sctp(c->e, a, &p, b, sctp_close(b, (n + 3) & ~(size_t)3));
}

static void test_files(void)
{
    json_object *root, *shared, *list;
    char *text;
    call_t c;
    wr_association *a = begin(&c, NULL);

    message(&c, a, 1, "{\"type\":\"header\",\"name\":\"<x>.pdf\",\"size\":1234}");
    message(&c, a, 2, "{\"type\":\"header\",\"name\":\"<x>.pdf\",\"size\":1234}"); /* asked for again */
    message(&c, a, 3, "{\"user\":\"bob\",\"says\":\"name and size\"}");
    shared = shared_of(&c, &root);
    g_assert_false(wr_value_has(shared, "media"));
    g_assert_cmpint(
        wr_value_integer(wr_value_member(wr_value_element(wr_value_member(shared, "channels"), 0), "messages")), ==, 3);
    list = wr_value_member(shared, "files");
    g_assert_cmpuint(wr_value_size(list), ==, 1);
    g_assert_cmpstr(wr_value_string(wr_value_member(wr_value_element(list, 0), "name")), ==, "<x>.pdf");
    g_assert_cmpint(wr_value_integer(wr_value_member(wr_value_element(list, 0), "bytes")), ==, 1234);
    g_assert_cmpstr(wr_value_string(wr_value_member(wr_value_element(list, 0), "from")), ==, BOB);
    json_object_put(root);
    text = told_by(&c, wr_report_text);
    g_assert_nonnull(strstr(text, "file \"<x>.pdf\" of 1234 bytes"));
    g_free(text);
    call_end(&c);
}

static void test_many_files(void)
{
    json_object *root;
    char *text;
    call_t c;
    wr_association *a = begin(&c, NULL);

    for (unsigned i = 0; i < 100; i++) {
        text = g_strdup_printf("{\"name\":\"f%u\",\"size\":1}", i);
        message(&c, a, i, text);
        g_free(text);
    }
    g_assert_cmpuint(wr_value_size(wr_value_member(shared_of(&c, &root), "files")), ==, 64);
    json_object_put(root);
    text = told_by(&c, wr_report_text);
    g_assert_nonnull(strstr(text, "more files"));
    g_free(text);
    call_end(&c);
}

static void test_nothing(void)
{
    json_object *root;
    char *text;
    call_t c;

    begin(&c, NULL);
    g_assert_null(shared_of(&c, &root));
    json_object_put(root);
    text = told_by(&c, wr_report_text);
    g_assert_null(strstr(text, "Shared"));
    g_free(text);
    call_end(&c);
}

/* What a thinned capture leaves out is counted, of a stream and an end that are known. */
static void test_left_out(void)
{
    json_object *root, *list, *x;
    uint8_t bytes[60] = {0x80, 111, 0, 9};
    wr_media_evidence m;
    const wr_left_out left = {.packets = 100, .small = 10, .bytes = 5000};
    char *text;
    call_t c;

    begin(&c, NULL);
    for (unsigned again = 0; again < 2; again++) {
        memset(&m, 0, sizeof m);
        m.at = next(&c, 20, ALICES, BOBS);
        m.how.peer = wr_endpoint_none();
        m.bytes = bytes;
        m.captured = m.length = sizeof bytes;
        m.left_out = left;
        bytes[3]++;
        wr_engine_add_left_out(c.e, &left);
        wr_engine_add_media(c.e, &m);
    }
    list = wr_value_member(shared_of(&c, &root), "media");
    x = wr_value_element(list, 0);
    g_assert_cmpint(wr_value_integer(wr_value_member(x, "packets")), ==, 2 + 90);
    json_object_put(root);
    text = told_by(&c, wr_report_audit);
    g_assert_nonnull(strstr(text, "5120 bytes of media"));
    g_free(text);
    text = told_by(&c, wr_report_text);
    g_assert_nonnull(strstr(
        text, "Thinned: 200 packets of media, 10000 bytes, were left out before, and are counted; not looked for"));
    g_free(text);
    m.left_out = (wr_left_out){.packets = UINT32_MAX, .bytes = UINT64_MAX}; /* no sum goes round */
    for (unsigned again = 0; again < 3; again++) {
        wr_engine_add_left_out(c.e, &m.left_out);
        wr_engine_add_media(c.e, &m);
    }
    g_assert_cmpuint(wr_engine_left_out(c.e).packets, ==, UINT32_MAX);
    g_assert_cmpuint(wr_engine_left_out(c.e).bytes, ==, UINT64_MAX);
    call_end(&c);
}

/* Clear RTCP beside much that is not, is less than if there were little: what was left out of that counts. */
static void test_left_out_of_srtcp(void)
{
    static const uint8_t clear[] = {0x80, 201, 0, 1, 1, 2, 3,   4,   0x81, 202, 0, 3,
                                    1,    2,   3, 4, 1, 3, 'a', 'b', 'c',  0,   0, 0};
    static const uint8_t closed[44] = {0x80, 201, 0, 1, 1, 2, 3, 4};
    const uint32_t left_out[] = {0, 20};
    const wr_clearness expected[] = {WR_CLEAR_YES, WR_CLEAR_SOME};

    for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++) {
        const char *why = NULL;
        wr_flow *f = NULL;
        uint32_t frame = 0;
        call_t c;
        begin(&c, NULL);
        for (unsigned n = 0; n < 6; n++) {
            wr_media_evidence m = {.how = {.peer = wr_endpoint_none()}};
            m.at = next(&c, 4000, ALICES, BOBS);
            m.bytes = n < 4 ? clear : closed;
            m.captured = m.length = n < 4 ? sizeof clear : sizeof closed;
            m.left_out.packets = n == 5 ? left_out[i] : 0;
            f = wr_engine_add_media(c.e, &m);
            g_assert_nonnull(f);
        }
        g_assert_cmpint(wr_flow_clearness(f, &frame, &why), ==, expected[i]);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shared/media", test_media);
    g_test_add_func("/shared/files", test_files);
    g_test_add_func("/shared/many-files", test_many_files);
    g_test_add_func("/shared/nothing", test_nothing);
    g_test_add_func("/shared/left-out", test_left_out);
    g_test_add_func("/shared/left-out-of-srtcp", test_left_out_of_srtcp);
    return g_test_run();
}
