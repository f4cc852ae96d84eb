/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages as what they are, beside what was found in them. */
#include "signal.h"

#include "formats/unwrap.h"
#include "wr_epan/quietly.h"

static bool content_matters(proto_tree *tree)
{
    static const char *const names[] = {"json", "data-text-lines", "data"};

    return wr_any_is_looked_at(tree, names, G_N_ELEMENTS(names));
}

/* The JSON tree for the JSON of a message, else its lines, as the built-in dissector would show them. */
void signal_show_content(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    const char *saved = pinfo->match_string;
    dissector_handle_t json_handle = find_dissector("json"), text_handle = find_dissector("data-text-lines");
    wr_framing framing;
    size_t start;

    if (!content_matters(tree))
        return;
    pinfo->match_string = NULL;
    if (bytes != NULL && json_handle != NULL && wr_unwrap_prefix(bytes, captured, 0, &start, &framing))
        wr_call_quietly(json_handle, tvb_new_subset_remaining(tvb, (int)start), pinfo, tree, NULL);
    else if (text_handle != NULL && bytes != NULL && g_utf8_validate((const char *)bytes, captured, NULL))
        wr_call_quietly(text_handle, tvb, pinfo, tree, NULL);
    else
        call_data_dissector(tvb, pinfo, tree);
    pinfo->match_string = saved;
}

void signal_show_data(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    static const char *const names[] = {"data"};
    const unsigned layers = wmem_list_count(pinfo->layers);
    dissector_handle_t handle = find_dissector("data");

    if (handle == NULL || !wr_any_is_looked_at(tree, names, G_N_ELEMENTS(names)))
        return;
    wr_call_quietly(handle, tvb, pinfo, tree, NULL);
    while (wmem_list_count(pinfo->layers) > layers)
        wmem_list_remove_frame(pinfo->layers, wmem_list_tail(pinfo->layers));
}
