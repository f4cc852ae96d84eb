/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How loud a stream is from moment to moment, by the audio levels in its header extensions (RFC 6464 3), which most
 * calls send in clear; and whether two streams are one speech. Who decodes speech and encodes it anew changes headers,
 * sequence numbers and ciphertext, but not when somebody speaks and how loud.
 */
#ifndef WR_LEVELS_H
#define WR_LEVELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_LEVEL_US    100000 /* of one bin */
#define WR_LEVEL_BINS  600    /* of a stream: its first minute */
#define WR_LEVEL_LEAST 200    /* bins in common, to say anything: 20 seconds */
#define WR_LEVEL_DELAY 20     /* bins that one may be behind the other: 2 seconds */

typedef struct wr_levels wr_levels;

wr_levels *wr_levels_new(void);
void wr_levels_free(wr_levels *l); /* NULL is allowed */
/* element is what the extension says: bit 7 voice, then the level, 0 (loudest) to 127 in -dBov. Times in any order;
 * what lies before the first, or beyond the bound, is left out. */
void wr_levels_add(wr_levels *l, int64_t time_us, uint8_t element);
unsigned wr_levels_bins(const wr_levels *l);

typedef struct {
    unsigned seconds;   /* that both were compared */
    int delay_ms;       /* of b behind a */
    double coefficient; /* correlation of their levels at this delay */
    double others;      /* the largest at delays at which they cannot be the same */
} wr_level_match;

/* The same speech, far beyond what chance, taking turns, or a rhythm that repeats explain. False too where that cannot
 * be decided: too short, silent, of one loudness, or periodic, as the tones of test browsers are. */
bool wr_levels_match(const wr_levels *a, const wr_levels *b, wr_level_match *out);

#endif
