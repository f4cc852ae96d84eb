/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions in strings that something wrote otherwise than it should: with backslash-r backslash-n for line ends, as
 * who escapes twice does, with the escapes of a URL, in hexadecimal digits, or as base64 of raw deflate (RFC 1951),
 * which begins with nothing that would tell; and bytes as an array of numbers. */
#include "formats/raw_inflate.h"
#include "walk.h"

#include <string.h>

#define SHORTEST 64   /* base64 of a description, however well it is packed */
#define LOOK     256  /* of its characters, by which it is tried */
#define TRIED    1024 /* bytes that a try may make */
#define HEAD     16   /* bytes that tell what is written as digits or numbers */

/* ---- line ends ---- */

static bool has_literal_ends(const char *text, size_t len)
{
    static const char *const begins[] = {"v=0\\r\\n", "v=0\\n"};

    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
        if (len > strlen(begins[i]) && memcmp(text, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static bool add_with_line_ends(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    GString *mended = g_string_sized_new(len);
    bool found;

    for (size_t i = 0; i < len; i++) {
        char next = text[i] == '\\' && i + 1 < len ? text[i + 1] : '\0';
        if (next == 'r' || next == 'n') {
            g_string_append_c(mended, next == 'r' ? '\r' : '\n');
            i++;
        } else {
            g_string_append_c(mended, text[i]);
        }
    }
    found = wr_walk_text(f, at, mended->str, mended->len);
    g_string_free(mended, TRUE);
    return found;
}

/* ---- escapes of a URL (RFC 3986 2.1) ---- */

static bool has_url_escapes(const char *text, size_t len)
{
    static const char *const begins[] = {"v%3D0%0", "v%3d0%0", "v=0%0"};

    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
        if (len > strlen(begins[i]) && memcmp(text, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static bool add_unescaped(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    GBytes *plain = g_uri_unescape_bytes(text, (gssize)len, NULL, NULL);
    gsize n = 0;
    const char *bytes = plain != NULL ? g_bytes_get_data(plain, &n) : NULL;
    const bool found = n > 0 && g_utf8_validate(bytes, (gssize)n, NULL) && wr_walk_text(f, at, bytes, n);

    if (plain != NULL)
        g_bytes_unref(plain);
    return found;
}

/* ---- raw deflate ---- */

static bool is_base64_throughout(const char *text, size_t len)
{
    size_t n = len;

    while (n > 0 && text[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isalnum(text[i]) && strchr("+/-_", text[i]) == NULL)
            return false;
    return len - n <= 2;
}

static GByteArray *unpack(const char *text, size_t len, size_t max, bool *whole)
{
    GByteArray *packed = wr_unwrap_base64((const uint8_t *)text, len, len), *out = NULL;
    wr_inflater *z = packed != NULL ? wr_inflater_new() : NULL;

    *whole = false;
    if (z != NULL) {
        out = g_byte_array_new();
        *whole = wr_inflater_message(z, packed->data, packed->len, max, out);
    }
    wr_inflater_free(z);
    if (packed != NULL)
        g_byte_array_unref(packed);
    return out;
}

/* The first characters give the beginning of something worth reading. */
static bool begins_well(wr_finder *f, const char *text, size_t len)
{
    bool whole, well;
    GByteArray *head = f->expansion < TRIED ? NULL : unpack(text, MIN(len, (size_t)LOOK), TRIED, &whole);

    f->expansion -= MIN(f->expansion, (size_t)TRIED);
    if (head == NULL)
        return false;
    well = head->len >= 4 && (memcmp(head->data, "v=0", 3) == 0 || memcmp(head->data, "{\"", 2) == 0 ||
                              memcmp(head->data, "[{\"", 3) == 0);
    g_byte_array_unref(head);
    return well;
}

static bool add_unpacked(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    const size_t mark = f->path->len;
    const guint before = f->result->hits->len;
    bool whole;
    GByteArray *out = unpack(text, len, f->expansion, &whole);

    if (out == NULL)
        return false;
    f->expansion -= MIN(f->expansion, (size_t)out->len);
    g_string_append(f->path, f->path->len == 0 ? "$~b64~raw" : "~b64~raw");
    if (whole && has_literal_ends((const char *)out->data, out->len))
        add_with_line_ends(f, at, (const char *)out->data, out->len);
    else if (whole && !wr_walk_text(f, at, (const char *)out->data, out->len))
        f->texts(f, at, out->data, out->len, WR_ORIGIN_MADE);
    g_string_truncate(f->path, mark);
    g_byte_array_unref(out);
    return f->result->hits->len > before;
}

/* ---- base64 of what begins otherwise ---- */

/* "v=0" and a line's end, wherever in it. */
static bool holds_description(const char *text, size_t len)
{
    static const char *const inside[] = {"dj0wD", "dj0wC", "Y9MA", "2PTA"};

    for (size_t i = 0; i < G_N_ELEMENTS(inside); i++)
        if (g_strstr_len(text, (gssize)len, inside[i]) != NULL)
            return true;
    return false;
}

static bool add_from_base64(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    GByteArray *made = wr_unwrap_base64((const uint8_t *)text, len, f->expansion);
    bool found = false;

    if (made != NULL) {
        f->expansion -= MIN(f->expansion, (size_t)made->len);
        found = wr_find_in_made(f, at, "~b64", made->data, made->len);
        g_byte_array_unref(made);
    }
    return found;
}

/* ---- bytes as digits and numbers ---- */

/* What is worth to be read: a description, an object, an array of objects or texts. */
static bool begins_message(const uint8_t *bytes, size_t len)
{
    static const char *const begins[] = {"v=0", "{\"", "[{", "[\"", "candidate:", "a=candidate:"};

    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
        if (len > strlen(begins[i]) && memcmp(bytes, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static bool read_hex(const char *text, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        const int high = g_ascii_xdigit_value(text[2 * i]), low = g_ascii_xdigit_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool begins_in_hex(const char *text, size_t len)
{
    uint8_t head[HEAD];

    return len >= SHORTEST && len % 2 == 0 && read_hex(text, HEAD, head) && begins_message(head, HEAD);
}

static bool add_from_hex(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    const size_t n = len / 2;
    uint8_t *bytes = n <= f->expansion ? g_malloc(n) : NULL;
    bool found = false;

    if (bytes == NULL) {
        wr_find_bound(f, "more was packed into the message than is unpacked", 0);
        return false;
    }
    if (read_hex(text, n, bytes)) {
        f->expansion -= n;
        found = wr_find_in_made(f, at, "~hex", bytes, n);
    }
    g_free(bytes);
    return found;
}

/* Up to n of its numbers as bytes; false when one is none. */
static bool read_numbers(const json_object *array, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        const json_object *value = wr_value_element(array, i);
        if (!wr_value_is_integer(value) || wr_value_integer(value) < 0 || wr_value_integer(value) > UINT8_MAX)
            return false;
        out[i] = (uint8_t)wr_value_integer(value);
    }
    return true;
}

bool wr_byte_array_add(wr_finder *f, wr_level *array)
{
    const size_t n = wr_value_size(array->value);
    uint8_t head[HEAD], *bytes;
    bool found;

    if (n < SHORTEST || n > f->expansion || !read_numbers(array->value, HEAD, head) || !begins_message(head, HEAD))
        return false;
    bytes = g_malloc(n);
    found = read_numbers(array->value, n, bytes);
    if (found) {
        f->expansion -= n;
        found = wr_find_in_made(f, array, "~bytes", bytes, n);
    }
    g_free(bytes);
    return found;
}

bool wr_odd_text_add(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    if (has_literal_ends(text, len))
        return add_with_line_ends(f, at, text, len);
    if (has_url_escapes(text, len))
        return add_unescaped(f, at, text, len);
    if (begins_in_hex(text, len))
        return add_from_hex(f, at, text, len);
    if (len < SHORTEST || f->unwraps >= WR_FIND_MAX_UNWRAP || !is_base64_throughout(text, len))
        return false;
    if (!wr_unwrap_looks_base64((const uint8_t *)text, len) && holds_description(text, len))
        return add_from_base64(f, at, text, len);
    if (!begins_well(f, text, len))
        return false;
    return add_unpacked(f, at, text, len);
}
