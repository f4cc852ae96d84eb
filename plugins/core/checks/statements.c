/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files from outside the capture against one another, and against what was seen (WIT; rules 3.11). */
#include "check.h"

#include "base/digest.h"
#include "base/index.h"
#include "statements/testimony.h"

#define BASIS_WORD "the word of files"

/* ---- WIT-01 ---- */

/* One description, given or got by one party, and told with another certificate: one file against another of the same
 * party, or against its signalling. Given here and got there is SUBST-01's. */
static bool contradict(const wr_copy *a, const wr_copy *b)
{
    return a != b && a->direction == b->direction && a->direction != WR_DIRECTION_UNKNOWN &&
           a->leg->witness != b->leg->witness && wr_copies_same_class(a, b) &&
           wr_sdp_sameness(a->sdp, b->sdp) == WR_SAME_S1 &&
           wr_sdp_compare_fingerprints(a->sdp, b->sdp) == WR_FPS_DIFFERENT;
}

static void tell_contradiction(wr_engine *e, const wr_session *s, const wr_copy *a, const wr_copy *b)
{
    const wr_copy *first = a->number < b->number ? a : b, *second = first == a ? b : a;

    wr_finding_once(
        e, s, "WIT-01", WR_WARN, second->frame, first->frame, NULL, BASIS_WORD,
        "The %s that the client %s has another certificate fingerprint in frame %u than in frame %u: one of "
        "them is not what it says, or something between them changed it",
        wr_copy_word(first), first->direction == WR_DIRECTION_EMITTED ? "sent" : "was given", second->frame,
        first->frame);
}

static void check_same_side(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; e->witnesses->len > 0 && i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        for (unsigned j = 0; wr_copy_is_stated(c) && j < c->credentials.len; j++) {
            const wr_bucket same = wr_copies_with(e, wr_list_at(&c->credentials, j));
            for (unsigned n = 0; n < same.len && n < WR_MAX_BUCKET; n++)
                if (contradict(c, same.members[n]))
                    tell_contradiction(e, s, c, same.members[n]);
        }
    }
}

/* ---- WIT-04 (rules 3.11) ---- */

static bool is_between_witnesses(const wr_pairing *p)
{
    return p != NULL && wr_copy_is_stated(p->first) && wr_copy_is_stated(p->second) &&
           p->first->leg->witness != p->second->leg->witness;
}

static void check_agreement(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    if (is_between_witnesses(f->equal[0]) && is_between_witnesses(f->equal[1]) && f->substituted[0] == NULL &&
        f->substituted[1] == NULL)
        wr_finding_once(e, s, "WIT-04", WR_CHAT, f->equal[0]->first->frame, f->equal[1]->second->frame, NULL,
                        BASIS_WORD,
                        "Offer and answer have the same fingerprints where they were given and where they were got "
                        "(frames %u and %u, %u and %u): by the word of both parties nothing was substituted",
                        f->equal[0]->first->frame, f->equal[0]->second->frame, f->equal[1]->first->frame,
                        f->equal[1]->second->frame);
}

/* ---- WIT-02 ---- */

static char *names_of(const char *own, const char *other)
{
    return own != NULL && other != NULL ? g_strdup_printf("%s %s", own, other) : NULL;
}

static bool differ(const wr_certificate *a, const wr_certificate *b)
{
    return a != NULL && b != NULL && !wr_certificate_same(a, b);
}

/* The call that has this user name, if a description of it was told. */
static const wr_session *call_of(const wr_engine *e, const char *ufrag)
{
    wr_bucket bucket = wr_index_find(e->by_ufrag, wr_key_text(ufrag));

    if (bucket.len == 0)
        return NULL;
    return wr_engine_session(e, wr_copy_session_number(e, ((wr_credential *)bucket.members[0])->copy));
}

/* What one end says it was shown is not what the other says it presented. */
static void compare_ends(wr_engine *e, const wr_statement *a, const wr_statement *b)
{
    const wr_statement *ends[2] = {a, b};

    for (int i = 0; i < 2; i++) {
        const wr_statement *shown = ends[i], *own = ends[1 - i];
        char saw[WR_DIGEST_TEXT], had[WR_DIGEST_TEXT];
        if (!differ(shown->remote, own->local))
            continue;
        wr_finding_once(
            e, call_of(e, a->local_ufrag), "WIT-02", WR_ERROR, 0, 0, NULL, BASIS_WORD,
            "By %s the other party presented the certificate with SHA-256 %s, by %s it has the one with %s: "
            "somebody else ended the encryption between them (ICE user names %s and %s)",
            shown->source->name, wr_digest_format(shown->remote->sha256, WR_SHA256, saw), own->source->name,
            wr_digest_format(own->local->sha256, WR_SHA256, had), a->local_ufrag, b->local_ufrag);
    }
}

static void check_both_ends(wr_engine *e)
{
    GHashTable *known = g_hash_table_new_full(wr_text_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; i < e->options.n_testimonies; i++) {
        const wr_testimony *t = e->options.testimonies[i];
        for (unsigned j = 0; j < t->statements->len; j++) {
            const wr_statement *s = g_ptr_array_index(t->statements, j);
            char *own = names_of(s->local_ufrag, s->remote_ufrag), *its = names_of(s->remote_ufrag, s->local_ufrag);
            const wr_statement *other = its != NULL ? g_hash_table_lookup(known, its) : NULL;
            if (other != NULL)
                compare_ends(e, other, s);
            if (own != NULL)
                g_hash_table_insert(known, own, (gpointer)(uintptr_t)s);
            g_free(its);
        }
    }
    g_hash_table_destroy(known);
}

/* ---- WIT-03 ---- */

static void check_files(wr_engine *e)
{
    for (unsigned i = 0; i < e->witnesses->len; i++) {
        const wr_witness *w = &g_array_index(e->witnesses, wr_witness, i);
        const wr_testimony *t = w->testimony;
        if (t->problem != NULL)
            wr_finding_once(e, NULL, "WIT-03", WR_NOTE, 0, 0, NULL, BASIS_WORD, "%s: %s", t->name, t->problem);
        if (e->packets > 0 && w->used == 0 && w->transports_used == 0 && t->told->len + t->statements->len > 0)
            wr_finding_once(
                e, NULL, "WIT-03", WR_NOTE, 0, 0, NULL, BASIS_WORD,
                "%s: nothing that it says fits a call of this capture, by ICE credentials, certificates, or "
                "addresses and time",
                t->name);
    }
}

const wr_session_check *wr_checks_wit(void)
{
    static const wr_session_check checks[] = {check_same_side, check_agreement, NULL};
    return checks;
}

const wr_capture_check *wr_checks_witnesses(void)
{
    static const wr_capture_check checks[] = {check_both_ends, check_files, NULL};
    return checks;
}
