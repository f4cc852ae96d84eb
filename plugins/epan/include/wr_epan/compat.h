/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a plugin is built and loaded, and the types that differ between series of Wireshark. Include it instead of
 * epan/packet.h. What else differs has a header of its own here, by concern: buffers.h, http.h, tls.h, tcp.h, tree.h,
 * menus.h, flow_graph.h, preferences.h, capture_file.h. Nothing outside of plugins/epan asks for a series.
 */
#ifndef WR_EPAN_COMPAT_H
#define WR_EPAN_COMPAT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <ws_version.h>

#include <wireshark.h>

#include <epan/conversation.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto_data.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <epan/uat.h>
#if __has_include(<wsutil/plugins.h>)
#include <wsutil/plugins.h>
#endif

/* ---- build and load ---- */

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
 * WS_PLUGIN_DESC_ flags, or several or-ed. The running series must be the one built for, so one binary serves one. */
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

/* ---- gboolean, which became bool, one interface after the other ---- */

/* What a heuristic dissector returns. */
typedef __typeof__(((heur_dissector_t)NULL)(NULL, NULL, NULL, NULL)) wr_bool;
/* What a callback of an allocator returns: true to stay registered. */
typedef __typeof__(((wmem_user_cb_t)NULL)(NULL, WMEM_CB_FREE_EVENT, NULL)) wr_wmem_bool;
/* What the check of a row of a table of preferences (UAT) returns. */
typedef __typeof__(((uat_update_cb_t)NULL)(NULL, NULL)) wr_uat_bool;
/* A boolean preference. */
typedef __typeof__(_Generic(&prefs_register_bool_preference,
                            void (*)(module_t *, const char *, const char *, const char *, bool *)
                            : (bool)0, default
                            : (gboolean)0)) wr_preference_bool;

/* ---- functions whose parameters changed ---- */

/* This packet needs frame number when only displayed packets are saved. Which frame is meant was told by its packet
 * once, and is by its frame. */
static inline void wr_depend_on_frame(packet_info *pinfo, uint32_t number)
{
    mark_frame_as_depended_upon(_Generic(&mark_frame_as_depended_upon, void (*)(packet_info *, uint32_t)
                                         : pinfo, default
                                         : pinfo->fd),
                                number);
}

#endif
