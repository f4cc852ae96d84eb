/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of a signalling message beside its bytes.
 */
#ifndef WR_HINTS_H
#define WR_HINTS_H

#include "evidence/evidence.h"

/* What is known of the message beside its bytes. Strings may be NULL. */
typedef struct {
    const char *content_type; /* "application/json", … */
    const char *url;          /* request or upgrade URL */
    const char *subprotocol;  /* Sec-WebSocket-Protocol */
    wr_direction direction;
    /* What the connection said before, which is also told what this message says; NULL: nothing is remembered. */
    struct wr_dialogue *dialogue;
    unsigned side;     /* which end of the connection speaks, 0 or 1 */
    const char *place; /* path at which the message stands; NULL: it is all, "$" */
} wr_find_hints;

#endif
