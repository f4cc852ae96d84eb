/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/preferences.h"

/* The value of somebody else's preference stands in no public header. */
#if __has_include(<epan/prefs-int.h>)
#include <epan/prefs-int.h>

const char *wr_preference_text(const char *module, const char *name)
{
    module_t *m = prefs_find_module(module);
    pref_t *p = m != NULL ? prefs_find_preference(m, name) : NULL;

    return p != NULL ? prefs_get_string_value(p, pref_current) : NULL;
}

#else

const char *wr_preference_text(const char *module _U_, const char *name _U_)
{
    return NULL;
}

#endif
