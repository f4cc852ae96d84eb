/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is looked for in every TCP segment: the part of this plugin that the post-dissector calls. */
#include "signal_tcp.h"

#define PORT_KNOWN 4

static int proto_http = -1, proto_xmpp = -1;
static dissector_table_t tcp_ports;
static uint8_t ports[SIGNAL_PORTS]; /* SIGNAL_PORT_ and PORT_KNOWN; a file's own, since preferences and Decode As may
                                       change them */

static void forget_ports(void)
{
    memset(ports, 0, sizeof ports);
}

static unsigned look_up_port(uint32_t port)
{
    dissector_handle_t handle = dissector_get_uint_handle(tcp_ports, port);
    const int proto = handle != NULL ? dissector_handle_get_protocol_index(handle) : -1;

    if (proto == -1)
        return PORT_KNOWN;
    return PORT_KNOWN | (proto == proto_http ? SIGNAL_PORT_HTTP : 0u) | (proto == proto_xmpp ? SIGNAL_PORT_XMPP : 0u);
}

static unsigned port_protocols(uint32_t port)
{
    if (port >= SIGNAL_PORTS)
        return 0;
    if (ports[port] == 0)
        ports[port] = (uint8_t)look_up_port(port);
    return ports[port];
}

unsigned signal_tcp_ports(const signal_tcp *t)
{
    return (port_protocols(t->pinfo->srcport) | port_protocols(t->pinfo->destport)) & ~(unsigned)PORT_KNOWN;
}

static void add_port(signal_port_set *set, uint32_t port)
{
    if (port < SIGNAL_PORTS)
        set->bits[port / 8] |= (uint8_t)(1u << port % 8);
}

static bool has_port(const signal_port_set *set, uint32_t port)
{
    return port < SIGNAL_PORTS && (set->bits[port / 8] & 1u << port % 8) != 0;
}

void signal_ports_add(signal_port_set *set, const packet_info *pinfo)
{
    add_port(set, pinfo->srcport);
    add_port(set, pinfo->destport);
}

bool signal_ports_has(const signal_port_set *set, const packet_info *pinfo)
{
    return has_port(set, pinfo->srcport) && has_port(set, pinfo->destport);
}

const signal_segment *signal_tcp_segment(signal_tcp *t)
{
    if (t->state == SIGNAL_TCP_UNKNOWN)
        t->state = signal_find_segment(t->tvb, t->pinfo, &t->found) ? SIGNAL_TCP_FOUND : SIGNAL_TCP_EMPTY;
    return t->state == SIGNAL_TCP_FOUND ? &t->found : NULL;
}

const signal_segment *signal_tcp_head(signal_tcp *t)
{
    const signal_segment *s = signal_tcp_segment(t);

    return s != NULL ? s : t->found.flags != 0 ? &t->found : NULL;
}

static void look_at_segment(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    signal_tcp t = {
        .pinfo = packet->pinfo, .tvb = tvb, .tree = tree, .first_pass = packet->first_pass, .layers = packet->layers};

    if (t.pinfo->ptype != PT_TCP) {
        signal_udp_sip(packet, tvb, tree);
        return;
    }
    t.whole = tvb_captured_length(tvb) >= tvb_reported_length(tvb);
    signal_tcp_disorder(&t);
    signal_tcp_swallowed(&t);
    signal_tcp_bytes(&t);
    signal_tcp_copies(&t);
    signal_tcp_sip(&t);
    signal_tcp_stanzas(&t);
    signal_tcp_streams(&t);
    signal_tcp_heads(&t);
}

void signal_register_tcp(void)
{
    register_init_routine(forget_ports);
    wr_post_register(WR_POST_SIGNAL, proto_webrtc_signal, WR_POST_TCP | WR_POST_OTHER, look_at_segment);
}

void signal_handoff_tcp(void)
{
    proto_http = proto_get_id_by_filter_name("http");
    proto_xmpp = proto_get_id_by_filter_name("xmpp");
    tcp_ports = find_dissector_table("tcp.port");
}
