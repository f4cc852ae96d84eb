/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which hosts signalling passed through. A copy of a description counts as one of a call's where its hosts are joined,
 * by exchanges that were seen, with those of a leg that is a party's.
 */
#ifndef WR_SIGNALLING_PATH_H
#define WR_SIGNALLING_PATH_H

#include "records/store.h"

typedef struct wr_hosts wr_hosts;

/* Freed by wr_hosts_free(). */
wr_hosts *wr_hosts_new(void);
void wr_hosts_free(wr_hosts *h);

/* The copy's two hosts are of one group from now on. Where it names none (files beside the capture), nothing is. */
void wr_hosts_join(wr_hosts *h, const wr_copy *c);

/* The number of the group that a copy's hosts are of, once all are joined; 0 where it names none. */
unsigned wr_hosts_group(wr_hosts *h, const wr_copy *c);

#endif
