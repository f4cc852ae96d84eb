/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "media.h"

#include "paths.h"
#include "rtp/header.h"
#include "rtp/rtcp.h"
#include "thin/left_out.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define RTP_HEADER     12u
#define RTCP_HEADER    8u    /* what SRTCP leaves in clear (RFC 3711 3.4) */
#define RTCP_STREAM    0x100 /* stands where RTP has its payload type */
#define SAMPLE_PAYLOAD 32u   /* a shorter one is no sample that the plugins compare */
#define FORWARD_MOST   3000u /* RFC 3550 A.1 */
#define BACKWARD_MOST  100u
#define COMPARED       16u  /* bytes of ciphertext */
#define LATELY         256u /* streams that are found without the table */

typedef struct {
    wr_path path;
    uint32_t ssrc;
    uint32_t payload_type; /* RTCP_STREAM for all that its SSRC sends of SRTCP */
} stream_key;

/* How much of a stream stays. */
typedef struct {
    unsigned first, last;
    uint64_t sample_us;
} measure;

struct wr_stream_state {
    stream_key key;
    const measure *stays;
    wr_path_known path;
    uint32_t generation; /* of its path, when its first packets began to be counted */
    unsigned first;      /* of them that stayed */
    uint16_t sequence;
    uint64_t sample_us;
    bool thinned;
    uint64_t packets, bytes, small; /* left out since the last that stayed */
    unsigned oldest, count;         /* of recent */
    uint64_t index[WR_THIN_RECENT]; /* first eight bytes of each header */
    wr_waiting *recent[WR_THIN_RECENT];
};

struct wr_media {
    GHashTable *streams; /* by stream_key, its own value's first member */
    wr_paths *paths;
    wr_stream_state *lately[LATELY]; /* streams by a few bits of their keys, which anybody may choose */
    measure rtp, srtcp;
    wr_media_left left;
};

static guint stream_hash(const void *key)
{
    return wr_spread(key, sizeof(stream_key));
}

static gboolean stream_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(stream_key)) == 0;
}

wr_media *wr_media_new(uint64_t sample_us)
{
    wr_media *m = g_new0(wr_media, 1);

    G_STATIC_ASSERT(sizeof(stream_key) == sizeof(wr_path) + 8);
    m->streams = g_hash_table_new_full(stream_hash, stream_equal, NULL, g_free);
    m->paths = wr_paths_new();
    m->rtp = (measure){WR_THIN_FIRST, WR_THIN_RECENT, sample_us};
    m->srtcp = (measure){WR_THIN_RTCP_FIRST, WR_THIN_RTCP_RECENT, WR_THIN_RTCP_SAMPLES * sample_us};
    return m;
}

void wr_media_free(wr_media *m)
{
    g_hash_table_destroy(m->streams);
    wr_paths_free(m->paths);
    g_free(m);
}

wr_media_left wr_media_left_out(const wr_media *m)
{
    return m->left;
}

/* Length of an RTP header that is captured whole, extension included; 0 for anything else. */
static uint32_t rtp_header(const wr_datagram *d, const uint8_t *p)
{
    wr_rtp_header h;

    if (d->captured < RTP_HEADER || wr_is_rtcp_type(p[1]))
        return 0;
    return wr_rtp_read_header(p, d->captured, &h) ? (uint32_t)h.payload : 0;
}

/* RTCP whose content cannot be read, captured whole: what can be read stays, since checks do. */
static bool is_srtcp(const wr_datagram *d, const uint8_t *p)
{
    return d->captured >= RTCP_HEADER && d->captured == d->length && p[0] >> 6 == 2 && wr_is_rtcp_type(p[1]) &&
           wr_rtcp_look_at(p, d->captured) == WR_RTCP_OPAQUE;
}

/* Tells the first that stays how much was left out before it. */
static void tell(wr_stream_state *s, wr_waiting *w)
{
    char text[192];

    if (s->packets == 0)
        return;
    if (s->key.payload_type == RTCP_STREAM)
        snprintf(text, sizeof text,
                 WR_LEFT_OUT_BEFORE "%" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT " bytes of SRTCP, SSRC 0x%08x",
                 s->packets, s->bytes, s->key.ssrc);
    else
        snprintf(text, sizeof text,
                 WR_LEFT_OUT_BEFORE "%" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT
                                    " bytes of RTP, SSRC 0x%08x, payload type %u, %" G_GUINT64_FORMAT " of them small",
                 s->packets, s->bytes, s->key.ssrc, s->key.payload_type, s->small);
    wr_block_comment(&w->block, wr_block_packet_options(&w->block), text);
    s->packets = s->bytes = s->small = 0;
}

/* The oldest of a stream is decided: it stays, or goes. */
static void decide_oldest(wr_media *m, wr_stream_state *s, bool stays)
{
    wr_waiting *w = s->recent[s->oldest];

    s->oldest = (s->oldest + 1) % WR_THIN_RECENT;
    s->count--;
    w->stream = NULL;
    if (stays) {
        tell(s, w);
        return;
    }
    s->packets++;
    s->bytes += w->media_length;
    s->small += w->block.captured < w->media_at + w->head_length + COMPARED;
    m->left.packets++;
    m->left.bytes += w->media_length;
    m->left.streams += !s->thinned;
    s->thinned = true;
    w->dropped = true;
    wr_block_clear(&w->block);
}

void wr_media_let_go(wr_media *m, wr_waiting *w)
{
    /* Those of a stream wait in the order in which they came, so it is the oldest of its own. */
    decide_oldest(m, w->stream, true);
}

static void forget_streams(wr_media *m)
{
    GHashTableIter all;
    void *value;

    g_hash_table_iter_init(&all, m->streams);
    while (g_hash_table_iter_next(&all, NULL, &value)) {
        wr_stream_state *s = value;
        while (s->count > 0)
            decide_oldest(m, s, true);
    }
    g_hash_table_remove_all(m->streams);
    memset(m->lately, 0, sizeof m->lately);
}

void wr_media_forget(wr_media *m)
{
    forget_streams(m);
    wr_paths_forget(m->paths);
}

static wr_stream_state *new_stream(wr_media *m, const stream_key *key, const uint8_t *p, uint64_t time_us)
{
    wr_stream_state *s;

    if (g_hash_table_size(m->streams) >= WR_THIN_STREAMS)
        forget_streams(m);
    s = g_new0(wr_stream_state, 1);
    s->key = *key;
    s->stays = key->payload_type == RTCP_STREAM ? &m->srtcp : &m->rtp;
    s->sequence = (uint16_t)(p[2] << 8 | p[3]);
    s->sample_us = time_us;
    g_hash_table_add(m->streams, s);
    return s;
}

static wr_stream_state *stream_of(wr_media *m, const wr_datagram *d, const uint8_t *p, uint64_t time_us)
{
    const bool rtcp = wr_is_rtcp_type(p[1]);
    wr_stream_state **lately, *s;
    stream_key key;

    key.path = d->path;
    memcpy(&key.ssrc, p + (rtcp ? 4 : 8), 4);
    key.ssrc = GUINT32_FROM_BE(key.ssrc);
    key.payload_type = rtcp ? RTCP_STREAM : p[1] & 127u;
    lately = &m->lately[wr_mix(key.ssrc, key.payload_type ^ (uint64_t)key.path.source_port << 16) % LATELY];
    if (*lately != NULL && stream_equal(&(*lately)->key, &key))
        return *lately;
    s = g_hash_table_lookup(m->streams, &key);
    if (s == NULL)
        s = new_stream(m, &key, p, time_us);
    *lately = s; /* not before: that one may have made it forget all */
    return s;
}

/* The sequence number goes on from the last one. */
static bool goes_on(wr_stream_state *s, uint16_t sequence)
{
    const uint16_t forward = (uint16_t)(sequence - s->sequence), backward = (uint16_t)(s->sequence - sequence);

    if (backward != 0 && backward <= BACKWARD_MOST)
        return true;
    s->sequence = sequence;
    return forward <= FORWARD_MOST;
}

/* One index with two contents: both stay, for that is one keystream used twice. */
static void compare_recent(wr_stream_state *s, wr_waiting *w, uint64_t index)
{
    const size_t at = w->media_at + w->head_length;

    if (w->block.captured - at < COMPARED)
        return;
    for (unsigned i = 0; i < s->count; i++) {
        const unsigned slot = (s->oldest + i) % WR_THIN_RECENT;
        wr_waiting *old = s->recent[slot];
        const size_t old_at = old->media_at + old->head_length;
        if (s->index[slot] != index || old->block.captured - old_at < COMPARED ||
            memcmp(old->block.data + old_at, w->block.data + at, COMPARED) == 0)
            continue;
        old->keep = w->keep = true;
    }
}

/* RTP, and SRTCP, which has no index that could be read here. */
static void add_to_stream(wr_media *m, const wr_datagram *d, const uint8_t *p, wr_waiting *w)
{
    wr_stream_state *s = stream_of(m, d, p, w->block.time_us);
    const bool rtp = s->key.payload_type != RTCP_STREAM;
    const uint64_t now = w->block.time_us;
    const uint32_t generation = wr_paths_generation(m->paths, d, now, &s->path);
    uint64_t index;

    if (generation != s->generation && s->count > 0) /* nothing that was before is counted behind it */
        s->recent[(s->oldest + s->count - 1) % WR_THIN_RECENT]->keep = true;
    if ((rtp && !goes_on(s, (uint16_t)(p[2] << 8 | p[3]))) || generation != s->generation)
        s->first = 0;
    s->generation = generation;
    memcpy(&index, p, 8);
    if (s->first < s->stays->first) {
        w->keep = true;
        s->first += !rtp || d->captured - w->head_length >= SAMPLE_PAYLOAD;
    } else if (now < s->sample_us || now - s->sample_us >= s->stays->sample_us) {
        w->keep = true;
    }
    if (w->keep)
        s->sample_us = now;
    if (rtp)
        compare_recent(s, w, index);
    if (s->count == s->stays->last)
        decide_oldest(m, s, s->recent[s->oldest]->keep);
    s->recent[(s->oldest + s->count) % WR_THIN_RECENT] = w;
    s->index[(s->oldest + s->count++) % WR_THIN_RECENT] = index;
    w->stream = s;
}

void wr_media_add(wr_media *m, wr_waiting *w)
{
    const uint8_t *packet = w->block.data, *p;
    wr_datagram d;

    if (!wr_layers_read(w->block.link, w->block.interface, packet, w->block.captured, &d) || d.captured < 4)
        return;
    p = packet + d.at;
    w->head_length = rtp_header(&d, p);
    if (w->head_length == 0 && !is_srtcp(&d, p)) {
        wr_paths_note(m->paths, &d, p, w->block.time_us);
        return;
    }
    w->media_at = d.at;
    w->media_length = (uint32_t)d.length;
    add_to_stream(m, &d, p, w);
}
