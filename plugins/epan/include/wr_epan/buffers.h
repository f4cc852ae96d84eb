/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of Wireshark's buffers (tvb), data sources, and texts in its pools. */
#ifndef WR_EPAN_BUFFERS_H
#define WR_EPAN_BUFFERS_H

#include "wr_epan/compat.h"

/* The captured bytes of a tvb and their number; NULL when there is none. tvb may be NULL. */
static inline const uint8_t *wr_tvb_bytes(tvbuff_t *tvb, unsigned *captured)
{
    *captured = tvb != NULL ? tvb_captured_length(tvb) : 0;
    return *captured != 0 ? tvb_get_ptr(tvb, 0, (int)*captured) : NULL;
}

/* The byte at offset; throws, as all of Wireshark's readers do, where there is none. Theirs for one byte changed its
 * name (tvb_get_guint8, tvb_get_uint8); this one did not. */
static inline uint8_t wr_tvb_u8(tvbuff_t *tvb, unsigned offset)
{
    return *tvb_get_ptr(tvb, (int)offset, 1);
}

/* The name of a data source begins so ("Frame", "Reassembled IPv4", "Decrypted DTLS", …). Who asks Wireshark for it
 * gets the name or a description, to free or not, by the series. */
bool wr_data_source_is(const struct data_source *source, const char *name);

/* A copy in pool; NULL stays NULL, where wmem_strdup() makes the text "<NULL>" of it. */
static inline char *wr_strdup(wmem_allocator_t *pool, const char *text)
{
    return text != NULL ? wmem_strdup(pool, text) : NULL;
}

#endif
