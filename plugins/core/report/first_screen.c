/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts and alarms, for the beginning of reports that people read: the one intercepted call among two hundred must not
 * be a row in the middle. */
#include "first_screen.h"
#include "base/index.h"
#include "records/stated.h"

#define MAX_NAMED 8 /* frames or calls named of one finding */

/* ---- findings, told once ---- */

static void told_free(void *p)
{
    wr_told *t = p;

    g_array_free(t->frames, TRUE);
    g_array_free(t->calls, TRUE);
    g_free(t);
}

static wr_told *told_new(const wr_finding *f)
{
    wr_told *t = g_new0(wr_told, 1);

    t->first = f;
    t->frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    t->calls = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return t;
}

/* Findings come call by call and frame by frame, so that the same number again is mostly the last one. */
static void add_number(GArray *list, uint32_t number)
{
    if (number != 0 && (list->len == 0 || g_array_index(list, uint32_t, list->len - 1) != number))
        g_array_append_val(list, number);
}

GPtrArray *wr_report_told(const GPtrArray *findings, wr_severity least, bool by_message)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(told_free);
    GHashTable *seen = g_hash_table_new_full(wr_text_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; findings != NULL && i < findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(findings, i);
        char *key;
        wr_told *t;
        if (f->severity < least)
            continue;
        key = g_strdup_printf("%d %s %s", (int)f->severity, f->check, by_message ? f->message : "");
        t = g_hash_table_lookup(seen, key);
        if (t == NULL) {
            t = told_new(f);
            g_ptr_array_add(list, t);
            g_hash_table_insert(seen, key, t);
        } else {
            t->varied |= g_strcmp0(t->first->message, f->message) != 0;
            g_free(key);
        }
        add_number(t->frames, f->frame);
        add_number(t->calls, f->session);
        t->n++;
    }
    g_hash_table_destroy(seen);
    return list;
}

static char *numbers(const GArray *list, const char *one, const char *many, const char *letter)
{
    GString *out = g_string_new(list->len == 0 ? "" : list->len == 1 ? one : many);

    for (unsigned i = 0; i < list->len && i < MAX_NAMED; i++)
        g_string_append_printf(out, "%s%s%u", i == 0 ? "" : ", ", letter, g_array_index(list, uint32_t, i));
    if (list->len > MAX_NAMED)
        g_string_append_printf(out, " and %u more", list->len - MAX_NAMED);
    return g_string_free(out, FALSE);
}

/* What stands in a statement has no frame. */
char *wr_told_frames(const wr_engine *e, const wr_told *t)
{
    GArray *seen = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t stated = 0;
    char *text;

    for (unsigned i = 0; i < t->frames->len; i++) {
        const uint32_t frame = g_array_index(t->frames, uint32_t, i);
        if (!wr_frame_is_stated(frame))
            g_array_append_val(seen, frame);
        else if (stated == 0)
            stated = frame;
    }
    text = seen->len == 0 && stated != 0 ? wr_frame_name(e, stated) : numbers(seen, "frame ", "frames ", "");
    g_array_free(seen, TRUE);
    return text;
}

char *wr_told_calls(const wr_told *t)
{
    return numbers(t->calls, "", "", "s");
}

/* ---- calls ---- */

/* By severity, then by precedence of the verdict, then as they came. */
static gint worst_first(gconstpointer p, gconstpointer q)
{
    const wr_session *a = *(wr_session *const *)p, *b = *(wr_session *const *)q;

    if (a->severity != b->severity)
        return (int)b->severity - (int)a->severity;
    if (a->verdict != b->verdict)
        return (int)a->verdict - (int)b->verdict;
    return a->number < b->number ? -1 : a->number > b->number;
}

static bool wanted(GHashTable *only, unsigned session)
{
    return only == NULL || g_hash_table_contains(only, GUINT_TO_POINTER(session));
}

static void add_findings(wr_first_screen *f, wr_engine *e, GHashTable *only)
{
    const GPtrArray *all = wr_engine_findings(e);
    GPtrArray *grave = g_ptr_array_new();

    for (int severity = WR_ERROR; severity >= WR_CHAT; severity--) {
        for (unsigned i = 0; i < all->len; i++) {
            wr_finding *x = g_ptr_array_index(all, i);
            if ((int)x->severity != severity || !wanted(only, x->session))
                continue;
            f->findings[severity]++;
            if (severity >= WR_WARN)
                g_ptr_array_add(grave, x);
        }
    }
    f->told = wr_report_told(grave, WR_WARN, false);
    g_ptr_array_free(grave, TRUE);
}

wr_first_screen *wr_first_screen_new(wr_engine *e, GHashTable *only)
{
    const GPtrArray *sessions = wr_engine_sessions(e);
    wr_first_screen *f = g_new0(wr_first_screen, 1);

    f->order = g_ptr_array_new();
    for (unsigned i = 0; i < sessions->len; i++) {
        wr_session *s = g_ptr_array_index(sessions, i);
        if (!wanted(only, s->number))
            continue;
        g_ptr_array_add(f->order, s);
        f->verdicts[s->verdict]++;
        f->by_severity[s->severity]++;
        f->worst[s->verdict] = MAX(f->worst[s->verdict], s->severity);
    }
    g_ptr_array_sort(f->order, worst_first);
    add_findings(f, e, only);
    return f;
}

void wr_first_screen_free(wr_first_screen *f)
{
    g_ptr_array_free(f->order, TRUE);
    g_ptr_array_free(f->told, TRUE);
    g_free(f);
}

char *wr_first_screen_verdicts(const wr_first_screen *f)
{
    GString *out = g_string_new(NULL);

    for (int severity = WR_ERROR; severity >= WR_CHAT; severity--)
        for (unsigned v = 0; v <= WR_S_NO_MEDIA; v++)
            if (f->verdicts[v] > 0 && (int)f->worst[v] == severity)
                g_string_append_printf(out, "%s%u %s (%s)", out->len > 0 ? ", " : "", f->verdicts[v],
                                       wr_session_verdict_name((wr_session_verdict)v),
                                       wr_severity_name((wr_severity)severity));
    return g_string_free(out, FALSE);
}

char *wr_first_screen_counts(const unsigned by_severity[WR_ERROR + 1])
{
    GString *out = g_string_new(NULL);

    for (int severity = WR_ERROR; severity >= WR_CHAT; severity--)
        g_string_append_printf(out, "%s%u %s", severity < WR_ERROR ? ", " : "", by_severity[severity],
                               wr_severity_name((wr_severity)severity));
    return g_string_free(out, FALSE);
}
