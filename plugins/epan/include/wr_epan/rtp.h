/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Wireshark's dissectors of RTP and RTCP are told. */
#ifndef WR_EPAN_RTP_H
#define WR_EPAN_RTP_H

#include "wr_epan/compat.h"

#include <epan/dissectors/packet-rtcp.h>
#include <epan/dissectors/packet-rtp.h>

/* What a payload type means: encoding name, clock rate, and channels where Wireshark wants them. */
void wr_rtp_payload_insert(rtp_dyn_payload_t *payloads, unsigned type, const char *name, int rate, unsigned channels);

#endif
