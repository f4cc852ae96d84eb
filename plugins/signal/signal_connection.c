/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a message's transport connection: which end is the client, and what the HTTP request or upgrade
 * said. */
#include "signal.h"

#include "base/index.h"
#include "wr_epan/http.h"
#include "wr_epan/tcp.h"

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

uint32_t signal_message_key(packet_info *pinfo, wr_packet_key what, const uint8_t *bytes, unsigned len)
{
    return wr_packet_message_key(pinfo, proto_webrtc_signal, what, signal_message_number(bytes, len));
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

static wr_direction direction_by_http(const packet_info *pinfo, const wr_http *http)
{
    const uint16_t server = http != NULL ? wr_http_server_port(http) : 0;

    if (server == 0 || pinfo->srcport == pinfo->destport)
        return WR_DIRECTION_UNKNOWN;
    if (pinfo->destport == server)
        return WR_DIRECTION_EMITTED;
    return pinfo->srcport == server ? WR_DIRECTION_DELIVERED : WR_DIRECTION_UNKNOWN;
}

static wr_direction direction_by_syn(packet_info *pinfo, conversation_t *conversation)
{
    const address *client;
    uint32_t port;

    return wr_tcp_client(pinfo, conversation, &client, &port) ? direction_of_client(pinfo, client, port)
                                                              : WR_DIRECTION_UNKNOWN;
}

void signal_fill_from_connection(packet_info *pinfo, signal_carrier *carrier)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const signal_connection *learnt;
    const wr_http *http;

    if (conversation == NULL)
        return;
    http = wr_http_of(conversation);
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
