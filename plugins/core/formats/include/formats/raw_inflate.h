/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw deflate (RFC 1951) without a head: the messages of a WebSocket with permessage-deflate (RFC 7692), which may need
 * what the ones before them held, and texts of applications.
 */
#ifndef WR_RAW_INFLATE_H
#define WR_RAW_INFLATE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One direction of a connection; takes 40 KiB at most. */
typedef struct wr_inflater wr_inflater;
wr_inflater *wr_inflater_new(void);    /* NULL when there is no memory */
void wr_inflater_free(wr_inflater *z); /* NULL is allowed */

/* Appends what the next message says to out, up to max bytes in all (RFC 7692 7.2.2). False when it cannot be read: it
 * is broken, too large, or needs what was not given; out then has what could be read, and no later message can be read
 * either. */
bool wr_inflater_message(wr_inflater *z, const uint8_t *bytes, size_t len, size_t max, GByteArray *out);

#endif
