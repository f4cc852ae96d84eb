/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layers.h"

#include <string.h>

enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW = 101,
    LINK_LOOP = 108,
    LINK_SLL = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_SLL2 = 276
};
enum {
    ETHER_IPV4 = 0x0800,
    ETHER_BRIDGED = 0x6558,
    ETHER_VLAN = 0x8100,
    ETHER_IPV6 = 0x86dd,
    ETHER_PPPOE = 0x8864,
    ETHER_QINQ = 0x88a8,
    ETHER_OLD_QINQ = 0x9100
};
enum { IP_HOPS = 0, IP_IPV4 = 4, IP_UDP = 17, IP_IPV6 = 41, IP_ROUTING = 43, IP_GRE = 47, IP_DESTINATION = 60 };

#define VXLAN_PORT  4789
#define LAYERS_MOST 16 /* of one packet */

/* Where a reader of layers is: what comes next, and in what it stands. */
typedef struct {
    const uint8_t *p;
    size_t at, end; /* of what is captured */
    size_t wire;    /* end on the wire, where a length tells it */
    uint64_t around;
    unsigned layers;
    wr_datagram *d;
} place;

static bool read_ether(place *x);
static bool read_ip(place *x);

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

uint64_t wr_mix(uint64_t a, uint64_t b)
{
    a = (a ^ b) * UINT64_C(0x9e3779b97f4a7c15); /* odd, and far from any pattern: the golden ratio */
    return a ^ a >> 32;
}

static bool has(const place *x, size_t n)
{
    return x->end - x->at >= n;
}

/* One layer more, of which there may not be too many. */
static bool enter(place *x, uint64_t number)
{
    x->around = wr_mix(x->around, number + 1);
    return ++x->layers <= LAYERS_MOST;
}

/* The datagram within ChannelData (RFC 8656 12.4). */
static void open_channel(wr_datagram *d, const uint8_t *p)
{
    const size_t n = get16(p + 2);

    if (d->length < 4 + n)
        return;
    d->relayed = true;
    d->path.relay = get16(p);
    d->at += 4;
    d->length = n;
    d->captured = d->captured - 4 < n ? d->captured - 4 : n;
}

/* The datagram within a Send or Data indication (RFC 8656 11). */
static void open_indication(wr_datagram *d, const uint8_t *p)
{
    enum { HEADER = 20, SEND = 0x0016, DATA = 0x0017, PEER = 0x0012, CONTENT = 0x0013 };
    uint64_t peer = 0;

    if (d->captured < HEADER || (get16(p) != SEND && get16(p) != DATA) || memcmp(p + 4, "\x21\x12\xa4\x42", 4) != 0)
        return;
    for (size_t at = HEADER; d->captured - at >= 4;) {
        const uint16_t type = get16(p + at), n = get16(p + at + 2);
        const size_t there = d->captured - at - 4;
        if (type == CONTENT && peer != 0 && at + 4 + n <= d->length) {
            d->relayed = true;
            d->path.relay = peer;
            d->at += at + 4;
            d->length = n;
            d->captured = there < n ? there : n;
            return;
        }
        if (((n + 3u) & ~3u) > there)
            return;
        if (type == PEER && n == 8) /* an IPv6 peer's is masked with the transaction */
            for (size_t i = 0; i < n; i++)
                peer = wr_mix(peer, p[at + 4 + i] + 1u);
        at += 4 + ((n + 3u) & ~3u);
    }
}

static bool read_udp(place *x)
{
    const uint8_t *p = x->p + x->at;
    wr_datagram *d = x->d;
    size_t length;

    if (!has(x, 8))
        return false;
    length = get16(p + 4);
    if (length < 8 || (x->wire != 0 && length > x->wire - x->at))
        return false;
    if (get16(p + 2) == VXLAN_PORT && has(x, 16) && p[8] == 0x08) {
        if (!enter(x, (uint64_t)p[12] << 16 | (uint64_t)p[13] << 8 | p[14]))
            return false;
        x->at += 16;
        return read_ether(x);
    }
    d->path.source_port = get16(p);
    d->path.target_port = get16(p + 2);
    d->path.around = x->around;
    d->at = x->at + 8;
    d->length = length - 8;
    d->captured = x->end - d->at < d->length ? x->end - d->at : d->length;
    if (d->captured < 12)
        return false;
    p = x->p + d->at;
    if (p[0] >= 0x40 && p[0] <= 0x4f)
        open_channel(d, p);
    else if (p[0] == 0)
        open_indication(d, p);
    return true;
}

static bool read_gre(place *x)
{
    const uint8_t *p = x->p + x->at;
    size_t n = 4;
    uint16_t flags;

    if (!has(x, 4))
        return false;
    flags = get16(p);
    if ((flags & 0x4007) != 0) /* routing, or another version */
        return false;
    n += ((flags & 0x8000) != 0 ? 4 : 0) + ((flags & 0x2000) != 0 ? 4 : 0) + ((flags & 0x1000) != 0 ? 4 : 0);
    if (!has(x, n) || !enter(x, IP_GRE))
        return false;
    x->at += n;
    switch (get16(p + 2)) {
    case ETHER_IPV4:
    case ETHER_IPV6:
        return read_ip(x);
    case ETHER_BRIDGED:
        return read_ether(x);
    default:
        return false;
    }
}

static bool read_protocol(place *x, uint8_t protocol)
{
    switch (protocol) {
    case IP_UDP:
        return read_udp(x);
    case IP_GRE:
        return read_gre(x);
    case IP_IPV4:
    case IP_IPV6:
        return enter(x, protocol) && read_ip(x);
    default:
        return false;
    }
}

static bool read_ipv4(place *x)
{
    const uint8_t *p = x->p + x->at;
    size_t head, total;

    if (!has(x, 20))
        return false;
    head = 4u * (p[0] & 15u);
    total = get16(p + 2); /* 0 where the network card was to cut it up */
    if (head < 20 || !has(x, head) || (total != 0 && total < head) || (get16(p + 6) & 0x3fff) != 0)
        return false;
    memset(&x->d->path, 0, sizeof x->d->path);
    memcpy(x->d->path.source, p + 12, 4);
    memcpy(x->d->path.target, p + 16, 4);
    x->wire = total != 0 ? x->at + total : 0;
    if (total != 0 && x->end > x->wire)
        x->end = x->wire;
    x->at += head;
    return read_protocol(x, p[9]);
}

static bool read_ipv6(place *x)
{
    const uint8_t *p = x->p + x->at;
    uint8_t next;

    if (!has(x, 40))
        return false;
    memset(&x->d->path, 0, sizeof x->d->path);
    memcpy(x->d->path.source, p + 8, 16);
    memcpy(x->d->path.target, p + 24, 16);
    x->wire = get16(p + 4) != 0 ? x->at + 40 + get16(p + 4) : 0;
    if (x->wire != 0 && x->end > x->wire)
        x->end = x->wire;
    next = p[6];
    x->at += 40;
    while (next == IP_HOPS || next == IP_ROUTING || next == IP_DESTINATION) {
        size_t n;
        if (!has(x, 8) || ++x->layers > LAYERS_MOST)
            return false;
        n = 8u * (x->p[x->at + 1] + 1u);
        next = x->p[x->at];
        if (!has(x, n))
            return false;
        x->at += n;
    }
    return read_protocol(x, next);
}

static bool read_ip(place *x)
{
    if (!has(x, 1))
        return false;
    switch (x->p[x->at] >> 4) {
    case 4:
        return read_ipv4(x);
    case 6:
        return read_ipv6(x);
    default:
        return false;
    }
}

/* What an EtherType at x->at announces. */
static bool read_type(place *x)
{
    for (;;) {
        uint16_t type;
        if (!has(x, 2))
            return false;
        type = get16(x->p + x->at);
        x->at += 2;
        switch (type) {
        case ETHER_IPV4:
        case ETHER_IPV6:
            return read_ip(x);
        case ETHER_VLAN:
        case ETHER_QINQ:
        case ETHER_OLD_QINQ:
            if (!has(x, 2) || !enter(x, get16(x->p + x->at) & 0xfffu))
                return false;
            x->at += 2;
            break;
        case ETHER_PPPOE: /* session data (RFC 2516) with IPv4 or IPv6 in it */
            if (!has(x, 8) || x->p[x->at + 1] != 0 || !enter(x, get16(x->p + x->at + 2)) ||
                (get16(x->p + x->at + 6) != 0x21 && get16(x->p + x->at + 6) != 0x57))
                return false;
            x->at += 8;
            return read_ip(x);
        default:
            return false;
        }
    }
}

static bool read_ether(place *x)
{
    if (!has(x, 14))
        return false;
    x->at += 12;
    return read_type(x);
}

static bool read_link(place *x, uint16_t link)
{
    switch (link) {
    case LINK_ETHERNET:
        return read_ether(x);
    case LINK_SLL:
        x->at = 14;
        return x->end >= 16 && read_type(x);
    case LINK_SLL2:
        if (x->end < 20)
            return false;
        if (get16(x->p) != ETHER_IPV4 && get16(x->p) != ETHER_IPV6)
            return false;
        x->at = 20;
        return read_ip(x);
    case LINK_NULL:
    case LINK_LOOP:
        x->at = 4;
        return x->end > 4 && read_ip(x);
    case LINK_RAW:
    case LINK_IPV4:
    case LINK_IPV6:
        return read_ip(x);
    default:
        return false;
    }
}

bool wr_layers_read(uint16_t link, uint32_t interface, const uint8_t *p, size_t captured, wr_datagram *d)
{
    place x = {.p = p, .end = captured, .d = d};
    wr_path *path = &d->path;
    int order;

    memset(d, 0, sizeof *d);
    if (!read_link(&x, link))
        return false;
    path->interface = interface;
    order = memcmp(path->source, path->target, sizeof path->source);
    d->from_low = order != 0 ? order < 0 : path->source_port <= path->target_port;
    return true;
}
