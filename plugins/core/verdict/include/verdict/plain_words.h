/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A verdict for people who know no SDP: what it means, how far it carries, what else would look the same, what to do.
 */
#ifndef WR_PLAIN_WORDS_H
#define WR_PLAIN_WORDS_H

#include "verdict/session_facts.h"

/* One or two sentences without a term of art; g_free(). */
char *wr_plain_sentence(const wr_engine *e, const wr_session *s, const wr_facts *f);
/* What the verdict hangs on most; static, NULL where it concludes nothing. */
const char *wr_weakest_link(const wr_session *s);
/* What else would look the same, of a verdict; static, ends with NULL. Of one call: s->alternatives. */
const char *const *wr_verdict_alternatives(wr_session_verdict v);
/* What to do about a verdict; static. Of one call: s->advice. */
const char *wr_verdict_advice(wr_session_verdict v);

/* This certificate agrees with a description that was altered on its way, and not with what its author issued: a match
 * that is no good sign. */
bool wr_presented_is_substitute(const wr_session *s, const wr_presented *p);
/* One of its certificates is: verified, it is no good sign. */
bool wr_association_shows_substitute(const wr_session *s, const wr_association *a);

#define WR_SAFETY_NUMBER 48 /* bytes for eight groups of five digits */

/* A number of both SHA-256 fingerprints, the same whichever party reads it out: of the certificates that completed
 * handshakes showed (presented: true), or else of the two that were announced. False where these are not
 * exactly two, one is a substitute, or the verdict says that they are not known to be the parties' own.
 */
bool wr_safety_number(const wr_session *s, char text[WR_SAFETY_NUMBER], bool *presented);
/* Why a call of this verdict can have none, "none: …"; static, NULL where it may have one. */
const char *wr_safety_number_missing(const wr_session *s);
/* What such a number was made of, "of the two …", and what another one of the same call says. Static. */
const char *wr_safety_number_of(bool presented);

#endif
