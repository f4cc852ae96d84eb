/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks across sessions, and of what belongs to none. */
#include "check.h"

const wr_capture_check *wr_checks_capture(void)
{
    static const wr_capture_check checks[] = {wr_check_fingerprint_reuse,
                                              wr_check_tls_id_reuse,
                                              wr_check_wrong_password,
                                              wr_check_unknown_users,
                                              wr_check_replays,
                                              wr_check_pushes,
                                              wr_check_lone_pages,
                                              wr_check_key_coverage,
                                              wr_check_key_log,
                                              wr_check_injected,
                                              wr_check_floods,
                                              wr_check_same_speech,
                                              NULL};
    return checks;
}
