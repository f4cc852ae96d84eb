/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TURN checks: relays serve many sessions, so these look at the whole capture (security rules 6.7; RFC 8656). */
#include "checks.h"

const wr_capture_check *wr_checks_turn(void)
{
    static const wr_capture_check checks[] = {NULL};
    return checks;
}
