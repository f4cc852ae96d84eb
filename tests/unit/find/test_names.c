/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a message of no known dialect is: call, sender and receiver by the names of members, and what names none. */
#include "find/find.h"

#include <glib.h>
#include <string.h>

#define OFFER                                                                                                          \
    "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\nm=audio 9 "              \
    "UDP/TLS/RTP/SAVPF 0\\r\\na=setup:actpass\\r\\n\"}"
#define ANSWER                                                                                                         \
    "{\"type\":\"answer\",\"sdp\":\"v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\nm=audio 9 "             \
    "UDP/TLS/RTP/SAVPF 0\\r\\na=setup:active\\r\\n\"}"
#define CANDIDATE "\"candidate:1 1 udp 2122260223 192.0.2.10 54321 typ host\""

/* Sent by a client, handed to one, or not known which. */
#define UP      WR_DIRECTION_EMITTED
#define DOWN    WR_DIRECTION_DELIVERED
#define UNKNOWN WR_DIRECTION_UNKNOWN

typedef struct {
    wr_direction direction;
    const char *members, *call, *from, *to;
} row;

static void check(const row *rows, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++) {
        char *message = g_strdup_printf("{%s,\"d\":%s}", rows[i].members, text);
        const wr_find_hints hints = {.direction = rows[i].direction};
        wr_find_result *r = wr_json_find((const uint8_t *)message, strlen(message), &hints);
        const wr_hit *hit;
        g_test_message("%s", rows[i].members);
        g_assert_cmpuint(r->hits->len, ==, 1);
        hit = g_ptr_array_index(r->hits, 0);
        g_assert_cmpstr(hit->call, ==, rows[i].call);
        g_assert_cmpstr(hit->from, ==, rows[i].from);
        g_assert_cmpstr(hit->to, ==, rows[i].to);
        wr_find_result_free(r);
        g_free(message);
    }
}
#define CHECK(rows, text) check(rows, G_N_ELEMENTS(rows), text)

static void names_of_two_words(void)
{
    static const row rows[] = {
        {UP, "\"fromPeerId\":\"a\",\"toPeerId\":\"b\",\"roomCode\":\"r\"", "r", "a", "b"},
        {UP, "\"from_user\":\"a\",\"to_user\":\"b\",\"call_uuid\":\"c\"", "c", "a", "b"},
        {DOWN, "\"src_id\":\"a\",\"dst_id\":\"b\"", NULL, "a", "b"},
        {UP, "\"mediaSessionId\":\"m\"", "m", NULL, NULL},
        {UP, "\"dialog_id\":\"d\",\"topic\":\"t\"", "d", NULL, NULL},
        {UP, "\"connectionId\":\"x\",\"channel\":\"c\"", "c", NULL, NULL},
        {UP, "\"to\":[\"b\"]", NULL, NULL, "b"},
    };

    CHECK(rows, OFFER);
}

static void what_is_no_name(void)
{
    static const row rows[] = {
        {UP, "\"target\":\"publisher\",\"source\":\"camera\"", NULL, NULL, NULL},
        {UP, "\"target\":0", NULL, NULL, NULL},
        {UP, "\"target\":\"SendOffer\",\"arguments\":[1]", NULL, NULL, NULL},
        {UP, "\"src\":\"rtsp://192.0.2.1/cam\"", NULL, NULL, NULL},
        {UP, "\"source\":{\"name\":\"microphone\"}", NULL, NULL, NULL},
        {UP, "\"source\":{\"id\":\"a\"}", NULL, "a", NULL},
        {UP, "\"sessionId\":\"[empty]\"", NULL, NULL, NULL},
        {UP, "\"call\":\"offer\"", NULL, NULL, NULL},
        {UP, "\"channel\":1", NULL, NULL, NULL},
        {UP, "\"room\":1", "1", NULL, NULL},
        {UP, "\"session\":\"line\\nline\"", NULL, NULL, NULL},
    };

    CHECK(rows, OFFER);
}

/* "peerId" and "name" are the sender's where a server tells them, else anybody's. */
static void names_of_either(void)
{
    static const row rows[] = {
        {UP, "\"peerId\":\"p\"", NULL, NULL, NULL},
        {UP, "\"peerId\":\"p\",\"to\":\"b\"", NULL, "p", "b"},
        {DOWN, "\"peerId\":\"p\"", NULL, "p", NULL},
        {DOWN, "\"peer\":{\"id\":\"p\"}", NULL, "p", NULL},
        {UP, "\"userId\":\"u\"", NULL, "u", NULL},
        {UP, "\"name\":\"bob\"", NULL, NULL, NULL},
        {DOWN, "\"name\":\"bob\"", NULL, "bob", NULL},
        {UP, "\"name\":\"alice\",\"method\":\"join\"", NULL, "alice", NULL},
        {UP, "\"nickname\":\"alice\"", NULL, "alice", NULL},
        {UP, "\"localPeerId\":\"a\",\"remotePeerId\":\"b\"", NULL, "a", "b"},
        {DOWN, "\"localPeerId\":\"a\",\"remotePeerId\":\"b\"", NULL, NULL, NULL},
    };

    CHECK(rows, OFFER);
}

/* Caller and callee are roles: the one offers, the other answers. */
static void roles_in_a_call(void)
{
    static const row offers[] = {
        {UP, "\"callerId\":\"a\",\"calleeId\":\"b\"", NULL, "a", "b"},
        {UP, "\"initiator\":\"a\",\"responder\":\"b\"", NULL, "a", "b"},
        {UP, "\"calleeId\":\"b\",\"from\":\"a\"", NULL, "a", "b"},
    };
    static const row answers[] = {
        {DOWN, "\"callerId\":\"a\",\"calleeId\":\"b\"", NULL, "b", "a"},
        {UP, "\"callerId\":\"a\"", NULL, NULL, "a"},
        {UP, "\"from\":\"b\",\"to\":\"a\",\"callerId\":\"x\"", NULL, "b", "a"},
    };
    static const row candidates[] = {
        {UP, "\"callerId\":\"a\",\"calleeId\":\"b\"", NULL, NULL, NULL},
    };

    CHECK(offers, OFFER);
    CHECK(answers, ANSWER);
    CHECK(candidates, "{\"candidate\":" CANDIDATE "}");
}

static void what_stands_beside(void)
{
    static const row rows[] = {
        {UP, "\"call\":{\"id\":\"c\",\"from\":{\"id\":\"a\"},\"to\":{\"id\":\"b\"}}", "c", "a", "b"},
        {UP, "\"participants\":{\"from\":\"a\",\"to\":\"b\"}", NULL, "a", "b"},
        {UP, "\"participants\":{\"from\":\"a\"}", NULL, NULL, NULL},
        {UP, "\"streamInfo\":{\"sessionId\":\"s\"}", "s", NULL, NULL},
    };
    static const row nested[] = {
        {UP, "\"from\":\"a\",\"to\":\"b\"", NULL, "a", "b"},
    };

    CHECK(rows, OFFER);
    CHECK(nested, "{\"userId\":\"x\",\"description\":" OFFER "}"); /* who is named further in does not speak */
}

/* Words that a known dialect has, too, make none of another's message. */
static void words_of_a_dialect_alone(void)
{
    static const row rows[] = {
        {UP, "\"op\":4,\"roomId\":\"r\",\"from\":\"a\"", "r", "a", NULL},
        {UP, "\"type\":\"OFFER\",\"payload\":{},\"from\":\"a\",\"to\":\"b\"", NULL, "a", "b"},
        {UP, "\"cmd\":\"send\",\"roomId\":\"r\",\"from\":\"a\"", "r", "a", NULL},
        {UP, "\"msg\":\"ok\",\"error\":0,\"roomId\":\"r\",\"from\":\"a\"", "r", "a", NULL},
    };

    CHECK(rows, OFFER);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/two-words", names_of_two_words);
    g_test_add_func("/names/none", what_is_no_name);
    g_test_add_func("/names/either", names_of_either);
    g_test_add_func("/names/roles", roles_in_a_call);
    g_test_add_func("/names/beside", what_stands_beside);
    g_test_add_func("/names/dialects", words_of_a_dialect_alone);
    return g_test_run();
}
