/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call has one verdict, the first that applies (rules 1.3). What else would be said of it, were it not for that one,
 * stands beside it: the worse of two true things is said first, and the other is not lost.
 */
#include "verdict/verdict.h"

static void add(wr_session *s, wr_session_verdict v)
{
    for (unsigned i = 0; i < s->n_also; i++)
        if (s->also[i] == v)
            return;
    if (v != s->verdict && s->n_also < WR_MAX_ALSO)
        s->also[s->n_also++] = (uint8_t)v;
}

static bool is_good(const wr_session *s)
{
    return s->verdict == WR_S_VERIFIED_CROSS || s->verdict == WR_S_VERIFIED_LEG ||
           s->verdict == WR_S_TERMINATED_BY_DECLARED || s->verdict == WR_S_TERMINATED_UNDECLARED;
}

/* A mismatch and a re-authored copy are what a substitution looks like on one path: they are said with it. */
void wr_session_list_hidden(wr_session *s, const wr_facts *f)
{
    s->n_also = 0;
    if (f->keys_in_signalling)
        add(s, WR_S_KEYS_IN_SIGNALLING);
    if (wr_facts_in_clear(f))
        add(s, WR_S_UNENCRYPTED);
    if (wr_facts_altered(f))
        add(s, wr_facts_substitution(f));
    if (f->unexpected != NULL)
        add(s, WR_S_FOREIGN_CERTIFICATE);
    if (f->mismatch != NULL && f->unexplained == NULL && !wr_facts_altered(f))
        add(s, WR_S_MISMATCH);
    if (f->unexplained != NULL || wr_facts_contested(f) || f->disputed > 0)
        add(s, WR_S_CONTESTED);
    if (f->rekeyed != NULL && !wr_facts_altered(f))
        add(s, f->declared ? WR_S_TERMINATED_BY_DECLARED : WR_S_RE_KEYED);
    if (is_good(s) && wr_facts_unjudged(f))
        add(s, WR_S_UNVERIFIABLE);
    if (is_good(s) && f->count[WR_A_RESUMED_LINKED] + f->count[WR_A_RESUMED_UNLINKED] > 0)
        add(s, WR_S_RESUMED);
}
