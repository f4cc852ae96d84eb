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

static bool is_altered(const wr_facts *f)
{
    return f->substituted[0] != NULL || f->substituted[1] != NULL;
}

static bool contradicts_itself(const wr_facts *f)
{
    return f->unexplained != NULL || f->count[WR_A_CONTESTED] > 0 || f->claimed != NULL || f->keys_claimed[0] != NULL;
}

static bool has_unjudged(const wr_facts *f)
{
    return f->unverifiable + f->stray > 0 ||
           f->count[WR_A_NO_SIGNALLING] + f->count[WR_A_CERT_CONFLICT] + f->count[WR_A_UNAUTHENTICATED] > 0;
}

/* A mismatch and a re-authored copy are what a substitution looks like on one path: they are said with it. */
void wr_session_list_hidden(wr_session *s, const wr_facts *f)
{
    s->n_also = 0;
    if (f->keys_in_signalling)
        add(s, WR_S_KEYS_IN_SIGNALLING);
    if (f->clear != NULL || f->count[WR_A_UNENCRYPTED] > 0 || f->count[WR_A_NULL_PROFILE] > 0)
        add(s, WR_S_UNENCRYPTED);
    if (is_altered(f))
        add(s, wr_facts_substitution(f));
    if (f->unexpected != NULL)
        add(s, WR_S_FOREIGN_CERTIFICATE);
    if (f->mismatch != NULL && f->unexplained == NULL && !is_altered(f))
        add(s, WR_S_MISMATCH);
    if (contradicts_itself(f))
        add(s, WR_S_CONTESTED);
    if (f->rekeyed != NULL && !is_altered(f))
        add(s, f->declared ? WR_S_TERMINATED_BY_DECLARED : WR_S_RE_KEYED);
    if (is_good(s) && has_unjudged(f))
        add(s, WR_S_UNVERIFIABLE);
    if (is_good(s) && f->count[WR_A_RESUMED_LINKED] + f->count[WR_A_RESUMED_UNLINKED] > 0)
        add(s, WR_S_RESUMED);
}
