/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/packet_data.h"

#define NUMBER_BITS 27 /* keys of messages lie above all that stand for themselves */

static unsigned *messages_so_far(packet_info *pinfo, int proto)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto, WR_MESSAGES_SO_FAR);
}

void wr_packet_begin_message(packet_info *pinfo, int proto)
{
    unsigned *n = messages_so_far(pinfo, proto);

    if (n == NULL) {
        n = wmem_new0(pinfo->pool, unsigned);
        p_add_proto_data(pinfo->pool, pinfo, proto, WR_MESSAGES_SO_FAR, n);
    }
    ++*n;
}

uint32_t wr_packet_message_key(packet_info *pinfo, int proto, wr_packet_key key, uint32_t number)
{
    const unsigned *n = messages_so_far(pinfo, proto);

    number += n != NULL ? *n : 0;
    return (uint32_t)key << NUMBER_BITS | (number & ((1u << NUMBER_BITS) - 1));
}
