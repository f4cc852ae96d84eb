/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SRTCP (RFC 3711 3.4) as far as it can be read: type, length and SSRC stand in clear, all else is ciphertext, which
 * Wireshark's own dissector would read on as if it were reports. Its fields are used, where it has them.
 */
#include "audit.h"
#include "wr_epan/buffers.h"

static int proto_srtcp, proto_rtcp, hf_version, hf_type, hf_length, hf_ssrc, hf_payload, hf_index, hf_encrypted, hf_tag;
static int ett_srtcp = -1;
static bool has_fields = true;

/* Also the filter "rtcp" finds it: without the plugins a heuristic shows some of it so. */
static void add_hidden(tvbuff_t *tvb, proto_tree *tree)
{
    if (proto_rtcp > 0 && proto_rtcp != proto_srtcp)
        proto_item_set_hidden(proto_tree_add_item(tree, proto_rtcp, tvb, 0, -1, ENC_NA));
}

/* E flag, index and tag, whose places the profile tells (RFC 7714 9.2 has the tag before them). */
static void show_trailer(tvbuff_t *tvb, proto_tree *tree, const wr_srtp_profile *profile, int length)
{
    const bool gcm = profile->cipher == WR_SRTP_GCM;
    const int tag = profile->rtcp_tag, index = gcm ? length - 4 : length - tag - 4;

    if (index < 8 + (gcm ? tag : 0))
        return;
    proto_tree_add_item(tree, hf_payload, tvb, 8, index - 8 - (gcm ? tag : 0), ENC_NA);
    proto_tree_add_item(tree, hf_encrypted, tvb, index, 4, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_index, tvb, index, 4, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_tag, tvb, gcm ? index - tag : index + 4, tag, ENC_NA);
}

/* data: the profile, or NULL where it is not known. */
static int dissect_srtcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const wr_srtp_profile *profile = data;
    static const char *const names[] = {
        "Sender Report", "Receiver Report",    "Source Description",        "Goodbye",
        "Application",   "Transport Feedback", "Payload-specific Feedback", "Extended Report"};
    const int length = (int)tvb_reported_length(tvb);
    const unsigned type = wr_tvb_u8(tvb, 1);
    proto_tree *sub;

    col_set_str(pinfo->cinfo, COL_PROTOCOL, "SRTCP");
    col_set_str(pinfo->cinfo, COL_INFO, type >= 200 && type < 200 + G_N_ELEMENTS(names) ? names[type - 200] : "RTCP");
    if (tvb_captured_length(tvb) >= 8)
        col_append_fstr(pinfo->cinfo, COL_INFO, ", SSRC=0x%08X", tvb_get_ntohl(tvb, 4));
    if (tree == NULL || proto_srtcp <= 0 || !has_fields)
        return length;
    add_hidden(tvb, tree);
    sub = proto_item_add_subtree(proto_tree_add_item(tree, proto_srtcp, tvb, 0, -1, ENC_NA), ett_srtcp);
    if ((int)tvb_captured_length(tvb) < length || length < 8)
        return length;
    proto_tree_add_item(sub, hf_version, tvb, 0, 1, ENC_BIG_ENDIAN);
    proto_tree_add_item(sub, hf_type, tvb, 1, 1, ENC_BIG_ENDIAN);
    proto_tree_add_item(sub, hf_length, tvb, 2, 2, ENC_BIG_ENDIAN);
    proto_tree_add_item(sub, hf_ssrc, tvb, 4, 4, ENC_BIG_ENDIAN);
    if (profile != NULL)
        show_trailer(tvb, sub, profile, length);
    else if (length > 8)
        proto_tree_add_item(sub, hf_payload, tvb, 8, length - 8, ENC_NA);
    return length;
}

dissector_handle_t wr_audit_srtcp_handoff(void)
{
    static const struct {
        int *hf;
        const char *name;
    } fields[] = {{&hf_version, "rtcp.version"},
                  {&hf_type, "rtcp.pt"},
                  {&hf_length, "rtcp.length"},
                  {&hf_ssrc, "rtcp.senderssrc"},
                  {&hf_payload, "srtcp.encrypted_payload"},
                  {&hf_index, "srtcp.index"},
                  {&hf_encrypted, "srtcp.e"},
                  {&hf_tag, "srtcp.auth_tag"}};

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        *fields[i].hf = proto_registrar_get_id_byname(fields[i].name);
    proto_rtcp = proto_get_id_by_filter_name("rtcp");
    proto_srtcp = proto_get_id_by_filter_name("srtcp");
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        has_fields = has_fields && *fields[i].hf > 0; /* in another series the packet's line may be all */
    return create_dissector_handle(dissect_srtcp, proto_srtcp > 0 ? proto_srtcp : proto_webrtc);
}

void wr_audit_register_srtcp(void)
{
    static int *ett[] = {&ett_srtcp};

    proto_register_subtree_array(ett, array_length(ett));
}
