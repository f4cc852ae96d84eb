/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams without an end give their messages as they become whole, in whatever pieces they come. */
#include "connection/open_stream.h"

#include <glib.h>
#include <string.h>

#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define EVENTS  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
#define CHUNKED "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"

static void note(const wr_open_message *message, void *data)
{
    g_string_append_printf(data, "<%d %u ", (int)message->kind, message->stream);
    for (size_t i = 0; i < message->len; i++)
        g_string_append_c(data, message->bytes[i] != 0 ? (char)message->bytes[i] : '~');
    g_string_append_c(data, '>');
}

/* What the bytes give in pieces of every size; goes_on: after the last of them. The first piece holds what the stream
 * is known by. */
static void check(const char *bytes, size_t len, size_t first, const char *wanted, bool goes_on)
{
    for (size_t piece = 1; piece <= len; piece++) {
        wr_open_stream *s = wr_open_stream_begin((const uint8_t *)bytes, first);
        GString *said = g_string_new(NULL);
        bool open = true;
        g_assert_nonnull(s);
        for (size_t at = 0, n; open && at < len; at += n) {
            uint8_t *copy;
            n = at == 0 ? MAX(first, piece) : piece;
            n = MIN(n, len - at);
            copy = g_memdup2(bytes + at, n);
            open = wr_open_stream_take(s, copy, n, note, said);
            g_free(copy);
        }
        g_assert_cmpstr(said->str, ==, wanted);
        g_assert_true(open == goes_on);
        g_string_free(said, TRUE);
        wr_open_stream_free(s);
    }
}

static void none(const char *bytes)
{
    g_assert_null(wr_open_stream_begin((const uint8_t *)bytes, strlen(bytes)));
}

static void events_come_before_the_response_ends(void)
{
    static const char open[] = EVENTS "data: 1\n\ndata: 2\r\n\r\ndata: 3\n";
    static const char chunks[] = CHUNKED "8\r\n{\"a\":1}\n\r\n4\r\n[1,2\r\n2\r\n]\n\r\n0\r\n\r\n";

    check(open, sizeof open - 1, sizeof EVENTS - 1, "<0 0 data: 1\n\n><0 0 data: 2\r\n\r\n>", true);
    check(chunks, sizeof chunks - 1, sizeof CHUNKED - 1, "<1 0 {\"a\":1}><1 0 [1,2]>", false);
}

/* The length of the next text in a line, heartbeats of SockJS. */
static void texts_may_have_something_between(void)
{
    static const char lengths[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n7\n{\"a\":1}5\n[1,2]12";
    static const char sockjs[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/javascript\r\n\r\nhhhhhhhhhh\no\na[\"x\"]\nh\na[\"y\"]\n";
    static const char script[] = "HTTP/1.1 200 OK\r\nContent-Type: application/javascript\r\n\r\nhello(1);[1]";

    check(lengths, sizeof lengths - 1, 51, "<1 0 {\"a\":1}><1 0 [1,2]>", true);
    check(sockjs, sizeof sockjs - 1, 57, "<1 0 [\"x\"]><1 0 [\"y\"]>", true);
    check(script, sizeof script - 1, 57, "", false);
}

static void responses_with_a_length_are_others(void)
{
    none("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/event-stream\r\n\r\n");
    none("HTTP/1.1 404 No\r\nContent-Type: text/event-stream\r\n\r\n");
    none("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n");
    none("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
    none("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
}

/* SETTINGS; WebSocket of stream 1, masked with zeros, in two frames of data; an event of stream 3; a page of stream 5.
 */
static void streams_of_http2_are_told_apart(void)
{
    static const char bytes[] = PREFACE "\0\0\0\4\0\0\0\0\0"
                                        "\0\0\5\0\0\0\0\0\1\x81\x82\0\0\0"
                                        "\0\0\6\0\0\0\0\0\5<html>"
                                        "\0\0\7\0\0\0\0\0\3data: 1"
                                        "\0\0\3\0\0\0\0\0\1\0ab"
                                        "\0\0\2\0\1\0\0\0\3\n\n";

    check(bytes, sizeof bytes - 1, sizeof PREFACE - 1, "<2 1 ab><0 3 data: 1\n\n>", true);
}

/* The second needs what the first one held; what is no deflate, and what follows it on its stream, is passed over. */
/* The requests of RFC 7541 C.3: one in a frame, one behind padding and priority and in two frames. */
static void heads_of_http2_are_read(void)
{
    static const char bytes[] = PREFACE "\0\0\0\4\0\0\0\0\0"
                                        "\0\0\x14\1\4\0\0\0\1"
                                        "\x82\x86\x84\x41\x0fwww.example.com"
                                        "\0\0\x0b\1\x28\0\0\0\3"
                                        "\2\0\0\0\0\0\x82\x86\x84\0\0"
                                        "\0\0\x0b\x09\4\0\0\0\3"
                                        "\xbe\x58\x08no-cache";
    static const char broken[] = PREFACE "\0\0\0\4\0\0\0\0\0"
                                         "\0\0\1\1\4\0\0\0\1\xff"
                                         "\0\0\1\1\4\0\0\0\3\x82"
                                         "\0\0\x09\0\0\0\0\0\1data: 1\n\n";

    check(bytes, sizeof bytes - 1, sizeof PREFACE - 1,
          "<4 1 GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n>"
          "<4 3 GET / HTTP/1.1\r\nHost: www.example.com\r\ncache-control: no-cache\r\n\r\n>",
          true);
    check(broken, sizeof broken - 1, sizeof PREFACE - 1, "<0 1 data: 1\n\n>", true);
}

static void packed_messages_are_unpacked(void)
{
    static const char bytes[] = PREFACE "\0\0\0\4\0\0\0\0\0"
                                        "\0\0\x09\0\0\0\0\0\1\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\0"
                                        "\0\0\x07\0\0\0\0\0\1\xc1\x05\xf2\0\x11\0\0"
                                        "\0\0\4\0\0\0\0\0\3\xc1\x02\xff\xff"
                                        "\0\0\x09\0\0\0\0\0\3\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\0"
                                        "\0\0\6\0\0\0\0\0\3\x81\x04okay";

    check(bytes, sizeof bytes - 1, sizeof PREFACE - 1, "<2 1 Hello><2 1 Hello><2 3 okay>", true);
}

static void relays_give_what_was_published(void)
{
    static const char redis[] = "*3\r\n$7\r\nmessage\r\n$2\r\nc1\r\n$5\r\n{\"a\"}\r\n+OK\r\n*1\r\n$4\r\nPING\r\n";
    static const char nats[] = "MSG rooms.1 9 5\r\n{\"a\"}\r\nPING\r\nHPUB x 4 6\r\nab\r\ncd\r\n";
    static const char pushed[] = ">3\r\n$7\r\nmessage\r\n$2\r\nc1\r\n$5\r\n{\"a\"}\r\n";

    check(pushed, sizeof pushed - 1, 12, "<3 0 {\"a\"}>", true);
    check(redis, sizeof redis - 1, 12, "<3 0 {\"a\"}><3 0 PING>", true);
    check(nats, sizeof nats - 1, 20, "<3 0 {\"a\"}><3 0 cd>", true);
    none("*one\r\n$7\r\n");
    none("PUBLIC notice of things 12\r\n");
}

/* Heads go with what is published: the reader of messages knows them. Connecting says passwords. */
static void stomp_gives_what_was_published(void)
{
    static const char counted[] = "MESSAGE\r\ndestination:/x\r\ncontent-length:3\r\n\r\na\0b\0\n\nDISCONNECT\n\n\0";
    static const char open[] = "CONNECT\npasscode:s\n\n\0\nSEND\ndestination:/y\n\n{\"a\"}\0";
    static const char wrong[] = "SEND\ndestination:/x\ncontent-length:3\n\nabcd\0SEND\ndestination:/x\n\n{}\0";
    static const char endless[] = "SEND\ndestination:/x\ncontent-length:99999999999999999999\n\nabcd\0";
    static const char words[] = "SEND\ndestination:/x\n\na\0and other words\n\n";

    check(open, sizeof open - 1, 19, "<3 0 SEND\ndestination:/y\n\n{\"a\"}>", true);
    check(counted, sizeof counted - 1, 25, "<3 0 MESSAGE\r\ndestination:/x\r\ncontent-length:3\r\n\r\na~b>", true);
    check(wrong, sizeof wrong - 1, 20, "", false);
    check(endless, sizeof endless - 1, 20, "", false);
    check(words, sizeof words - 1, 20, "<3 0 SEND\ndestination:/x\n\na>", false);
    none("SEND money to:me\n\n");
    none("SENDER\na:b\n\n");
    none("MESSAGE sip:b@b.example SIP/2.0\n");
    none("CONNECT\nno header\n\n");
    none("SEND\n\nbody");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/open/events", events_come_before_the_response_ends);
    g_test_add_func("/open/between", texts_may_have_something_between);
    g_test_add_func("/open/others", responses_with_a_length_are_others);
    g_test_add_func("/open/heads", heads_of_http2_are_read);
    g_test_add_func("/open/http2", streams_of_http2_are_told_apart);
    g_test_add_func("/open/packed", packed_messages_are_unpacked);
    g_test_add_func("/open/relays", relays_give_what_was_published);
    g_test_add_func("/open/stomp", stomp_gives_what_was_published);
    return g_test_run();
}
