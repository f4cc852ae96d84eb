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

/* The same place: what the header before says. */
static uint8_t ip_ttl(const uint8_t *p, unsigned at)
{
    for (unsigned header = 20; header <= 60 && header <= at; header += 4)
        if (p[at - header] == (0x40 | header / 4) && p[at - header + 9] == 6)
            return p[at - header + 8];
    return at >= 40 && p[at - 40] >> 4 == 6 && p[at - 34] == 6 ? p[at - 33] : 0;
}

/* The packet's TCP header stands at p[i]. */
static bool is_header(const uint8_t *p, unsigned captured, unsigned i, const packet_info *pinfo)
{
    const unsigned header = (unsigned)(p[i + 12] >> 4) * 4;

    return (unsigned)(p[i] << 8 | p[i + 1]) == pinfo->srcport &&
           (unsigned)(p[i + 2] << 8 | p[i + 3]) == pinfo->destport && header >= 20 && i + header <= captured;
}

/* whole: bytes of TCP header and payload. */
static bool take_segment(const uint8_t *p, unsigned i, unsigned whole, signal_segment *s)
{
    const unsigned header = (unsigned)(p[i + 12] >> 4) * 4;

    s->seq = read_be(p + i + 4, 4);
    s->ack = read_be(p + i + 8, 4);
    s->flags = p[i + 13];
    s->ttl = ip_ttl(p, i);
    if (whole <= header)
        return false;
    s->bytes = p + i + header;
    s->len = whole - header;
    return true;
}

/* Nearly every packet is IPv4 right behind an Ethernet header, and TCP behind that. *i: where that stands, else 0. */
static bool find_at_once(const uint8_t *p, unsigned captured, const packet_info *pinfo, unsigned *i, signal_segment *s)
{
    const unsigned at = 14 + (unsigned)(p[14] & 15) * 4, total = (unsigned)(p[16] << 8 | p[17]);

    *i = 0;
    if (p[12] != 0x08 || p[13] != 0 || p[23] != 6 || (p[14] >> 4) != 4 || total < at - 14 + 20 || at + 20 > captured ||
        !is_header(p, captured, at, pinfo))
        return false;
    *i = at;
    return take_segment(p, at, MIN(total - (at - 14), captured - at), s);
}

bool signal_find_segment(tvbuff_t *tvb, const packet_info *pinfo, signal_segment *s)
{
    unsigned captured, at;
    const uint8_t *p = wr_tvb_bytes(tvb, &captured);

    memset(s, 0, sizeof *s);
    if (p == NULL || captured < 34)
        return false;
    if (find_at_once(p, captured, pinfo, &at, s))
        return true;
    if (at != 0)
        return false;
    for (unsigned i = 14; i < HEADERS_LOOK && i + 20 <= captured; i++)
        if (is_header(p, captured, i, pinfo))
            return take_segment(p, i, ip_payload(p, i, captured - i), s);
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
