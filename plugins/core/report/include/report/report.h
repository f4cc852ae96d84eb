/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports on everything an engine knows: NDJSON for programs, text for people. */
#ifndef WR_REPORT_H
#define WR_REPORT_H

#include "evaluation/engine.h"

/* Where a line goes; line ends in "\n". */
typedef void (*wr_report_sink)(const char *line, void *data);

/* One JSON object a line, the summary last. The engine is evaluated first. only: numbers of the sessions wanted, as
 * keys (GUINT_TO_POINTER); NULL for all. */
void wr_report_json(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data);

/* For people: one block a call. In lines for a terminal, or of another width: characters of a line, but for words that
 * are longer. */
#define WR_REPORT_WINDOW 70 /* what a text window of Wireshark shows as it opens */
void wr_report_text(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data);
void wr_report_text_of_width(wr_engine *e, GHashTable *only, unsigned width, wr_report_sink sink, void *data);

/* One line a call: the audit record, as text and as CSV (RFC 4180, with a line of names). No cell begins like a
 * formula. */
void wr_report_audit(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data);
void wr_report_audit_csv(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data);

#endif
