/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decodes what TURN (RFC 8656) carries: a heuristic inside the built-in "stun", which asks its own heuristics about the
 * inside of ChannelData and Send and Data indications, but has those for DTLS and STUN switched off. And TURN over TLS,
 * where a key log opened it: the built-in dissector is not asked there, whatever the port.
 */
#include "ice.h"
#include "wr_epan/tls.h"

#define DEEPEST     4    /* STUN inside of STUN; more is an attempt on the stack */
#define FARTHEST    2048 /* attributes in front of DATA; more than a relay ever sends */
#define ATTR_HEADER 4
#define ATTR_DATA   0x0013

static dissector_handle_t stun_handle, stun_tcp_handle, dtls_handle;
static heur_dissector_list_t others; /* for what is neither STUN nor DTLS, over TCP */

static unsigned count_stun_layers(const packet_info *pinfo)
{
    unsigned n = 0;

    for (wmem_list_frame_t *f = wmem_list_head(pinfo->layers); f != NULL; f = wmem_list_frame_next(f))
        n += GPOINTER_TO_INT(wmem_list_frame_data(f)) == wr_ice_proto_stun;
    return n;
}

int wr_ice_hand_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, wr_carried *carried)
{
    heur_dtbl_entry_t *taken;
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    bool lax = wr_dtls13_is_known();

    if (bytes == NULL)
        return 0;
    if (stun_handle != NULL && wr_stun_looks_like(bytes, captured) && count_stun_layers(pinfo) < DEEPEST)
        return call_dissector_only(stun_handle, tvb, pinfo, tree, NULL);
    if (dtls_handle != NULL && wr_dtls_looks_like(bytes, captured, lax))
        return call_dissector_only(dtls_handle, tvb, pinfo, tree, NULL);
    if (carried != NULL && dissector_try_heuristic(others, tvb, pinfo, tree, &taken, carried))
        return (int)captured;
    return 0;
}

wr_carried *wr_ice_put_carried(packet_info *pinfo, tvbuff_t *tvb, const wr_carriage *how)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    wr_place at = wr_place_of(pinfo);
    wr_carried *c;

    if (bytes == NULL)
        return NULL;
    c = wmem_new0(pinfo->pool, wr_carried);
    c->how = *how;
    c->src = at.src;
    c->dst = at.dst;
    c->bytes = bytes;
    c->captured = captured;
    c->length = tvb_reported_length(tvb);
    wr_bus_put(pinfo, wr_ice_proto, WR_BUS_CARRIED, c);
    return c;
}

/* The indication whose DATA attribute holds bytes[offset]. It is found by going back from there, in steps of
 * attributes' alignment. */
static bool find_indication(const uint8_t *bytes, unsigned captured, unsigned offset, wr_stun *out)
{
    for (unsigned back = WR_STUN_HEADER + ATTR_HEADER; back <= offset && back <= FARTHEST; back += 4) {
        const uint8_t *start = bytes + (offset - back);

        if (wr_stun_looks_like(start, captured - (offset - back)) &&
            wr_stun_parse(start, captured - (offset - back), out) && out->data == bytes + offset)
            return true;
    }
    return false;
}

bool wr_ice_find_peer(tvbuff_t *tvb, int offset, unsigned *start, wr_span *span)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    wr_stun msg;

    if (bytes == NULL || offset < 0 || (unsigned)offset > captured ||
        !find_indication(bytes, captured, (unsigned)offset, &msg) || !wr_endpoint_known(&msg.peer))
        return false;
    *start = (unsigned)(msg.bytes - bytes);
    *span = wr_stun_value(&msg, msg.at.peer);
    return true;
}

/* How this tvb was carried: what stands in front of it is ChannelData's header, or that of the attribute DATA. */
static bool find_carriage(tvbuff_t *tvb, wr_carriage *how)
{
    unsigned captured, offset = (unsigned)tvb_raw_offset(tvb);
    const uint8_t *bytes = wr_tvb_bytes(tvb_get_ds_tvb(tvb), &captured), *header;
    unsigned type, length;

    if (bytes == NULL || offset < ATTR_HEADER || offset > captured)
        return false;
    header = bytes + offset - ATTR_HEADER;
    type = (unsigned)(header[0] << 8 | header[1]);
    length = (unsigned)(header[2] << 8 | header[3]);
    if (length != tvb_reported_length(tvb))
        return false;
    memset(how, 0, sizeof *how);
    how->relayed = true;
    if (type == ATTR_DATA) {
        wr_stun msg;

        how->peer = wr_endpoint_none();
        if (find_indication(bytes, captured, offset, &msg)) {
            how->peer = msg.peer;
            how->to_peer = msg.method == WR_STUN_SEND;
        }
        return true;
    }
    if ((type & 0xF000) == 0x4000) {
        how->channel = (uint16_t)type;
        return true;
    }
    return false;
}

/* What the column says of an indication stays, and what is said of what is inside stands behind. */
static void keep_words(tvbuff_t *tvb, packet_info *pinfo)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

    if (bytes != NULL && (wr_stun_looks_like(bytes, captured) || wr_dtls_looks_like(bytes, captured, true))) {
        col_append_str(pinfo->cinfo, COL_INFO, " ");
        col_set_fence(pinfo->cinfo, COL_INFO);
    }
}

static wr_bool dissect_inside_turn(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    wr_carried *carried = NULL;
    wr_carriage how;

    /* Over UDP every reader finds it in the datagram itself. */
    if (pinfo->ptype == PT_TCP && !wr_payload_is_quoted(pinfo) && find_carriage(tvb, &how)) {
        how.transport = WR_TRANSPORT_TCP;
        carried = wr_ice_put_carried(pinfo, tvb, &how);
    }
    keep_words(tvb, pinfo);
    return wr_ice_hand_on(tvb, pinfo, tree, carried) > 0;
}

/* A client's first bytes are a whole STUN message. */
static wr_bool recognise_in_tls(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

    if (stun_tcp_handle == NULL || bytes == NULL || !wr_stun_looks_like(bytes, captured))
        return false;
    wr_tls_carries(data, stun_tcp_handle);
    call_dissector_only(stun_tcp_handle, tvb, pinfo, tree, NULL);
    return true;
}

void wr_ice_turn_register(void)
{
    others = register_heur_dissector_list("webrtc_ice", wr_ice_proto);
}

void wr_ice_turn_handoff(void)
{
    stun_tcp_handle = find_dissector("stun-tcp");
    heur_dissector_add("tls", recognise_in_tls, "STUN and TURN over TLS", "webrtc_ice_tls", wr_ice_proto,
                       HEURISTIC_ENABLE);
    stun_handle = find_dissector("stun-udp");
    dtls_handle = find_dissector("dtls");
    heur_dissector_add("stun", dissect_inside_turn, "DTLS and STUN carried by TURN", "webrtc_ice_turn", wr_ice_proto,
                       HEURISTIC_ENABLE);
}
