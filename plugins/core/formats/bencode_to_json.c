/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns bencoding (BEP 3), of which rtpengine's ng protocol makes its messages, into JSON values. */
#include <glib.h>

#include "formats/json_write.h"
#include "formats/to_json.h"
#include "value_reader.h"

#define MOST_DIGITS 18 /* of a number that always fits 64 bits */

/* These give false when the bytes are broken or a bound is reached, else set *out. */
static bool value(wr_reader *r, unsigned depth, json_object **out);

/* Digits up to `stop`, which is passed. */
static bool number(wr_reader *r, uint8_t stop, uint64_t *out)
{
    unsigned digits = 0;

    for (*out = 0; r->p < r->end && g_ascii_isdigit(*r->p) && digits < MOST_DIGITS; r->p++, digits++)
        *out = *out * 10 + (uint64_t)(*r->p - '0');
    return digits > 0 && r->p < r->end && *r->p++ == stop;
}

static bool integer(wr_reader *r, json_object **out)
{
    const bool negative = r->p < r->end && *r->p == '-';
    uint64_t n;

    r->p += negative ? 1 : 0;
    if (!number(r, 'e', &n))
        return false;
    *out = json_object_new_int64(negative ? -(int64_t)n : (int64_t)n);
    return true;
}

static bool text(wr_reader *r, json_object **out)
{
    const uint8_t *bytes;
    uint64_t len;

    if (!number(r, ':', &len))
        return false;
    bytes = r->p;
    if (!wr_reader_skip(r, len))
        return false;
    *out = wr_reader_text(r, bytes, (size_t)len);
    return true;
}

static bool ends(wr_reader *r)
{
    if (r->p == r->end || *r->p != 'e')
        return false;
    r->p++;
    return true;
}

static bool list(wr_reader *r, unsigned depth, json_object **out)
{
    json_object *array = json_object_new_array(), *one;

    while (!ends(r)) {
        if (!value(r, depth, &one)) {
            json_object_put(array);
            return false;
        }
        json_object_array_add(array, one);
    }
    *out = array;
    return true;
}

static bool dictionary(wr_reader *r, unsigned depth, json_object **out)
{
    json_object *object = json_object_new_object(), *key, *held;

    while (!ends(r)) {
        bool well = wr_reader_spend(r) && text(r, &key);
        if (well && !value(r, depth, &held)) {
            json_object_put(key);
            well = false;
        }
        if (!well) {
            json_object_put(object);
            return false;
        }
        if (wr_value_is_string(key))
            json_object_object_add(object, wr_value_string(key), held);
        else
            json_object_put(held);
        json_object_put(key);
    }
    *out = object;
    return true;
}

static bool value(wr_reader *r, unsigned depth, json_object **out)
{
    *out = NULL;
    if (r->p == r->end || !wr_reader_spend(r))
        return false;
    if (depth >= WR_TO_JSON_MAX_NESTING) {
        r->bound = true;
        return false;
    }
    switch (*r->p) {
    case 'd':
        r->p++;
        return dictionary(r, depth + 1, out);
    case 'l':
        r->p++;
        return list(r, depth + 1, out);
    case 'i':
        r->p++;
        return integer(r, out);
    default:
        return text(r, out);
    }
}

bool wr_looks_like_bencode(const uint8_t *bytes, size_t len)
{
    size_t at = 1;

    if (len < 16 || bytes[0] != 'd')
        return false;
    while (at < 5 && g_ascii_isdigit(bytes[at]))
        at++;
    return at > 1 && bytes[at] == ':';
}

json_object *wr_bencode_to_json(const uint8_t *bytes, size_t len, bool *bound)
{
    return wr_looks_like_bencode(bytes, len) ? wr_reader_only_value(bytes, len, value, bound) : NULL;
}
