/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSocket messages (RFC 6455). */
#include "signal.h"

#include "core/unwrap.h"

static dissector_handle_t json_handle, text_handle;

/* The JSON tree for the JSON of a message, else its lines, as the built-in dissector would show them. */
static void show_content(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    const char *saved = pinfo->match_string;
    wr_framing framing;
    size_t start;

    pinfo->match_string = NULL;
    if (bytes != NULL && json_handle != NULL && wr_unwrap_prefix(bytes, captured, 0, &start, &framing)) {
        call_dissector(json_handle, tvb_new_subset_remaining(tvb, (int)start), pinfo, tree);
    } else if (text_handle != NULL && bytes != NULL && g_utf8_validate((const char *)bytes, captured, NULL)) {
        call_dissector(text_handle, tvb, pinfo, tree);
    } else {
        call_data_dissector(tvb, pinfo, tree);
    }
    pinfo->match_string = saved;
}

static wr_bool dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    signal_carrier carrier = {WR_CARRIER_WEBSOCKET, WR_DIRECTION_UNKNOWN, NULL, NULL, NULL, NULL, NULL};

    (void)data;
    if (!signal_is_worthwhile(tvb, pinfo, tree)) {
        return FALSE;
    }
    signal_fill_from_connection(pinfo, &carrier);
    signal_remark_json(tvb, pinfo, carrier.direction);
    if (!signal_dissect(tvb, pinfo, tree, &carrier)) {
        return FALSE;
    }
    show_content(tvb, pinfo, tree);
    return TRUE;
}

void signal_handoff_websocket(void)
{
    json_handle = find_dissector("json");
    text_handle = find_dissector("data-text-lines");
    heur_dissector_add("ws", dissect_message, "WebRTC signalling over WebSocket", "webrtc_signal_ws",
                       proto_webrtc_signal, HEURISTIC_ENABLE);
}
