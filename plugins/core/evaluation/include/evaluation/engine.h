/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The correlation: takes evidence in any order near capture order (learning/learning.h), and says for every call what
 * was announced, what was presented, and what may be concluded.
 *
 * One engine serves one capture. Nothing here is thread-safe; everything it hands out lives as long as the
 * engine. Every growth is bounded (records/bounds.h); a reached bound is named by wr_engine_limits_reached().
 */
#ifndef WR_ENGINE_H
#define WR_ENGINE_H

#include "learning/learning.h"
#include "records/options.h"
#include "records/store.h"
#include "verdict/verdict.h"

wr_engine *wr_engine_new(const wr_options *options); /* NULL: all defaults; the options are copied */
void wr_engine_free(wr_engine *e);                   /* NULL is allowed */

/* Brings all verdicts up to date, as if the capture ended here; cheap, and false, when nothing changed. */
bool wr_engine_evaluate(wr_engine *e);
/* The same for one call alone, in a time that does not depend on how many there are; without its findings, and without
 * what only a look at all calls can tell. For where packets still come in, and the whole is evaluated later. */
void wr_engine_evaluate_call(wr_engine *e, unsigned number);

#endif
