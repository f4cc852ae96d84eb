/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binary headers before signalling messages, and messages in URLs. */
#include "find/envelope.h"

#include <string.h>

static bool read_head(const void *bytes, size_t len, wr_envelope_head *head)
{
    uint8_t *copy = g_memdup2(bytes, len);
    bool read = wr_envelope_read_head(copy, len, head);

    g_free(copy);
    return read;
}

static void check_head(const void *bytes, size_t len, const char *from, const char *call)
{
    wr_envelope_head head;

    g_assert_true(read_head(bytes, len, &head));
    g_assert_cmpstr(head.from, ==, from);
    g_assert_cmpstr(head.call, ==, call);
    g_free(head.from);
    g_free(head.call);
}

#define RUMOR "\0\0\2\1\0\2/x\2\0\1K\0\1v\0\21X-TB-FROM-ADDRESS\0\3CID{\"a\":1}"

static void rumor_names_its_sender(void)
{
    static const char rumor[] = "\0\0\0\x2e" RUMOR;
    wr_envelope_head head;
    size_t n = sizeof rumor - 1;

    g_assert_cmpuint((uint8_t)rumor[3], ==, n - 4);
    check_head(rumor, n, "CID", NULL);
    /* However it is cut, nothing is read and nothing kept. */
    for (size_t cut = 0; cut < n; cut++) {
        g_assert_false(read_head(rumor, cut, &head));
        g_assert_null(head.from);
    }
}

static void rumor_without_a_sender(void)
{
    check_head("\0\0\0\x0d\0\0\2\0\1\0\1K\0\1v{}", 17, NULL, NULL);
    /* A header that ends beyond the message, and a sender that is no text. */
    wr_envelope_head head;
    g_assert_false(read_head("\0\0\0\x0d\0\0\2\0\1\0\1K\0\x7fv{}", 17, &head));
    check_head("\0\0\0\x1d\0\0\2\0\1\0\21X-TB-FROM-ADDRESS\0\1\xff{}", 33, NULL, NULL);
}

static void supabase_names_the_topic(void)
{
    wr_envelope_head head;

    check_head("\3\1\1\4\2\2\1"
               "12room"
               "ev{}{\"a\":1}",
               24, NULL, "room");
    check_head("\4\4\2\2\1"
               "roomev{}{\"a\":1}",
               20, NULL, "room");
    g_assert_false(read_head("\4\4\2\2\0"
                             "roomev{}{\"a\":1}",
                             20, &head));
    g_assert_false(read_head("\4\xff\2\2\1"
                             "roomev{}{\"a\":1}",
                             20, &head));
    g_assert_false(read_head("\4\4\2\2\1"
                             "roomev{}xyz\"a\":1}",
                             22, &head));
    g_assert_false(read_head("{\"type\":\"offer\"}", 16, &head));
}

static void check_url(const char *url, const char *place, const char *message)
{
    const char *at = NULL;
    char *copy = g_memdup2(url, strlen(url)); /* without its end */
    GByteArray *out;

    g_assert_true(wr_envelope_url_may(copy, strlen(url)));
    out = wr_envelope_from_url(copy, strlen(url), &at);
    g_assert_true((out != NULL) == (message != NULL));
    if (out != NULL) {
        g_assert_cmpstr(at, ==, place);
        g_assert_cmpmem(out->data, out->len, message, strlen(message));
        g_byte_array_unref(out);
    }
    g_free(copy);
}

static void pubnub_has_it_in_the_path(void)
{
    check_url("/publish/p/s/0/c/0/%7B%22a%22%3A%221+1%22%7D?uuid=x", "$/7", "{\"a\":\"1+1\"}");
    check_url("/signal/p/s/0/c/0/%221%22", "$/7", "\"1\"");
    check_url("/publish/p/s/0/c/0", NULL, NULL);
    check_url("/publish/p/s/0/c/0/?uuid=x", NULL, NULL);
    check_url("/publish/p/s/0/c/0/x/y", NULL, NULL);
    check_url("/publish/p/s/0/c/0/%zz", NULL, NULL);
}

static void livekit_has_it_in_the_query(void)
{
    check_url("/rtc/v1?a=1&join_request=eyJhIjoxfQ%3D%3D&b=2", "$?join_request~b64", "{\"a\":1}");
    check_url("/rtc?join_request=eyJhIjoxfQ", "$?join_request~b64", "{\"a\":1}");
    check_url("/rtc?xjoin_request=eyJhIjoxfQ", NULL, NULL);
    check_url("/rtc?join_request=***", NULL, NULL);
    check_url("/rtc/join_request=eyJhIjoxfQ", NULL, NULL);
    g_assert_false(wr_envelope_url_may("/rtc?access_token=x", 19));
    g_assert_false(wr_envelope_url_may("/x/publish/", 11));
}

static void text_heads_name_the_other_party(void)
{
    static const char *const none[] = {"ROOM_PEER_MSG {\"sdp\":{}}", "ROOM_PEER_MSG  {\"sdp\":{}}",
                                       "ROOM_PEER_LEFT 4821", "ROOM_PEER_MSG 4821"};
    static const char message[] = "ROOM_PEER_MSG 4821 {\"sdp\":{}}";
    wr_envelope_head head;

    g_assert_true(wr_envelope_read_head((const uint8_t *)message, sizeof message - 1, &head));
    g_assert_cmpstr(head.peer, ==, "4821");
    g_free(head.peer);
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        g_assert_false(wr_envelope_read_head((const uint8_t *)none[i], strlen(none[i]), &head));
        g_assert_cmpstr(head.peer, ==, NULL);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/envelope/rumor", rumor_names_its_sender);
    g_test_add_func("/envelope/rumor-without", rumor_without_a_sender);
    g_test_add_func("/envelope/supabase", supabase_names_the_topic);
    g_test_add_func("/envelope/text", text_heads_name_the_other_party);
    g_test_add_func("/envelope/pubnub", pubnub_has_it_in_the_path);
    g_test_add_func("/envelope/livekit", livekit_has_it_in_the_query);
    return g_test_run();
}
