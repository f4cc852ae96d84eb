/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the UDP header (RFC 768) of a packet in its data sources. libwireshark tells addresses and ports, not places,
 * so the IP header with these addresses is looked for, and its UDP header taken. That holds with VLAN tags, tunnels, IP
 * options and extension headers alike. Where no IP header lies in front (put together from fragments, or an address
 * replaced by a routing header), the ports and a length that fits must do.
 */
#include "wr_epan/payload_find.h"

#include <string.h>

#define UDP_HEADER      8
#define IPPROTO_OF_UDP  17
#define FARTHEST        512 /* how deep in a data source headers are looked for; more tunnels than that are none */
#define MOST_SOURCES    16  /* and in how many of them */
#define MOST_EXTENSIONS 16
#define ETHERNET_HEADER 14
#define IPV4_HEADER     20
#define IPV4_ADDRESSES  12 /* offset of both in the header */
#define IPV6_HEADER     40
#define IPV6_ADDRESSES  8

/* What is looked for, and where. */
typedef struct {
    const packet_info *pinfo;
    uint8_t addresses[32]; /* source and destination as they stand in the header */
    unsigned addresses_length;
    bool any_ports; /* pinfo's ports belong to something inside */
    uint8_t ports[4];
    const uint8_t *bytes; /* of the current data source */
    unsigned captured, reported;
} search;

typedef enum { NOT_HERE, PART, WHOLE } finding;

static unsigned read_u16(const uint8_t *p)
{
    return (unsigned)(p[0] << 8 | p[1]);
}

/* Takes the UDP header at offset if it is one. strict: it must end within the packet. */
static bool take_udp(const search *s, unsigned offset, bool strict, wr_udp_header *out)
{
    const uint8_t *p = s->bytes + offset;
    unsigned length, there;

    if (offset > s->captured || s->captured - offset < UDP_HEADER ||
        (!s->any_ports && memcmp(p, s->ports, sizeof s->ports) != 0))
        return false;
    length = read_u16(p + 4);
    there = s->reported - offset;
    if (length < UDP_HEADER || (strict && length > there))
        return false;
    out->src_port = (uint16_t)read_u16(p);
    out->dst_port = (uint16_t)read_u16(p + 2);
    out->payload = p + UDP_HEADER;
    out->length = length - UDP_HEADER;
    out->captured = MIN(s->captured - offset - UDP_HEADER, out->length);
    return true;
}

/* An IPv4 header at offset, whose addresses have been compared. */
static finding take_ipv4(const search *s, unsigned offset, wr_udp_header *out)
{
    const uint8_t *p = s->bytes + offset;
    unsigned fragment = read_u16(p + 6) & 0x3FFF;

    if ((p[0] & 15) < 5 || p[9] != IPPROTO_OF_UDP || (fragment & 0x1FFF) != 0 ||
        !take_udp(s, offset + (unsigned)(p[0] & 15) * 4, false, out))
        return NOT_HERE;
    return fragment == 0 ? WHOLE : PART;
}

/* An IPv6 header at offset, whose addresses have been compared: past its extension headers (RFC 8200 4). */
static finding take_ipv6(const search *s, unsigned offset, wr_udp_header *out)
{
    unsigned at = offset + IPV6_HEADER;
    uint8_t next = s->bytes[offset + 6];
    finding whole = WHOLE;

    for (unsigned i = 0; i < MOST_EXTENSIONS && next != IPPROTO_OF_UDP; i++) {
        const uint8_t *p = s->bytes + at;
        unsigned length;

        if (at > s->captured || s->captured - at < 8)
            return NOT_HERE;
        switch (next) {
        case 0:   /* hop by hop */
        case 43:  /* routing */
        case 60:  /* destination */
        case 135: /* mobility */
            length = (p[1] + 1u) * 8;
            break;
        case 51: /* authentication */
            length = (p[1] + 2u) * 4;
            break;
        case 44: /* fragment */
            if ((read_u16(p + 2) & 0xFFF8) != 0)
                return NOT_HERE;
            if ((p[3] & 1) != 0)
                whole = PART;
            length = 8;
            break;
        default:
            return NOT_HERE;
        }
        next = p[0];
        at += length;
    }
    return next == IPPROTO_OF_UDP && take_udp(s, at, false, out) ? whole : NOT_HERE;
}

/* The IP header with our addresses in this data source, then UDP. */
static finding find_behind_ip(const search *s, wr_udp_header *out)
{
    unsigned version, before, header;
    finding best = NOT_HERE;

    if (s->addresses_length == 0)
        return NOT_HERE;
    version = s->addresses_length == 8 ? 4 : 6;
    before = version == 4 ? IPV4_ADDRESSES : IPV6_ADDRESSES;
    header = version == 4 ? IPV4_HEADER : IPV6_HEADER;
    for (unsigned o = 0; o < FARTHEST && s->captured >= header && o <= s->captured - header; o++) {
        wr_udp_header found;
        finding is;

        if (s->bytes[o] >> 4 != version || memcmp(s->bytes + o + before, s->addresses, s->addresses_length) != 0)
            continue;
        is = version == 4 ? take_ipv4(s, o, &found) : take_ipv6(s, o, &found);
        if (is > best) {
            best = is;
            *out = found;
        }
        if (best == WHOLE)
            break;
    }
    return best;
}

/* Only the ports and a length that fits. */
static bool find_by_ports(const search *s, wr_udp_header *out)
{
    if (s->any_ports)
        return false;
    for (unsigned o = 0; o < FARTHEST && s->captured >= UDP_HEADER && o <= s->captured - UDP_HEADER; o++)
        if (take_udp(s, o, true, out))
            return true;
    return false;
}

static void begin(search *s, const packet_info *pinfo)
{
    const address *src = &pinfo->src, *dst = &pinfo->dst;

    s->pinfo = pinfo;
    s->addresses_length = 0;
    if (src->type == dst->type && src->len == dst->len &&
        ((src->type == AT_IPv4 && src->len == 4) || (src->type == AT_IPv6 && src->len == 16))) {
        memcpy(s->addresses, src->data, (size_t)src->len);
        memcpy(s->addresses + src->len, dst->data, (size_t)dst->len);
        s->addresses_length = (unsigned)src->len * 2;
    }
    s->any_ports = pinfo->ptype != PT_UDP;
    s->ports[0] = (uint8_t)(pinfo->srcport >> 8);
    s->ports[1] = (uint8_t)pinfo->srcport;
    s->ports[2] = (uint8_t)(pinfo->destport >> 8);
    s->ports[3] = (uint8_t)pinfo->destport;
}

static bool enter_source(search *s, const GSList *item)
{
    tvbuff_t *tvb = get_data_source_tvb((const struct data_source *)item->data);

    s->bytes = wr_tvb_bytes(tvb, &s->captured);
    s->reported = s->bytes != NULL ? MAX(tvb_reported_length(tvb), s->captured) : 0;
    return s->bytes != NULL;
}

/* Fragments put together begin with the UDP header. */
static bool take_reassembled(const search *s, const struct data_source *source, wr_udp_header *out)
{
    /* With nothing to compare, only the source's name tells it from a decrypted one. */
    if (s->any_ports && !wr_data_source_is(source, "Reassembled IP"))
        return false;
    return take_udp(s, 0, true, out);
}

/* Nearly every packet: whole IPv4 with UDP, right behind an Ethernet header. The general search would find the same. */
static bool find_behind_ethernet(const packet_info *pinfo, wr_udp_header *out)
{
    const address *src = &pinfo->src, *dst = &pinfo->dst;
    const uint8_t *p;
    unsigned captured, header;

    if (pinfo->ptype != PT_UDP || src->type != AT_IPv4 || dst->type != AT_IPv4 || pinfo->data_src == NULL)
        return false;
    p = wr_tvb_bytes(get_data_source_tvb((const struct data_source *)pinfo->data_src->data), &captured);
    if (captured < ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER)
        return false;
    p += ETHERNET_HEADER;
    header = (p[0] & 15u) * 4;
    if (p[0] >> 4 != 4 || header < IPV4_HEADER || p[9] != IPPROTO_OF_UDP || (read_u16(p + 6) & 0x3FFF) != 0 ||
        captured < ETHERNET_HEADER + header + UDP_HEADER || memcmp(p + IPV4_ADDRESSES, src->data, 4) != 0 ||
        memcmp(p + IPV4_ADDRESSES + 4, dst->data, 4) != 0)
        return false;
    p += header;
    captured -= ETHERNET_HEADER + header + UDP_HEADER;
    out->src_port = (uint16_t)read_u16(p);
    out->dst_port = (uint16_t)read_u16(p + 2);
    out->payload = p + UDP_HEADER;
    if (out->src_port != pinfo->srcport || out->dst_port != pinfo->destport || read_u16(p + 4) < UDP_HEADER)
        return false;
    out->length = read_u16(p + 4) - UDP_HEADER;
    out->captured = MIN(captured, out->length);
    return true;
}

bool wr_find_udp(const packet_info *pinfo, wr_udp_header *out)
{
    search s;
    wr_udp_header found;
    finding best = NOT_HERE;
    unsigned n = 0;

    out->outermost = find_behind_ethernet(pinfo, out);
    if (out->outermost)
        return true;
    begin(&s, pinfo);
    for (const GSList *l = pinfo->data_src; l != NULL && n < MOST_SOURCES; l = l->next, n++) {
        finding is;

        if (!enter_source(&s, l))
            continue;
        is = find_behind_ip(&s, &found);
        if (is > best) {
            *out = found;
            out->outermost = false;
            best = is;
        }
        if (best == WHOLE)
            return true;
        if (n > 0 && take_reassembled(&s, (const struct data_source *)l->data, out))
            return true;
    }
    if (best == PART)
        return true;
    n = 0;
    for (const GSList *l = pinfo->data_src; l != NULL && n < MOST_SOURCES; l = l->next, n++)
        if (enter_source(&s, l) && find_by_ports(&s, out))
            return true;
    return false;
}
