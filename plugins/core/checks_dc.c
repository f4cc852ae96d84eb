/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data channel checks (security rules 6.6; RFC 8831, RFC 8261). */
#include "checks.h"

const wr_session_check *wr_checks_dc(void)
{
    static const wr_session_check checks[] = {NULL};
    return checks;
}
