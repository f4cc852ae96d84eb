/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of one TCP sequence that were sent twice with different content (RFC 9293 3.4): which of the two a receiver
 * took does not show, so what is read of the one says no more than the other would. Where both are read, both are
 * descriptions of their leg; where the second is not, the first is doubted. What lies far outside of the sequence that
 * was seen so far no receiver takes at all (RFC 9293 3.10.7.4). So is doubted what was read ahead of a description that
 * came late, and that was not read. What its own connection goes on without, on both sides, is bare.
 */
#include "learn.h"

#include "records/injection.h"

#include <string.h>

#define LOOK_BACK 64              /* descriptions that a segment can hold, or that came before it is said again */
#define WAIT_US   (2 * WR_SECOND) /* a message whose bytes were said twice is whole by then */

/* What is put together of what two vantage points saw, neither of them did. */
static void doubt(const wr_engine *e, wr_copy *c)
{
    c->doubted = e->said_twice.frame;
    c->between = e->said_twice.between && c->point == e->said_twice.other_point;
}

void wr_bytes_said_twice(wr_engine *e, const wr_remark *r)
{
    const wr_copy *doubted = NULL;

    e->said_twice.connection = r->connection;
    e->said_twice.frame = r->at.frame;
    e->said_twice.time_us = r->at.time_us;
    e->said_twice.src = r->at.src;
    e->said_twice.outside = r->other_frame == 0;
    e->said_twice.between = r->between;
    e->said_twice.other_point = r->other_point;

    for (unsigned i = 0; r->other_frame != 0 && i < e->copies->len && i < LOOK_BACK; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, e->copies->len - 1 - i);
        if (wr_copy_is_stated(c))
            continue;
        if (c->frame < r->other_frame)
            break;
        if (c->connection != r->connection || !wr_endpoint_equal(&c->src, &r->at.src))
            continue;
        if (c->doubted == 0)
            doubt(e, c);
        doubted = c;
    }
    e->said_twice.waits = doubted == NULL && r->other_frame != 0;
    wr_injection_add_bytes(e, r, doubted);
}

void wr_bytes_unsent(wr_engine *e, const wr_remark *r)
{
    for (unsigned i = 0; i < e->copies->len && i < LOOK_BACK; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, e->copies->len - 1 - i);
        if (wr_copy_is_stated(c))
            continue;
        if (c->frame < r->other_frame)
            break;
        if (c->frame != r->other_frame || c->connection != r->connection)
            continue;
        c->unsent = r->acknowledged ? 0 : r->at.frame;
        if (c->unsent != 0)
            wr_injection_add_unsent(e, r, c);
    }
}

static bool names(const wr_transport *t, const wr_fingerprint *f)
{
    for (unsigned i = 0; i < t->n_fingerprints; i++)
        if (t->fingerprints[i].hash == f->hash && t->fingerprints[i].length == f->length &&
            memcmp(t->fingerprints[i].value, f->value, f->length) == 0)
            return true;
    return false;
}

static bool is_named(const wr_sdp *sdp, const wr_fingerprint *f)
{
    bool found = names(&sdp->session, f);

    for (unsigned i = 0; !found && i < sdp->n_sections; i++)
        found = names(&sdp->sections[i].own, f);
    return found;
}

void wr_description_unread(wr_engine *e, const wr_remark *r)
{
    wr_fingerprint f;

    wr_fingerprint_parse(r->what, strlen(r->what), &f);
    for (unsigned i = 0; r->ufrag != NULL && f.usable && i < e->copies->len && i < LOOK_BACK; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, e->copies->len - 1 - i);
        if (wr_copy_is_stated(c))
            continue;
        if (c->frame < r->other_frame)
            break;
        if (c->connection == r->connection && wr_endpoint_equal(&c->src, &r->at.src) && c->doubted == 0 &&
            wr_copy_has_ufrag(c, r->ufrag) && !is_named(c->sdp, &f))
            c->doubted = r->at.frame;
    }
}

bool wr_description_is_outside(const wr_engine *e, const wr_description *d)
{
    return e->said_twice.outside && d->at.frame == e->said_twice.frame && d->witness == NULL &&
           d->context.connection == e->said_twice.connection;
}

/* The second content of what was doubted, in the frame that doubted it, or whole some segments later. */
static bool is_other_content(const wr_copy *o, const wr_copy *c)
{
    return o != c && o->leg == c->leg && o->doubted != 0 &&
           (o->doubted == c->frame || (o->doubted < c->frame && wr_sdp_same_version(o->sdp, c->sdp)));
}

void wr_copy_settle_doubts(wr_engine *e, wr_copy *c)
{
    if (c->connection != e->said_twice.connection || !wr_endpoint_equal(&c->src, &e->said_twice.src) ||
        e->said_twice.outside)
        return;
    if (c->frame == e->said_twice.frame || c->time_us - e->said_twice.time_us <= WAIT_US) {
        for (unsigned i = 0; i < e->copies->len && i < LOOK_BACK; i++) {
            wr_copy *o = g_ptr_array_index(e->copies, e->copies->len - 1 - i);
            if (!is_other_content(o, c))
                continue;
            o->doubted = 0;
            o->said_twice = c->said_twice = true;
            c->between = o->between;
        }
        if (e->said_twice.waits && !c->said_twice && c->frame != e->said_twice.frame) /* its message is whole now */
            doubt(e, c);
    }
    e->said_twice.waits = false;
}
