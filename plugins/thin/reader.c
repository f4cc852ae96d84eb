/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reader.h"

#include <glib.h>
#include <string.h>

#define MAGIC_ORDER     0x1a2b3c4du /* pcapng: tells the byte order */
#define MAGIC_MICRO     0xa1b2c3d4u
#define MAGIC_NANO      0xa1b23c4du
#define PCAP_HEAD       24u
#define SECTION_LEAST   28u
#define RECORD_HEAD     16u
#define RECORD_MOST     (256u << 10) /* as Wireshark's bound */
#define INTERFACES_MOST 4096u        /* packets of others are copied as they are */

#define OPTION_RESOLUTION 9u
#define OPTION_FCS        13u

typedef struct {
    uint16_t link;
    uint64_t per_second; /* ticks; 0 for what cannot be told */
} interface_facts;

struct wr_reader {
    wr_source source;
    void *from;
    char *error;
    bool started, pcap, nano, big_endian, second; /* second: the interface of a pcap file is still to be given */
    uint8_t head[PCAP_HEAD];                      /* of a pcap file */
    uint64_t blocks;
    wr_chunks *chunks;
    wr_chunk *chunk; /* what is being read; NULL before the first */
    size_t at, filled;
    bool ended, broken; /* the source gives nothing more; and said that reading failed */
    GArray *interfaces; /* of interface_facts */
};

wr_reader *wr_reader_new(wr_source source, void *from)
{
    wr_reader *r = g_new0(wr_reader, 1);

    r->source = source;
    r->from = from;
    r->chunks = wr_chunks_new();
    r->interfaces = g_array_new(FALSE, FALSE, sizeof(interface_facts));
    return r;
}

void wr_reader_free(wr_reader *r)
{
    wr_chunk_release(r->chunk);
    wr_chunks_free(r->chunks);
    g_array_free(r->interfaces, TRUE);
    g_free(r->error);
    g_free(r);
}

const char *wr_reader_error(const wr_reader *r)
{
    return r->error;
}

static bool fail(wr_reader *r, const char *what)
{
    g_free(r->error);
    r->error = r->started ? g_strdup_printf("%s, behind %" G_GUINT64_FORMAT " %s", what, r->blocks,
                                            r->pcap ? "packets" : "blocks")
                          : g_strdup(what);
    return false;
}

static size_t left_in_chunk(const wr_reader *r)
{
    return r->filled - r->at;
}

/* A new piece with what is left of the old one, until it has n bytes or there are no more. */
static void read_on(wr_reader *r, size_t n)
{
    wr_chunk *fresh = wr_chunk_take(r->chunks, n);
    const size_t left = left_in_chunk(r);

    if (left > 0)
        memcpy(fresh->bytes, r->chunk->bytes + r->at, left);
    wr_chunk_release(r->chunk);
    r->chunk = fresh;
    r->at = 0;
    r->filled = left;
    while (r->filled < n && !r->ended) {
        const long got = r->source(r->from, fresh->bytes + r->filled, fresh->size - r->filled);
        r->ended = got <= 0;
        r->broken = got < 0;
        r->filled += got > 0 ? (size_t)got : 0;
    }
}

/* The next n bytes, which are not taken; NULL when there are fewer. */
static uint8_t *next_bytes(wr_reader *r, size_t n)
{
    if (left_in_chunk(r) < n && !r->ended)
        read_on(r, n);
    return left_in_chunk(r) < n ? NULL : r->chunk->bytes + r->at;
}

/* There are fewer bytes than were to come. */
static bool cut_short(wr_reader *r)
{
    return fail(r, r->broken ? "reading failed" : "the capture is cut short");
}

/* Where a block or record could begin, nothing does. */
static bool end_of_all(wr_reader *r)
{
    return r->broken || left_in_chunk(r) > 0 ? cut_short(r) : false;
}

static uint32_t get32(const uint8_t *p, bool big_endian)
{
    return big_endian ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
                      : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* ---- pcapng ---- */

static uint64_t resolution(uint8_t value)
{
    uint64_t n = 1;

    if (value & 0x80)
        return (value & 0x7f) < 63 ? UINT64_C(1) << (value & 0x7f) : 0;
    if (value > 18)
        return 0;
    while (value-- > 0)
        n *= 10;
    return n;
}

static void note_interface(wr_reader *r, const wr_block *b)
{
    interface_facts facts = {0, 1000000};
    const size_t end = b->length - 4;

    if (r->interfaces->len >= INTERFACES_MOST)
        return;
    if (b->length >= 20) {
        facts.link = wr_block_get16(b, 8);
        for (size_t at = 16; end - at >= 4;) {
            const uint16_t code = wr_block_get16(b, at), n = wr_block_get16(b, at + 2);
            const size_t step = 4u + ((n + 3u) & ~3u);
            if (code == 0 || step > end - at)
                break;
            if (code == OPTION_RESOLUTION && n >= 1)
                facts.per_second = resolution(b->bytes[at + 4]);
            at += step;
        }
    }
    g_array_append_val(r->interfaces, facts);
}

static uint64_t microseconds(uint64_t ticks, uint64_t per_second)
{
    const uint64_t rest = ticks % per_second;

    if (per_second > UINT64_C(1000000000000))
        return ticks / per_second * 1000000 + rest / (per_second / 1000000);
    return ticks / per_second * 1000000 + rest * 1000000 / per_second;
}

/* When it came, and what it is: of interfaces that are known. */
static void note_interface_of(wr_reader *r, wr_block *b)
{
    const interface_facts *facts = &g_array_index(r->interfaces, interface_facts, b->interface);

    if (facts->per_second == 0)
        return;
    b->link = facts->link;
    b->time_us = microseconds((uint64_t)b->time[0] << 32 | b->time[1], facts->per_second);
    b->packet = true;
}

static void note_packet(wr_reader *r, wr_block *b)
{
    if (b->length < WR_PACKET_FIXED + 4)
        return;
    b->interface = wr_block_get32(b, 8);
    b->time[0] = wr_block_get32(b, 12);
    b->time[1] = wr_block_get32(b, 16);
    b->captured = wr_block_get32(b, 20);
    b->original = wr_block_get32(b, 24);
    b->data = b->bytes + WR_PACKET_FIXED;
    if (b->interface >= r->interfaces->len || b->captured > b->length - 4 - WR_PACKET_FIXED ||
        b->original < b->captured)
        return;
    note_interface_of(r, b);
}

/* The block that begins with these bytes, of at least `least`. */
static bool take_block(wr_reader *r, wr_block *b, const uint8_t *head, uint32_t least)
{
    const uint32_t type = get32(head, r->big_endian), length = get32(head + 4, r->big_endian);

    if (length < least || length % 4 != 0 || length > WR_BLOCK_MOST)
        return fail(r, "the capture is damaged: a block's length cannot be");
    b->bytes = next_bytes(r, length);
    if (b->bytes == NULL)
        return cut_short(r);
    b->type = type;
    b->big_endian = r->big_endian;
    b->length = length;
    if (wr_block_get32(b, length - 4) != length) {
        b->bytes = NULL;
        return fail(r, "the capture is damaged: a block's two lengths differ");
    }
    b->chunk = wr_chunk_hold(r->chunk);
    r->at += length;
    r->blocks++;
    return true;
}

static bool take_section(wr_reader *r, wr_block *b)
{
    const uint8_t *head = next_bytes(r, 12);

    if (head == NULL)
        return cut_short(r);
    if (get32(head + 8, true) != MAGIC_ORDER && get32(head + 8, false) != MAGIC_ORDER)
        return fail(r, "the capture is damaged: a section without byte order");
    r->big_endian = get32(head + 8, true) == MAGIC_ORDER;
    g_array_set_size(r->interfaces, 0);
    if (!take_block(r, b, head, SECTION_LEAST))
        return false;
    r->started = true;
    return true;
}

static bool next_block(wr_reader *r, wr_block *b)
{
    const uint8_t *head = next_bytes(r, 8);

    if (head == NULL)
        return end_of_all(r);
    if (get32(head, true) == WR_BLOCK_SECTION)
        return take_section(r, b);
    if (!take_block(r, b, head, WR_BLOCK_LEAST))
        return false;
    if (b->type == WR_BLOCK_INTERFACE)
        note_interface(r, b);
    else if (b->type == WR_BLOCK_PACKET)
        note_packet(r, b);
    return true;
}

/* ---- pcap ---- */

static void make_section(wr_reader *r, wr_block *b)
{
    wr_block_make(b, r->big_endian, WR_BLOCK_SECTION, 28);
    wr_block_put32(b, 8, MAGIC_ORDER);
    wr_block_put16(b, 12, 1);
    wr_block_put32(b, 16, UINT32_MAX);
    wr_block_put32(b, 20, UINT32_MAX);
    r->second = true;
}

static void make_interface(wr_reader *r, wr_block *b)
{
    const uint32_t network = get32(r->head + 20, r->big_endian);
    const bool fcs = (network & 0x04000000) != 0;

    wr_block_make(b, r->big_endian, WR_BLOCK_INTERFACE, fcs ? 40 : 32);
    wr_block_put16(b, 8, (uint16_t)network);
    wr_block_put32(b, 12, get32(r->head + 16, r->big_endian));
    wr_block_put16(b, 16, OPTION_RESOLUTION);
    wr_block_put16(b, 18, 1);
    b->bytes[20] = r->nano ? 9 : 6;
    if (fcs) {
        wr_block_put16(b, 24, OPTION_FCS);
        wr_block_put16(b, 26, 1);
        b->bytes[28] = (uint8_t)(network >> 28 << 1); /* told in words of two bytes */
    }
    note_interface(r, b);
    r->second = false;
}

static bool next_record(wr_reader *r, wr_block *b)
{
    const uint8_t *head = next_bytes(r, RECORD_HEAD);
    uint32_t captured;
    uint64_t ticks;
    uint8_t *whole;

    if (head == NULL)
        return end_of_all(r);
    captured = get32(head + 8, r->big_endian);
    if (captured > RECORD_MOST)
        return fail(r, "the capture is damaged: a packet's length cannot be");
    whole = next_bytes(r, RECORD_HEAD + captured);
    if (whole == NULL)
        return cut_short(r);
    ticks =
        (uint64_t)get32(whole, r->big_endian) * (r->nano ? 1000000000u : 1000000u) + get32(whole + 4, r->big_endian);
    b->type = WR_BLOCK_PACKET;
    b->length = WR_PACKET_FIXED + ((captured + 3u) & ~3u) + 4;
    b->big_endian = r->big_endian;
    b->chunk = wr_chunk_hold(r->chunk);
    b->data = whole + RECORD_HEAD;
    b->time[0] = (uint32_t)(ticks >> 32);
    b->time[1] = (uint32_t)ticks;
    b->captured = captured;
    b->original = MAX(get32(whole + 12, r->big_endian), captured);
    note_interface_of(r, b);
    r->at += RECORD_HEAD + captured;
    r->blocks++;
    return true;
}

static bool start(wr_reader *r, wr_block *b)
{
    const uint8_t *head = next_bytes(r, PCAP_HEAD);
    uint32_t magic;

    if (head == NULL)
        return fail(r, r->broken               ? "reading failed"
                       : left_in_chunk(r) == 0 ? "the input is empty"
                                               : "not a capture: too short");
    if (get32(head, true) == WR_BLOCK_SECTION)
        return take_section(r, b);
    r->big_endian = get32(head, true) == MAGIC_MICRO || get32(head, true) == MAGIC_NANO;
    magic = get32(head, r->big_endian);
    if (magic != MAGIC_MICRO && magic != MAGIC_NANO)
        return fail(r, "not a capture that is understood: pcap and pcapng are, also compressed by gzip");
    r->pcap = r->started = true;
    r->nano = magic == MAGIC_NANO;
    memcpy(r->head, head, PCAP_HEAD);
    r->at += PCAP_HEAD;
    make_section(r, b);
    return true;
}

bool wr_reader_next(wr_reader *r, wr_block *b)
{
    memset(b, 0, sizeof *b);
    if (r->error != NULL)
        return false;
    if (!r->started)
        return start(r, b);
    if (!r->pcap)
        return next_block(r, b);
    if (!r->second)
        return next_record(r, b);
    make_interface(r, b);
    return true;
}
