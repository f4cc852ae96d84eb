/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plugin webrtc_signal: session descriptions in WebSocket messages (RFC 6455), HTTP bodies, MQTT, XMPP
 * and JSON over TCP, whatever the dialect. */
#include "signal_tcp.h"

WR_PLUGIN_EXPORTS(WS_PLUGIN_DESC_DISSECTOR)

int proto_webrtc_signal = -1;

static void register_signal(void)
{
    proto_webrtc_signal = proto_register_protocol("WebRTC Signalling", "WebRTC Signalling", "webrtc_signal");
    signal_register_fields();
    signal_register_recall();
    signal_register_dialogue();
    signal_register_pieces();
    signal_register_disorder();
    signal_register_reopened();
    signal_register_swallowed();
    signal_register_bytes();
    signal_register_sightings();
    signal_register_copies();
    signal_register_xmpp();
    signal_register_streams();
    signal_register_http2_fields();
    signal_register_json_tcp();
    signal_register_sip();
    signal_register_tcp();
    signal_register_hep();
}

static void handoff_signal(void)
{
    signal_handoff_show();
    signal_handoff_http();
    signal_handoff_websocket();
    signal_handoff_midstream();
    signal_handoff_mqtt();
    signal_handoff_json_tcp();
    signal_handoff_ng();
    signal_handoff_udp();
    signal_handoff_http2();
    signal_handoff_swallowed();
    signal_handoff_bytes();
    signal_handoff_copies();
    signal_handoff_tcp();
    signal_handoff_hep();
}

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = register_signal;
    plugin.register_handoff = handoff_signal;
    proto_register_plugin(&plugin);
}
