/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields, trees and expert infos of the plugin webrtc_ice (RFC 8445, RFC 8656). */
#include "ice.h"

#define NO_HF -1

static int hf_message = NO_HF, hf_purpose = NO_HF, hf_local_ufrag = NO_HF, hf_remote_ufrag = NO_HF;
static int hf_use_candidate = NO_HF, hf_role = NO_HF, hf_mapped = NO_HF, hf_peer = NO_HF, hf_relayed_address = NO_HF;
static int hf_relayed = NO_HF, hf_carriage = NO_HF, hf_channel = NO_HF, hf_error_code = NO_HF, hf_crc = NO_HF;
static int hf_integrity = NO_HF, hf_dtls_length = NO_HF, hf_frame_length = NO_HF, hf_bound_channel = NO_HF;
static int ett_ice = -1, ett_frame = -1;
static expert_field ei_malformed = EI_INIT, ei_length = EI_INIT, ei_truncated = EI_INIT, ei_crc = EI_INIT;
static expert_field ei_username = EI_INIT, ei_trailing = EI_INIT, ei_limit = EI_INIT, ei_framing = EI_INIT;

static const char *describe_binding(const wr_stun *msg)
{
    bool check = msg->username != NULL && !msg->has_realm && !msg->has_nonce;

    switch (msg->message_class) {
    case WR_STUN_REQUEST:
        if (check && (msg->has_integrity || msg->has_integrity_sha256 || msg->ice_attributes))
            return msg->use_candidate ? "connectivity check, nominating" : "connectivity check";
        return "question for the own address";
    case WR_STUN_SUCCESS:
        return msg->has_integrity || msg->has_integrity_sha256 ? "answer to a connectivity check"
                                                               : "answer with the own address";
    case WR_STUN_ERROR:
        return "refusal of a binding request";
    default:
        return "keepalive";
    }
}

/* What the message is for, in words. */
static const char *describe_purpose(const wr_stun *msg)
{
    switch (msg->method) {
    case WR_STUN_BINDING:
        return describe_binding(msg);
    case WR_STUN_GOOG_PING:
        return "consent check, short form";
    case WR_STUN_SEND:
        return "data for a peer, by a relay";
    case WR_STUN_DATA:
        return "data from a peer, by a relay";
    case WR_STUN_ALLOCATE:
    case WR_STUN_REFRESH:
    case WR_STUN_CREATE_PERMISSION:
    case WR_STUN_CHANNEL_BIND:
    case 0x00A: /* RFC 6062: Connect, ConnectionBind, ConnectionAttempt */
    case 0x00B:
    case 0x00C:
        return "control of a relay";
    default:
        return "unknown method";
    }
}

/* Where bytes lie in the data sources; NULL for bytes that lie in none. */
static tvbuff_t *find_tvb(const packet_info *pinfo, const uint8_t *bytes, unsigned length, int *offset)
{
    unsigned n = 0;

    for (const GSList *l = pinfo->data_src; l != NULL && n < 16; l = l->next, n++) {
        tvbuff_t *tvb = get_data_source_tvb((const struct data_source *)l->data);
        unsigned captured;
        uintptr_t start = (uintptr_t)wr_tvb_bytes(tvb, &captured), at = (uintptr_t)bytes;

        if (start != 0 && at >= start && at - start <= captured && length <= captured - (at - start)) {
            *offset = (int)(at - start);
            return tvb;
        }
    }
    return NULL;
}

static proto_tree *add_tree(packet_info *pinfo, proto_tree *tree, const wr_datagram *at, unsigned length,
                            tvbuff_t **tvb, int *offset, proto_item **item)
{
    *offset = 0;
    *tvb = find_tvb(pinfo, at->bytes, length, offset);
    *item = proto_tree_add_item(tree, wr_ice_proto, *tvb, *offset, *tvb != NULL ? (int)length : 0, ENC_NA);
    return proto_item_add_subtree(*item, ett_ice);
}

static void generated(proto_item *item)
{
    proto_item_set_generated(item);
}

static void add_endpoint(proto_tree *t, int hf, tvbuff_t *tvb, int offset, const wr_endpoint *e)
{
    char text[WR_ENDPOINT_TEXT];

    if (wr_endpoint_known(e))
        generated(proto_tree_add_string(t, hf, tvb, offset, 0, wr_endpoint_format(e, text)));
}

static void add_carriage(proto_tree *t, tvbuff_t *tvb, int offset, const wr_carriage *how)
{
    bool tcp = how->transport == WR_TRANSPORT_TCP;
    const char *text = how->relayed ? (how->channel != 0 ? "TURN channel" : "TURN indication") : NULL;

    if (text == NULL)
        text = tcp ? "TCP" : "UDP";
    else if (tcp)
        text = how->channel != 0 ? "TURN channel over TCP" : "TURN indication over TCP";
    generated(proto_tree_add_string(t, hf_carriage, tvb, offset, 0, text));
    generated(proto_tree_add_boolean(t, hf_relayed, tvb, offset, 0, how->relayed));
    if (how->channel != 0)
        generated(proto_tree_add_uint(t, hf_channel, tvb, offset, 0, how->channel));
}

/* The two halves of a check's USERNAME. Only checks have them: a relay's user names are something else. */
static void add_username(packet_info *pinfo, proto_tree *t, proto_item *item, tvbuff_t *tvb, int offset,
                         const wr_stun *msg)
{
    char *remote, *local;

    if (msg->method != WR_STUN_BINDING || msg->message_class != WR_STUN_REQUEST || msg->username == NULL ||
        msg->has_realm)
        return;
    if (wr_stun_split_username(msg, &remote, &local)) {
        generated(proto_tree_add_string(t, hf_remote_ufrag, tvb, offset, 0, remote));
        generated(proto_tree_add_string(t, hf_local_ufrag, tvb, offset, 0, local));
        g_free(remote);
        g_free(local);
    } else if (msg->ice_attributes) {
        expert_add_info(pinfo, item, &ei_username);
    }
}

static void add_ice(proto_tree *t, tvbuff_t *tvb, int offset, const wr_stun *msg)
{
    if (msg->use_candidate)
        generated(proto_tree_add_boolean(t, hf_use_candidate, tvb, offset, 0, true));
    if (msg->controlling || msg->controlled) {
        const char *role = msg->controlling ? "controlling" : "controlled";
        generated(proto_tree_add_string(t, hf_role, tvb, offset, 0, role));
    }
    if (msg->dtls != NULL)
        generated(proto_tree_add_uint(t, hf_dtls_length, tvb, offset, 0, (uint32_t)msg->dtls_length));
    if (msg->error_code != 0)
        generated(proto_tree_add_uint(t, hf_error_code, tvb, offset, 0, msg->error_code));
    if (msg->channel != 0)
        generated(proto_tree_add_uint(t, hf_bound_channel, tvb, offset, 0, msg->channel));
    if (msg->has_fingerprint) {
        const char *state = msg->fingerprint_valid ? "valid" : "invalid";
        generated(proto_tree_add_string(t, hf_crc, tvb, offset, 0, state));
    }
}

void wr_ice_show_stun(packet_info *pinfo, proto_tree *tree, const wr_datagram *at, const wr_stun *msg)
{
    const char *name = wr_stun_name(msg->method, msg->message_class), *purpose = describe_purpose(msg);
    proto_item *item;
    tvbuff_t *tvb;
    int offset;
    proto_tree *t = add_tree(pinfo, tree, at, (unsigned)msg->length, &tvb, &offset, &item);

    if (tree != NULL) {
        proto_item_append_text(item, ", %s, %s", name, purpose);
        generated(proto_tree_add_string(t, hf_message, tvb, offset, 0, name));
        generated(proto_tree_add_string(t, hf_purpose, tvb, offset, 0, purpose));
        add_carriage(t, tvb, offset, &at->how);
        add_ice(t, tvb, offset, msg);
        add_endpoint(t, hf_mapped, tvb, offset, &msg->mapped);
        add_endpoint(t, hf_relayed_address, tvb, offset, &msg->relayed);
        add_endpoint(t, hf_peer, tvb, offset, wr_endpoint_known(&msg->peer) ? &msg->peer : &at->how.peer);
    }
    add_username(pinfo, t, item, tvb, offset, msg);
    if (msg->problem != NULL)
        expert_add_info_format(pinfo, item, &ei_malformed, "STUN message is malformed: %s", msg->problem);
    if (msg->has_fingerprint && !msg->fingerprint_valid)
        expert_add_info(pinfo, item, &ei_crc);
    if (at->how.transport == WR_TRANSPORT_UDP && at->length > msg->length) {
        expert_add_info_format(pinfo, item, &ei_trailing, "%u bytes follow the STUN message in its datagram",
                               at->length - (unsigned)msg->length);
    }
}

void wr_ice_show_broken(packet_info *pinfo, proto_tree *tree, const wr_datagram *at)
{
    proto_item *item;
    tvbuff_t *tvb;
    int offset;
    proto_tree *t = add_tree(pinfo, tree, at, at->captured, &tvb, &offset, &item);
    unsigned said = (unsigned)(at->bytes[2] << 8 | at->bytes[3]);

    add_carriage(t, tvb, offset, &at->how);
    if (said % 4 == 0 && said + WR_STUN_HEADER <= at->length) {
        expert_add_info_format(pinfo, item, &ei_truncated, "STUN message of %u bytes, of which the capture kept %u",
                               said + WR_STUN_HEADER, at->captured);
    } else {
        expert_add_info_format(pinfo, item, &ei_length,
                               "STUN header says %u bytes of attributes, which %s; the datagram has %u bytes", said,
                               said % 4 != 0 ? "is no multiple of 4" : "do not fit", at->length);
    }
}

void wr_ice_show_channel(packet_info *pinfo, proto_tree *tree, const wr_datagram *inner)
{
    proto_item *item;
    tvbuff_t *tvb;
    int offset;
    proto_tree *t;

    if (tree == NULL)
        return;
    t = add_tree(pinfo, tree, inner, inner->captured, &tvb, &offset, &item);
    proto_item_append_text(item, ", carried by TURN");
    add_carriage(t, tvb, offset, &inner->how);
    add_endpoint(t, hf_peer, tvb, offset, &inner->how.peer);
}

void wr_ice_show_limit(packet_info *pinfo, proto_tree *tree, const char *what)
{
    proto_item *item = proto_tree_add_item(tree, wr_ice_proto, NULL, 0, 0, ENC_NA);

    wr_limit_on_bus(pinfo, what);
    expert_add_info_format(pinfo, item, &ei_limit, "%s", what);
}

void wr_ice_show_frame(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb, bool fits)
{
    proto_item *item = proto_tree_add_item(tree, wr_ice_proto, tvb, 0, -1, ENC_NA), *length;
    proto_tree *t = proto_item_add_subtree(item, ett_frame);

    proto_item_append_text(item, ", RFC 4571 frame of ICE over TCP");
    length = proto_tree_add_item(t, hf_frame_length, tvb, 0, 2, ENC_BIG_ENDIAN);
    if (!fits)
        expert_add_info(pinfo, length, &ei_framing);
}

static hf_register_info fields[] = {
    {&hf_message,
     {"Message", "webrtc_ice.message", FT_STRING, BASE_NONE, NULL, 0, "Method and class of the STUN message", HFILL}},
    {&hf_purpose,
     {"Purpose", "webrtc_ice.purpose", FT_STRING, BASE_NONE, NULL, 0, "What the STUN message does for ICE or TURN",
      HFILL}},
    {&hf_local_ufrag,
     {"Local ufrag", "webrtc_ice.local_ufrag", FT_STRING, BASE_NONE, NULL, 0,
      "ICE user name fragment of the sender of this check: what stands behind the colon of USERNAME", HFILL}},
    {&hf_remote_ufrag,
     {"Remote ufrag", "webrtc_ice.remote_ufrag", FT_STRING, BASE_NONE, NULL, 0,
      "ICE user name fragment of the receiver of this check: what stands in front of the colon of USERNAME", HFILL}},
    {&hf_use_candidate,
     {"Use candidate", "webrtc_ice.use_candidate", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "The check nominates this pair of addresses", HFILL}},
    {&hf_role,
     {"Role", "webrtc_ice.role", FT_STRING, BASE_NONE, NULL, 0,
      "Role that the sender of this check claims: controlling or controlled", HFILL}},
    {&hf_mapped,
     {"Mapped address", "webrtc_ice.mapped", FT_STRING, BASE_NONE, NULL, 0,
      "Source address that the answering side saw (XOR-MAPPED-ADDRESS)", HFILL}},
    {&hf_peer,
     {"Peer address", "webrtc_ice.peer", FT_STRING, BASE_NONE, NULL, 0, "Peer behind the relay (XOR-PEER-ADDRESS)",
      HFILL}},
    {&hf_relayed_address,
     {"Relayed address", "webrtc_ice.relayed_address", FT_STRING, BASE_NONE, NULL, 0,
      "Address that the relay has allocated (XOR-RELAYED-ADDRESS)", HFILL}},
    {&hf_relayed,
     {"Carried by TURN", "webrtc_ice.relayed", FT_BOOLEAN, BASE_NONE, NULL, 0, "A TURN relay carries this message",
      HFILL}},
    {&hf_carriage,
     {"Carriage", "webrtc_ice.carriage", FT_STRING, BASE_NONE, NULL, 0, "How the message travelled", HFILL}},
    {&hf_channel,
     {"TURN channel", "webrtc_ice.channel", FT_UINT16, BASE_HEX, NULL, 0,
      "Number of the TURN channel that carries this message", HFILL}},
    {&hf_bound_channel,
     {"Channel to bind", "webrtc_ice.bound_channel", FT_UINT16, BASE_HEX, NULL, 0,
      "CHANNEL-NUMBER of a ChannelBind message", HFILL}},
    {&hf_error_code,
     {"Error code", "webrtc_ice.error_code", FT_UINT16, BASE_DEC, NULL, 0, "ERROR-CODE of an error response", HFILL}},
    {&hf_crc,
     {"STUN fingerprint", "webrtc_ice.stun_fingerprint", FT_STRING, BASE_NONE, NULL, 0,
      "Whether the checksum FINGERPRINT fits the message: valid or invalid", HFILL}},
    {&hf_integrity,
     {"Integrity", "webrtc_ice.integrity", FT_STRING, BASE_NONE, NULL, 0,
      "Whether MESSAGE-INTEGRITY was made with an announced ICE password: valid, invalid or unknown", HFILL}},
    {&hf_dtls_length,
     {"DTLS inside", "webrtc_ice.dtls_length", FT_UINT32, BASE_DEC, NULL, 0,
      "Bytes of DTLS handshake that the STUN message carries (attribute 0xC070)", HFILL}},
    {&hf_frame_length,
     {"Frame length", "webrtc_ice.frame_length", FT_UINT16, BASE_DEC, NULL, 0,
      "Length in front of a packet of ICE over TCP (RFC 4571)", HFILL}},
};

static ei_register_info experts[] = {
    {&ei_malformed, {"webrtc_ice.malformed", PI_MALFORMED, PI_WARN, "STUN message is malformed", EXPFILL}},
    {&ei_length,
     {"webrtc_ice.length.malformed", PI_MALFORMED, PI_WARN, "Length of the STUN message does not fit", EXPFILL}},
    {&ei_truncated, {"webrtc_ice.truncated", PI_UNDECODED, PI_NOTE, "STUN message is cut by the capture", EXPFILL}},
    {&ei_crc,
     {"webrtc_ice.stun_fingerprint.invalid", PI_CHECKSUM, PI_WARN,
      "FINGERPRINT does not fit the STUN message: damaged or altered after it was made", EXPFILL}},
    {&ei_username,
     {"webrtc_ice.username.malformed", PI_MALFORMED, PI_WARN,
      "USERNAME of a connectivity check is not two user name fragments with a colon between them", EXPFILL}},
    {&ei_trailing, {"webrtc_ice.trailing", PI_PROTOCOL, PI_NOTE, "Bytes follow the STUN message", EXPFILL}},
    {&ei_limit, {"webrtc_ice.limit", PI_UNDECODED, PI_WARN, "A bound of the analysis was reached", EXPFILL}},
    {&ei_framing,
     {"webrtc_ice.frame.malformed", PI_MALFORMED, PI_WARN,
      "Not a frame of ICE over TCP: the byte behind the length begins neither STUN nor DTLS nor media; the rest of "
      "this segment is left undecoded",
      EXPFILL}},
};

void wr_ice_register_fields(void)
{
    static int *trees[] = {&ett_ice, &ett_frame};

    proto_register_field_array(wr_ice_proto, fields, array_length(fields));
    proto_register_subtree_array(trees, array_length(trees));
    expert_register_field_array(expert_register_protocol(wr_ice_proto), experts, array_length(experts));
}
