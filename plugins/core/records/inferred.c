/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vantage points that the file does not name. */
#include "records/inferred.h"

#include "base/index.h"
#include "records/store.h"

#include <string.h>

typedef struct {
    wr_endpoint src, dst; /* without ports */
    uint16_t interface;
    uint8_t ttl;
    uint32_t link;
    unsigned seen;
    /* what was inferred */
    unsigned parent; /* look at the same point, by index; itself for the first */
    unsigned point;  /* number; 0: none */
} look;

/* Packets that had the one look and then the other. */
typedef struct {
    unsigned look[2]; /* index, the lower first */
    unsigned twice;
    struct wr_clock_samples *clock; /* of the second by the first */
    bool accepted;
} look_pair;

typedef struct {
    wr_inferred_point told;
    bool by_second; /* told.clock is of the other by this one */
} point;

struct wr_inferred {
    wr_index *by_key; /* -> number of the look, from 1 */
    GArray *looks;
    look_pair pairs[WR_MAX_LOOK_PAIRS];
    unsigned n_pairs, n_points;
    point points[WR_MAX_INFERRED + 1]; /* from 1 */
    wr_index
        *point_of; /* of a link, or of a host and its TTL -> number of the point; WR_MAX_INFERRED + 1: of several */
    bool changed;
};

static struct wr_inferred *make(void)
{
    struct wr_inferred *x = g_new0(struct wr_inferred, 1);

    x->by_key = wr_index_new();
    x->looks = g_array_new(FALSE, FALSE, sizeof(look));
    return x;
}

void wr_inferred_free(struct wr_inferred *x)
{
    if (x == NULL)
        return;
    for (unsigned i = 0; i < x->n_pairs; i++)
        g_free(x->pairs[i].clock);
    wr_index_free(x->by_key);
    if (x->point_of != NULL)
        wr_index_free(x->point_of);
    g_array_free(x->looks, TRUE);
    g_free(x);
}

static look *at_index(const struct wr_inferred *x, unsigned i)
{
    return &g_array_index(x->looks, look, i);
}

/* ---- what is seen ---- */

unsigned wr_look_of(wr_engine *e, const wr_place *at)
{
    struct {
        wr_endpoint src, dst;
        uint32_t link;
        uint16_t interface;
        uint8_t ttl;
    } key;
    unsigned number;
    uint64_t mark;

    if (e->passing.frame != at->frame || e->passing.ttl == 0)
        return 0;
    if (e->inferred == NULL)
        e->inferred = make();
    memset(&key, 0, sizeof key);
    key.src = at->src;
    key.dst = at->dst;
    key.src.port = key.dst.port = 0;
    key.link = at->link;
    key.interface = at->point;
    key.ttl = e->passing.ttl;
    mark = wr_key(&key, sizeof key);
    number = wr_index_number(e->inferred->by_key, mark);
    if (number == 0 && e->inferred->looks->len < WR_MAX_LOOKS) {
        const look new = {.src = key.src, .dst = key.dst, .interface = at->point, .ttl = key.ttl, .link = at->link};
        g_array_append_val(e->inferred->looks, new);
        number = e->inferred->looks->len;
        wr_index_set_number(e->inferred->by_key, mark, number);
    }
    return number;
}

void wr_look_seen(wr_engine *e, unsigned number)
{
    if (number != 0)
        at_index(e->inferred, number - 1)->seen++;
}

/* The rarest gives way: who makes up looks makes each of them rare. */
static look_pair *pair_of(struct wr_inferred *x, unsigned a, unsigned b)
{
    look_pair *rarest = NULL;

    for (unsigned i = 0; i < x->n_pairs; i++) {
        look_pair *p = &x->pairs[i];
        if (p->look[0] == a && p->look[1] == b)
            return p;
        if (rarest == NULL || p->twice < rarest->twice)
            rarest = p;
    }
    if (x->n_pairs < WR_MAX_LOOK_PAIRS)
        rarest = &x->pairs[x->n_pairs++];
    else if (rarest->accepted)
        return NULL;
    g_free(rarest->clock);
    *rarest = (look_pair){.look = {a, b}, .clock = wr_clock_samples_new()};
    return rarest;
}

void wr_look_twice(wr_engine *e, unsigned first, int64_t first_us, unsigned second, int64_t second_us)
{
    struct wr_inferred *x = e->inferred;
    look_pair *p;

    if (first == 0 || second == 0 || first == second)
        return;
    p = pair_of(x, MIN(first, second) - 1, MAX(first, second) - 1);
    if (p == NULL)
        return;
    p->twice++;
    if (first < second)
        wr_clock_samples_add(p->clock, first_us, second_us - first_us, false);
    else
        wr_clock_samples_add(p->clock, second_us, first_us - second_us, false);
    x->changed = true;
}

/* ---- what follows ---- */

static unsigned root_of(struct wr_inferred *x, unsigned i)
{
    while (at_index(x, i)->parent != i)
        i = at_index(x, i)->parent = at_index(x, at_index(x, i)->parent)->parent;
    return i;
}

static void join(struct wr_inferred *x, unsigned a, unsigned b)
{
    a = root_of(x, a);
    b = root_of(x, b);
    at_index(x, MAX(a, b))->parent = MIN(a, b);
}

/* Systematic: most packets of either look came with the other as well, and with the same distance between the clocks,
 * as far as a fit needs. */
static bool is_systematic(const struct wr_inferred *x, const look_pair *p)
{
    const look *a = at_index(x, p->look[0]), *b = at_index(x, p->look[1]);

    return p->twice >= WR_INFERRED_LEAST && 2 * p->twice > MAX(a->seen, b->seen) && a->interface == b->interface;
}

/* Of the pair's looks the one with more TTL: nearer to the sender. */
static unsigned nearer(const struct wr_inferred *x, const look_pair *p, bool to_sender)
{
    const bool first = at_index(x, p->look[0])->ttl > at_index(x, p->look[1])->ttl;

    return p->look[first == to_sender ? 0 : 1];
}

static bool is_by_ttl(const struct wr_inferred *x, const look_pair *p)
{
    return at_index(x, p->look[0])->ttl != at_index(x, p->look[1])->ttl;
}

static bool is_by_link(const struct wr_inferred *x, const look_pair *p)
{
    const look *a = at_index(x, p->look[0]), *b = at_index(x, p->look[1]);

    return a->link != b->link && a->link != 0 && b->link != 0;
}

/* The only one of its two hosts, in its direction: of three points TTLs alone do not tell which is which. */
static bool is_only(const struct wr_inferred *x, const look_pair *p)
{
    const look *a = at_index(x, p->look[0]);

    for (unsigned i = 0; i < x->n_pairs; i++) {
        const look_pair *q = &x->pairs[i];
        const look *b = at_index(x, q->look[0]);
        if (q != p && q->accepted && wr_endpoint_same_host(&a->src, &b->src) && wr_endpoint_same_host(&a->dst, &b->dst))
            return false;
    }
    return true;
}

/* Whose packets lose on the way here what those of the other direction have yet to lose. */
static void join_directions(struct wr_inferred *x, const look_pair *p, const look_pair *q)
{
    const look *a = at_index(x, p->look[0]), *b = at_index(x, q->look[0]);

    if (!wr_endpoint_same_host(&a->src, &b->dst) || !wr_endpoint_same_host(&a->dst, &b->src) ||
        a->interface != b->interface || !is_by_ttl(x, p) || !is_by_ttl(x, q) || is_by_link(x, p) || is_by_link(x, q) ||
        !is_only(x, p) || !is_only(x, q))
        return;
    join(x, nearer(x, p, true), nearer(x, q, false));
    join(x, nearer(x, p, false), nearer(x, q, true));
}

/* What the same two stations exchange is seen in one place. */
static void join_links(struct wr_inferred *x, const look_pair *p, const look_pair *q)
{
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            const look *a = at_index(x, p->look[i]), *b = at_index(x, q->look[j]);
            if (a->link != 0 && a->link == b->link && a->interface == b->interface && is_by_link(x, p) &&
                is_by_link(x, q))
                join(x, p->look[i], q->look[j]);
        }
}

static unsigned number_at(struct wr_inferred *x, unsigned i)
{
    look *l = at_index(x, root_of(x, i));
    point *p;

    if (l->point == 0 && x->n_points < WR_MAX_INFERRED) {
        l->point = ++x->n_points;
        p = &x->points[l->point];
        p->told = (wr_inferred_point){.interface = l->interface, .host = l->src};
        p->by_second = false;
    }
    return at_index(x, i)->point = l->point;
}

/* A later point's clock is told by that of an earlier one. */
static void compare_points(struct wr_inferred *x, const look_pair *p)
{
    const unsigned a = number_at(x, p->look[0]), b = number_at(x, p->look[1]);
    const wr_clock_fit *f = wr_clock_samples_fit(p->clock, true);
    point *later = &x->points[MAX(a, b)];

    if (a == 0 || b == 0)
        return;
    for (int i = 0; i < 2; i++) {
        wr_inferred_point *t = &x->points[i == 0 ? a : b].told;
        t->by_ttl |= is_by_ttl(x, p);
        t->by_link |= is_by_link(x, p);
    }
    if (later->told.by != 0 && later->told.clock.common >= f->common)
        return;
    later->told.by = MIN(a, b);
    later->told.clock = *f;
    later->by_second = a > b;
}

static uint64_t place_key(const look *l)
{
    struct {
        wr_endpoint src;
        uint32_t link;
        uint16_t interface;
        uint8_t ttl;
    } key;

    memset(&key, 0, sizeof key);
    key.interface = l->interface;
    key.link = l->link;
    if (l->link == 0) {
        key.src = l->src;
        key.ttl = l->ttl;
    }
    return wr_key(&key, sizeof key);
}

/* Packets that came once, as of signalling, where another of their link, or of their host with their TTL, was seen. */
static void learn_place(struct wr_inferred *x, const look *l)
{
    const uint64_t key = place_key(l);
    const unsigned known = wr_index_number(x->point_of, key);

    if (l->point != 0 && known != l->point)
        wr_index_set_number(x->point_of, key, known == 0 ? l->point : WR_MAX_INFERRED + 1);
}

static void infer(struct wr_inferred *x)
{
    x->n_points = 0;
    for (unsigned i = 0; i < x->looks->len; i++) {
        at_index(x, i)->parent = i;
        at_index(x, i)->point = 0;
    }
    for (unsigned i = 0; i < x->n_pairs; i++)
        x->pairs[i].accepted = is_systematic(x, &x->pairs[i]);
    for (unsigned i = 0; i < x->n_pairs; i++)
        for (unsigned j = 0; j < i; j++)
            if (x->pairs[i].accepted && x->pairs[j].accepted) {
                join_links(x, &x->pairs[i], &x->pairs[j]);
                join_directions(x, &x->pairs[i], &x->pairs[j]);
            }
    for (unsigned i = 0; i < x->n_pairs; i++) /* of one point by the others' account: it says nothing */
        if (root_of(x, x->pairs[i].look[0]) == root_of(x, x->pairs[i].look[1]))
            x->pairs[i].accepted = false;
    for (unsigned i = 0; i < x->n_pairs; i++)
        if (x->pairs[i].accepted)
            compare_points(x, &x->pairs[i]);
    if (x->point_of != NULL)
        wr_index_free(x->point_of);
    x->point_of = wr_index_new();
    for (unsigned i = 0; i < x->looks->len; i++)
        learn_place(x, at_index(x, i));
}

void wr_inferred_settle(wr_engine *e)
{
    struct wr_inferred *x = e->inferred;

    if (x == NULL || !x->changed)
        return;
    x->changed = false;
    infer(x);
}

/* ---- what is asked ---- */

unsigned wr_inferred_points(const wr_engine *e)
{
    return e->inferred != NULL ? e->inferred->n_points : 0;
}

wr_inferred_point wr_inferred_point_of(const wr_engine *e, unsigned number)
{
    const point *p = &e->inferred->points[number];
    wr_inferred_point told = p->told;

    if (p->by_second) { /* this one by the other */
        told.clock.offset_us = -told.clock.offset_us;
        told.clock.drift = -told.clock.drift;
    }
    return told;
}

unsigned wr_inferred_of_look(const wr_engine *e, unsigned number)
{
    const look *l;
    unsigned known;

    if (number == 0 || wr_inferred_points(e) == 0)
        return 0;
    l = at_index(e->inferred, number - 1);
    if (l->point != 0)
        return l->point;
    known = wr_index_number(e->inferred->point_of, place_key(l));
    return known <= WR_MAX_INFERRED ? known : 0;
}

int64_t wr_inferred_time(const wr_engine *e, unsigned number, int64_t us)
{
    while (number != 0 && e->inferred->points[number].told.by != 0) {
        const point *p = &e->inferred->points[number];
        us = p->by_second ? wr_clock_to_second(&p->told.clock, us) : wr_clock_to_first(&p->told.clock, us);
        number = p->told.by;
    }
    return us;
}

static unsigned measure_of(const wr_engine *e, unsigned number)
{
    while (number != 0 && e->inferred->points[number].told.by != 0)
        number = e->inferred->points[number].told.by;
    return number;
}

bool wr_inferred_can_order(const wr_engine *e, unsigned a, unsigned b)
{
    return a != 0 && b != 0 && measure_of(e, a) == measure_of(e, b);
}
