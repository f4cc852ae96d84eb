/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTTP bodies (and parts of MIME bodies) that may hold signalling. The dissector that was registered for a media type
 * before keeps its work: it is called for every body, whatever is found. */
#include "signal.h"
#include "wr_epan/http.h"

#include "connection/message_head.h"

/* Bodies of these built-in dissectors' types are looked at: what a type says of a body need not be so, and then its
 * first bytes tell. Browsers send JSON as text/plain when the page says nothing, scripts of PHP answer text/html; BOSH
 * (XEP-0124) sends stanzas as text/xml. What no dissector is registered for comes by way of heuristics. */
static const char *const text_protocols[] = {
    "json", "data-text-lines", "urlencoded-form", "xml", "protobuf", "msgpack", "cbor", "data"};

#define SCRIPT_LOOK   64 /* bytes of a script in which the call of JSONP begins */
#define SHORTEST_BODY 8

static GHashTable *former;          /* media type -> the handle that was registered before, or NULL */
static GHashTable *former_messages; /* the same of gRPC's message types */
static dissector_handle_t json_handle, body_handle, suffix_handle, message_handle;
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
    const wr_direction direction = carrier->direction;
    const char *host = wr_media_header(data, "Host");

    signal_fill_from_connection(pinfo, carrier);
    if (direction != WR_DIRECTION_UNKNOWN)
        carrier->direction = direction;
    carrier->subprotocol = NULL;
    if (host != NULL)
        carrier->server = host;
    carrier->user_agent = wr_media_header(data, "User-Agent");
}

/* On the first pass from the HTTP dissector, later as it was then. */
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
    else if (carrier->carrier == WR_CARRIER_HTTP2)
        signal_fill_from_http2(pinfo, 0, carrier);
    kept = wmem_new0(wmem_file_scope(), kept_facts);
    kept->url = wr_strdup(wmem_file_scope(), carrier->url);
    kept->server = wr_strdup(wmem_file_scope(), carrier->server);
    kept->user_agent = wr_strdup(wmem_file_scope(), carrier->user_agent);
    wr_packet_keep(pinfo, proto_webrtc_signal, key, kept);
}

void signal_fill_shared(packet_info *pinfo, tvbuff_t *message, signal_carrier *carrier)
{
    const wr_carrier own = carrier->carrier;

    carrier->carrier = WR_CARRIER_HTTP2;
    fill_facts(pinfo, NULL, message, carrier);
    carrier->carrier = own;
}

/* Whoever opened the connection is the client of all that goes over it; what else is known of it is not this message's.
 */
static wr_direction direction_of_connection(packet_info *pinfo)
{
    signal_carrier connection = {.carrier = WR_CARRIER_OTHER};

    signal_fill_from_connection(pinfo, &connection);
    return connection.direction;
}

static bool begins_markup(const uint8_t *bytes, unsigned len)
{
    unsigned i = len >= 3 && bytes[0] == 0xef ? 3 : 0;

    while (i < MIN(len, SCRIPT_LOOK) && g_ascii_isspace(bytes[i]))
        i++;
    return i == len || i == SCRIPT_LOOK || bytes[i] == '<';
}

/* Markup of pages and images, and scripts but for JSONP's "name(": no signalling, and most of the web. */
static bool is_page(tvbuff_t *tvb, const char *type)
{
    unsigned captured, i = 0;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

    if (bytes == NULL)
        return true;
    if (strcmp(type, "text/html") == 0 || strcmp(type, "text/css") == 0 || g_str_has_prefix(type, "image/") ||
        g_str_has_suffix(type, "xhtml+xml"))
        return begins_markup(bytes, captured) || strcmp(type, "text/css") == 0;
    if (strstr(type, "javascript") == NULL && strstr(type, "ecmascript") == NULL)
        return false;
    if (bytes[0] == '{')
        return false;
    while (i < MIN(captured, SCRIPT_LOOK) && (g_ascii_isalnum(bytes[i]) || strchr("_$./* ", bytes[i]) != NULL))
        i++;
    return i == 0 || i + 1 >= captured || bytes[i] != '(' || g_str_has_prefix((const char *)bytes, "function");
}

static bool search_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const void *data, const char *content_type)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_HTTP, .content_type = content_type};
    const wr_body_of body_of = wr_media_body_of(data);

    wr_packet_begin_message(pinfo, proto_webrtc_signal);
    if (content_type != NULL && is_page(tvb, content_type))
        return false;
    if (signal_is_followed(tvb, pinfo))
        return false;
    signal_remark_json(tvb, pinfo, body_of == WR_BODY_REQUEST ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED);
    if (!signal_is_worthwhile(tvb, pinfo, tree))
        return false;
    if (body_of != WR_BODY_UNKNOWN)
        carrier.direction = body_of == WR_BODY_REQUEST ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
    carrier.carrier = carrier_of(pinfo, data);
    if (carrier.direction == WR_DIRECTION_UNKNOWN &&
        (carrier.carrier == WR_CARRIER_HTTP2 || carrier.carrier == WR_CARRIER_HTTP ||
         carrier.carrier == WR_CARRIER_MQTT))
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

/* A body that was unpacked lies behind no head: it is searched for one of no type, and then must not be again. */
static const uint8_t *searched;

static bool was_searched(tvbuff_t *tvb)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    const bool was = bytes != NULL && bytes == searched;

    searched = NULL;
    return was;
}

static void show_json(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const char *type)
{
    if (type != NULL && g_str_has_suffix(type, "+json"))
        call_dissector(json_handle, tvb, pinfo, tree);
}

/* For media types that no dissector was registered for. What others would show of the body is theirs. */
static wr_bool dissect_unknown_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const char *type = pinfo->match_string;

    if (type == NULL || was_searched(tvb) || !search_body(tvb, pinfo, tree, data, type))
        return FALSE;
    pinfo->match_string = type;
    show_json(tvb, pinfo, tree, type);
    return FALSE;
}

/* The head right before the body says a type: then it is asked for by that. */
static bool has_type(tvbuff_t *tvb)
{
    tvbuff_t *source = tvb_get_ds_tvb(tvb);
    const int offset = tvb_raw_offset(tvb);
    wr_message_head head;
    char *type;
    bool has;

    if (source == NULL || source == tvb || offset <= 0 || (unsigned)offset > tvb_captured_length(source) ||
        !wr_message_head_find((const char *)tvb_get_ptr(source, 0, offset), (size_t)offset, &head))
        return false;
    type = wr_message_head_field(&head, "Content-Type", NULL);
    has = type != NULL;
    g_free(type);
    return has;
}

/* Bodies over HTTP/1 of no type. Nothing but their connection tells who sent them. */
static wr_bool dissect_untyped(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const char *match = pinfo->match_string;

    (void)data;
    searched = NULL;
    if (tvb_captured_length(tvb) >= SHORTEST_BODY && !has_type(tvb)) {
        unsigned captured;
        search_body(tvb, pinfo, tree, NULL, NULL);
        searched = wr_tvb_bytes(tvb, &captured);
    }
    pinfo->match_string = match;
    return FALSE;
}

/* A message of gRPC, as it comes. */
static int dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const char *type = pinfo->match_string;
    dissector_handle_t before = type != NULL ? g_hash_table_lookup(former_messages, type) : NULL;

    search_body(tvb, pinfo, tree, NULL, type);
    pinfo->match_string = type;
    return before != NULL ? call_dissector_only(before, tvb, pinfo, tree, data) : 0;
}

static int dissect_json_suffix(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const char *type = pinfo->match_string;

    search_body(tvb, pinfo, tree, data, type);
    pinfo->match_string = type;
    return call_dissector_only(json_handle, tvb, pinfo, tree, data);
}

static bool is_text_protocol(dissector_handle_t handle)
{
    const char *name = proto_get_protocol_filter_name(dissector_handle_get_protocol_index(handle));

    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(text_protocols); i++)
        if (strcmp(name, text_protocols[i]) == 0)
            return true;
    return false;
}

/* user_data: where it is kept, by type. */
static void note_type(const gchar *table, ftenum_t selector, gpointer key, gpointer value, gpointer user_data)
{
    dissector_handle_t handle = dtbl_entry_get_handle(value);

    (void)table;
    (void)selector;
    if (handle != NULL &&
        (g_str_has_suffix(key, "+json") || strcmp(key, "multipart/form-data") == 0 || is_text_protocol(handle)))
        g_hash_table_insert(user_data, g_strdup(key), handle);
}

static void take_media_type(gpointer type, gpointer handle, gpointer user_data)
{
    (void)handle;
    (void)user_data;
    dissector_add_string("media_type", type, body_handle);
}

static void take_message_type(gpointer type, gpointer handle, gpointer user_data)
{
    (void)handle;
    (void)user_data;
    dissector_add_string("grpc_message_type", type, message_handle);
}

static void handoff_messages(void)
{
    message_handle = create_dissector_handle_with_name_and_description(dissect_message, -1, "webrtc_signal_message",
                                                                       "WebRTC signalling in gRPC");
    former_messages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (find_dissector_table("grpc_message_type") == NULL)
        return;
    dissector_table_foreach("grpc_message_type", note_type, former_messages);
    g_hash_table_foreach(former_messages, take_message_type, NULL);
}

/* Built-in dissectors have registered themselves before any plugin's handoff. */
void signal_handoff_http(void)
{

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
    dissector_table_foreach("media_type", note_type, former);
    g_hash_table_foreach(former, take_media_type, NULL);
    /* 4.4 and later ask for what follows the plus sign before any heuristic. */
    if (find_dissector_table("media_type.suffix") != NULL)
        dissector_add_string("media_type.suffix", "json", suffix_handle);
    heur_dissector_add("media", dissect_unknown_media, "WebRTC signalling in bodies of other media types",
                       "webrtc_signal_media", proto_webrtc_signal, HEURISTIC_ENABLE);
    heur_dissector_add("http", dissect_untyped, "WebRTC signalling in bodies of no known type", "webrtc_signal_untyped",
                       proto_webrtc_signal, HEURISTIC_ENABLE);
    handoff_messages();
}
