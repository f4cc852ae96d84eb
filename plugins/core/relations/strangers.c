/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which copies of a description bear witness. A copy between strangers was told to nobody: where the flows of the call
 * are seen, a leg counts when it is tied to one of their ends, or when it showed the description before any leg that is
 * tied, as the leg of the author must. What comes after anybody can have copied; where it contradicts, its leg is a
 * stranger's, and a finding says so. Where no flow is seen, signalling alone shows what it shows.
 */
#include "relations/relations.h"
#include "sdp/compare.h"

/* Two points' clocks, once brought together, agree as well as this. */
#define CLOCK_US (WR_SECOND / 20)

wr_tie wr_leg_tie_in(const wr_session *s, const wr_leg *leg, int *own)
{
    wr_tie best = WR_TIE_NONE;

    leg = wr_leg_root((wr_leg *)leg);
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (unsigned j = 0; j < a->n_ties; j++) {
            if (wr_leg_root((wr_leg *)a->ties[j].leg) != leg || (wr_tie)a->ties[j].tie <= best)
                continue;
            best = (wr_tie)a->ties[j].tie;
            if (own != NULL)
                *own = a->ties[j].own;
        }
    }
    return best;
}

bool wr_session_has_ties(const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++)
        if (((const wr_association *)g_ptr_array_index(s->associations, i))->n_ties > 0)
            return true;
    return false;
}

/* Seen later, by one clock; where two points have no clock in common the order is not known. */
static bool is_later(const wr_engine *e, const wr_copy *c, const wr_copy *than)
{
    if (c->point == than->point)
        return c->frame > than->frame;
    return wr_clock_can_order(e, c->point, than->point) &&
           wr_clock_time(e, c->point, c->time_us) > wr_clock_time(e, than->point, than->time_us) + CLOCK_US;
}

static bool is_of_leg(gconstpointer copy, const wr_leg *leg)
{
    return wr_leg_root(((const wr_copy *)copy)->leg) == leg;
}

/* This leg emitted a description before a tied one delivered it, in whatever form: its client is who wrote it, or
 * stands between. */
static bool spoke_first(const wr_engine *e, const wr_session *s, const wr_leg *leg)
{
    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        for (int k = 0; k < 2; k++) {
            const wr_copy *c = k == 0 ? p->first : p->second, *o = k == 0 ? p->second : p->first;
            if (is_of_leg(c, leg) && c->direction != WR_DIRECTION_DELIVERED && o->direction != WR_DIRECTION_EMITTED &&
                wr_leg_tie_in(s, o->leg, NULL) > WR_TIE_NONE && !is_later(e, c, o))
                return true;
        }
    }
    return false;
}

/* The copy of this pairing whose leg nothing ties to the flows, though the other's is, and which shows nothing that was
 * not shown there before; NULL for none. */
static wr_copy *stranger(const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    const bool tied[2] = {wr_leg_tie_in(s, p->first->leg, NULL) > WR_TIE_NONE,
                          wr_leg_tie_in(s, p->second->leg, NULL) > WR_TIE_NONE};
    wr_copy *c = tied[0] ? p->second : p->first;

    if (tied[0] == tied[1] || wr_copy_is_stated(c)) /* no packet can put a file beside the capture */
        return NULL;
    if (c->direction != WR_DIRECTION_DELIVERED && !is_later(e, c, tied[0] ? p->first : p->second))
        return NULL;
    return spoke_first(e, s, wr_leg_root(c->leg)) ? NULL : c;
}

static bool contradicts(const wr_pairing *p)
{
    return p->sameness != WR_SAME_S0 && (p->sameness != WR_SAME_S1 || p->fingerprints != WR_FPS_EQUAL);
}

static void drop_leg(wr_session *s, const wr_leg *leg)
{
    for (unsigned i = s->pairings->len; i-- > 0;) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (is_of_leg(p->first, leg) || is_of_leg(p->second, leg))
            g_ptr_array_remove_index(s->pairings, i);
    }
    for (unsigned i = s->copies->len; i-- > 0;)
        if (is_of_leg(g_ptr_array_index(s->copies, i), leg))
            g_ptr_array_remove_index(s->copies, i);
}

void wr_session_drop_strangers(wr_engine *e, wr_session *s)
{
    GPtrArray *legs;

    if (!wr_session_has_ties(s) || s->pairings->len == 0)
        return;
    legs = g_ptr_array_new();
    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        const wr_copy *c = stranger(e, s, p);
        if (c == NULL || !contradicts(p))
            continue;
        wr_injection_add(e, WR_INJECTED_COPY, c->frame, c == p->first ? p->second->frame : p->first->frame, NULL, c);
        if (!g_ptr_array_find(legs, wr_leg_root(c->leg), NULL))
            g_ptr_array_add(legs, wr_leg_root(c->leg));
    }
    for (unsigned i = 0; i < legs->len; i++)
        drop_leg(s, g_ptr_array_index(legs, i));
    g_ptr_array_free(legs, TRUE);
}

bool wr_pairing_counts(const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    if (!wr_session_has_ties(s))
        return true;
    for (int k = 0; k < 2; k++) {
        const wr_leg *leg = wr_leg_root((k == 0 ? p->first : p->second)->leg),
                     *other = wr_leg_root((k == 0 ? p->second : p->first)->leg);
        if (wr_leg_tie_in(s, leg, NULL) == WR_TIE_NONE && wr_leg_tie_in(s, other, NULL) == WR_TIE_NONE &&
            !spoke_first(e, s, leg))
            return false;
    }
    return stranger(e, s, p) == NULL;
}
