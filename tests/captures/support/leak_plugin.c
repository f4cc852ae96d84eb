/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plugin that leaks on purpose, at every capture file: shows that the leak check of the tests would see it. */
#include "wr_epan/compat.h"

#include <epan/packet.h>

WR_PLUGIN_EXPORTS(WS_PLUGIN_DESC_DISSECTOR)

static void *volatile lost;

static void start_file(void)
{
    lost = g_malloc(4711);
    lost = NULL;
}

static void register_protocol(void)
{
    proto_register_protocol("WebRTC leak test", "WebRTC leak test", "webrtc_leak");
    register_init_routine(start_file);
}

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = register_protocol;
    proto_register_plugin(&plugin);
}
