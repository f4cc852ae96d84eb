/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media of a call. Encrypted, it is nothing that any of Wireshark's hundred and more UDP heuristics could make out, yet
 * each of them is asked about each packet of it, which is most of the time that reading a call takes, and now and then
 * one of them takes it for its own. Where the path is proven to be that of a call, the packet is therefore shown as it
 * is shown when they have all declined: as data. What comes before heuristics stays: conversations that another
 * dissector has taken, and "Decode As". So does the heuristic of RTP where the user has enabled it, and RTCP in clear
 * is left to that of RTCP.
 */
#include "audit.h"
#include "rtp/rtcp.h"

static heur_dtbl_entry_t *rtp; /* off unless the user wants it */

/* RTCP in clear is left to the heuristic that Wireshark has for it. */
static bool is_encrypted_media(tvbuff_t *tvb)
{
    const unsigned captured = tvb_captured_length(tvb), length = tvb_reported_length(tvb);
    const uint8_t *bytes = tvb_get_ptr(tvb, 0, (int)captured);

    if (wr_payload_look(bytes, captured, length) != WR_LOOK_MEDIA)
        return false;
    return !wr_is_rtcp_type(bytes[1]) || (captured == length && wr_rtcp_look_at(bytes, length) == WR_RTCP_OPAQUE);
}

static wr_bool show_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const wr_carriage how = {.transport = WR_TRANSPORT_UDP};
    wr_engine *e = wr_audit_engine();
    wr_place at;

    if (e == NULL || !wr_engine_has_flows(e) || pinfo->ptype != PT_UDP || pinfo->flags.in_error_pkt ||
        (rtp != NULL && rtp->enabled) || !is_encrypted_media(tvb))
        return false;
    at = wr_place_of(pinfo);
    if (!wr_engine_is_media_path(e, &at, &how, !PINFO_FD_VISITED(pinfo)))
        return false;
    call_data_dissector(tvb, pinfo, tree);
    return true;
}

void wr_audit_media_handoff(void)
{
    rtp = find_heur_dissector_by_unique_short_name("rtp_udp");
    heur_dissector_add("udp", show_media, "Media of a WebRTC call over UDP", "webrtc_media_udp", proto_webrtc,
                       HEURISTIC_ENABLE);
}
