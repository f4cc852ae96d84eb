/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts by frame and message: entries in the order of frames, and texts one behind the other. */
#include "base/frame_texts.h"

#include "base/growing_array.h"

#include <string.h>

#define RECENT 64u /* texts that are looked at for one to be said again */

typedef struct {
    uint32_t frame, message, number;
    uint32_t text; /* place among the texts + 1, 0 for none */
} entry;

struct wr_frame_texts {
    entry *entries;
    unsigned n, room;
    char *texts;
    uint32_t used, texts_room;
    uint32_t recent[RECENT]; /* by hash: place + 1 */
};

wr_frame_texts *wr_frame_texts_new(void)
{
    return g_new0(wr_frame_texts, 1);
}

void wr_frame_texts_free(wr_frame_texts *t)
{
    if (t != NULL) {
        g_free(t->entries);
        g_free(t->texts);
        g_free(t);
    }
}

/* Place + 1 of this text, which is put behind the others where it did not come lately. There is room in what may be
 * kept. */
static uint32_t keep_text(wr_frame_texts *t, const char *text)
{
    const uint32_t n = (uint32_t)strlen(text) + 1;
    uint32_t *recent = &t->recent[g_str_hash(text) % RECENT];

    if (*recent != 0 && strcmp(t->texts + *recent - 1, text) == 0)
        return *recent;
    if (n > t->texts_room - t->used) { /* by an eighth, as base/growing_array.h does */
        t->texts_room += t->texts_room / 8 + n + 256;
        t->texts = g_realloc(t->texts, t->texts_room);
    }
    memcpy(t->texts + t->used, text, n);
    *recent = t->used + 1;
    t->used += n;
    return *recent;
}

/* The first entry behind all of this frame and those before. */
static unsigned place_behind(const wr_frame_texts *t, uint32_t frame)
{
    unsigned from = 0, to = t->n;

    while (from < to) {
        const unsigned middle = from + (to - from) / 2;
        if (t->entries[middle].frame <= frame)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool wr_frame_texts_add(wr_frame_texts *t, uint32_t frame, uint32_t message, const char *text, uint32_t number)
{
    const uint64_t taken = t->n * sizeof *t->entries + t->used,
                   wanted = sizeof *t->entries + (text != NULL ? strlen(text) + 1 : 0);
    unsigned at;

    if (taken + wanted > WR_FRAME_TEXTS_MOST)
        return false;
    t->entries = wr_room_for(t->entries, t->n, &t->room, sizeof *t->entries);
    at = place_behind(t, frame); /* the end, as frames come in order */
    memmove(t->entries + at + 1, t->entries + at, (t->n - at) * sizeof *t->entries);
    t->entries[at] = (entry){frame, message, number, text != NULL ? keep_text(t, text) : 0};
    t->n++;
    return true;
}

bool wr_frame_texts_find(const wr_frame_texts *t, uint32_t frame, uint32_t message, const char **text, uint32_t *number)
{
    unsigned at = t != NULL && frame > 0 ? place_behind(t, frame - 1) : 0;

    for (; t != NULL && at < t->n && t->entries[at].frame == frame; at++) {
        const entry *e = &t->entries[at];
        if (e->message == message) {
            *text = e->text != 0 ? t->texts + e->text - 1 : NULL;
            *number = e->number;
            return true;
        }
    }
    return false;
}
