/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows what was found in a signalling message, one item each, and hands descriptions to webrtc_sdp. */
#include "signal.h"

#include "dialects/mqtt_topic.h"
#include "find/keywords.h"
#include "formats/unwrap.h"

#define LAYERS_KEPT 100u /* of a packet, whatever was left behind */

static int hf_dialect = -1, hf_kind = -1, hf_path = -1, hf_call = -1, hf_from = -1, hf_to = -1, hf_mid = -1;
static int hf_ufrag = -1, hf_carrier = -1, hf_direction = -1, hf_server = -1, hf_url = -1, hf_problem = -1;
static int ett_signal = -1;
static expert_field ei_malformed = EI_INIT, ei_bound = EI_INIT, ei_no_sdp = EI_INIT, ei_cut = EI_INIT;

static dissector_handle_t webrtc_sdp_handle, builtin_sdp_handle;
static int proto_webrtc_sdp = -1;

void signal_register_fields(void)
{
    static hf_register_info hf[] = {
        {&hf_dialect,
         {"Dialect", "webrtc_signal.dialect", FT_STRING, BASE_NONE, NULL, 0,
          "Signalling system whose messages look like this one", HFILL}},
        {&hf_kind,
         {"Kind", "webrtc_signal.kind", FT_STRING, BASE_NONE, NULL, 0,
          "offer, answer, pranswer, rollback, fragment, candidate, join or bye", HFILL}},
        {&hf_path,
         {"Path", "webrtc_signal.path", FT_STRING, BASE_NONE, NULL, 0, "Where in the message it was found", HFILL}},
        {&hf_call,
         {"Call", "webrtc_signal.call", FT_STRING, BASE_NONE, NULL, 0,
          "What the application calls the call, room or session", HFILL}},
        {&hf_from,
         {"From", "webrtc_signal.from", FT_STRING, BASE_NONE, NULL, 0, "Party the message names as its sender", HFILL}},
        {&hf_to,
         {"To", "webrtc_signal.to", FT_STRING, BASE_NONE, NULL, 0, "Party the message names as its receiver", HFILL}},
        {&hf_mid,
         {"Section", "webrtc_signal.mid", FT_STRING, BASE_NONE, NULL, 0,
          "Media section (mid) that a trickled candidate belongs to", HFILL}},
        {&hf_ufrag,
         {"ICE username fragment", "webrtc_signal.ufrag", FT_STRING, BASE_NONE, NULL, 0,
          "Credentials that a trickled candidate belongs to", HFILL}},
        {&hf_carrier,
         {"Carrier", "webrtc_signal.carrier", FT_STRING, BASE_NONE, NULL, 0, "Protocol that carried the message",
          HFILL}},
        {&hf_direction,
         {"Direction", "webrtc_signal.direction", FT_STRING, BASE_NONE, NULL, 0,
          "emitted by the client end of the connection, or delivered to it", HFILL}},
        {&hf_server,
         {"Server", "webrtc_signal.server", FT_STRING, BASE_NONE, NULL, 0, "Host that the request or upgrade named",
          HFILL}},
        {&hf_url,
         {"URL", "webrtc_signal.url", FT_STRING, BASE_NONE, NULL, 0, "Target of the request or upgrade", HFILL}},
        {&hf_problem,
         {"Problem", "webrtc_signal.problem", FT_STRING, BASE_NONE, NULL, 0,
          "What is wrong with the message, or which bound it reached", HFILL}},
    };
    static int *ett[] = {&ett_signal};
    static ei_register_info ei[] = {
        {&ei_malformed, {"webrtc_signal.malformed", PI_MALFORMED, PI_WARN, "Signalling message is broken", EXPFILL}},
        {&ei_bound,
         {"webrtc_signal.bound", PI_UNDECODED, PI_WARN, "Signalling message is beyond what is looked at", EXPFILL}},
        {&ei_cut,
         {"webrtc_signal.cut", PI_UNDECODED, PI_WARN,
          "Signalling message is not wholly there: cut by the capture, or by a limit of the carrier's dissector",
          EXPFILL}},
        {&ei_no_sdp,
         {"webrtc_signal.no_webrtc_sdp", PI_UNDECODED, PI_NOTE,
          "The plugin webrtc_sdp is missing: description shown by the built-in dissector alone", EXPFILL}},
    };

    proto_register_field_array(proto_webrtc_signal, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_webrtc_signal), ei, array_length(ei));
}

void signal_handoff_show(void)
{
    webrtc_sdp_handle = find_dissector("webrtc_sdp");
    builtin_sdp_handle = find_dissector("sdp");
    proto_webrtc_sdp = proto_get_id_by_filter_name("webrtc_sdp");
}

bool signal_is_worthwhile(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

    if (bytes == NULL || !proto_is_protocol_enabled(find_protocol_by_id(proto_webrtc_signal)))
        return false;
    if (PINFO_FD_VISITED(pinfo) && !signal_is_looked_at(tree))
        return signal_was_shown(pinfo);
    return wr_json_find_worthwhile(bytes, captured);
}

/* ---- handing on ---- */

void signal_trim_layers(packet_info *pinfo, unsigned were)
{
    while (wmem_list_count(pinfo->layers) > MAX(were, LAYERS_KEPT))
        wmem_list_remove_frame(pinfo->layers, wmem_list_tail(pinfo->layers));
}

/* A party's inbox is no call, and a message that names a party may lie in one. */
static void call_from_topic(const signal_carrier *carrier, wr_hit *hit)
{
    if (hit->call == NULL && hit->from == NULL && hit->to == NULL)
        hit->call = wr_topic_call(carrier->topic);
}

static wr_signalling_context *context_of(packet_info *pinfo, const signal_carrier *carrier, const wr_hit *hit)
{
    wr_signalling_context *c = wmem_new0(pinfo->pool, wr_signalling_context);

    c->kind = hit->kind;
    c->carrier = carrier->carrier;
    c->direction = carrier->direction;
    c->connection = wr_connection_id(pinfo);
    c->protected_transport = wr_is_protected(pinfo);
    c->dialect = hit->dialect;
    c->path = wr_strdup(pinfo->pool, hit->path);
    c->call = wr_strdup(pinfo->pool, hit->call);
    c->from = wr_strdup(pinfo->pool, hit->from);
    c->to = wr_strdup(pinfo->pool, hit->to);
    c->mid = wr_strdup(pinfo->pool, hit->mid);
    c->ufrag = wr_strdup(pinfo->pool, hit->ufrag);
    c->server = wr_strdup(pinfo->pool, carrier->server);
    if (!signal_is_shared(pinfo)) /* else known in some ways of reading alone */
        c->user_agent = wr_strdup(pinfo->pool, carrier->user_agent);
    return c;
}

/* Kinds without a description have no dissector: their record is attached here, where webrtc_sdp attaches its own. */
static void attach_event(packet_info *pinfo, const wr_signalling_context *context)
{
    wr_description *d;

    if (PINFO_FD_VISITED(pinfo) || proto_webrtc_sdp == -1)
        return;
    d = wmem_new0(pinfo->pool, wr_description);
    d->at = wr_place_of(pinfo);
    d->context = *context;
    wr_bus_put(pinfo, proto_webrtc_sdp, WR_BUS_DESCRIPTIONS, d);
}

/* The plugin is there, and nobody has disabled it. */
static bool has_webrtc_sdp(void)
{
    return webrtc_sdp_handle != NULL && proto_is_protocol_enabled(find_protocol_by_id(proto_webrtc_sdp));
}

/* As webrtc_sdp decides whether the built-in dissector's name is put there. */
static bool names_sdp(const wr_hit *hit)
{
    return has_webrtc_sdp() && builtin_sdp_handle != NULL && hit->text_len >= 2 && memcmp(hit->text, "v=", 2) == 0;
}

static void hand_on_text(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item, const wr_hit *hit,
                         wr_signalling_context *context)
{
    uint8_t *copy = wmem_memdup(pinfo->pool, hit->text, hit->text_len);
    const unsigned layers = wmem_list_count(pinfo->layers);
    tvbuff_t *text = tvb_new_child_real_data(tvb, copy, (unsigned)hit->text_len, (int)hit->text_len);

    add_new_data_source(pinfo, text, hit->kind == WR_KIND_CANDIDATE ? "ICE candidate" : "Session description");
    if (has_webrtc_sdp()) {
        call_dissector_with_data(webrtc_sdp_handle, text, pinfo, tree, context);
    } else {
        if (webrtc_sdp_handle == NULL)
            expert_add_info(pinfo, item, &ei_no_sdp);
        if (builtin_sdp_handle != NULL && hit->kind != WR_KIND_CANDIDATE)
            call_dissector(builtin_sdp_handle, text, pinfo, tree);
    }
    signal_trim_layers(pinfo, layers);
}

/* ---- showing ---- */

static void add_text(proto_tree *tree, int hf, tvbuff_t *tvb, const char *value)
{
    if (value != NULL)
        proto_item_set_generated(proto_tree_add_string(tree, hf, tvb, 0, 0, value));
}

/* "offer from alice to bob, call r1" */
static const char *summary_of(packet_info *pinfo, const wr_hit *hit)
{
    wmem_strbuf_t *s = wmem_strbuf_new(pinfo->pool, wr_kind_name(hit->kind));

    if (hit->kind == WR_KIND_UNKNOWN)
        wmem_strbuf_append(s, " description");
    if (hit->from != NULL)
        wmem_strbuf_append_printf(s, " from %s", hit->from);
    if (hit->to != NULL)
        wmem_strbuf_append_printf(s, " to %s", hit->to);
    if (hit->call != NULL)
        wmem_strbuf_append_printf(s, ", call %s", hit->call);
    return wmem_strbuf_get_str(s);
}

/* What stands of it in the column Info, NULL for nothing. */
static const char *show_hit(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const signal_carrier *carrier,
                            const wr_hit *hit)
{
    wr_signalling_context *context = context_of(pinfo, carrier, hit);
    const char *summary = summary_of(pinfo, hit);
    proto_item *item = proto_tree_add_protocol_format(tree, proto_webrtc_signal, tvb, 0, -1,
                                                      "WebRTC signalling, %s: %s", hit->dialect, summary);
    proto_tree *subtree = proto_item_add_subtree(item, ett_signal);
    const char *info = NULL;

    add_text(subtree, hf_dialect, tvb, hit->dialect);
    add_text(subtree, hf_kind, tvb, wr_kind_name(hit->kind));
    add_text(subtree, hf_path, tvb, hit->path);
    add_text(subtree, hf_call, tvb, hit->call);
    add_text(subtree, hf_from, tvb, hit->from);
    add_text(subtree, hf_to, tvb, hit->to);
    add_text(subtree, hf_mid, tvb, hit->mid);
    add_text(subtree, hf_ufrag, tvb, hit->ufrag);
    add_text(subtree, hf_carrier, tvb, wr_carrier_name(carrier->carrier));
    add_text(subtree, hf_direction, tvb, wr_direction_name(carrier->direction));
    add_text(subtree, hf_server, tvb, carrier->server);
    add_text(subtree, hf_url, tvb, carrier->url);
    if (hit->kind != WR_KIND_CANDIDATE) {
        info = wmem_strdup_printf(pinfo->pool, "WebRTC %s", summary);
        col_append_sep_str(pinfo->cinfo, COL_INFO, ", ", info);
    }
    if (hit->text != NULL && hit->text_len > 0)
        hand_on_text(tvb, pinfo, subtree, item, hit, context);
    else
        attach_event(pinfo, context);
    return info;
}

static void show_hits(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const signal_carrier *carrier,
                      const wr_find_result *result, const uint8_t *bytes, unsigned len)
{
    wmem_strbuf_t *list = NULL;
    unsigned n_sdp = 0;

    for (unsigned i = 0; i < result->hits->len; i++) {
        wr_hit *hit = g_ptr_array_index(result->hits, i);
        const char *info;

        call_from_topic(carrier, hit);
        info = show_hit(tvb, pinfo, tree, carrier, hit);
        n_sdp += names_sdp(hit);
        if (info != NULL && list == NULL)
            list = wmem_strbuf_new(pinfo->pool, info);
        else if (info != NULL)
            wmem_strbuf_append_printf(list, ", %s", info);
    }
    if (!PINFO_FD_VISITED(pinfo))
        signal_keep_shown(pinfo, bytes, len, list != NULL ? wmem_strbuf_get_str(list) : NULL, n_sdp);
}

/* offset 0: not known. */
static void show_problem(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, expert_field *ei, const char *problem,
                         size_t offset)
{
    const char *where = offset > 0 ? wmem_strdup_printf(pinfo->pool, " (byte %" G_GSIZE_FORMAT ")", offset) : "";
    proto_item *item = proto_tree_add_protocol_format(tree, proto_webrtc_signal, tvb, 0, -1, "WebRTC signalling: %s%s",
                                                      problem, where);
    proto_tree *subtree = proto_item_add_subtree(item, ett_signal);
    int captured = (int)tvb_captured_length(tvb), at = (int)MIN(offset, (size_t)INT_MAX);

    item = proto_tree_add_string_format_value(subtree, hf_problem, tvb, MIN(at, captured), at < captured ? 1 : 0,
                                              problem, "%s%s", problem, where);
    expert_add_info_format(pinfo, item, ei, "%s%s", problem, where);
}

void signal_show_bound(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const char *what)
{
    wr_limit_on_bus(pinfo, what);
    show_problem(tvb, pinfo, tree, &ei_bound, what, 0);
}

static bool problem_matters(const wr_find_result *result, const uint8_t *bytes, size_t captured)
{
    return result->problem != NULL && (result->hits->len > 0 || wr_unwrap_has_needle(bytes, captured));
}

static wr_wmem_bool free_result(wmem_allocator_t *pool, wmem_cb_event_t event, void *result)
{
    (void)pool;
    (void)event;
    wr_find_result_free(result);
    return false;
}

bool signal_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const signal_carrier *carrier)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    wr_find_result *result;
    bool cut = tvb_reported_length(tvb) > captured, shown;

    if (bytes == NULL)
        return false;
    if (PINFO_FD_VISITED(pinfo) && !signal_is_looked_at(tree)) {
        signal_recall(pinfo, bytes, captured);
        return signal_was_shown(pinfo);
    }
    result = signal_find(pinfo, bytes, captured, carrier);
    /* A dissector called below may throw. */
    wmem_register_callback(pinfo->pool, free_result, result);
    shown = result->hits->len > 0;
    if (problem_matters(result, bytes, captured)) {
        shown = true;
        if (cut) {
            show_problem(tvb, pinfo, tree, &ei_cut, "the message is not wholly there", captured);
        } else {
            if (result->bound)
                wr_limit_on_bus(pinfo, result->problem);
            show_problem(tvb, pinfo, tree, result->bound ? &ei_bound : &ei_malformed, result->problem,
                         result->problem_offset);
        }
    }
    if (shown)
        show_hits(tvb, pinfo, tree, carrier, result, bytes, captured);
    return shown;
}
