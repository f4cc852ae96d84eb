/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What carries a description that came as a body of its own: WHIP and WHEP (RFC 9725), SIP (RFC 3261), RTSP, SAP. */
#include "sdp_plugin.h"

#include "connection/message_head.h"
#include "wr_epan/tcp.h"

/* The protocols that can carry a description; the innermost counts. */
static const struct {
    const char *filter_name;
    wr_carrier carrier;
    const char *dialect;
} carriers[] = {
    {"sip", WR_CARRIER_SIP, "sip"},
    {"http", WR_CARRIER_HTTP, "whip-whep"},
    {"http2", WR_CARRIER_HTTP2, "whip-whep"},
    {"http3", WR_CARRIER_HTTP, "whip-whep"},
    {"rtsp", WR_CARRIER_RTSP, "rtsp"},
    {"sap", WR_CARRIER_SAP, "sap"},
    {"websocket", WR_CARRIER_WEBSOCKET, "sdp"},
    {"xmpp", WR_CARRIER_XMPP, "sdp"},
    {"mqtt", WR_CARRIER_MQTT, "sdp"},
    {"tcp", WR_CARRIER_TCP, "sdp"},
    {"udp", WR_CARRIER_UDP, "sdp"},
};

static bool has_layer(packet_info *pinfo, const char *filter_name)
{
    const int proto = proto_get_id_by_filter_name(filter_name);

    return proto != -1 && wr_has_layer(pinfo, proto);
}

static void find_carrier(packet_info *pinfo, wr_signalling_context *context)
{
    context->carrier = WR_CARRIER_OTHER;
    context->dialect = "sdp";
    for (wmem_list_frame_t *f = wmem_list_tail(pinfo->layers); f != NULL; f = wmem_list_frame_prev(f)) {
        const int proto = GPOINTER_TO_INT(wmem_list_frame_data(f));
        const char *name = proto_get_protocol_filter_name(proto);
        for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++) {
            if (name != NULL && strcmp(name, carriers[i].filter_name) == 0) {
                context->carrier = carriers[i].carrier;
                context->dialect = carriers[i].dialect;
                if (context->carrier == WR_CARRIER_SIP && has_layer(pinfo, "websocket"))
                    context->carrier = WR_CARRIER_WEBSOCKET;
                return;
            }
        }
    }
}

/* The end that sent the first packet of the connection is taken for the client. */
static wr_direction direction_by_connection(packet_info *pinfo)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    if (conversation == NULL || conversation->key_ptr == NULL)
        return WR_DIRECTION_UNKNOWN;
    if (conversation_key_port1(conversation->key_ptr) == pinfo->srcport &&
        addresses_equal(conversation_key_addr1(conversation->key_ptr), &pinfo->src))
        return WR_DIRECTION_EMITTED;
    return WR_DIRECTION_DELIVERED;
}

static wr_direction find_direction(packet_info *pinfo, wr_carrier carrier, wr_body_of body_of)
{
    if (body_of != WR_BODY_UNKNOWN)
        return body_of == WR_BODY_REQUEST ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
    /* Without a connection both ends speak for themselves: one leg with two parties, no client and no server. */
    if (carrier == WR_CARRIER_SAP || pinfo->ptype != PT_TCP)
        return has_layer(pinfo, "quic") ? direction_by_connection(pinfo) : WR_DIRECTION_UNKNOWN;
    return direction_by_connection(pinfo);
}

/* Takes a string of the core over into the packet's pool. */
static const char *keep(packet_info *pinfo, char *text)
{
    char *kept = text != NULL && *text != '\0' ? wmem_strdup(pinfo->pool, text) : NULL;

    g_free(text);
    return kept;
}

/* The head stands right before the body, unless the body was unpacked (chunks, gzip). */
static bool find_head(tvbuff_t *tvb, wr_message_head *head)
{
    tvbuff_t *source = tvb_get_ds_tvb(tvb);
    const int offset = tvb_raw_offset(tvb);

    if (source == NULL || source == tvb || offset <= 0 || (unsigned)offset > tvb_captured_length(source))
        return false;
    return wr_message_head_find((const char *)tvb_get_ptr(source, 0, offset), (size_t)offset, head);
}

static const char *sip_party(packet_info *pinfo, const wr_message_head *head, const char *name, const char *compact)
{
    char *text = wr_message_head_field(head, name, compact);
    char *user = text != NULL ? wr_message_sip_user(text) : NULL;

    g_free(text);
    return keep(pinfo, user);
}

/* INVITE and UPDATE offer and their responses answer; in ACK and PRACK comes the answer to an offer made in a
 * response, and the response to a PRACK answers one that PRACK made (RFC 3264, RFC 3262 5, RFC 6337 2). */
static wr_kind sip_kind(const wr_message_head *head)
{
    char *cseq = wr_message_head_field(head, "CSeq", NULL);
    const char *method = cseq != NULL ? strchr(cseq, ' ') : NULL;
    const bool offering = method != NULL && (strcmp(method + 1, "INVITE") == 0 || strcmp(method + 1, "UPDATE") == 0 ||
                                             strcmp(method + 1, "PRACK") == 0);
    wr_kind kind = WR_KIND_UNKNOWN;

    g_free(cseq);
    if (!head->response) {
        if (strcmp(head->method, "INVITE") == 0 || strcmp(head->method, "UPDATE") == 0)
            kind = WR_KIND_OFFER;
        else if (strcmp(head->method, "ACK") == 0)
            kind = WR_KIND_ANSWER;
    } else if (offering && head->status < 300) {
        kind = head->status < 200 ? WR_KIND_PRANSWER : WR_KIND_ANSWER;
    }
    return kind;
}

static void read_sip(packet_info *pinfo, const wr_message_head *head, wr_signalling_context *context)
{
    const char *from = sip_party(pinfo, head, "From", "f");
    const char *to = sip_party(pinfo, head, "To", "t");

    /* From and To name who began the transaction; what counts here is who sent this description. */
    context->from = head->response ? to : from;
    context->to = head->response ? from : to;
    context->call = keep(pinfo, wr_message_head_field(head, "Call-ID", "i"));
    context->hop = keep(pinfo, wr_message_sip_hop(head));
    context->kind = sip_kind(head);
}

/* A field of the HTTP message, from Wireshark's own list of them. */
static const char *http_field(packet_info *pinfo, const void *data, const char *name)
{
    const char *value = wr_media_header(data, name);

    return value != NULL ? keep(pinfo, g_utf8_make_valid(value, (gssize)strnlen(value, WR_HEAD_MAX_VALUE))) : NULL;
}

static void read_http(packet_info *pinfo, const void *data, const wr_message_head *head, wr_signalling_context *context)
{
    const bool response = wr_media_body_of(data) == WR_BODY_RESPONSE;
    const char *location = response ? http_field(pinfo, data, "location") : NULL;

    context->server = http_field(pinfo, data, "host");
    context->user_agent = http_field(pinfo, data, "user-agent");
    if (response) {
        /* The resource that the POST has made; later PATCH and DELETE requests go to it. */
        context->call = location != NULL ? keep(pinfo, wr_message_path(location, strlen(location))) : NULL;
        context->kind = WR_KIND_ANSWER;
    } else if (head != NULL && strcmp(head->method, "PATCH") == 0) {
        context->call = keep(pinfo, wr_message_path(head->target, head->target_len));
        context->kind = WR_KIND_ANSWER;
    } else {
        context->kind = WR_KIND_OFFER;
    }
}

/* A response that accepts the request. */
static bool is_granted(wr_body_of body_of, bool has_head, const wr_message_head *head)
{
    return body_of == WR_BODY_RESPONSE && has_head && head->response && head->status >= 200 && head->status < 300;
}

wr_signalling_context wr_sdp_body_context(tvbuff_t *tvb, packet_info *pinfo, const void *data, const wr_sdp *sdp)
{
    const wr_body_of body_of = wr_media_body_of(data);
    const wr_kind own = wr_kind_from_sdp(sdp);
    wr_signalling_context context;
    wr_message_head head;
    bool has_head;

    memset(&context, 0, sizeof context);
    find_carrier(pinfo, &context);
    context.protected_transport = wr_is_protected(pinfo);
    context.mirrored = has_layer(pinfo, "webrtc_hep") || has_layer(pinfo, "hep");
    context.connection = wr_connection_id(pinfo);
    context.direction = find_direction(pinfo, context.carrier, body_of);
    has_head = find_head(tvb, &head);
    if (has_head && head.sip && (context.carrier == WR_CARRIER_TCP || context.carrier == WR_CARRIER_UDP)) {
        context.carrier = WR_CARRIER_SIP; /* found behind the dissector of SIP, which passed it over */
        context.dialect = "sip";
    }
    if (body_of != WR_BODY_UNKNOWN) {
        context.heard = wr_tcp_heard(pinfo);
        read_http(pinfo, data, has_head && !head.response ? &head : NULL, &context);
    } else if (has_head && strcmp(context.dialect, "sip") == 0) {
        context.user_agent = keep(pinfo, wr_message_head_field(&head, "User-Agent", NULL));
        read_sip(pinfo, &head, &context);
    }
    /* Only an offer may leave the DTLS role open (RFC 8842 5.3), so the text overrules the carrier here: offers in a
     * 200 to an INVITE without one, servers that offer in WHEP. Whether an INVITE had one only the call's other
     * messages tell, and a WHEP server that refuses an offer may bring one of its own. */
    context.meant_as_answer = own == WR_KIND_OFFER && wr_kind_is_answer(context.kind) &&
                              (strcmp(context.dialect, "sip") == 0 || is_granted(body_of, has_head, &head));
    if (sdp->fragment || own == WR_KIND_OFFER || context.kind == WR_KIND_UNKNOWN)
        context.kind = own;
    return context;
}
