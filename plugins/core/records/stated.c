/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers for what no packet showed, and their names. */
#include "records/stated.h"

#include "base/text.h"
#include "records/store.h"
#include "statements/testimony.h"

#include <string.h>

#define MAX_STATED (1u << 20)

uint32_t wr_stated_frame_new(wr_engine *e, const struct wr_testimony *t, unsigned number, int64_t time_us)
{
    const struct wr_stated s = {t, NULL, number, time_us};

    if (e->stated->len >= MAX_STATED)
        return 0;
    g_array_append_val(e->stated, s);
    return WR_STATED_FRAME + e->stated->len - 1;
}

const struct wr_stated *wr_stated_at(const wr_engine *e, uint32_t frame)
{
    if (!wr_frame_is_stated(frame) || frame - WR_STATED_FRAME >= e->stated->len)
        return NULL;
    return &g_array_index(e->stated, struct wr_stated, frame - WR_STATED_FRAME);
}

const char *wr_copy_witness(const wr_copy *c)
{
    return c->leg->witness != NULL ? c->leg->witness->name : NULL;
}

bool wr_copy_is_in_time(const wr_engine *e, const wr_copy *c, int64_t when_us)
{
    const struct wr_stated *s = wr_stated_at(e, c->frame);

    if (s == NULL)
        return true;
    return s->time_us != 0 && ABS(c->time_us - when_us) <= WR_STATED_WINDOW_US;
}

/* The number that begins here, when it is one of ours; *digits: how many bytes it has. */
static const struct wr_stated *number_at(const wr_engine *e, const char *p, size_t *digits)
{
    guint64 value = 0;

    for (*digits = 0; g_ascii_isdigit(p[*digits]) && *digits < 11; (*digits)++)
        value = value * 10 + (guint64)(p[*digits] - '0');
    return *digits == 10 && value <= G_MAXUINT32 ? wr_stated_at(e, (uint32_t)value) : NULL;
}

/* "frame " or "frames " before the number goes: it is none. */
static void drop_word(GString *out)
{
    static const char *const words[] = {"frames ", "frame "};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_str_has_suffix(out->str, words[i])) {
            g_string_truncate(out, out->len - strlen(words[i]));
            return;
        }
    }
}

/* Behind "frames X and ", where X was stated, a packet's number needs its word. */
static bool needs_word(const GString *out, bool after_statement)
{
    return after_statement && (g_str_has_suffix(out->str, " and ") || g_str_has_suffix(out->str, ", "));
}

char *wr_stated_name_frames(const wr_engine *e, char *text)
{
    GString *out;
    size_t after = SIZE_MAX; /* where the last name ends */

    if (e->stated->len == 0)
        return text;
    out = g_string_sized_new(strlen(text) + 32);
    for (const char *p = text; *p != '\0';) {
        size_t digits = 0;
        const bool begins = g_ascii_isdigit(*p) && (p == text || p[-1] == ' ' || p[-1] == '(');
        const struct wr_stated *s = begins ? number_at(e, p, &digits) : NULL;
        if (s != NULL) {
            char *name = wr_text_clean(s->testimony->name, 80);
            drop_word(out);
            g_string_append_printf(out, "statement %u of %s", s->number, name);
            g_free(name);
            after = out->len;
        } else if (begins && needs_word(out, after != SIZE_MAX && out->len - after <= strlen(" and "))) {
            g_string_append_printf(out, "frame %.*s", (int)digits, p);
        } else {
            g_string_append_len(out, p, (gssize)MAX(digits, (size_t)1));
        }
        p += MAX(digits, (size_t)1);
    }
    g_free(text);
    return g_string_free(out, FALSE);
}

char *wr_frame_name(const wr_engine *e, uint32_t frame)
{
    return wr_stated_name_frames(e, g_strdup_printf("frame %u", frame));
}

/* ---- what became of it ---- */

static bool has_packets(const wr_session *s)
{
    return s != NULL && (s->associations->len > 0 || s->flows->len > 0);
}

static unsigned transports_heard(const wr_engine *e, const struct wr_testimony *t)
{
    unsigned n = 0;

    for (unsigned i = 0; i < e->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(e->associations, i);
        n += a->heard != NULL && a->heard->source == t;
    }
    return n;
}

bool wr_stated_fits(const wr_engine *e, const struct wr_stated *s)
{
    return s->copy != NULL && has_packets(wr_engine_session(e, wr_copy_session_number(e, s->copy)));
}

GHashTable *wr_statements_heard(const wr_engine *e)
{
    GHashTable *out = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (unsigned i = 0; i < e->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(e->associations, i);
        if (a->heard != NULL)
            g_hash_table_add(out, (gpointer)(uintptr_t)a->heard);
    }
    return out;
}

void wr_witnesses_count(wr_engine *e)
{
    for (unsigned i = 0; i < e->witnesses->len; i++) {
        wr_witness *w = &g_array_index(e->witnesses, wr_witness, i);
        w->copies = w->used = 0;
        for (unsigned j = 0; j < e->stated->len; j++) {
            const struct wr_stated *s = &g_array_index(e->stated, struct wr_stated, j);
            if (s->testimony != w->testimony || s->copy == NULL)
                continue;
            w->copies++;
            w->used += wr_stated_fits(e, s);
        }
        w->transports_used = transports_heard(e, w->testimony);
    }
}
