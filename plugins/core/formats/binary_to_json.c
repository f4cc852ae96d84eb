/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns MessagePack, and Protocol Buffers whose schema is not known, into JSON values. A message must be used up by
 * its values, else it is of another notation. Neither has anything that covers it.
 *
 *     MessagePack: a form byte, then what it announces (numbers are big-endian)
 *          00-7f, e0-ff  the integer itself         80-8f, de, df  map: key, value, key, value …
 *          a0-bf, d9-db  text of so many bytes      90-9f, dc, dd  array: value …
 *          c4-c6         bytes                      c0, c2, c3     nothing, false, true
 *          c7-c9, d4-d8  extension: type, bytes     ca-d3          numbers of a fixed width
 *
 *     Protocol Buffers: fields up to the end of the message
 *          | varint: field number << 3, wire type | value |
 *          wire 0: varint; 1: 8 bytes; 2: varint of a length, so many bytes (text, bytes, or a message); 5: 4 bytes
 *          a varint is 7 bits a byte, the lowest first; all bytes but its last have the highest bit set
 */
#include <glib.h>
#include <string.h>

#include "formats/json_write.h"
#include "formats/to_json.h"
#include "formats/unwrap.h"
#include "value_reader.h"

/* ---- MessagePack ---- */

/* These give false when the bytes are broken or a bound is reached, else set *out, to NULL for null. */
static bool msgpack_value(wr_reader *r, unsigned depth, json_object **out);

/* A text or binary value. Binary that is no text is null. */
static bool msgpack_text(wr_reader *r, uint64_t len, json_object **out)
{
    const uint8_t *bytes = r->p;

    if (len > (uint64_t)(r->end - r->p))
        return false;
    r->p += len;
    *out = wr_reader_text(r, bytes, (size_t)len);
    return true;
}

/* Every element takes a byte at least, so a count beyond what is left is broken. */
static bool msgpack_array(wr_reader *r, uint64_t count, unsigned depth, json_object **out)
{
    json_object *array, *value;

    if (count > (uint64_t)(r->end - r->p))
        return false;
    array = json_object_new_array();
    for (; count > 0; count--) {
        if (!msgpack_value(r, depth, &value)) {
            json_object_put(array);
            return false;
        }
        json_object_array_add(array, value);
    }
    *out = array;
    return true;
}

static bool msgpack_member(wr_reader *r, json_object *object, unsigned depth)
{
    json_object *key, *value;

    if (!msgpack_value(r, depth, &key))
        return false;
    if (!msgpack_value(r, depth, &value)) {
        json_object_put(key);
        return false;
    }
    if (wr_value_is_string(key))
        json_object_object_add(object, wr_value_string(key), value);
    else
        json_object_put(value);
    json_object_put(key);
    return true;
}

static bool msgpack_map(wr_reader *r, uint64_t count, unsigned depth, json_object **out)
{
    json_object *object;

    if (count > (uint64_t)(r->end - r->p) / 2)
        return false;
    object = json_object_new_object();
    for (; count > 0; count--) {
        if (!msgpack_member(r, object, depth)) {
            json_object_put(object);
            return false;
        }
    }
    *out = object;
    return true;
}

static bool msgpack_skip(wr_reader *r, uint64_t len)
{
    if (len > (uint64_t)(r->end - r->p))
        return false;
    r->p += len;
    return true;
}

static bool msgpack_integer(int64_t n, json_object **out)
{
    *out = json_object_new_int64(n);
    return true;
}

static bool msgpack_boolean(bool b, json_object **out)
{
    *out = json_object_new_boolean(b);
    return true;
}

/* The forms with a byte of their own, 0xc0 to 0xdf. */
static bool msgpack_long(wr_reader *r, uint8_t form, unsigned depth, json_object **out)
{
    static const uint8_t length_bytes[32] = {[4] = 1, 2, 4, 1,        2, 4, [12] = 1, 2, 4, 8, 1,
                                             2,       4, 8, [25] = 1, 2, 4, 2,        4, 2, 4};
    uint64_t n = 0;

    if (length_bytes[form - 0xc0] > 0 && !wr_reader_number(r, length_bytes[form - 0xc0], &n))
        return false;
    switch (form) {
    case 0xc0:
        return true;
    case 0xc2:
    case 0xc3:
        return msgpack_boolean(form == 0xc3, out);
    case 0xc4:
    case 0xc5:
    case 0xc6:
    case 0xd9:
    case 0xda:
    case 0xdb:
        return msgpack_text(r, n, out);
    case 0xc7:
    case 0xc8:
    case 0xc9:
        return msgpack_skip(r, n + 1);
    case 0xca:
        return msgpack_skip(r, 4);
    case 0xcb:
        return msgpack_skip(r, 8);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return msgpack_integer((int64_t)(n & G_MAXINT64), out);
    case 0xd0:
        return msgpack_integer((int8_t)n, out);
    case 0xd1:
        return msgpack_integer((int16_t)n, out);
    case 0xd2:
        return msgpack_integer((int32_t)n, out);
    case 0xd3:
        return msgpack_integer((int64_t)n, out);
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
        return msgpack_skip(r, (1u << (form - 0xd4)) + 1);
    case 0xdc:
    case 0xdd:
        return msgpack_array(r, n, depth, out);
    case 0xde:
    case 0xdf:
        return msgpack_map(r, n, depth, out);
    default:
        return false;
    }
}

static bool msgpack_value(wr_reader *r, unsigned depth, json_object **out)
{
    uint8_t form;

    *out = NULL;
    if (r->p == r->end || !wr_reader_spend(r))
        return false;
    if (depth >= WR_TO_JSON_MAX_NESTING) {
        r->bound = true;
        return false;
    }
    form = *r->p++;
    if (form < 0x80)
        return msgpack_integer(form, out);
    if (form < 0x90)
        return msgpack_map(r, form & 0x0f, depth + 1, out);
    if (form < 0xa0)
        return msgpack_array(r, form & 0x0f, depth + 1, out);
    if (form < 0xc0)
        return msgpack_text(r, form & 0x1f, out);
    return form < 0xe0 ? msgpack_long(r, form, depth + 1, out) : msgpack_integer((int8_t)form, out);
}

bool wr_looks_like_msgpack(const uint8_t *bytes, size_t len)
{
    /* A map whose first key is a text, or an array of more than one value. */
    return len >= 16 && ((bytes[0] > 0x80 && bytes[0] < 0x90 && bytes[1] > 0xa0 && bytes[1] < 0xc0) ||
                         (bytes[0] > 0x91 && bytes[0] < 0xa0));
}

json_object *wr_msgpack_to_json(const uint8_t *bytes, size_t len, bool *bound)
{
    wr_reader r = wr_reader_of(bytes, len);
    json_object *value = NULL;

    if (!wr_looks_like_msgpack(bytes, len))
        return NULL;
    if (!r.bound) {
        msgpack_value(&r, 0, &value);
        if (r.p != r.end) {
            json_object_put(value);
            value = NULL;
        }
    }
    *bound = *bound || r.bound;
    return value;
}

/* ---- Protocol Buffers ---- */

typedef struct {
    unsigned number, wire;
    const uint8_t *bytes; /* of wire type 2 */
    size_t len;
} field;

static bool take_varint(const uint8_t **p, const uint8_t *end, uint64_t *out)
{
    *out = 0;
    for (unsigned shift = 0; shift < 64 && *p < end; shift += 7) {
        uint8_t byte = *(*p)++;
        *out |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

static bool take_field(const uint8_t **p, const uint8_t *end, field *f)
{
    uint64_t tag, n;

    if (!take_varint(p, end, &tag) || tag >> 3 == 0 || tag > G_MAXUINT32)
        return false;
    f->number = (unsigned)(tag >> 3);
    f->wire = (unsigned)(tag & 7);
    f->bytes = NULL;
    f->len = 0;
    switch (f->wire) {
    case 0:
        return take_varint(p, end, &n);
    case 1:
    case 5:
        n = f->wire == 1 ? 8 : 4;
        break;
    case 2:
        if (!take_varint(p, end, &n))
            return false;
        break;
    default:
        return false;
    }
    if (n > (uint64_t)(end - *p))
        return false;
    f->bytes = *p;
    f->len = (size_t)n;
    *p += n;
    return true;
}

static bool is_message(const uint8_t *p, size_t len)
{
    const uint8_t *end = p + len;
    field f;

    while (p < end)
        if (!take_field(&p, end, &f))
            return false;
    return len > 0;
}

/* What begins so is text, also where its bytes could be read as fields. */
static bool begins_as_text(const uint8_t *bytes, size_t len)
{
    return len >= 2 &&
           (bytes[0] == '{' || bytes[0] == '[' || ((bytes[0] == 'v' || bytes[0] == 'a') && bytes[1] == '=') ||
            (len > 10 && memcmp(bytes, "candidate:", 10) == 0) || wr_unwrap_looks_deflated(bytes, len));
}

static json_object *protobuf_message(wr_reader *r, const uint8_t *p, size_t len, unsigned depth);

/* A message or text, also one that was packed. What was packed may hold what is packed, within the bounds of both. */
static json_object *protobuf_value(wr_reader *r, const uint8_t *bytes, size_t len, unsigned depth)
{
    json_object *value = NULL;
    const bool deflated = wr_unwrap_looks_deflated(bytes, len);

    if (!deflated && (begins_as_text(bytes, len) || !is_message(bytes, len)))
        return wr_value_new_string((const char *)bytes, len);
    if (depth >= WR_PROTOBUF_MAX_NESTING) {
        r->bound = true;
        return NULL;
    }
    if (deflated) {
        GByteArray *made = wr_reader_inflate(r, bytes, len);
        if (made != NULL) {
            value = protobuf_value(r, made->data, made->len, depth + 1);
            g_byte_array_unref(made);
        }
        return value;
    }
    return protobuf_message(r, bytes, len, depth + 1);
}

static bool says_kind(const json_object *value)
{
    const char *text = wr_value_string(value);

    return text != NULL && (strcmp(text, "offer") == 0 || strcmp(text, "answer") == 0 || strcmp(text, "pranswer") == 0);
}

static json_object *protobuf_message(wr_reader *r, const uint8_t *p, size_t len, unsigned depth)
{
    const uint8_t *end = p + len;
    json_object *object = json_object_new_object();
    field f;

    while (p < end && take_field(&p, end, &f)) {
        char name[16];
        json_object *value;
        if (f.wire != 2 || f.len == 0)
            continue;
        if (!wr_reader_spend(r))
            break;
        value = protobuf_value(r, f.bytes, f.len, depth);
        if (value == NULL)
            continue;
        g_snprintf(name, sizeof name, "%u", f.number);
        wr_to_json_add(object, says_kind(value) && !wr_value_has(object, "type") ? "type" : name, value, false);
    }
    return object;
}

bool wr_looks_like_protobuf(const uint8_t *bytes, size_t len)
{
    const uint8_t *p = bytes;
    field f;

    if (len < 16 || bytes[0] >= 0x80 || begins_as_text(bytes, len))
        return false;
    /* A byte of the frame's type may stand before. Text seldom begins like a field. */
    p += bytes[0] < 0x08 ? 1 : 0;
    return (*p < 0x20 || (*p & 7) == 2) && take_field(&p, bytes + len, &f);
}

json_object *wr_protobuf_to_json(const uint8_t *bytes, size_t len, bool *bound)
{
    wr_reader r = wr_reader_of(bytes, len);
    json_object *value = NULL;
    size_t skip;

    if (!wr_looks_like_protobuf(bytes, len))
        return NULL;
    if (!r.bound) {
        skip = bytes[0] < 0x08 ? 1 : 0;
        if (is_message(bytes + skip, len - skip))
            value = protobuf_message(&r, bytes + skip, len - skip, 0);
    }
    *bound = *bound || r.bound;
    return value;
}
