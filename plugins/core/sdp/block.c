/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kept description points to, in one block: a usual one has fifty strings and arrays, each of which would cost
 * what the allocator puts beside it, and sections repeat one another's credentials and fingerprints. Words that most
 * descriptions have are not in it at all.
 */
#include "base/index.h"
#include "parser.h"

#include "base/index.h"

static void clear_transport(wr_transport *t)
{
    g_free(t->fingerprints);
    g_free(t->ice_ufrag);
    g_free(t->ice_pwd);
    g_free(t->tls_id);
}

void wr_sdp_free_parts(wr_sdp *sdp)
{
    for (unsigned i = 0; i < sdp->n_sections; i++) {
        wr_sdp_section *section = &sdp->sections[i];
        g_free(section->media);
        g_free(section->proto);
        g_free(section->mid);
        clear_transport(&section->own);
    }
    for (unsigned i = 0; i < sdp->n_candidates; i++)
        wr_candidate_clear(&sdp->candidates[i]);
    clear_transport(&sdp->session);
    g_free(sdp->sections);
    g_free(sdp->candidates);
    g_free(sdp->problems);
    g_free(sdp->origin);
    g_free(sdp->cname);
    g_strfreev(sdp->bundle);
    g_free(sdp->bundle_sections);
    g_free(sdp->packed);
}

typedef struct {
    char *base;
    size_t used;
    GHashTable *strings; /* text -> place behind the arrays, + 1 */
    size_t text_len;
} block;

/* ---- strings ---- */

typedef void visit(block *b, char **text);

static void visit_transport(wr_transport *t, block *b, visit *what)
{
    what(b, &t->ice_ufrag);
    what(b, &t->ice_pwd);
    what(b, &t->tls_id);
}

/* All strings that there are. */
static void visit_strings(wr_sdp *sdp, block *b, visit *what)
{
    what(b, &sdp->origin);
    what(b, &sdp->cname);
    visit_transport(&sdp->session, b, what);
    for (unsigned i = 0; i < sdp->n_sections; i++) {
        wr_sdp_section *s = &sdp->sections[i];
        what(b, &s->media);
        what(b, &s->proto);
        what(b, &s->mid);
        visit_transport(&s->own, b, what);
    }
    for (unsigned i = 0; i < sdp->n_candidates; i++) {
        what(b, &sdp->candidates[i].hostname);
        what(b, &sdp->candidates[i].ufrag);
    }
    for (unsigned i = 0; sdp->bundle != NULL && sdp->bundle[i] != NULL; i++)
        what(b, &sdp->bundle[i]);
}

/* What sections are called and carried by: the same in nearly all of them. NULL for another word. */
static const char *usual_word(const char *text)
{
    static const char *const words[] = {"audio", "video", "application", "UDP/TLS/RTP/SAVPF", "UDP/DTLS/SCTP", "0",
                                        "1",     "2",     "data"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i], text) == 0)
            return words[i];
    return NULL;
}

static void count_string(block *b, char **text)
{
    if (*text != NULL && usual_word(*text) == NULL && g_hash_table_lookup(b->strings, *text) == NULL) {
        g_hash_table_insert(b->strings, *text, GSIZE_TO_POINTER(b->text_len + 1));
        b->text_len += strlen(*text) + 1;
    }
}

/* What the arrays take is known by then. */
static void move_string(block *b, char **text)
{
    const char *usual = *text != NULL ? usual_word(*text) : NULL;
    char *to;

    if (*text == NULL)
        return;
    if (usual != NULL) {
        *text = (char *)(uintptr_t)usual; /* nobody writes to what is folded, nor frees it but by the block */
        return;
    }
    to = b->base + b->used + GPOINTER_TO_SIZE(g_hash_table_lookup(b->strings, *text)) - 1;
    memcpy(to, *text, strlen(*text) + 1);
    *text = to;
}

/* ---- arrays ---- */

static size_t rounded(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

static void *take(block *b, const void *from, size_t n)
{
    char *to = b->base + b->used;

    if (n == 0)
        return NULL;
    memcpy(to, from, n);
    b->used += rounded(n);
    return to;
}

static bool same_fingerprints(const wr_transport *a, const wr_transport *b)
{
    if (a->n_fingerprints != b->n_fingerprints)
        return false;
    for (unsigned i = 0; i < a->n_fingerprints; i++)
        if (memcmp(&a->fingerprints[i], &b->fingerprints[i], sizeof *a->fingerprints) != 0)
            return false;
    return true;
}

/* Those of the section before serve for this one as well. */
static bool repeats(const wr_sdp *sdp, unsigned section)
{
    return section > 0 && same_fingerprints(&sdp->sections[section - 1].own, &sdp->sections[section].own);
}

static size_t fingerprints_size(const wr_transport *t)
{
    return rounded(t->n_fingerprints * sizeof *t->fingerprints);
}

static unsigned bundle_length(const wr_sdp *sdp)
{
    return sdp->bundle != NULL ? g_strv_length(sdp->bundle) : 0;
}

static size_t arrays_size(const wr_sdp *sdp)
{
    size_t n = rounded(sdp->n_sections * sizeof *sdp->sections) + rounded(sdp->n_candidates * sizeof *sdp->candidates) +
               rounded(sdp->n_problems * sizeof *sdp->problems) + fingerprints_size(&sdp->session) +
               rounded(sdp->packed != NULL ? sdp->packed_len : 0);

    for (unsigned i = 0; i < sdp->n_sections; i++)
        n += repeats(sdp, i) ? 0 : fingerprints_size(&sdp->sections[i].own);
    if (sdp->bundle != NULL) {
        n += rounded((bundle_length(sdp) + 1) * sizeof *sdp->bundle) +
             rounded(bundle_length(sdp) * sizeof *sdp->bundle_sections);
    }
    return n;
}

static void take_fingerprints(block *b, wr_transport *t)
{
    t->fingerprints = take(b, t->fingerprints, t->n_fingerprints * sizeof *t->fingerprints);
}

static void take_arrays(block *b, wr_sdp *sdp, const wr_sdp *old)
{
    sdp->sections = take(b, old->sections, old->n_sections * sizeof *old->sections);
    sdp->candidates = take(b, old->candidates, old->n_candidates * sizeof *old->candidates);
    sdp->problems = take(b, old->problems, old->n_problems * sizeof *old->problems);
    take_fingerprints(b, &sdp->session);
    for (unsigned i = 0; i < sdp->n_sections; i++)
        if (repeats(old, i))
            sdp->sections[i].own.fingerprints = sdp->sections[i - 1].own.fingerprints;
        else
            take_fingerprints(b, &sdp->sections[i].own);
    if (old->bundle != NULL) {
        const unsigned n = bundle_length(old);
        sdp->bundle = take(b, old->bundle, (n + 1) * sizeof *old->bundle);
        sdp->bundle_sections = take(b, old->bundle_sections, n * sizeof *old->bundle_sections);
    }
    sdp->packed = take(b, old->packed, old->packed != NULL ? old->packed_len : 0);
}

void wr_sdp_into_block(wr_sdp *sdp)
{
    block b = {.strings = g_hash_table_new(wr_text_hash, g_str_equal)};
    wr_sdp old = *sdp; /* whose parts are freed in the end: until then they are copied */

    visit_strings(sdp, &b, count_string);
    sdp->block_len = (uint32_t)(arrays_size(sdp) + b.text_len);
    b.base = g_malloc((gsize)sdp->block_len + 1);
    sdp->block = b.base;
    take_arrays(&b, sdp, &old);
    visit_strings(sdp, &b, move_string);
    g_hash_table_destroy(b.strings);
    wr_sdp_free_parts(&old);
}
