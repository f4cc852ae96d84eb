/* SPDX-License-Identifier: GPL-2.0-or-later */
/* State of the capture file: the engine, and what each frame contributed. Comes and goes with the file. */
#include "audit.h"

#include "base/frame_set.h"
#include "base/growing_array.h"

#include <string.h>

static wr_engine *engine;
static int finest; /* digits of a second that times of the file have; -1: not known */

/* What a frame contributed: eight bytes each, in the order of frames, for a call has a dozen of them. */
typedef struct {
    uint32_t frame;
    uint32_t index; /* in the engine's records, whose order never changes */
} contribution;

typedef struct {
    contribution *items;
    unsigned n, room;
} contributions;

static contributions copies, associations;
static wr_frame_set *contributed; /* frames that did */
static wr_frame_records asked;    /* of the frame that was last asked for */
static GPtrArray *asked_copies, *asked_associations;

wr_engine *wr_audit_engine(void)
{
    return engine;
}

void wr_audit_note_time_digits(int digits)
{
    finest = MAX(finest, digits);
}

int wr_audit_time_digits(void)
{
    return finest;
}

static void forget(contributions *list)
{
    g_free(list->items);
    *list = (contributions){NULL, 0, 0};
}

void wr_audit_state_init(void)
{
    wr_audit_state_cleanup();
    finest = -1;
    engine = wr_engine_new(wr_audit_options());
    contributed = wr_frame_set_new();
    wr_audit_forget_pace();
    asked_copies = g_ptr_array_new();
    asked_associations = g_ptr_array_new();
}

void wr_audit_state_cleanup(void)
{
    wr_engine_free(engine);
    engine = NULL;
    wr_audit_secrets_forget();
    wr_audit_media_forget();
    wr_audit_streams_forget();
    g_clear_pointer(&contributed, wr_frame_set_free);
    forget(&copies);
    forget(&associations);
    g_clear_pointer(&asked_copies, g_ptr_array_unref);
    g_clear_pointer(&asked_associations, g_ptr_array_unref);
}

/* Where the first contribution of this frame, or of a later one, stands. */
static unsigned first_of(const contributions *list, uint32_t frame)
{
    unsigned low = 0, high = list->n;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (list->items[middle].frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static GPtrArray *records_of(const contributions *list, uint32_t frame, const GPtrArray *all, GPtrArray *out)
{
    g_ptr_array_set_size(out, 0);
    for (unsigned i = first_of(list, frame); i < list->n && list->items[i].frame == frame; i++)
        g_ptr_array_add(out, g_ptr_array_index(all, list->items[i].index));
    return out->len > 0 ? out : NULL;
}

const wr_frame_records *wr_audit_frame(uint32_t frame)
{
    if (engine == NULL || !wr_frame_set_has(contributed, frame))
        return NULL;
    asked.copies = records_of(&copies, frame, wr_engine_copies(engine), asked_copies);
    asked.associations = records_of(&associations, frame, wr_engine_associations(engine), asked_associations);
    return asked.copies != NULL || asked.associations != NULL ? &asked : NULL;
}

const GPtrArray *wr_audit_findings_of(uint32_t frame)
{
    return engine == NULL ? NULL : wr_engine_findings_at(engine, frame);
}

/* Not twice in a row for one frame. */
static void keep(contributions *list, uint32_t frame, uint32_t index)
{
    unsigned at = first_of(list, frame + 1); /* the end: packets come in order */

    if (at > 0 && list->items[at - 1].frame == frame && list->items[at - 1].index == index)
        return;
    list->items = wr_room_for(list->items, list->n, &list->room, sizeof *list->items);
    memmove(list->items + at + 1, list->items + at, (list->n++ - at) * sizeof *list->items);
    list->items[at] = (contribution){frame, index};
    wr_frame_set_add(contributed, frame);
}

void wr_audit_keep_copy(uint32_t frame, wr_copy *c)
{
    keep(&copies, frame, c->number - 1);
}

void wr_audit_keep_association(uint32_t frame, wr_association *a)
{
    keep(&associations, frame, a->number - 1);
}
