/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings: statements of single checks, with the frames they rest on. */
#include "engine_internal.h"

#include <stdarg.h>

wr_finding *wr_finding_add(wr_engine *e, const char *check, wr_severity severity, uint32_t frame, unsigned session, const char *asvs,
                           const char *format, ...)
{
    GPtrArray *at;
    wr_finding *f;
    va_list args;

    if (e->findings->len >= WR_MAX_FINDINGS) {
        wr_limit_reached(e, "findings");
        return NULL;
    }
    f = g_new0(wr_finding, 1);
    f->check = check;
    f->severity = severity;
    f->frame = frame;
    f->session = session;
    f->asvs = asvs;
    va_start(args, format);
    f->message = g_strdup_vprintf(format, args);
    va_end(args);
    g_ptr_array_add(e->findings, f);
    at = g_hash_table_lookup(e->findings_by_frame, GUINT_TO_POINTER(frame));
    if (at == NULL) {
        at = g_ptr_array_sized_new(1);
        g_hash_table_insert(e->findings_by_frame, GUINT_TO_POINTER(frame), at);
    }
    g_ptr_array_add(at, f);
    return f;
}
