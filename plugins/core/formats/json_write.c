/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes JSON values out, in ASCII alone, so that whatever stands in a capture the report is shown the same everywhere.
 */
#include "formats/json_write.h"

#include <glib.h>
#include <string.h>

typedef struct {
    GString *out;
    bool pretty;
} writer;

/* ---- making ---- */

/* g_utf8_validate() stops at a NUL. */
static bool is_utf8(const char *text, size_t len)
{
    const char *end = len > 0 ? text + len : text, *stop = text;

    while (!g_utf8_validate(text, end - text, &stop)) {
        if (stop == end || *stop != '\0')
            return false;
        text = stop + 1;
    }
    return true;
}

json_object *wr_value_new_string(const char *text, size_t len)
{
    return len <= G_MAXINT && is_utf8(text, len) ? json_object_new_string_len(text, (int)len) : NULL;
}

json_object *wr_value_new_text(const char *text)
{
    json_object *value = wr_value_new_string(text, strlen(text));
    char *valid;

    if (value == NULL) {
        valid = g_utf8_make_valid(text, -1);
        value = json_object_new_string(valid);
        g_free(valid);
    }
    return value;
}

void wr_value_put_text(json_object *object, const char *name, const char *text)
{
    if (text != NULL)
        json_object_object_add(object, name, wr_value_new_text(text));
}

void wr_value_put_integer(json_object *object, const char *name, int64_t value)
{
    json_object_object_add(object, name, json_object_new_int64(value));
}

/* ---- writing ---- */

static void write_value(const writer *w, const json_object *value, unsigned depth);

static void write_character(GString *out, gunichar c)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = c < 0x80 ? strchr(plain, (int)c) : NULL;

    if (at != NULL && c != 0) {
        g_string_append_c(out, '\\');
        g_string_append_c(out, letters[at - plain]);
    } else if (c < 0x10000) {
        g_string_append_printf(out, "\\u%04X", c);
    } else {
        c -= 0x10000;
        g_string_append_printf(out, "\\u%04X\\u%04X", 0xd800 | c >> 10, 0xdc00 | (c & 0x3ff));
    }
}

static void write_string(GString *out, const char *text, size_t len)
{
    const char *end = text + len, *plain = text;

    g_string_append_c(out, '"');
    while (text < end) {
        const guchar c = (guchar)*text;
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
            text++;
            continue;
        }
        g_string_append_len(out, plain, text - plain);
        write_character(out, c < 0x80 ? c : g_utf8_get_char(text));
        text = c < 0x80 ? text + 1 : g_utf8_next_char(text);
        plain = text;
    }
    g_string_append_len(out, plain, end - plain);
    g_string_append_c(out, '"');
}

static void new_line(const writer *w, unsigned depth)
{
    if (w->pretty) {
        g_string_append_c(w->out, '\n');
        for (; depth > 0; depth--)
            g_string_append_c(w->out, ' ');
    }
}

static void write_object(const writer *w, const json_object *object, unsigned depth)
{
    const struct lh_entry *first = wr_value_first(object);

    g_string_append_c(w->out, '{');
    for (const struct lh_entry *e = first; e != NULL; e = lh_entry_next(e)) {
        const char *name = wr_entry_name(e);
        g_string_append(w->out, e != first ? "," : "");
        new_line(w, depth + 1);
        write_string(w->out, name, strlen(name));
        g_string_append(w->out, w->pretty ? ": " : ":");
        write_value(w, wr_entry_value(e), depth + 1);
    }
    if (first != NULL)
        new_line(w, depth);
    g_string_append_c(w->out, '}');
}

static void write_array(const writer *w, const json_object *array, unsigned depth)
{
    const size_t n = wr_value_size(array);

    g_string_append_c(w->out, '[');
    for (size_t i = 0; i < n; i++) {
        g_string_append(w->out, i > 0 ? "," : "");
        new_line(w, depth + 1);
        write_value(w, wr_value_element(array, i), depth + 1);
    }
    if (n > 0)
        new_line(w, depth);
    g_string_append_c(w->out, ']');
}

static void write_value(const writer *w, const json_object *value, unsigned depth)
{
    switch (json_object_get_type(value)) {
    case json_type_object:
        write_object(w, value, depth);
        break;
    case json_type_array:
        write_array(w, value, depth);
        break;
    case json_type_string:
        write_string(w->out, wr_value_string(value), wr_value_string_length(value));
        break;
    case json_type_int:
        g_string_append_printf(w->out, "%" PRId64, json_object_get_int64(value));
        break;
    case json_type_boolean:
        g_string_append(w->out, json_object_get_boolean(value) ? "true" : "false");
        break;
    default:
        g_string_append(w->out, "null");
        break;
    }
}

char *wr_value_write(const json_object *value, bool pretty)
{
    writer w = {g_string_new(NULL), pretty};

    write_value(&w, value, 0);
    return g_string_free(w.out, FALSE);
}
