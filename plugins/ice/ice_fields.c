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

/* Where the tree of one datagram goes, and where its bytes lie; tvb NULL: in no data source. */
typedef struct {
    packet_info *pinfo;
    proto_item *item;
    proto_tree *tree;
    tvbuff_t *tvb;
    int offset;
} place;

/* Bytes that an item shows; length 0: of what is concluded, none. */
typedef struct {
    tvbuff_t *tvb;
    int offset, length;
} bytes_shown;

static place add_tree(packet_info *pinfo, proto_tree *tree, const wr_datagram *at, unsigned length)
{
    place p = {.pinfo = pinfo};

    p.tvb = wr_data_source_of(pinfo, at->bytes, length, &p.offset);
    p.item = proto_tree_add_item(tree, wr_ice_proto, p.tvb, p.offset, p.tvb != NULL ? (int)length : 0, ENC_NA);
    p.tree = proto_item_add_subtree(p.item, ett_ice);
    return p;
}

static bytes_shown none(const place *p)
{
    bytes_shown b = {p->tvb, p->offset, 0};

    return b;
}

/* Bytes of the datagram, which hold them. */
static bytes_shown in_datagram(const place *p, wr_span span)
{
    bytes_shown b = {p->tvb, p->offset + (int)span.offset, (int)span.length};

    return p->tvb != NULL && span.length != 0 ? b : none(p);
}

/* n bytes that stand so many before the datagram; none where the data source begins later. */
static bytes_shown in_front(const place *p, int before, int n)
{
    bytes_shown b = {p->tvb, p->offset - before, n};

    return p->tvb != NULL && p->offset >= before ? b : none(p);
}

static void generated(proto_item *item)
{
    proto_item_set_generated(item);
}

static void add_text(const place *p, int hf, bytes_shown b, const char *text)
{
    generated(proto_tree_add_string(p->tree, hf, b.tvb, b.offset, b.length, text));
}

static void add_number(const place *p, int hf, bytes_shown b, uint32_t number)
{
    generated(proto_tree_add_uint(p->tree, hf, b.tvb, b.offset, b.length, number));
}

static void add_flag(const place *p, int hf, bytes_shown b, bool flag)
{
    generated(proto_tree_add_boolean(p->tree, hf, b.tvb, b.offset, b.length, flag));
}

static void add_endpoint(const place *p, int hf, bytes_shown b, const wr_endpoint *e)
{
    char text[WR_ENDPOINT_TEXT];

    if (wr_endpoint_known(e))
        add_text(p, hf, b, wr_endpoint_format(e, text));
}

static void add_carriage(const place *p, const wr_carriage *how)
{
    bool tcp = how->transport == WR_TRANSPORT_TCP;
    const char *text = how->relayed ? (how->channel != 0 ? "TURN channel" : "TURN indication") : NULL;

    if (text == NULL)
        text = tcp ? "TCP" : "UDP";
    else if (tcp)
        text = how->channel != 0 ? "TURN channel over TCP" : "TURN indication over TCP";
    add_text(p, hf_carriage, none(p), text);
    add_flag(p, hf_relayed, none(p), how->relayed);
    if (how->channel != 0)
        add_number(p, hf_channel, in_front(p, WR_CHANNEL_HEADER, 2), how->channel);
}

/* The peer that a message names, else the one that the indication around it names. */
static void add_peer(const place *p, const wr_carriage *how, const wr_stun *msg)
{
    wr_span span;
    unsigned start;

    if (msg != NULL && wr_endpoint_known(&msg->peer)) {
        add_endpoint(p, hf_peer, in_datagram(p, wr_stun_value(msg, msg->at.peer)), &msg->peer);
    } else if (wr_endpoint_known(&how->peer) && wr_ice_find_peer(p->tvb, p->offset, &start, &span)) {
        bytes_shown b = {p->tvb, (int)(start + span.offset), (int)span.length};
        add_endpoint(p, hf_peer, b, &how->peer);
    } else {
        add_endpoint(p, hf_peer, none(p), &how->peer);
    }
}

/* The two halves of a check's USERNAME. Only checks have them: a relay's user names are something else. */
static void add_username(const place *p, const wr_stun *msg)
{
    char *remote, *local;

    if (msg->method != WR_STUN_BINDING || msg->message_class != WR_STUN_REQUEST || msg->username == NULL ||
        msg->has_realm)
        return;
    if (wr_stun_split_username(msg, &remote, &local)) {
        const uint8_t *name = (const uint8_t *)msg->username;
        const size_t left = strlen(remote);

        add_text(p, hf_remote_ufrag, in_datagram(p, wr_span_of(msg->bytes, name, left)), remote);
        add_text(p, hf_local_ufrag,
                 in_datagram(p, wr_span_of(msg->bytes, name + left + 1, msg->username_length - left - 1)), local);
        g_free(remote);
        g_free(local);
    } else if (msg->ice_attributes) {
        expert_add_info(p->pinfo, p->item, &ei_username);
    }
}

static void add_ice(const place *p, const wr_stun *msg)
{
    wr_span code = wr_stun_value(msg, msg->at.error_code), channel = wr_stun_value(msg, msg->at.channel);
    wr_span dtls = wr_stun_attribute(msg, msg->at.dtls);

    if (msg->use_candidate)
        add_flag(p, hf_use_candidate, in_datagram(p, wr_stun_attribute(msg, msg->at.use_candidate)), true);
    if (msg->controlling || msg->controlled) {
        const char *role = msg->controlling ? "controlling" : "controlled";
        const uint32_t at = msg->controlling ? msg->at.controlling : msg->at.controlled;
        add_text(p, hf_role, in_datagram(p, wr_stun_attribute(msg, at)), role);
    }
    if (msg->dtls != NULL)
        add_number(p, hf_dtls_length, in_datagram(p, (wr_span){dtls.offset + 2, 2}), (uint32_t)msg->dtls_length);
    if (msg->error_code != 0) /* hundreds and rest, the third and fourth byte */
        add_number(p, hf_error_code, in_datagram(p, (wr_span){code.offset + 2, 2}), msg->error_code);
    if (msg->channel != 0)
        add_number(p, hf_bound_channel, in_datagram(p, (wr_span){channel.offset, 2}), msg->channel);
    if (msg->has_fingerprint) {
        const char *state = msg->fingerprint_valid ? "valid" : "invalid";
        add_text(p, hf_crc, in_datagram(p, wr_stun_value(msg, msg->at.fingerprint)), state);
    }
}

void wr_ice_show_stun(packet_info *pinfo, proto_tree *tree, const wr_datagram *at, const wr_stun *msg)
{
    const char *name = wr_stun_name(msg->method, msg->message_class), *purpose = describe_purpose(msg);
    const place p = add_tree(pinfo, tree, at, (unsigned)msg->length);
    proto_item *item = p.item;

    if (tree != NULL) {
        proto_item_append_text(item, ", %s, %s", name, purpose);
        add_text(&p, hf_message, in_datagram(&p, (wr_span){0, 2}), name);
        add_text(&p, hf_purpose, none(&p), purpose);
        add_carriage(&p, &at->how);
        add_ice(&p, msg);
        add_endpoint(&p, hf_mapped, in_datagram(&p, wr_stun_value(msg, msg->at.mapped)), &msg->mapped);
        add_endpoint(&p, hf_relayed_address, in_datagram(&p, wr_stun_value(msg, msg->at.relayed)), &msg->relayed);
        add_peer(&p, &at->how, msg);
    }
    add_username(&p, msg);
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
    const place p = add_tree(pinfo, tree, at, at->captured);
    unsigned said = (unsigned)(at->bytes[2] << 8 | at->bytes[3]);

    add_carriage(&p, &at->how);
    if (said % 4 == 0 && said + WR_STUN_HEADER <= at->length) {
        expert_add_info_format(pinfo, p.item, &ei_truncated, "STUN message of %u bytes, of which the capture kept %u",
                               said + WR_STUN_HEADER, at->captured);
    } else {
        expert_add_info_format(pinfo, p.item, &ei_length,
                               "STUN header says %u bytes of attributes, which %s; the datagram has %u bytes", said,
                               said % 4 != 0 ? "is no multiple of 4" : "do not fit", at->length);
    }
}

void wr_ice_show_channel(packet_info *pinfo, proto_tree *tree, const wr_datagram *inner)
{
    place p;

    if (tree == NULL)
        return;
    p = add_tree(pinfo, tree, inner, inner->captured);
    proto_item_append_text(p.item, ", carried by TURN");
    add_carriage(&p, &inner->how);
    add_peer(&p, &inner->how, NULL);
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
