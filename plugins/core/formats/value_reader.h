/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to the readers of binary notations: bytes that are turned into JSON values, and what may still be made of
 * them.
 */
#ifndef WR_VALUE_READER_H
#define WR_VALUE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/json_value.h"

typedef struct {
    const uint8_t *p, *end;
    unsigned values; /* that may still be made */
    size_t inflated; /* bytes that packed values may still unpack to */
    bool bound;      /* was reached */
} wr_reader;

/* Already at its bound when there are more bytes than are looked at. */
wr_reader wr_reader_of(const uint8_t *bytes, size_t len);
/* The one value that the bytes are, to their last; NULL when they are none. value reads one at a depth, and makes *out
 * also when it fails. *bound is set at a bound, else left. The caller owns the result. */
json_object *wr_reader_only_value(const uint8_t *bytes, size_t len,
                                  bool (*value)(wr_reader *r, unsigned depth, json_object **out), bool *bound);
/* One more value; false at the bound. */
bool wr_reader_spend(wr_reader *r);
/* An unsigned number of so many bytes, up to 8, the highest first, or the lowest. False when they are not there. */
bool wr_reader_number(wr_reader *r, unsigned bytes, uint64_t *out);
bool wr_reader_number_le(wr_reader *r, unsigned bytes, uint64_t *out);
/* Skips; false when they are not there. */
bool wr_reader_skip(wr_reader *r, uint64_t len);
/* Text, or text that was packed, of so many bytes that are there; NULL for what is neither. */
json_object *wr_reader_text(wr_reader *r, const uint8_t *bytes, size_t len);
/* What was packed, within what may still be made; NULL when there is nothing. Free with g_byte_array_unref(). */
struct _GByteArray *wr_reader_inflate(wr_reader *r, const uint8_t *bytes, size_t len);

#endif
