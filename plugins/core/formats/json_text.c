/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads one JSON text (RFC 8259) out of a message, strictly but for what other parsers read and json-c would refuse or
 * change: numbers too big for an int, NUL in names, lone surrogates.
 *
 *     bytes[0]                                     end
 *     {"type": "offer", "sdp": "v=0\r\n…", …}      whatever follows is left to the caller
 *     json_scan.c measures it, json_mend.c mends what must be mended, json-c builds the tree.
 */
#include "formats/json_text.h"

#include <string.h>

#include "json_scan.h"

#define KEPT_READER (256u << 10) /* bytes of a text after which the reader with its buffer is not kept for the next */

size_t wr_json_string_length(const uint8_t *bytes, size_t len)
{
    return wr_json_string_end(bytes, len, 0, NULL);
}

/* ---- reading ---- */

/* The tree of exactly these bytes, or NULL with *error and *stopped, the offset of the first byte not read. What
 * is strict of it was seen to before. */
static json_object *build(const uint8_t *bytes, size_t len, enum json_tokener_error *error, size_t *stopped)
{
    static struct json_tokener *reader;
    json_object *root;

    if (len > G_MAXINT) {
        *error = json_tokener_error_size;
        *stopped = 0;
        return NULL;
    }
    if (reader == NULL)
        reader = json_tokener_new_ex(WR_JSON_MAX_NESTING + 2); /* a level for the root and one for what is innermost */
    root = json_tokener_parse_ex(reader, (const char *)bytes, (int)len);
    *error = json_tokener_get_error(reader);
    *stopped = json_tokener_get_parse_end(reader);
    if (len > KEPT_READER) {
        json_tokener_free(reader);
        reader = NULL;
    } else {
        json_tokener_reset(reader); /* forgets all but half a pair of surrogates, of which none may come here */
    }
    return root;
}

static const char *flaw_name(const uint8_t *bytes, size_t len, size_t at)
{
    bool ascii = at >= len || bytes[at] < 0x80;

    return ascii || (g_utf8_get_char_validated((const char *)bytes + at, (gssize)(len - at)) & 0x80000000u) == 0
               ? "JSON syntax error"
               : "JSON text is not UTF-8";
}

/* Sets root, or what is wrong first. */
static void read_measured(wr_json_text *out, const uint8_t *bytes, size_t len, size_t flaw)
{
    enum json_tokener_error error;

    out->root = build(bytes, MIN(flaw, len), &error, &out->offset);
    if (out->root != NULL && flaw == SIZE_MAX) {
        out->offset = 0;
        return;
    }
    json_object_put(out->root);
    out->root = NULL;
    if (flaw != SIZE_MAX && (error == json_tokener_continue || error == json_tokener_success)) {
        out->offset = flaw;
        out->problem = flaw_name(bytes, len, flaw);
    } else if (error == json_tokener_continue) {
        out->problem = "JSON ends too early";
    } else {
        out->problem = flaw_name(bytes, len, out->offset);
    }
}

static void read_mended(wr_json_text *out, const uint8_t *bytes, size_t len)
{
    wr_json_mended m = wr_json_mend(bytes, len);
    const uint8_t *text = (const uint8_t *)m.text->str;
    wr_json_extent x = wr_json_measure(text, m.text->len);

    read_measured(out, text, m.text->len, x.flaw);
    if (out->root == NULL) {
        out->offset = wr_json_mended_offset(&m, out->offset);
    } else if (m.not_utf8 != SIZE_MAX) {
        out->problem = "JSON text is not UTF-8";
        out->offset = m.not_utf8;
    }
    wr_json_mended_clear(&m);
}

wr_json_text wr_json_text_read(const uint8_t *bytes, size_t len)
{
    wr_json_text out = {NULL, len, false, NULL, 0};
    wr_json_extent x = wr_json_measure(bytes, len);

    if (x.end != 0)
        out.end = x.end;
    if (x.bound != NULL) {
        out.bound = true;
        out.problem = x.bound;
        out.offset = x.bound_at;
    } else if (x.flaw != SIZE_MAX || x.misread) {
        read_mended(&out, bytes, out.end);
    } else {
        read_measured(&out, bytes, out.end, SIZE_MAX);
    }
    return out;
}

json_object *wr_json_read_first(const uint8_t *bytes, size_t len, size_t *end)
{
    const size_t begin = wr_json_blanks_end(bytes, len, 0);
    wr_json_extent x = wr_json_measure(bytes + begin, len - begin);
    wr_json_text out = {NULL, 0, false, NULL, 0};

    *end = begin;
    if (begin == len || (bytes[begin] != '{' && bytes[begin] != '['))
        return NULL;
    if (x.bound != NULL || x.flaw != SIZE_MAX || x.has_nul) {
        *end = begin + (x.bound != NULL ? x.bound_at : x.flaw != SIZE_MAX ? x.flaw : x.end);
        return NULL;
    }
    out.end = x.end != 0 ? x.end : len - begin;
    if (x.misread)
        read_mended(&out, bytes + begin, out.end);
    else
        read_measured(&out, bytes + begin, out.end, SIZE_MAX);
    *end = begin + (out.root != NULL ? x.end : out.offset);
    return out.root;
}

json_object *wr_json_read_whole(const uint8_t *bytes, size_t len, size_t *wrong)
{
    size_t end;
    json_object *root = wr_json_read_first(bytes, len, &end);

    if (root != NULL) {
        end = wr_json_blanks_end(bytes, len, end);
        if (end < len) {
            json_object_put(root);
            root = NULL;
        }
    }
    if (wrong != NULL)
        *wrong = end;
    return root;
}

/* ---- values as text ---- */

/* Every character up to U+00FF and some of them no text: raw bytes written as code points. */
static bool is_raw_bytes(const char *s, size_t len)
{
    bool strange = false;

    for (const char *p = s; p < s + len; p++) {
        uint8_t c = (uint8_t)*p;
        /* In UTF-8, U+0080 to U+00FF begin with C2 or C3, and the first 32 of them go on with less than A0. */
        if (c >= 0x80) {
            if (c > 0xc3)
                return false;
            strange = strange || (c == 0xc2 && (uint8_t)p[1] < 0xa0);
            p++;
        } else {
            strange = strange || c < 0x20 || c == 0x7f;
        }
    }
    return strange;
}

static char *raw_bytes_as_hex(const char *s, size_t len)
{
    GString *hex = g_string_new(NULL);

    for (const char *p = s; p < s + len; p = g_utf8_next_char(p))
        g_string_append_printf(hex, "%02x", g_utf8_get_char(p));
    return g_string_free(hex, FALSE);
}

static char *string_as_text(const char *s, size_t len)
{
    char *text;

    if (len > WR_JSON_TEXT_SHOWN) {
        const char *cut = g_utf8_find_prev_char(s, s + WR_JSON_TEXT_SHOWN + 1);
        len = cut != NULL ? (size_t)(cut - s) : 0;
    }
    if (len == 0)
        return NULL;
    if (is_raw_bytes(s, len))
        return raw_bytes_as_hex(s, len);
    text = g_strndup(s, len);
    for (char *p = text; p < text + len; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    return text;
}

char *wr_json_text_of(const json_object *value)
{
    static const char *const members[] = {"id", "userId", "userid", "sessionid", "sessionId", "roomid", "name"};

    if (wr_value_is_string(value))
        return string_as_text(wr_value_string(value), wr_value_string_length(value));
    if (wr_value_is_integer(value))
        return g_strdup_printf("%" PRId64, wr_value_integer(value));
    for (size_t i = 0; wr_value_is_object(value) && i < G_N_ELEMENTS(members); i++) {
        const json_object *member = wr_value_member(value, members[i]);
        if (wr_value_is_string(member) || wr_value_is_integer(member))
            return wr_json_text_of(member);
    }
    return NULL;
}
