/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signalling messages that are spread over several messages of their carrier, put together:
 *
 * - Firebase Realtime Database parts a text of more than 16,384 UTF-16 units; how many parts follow is said before, in
 * a message that is a number and nothing else.
 * - Socket.IO sends binary values behind their event, one message each; in the event {"_placeholder":true,"num":0}
 * stands for the first. The event is given back with one value in its place.
 *
 * - Applications part texts that are too long for their server (SkyWay: {"id":…,"chunk":…,"offset":…,"length":…}). With
 * the last part the message is given back with the whole text in its place.
 *
 * One wr_pieces is for what one end of one connection sends. What it keeps is bounded, all of them together by `room`.
 */
#ifndef WR_PIECES_H
#define WR_PIECES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_PIECES_MAX       512         /* parts or binary values of one message */
#define WR_PIECES_MAX_BYTES (8u << 20)  /* of a text put together */
#define WR_PIECES_MAX_EVENT (64u << 10) /* of an event that has binary values */
#define WR_PIECES_ROOM      (64u << 20) /* for all connections together, to begin with */

typedef struct wr_pieces wr_pieces;

typedef enum {
    WR_PIECE_NONE = 0, /* a message of its own */
    WR_PIECE_PART,     /* part of one that goes on */
    WR_PIECE_WHOLE,    /* with this one is whole */
    WR_PIECE_BOUND     /* part of one that is more than is kept: given up */
} wr_piece;

/* room: bytes that may still be kept; it outlives the wr_pieces. */
wr_pieces *wr_pieces_new(size_t *room);
void wr_pieces_free(wr_pieces *p);

/* Cheap: another message may follow that belongs to this one. */
bool wr_pieces_may_begin(const uint8_t *bytes, size_t len);
/* Something was begun, so that the next message must be shown to wr_pieces_take(). */
bool wr_pieces_is_open(const wr_pieces *p);
/* The next message; url: the connection's, NULL when not known. *whole is set with WR_PIECE_WHOLE alone; free it with
 * g_byte_array_unref(). */
wr_piece wr_pieces_take(wr_pieces *p, const uint8_t *bytes, size_t len, const char *url, GByteArray **whole);
/* The event that was begun needs no putting together. */
void wr_pieces_drop(wr_pieces *p);

#endif
