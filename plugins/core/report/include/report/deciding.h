/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where somebody who wants to see for himself looks first. */
#ifndef WR_REPORT_DECIDING_H
#define WR_REPORT_DECIDING_H

#include "evaluation/engine.h"

/* The frame that decides the verdict on a call: of the certificate that is a substitute or not the one announced, else
 * of the finding that is its reason, or of the first of severity error, else by which its first handshake was judged,
 * else the first of the call; 0 where none of these is in a packet. The engine is evaluated. */
uint32_t wr_report_deciding_frame(wr_engine *e, const wr_session *s);

#endif
