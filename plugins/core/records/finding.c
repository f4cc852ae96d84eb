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

static void note_again(wr_finding *f, uint32_t frame)
{
    if (f->again == NULL)
        f->again = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    if (f->again->len < WR_MAX_FINDING_AGAIN)
        g_array_append_val(f->again, frame);
}

/* A call's findings stand together at the end while its checks run. */
static bool may_tell(wr_engine *e, unsigned session, const char *check, const char *message, uint32_t frame)
{
    unsigned same = 0;

    for (unsigned i = e->findings->len; i > 0; i--) {
        wr_finding *f = g_ptr_array_index(e->findings, i - 1);
        if (f->session != session)
            break;
        if (strcmp(f->check, check) != 0)
            continue;
        if (strcmp(f->message, message) == 0) {
            note_again(f, frame);
            return false;
        }
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
    if (!may_tell(e, session, check, message, frame)) {
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

bool wr_finding_is_at(const wr_finding *f, uint32_t frame)
{
    for (unsigned i = 0; f->again != NULL && i < f->again->len; i++)
        if (g_array_index(f->again, uint32_t, i) == frame)
            return true;
    return f->frame == frame;
}

void wr_finding_lower(wr_finding *f, const char *format, ...)
{
    char *why, *message;
    va_list args;

    va_start(args, format);
    why = g_strdup_vprintf(format, args);
    va_end(args);
    message = g_strconcat(f->message, ". ", why, NULL);
    g_free(why);
    g_free(f->message);
    f->message = message;
    f->severity = WR_NOTE;
}

void wr_finding_free(gpointer p)
{
    wr_finding *f = p;
    if (f->again != NULL)
        g_array_free(f->again, TRUE);
    g_free(f->message);
    g_free(f);
}
