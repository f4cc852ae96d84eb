/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTTP/2 in the clear, begun without an upgrade from HTTP/1.1 (RFC 9113 3.3). Wireshark 4.0 knows it on ports of HTTP
 * alone; later series have a heuristic for it, and then this one is not there. */
#include "signal.h"

#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" /* RFC 9113 3.4 */

static dissector_handle_t http2_handle;

static wr_bool dissect_preface(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (tvb_captured_length(tvb) < sizeof PREFACE - 1 ||
        tvb_memeql(tvb, 0, (const uint8_t *)PREFACE, sizeof PREFACE - 1) != 0)
        return FALSE;
    /* This packet comes here on later passes too: the HTTP/2 dissector finds what it kept by the number of layers
     * beneath. */
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num + 1, http2_handle);
    call_dissector_with_data(http2_handle, tvb, pinfo, tree, data);
    return TRUE;
}

void signal_handoff_http2(void)
{
    const heur_dtbl_entry_t *builtin = find_heur_dissector_by_unique_short_name("http2_tcp");

    http2_handle = find_dissector("http2");
    /* 4.0 has it among the heuristics of HTTP. */
    if (http2_handle != NULL && (builtin == NULL || strcmp(builtin->list_name, "tcp") != 0)) {
        heur_dissector_add("tcp", dissect_preface, "HTTP/2 over TCP, for WebRTC signalling", "webrtc_signal_http2",
                           proto_webrtc_signal, HEURISTIC_ENABLE);
    }
}
