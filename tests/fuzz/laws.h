/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls with known truth, and additions to them: fuzz_laws.c finds, count_laws.c counts. */
#ifndef WR_FUZZ_LAWS_H
#define WR_FUZZ_LAWS_H

#include <stddef.h>
#include <stdint.h>

/* Makes the call and the additions that the input says, and returns what is broken, a static sentence that begins with
 * the number of the law; NULL when all laws hold. */
const char *laws_broken_by(const uint8_t *data, size_t size);

/* The call and the additions of an input in words, and the verdicts that came of them. g_free. */
char *laws_describe(const uint8_t *data, size_t size);

#endif
