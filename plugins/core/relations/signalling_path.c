/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which hosts signalling passed through: two that exchanged a description are one group, and so all that such exchanges
 * join, as a party, a proxy, the server behind it and the other party are. Whoever wants his copy of a description to
 * stand in a call's signalling has to speak with a host that has a part in it.
 */
#include "relations/signalling_path.h"

struct wr_hosts {
    GHashTable *numbers; /* uint64_t: key of a host -> place in parents, one more */
    GArray *parents;     /* unsigned, its own place for a root */
};

wr_hosts *wr_hosts_new(void)
{
    wr_hosts *h = g_new(wr_hosts, 1);

    h->numbers = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    h->parents = g_array_new(FALSE, FALSE, sizeof(unsigned));
    return h;
}

void wr_hosts_free(wr_hosts *h)
{
    g_hash_table_destroy(h->numbers);
    g_array_free(h->parents, TRUE);
    g_free(h);
}

static unsigned root_of(const wr_hosts *h, unsigned at)
{
    unsigned *parents = (unsigned *)(void *)h->parents->data;

    while (parents[at] != at)
        at = parents[at] = parents[parents[at]];
    return at;
}

/* The place of a host's group, made where there was none. */
static unsigned group_of(wr_hosts *h, const wr_endpoint *at)
{
    const uint64_t key = wr_host_key(at);
    unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(h->numbers, &key));

    if (n > 0)
        return root_of(h, n - 1);
    n = h->parents->len;
    g_array_append_val(h->parents, n);
    g_hash_table_insert(h->numbers, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(n + 1));
    return n;
}

static bool has_hosts(const wr_copy *c)
{
    return !wr_copy_is_stated(c) && wr_endpoint_known(&c->src) && wr_endpoint_known(&c->dst);
}

void wr_hosts_join(wr_hosts *h, const wr_copy *c)
{
    unsigned a, b;

    if (!has_hosts(c))
        return;
    a = group_of(h, &c->src);
    b = group_of(h, &c->dst);
    g_array_index(h->parents, unsigned, b) = a;
}

unsigned wr_hosts_group(wr_hosts *h, const wr_copy *c)
{
    return has_hosts(c) ? group_of(h, &c->src) + 1 : 0;
}
