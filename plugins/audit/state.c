/* SPDX-License-Identifier: GPL-2.0-or-later */
/* State of the capture file: the engine, and what each frame contributed. Comes and goes with the file. */
#include "audit.h"

static wr_engine *engine;
static GHashTable *frames; /* frame number -> wr_frame_records */

static void free_records(gpointer p)
{
    wr_frame_records *r = p;

    if (r->copies != NULL)
        g_ptr_array_free(r->copies, TRUE);
    if (r->associations != NULL)
        g_ptr_array_free(r->associations, TRUE);
    g_free(r);
}

wr_engine *wr_audit_engine(void)
{
    return engine;
}

void wr_audit_state_init(void)
{
    wr_audit_state_cleanup();
    engine = wr_engine_new(wr_audit_options());
    frames = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_records);
}

void wr_audit_state_cleanup(void)
{
    wr_engine_free(engine);
    engine = NULL;
    if (frames != NULL)
        g_hash_table_destroy(frames);
    frames = NULL;
}

const wr_frame_records *wr_audit_frame(uint32_t frame)
{
    return frames == NULL ? NULL : g_hash_table_lookup(frames, GUINT_TO_POINTER(frame));
}

const GPtrArray *wr_audit_findings_of(uint32_t frame)
{
    return engine == NULL ? NULL : wr_engine_findings_at(engine, frame);
}

static wr_frame_records *records(uint32_t frame)
{
    wr_frame_records *r = g_hash_table_lookup(frames, GUINT_TO_POINTER(frame));

    if (r == NULL) {
        r = g_new0(wr_frame_records, 1);
        g_hash_table_insert(frames, GUINT_TO_POINTER(frame), r);
    }
    return r;
}

static void keep(GPtrArray **list, gpointer p)
{
    if (*list == NULL)
        *list = g_ptr_array_sized_new(1);
    else if (g_ptr_array_index(*list, (*list)->len - 1) == p)
        return;
    g_ptr_array_add(*list, p);
}

void wr_audit_keep_copy(uint32_t frame, wr_copy *c)
{
    keep(&records(frame)->copies, c);
}

void wr_audit_keep_association(uint32_t frame, wr_association *a)
{
    keep(&records(frame)->associations, a);
}
