/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded into tshark by run.py: writes the peak of the heap, in bytes, to the file that HEAP_PEAK names. What counts
 * is what glibc's allocator takes for a block, so that many small ones cost what they cost.
 */
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER 8 /* beside what malloc_usable_size() tells */

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static _Atomic long now, peak;

static void *count(void *p)
{
    long size = p == NULL ? 0 : (long)malloc_usable_size(p) + HEADER, sum = atomic_fetch_add(&now, size) + size,
         most = peak;

    while (sum > most && !atomic_compare_exchange_weak(&peak, &most, sum)) {
    }
    return p;
}

static void discount(void *p)
{
    if (p != NULL)
        now -= (long)malloc_usable_size(p) + HEADER;
}

void *malloc(size_t n)
{
    return count(__libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
    return count(__libc_calloc(n, size));
}

void *realloc(void *old, size_t n)
{
    void *p;

    discount(old);
    p = __libc_realloc(old, n);
    if (p == NULL && n > 0)
        count(old);
    return count(p);
}

void free(void *p)
{
    discount(p);
    __libc_free(p);
}

void *memalign(size_t alignment, size_t n)
{
    return count(__libc_memalign(alignment, n));
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return memalign(alignment, n);
}

int posix_memalign(void **out, size_t alignment, size_t n)
{
    *out = memalign(alignment, n);
    return *out == NULL ? 12 /* ENOMEM */ : 0;
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("HEAP_PEAK");
    FILE *file = path == NULL ? NULL : fopen(path, "w");

    if (file != NULL) {
        fprintf(file, "%ld\n", peak);
        fclose(file);
    }
}
