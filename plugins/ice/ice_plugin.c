/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plugin webrtc_ice: a post-dissector that reads the STUN messages (RFC 8489) of ICE (RFC 8445) and TURN (RFC 8656) out
 * of a packet, hands them on as evidence, and shows what they mean.
 */
#include "ice.h"
#include "wr_epan/post.h"
#include "wr_epan/quietly.h"

WR_PLUGIN_EXPORTS(WS_PLUGIN_DESC_DISSECTOR)

int wr_ice_proto = -1, wr_ice_proto_stun = -1;

/* What the handling of one packet needs throughout. */
typedef struct {
    const wr_packet *packet;
    packet_info *pinfo;
    proto_tree *tree;
    unsigned n_messages;
} handling;

static void keep_evidence(handling *h, const wr_datagram *d, const wr_stun *msg)
{
    wr_stun_evidence *e;

    if (PINFO_FD_VISITED(h->pinfo))
        return;
    e = wmem_new0(h->pinfo->pool, wr_stun_evidence);
    e->at = wr_place_of(h->pinfo);
    e->at.src = d->src;
    e->at.dst = d->dst;
    e->how = d->how;
    e->msg = *msg;
    wr_bus_put(h->pinfo, wr_ice_proto, WR_BUS_STUN, e);
}

/* Messages that only a TURN client and its server exchange. */
static bool shows_turn(const wr_stun *msg)
{
    switch (msg->method) {
    case WR_STUN_ALLOCATE:
    case WR_STUN_REFRESH:
    case WR_STUN_SEND:
    case WR_STUN_DATA:
    case WR_STUN_CREATE_PERMISSION:
    case WR_STUN_CHANNEL_BIND:
        return true;
    default:
        return false;
    }
}

static void learn_flow(handling *h, const wr_datagram *d)
{
    if (!PINFO_FD_VISITED(h->pinfo) && wr_ice_flow_learn(d, h->pinfo->num) == WR_ICE_FLOW_TABLE_FULL)
        wr_ice_show_limit(h->pinfo, h->tree, "Too many TURN flows to remember them all; this one is not");
}

/* False when the packet has given all that one packet may give. */
static bool handle_stun(handling *h, const wr_datagram *d)
{
    wr_stun msg;

    if (h->n_messages++ >= WR_ICE_MAX_MESSAGES) {
        wr_ice_show_limit(h->pinfo, h->tree, "Too many STUN messages in one packet; the rest of them is left out");
        return false;
    }
    if (!wr_stun_parse(d->bytes, d->captured, &msg)) {
        wr_ice_show_broken(h->pinfo, h->tree, d);
        return true;
    }
    if (d->how.relayed || shows_turn(&msg))
        learn_flow(h, d);
    keep_evidence(h, d, &msg);
    wr_ice_show_stun(h->pinfo, h->tree, d, &msg);
    return true;
}

static void handle_udp(handling *h, const wr_datagram *outer)
{
    wr_look look = wr_payload_look(outer->bytes, outer->captured, outer->length);
    wr_datagram inner;

    if (look != WR_LOOK_STUN && look != WR_LOOK_CHANNEL)
        return;
    if (look == WR_LOOK_STUN)
        handle_stun(h, outer);
    if (!wr_payload_unwrap_turn(outer, &inner))
        return;
    if (wr_payload_look(inner.bytes, inner.captured, inner.length) == WR_LOOK_STUN)
        handle_stun(h, &inner);
    else if (look == WR_LOOK_CHANNEL && wr_ice_flow_is_turn(outer, h->pinfo->num))
        wr_ice_show_channel(h->pinfo, h->tree, &inner);
}

/* A message of a connectivity check. Without framing it cannot be the stream's own: a segment began within what a relay
 * carries, and the whole of it comes by the bus. */
static bool is_check(const wr_datagram *d)
{
    wr_stun msg;

    return wr_stun_parse(d->bytes, d->captured, &msg) && msg.method == WR_STUN_BINDING && msg.has_integrity;
}

/* STUN and TURN as TCP itself carries them. The bus holds what came inside of them, or in RFC 4571 frames. */
static void handle_tcp_stream(handling *h)
{
    wr_ice_stream stream = {0};
    wr_datagram d;
    bool framed;

    if (wr_payload_is_quoted(h->pinfo))
        return;
    while (wr_ice_stream_next(h->pinfo, &stream, &d, &framed)) {
        if (framed && !PINFO_FD_VISITED(h->pinfo)) {
            /* The built-in heuristic came first; the rest of the connection needs ours. */
            wr_ice_tcp_take(h->pinfo);
        }
        if ((framed || !is_check(&d)) && !handle_stun(h, &d))
            return;
    }
}

/* What the bus holds. True when that is all: frames of ICE over TCP leave nothing else in the stream, but TURN has
 * messages of its own there. */
static bool handle_carried(handling *h)
{
    wr_payload_iter it;
    wr_datagram d;
    bool framed = false;

    if (!wr_payload_begin(&it, h->packet))
        return false;
    while (wr_payload_next(&it, &d)) {
        framed |= !d.how.relayed;
        if (wr_payload_look(d.bytes, d.captured, d.length) != WR_LOOK_STUN) {
            if (d.how.relayed)
                wr_ice_show_channel(h->pinfo, h->tree, &d);
        } else if (!handle_stun(h, &d)) {
            return true;
        }
    }
    return framed;
}

static void post_dissect(const wr_packet *packet, tvbuff_t *tvb _U_, proto_tree *tree)
{
    packet_info *pinfo = packet->pinfo;
    handling h = {.packet = packet, .pinfo = pinfo, .tree = tree};
    wr_datagram d;

    if (!packet->first_pass && !wr_is_looked_at(tree, wr_ice_proto))
        return;
    if (pinfo->ptype == PT_TCP) {
        bool all = wr_bus_has_carried(pinfo) && handle_carried(&h);

        if (!all && (packet->layers & WR_LAYER_STUN) != 0)
            handle_tcp_stream(&h);
    } else if (wr_payload_udp_datagram(packet, &d)) {
        handle_udp(&h, &d);
    }
}

static void register_protocol(void)
{
    wr_ice_proto = proto_register_protocol("WebRTC ICE", "WebRTC ICE", "webrtc_ice");
    wr_ice_register_fields();
    wr_ice_turn_register();
    wr_ice_tcp_register();
    register_init_routine(wr_ice_flows_init);
    register_cleanup_routine(wr_ice_flows_cleanup);
    wr_post_register(WR_POST_ICE, wr_ice_proto, WR_POST_CARRIED | WR_POST_STUN, post_dissect);
}

static void hand_off(void)
{
    wr_ice_proto_stun = proto_get_id_by_filter_name("stun");
    wr_ice_turn_handoff();
    wr_ice_tcp_handoff();
}

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = register_protocol;
    plugin.register_handoff = hand_off;
    proto_register_plugin(&plugin);
}
