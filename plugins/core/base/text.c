/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cleans text of hostile origin before it is shown, and searches it. */
#include "base/text.h"

#include <stdint.h>
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

/* How often bytes come in JSON and in English, roughly; those that are not named are rare. */
static const uint8_t often[256] = {
    [' '] = 30, ['"'] = 29, ['e'] = 28, ['t'] = 27, ['a'] = 26, ['i'] = 25, ['o'] = 24,  ['n'] = 23,
    ['s'] = 22, ['r'] = 21, ['l'] = 20, ['d'] = 19, ['c'] = 18, ['u'] = 17, ['p'] = 16,  ['m'] = 15,
    ['h'] = 14, [','] = 13, [':'] = 13, ['g'] = 12, ['0'] = 12, ['1'] = 12, ['\n'] = 12, ['f'] = 11,
    ['y'] = 10, ['2'] = 10, ['w'] = 9,  ['b'] = 9,  ['v'] = 8,  ['='] = 8,  ['/'] = 8,   ['k'] = 7,
};

/* Where the byte of text that comes least often stands. */
static size_t rarest_of(const char *text, size_t n)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++)
        if (often[(uint8_t)text[i]] < often[(uint8_t)text[best]])
            best = i;
    return best;
}

const char *wr_text_find(const char *bytes, size_t len, const char *needle)
{
    const size_t n = strlen(needle);
    size_t rare;

    if (len < n)
        return NULL;
    rare = rarest_of(needle, n);
    for (const char *at = bytes + rare, *last = at + (len - n);
         at <= last && (at = memchr(at, needle[rare], (size_t)(last - at) + 1)) != NULL; at++)
        if (at[-(ptrdiff_t)rare] == needle[0] && memcmp(at - rare, needle, n) == 0)
            return at - rare;
    return NULL;
}
