/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/bus.h"

#define MOST_LIMITS 16 /* bounds named of one packet */

wmem_list_t *wr_bus_list(packet_info *pinfo, int proto, wr_packet_key key)
{
    return (wmem_list_t *)p_get_proto_data(pinfo->pool, pinfo, proto, key);
}

void wr_bus_put(packet_info *pinfo, int proto, wr_packet_key key, void *record)
{
    wmem_list_t *list = wr_bus_list(pinfo, proto, key);

    if (list == NULL) {
        list = wmem_list_new(pinfo->pool);
        p_add_proto_data(pinfo->pool, pinfo, proto, key, list);
        if (key == WR_BUS_CARRIED)
            wr_bus_mark_carried(pinfo);
        else
            wr_bus_mark(pinfo);
    }
    wmem_list_append(list, record);
}

void wr_limit_on_bus(packet_info *pinfo, const char *name)
{
    const int proto = proto_get_id_by_filter_name("webrtc");
    wmem_list_t *list;

    if (PINFO_FD_VISITED(pinfo) || proto == -1)
        return;
    list = wr_bus_list(pinfo, proto, WR_BUS_LIMITS);
    if (list == NULL || wmem_list_count(list) < MOST_LIMITS)
        wr_bus_put(pinfo, proto, WR_BUS_LIMITS, (void *)name);
}
