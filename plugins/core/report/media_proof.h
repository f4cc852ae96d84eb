/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keys prove of media, as a sentence. */
#ifndef WR_REPORT_MEDIA_PROOF_H
#define WR_REPORT_MEDIA_PROOF_H

#include "report/report.h"

/* "150 audio packets from 10.0.0.1 … carry tags of association a1, whose certificates …": g_free(); NULL when keys
 * prove nothing of this association. */
char *wr_report_media_proof(const wr_session *s, const wr_association *a);

/* "data channel "chat", 3 messages with 40 bytes from …": g_free(); NULL when none was seen in clear. */
char *wr_report_data_channels(const wr_association *a);

#endif
