/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HEP (Homer Encapsulation Protocol): what a server saw, in the clear, sent to whoever collects it: SIP with the
 * addresses it had; in version 3 RTCP and JSON, too. No series of Wireshark has a dissector of its own for it; one that
 * does is left to it.
 *
 * Version 3 is told by its first bytes, over UDP, TCP and TLS; versions 1 and 2, over UDP, by the SIP behind their
 * head.
 */
#include "signal.h"

#include "formats/hep.h"
#include "formats/unwrap.h"
#include "wr_epan/tcp.h"

#define MAX_INFLATED (1u << 20)

static int proto_hep = -1, hf_kind = -1, hf_agent = -1, hf_src_port = -1, hf_dst_port = -1;
static int hf_src4 = -1, hf_dst4 = -1, hf_src6 = -1, hf_dst6 = -1;
static int ett_hep = -1;
static expert_field ei_cut = EI_INIT;
static dissector_handle_t hep_handle, sip_handle, rtcp_handle;

/* ---- what it carries ---- */

/* From here on the packet is what the server saw. */
static void set_ends(tvbuff_t *tvb, packet_info *pinfo, const wr_hep *h)
{
    const int type = h->address_length == 16 ? AT_IPv6 : AT_IPv4;

    if (h->src == 0 || h->dst == 0)
        return;
    set_address_tvb(&pinfo->net_src, type, (int)h->address_length, tvb, (int)h->src);
    set_address_tvb(&pinfo->net_dst, type, (int)h->address_length, tvb, (int)h->dst);
    copy_address_shallow(&pinfo->src, &pinfo->net_src);
    copy_address_shallow(&pinfo->dst, &pinfo->net_dst);
    pinfo->srcport = h->src_port;
    pinfo->destport = h->dst_port;
    pinfo->ptype = h->protocol == 6 ? PT_TCP : PT_UDP;
    find_or_create_conversation(pinfo);
}

static void call_json(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const signal_carrier carrier = {.carrier = WR_CARRIER_UDP};

    if (signal_is_worthwhile(tvb, pinfo, tree))
        signal_dissect(tvb, pinfo, tree, &carrier);
    signal_show_content(tvb, pinfo, tree);
}

static void call_payload(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const wr_hep *h)
{
    const uint8_t first = tvb_captured_length(tvb) > 0 ? wr_tvb_u8(tvb, 0) : 0;
    const unsigned layers = wmem_list_count(pinfo->layers);

    if (h->kind == WR_HEP_SIP && sip_handle != NULL)
        call_dissector(sip_handle, tvb, pinfo, tree);
    else if (h->kind == WR_HEP_RTCP && (first & 0xc0) == 0x80 && rtcp_handle != NULL)
        call_dissector(rtcp_handle, tvb, pinfo, tree);
    else if (h->kind >= WR_HEP_JSON || first == '{' || first == '[')
        call_json(tvb, pinfo, tree);
    else
        call_data_dissector(tvb, pinfo, tree);
    signal_trim_layers(pinfo, layers);
}

/* NULL when it cannot be unpacked. */
static tvbuff_t *unpacked(tvbuff_t *tvb, packet_info *pinfo, const wr_hep *h)
{
    bool cut = false;
    GByteArray *made = wr_unwrap_inflate(tvb_get_ptr(tvb, (int)h->payload, (int)h->payload_length), h->payload_length,
                                         MAX_INFLATED, &cut);
    tvbuff_t *out;

    if (made == NULL || cut) {
        if (made != NULL)
            g_byte_array_unref(made);
        return NULL;
    }
    out = tvb_new_child_real_data(tvb, wmem_memdup(pinfo->pool, made->data, made->len), made->len, (int)made->len);
    g_byte_array_unref(made);
    add_new_data_source(pinfo, out, "Unpacked HEP payload");
    return out;
}

static void show_head(tvbuff_t *tvb, proto_tree *tree, const wr_hep *h)
{
    const bool v6 = h->address_length == 16;

    if (h->src != 0)
        proto_tree_add_item(tree, v6 ? hf_src6 : hf_src4, tvb, (int)h->src, (int)h->address_length, ENC_BIG_ENDIAN);
    if (h->dst != 0)
        proto_tree_add_item(tree, v6 ? hf_dst6 : hf_dst4, tvb, (int)h->dst, (int)h->address_length, ENC_BIG_ENDIAN);
    proto_tree_add_uint(tree, hf_src_port, tvb, 0, 0, h->src_port);
    proto_tree_add_uint(tree, hf_dst_port, tvb, 0, 0, h->dst_port);
    proto_tree_add_uint(tree, hf_kind, tvb, 0, 0, h->kind);
    proto_tree_add_uint(tree, hf_agent, tvb, 0, 0, h->agent);
}

static int dissect_hep(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    proto_item *item = proto_tree_add_item(tree, proto_hep, tvb, 0, -1, ENC_NA);
    proto_tree *sub = proto_item_add_subtree(item, ett_hep);
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    tvbuff_t *payload;
    wr_hep h;
    bool old;

    (void)data;
    if (bytes == NULL || captured < WR_HEP_HEAD)
        return (int)captured;
    old = wr_hep_read_old(bytes, captured, &h);
    col_add_fstr(pinfo->cinfo, COL_PROTOCOL, "HEP%u", old ? bytes[0] : 3);
    if (!old && !wr_hep_read(bytes, captured, &h))
        expert_add_info(pinfo, item, &ei_cut);
    show_head(tvb, sub, &h);
    if (h.payload == 0 || h.payload_length == 0)
        return (int)captured;
    payload = h.packed ? unpacked(tvb, pinfo, &h) : tvb_new_subset_length(tvb, (int)h.payload, (int)h.payload_length);
    if (payload == NULL) {
        expert_add_info(pinfo, item, &ei_cut);
        return (int)captured;
    }
    set_ends(tvb, pinfo, &h);
    call_payload(payload, pinfo, tree, &h);
    return (int)captured;
}

/* ---- where it is looked for ---- */

static bool is_old(tvbuff_t *tvb)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    wr_hep h;

    return bytes != NULL && wr_hep_read_old(bytes, captured, &h);
}

static size_t length_at(tvbuff_t *tvb)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

    return bytes != NULL ? wr_hep_length(bytes, captured) : 0;
}

static wr_bool dissect_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const size_t length = length_at(tvb);

    if ((length == 0 || length != tvb_reported_length(tvb)) && !is_old(tvb))
        return FALSE;
    dissect_hep(tvb, pinfo, tree, data);
    return TRUE;
}

static unsigned message_length(tvbuff_t *tvb, unsigned offset)
{
    return MAX(tvb_get_ntohs(tvb, (int)offset + 4), WR_HEP_HEAD);
}

static int dissect_stream(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    wr_tcp_messages(tvb, pinfo, tree, WR_HEP_HEAD, message_length, dissect_hep, data);
    return (int)tvb_captured_length(tvb);
}

static wr_bool dissect_segment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (length_at(tvb) == 0)
        return FALSE;
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num, hep_handle);
    dissect_stream(tvb, pinfo, tree, data);
    return TRUE;
}

void signal_register_hep(void)
{
    static const value_string kinds[] = {{WR_HEP_SIP, "SIP"}, {WR_HEP_RTCP, "RTCP"}, {0, NULL}};
    static hf_register_info hf[] = {
        {&hf_kind,
         {"Payload", "webrtc_hep.kind", FT_UINT32, BASE_DEC, VALS(kinds), 0, "What the server saw: 1 SIP, 5 RTCP",
          HFILL}},
        {&hf_agent,
         {"Agent", "webrtc_hep.agent", FT_UINT32, BASE_DEC, NULL, 0, "Number of the server that saw it", HFILL}},
        {&hf_src4, {"Source", "webrtc_hep.src", FT_IPv4, BASE_NONE, NULL, 0, "Whence the server got it", HFILL}},
        {&hf_dst4, {"Destination", "webrtc_hep.dst", FT_IPv4, BASE_NONE, NULL, 0, "Where it went", HFILL}},
        {&hf_src6, {"Source", "webrtc_hep.src6", FT_IPv6, BASE_NONE, NULL, 0, "Whence the server got it", HFILL}},
        {&hf_dst6, {"Destination", "webrtc_hep.dst6", FT_IPv6, BASE_NONE, NULL, 0, "Where it went", HFILL}},
        {&hf_src_port,
         {"Source port", "webrtc_hep.srcport", FT_UINT32, BASE_DEC, NULL, 0, "Port of the source", HFILL}},
        {&hf_dst_port,
         {"Destination port", "webrtc_hep.dstport", FT_UINT32, BASE_DEC, NULL, 0, "Port of the destination", HFILL}},
    };
    static int *ett[] = {&ett_hep};
    static ei_register_info ei[] = {
        {&ei_cut,
         {"webrtc_hep.malformed", PI_MALFORMED, PI_WARN, "HEP message is broken, or not wholly there", EXPFILL}},
    };

    if (proto_get_id_by_filter_name("hep") != -1) /* Wireshark has one */
        return;
    proto_hep = proto_register_protocol("Homer Encapsulation Protocol", "HEP", "webrtc_hep");
    proto_register_field_array(proto_hep, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_hep), ei, array_length(ei));
}

void signal_handoff_hep(void)
{
    if (proto_hep == -1)
        return;
    sip_handle = find_dissector_add_dependency("sip", proto_hep);
    rtcp_handle = find_dissector_add_dependency("rtcp", proto_hep);
    hep_handle = create_dissector_handle_with_name_and_description(dissect_stream, proto_hep, "webrtc_hep_stream",
                                                                   "HEP over TCP");
    heur_dissector_add("udp", dissect_datagram, "HEP over UDP", "webrtc_hep_udp", proto_hep, HEURISTIC_ENABLE);
    heur_dissector_add("tcp", dissect_segment, "HEP over TCP", "webrtc_hep_tcp", proto_hep, HEURISTIC_ENABLE);
    heur_dissector_add("tls", dissect_segment, "HEP over TLS", "webrtc_hep_tls", proto_hep, HEURISTIC_ENABLE);
}
