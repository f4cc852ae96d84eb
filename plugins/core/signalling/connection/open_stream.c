/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams without an end: what is common to all of them, and how a body is parted into messages. */
#include "open_stream.h"

#include <string.h>

#include "formats/message_frames.h"

#define BETWEEN_MOST 4096 /* bytes between two texts: SockJS begins with 2048 heartbeats */
#define KIND_LEAST   8    /* bytes by which the kind of a body is surely told */
#define INFLATERS    4    /* of one connection's end, for each is large beside the frame that asks for it */
#define PACKED       0x40

wr_open_stream *wr_open_stream_begin(const uint8_t *bytes, size_t len)
{
    if (len < 9)
        return NULL;
    switch (bytes[0]) {
    case 'H':
        if (memcmp(bytes, "HTTP/1.", 7) == 0)
            return wr_open_http1_begin(bytes, len);
        return wr_open_relay_begin(bytes, len); /* HMSG, HPUB */
    case 0:
        return wr_open_http2_begin(bytes, len); /* a server's first frame is short */
    case 'P':
        if (bytes[1] == 'R')
            return wr_open_http2_begin(bytes, len);
        return wr_open_relay_begin(bytes, len);
    case '*':
    case '>':
        return wr_open_relay_begin(bytes, len);
    case 'M':
        return bytes[1] == 'E' ? wr_open_stomp_begin(bytes, len) : wr_open_relay_begin(bytes, len);
    case 'A':
    case 'B':
    case 'C':
    case 'D':
    case 'E':
    case 'N':
    case 'R':
    case 'S':
    case 'U':
        return wr_open_stomp_begin(bytes, len);
    default:
        return NULL;
    }
}

void wr_open_body_clear(wr_open_body *body)
{
    if (body->bytes != NULL)
        g_byte_array_unref(body->bytes);
    if (body->fragments != NULL)
        g_byte_array_unref(body->fragments);
    wr_inflater_free(body->inflater);
    memset(body, 0, sizeof *body);
}

void wr_open_stream_free(wr_open_stream *s)
{
    if (s == NULL)
        return;
    g_byte_array_unref(s->rest);
    wr_open_body_clear(&s->body);
    if (s->bodies != NULL)
        g_hash_table_unref(s->bodies);
    wr_open_heads_free(s->heads);
    g_free(s);
}

const char *wr_open_stream_bound(const wr_open_stream *s)
{
    return s->bound;
}

bool wr_open_stream_is_http1(const wr_open_stream *s)
{
    return s->reader->http1;
}

bool wr_open_stream_is_http2(const wr_open_stream *s)
{
    return s->reader->http2;
}

bool wr_open_stream_take(wr_open_stream *s, const uint8_t *bytes, size_t len, wr_open_sink sink, void *data)
{
    size_t taken;

    s->sink = sink;
    s->data = data;
    if (s->rest->len > 0) {
        g_byte_array_append(s->rest, bytes, (guint)len);
        taken = s->reader->take(s, s->rest->data, s->rest->len);
        if (taken != SIZE_MAX && taken > 0)
            g_byte_array_remove_range(s->rest, 0, (guint)taken);
    } else {
        taken = s->reader->take(s, bytes, len);
        if (taken < len)
            g_byte_array_append(s->rest, bytes + taken, (guint)(len - taken));
    }
    if (taken != SIZE_MAX && s->rest->len > WR_OPEN_MAX)
        s->bound = "a message of a stream is too long to be put together";
    return taken != SIZE_MAX && s->bound == NULL;
}

/* ---- messages of a body ---- */

/* These look at what begins at p: bytes of the message that was handed out, 0 when it is not whole. */
static size_t next_event(wr_open_stream *s, wr_open_body *body, uint8_t *p, size_t len, uint32_t stream)
{
    size_t n = wr_event_length(p, len, &body->seen);

    if (n > 0) {
        wr_open_hand_out(s, WR_OPEN_EVENT, p, n, stream);
        body->seen = 0;
    }
    return n;
}

/* What stands between texts and is none: the length of the next in a line of its own, heartbeats of SockJS and its
 * letter before an array. Bytes of it; SIZE_MAX: may be some, and is not whole. */
static size_t between_texts(const uint8_t *p, size_t len)
{
    size_t n = 0;

    if (g_ascii_isspace(p[0]))
        return 1;
    if (p[0] == 'a')
        return len == 1 ? SIZE_MAX : p[1] == '[' ? 1 : 0;
    while (n < len && n < BETWEEN_MOST && (p[0] == 'h' ? p[n] == 'h' : g_ascii_isdigit(p[n])))
        n++;
    if (p[0] == 'o')
        n = 1;
    if (n == 0)
        return 0;
    return n == len ? SIZE_MAX : p[n] == '\n' ? n + 1 : 0;
}

static size_t next_text(wr_open_stream *s, wr_open_body *body, uint8_t *p, size_t len, uint32_t stream)
{
    size_t n = body->split.at == 0 ? between_texts(p, len) : 0;

    if (n > 0)
        return n < SIZE_MAX ? n : 0;
    switch (wr_split_json(&body->split, p, len)) {
    case WR_SPLIT_WHOLE:
        n = body->split.at;
        wr_open_hand_out(s, WR_OPEN_TEXT, p + body->split.start, n - body->split.start, stream);
        memset(&body->split, 0, sizeof body->split);
        return n;
    case WR_SPLIT_OTHER:
        body->kind = WR_BODY_OTHER;
        return 0;
    default:
        return 0;
    }
}

/* A WebSocket frame at the start (RFC 6455 5.2): its bytes, 0 when it is not whole, SIZE_MAX for what is none. */
static size_t frame_length(const uint8_t *p, size_t len, size_t *head, size_t *payload)
{
    uint64_t n;

    if (len < 2)
        return 0;
    if ((p[0] & 0x30) != 0 || (p[0] & 0x0f) > 10 || ((p[0] & 0x0f) > 2 && (p[0] & 0x0f) < 8))
        return SIZE_MAX;
    n = p[1] & 0x7f;
    *head = n == 126 ? 4 : n == 127 ? 10 : 2;
    if (len < *head + 4)
        return 0;
    if (*head > 2) {
        const uint64_t least = *head == 4 ? 126 : 65536;
        n = 0;
        for (size_t i = 2; i < *head; i++)
            n = n << 8 | p[i];
        if (n < least)
            return SIZE_MAX;
    }
    *head += (p[1] & 0x80) != 0 ? 4 : 0;
    if (n > WR_OPEN_MAX)
        return SIZE_MAX;
    *payload = (size_t)n;
    return len >= *head + *payload ? *head + *payload : 0;
}

/* A whole message. What is packed is unpacked, with what those before it held (RFC 7692 7.2.2). */
static void hand_out_message(wr_open_stream *s, wr_open_body *body, const uint8_t *bytes, size_t len, uint32_t stream)
{
    GByteArray *text;

    if (!body->packed) {
        wr_open_hand_out(s, WR_OPEN_WEBSOCKET, bytes, len, stream);
        return;
    }
    if (body->inflater == NULL && !body->unreadable && s->inflaters < INFLATERS) {
        body->inflater = wr_inflater_new();
        s->inflaters++;
    }
    if (body->inflater == NULL)
        return;
    text = g_byte_array_new();
    if (wr_inflater_message(body->inflater, bytes, len, WR_OPEN_MAX, text)) {
        wr_open_hand_out(s, WR_OPEN_WEBSOCKET, text->data, text->len, stream);
    } else {
        g_clear_pointer(&body->inflater, wr_inflater_free);
        body->unreadable = true;
    }
    g_byte_array_unref(text);
}

/* Puts fragments together (RFC 6455 5.4). */
static size_t next_frame(wr_open_stream *s, wr_open_body *body, uint8_t *p, size_t len, uint32_t stream)
{
    size_t head = 0, payload = 0, n = frame_length(p, len, &head, &payload);
    const uint8_t opcode = len > 0 ? p[0] & 0x0f : 0;

    if (n == SIZE_MAX) {
        body->kind = WR_BODY_OTHER;
        return 0;
    }
    if (n == 0 || opcode > 2)
        return n;
    if (opcode != 0)
        body->packed = (p[0] & PACKED) != 0;
    if ((p[1] & 0x80) != 0)
        for (size_t i = 0; i < payload; i++)
            p[head + i] ^= p[head - 4 + i % 4];
    if ((p[0] & 0x80) != 0 && opcode != 0) {
        hand_out_message(s, body, p + head, payload, stream);
        return n;
    }
    if (opcode != 0 || body->fragments == NULL) {
        if (body->fragments != NULL)
            g_byte_array_unref(body->fragments);
        body->fragments = g_byte_array_new();
    }
    if (body->fragments->len + payload <= WR_OPEN_MAX)
        g_byte_array_append(body->fragments, p + head, (guint)payload);
    if ((p[0] & 0x80) != 0) {
        hand_out_message(s, body, body->fragments->data, body->fragments->len, stream);
        g_byte_array_unref(body->fragments);
        body->fragments = NULL;
    }
    return n;
}

static void tell_kind(wr_open_body *body, bool frames)
{
    const uint8_t *p = body->bytes->data;
    const size_t len = body->bytes->len;
    size_t head, payload, between, at = 0;

    while (at < len && g_ascii_isspace(p[at]))
        at++;
    between = at < len && !frames ? between_texts(p + at, len - at) : 0;
    if (at == len || between >= len - at || (!frames && g_ascii_islower(p[at]) && len < KIND_LEAST))
        return; /* told by what is to come */
    if (wr_looks_like_events(p, len))
        body->kind = WR_BODY_EVENTS;
    else if (!frames && (p[at] == '{' || p[at] == '[' || p[at] == 0x1e ||
                         (between > 0 && p[at + between] != 0 && strchr("{[aoh", p[at + between]) != NULL)))
        body->kind = WR_BODY_TEXTS;
    else if (frames && (p[0] & 0x0f) < 3 && p[0] != 0 && p[0] != 2 && frame_length(p, len, &head, &payload) != SIZE_MAX)
        body->kind = WR_BODY_FRAMES;
    else
        body->kind = WR_BODY_OTHER;
}

bool wr_open_body_take(wr_open_stream *s, wr_open_body *body, const uint8_t *bytes, size_t len, uint32_t stream)
{
    size_t n, at = 0;

    if (body->bytes == NULL)
        body->bytes = g_byte_array_new();
    g_byte_array_append(body->bytes, bytes, (guint)len);
    if (body->kind == WR_BODY_NEW)
        tell_kind(body, stream != 0);
    do {
        uint8_t *p = body->bytes->data + at;
        const size_t left = body->bytes->len - at;
        n = left == 0                      ? 0
            : body->kind == WR_BODY_EVENTS ? next_event(s, body, p, left, stream)
            : body->kind == WR_BODY_TEXTS  ? next_text(s, body, p, left, stream)
            : body->kind == WR_BODY_FRAMES ? next_frame(s, body, p, left, stream)
                                           : 0;
        at += n;
    } while (n > 0);
    if (at > 0)
        g_byte_array_remove_range(body->bytes, 0, (guint)at);
    if (body->bytes->len > WR_OPEN_MAX)
        s->bound = "a message of a stream is too long to be put together";
    return body->kind != WR_BODY_OTHER && s->bound == NULL;
}
