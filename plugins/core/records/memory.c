/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much the correlation may keep. The bounds on numbers of records say nothing about their sizes: four kilobytes of
 * text can describe a thousand sections, and every user name of a flow keeps two messages. So bytes are counted, too.
 */
#include "records/memory.h"
#include "records/store.h"

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

void wr_limit_reached(wr_engine *e, const char *name)
{
    for (unsigned i = 0; i < e->limits->len; i++)
        if (strcmp(g_ptr_array_index(e->limits, i), name) == 0)
            return;
    g_ptr_array_add(e->limits, (gpointer)name);
    g_array_append_val(e->limit_frames, e->last_frame);
}
