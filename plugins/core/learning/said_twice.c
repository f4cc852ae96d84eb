/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of one TCP sequence that were sent twice with different content (RFC 9293 3.4): which of the two a receiver
 * took does not show, so what is read of the one says no more than the other would. Where both are read, both are
 * descriptions of their leg; where the second is not, the first is doubted. What lies far outside of the sequence that
 * was seen so far no receiver takes at all (RFC 9293 3.10.7.4).
 */
#include "learn.h"

#include "records/injection.h"

#define LOOK_BACK 64              /* descriptions that a segment can hold, or that came before it is said again */
#define WAIT_US   (2 * WR_SECOND) /* a message whose bytes were said twice is whole by then */

void wr_bytes_said_twice(wr_engine *e, const wr_remark *r)
{
    const wr_copy *doubted = NULL;

    for (unsigned i = 0; r->other_frame != 0 && i < e->copies->len && i < LOOK_BACK; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, e->copies->len - 1 - i);
        if (wr_copy_is_stated(c))
            continue;
        if (c->frame < r->other_frame)
            break;
        if (c->connection != r->connection || !wr_endpoint_equal(&c->src, &r->at.src))
            continue;
        if (c->doubted == 0)
            c->doubted = r->at.frame;
        doubted = c;
    }
    e->said_twice.connection = r->connection;
    e->said_twice.frame = r->at.frame;
    e->said_twice.time_us = r->at.time_us;
    e->said_twice.src = r->at.src;
    e->said_twice.outside = r->other_frame == 0;
    e->said_twice.waits = doubted == NULL && r->other_frame != 0;
    wr_injection_add_bytes(e, r, doubted);
}

bool wr_description_is_outside(const wr_engine *e, const wr_description *d)
{
    return e->said_twice.outside && d->at.frame == e->said_twice.frame && d->witness == NULL &&
           d->context.connection == e->said_twice.connection;
}

void wr_copy_settle_doubts(wr_engine *e, wr_copy *c)
{
    if (c->connection != e->said_twice.connection || !wr_endpoint_equal(&c->src, &e->said_twice.src) ||
        e->said_twice.outside)
        return;
    if (c->frame == e->said_twice.frame) { /* the second content is read as well */
        for (unsigned i = 0; i < e->copies->len && i < LOOK_BACK; i++) {
            wr_copy *o = g_ptr_array_index(e->copies, e->copies->len - 1 - i);
            if (o->doubted != c->frame || o->leg != c->leg)
                continue;
            o->doubted = 0;
            o->said_twice = c->said_twice = true;
        }
    } else if (e->said_twice.waits && c->time_us - e->said_twice.time_us <= WAIT_US) { /* its message is whole now */
        c->doubted = e->said_twice.frame;
    }
    e->said_twice.waits = false;
}
