/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands beside a call's plain sentence in every report for people. Private to this room. */
#ifndef WR_BESIDE_H
#define WR_BESIDE_H

#include "records/store.h"
#include "report/report.h"

/* s->beside, then what the call's findings (GPtrArray of wr_finding*, the gravest first; NULL for none) add to it: one
 * that weighs more than the verdict, packets that somebody may have put in. Texts (char*); g_ptr_array_free(…, TRUE).
 */
GPtrArray *wr_report_beside(const wr_session *s, const GPtrArray *findings);

/* "its sha-512 is 53:4E:…, as announced in frame 14" of a certificate that agrees by another hash than SHA-256; NULL
 * for none; g_free(). */
char *wr_report_as_announced(const wr_engine *e, const wr_presented *p);
/* Nothing ties the hosts between which this description was seen to the call's parties. */
bool wr_report_is_of_strangers(const wr_session *s, const wr_copy *c);

#endif
