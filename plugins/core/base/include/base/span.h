/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which bytes of a message something was read from, so that whoever shows it can show them too.
 */
#ifndef WR_SPAN_H
#define WR_SPAN_H

#include <stddef.h>
#include <stdint.h>

/* length 0: it was read from none, or it is not known from which. */
typedef struct {
    uint32_t offset, length;
} wr_span;

/* The n bytes at, which lie in the message that begins with begin. */
static inline wr_span wr_span_of(const uint8_t *begin, const uint8_t *at, size_t n)
{
    wr_span span = {(uint32_t)(at - begin), (uint32_t)n};

    return span;
}

#endif
