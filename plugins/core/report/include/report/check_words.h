/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each check looks for, in a few words, for lists that sum findings up (Wireshark's expert infos) and reports that
 * describe their rules. */
#ifndef WR_CHECK_WORDS_H
#define WR_CHECK_WORDS_H

#include "records/verdicts.h"

#include <stddef.h>

typedef struct {
    const char *check;   /* "DTLS-01" */
    unsigned severities; /* that its findings can have: bits, 1 << wr_severity */
    const char *summary; /* true of each of them */
    unsigned rfc;        /* the text that it rests on; 0: a rule of our own */
    const char *section; /* "9.1"; "": all of it */
} wr_check_words;

/* All of them, n, in the order of their names; static. */
const wr_check_words *wr_check_words_all(size_t *n);
/* Those of one check; NULL for a name that is none. */
const wr_check_words *wr_check_words_of(const char *check);
/* Where the RFC's section can be read; NULL where the rule is our own. Release with g_free(). */
char *wr_check_link(const wr_check_words *c);
/* What a verdict on a call says, whatever the call; static. */
const char *wr_verdict_what(wr_session_verdict v);

#endif
