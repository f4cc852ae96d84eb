/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TTL or hop limit of packets with evidence. */
#include "records/hops.h"

#include "base/index.h"
#include "records/store.h"

#include <string.h>

#define FEW 2u /* packets more of one value than of others: it is the usual one */

/* What most packets have wins, whatever order they come in (Boyer and Moore): votes is for it, less those against. */
typedef struct {
    uint8_t usual;
    unsigned votes;
} source;

typedef struct {
    uint8_t ttl;
    unsigned of[2]; /* number of its source, by wr_hops_source, from 1; 0: not counted */
} packet;

struct wr_hops {
    wr_index *by_source, *by_frame; /* -> number, from 1 */
    GArray *sources, *packets;
};

static struct wr_hops *make(void)
{
    struct wr_hops *h = g_new0(struct wr_hops, 1);

    h->by_source = wr_index_new();
    h->by_frame = wr_index_new();
    h->sources = g_array_new(FALSE, FALSE, sizeof(source));
    h->packets = g_array_new(FALSE, FALSE, sizeof(packet));
    return h;
}

void wr_hops_free(struct wr_hops *h)
{
    if (h == NULL)
        return;
    wr_index_free(h->by_source);
    wr_index_free(h->by_frame);
    g_array_free(h->sources, TRUE);
    g_array_free(h->packets, TRUE);
    g_free(h);
}

static unsigned source_of(struct wr_hops *h, const wr_place *at, bool with_port)
{
    struct {
        wr_endpoint end;
        uint16_t point;
        uint16_t with_port;
    } key;
    unsigned number;
    uint64_t mark;

    memset(&key, 0, sizeof key);
    key.end.family = at->src.family;
    memcpy(key.end.addr, at->src.addr, sizeof key.end.addr);
    key.end.port = with_port ? at->src.port : 0;
    key.point = at->point;
    key.with_port = with_port;
    mark = wr_key(&key, sizeof key);
    number = wr_index_number(h->by_source, mark);
    if (number == 0 && h->sources->len < WR_MAX_HOPS_SOURCES) {
        const source s = {0, 0};
        g_array_append_val(h->sources, s);
        number = h->sources->len;
        wr_index_set_number(h->by_source, mark, number);
    }
    return number;
}

/* True when the packet is worth to be remembered: it is none of what is usual by now. */
static bool count(struct wr_hops *h, unsigned number, uint8_t ttl)
{
    source *s;
    bool unusual;

    if (number == 0)
        return false;
    s = &g_array_index(h->sources, source, number - 1);
    unusual = s->votes < FEW || s->usual != ttl;
    if (s->votes == 0)
        s->usual = ttl;
    if (s->usual == ttl)
        s->votes++;
    else
        s->votes--;
    return unusual;
}

void wr_hops_note(wr_engine *e, const wr_place *at, uint8_t ttl)
{
    packet p = {.ttl = ttl};
    bool unusual = false;
    uint64_t mark;

    if (ttl == 0)
        return;
    if (e->hops == NULL)
        e->hops = make();
    for (int i = 0; i < 2; i++) {
        p.of[i] = source_of(e->hops, at, i == WR_HOPS_OF_PORT);
        unusual |= count(e->hops, p.of[i], ttl);
    }
    mark = wr_key(&at->frame, sizeof at->frame);
    if (!unusual || e->hops->packets->len >= WR_MAX_HOPS_FRAMES || wr_index_number(e->hops->by_frame, mark) != 0)
        return;
    g_array_append_val(e->hops->packets, p);
    wr_index_set_number(e->hops->by_frame, mark, e->hops->packets->len);
}

bool wr_hops_differ(const wr_engine *e, uint32_t frame, wr_hops_source source_kind, uint8_t *ttl, uint8_t *usual)
{
    const unsigned number =
        e->hops != NULL && frame != 0 ? wr_index_number(e->hops->by_frame, wr_key(&frame, sizeof frame)) : 0;
    const packet *p;
    const source *s;

    if (number == 0)
        return false;
    p = &g_array_index(e->hops->packets, packet, number - 1);
    if (p->of[source_kind] == 0)
        return false;
    s = &g_array_index(e->hops->sources, source, p->of[source_kind] - 1);
    *ttl = p->ttl;
    *usual = s->usual;
    return s->votes >= FEW && s->usual != p->ttl;
}
