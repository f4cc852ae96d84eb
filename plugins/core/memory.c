/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much the correlation may keep. The bounds on numbers of records say nothing about their sizes: four kilobytes of
 * text can describe a thousand sections, and every user name of a flow keeps two messages. So bytes are counted, too.
 */
#include "engine_internal.h"

#include <string.h>

/* What a record costs beside its own struct: index entries with their keys, arrays, the allocator's part. */
#define OVERHEAD 256

bool wr_keep_bytes(wr_engine *e, size_t bytes, const char *what)
{
    const uint64_t most = e->options.max_bytes != 0 ? e->options.max_bytes : WR_MAX_BYTES;

    if (e->bytes > most || bytes + OVERHEAD > most - e->bytes) {
        wr_limit_reached(e, what);
        return false;
    }
    e->bytes += bytes + OVERHEAD;
    return true;
}

const char *wr_intern(wr_engine *e, const char *text)
{
    const char *kept;

    if (text == NULL)
        return NULL;
    kept = g_hash_table_lookup(e->interned, text);
    if (kept == NULL) {
        if (!wr_keep_bytes(e, strlen(text) + 1, "memory for names"))
            return "";
        kept = g_string_chunk_insert(e->strings, text);
        g_hash_table_add(e->interned, (gpointer)kept);
    }
    return kept;
}

/* With what the allocator puts beside each. */
static size_t text_size(const char *text)
{
    return text != NULL ? strlen(text) + 24 : 0;
}

static size_t transport_size(const wr_transport *t)
{
    return t->n_fingerprints * sizeof *t->fingerprints + text_size(t->ice_ufrag) + text_size(t->ice_pwd) + text_size(t->tls_id);
}

size_t wr_sdp_size(const wr_sdp *sdp)
{
    size_t size = sizeof *sdp + (sdp->packed != NULL ? sdp->packed_len : sdp->text_len) + transport_size(&sdp->session);

    size += text_size(sdp->origin) + text_size(sdp->origin_id) + text_size(sdp->sess_id) + text_size(sdp->cname);
    size += sdp->n_problems * sizeof *sdp->problems;
    for (unsigned i = 0; sdp->bundle != NULL && sdp->bundle[i] != NULL; i++)
        size += sizeof *sdp->bundle + sizeof *sdp->bundle_sections + text_size(sdp->bundle[i]);
    for (unsigned i = 0; i < sdp->n_candidates; i++)
        size += sizeof *sdp->candidates + text_size(sdp->candidates[i].hostname) + text_size(sdp->candidates[i].ufrag);
    for (unsigned i = 0; i < sdp->n_sections; i++) {
        const wr_sdp_section *s = &sdp->sections[i];
        size += sizeof *s + text_size(s->media) + text_size(s->proto) + text_size(s->mid) + text_size(s->msid) + transport_size(&s->own);
    }
    return size;
}
