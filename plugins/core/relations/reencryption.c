/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares RTP header streams of different associations (rules 3.5, RTP-07). */
#include "relations/relations.h"

typedef struct {
    wr_flow *flow;
    const wr_stream *stream;
} entry;

/* The same headers under other ciphertext. The same ciphertext is the same packets, seen twice or relayed. */
static bool reencrypted(const wr_stream *a, const wr_stream *b)
{
    GHashTable *marks = g_hash_table_new(g_direct_hash, g_direct_equal);
    unsigned common = 0, different = 0;

    for (unsigned i = 0; i < a->n_samples; i++)
        g_hash_table_insert(marks, GUINT_TO_POINTER(a->samples[i].header), GUINT_TO_POINTER(a->samples[i].mark));
    for (unsigned i = 0; i < b->n_samples; i++) {
        gpointer mark;
        if (!g_hash_table_lookup_extended(marks, GUINT_TO_POINTER(b->samples[i].header), NULL, &mark))
            continue;
        common++;
        different += GPOINTER_TO_UINT(mark) != b->samples[i].mark;
    }
    g_hash_table_destroy(marks);
    return common >= WR_STREAM_WANTED && different * 100 >= common * WR_STREAM_SHARE;
}

static void consider(wr_engine *e, const entry *x, const entry *y)
{
    wr_association *a = wr_flow_last_association(x->flow), *b = wr_flow_last_association(y->flow);
    wr_reencrypted *r;

    if (x->flow == y->flow || a == NULL || b == NULL || a == b || !reencrypted(x->stream, y->stream))
        return;
    wr_node_join(e, a->node, b->node);
    r = g_new0(wr_reencrypted, 1);
    r->flow[0] = x->flow;
    r->flow[1] = y->flow;
    r->ssrc = x->stream->ssrc;
    r->frame[0] = x->stream->first_frame;
    r->frame[1] = y->stream->first_frame;
    g_ptr_array_add(e->reencrypted, r);
}

void wr_streams_compare(wr_engine *e)
{
    GHashTable *by_ssrc = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_array_unref);

    g_ptr_array_set_size(e->reencrypted, 0);
    for (unsigned i = 0; i < e->flows->len; i++) {
        wr_flow *f = g_ptr_array_index(e->flows, i);
        for (unsigned j = 0; j < f->n_streams; j++) {
            entry mine = {.flow = f, .stream = &f->streams[j]};
            GArray *same;
            if (mine.stream->n_samples < WR_STREAM_WANTED)
                continue;
            same = g_hash_table_lookup(by_ssrc, GUINT_TO_POINTER(mine.stream->ssrc));
            if (same == NULL) {
                same = g_array_new(FALSE, FALSE, sizeof(entry));
                g_hash_table_insert(by_ssrc, GUINT_TO_POINTER(mine.stream->ssrc), same);
            }
            for (unsigned k = 0; k < same->len && k < 8; k++)
                consider(e, &g_array_index(same, entry, k), &mine);
            g_array_append_val(same, mine);
        }
    }
    g_hash_table_destroy(by_ssrc);
}

bool wr_session_is_reencrypted(const wr_engine *e, const wr_session *s, const wr_reencrypted **which)
{
    for (unsigned i = 0; i < e->reencrypted->len; i++) {
        const wr_reencrypted *r = g_ptr_array_index(e->reencrypted, i);
        if (wr_flow_session_number(e, r->flow[0]) != s->number)
            continue;
        if (which != NULL)
            *which = r;
        return true;
    }
    return false;
}
