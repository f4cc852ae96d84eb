/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSocket messages (RFC 6455). */
#include "signal.h"

static wr_bool dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_WEBSOCKET};
    const unsigned layers = wmem_list_count(pinfo->layers);
    tvbuff_t *whole;

    (void)data;
    wr_packet_begin_message(pinfo, proto_webrtc_signal);
    signal_fill_from_connection(pinfo, &carrier);
    if (signal_dissect_mqtt(tvb, pinfo, tree, &carrier))
        return FALSE;
    if (!signal_put_together(tvb, pinfo, tree, &whole))
        return FALSE;
    tvb = whole != NULL ? whole : tvb;
    signal_follow_copies(pinfo);
    signal_follow_bytes(pinfo);
    signal_remark_json(tvb, pinfo, WR_DIRECTION_UNKNOWN);
    if (!signal_is_worthwhile(tvb, pinfo, tree)) {
        signal_listen(tvb, pinfo);
        return FALSE;
    }
    if (signal_is_shared(pinfo))
        signal_fill_shared(pinfo, tvb, &carrier);
    if (!signal_dissect(tvb, pinfo, tree, &carrier))
        return FALSE;
    if (whole == NULL)
        signal_needs_no_parts(pinfo);
    signal_show_content(tvb, pinfo, tree);
    /* The built-in dissector goes on as if nobody had been here: what users filter for stays. */
    signal_trim_layers(pinfo, layers);
    return FALSE;
}

void signal_handoff_websocket(void)
{
    heur_dissector_add("ws", dissect_message, "WebRTC signalling over WebSocket", "webrtc_signal_ws",
                       proto_webrtc_signal, HEURISTIC_ENABLE);
}
