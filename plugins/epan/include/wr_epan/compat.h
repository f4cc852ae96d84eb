/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All differences between the Wireshark series 4.0, 4.4 and 4.6, and the few things that every plugin asks of a packet.
 * Include it instead of epan/packet.h.
 */
#ifndef WR_EPAN_COMPAT_H
#define WR_EPAN_COMPAT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <ws_version.h>

/* 400, 404, 406: the running series must be the one built for, so one binary serves one series. */
#define WR_WIRESHARK (WIRESHARK_VERSION_MAJOR * 100 + WIRESHARK_VERSION_MINOR)

#include <wireshark.h>

#include <epan/conversation.h>
#include <epan/conversation_filter.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto_data.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>
#if WR_WIRESHARK >= 404
#include <epan/dissectors/packet-media-type.h>
#else
#include <epan/dissectors/packet-http.h>
#endif
#include <epan/dissectors/packet-tls.h>
#if WR_WIRESHARK >= 406
#include <wsutil/value_string.h>
#else
#include <epan/value_string.h>
#endif
#if WR_WIRESHARK >= 402
#include <wsutil/plugins.h>
#endif

#include <epan/dissectors/packet-http.h>
#if __has_include(<epan/dissectors/packet-media-type.h>)
#include <epan/dissectors/packet-media-type.h>
#define WR_HAVE_MEDIA_CONTENT_INFO 1
#endif

#include "base/endpoint.h"

/* ---- Build and load ------------------------------------------------------------------------------------------- */

/* Plugins are built with hidden visibility; only what the loader looks for is visible. */
#define WR_EXPORT __attribute__((visibility("default")))

/* The flags of plugin_describe(); the development package of 4.0 has no header for them. */
#ifndef WS_PLUGIN_DESC_DISSECTOR
#define WS_PLUGIN_DESC_DISSECTOR    (1UL << 0)
#define WS_PLUGIN_DESC_EPAN         (1UL << 3)
#define WS_PLUGIN_DESC_TAP_LISTENER (1UL << 4)
#endif

#ifndef WR_VERSION
#define WR_VERSION "0.0.0"
#endif

/* All that the loader looks for but plugin_register(), which the plugin writes after this line; what: one of the
 * WS_PLUGIN_DESC_ flags, or several or-ed. */
#define WR_PLUGIN_EXPORTS(what)                                                                                        \
    WR_EXPORT const char plugin_version[] = WR_VERSION;                                                                \
    WR_EXPORT const int plugin_want_major = WIRESHARK_VERSION_MAJOR;                                                   \
    WR_EXPORT const int plugin_want_minor = WIRESHARK_VERSION_MINOR;                                                   \
    WR_EXPORT void plugin_register(void);                                                                              \
    WR_EXPORT uint32_t plugin_describe(void);                                                                          \
    uint32_t plugin_describe(void)                                                                                     \
    {                                                                                                                  \
        return (uint32_t)(what);                                                                                       \
    }

/* ---- Types and names that changed ----------------------------------------------------------------------------- */

/* What a heuristic dissector returns, and what a boolean preference and a conversation-filter test are. */
#if WR_WIRESHARK >= 404
typedef bool wr_bool;
#else
typedef gboolean wr_bool;
#endif

#if WR_WIRESHARK >= 404
#define wr_tvb_u8      tvb_get_uint8
#define wr_tvb_find_u8 tvb_find_uint8
#else
#define wr_tvb_u8      tvb_get_guint8
#define wr_tvb_find_u8 tvb_find_guint8
#endif

/* Parameters of a conversation filter's callbacks, and the last argument of register_conversation_filter(). */
#if WR_WIRESHARK >= 404
#define WR_CONVERSATION_FILTER_PARAMETERS packet_info *pinfo, void *user_data _U_
#define WR_CONVERSATION_FILTER_LAST       , NULL
#else
#define WR_CONVERSATION_FILTER_PARAMETERS packet_info *pinfo
#define WR_CONVERSATION_FILTER_LAST
#endif

/* Between the parts of a menu path of stats_tree_register_plugin(). */
#ifdef STATS_TREE_MENU_SEPARATOR
#define WR_MENU_SEPARATOR STATS_TREE_MENU_SEPARATOR
#else
#define WR_MENU_SEPARATOR "/"
#endif

/* The init routine of a stat_tap_ui: "static WR_STAT_INIT my_init(...) { ...; WR_STAT_INIT_OK; }". */
#if WR_WIRESHARK >= 406
#define WR_STAT_INIT        bool
#define WR_STAT_INIT_OK     return true
#define WR_STAT_INIT_FAILED return false
#else
#define WR_STAT_INIT        void
#define WR_STAT_INIT_OK     return
#define WR_STAT_INIT_FAILED return
#endif

/* The Telephony menu's own entries, beside its protocols, under 4.0's name. */
#if WR_WIRESHARK >= 404
#define REGISTER_STAT_GROUP_TELEPHONY REGISTER_TELEPHONY_GROUP_UNSORTED
#endif

/* This packet needs frame number when only displayed packets are saved. */
static inline void wr_depend_on_frame(packet_info *pinfo, uint32_t number)
{
#if WR_WIRESHARK >= 404
    mark_frame_as_depended_upon(pinfo->fd, number);
#else
    mark_frame_as_depended_upon(pinfo, number);
#endif
}

/* Calls what is registered for number or text in a dissector table; 0 when nothing took the bytes. */
static inline int wr_dissector_try_uint(dissector_table_t table, uint32_t number, tvbuff_t *tvb, packet_info *pinfo,
                                        proto_tree *tree, void *data)
{
#if WR_WIRESHARK >= 406
    return dissector_try_uint_with_data(table, number, tvb, pinfo, tree, true, data);
#else
    return dissector_try_uint_new(table, number, tvb, pinfo, tree, TRUE, data);
#endif
}

static inline int wr_dissector_try_string(dissector_table_t table, const char *text, tvbuff_t *tvb, packet_info *pinfo,
                                          proto_tree *tree, void *data)
{
#if WR_WIRESHARK >= 406
    return dissector_try_string_with_data(table, text, tvb, pinfo, tree, true, data);
#else
    return dissector_try_string_new(table, text, tvb, pinfo, tree, TRUE, data);
#endif
}

/* What a data source is called ("Frame", "Reassembled TCP", "Decrypted DTLS", ... with its length behind). The
 * caller frees it with wmem_free(NULL, ...). */
static inline char *wr_data_source_name(const struct data_source *source)
{
#if WR_WIRESHARK >= 406
    return get_data_source_description(source);
#else
    return get_data_source_name(source);
#endif
}

/* What dissectors of a media type are told of the message around the body. */
#ifdef WR_HAVE_MEDIA_CONTENT_INFO
typedef media_content_info_t wr_media_info;
#define WR_MEDIA_REQUEST  MEDIA_CONTAINER_HTTP_REQUEST
#define WR_MEDIA_RESPONSE MEDIA_CONTAINER_HTTP_RESPONSE
#define WR_MEDIA_SIP      MEDIA_CONTAINER_SIP_DATA
#else
typedef http_message_info_t wr_media_info;
#define WR_MEDIA_REQUEST  HTTP_REQUEST
#define WR_MEDIA_RESPONSE HTTP_RESPONSE
#define WR_MEDIA_SIP      SIP_DATA
#endif

/* Target and host of the latest request of an HTTP/1 connection, on the first pass; of the upgrade once that was. */
static inline const char *wr_http_request_uri(const http_conv_t *http)
{
#if WR_WIRESHARK >= 404
    return http->req_res_tail != NULL ? http->req_res_tail->request_uri : NULL;
#else
    return http->request_uri;
#endif
}

static inline const char *wr_http_host(const http_conv_t *http)
{
#if WR_WIRESHARK >= 404
    return http->req_res_tail != NULL ? http->req_res_tail->http_host : NULL;
#else
    return http->http_host;
#endif
}

/* The subprotocol that the WebSocket connection agreed on; 4.6 asks whatever version of HTTP carried the upgrade, and
 * knows the names of its header fields in lower case alone. */
static inline const char *wr_http_websocket_protocol(packet_info *pinfo, const http_conv_t *http)
{
#if WR_WIRESHARK >= 406
    return http->upgrade_info != NULL ? http->upgrade_info->get_header_value(pinfo, "sec-websocket-protocol", false)
                                      : NULL;
#else
    (void)pinfo;
    return http->websocket_protocol;
#endif
}

/* What a dissector in the table "media_type" learns from its data argument: the body of a request or of a response.
 * Only HTTP/1 says it. */
typedef enum { WR_BODY_UNKNOWN = 0, WR_BODY_REQUEST, WR_BODY_RESPONSE } wr_body_of;

static inline wr_body_of wr_media_body_of(const void *data)
{
    if (data == NULL)
        return WR_BODY_UNKNOWN;
#if WR_WIRESHARK >= 404
    switch (((const media_content_info_t *)data)->type) {
    case MEDIA_CONTAINER_HTTP_REQUEST:
        return WR_BODY_REQUEST;
    case MEDIA_CONTAINER_HTTP_RESPONSE:
        return WR_BODY_RESPONSE;
    default:
        return WR_BODY_UNKNOWN;
    }
#else
    switch (((const http_message_info_t *)data)->type) {
    case HTTP_REQUEST:
        return WR_BODY_REQUEST;
    case HTTP_RESPONSE:
        return WR_BODY_RESPONSE;
    default:
        return WR_BODY_UNKNOWN;
    }
#endif
}

/* A header field of the HTTP/1 message such a body belongs to; name in lower case. NULL when there is none, or when
 * the body is that of another protocol. */
static inline const char *wr_media_header(const void *data, const char *name)
{
    if (wr_media_body_of(data) == WR_BODY_UNKNOWN)
        return NULL;
#if WR_WIRESHARK >= 404
    wmem_map_t *headers = (wmem_map_t *)((const media_content_info_t *)data)->data;
#else
    wmem_map_t *headers = (wmem_map_t *)((const http_message_info_t *)data)->data;
#endif
    return headers != NULL ? (const char *)wmem_map_lookup(headers, name) : NULL;
}

/* ---- RTP -------------------------------------------------------------------------------------------------------- */

/* What a payload type means. */
#define wr_rtp_payload_insert(payloads, type, name, rate, channels)                                                    \
    WR_RTP_PAYLOAD_INSERT(payloads, type, name, rate, channels)
#if WR_WIRESHARK >= 404
#define WR_RTP_PAYLOAD_INSERT(payloads, type, name, rate, channels)                                                    \
    rtp_dyn_payload_insert(payloads, type, name, rate, channels)
#else
#define WR_RTP_PAYLOAD_INSERT(payloads, type, name, rate, channels) rtp_dyn_payload_insert(payloads, type, name, rate)
#endif

/* ---- TLS ------------------------------------------------------------------------------------------------------ */

/* In a heuristic of the list "tls", with the data it was given: what the connection carries from now on goes to this
 * dissector. */
static inline void wr_tls_carries(void *data, dissector_handle_t handle)
{
#if WR_WIRESHARK >= 404
    *((struct tlsinfo *)data)->app_handle = handle;
#else
    *(dissector_handle_t *)data = handle;
#endif
}

/* What Wireshark knows of a secret: its records, in the layout of all three series. */
typedef struct {
    uint8_t *data;
    unsigned length;
} wr_tls_string;

#if WR_WIRESHARK >= 404
/* The first of its maps, whose header wants Gcrypt's; 4.0 offers the one of master secrets alone. */
typedef struct {
    GHashTable *session, *tickets, *crandom, *pre_master, *pms;
    GHashTable *client_early, *client_handshake, *server_handshake, *client_appdata, *server_appdata;
    GHashTable *early_exporter, *exporter;
} wr_tls_maps;
extern wr_tls_maps *tls_get_master_key_map(bool load_secrets);
#endif

/* Also secrets of TLS 1.3, from wherever Wireshark has them. */
#define WR_TLS_TELLS_ALL (WR_WIRESHARK >= 404)

/* The master secret (false), or exporter secret (true), of the handshake with this client random (32 bytes), by a key
 * log or by what stands in the capture. *length is the room in out, and then what was put there. */
static inline bool wr_tls_secret(const uint8_t *client_random, bool exporter, uint8_t *out, size_t *length)
{
    wr_tls_string key = {(uint8_t *)(uintptr_t)client_random, 32};
    const wr_tls_string *found;
#if WR_WIRESHARK >= 404
    const wr_tls_maps *maps = tls_get_master_key_map(true);
    GHashTable *map = maps == NULL ? NULL : exporter ? maps->exporter : maps->crandom;
#else
    GHashTable *map = exporter ? NULL : ssl_crandom_hash;
#endif

    found = map != NULL ? (const wr_tls_string *)g_hash_table_lookup(map, &key) : NULL;
    if (found == NULL || found->data == NULL || found->length == 0 || found->length > *length)
        return false;
    memcpy(out, found->data, found->length);
    *length = found->length;
    return true;
}

/* ---- Flow graphs ---------------------------------------------------------------------------------------------- */

/* No development package of these series has the header of flow graphs. What is declared here are the beginnings of its
 * two records, in the layout of all three series; Wireshark alone makes
 * them, so their ends need not be known. */
#if !__has_include(<epan/sequence_analysis.h>)
typedef struct _seq_analysis_item {
    uint32_t frame_number;
    address src_addr;
    uint16_t port_src;
    address dst_addr;
    uint16_t port_dst;
    char *frame_label;
    char *time_str;
    char *comment;
    uint16_t conv_num;
    unsigned fg_color;
    unsigned bg_color;
    wr_bool has_color_filter;
    wr_bool display;
} seq_analysis_item_t;

typedef struct _seq_analysis_info {
    const char *name;
    wr_bool any_addr;
    int nconv;
    GQueue *items;
} seq_analysis_info_t;

extern void register_seq_analysis(const char *name, const char *ui_name, const int proto_id, const char *tap_listener,
                                  unsigned tap_flags, tap_packet_cb tap_func);
extern seq_analysis_item_t *sequence_analysis_create_sai_with_addresses(packet_info *pinfo,
                                                                        seq_analysis_info_t *sainfo);
#else
#include <epan/sequence_analysis.h>
#endif

/* ---- Small questions to a packet ------------------------------------------------------------------------------ */

/* The captured bytes of a tvb and their number; NULL when there is none. */
static inline const uint8_t *wr_tvb_bytes(tvbuff_t *tvb, unsigned *captured)
{
    *captured = tvb != NULL ? tvb_captured_length(tvb) : 0;
    return *captured != 0 ? tvb_get_ptr(tvb, 0, (int)*captured) : NULL;
}

/* Identity of the packet's conversation within the capture; 0 when it has none. The first conversation's index may
 * be 0 in Wireshark, so one is added. */
static inline uint32_t wr_connection_id(packet_info *pinfo)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation != NULL ? conversation->conv_index + 1 : 0;
}

/* A copy in pool; NULL stays NULL, where wmem_strdup() makes the text "<NULL>" of it. */
static inline char *wr_strdup(wmem_allocator_t *pool, const char *text)
{
    return text != NULL ? wmem_strdup(pool, text) : NULL;
}

static inline wr_endpoint wr_endpoint_from_address(const address *a, uint32_t port)
{
    if (a->type == AT_IPv4 || a->type == AT_IPv6)
        return wr_endpoint_from_bytes((const uint8_t *)a->data, (size_t)a->len, (uint16_t)port);
    return wr_endpoint_none();
}

/* Where and when this packet was seen. Ports are those of the innermost transport. */
static inline wr_place wr_place_of(const packet_info *pinfo)
{
    wr_place at;

    memset(&at, 0, sizeof at);
    at.frame = pinfo->num;
    at.time_us = (int64_t)pinfo->abs_ts.secs * 1000000 + pinfo->abs_ts.nsecs / 1000;
    at.src = wr_endpoint_from_address(&pinfo->src, pinfo->srcport);
    at.dst = wr_endpoint_from_address(&pinfo->dst, pinfo->destport);
    return at;
}

/* The packet holds a layer of this protocol (its id), up to where dissection has come. */
static inline bool wr_has_layer(const packet_info *pinfo, int proto)
{
    for (wmem_list_frame_t *f = wmem_list_tail(pinfo->layers); f != NULL; f = wmem_list_frame_prev(f))
        if (GPOINTER_TO_INT(wmem_list_frame_data(f)) == proto)
            return true;
    return false;
}

/* Encryption lies beneath what is being dissected now: TLS, QUIC or DTLS, opened with keys. */
static inline bool wr_is_protected(const packet_info *pinfo)
{
    static int tls = -2, quic = -2, dtls = -2;

    if (tls == -2) {
        tls = proto_get_id_by_filter_name("tls");
        quic = proto_get_id_by_filter_name("quic");
        dtls = proto_get_id_by_filter_name("dtls");
    }
    for (wmem_list_frame_t *f = wmem_list_head(pinfo->layers); f != NULL; f = wmem_list_frame_next(f)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(f));
        if (proto == tls || proto == quic || proto == dtls)
            return true;
    }
    return false;
}

#endif
