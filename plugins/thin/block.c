/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "block.h"

#include "thin/left_out.h"

#include <glib.h>
#include <string.h>

static size_t padded(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

uint16_t wr_block_get16(const wr_block *b, size_t at)
{
    const uint8_t *p = b->bytes + at;

    return (uint16_t)(b->big_endian ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

uint32_t wr_block_get32(const wr_block *b, size_t at)
{
    uint32_t value;

    memcpy(&value, b->bytes + at, 4);
    return b->big_endian ? GUINT32_FROM_BE(value) : GUINT32_FROM_LE(value);
}

void wr_block_put16(wr_block *b, size_t at, uint16_t value)
{
    value = b->big_endian ? GUINT16_TO_BE(value) : GUINT16_TO_LE(value);
    memcpy(b->bytes + at, &value, 2);
}

void wr_block_put32(wr_block *b, size_t at, uint32_t value)
{
    value = b->big_endian ? GUINT32_TO_BE(value) : GUINT32_TO_LE(value);
    memcpy(b->bytes + at, &value, 4);
}

static void set_length(wr_block *b, uint32_t length)
{
    b->length = length;
    wr_block_put32(b, 4, length);
    wr_block_put32(b, length - 4, length);
}

void wr_block_make(wr_block *b, bool big_endian, uint32_t type, uint32_t length)
{
    memset(b, 0, sizeof *b);
    b->type = type;
    b->big_endian = big_endian;
    b->bytes = g_malloc0(length);
    wr_block_put32(b, 0, type);
    set_length(b, length);
}

/* Of a packet in a pcap file. */
static void make_packet_block(wr_block *b)
{
    uint8_t *bytes = g_malloc0(b->length);

    b->bytes = bytes;
    wr_block_put32(b, 0, b->type);
    set_length(b, b->length);
    wr_block_put32(b, 8, b->interface);
    wr_block_put32(b, 12, b->time[0]);
    wr_block_put32(b, 16, b->time[1]);
    wr_block_put32(b, 20, b->captured);
    wr_block_put32(b, 24, b->original);
    if (b->captured > 0)
        memcpy(bytes + WR_PACKET_FIXED, b->data, b->captured);
}

void wr_block_own(wr_block *b)
{
    if (b->bytes == NULL)
        make_packet_block(b);
    else if (b->chunk != NULL)
        b->bytes = g_memdup2(b->bytes, b->length);
    else
        return;
    wr_chunk_release(b->chunk);
    b->chunk = NULL;
    b->data = b->data != NULL ? b->bytes + WR_PACKET_FIXED : NULL;
}

/* Room for n bytes, of which the block has fewer. */
static void widen(wr_block *b, size_t n)
{
    b->bytes = g_realloc(b->bytes, n);
    if (b->data != NULL)
        b->data = b->bytes + WR_PACKET_FIXED;
}

size_t wr_block_packet_options(const wr_block *b)
{
    return WR_PACKET_FIXED + padded(b->captured);
}

/* Where the last option ends, without that which says so; 0 when they are broken. */
static size_t options_end(const wr_block *b, size_t at)
{
    const size_t end = b->length - 4;

    if (at > end)
        return 0;
    while (at < end) {
        size_t n;
        if (end - at < 4)
            return 0;
        if (wr_block_get16(b, at) == 0)
            break;
        n = 4 + padded(wr_block_get16(b, at + 2));
        if (n > end - at)
            return 0;
        at += n;
    }
    return at;
}

void wr_block_comment(wr_block *b, size_t options, const char *text)
{
    const size_t n = MIN(strlen(text), 1024);
    size_t end, length;

    wr_block_own(b);
    end = options_end(b, options);
    length = end + 4 + padded(n) + 4 + 4;
    if (end == 0 || length > WR_BLOCK_MOST)
        return;
    if (length > b->length)
        widen(b, length);
    memset(b->bytes + end, 0, length - end);
    wr_block_put16(b, end, WR_OPTION_COMMENT);
    wr_block_put16(b, end + 2, (uint16_t)n);
    memcpy(b->bytes + end + 4, text, n);
    set_length(b, (uint32_t)length);
}

/* Where the value of an option of this code and length is; 0 for none. end: of the options. */
static size_t option_value(const wr_block *b, size_t at, size_t end, unsigned code, unsigned length)
{
    for (; at < end; at += 4 + padded(wr_block_get16(b, at + 2)))
        if (wr_block_get16(b, at) == code && wr_block_get16(b, at + 2) == length)
            return at + 4;
    return 0;
}

bool wr_block_number(wr_block *b)
{
    enum { ID = 8, NEW = 4 + ID + 4 + 4 };
    const size_t options = wr_block_packet_options(b);
    size_t end, at;

    wr_block_own(b);
    end = options_end(b, options);
    at = end == 0 ? 0 : option_value(b, options, end, WR_OPTION_PACKET_ID, ID);
    if (end == 0 || end + NEW > WR_BLOCK_MOST)
        return false;
    if (at == 0) {
        if (end + NEW > b->length)
            widen(b, end + NEW);
        memset(b->bytes + end, 0, NEW);
        wr_block_put16(b, end, WR_OPTION_PACKET_ID);
        wr_block_put16(b, end + 2, ID);
        at = end + 4;
        set_length(b, (uint32_t)(end + NEW));
    }
    wr_block_put32(b, at, b->big_endian ? WR_FRAME_MARK : b->frame); /* one number of eight bytes */
    wr_block_put32(b, at + 4, b->big_endian ? b->frame : WR_FRAME_MARK);
    return true;
}

void wr_block_cut(wr_block *b, uint32_t keep)
{
    const size_t options = wr_block_packet_options(b), rest = b->length - 4 - options;
    size_t at;

    if (keep >= b->captured)
        return;
    wr_block_own(b);
    at = WR_PACKET_FIXED + padded(keep);
    memset(b->bytes + WR_PACKET_FIXED + keep, 0, at - WR_PACKET_FIXED - keep);
    memmove(b->bytes + at, b->bytes + options, rest);
    b->captured = keep;
    wr_block_put32(b, 20, keep);
    set_length(b, (uint32_t)(at + rest + 4));
}

void wr_block_clear(wr_block *b)
{
    if (b->chunk == NULL)
        g_free(b->bytes);
    wr_chunk_release(b->chunk);
    b->chunk = NULL;
    b->bytes = b->data = NULL;
    b->length = 0;
}
