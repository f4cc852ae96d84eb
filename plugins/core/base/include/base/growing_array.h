/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growing arrays of records that every call has some of. GArray doubles, and half of a large one may stand empty; by an
 * eighth it is a sixteenth, and moving costs little: large blocks are mapped elsewhere.
 */
#ifndef WR_ROOM_H
#define WR_ROOM_H

#include <glib.h>

/* Makes room for one more behind n records of that size; *room is for how many there is. */
static inline gpointer wr_room_for(gpointer records, gsize n, guint *room, gsize size)
{
    if (n < *room)
        return records;
    *room += *room / 8 + 8;
    return g_realloc_n(records, *room, size);
}

#endif
