/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call as a ladder picture, for the HTML report. For use inside core.
 */
#ifndef WR_REPORT_SVG_H
#define WR_REPORT_SVG_H

#include "records/types.h"

/* Appends an <svg> element. */
void wr_svg_append_ladder(GString *out, const wr_session *s);

#endif
