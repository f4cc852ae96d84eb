/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold of every testimony, whatever the file: within its bounds, whole, and text. */
#ifndef WR_FUZZ_TESTIMONY_H
#define WR_FUZZ_TESTIMONY_H

#include "statements/testimony.h"

#include <stdlib.h>
#include <string.h>

static inline void want_text(const char *text)
{
    if (text != NULL && !g_utf8_validate(text, -1, NULL))
        abort();
}

static inline void want_told(const wr_testimony *t)
{
    for (guint i = 0; i < t->told->len; i++) {
        const wr_told *w = g_ptr_array_index(t->told, i);

        if (w->number != i + 1 || w->context.carrier != WR_CARRIER_STATEMENT || w->leg == NULL)
            abort();
        want_text(w->leg);
        want_text(w->context.call);
        want_text(w->context.from);
        want_text(w->context.to);
        want_text(w->context.mid);
        want_text(w->context.ufrag);
        want_text(w->context.server);
    }
}

static inline void want_testimony(wr_testimony *t)
{
    if (t->statements->len > WR_MAX_STATEMENTS || t->told->len > WR_MAX_TOLD || t->told_bytes > WR_MAX_TOLD_BYTES)
        abort();
    want_text(t->problem);
    want_told(t);
    for (guint i = 0; i < t->statements->len; i++) {
        const wr_statement *s = g_ptr_array_index(t->statements, i);

        want_text(s->id);
        want_text(s->local_ufrag);
        want_text(s->remote_ufrag);
        want_text(s->dtls_state);
    }
    wr_testimony_unref(t);
}

/* A file that begins and ends like one of its kind, so that its reader is the one that reads. */
static inline void read_between(const char *head, const uint8_t *data, size_t size, const char *tail)
{
    GString *text = g_string_new(head);

    g_string_append_len(text, (const char *)data, (gssize)size);
    g_string_append(text, tail);
    want_testimony(wr_testimony_parse("statements", text->str, text->len));
    g_string_free(text, TRUE);
}

#endif
