/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICE checks: bindings, consent, restarts (security rules 6.3; RFC 8445, RFC 7675). */
#include "checks.h"

const wr_session_check *wr_checks_ice(void)
{
    static const wr_session_check checks[] = {NULL};
    return checks;
}
