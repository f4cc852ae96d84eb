/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plugin webrtc_dtls: a post-dissector that reads DTLS (RFC 6347, RFC 9147) out of the datagrams of a packet, out of
 * TURN and STUN, and out of what Wireshark decrypted; hands it on as evidence, and shows it beside the built-in decode.
 *
 * Handshake messages in fragments need those before them, so they are read on the first pass and kept for the frame.
 * All else is read anew on every pass and needs no memory.
 */
#include "dtls_plugin.h"
#include "wr_epan/post.h"
#include "wr_epan/quietly.h"

WR_PLUGIN_EXPORTS(WS_PLUGIN_DESC_DISSECTOR)

int wr_dtls_proto = -1;

static wr_dtls_reader *reader;
static GPtrArray *kept; /* every wr_dtls_frame that lives as long as the file */
static size_t kept_bytes;

/* What the handling of one packet needs throughout. */
typedef struct {
    const wr_packet *packet;
    packet_info *pinfo;
    wr_dtls_frame *frame; /* NULL until there is something */
    bool first_pass;
} handling;

static void free_event(void *event)
{
    wr_dtls_event_free((wr_dtls_event *)event);
}

static void free_group(void *p)
{
    wr_dtls_group *g = (wr_dtls_group *)p;

    g_ptr_array_unref(g->events);
    g_free(g);
}

static void free_frame(void *p)
{
    wr_dtls_frame *f = (wr_dtls_frame *)p;

    g_ptr_array_unref(f->groups);
    g_free(f);
}

static wr_dtls_frame *get_frame(handling *h)
{
    if (h->frame == NULL) {
        h->frame = g_new0(wr_dtls_frame, 1);
        h->frame->groups = g_ptr_array_new_with_free_func(free_group);
    }
    return h->frame;
}

static wr_dtls_group *add_group(handling *h, const wr_datagram *d, bool decrypted)
{
    wr_dtls_group *g = g_new0(wr_dtls_group, 1);

    g->how = d->how;
    g->src = d->src;
    g->dst = d->dst;
    g->decrypted = decrypted;
    wr_source_place_set(&g->place, h->pinfo, d->bytes, d->captured);
    g->events = g_ptr_array_new_with_free_func(free_event);
    g_ptr_array_add(get_frame(h)->groups, g);
    return g;
}

/* The last group gave nothing after all. */
static void drop_empty_group(handling *h, const wr_dtls_group *g)
{
    if (g->events->len == 0)
        g_ptr_array_set_size(h->frame->groups, (int)h->frame->groups->len - 1);
}

static void learn_hellos(handling *h, const wr_dtls_group *g)
{
    for (guint i = 0; i < g->events->len; i++) {
        const wr_dtls_event *e = (const wr_dtls_event *)g_ptr_array_index(g->events, i);
        if (e->kind <= WR_DTLS_HELLO_RETRY_REQUEST && !wr_dtls_flow_learn(g, h->pinfo->num))
            h->frame->limit = "Too many addresses with DTLS to remember them all: DTLS 1.3 records here are not seen";
    }
}

static void read_datagram(handling *h, const wr_datagram *d)
{
    bool lax = wr_dtls_flow_known(&d->src, &d->dst, h->pinfo->num);
    wr_dtls_group *g;
    wr_dtls_reader *mine;
    unsigned dropped;
    uint32_t channel;

    if (!wr_dtls_looks_like(d->bytes, d->captured, lax))
        return;
    g = add_group(h, d, false);
    dropped = wr_dtls_reader_dropped(reader);
    channel = wr_dtls_channel_of(&d->src, &d->dst, &d->how, h->pinfo->num);
    /* What is read again needs nothing of what came before: see stands_alone(). */
    mine = h->first_pass ? reader : wr_dtls_reader_new();
    wr_dtls_read_datagram(mine, &d->src, &d->dst, channel, d->bytes, d->captured, d->captured < d->length, g->events);
    if (mine != reader)
        wr_dtls_reader_free(mine);
    if (dropped != wr_dtls_reader_dropped(reader))
        h->frame->limit = "Too many unfinished handshake messages: the oldest were given up";
    if (h->first_pass)
        learn_hellos(h, g);
    drop_empty_group(h, g);
}

static void read_stun(handling *h, const wr_datagram *d)
{
    wr_datagram inner = *d;
    wr_stun msg;

    const bool binds = h->first_pass && wr_stun_is(d->bytes, d->captured, WR_STUN_CHANNEL_BIND, WR_STUN_REQUEST);

    if ((!binds && !wr_stun_carries_dtls(d->bytes, d->captured)) || !wr_stun_parse(d->bytes, d->captured, &msg))
        return;
    if (binds && msg.channel != 0)
        wr_dtls_channel_bind(d, msg.channel, &msg.peer, h->pinfo->num);
    if (msg.dtls == NULL || msg.dtls_length == 0)
        return;
    inner.how.in_stun = true;
    inner.bytes = msg.dtls;
    inner.captured = inner.length = (unsigned)msg.dtls_length;
    read_datagram(h, &inner);
}

/* A decrypted record does not say which datagram it was in. One packet with several associations does not occur: the
 * first datagram with DTLS is taken. */
static void read_decrypted(handling *h)
{
    const wr_dtls_group *first;
    GSList *cursor = h->pinfo->data_src;
    wr_datagram d = {0};
    uint32_t channel;

    if (h->frame == NULL || h->frame->groups->len == 0 || !h->first_pass || cursor == NULL || cursor->next == NULL)
        return; /* at most the frame itself is there */
    first = (const wr_dtls_group *)g_ptr_array_index(h->frame->groups, 0);
    d.how = first->how;
    d.src = first->src;
    d.dst = first->dst;
    channel = wr_dtls_channel_of(&d.src, &d.dst, &d.how, h->pinfo->num);
    while (wr_payload_next_decrypted(&cursor, &d.bytes, &d.captured)) {
        wr_dtls_group *g = add_group(h, &d, true);
        wr_dtls_read_decrypted(reader, &d.src, &d.dst, channel, d.bytes, d.captured, g->events);
        drop_empty_group(h, g);
    }
}

static void read_packet(handling *h)
{
    wr_payload_iter it;
    wr_datagram d;

    if (!wr_payload_begin(&it, h->packet))
        return;
    while (wr_payload_next(&it, &d)) {
        switch (wr_payload_look(d.bytes, d.captured, d.length)) {
        case WR_LOOK_DTLS:
            read_datagram(h, &d);
            break;
        case WR_LOOK_STUN:
            read_stun(h, &d);
            break;
        default:
            break;
        }
    }
    read_decrypted(h);
}

/* A later pass can read it again from its packet alone: no handshake message, or a whole one that was new. */
static bool stands_alone(const wr_dtls_event *e)
{
    if (e->decrypted || e->kind == WR_DTLS_FRAGMENT || e->kind == WR_DTLS_PROBLEM)
        return false;
    return e->kind > WR_DTLS_OTHER_HANDSHAKE ||
           (e->fragment_length == e->message_length && !e->retransmission && !e->restarted);
}

/* Read with the help of earlier packets, so a later pass could not read it again. */
static bool must_keep(const wr_dtls_frame *f)
{
    if (f->limit != NULL)
        return true;
    for (guint i = 0; i < f->groups->len; i++) {
        const wr_dtls_group *g = (const wr_dtls_group *)g_ptr_array_index(f->groups, i);
        for (guint k = 0; k < g->events->len; k++)
            if (g->decrypted || !stands_alone((const wr_dtls_event *)g_ptr_array_index(g->events, k)))
                return true;
    }
    return false;
}

static wr_wmem_bool drop_with_packet(wmem_allocator_t *allocator _U_, wmem_cb_event_t event _U_, void *frame)
{
    free_frame(frame);
    return FALSE;
}

static size_t frame_size(const wr_dtls_frame *f)
{
    size_t size = sizeof *f + 128;

    for (guint i = 0; i < f->groups->len; i++) {
        const wr_dtls_group *g = (const wr_dtls_group *)g_ptr_array_index(f->groups, i);
        size += sizeof *g + 128;
        for (guint k = 0; k < g->events->len; k++) {
            const wr_dtls_event *e = (const wr_dtls_event *)g_ptr_array_index(g->events, k);
            size += sizeof *e + 64 + e->body_length + (e->leaf != NULL ? sizeof *e->leaf + e->leaf->der_length : 0);
        }
    }
    return size;
}

/* Small records of a flood take a hundred times their bytes on the wire, so there is an end to keeping. */
static bool has_room(handling *h)
{
    size_t size = frame_size(h->frame);

    if (size > WR_DTLS_MAX_KEPT - kept_bytes) {
        h->frame->limit = "Too many handshake messages to remember them all: later passes do not show these";
        return false;
    }
    kept_bytes += size;
    return true;
}

/* The frame's record lives as long as the file or as the packet. */
static void settle(handling *h)
{
    if (h->first_pass && must_keep(h->frame) && has_room(h)) {
        g_ptr_array_add(kept, h->frame);
        wr_packet_keep(h->pinfo, wr_dtls_proto, WR_KEPT_HANDSHAKE, h->frame);
    } else {
        wmem_register_callback(h->pinfo->pool, drop_with_packet, h->frame);
    }
}

/* ---- is it a call's? ---- */

static bool says_webrtc(const wr_dtls_event *e)
{
    return e->has_use_srtp || g_strcmp0(e->alpn, "webrtc") == 0 || g_strcmp0(e->alpn, "c-webrtc") == 0;
}

static void learn_signs(const handling *h)
{
    for (guint i = 0; i < h->frame->groups->len; i++) {
        const wr_dtls_group *g = (const wr_dtls_group *)g_ptr_array_index(h->frame->groups, i);
        bool sign = g->how.relayed || g->how.in_stun || g->how.transport == WR_TRANSPORT_TCP;
        for (guint k = 0; k < g->events->len && !sign; k++)
            sign = says_webrtc((const wr_dtls_event *)g_ptr_array_index(g->events, k));
        if (sign)
            wr_dtls_sign_learn(&g->src, &g->dst, h->pinfo->num);
    }
}

static bool is_of_webrtc(const handling *h)
{
    for (guint i = 0; i < h->frame->groups->len; i++) {
        const wr_dtls_group *g = (const wr_dtls_group *)g_ptr_array_index(h->frame->groups, i);
        if (wr_dtls_sign_seen(&g->src, &g->dst))
            return true;
    }
    return false;
}

/* A packet of STUN, at whose ends DTLS may follow. */
static void learn_stun(const wr_packet *packet)
{
    wr_datagram d;

    if (packet->look == WR_LOOK_STUN && wr_payload_udp_datagram(packet, &d))
        wr_dtls_sign_learn(&d.src, &d.dst, packet->pinfo->num);
}

static void put_on_bus(handling *h)
{
    for (guint i = 0; i < h->frame->groups->len; i++) {
        const wr_dtls_group *g = (const wr_dtls_group *)g_ptr_array_index(h->frame->groups, i);
        for (guint k = 0; k < g->events->len; k++) {
            const wr_dtls_event *event = (const wr_dtls_event *)g_ptr_array_index(g->events, k);
            wr_dtls_evidence *e;
            if (event->kind == WR_DTLS_FRAGMENT && event->handshake_type != 1) /* a ClientHello tells by its parts */
                continue;
            e = wmem_new0(h->pinfo->pool, wr_dtls_evidence);
            e->at = wr_place_of(h->pinfo);
            e->at.src = g->src;
            e->at.dst = g->dst;
            e->how = g->how;
            e->event = event;
            wr_bus_put(h->pinfo, wr_dtls_proto, WR_BUS_DTLS, e);
        }
    }
}

static void post_dissect(const wr_packet *packet, tvbuff_t *tvb _U_, proto_tree *tree)
{
    packet_info *pinfo = packet->pinfo;
    handling h = {.packet = packet, .pinfo = pinfo, .first_pass = packet->first_pass};

    if (!packet->first_pass && !wr_is_looked_at(tree, wr_dtls_proto))
        return;
    if (!h.first_pass)
        h.frame = (wr_dtls_frame *)wr_packet_kept(pinfo, wr_dtls_proto, WR_KEPT_HANDSHAKE);
    if (h.first_pass)
        learn_stun(packet);
    if (h.frame == NULL) {
        read_packet(&h);
        if (h.frame == NULL)
            return;
        settle(&h);
    }
    if (h.first_pass) {
        if (h.frame->limit != NULL)
            wr_limit_on_bus(pinfo, h.frame->limit);
        put_on_bus(&h);
        learn_signs(&h);
    }
    if (h.frame->limit != NULL || is_of_webrtc(&h))
        wr_dtls_show(pinfo, tree, h.frame);
}

static void start_file(void)
{
    reader = wr_dtls_reader_new();
    kept_bytes = 0;
    kept = g_ptr_array_new_with_free_func(free_frame);
    wr_dtls_flows_init();
}

static void end_file(void)
{
    g_clear_pointer(&reader, wr_dtls_reader_free);
    g_clear_pointer(&kept, g_ptr_array_unref);
    wr_dtls_flows_cleanup();
}

static void register_protocol(void)
{
    wr_dtls_proto = proto_register_protocol("WebRTC DTLS", "WebRTC DTLS", "webrtc_dtls");
    wr_dtls_register_fields();
    register_init_routine(start_file);
    register_cleanup_routine(end_file);
    wr_post_register(WR_POST_DTLS, wr_dtls_proto, WR_POST_CARRIED | WR_POST_STUN | WR_POST_HANDSHAKE, post_dissect);
}

void plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = register_protocol;
    proto_register_plugin(&plugin);
}
