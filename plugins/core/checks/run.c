/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the checklist over sessions and over the capture. */
#include "check.h"

void wr_session_find(wr_engine *e, wr_session *s, const wr_facts *f)
{
    static const wr_session_check *(*const families[])(void) = {wr_checks_sig,  wr_checks_sdp, wr_checks_ice,
                                                                wr_checks_dtls, wr_checks_rtp, wr_checks_dc,
                                                                wr_checks_top,  wr_checks_cap, wr_checks_wit};
    const unsigned first = e->findings->len;

    for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
        for (const wr_session_check *check = families[i](); *check != NULL; check++)
            (*check)(e, s, f);
    wr_findings_weigh(e, s, first);
    wr_findings_weigh_handshakes(e, s, first);
}

void wr_capture_find(wr_engine *e)
{
    static const wr_capture_check *(*const families[])(void) = {wr_checks_turn, wr_checks_paths, wr_checks_capture,
                                                                wr_checks_witnesses};

    for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
        for (const wr_capture_check *check = families[i](); *check != NULL; check++)
            (*check)(e);
}
