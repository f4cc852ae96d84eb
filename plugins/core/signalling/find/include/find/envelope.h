/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands around a signalling message beside its text, or holds it in an unlikely place: binary headers that name a
 * sender or a channel, and URLs that carry the message itself.
 */
#ifndef WR_ENVELOPE_H
#define WR_ENVELOPE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_ENVELOPE_MAX_URL (64u << 10) /* bytes of a request target that are searched */

/* What a binary header before the JSON says: Vonage's Rumor (X-TB-FROM-ADDRESS), broadcasts of Supabase's realtime
 * (topic); or a text head: "O: 2" of Godot's demo and "ROOM_PEER_MSG 2" of GStreamer's name the other party. Members
 * are NULL when it does not; free them with g_free(). */
typedef struct {
    char *from, *call;
    char *peer; /* who it is for, of what the client sends; whose it is, of what it is sent */
} wr_envelope_head;

/* False, and nothing to free, when the bytes begin with no such header. */
bool wr_envelope_read_head(const uint8_t *bytes, size_t len, wr_envelope_head *head);

/* A message that stands in the target of a request (RFC 9112 3.2): PubNub's in the last segment of the path, LiveKit's
 * join_request in the query; else the query itself where one of its values may be one ("$?": read as a form). NULL when
 * there is none. *place is then its place for a path, static. Free with g_byte_array_unref(). */
GByteArray *wr_envelope_from_url(const char *target, size_t len, const char **place);
/* Cheap: the target may hold one. */
bool wr_envelope_url_may(const char *target, size_t len);

#endif
