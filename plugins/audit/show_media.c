/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a packet of media. */
#include "audit.h"

static int hf_authenticated;
static expert_field ei_not_authentic = EI_INIT;

void wr_audit_show_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const wr_media_authenticity known = wr_engine_authenticity(wr_audit_engine(), wr_frame_of(pinfo));
    proto_item *item;

    if (known == WR_MEDIA_UNKNOWN)
        return;
    item = proto_tree_add_boolean(tree, hf_authenticated, tvb, 0, 0, known == WR_MEDIA_AUTHENTIC);
    proto_item_set_generated(item);
    if (known == WR_MEDIA_NOT_AUTHENTIC)
        expert_add_info(pinfo, item, &ei_not_authentic);
}

void wr_audit_register_media(int proto)
{
    static hf_register_info hf[] = {
        {&hf_authenticated,
         {"Authenticated", "webrtc.media.authenticated", FT_BOOLEAN, BASE_NONE, NULL, 0x0,
          "The packet carries a valid SRTP or SRTCP tag of its association's keys; absent where these are not known",
          HFILL}},
    };
    static ei_register_info ei[] = {
        {&ei_not_authentic,
         {"webrtc.media.not_authentic", PI_SECURITY, PI_NOTE,
          "No valid tag of this association's keys: injected, or damaged", EXPFILL}},
    };

    proto_register_field_array(proto, hf, array_length(hf));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
