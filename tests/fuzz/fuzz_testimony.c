/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of endpoints' statistics: what it gives must be whole, within its bounds, and text. */
#include "statements/testimony.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void want_text(const char *text)
{
    if (text != NULL && !g_utf8_validate(text, -1, NULL))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_testimony *t = wr_testimony_parse("statistics", (const char *)data, size);

    if (t->statements->len > WR_MAX_STATEMENTS)
        abort();
    want_text(t->problem);
    for (guint i = 0; i < t->statements->len; i++) {
        const wr_statement *s = g_ptr_array_index(t->statements, i);

        want_text(s->id);
        want_text(s->local_ufrag);
        want_text(s->remote_ufrag);
        want_text(s->dtls_state);
    }
    wr_testimony_unref(t);
    return 0;
}
