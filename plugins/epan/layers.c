/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/layers.h"

bool wr_is_protected(const packet_info *pinfo)
{
    static int tls = -2, quic = -2, dtls = -2;

    if (tls == -2) {
        tls = proto_get_id_by_filter_name("tls");
        quic = proto_get_id_by_filter_name("quic");
        dtls = proto_get_id_by_filter_name("dtls");
    }
    for (wmem_list_frame_t *f = wmem_list_head(pinfo->layers); f != NULL; f = wmem_list_frame_next(f)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(f));
        if (proto == tls || proto == quic || proto == dtls)
            return true;
    }
    return false;
}
