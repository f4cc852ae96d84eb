/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/place.h"
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

wr_place wr_place_of(const packet_info *pinfo)
{
    wr_place at;

    memset(&at, 0, sizeof at);
    at.frame = wr_frame_of(pinfo);
    at.time_us = (int64_t)pinfo->abs_ts.secs * 1000000 + pinfo->abs_ts.nsecs / 1000;
    at.point = wr_point_of(pinfo);
    at.src = wr_endpoint_from_address(&pinfo->src, pinfo->srcport);
    at.dst = wr_endpoint_from_address(&pinfo->dst, pinfo->destport);
    return at;
}

/* The first conversation's index may be 0 in Wireshark, so one is added. */
uint32_t wr_connection_id(packet_info *pinfo)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation != NULL ? conversation->conv_index + 1 : 0;
}
