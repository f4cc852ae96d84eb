/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The post-dissector "webrtc": puts signalling and media together, and shows what follows. */
#include "audit.h"
#include "post.h"

int proto_webrtc = -1;
int tap_webrtc = -1;

static int dissect_webrtc(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    wr_tap_data what = {.first_pass = !PINFO_FD_VISITED(pinfo)};
    bool tapped = have_tap_listener(tap_webrtc) || wr_audit_exports();

    if (wr_audit_engine() == NULL || !wr_post_is_enabled(proto_webrtc))
        return 0;
    if (!PINFO_FD_VISITED(pinfo))
        wr_audit_ingest(pinfo, &what);
    else if (tree != NULL || tapped)
        wr_audit_recall(pinfo, &what);
    wr_audit_mark(pinfo);
    if (what.copy == NULL && what.association == NULL && what.flow == NULL)
        return 0;
    if (tree != NULL)
        wr_audit_show(tvb, pinfo, tree, &what);
    if (tapped) {
        wr_tap_data *record = wmem_new(pinfo->pool, wr_tap_data);
        *record = what;
        tap_queue_packet(tap_webrtc, pinfo, record);
        wr_audit_export(pinfo, record);
    }
    return 0;
}

static void register_webrtc(void)
{
    proto_webrtc = proto_register_protocol("WebRTC Audit", "WebRTC", "webrtc");
    wr_audit_register_fields(proto_webrtc);
    wr_audit_register_preferences(proto_webrtc);
    tap_webrtc = register_tap("webrtc");
    register_init_routine(wr_audit_state_init);
    register_cleanup_routine(wr_audit_state_cleanup);
    wr_audit_register_taps();
    wr_audit_register_tables();
    wr_audit_register_flow(proto_webrtc);
    wr_audit_register_export(proto_webrtc);
}

/* Registered at handoff: runs behind webrtc_ice and webrtc_dtls, which register with their protocols. */
static void handoff_webrtc(void)
{
    wr_post_register(dissect_webrtc, "webrtc", "WebRTC audit of every packet");
    wr_audit_show_handoff();
}

WR_PLUGIN_EXPORTS(WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER)

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = register_webrtc;
    plugin.register_handoff = handoff_webrtc;
    proto_register_plugin(&plugin);
}
