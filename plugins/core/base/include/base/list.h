/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A short list of records, inside the record that has it: most hold none or one, which needs no memory of its own,
 * where a GPtrArray takes eighty bytes. Whoever has the list frees its members.
 */
#ifndef WR_LIST_H
#define WR_LIST_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
    union {
        gpointer only;     /* where len is 1 */
        gpointer *several; /* where it is more; room doubles at 2, 4, 8, … */
    } in;
    guint len;
} wr_list;

static inline gpointer wr_list_at(const wr_list *list, guint i)
{
#ifdef WR_CHECKED_INDEX /* builds that check memory: the only member stands at every place */
    g_assert(i < list->len);
#endif
    return list->len == 1 ? list->in.only : list->in.several[i];
}

static inline void wr_list_set(wr_list *list, guint i, gpointer member)
{
    *(list->len == 1 ? &list->in.only : &list->in.several[i]) = member;
}

static inline void wr_list_add(wr_list *list, gpointer member)
{
    gpointer only = list->in.only;

    if (list->len == 0) {
        list->in.only = member;
    } else if (list->len == 1) {
        list->in.several = g_new(gpointer, 2);
        list->in.several[0] = only;
        list->in.several[1] = member;
    } else {
        if ((list->len & (list->len - 1)) == 0)
            list->in.several = g_renew(gpointer, list->in.several, 2 * (gsize)list->len);
        list->in.several[list->len] = member;
    }
    list->len++;
}

/* Before the at-th, or at the end. */
static inline void wr_list_insert(wr_list *list, guint at, gpointer member)
{
    wr_list_add(list, member);
    for (guint i = list->len - 1; i > at; i--) {
        wr_list_set(list, i, wr_list_at(list, i - 1));
        wr_list_set(list, i - 1, member);
    }
}

/* Takes the at-th member out; the others keep their order. */
static inline void wr_list_remove(wr_list *list, guint at)
{
    gpointer first;

    for (guint i = at; i + 1 < list->len; i++)
        wr_list_set(list, i, wr_list_at(list, i + 1));
    first = list->len > 1 ? list->in.several[0] : NULL;
    if (list->len == 2) {
        g_free(list->in.several);
        list->in.only = first;
    }
    list->len--;
}

static inline bool wr_list_has(const wr_list *list, gconstpointer member)
{
    for (guint i = 0; i < list->len; i++)
        if (wr_list_at(list, i) == member)
            return true;
    return false;
}

static inline void wr_list_clear(wr_list *list)
{
    if (list->len > 1)
        g_free(list->in.several);
    list->in.several = NULL;
    list->len = 0;
}

#endif
