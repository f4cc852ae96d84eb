/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HEP version 3 (Homer Encapsulation Protocol): what a server saw, in the clear, sent to whoever collects it: SIP with
 * the addresses it had, RTCP, JSON. No series of Wireshark has a dissector of its own for it; one that does is left to
 * it.
 *
 * "HEP3", the length of all, then chunks: vendor (0: the generic ones), type, length with these six bytes.
 */
#include "signal.h"

#include "formats/unwrap.h"

#include <epan/dissectors/packet-tcp.h>

#define HEAD            6
#define CHUNK_HEAD      6
#define MAX_CHUNKS      256
#define MAX_INFLATED    (1u << 20)
#define KIND_SIP        1
#define KIND_RTCP       5
#define KIND_FIRST_JSON 32

enum {
    FAMILY = 1,
    PROTOCOL,
    IP4_SRC,
    IP4_DST,
    IP6_SRC,
    IP6_DST,
    PORT_SRC,
    PORT_DST,
    SECONDS,
    MICROSECONDS,
    KIND,
    AGENT,
    PAYLOAD = 15,
    PACKED,
};

typedef struct {
    unsigned address_type, address_length; /* of Wireshark; 0: none yet */
    int src, dst;                          /* offsets of the addresses, 0: none */
    uint32_t src_port, dst_port, protocol, kind, agent;
    int payload, payload_length; /* offset, 0: none */
    bool is_packed;
} capture_head;

static int proto_hep = -1, hf_kind = -1, hf_agent = -1, hf_chunk = -1, hf_src_port = -1, hf_dst_port = -1;
static int hf_src4 = -1, hf_dst4 = -1, hf_src6 = -1, hf_dst6 = -1;
static int ett_hep = -1;
static expert_field ei_cut = EI_INIT;
static dissector_handle_t hep_handle, sip_handle, rtcp_handle;

/* ---- chunks ---- */

static uint32_t number_in(tvbuff_t *tvb, int offset, int length)
{
    return length >= 4   ? tvb_get_ntohl(tvb, offset)
           : length >= 2 ? tvb_get_ntohs(tvb, offset)
           : length == 1 ? wr_tvb_u8(tvb, offset)
                         : 0;
}

static void take_address(capture_head *h, unsigned type, int offset, int length)
{
    const bool v6 = type == IP6_SRC || type == IP6_DST;

    if (length != (v6 ? 16 : 4))
        return;
    h->address_type = v6 ? AT_IPv6 : AT_IPv4;
    h->address_length = (unsigned)length;
    if (type == IP4_SRC || type == IP6_SRC)
        h->src = offset;
    else
        h->dst = offset;
}

static void take_chunk(tvbuff_t *tvb, capture_head *h, unsigned type, int offset, int length)
{
    switch (type) {
    case PROTOCOL:
        h->protocol = number_in(tvb, offset, length);
        break;
    case IP4_SRC:
    case IP4_DST:
    case IP6_SRC:
    case IP6_DST:
        take_address(h, type, offset, length);
        break;
    case PORT_SRC:
        h->src_port = number_in(tvb, offset, length);
        break;
    case PORT_DST:
        h->dst_port = number_in(tvb, offset, length);
        break;
    case KIND:
        h->kind = number_in(tvb, offset, length);
        break;
    case AGENT:
        h->agent = number_in(tvb, offset, length);
        break;
    case PAYLOAD:
    case PACKED:
        h->payload = offset;
        h->payload_length = length;
        h->is_packed = type == PACKED;
        break;
    default:
        break;
    }
}

/* False when the chunks do not fill the message. */
static bool read_chunks(tvbuff_t *tvb, proto_tree *tree, capture_head *h)
{
    int offset = HEAD;
    const int end = (int)tvb_captured_length(tvb);

    memset(h, 0, sizeof *h);
    for (unsigned n = 0; offset < end && n < MAX_CHUNKS; n++) {
        int length;
        if (end - offset < CHUNK_HEAD)
            return false;
        length = tvb_get_ntohs(tvb, offset + 4);
        if (length < CHUNK_HEAD || length > end - offset)
            return false;
        proto_tree_add_uint(tree, hf_chunk, tvb, offset, length, tvb_get_ntohs(tvb, offset + 2));
        if (tvb_get_ntohs(tvb, offset) == 0)
            take_chunk(tvb, h, tvb_get_ntohs(tvb, offset + 2), offset + CHUNK_HEAD, length - CHUNK_HEAD);
        offset += length;
    }
    return offset == end;
}

/* ---- what it carries ---- */

/* From here on the packet is what the server saw. */
static void set_ends(tvbuff_t *tvb, packet_info *pinfo, const capture_head *h)
{
    if (h->src == 0 || h->dst == 0)
        return;
    set_address_tvb(&pinfo->net_src, (int)h->address_type, (int)h->address_length, tvb, h->src);
    set_address_tvb(&pinfo->net_dst, (int)h->address_type, (int)h->address_length, tvb, h->dst);
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

static void call_payload(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const capture_head *h)
{
    const uint8_t first = tvb_captured_length(tvb) > 0 ? wr_tvb_u8(tvb, 0) : 0;
    const unsigned layers = wmem_list_count(pinfo->layers);

    if (h->kind == KIND_SIP && sip_handle != NULL)
        call_dissector(sip_handle, tvb, pinfo, tree);
    else if (h->kind == KIND_RTCP && (first & 0xc0) == 0x80 && rtcp_handle != NULL)
        call_dissector(rtcp_handle, tvb, pinfo, tree);
    else if (h->kind >= KIND_FIRST_JSON || first == '{' || first == '[')
        call_json(tvb, pinfo, tree);
    else
        call_data_dissector(tvb, pinfo, tree);
    signal_trim_layers(pinfo, layers);
}

/* NULL when it cannot be unpacked. */
static tvbuff_t *unpacked(tvbuff_t *tvb, packet_info *pinfo, const capture_head *h)
{
    bool cut = false;
    GByteArray *made = wr_unwrap_inflate(tvb_get_ptr(tvb, h->payload, h->payload_length), (size_t)h->payload_length,
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

static void show_head(tvbuff_t *tvb, proto_tree *tree, const capture_head *h)
{
    const bool v6 = h->address_type == AT_IPv6;

    if (h->src != 0)
        proto_tree_add_item(tree, v6 ? hf_src6 : hf_src4, tvb, h->src, (int)h->address_length, ENC_BIG_ENDIAN);
    if (h->dst != 0)
        proto_tree_add_item(tree, v6 ? hf_dst6 : hf_dst4, tvb, h->dst, (int)h->address_length, ENC_BIG_ENDIAN);
    proto_tree_add_uint(tree, hf_src_port, tvb, 0, 0, h->src_port);
    proto_tree_add_uint(tree, hf_dst_port, tvb, 0, 0, h->dst_port);
    proto_tree_add_uint(tree, hf_kind, tvb, 0, 0, h->kind);
    proto_tree_add_uint(tree, hf_agent, tvb, 0, 0, h->agent);
}

static int dissect_hep(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    proto_item *item = proto_tree_add_item(tree, proto_hep, tvb, 0, -1, ENC_NA);
    proto_tree *sub = proto_item_add_subtree(item, ett_hep);
    tvbuff_t *payload;
    capture_head h;

    (void)data;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "HEP3");
    if (!read_chunks(tvb, sub, &h))
        expert_add_info(pinfo, item, &ei_cut);
    show_head(tvb, sub, &h);
    if (h.payload == 0 || h.payload_length == 0)
        return (int)tvb_captured_length(tvb);
    payload = h.is_packed ? unpacked(tvb, pinfo, &h) : tvb_new_subset_length(tvb, h.payload, h.payload_length);
    if (payload == NULL) {
        expert_add_info(pinfo, item, &ei_cut);
        return (int)tvb_captured_length(tvb);
    }
    set_ends(tvb, pinfo, &h);
    call_payload(payload, pinfo, tree, &h);
    return (int)tvb_captured_length(tvb);
}

/* ---- where it is looked for ---- */

static bool begins(tvbuff_t *tvb)
{
    return tvb_captured_length(tvb) >= HEAD + CHUNK_HEAD && tvb_memeql(tvb, 0, (const uint8_t *)"HEP3", 4) == 0 &&
           tvb_get_ntohs(tvb, 4) >= HEAD + CHUNK_HEAD && tvb_get_ntohs(tvb, HEAD + 4) >= CHUNK_HEAD;
}

static wr_bool dissect_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!begins(tvb) || tvb_get_ntohs(tvb, 4) != tvb_reported_length(tvb))
        return FALSE;
    dissect_hep(tvb, pinfo, tree, data);
    return TRUE;
}

static unsigned message_length(packet_info *pinfo _U_, tvbuff_t *tvb, int offset, void *data _U_)
{
    return MAX(tvb_get_ntohs(tvb, offset + 4), HEAD);
}

static int dissect_stream(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    tcp_dissect_pdus(tvb, pinfo, tree, TRUE, HEAD, message_length, dissect_hep, data);
    return (int)tvb_captured_length(tvb);
}

static wr_bool dissect_segment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!begins(tvb))
        return FALSE;
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num, hep_handle);
    dissect_stream(tvb, pinfo, tree, data);
    return TRUE;
}

void signal_register_hep(void)
{
    static const value_string kinds[] = {{KIND_SIP, "SIP"}, {KIND_RTCP, "RTCP"}, {0, NULL}};
    static hf_register_info hf[] = {
        {&hf_kind,
         {"Payload", "webrtc_hep.kind", FT_UINT32, BASE_DEC, VALS(kinds), 0, "What the server saw: 1 SIP, 5 RTCP",
          HFILL}},
        {&hf_agent,
         {"Agent", "webrtc_hep.agent", FT_UINT32, BASE_DEC, NULL, 0, "Number of the server that saw it", HFILL}},
        {&hf_chunk, {"Chunk", "webrtc_hep.chunk", FT_UINT16, BASE_DEC, NULL, 0, "Type of a chunk", HFILL}},
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
    proto_hep = proto_register_protocol("Homer Encapsulation Protocol 3", "HEP3", "webrtc_hep");
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
                                                                   "HEP3 over TCP");
    heur_dissector_add("udp", dissect_datagram, "HEP3 over UDP", "webrtc_hep_udp", proto_hep, HEURISTIC_ENABLE);
    heur_dissector_add("tcp", dissect_segment, "HEP3 over TCP", "webrtc_hep_tcp", proto_hep, HEURISTIC_ENABLE);
    heur_dissector_add("tls", dissect_segment, "HEP3 over TLS", "webrtc_hep_tls", proto_hep, HEURISTIC_ENABLE);
}
