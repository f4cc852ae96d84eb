/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The datagrams of a packet: UDP payload (RFC 768), what TURN carries in it (RFC 8656), what came over TCP. */
#include "wr_epan/payload.h"

#include <string.h>

#define DTLS_LEAST 2 /* first byte and, in a unified header, at least one more */
#define RTP_LEAST  4

#define LEAST_BENEATH 3 /* layers beneath what TCP carries: the frame, IP and TCP, at least */

/* Ids of the protocols asked for with every packet, looked up once. */
static struct {
    bool known;
    int udp, icmp, icmpv6, ice, http, http2, tls, stun;
} protocols;

static void look_up_protocols(void)
{
    if (protocols.known)
        return;
    protocols.udp = proto_get_id_by_filter_name("udp");
    protocols.icmp = proto_get_id_by_filter_name("icmp");
    protocols.icmpv6 = proto_get_id_by_filter_name("icmpv6");
    protocols.ice = proto_get_id_by_filter_name("webrtc_ice");
    protocols.http = proto_get_id_by_filter_name("http");
    protocols.http2 = proto_get_id_by_filter_name("http2");
    protocols.tls = proto_get_id_by_filter_name("tls");
    protocols.stun = proto_get_id_by_filter_name("stun");
    protocols.known = true;
}

wr_look wr_payload_look(const uint8_t *bytes, unsigned captured, unsigned length)
{
    uint16_t channel;
    size_t inner;

    if (captured < DTLS_LEAST)
        return WR_LOOK_OTHER;
    if (bytes[0] < 4) {
        return captured >= 8 && length >= WR_STUN_HEADER && memcmp(bytes + 4, "\x21\x12\xa4\x42", 4) == 0
                   ? WR_LOOK_STUN
                   : WR_LOOK_OTHER;
    }
    if (bytes[0] >= 20 && bytes[0] <= 63)
        return WR_LOOK_DTLS;
    if (bytes[0] >= 64 && bytes[0] <= 79)
        return wr_channel_header(bytes, captured, length, &channel, &inner) ? WR_LOOK_CHANNEL : WR_LOOK_OTHER;
    return bytes[0] >= 128 && bytes[0] <= 191 && captured >= RTP_LEAST ? WR_LOOK_MEDIA : WR_LOOK_OTHER;
}

bool wr_payload_is_quoted(const packet_info *pinfo)
{
    look_up_protocols();
    for (wmem_list_frame_t *f = wmem_list_tail(pinfo->layers); f != NULL; f = wmem_list_frame_prev(f)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(f));
        if (proto == protocols.icmp || proto == protocols.icmpv6)
            return true;
    }
    return false;
}

/* What runs inside DTLS (SCTP) writes its own ports and kind into pinfo; the UDP header is there all the same. */
static bool may_be_udp(const packet_info *pinfo)
{
    return pinfo->ptype == PT_UDP || (pinfo->ptype == PT_SCTP && wr_has_layer(pinfo, protocols.udp));
}

static unsigned layers_of(const packet_info *pinfo)
{
    wmem_list_frame_t *f = wmem_list_tail(pinfo->layers);
    unsigned layers = 0;

    for (unsigned n = wmem_list_count(pinfo->layers); n > LEAST_BENEATH; n--, f = wmem_list_frame_prev(f)) {
        const int proto = GPOINTER_TO_INT(wmem_list_frame_data(f));
        if (proto == protocols.http)
            layers |= WR_LAYER_HTTP;
        else if (proto == protocols.tls)
            layers |= WR_LAYER_TLS;
        else if (proto == protocols.stun)
            layers |= WR_LAYER_STUN;
        else if (proto == protocols.http2)
            layers |= WR_LAYER_HTTP2;
    }
    return layers;
}

void wr_packet_begin(wr_packet *packet, packet_info *pinfo)
{
    look_up_protocols();
    packet->pinfo = pinfo;
    packet->first_pass = !PINFO_FD_VISITED(pinfo);
    packet->is_udp = may_be_udp(pinfo) && wr_find_udp(pinfo, &packet->udp);
    packet->look =
        packet->is_udp ? wr_payload_look(packet->udp.payload, packet->udp.captured, packet->udp.length) : WR_LOOK_OTHER;
    packet->layers = pinfo->ptype == PT_TCP ? layers_of(pinfo) : 0;
    packet->marked = packet->carried = false;
}

bool wr_payload_udp_datagram(const wr_packet *packet, wr_datagram *out)
{
    const packet_info *pinfo = packet->pinfo;

    if (!packet->is_udp || (!packet->udp.outermost && wr_payload_is_quoted(pinfo)))
        return false;
    memset(&out->how, 0, sizeof out->how);
    out->how.transport = WR_TRANSPORT_UDP;
    out->src = wr_endpoint_from_address(&pinfo->src, packet->udp.src_port);
    out->dst = wr_endpoint_from_address(&pinfo->dst, packet->udp.dst_port);
    out->bytes = packet->udp.payload;
    out->captured = packet->udp.captured;
    out->length = packet->udp.length;
    return true;
}

static bool unwrap_channel(const wr_datagram *d, wr_datagram *inner)
{
    uint16_t channel;
    size_t length;

    if (!wr_channel_header(d->bytes, d->captured, d->length, &channel, &length))
        return false;
    *inner = *d;
    inner->how.relayed = true;
    inner->how.channel = channel;
    inner->bytes += WR_CHANNEL_HEADER;
    inner->length = (unsigned)length;
    inner->captured = MIN(d->captured - WR_CHANNEL_HEADER, inner->length);
    return true;
}

static bool unwrap_indication(const wr_datagram *d, wr_datagram *inner)
{
    wr_stun msg;

    /* Most STUN is checks: reading their attributes just to see that would be asked for by each plugin again. */
    if ((!wr_stun_is(d->bytes, d->captured, WR_STUN_SEND, WR_STUN_INDICATION) &&
         !wr_stun_is(d->bytes, d->captured, WR_STUN_DATA, WR_STUN_INDICATION)) ||
        !wr_stun_parse(d->bytes, d->captured, &msg) || msg.data == NULL)
        return false;
    *inner = *d;
    inner->how.relayed = true;
    inner->how.peer = msg.peer;
    inner->how.to_peer = msg.method == WR_STUN_SEND;
    inner->bytes = msg.data;
    inner->captured = inner->length = (unsigned)msg.data_length;
    return true;
}

static bool unwrap(const wr_datagram *d, wr_look look, wr_datagram *inner)
{
    switch (look) {
    case WR_LOOK_CHANNEL:
        return unwrap_channel(d, inner);
    case WR_LOOK_STUN:
        return unwrap_indication(d, inner);
    default:
        return false;
    }
}

bool wr_payload_unwrap_turn(const wr_datagram *d, wr_datagram *inner)
{
    return unwrap(d, wr_payload_look(d->bytes, d->captured, d->length), inner);
}

bool wr_payload_begin(wr_payload_iter *it, const wr_packet *packet)
{
    packet_info *pinfo = packet->pinfo;
    wmem_list_t *carried = NULL;

    it->step = 0;
    it->look = packet->look;
    it->carried = NULL;
    if (wr_payload_udp_datagram(packet, &it->outer))
        return true;
    if (pinfo->ptype == PT_UDP)
        return false;
    look_up_protocols(); /* each plugin has its own */
    if (protocols.ice > 0)
        carried = wr_bus_list(pinfo, protocols.ice, WR_BUS_CARRIED);
    it->step = 2;
    it->carried = carried != NULL ? wmem_list_head(carried) : NULL;
    return it->carried != NULL;
}

/* TURN inside of TURN is not looked for: nobody sends it, and a message cannot make more work than its own length. */
bool wr_payload_next(wr_payload_iter *it, wr_datagram *out)
{
    const wr_carried *c;

    switch (it->step) {
    case 0:
        it->step = 1;
        *out = it->outer;
        return true;
    case 1:
        it->step = 2;
        return unwrap(&it->outer, it->look, out);
    default:
        break;
    }
    if (it->carried == NULL)
        return false;
    c = (const wr_carried *)wmem_list_frame_data(it->carried);
    it->carried = wmem_list_frame_next(it->carried);
    out->how = c->how;
    out->src = c->src;
    out->dst = c->dst;
    out->bytes = c->bytes;
    out->captured = (unsigned)c->captured;
    out->length = (unsigned)c->length;
    return true;
}

bool wr_payload_next_decrypted(GSList **cursor, const uint8_t **bytes, unsigned *captured)
{
    for (GSList *l = *cursor; l != NULL; l = l->next) {
        const struct data_source *source = (const struct data_source *)l->data;
        if (wr_data_source_is(source, "Decrypted DTLS") &&
            (*bytes = wr_tvb_bytes(get_data_source_tvb(source), captured)) != NULL) {
            *cursor = l->next;
            return true;
        }
    }
    *cursor = NULL;
    return false;
}
