/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signalling messages that come as several messages of their carrier. */
#include "find/message_pieces.h"

#include <string.h>

#define FIREBASE    "/.ws?v=5&ns=x"
#define EVENT       "451-/a,12[\"signal\",{\"room\":\"r\",\"sdp\":{\"_placeholder\":true,\"num\":0}}]"
#define DESCRIPTION "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"

static size_t room;

static wr_pieces *begin(void)
{
    room = 1u << 20;
    return wr_pieces_new(&room);
}

/* What taking the text gives; what is made with it must be wanted (NULL: nothing). */
static wr_piece take(wr_pieces *p, const char *text, const char *url, const char *wanted)
{
    GByteArray *whole;
    wr_piece piece = wr_pieces_take(p, (const uint8_t *)text, strlen(text), url, &whole);

    g_assert_true((piece == WR_PIECE_WHOLE) == (whole != NULL));
    g_assert_true((whole != NULL) == (wanted != NULL));
    if (whole != NULL) {
        g_assert_cmpmem(whole->data, whole->len, wanted, strlen(wanted));
        g_byte_array_unref(whole);
    }
    return piece;
}

static void end(wr_pieces *p)
{
    wr_pieces_free(p);
    g_assert_cmpuint(room, ==, 1u << 20);
}

static void parts_are_joined(void)
{
    wr_pieces *p = begin();

    g_assert_cmpint(take(p, "3", FIREBASE, NULL), ==, WR_PIECE_NONE);
    g_assert_true(wr_pieces_is_open(p));
    g_assert_cmpint(take(p, "{\"t\":", FIREBASE, NULL), ==, WR_PIECE_PART);
    g_assert_cmpint(take(p, "2", FIREBASE, NULL), ==, WR_PIECE_PART);
    g_assert_cmpint(take(p, "}", FIREBASE, "{\"t\":2}"), ==, WR_PIECE_WHOLE);
    g_assert_false(wr_pieces_is_open(p));
    g_assert_cmpint(take(p, "{\"t\":2}", FIREBASE, NULL), ==, WR_PIECE_NONE);
    end(p);
}

static void without_the_url_parts_must_be_full(void)
{
    wr_pieces *p = begin();
    GString *part = g_string_new("{\"t\":\"");

    take(p, "2", "/ws", NULL);
    g_assert_cmpint(take(p, "{\"t\":\"d\"}", "/ws", NULL), ==, WR_PIECE_NONE);
    g_assert_false(wr_pieces_is_open(p));
    g_string_append(part, "\xf0\x9f\x98\x80\xc3\xbc"); /* three units in two characters */
    while (part->len < 16384 + 3)
        g_string_append_c(part, 'x');
    take(p, "2", NULL, NULL);
    g_assert_cmpint(take(p, part->str, NULL, NULL), ==, WR_PIECE_PART);
    g_string_append(part, "end");
    g_assert_cmpint(take(p, "end", NULL, part->str), ==, WR_PIECE_WHOLE);
    /* A part that is too long ends it. */
    take(p, "3", NULL, NULL);
    g_assert_cmpint(take(p, part->str, NULL, NULL), ==, WR_PIECE_NONE);
    g_assert_false(wr_pieces_is_open(p));
    g_string_free(part, TRUE);
    end(p);
}

static void bounds_are_said_and_room_is_given_back(void)
{
    wr_pieces *p = begin();
    char *big = g_strnfill(600 << 10, 'x');

    take(p, "513", FIREBASE, NULL);
    g_assert_cmpint(take(p, "{\"t\":", FIREBASE, NULL), ==, WR_PIECE_BOUND);
    take(p, "3", FIREBASE, NULL);
    g_assert_cmpint(take(p, big, FIREBASE, NULL), ==, WR_PIECE_PART);
    g_assert_cmpuint(room, ==, (1u << 20) - (600u << 10));
    g_assert_cmpint(take(p, big, FIREBASE, NULL), ==, WR_PIECE_BOUND);
    g_assert_cmpuint(room, ==, 1u << 20);
    take(p, "3", FIREBASE, NULL);
    take(p, big, FIREBASE, NULL);
    g_free(big);
    end(p);
}

static void an_event_gets_its_value(void)
{
    wr_pieces *p = begin();

    g_assert_cmpint(take(p, EVENT, NULL, NULL), ==, WR_PIECE_NONE);
    g_assert_cmpint(take(p, DESCRIPTION, NULL,
                         "42/a,12[\"signal\",{\"room\":\"r\",\"sdp\":\"v=0\\r\\no=- 1 2 IN IP4 0.0.0.0\\r\\n"
                         "s=-\\r\\nt=0 0\\r\\nm=audio 9 UDP/TLS/RTP/SAVPF 0\\r\\n\"}]"),
                    ==, WR_PIECE_WHOLE);
    g_assert_cmpint(take(p, DESCRIPTION, NULL, NULL), ==, WR_PIECE_NONE);
    /* Engine.IO 3 says the type of a binary packet in its first byte; an acknowledgement (6) has values like an event.
     */
    take(p, "461-7[{\"_placeholder\":true,\"num\":0}]", NULL, NULL);
    g_assert_cmpint(take(p,
                         "\x04"
                         "v=0\r\nm=audio 9 RTP/AVP 0\r\n",
                         NULL, "437[\"v=0\\r\\nm=audio 9 RTP/AVP 0\\r\\n\"]"),
                    ==, WR_PIECE_WHOLE);
    end(p);
}

static void values_that_say_nothing_and_events_that_need_none(void)
{
    wr_pieces *p = begin();

    take(p, EVENT, NULL, NULL);
    g_assert_cmpint(take(p, "\x89PNG, a picture", NULL, NULL), ==, WR_PIECE_NONE);
    g_assert_false(wr_pieces_is_open(p));
    take(p, EVENT, NULL, NULL);
    wr_pieces_drop(p);
    g_assert_cmpint(take(p, DESCRIPTION, NULL, NULL), ==, WR_PIECE_NONE);
    take(p, EVENT, NULL, NULL);
    g_assert_cmpint(take(p, "42[\"x\"]", NULL, NULL), ==, WR_PIECE_NONE);
    g_assert_false(wr_pieces_is_open(p));
    g_assert_cmpint(take(p, "45999-[{\"_placeholder\":true,\"num\":0}]", NULL, NULL), ==, WR_PIECE_BOUND);
    g_assert_cmpint(take(p, "451-[\"no place\"]", NULL, NULL), ==, WR_PIECE_NONE);
    g_assert_false(wr_pieces_is_open(p));
    /* An event that is no JSON has no place for its value. */
    take(p, "451-[\"_placeholder\"", NULL, NULL);
    g_assert_cmpint(take(p, DESCRIPTION, NULL, NULL), ==, WR_PIECE_NONE);
    end(p);
}

static void what_may_begin_is_told_cheaply(void)
{
    static const char *const may[] = {"2", "999999", EVENT, "4612-[{}]"};
    static const char *const not [] = {
        "0", "1", "1234567", "2x", "", "42[\"x\",\"y\"]", "45-[\"xyz\"]", "451[\"xyzw\"]"};

    for (size_t i = 0; i < G_N_ELEMENTS(may); i++)
        g_assert_true(wr_pieces_may_begin((const uint8_t *)may[i], strlen(may[i])));
    for (size_t i = 0; i < G_N_ELEMENTS(not ); i++)
        g_assert_false(wr_pieces_may_begin((const uint8_t *)not [i], strlen(not [i])));
}

#define CHUNK(text, index, last)                                                                                       \
    "{\"to\":\"bob\",\"data\":{\"id\":\"k3\",\"chunk\":\"" text "\",\"offset\":" index ",\"length\":" last "}}"

/* SkyWay's way: the length is the index of the last part. Other messages may come in between. */
static void chunks_are_joined(void)
{
    wr_pieces *p = begin();

    g_assert_cmpint(take(p, CHUNK("one ", "0", "2"), NULL, NULL), ==, WR_PIECE_PART);
    g_assert_cmpint(take(p, CHUNK("two ", "1", "2"), NULL, NULL), ==, WR_PIECE_PART);
    g_assert_cmpint(take(p, "{\"type\":\"ping\"}", NULL, NULL), ==, WR_PIECE_NONE);
    g_assert_cmpint(take(p, CHUNK("three", "2", "2"), NULL, CHUNK("one two three", "2", "2")), ==, WR_PIECE_WHOLE);
    g_assert_cmpint(take(p, CHUNK("all", "0", "0"), NULL, NULL), ==, WR_PIECE_NONE);
    end(p);
}

static void a_missing_chunk_ends_it(void)
{
    wr_pieces *p = begin();

    g_assert_cmpint(take(p, CHUNK("one ", "0", "2"), NULL, NULL), ==, WR_PIECE_PART);
    g_assert_cmpint(take(p, CHUNK("three", "2", "2"), NULL, NULL), ==, WR_PIECE_NONE);
    g_assert_false(wr_pieces_is_open(p));
    end(p);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pieces/parts", parts_are_joined);
    g_test_add_func("/pieces/full", without_the_url_parts_must_be_full);
    g_test_add_func("/pieces/bounds", bounds_are_said_and_room_is_given_back);
    g_test_add_func("/pieces/event", an_event_gets_its_value);
    g_test_add_func("/pieces/nothing", values_that_say_nothing_and_events_that_need_none);
    g_test_add_func("/pieces/may-begin", what_may_begin_is_told_cheaply);
    g_test_add_func("/pieces/chunks", chunks_are_joined);
    g_test_add_func("/pieces/missing", a_missing_chunk_ends_it);
    return g_test_run();
}
