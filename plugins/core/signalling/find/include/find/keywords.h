/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a message hold a word by which it may be WebRTC signalling? Most messages of other applications are ruled out
 * here, without being parsed.
 */
#ifndef WR_KEYWORDS_H
#define WR_KEYWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes hold a word that every description, fragment, candidate, or wrapped form of them holds. */
bool wr_unwrap_has_needle(const uint8_t *bytes, size_t len);

/* The same, or a word of messages that say a party comes or goes begins in the first event_look bytes. */
bool wr_unwrap_has_needle_or_event(const uint8_t *bytes, size_t len, size_t event_look);

#endif
