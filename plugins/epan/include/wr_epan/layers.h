/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The protocols that a packet is made of, up to where dissection has come. */
#ifndef WR_EPAN_LAYERS_H
#define WR_EPAN_LAYERS_H

#include "wr_epan/compat.h"

/* The packet holds a layer of this protocol (its id). */
static inline bool wr_has_layer(const packet_info *pinfo, int proto)
{
    for (wmem_list_frame_t *f = wmem_list_tail(pinfo->layers); f != NULL; f = wmem_list_frame_prev(f))
        if (GPOINTER_TO_INT(wmem_list_frame_data(f)) == proto)
            return true;
    return false;
}

/* Encryption lies beneath what is being dissected now: TLS, QUIC or DTLS, opened with keys. */
bool wr_is_protected(const packet_info *pinfo);

#endif
