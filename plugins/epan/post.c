/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one post-dissector. The plugin that gets here first registers it; all find the list of functions by a name that
 * is the same in the whole process. The list's layout is part of that name: plugins of different builds have one each.
 */
#include "wr_epan/post.h"

/* Change the number with the layout of post_list or wr_packet. */
#define LIST_NAME "webrtc_post_2"

typedef struct {
    const protocol_t *protocol;
    const char *name; /* its short name: what expert infos stand under */
    unsigned wanted;
    wr_post_function function; /* NULL: that plugin is not there */
} post_entry;

typedef struct {
    post_entry entries[WR_POST_PLACES];
    uint32_t marked, carried; /* numbers of the frames with something on the bus, and with WR_BUS_CARRIED there */
} post_list;

static post_list *find_list(void)
{
    static post_list *list;

    if (list == NULL)
        list = (post_list *)g_dataset_get_data(g_intern_static_string(LIST_NAME), LIST_NAME);
    return list;
}

/* What runs inside DTLS (SCTP) writes its own kind into pinfo, over TCP too. */
static unsigned kinds_of(const post_list *list, const wr_packet *packet)
{
    if (!packet->is_udp && (list->carried == packet->pinfo->num || (packet->layers & WR_LAYER_STUN) != 0))
        return WR_POST_TCP | WR_POST_CARRIED;
    if (packet->pinfo->ptype == PT_TCP)
        return WR_POST_TCP;
    switch (packet->look) {
    case WR_LOOK_STUN:
    case WR_LOOK_CHANNEL:
        return WR_POST_STUN;
    case WR_LOOK_DTLS:
        return WR_POST_HANDSHAKE;
    default:
        return WR_POST_OTHER;
    }
}

static int dissect_post(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    post_list *list = find_list();
    const char *before = pinfo->current_proto;
    wr_packet packet;
    unsigned kinds;

    wr_packet_begin(&packet, pinfo);
    kinds = kinds_of(list, &packet);
    for (int i = 0; i < WR_POST_PLACES; i++) {
        const post_entry *entry = &list->entries[i];
        if ((entry->wanted & kinds) != 0 && proto_is_protocol_enabled(entry->protocol)) {
            pinfo->current_proto = entry->name;
            packet.marked = list->marked == pinfo->num; /* by those before, too */
            packet.carried = list->carried == pinfo->num;
            entry->function(&packet, tvb, tree);
        }
    }
    pinfo->current_proto = before;
    list->marked = list->carried = 0;
    return 0;
}

/* Wireshark calls no post-dissector unless one belongs to a protocol that is enabled, and keeps a list of layers for
 * protocols: so this one's is a name only, enabled like "frame", which cannot be disabled. */
static post_list *make_list(void)
{
    post_list *list = g_new0(post_list, 1);
    const int proto = proto_register_protocol_in_name_only("WebRTC post-dissector", "WebRTC post", LIST_NAME,
                                                           proto_get_id_by_filter_name("frame"), FT_PROTOCOL);

    g_dataset_set_data(g_intern_static_string(LIST_NAME), LIST_NAME, list);
    register_postdissector(register_dissector(LIST_NAME, dissect_post, proto));
    return list;
}

void wr_post_register(wr_post_place place, int proto, unsigned wanted, wr_post_function function)
{
    post_list *list = find_list();

    if (list == NULL)
        list = make_list();
    list->entries[place].protocol = find_protocol_by_id(proto);
    list->entries[place].name = proto_get_protocol_short_name(list->entries[place].protocol);
    list->entries[place].wanted = wanted;
    list->entries[place].function = function;
}

/* ---- marks of the bus ---- */

bool wr_bus_is_marked(const packet_info *pinfo)
{
    const post_list *list = find_list();

    return list != NULL && list->marked == pinfo->num;
}

void wr_bus_mark(packet_info *pinfo)
{
    post_list *list = find_list();

    if (list != NULL)
        list->marked = pinfo->num;
}

bool wr_bus_has_carried(const packet_info *pinfo)
{
    const post_list *list = find_list();

    return list != NULL && list->carried == pinfo->num;
}

void wr_bus_mark_carried(packet_info *pinfo)
{
    post_list *list = find_list();

    if (list != NULL)
        list->carried = pinfo->num;
}
