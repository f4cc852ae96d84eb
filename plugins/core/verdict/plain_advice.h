/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to this room: what is told of one call beside its sentences. */
#ifndef WR_PLAIN_ADVICE_H
#define WR_PLAIN_ADVICE_H

#include "verdict/session_facts.h"

/* Fills s->advice and s->alternatives, once its verdict is there. */
void wr_session_advise(const wr_engine *e, wr_session *s, const wr_facts *f);
/* Fills s->beside: what somebody who reads the plain sentence alone must know too (plain_beside.c). */
void wr_session_tell_beside(const wr_engine *e, wr_session *s, const wr_facts *f);
/* Fills s->unknown (unknown.c). */
void wr_session_list_unknown(const wr_engine *e, wr_session *s);

#endif
