/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings about descriptions rest on texts that anybody who reads the call's signalling could have put beside the true
 * ones. Where another description takes back what a finding says, or no check of the call bears the description out, it
 * is a note, and says so (rules 2.10).
 */
#include "check.h"

#include <string.h>

/* What the text of descriptions alone shows. Which of the verdict's pairings count is weighed before. */
static bool is_of_text(const wr_finding *f)
{
    static const char *const bases[] = {WR_BASIS_DESCRIPTION, WR_BASIS_PAIR, WR_BASIS_VERSIONS, WR_BASIS_COPIES,
                                        WR_BASIS_SESSIONS};

    if (f->severity < WR_WARN || f->basis == NULL || g_str_has_prefix(f->check, "SUBST"))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++)
        if (strcmp(f->basis, bases[i]) == 0)
            return true;
    return false;
}

typedef struct {
    wr_engine *e;
    const wr_finding *finding;
    unsigned first; /* findings of its session begin here */
    bool other;     /* asked of the second frame that it rests on */
} question;

static bool rests_on(const wr_finding *f, uint32_t frame, bool other)
{
    return other ? f->other_frame == frame : wr_finding_is_at(f, frame);
}

/* The same is found of this copy. */
static bool says_it(const wr_copy *c, gpointer user)
{
    const question *q = user;

    for (unsigned i = q->first; i < q->e->findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(q->e->findings, i);
        if (f->session == q->finding->session && strcmp(f->check, q->finding->check) == 0 &&
            rests_on(f, c->frame, q->other))
            return true;
    }
    return false;
}

/* Why what is found of this copy is no more than a claim; NULL where it is more. g_free. */
static char *doubt(const question *q, const wr_session *s, const wr_copy *c)
{
    const wr_copy *other;

    if (c->doubted != 0)
        return g_strdup_printf("Bytes of the connection that the description in frame %u came in were sent again with "
                               "different content in frame %u, and that is not read: which of them the receiver took "
                               "does not show",
                               c->frame, c->doubted);
    if (c->unsent != 0)
        return g_strdup_printf("The description in frame %u came in bytes that its connection goes on without (frame "
                               "%u): anybody can have sent it",
                               c->frame, c->unsent);
    if (wr_copy_is_of_strangers(s, c) && !wr_copy_is_stated(c))
        return g_strdup_printf("The description in frame %u travelled between hosts that no flow of the call is tied "
                               "to: anybody can have sent it",
                               c->frame);
    if (wr_copy_is_without_password(q->e, c))
        return g_strdup_printf("The description in frame %u, or the other half of its exchange, gives user names of "
                               "another call, and no password: anybody who saw that call's checks can have sent it",
                               c->frame);
    if (s->tied && wr_copy_is_misplaced(s, c))
        return g_strdup_printf("The description in frame %u is of one party, and was seen at the other's end in its "
                               "place: anybody who read it can have sent it",
                               c->frame);
    other = wr_copy_contradiction(s, c, says_it, (gpointer)q);
    if (other != NULL)
        return g_strdup_printf(
            "The description in frame %u does not have that, and nothing proves that the one in frame %u "
            "is the party's: anybody who read the one can have sent the other",
            other->frame, c->frame);
    if (s->tied && !wr_copy_is_borne_out(s, c))
        return g_strdup_printf("No connectivity check bears out the description in frame %u, and checks of the call "
                               "do others: anybody can have sent it",
                               c->frame);
    return NULL;
}

/* Of all copies that the finding was made at: one that is sound is enough. */
static char *doubt_of_all(const question *q, const wr_session *s)
{
    char *why = NULL;

    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        char *more;
        if (!rests_on(q->finding, c->frame, q->other))
            continue;
        more = doubt(q, s, c);
        if (more == NULL || why != NULL)
            g_free(more);
        if (more == NULL) {
            g_free(why);
            return NULL;
        }
        if (why == NULL)
            why = more;
    }
    return why;
}

void wr_findings_weigh(wr_engine *e, const wr_session *s, unsigned first)
{
    const unsigned n = e->findings->len - first;
    char **why = g_new0(char *, n + 1);

    for (unsigned i = 0; i < n; i++) {
        question q = {e, g_ptr_array_index(e->findings, first + i), first, false};
        if (!is_of_text(q.finding))
            continue;
        why[i] = doubt_of_all(&q, s);
        q.other = true;
        if (why[i] == NULL && q.finding->other_frame != 0)
            why[i] = doubt_of_all(&q, s);
    }
    for (unsigned i = 0; i < n; i++) {
        if (why[i] != NULL)
            wr_finding_lower(g_ptr_array_index(e->findings, first + i), "%s", why[i]);
        g_free(why[i]);
    }
    g_free(why);
}
