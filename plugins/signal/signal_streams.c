/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages in streams that have no end, or none so far: server-sent events and other responses that stay open,
 * WebSocket over HTTP/2 (RFC 8441), what Redis and NATS carry. The built-in dissectors wait for the end of a body, or
 * do not know these at all, so the streams are read behind them: TCP's in the clear from the segments, TLS's from what
 * was decrypted. */
#include "signal_tcp.h"
#include "wr_epan/http2.h"

#include "connection/open_stream.h"
#include "formats/message_frames.h"

#define CONNECTIONS_MAX 1024u       /* ends of connections that are followed at a time */
#define KEPT_MAX        (64u << 20) /* bytes of messages that are kept for later passes */
#define SOURCES_MAX     32          /* decrypted records of a packet */

typedef struct {
    wr_open_stream *stream;
    signal_run run; /* in the clear */
    unsigned found; /* messages that were kept */
    uint32_t began_in;
    unsigned first; /* of the messages kept with that packet */
} end;

typedef struct {
    uint8_t *bytes;
    unsigned len;
    wr_open_kind kind;
    signal_carrier carrier;
} kept_message;

typedef struct {
    wmem_array_t *messages; /* kept_message */
    const char *bound;
} shown;

static GHashTable *ends; /* connection and direction -> end */
static size_t kept;      /* bytes, in this file */
static bool any_shown;   /* in this file */

/* What a packet's bytes are taken for. */
typedef struct {
    packet_info *pinfo;
    end *of;
} taking;

static void end_free(gpointer data)
{
    end *e = data;

    wr_open_stream_free(e->stream);
    g_byte_array_unref(e->run.bytes);
    g_free(e);
}

static void init_streams(void)
{
    ends = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, end_free);
    kept = 0;
    any_shown = false;
}

static void cleanup_streams(void)
{
    g_clear_pointer(&ends, g_hash_table_unref);
}

static gpointer key_of(const packet_info *pinfo, const conversation_t *conversation)
{
    return GUINT_TO_POINTER(conversation->conv_index * 2 + signal_side(pinfo));
}

static end *end_of(packet_info *pinfo)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation != NULL ? g_hash_table_lookup(ends, key_of(pinfo, conversation)) : NULL;
}

/* ---- first pass ---- */

static shown *shown_of(packet_info *pinfo)
{
    shown *w = wr_packet_kept(pinfo, proto_webrtc_signal, WR_KEPT_STREAMS);

    if (w == NULL) {
        any_shown = true;
        w = wmem_new0(wmem_file_scope(), shown);
        w->messages = wmem_array_new(wmem_file_scope(), sizeof(kept_message));
        wr_packet_keep(pinfo, proto_webrtc_signal, WR_KEPT_STREAMS, w);
    }
    return w;
}

static unsigned n_shown(packet_info *pinfo)
{
    const shown *w = wr_packet_kept(pinfo, proto_webrtc_signal, WR_KEPT_STREAMS);

    return w != NULL ? wmem_array_get_count(w->messages) : 0;
}

static wr_carrier carrier_of(const wr_open_stream *s, wr_open_kind kind)
{
    if (kind == WR_OPEN_WEBSOCKET)
        return WR_CARRIER_WEBSOCKET;
    if (wr_open_stream_is_http1(s))
        return WR_CARRIER_HTTP;
    return wr_open_stream_is_http2(s) ? WR_CARRIER_HTTP2 : WR_CARRIER_TCP;
}

/* Later series know WebSocket over HTTP/2 by themselves. */
static bool is_stocks(wr_open_kind kind)
{
    return kind == WR_OPEN_WEBSOCKET && wr_http2_knows_websocket();
}

/* What is known of the message, for all passes. */
static void fill_carrier(const taking *t, const wr_open_message *message, signal_carrier *carrier)
{
    packet_info *pinfo = t->pinfo;

    signal_fill_from_connection(pinfo, carrier);
    carrier->carrier = carrier_of(t->of->stream, message->kind);
    carrier->subprotocol = NULL;
    if (carrier->carrier != WR_CARRIER_HTTP)
        carrier->url = carrier->server = NULL; /* another's, or nobody's */
    if (message->stream != 0)
        signal_fill_from_http2(pinfo, message->stream, carrier);
    carrier->url = wr_strdup(wmem_file_scope(), carrier->url);
    carrier->server = wr_strdup(wmem_file_scope(), carrier->server);
    carrier->user_agent = wr_strdup(wmem_file_scope(), carrier->user_agent);
}

static void keep_message(const wr_open_message *message, void *data)
{
    taking *t = data;
    kept_message m = {NULL, (unsigned)message->len, message->kind, {.carrier = WR_CARRIER_OTHER}};

    if (message->kind == WR_OPEN_HEAD) {
        signal_remark_http2_head(t->pinfo, message->bytes, (unsigned)message->len);
        return;
    }
    if (is_stocks(message->kind) || !wr_json_find_worthwhile(message->bytes, message->len))
        return;
    if (kept + message->len > KEPT_MAX) {
        shown_of(t->pinfo)->bound = "more messages in open streams than are kept";
        return;
    }
    kept += message->len;
    m.bytes = wmem_memdup(wmem_file_scope(), message->bytes, message->len);
    fill_carrier(t, message, &m.carrier);
    wmem_array_append_one(shown_of(t->pinfo)->messages, m);
    t->of->found++;
}

/* A stream begins with these bytes: follows it. */
static end *begin(packet_info *pinfo, const uint8_t *bytes, unsigned len)
{
    wr_open_stream *stream = wr_open_stream_begin(bytes, len);
    conversation_t *conversation;
    end *e;

    if (stream == NULL)
        return NULL;
    if (g_hash_table_size(ends) >= CONNECTIONS_MAX) {
        wr_open_stream_free(stream);
        shown_of(pinfo)->bound = "more open streams than are followed";
        return NULL;
    }
    conversation = find_or_create_conversation(pinfo);
    e = g_new0(end, 1);
    e->stream = stream;
    e->run.bytes = g_byte_array_new();
    e->began_in = pinfo->num;
    e->first = n_shown(pinfo);
    g_hash_table_replace(ends, key_of(pinfo, conversation), e);
    return e;
}

static void leave(packet_info *pinfo)
{
    g_hash_table_remove(ends, key_of(pinfo, find_or_create_conversation(pinfo)));
}

/* Of a response that begins and ends in one packet, or in which nothing was found before, the body was searched. */
static void drop_searched(packet_info *pinfo, const end *e, unsigned before)
{
    const unsigned n = n_shown(pinfo);

    for (unsigned i = e->began_in == pinfo->num ? e->first : before; i < n; i++)
        ((kept_message *)wmem_array_index(shown_of(pinfo)->messages, i))->bytes = NULL;
}

/* Bytes of the connection, in their order. */
static void take_bytes(packet_info *pinfo, end *e, const uint8_t *bytes, unsigned len)
{
    const unsigned found = e->found, before = n_shown(pinfo);
    taking t = {pinfo, e};

    if (wr_open_stream_take(e->stream, bytes, len, keep_message, &t))
        return;
    if (wr_open_stream_bound(e->stream) != NULL)
        shown_of(pinfo)->bound = wr_open_stream_bound(e->stream);
    if (wr_open_stream_is_http1(e->stream) && (e->began_in == pinfo->num || found == 0))
        drop_searched(pinfo, e, before);
    leave(pinfo);
}

static void take_segment(signal_tcp *t)
{
    packet_info *pinfo = t->pinfo;
    const signal_segment *s = signal_tcp_segment(t);
    GByteArray *fresh;
    end *e;

    if (s == NULL || !t->whole)
        return;
    e = g_hash_table_size(ends) > 0 ? end_of(pinfo) : NULL;
    if (e == NULL) {
        e = begin(pinfo, s->bytes, s->len);
        if (e == NULL)
            return;
        signal_run_begin(&e->run, s);
    }
    signal_run_check(&e->run, s);
    if (!e->run.in_step) { /* a segment is missing */
        leave(pinfo);
        return;
    }
    if (!signal_run_take(&e->run, s))
        return;
    fresh = e->run.bytes; /* the stream may end with them */
    e->run.bytes = g_byte_array_new();
    take_bytes(pinfo, e, fresh->data, fresh->len);
    g_byte_array_unref(fresh);
}

static void take_records(packet_info *pinfo)
{
    unsigned n = 0;

    for (GSList *s = pinfo->data_src; s != NULL && n < SOURCES_MAX; s = s->next) {
        const struct data_source *source = s->data;
        unsigned len;
        const uint8_t *bytes;
        end *e;
        if (!wr_data_source_is(source, "Decrypted TLS"))
            continue;
        n++;
        bytes = wr_tvb_bytes(get_data_source_tvb(source), &len);
        e = bytes != NULL && g_hash_table_size(ends) > 0 ? end_of(pinfo) : NULL;
        if (e == NULL && bytes != NULL)
            e = begin(pinfo, bytes, len);
        if (e != NULL)
            take_bytes(pinfo, e, bytes, len);
    }
}

static void first_pass(signal_tcp *t)
{
    const unsigned layers = t->layers;

    if ((layers & WR_LAYER_HTTP2) != 0)
        signal_note_http2(t->pinfo);
    if ((layers & WR_LAYER_TLS) == 0)
        take_segment(t);
    else if (t->pinfo->data_src != NULL && t->pinfo->data_src->next != NULL &&
             ((layers & (WR_LAYER_HTTP | WR_LAYER_HTTP2)) != 0 || g_hash_table_size(ends) > 0))
        take_records(t->pinfo);
}

/* ---- bodies that end ---- */

bool signal_is_followed(tvbuff_t *tvb, packet_info *pinfo)
{
    unsigned len;
    const uint8_t *bytes;
    const end *e;
    bool is = false;

    if (PINFO_FD_VISITED(pinfo))
        return wr_packet_kept(pinfo, proto_webrtc_signal, WR_KEPT_FOLLOWED) != NULL;
    if (g_hash_table_size(ends) == 0 || pinfo->ptype != PT_TCP)
        return false;
    e = end_of(pinfo);
    bytes = wr_tvb_bytes(tvb, &len);
    if (e != NULL && bytes != NULL)
        is = e->found > 0 && (wr_open_stream_is_http1(e->stream) || wr_looks_like_events(bytes, len));
    if (is)
        wr_packet_keep(pinfo, proto_webrtc_signal, WR_KEPT_FOLLOWED, GUINT_TO_POINTER(1));
    return is;
}

/* ---- showing ---- */

static const char *source_name(wr_open_kind kind)
{
    switch (kind) {
    case WR_OPEN_EVENT:
        return "Server-sent event";
    case WR_OPEN_WEBSOCKET:
        return "WebSocket message over HTTP/2";
    case WR_OPEN_PAYLOAD:
        return "Published message";
    default:
        return "JSON text of a stream";
    }
}

static void show_message(signal_tcp *t, const kept_message *m)
{
    tvbuff_t *tvb = tvb_new_child_real_data(t->tvb, m->bytes, m->len, (int)m->len);

    wr_packet_begin_message(t->pinfo, proto_webrtc_signal);
    add_new_data_source(t->pinfo, tvb, source_name(m->kind));
    if (t->first_pass)
        signal_remark_json(tvb, t->pinfo, m->carrier.direction);
    signal_dissect(tvb, t->pinfo, t->tree, &m->carrier);
}

void signal_tcp_streams(signal_tcp *t)
{
    const shown *w;

    if (t->first_pass)
        first_pass(t);
    if (!any_shown)
        return;
    w = wr_packet_kept(t->pinfo, proto_webrtc_signal, WR_KEPT_STREAMS);
    if (w == NULL)
        return;
    for (unsigned i = 0; i < wmem_array_get_count(w->messages); i++)
        if (((const kept_message *)wmem_array_index(w->messages, i))->bytes != NULL)
            show_message(t, wmem_array_index(w->messages, i));
    if (w->bound != NULL)
        signal_show_bound(t->tvb, t->pinfo, t->tree, w->bound);
}

void signal_register_streams(void)
{
    register_init_routine(init_streams);
    register_cleanup_routine(cleanup_streams);
}
