/* SPDX-License-Identifier: GPL-2.0-or-later */
/* count_laws PAIRS [SEED [ADDITIONS]]: draws so many calls with up to ADDITIONS (4) things added, says how many broke
 * which law, with the shortest example of each kind, and ends with 1 when any did. One addition at a time tells most.
 */
#include "laws.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES  256
#define MAX_SHRUNK 20 /* examples of a kind that are made shorter */

static uint64_t state;

static uint8_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint8_t)(state >> 24);
}

typedef struct {
    unsigned long count;
    size_t size;
    char *example;
} broken;

/* Leaves out what is not needed to break this: longer pieces first. Returns the size that is left. */
static size_t shrink(const char *sentence, uint8_t *data, size_t size)
{
    uint8_t less[MAX_BYTES];

    for (size_t piece = size - 1; piece > 0; piece = piece > 5 ? piece - 5 : piece - 1) {
        for (size_t at = 1; at + piece <= size;) {
            const char *still;
            memcpy(less, data, at);
            memcpy(less + at, data + at + piece, size - at - piece);
            still = laws_broken_by(less, size - piece);
            if (still == NULL || strcmp(still, sentence) != 0) {
                at++;
                continue;
            }
            size -= piece;
            memcpy(data, less, size);
        }
    }
    return size;
}

static void note(GHashTable *all, const char *sentence, uint8_t *data, size_t size)
{
    broken *b = g_hash_table_lookup(all, sentence);

    if (b == NULL) {
        b = g_new0(broken, 1);
        g_hash_table_insert(all, (gpointer)sentence, b);
    }
    b->count++;
    if (b->count <= MAX_SHRUNK)
        size = shrink(sentence, data, size);
    if (b->example == NULL || size < b->size) {
        g_free(b->example);
        b->example = laws_describe(data, size);
        b->size = size;
    }
}

static void free_broken(gpointer p)
{
    broken *b = p;

    g_free(b->example);
    g_free(b);
}

int main(int argc, char **argv)
{
    const unsigned long pairs = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
    const unsigned most = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 4;
    GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_broken);
    GHashTableIter i;
    gpointer key, value;
    gint64 begun = g_get_monotonic_time();
    unsigned long failed = 0;
    uint8_t data[MAX_BYTES];

    state = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1) * UINT64_C(2654435761) + 1;
    for (unsigned long n = 0; n < pairs; n++) {
        size_t size = 1;
        const char *sentence;
        data[0] = draw();
        for (unsigned k = 1 + draw() % MAX(most, 1u); k > 0 && size + 5 <= sizeof data; k--)
            for (unsigned b = 0; b < 5; b++)
                data[size++] = draw();
        sentence = laws_broken_by(data, size);
        if (sentence != NULL) {
            note(all, sentence, data, size);
            failed++;
        }
    }
    printf("%lu pairs, %lu broken, %.0f a second\n", pairs, failed,
           (double)pairs * 1e6 / (double)(g_get_monotonic_time() - begun));
    g_hash_table_iter_init(&i, all);
    while (g_hash_table_iter_next(&i, &key, &value)) {
        const broken *b = value;
        printf("%8lu  %s: %s\n", b->count, (const char *)key, b->example);
    }
    g_hash_table_unref(all);
    return failed > 0;
}
