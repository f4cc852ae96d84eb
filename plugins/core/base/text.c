/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cleans text of hostile origin before it is shown, and searches it. */
#include "base/text.h"

#include <string.h>

static void append_clean(GString *out, gunichar c)
{
    if (g_unichar_isspace(c))
        g_string_append_c(out, ' ');
    else if (g_unichar_isprint(c))
        g_string_append_unichar(out, c);
    else
        g_string_append_printf(out, "\\u{%04X}", c);
}

char *wr_text_clean(const char *text, unsigned most)
{
    char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    GString *out = g_string_new(NULL);
    unsigned n = 0;

    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        if (most != 0 && ++n > most) {
            g_string_append(out, "…");
            break;
        }
        append_clean(out, g_utf8_get_char(p));
    }
    g_free(valid);
    return g_string_free(out, FALSE);
}

char *wr_text_html(const char *text, unsigned most)
{
    char *clean = wr_text_clean(text, most);
    char *html = g_markup_escape_text(clean, -1);

    g_free(clean);
    return html;
}

const char *wr_text_find(const char *bytes, size_t len, const char *needle)
{
    const size_t n = strlen(needle);

    if (len < n)
        return NULL;
    for (const char *at = bytes, *last = bytes + (len - n);
         at <= last && (at = memchr(at, needle[0], (size_t)(last - at) + 1)) != NULL; at++)
        if (memcmp(at, needle, n) == 0)
            return at;
    return NULL;
}
