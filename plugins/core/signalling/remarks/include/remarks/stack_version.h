/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which browser or stack spoke, and its version: from User-Agent fields (RFC 9110 10.1.5), SIP User-Agent, and marks
 * that stacks leave in o= and s= lines. Hints, not proof: all of it is free text.
 */
#ifndef WR_STACK_VERSION_H
#define WR_STACK_VERSION_H

#include "sdp/sdp.h"

typedef struct {
    const char *name;    /* "Chrome", "Firefox", "Asterisk", …; static, NULL when not recognised */
    unsigned version[2]; /* major, minor; 0.0 when not told */
    bool server;         /* a media server or gateway by its trade */
} wr_stack;

/* False when the text names nothing known. */
bool wr_stack_from_agent(const char *user_agent, wr_stack *out);
bool wr_stack_from_sdp(wr_sdp *sdp, wr_stack *out);

/* "Chrome 120, Firefox 115.2": names and the oldest version of each that is acceptable. */
#define WR_MAX_OLDEST 32
typedef struct {
    char name[24];
    unsigned version[2];
} wr_oldest;
/* Returns the number read into out; *problem (may be NULL) gets a static sentence when the text cannot be read. */
unsigned wr_oldest_parse(const char *text, wr_oldest out[WR_MAX_OLDEST], const char **problem);
/* The entry that the stack falls short of; NULL for none. Without a version nothing is said. */
const wr_oldest *wr_stack_is_older(const wr_stack *s, const wr_oldest *list, unsigned n);

#endif
