/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/place.h"
#include "wr_epan/buffers.h"
#include "wr_epan/thinned.h"

#include <wiretap/wtap.h>

uint16_t wr_point_of(const packet_info *pinfo)
{
    if (pinfo->rec == NULL || (pinfo->rec->presence_flags & WTAP_HAS_INTERFACE_ID) == 0)
        return 0;
    return (uint16_t)MIN(pinfo->rec->rec_header.packet_header.interface_id, UINT16_MAX);
}

int wr_time_digits(const packet_info *pinfo)
{
    return pinfo->rec != NULL && pinfo->rec->tsprec >= 0 && pinfo->rec->tsprec <= 9 ? pinfo->rec->tsprec : -1;
}

#define MAC 6

static uint32_t mac_mix(const uint8_t *mac)
{
    uint64_t x = 0;

    for (int i = 0; i < MAC; i++)
        x = x << 8 | mac[i];
    x *= UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(x >> 32);
}

/* The same for both directions of a link. Nothing is looked up by it alone, so that nobody gains by making two meet. */
static uint32_t link_of(const packet_info *pinfo)
{
    const address *a = &pinfo->dl_src, *b = &pinfo->dl_dst;

    if (a->type != AT_ETHER || b->type != AT_ETHER || a->len != MAC || b->len != MAC || a->data == NULL ||
        b->data == NULL)
        return 0;
    return mac_mix((const uint8_t *)a->data) + mac_mix((const uint8_t *)b->data);
}

wr_place wr_place_of(const packet_info *pinfo)
{
    wr_place at;

    memset(&at, 0, sizeof at);
    at.frame = wr_frame_of(pinfo);
    at.time_us = (int64_t)pinfo->abs_ts.secs * 1000000 + pinfo->abs_ts.nsecs / 1000;
    at.point = wr_point_of(pinfo);
    at.src = wr_endpoint_from_address(&pinfo->src, pinfo->srcport);
    at.dst = wr_endpoint_from_address(&pinfo->dst, pinfo->destport);
    at.link = link_of(pinfo);
    return at;
}

#define IPV4_HEADER 20
#define IPV6_HEADER 40

static uint8_t ttl_at(const packet_info *pinfo, const uint8_t *ip, unsigned len)
{
    if (pinfo->src.type == AT_IPv4 && pinfo->dst.type == AT_IPv4 && len >= IPV4_HEADER && ip[0] >> 4 == 4 &&
        memcmp(ip + 12, pinfo->src.data, 4) == 0 && memcmp(ip + 16, pinfo->dst.data, 4) == 0)
        return ip[8];
    if (pinfo->src.type == AT_IPv6 && pinfo->dst.type == AT_IPv6 && len >= IPV6_HEADER && ip[0] >> 4 == 6 &&
        memcmp(ip + 8, pinfo->src.data, 16) == 0 && memcmp(ip + 24, pinfo->dst.data, 16) == 0)
        return ip[7];
    return 0;
}

uint8_t wr_ttl_of(const packet_info *pinfo)
{
    /* raw IP, loopback, Ethernet, cooked (both versions), VLAN */
    static const unsigned headers[] = {14, 18, 0, 4, 16, 20};
    unsigned captured = 0;
    const uint8_t *p =
        pinfo->data_src != NULL
            ? wr_tvb_bytes(get_data_source_tvb((const struct data_source *)pinfo->data_src->data), &captured)
            : NULL;
    uint8_t ttl = 0;

    for (size_t i = 0; p != NULL && ttl == 0 && i < G_N_ELEMENTS(headers); i++)
        if (headers[i] < captured)
            ttl = ttl_at(pinfo, p + headers[i], captured - headers[i]);
    return ttl;
}

/* The first conversation's index may be 0 in Wireshark, so one is added. */
uint32_t wr_connection_id(packet_info *pinfo)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation != NULL ? conversation->conv_index + 1 : 0;
}
