/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a message's transport connection: which end is the client, and what the HTTP request or upgrade
 * said. */
#include "signal.h"

#include "base/index.h"

#include <epan/dissectors/packet-tcp.h>

#define TCP_SYN_SEEN 0x01 /* of conversation_completeness */

signal_connection *signal_connection_get(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    signal_connection *c = conversation_get_proto_data(conversation, proto_webrtc_signal);

    if (c == NULL) {
        c = wmem_new0(wmem_file_scope(), signal_connection);
        conversation_add_proto_data(conversation, proto_webrtc_signal, c);
    }
    return c;
}

signal_connection *signal_connection_find(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation != NULL ? conversation_get_proto_data(conversation, proto_webrtc_signal) : NULL;
}

bool signal_is_shared(const packet_info *pinfo)
{
    static int proto_http2 = -1;

    if (proto_http2 == -1)
        proto_http2 = proto_get_id_by_filter_name("http2");
    return wr_has_layer(pinfo, proto_http2);
}

unsigned signal_side(const packet_info *pinfo)
{
    int order = cmp_address(&pinfo->src, &pinfo->dst);

    return order != 0 ? order > 0 : pinfo->srcport > pinfo->destport;
}

/* All of it: one offer to two parties may differ in its last word. */
uint32_t signal_message_number(const uint8_t *bytes, unsigned len)
{
    return (uint32_t)wr_key(bytes, len);
}

uint32_t signal_message_key(signal_kept what, const uint8_t *bytes, unsigned len)
{
    return (signal_message_number(bytes, len) & 0x1fffffffu) | 0x80000000u | (uint32_t)what << 29;
}

void signal_learn_client(packet_info *pinfo, bool sender_is_client)
{
    signal_connection *c = signal_connection_get(pinfo);

    if (!c->client_learnt) {
        c->client_learnt = true;
        copy_address_wmem(wmem_file_scope(), &c->client, sender_is_client ? &pinfo->src : &pinfo->dst);
        c->client_port = sender_is_client ? pinfo->srcport : pinfo->destport;
    }
}

static wr_direction direction_of_client(const packet_info *pinfo, const address *client, uint32_t port)
{
    if (pinfo->srcport == port && addresses_equal(&pinfo->src, client))
        return WR_DIRECTION_EMITTED;
    if (pinfo->destport == port && addresses_equal(&pinfo->dst, client))
        return WR_DIRECTION_DELIVERED;
    return WR_DIRECTION_UNKNOWN;
}

static wr_direction direction_by_http(const packet_info *pinfo, const http_conv_t *http)
{
    if (http == NULL || http->server_port == 0 || pinfo->srcport == pinfo->destport)
        return WR_DIRECTION_UNKNOWN;
    if (pinfo->destport == http->server_port)
        return WR_DIRECTION_EMITTED;
    return pinfo->srcport == http->server_port ? WR_DIRECTION_DELIVERED : WR_DIRECTION_UNKNOWN;
}

/* A conversation's first address is that of its first packet: the client's, when that was the SYN. */
static wr_direction direction_by_syn(packet_info *pinfo, conversation_t *conversation)
{
    const struct tcp_analysis *tcp = pinfo->ptype == PT_TCP ? get_tcp_conversation_data(conversation, pinfo) : NULL;

    if (tcp == NULL || (tcp->conversation_completeness & TCP_SYN_SEEN) == 0)
        return WR_DIRECTION_UNKNOWN;
    return direction_of_client(pinfo, conversation_key_addr1(conversation->key_ptr),
                               conversation_key_port1(conversation->key_ptr));
}

void signal_fill_from_connection(packet_info *pinfo, signal_carrier *carrier)
{
    static int proto_http = -1;
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const signal_connection *learnt;
    const http_conv_t *http;

    if (conversation == NULL)
        return;
    if (proto_http == -1)
        proto_http = proto_get_id_by_filter_name("http");
    http = conversation_get_proto_data(conversation, proto_http);
    if (http != NULL) {
        carrier->url = wr_http_request_uri(http);
        carrier->server = wr_http_host(http);
        carrier->subprotocol = wr_http_websocket_protocol(pinfo, http);
    }
    learnt = conversation_get_proto_data(conversation, proto_webrtc_signal);
    if (carrier->direction == WR_DIRECTION_UNKNOWN)
        carrier->direction = direction_by_http(pinfo, http);
    if (carrier->direction == WR_DIRECTION_UNKNOWN && learnt != NULL && learnt->client_learnt)
        carrier->direction = direction_of_client(pinfo, &learnt->client, learnt->client_port);
    if (carrier->direction == WR_DIRECTION_UNKNOWN)
        carrier->direction = direction_by_syn(pinfo, conversation);
}
