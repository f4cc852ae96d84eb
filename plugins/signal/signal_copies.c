/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other copy of a segment. Where a connection was captured at two points and the captures were merged, each of its
 * segments is there twice, and TCP takes the second for a retransmission that nobody needs to read. When the bytes
 * differ, somebody changed them in between: what a retransmission repeats is what was sent (RFC 9293 3.8.1). A
 * post-dissector compares them, in clear connections that carry WebSocket messages, and gives the frame that differs to
 * the WebSocket dissector; what its description says then comes to the correlation like any other.
 *
 * A segment that repeats bytes and goes on behind them is taken for a retransmission as a whole, and what it brings
 * anew is not read: so it is where one point saw what another joined (segmentation offload), or where a sender packs
 * anew what it sends again (RFC 9293 3.8.1). Its frames are read here.
 *
 * Compared is with the last bytes of a stream, in the connections that were found last: copies come soon after each
 * other. Only whole text messages in one frame are looked at, neither compressed nor fragmented.
 */
#include "signal_frames.h"
#include "signal_tcp.h"

#define WINDOW          32768u /* bytes of a stream that are kept, from the beginning of a frame on */
#define CONNECTIONS_MAX 512u   /* that are followed; with the above this bounds memory */
#define LEAST           2      /* a keep-alive may repeat one byte with another value (RFC 9293 3.8.4) */

/* One direction of a connection. */
typedef struct {
    bool in_step;      /* the bytes begin with a frame */
    uint32_t start;    /* sequence number of the first */
    GByteArray *own;   /* as they came first */
    GByteArray *other; /* the same, and over them what other copies say; NULL while none said anything else */
} stream;

typedef struct {
    stream streams[2]; /* of the conversation's first address, of its second */
} connection;

/* A frame that differs, or frames that nobody read, for all passes. */
typedef struct {
    uint8_t *bytes;
    unsigned len;
} altered_frame;

static dissector_handle_t websocket_handle;
static int proto_tls = -1, proto_websocket = -1;
static GHashTable *connections; /* conversation index -> connection */
static GQueue *order;           /* indices, the oldest first */

/* ---- which connections ---- */

static void drop_bytes(stream *d)
{
    g_byte_array_set_size(d->own, 0);
    if (d->other != NULL) {
        g_byte_array_unref(d->other);
        d->other = NULL;
    }
    d->in_step = false;
}

static void connection_free(gpointer data)
{
    connection *c = data;

    for (int i = 0; i < 2; i++) {
        drop_bytes(&c->streams[i]);
        g_byte_array_unref(c->streams[i].own);
    }
    g_free(c);
}

static void init_copies(void)
{
    connections = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, connection_free);
    order = g_queue_new();
}

static void cleanup_copies(void)
{
    g_clear_pointer(&connections, g_hash_table_unref);
    g_clear_pointer(&order, g_queue_free);
}

void signal_follow_copies(packet_info *pinfo)
{
    const conversation_t *conversation;
    gpointer key;
    connection *c;

    if (PINFO_FD_VISITED(pinfo) || pinfo->ptype != PT_TCP || connections == NULL)
        return;
    conversation = find_conversation_pinfo(pinfo, 0);
    if (conversation == NULL)
        return;
    key = GUINT_TO_POINTER(conversation->conv_index); /* 0 for the first */
    if (g_hash_table_contains(connections, key) || wr_has_layer(pinfo, proto_tls))
        return;
    if (g_hash_table_size(connections) >= CONNECTIONS_MAX)
        g_hash_table_remove(connections, g_queue_pop_head(order));
    c = g_new0(connection, 1);
    c->streams[0].own = g_byte_array_new();
    c->streams[1].own = g_byte_array_new();
    g_hash_table_insert(connections, key, c);
    g_queue_push_tail(order, key);
    signal_ports_add(pinfo, SIGNAL_PORT_COPIES);
}

/* ---- what differs ---- */

static void append(stream *d, const uint8_t *bytes, unsigned len)
{
    g_byte_array_append(d->own, bytes, len);
    if (d->other != NULL)
        g_byte_array_append(d->other, bytes, len);
}

/* Forgets whole frames at the beginning, down to half the window; all, when one frame is longer. */
static void forget_old(stream *d)
{
    signal_frame f;
    unsigned at = 0;

    if (d->own->len <= WINDOW)
        return;
    while (d->own->len - at > WINDOW / 2 && signal_frame_read(d->own->data + at, d->own->len - at, &f) &&
           f.payload <= d->own->len - at - f.header)
        at += f.header + f.payload;
    if (at == 0) {
        drop_bytes(d);
        return;
    }
    g_byte_array_remove_range(d->own, 0, at);
    if (d->other != NULL)
        g_byte_array_remove_range(d->other, 0, at);
    d->start += at;
}

static void begin(stream *d, const signal_segment *s)
{
    signal_frame f;

    drop_bytes(d);
    if (signal_frame_read(s->bytes, s->len, &f) && signal_frames_only(s->bytes, s->len, f.masked, 0)) {
        d->in_step = true;
        d->start = s->seq;
        append(d, s->bytes, s->len);
    }
}

/* Takes a segment. The number of bytes that were there before, from *at of the stream on; 0 when it is all new. */
static unsigned take_segment(stream *d, const signal_segment *s, unsigned *at)
{
    int32_t offset = (int32_t)(s->seq - d->start);
    unsigned known;

    if (!d->in_step || offset > (int32_t)d->own->len) {
        begin(d, s); /* nothing is known yet, or a segment is missing */
        return 0;
    }
    if (offset < 0)
        return 0; /* longer ago than is remembered */
    *at = (unsigned)offset;
    known = MIN(s->len, d->own->len - *at);
    if (known >= LEAST && memcmp(d->own->data + *at, s->bytes, known) != 0 && d->other == NULL) {
        d->other = g_byte_array_sized_new(d->own->len);
        g_byte_array_append(d->other, d->own->data, d->own->len);
    }
    if (d->other != NULL && known >= LEAST)
        memcpy(d->other->data + *at, s->bytes, known);
    append(d, s->bytes + known, s->len - known);
    return known;
}

/* The first frame that differs and whose other copy became whole with bytes[from..to). From then on that copy is the
 * one that others are compared with. */
static const altered_frame *find_altered(packet_info *pinfo, stream *d, unsigned from, unsigned to)
{
    altered_frame *found = NULL;
    unsigned at = 0, len;
    signal_frame f;

    while (d->other != NULL && at < to && signal_frame_read(d->other->data + at, d->other->len - at, &f)) {
        const uint8_t *bytes = d->other->data + at;
        len = f.header + f.payload;
        if (len > d->other->len - at)
            break;
        if (at + len > from && at + len <= to && memcmp(d->own->data + at, bytes, len) != 0) {
            memcpy(d->own->data + at, bytes, len);
            if (found == NULL && signal_frame_is_signalling(pinfo, bytes, len, &f)) {
                found = wmem_new0(wmem_file_scope(), altered_frame);
                found->bytes = wmem_memdup(wmem_file_scope(), bytes, len);
                found->len = len;
            }
        }
        at += len;
    }
    return found;
}

/* Frames that became whole with bytes[from..to), the first of signalling and those behind it, where no dissector took
 * them. */
static const altered_frame *find_unread(packet_info *pinfo, const stream *d, unsigned from, unsigned to)
{
    altered_frame *found = NULL;
    unsigned at = 0, len;
    signal_frame f;

    while (at < to && signal_frame_read(d->own->data + at, d->own->len - at, &f)) {
        const uint8_t *bytes = d->own->data + at;
        len = f.header + f.payload;
        if (len > d->own->len - at)
            break;
        if (found == NULL && at + len > from && signal_frame_is_signalling(pinfo, bytes, len, &f)) {
            found = wmem_new0(wmem_file_scope(), altered_frame);
            found->bytes = wmem_alloc(wmem_file_scope(), d->own->len - at);
        }
        if (found != NULL) {
            memcpy(found->bytes + found->len, bytes, len);
            found->len += len;
        }
        at += len;
    }
    return found;
}

static const altered_frame *first_pass(signal_tcp *t)
{
    packet_info *pinfo = t->pinfo;
    const conversation_t *conversation;
    const altered_frame *found;
    unsigned known, at = 0;
    const signal_segment *s;
    connection *c;
    stream *d;

    if (!t->whole || !signal_ports_has(pinfo, SIGNAL_PORT_COPIES))
        return NULL;
    conversation = signal_tcp_conversation(t);
    c = conversation != NULL ? g_hash_table_lookup(connections, GUINT_TO_POINTER(conversation->conv_index)) : NULL;
    s = c != NULL ? signal_tcp_segment(t) : NULL;
    if (s == NULL)
        return NULL;
    d = &c->streams[signal_side(pinfo)];
    known = take_segment(d, s, &at);
    found = known >= LEAST ? find_altered(pinfo, d, at, at + known) : NULL;
    if (found == NULL && known > 0 && known < s->len && !wr_has_layer(pinfo, proto_websocket))
        found = find_unread(pinfo, d, at + known, at + s->len);
    if (found != NULL)
        wr_packet_keep(pinfo, proto_webrtc_signal, WR_KEPT_COPY, (void *)(uintptr_t)found);
    forget_old(d);
    return found;
}

void signal_tcp_copies(signal_tcp *t)
{
    const altered_frame *w;
    tvbuff_t *frame;

    if (g_queue_is_empty(order) || websocket_handle == NULL)
        return;
    w = t->first_pass ? first_pass(t) : wr_packet_kept(t->pinfo, proto_webrtc_signal, WR_KEPT_COPY);
    if (w == NULL)
        return;
    frame = tvb_new_child_real_data(t->tvb, w->bytes, w->len, (int)w->len);
    add_new_data_source(t->pinfo, frame, "WebSocket frame, sent again");
    call_dissector_only(websocket_handle, frame, t->pinfo, t->tree, NULL);
}

void signal_register_copies(void)
{
    register_init_routine(init_copies);
    register_cleanup_routine(cleanup_copies);
}

void signal_handoff_copies(void)
{
    websocket_handle = find_dissector("websocket");
    proto_tls = proto_get_id_by_filter_name("tls");
    proto_websocket = proto_get_id_by_filter_name("websocket");
}
