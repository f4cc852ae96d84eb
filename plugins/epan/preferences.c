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

bool wr_preference_is_on(const char *module, const char *name)
{
    module_t *m = prefs_find_module(module);
    pref_t *p = m != NULL ? prefs_find_preference(m, name) : NULL;

    return p != NULL && prefs_get_bool_value(p, pref_current);
}

bool wr_preference_turn(const char *module, const char *name, bool value)
{
    module_t *m = prefs_find_module(module);
    pref_t *p = m != NULL ? prefs_find_preference(m, name) : NULL;
    const bool was = p != NULL ? prefs_get_bool_value(p, pref_current) : value;

    if (was != value)
        (void)prefs_set_bool_value(p, value, pref_current);
    return was;
}

#else

const char *wr_preference_text(const char *module _U_, const char *name _U_)
{
    return NULL;
}

bool wr_preference_is_on(const char *module _U_, const char *name _U_)
{
    return false;
}

bool wr_preference_turn(const char *module _U_, const char *name _U_, bool value)
{
    return value;
}

#endif
