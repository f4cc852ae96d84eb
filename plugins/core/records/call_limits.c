/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which calls a bound touched: what was given up for it may be theirs, and their records say so. */
#include "records/call_limits.h"
#include "records/store.h"

#include <string.h>

#define MARKS_MAX 1024u /* flows and copies that are remembered; the bound itself is named in any case */
#define RECENT    16u   /* of them, that are looked through for the same: a flood reaches one bound again and again */

struct wr_limit_mark {
    const char *name;
    const wr_flow *flow; /* one of both */
    const wr_copy *copy;
};

static void mark(wr_engine *e, const wr_limit_mark *x)
{
    wr_limit_reached(e, x->name);
    for (unsigned i = 0; i < e->limit_marks->len && i < RECENT; i++) {
        const wr_limit_mark *o = &g_array_index(e->limit_marks, wr_limit_mark, e->limit_marks->len - 1 - i);
        if (o->name == x->name && o->flow == x->flow && o->copy == x->copy)
            return;
    }
    if (e->limit_marks->len < MARKS_MAX)
        g_array_append_val(e->limit_marks, *x);
}

GArray *wr_limit_marks_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(wr_limit_mark));
}

void wr_limit_of_flow(wr_engine *e, const char *name, const wr_flow *f)
{
    mark(e, &(wr_limit_mark){.name = name, .flow = f});
}

void wr_limit_of_copy(wr_engine *e, const char *name, const wr_copy *c)
{
    mark(e, &(wr_limit_mark){.name = name, .copy = c});
}

static unsigned add(const char *out[WR_MAX_CALL_LIMITS], unsigned n, const char *name)
{
    for (unsigned i = 0; i < n; i++)
        if (strcmp(out[i], name) == 0)
            return n;
    if (n < WR_MAX_CALL_LIMITS)
        out[n++] = name;
    return n;
}

static bool has_more_parts(const wr_copy *c)
{
    for (unsigned i = 0; i < c->sdp->n_problems; i++)
        if (c->sdp->problems[i].kind == WR_SDP_PROBLEM_LIMIT)
            return true;
    return false;
}

unsigned wr_session_limits(const wr_engine *e, const wr_session *s, const char *out[WR_MAX_CALL_LIMITS])
{
    unsigned n = 0;

    for (unsigned i = 0; i < e->limit_marks->len; i++) {
        const wr_limit_mark *x = &g_array_index(e->limit_marks, wr_limit_mark, i);
        const unsigned number =
            x->flow != NULL ? wr_flow_session_number(e, x->flow) : wr_copy_session_number(e, x->copy);
        if (number == s->number)
            n = add(out, n, x->name);
    }
    for (unsigned i = 0; i < s->copies->len; i++)
        if (has_more_parts(g_ptr_array_index(s->copies, i)))
            return add(out, n, WR_LIMIT_SDP_PARTS);
    return n;
}
