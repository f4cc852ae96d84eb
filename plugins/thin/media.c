/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "media.h"

#include "rtp/header.h"
#include "thin/left_out.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define RTP_HEADER     12u
#define RTCP_FIRST     64u /* payload types that are RTCP's: RFC 5761 4 */
#define RTCP_LAST      95u
#define SAMPLE_PAYLOAD 32u   /* a shorter one is no sample that the plugins compare */
#define FORWARD_MOST   3000u /* RFC 3550 A.1 */
#define BACKWARD_MOST  100u
#define COMPARED       16u /* bytes of ciphertext */

typedef struct {
    wr_path path;
    uint32_t ssrc;
    uint32_t payload_type;
} stream_key;

struct wr_stream_state {
    stream_key key;
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

/* Both directions of a path: what happened that makes the first packets new ones. */
typedef struct {
    wr_path path;
    uint32_t generation;
    uint64_t user[2]; /* user names of the last checks, mixed; by direction */
} path_state;

struct wr_media {
    GHashTable *streams, *paths; /* by stream_key, wr_path; each its own value's first member */
    uint64_t seed;
    wr_stream_state *latest;
    wr_media_left left;
};

/* The keys are compared with those of hostile packets: how they are spread is not for others to know. */
static uint64_t seed;

static guint words_hash(const void *key, size_t n)
{
    uint64_t h = seed, word;

    for (size_t i = 0; i + 8 <= n; i += 8) {
        memcpy(&word, (const uint8_t *)key + i, 8);
        h = wr_mix(h + (h << 7), word);
    }
    return (guint)(h ^ h >> 29);
}

static guint stream_hash(const void *key)
{
    return words_hash(key, sizeof(stream_key));
}

static gboolean stream_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(stream_key)) == 0;
}

static guint path_hash(const void *key)
{
    return words_hash(key, sizeof(wr_path));
}

static gboolean path_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(wr_path)) == 0;
}

wr_media *wr_media_new(void)
{
    wr_media *m = g_new0(wr_media, 1);

    G_STATIC_ASSERT(sizeof(wr_path) % 8 == 0 && sizeof(wr_path) == 56);
    G_STATIC_ASSERT(sizeof(stream_key) == sizeof(wr_path) + 8);
    seed = (uint64_t)g_random_int() << 32 | g_random_int();
    m->streams = g_hash_table_new_full(stream_hash, stream_equal, NULL, g_free);
    m->paths = g_hash_table_new_full(path_hash, path_equal, NULL, g_free);
    return m;
}

void wr_media_free(wr_media *m)
{
    g_hash_table_destroy(m->streams);
    g_hash_table_destroy(m->paths);
    g_free(m);
}

wr_media_left wr_media_left_out(const wr_media *m)
{
    return m->left;
}

/* ---- paths ---- */

/* Both directions of a path under one key. */
static path_state *path_of(wr_media *m, const wr_datagram *d, bool relay)
{
    wr_path key = d->path;
    path_state *x;

    if (!d->from_low) {
        memcpy(key.source, d->path.target, sizeof key.source);
        memcpy(key.target, d->path.source, sizeof key.target);
        key.source_port = d->path.target_port;
        key.target_port = d->path.source_port;
    }
    if (!relay)
        key.relay = 0;
    x = g_hash_table_lookup(m->paths, &key);
    if (x != NULL)
        return x;
    if (g_hash_table_size(m->paths) >= WR_THIN_PATHS)
        g_hash_table_remove_all(m->paths);
    x = g_new0(path_state, 1);
    x->path = key;
    x->generation = g_random_int(); /* not that of one forgotten */
    g_hash_table_add(m->paths, x);
    return x;
}

/* A STUN message (RFC 8489): the user name is that of a new ICE session, or a channel was bound. */
static bool is_new_check(path_state *x, bool from_low, const uint8_t *p, size_t n)
{
    enum { HEADER = 20, BINDING = 0x0001, CHANNEL_BIND = 0x0009, USERNAME = 0x0006 };
    const unsigned type = (unsigned)p[0] << 8 | p[1];
    uint64_t user = 1;

    if (n < HEADER || memcmp(p + 4, "\x21\x12\xa4\x42", 4) != 0)
        return false;
    if (type == CHANNEL_BIND)
        return true;
    if (type != BINDING)
        return false;
    for (size_t at = HEADER; n - at >= 4;) {
        const size_t length = (size_t)p[at + 2] << 8 | p[at + 3], step = 4 + ((length + 3) & ~(size_t)3);
        if (step > n - at)
            break;
        if (((unsigned)p[at] << 8 | p[at + 1]) == USERNAME)
            for (size_t i = 0; i < length; i++)
                user = wr_mix(user, p[at + 4 + i] + 1u);
        at += step;
    }
    if (x->user[from_low] == user)
        return false;
    x->user[from_low] = user;
    return true;
}

/* STUN and DTLS stay; what they begin makes the media behind them worth a look again. */
static void note_path(wr_media *m, const wr_datagram *d, const uint8_t *p)
{
    enum { HANDSHAKE = 22 };
    const bool dtls = p[0] == HANDSHAKE, stun = p[0] < 4;
    path_state *x;

    if (!dtls && !stun)
        return;
    x = path_of(m, d, d->relayed);
    if (dtls || is_new_check(x, d->from_low, p, d->captured))
        x->generation++;
}

/* ---- streams ---- */

/* Length of an RTP header that is captured whole, extension included; 0 for anything else. */
static uint32_t rtp_header(const wr_datagram *d, const uint8_t *p)
{
    wr_rtp_header h;

    if (d->captured < RTP_HEADER || ((p[1] & 127u) >= RTCP_FIRST && (p[1] & 127u) <= RTCP_LAST))
        return 0;
    return wr_rtp_read_header(p, d->captured, &h) ? (uint32_t)h.payload : 0;
}

/* Tells the first that stays how much was left out before it. */
static void tell(wr_stream_state *s, wr_waiting *w)
{
    char text[192];

    if (s->packets == 0)
        return;
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
    m->latest = NULL;
}

void wr_media_forget(wr_media *m)
{
    forget_streams(m);
    g_hash_table_remove_all(m->paths);
}

static wr_stream_state *stream_of(wr_media *m, const wr_datagram *d, const uint8_t *p, uint64_t time_us)
{
    stream_key key;
    wr_stream_state *s;

    key.path = d->path;
    memcpy(&key.ssrc, p + 8, 4);
    key.ssrc = GUINT32_FROM_BE(key.ssrc);
    key.payload_type = p[1] & 127u;
    if (m->latest != NULL && stream_equal(&m->latest->key, &key))
        return m->latest;
    s = g_hash_table_lookup(m->streams, &key);
    if (s == NULL) {
        if (g_hash_table_size(m->streams) >= WR_THIN_STREAMS)
            forget_streams(m);
        s = g_new0(wr_stream_state, 1);
        s->key = key;
        s->sequence = (uint16_t)(p[2] << 8 | p[3]);
        s->sample_us = time_us;
        g_hash_table_add(m->streams, s);
    }
    m->latest = s;
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
            memcmp(old->block.bytes + WR_PACKET_FIXED + old_at, w->block.bytes + WR_PACKET_FIXED + at, COMPARED) == 0)
            continue;
        old->keep = w->keep = true;
    }
}

static void add_rtp(wr_media *m, const wr_datagram *d, const uint8_t *p, wr_waiting *w)
{
    wr_stream_state *s = stream_of(m, d, p, w->block.time_us);
    const uint64_t now = w->block.time_us;
    uint32_t generation = path_of(m, d, false)->generation;
    uint64_t index;

    if (d->relayed)
        generation += path_of(m, d, true)->generation;
    if (!goes_on(s, (uint16_t)(p[2] << 8 | p[3])) || generation != s->generation)
        s->first = 0;
    s->generation = generation;
    memcpy(&index, p, 8);
    if (s->first < WR_THIN_FIRST) {
        w->keep = true;
        s->first += d->captured - w->head_length >= SAMPLE_PAYLOAD;
    } else if (now < s->sample_us || now - s->sample_us >= WR_THIN_SAMPLE_US) {
        w->keep = true;
    }
    if (w->keep)
        s->sample_us = now;
    compare_recent(s, w, index);
    if (s->count == WR_THIN_RECENT)
        decide_oldest(m, s, s->recent[s->oldest]->keep);
    s->recent[(s->oldest + s->count) % WR_THIN_RECENT] = w;
    s->index[(s->oldest + s->count++) % WR_THIN_RECENT] = index;
    w->stream = s;
}

void wr_media_add(wr_media *m, wr_waiting *w)
{
    const uint8_t *packet = w->block.bytes + WR_PACKET_FIXED, *p;
    wr_datagram d;

    if (!wr_layers_read(w->block.link, w->block.interface, packet, w->block.captured, &d) || d.captured < 4)
        return;
    p = packet + d.at;
    w->head_length = rtp_header(&d, p);
    if (w->head_length == 0) {
        note_path(m, &d, p);
        return;
    }
    w->media_at = d.at;
    w->media_length = (uint32_t)d.length;
    add_rtp(m, &d, p, w);
}
