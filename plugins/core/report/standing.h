/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to this room: what evidence is worth (docs/rules.md 2.10), in the words of reports.
 */
#ifndef WR_REPORT_STANDING_H
#define WR_REPORT_STANDING_H

#include "formats/json_value.h"
#include "records/store.h"

/* Adds "standing", "possession" and "carried_media" to the record of an association. */
void wr_report_put_standing(json_object *o, const wr_association *a);
/* "proven: the server's key signed it, the client's too" and its like; g_free. */
char *wr_report_standing(const wr_association *a);

/* Legs that flows of calls are tied to, by call; free with g_hash_table_unref(). */
GHashTable *wr_report_tied_legs(const wr_engine *e);
/* Adds "standing" and "told" to the record of a description that was seen, as far as either is known. */
void wr_report_put_told(const wr_engine *e, json_object *o, GHashTable *tied, const wr_copy *c);

/* What the verdict hides (also), and bounds that touched the call (limits); left out where there are none. */
void wr_report_put_hidden(const wr_engine *e, json_object *o, const wr_session *s);

#endif
