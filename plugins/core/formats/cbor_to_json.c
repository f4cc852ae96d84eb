/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns CBOR (RFC 8949) into JSON values. */
#include <glib.h>

#include "formats/json_write.h"
#include "formats/to_json.h"
#include "value_reader.h"

enum { UNSIGNED = 0, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE }; /* major types, RFC 8949 3.1 */

#define ENDLESS      31   /* additional information: the length is not known */
#define BREAK        0xff /* ends what has no known length */
#define PIECES_LIMIT (1u << 20)

/* These give false when the bytes are broken or a bound is reached, else set *out, to NULL for null. */
static bool value(wr_reader *r, unsigned depth, json_object **out);

/* The argument of an initial byte (RFC 8949 3). */
static bool argument(wr_reader *r, uint8_t info, uint64_t *out)
{
    *out = info;
    if (info < 24)
        return true;
    return info < 28 && wr_reader_number(r, 1u << (info - 24), out);
}

static bool at_break(wr_reader *r)
{
    if (r->p == r->end || *r->p != BREAK)
        return false;
    r->p++;
    return true;
}

/* Text or bytes; what comes in pieces is put together (RFC 8949 3.2.3). */
static bool text(wr_reader *r, uint8_t major, uint8_t info, json_object **out)
{
    GByteArray *all;
    uint64_t len;
    bool well = true;

    if (info != ENDLESS) {
        const uint8_t *bytes;
        if (!argument(r, info, &len))
            return false;
        bytes = r->p;
        if (!wr_reader_skip(r, len))
            return false;
        *out = wr_reader_text(r, bytes, (size_t)len);
        return true;
    }
    all = g_byte_array_new();
    while (well && !at_break(r)) {
        const uint8_t *piece;
        well = r->p < r->end && *r->p >> 5 == major && (*r->p & 31) != ENDLESS && wr_reader_spend(r);
        well = well && argument(r, *r->p++ & 31, &len);
        piece = r->p;
        well = well && wr_reader_skip(r, len) && all->len + len <= PIECES_LIMIT;
        if (well)
            g_byte_array_append(all, piece, (guint)len);
    }
    if (well)
        *out = wr_reader_text(r, all->data, all->len);
    g_byte_array_unref(all);
    return well;
}

/* Every element takes a byte at least, so a count beyond what is left is broken. */
static bool array(wr_reader *r, uint8_t info, unsigned depth, json_object **out)
{
    json_object *list = json_object_new_array(), *one;
    uint64_t n = UINT64_MAX;
    bool well = info == ENDLESS || (argument(r, info, &n) && n <= (uint64_t)(r->end - r->p));

    while (well && n > 0 && !(info == ENDLESS && at_break(r))) {
        well = value(r, depth, &one);
        if (well)
            json_object_array_add(list, one);
        n -= info == ENDLESS ? 0 : 1;
    }
    if (!well)
        json_object_put(list);
    else
        *out = list;
    return well;
}

/* Text keys alone are kept. */
static bool member(wr_reader *r, json_object *object, unsigned depth)
{
    json_object *key, *held;

    if (!value(r, depth, &key))
        return false;
    if (!value(r, depth, &held)) {
        json_object_put(key);
        return false;
    }
    if (wr_value_is_string(key))
        json_object_object_add(object, wr_value_string(key), held);
    else
        json_object_put(held);
    json_object_put(key);
    return true;
}

static bool map(wr_reader *r, uint8_t info, unsigned depth, json_object **out)
{
    json_object *object = json_object_new_object();
    uint64_t n = UINT64_MAX;
    bool well = info == ENDLESS || (argument(r, info, &n) && n <= (uint64_t)(r->end - r->p) / 2);

    while (well && n > 0 && !(info == ENDLESS && at_break(r))) {
        well = member(r, object, depth);
        n -= info == ENDLESS ? 0 : 1;
    }
    if (!well)
        json_object_put(object);
    else
        *out = object;
    return well;
}

static bool simple(wr_reader *r, uint8_t info, json_object **out)
{
    uint64_t n;

    if (info == 20 || info == 21)
        *out = json_object_new_boolean(info == 21);
    return argument(r, info, &n); /* null, undefined, and fractions are left out */
}

static bool value(wr_reader *r, unsigned depth, json_object **out)
{
    uint8_t first, major, info;
    uint64_t n;

    *out = NULL;
    if (r->p == r->end || !wr_reader_spend(r))
        return false;
    if (depth >= WR_TO_JSON_MAX_NESTING) {
        r->bound = true;
        return false;
    }
    first = *r->p++;
    major = first >> 5;
    info = first & 31;
    switch (major) {
    case UNSIGNED:
    case NEGATIVE:
        if (!argument(r, info, &n))
            return false;
        n &= (uint64_t)G_MAXINT64;
        *out = json_object_new_int64(major == UNSIGNED ? (int64_t)n : -1 - (int64_t)n);
        return true;
    case BYTES:
    case TEXT:
        return text(r, major, info, out);
    case ARRAY:
        return array(r, info, depth + 1, out);
    case MAP:
        return map(r, info, depth + 1, out);
    case TAG: /* says what the value is for; the value counts */
        return argument(r, info, &n) && value(r, depth + 1, out);
    default:
        return simple(r, info, out);
    }
}

bool wr_looks_like_cbor(const uint8_t *bytes, size_t len)
{
    size_t at = len >= 16 && bytes[0] == 0xd9 && bytes[1] == 0xd9 && bytes[2] == 0xf7 ? 3 : 0; /* RFC 8949 3.4.6 */
    uint8_t first, key;

    if (len < 16)
        return false;
    first = bytes[at];
    /* An array of more than one value, or a map whose first key is a text. */
    if ((first > 0x81 && first <= 0x9b) || first == 0x9f)
        return true;
    if (!(first > 0xa0 && first <= 0xbb) && first != 0xbf)
        return false;
    at += first == 0xb8 ? 2 : first == 0xb9 ? 3 : 1;
    key = bytes[at];
    return key > 0x60 && key <= 0x79;
}

json_object *wr_cbor_to_json(const uint8_t *bytes, size_t len, bool *bound)
{
    return wr_looks_like_cbor(bytes, len) ? wr_reader_only_value(bytes, len, value, bound) : NULL;
}
