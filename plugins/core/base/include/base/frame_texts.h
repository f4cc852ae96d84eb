/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Short texts by frame and message, to be said again on later passes. Sixteen bytes each and the text, which is kept
 * once where others like it came shortly before: most are a word or two.
 */
#ifndef WR_FRAME_TEXTS_H
#define WR_FRAME_TEXTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define WR_FRAME_TEXTS_MOST (64u << 20) /* bytes of all texts together, and of all that leads to them */

typedef struct wr_frame_texts wr_frame_texts;

wr_frame_texts *wr_frame_texts_new(void);
void wr_frame_texts_free(wr_frame_texts *t); /* NULL is allowed */
/* message tells those of one frame apart; of two under one number the first is found. text may be NULL; number is
 * whatever belongs to it. False, and nothing is kept, where that is too much. */
bool wr_frame_texts_add(wr_frame_texts *t, uint32_t frame, uint32_t message, const char *text, uint32_t number);
/* False where nothing is kept, or t is NULL. *text lasts until the next is added. */
bool wr_frame_texts_find(const wr_frame_texts *t, uint32_t frame, uint32_t message, const char **text,
                         uint32_t *number);

#endif
