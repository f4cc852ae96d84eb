/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns BSON documents (version 1.1 of its specification) into JSON values. */
#include <glib.h>
#include <string.h>

#include "formats/json_write.h"
#include "formats/to_json.h"
#include "value_reader.h"

#define SMALLEST_DOCUMENT 5 /* its length and the zero at its end */

enum { DOUBLE = 1, TEXT, DOCUMENT, ARRAY, BINARY, UNDEFINED, OBJECT_ID, BOOLEAN, DATE, NOTHING, REGEX };
enum { CODE = 0x0d, SYMBOL, INT32 = 0x10, TIMESTAMP, INT64, DECIMAL };

/* These give false when the bytes are broken or a bound is reached. */
static bool document(wr_reader *r, unsigned depth, bool as_array, json_object **out);

/* A text that ends in zero. */
static const char *name(wr_reader *r)
{
    const uint8_t *begin = r->p, *zero = memchr(r->p, 0, (size_t)(r->end - r->p));

    if (zero == NULL)
        return NULL;
    r->p = zero + 1;
    return (const char *)begin;
}

/* The length counts the zero at the end. */
static bool text(wr_reader *r, json_object **out)
{
    const uint8_t *bytes;
    uint64_t len;

    if (!wr_reader_number_le(r, 4, &len) || len == 0)
        return false;
    bytes = r->p;
    if (!wr_reader_skip(r, len) || bytes[len - 1] != 0)
        return false;
    *out = wr_reader_text(r, bytes, (size_t)len - 1);
    return true;
}

static bool binary(wr_reader *r, json_object **out)
{
    const uint8_t *bytes;
    uint64_t len;

    if (!wr_reader_number_le(r, 4, &len) || !wr_reader_skip(r, 1))
        return false;
    bytes = r->p;
    if (!wr_reader_skip(r, len))
        return false;
    *out = wr_reader_text(r, bytes, (size_t)len);
    return true;
}

static bool integer(wr_reader *r, unsigned bytes, json_object **out)
{
    uint64_t n;

    if (!wr_reader_number_le(r, bytes, &n))
        return false;
    *out = json_object_new_int64(bytes == 4 ? (int64_t)(int32_t)(uint32_t)n : (int64_t)n);
    return true;
}

static bool element(wr_reader *r, uint8_t type, unsigned depth, json_object **out)
{
    uint64_t n;

    *out = NULL;
    switch (type) {
    case TEXT:
    case CODE:
    case SYMBOL:
        return text(r, out);
    case DOCUMENT:
    case ARRAY:
        return document(r, depth + 1, type == ARRAY, out);
    case BINARY:
        return binary(r, out);
    case BOOLEAN:
        if (!wr_reader_number_le(r, 1, &n))
            return false;
        *out = json_object_new_boolean(n != 0);
        return true;
    case INT32:
        return integer(r, 4, out);
    case INT64:
        return integer(r, 8, out);
    case DOUBLE:
    case DATE:
    case TIMESTAMP:
        return wr_reader_skip(r, 8);
    case OBJECT_ID:
        return wr_reader_skip(r, 12);
    case DECIMAL:
        return wr_reader_skip(r, 16);
    case REGEX:
        return name(r) != NULL && name(r) != NULL;
    default: /* smallest and greatest key as well */
        return type == UNDEFINED || type == NOTHING || type == 0xff || type == 0x7f;
    }
}

static bool document(wr_reader *r, unsigned depth, bool as_array, json_object **out)
{
    const uint8_t *outer_end = r->end, *begin = r->p;
    json_object *object, *one;
    uint64_t len;
    bool well = true;

    if (depth >= WR_TO_JSON_MAX_NESTING) {
        r->bound = true;
        return false;
    }
    if (!wr_reader_number_le(r, 4, &len) || len < SMALLEST_DOCUMENT || len > (uint64_t)(outer_end - begin))
        return false;
    r->end = begin + len;
    object = as_array ? json_object_new_array() : json_object_new_object();
    while (well && r->p < r->end && *r->p != 0) {
        const uint8_t type = *r->p++;
        const char *key = name(r);
        well = key != NULL && wr_reader_spend(r) && g_utf8_validate(key, -1, NULL) && element(r, type, depth, &one);
        if (well && as_array)
            json_object_array_add(object, one);
        else if (well)
            json_object_object_add(object, key, one);
    }
    well = well && r->end - r->p == 1;
    r->p = r->end;
    r->end = outer_end;
    if (!well)
        json_object_put(object);
    else
        *out = object;
    return well;
}

bool wr_looks_like_bson(const uint8_t *bytes, size_t len)
{
    if (len < 16 || bytes[len - 1] != 0)
        return false;
    return ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24) ==
               len &&
           bytes[4] >= DOUBLE && bytes[4] <= DECIMAL && bytes[5] >= 0x20;
}

json_object *wr_bson_to_json(const uint8_t *bytes, size_t len, bool *bound)
{
    wr_reader r = wr_reader_of(bytes, len);
    json_object *root = NULL;

    if (!wr_looks_like_bson(bytes, len))
        return NULL;
    if (!r.bound)
        document(&r, 0, false, &root);
    *bound = *bound || r.bound;
    return root;
}
