/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSocket connections without a captured upgrade on ports that belong to HTTP. There the HTTP dissector of Wireshark
 * 4.0 takes what it does not understand, shows nothing, and waits for more, so that no heuristic ever sees it. A
 * post-dissector therefore puts the frames together itself and gives whole ones to the WebSocket dissector. */
#include "signal_frames.h"
#include "signal_inflate.h"
#include "signal_tcp.h"
#include "wr_epan/http.h"
#include "wr_epan/layers.h"

#define MESSAGE_MAX     (1u << 20) /* bytes that are put together at most */
#define CONNECTIONS_MAX 256u       /* of one capture; with the above this bounds memory */
#define LATE_MAX        4096u      /* segments that came late and were read all the same */

typedef struct {
    signal_run sides[2];          /* of the conversation's first address, of its second */
    unsigned masking;             /* which of them is the client */
    signal_deflated *deflated[2]; /* with permessage-deflate; else NULL */
    /* Signalling was seen. Deflated messages refer to those before (RFC 7692 7.2.3.2), so that these are read all the
     * same, and not shown. */
    bool wanted, lost; /* lost: what they refer to is not there, and no signalling was seen */
} connection;

/* Frames that became whole in a packet; shown in every pass. */
typedef struct {
    uint8_t *bytes;
    unsigned len;
    const char *bound; /* a bound that was reached instead, else NULL */
} whole_frames;

static dissector_handle_t websocket_handle;
static int proto_http = -1, proto_websocket = -1;
static GHashTable *connections; /* conversation index -> connection */
static GHashTable *late_runs;   /* twice that, and the side -> signal_run, of segments that came late */
static unsigned n_late;

static void connection_free(gpointer data)
{
    connection *c = data;

    g_byte_array_unref(c->sides[0].bytes);
    g_byte_array_unref(c->sides[1].bytes);
    signal_deflated_free(c->deflated[0]);
    signal_deflated_free(c->deflated[1]);
    g_free(c);
}

static void late_run_free(gpointer data)
{
    g_byte_array_unref(((signal_run *)data)->bytes);
    g_free(data);
}

static void init_connections(void)
{
    late_runs = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, late_run_free);
    connections = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, connection_free);
    n_late = 0;
}

static void cleanup_connections(void)
{
    g_clear_pointer(&connections, g_hash_table_unref);
    g_clear_pointer(&late_runs, g_hash_table_unref);
}

/* ---- putting together ---- */

/* Segments of a connection that was upgraded, or taken by another dissector, are no business of ours. */
static bool is_dissected(const packet_info *pinfo, const conversation_t *conversation)
{
    const wr_http *http = wr_http_of(conversation);
    dissector_handle_t handle = conversation_get_dissector((conversation_t *)(uintptr_t)conversation, pinfo->num);

    return (http != NULL && wr_http_is_upgraded(http)) ||
           conversation_get_proto_data(conversation, proto_websocket) != NULL ||
           (handle != NULL && dissector_handle_get_protocol_index(handle) != proto_http);
}

static connection *follow(packet_info *pinfo, const conversation_t *conversation, const signal_frame *f)
{
    connection *c = g_new0(connection, 1);

    signal_learn_client(pinfo, f->masked);
    c->sides[0].bytes = g_byte_array_new();
    c->sides[1].bytes = g_byte_array_new();
    c->masking = signal_side(pinfo) ^ (f->masked ? 0 : 1);
    if (f->first == SIGNAL_DEFLATED) {
        c->deflated[0] = signal_deflated_new();
        c->deflated[1] = signal_deflated_new();
    }
    g_hash_table_insert(connections, GUINT_TO_POINTER(conversation->conv_index), c);
    return c;
}

static bool take_segment(signal_run *d, const signal_segment *s, bool masked, bool deflated)
{
    signal_run_check(d, s);
    if (!d->in_step) {
        if (!signal_frames_only(s->bytes, s->len, masked, deflated ? 0x40 : 0))
            return false;
        signal_run_begin(d, s);
    }
    return signal_run_take(d, s);
}

/* Bytes at the start that are whole frames. */
static unsigned whole_length(const GByteArray *bytes)
{
    unsigned at = 0;
    signal_frame f;

    while (signal_frame_read(bytes->data + at, bytes->len - at, &f) && f.payload <= bytes->len - at - f.header)
        at += f.header + f.payload;
    return at;
}

/* Kept for later passes. */
static const whole_frames *keep_frames(packet_info *pinfo, const uint8_t *bytes, unsigned len, const char *bound)
{
    whole_frames *w = wmem_new0(wmem_file_scope(), whole_frames);

    w->bytes = wmem_memdup(wmem_file_scope(), bytes, len);
    w->len = len;
    w->bound = bound;
    wr_packet_keep(pinfo, proto_webrtc_signal, WR_KEPT_FRAMES, w);
    return w;
}

/* The first bytes of a segment may be a message of a connection that nobody follows yet. */
static bool may_begin(signal_tcp *t, const signal_segment *s)
{
    return s->bytes[0] == SIGNAL_DEFLATED ||
           (s->bytes[0] == SIGNAL_TEXT_MESSAGE && (signal_tcp_ports(t) & SIGNAL_PORT_HTTP) != 0);
}

bool signal_swallowed_may(signal_tcp *t, const signal_segment *s)
{
    return websocket_handle != NULL && (may_begin(t, s) || g_hash_table_size(connections) > 0);
}

static bool begins(packet_info *pinfo, const signal_segment *s, signal_frame *f, bool *signalling)
{
    if (s->bytes[0] == SIGNAL_DEFLATED)
        return signal_deflated_is_text(s->bytes, s->len, f, signalling);
    *signalling = signal_frame_is_signalling(pinfo, s->bytes, s->len, f);
    return *signalling;
}

static bool holds_signalling(const GByteArray *frames)
{
    const uint8_t *p = frames->data;
    unsigned len = frames->len;
    signal_frame f;

    while (signal_frame_read(p, len, &f) && f.payload <= len - f.header) {
        if (p[0] == SIGNAL_TEXT_MESSAGE && signal_text_is_signalling(p + f.header, f.payload, true))
            return true;
        p += f.header + f.payload;
        len -= f.header + f.payload;
    }
    return false;
}

static const whole_frames *keep_plain(packet_info *pinfo, connection *c, unsigned side, const uint8_t *bytes,
                                      unsigned len)
{
    const whole_frames *w;
    GByteArray *plain;
    bool readable;

    if (c->deflated[0] == NULL)
        return keep_frames(pinfo, bytes, len, NULL);
    plain = signal_deflated_plain(c->deflated[side], bytes, len, &readable);
    c->wanted = c->wanted || holds_signalling(plain);
    c->lost = !readable && !c->wanted;
    w = !c->wanted ? NULL
        : plain->len == 0 && readable
            ? NULL
            : keep_frames(pinfo, plain->data, plain->len,
                          readable ? NULL : "a compressed WebSocket message needs what is not in the capture");
    g_byte_array_unref(plain);
    return w;
}

static const whole_frames *first_pass(signal_tcp *t)
{
    packet_info *pinfo = t->pinfo;
    const conversation_t *conversation;
    const whole_frames *w;
    connection *c;
    signal_frame f;
    const signal_segment *s;
    signal_run *d;
    unsigned which, len;

    if (!t->whole)
        return NULL;
    s = signal_tcp_segment(t);
    if (s == NULL || (!may_begin(t, s) && g_hash_table_size(connections) == 0))
        return NULL;
    conversation = signal_tcp_conversation(t);
    if (conversation == NULL)
        return NULL;
    c = g_hash_table_lookup(connections, GUINT_TO_POINTER(conversation->conv_index));
    if (c == NULL) {
        bool signalling;
        if (!may_begin(t, s) || is_dissected(pinfo, conversation) || !begins(pinfo, s, &f, &signalling) ||
            (!signalling && g_hash_table_size(connections) >= CONNECTIONS_MAX / 2))
            return NULL;
        if (g_hash_table_size(connections) >= CONNECTIONS_MAX)
            return keep_frames(pinfo, NULL, 0, "more WebSocket connections without an upgrade than are followed");
        c = follow(pinfo, conversation, &f);
        c->wanted = signalling;
    }
    which = signal_side(pinfo);
    d = &c->sides[which];
    if (!take_segment(d, s, which == c->masking, c->deflated[0] != NULL))
        return NULL;
    len = whole_length(d->bytes);
    if (len == 0 && d->bytes->len > MESSAGE_MAX) {
        signal_run_leave(d);
        if (!c->wanted)
            return NULL;
        return keep_frames(pinfo, NULL, 0, "a WebSocket message is too long to be put together");
    }
    if (len == 0)
        return NULL;
    w = keep_plain(pinfo, c, which, d->bytes->data, len);
    g_byte_array_remove_range(d->bytes, 0, len);
    if (c->lost) /* a later message may begin anew */
        g_hash_table_remove(connections, GUINT_TO_POINTER(conversation->conv_index));
    return w;
}

/* The direction of this packet, of those whose segments came late; NULL at the bound. */
static signal_run *late_run(packet_info *pinfo, const conversation_t *conversation)
{
    gpointer key = GUINT_TO_POINTER(conversation->conv_index * 2 + signal_side(pinfo));
    signal_run *d = g_hash_table_lookup(late_runs, key);

    if (d == NULL && g_hash_table_size(late_runs) < CONNECTIONS_MAX) {
        d = g_new0(signal_run, 1);
        d->bytes = g_byte_array_new();
        g_hash_table_insert(late_runs, key, d);
    }
    return d;
}

/* Any of these whole frames. */
static bool is_signalling(packet_info *pinfo, const uint8_t *p, unsigned len)
{
    signal_frame f;

    while (len > 0 && signal_frame_read(p, len, &f) && f.payload <= len - f.header) {
        if (signal_frame_is_signalling(pinfo, p, f.header + f.payload, &f))
            return true;
        p += f.header + f.payload;
        len -= f.header + f.payload;
    }
    return false;
}

/* A frame that began before this segment, and goes on in it. */
static bool begin_before(packet_info *pinfo, signal_run *d, const signal_segment *s)
{
    unsigned len, at = 0;
    const uint8_t *p = signal_bytes_before(pinfo, s, &len);
    signal_frame f;

    if (p == NULL || !signal_frame_read(p, len, &f) || !signal_frames_only(p, len, f.masked, 0))
        return false;
    while (signal_frame_read(p + at, len - at, &f) && f.payload <= len - at - f.header)
        at += f.header + f.payload;
    if (at == len)
        return false;
    signal_run_begin(d, s);
    g_byte_array_append(d->bytes, p + at, len - at);
    return true;
}

/* Appends the segment to those before; false when it begins no frame there. */
static bool take_late(packet_info *pinfo, signal_run *d, const signal_segment *s)
{
    signal_frame f;

    if (d->in_step && s->seq != d->next)
        signal_run_leave(d);
    if (!d->in_step && !begin_before(pinfo, d, s)) {
        if (!signal_frame_read(s->bytes, s->len, &f) || !signal_frames_only(s->bytes, s->len, f.masked, 0))
            return false;
        signal_run_begin(d, s);
    }
    return signal_run_take(d, s);
}

/* TCP takes it for a retransmission, and hands it to nobody. */
void signal_tcp_late(signal_tcp *t, const signal_segment *s)
{
    const conversation_t *conversation = signal_tcp_conversation(t);
    signal_run *d;
    unsigned len;

    if (!t->whole || n_late == LATE_MAX || wr_has_layer(t->pinfo, proto_websocket) || conversation == NULL ||
        conversation_get_proto_data(conversation, proto_websocket) == NULL)
        return;
    d = late_run(t->pinfo, conversation);
    if (d == NULL || !take_late(t->pinfo, d, s))
        return;
    len = whole_length(d->bytes);
    if (len > 0 && is_signalling(t->pinfo, d->bytes->data, len)) {
        n_late++;
        t->late = keep_frames(t->pinfo, d->bytes->data, len, NULL);
    }
    g_byte_array_remove_range(d->bytes, 0, len);
    if (d->bytes->len > MESSAGE_MAX)
        signal_run_leave(d);
}

void signal_tcp_swallowed(signal_tcp *t)
{
    const whole_frames *w;
    tvbuff_t *frames;

    if (websocket_handle == NULL)
        return;
    w = t->late != NULL ? t->late
        : t->first_pass ? first_pass(t)
                        : wr_packet_kept(t->pinfo, proto_webrtc_signal, WR_KEPT_FRAMES);
    if (w == NULL)
        return;
    if (w->bound != NULL) {
        signal_show_bound(t->tvb, t->pinfo, t->tree, w->bound);
        return;
    }
    frames = tvb_new_child_real_data(t->tvb, w->bytes, w->len, (int)w->len);
    add_new_data_source(t->pinfo, frames, "WebSocket frames");
    call_dissector_only(websocket_handle, frames, t->pinfo, t->tree, NULL);
}

void signal_register_swallowed(void)
{
    register_init_routine(init_connections);
    register_cleanup_routine(cleanup_connections);
}

void signal_handoff_swallowed(void)
{
    websocket_handle = find_dissector("websocket");
    proto_http = proto_get_id_by_filter_name("http");
    proto_websocket = proto_get_id_by_filter_name("websocket");
}
