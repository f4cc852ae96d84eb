/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stanzas of XMPP over TCP (RFC 6120). The built-in dissector keeps its work; it puts segments together only where one
 * does not end with '>', and hands nothing on, so the stanzas are found behind it. */
#include "signal_tcp.h"

#include "formats/stream_split.h"

#define STANZA_MAX      (1u << 20)  /* bytes of one stanza */
#define CONNECTIONS_MAX 4096u       /* of one capture */
#define HELD_MAX        (32u << 20) /* bytes of all stanzas that are being put together */
#define XMPP_PORT       5222        /* RFC 6120 3.2.1: what clients connect to */

typedef struct {
    signal_run sides[2];
    wr_split splits[2];
} connection;

static GHashTable *connections; /* conversation index -> connection */
static size_t held;             /* bytes in all of them */

/* What is shown of a packet, in every pass: stanzas that hold something, or a bound that was reached. */
typedef struct {
    wmem_array_t *stanzas; /* stanza */
    const char *bound;
} shown;

typedef struct {
    uint8_t *bytes;
    unsigned len;
} stanza;

static void connection_free(gpointer data)
{
    connection *c = data;

    g_byte_array_unref(c->sides[0].bytes);
    g_byte_array_unref(c->sides[1].bytes);
    g_free(c);
}

static void init_connections(void)
{
    connections = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, connection_free);
    held = 0;
}

static void cleanup_connections(void)
{
    g_clear_pointer(&connections, g_hash_table_unref);
}

static shown *shown_of(packet_info *pinfo)
{
    shown *w = wr_packet_kept(pinfo, proto_webrtc_signal, WR_KEPT_STANZAS);

    if (w == NULL) {
        w = wmem_new0(wmem_file_scope(), shown);
        w->stanzas = wmem_array_new(wmem_file_scope(), sizeof(stanza));
        wr_packet_keep(pinfo, proto_webrtc_signal, WR_KEPT_STANZAS, w);
    }
    return w;
}

/* Keeps what is worth a search. */
static void keep_stanza(packet_info *pinfo, const uint8_t *bytes, size_t len)
{
    stanza kept = {NULL, (unsigned)len};

    if (wr_json_find_worthwhile(bytes, len)) {
        kept.bytes = wmem_memdup(wmem_file_scope(), bytes, len);
        wmem_array_append_one(shown_of(pinfo)->stanzas, kept);
    }
}

static connection *connection_of(packet_info *pinfo, const conversation_t *conversation)
{
    gpointer key = GUINT_TO_POINTER(conversation->conv_index);
    connection *c = g_hash_table_lookup(connections, key);

    if (c == NULL) {
        if (g_hash_table_size(connections) >= CONNECTIONS_MAX) {
            shown_of(pinfo)->bound = "more XMPP connections than are followed";
            return NULL;
        }
        c = g_new0(connection, 1);
        c->sides[0].bytes = g_byte_array_new();
        c->sides[1].bytes = g_byte_array_new();
        g_hash_table_insert(connections, key, c);
    }
    return c;
}

/* What begins in the middle of a stream is taken up where a segment begins with a tag. */
static bool take_segment(connection *c, unsigned which, const signal_segment *s)
{
    signal_run *d = &c->sides[which];

    signal_run_check(d, s);
    if (!d->in_step) {
        if (s->bytes[0] != '<')
            return false;
        signal_run_begin(d, s);
        memset(&c->splits[which], 0, sizeof c->splits[which]);
    }
    return signal_run_take(d, s);
}

/* Keeps the stanzas that have become whole, and forgets them in the stream. */
static void take_stanzas(packet_info *pinfo, signal_run *d, wr_split *split)
{
    wr_split_result r;

    while ((r = wr_split_stanza(split, d->bytes->data, d->bytes->len)) == WR_SPLIT_WHOLE) {
        keep_stanza(pinfo, d->bytes->data + split->start, split->at - split->start);
        g_byte_array_remove_range(d->bytes, 0, (unsigned)split->at);
        memset(split, 0, sizeof *split);
    }
    if (r == WR_SPLIT_OTHER) {
        signal_run_leave(d);
    } else if (d->bytes->len > STANZA_MAX) {
        shown_of(pinfo)->bound = "an XMPP stanza is too long to be put together";
        signal_run_leave(d);
    } else if (held + d->bytes->len > HELD_MAX) {
        shown_of(pinfo)->bound = "more XMPP stanzas are unfinished than are kept";
        signal_run_leave(d);
    }
}

/* By port, as the built-in dissector is chosen: a packet that holds a part of a stanza may have no layer of it. */
static void first_pass(signal_tcp *t)
{
    packet_info *pinfo = t->pinfo;
    const conversation_t *conversation;
    const signal_segment *s;
    connection *c;
    unsigned which;

    if (!t->whole || (signal_tcp_ports(t) & SIGNAL_PORT_XMPP) == 0)
        return;
    s = signal_tcp_segment(t);
    if (s == NULL)
        return;
    conversation = signal_tcp_conversation(t);
    c = conversation != NULL ? connection_of(pinfo, conversation) : NULL;
    if (c == NULL)
        return;
    which = signal_side(pinfo);
    held -= c->sides[which].bytes->len;
    if (take_segment(c, which, s))
        take_stanzas(pinfo, &c->sides[which], &c->splits[which]);
    held += c->sides[which].bytes->len;
}

static void show_stanza(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const stanza *one)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_XMPP, .subprotocol = "xmpp"};
    tvbuff_t *text = tvb_new_child_real_data(tvb, one->bytes, one->len, (int)one->len);

    signal_fill_from_connection(pinfo, &carrier);
    carrier.subprotocol = "xmpp";
    if (carrier.direction == WR_DIRECTION_UNKNOWN && pinfo->srcport != pinfo->destport) {
        carrier.direction = pinfo->destport == XMPP_PORT  ? WR_DIRECTION_EMITTED
                            : pinfo->srcport == XMPP_PORT ? WR_DIRECTION_DELIVERED
                                                          : WR_DIRECTION_UNKNOWN;
    }
    add_new_data_source(pinfo, text, "XMPP stanza");
    signal_dissect(text, pinfo, tree, &carrier);
}

void signal_tcp_stanzas(signal_tcp *t)
{
    const shown *w;

    if (t->first_pass)
        first_pass(t);
    if (g_hash_table_size(connections) == 0)
        return;
    w = wr_packet_kept(t->pinfo, proto_webrtc_signal, WR_KEPT_STANZAS);
    if (w == NULL)
        return;
    for (unsigned i = 0; i < wmem_array_get_count(w->stanzas); i++)
        show_stanza(t->tvb, t->pinfo, t->tree, wmem_array_index(w->stanzas, i));
    if (w->bound != NULL)
        signal_show_bound(t->tvb, t->pinfo, t->tree, w->bound);
}

void signal_register_xmpp(void)
{
    register_init_routine(init_connections);
    register_cleanup_routine(cleanup_connections);
}
