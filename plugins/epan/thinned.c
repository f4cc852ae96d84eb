/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/thinned.h"

#include "thin/left_out.h"
#include "wr_epan/preferences.h"

#define COMMENTS_READ 16        /* of a packet */
#define PACKETS_MOST  10000000u /* between two that stay, which are a second apart */

static bool read_number(const char **text, const char *after, uint64_t *value)
{
    char *end;

    if (!g_ascii_isdigit(**text))
        return false;
    *value = g_ascii_strtoull(*text, &end, 10);
    if (!g_str_has_prefix(end, after))
        return false;
    *text = end + strlen(after);
    return true;
}

/* "…: 49 packets, 3528 bytes of RTP, SSRC 0x01020304, payload type 111, 2 of them small", or "… bytes of SRTCP, SSRC
 * 0x01020304" */
static bool read_comment(const char *text, wr_left_out *left)
{
    uint64_t packets, bytes, small;

    if (!g_str_has_prefix(text, WR_LEFT_OUT_BEFORE))
        return false;
    text += strlen(WR_LEFT_OUT_BEFORE);
    if (!read_number(&text, " packets, ", &packets) ||
        (!read_number(&text, " bytes of RTP, ", &bytes) && !read_number(&text, " bytes of SRTCP, ", &bytes)) ||
        packets == 0 || packets > PACKETS_MOST || bytes > packets * UINT16_MAX)
        return false;
    left->packets = (uint32_t)packets;
    left->bytes = bytes;
    text = strrchr(text, ',');
    if (text == NULL || text[1] != ' ')
        return true;
    text += 2;
    if (read_number(&text, " of them small", &small))
        left->small = (uint32_t)MIN(small, packets);
    return true;
}

bool wr_thinned_says(const packet_info *pinfo, wr_left_out *left)
{
    char *text;

    for (unsigned i = 0; i < COMMENTS_READ && wtap_block_get_nth_string_option_value(pinfo->rec->block, OPT_COMMENT, i,
                                                                                     &text) == WTAP_OPTTYPE_SUCCESS;
         i++)
        if (text != NULL && read_comment(text, left))
            return true;
    return false;
}

/* Asked once a file: a preference of another plugin is looked up by its name. */
static bool is_asked_for(const packet_info *pinfo)
{
    static bool asked, wanted;

    if (!asked || pinfo->num == 1) {
        asked = true;
        wanted = wr_preference_is_on("webrtc", WR_FRAMES_OF_WHOLE);
    }
    return wanted;
}

uint32_t wr_frame_of(const packet_info *pinfo)
{
    uint64_t id;

    if (!is_asked_for(pinfo) || pinfo->rec == NULL || pinfo->rec->block == NULL ||
        wtap_block_get_uint64_option_value(pinfo->rec->block, OPT_PKT_PACKETID, &id) != WTAP_OPTTYPE_SUCCESS ||
        id >> 32 != WR_FRAME_MARK || (uint32_t)id == 0)
        return pinfo->num;
    return (uint32_t)id;
}
