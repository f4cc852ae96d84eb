/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of what the correlation keeps. Each has a header of its own.
 */
#ifndef WR_TYPES_H
#define WR_TYPES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Everything that was learned from one capture: store.h. */
typedef struct wr_engine wr_engine;
/* One client's side of the signalling. */
typedef struct wr_leg wr_leg;
/* A session description as seen at one place. */
typedef struct wr_copy wr_copy;
/* A path that datagrams take between two ends. */
typedef struct wr_flow wr_flow;
/* A DTLS association. */
typedef struct wr_association wr_association;
/* A call. */
typedef struct wr_session wr_session;

#endif
