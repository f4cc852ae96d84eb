/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preferences of others. */
#ifndef WR_EPAN_PREFERENCES_H
#define WR_EPAN_PREFERENCES_H

#include "wr_epan/compat.h"

/* The current text of a preference of a module ("tls", "keylog_file"); NULL when there is none, or no way to ask. The
 * text belongs to Wireshark. */
const char *wr_preference_text(const char *module, const char *name);

/* The value of a boolean preference of a module; false where there is none, or no way to ask. */
bool wr_preference_is_on(const char *module, const char *name);

/* Gives a boolean preference of a module this value for as long as the caller takes, who puts back what is returned:
 * the value that it had. Where there is none, or no way to ask, nothing changes, and value is returned. */
bool wr_preference_turn(const char *module, const char *name, bool value);

#endif
