/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each check is about, for reports that describe their rules. */
#ifndef WR_REPORT_CHECK_NAMES_H
#define WR_REPORT_CHECK_NAMES_H

#include "records/verdicts.h"

#include <glib.h>

typedef struct {
    const char *id;      /* "SIG-01" */
    const char *what;    /* a sentence without its full stop */
    unsigned rfc;        /* the text that it rests on; 0: a rule of our own */
    const char *section; /* "9.1"; "": all of it */
} wr_check_name;

/* NULL for what is no check. */
const wr_check_name *wr_check_name_of(const char *id);
/* Where the RFC's section can be read; NULL where the rule is our own. Release with g_free(). */
char *wr_check_link(const wr_check_name *name);
/* What a verdict on a call says, whatever the call. */
const char *wr_verdict_what(wr_session_verdict v);

#endif
