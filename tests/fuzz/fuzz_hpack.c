/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes header blocks of HTTP/2: the input is cut in two, so that the second refers to the first. */
#include "formats/hpack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(const char *name, size_t name_len, const char *value, size_t value_len, void *data)
{
    size_t *told = data;

    *told += name_len + value_len;
    if (*told > WR_HPACK_MOST || name[name_len] != '\0' || value[value_len] != '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t first = size > 0 ? data[0] % size : 0;
    wr_hpack *h = wr_hpack_new();
    size_t told = 0;

    if (wr_hpack_block(h, data, first, take, &told)) {
        told = 0;
        wr_hpack_block(h, data + first, size - first, take, &told);
    }
    wr_hpack_free(h);
    return 0;
}
