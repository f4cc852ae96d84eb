/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names the files that a call's descriptions come from: a statement is as true as they are. */
#include "base/text.h"
#include "statements/testimony.h"
#include "verdict/verdict.h"

static void name_one(GString *out, const wr_witness *w)
{
    const wr_testimony *t = w->testimony;
    char *name = wr_text_clean(t->name, 80), *whose = t->whose != NULL ? wr_text_clean(t->whose, 80) : NULL;

    g_string_append_printf(out, "%s (%s%s%s%s%.16s)", name, wr_testimony_kind_name(t->kind),
                           whose != NULL ? " of " : "", whose != NULL ? whose : "",
                           t->sha256 != NULL ? ", SHA-256 " : "", t->sha256 != NULL ? t->sha256 : "");
    g_free(whose);
    g_free(name);
}

static bool speaks_of(const wr_session *s, const wr_witness *w)
{
    for (unsigned i = 0; i < s->copies->len; i++)
        if (((wr_copy *)g_ptr_array_index(s->copies, i))->leg->witness == w->testimony)
            return true;
    return false;
}

void wr_session_name_witnesses(GString *out, const wr_engine *e, const wr_session *s)
{
    unsigned n = 0;

    for (unsigned i = 0; i < e->witnesses->len; i++) {
        const wr_witness *w = &g_array_index(e->witnesses, wr_witness, i);
        if (!speaks_of(s, w))
            continue;
        if (n == 0 && out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
        g_string_append(out, n++ == 0 ? "Descriptions in it are known by the word of " : " and ");
        name_one(out, w);
    }
    if (n > 0)
        g_string_append(out, n == 1 ? ", not from packets: as true as that file."
                                    : ", not from packets: as true as these files.");
}
