/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of frame numbers, a bit each up to the highest: what is asked for with every packet, and true of few.
 */
#ifndef WR_FRAME_SET_H
#define WR_FRAME_SET_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct wr_frame_set wr_frame_set;

wr_frame_set *wr_frame_set_new(void);
void wr_frame_set_free(wr_frame_set *set); /* NULL is allowed */
void wr_frame_set_add(wr_frame_set *set, uint32_t frame);
bool wr_frame_set_has(const wr_frame_set *set, uint32_t frame); /* false for NULL */

#endif
