/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTP checks: what flows beside STUN and DTLS (security rules 6.5; RFC 3550, RFC 3711, RFC 5761). */
#include "checks.h"
#include "streams.h"

/* RTP-07 */
static void check_reencrypted(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    const wr_reencrypted *r;

    (void)f;
    if (wr_session_is_reencrypted(e, s, &r))
        wr_finding_add(e, "RTP-07", WR_NOTE, r->frame[1], s->number, NULL,
                       "The media stream with SSRC 0x%08x appears under another ciphertext on another leg (frames %u and %u): an intermediary "
                       "decrypts it", r->ssrc, r->frame[0], r->frame[1]);
}

const wr_session_check *wr_checks_rtp(void)
{
    static const wr_session_check checks[] = {check_reencrypted, NULL};
    return checks;
}
