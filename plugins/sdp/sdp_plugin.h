/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the plugin webrtc_sdp share.
 */
#ifndef WR_SDP_PLUGIN_H
#define WR_SDP_PLUGIN_H

#include "wr_epan/buffers.h"
#include "wr_epan/bus.h"
#include "wr_epan/http.h"
#include "wr_epan/layers.h"
#include "wr_epan/place.h"

/* Fields and expert infos of the protocol (sdp_fields.c). */
void wr_sdp_register_fields(int proto);

/* Shows sdp, which was read from the beginning of tvb. bare: the description came as a body of its own, so what is
 * known of its carrier is shown too (webrtc_signal has shown it otherwise). Without a tree only expert infos are
 * added. */
void wr_sdp_show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto, const wr_sdp *sdp,
                 const wr_signalling_context *context, bool bare);

/* What is known of a body that a media type brought here: carrier, direction, dialect, call, and the kind where the
 * carrier tells it. Strings live in pinfo->pool. data is what the table "media_type" gave. */
wr_signalling_context wr_sdp_body_context(tvbuff_t *tvb, packet_info *pinfo, const void *data, const wr_sdp *sdp);

#endif
