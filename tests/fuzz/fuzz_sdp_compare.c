/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the comparison of two descriptions: the input is cut at its first 0xff byte. */
#include "sdp/compare.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *cut = size != 0 ? memchr(data, 0xff, size) : NULL;
    const size_t first = cut != NULL ? (size_t)(cut - data) : size / 2;
    const size_t second = cut != NULL ? first + 1 : first;
    wr_sdp *a = wr_sdp_parse((const char *)data, first);
    wr_sdp *b = wr_sdp_parse((const char *)data + second, size - second);
    GPtrArray *diff = wr_sdp_diff(a, b, 20);

    if (diff->len > 20 || wr_sdp_sameness(a, b) != wr_sdp_sameness(b, a) || wr_sdp_sameness(a, a) != WR_SAME_S0)
        abort();
    g_ptr_array_unref(diff);
    diff = wr_sdp_diff(a, a, 20);
    if (diff->len != 0)
        abort();
    g_ptr_array_unref(diff);
    if (wr_sdp_compare_fingerprints(a, a) == WR_FPS_DIFFERENT || wr_sdp_compare_fingerprints(a, b) > WR_FPS_UNKNOWN)
        abort();
    wr_sdp_tagged_section(a, b);
    wr_sdp_unref(a);
    wr_sdp_unref(b);
    return 0;
}
