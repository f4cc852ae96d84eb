/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP segments of one connection (RFC 9293 3.1), in the order of their sequence numbers. */
#include "signal_segment.h"

#define HEADERS_LOOK    256 /* bytes of a packet within which its TCP header begins */
#define ETHERNET_HEADER 14

static inline unsigned read16(const uint8_t *p)
{
    return (unsigned)(p[0] << 8 | p[1]);
}

static inline uint32_t read32(const uint8_t *p)
{
    return (uint32_t)read16(p) << 16 | read16(p + 2);
}

/* Bytes of IP payload that begin at p[at], as the header before says; at most `there`, for short frames are filled up.
 */
static unsigned ip_payload(const uint8_t *p, unsigned at, unsigned there)
{
    for (unsigned header = 20; header <= 60 && header <= at; header += 4) {
        const uint8_t *ip = p + at - header;
        if (ip[0] == (0x40 | header / 4) && ip[9] == 6) {
            unsigned total = read16(ip + 2); /* 0 where the network card cuts the segments */
            return total >= header ? MIN(there, total - header) : there;
        }
    }
    if (at >= 40 && p[at - 40] >> 4 == 6 && p[at - 34] == 6) {
        unsigned payload = read16(p + at - 36);
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

    return read16(p + i) == pinfo->srcport && read16(p + i + 2) == pinfo->destport && header >= 20 &&
           i + header <= captured;
}

/* whole: bytes of TCP header and payload. */
static bool take_segment(const uint8_t *p, unsigned i, unsigned whole, signal_segment *s)
{
    const unsigned header = (unsigned)(p[i + 12] >> 4) * 4;

    s->seq = read32(p + i + 4);
    s->ack = read32(p + i + 8);
    s->flags = p[i + 13];
    s->ttl = ip_ttl(p, i);
    if (whole <= header)
        return false;
    s->bytes = p + i + header;
    s->len = whole - header;
    return true;
}

/* Nearly every packet is IPv4 right behind an Ethernet header, and TCP behind that: *found says so. */
static bool find_at_once(const uint8_t *p, unsigned captured, const packet_info *pinfo, bool *found, signal_segment *s)
{
    const unsigned ip = (unsigned)(p[14] & 15) * 4, total = read16(p + 16);
    const uint8_t *tcp = p + ETHERNET_HEADER + ip;
    unsigned header, whole;

    *found = false;
    if (p[12] != 0x08 || p[13] != 0 || p[23] != 6 || (p[14] >> 4) != 4 || total < ip + 20 ||
        ETHERNET_HEADER + ip + 20 > captured)
        return false;
    header = (unsigned)(tcp[12] >> 4) * 4;
    if (read16(tcp) != pinfo->srcport || read16(tcp + 2) != pinfo->destport || header < 20 ||
        ETHERNET_HEADER + ip + header > captured)
        return false;
    *found = true;
    s->seq = read32(tcp + 4);
    s->ack = read32(tcp + 8);
    s->flags = tcp[13];
    s->ttl = p[22];
    whole = MIN(total - ip, captured - ETHERNET_HEADER - ip);
    if (whole <= header)
        return false;
    s->bytes = tcp + header;
    s->len = whole - header;
    return true;
}

/* One piece of a datagram: an IPv4 header that says so (RFC 791 3.1), or an IPv6 fragment header (RFC 8200 4.5), right
 * behind an Ethernet header. */
static bool is_fragment(const uint8_t *p, unsigned captured)
{
    if (p[12] == 0x08 && p[13] == 0)
        return (read16(p + 20) & 0x3FFF) != 0;
    return p[12] == 0x86 && p[13] == 0xDD && captured >= ETHERNET_HEADER + 40 && p[20] == 44;
}

/* Of the datagram that Wireshark put together: its payload follows the packet's own bytes among the sources. */
static bool find_put_together(const packet_info *pinfo, uint8_t ttl, signal_segment *s)
{
    const GSList *sources = pinfo->data_src;
    unsigned captured;
    const uint8_t *p;
    bool found;

    if (sources == NULL || sources->next == NULL)
        return false;
    p = wr_tvb_bytes(get_data_source_tvb(sources->next->data), &captured);
    found = p != NULL && captured >= 20 && is_header(p, captured, 0, pinfo) && take_segment(p, 0, captured, s);
    s->ttl = ttl;
    return found;
}

bool signal_find_segment(tvbuff_t *tvb, const packet_info *pinfo, signal_segment *s)
{
    unsigned captured;
    bool found;
    const uint8_t *p = wr_tvb_bytes(tvb, &captured);

    memset(s, 0, sizeof *s);
    if (p == NULL || captured < 34)
        return false;
    if (is_fragment(p, captured))
        return find_put_together(pinfo, p[12] == 0x08 ? p[22] : p[21], s);
    if (find_at_once(p, captured, pinfo, &found, s))
        return true;
    if (found)
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
