/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all readers of binary notations do with bytes. */
#include "value_reader.h"

#include <glib.h>

#include "formats/json_write.h"
#include "formats/to_json.h"
#include "formats/unwrap.h"

wr_reader wr_reader_of(const uint8_t *bytes, size_t len)
{
    wr_reader r = {bytes, bytes + len, WR_TO_JSON_MAX_VALUES, WR_TO_JSON_MAX_INFLATED, len > WR_TO_JSON_MAX_BYTES};

    return r;
}

json_object *wr_reader_only_value(const uint8_t *bytes, size_t len,
                                  bool (*value)(wr_reader *r, unsigned depth, json_object **out), bool *bound)
{
    wr_reader r = wr_reader_of(bytes, len);
    json_object *root = NULL;

    if (!r.bound && (!value(&r, 0, &root) || r.p != r.end)) {
        json_object_put(root);
        root = NULL;
    }
    *bound = *bound || r.bound;
    return root;
}

bool wr_reader_spend(wr_reader *r)
{
    if (r->values == 0) {
        r->bound = true;
        return false;
    }
    r->values--;
    return true;
}

bool wr_reader_number(wr_reader *r, unsigned bytes, uint64_t *out)
{
    if ((size_t)(r->end - r->p) < bytes)
        return false;
    for (*out = 0; bytes > 0; bytes--)
        *out = *out << 8 | *r->p++;
    return true;
}

bool wr_reader_number_le(wr_reader *r, unsigned bytes, uint64_t *out)
{
    if ((size_t)(r->end - r->p) < bytes)
        return false;
    *out = 0;
    for (unsigned i = 0; i < bytes; i++)
        *out |= (uint64_t)*r->p++ << 8 * i;
    return true;
}

bool wr_reader_skip(wr_reader *r, uint64_t len)
{
    if (len > (uint64_t)(r->end - r->p))
        return false;
    r->p += len;
    return true;
}

GByteArray *wr_reader_inflate(wr_reader *r, const uint8_t *bytes, size_t len)
{
    bool cut = false;
    GByteArray *made = r->inflated > 0 ? wr_unwrap_inflate(bytes, len, r->inflated, &cut) : NULL;

    r->bound = r->bound || cut || r->inflated == 0;
    if (made != NULL)
        r->inflated -= made->len;
    return made;
}

json_object *wr_reader_text(wr_reader *r, const uint8_t *bytes, size_t len)
{
    json_object *text = NULL;

    if (wr_unwrap_looks_deflated(bytes, len)) {
        GByteArray *made = wr_reader_inflate(r, bytes, len);
        if (made != NULL) {
            text = wr_value_new_string((const char *)made->data, made->len);
            g_byte_array_unref(made);
        }
        return text;
    }
    return wr_value_new_string((const char *)bytes, len);
}
