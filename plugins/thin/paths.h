/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens on a path that makes the media on it worth a look again: a handshake, a check with a new user name, a
 * channel bound, consent that lapses or comes back (RFC 7675 5.1).
 */
#ifndef WR_THIN_PATHS_H
#define WR_THIN_PATHS_H

#include "layers.h"

#define WR_THIN_PATHS      (64u << 10) /* known at a time; beyond, all are forgotten and begin anew */
#define WR_THIN_CONSENT_US 35000000u   /* records/flow.h: WR_CONSENT_US */

typedef struct wr_paths wr_paths;

wr_paths *wr_paths_new(void);

void wr_paths_free(wr_paths *t);

void wr_paths_forget(wr_paths *t);

/* A datagram (p, d->captured bytes, at least four) that is no media came. */
void wr_paths_note(wr_paths *t, const wr_datagram *d, const uint8_t *p, uint64_t time_us);

/* Where a stream's path was found last; all zeros before the first time. Of one path and one `relayed` only. */
typedef struct {
    void *path, *carrier;
    uint32_t epoch; /* of the table, which forgets all at times */
} wr_path_known;

/* A number for what comes now, a datagram of media at that time: another than before when something happened since. */
uint32_t wr_paths_generation(wr_paths *t, const wr_datagram *d, uint64_t time_us, wr_path_known *known);

/* A hash of n bytes, a multiple of eight, with a secret that wr_paths_new() draws: keys are compared with those of
 * hostile packets, and how they are spread is not for others to know. */
unsigned wr_spread(const void *key, size_t n);

#endif
