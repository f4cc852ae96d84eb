/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A short list of records, inside the record that has it: most hold one or none, and a GPtrArray takes eighty bytes to hold
 * one. Members are data[0] to data[len - 1]; whoever has the list frees them.
 */
#ifndef WR_LIST_H
#define WR_LIST_H

#include <glib.h>

typedef struct {
    gpointer *data;
    guint len;
} wr_list;

/* Room doubles at 1, 2, 4, …, so that it need not be kept. */
static inline void wr_list_add(wr_list *list, gpointer member)
{
    if ((list->len & (list->len - 1)) == 0)
        list->data = g_renew(gpointer, list->data, list->len == 0 ? 1 : 2 * (gsize)list->len);
    list->data[list->len++] = member;
}

/* Before the at-th, or at the end. */
static inline void wr_list_insert(wr_list *list, guint at, gpointer member)
{
    wr_list_add(list, member);
    for (guint i = list->len - 1; i > at; i--) {
        list->data[i] = list->data[i - 1];
        list->data[i - 1] = member;
    }
}

static inline gboolean wr_list_has(const wr_list *list, gconstpointer member)
{
    for (guint i = 0; i < list->len; i++)
        if (list->data[i] == member)
            return TRUE;
    return FALSE;
}

static inline void wr_list_clear(wr_list *list)
{
    g_clear_pointer(&list->data, g_free);
    list->len = 0;
}

#endif
