/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/rtp.h"
#include "wr_epan/series.h"

void wr_rtp_payload_insert(rtp_dyn_payload_t *payloads, unsigned type, const char *name, int rate,
                           unsigned channels _U_)
{
#ifdef WR_HAVE_RTP_CHANNELS
    rtp_dyn_payload_insert(payloads, type, name, rate, channels);
#else
    rtp_dyn_payload_insert(payloads, type, name, rate);
#endif
}
