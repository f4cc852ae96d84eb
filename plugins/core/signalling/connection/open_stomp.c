/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * STOMP 1.2 over TCP: frames of a command, header lines, an empty line, and a body that ends with a NUL, or is as long
 * as content-length says and then ends with one. Line ends between frames are heartbeats. Frames that publish are
 * handed out with their heads; what is said when a connection is made, passwords among it, is not.
 *
 *     SEND LF destination:/app/room LF content-length:5 LF LF {"a"} NUL
 */
#include <string.h>

#include "open_stream.h"

#define HEAD_MAX    4096 /* bytes of a command and its header lines */
#define COMMAND_MAX 16   /* bytes of the longest command's line */

static bool line_is(const uint8_t *line, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(line, word, n) == 0;
}

static bool is_command(const uint8_t *line, size_t n)
{
    static const char *const commands[] = {"SEND",      "MESSAGE",     "CONNECT",    "CONNECTED", "STOMP",
                                           "SUBSCRIBE", "UNSUBSCRIBE", "RECEIPT",    "ERROR",     "ACK",
                                           "NACK",      "BEGIN",       "DISCONNECT", "COMMIT",    "ABORT"};

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (line_is(line, n, commands[i]))
            return true;
    return false;
}

/* The line at the start: its bytes without the end, *next behind that. False: it is not whole. */
static bool line_at(const uint8_t *p, size_t len, size_t *n, size_t *next)
{
    const uint8_t *feed = len > 0 ? memchr(p, '\n', len) : NULL;

    if (feed == NULL)
        return false;
    *n = (size_t)(feed - p);
    *next = *n + 1;
    if (*n > 0 && p[*n - 1] == '\r')
        (*n)--;
    return true;
}

typedef struct {
    size_t length; /* up to and with the empty line; 0: not whole; SIZE_MAX: this is none */
    bool publishes, counted;
    size_t body; /* content-length, where counted */
} frame_head;

/* The first of several counts (STOMP 1.2, Repeated Header Entries). False when it is no number that can be. */
static bool read_length(frame_head *h, const uint8_t *line, size_t n)
{
    static const char name[] = "content-length:";
    const size_t from = sizeof name - 1;

    if (h->counted || n < from || g_ascii_strncasecmp((const char *)line, name, from) != 0)
        return true;
    h->counted = true;
    for (size_t i = from; i < n; i++) {
        if (!g_ascii_isdigit(line[i]) || h->body > WR_OPEN_MAX)
            return false;
        h->body = h->body * 10 + (size_t)(line[i] - '0');
    }
    return n > from && h->body <= WR_OPEN_MAX;
}

static frame_head read_head(const uint8_t *p, size_t len)
{
    const size_t look = MIN(len, (size_t)HEAD_MAX);
    frame_head none = {.length = SIZE_MAX}, more = {0}, h = {0};
    size_t n, next, at;

    if (!line_at(p, MIN(look, (size_t)COMMAND_MAX), &n, &next))
        return len < COMMAND_MAX ? more : none;
    if (!is_command(p, n))
        return none;
    h.publishes = line_is(p, n, "SEND") || line_is(p, n, "MESSAGE");
    for (at = next; line_at(p + at, look - at, &n, &next); at += next) {
        if (n == 0) {
            h.length = at + next;
            return h;
        }
        if (memchr(p + at, ':', n) == NULL || !read_length(&h, p + at, n))
            return none;
    }
    return look == HEAD_MAX ? none : more;
}

/* Bytes of the frame at the start; 0: it is not whole; SIZE_MAX: there is none. */
static size_t take_frame(wr_open_stream *s, const uint8_t *p, size_t len)
{
    const frame_head h = read_head(p, len);
    const uint8_t *end;
    size_t searched;

    if (h.length == 0 || h.length == SIZE_MAX)
        return h.length;
    if (h.counted) {
        if (len - h.length <= h.body)
            return 0;
        end = p + h.length + h.body;
        if (*end != 0)
            return SIZE_MAX;
    } else {
        searched = MIN(MAX((size_t)s->left, h.length), len);
        end = searched < len ? memchr(p + searched, 0, len - searched) : NULL;
        s->left = end != NULL ? 0 : len;
        if (end == NULL)
            return 0;
    }
    if (h.publishes)
        wr_open_hand_out(s, WR_OPEN_PAYLOAD, p, (size_t)(end - p), 0);
    return (size_t)(end - p) + 1;
}

static size_t take_stomp(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    for (;;) {
        size_t used;
        while (at < len && (bytes[at] == '\n' || bytes[at] == '\r'))
            at++;
        used = at < len ? take_frame(s, bytes + at, len - at) : 0;
        if (used == 0)
            return at;
        if (used == SIZE_MAX)
            return SIZE_MAX;
        at += used;
    }
}

wr_open_stream *wr_open_stomp_begin(const uint8_t *bytes, size_t len)
{
    static const wr_open_reader stomp = {false, false, take_stomp};
    size_t n, next, header, after;

    if (!line_at(bytes, MIN(len, (size_t)COMMAND_MAX), &n, &next) || !is_command(bytes, n))
        return NULL;
    if (!line_at(bytes + next, MIN(len - next, (size_t)HEAD_MAX), &header, &after) || header == 0 ||
        memchr(bytes + next, ':', header) == NULL)
        return NULL;
    return wr_open_stream_new(&stomp);
}
