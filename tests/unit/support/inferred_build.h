/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets that come once and twice, for tests of vantage points that are inferred from that. */
#ifndef INFERRED_BUILD_H
#define INFERRED_BUILD_H

#include "checks_build.h"

#include "records/inferred.h"
#include "records/store.h"

#define NEAR 1u /* links */
#define FAR  2u

static inline wr_place placed(const char *src, const char *dst, uint32_t link, uint32_t frame, uint16_t interface)
{
    wr_place p;

    memset(&p, 0, sizeof p);
    p.frame = frame;
    p.src = at(src, 5000);
    p.dst = at(dst, 6000);
    p.link = link;
    p.point = interface;
    return p;
}

static inline unsigned looks(call_t *c, const char *src, const char *dst, uint8_t ttl, uint32_t link)
{
    const wr_place p = placed(src, dst, link, ++c->frame, 0);
    unsigned look;

    wr_engine_add_hops(c->e, &p, ttl);
    look = wr_look_of(c->e, &p);
    wr_look_seen(c->e, look);
    return look;
}

/* Packets of one host that come twice: first as it says first, and so much later as it says second. */
typedef struct {
    const char *src, *dst;
    uint8_t ttl[2];
    uint32_t link[2];
    int64_t later_ms;
} doubled;

static inline void come(call_t *c, const doubled *d, unsigned n, unsigned once)
{
    for (unsigned i = 0; i < n + once; i++) {
        const unsigned first = looks(c, d->src, d->dst, d->ttl[0], d->link[0]);
        c->us += 100 * MS;
        if (i < n)
            wr_look_twice(c->e, first, c->us, looks(c, d->src, d->dst, d->ttl[1], d->link[1]),
                          c->us + d->later_ms * MS);
    }
}

static inline unsigned points(call_t *c)
{
    wr_inferred_settle(c->e);
    return wr_inferred_points(c->e);
}

/* Which point, by number, shows packets of this look. */
static inline unsigned shown(call_t *c, const char *src, const char *dst, uint8_t ttl, uint32_t link)
{
    return wr_inferred_of_look(c->e, looks(c, src, dst, ttl, link));
}

#endif
