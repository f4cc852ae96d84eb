/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings: what named checks have to say, with the frames they rest on. */
#include "records/finding.h"
#include "records/store.h"

#include <stdarg.h>
#include <string.h>

static wr_finding *add(wr_engine *e, const char *check, wr_severity severity, uint32_t frame, unsigned session,
                       const char *asvs, char *message)
{
    GPtrArray *at;
    wr_finding *f;

    if (e->findings->len >= WR_MAX_FINDINGS) {
        wr_limit_reached(e, "findings");
        g_free(message);
        return NULL;
    }
    f = g_new0(wr_finding, 1);
    f->check = check;
    f->severity = severity;
    f->frame = frame;
    f->session = session;
    f->asvs = asvs;
    f->message = message;
    g_ptr_array_add(e->findings, f);
    at = g_hash_table_lookup(e->findings_by_frame, GUINT_TO_POINTER(frame));
    if (at == NULL) {
        at = g_ptr_array_sized_new(1);
        g_hash_table_insert(e->findings_by_frame, GUINT_TO_POINTER(frame), at);
    }
    g_ptr_array_add(at, f);
    return f;
}

wr_finding *wr_finding_add(wr_engine *e, const char *check, wr_severity severity, uint32_t frame, unsigned session,
                           const char *asvs, const char *format, ...)
{
    va_list args;
    char *message;

    va_start(args, format);
    message = wr_stated_name_frames(e, g_strdup_vprintf(format, args));
    va_end(args);
    return add(e, check, severity, frame, session, asvs, message);
}

/* A call's findings stand together at the end while its checks run. */
static bool may_tell(wr_engine *e, unsigned session, const char *check, const char *message)
{
    unsigned same = 0;

    for (unsigned i = e->findings->len; i > 0; i--) {
        const wr_finding *f = g_ptr_array_index(e->findings, i - 1);
        if (f->session != session)
            break;
        if (strcmp(f->check, check) != 0)
            continue;
        if (strcmp(f->message, message) == 0)
            return false;
        same++;
    }
    if (same >= WR_MAX_FINDINGS_OF_CHECK)
        wr_limit_reached(e, "findings of one check in one call");
    return same < WR_MAX_FINDINGS_OF_CHECK;
}

wr_finding *wr_finding_once(wr_engine *e, const wr_session *s, const char *check, wr_severity severity, uint32_t frame,
                            uint32_t other, const char *asvs, const char *basis, const char *format, ...)
{
    unsigned session = s != NULL ? s->number : 0;
    wr_finding *f;
    va_list args;
    char *message;

    va_start(args, format);
    message = wr_stated_name_frames(e, g_strdup_vprintf(format, args));
    va_end(args);
    if (!may_tell(e, session, check, message)) {
        g_free(message);
        return NULL;
    }
    f = add(e, check, severity, frame, session, asvs, message);
    if (f != NULL) {
        f->basis = basis;
        f->other_frame = other != frame ? other : 0;
    }
    return f;
}

void wr_finding_free(gpointer p)
{
    wr_finding *f = p;
    g_free(f->message);
    g_free(f);
}
