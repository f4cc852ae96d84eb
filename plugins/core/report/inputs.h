/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to this room: what a report was made from, for its JSON form.
 */
#ifndef WR_INPUTS_H
#define WR_INPUTS_H

#include "formats/json_value.h"
#include "records/store.h"

/* Adds an object for each file of a witness (statements.c). */
void wr_report_statement_inputs(const wr_engine *e, json_object *list);

#endif
