/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SDP checks: what a description itself says (security rules 6.2). */
#include "checks.h"

const wr_session_check *wr_checks_sdp(void)
{
    static const wr_session_check checks[] = {NULL};
    return checks;
}
