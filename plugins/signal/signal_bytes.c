/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of one TCP sequence that are sent again with other content. A retransmission repeats what was sent, however it
 * is cut anew (RFC 9293 3.4, 3.8.1); who puts a segment of his own before or behind a true one lets the reader of a
 * capture and the receiver see different things (Ptacek and Newsham 1998). Followed are clear connections on which
 * signalling was found, the last bytes of each direction, with the frames that brought them.
 *
 * A segment with the next number is no repetition, and shows later: its receiver acknowledges less, and its sender goes
 * on as if it had not been sent. Bytes that the receiver acknowledged are never of that kind (RFC 9293 3.4), so nothing
 * that is put beside a connection makes a true message one of it.
 */
#include "signal_tcp.h"
#include "wr_epan/thinned.h"

#define WINDOW          32768u    /* bytes of a direction that are compared with, at least */
#define CONNECTIONS_MAX 256u      /* that are followed; with four times the above this bounds memory */
#define PIECES_MAX      1024u     /* segments of a direction that are remembered */
#define OUTSIDE         (1 << 20) /* so far from what was sent no receiver's window reaches */
#define FEW             2u        /* segments more of one TTL than of others: it is the usual one */
#define LEAST           2u        /* a keep-alive may repeat one byte with another value (RFC 9293 3.8.4) */
#define SETTLED_US      100000    /* what comes so much later was not just captured in another order */
#define UPGRADES        1024u     /* connections whose upgrade is remembered */
#define LATEST          16u       /* segments that are asked whether their bytes were sent at all */

typedef struct {
    uint32_t seq, len, frame;
    int64_t time_us;
    uint16_t point; /* vantage point */
    uint8_t ttl;
    bool disowned, unheard; /* sender and receiver went on as if it had not been sent */
    bool told;
} piece;

/* One direction. */
typedef struct {
    bool begun;
    uint32_t start; /* sequence number of the first byte that is kept */
    GByteArray *bytes;
    GArray *pieces;  /* in the order of their sequence numbers */
    bool heard;      /* something of it was acknowledged */
    uint32_t acked;  /* as far as this */
    bool ended;      /* with FIN, which takes a number of its own (RFC 9293 3.4) */
    uint32_t end;    /* that number */
    uint32_t points; /* bit n: vantage point n saw segments of it; the last bit is that of all beyond */
    uint8_t usual_ttl;
    unsigned votes;        /* for usual_ttl, less those against it: what most segments have wins */
    uint32_t outside_next; /* what would follow the latest segment that was outside */
    bool outside;
    GByteArray *other; /* the same bytes, and over them the latest other content; NULL while there was none */
} direction;

typedef struct {
    direction d[2]; /* by signal_side() */
} connection;

/* Where a connection's upgrade was seen: what follows it comes before anybody knows that it carries signalling. */
typedef struct {
    uint32_t conversation; /* its index and one more; 0: none */
    uint32_t points[2];    /* as in a direction */
} upgrade;

static int proto_tls = -1, proto_sdp = -1;
static upgrade *upgrades;       /* UPGRADES of them, by their index; a later one takes the place */
static GHashTable *connections; /* conversation index -> connection */
static GQueue *order;           /* indices, the oldest first */

static void connection_free(gpointer data)
{
    connection *c = data;

    for (int i = 0; i < 2; i++) {
        g_byte_array_unref(c->d[i].bytes);
        g_clear_pointer(&c->d[i].other, g_byte_array_unref);
        g_array_unref(c->d[i].pieces);
    }
    g_free(c);
}

static void init_bytes(void)
{
    connections = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, connection_free);
    order = g_queue_new();
    upgrades = g_new0(upgrade, UPGRADES);
}

static void cleanup_bytes(void)
{
    g_clear_pointer(&upgrades, g_free);
    g_clear_pointer(&connections, g_hash_table_unref);
    g_clear_pointer(&order, g_queue_free);
}

static uint32_t point_bit(unsigned point)
{
    return UINT32_C(1) << MIN(point, 31u);
}

/* RFC 6455 4.1, 4.2.2 */
static bool is_of_upgrade(const signal_segment *s)
{
    static const char request[] = "GET ", answer[] = "HTTP/1.1 101";

    return s->len > sizeof answer &&
           (memcmp(s->bytes, request, sizeof request - 1) == 0 || memcmp(s->bytes, answer, sizeof answer - 1) == 0);
}

static void note_upgrade(packet_info *pinfo, const conversation_t *conversation)
{
    upgrade *u = &upgrades[conversation->conv_index % UPGRADES];

    if (u->conversation != conversation->conv_index + 1)
        *u = (upgrade){.conversation = conversation->conv_index + 1};
    u->points[signal_side(pinfo)] |= point_bit(wr_point_of(pinfo));
}

static void take_upgrade(connection *c, const conversation_t *conversation)
{
    const upgrade *u = &upgrades[conversation->conv_index % UPGRADES];

    for (int i = 0; u->conversation == conversation->conv_index + 1 && i < 2; i++)
        c->d[i].points = u->points[i];
}

void signal_follow_bytes(packet_info *pinfo)
{
    const conversation_t *conversation;
    connection *c;
    gpointer key;

    if (PINFO_FD_VISITED(pinfo) || pinfo->ptype != PT_TCP || connections == NULL || wr_has_layer(pinfo, proto_tls))
        return;
    conversation = find_conversation_pinfo(pinfo, 0);
    if (conversation == NULL)
        return;
    key = GUINT_TO_POINTER(conversation->conv_index);
    if (g_hash_table_contains(connections, key))
        return;
    if (g_hash_table_size(connections) >= CONNECTIONS_MAX)
        g_hash_table_remove(connections, g_queue_pop_head(order));
    c = g_new0(connection, 1);
    for (int i = 0; i < 2; i++) {
        c->d[i].bytes = g_byte_array_new();
        c->d[i].pieces = g_array_new(FALSE, FALSE, sizeof(piece));
    }
    take_upgrade(c, conversation);
    g_hash_table_insert(connections, key, c);
    g_queue_push_tail(order, key);
    signal_ports_add(pinfo, SIGNAL_PORT_BYTES);
}

static void begin(direction *d, uint32_t seq)
{
    g_byte_array_set_size(d->bytes, 0);
    g_clear_pointer(&d->other, g_byte_array_unref);
    g_array_set_size(d->pieces, 0);
    d->start = seq;
    d->begun = true;
}

/* Down to half of what there may be, so that little is moved. */
static void forget_old(direction *d)
{
    unsigned gone, n = 0;

    if (d->bytes->len <= 2 * WINDOW && d->pieces->len <= PIECES_MAX)
        return;
    gone = d->bytes->len > WINDOW ? d->bytes->len - WINDOW : 0;
    if (d->pieces->len > PIECES_MAX)
        gone = MAX(gone, g_array_index(d->pieces, piece, d->pieces->len / 2).seq - d->start);
    gone = MIN(gone, d->bytes->len);
    g_byte_array_remove_range(d->bytes, 0, gone);
    if (d->other != NULL)
        g_byte_array_remove_range(d->other, 0, gone);
    d->start += gone;
    while (n < d->pieces->len) {
        const piece *x = &g_array_index(d->pieces, piece, n);
        if ((int32_t)(x->seq + x->len - d->start) > 0)
            break;
        n++;
    }
    g_array_remove_range(d->pieces, 0, n);
}

static void keep(direction *d, const signal_segment *s, unsigned known, const wr_place *at)
{
    const piece x = {.seq = s->seq + known,
                     .len = s->len - known,
                     .frame = at->frame,
                     .time_us = at->time_us,
                     .point = at->point,
                     .ttl = s->ttl};

    g_byte_array_append(d->bytes, s->bytes + known, s->len - known);
    if (d->other != NULL)
        g_byte_array_append(d->other, s->bytes + known, s->len - known);
    g_array_append_val(d->pieces, x);
    forget_old(d);
}

/* The segment that brought this byte first; NULL when it is forgotten. */
static const piece *piece_of(const direction *d, uint32_t seq)
{
    for (unsigned i = d->pieces->len; i-- > 0;) {
        const piece *x = &g_array_index(d->pieces, piece, i);
        if ((int32_t)(seq - x->seq) >= 0)
            return seq - x->seq < x->len ? x : NULL;
    }
    return NULL;
}

/* Two vantage points saw these bytes, and both have the connection, in both directions: it was altered in between. A
 * point that has nothing else of it saw what anybody may have sent there. */
static bool is_altered_between(const connection *c, const piece *first, unsigned point)
{
    const uint32_t both = point_bit(point) | point_bit(first->point);

    return first->point != point && (c->d[0].points & both) == both && (c->d[1].points & both) == both;
}

/* first: what brought these bytes before; NULL where they are outside of the sequence. */
static void tell(packet_info *pinfo, const connection *c, const direction *d, const signal_segment *s,
                 const piece *first)
{
    wr_remark *r = wmem_new0(pinfo->pool, wr_remark);

    r->kind = WR_REMARK_BYTES;
    r->at = wr_place_of(pinfo);
    r->connection = wr_connection_id(pinfo);
    r->other_frame = first != NULL ? first->frame : 0;
    r->ttl = s->ttl;
    r->other_ttl = first != NULL ? first->ttl : 0;
    r->other_point = first != NULL ? first->point : r->at.point;
    r->between = first != NULL && is_altered_between(c, first, r->at.point);
    r->usual_ttl = d->votes >= FEW ? d->usual_ttl : 0;
    wr_bus_put(pinfo, proto_webrtc_signal, WR_BUS_REMARKS, r);
}

/* The other content once more, however it is cut: captured twice, or sent again as TCP sends all again. It is told
 * once. */
static bool is_repeated(direction *d, const signal_segment *s, unsigned known)
{
    const uint32_t at = s->seq - d->start;

    if (d->other == NULL) {
        d->other = g_byte_array_sized_new(d->bytes->len);
        g_byte_array_append(d->other, d->bytes->data, d->bytes->len);
    } else if (memcmp(d->other->data + at, s->bytes, known) == 0) {
        return true;
    }
    memcpy(d->other->data + at, s->bytes, known);
    return false;
}

/* The first byte that differs from what was sent before. */
static void compare(packet_info *pinfo, const connection *c, direction *d, const signal_segment *s, unsigned known)
{
    const uint8_t *was = d->bytes->data + (s->seq - d->start);
    const piece *first;
    unsigned i = 0;

    while (i < known && was[i] == s->bytes[i])
        i++;
    first = i < known ? piece_of(d, s->seq + i) : NULL;
    if (first != NULL && first->frame != wr_frame_of(pinfo) && !is_repeated(d, s, known))
        tell(pinfo, c, d, s, first);
}

/* Where the next one goes on behind it, the sequence is there, and what was in between was not captured. */
static bool is_outside(direction *d, const signal_segment *s, int32_t offset)
{
    const int32_t most = OUTSIDE + (int32_t)d->bytes->len;
    const bool outside = (offset > most || offset < -OUTSIDE) && !(d->outside && s->seq == d->outside_next);

    d->outside = outside;
    d->outside_next = s->seq + s->len;
    return outside;
}

static void count_ttl(direction *d, uint8_t ttl)
{
    if (d->votes == 0)
        d->usual_ttl = ttl;
    if (d->usual_ttl == ttl)
        d->votes++;
    else
        d->votes--;
}

/* ---- bytes that nobody knows of ---- */

static void tell_unsent(packet_info *pinfo, const direction *d, const piece *x, bool acknowledged)
{
    wr_remark *r = wmem_new0(pinfo->pool, wr_remark);

    r->kind = WR_REMARK_UNSENT;
    r->at = wr_place_of(pinfo);
    r->connection = wr_connection_id(pinfo);
    r->other_frame = x->frame;
    r->other_ttl = x->ttl;
    r->usual_ttl = d->votes >= FEW ? d->usual_ttl : 0;
    r->acknowledged = acknowledged;
    wr_bus_put(pinfo, proto_webrtc_signal, WR_BUS_REMARKS, r);
}

static bool is_acknowledged(const direction *d, const piece *x)
{
    return d->heard && (int32_t)(d->acked - x->seq) > 0;
}

/* The latest segments of this direction, after one of either: seq is where its sender goes on, where he says so without
 * sending anything (RFC 9293 3.10.7.4: an acknowledgement has SND.NXT). A probe repeats the last byte (3.8.4, 3.8.6.1).
 */
static void weigh_latest(packet_info *pinfo, direction *d, const uint32_t *seq, bool of_receiver)
{
    const wr_place at = wr_place_of(pinfo);

    for (unsigned i = d->pieces->len, n = 0; i-- > 0 && n < LATEST; n++) {
        piece *x = &g_array_index(d->pieces, piece, i);
        if (is_acknowledged(d, x)) {
            if (x->told)
                tell_unsent(pinfo, d, x, true);
            x->told = false;
            continue;
        }
        if (x->len < LEAST || at.time_us - x->time_us < SETTLED_US)
            continue;
        x->disowned |= seq != NULL && (int32_t)(x->seq - *seq) >= 0;
        x->unheard |= of_receiver;
        if (x->disowned && x->unheard && d->heard && !x->told) {
            x->told = true;
            tell_unsent(pinfo, d, x, false);
        }
    }
}

/* How far the other direction is acknowledged; what was seen of it begins there, where nothing was. */
static void hear(direction *o, uint32_t ack)
{
    if (o->ended && ack == o->end + 1)
        ack = o->end;
    if (!o->begun)
        begin(o, ack);
    if (o->begun && (int32_t)(ack - o->start) >= 0 && (uint32_t)(ack - o->start) <= o->bytes->len &&
        (!o->heard || (int32_t)(ack - o->acked) > 0)) {
        o->heard = true;
        o->acked = ack;
    }
}

static void listen(packet_info *pinfo, connection *c, const signal_segment *s)
{
    direction *d = &c->d[signal_side(pinfo)], *o = &c->d[1 - signal_side(pinfo)];

    if ((s->flags & SIGNAL_TCP_ACK) == 0 || (s->flags & (SIGNAL_TCP_SYN | SIGNAL_TCP_RST)) != 0)
        return;
    if ((s->flags & SIGNAL_TCP_FIN) != 0) {
        d->ended = true;
        d->end = s->seq + s->len;
    }
    hear(o, s->ack);
    weigh_latest(pinfo, o, NULL, true);
    weigh_latest(pinfo, d, s->len == 0 ? &s->seq : NULL, false);
}

static void take(packet_info *pinfo, connection *c, const signal_segment *s)
{
    direction *d = &c->d[signal_side(pinfo)];
    const int32_t offset = (int32_t)(s->seq - d->start);
    const bool outside = d->begun && is_outside(d, s, offset);
    const wr_place at = wr_place_of(pinfo);
    unsigned known;

    if (outside) {
        tell(pinfo, c, d, s, NULL);
        return;
    }
    if (!d->begun || offset > (int32_t)d->bytes->len || offset < -OUTSIDE)
        begin(d, s->seq); /* nothing is known yet, or a segment is missing */
    else if (offset < 0)
        return; /* longer ago than is remembered */
    known = MIN(s->len, d->bytes->len - (s->seq - d->start));
    if (known >= LEAST)
        compare(pinfo, c, d, s, known);
    count_ttl(d, s->ttl);
    d->points |= point_bit(at.point);
    if (known < s->len)
        keep(d, s, known, &at);
}

const uint8_t *signal_bytes_before(packet_info *pinfo, const signal_segment *s, unsigned *len)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const connection *c =
        conversation != NULL ? g_hash_table_lookup(connections, GUINT_TO_POINTER(conversation->conv_index)) : NULL;
    const direction *d = c != NULL ? &c->d[signal_side(pinfo)] : NULL;

    if (d == NULL || !d->begun || d->bytes->len == 0 || d->start + d->bytes->len != s->seq)
        return NULL;
    *len = d->bytes->len;
    return d->bytes->data;
}

bool signal_is_described(packet_info *pinfo)
{
    return wr_bus_is_marked(pinfo) && proto_sdp > 0 && wr_bus_list(pinfo, proto_sdp, WR_BUS_DESCRIPTIONS) != NULL;
}

void signal_tcp_bytes(signal_tcp *t)
{
    const conversation_t *conversation;
    const signal_segment *s;
    connection *c;

    if (t->first_pass && signal_is_described(t->pinfo))
        signal_follow_bytes(t->pinfo);
    s = t->first_pass ? signal_tcp_segment(t) : NULL;
    if (s != NULL && is_of_upgrade(s) && signal_tcp_conversation(t) != NULL)
        note_upgrade(t->pinfo, t->conversation);
    if (!t->first_pass || !t->whole || !signal_ports_has(t->pinfo, SIGNAL_PORT_BYTES))
        return;
    conversation = signal_tcp_conversation(t);
    c = conversation != NULL ? g_hash_table_lookup(connections, GUINT_TO_POINTER(conversation->conv_index)) : NULL;
    s = c != NULL ? signal_tcp_head(t) : NULL;
    if (s == NULL)
        return;
    if (s->len > 0) {
        signal_segment_sighted(t->pinfo, s);
        take(t->pinfo, c, s);
    }
    listen(t->pinfo, c, s);
}

void signal_register_bytes(void)
{
    register_init_routine(init_bytes);
    register_cleanup_routine(cleanup_bytes);
}

void signal_handoff_bytes(void)
{
    proto_tls = proto_get_id_by_filter_name("tls");
    proto_sdp = proto_get_id_by_filter_name("webrtc_sdp");
}
