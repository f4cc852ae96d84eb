/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which records have a key. A key is kept as eight bytes of a keyed hash (SipHash): nobody who does not know this
 * process's secret can make two keys meet, and by chance it takes thousands of millions. A call has dozens of entries,
 * nearly all the only one of their key: such an entry takes two words and a share of a table, where a GHashTable of
 * arrays takes a dozen.
 */
#ifndef WR_INDEX_H
#define WR_INDEX_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wr_index wr_index;

/* What stands under one key, in the order it was added. Borrowed until something is added. */
typedef struct {
    gpointer const *members;
    unsigned len;
} wr_bucket;

uint64_t wr_key(const void *bytes, size_t n);
uint64_t wr_key_text(const char *text);
/* The same for a GHashTable whose keys are texts, with g_str_equal(): g_str_hash() is the same everywhere, and who
 * chose the texts could make all of them meet. The order of such a table is another in each run. */
guint wr_text_hash(gconstpointer text);

wr_index *wr_index_new(void);
void wr_index_free(wr_index *x);                          /* not the members */
unsigned wr_index_size(const wr_index *x);                /* distinct keys */
wr_bucket wr_index_find(const wr_index *x, uint64_t key); /* len 0 for none */
/* What stands under the i-th key that came. */
wr_bucket wr_index_nth(const wr_index *x, unsigned i);
void wr_index_add(wr_index *x, uint64_t key, gpointer member);

/* For keys with one member: NULL stands for none. */
gpointer wr_index_get(const wr_index *x, uint64_t key);
void wr_index_set(wr_index *x, uint64_t key, gpointer member);
/* For keys with a number below 2^31 instead: 0 stands for none. */
unsigned wr_index_number(const wr_index *x, uint64_t key);
void wr_index_set_number(wr_index *x, uint64_t key, unsigned number);

#endif
