/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The post-dissector "webrtc": puts signalling and media together, and shows what follows. */
#include "audit.h"
#include "wr_epan/post.h"
#include "wr_epan/quietly.h"
#include "wr_epan/window.h"

#include <string.h>

int proto_webrtc = -1;
int tap_webrtc = -1;

static void give_to_taps(packet_info *pinfo, const wr_tap_data *what)
{
    wr_tap_data *record = wmem_new(pinfo->pool, wr_tap_data);

    *record = *what;
    tap_queue_packet(tap_webrtc, pinfo, record);
    wr_audit_export(pinfo, record);
}

static bool is_of_a_call(const wr_tap_data *what)
{
    return what->copy != NULL || what->association != NULL || what->flow != NULL;
}

static void dissect_webrtc(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    packet_info *pinfo = packet->pinfo;
    wr_tap_data what = {.first_pass = packet->first_pass};
    bool tapped, shown, voip;

    if (wr_audit_engine() == NULL)
        return;
    if (packet->first_pass) {
        wr_audit_ingest(packet, &what);
        if (!is_of_a_call(&what)) /* nearly every packet of other traffic */
            return;
    }
    tapped = have_tap_listener(tap_webrtc) || wr_audit_exports();
    voip = wr_audit_voip_is_asked();
    shown = tree != NULL ? wr_is_looked_at(tree, proto_webrtc) || wr_audit_shows_integrity(tree)
                         : wr_experts_matter(NULL); /* their list alone needs no tree */
    if (!packet->first_pass && (shown || tapped || voip))
        wr_audit_recall(packet, &what);
    if (!packet->first_pass || what.association != NULL)
        wr_audit_mark(pinfo);
    if (!is_of_a_call(&what)) {
        if (shown && wr_audit_has_findings(wr_frame_of(pinfo))) /* of no call: an open relay */
            wr_audit_show(packet, tvb, tree, &what);
        return;
    }
    if (shown)
        wr_audit_show(packet, tvb, tree, &what);
    if (tapped)
        give_to_taps(pinfo, &what);
    if (voip)
        wr_audit_tell_voip(pinfo, &what);
}

/* Whether a filter asks for what only the whole capture tells. */
static bool asks_for_conclusions(const char *filter)
{
    return strstr(filter, "webrtc.") != NULL;
}

static void register_webrtc(void)
{
    proto_webrtc = proto_register_protocol("WebRTC Audit", "WebRTC", "webrtc");
    wr_audit_register_fields(proto_webrtc);
    wr_audit_register_sframe();
    wr_audit_register_preferences(proto_webrtc);
    tap_webrtc = register_tap("webrtc");
    register_init_routine(wr_audit_state_init);
    register_cleanup_routine(wr_audit_state_cleanup);
    wr_audit_register_taps();
    wr_audit_register_tables();
    wr_audit_register_flow(proto_webrtc);
    wr_audit_register_export(proto_webrtc);
    wr_audit_register_voip();
    wr_audit_register_menu(proto_webrtc);
    wr_window_filter_again(asks_for_conclusions);
    wr_post_register(WR_POST_AUDIT, proto_webrtc, WR_POST_TCP | WR_POST_STUN | WR_POST_HANDSHAKE | WR_POST_OTHER,
                     dissect_webrtc);
}

static void hand_off(void)
{
    wr_audit_show_handoff();
    wr_audit_media_handoff();
    wr_audit_sframe_handoff();
}

WR_PLUGIN_EXPORTS(WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER)

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = register_webrtc;
    plugin.register_handoff = hand_off;
    proto_register_plugin(&plugin);
}
