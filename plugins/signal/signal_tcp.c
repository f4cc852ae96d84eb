/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is looked for in every TCP segment: the part of this plugin that the post-dissector calls. */
#include "signal_tcp.h"

#define PORT_KNOWN    4 /* beside SIGNAL_PORT_: that port was looked up */
#define PORTS         65536
#define TLS_HANDSHAKE 22 /* RFC 8446 5.1 */

static int proto_http = -1, proto_xmpp = -1;
static dissector_table_t tcp_ports;
static uint8_t ports[PORTS]; /* a file's own, since preferences and Decode As may change them */

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
    if (port >= PORTS)
        return 0;
    if ((ports[port] & PORT_KNOWN) == 0)
        ports[port] |= (uint8_t)look_up_port(port);
    return ports[port];
}

unsigned signal_tcp_ports(const signal_tcp *t)
{
    return (port_protocols(t->pinfo->srcport) | port_protocols(t->pinfo->destport)) &
           (SIGNAL_PORT_HTTP | SIGNAL_PORT_XMPP);
}

void signal_ports_add(const packet_info *pinfo, unsigned who)
{
    if (pinfo->srcport >= PORTS || pinfo->destport >= PORTS)
        return;
    ports[pinfo->srcport] |= (uint8_t)who;
    ports[pinfo->destport] |= (uint8_t)who;
}

bool signal_ports_has(const packet_info *pinfo, unsigned who)
{
    return pinfo->srcport < PORTS && pinfo->destport < PORTS &&
           (ports[pinfo->srcport] & ports[pinfo->destport] & who) != 0;
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

const conversation_t *signal_tcp_conversation(signal_tcp *t)
{
    if (t->conversation == NULL)
        t->conversation = find_conversation_pinfo(t->pinfo, 0);
    return t->conversation;
}

/* Nearly half of all segments are empty, most others TLS that nobody opens: none of those called below would find
 * anything in them, unless it follows their connection. */
static bool is_of_no_matter(signal_tcp *t)
{
    const GSList *sources = t->pinfo->data_src;
    const signal_segment *s;

    if (!t->first_pass || (t->layers & ~(unsigned)WR_LAYER_TLS) != 0 || sources == NULL || sources->next != NULL ||
        t->marked)
        return false;
    s = signal_tcp_segment(t);
    if (s == NULL)
        return !signal_ports_has(t->pinfo, SIGNAL_PORT_BYTES);
    return (t->layers & WR_LAYER_TLS) != 0 && s->bytes[0] != TLS_HANDSHAKE &&
           (signal_tcp_ports(t) & SIGNAL_PORT_XMPP) == 0 && !signal_swallowed_may(t, s) &&
           !signal_ports_has(t->pinfo, SIGNAL_PORT_BYTES | SIGNAL_PORT_COPIES);
}

static void look_at_segment(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    signal_tcp t = {.pinfo = packet->pinfo,
                    .marked = packet->marked,
                    .tvb = tvb,
                    .tree = tree,
                    .first_pass = packet->first_pass,
                    .layers = packet->layers};

    if (t.pinfo->ptype != PT_TCP) {
        signal_udp_sip(packet, tvb, tree);
        return;
    }
    signal_tcp_reopened(&t);
    signal_tcp_order(&t);
    if (is_of_no_matter(&t))
        return;
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
