/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP segments that were captured in another order than they were sent. Wireshark puts messages together out of them
 * only where its preference tcp.reassemble_out_of_order is set, which it is not by default. Looked at are clear
 * connections; the first segment of a direction that fills what was missing before it is told. Who sends a message
 * ahead of the sequence would have the true one left unread: where such segments hold a whole one, it is read late. So
 * are all that follow on a segment far outside of the sequence, for Wireshark takes them for said before.
 */
#include "signal_tcp.h"

#include "base/index.h"
#include "wr_epan/preferences.h"
#include "wr_epan/tcp.h"
#include "wr_epan/thinned.h"

#define DIRECTIONS_MAX 32768u    /* that are followed; more say nothing */
#define GAP_MAX        (1 << 20) /* a gap beyond that is no matter of order */
#define WORD_MAX       256u      /* of a line of a description, that is looked at */
#define KEY_MAX        36        /* bytes: two addresses and ports */
#define RECENT         256u      /* directions that are found without their hash */

typedef struct {
    uint32_t conversation, base; /* Wireshark's, and from where it counts */
    uint32_t next, gap, gap_end; /* gap == gap_end: nothing is missing */
    uint32_t ahead;              /* frame of the segment behind the gap */
    uint32_t start, first;       /* where what was seen begins, and the frame that brought it */
    uint32_t left, jump_end;     /* the latest jump far away: what was next before it, and what is next behind it */
    uint32_t jump;               /* frame of it; 0: none */
    bool returned;               /* the sequence went on where it was left */
    bool told;
    bool decrypted, unread; /* of TLS: some of it was; none of it so far */
} direction;

/* Both addresses and ports. */
typedef struct {
    size_t len;
    uint8_t bytes[KEY_MAX];
} ends;

typedef struct {
    ends ends;
    direction *found;
} recent_direction;

static GHashTable *directions; /* keyed hash of ends -> direction; none is removed before the file's end */
static recent_direction recent[RECENT];
static enum { NOT_ASKED, MATTERS, MENDED } order;

static void init_disorder(void)
{
    directions = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    order = NOT_ASKED;
}

static void cleanup_disorder(void)
{
    g_clear_pointer(&directions, g_hash_table_unref);
    memset(recent, 0, sizeof recent);
}

static bool matters(void)
{
    if (order == NOT_ASKED)
        order = wr_preference_is_on("tcp", "reassemble_out_of_order") ? MENDED : MATTERS;
    return order == MATTERS;
}

/* Behind a jump far away that the sequence did not go on from; one that is back does not look where it goes on. */
static bool is_behind_jump(direction *d, const signal_segment *s)
{
    if (d->jump != 0 && !d->returned && s->seq == d->left) {
        d->returned = true;
        d->gap = d->gap_end = d->next = d->left;
    }
    return d->jump != 0 && d->returned && (int32_t)(d->jump_end - s->seq) > 0;
}

/* Of which connection the numbers are. */
static void note_stand(packet_info *pinfo, direction *d)
{
    wr_tcp_stand stand;

    if (wr_tcp_stand_of(pinfo, &stand)) {
        d->conversation = stand.conversation;
        d->base = stand.base;
    }
}

static void jump(packet_info *pinfo, direction *d, const signal_segment *s, uint32_t frame)
{
    note_stand(pinfo, d);
    d->left = d->next;
    d->jump_end = s->seq + s->len;
    d->jump = frame;
    d->returned = false;
}

/* True when this segment brings what others came before. */
static bool is_late(packet_info *pinfo, direction *d, const signal_segment *s, uint32_t frame)
{
    const bool behind_jump = is_behind_jump(d, s);
    const int32_t ahead = (int32_t)(s->seq - d->next);

    if (behind_jump && ahead >= 0 && ahead <= GAP_MAX) {
        d->next = s->seq + s->len;
        d->ahead = d->jump;
        return true;
    }
    if (ahead > GAP_MAX || ahead < -GAP_MAX) { /* much is missing, or another connection has the same ports */
        jump(pinfo, d, s, frame);
        d->gap = d->gap_end = d->next = s->seq + s->len;
        d->start = s->seq;
        d->first = frame;
        return false;
    }
    if (ahead >= 0) {
        if (ahead > 0 && d->gap == d->gap_end) {
            d->gap = d->next;
            d->gap_end = s->seq;
            d->ahead = frame;
        }
        d->next = s->seq + s->len;
        return false;
    }
    return d->gap != d->gap_end && (int32_t)(s->seq - d->gap) >= 0 && (int32_t)(d->gap_end - s->seq) > 0;
}

/* The segment lies before all that was seen. */
static bool is_earlier(const direction *d, const signal_segment *s)
{
    const int32_t before = (int32_t)(d->start - s->seq);

    return before > 0 && before <= GAP_MAX;
}

/* By addresses and ports alone: of each segment, a conversation would be looked for five times as long. */
static void write_ends(const address *from, uint32_t from_port, const address *to, uint32_t to_port, ends *e)
{
    const uint16_t ports[2] = {(uint16_t)from_port, (uint16_t)to_port};
    const size_t src = (size_t)CLAMP(from->len, 0, 16), dst = (size_t)CLAMP(to->len, 0, 16);

    memcpy(e->bytes, ports, sizeof ports);
    e->len = sizeof ports;
    if (src == 4 && dst == 4) { /* nearly always: without calls */
        memcpy(e->bytes + sizeof ports, from->data, 4);
        memcpy(e->bytes + sizeof ports + 4, to->data, 4);
        e->len += 8;
        return;
    }
    if (src > 0)
        memcpy(e->bytes + sizeof ports, from->data, src);
    if (dst > 0)
        memcpy(e->bytes + sizeof ports + src, to->data, dst);
    e->len += src + dst;
}

/* With s a new one, where it opens the connection or has payload. */
static direction *look_up(packet_info *pinfo, const ends *e, const signal_segment *s)
{
    const gpointer key = (gpointer)(uintptr_t)wr_key(e->bytes, e->len);
    direction *d = g_hash_table_lookup(directions, key);

    if (d == NULL && s != NULL && (s->len > 0 || (s->flags & SIGNAL_TCP_SYN) != 0) &&
        g_hash_table_size(directions) < DIRECTIONS_MAX) {
        d = g_new0(direction, 1);
        d->next = d->gap = d->gap_end = d->start = s->seq + (s->len == 0 ? 1 : 0);
        d->first = wr_frame_of(pinfo);
        note_stand(pinfo, d);
        g_hash_table_insert(directions, key, d);
    }
    return d;
}

/* Segments of a direction come close together: most are found among those that were asked for lately. With s a new one
 * is made. */
static direction *find_direction(packet_info *pinfo, const ends *e, unsigned slot, const signal_segment *s)
{
    recent_direction *r = &recent[slot % RECENT];

    if (r->found == NULL || r->ends.len != e->len || memcmp(r->ends.bytes, e->bytes, e->len) != 0) {
        r->ends = *e;
        r->found = look_up(pinfo, e, s);
    }
    return r->found;
}

static direction *direction_of(packet_info *pinfo, const signal_segment *s)
{
    ends e;

    write_ends(&pinfo->src, pinfo->srcport, &pinfo->dst, pinfo->destport, &e);
    return find_direction(pinfo, &e, pinfo->srcport * 31 + pinfo->destport, s);
}

/* The other one of the connection. */
static const direction *direction_towards(packet_info *pinfo)
{
    ends e;

    write_ends(&pinfo->dst, pinfo->destport, &pinfo->src, pinfo->srcport, &e);
    return find_direction(pinfo, &e, pinfo->destport * 31 + pinfo->srcport, NULL);
}

/* What stands behind this word of a description, as far as its line, or the JSON string, goes. NULL for nothing. */
static char *word_behind(wmem_allocator_t *pool, const signal_segment *s, const char *word)
{
    const size_t n = strlen(word);
    const char *at = g_strstr_len((const char *)s->bytes, s->len, word);
    size_t len = 0, most;

    if (at == NULL)
        return NULL;
    at += n;
    most = MIN((size_t)((const char *)s->bytes + s->len - at), WORD_MAX);
    while (len < most && g_ascii_isprint(at[len]) && at[len] != '\\' && at[len] != '"')
        len++;
    return len == 0 ? NULL : wmem_strndup(pool, at, len);
}

static wr_remark *remark_of(signal_tcp *t, uint32_t ahead)
{
    wr_remark *r = wmem_new0(t->pinfo->pool, wr_remark);

    r->kind = WR_REMARK_DISORDER;
    r->at = wr_place_of(t->pinfo);
    r->connection = wr_connection_id(t->pinfo);
    r->other_frame = ahead;
    return r;
}

/* A description is in it that nobody read: what was read ahead of it may stand in its place. */
static wr_remark *remark_of_unread(signal_tcp *t, const signal_segment *s, uint32_t ahead)
{
    char *fingerprint = t->late == NULL ? word_behind(t->pinfo->pool, s, "a=fingerprint:") : NULL;
    wr_remark *r;

    if (fingerprint == NULL || signal_is_described(t->pinfo))
        return NULL;
    r = remark_of(t, ahead);
    r->what = fingerprint;
    r->ufrag = word_behind(t->pinfo->pool, s, "a=ice-ufrag:");
    return r;
}

/* Without payload, and with numbers from where its sender never spoke: it may be anybody's, and says nothing of what
 * its sender will say. Nor does a SYN with the right number, for the connection is open: it takes no number of it. */
static void put_back(signal_tcp *t, const signal_segment *s)
{
    const direction *d = direction_of(t->pinfo, s);
    wr_tcp_stand was;

    if (d == NULL || d->unread || (s->seq == d->next && (s->flags & SIGNAL_TCP_SYN) == 0) ||
        (d->jump != 0 && !d->returned))
        return;
    was = (wr_tcp_stand){d->conversation, d->base, d->next};
    wr_tcp_put_back(t->pinfo, s->seq, &was);
}

/* It acknowledges what was not seen: the other end may not have said it. */
static void put_back_heard(signal_tcp *t, const signal_segment *s)
{
    const direction *d = direction_towards(t->pinfo);

    if (d != NULL && !d->unread && s->ack != 0 && (int32_t)(s->ack - d->next) > 0)
        wr_tcp_put_back_heard(t->pinfo, s->ack);
}

/* What disorder does not: of TLS, and where Wireshark puts things in order. Of TLS only what is decrypted matters, and
 * of such a connection each segment. */
static void follow(signal_tcp *t, const signal_segment *s)
{
    const GSList *sources = t->pinfo->data_src;
    direction *d = direction_of(t->pinfo, s);

    if (d == NULL)
        return;
    d->decrypted |= (t->layers & WR_LAYER_TLS) == 0 || (sources != NULL && sources->next != NULL);
    d->unread = !d->decrypted;
    if ((int32_t)(s->seq + s->len - d->next) > 0)
        d->next = s->seq + s->len;
}

void signal_tcp_order(signal_tcp *t)
{
    const signal_segment *s = t->first_pass ? signal_tcp_head(t) : NULL;

    if (s == NULL)
        return;
    if (s->len == 0)
        put_back(t, s);
    else if ((t->layers & WR_LAYER_TLS) != 0 || !matters())
        follow(t, s);
    put_back_heard(t, s);
}

void signal_tcp_disorder(signal_tcp *t)
{
    const signal_segment *s;
    direction *d;
    wr_remark *r;
    bool late;

    if (!t->first_pass || (t->layers & WR_LAYER_TLS) != 0 || !matters())
        return;
    s = signal_tcp_segment(t);
    d = s != NULL ? direction_of(t->pinfo, s) : NULL;
    if (d == NULL)
        return;
    late = is_late(t->pinfo, d, s, wr_frame_of(t->pinfo));
    if (!late && !is_earlier(d, s))
        return;
    signal_tcp_late(t, s);
    r = remark_of_unread(t, s, late ? d->ahead : d->first);
    if (r == NULL && late && !d->told)
        r = remark_of(t, d->ahead);
    if (r == NULL)
        return;
    d->told |= late;
    wr_bus_put(t->pinfo, proto_webrtc_signal, WR_BUS_REMARKS, r);
}

void signal_register_disorder(void)
{
    register_init_routine(init_disorder);
    register_cleanup_routine(cleanup_disorder);
}
