/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Payload that a description says is SFrame (RFC 9605, a=sframe or an encoding name of its own): who opens SRTP sees
 * what a forwarding server sees, and no more. Codecs are kept away from it.
 */
#include "audit.h"

static int proto_sframe, hf_payload, ett_sframe = -1;

static int dissect_sframe(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const int n = (int)tvb_reported_length(tvb);
    proto_item *item;

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "SFrame");
    col_append_str(pinfo->cinfo, COL_INFO, ", still encrypted end to end");
    item = proto_tree_add_protocol_format(tree, proto_sframe, tvb, 0, -1,
                                          "Secure Frame (RFC 9605): opened to the layer of the forwarding server; the "
                                          "payload is still encrypted");
    proto_tree_add_item(proto_item_add_subtree(item, ett_sframe), hf_payload, tvb, 0, n, ENC_NA);
    return n;
}

void wr_audit_register_sframe(void)
{
    static hf_register_info hf[] = {
        {&hf_payload,
         {"Encrypted payload", "webrtc_sframe.payload", FT_BYTES, BASE_NONE, NULL, 0x0,
          "Encrypted for the far endpoint, by keys that are none of SRTP's", HFILL}},
    };
    static int *ett[] = {&ett_sframe};

    proto_sframe = proto_register_protocol("Secure Frame in WebRTC media", "SFrame", "webrtc_sframe");
    proto_register_field_array(proto_sframe, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
}

void wr_audit_sframe_handoff(void)
{
    dissector_add_string("rtp_dyn_payload_type", "sframe", create_dissector_handle(dissect_sframe, proto_sframe));
}
