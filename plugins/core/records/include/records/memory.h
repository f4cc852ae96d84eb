/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much may be kept, by estimate; and names, which are kept once.
 */
#ifndef WR_MEMORY_H
#define WR_MEMORY_H

#include "records/bounds.h"
#include "records/types.h"

/* engine.c */
void wr_limit_reached(wr_engine *e, const char *name); /* static name, reported once */

/* memory.c */
/* False, and the limit named, when a record of that size (and what indexes it) is too much. */
bool wr_keep_bytes(wr_engine *e, size_t bytes, const char *what);

const char *wr_intern(wr_engine *e, const char *text); /* NULL stays NULL; "" when there is no room */

#endif
