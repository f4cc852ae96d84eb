/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Header fields of HTTP/2 (RFC 9113 4.3) out of their compressed form, HPACK (RFC 7541). What one end of a connection
 * sends is read from its first block on, in order: each refers to fields of those before.
 */
#ifndef WR_HPACK_H
#define WR_HPACK_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_HPACK_MOST (64u << 10) /* bytes of one block's fields that are told; a byte may stand for very many */

typedef struct wr_hpack wr_hpack;

/* One field; both texts end with a NUL, may hold others, and are valid during the call. */
typedef void (*wr_hpack_sink)(const char *name, size_t name_len, const char *value, size_t value_len, void *data);

/* Free with wr_hpack_free(), which takes NULL. */
wr_hpack *wr_hpack_new(void);
void wr_hpack_free(wr_hpack *h);
/* A whole block. False when it is broken, or its table bigger than is read: then nothing of this end can be read any
 * more. */
bool wr_hpack_block(wr_hpack *h, const uint8_t *bytes, size_t len, wr_hpack_sink sink, void *data);

#endif
