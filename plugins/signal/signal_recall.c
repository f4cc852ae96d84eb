/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Later passes over a message whose tree nobody looks at: a filter on something else, or nothing but the packet list. What it
 * said in the list is kept from the first pass, so that it need not be searched again.
 */
#include "signal.h"

#include "core/frame_set.h"
#include "quietly.h"

/* What a message with descriptions said in the packet list. Candidates say nothing there. */
typedef struct {
    const char *info;
    unsigned n_sdp; /* texts that the column Protocol names */
} kept_list;

static wr_frame_set *frames; /* those with a message that something was shown of */
static wr_frame_set *listed; /* those of them with a kept_list */

static void init_frames(void)
{
    frames = wr_frame_set_new();
    listed = wr_frame_set_new();
}

static void cleanup_frames(void)
{
    g_clear_pointer(&frames, wr_frame_set_free);
    g_clear_pointer(&listed, wr_frame_set_free);
}

/* What is found in messages, and what they are shown as otherwise. */
bool signal_is_looked_at(proto_tree *tree)
{
    static const char *const names[] = {"webrtc_signal", "webrtc_sdp", "sdp", "h264", "mp4v-es", "json", "data-text-lines", "data"};
    static int protos[G_N_ELEMENTS(names)], sdp_tap;

    if (sdp_tap == 0) {
        sdp_tap = find_tap_id("sdp");
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
            protos[i] = proto_get_id_by_filter_name(names[i]);
        }
    }
    if (have_tap_listener(sdp_tap)) {
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (wr_is_looked_at(tree, protos[i])) {
            return true;
        }
    }
    return false;
}

void signal_keep_shown(packet_info *pinfo, const uint8_t *bytes, unsigned len, const char *info, unsigned n_sdp)
{
    kept_list *kept;

    wr_frame_set_add(frames, pinfo->num);
    if (info == NULL && n_sdp == 0) {
        return;
    }
    kept = wmem_new0(wmem_file_scope(), kept_list);
    kept->info = wr_strdup(wmem_file_scope(), info);
    kept->n_sdp = n_sdp;
    p_add_proto_data(wmem_file_scope(), pinfo, proto_webrtc_signal, signal_message_key(SIGNAL_KEPT_LIST, bytes, len), kept);
    wr_frame_set_add(listed, pinfo->num);
}

bool signal_was_shown(const packet_info *pinfo)
{
    return wr_frame_set_has(frames, pinfo->num);
}

void signal_recall(packet_info *pinfo, const uint8_t *bytes, unsigned len)
{
    const kept_list *kept;

    if (pinfo->cinfo == NULL || !wr_frame_set_has(listed, pinfo->num)) {
        return;
    }
    kept = p_get_proto_data(wmem_file_scope(), pinfo, proto_webrtc_signal, signal_message_key(SIGNAL_KEPT_LIST, bytes, len));
    if (kept == NULL) {
        return;
    }
    if (kept->info != NULL) {
        col_append_sep_str(pinfo->cinfo, COL_INFO, ", ", kept->info);
    }
    for (unsigned i = 0; i < kept->n_sdp; i++) {
        col_append_sep_str(pinfo->cinfo, COL_PROTOCOL, "/", "SDP");
    }
}

void signal_register_recall(void)
{
    register_init_routine(init_frames);
    register_cleanup_routine(cleanup_frames);
}
