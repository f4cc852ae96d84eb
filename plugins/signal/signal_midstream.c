/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP connections that are recognised as WebSocket by their frames, when the upgrade is not in the capture. */
#include "signal_frames.h"

static dissector_handle_t websocket_handle, forward_handle;

/* The WebSocket dissector of 4.6 takes its data argument for what HTTP says of an upgrade, and calls functions through
 * it. TCP's own data must never get there, and TCP hands it to whatever dissector a conversation has: hence this one.
 */
static int forward(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    (void)data;
    /* One call deeper than TCP expects, and a message may need the next segment. */
    if (pinfo->can_desegment > 0)
        pinfo->can_desegment++;
    signal_show_data(tvb, pinfo, tree);
    return call_dissector_only(websocket_handle, tvb, pinfo, tree, NULL);
}

static wr_bool dissect_segment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    signal_frame f;

    if (bytes == NULL || bytes[0] != SIGNAL_TEXT_MESSAGE || captured < tvb_reported_length(tvb) ||
        !signal_frame_is_signalling(pinfo, bytes, captured, &f))
        return FALSE;
    /* RFC 6455 5.1: a client masks every frame, a server none. */
    signal_learn_client(pinfo, f.masked);
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num, forward_handle);
    forward(tvb, pinfo, tree, data);
    return TRUE;
}

void signal_handoff_midstream(void)
{
    websocket_handle = find_dissector("websocket");
    if (websocket_handle != NULL) {
        forward_handle = create_dissector_handle_with_name_and_description(forward, -1, "webrtc_signal_websocket",
                                                                           "WebSocket without its upgrade");
        heur_dissector_add("tcp", dissect_segment, "WebRTC signalling over WebSocket, upgrade not captured",
                           "webrtc_signal_tcp", proto_webrtc_signal, HEURISTIC_ENABLE);
    }
}
