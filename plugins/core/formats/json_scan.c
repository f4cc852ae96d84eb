/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looks over a JSON text before json-c reads it: where it ends, how much it holds, and whether it has what json-c takes
 * silently, and partly for something else: numbers of more than 64 bits, NUL in names, half a pair of surrogates and
 * some whole ones, NaN and Infinity, single quotes, comments, commas before a closing bracket, control characters in
 * strings, UTF-8 that is too long or beyond Unicode, numbers such as -01, 01.5, -.5 and "1.".
 *
 * Told to be strict, json-c would refuse a part of that: another part in each version, and in 0.18 all that is not
 * ASCII.
 */
#include "json_scan.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "formats/json_text.h"

#define EACH_BYTE(c)    (UINT64_C(0x0101010101010101) * (c))
#define SURELY_WHOLE    18  /* digits of a number that always fits 64 bits */
#define SURELY_FRACTION 300 /* characters of a number without an exponent that always fits a double */

static void note_flaw(wr_json_extent *x, size_t at)
{
    x->flaw = MIN(x->flaw, at);
}

/* ---- strings ---- */

/* The lowest bit set belongs to the first of eight bytes that is a quote, a backslash, a control character or not
 * ASCII. Taking n from each byte leaves the highest bit of one that was less, and wrong bits only above it. */
static uint64_t special_of_eight(uint64_t eight)
{
    uint64_t found = eight | (eight - EACH_BYTE(0x20));

    found |= (eight ^ EACH_BYTE('"')) - EACH_BYTE(1);
    found |= (eight ^ EACH_BYTE('\\')) - EACH_BYTE(1);
    return found & EACH_BYTE(0x80);
}

/* The next such byte, or len. Strings are most of a message, and plain text most of a string. */
static size_t next_special(const uint8_t *bytes, size_t len, size_t at)
{
    uint64_t eight, found;

    for (; len - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, bytes + at, sizeof eight);
        found = special_of_eight(GUINT64_FROM_LE(eight));
        if (found != 0)
            return at + (size_t)__builtin_ctzll(found) / 8;
    }
    while (at < len && bytes[at] >= 0x20 && bytes[at] < 0x80 && bytes[at] != '"' && bytes[at] != '\\')
        at++;
    return at;
}

static int hex4(const uint8_t *p)
{
    int v = 0;

    for (int i = 0; i < 4; i++) {
        if (!g_ascii_isxdigit(p[i]))
            return -1;
        v = v << 4 | g_ascii_xdigit_value((char)p[i]);
    }
    return v;
}

size_t wr_json_escape_length(const uint8_t *bytes, size_t len, size_t at, int *character)
{
    const uint8_t *p = bytes + at;
    int low;

    *character = -1;
    if (len - at < 6 || p[1] != 'u' || (*character = hex4(p + 2)) < 0)
        return 2;
    if (*character >= 0xd800 && *character <= 0xdbff && len - at >= 12 && p[6] == '\\' && p[7] == 'u') {
        low = hex4(p + 8);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *character = ((*character - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
            return 12;
        }
    }
    return 6;
}

bool wr_json_misreads(int character)
{
    return character > 0xffff && (character & 0xf800) == 0xd800;
}

/* Byte after an escape. NUL is a flaw in a name alone, and is looked at again when the string's end is known. */
static size_t pass_escape(wr_json_extent *x, const uint8_t *bytes, size_t len, size_t at, size_t *nul)
{
    int character;
    size_t n;

    if (len - at < 2 || bytes[at + 1] != 'u') /* most are line ends */
        return MIN(at + 2, len);
    n = wr_json_escape_length(bytes, len, at, &character);
    if (character >= 0xd800 && character <= 0xdfff)
        note_flaw(x, at);
    else if (character == 0)
        *nul = MIN(*nul, at);
    else if (wr_json_misreads(character))
        x->misread = true;
    return MIN(at + n, len);
}

size_t wr_json_blanks_end(const uint8_t *bytes, size_t len, size_t at)
{
    while (at < len && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n'))
        at++;
    return at;
}

/* The flaws of a string that could be judged only by its end. */
static void judge_string(wr_json_extent *x, const uint8_t *bytes, size_t len, size_t begin, size_t end, bool ascii,
                         size_t nul)
{
    const char *bad;

    if (!ascii && x->flaw > begin && !g_utf8_validate((const char *)bytes + begin, (gssize)(end - begin), &bad))
        note_flaw(x, (size_t)(bad - (const char *)bytes));
    if (nul != SIZE_MAX) {
        x->has_nul = true;
        end = wr_json_blanks_end(bytes, len, end);
        if (end < len && bytes[end] == ':')
            note_flaw(x, nul);
    }
}

size_t wr_json_string_end(const uint8_t *bytes, size_t len, size_t at, wr_json_extent *x)
{
    wr_json_extent unused = {0, SIZE_MAX, false, false, NULL, 0};
    const size_t begin = at;
    size_t nul = SIZE_MAX;
    bool ascii = true;

    x = x != NULL ? x : &unused;
    for (at++; at < len;) {
        const uint8_t c = bytes[at];
        if (c == '\\') {
            at = pass_escape(x, bytes, len, at, &nul);
        } else if (c == '"') {
            at++;
            if (!ascii || nul != SIZE_MAX)
                judge_string(x, bytes, len, begin, at, ascii, nul);
            return at;
        } else if (c >= 0x20 && c < 0x80) {
            at = next_special(bytes, len, at + 1);
        } else {
            if (c < 0x20)
                note_flaw(x, at);
            ascii = ascii && c < 0x80;
            at++;
        }
    }
    return 0;
}

/* ---- numbers ---- */

static size_t digits_end(const uint8_t *bytes, size_t len, size_t at)
{
    while (at < len && g_ascii_isdigit(bytes[at]))
        at++;
    return at;
}

static bool is_too_big(const uint8_t *bytes, size_t len, bool whole)
{
    char *text = g_strndup((const char *)bytes, len);
    bool big;

    errno = 0;
    if (whole) {
        g_ascii_strtoll(text, NULL, 10);
        big = errno == ERANGE;
    } else {
        big = isinf(g_ascii_strtod(text, NULL)) != 0;
    }
    g_free(text);
    return big;
}

/* Byte after the number that begins at bytes[at], a digit or a minus (RFC 8259 6). */
static size_t pass_number(wr_json_extent *x, const uint8_t *bytes, size_t len, size_t at)
{
    const size_t first = at + (bytes[at] == '-');
    size_t end = digits_end(bytes, len, first), more = end;
    bool well = end > first && (bytes[first] != '0' || end == first + 1), whole = true, exponent = false;

    if (end < len && bytes[end] == '.') {
        more = digits_end(bytes, len, end + 1);
        well = well && more > end + 1;
        whole = false;
    }
    end = more;
    if (end < len && (bytes[end] == 'e' || bytes[end] == 'E')) {
        const size_t sign = end + 1 < len && (bytes[end + 1] == '+' || bytes[end + 1] == '-');
        more = digits_end(bytes, len, end + 1 + sign);
        well = well && more > end + 1 + sign;
        whole = false;
        exponent = true;
    }
    end = MIN(more, len);
    if (!well || ((exponent || end - first > (whole ? SURELY_WHOLE : SURELY_FRACTION)) &&
                  is_too_big(bytes + at, end - at, whole)))
        note_flaw(x, at);
    return end;
}

/* ---- texts ---- */

static size_t pass_literal(wr_json_extent *x, const uint8_t *bytes, size_t len, size_t at)
{
    static const char *const literals[] = {"true", "false", "null"};

    for (size_t i = 0; i < G_N_ELEMENTS(literals); i++) {
        const size_t n = MIN(strlen(literals[i]), len - at); /* the text may be cut here */
        if (memcmp(bytes + at, literals[i], n) == 0)
            return at + n;
    }
    note_flaw(x, at);
    return at + 1;
}

typedef struct {
    size_t depth, containers, values;
    bool comma; /* was the last that came, white space aside */
} counts;

static void check_bounds(wr_json_extent *x, const counts *n, size_t at)
{
    if (x->bound == NULL &&
        (n->depth > WR_JSON_MAX_NESTING || n->containers > WR_JSON_MAX_CONTAINERS || n->values > WR_JSON_MAX_VALUES)) {
        x->bound = n->depth > WR_JSON_MAX_NESTING ? "JSON is nested too deep to be read"
                                                  : "JSON holds too many values to be read";
        x->bound_at = at;
    }
}

/* A bracket or comma. */
static void count_mark(wr_json_extent *x, counts *n, uint8_t c, size_t at)
{
    if (c == ',') {
        n->values++;
    } else if (c == '{' || c == '[') {
        n->depth++;
        n->containers++;
    } else if (n->depth == 0 || n->comma) {
        note_flaw(x, at);
    }
    n->comma = c == ',';
    check_bounds(x, n, at);
    if ((c == '}' || c == ']') && n->depth > 0 && --n->depth == 0)
        x->end = at + 1;
}

wr_json_extent wr_json_measure(const uint8_t *bytes, size_t len)
{
    wr_json_extent x = {0, SIZE_MAX, false, false, NULL, 0};
    counts n = {0, 0, 0, false};
    size_t at = 0;

    if (len > 0 && bytes[0] == '"') {
        x.end = wr_json_string_end(bytes, len, 0, &x);
        return x;
    }
    while (at < len && x.end == 0) {
        const uint8_t c = bytes[at];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':') {
            at++; /* json-c sees whether a colon stands where it may */
        } else if (c == '"') {
            at = wr_json_string_end(bytes, len, at, &x);
            n.comma = false;
            if (at == 0)
                break;
        } else if (c == ',' || c == '{' || c == '}' || c == '[' || c == ']') {
            count_mark(&x, &n, c, at++);
        } else if (c == '-' || g_ascii_isdigit(c)) {
            at = pass_number(&x, bytes, len, at);
            n.comma = false;
        } else {
            at = pass_literal(&x, bytes, len, at);
            n.comma = false;
        }
    }
    return x;
}
