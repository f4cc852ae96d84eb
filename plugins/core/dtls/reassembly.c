/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshake messages put together out of fragments (RFC 6347 4.2.3, RFC 9147 5.5), by message_seq, in each direction
 * between two endpoints. Fragments may come in any order, overlap and repeat.
 *
 * Of finished messages a mark is kept, so that a retransmission (the same bytes again) can be told from a second
 * handshake on the same addresses (other bytes under the same number). One that comes again in fragments is gathered
 * again to tell.
 *
 * Anybody can send a fragment with other bytes. So several messages stand under one number, each with what agrees with
 * it, and all are handed on when they are whole: signatures decide later (wr_association_prove()).
 */
#include "base/index.h"
#include "reader.h"

/* A message that is being gathered, for the first time or again. */
typedef struct {
    uint8_t *data;
    uint32_t have;  /* bytes marked in mask */
    uint64_t mark;  /* where it was complete before */
    uint8_t mask[]; /* a bit for each byte of data: seen */
} gathering;

/* Two directions of a handshake have a dozen of these, and all are kept: so they lie in one block each. */
typedef struct {
    union {
        uint64_t mark;   /* wr_key() of its bytes, once complete: nobody can choose two that have the same */
        gathering *open; /* while is_open */
    } in;
    uint8_t *full; /* its bytes, once it was put together out of fragments; NULL for one that came whole */
    uint32_t length;
    uint16_t seq;
    uint8_t type;
    bool complete : 1, is_open : 1;
    bool current : 1; /* no hello of another handshake came since */
} message;

struct wr_dtls_association {
    wr_endpoint low, high;
    uint32_t channel;
    uint16_t version;
    uint8_t count[2];
    message *messages[2]; /* oldest first */
    GList link;           /* in the reader's queue, least recently used first */
};

struct wr_dtls_reader {
    GHashTable *associations; /* wr_dtls_association, owned; also its own key */
    GQueue recent;
    uint8_t *finished[WR_DTLS_VARIANTS]; /* messages that were last completed, for the caller */
    unsigned n_finished;
    size_t bytes;
    unsigned dropped;
};

static guint association_hash(gconstpointer key)
{
    const wr_dtls_association *a = key;

    return (wr_endpoint_hash(&a->low) * 31 + wr_endpoint_hash(&a->high)) * 31 + a->channel;
}

static gboolean association_equal(gconstpointer x, gconstpointer y)
{
    const wr_dtls_association *a = x, *b = y;

    return a->channel == b->channel && wr_endpoint_equal(&a->low, &b->low) && wr_endpoint_equal(&a->high, &b->high);
}

wr_dtls_reader *wr_dtls_reader_new(void)
{
    wr_dtls_reader *r = g_new0(wr_dtls_reader, 1);

    r->associations = g_hash_table_new(association_hash, association_equal);
    g_queue_init(&r->recent);
    return r;
}

static size_t buffer_size(uint32_t length)
{
    return length + length / 8 + 1;
}

static size_t message_size(const message *m)
{
    return sizeof *m + (m->is_open ? buffer_size(m->length) : 0) + (m->full != NULL ? m->length : 0);
}

static void clear_message(wr_dtls_reader *r, message *m)
{
    r->bytes -= message_size(m);
    g_free(m->full);
    if (m->is_open) {
        g_free(m->in.open->data);
        g_free(m->in.open);
    }
}

static void forget_messages(wr_dtls_reader *r, wr_dtls_association *a, int side)
{
    for (unsigned i = 0; i < a->count[side]; i++)
        clear_message(r, &a->messages[side][i]);
    a->count[side] = 0;
}

static void free_association(wr_dtls_reader *r, wr_dtls_association *a)
{
    g_hash_table_remove(r->associations, a);
    g_queue_unlink(&r->recent, &a->link);
    forget_messages(r, a, 0);
    forget_messages(r, a, 1);
    g_free(a->messages[0]);
    g_free(a->messages[1]);
    g_free(a);
}

void wr_dtls_reader_free(wr_dtls_reader *r)
{
    if (r == NULL)
        return;
    while (r->recent.head != NULL)
        free_association(r, r->recent.head->data);
    g_hash_table_destroy(r->associations);
    while (r->n_finished > 0)
        g_free(r->finished[--r->n_finished]);
    g_free(r);
}

unsigned wr_dtls_reader_dropped(const wr_dtls_reader *r)
{
    return r->dropped;
}

/* A finished message that is forgotten costs no more than the mark "retransmission"; an unfinished one is a loss. */
static void count_losses(wr_dtls_reader *r, const wr_dtls_association *a)
{
    for (int side = 0; side < 2; side++)
        for (unsigned i = 0; i < a->count[side]; i++)
            r->dropped += a->messages[side][i].complete ? 0 : 1;
}

static void make_room(wr_dtls_reader *r, const wr_dtls_association *spare, size_t bytes)
{
    while (r->bytes + bytes > WR_DTLS_MAX_BUFFERED && r->recent.head != NULL && r->recent.head->data != spare) {
        count_losses(r, r->recent.head->data);
        free_association(r, r->recent.head->data);
    }
}

wr_dtls_association *wr_dtls_association_get(wr_dtls_reader *r, const wr_endpoint *src, const wr_endpoint *dst,
                                             uint32_t channel, int *side)
{
    bool forward = wr_endpoint_compare(src, dst) <= 0;
    wr_dtls_association key, *a;

    memset(&key, 0, sizeof key);
    key.low = forward ? *src : *dst;
    key.high = forward ? *dst : *src;
    key.channel = channel;
    *side = forward ? 0 : 1;
    a = g_hash_table_lookup(r->associations, &key);
    if (a != NULL) {
        g_queue_unlink(&r->recent, &a->link);
    } else {
        if (g_hash_table_size(r->associations) >= WR_DTLS_MAX_ASSOCIATIONS) {
            count_losses(r, r->recent.head->data);
            free_association(r, r->recent.head->data);
        }
        a = g_memdup2(&key, sizeof key);
        a->link.data = a;
        g_hash_table_add(r->associations, a);
    }
    g_queue_push_tail_link(&r->recent, &a->link);
    return a;
}

uint16_t wr_dtls_association_version(const wr_dtls_association *a)
{
    return a->version;
}

void wr_dtls_association_set_version(wr_dtls_association *a, uint16_t version)
{
    a->version = version;
}

/* Moves those there are. */
static message *new_message(wr_dtls_reader *r, wr_dtls_association *a, int side, const wr_dtls_fragment *f)
{
    message *m;

    make_room(r, a, sizeof *m);
    r->bytes += sizeof *m;
    if (a->count[side] >= WR_DTLS_MAX_FLOW_MESSAGES) {
        message *first = a->messages[side];
        r->dropped += first->complete ? 0 : 1;
        clear_message(r, first);
        memmove(first, first + 1, --a->count[side] * sizeof *first);
    }
    a->messages[side] = g_renew(message, a->messages[side], a->count[side] + 1);
    m = &a->messages[side][a->count[side]++];
    memset(m, 0, sizeof *m);
    m->type = f->type;
    m->seq = f->seq;
    m->length = f->length;
    m->current = true;
    return m;
}

static bool is_marked(const gathering *g, uint32_t i)
{
    return (g->mask[i / 8] >> i % 8 & 1) != 0;
}

static void gather(wr_dtls_reader *r, wr_dtls_association *a, message *m, const wr_dtls_fragment *f)
{
    gathering *g;

    if (!m->is_open) {
        make_room(r, a, buffer_size(m->length));
        g = g_malloc0(sizeof *g + m->length / 8 + 1);
        g->mark = m->in.mark;
        g->data = g_malloc(m->length + 1);
        r->bytes += buffer_size(m->length);
        m->in.open = g;
        m->is_open = true;
    }
    g = m->in.open;
    memcpy(g->data + f->offset, f->bytes, f->fragment_length);
    for (uint32_t i = f->offset; i < f->offset + f->fragment_length; i++) {
        if (!is_marked(g, i)) {
            g->mask[i / 8] |= (uint8_t)(1u << i % 8);
            g->have++;
        }
    }
}

static bool is_whole(const wr_dtls_fragment *f)
{
    return f->fragment_length == f->length;
}

static uint64_t mark_of(const message *m)
{
    return m->is_open ? m->in.open->mark : m->in.mark;
}

/* The fragment says nothing else than what is known of the message. Of a complete one only a whole message can tell, or
 * what is being gathered again. */
static bool agrees(const message *m, const wr_dtls_fragment *f)
{
    if (m->type != f->type || m->length != f->length)
        return false;
    if (m->complete && is_whole(f))
        return wr_key(f->bytes, f->length) == mark_of(m);
    if (m->full != NULL)
        return memcmp(m->full + f->offset, f->bytes, f->fragment_length) == 0;
    for (uint32_t i = 0; m->is_open && i < f->fragment_length; i++)
        if (is_marked(m->in.open, f->offset + i) && m->in.open->data[f->offset + i] != f->bytes[i])
            return false;
    return true;
}

/* Makes room for one more under this number. What is complete has been handed on, and costs the least. */
static void make_variant_room(wr_dtls_reader *r, wr_dtls_association *a, int side, uint16_t seq)
{
    message *list = a->messages[side], *spare = NULL;
    unsigned n = 0;

    for (unsigned i = 0; i < a->count[side]; i++) {
        if (list[i].seq != seq)
            continue;
        n++;
        if (spare == NULL || (list[i].complete && !spare->complete))
            spare = &list[i];
    }
    if (n < WR_DTLS_VARIANTS)
        return;
    r->dropped += spare->complete ? 0 : 1;
    clear_message(r, spare);
    memmove(spare, spare + 1, (size_t)(&list[--a->count[side]] - spare) * sizeof *spare);
}

/* Another message than any kept under this number: of another handshake, or somebody else's. What is being gathered is
 * not given up for it (RFC 6347 4.2.3 says nothing of bytes that disagree): the new one begins with what an older one
 * of its kind has, as a receiver that believes the later bytes would see it. */
static message *add_variant(wr_dtls_reader *r, wr_dtls_association *a, int side, const wr_dtls_fragment *f)
{
    message *m;
    const uint8_t *data = NULL, *mask = NULL;
    uint32_t have = 0;

    make_variant_room(r, a, side, f->seq);
    m = new_message(r, a, side, f);
    if (is_whole(f))
        return m;
    for (unsigned i = 0; i + 1 < a->count[side]; i++) { /* the one that has most, and of these the latest */
        const message *o = &a->messages[side][i];
        if (o->seq != f->seq || o->type != f->type || o->length != f->length || !o->current || agrees(o, f))
            continue;
        if (o->full != NULL && o->length >= have) {
            data = o->full;
            mask = NULL;
            have = o->length;
        } else if (o->full == NULL && o->is_open && o->in.open->have >= have) {
            data = o->in.open->data;
            mask = o->in.open->mask;
            have = o->in.open->have;
        }
    }
    if (data != NULL) {
        const wr_dtls_fragment all = {
            .type = f->type, .length = f->length, .seq = f->seq, .fragment_length = f->length, .bytes = data};
        gather(r, a, m, &all);
        if (mask != NULL)
            memcpy(m->in.open->mask, mask, m->length / 8 + 1);
        m->in.open->have = have;
    }
    return m;
}

static void forget_finished(wr_dtls_reader *r)
{
    while (r->n_finished > 0)
        g_free(r->finished[--r->n_finished]);
}

/* Hands its bytes to the caller. */
static const uint8_t *release(wr_dtls_reader *r, message *m)
{
    gathering *g = m->in.open;

    r->finished[r->n_finished++] = g->data;
    m->in.mark = g->mark;
    m->is_open = false;
    g_free(g);
    r->bytes -= buffer_size(m->length);
    return r->finished[r->n_finished - 1];
}

/* A hello that was not seen before begins another handshake, whose messages may be those of the one before, word for
 * word. A ServerHello follows the ClientHello that it answers. */
static void begin_handshake(wr_dtls_association *a, int side, uint8_t type)
{
    if (type != WR_HS_CLIENT_HELLO && type != WR_HS_SERVER_HELLO && type != WR_HS_HELLO_VERIFY_REQUEST)
        return;
    for (int s = 0; s < 2; s++)
        for (unsigned i = 0; i < a->count[s]; i++)
            a->messages[s][i].current &=
                s != side && type != WR_HS_CLIENT_HELLO && a->messages[s][i].type == WR_HS_CLIENT_HELLO;
}

/* Seen again within a handshake, or with another one. */
static wr_assembly seen_again(wr_dtls_association *a, int side, message *m)
{
    if (m->current)
        return WR_ASSEMBLY_AGAIN;
    begin_handshake(a, side, m->type);
    m->current = true;
    return WR_ASSEMBLY_COMPLETE;
}

/* Adds the fragment to one message that it agrees with. */
static wr_assembly add_fragment(wr_dtls_reader *r, wr_dtls_association *a, int side, message *m,
                                const wr_dtls_fragment *f, const uint8_t **body)
{
    uint64_t mark;

    if (m->complete && is_whole(f)) {
        *body = f->bytes;
        return seen_again(a, side, m);
    }
    gather(r, a, m, f);
    *body = m->in.open->data;
    if (m->in.open->have < m->length)
        return WR_ASSEMBLY_MORE;
    *body = release(r, m);
    mark = wr_key(*body, m->length);
    if (m->complete && mark == m->in.mark)
        return seen_again(a, side, m);
    if (m->complete) { /* in fragments under an old number: a new one after all */
        make_variant_room(r, a, side, f->seq);
        m = new_message(r, a, side, f);
    }
    begin_handshake(a, side, m->type);
    m->complete = m->current = true;
    m->in.mark = mark;
    if (!is_whole(f)) {
        make_room(r, a, m->length);
        m->full = g_memdup2(*body, m->length);
        r->bytes += m->length;
    }
    return WR_ASSEMBLY_COMPLETE;
}

void wr_dtls_assemble(wr_dtls_reader *r, wr_dtls_association *a, int side, const wr_dtls_fragment *f,
                      wr_dtls_assembled *out)
{
    bool known = false, contradicts = false, taken = false;
    const unsigned n = a->count[side];

    out->n = 0;
    forget_finished(r);
    for (unsigned i = 0; i < n && n == a->count[side] && out->n + 1 < WR_DTLS_VARIANTS; i++) {
        message *m = &a->messages[side][i];
        if (m->seq != f->seq)
            continue;
        known = true;
        if (!agrees(m, f)) {
            contradicts |= !m->complete;
            continue;
        }
        /* what was begun before another hello goes on beside what is begun after it */
        taken |= m->complete || m->current;
        out->state[out->n] = add_fragment(r, a, side, m, f, &out->body[out->n]);
        if (out->state[out->n] != WR_ASSEMBLY_MORE)
            out->n++;
    }
    if (!taken) {
        message *m = known ? add_variant(r, a, side, f) : new_message(r, a, side, f);
        wr_assembly state = add_fragment(r, a, side, m, f, &out->body[out->n]);
        if (contradicts)
            state = state == WR_ASSEMBLY_COMPLETE ? WR_ASSEMBLY_OTHER_COMPLETE : WR_ASSEMBLY_OTHER;
        if (out->n == 0 || state == WR_ASSEMBLY_COMPLETE || state == WR_ASSEMBLY_OTHER_COMPLETE)
            out->state[out->n++] = state;
    }
    if (out->n == 0)
        out->state[out->n++] = WR_ASSEMBLY_MORE;
}
