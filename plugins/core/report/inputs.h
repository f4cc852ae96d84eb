/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to this room: what a report was made from, for its JSON form.
 */
#ifndef WR_INPUTS_H
#define WR_INPUTS_H

#include "formats/json_value.h"
#include "records/store.h"
#include "report/origin.h"

/* Checks that look at every packet of media: a thinned capture has none to show them. */
#define WR_NEED_EACH_PACKET "RTP-08, RTP-14, RTP-16"

/* Adds an object for each file of a witness (statements.c). */
void wr_report_statement_inputs(const wr_engine *e, json_object *list);

/* "2026-11-22T23:41:04.123456Z"; nothing when the time cannot be written (statements.c). */
void wr_report_put_time(json_object *o, const char *key, int64_t us);

/* The record "origin"; the caller's to release (json_origin.c). */
json_object *wr_report_origin_record(wr_engine *e, const wr_report_origin *o);

#endif
