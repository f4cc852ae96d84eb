/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the chunks of HEP 3, and the heads of HEP 1 and 2. */
#include "formats/hep.h"

#include <string.h>

enum {
    PROTOCOL = 2,
    IP4_SRC = 3,
    IP4_DST = 4,
    IP6_SRC = 5,
    IP6_DST = 6,
    PORT_SRC = 7,
    PORT_DST = 8,
    KIND = 11,
    AGENT = 12,
    PAYLOAD = 15,
    PACKED = 16
};

static unsigned two(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static uint32_t number(const uint8_t *p, size_t len)
{
    uint32_t value = 0;

    for (size_t i = 0; i < len && i < 4; i++)
        value = value << 8 | p[i];
    return value;
}

size_t wr_hep_length(const uint8_t *bytes, size_t len)
{
    size_t whole;

    if (len < WR_HEP_HEAD + WR_HEP_CHUNK_HEAD || memcmp(bytes, "HEP3", 4) != 0)
        return 0;
    whole = two(bytes + 4);
    return whole >= WR_HEP_HEAD + WR_HEP_CHUNK_HEAD && two(bytes + WR_HEP_HEAD + 4) >= WR_HEP_CHUNK_HEAD ? whole : 0;
}

/* Both ends must be of one family; the last one told counts. */
static void take_address(wr_hep *h, unsigned type, size_t at, size_t len)
{
    const unsigned length = type == IP6_SRC || type == IP6_DST ? 16 : 4;

    if (len != length)
        return;
    if (h->address_length != length)
        h->src = h->dst = 0;
    h->address_length = length;
    if (type == IP4_SRC || type == IP6_SRC)
        h->src = at;
    else
        h->dst = at;
}

static void take(wr_hep *h, unsigned type, const uint8_t *bytes, size_t at, size_t len)
{
    switch (type) {
    case PROTOCOL:
        h->protocol = (uint8_t)number(bytes + at, len);
        break;
    case IP4_SRC:
    case IP4_DST:
    case IP6_SRC:
    case IP6_DST:
        take_address(h, type, at, len);
        break;
    case PORT_SRC:
        h->src_port = (uint16_t)number(bytes + at, len);
        break;
    case PORT_DST:
        h->dst_port = (uint16_t)number(bytes + at, len);
        break;
    case KIND:
        h->kind = number(bytes + at, len);
        break;
    case AGENT:
        h->agent = number(bytes + at, len);
        break;
    case PAYLOAD:
    case PACKED:
        h->payload = at;
        h->payload_length = len;
        h->packed = type == PACKED;
        break;
    default:
        break;
    }
}

bool wr_hep_read(const uint8_t *bytes, size_t len, wr_hep *out)
{
    size_t at = WR_HEP_HEAD;

    memset(out, 0, sizeof *out);
    for (unsigned n = 0; at < len && n < WR_HEP_MAX_CHUNKS; n++) {
        size_t length;
        if (len - at < WR_HEP_CHUNK_HEAD)
            return false;
        length = two(bytes + at + 4);
        if (length < WR_HEP_CHUNK_HEAD || length > len - at)
            return false;
        if (two(bytes + at) == 0)
            take(out, two(bytes + at + 2), bytes, at + WR_HEP_CHUNK_HEAD, length - WR_HEP_CHUNK_HEAD);
        at += length;
    }
    return at == len;
}

/* ---- versions 1 and 2 ---- */

#define OLD_HEAD  8  /* before the addresses */
#define OLD_TIME  12 /* what version 2 adds */
#define MAX_START 4096

/* "INVITE sip:bob@b.example SIP/2.0" or "SIP/2.0 200 OK", and a line's end (RFC 3261 7). */
static bool begins_sip(const uint8_t *p, size_t len)
{
    static const char version[] = "SIP/2.0";
    const size_t n = sizeof version - 1;
    const uint8_t *end = memchr(p, '\r', len < MAX_START ? len : MAX_START);
    size_t line;

    if (end == NULL)
        return false;
    line = (size_t)(end - p);
    if (line > n && memcmp(p, version, n) == 0)
        return p[n] == ' ';
    return line > n + 1 && p[0] >= 'A' && p[0] <= 'Z' && end[-8] == ' ' && memcmp(end - n, version, n) == 0;
}

/* Of AF_INET and AF_INET6 in systems that servers run on; 0: none of them. */
static unsigned address_length_of(unsigned family)
{
    if (family == 2)
        return 4;
    return family == 10 || family == 24 || family == 28 || family == 30 ? 16 : 0;
}

bool wr_hep_read_old(const uint8_t *bytes, size_t len, wr_hep *out)
{
    unsigned length;
    size_t at;

    memset(out, 0, sizeof *out);
    if (len < OLD_HEAD || (bytes[0] != 1 && bytes[0] != 2))
        return false;
    length = address_length_of(bytes[2]);
    at = OLD_HEAD + 2 * (size_t)length;
    if (length == 0 || bytes[1] != at)
        return false;
    if (bytes[0] == 2)
        at += OLD_TIME;
    if (at >= len || !begins_sip(bytes + at, len - at))
        return false;
    out->address_length = length;
    out->src = OLD_HEAD;
    out->dst = OLD_HEAD + length;
    out->src_port = (uint16_t)two(bytes + 4);
    out->dst_port = (uint16_t)two(bytes + 6);
    out->protocol = bytes[3];
    out->kind = WR_HEP_SIP;
    out->payload = at;
    out->payload_length = len - at;
    return true;
}
