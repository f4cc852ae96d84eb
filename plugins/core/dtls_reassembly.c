/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshake messages put together out of fragments (RFC 6347 4.2.3, RFC 9147 5.5), by message_seq, in each direction
 * between two endpoints. Fragments may come in any order, overlap and repeat.
 *
 * Finished messages are kept, so that a retransmission (the same bytes again) can be told from a second handshake on
 * the same addresses (other bytes under the same number).
 */
#include "dtls_private.h"

typedef struct message {
    struct message *next; /* younger */
    uint8_t type;
    uint16_t seq;
    bool complete;
    uint32_t length;
    uint32_t have; /* bytes marked in mask */
    uint8_t *data;
    uint8_t *mask; /* a bit for each byte: seen; of a complete message: seen again. NULL: none */
} message;

struct wr_dtls_association {
    wr_endpoint low, high;
    uint32_t channel;
    uint16_t version;
    message *oldest[2];
    unsigned count[2];
    GList link; /* in the reader's queue, least recently used first */
};

struct wr_dtls_reader {
    GHashTable *associations; /* wr_dtls_association, owned; also its own key */
    GQueue recent;
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

static size_t mask_size(const message *m)
{
    return m->length / 8 + 1;
}

static size_t message_size(const message *m)
{
    return sizeof *m + m->length + mask_size(m);
}

static void free_message(wr_dtls_reader *r, message *m)
{
    r->bytes -= message_size(m);
    g_free(m->data);
    g_free(m->mask);
    g_free(m);
}

/* Frees the messages of one direction, all but those of type keep (-1: none is kept). */
static void forget_messages(wr_dtls_reader *r, wr_dtls_association *a, int side, int keep)
{
    message **at = &a->oldest[side];

    while (*at != NULL) {
        message *m = *at;
        if ((int)m->type == keep) {
            at = &m->next;
            continue;
        }
        *at = m->next;
        a->count[side]--;
        free_message(r, m);
    }
}

static void free_association(wr_dtls_reader *r, wr_dtls_association *a)
{
    g_hash_table_remove(r->associations, a);
    g_queue_unlink(&r->recent, &a->link);
    forget_messages(r, a, 0, -1);
    forget_messages(r, a, 1, -1);
    g_free(a);
}

void wr_dtls_reader_free(wr_dtls_reader *r)
{
    if (r == NULL) {
        return;
    }
    while (r->recent.head != NULL) {
        free_association(r, r->recent.head->data);
    }
    g_hash_table_destroy(r->associations);
    g_free(r);
}

unsigned wr_dtls_reader_dropped(const wr_dtls_reader *r)
{
    return r->dropped;
}

/* A finished message that is forgotten costs no more than the mark "retransmission"; an unfinished one is a loss. */
static void count_losses(wr_dtls_reader *r, const wr_dtls_association *a)
{
    for (int side = 0; side < 2; side++) {
        for (const message *m = a->oldest[side]; m != NULL; m = m->next) {
            r->dropped += m->complete ? 0 : 1;
        }
    }
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

static message *find_message(const wr_dtls_association *a, int side, uint16_t seq)
{
    message *m = a->oldest[side];

    while (m != NULL && m->seq != seq) {
        m = m->next;
    }
    return m;
}

static message *new_message(wr_dtls_reader *r, wr_dtls_association *a, int side, const wr_dtls_fragment *f)
{
    message *m = g_new0(message, 1), **at;

    m->type = f->type;
    m->seq = f->seq;
    m->length = f->length;
    make_room(r, a, message_size(m));
    m->data = g_malloc(f->length + 1);
    m->mask = g_malloc0(mask_size(m));
    r->bytes += message_size(m);
    if (a->count[side] >= WR_DTLS_MAX_FLOW_MESSAGES) {
        message *first = a->oldest[side];
        r->dropped += first->complete ? 0 : 1;
        a->oldest[side] = first->next;
        a->count[side]--;
        free_message(r, first);
    }
    for (at = &a->oldest[side]; *at != NULL; at = &(*at)->next) {
    }
    *at = m;
    a->count[side]++;
    return m;
}

static bool is_marked(const message *m, uint32_t i)
{
    return m->mask != NULL && (m->mask[i / 8] >> i % 8 & 1) != 0;
}

static void mark(message *m, uint32_t offset, uint32_t n)
{
    if (m->mask == NULL) {
        m->mask = g_malloc0(mask_size(m));
    }
    for (uint32_t i = offset; i < offset + n; i++) {
        if (!is_marked(m, i)) {
            m->mask[i / 8] |= (uint8_t)(1u << i % 8);
            m->have++;
        }
    }
}

/* The fragment says nothing else than what is known of the message. */
static bool agrees(const message *m, const wr_dtls_fragment *f)
{
    if (m->type != f->type || m->length != f->length) {
        return false;
    }
    if (m->complete) {
        return memcmp(m->data + f->offset, f->bytes, f->fragment_length) == 0;
    }
    for (uint32_t i = 0; i < f->fragment_length; i++) {
        if (is_marked(m, f->offset + i) && m->data[f->offset + i] != f->bytes[i]) {
            return false;
        }
    }
    return true;
}

/* Another message than the one kept under this number, so another handshake: what was kept of the old one must not
 * mix with the new. A hello changes both directions, but a ServerHello follows the ClientHello that it answers. */
static message *start_anew(wr_dtls_reader *r, wr_dtls_association *a, int side, message *m, const wr_dtls_fragment *f)
{
    message salvage = {0};

    if (m->complete && m->type == f->type && m->length == f->length && m->mask != NULL) {
        /* Fragments of the new message whose bytes happened to equal the old ones were taken for a retransmission. */
        salvage.data = g_memdup2(m->data, m->length);
        salvage.mask = g_memdup2(m->mask, mask_size(m));
        salvage.have = m->have;
    }
    forget_messages(r, a, side, -1);
    if (f->type == HS_CLIENT_HELLO) {
        forget_messages(r, a, 1 - side, -1);
        a->version = 0;
    } else if (f->type == HS_SERVER_HELLO || f->type == HS_HELLO_VERIFY_REQUEST) {
        forget_messages(r, a, 1 - side, HS_CLIENT_HELLO);
    }
    m = new_message(r, a, side, f);
    if (salvage.data != NULL) {
        g_free(m->data);
        g_free(m->mask);
        m->data = salvage.data;
        m->mask = salvage.mask;
        m->have = salvage.have;
    }
    return m;
}

wr_assembly wr_dtls_assemble(wr_dtls_reader *r, wr_dtls_association *a, int side, const wr_dtls_fragment *f,
                             const uint8_t **body)
{
    message *m = find_message(a, side, f->seq);
    bool restarted = false;

    if (m == NULL) {
        m = new_message(r, a, side, f);
    } else if (!agrees(m, f)) {
        restarted = !m->complete;
        m = start_anew(r, a, side, m, f);
    }
    if (!m->complete) {
        memcpy(m->data + f->offset, f->bytes, f->fragment_length);
    }
    mark(m, f->offset, f->fragment_length);
    *body = m->data;
    if (m->have < m->length) {
        return restarted ? WR_ASSEMBLY_RESTARTED : WR_ASSEMBLY_MORE;
    }
    m->have = 0;
    g_clear_pointer(&m->mask, g_free);
    if (m->complete) {
        return WR_ASSEMBLY_AGAIN;
    }
    m->complete = true;
    return restarted ? WR_ASSEMBLY_RESTARTED_COMPLETE : WR_ASSEMBLY_COMPLETE;
}
