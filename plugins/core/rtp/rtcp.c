/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells RTCP in clear (RFC 3550 6) from its secure form (RFC 3711 3.4) by the structure of the whole datagram: packets,
 * one behind the other, must use it up, and each packet its length.
 *
 *     byte 0             1      2        4
 *          +-------------+------+--------+-------------------- - -
 *          | 2, P, count | type | length | in words of 4 bytes, the first not counted
 *          +-------------+------+--------+-------------------- - -
 *     SR 200     SSRC, sender's report 20 bytes, count times a report of 24       RFC 3550 6.4.1
 *     RR 201     SSRC, count times a report of 24                                 RFC 3550 6.4.2
 *     SDES 202   count times: SSRC, items | type | length | text |, a zero,
 *                zeros up to a multiple of 4                                      RFC 3550 6.5
 *     BYE 203    count times SSRC, perhaps a reason                               RFC 3550 6.6
 *     APP 204    SSRC, name of 4 letters, data                                    RFC 3550 6.7
 *     205, 206   feedback: SSRC, SSRC, data                                       RFC 4585 6.1
 *     XR 207     SSRC, blocks                                                     RFC 3611 2
 *
 *     In clear nothing covers it. As SRTCP, the first 8 bytes stay readable, the rest is encrypted, and behind it stand
 *     E with a 31-bit index and a tag, which covers all but itself; an AEAD tag (RFC 7714 9) stands before the index.
 */
#include "rtp/rtcp.h"

enum { SR = 200, RR = 201, SDES = 202, BYE = 203, APP = 204, RTPFB = 205, PSFB = 206, XR = 207 };

#define SDES_CNAME 1

/* Text as people write it: ASCII that prints, or UTF-8 beyond it. */
static bool is_text(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < 0x20 || p[i] == 0x7f)
            return false;
    return n > 0;
}

/* The items of one chunk (RFC 3550 6.5), from at on; returns the end of the chunk, 0 when it is none. */
static size_t read_chunk(const uint8_t *p, size_t at, size_t len, bool *named)
{
    if (len - at < 8)
        return 0;
    at += 4;
    while (at < len && p[at] != 0) {
        size_t n;
        if (len - at < 2)
            return 0;
        n = p[at + 1];
        if (p[at] > 8 || n > len - at - 2 || (p[at] == SDES_CNAME && !is_text(p + at + 2, n)))
            return 0;
        *named |= p[at] == SDES_CNAME;
        at += 2 + n;
    }
    if (at >= len)
        return 0;
    return (at + 4) & ~(size_t)3; /* at least one zero, up to the next multiple of four */
}

static bool is_source_description(const uint8_t *p, size_t len, unsigned chunks, bool *named)
{
    size_t at = 4;

    for (unsigned i = 0; i < chunks; i++) {
        at = read_chunk(p, at, len, named);
        if (at == 0 || at > len)
            return false;
    }
    return at == len;
}

/* One packet of len bytes, header included. */
static bool is_packet(const uint8_t *p, size_t len, bool *named)
{
    unsigned count = p[0] & 31;

    switch (p[1]) {
    case SR:
        return len >= 28 + 24u * count;
    case RR:
        return len >= 8 + 24u * count;
    case SDES:
        return is_source_description(p, len, count, named);
    case BYE:
        return len >= 4 + 4u * count;
    case APP:
        return len >= 12 && is_text(p + 8, 4);
    case RTPFB:
    case PSFB:
        return len >= 12 && count > 0;
    case XR:
        return len >= 8;
    default:
        return false;
    }
}

wr_rtcp_look wr_rtcp_look_at(const uint8_t *bytes, size_t len)
{
    unsigned packets = 0;
    bool named = false;
    size_t at = 0;

    while (at < len) {
        const uint8_t *p = bytes + at;
        size_t n;
        if (len - at < 4 || p[0] >> 6 != 2)
            return WR_RTCP_OPAQUE;
        n = ((size_t)p[2] << 8 | p[3]) * 4 + 4;
        if (n > len - at || ((p[0] & 0x20) != 0 && n != len - at) || !is_packet(p, n, &named))
            return WR_RTCP_OPAQUE;
        packets++;
        at += n;
    }
    return packets == 0 ? WR_RTCP_OPAQUE : packets == 1 ? WR_RTCP_SINGLE : named ? WR_RTCP_NAMED : WR_RTCP_CHAIN;
}

unsigned wr_rtcp_weight(wr_rtcp_look look)
{
    return (unsigned)look;
}
