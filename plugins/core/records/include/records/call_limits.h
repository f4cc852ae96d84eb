/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which bounds touched a call. */
#ifndef WR_CALL_LIMITS_H
#define WR_CALL_LIMITS_H

#include "records/session.h"

#define WR_MAX_CALL_LIMITS 8
#define WR_LIMIT_SDP_PARTS "parts of a session description"

typedef struct wr_limit_mark wr_limit_mark;

GArray *wr_limit_marks_new(void); /* for wr_engine alone */

/* As wr_limit_reached(), where it is known whose flow, or description, it was that found no room. */
void wr_limit_of_flow(wr_engine *e, const char *name, const wr_flow *f);
void wr_limit_of_copy(wr_engine *e, const char *name, const wr_copy *c);

/* Bounds that this call's evidence reached, by name, each once, in the order they were reached; how many. */
unsigned wr_session_limits(const wr_engine *e, const wr_session *s, const char *out[WR_MAX_CALL_LIMITS]);

#endif
