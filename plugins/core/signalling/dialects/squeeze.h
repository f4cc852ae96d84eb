/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to generic_names.c and kind_words.c: how names and words are compared.
 */
#ifndef WR_SQUEEZE_H
#define WR_SQUEEZE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Lower-case letters and digits of name into out; false when there are none, or more than fit. */
static inline bool wr_squeeze(const char *name, char *out, size_t room)
{
    size_t n = 0;

    for (; *name != '\0'; name++) {
        if (!g_ascii_isalnum(*name))
            continue;
        if (n + 1 >= room)
            return false;
        out[n++] = g_ascii_tolower(*name);
    }
    out[n] = '\0';
    return n > 0;
}

#endif
