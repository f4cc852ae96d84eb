/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTTP bodies (and parts of MIME bodies) that may hold signalling. The dissector that was registered for a media type
 * before keeps its work: it is called for every body, whatever is found. */
#include "signal.h"
#include "wr_epan/http.h"

/* Browsers send JSON as text/plain when the page says nothing; BOSH (XEP-0124) sends stanzas as text/xml. To these come
 * all types that the built-in JSON dissector is registered for and all that end in +json. */
static const char *const media_types[] = {
    "application/json",
    "text/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/xml",
    "application/xml",
    "application/protobuf",
    "application/x-protobuf",
    "application/msgpack",
    "multipart/form-data",
    "text/javascript", /* PubNub answers so; scripts are left alone */
};

static GHashTable *former; /* media type -> the handle that was registered before, or NULL */
static dissector_handle_t json_handle, body_handle, suffix_handle;
static int proto_http2 = -1, proto_http = -1, proto_sip = -1, proto_mqtt = -1;

/* What must be the same on later passes, when the HTTP dissector's state has moved on. */
typedef struct {
    const char *url, *server, *user_agent;
} kept_facts;

static wr_carrier carrier_of(const packet_info *pinfo, const void *data)
{
    if (wr_media_is_sip(data))
        return WR_CARRIER_SIP;
    for (wmem_list_frame_t *f = wmem_list_tail(pinfo->layers); f != NULL; f = wmem_list_frame_prev(f)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(f));
        if (proto == proto_http2)
            return WR_CARRIER_HTTP2;
        if (proto == proto_http)
            return WR_CARRIER_HTTP;
        if (proto == proto_sip)
            return WR_CARRIER_SIP;
        if (proto == proto_mqtt)
            return WR_CARRIER_MQTT;
    }
    return WR_CARRIER_OTHER;
}

static void learn_http1(packet_info *pinfo, const void *data, signal_carrier *carrier)
{
    wr_direction direction = carrier->direction;
    const char *host = wr_media_header(data, "Host");

    signal_fill_from_connection(pinfo, carrier);
    carrier->direction = direction;
    carrier->subprotocol = NULL;
    if (host != NULL)
        carrier->server = host;
    carrier->user_agent = wr_media_header(data, "User-Agent");
}

/* On the first pass from the HTTP dissector, later as it was then. What HTTP/2 knows is not open to plugins. */
static void fill_facts(packet_info *pinfo, const void *data, tvbuff_t *body, signal_carrier *carrier)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(body, &captured);
    const uint32_t key = signal_message_key(pinfo, WR_KEPT_HTTP, bytes, captured);
    kept_facts *kept;

    if (PINFO_FD_VISITED(pinfo)) {
        kept = wr_packet_kept(pinfo, proto_webrtc_signal, key);
        if (kept != NULL) {
            carrier->url = kept->url;
            carrier->server = kept->server;
            carrier->user_agent = kept->user_agent;
        }
        return;
    }
    if (carrier->carrier == WR_CARRIER_HTTP)
        learn_http1(pinfo, data, carrier);
    kept = wmem_new0(wmem_file_scope(), kept_facts);
    kept->url = wr_strdup(wmem_file_scope(), carrier->url);
    kept->server = wr_strdup(wmem_file_scope(), carrier->server);
    kept->user_agent = wr_strdup(wmem_file_scope(), carrier->user_agent);
    wr_packet_keep(pinfo, proto_webrtc_signal, key, kept);
}

/* Whoever opened the connection is the client of all that goes over it; what else is known of it is not this message's.
 */
static wr_direction direction_of_connection(packet_info *pinfo)
{
    signal_carrier connection = {.carrier = WR_CARRIER_OTHER};

    signal_fill_from_connection(pinfo, &connection);
    return connection.direction;
}

static bool search_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const void *data, const char *content_type)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_HTTP, .content_type = content_type};
    const wr_body_of body_of = wr_media_body_of(data);

    wr_packet_begin_message(pinfo, proto_webrtc_signal);
    if (g_strcmp0(content_type, "text/javascript") == 0 && (tvb_captured_length(tvb) == 0 || wr_tvb_u8(tvb, 0) != '{'))
        return false;
    signal_remark_json(tvb, pinfo, body_of == WR_BODY_REQUEST ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED);
    if (!signal_is_worthwhile(tvb, pinfo, tree))
        return false;
    if (body_of != WR_BODY_UNKNOWN)
        carrier.direction = body_of == WR_BODY_REQUEST ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
    carrier.carrier = carrier_of(pinfo, data);
    if (carrier.direction == WR_DIRECTION_UNKNOWN &&
        (carrier.carrier == WR_CARRIER_HTTP2 || carrier.carrier == WR_CARRIER_MQTT))
        carrier.direction = direction_of_connection(pinfo);
    fill_facts(pinfo, data, tvb, &carrier);
    return signal_dissect(tvb, pinfo, tree, &carrier);
}

/* For the media types above. */
static int dissect_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const char *type = pinfo->match_string;
    dissector_handle_t before = type != NULL ? g_hash_table_lookup(former, type) : NULL;

    search_body(tvb, pinfo, tree, data, type);
    pinfo->match_string = type;
    return before != NULL ? call_dissector_only(before, tvb, pinfo, tree, data) : 0;
}

/* For media types that no dissector was registered for. */
static wr_bool dissect_unknown_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const char *type = pinfo->match_string;

    if (type == NULL || !g_str_has_suffix(type, "+json") || !search_body(tvb, pinfo, tree, data, type))
        return FALSE;
    pinfo->match_string = type;
    call_dissector(json_handle, tvb, pinfo, tree);
    return TRUE;
}

static int dissect_json_suffix(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const char *type = pinfo->match_string;

    search_body(tvb, pinfo, tree, data, type);
    pinfo->match_string = type;
    return call_dissector_only(json_handle, tvb, pinfo, tree, data);
}

static void note_json_type(const gchar *table, ftenum_t selector, gpointer key, gpointer value, gpointer user_data)
{
    dissector_handle_t handle = dtbl_entry_get_handle(value);

    (void)table;
    (void)selector;
    (void)user_data;
    if (handle != NULL && (handle == json_handle || g_str_has_suffix(key, "+json")))
        g_hash_table_insert(former, g_strdup(key), handle);
}

static void take_media_type(gpointer type, gpointer handle, gpointer user_data)
{
    (void)handle;
    (void)user_data;
    dissector_add_string("media_type", type, body_handle);
}

/* Built-in dissectors have registered themselves before any plugin's handoff. */
void signal_handoff_http(void)
{
    dissector_table_t table = find_dissector_table("media_type");

    json_handle = find_dissector("json");
    /* No protocol: the forwarding then works also when webrtc_signal is disabled, and leaves no layer behind.
     * 4.6 then wants a description, for Decode As. */
    body_handle = create_dissector_handle_with_name_and_description(dissect_body, -1, "webrtc_signal_body",
                                                                    "WebRTC signalling in HTTP bodies");
    suffix_handle = create_dissector_handle_with_name_and_description(dissect_json_suffix, -1, "webrtc_signal_json",
                                                                      "WebRTC signalling in JSON of other media types");
    proto_http = proto_get_id_by_filter_name("http");
    proto_http2 = proto_get_id_by_filter_name("http2");
    proto_sip = proto_get_id_by_filter_name("sip");
    proto_mqtt = proto_get_id_by_filter_name("mqtt");
    former = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    dissector_table_foreach("media_type", note_json_type, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(media_types); i++)
        g_hash_table_insert(former, g_strdup(media_types[i]), dissector_get_string_handle(table, media_types[i]));
    g_hash_table_foreach(former, take_media_type, NULL);
    /* 4.4 and later ask for what follows the plus sign before any heuristic. */
    if (find_dissector_table("media_type.suffix") != NULL)
        dissector_add_string("media_type.suffix", "json", suffix_handle);
    heur_dissector_add("media", dissect_unknown_media, "WebRTC signalling in JSON of other media types",
                       "webrtc_signal_media", proto_webrtc_signal, HEURISTIC_ENABLE);
}
