/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments of signalling that two vantage points saw, which tells how their clocks go by each other. The second copy is
 * a retransmission to TCP, that nobody reads, and behind a translation of addresses it is of another connection: known
 * again is its sequence number with the bytes behind it. Asked about are connections on which a description was read;
 * the latest segments are remembered, each point counts once.
 */
#include "signal_tcp.h"

#include "base/index.h"

#define REMEMBERED 8192u
#define COMPARED   48u /* bytes of a segment */
#define LEAST      8u  /* fewer bytes are no message, and come again */
#define POINTS     16u /* that are told apart here */

typedef struct {
    uint64_t mark;
    int64_t time_us;
    uint16_t point, told; /* told: points that saw it as well, a bit each */
} sighting;

static sighting *sightings; /* REMEMBERED of them, from the first on */

static void forget_sightings(void)
{
    g_clear_pointer(&sightings, g_free);
}

static uint64_t mark_of(const signal_segment *s)
{
    uint8_t key[8 + COMPARED] = {0};

    memcpy(key, &s->seq, 4);
    memcpy(key + 4, &s->len, 4);
    memcpy(key + 8, s->bytes, MIN(s->len, COMPARED));
    return wr_key(key, sizeof key);
}

void signal_segment_sighted(packet_info *pinfo, const signal_segment *s)
{
    const unsigned point = MIN(wr_point_of(pinfo), POINTS - 1);
    uint64_t mark;
    sighting *x;
    wr_remark *r;

    if (s->len < LEAST)
        return;
    if (sightings == NULL)
        sightings = g_new0(sighting, REMEMBERED);
    mark = mark_of(s);
    x = &sightings[mark % REMEMBERED];
    if (x->mark != mark) {
        *x = (sighting){mark, (int64_t)pinfo->abs_ts.secs * 1000000 + pinfo->abs_ts.nsecs / 1000, (uint16_t)point,
                        (uint16_t)(1u << point)};
        return;
    }
    if ((x->told >> point & 1) != 0)
        return;
    x->told |= (uint16_t)(1u << point);
    r = wmem_new0(pinfo->pool, wr_remark);
    r->kind = WR_REMARK_SEEN_TWICE;
    r->at = wr_place_of(pinfo);
    r->connection = wr_connection_id(pinfo);
    r->other_point = x->point;
    r->other_us = x->time_us;
    wr_bus_put(pinfo, proto_webrtc_signal, WR_BUS_REMARKS, r);
}

void signal_register_sightings(void)
{
    register_init_routine(forget_sightings);
    register_cleanup_routine(forget_sightings);
}
