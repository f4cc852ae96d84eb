/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads one JSON text (RFC 8259) out of a message, strictly but for what others read and jansson alone refuses:
 * numbers too big for an int, NUL in names, lone surrogates. */
#include "json_text.h"

#include <string.h>

/* What a first look, without a tree, says about a text. */
typedef struct {
    size_t end; /* byte after the text, 0 when it does not end */
    size_t bound_at;
    const char *bound; /* NULL when within the bounds */
} extent;

/* End of the string that begins at bytes[at] (a quote): the byte after its closing quote, or len. */
static size_t string_end(const uint8_t *bytes, size_t len, size_t at)
{
    for (at++; at < len; at++) {
        if (bytes[at] == '\\') {
            at++;
        } else if (bytes[at] == '"') {
            return at + 1;
        }
    }
    return len;
}

size_t wr_json_string_length(const uint8_t *bytes, size_t len)
{
    size_t end = string_end(bytes, len, 0);

    /* A quote that is escaped does not end it. */
    return end < len || (end > 1 && bytes[end - 1] == '"' && (end < 3 || bytes[end - 2] != '\\')) ? end : 0;
}

/* Follows brackets and strings up to where the first one closes, counting what would have to be built. */
static extent measure(const uint8_t *bytes, size_t len)
{
    extent x = {0, 0, NULL};
    size_t depth = 0, containers = 0, values = 0, at = 0;

    if (len > 0 && bytes[0] == '"') {
        at = string_end(bytes, len, 0);
        x.end = bytes[at - 1] == '"' && at > 1 ? at : 0;
        return x;
    }
    while (at < len) {
        switch (bytes[at]) {
        case '"':
            at = string_end(bytes, len, at);
            continue;
        case '{':
        case '[':
            depth++;
            containers++;
            break;
        case '}':
        case ']':
            if (--depth == 0) {
                x.end = at + 1;
                return x;
            }
            break;
        case ',':
            values++;
            break;
        default:
            break;
        }
        if (x.bound == NULL && (depth > WR_JSON_MAX_NESTING || containers > WR_JSON_MAX_CONTAINERS ||
                                values > WR_JSON_MAX_VALUES)) {
            x.bound = depth > WR_JSON_MAX_NESTING ? "JSON is nested too deep to be read"
                                                  : "JSON holds too many values to be read";
            x.bound_at = at;
        }
        at++;
    }
    return x;
}

/* ---- mending ---- */

typedef struct {
    GString *text;
    GArray *quotes; /* offsets in text, as gsize, where a quote was put in */
    size_t not_utf8; /* offset of the first bad byte in the message, SIZE_MAX when none */
} mended;

static int hex4(const uint8_t *p)
{
    int v = 0;

    for (int i = 0; i < 4; i++) {
        if (!g_ascii_isxdigit(p[i])) {
            return -1;
        }
        v = v << 4 | g_ascii_xdigit_value((char)p[i]);
    }
    return v;
}

/* Copies the escape at bytes[at]; one that stands for NUL or half a character becomes U+FFFD. */
static size_t mend_escape(mended *m, const uint8_t *bytes, size_t len, size_t at)
{
    int v, low;

    if (len - at < 6 || bytes[at + 1] != 'u' || (v = hex4(bytes + at + 2)) < 0) {
        size_t n = MIN((size_t)2, len - at);
        g_string_append_len(m->text, (const char *)bytes + at, (gssize)n);
        return at + n;
    }
    if (v >= 0xd800 && v <= 0xdbff && len - at >= 12 && bytes[at + 6] == '\\' && bytes[at + 7] == 'u' &&
        (low = hex4(bytes + at + 8)) >= 0xdc00 && low <= 0xdfff) {
        g_string_append_len(m->text, (const char *)bytes + at, 12);
        return at + 12;
    }
    if (v == 0 || (v >= 0xd800 && v <= 0xdfff)) {
        g_string_append(m->text, "\\ufffd");
    } else {
        g_string_append_len(m->text, (const char *)bytes + at, 6);
    }
    return at + 6;
}

static size_t mend_string(mended *m, const uint8_t *bytes, size_t len, size_t at)
{
    size_t end = string_end(bytes, len, at);

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

static void mend_quote(mended *m)
{
    gsize at = m->text->len;

    g_array_append_val(m->quotes, at);
    g_string_append_c(m->text, '"');
}

/* A number that may be too big becomes a string: an identifier keeps its digits. */
static size_t mend_number(mended *m, const uint8_t *bytes, size_t len, size_t at)
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

static mended mend(const uint8_t *bytes, size_t len)
{
    mended m = {g_string_sized_new(len + 64), g_array_new(FALSE, FALSE, sizeof(gsize)), SIZE_MAX};
    size_t at = 0;

    while (at < len) {
        if (bytes[at] == '"') {
            at = mend_string(&m, bytes, len, at);
        } else if (g_ascii_isdigit(bytes[at]) || bytes[at] == '-') {
            at = mend_number(&m, bytes, len, at);
        } else {
            g_string_append_c(m.text, (char)bytes[at++]);
        }
    }
    return m;
}

/* Where offset of the mended text stood in the message. */
static size_t mended_offset(const mended *m, size_t offset)
{
    size_t before = 0;

    while (before < m->quotes->len && g_array_index(m->quotes, gsize, before) < offset) {
        before++;
    }
    return offset - before;
}

/* ---- reading ---- */

static const char *problem_name(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input:
        return "JSON ends too early";
    case json_error_invalid_utf8:
        return "JSON text is not UTF-8";
    case json_error_stack_overflow:
        return "JSON is nested too deep to be read";
    default:
        return "JSON syntax error";
    }
}

wr_json_text wr_json_text_read(const uint8_t *bytes, size_t len)
{
    const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
    wr_json_text out = {NULL, len, false, NULL, 0};
    extent x = measure(bytes, len);
    json_error_t error;
    mended m;

    if (x.end != 0) {
        out.end = x.end;
    }
    if (x.bound != NULL) {
        out.bound = true;
        out.problem = x.bound;
        out.offset = x.bound_at;
        return out;
    }
    out.root = json_loadb((const char *)bytes, out.end, flags, &error);
    if (out.root != NULL) {
        return out;
    }
    m = mend(bytes, out.end);
    out.root = json_loadb(m.text->str, m.text->len, flags, &error);
    if (out.root == NULL) {
        out.problem = problem_name(&error);
        out.bound = json_error_code(&error) == json_error_stack_overflow;
        out.offset = mended_offset(&m, error.position > 0 ? (size_t)error.position : 0);
    } else if (m.not_utf8 != SIZE_MAX) {
        out.problem = "JSON text is not UTF-8";
        out.offset = m.not_utf8;
    }
    g_string_free(m.text, TRUE);
    g_array_free(m.quotes, TRUE);
    return out;
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
            if (c > 0xc3) {
                return false;
            }
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

    for (const char *p = s; p < s + len; p = g_utf8_next_char(p)) {
        g_string_append_printf(hex, "%02x", g_utf8_get_char(p));
    }
    return g_string_free(hex, FALSE);
}

static char *string_as_text(const char *s, size_t len)
{
    char *text;

    if (len > WR_JSON_TEXT_SHOWN) {
        const char *cut = g_utf8_find_prev_char(s, s + WR_JSON_TEXT_SHOWN + 1);
        len = cut != NULL ? (size_t)(cut - s) : 0;
    }
    if (len == 0) {
        return NULL;
    }
    if (is_raw_bytes(s, len)) {
        return raw_bytes_as_hex(s, len);
    }
    text = g_strndup(s, len);
    for (char *p = text; p < text + len; p++) {
        if ((unsigned char)*p < 0x20) {
            *p = ' ';
        }
    }
    return text;
}

char *wr_json_text_of(const json_t *value)
{
    static const char *const members[] = {"id", "userId", "userid", "sessionid", "sessionId", "roomid", "name"};

    if (json_is_string(value)) {
        return string_as_text(json_string_value(value), json_string_length(value));
    }
    if (json_is_integer(value)) {
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
    for (size_t i = 0; json_is_object(value) && i < G_N_ELEMENTS(members); i++) {
        const json_t *member = json_object_get(value, members[i]);
        if (json_is_string(member) || json_is_integer(member)) {
            return wr_json_text_of(member);
        }
    }
    return NULL;
}
