/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks by name, for lists that sum findings up by check and severity: Wireshark's expert infos. */
#ifndef WR_CHECK_SEVERITIES_H
#define WR_CHECK_SEVERITIES_H

#include "records/verdicts.h"

#include <stddef.h>

typedef struct {
    const char *check;   /* "DTLS-01" */
    unsigned severities; /* that its findings can have: bits, 1 << wr_severity */
} wr_check_severities;

/* All of them, n, in the order of their names; static. */
const wr_check_severities *wr_check_severities_all(size_t *n);
/* Those of one check; NULL for a name that is none. */
const wr_check_severities *wr_check_severities_of(const char *check);
/* What it is about, in a sentence without its full stop; "" for a name that is none. */
const char *wr_check_summary(const char *check);

#endif
