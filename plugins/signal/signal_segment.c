/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP segments of one connection (RFC 9293 3.1), in the order of their sequence numbers. */
#include "signal_segment.h"

#define HEADERS_LOOK 256 /* bytes of a packet within which its TCP header begins */

static uint32_t read_be(const uint8_t *p, unsigned n)
{
    uint32_t v = 0;

    while (n-- > 0)
        v = v << 8 | *p++;
    return v;
}

/* Bytes of IP payload that begin at p[at], as the header before says; at most `there`, for short frames are filled up.
 */
static unsigned ip_payload(const uint8_t *p, unsigned at, unsigned there)
{
    for (unsigned header = 20; header <= 60 && header <= at; header += 4) {
        const uint8_t *ip = p + at - header;
        if (ip[0] == (0x40 | header / 4) && ip[9] == 6) {
            unsigned total = read_be(ip + 2, 2); /* 0 where the network card cuts the segments */
            return total >= header ? MIN(there, total - header) : there;
        }
    }
    if (at >= 40 && p[at - 40] >> 4 == 6 && p[at - 34] == 6) {
        unsigned payload = read_be(p + at - 36, 2);
        return payload > 0 ? MIN(there, payload) : there;
    }
    return there;
}

bool signal_find_segment(tvbuff_t *tvb, const packet_info *pinfo, signal_segment *s)
{
    unsigned captured;
    const uint8_t *p = wr_tvb_bytes(tvb, &captured);

    for (unsigned i = 14; p != NULL && i < HEADERS_LOOK && i + 20 < captured; i++) {
        unsigned header = (unsigned)(p[i + 12] >> 4) * 4;
        if (read_be(p + i, 2) == pinfo->srcport && read_be(p + i + 2, 2) == pinfo->destport && header >= 20 &&
            i + header < captured) {
            unsigned whole = ip_payload(p, i, captured - i);
            s->bytes = p + i + header;
            s->len = whole > header ? whole - header : 0;
            s->seq = read_be(p + i + 4, 4);
            return s->len > 0;
        }
    }
    return false;
}

void signal_run_check(signal_run *d, const signal_segment *s)
{
    if (d->in_step && (int32_t)(s->seq - d->next) > 0)
        signal_run_leave(d);
}

void signal_run_begin(signal_run *d, const signal_segment *s)
{
    g_byte_array_set_size(d->bytes, 0);
    d->in_step = true;
    d->next = s->seq;
}

void signal_run_leave(signal_run *d)
{
    g_byte_array_set_size(d->bytes, 0);
    d->in_step = false;
}

bool signal_run_take(signal_run *d, const signal_segment *s)
{
    uint32_t known = d->next - s->seq;

    if (known >= s->len)
        return false;
    g_byte_array_append(d->bytes, s->bytes + known, s->len - known);
    d->next = s->seq + s->len;
    return true;
}
