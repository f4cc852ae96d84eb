/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin webrtc_sdp: takes session descriptions from webrtc_signal and from media types (application/sdp,
 * RFC 8866 8.1; application/trickle-ice-sdpfrag, RFC 8840 9), shows them, and puts them on the bus. */
#include "sdp_plugin.h"

#include "wr_epan/preferences.h"
#include "wr_epan/quietly.h"

WR_PLUGIN_EXPORTS(WS_PLUGIN_DESC_DISSECTOR)

#define DISCARD 9 /* port */

static int proto_webrtc_sdp = -1;
static dissector_handle_t sdp_handle; /* the built-in dissector */
static dissector_handle_t body_handle, forward_handle;
static GHashTable *former; /* media type -> the handle that was registered before, or NULL */

static wr_wmem_bool release_sdp(wmem_allocator_t *pool _U_, wmem_cb_event_t event _U_, void *user_data)
{
    wr_sdp_unref((wr_sdp *)user_data);
    return false; /* once is enough */
}

/* Parses what was captured of the text. The description lives as long as the packet is being dissected. */
static wr_sdp *read_description(tvbuff_t *tvb, packet_info *pinfo)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    wr_sdp *sdp = wr_sdp_parse((const char *)bytes, captured);

    sdp->truncated = captured < tvb_reported_length(tvb);
    wmem_register_callback(pinfo->pool, release_sdp, sdp);
    return sdp;
}

static void put_on_bus(packet_info *pinfo, wr_sdp *sdp, const wr_signalling_context *context)
{
    wr_description *description = wmem_new0(pinfo->pool, wr_description);

    description->at = wr_place_of(pinfo);
    description->context = *context;
    description->sdp = sdp;
    wr_bus_put(pinfo, proto_webrtc_sdp, WR_BUS_DESCRIPTIONS, description);
}

/* Where media are said to run on ports other than "discard" (RFC 8840 4.1.1), the built-in dissector prepares decoding
 * them. With ICE (RFC 8839) these lines tell no path, and what is prepared for them would take the packets between such
 * ports out of the stream that they are without us, and away from the heuristics that know the call. */
static bool wants_conversations(const wr_sdp *sdp)
{
    for (unsigned i = 0; sdp != NULL && i < sdp->n_sections; i++) {
        const wr_sdp_section *s = &sdp->sections[i];
        if (s->port != 0 && s->port != DISCARD && wr_sdp_effective(sdp, s).ice_ufrag == NULL)
            return true;
    }
    return false;
}

/* With what it calls in turn. */
static bool builtin_is_looked_at(proto_tree *tree)
{
    static const char *const names[] = {"sdp", "h264", "mp4v-es"};

    return wr_any_is_looked_at(tree, names, G_N_ELEMENTS(names));
}

/* Bodies that it would have had anyway it gets always; what webrtc_signal found, when it makes a difference. */
static bool builtin_matters(packet_info *pinfo, proto_tree *tree, const wr_sdp *sdp, bool body)
{
    return body || builtin_is_looked_at(tree) || have_tap_listener(find_tap_id("sdp")) ||
           (!PINFO_FD_VISITED(pinfo) && wants_conversations(sdp));
}

static void call_without_conversations(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    static const char module[] = "sdp", name[] = "establish_conversation";
    const bool was = wr_preference_turn(module, name, false);

    TRY
    {
        wr_call_quietly(sdp_handle, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        (void)wr_preference_turn(module, name, was);
    }
    ENDTRY;
}

/* Ours goes first, so that nothing the built-in dissector may throw at a broken description can hide it. */
static void call_builtin(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, const wr_sdp *sdp, bool body)
{
    if (sdp_handle == NULL || tvb_strneql(tvb, 0, "v=", 2) != 0)
        return;
    if (body) {
        call_dissector_with_data(sdp_handle, tvb, pinfo, tree, data);
        return;
    }
    col_append_sep_str(pinfo->cinfo, COL_PROTOCOL, "/", "SDP");
    if (!builtin_matters(pinfo, tree, sdp, body))
        return;
    if (wants_conversations(sdp))
        wr_call_quietly(sdp_handle, tvb, pinfo, tree, data);
    else
        call_without_conversations(tvb, pinfo, tree, data);
}

static int dissect_text(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const wr_sdp_handover *handover,
                        void *media_data)
{
    const bool first = !PINFO_FD_VISITED(pinfo);
    wr_sdp *sdp = NULL;

    /* On later passes nothing needs to be read again unless somebody looks. */
    if (first || wr_is_looked_at(tree, proto_webrtc_sdp)) {
        sdp = read_description(tvb, pinfo);
        wr_signalling_context context = handover != NULL ? *handover : wr_sdp_body_context(tvb, pinfo, media_data, sdp);
        if (context.kind == WR_KIND_UNKNOWN)
            context.kind = wr_kind_from_sdp(sdp);
        if (first)
            put_on_bus(pinfo, sdp, &context);
        if (wr_is_looked_at(tree, proto_webrtc_sdp))
            wr_sdp_show(tvb, pinfo, tree, proto_webrtc_sdp, sdp, &context, handover == NULL);
    }
    call_builtin(tvb, pinfo, tree, media_data, sdp, handover == NULL);
    return (int)tvb_captured_length(tvb);
}

/* By name, from webrtc_signal: data is a wr_sdp_handover, or NULL. */
static int dissect_webrtc_sdp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_text(tvb, pinfo, tree, (const wr_sdp_handover *)data, NULL);
}

/* By media type: data is what the built-in dissector would get, and gets. */
static int dissect_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_text(tvb, pinfo, tree, NULL, data);
}

/* Of no protocol: while webrtc_sdp is disabled a body goes to whom it went without it. */
static int forward_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    dissector_handle_t before;

    if (proto_is_protocol_enabled(find_protocol_by_id(proto_webrtc_sdp)))
        return call_dissector_only(body_handle, tvb, pinfo, tree, data);
    before = pinfo->match_string != NULL ? (dissector_handle_t)g_hash_table_lookup(former, pinfo->match_string) : NULL;
    return before != NULL ? call_dissector_only(before, tvb, pinfo, tree, data) : 0;
}

static void take_type(dissector_table_t table, const char *type)
{
    g_hash_table_insert(former, g_strdup(type), dissector_get_string_handle(table, type));
    dissector_add_string("media_type", type, forward_handle);
}

static void register_webrtc_sdp(void)
{
    proto_webrtc_sdp = proto_register_protocol("WebRTC Session Description", "WebRTC SDP", "webrtc_sdp");
    wr_sdp_register_fields(proto_webrtc_sdp);
    register_dissector("webrtc_sdp", dissect_webrtc_sdp, proto_webrtc_sdp);
}

static void handoff_webrtc_sdp(void)
{
    dissector_table_t table = find_dissector_table("media_type");

    sdp_handle = find_dissector_add_dependency("sdp", proto_webrtc_sdp);
    body_handle = create_dissector_handle(dissect_body, proto_webrtc_sdp);
    forward_handle = create_dissector_handle_with_name_and_description(forward_body, -1, "webrtc_sdp_body",
                                                                       "Session descriptions of WebRTC in bodies");
    former = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    take_type(table, "application/sdp");
    take_type(table, "application/trickle-ice-sdpfrag");
}

void plugin_register(void)
{
    static proto_plugin plugin = {register_webrtc_sdp, handoff_webrtc_sdp};

    proto_register_plugin(&plugin);
}
