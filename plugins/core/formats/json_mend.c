/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mends a JSON text that other parsers would read, but json-c not or not for what it says. */
#include "json_scan.h"

#include <string.h>

/* The text is so many bytes longer, or shorter, from here on. */
typedef struct {
    size_t at;
    int by;
} shift;

static void note_shift(wr_json_mended *m, int by)
{
    shift s = {m->text->len, by};

    g_array_append_val(m->shifts, s);
}

/* Copies the escape at bytes[at]; one that stands for NUL or half a character becomes U+FFFD. */
static size_t mend_escape(wr_json_mended *m, const uint8_t *bytes, size_t len, size_t at)
{
    int character;
    size_t n = wr_json_escape_length(bytes, len, at, &character);

    n = MIN(n, len - at);
    if (character == 0 || (character >= 0xd800 && character <= 0xdfff)) {
        g_string_append(m->text, "\\ufffd");
    } else if (wr_json_misreads(character)) {
        note_shift(m, g_unichar_to_utf8((gunichar)character, NULL) - (int)n);
        g_string_append_unichar(m->text, (gunichar)character);
    } else {
        g_string_append_len(m->text, (const char *)bytes + at, (gssize)n);
    }
    return at + n;
}

static size_t mend_string(wr_json_mended *m, const uint8_t *bytes, size_t len, size_t at)
{
    size_t end = wr_json_string_end(bytes, len, at, NULL);

    end = end != 0 ? end : len;
    g_string_append_c(m->text, (char)bytes[at++]);
    while (at < end) {
        if (bytes[at] == '\\') {
            at = mend_escape(m, bytes, end, at);
        } else if (bytes[at] < 0x80) {
            g_string_append_c(m->text, (char)bytes[at++]);
        } else {
            gunichar c = g_utf8_get_char_validated((const char *)bytes + at, (gssize)(end - at));
            size_t n = (c & 0x80000000u) != 0 ? 0 : (size_t)g_unichar_to_utf8(c, NULL);
            if (n == 0) {
                m->not_utf8 = MIN(m->not_utf8, at);
                g_string_append_c(m->text, '?');
                n = 1;
            } else {
                g_string_append_len(m->text, (const char *)bytes + at, (gssize)n);
            }
            at += n;
        }
    }
    return end;
}

static void mend_quote(wr_json_mended *m)
{
    note_shift(m, 1);
    g_string_append_c(m->text, '"');
}

/* A number that may be too big becomes a string: an identifier keeps its digits. */
static size_t mend_number(wr_json_mended *m, const uint8_t *bytes, size_t len, size_t at)
{
    size_t end = at, digits = 0;
    bool exponent = false;

    while (end < len && (g_ascii_isdigit(bytes[end]) || strchr("+-.eE", bytes[end]) != NULL) && bytes[end] != 0) {
        digits += g_ascii_isdigit(bytes[end]) ? 1 : 0;
        exponent = exponent || bytes[end] == 'e' || bytes[end] == 'E';
        end++;
    }
    if (digits > 18 || exponent) {
        mend_quote(m);
        g_string_append_len(m->text, (const char *)bytes + at, (gssize)(end - at));
        mend_quote(m);
    } else {
        g_string_append_len(m->text, (const char *)bytes + at, (gssize)(end - at));
    }
    return end;
}

wr_json_mended wr_json_mend(const uint8_t *bytes, size_t len)
{
    wr_json_mended m = {g_string_sized_new(len + 64), g_array_new(FALSE, FALSE, sizeof(shift)), SIZE_MAX};
    size_t at = 0;

    while (at < len)
        if (bytes[at] == '"')
            at = mend_string(&m, bytes, len, at);
        else if (g_ascii_isdigit(bytes[at]) || bytes[at] == '-')
            at = mend_number(&m, bytes, len, at);
        else
            g_string_append_c(m.text, (char)bytes[at++]);
    return m;
}

size_t wr_json_mended_offset(const wr_json_mended *m, size_t offset)
{
    const size_t in_text = offset;

    for (guint i = 0; i < m->shifts->len && g_array_index(m->shifts, shift, i).at < in_text; i++)
        offset -= (size_t)g_array_index(m->shifts, shift, i).by;
    return offset;
}

void wr_json_mended_clear(wr_json_mended *m)
{
    g_string_free(m->text, TRUE);
    g_array_free(m->shifts, TRUE);
}
