/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSocket messages (RFC 6455). */
#include "signal.h"

#include "core/unwrap.h"
#include "quietly.h"

static dissector_handle_t json_handle, text_handle;

static bool content_matters(proto_tree *tree)
{
    static const char *const names[] = {"json", "data-text-lines", "data"};

    return wr_any_is_looked_at(tree, names, G_N_ELEMENTS(names));
}

/* The JSON tree for the JSON of a message, else its lines, as the built-in dissector would show them. */
static void show_content(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    const char *saved = pinfo->match_string;
    wr_framing framing;
    size_t start;

    if (!content_matters(tree)) {
        return;
    }
    pinfo->match_string = NULL;
    if (bytes != NULL && json_handle != NULL && wr_unwrap_prefix(bytes, captured, 0, &start, &framing)) {
        wr_call_quietly(json_handle, tvb_new_subset_remaining(tvb, (int)start), pinfo, tree, NULL);
    } else if (text_handle != NULL && bytes != NULL && g_utf8_validate((const char *)bytes, captured, NULL)) {
        wr_call_quietly(text_handle, tvb, pinfo, tree, NULL);
    } else {
        call_data_dissector(tvb, pinfo, tree);
    }
    pinfo->match_string = saved;
}

static wr_bool dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_WEBSOCKET};
    const unsigned layers = wmem_list_count(pinfo->layers);
    tvbuff_t *whole;

    (void)data;
    if (!signal_put_together(tvb, pinfo, tree, &whole)) {
        return FALSE;
    }
    tvb = whole != NULL ? whole : tvb;
    signal_remark_json(tvb, pinfo, WR_DIRECTION_UNKNOWN);
    if (!signal_is_worthwhile(tvb, pinfo, tree)) {
        signal_listen(tvb, pinfo);
        return FALSE;
    }
    signal_fill_from_connection(pinfo, &carrier);
    if (!signal_dissect(tvb, pinfo, tree, &carrier)) {
        return FALSE;
    }
    if (whole == NULL) {
        signal_needs_no_parts(pinfo);
    }
    show_content(tvb, pinfo, tree);
    /* This dissector's own layer is the last of those there were. */
    signal_trim_layers(pinfo, layers - 1);
    return TRUE;
}

void signal_handoff_websocket(void)
{
    json_handle = find_dissector("json");
    text_handle = find_dissector("data-text-lines");
    heur_dissector_add("ws", dissect_message, "WebRTC signalling over WebSocket", "webrtc_signal_ws",
                       proto_webrtc_signal, HEURISTIC_ENABLE);
}
