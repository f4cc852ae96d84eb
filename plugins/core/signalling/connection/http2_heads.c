/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of requests of HTTP/2 (RFC 9113 8.3), out of the frames of header blocks that a client sends; written as those
 * of HTTP/1, so that what reads one reads both. */
#include <string.h>

#include "connection/message_head.h"
#include "formats/hpack.h"
#include "open_stream.h"

#define HEADERS      1
#define CONTINUATION 9
#define END_HEADERS  0x04
#define PADDED       0x08
#define PRIORITY     0x20
#define BLOCK_MAX    (64u << 10) /* bytes of a header block */

struct wr_open_heads {
    wr_hpack *hpack;
    GByteArray *block;
    uint32_t stream;
    bool coming;    /* the frame that is being passed is one of a block */
    unsigned flags; /* of that frame */
};

wr_open_heads *wr_open_heads_new(void)
{
    wr_open_heads *h = g_new0(wr_open_heads, 1);

    h->hpack = wr_hpack_new();
    h->block = g_byte_array_new();
    return h;
}

void wr_open_heads_free(wr_open_heads *h)
{
    if (h == NULL)
        return;
    wr_hpack_free(h->hpack);
    g_byte_array_unref(h->block);
    g_free(h);
}

/* ---- a head ---- */

typedef struct {
    char *method, *path, *authority, *protocol;
    GString *fields;
} head;

/* Nothing in it can end the line or stand for a blank. */
static bool is_line(const char *text, size_t len, bool blanks)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f || (!blanks && text[i] == ' '))
            return false;
    return true;
}

static void take_field(const char *name, size_t name_len, const char *value, size_t value_len, void *data)
{
    head *h = data;
    char **pseudo = strcmp(name, ":method") == 0      ? &h->method
                    : strcmp(name, ":path") == 0      ? &h->path
                    : strcmp(name, ":authority") == 0 ? &h->authority
                    : strcmp(name, ":protocol") == 0  ? &h->protocol
                                                      : NULL;

    if (name_len == 0 || !is_line(name, name_len, false) || !is_line(value, value_len, pseudo == NULL))
        return;
    if (pseudo != NULL && *pseudo == NULL)
        *pseudo = g_strdup(value);
    else if (name[0] != ':' && h->fields->len + name_len + value_len < WR_HEAD_MAX)
        g_string_append_printf(h->fields, "%s: %s\r\n", name, value);
}

/* WebSocket begins with CONNECT here, and with GET in HTTP/1 (RFC 8441 5). Trailers have no method. */
static void hand_out(wr_open_stream *s, const head *h, uint32_t stream)
{
    const bool websocket = h->protocol != NULL && strcmp(h->protocol, "websocket") == 0;
    char *text;

    if (h->method == NULL || h->path == NULL)
        return;
    text = g_strdup_printf("%s %s HTTP/1.1\r\n%s%s%s%s\r\n", websocket ? "GET" : h->method, h->path,
                           h->authority != NULL ? "Host: " : "", h->authority != NULL ? h->authority : "",
                           h->authority != NULL ? "\r\n" : "", h->fields->str);
    wr_open_hand_out(s, WR_OPEN_HEAD, (const uint8_t *)text, strlen(text), stream);
    g_free(text);
}

/* False when no further block can be read. */
static bool read_block(wr_open_stream *s, wr_open_heads *h)
{
    head one = {NULL, NULL, NULL, NULL, g_string_new(NULL)};
    const bool well = wr_hpack_block(h->hpack, h->block->data, h->block->len, take_field, &one);

    if (well)
        hand_out(s, &one, h->stream);
    g_free(one.method);
    g_free(one.path);
    g_free(one.authority);
    g_free(one.protocol);
    g_string_free(one.fields, TRUE);
    return well;
}

/* ---- frames ---- */

/* Padding and priority stand around the first part of a block (RFC 9113 6.2). */
static bool strip(GByteArray *block, unsigned flags)
{
    const size_t before = ((flags & PADDED) != 0 ? 1 : 0) + ((flags & PRIORITY) != 0 ? 5 : 0);
    const size_t behind = (flags & PADDED) != 0 && block->len > 0 ? block->data[0] : 0;

    if (before + behind > block->len)
        return false;
    g_byte_array_set_size(block, (guint)(block->len - behind));
    if (before > 0)
        g_byte_array_remove_range(block, 0, (guint)before);
    return true;
}

static void give_up(wr_open_stream *s)
{
    wr_open_heads_free(s->heads);
    s->heads = NULL;
}

void wr_open_head_frame(wr_open_stream *s, const uint8_t *p, uint32_t stream)
{
    wr_open_heads *h = s->heads;

    if (h == NULL)
        return;
    h->coming = p[3] == HEADERS || p[3] == CONTINUATION;
    if (!h->coming)
        return;
    if (p[3] == HEADERS)
        g_byte_array_set_size(h->block, 0);
    if (s->left > BLOCK_MAX - h->block->len || (p[3] == CONTINUATION && stream != h->stream)) {
        give_up(s);
        return;
    }
    h->stream = stream;
    h->flags = p[3] == HEADERS ? p[4] : p[4] & END_HEADERS;
}

void wr_open_head_take(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    wr_open_heads *h = s->heads;

    if (h == NULL || !h->coming)
        return;
    if (len > 0)
        g_byte_array_append(h->block, bytes, (guint)len);
    if (s->left > 0)
        return;
    h->coming = false;
    if (((h->flags & (PADDED | PRIORITY)) != 0 && !strip(h->block, h->flags)) ||
        ((h->flags & END_HEADERS) != 0 && !read_block(s, h)))
        give_up(s);
}
