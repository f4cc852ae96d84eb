/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Later passes over a message whose tree nobody looks at: a filter on something else, or nothing but the packet list.
 * What it said in the list is kept from the first pass, so that it need not be searched again.
 */
#include "signal.h"

#include "base/frame_set.h"
#include "base/frame_texts.h"
#include "wr_epan/quietly.h"

static wr_frame_set *frames; /* those with a message that something was shown of */
/* What messages with descriptions said in the column Info, and how many texts the column Protocol names. Candidates say
 * nothing there. */
static wr_frame_texts *listed;

static void init_frames(void)
{
    frames = wr_frame_set_new();
    listed = wr_frame_texts_new();
}

static void cleanup_frames(void)
{
    g_clear_pointer(&frames, wr_frame_set_free);
    g_clear_pointer(&listed, wr_frame_texts_free);
}

/* What is found in messages, and what they are shown as otherwise. */
bool signal_is_looked_at(proto_tree *tree)
{
    static const char *const names[] = {"webrtc_signal", "webrtc_sdp",      "sdp", "h264", "mp4v-es",
                                        "json",          "data-text-lines", "data"};
    static int protos[G_N_ELEMENTS(names)], sdp_tap;

    if (sdp_tap == 0) {
        sdp_tap = find_tap_id("sdp");
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            protos[i] = proto_get_id_by_filter_name(names[i]);
    }
    if (have_tap_listener(sdp_tap))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (wr_is_looked_at(tree, protos[i]))
            return true;
    return false;
}

void signal_keep_shown(packet_info *pinfo, const uint8_t *bytes, unsigned len, const char *info, unsigned n_sdp)
{
    wr_frame_set_add(frames, pinfo->num);
    if ((info != NULL || n_sdp > 0) &&
        !wr_frame_texts_add(listed, pinfo->num, signal_message_number(bytes, len), info, n_sdp))
        wr_limit_on_bus(pinfo, "what descriptions say in the packet list, for later passes");
}

bool signal_was_shown(const packet_info *pinfo)
{
    return wr_frame_set_has(frames, pinfo->num);
}

void signal_recall(packet_info *pinfo, const uint8_t *bytes, unsigned len)
{
    const char *info;
    uint32_t n_sdp;

    if (pinfo->cinfo == NULL ||
        !wr_frame_texts_find(listed, pinfo->num, signal_message_number(bytes, len), &info, &n_sdp))
        return;
    if (info != NULL)
        col_append_sep_str(pinfo->cinfo, COL_INFO, ", ", info);
    for (uint32_t i = 0; i < n_sdp; i++)
        col_append_sep_str(pinfo->cinfo, COL_PROTOCOL, "/", "SDP");
}

void signal_register_recall(void)
{
    register_init_routine(init_frames);
    register_cleanup_routine(cleanup_frames);
}
