/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/index.h"

#include "base/growing_array.h"

#include <string.h>

/* One key. Entries lie close together in the order they came; slots lead to them. */
typedef struct {
    uint64_t key;
    gpointer member; /* the only one; or a GPtrArray of several, where is_list() */
} entry;

struct wr_index {
    entry *entries;
    unsigned n, room;
    uint32_t *slots; /* entry + 1, or 0; looked for from where the key's low half points on */
    uint32_t n_slots;
};

#define SLOTS_FIRST 16u

/* ---- keys: SipHash-1-3 (Aumasson, Bernstein 2012) ---- */

typedef struct {
    uint64_t a, b, c, d;
} sip;

static inline uint64_t turn(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

static inline void sip_round(sip *s)
{
    s->a += s->b;
    s->c += s->d;
    s->b = turn(s->b, 13) ^ s->a;
    s->d = turn(s->d, 16) ^ s->c;
    s->a = turn(s->a, 32) + s->d;
    s->c += s->b;
    s->d = turn(s->d, 21) ^ s->a;
    s->b = turn(s->b, 17) ^ s->c;
    s->c = turn(s->c, 32);
}

/* Drawn once in the process. */
static const uint64_t *secret(void)
{
    static uint64_t words[2];
    static bool drawn;

    if (!drawn) {
        drawn = true;
        for (int i = 0; i < 2; i++)
            words[i] = (uint64_t)g_random_int() << 32 | g_random_int();
    }
    return words;
}

uint64_t wr_key(const void *bytes, size_t n)
{
    const uint64_t *k = secret();
    const uint8_t *p = bytes;
    uint64_t word = 0;
    sip s = {k[0] ^ 0x736f6d6570736575u, k[1] ^ 0x646f72616e646f6du, k[0] ^ 0x6c7967656e657261u,
             k[1] ^ 0x7465646279746573u};

    for (size_t left = n; left >= sizeof word; left -= sizeof word, p += sizeof word) {
        memcpy(&word, p, sizeof word);
        s.d ^= word;
        sip_round(&s);
        s.a ^= word;
    }
    word = 0;
    if (n % sizeof word > 0)
        memcpy(&word, p, n % sizeof word);
    word ^= (uint64_t)n << 56;
    s.d ^= word;
    sip_round(&s);
    s.a ^= word;
    s.c ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(&s);
    return s.a ^ s.b ^ s.c ^ s.d;
}

uint64_t wr_key_text(const char *text)
{
    return wr_key(text, strlen(text));
}

guint wr_text_hash(gconstpointer text)
{
    return (guint)wr_key_text(text);
}

/* ---- entries ---- */

/* Records are aligned, so the lowest bit of a pointer to one is free. */
static bool is_list(const entry *x)
{
    return ((uintptr_t)x->member & 1) != 0;
}

static GPtrArray *list_of(const entry *x)
{
    return (GPtrArray *)((uintptr_t)x->member & ~(uintptr_t)1);
}

wr_index *wr_index_new(void)
{
    wr_index *x = g_new0(wr_index, 1);

    x->n_slots = SLOTS_FIRST;
    x->slots = g_new0(uint32_t, x->n_slots);
    return x;
}

void wr_index_free(wr_index *x)
{
    if (x == NULL)
        return;
    for (unsigned i = 0; i < x->n; i++)
        if (is_list(&x->entries[i]))
            g_ptr_array_free(list_of(&x->entries[i]), TRUE);
    g_free(x->entries);
    g_free(x->slots);
    g_free(x);
}

unsigned wr_index_size(const wr_index *x)
{
    return x->n;
}

/* The slot that leads to the key, or where it belongs. */
static uint32_t *slot_of(const wr_index *x, uint64_t key)
{
    uint32_t at =
        (uint32_t)((uint64_t)(uint32_t)key * x->n_slots >> 32); /* the low half of the key as a share of all slots */

    while (x->slots[at] != 0 && x->entries[x->slots[at] - 1].key != key)
        at = at + 1 < x->n_slots ? at + 1 : 0;
    return &x->slots[at];
}

static entry *entry_of(const wr_index *x, uint64_t key)
{
    uint32_t found = *slot_of(x, key);

    return found == 0 ? NULL : &x->entries[found - 1];
}

static wr_bucket bucket_of(const entry *x)
{
    wr_bucket none = {NULL, 0};

    if (x == NULL || x->member == NULL)
        return none;
    if (is_list(x))
        return (wr_bucket){list_of(x)->pdata, list_of(x)->len};
    return (wr_bucket){&x->member, 1};
}

wr_bucket wr_index_find(const wr_index *x, uint64_t key)
{
    return bucket_of(entry_of(x, key));
}

wr_bucket wr_index_nth(const wr_index *x, unsigned i)
{
    return bucket_of(&x->entries[i]);
}

/* At most three of four slots are taken, and two of three where there are many: what stands empty counts. */
static void make_slots(wr_index *x)
{
    if (x->n < x->n_slots / 4 * 3)
        return;
    x->n_slots += MAX(x->n_slots / 8, SLOTS_FIRST);
    g_free(x->slots);
    x->slots = g_new0(uint32_t, x->n_slots);
    for (unsigned i = 0; i < x->n; i++)
        *slot_of(x, x->entries[i].key) = i + 1;
}

static entry *entry_get(wr_index *x, uint64_t key)
{
    entry *found = entry_of(x, key);

    if (found != NULL)
        return found;
    make_slots(x);
    x->entries = wr_room_for(x->entries, x->n, &x->room, sizeof *x->entries);
    x->entries[x->n] = (entry){key, NULL};
    *slot_of(x, key) = x->n + 1;
    return &x->entries[x->n++];
}

void wr_index_add(wr_index *x, uint64_t key, gpointer member)
{
    entry *at = entry_get(x, key);
    GPtrArray *list;

    if (at->member == NULL) {
        at->member = member;
        return;
    }
    if (!is_list(at)) {
        list = g_ptr_array_sized_new(2);
        g_ptr_array_add(list, at->member);
        at->member = (gpointer)((uintptr_t)list | 1);
    }
    g_ptr_array_add(list_of(at), member);
}

gpointer wr_index_get(const wr_index *x, uint64_t key)
{
    const entry *found = entry_of(x, key);

    return found == NULL ? NULL : found->member;
}

void wr_index_set(wr_index *x, uint64_t key, gpointer member)
{
    entry_get(x, key)->member = member;
}

unsigned wr_index_number(const wr_index *x, uint64_t key)
{
    return GPOINTER_TO_UINT(wr_index_get(x, key)) / 2;
}

void wr_index_set_number(wr_index *x, uint64_t key, unsigned number)
{
    wr_index_set(x, key, GUINT_TO_POINTER(number * 2)); /* not as a list */
}
