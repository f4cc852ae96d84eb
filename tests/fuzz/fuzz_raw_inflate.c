/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes deflated messages: the input is cut in two, so that the second needs the first. */
#include "formats/raw_inflate.h"

#include <stdlib.h>

#define MOST 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_inflater *z = wr_inflater_new();
    size_t first = size > 0 ? data[0] % size : 0;

    for (int i = 0; i < 2 && z != NULL; i++) {
        GByteArray *out = g_byte_array_new();
        wr_inflater_message(z, i == 0 ? data : data + first, i == 0 ? first : size - first, MOST, out);
        if (out->len > MOST)
            abort();
        g_byte_array_unref(out);
    }
    wr_inflater_free(z);
    return 0;
}
