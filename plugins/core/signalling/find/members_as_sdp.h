/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to members_as_sdp.c and jingle.c: lines of SDP made of the members in which other notations say the same.
 */
#ifndef WR_JSON_NATIVE_H
#define WR_JSON_NATIVE_H

#include "walk.h"

/* Appends a value; nothing in it can end the line or stand for a blank. */
void wr_native_append(GString *text, const char *value);
/* Appends credentials, DTLS role, fingerprints and candidates that object has; ortc: it is known to be of DTLS. False
 * when it has neither credentials nor fingerprints. */
bool wr_native_lines(GString *text, const json_object *object, bool ortc);

#endif
