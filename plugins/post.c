/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Post-dissectors without a protocol. Wireshark calls none of them unless one has a protocol that is enabled, so one that
 * does nothing is registered with "frame", which cannot be disabled: by the first plugin that gets here.
 */
#include "post.h"

#define ANCHOR "webrtc_post"

static int do_nothing(tvbuff_t *tvb _U_, packet_info *pinfo _U_, proto_tree *tree _U_, void *data _U_)
{
    return 0;
}

void wr_post_register(dissector_t function, const char *name, const char *description)
{
    if (find_dissector(ANCHOR) == NULL) {
        register_postdissector(register_dissector(ANCHOR, do_nothing, proto_get_id_by_filter_name("frame")));
    }
    register_postdissector(create_dissector_handle_with_name_and_description(function, -1, name, description));
}
