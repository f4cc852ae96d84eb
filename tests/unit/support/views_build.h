/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions told before and after a handshake was answered, for tests of which of them is in force. */
#ifndef VIEWS_BUILD_H
#define VIEWS_BUILD_H

#include "records_build.h"

#include "relations/relations.h"

#define HELLO_FRAME 100
#define HELLO_US    (INT64_C(1700000000) * S + 100 * S)

/* A handshake of Bob, the client, with Alice, answered in frame 100. */
static inline wr_association *answered(desk_t *d)
{
    wr_association *a = handshake_of(d, NULL, WR_A_VERIFIED);

    a->server_hello = HELLO_FRAME;
    a->server_hello_us = HELLO_US;
    return a;
}

static inline void settle(desk_t *d, const wr_association *a, wr_bound *b)
{
    const wr_endpoint ends[1][2] = {{a->side[0].end, a->side[1].end}};

    wr_views_settle(d->c.e, a, b, ends, 1);
}

/* Alice's offer with its own fingerprint and version, so that it is another copy each time; side 1 is hers. */
static inline wr_copy *offered(desk_t *d, unsigned n)
{
    char version[8];
    text_t t = offer_text();

    g_snprintf(version, sizeof version, "%u", n + 1);
    t.version = version;
    t.fingerprint = sha256_of(n);
    return say(&d->c, OFFERED, &t);
}

/* When a description is told, and what is known of it. */
typedef struct {
    int64_t seconds; /* after the ServerHello, by the clock */
    bool frame_after, echo, withdrawn, answer;
    unsigned n_answers;
} told_t;

static inline void lay(wr_copy *c, const told_t *t)
{
    c->time_us = HELLO_US + t->seconds * S;
    c->frame = t->frame_after ? HELLO_FRAME + 1 : HELLO_FRAME;
    c->echo = t->echo;
    c->withdrawn = t->withdrawn;
    c->n_answers = t->n_answers;
    if (t->answer)
        c->kind = WR_KIND_ANSWER;
}

/* ---- two of one party ---- */

/* Two descriptions of Alice on this leg of hers, both before the handshake was answered: o is the older one, and both
 * are offers of one version that differ in their fingerprint. */
typedef struct {
    desk_t d;
    wr_association *a;
    wr_copy *c, *o;
    wr_bound b;
} pair_t;

static inline pair_t pair_of(const text_t *other)
{
    pair_t p = {.d = desk_begin(NULL), .b = {.grade = WR_B0}};
    text_t t = offer_text();

    p.a = answered(&p.d);
    t.fingerprint = sha256_of(1);
    p.c = say(&p.d.c, OFFERED, &t);
    p.o = say(&p.d.c, OFFERED, other);
    lay(p.c, &(told_t){.seconds = -5});
    lay(p.o, &(told_t){.seconds = -9});
    return p;
}

static inline void settle_pair(pair_t *p, bool o_first)
{
    wr_view_add(&p->b, o_first ? p->o : p->c, 1, "AAAA");
    wr_view_add(&p->b, o_first ? p->c : p->o, 1, "AAAA");
    settle(&p->d, p->a, &p->b);
}

static inline void pair_end(pair_t *p)
{
    p->c->partner = p->o->partner = NULL;
    g_free(p->b.views);
    desk_end(&p->d);
}

static inline text_t other_text(void)
{
    text_t t = offer_text();

    t.fingerprint = sha256_of(2);
    return t;
}

#endif
