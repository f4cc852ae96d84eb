/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/flow_graph.h"

#if __has_include(<epan/sequence_analysis.h>)
#include <epan/sequence_analysis.h>
#else
/* The library exports the functions, and no development package of 4.0, 4.4 and 4.6 has their header. What is declared
 * here are the beginnings of its two records, in the layout that those series and 4.2 have; Wireshark alone makes them,
 * so their ends need not be known. Their booleans became bool when heuristics did. */
typedef struct _seq_analysis_item {
    uint32_t frame_number;
    address src_addr;
    uint16_t port_src;
    address dst_addr;
    uint16_t port_dst;
    char *frame_label;
    char *time_str;
    char *comment;
    uint16_t conv_num;
    unsigned fg_color;
    unsigned bg_color;
    wr_bool has_color_filter;
    wr_bool display;
} seq_analysis_item_t;

typedef struct _seq_analysis_info {
    const char *name;
    wr_bool any_addr;
    int nconv;
    GQueue *items;
} seq_analysis_info_t;

extern void register_seq_analysis(const char *name, const char *ui_name, const int proto_id, const char *tap_listener,
                                  unsigned tap_flags, tap_packet_cb tap_func);
extern seq_analysis_item_t *sequence_analysis_create_sai_with_addresses(packet_info *pinfo,
                                                                        seq_analysis_info_t *sainfo);
#endif

void wr_flow_graph_register(const char *name, const char *title, int proto, const char *tap, tap_packet_cb packet)
{
    register_seq_analysis(name, title, proto, tap, TL_REQUIRES_NOTHING, packet);
}

void wr_flow_graph_add(void *graph, packet_info *pinfo, const char *label, const char *comment, unsigned background)
{
    seq_analysis_info_t *info = graph;
    seq_analysis_item_t *item = sequence_analysis_create_sai_with_addresses(pinfo, info);

    if (item == NULL)
        return;
    item->frame_number = pinfo->num;
    item->port_src = (uint16_t)pinfo->srcport;
    item->port_dst = (uint16_t)pinfo->destport;
    item->frame_label = g_strdup(label);
    item->comment = g_strdup(comment);
    item->conv_num = 1;
    item->fg_color = 0x000000;
    item->bg_color = (uint32_t)background;
    item->has_color_filter = true;
    item->display = true;
    g_queue_push_tail(info->items, item);
}
