/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Responses of HTTP/1 that stay open (RFC 9112), and frames of HTTP/2 (RFC 9113 4.1). */
#include <string.h>

#include "connection/message_head.h"
#include "open_stream.h"

#define SIZE_LINE_MAX 1024                               /* bytes of a chunk's size with its extensions */
#define PREFACE       "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" /* RFC 9113 3.4 */
#define FRAME_HEAD    9
#define BEGIN_LEAST   8 /* bytes of data by which it is told whether messages begin there */
#define FRAME_MAX     (1u << 24)
#define SETTINGS      4
#define END_STREAM    0x01
#define PADDED        0x08

/* ---- HTTP/1 ---- */

enum { HEAD = 0, CHUNK_SIZE, CHUNK, CHUNK_END, UNTIL_CLOSE };

/* What may be a stream of messages, by its type; none is told by the first bytes. */
static bool may_stream(const wr_message_head *head)
{
    static const char *const types[] = {"text/event-stream", "json", "text/plain", "javascript"};
    char *type = wr_message_head_field(head, "Content-Type", NULL);
    bool may = type == NULL;

    for (size_t i = 0; !may && i < G_N_ELEMENTS(types); i++)
        may = strstr(type, types[i]) != NULL;
    g_free(type);
    return may;
}

static bool has_field(const wr_message_head *head, const char *name)
{
    char *value = wr_message_head_field(head, name, NULL);
    const bool has = value != NULL;

    g_free(value);
    return has;
}

static bool is_chunked(const wr_message_head *head)
{
    char *coding = wr_message_head_field(head, "Transfer-Encoding", NULL);
    const bool is = coding != NULL && g_ascii_strncasecmp(coding, "chunked", 7) == 0;

    g_free(coding);
    return is;
}

static const uint8_t *blank_line(const uint8_t *bytes, size_t len)
{
    for (const uint8_t *p = bytes; (p = memchr(p, '\r', (size_t)(bytes + len - p))) != NULL; p++)
        if ((size_t)(bytes + len - p) >= 4 && memcmp(p, "\r\n\r\n", 4) == 0)
            return p + 4;
    return NULL;
}

/* The line that a chunk begins with: *size, and bytes of the line. 0: not whole; SIZE_MAX: none. */
static size_t chunk_line(const uint8_t *bytes, size_t len, uint64_t *size)
{
    const uint8_t *feed = memchr(bytes, '\n', MIN(len, (size_t)SIZE_LINE_MAX));
    size_t at = 0;

    *size = 0;
    if (feed == NULL)
        return len > SIZE_LINE_MAX ? SIZE_MAX : 0;
    while (at < len && at < 8 && g_ascii_isxdigit(bytes[at]))
        *size = *size << 4 | (uint64_t)g_ascii_xdigit_value((char)bytes[at++]);
    return at == 0 || g_ascii_isxdigit(bytes[at]) ? SIZE_MAX : (size_t)(feed - bytes) + 1;
}

static size_t take_http1(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    size_t at = 0, n;

    while (at < len) {
        switch (s->state) {
        case HEAD:
            n = (size_t)(blank_line(bytes, len) - bytes); /* is there: so it began */
            s->state = s->chunked ? CHUNK_SIZE : UNTIL_CLOSE;
            break;
        case CHUNK_SIZE:
            n = chunk_line(bytes + at, len - at, &s->left);
            if (n == 0)
                return at;
            if (n == SIZE_MAX || s->left == 0)
                return SIZE_MAX; /* broken, or the last one */
            s->state = CHUNK;
            break;
        case CHUNK_END:
            n = bytes[at] == '\r' ? 2 : 1;
            if (n > len - at)
                return at;
            s->state = CHUNK_SIZE;
            break;
        default:
            n = s->state == CHUNK ? (size_t)MIN(s->left, (uint64_t)(len - at)) : len - at;
            if (!wr_open_body_take(s, &s->body, bytes + at, n, 0))
                return SIZE_MAX;
            s->left -= s->state == CHUNK ? n : 0;
            if (s->state == CHUNK && s->left == 0)
                s->state = CHUNK_END;
        }
        at += n;
    }
    return at;
}

wr_open_stream *wr_open_http1_begin(const uint8_t *bytes, size_t len)
{
    static const wr_open_reader reader = {true, false, take_http1};
    const uint8_t *body = blank_line(bytes, MIN(len, (size_t)WR_HEAD_MAX));
    wr_message_head head;
    wr_open_stream *s;

    if (body == NULL || !wr_message_head_read((const char *)bytes, (size_t)(body - bytes), &head) || !head.response ||
        head.status < 200 || head.status >= 300 || head.status == 204 || has_field(&head, "Content-Length") ||
        !may_stream(&head) || has_field(&head, "Content-Encoding"))
        return NULL;
    s = wr_open_stream_new(&reader);
    s->chunked = is_chunked(&head);
    return s;
}

/* ---- HTTP/2 ---- */

enum { FRAME = 0, BEGIN, PAYLOAD };

static void body_free(gpointer data)
{
    wr_open_body_clear(data);
    g_free(data);
}

/* Events or WebSocket frames begin in data of a stream that is not followed. */
static bool begins_messages(const uint8_t *p, size_t len)
{
    if (len < 2)
        return false;
    switch (p[0]) {
    case 'd':
    case 'e':
    case 'i':
    case 'r':
    case ':':
        return memchr(p, ':', MIN(len, (size_t)8)) != NULL;
    case 0x81:
    case 0x82:
    case 0x01:
    case 0xc1: /* packed (RFC 7692 6) */
    case 0xc2:
        return true;
    default:
        return false;
    }
}

static wr_open_body *body_of(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    gpointer key = GUINT_TO_POINTER(s->stream);
    wr_open_body *body = s->bodies != NULL ? g_hash_table_lookup(s->bodies, key) : NULL;

    if (body != NULL || !begins_messages(bytes, len))
        return body;
    if (s->bodies == NULL)
        s->bodies = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, body_free);
    if (g_hash_table_size(s->bodies) >= WR_OPEN_STREAMS)
        return NULL;
    body = g_new0(wr_open_body, 1);
    g_hash_table_insert(s->bodies, key, body);
    return body;
}

/* Part of a frame of data. */
static void take_data(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    wr_open_body *body = body_of(s, bytes, len);

    if (body != NULL && !wr_open_body_take(s, body, bytes, len, s->stream))
        g_hash_table_remove(s->bodies, GUINT_TO_POINTER(s->stream));
}

/* The head of a frame at bytes; false when it cannot be one. */
static bool read_frame(wr_open_stream *s, const uint8_t *p)
{
    const unsigned type = p[3];
    const uint32_t stream = (uint32_t)p[5] << 24 | (uint32_t)p[6] << 16 | (uint32_t)p[7] << 8 | p[8];

    s->left = (uint64_t)p[0] << 16 | (uint64_t)p[1] << 8 | p[2];
    s->stream = type == 0 ? stream & 0x7fffffffu : 0;
    s->padding = type == 0 && (p[4] & PADDED) != 0;
    wr_open_head_frame(s, p, stream & 0x7fffffffu);
    return (type != 0 || s->stream != 0) && s->left < FRAME_MAX;
}

/* Bytes of the frame's payload that are data; padding stands behind them (RFC 9113 6.1). */
static size_t take_payload(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    const size_t n = (size_t)MIN(s->left, (uint64_t)len);

    if (s->stream != 0 && !s->padding)
        take_data(s, bytes, n);
    s->left -= n;
    if (s->stream == 0)
        wr_open_head_take(s, bytes, n);
    s->state = s->left == 0 ? FRAME : PAYLOAD;
    return n;
}

static size_t take_http2(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    if (s->chunked) { /* the preface is to be passed */
        if (len < sizeof PREFACE - 1)
            return 0;
        s->chunked = false;
        at = sizeof PREFACE - 1;
    }
    while (at < len) {
        if (s->state == FRAME) {
            if (len - at < FRAME_HEAD)
                return at;
            if (!read_frame(s, bytes + at))
                return SIZE_MAX;
            at += FRAME_HEAD;
            s->state = s->left > 0 ? BEGIN : FRAME;
            if (s->left == 0)
                wr_open_head_take(s, NULL, 0);
        } else if (s->state == BEGIN && len - at < MIN(s->left, (uint64_t)BEGIN_LEAST)) {
            return at;
        } else {
            at += take_payload(s, bytes + at, len - at);
        }
        if (s->bound != NULL)
            return SIZE_MAX;
    }
    return at;
}

wr_open_stream *wr_open_http2_begin(const uint8_t *bytes, size_t len)
{
    static const wr_open_reader reader = {false, true, take_http2};
    const bool client = len >= 16 && memcmp(bytes, PREFACE, 16) == 0;
    wr_open_stream *s;

    /* Each end begins with its settings. */
    if (!client && (len < FRAME_HEAD || bytes[0] != 0 || bytes[1] != 0 || bytes[2] % 6 != 0 || bytes[3] != SETTINGS ||
                    bytes[4] > 1 || memcmp(bytes + 5, "\0\0\0\0", 4) != 0))
        return NULL;
    s = wr_open_stream_new(&reader);
    s->chunked = client;
    s->heads = client ? wr_open_heads_new() : NULL;
    return s;
}
