/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a decoder tells the report of a bound that it reached. */
#include "wr_epan/bus.h"
#include "wr_epan/compat.h"

#include <epan/proto_data.h>

void wr_limit_on_bus(packet_info *pinfo, const char *name)
{
    const int proto = proto_get_id_by_filter_name("webrtc");
    wmem_list_t *list;

    if (PINFO_FD_VISITED(pinfo) || proto == -1)
        return;
    list = (wmem_list_t *)p_get_proto_data(pinfo->pool, pinfo, proto, WR_BUS_LIMITS);
    if (list == NULL) {
        list = wmem_list_new(pinfo->pool);
        p_add_proto_data(pinfo->pool, pinfo, proto, WR_BUS_LIMITS, list);
        wr_bus_mark(pinfo);
    } else if (wmem_list_count(list) >= 16) {
        return;
    }
    wmem_list_append(list, (void *)name);
}
