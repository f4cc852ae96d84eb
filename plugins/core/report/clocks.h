/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vantage points of the capture, and how their clocks go by each other. */
#ifndef WR_REPORT_CLOCKS_H
#define WR_REPORT_CLOCKS_H

#include "records/store.h"

#include <json-c/json.h>

/* A sentence for each point but the first whose clock is another, or was not compared, and for what was inferred:
 * char*, free with the array. Empty where the capture is of one point. */
GPtrArray *wr_report_clocks(const wr_engine *e);
/* The same as "vantage_points" and "inferred_points" of the record; neither where there is one point. */
void wr_report_put_clocks(const wr_engine *e, json_object *record);

#endif
