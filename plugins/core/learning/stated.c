/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes in what testimonies say. They come after what was seen, so that no bound is reached on their account first; and
 * their times are brought to the capture's clock by checks with the passwords that they name: a check cannot come
 * before its description.
 */
#include "learn.h"

#include "statements/testimony.h"

#include <string.h>

/* ---- descriptions ---- */

static void name_leg(wr_engine *e, wr_leg *leg)
{
    const wr_testimony *t = leg->witness;
    wr_endpoint at;

    if (t->whose == NULL)
        return;
    if (wr_endpoint_from_text(t->whose, 0, &at)) {
        if (!wr_endpoint_known(&leg->client))
            leg->client = at;
    } else if (leg->party == NULL) {
        leg->party = wr_intern(e, t->whose);
    }
}

static void take(wr_engine *e, const wr_witness *w, const wr_told *told)
{
    wr_description d = {.at = {.time_us = told->time_us != 0 ? told->time_us - w->offset_us : 0,
                               .src = wr_endpoint_none(),
                               .dst = wr_endpoint_none()},
                        .context = told->context,
                        .sdp = told->sdp,
                        .witness = w->testimony,
                        .witness_leg = told->leg};
    wr_copy *c;

    if (told->sdp == NULL && told->context.kind == WR_KIND_UNKNOWN)
        return;
    d.at.frame = wr_stated_frame_new(e, w->testimony, told->number, told->time_us);
    if (d.at.frame == 0) {
        wr_limit_reached(e, "statements from files");
        return;
    }
    c = wr_engine_add_description(e, &d);
    if (c == NULL)
        return;
    if (c->frame == d.at.frame)
        g_array_index(e->stated, struct wr_stated, d.at.frame - WR_STATED_FRAME).copy = c;
    name_leg(e, c->leg);
}

/* The address that the witness's statistics give for his own end is his, also where he hid it from the other party. */
static void take_address(wr_engine *e, const wr_statement *s)
{
    wr_bucket own;

    if (s->local_ufrag == NULL || !wr_endpoint_known(&s->local_address))
        return;
    own = wr_index_find(e->by_ufrag, wr_key_text(s->local_ufrag));
    for (unsigned i = 0; i < own.len && i < WR_MAX_BUCKET; i++) {
        wr_copy *c = ((wr_credential *)own.members[i])->copy;
        if (c->leg->witness == s->source && c->direction == WR_DIRECTION_EMITTED &&
            wr_copy_has_ufrag(c, s->local_ufrag))
            wr_copy_add_address(e, c, &s->local_address, false);
    }
}

static void take_all(wr_engine *e)
{
    for (unsigned i = 0; i < e->options.n_testimonies; i++) {
        const wr_testimony *t = e->options.testimonies[i];
        const wr_witness w = {.testimony = t, .offset_us = t->offset_us};
        g_array_append_val(e->witnesses, w);
        for (unsigned j = 0; j < t->told->len; j++)
            take(e, &w, g_ptr_array_index(t->told, j));
        for (unsigned j = 0; j < t->statements->len; j++)
            take_address(e, g_ptr_array_index(t->statements, j));
    }
    e->changed = true;
}

/* ---- clocks ---- */

/* The first check whose password was this description's and whose sender's name was its counterpart's: passwords of
 * servers may serve for many calls, the two names together are one's. */
static const wr_check *first_check(const wr_engine *e, const wr_copy *c)
{
    const wr_check *first = NULL;

    for (unsigned i = 0; c->partner != NULL && i < c->credentials.len; i++) {
        const wr_credential *k = wr_list_at(&c->credentials, i);
        unsigned n = 0;
        for (const wr_check *x = wr_index_get(e->waiting, wr_key_text(k->ufrag)); x != NULL && n < 1024;
             x = x->next_waiting, n++)
            if (x->request_valid && g_strcmp0(x->password, k->password) == 0 &&
                wr_copy_has_ufrag(c->partner, x->local_ufrag) && (first == NULL || x->first_us < first->first_us))
                first = x;
    }
    return first;
}

static void align(wr_engine *e, wr_witness *w)
{
    int64_t least = INT64_MAX, ahead;

    for (unsigned i = 0; i < e->stated->len; i++) {
        struct wr_stated *s = &g_array_index(e->stated, struct wr_stated, i);
        const wr_check *k = s->testimony == w->testimony && s->copy != NULL ? first_check(e, s->copy) : NULL;
        if (k == NULL)
            continue;
        if (s->time_us != 0)
            least = MIN(least, k->first_us - (s->time_us - w->testimony->offset_us));
        else
            s->copy->time_us = k->first_us;
    }
    w->aligned = least != INT64_MAX;
    ahead = w->aligned && (least < 0 || least > WR_STATED_LAG_US) ? -least : 0;
    w->offset_us = w->testimony->offset_us + ahead;
    for (unsigned i = 0; i < e->stated->len; i++) {
        struct wr_stated *s = &g_array_index(e->stated, struct wr_stated, i);
        if (s->testimony == w->testimony && s->copy != NULL && s->time_us != 0)
            s->copy->time_us = s->time_us - w->offset_us;
    }
}

void wr_engine_take_statements(wr_engine *e)
{
    if (e->options.n_testimonies == 0)
        return;
    if (!e->stated_taken)
        take_all(e);
    e->stated_taken = true;
    for (unsigned i = 0; i < e->witnesses->len; i++)
        align(e, &g_array_index(e->witnesses, wr_witness, i));
}
