/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Put before every source where memory is checked (WR_SANITIZE, tests/mutate.py): a place behind the end of an array of
 * GLib's or of a wr_list is an error, though the memory there may be allocated.
 */
#ifndef CHECKED_INDEX_H
#define CHECKED_INDEX_H

#include <glib.h>

#define WR_CHECKED_INDEX /* base/list.h */

static inline gpointer *checked_pointer(const GPtrArray *array, guint i)
{
    g_assert(i < array->len);
    return &array->pdata[i];
}

static inline gchar *checked_element(const GArray *array, guint i, gsize size)
{
    g_assert(i < array->len);
    return array->data + size * i;
}

#undef g_ptr_array_index
#define g_ptr_array_index(array, i) (*checked_pointer((array), (guint)(i)))
#undef g_array_index
#define g_array_index(array, type, i) (*(type *)(void *)checked_element((array), (guint)(i), sizeof(type)))

#endif
