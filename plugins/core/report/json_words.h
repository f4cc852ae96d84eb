/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to this room. */
#ifndef WR_JSON_WORDS_H
#define WR_JSON_WORDS_H

#include "formats/json_value.h"
#include "records/session.h"

/* Adds what a call means in plain words, what to do, what else would look the same, and its safety number; findings as
 * in beside.h. */
void wr_report_put_words(json_object *o, const wr_session *s, const GPtrArray *findings);

#endif
