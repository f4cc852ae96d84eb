/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of frame numbers. */
#include "base/frame_set.h"

#include <string.h>

struct wr_frame_set {
    GByteArray *bits;
};

wr_frame_set *wr_frame_set_new(void)
{
    wr_frame_set *set = g_new0(wr_frame_set, 1);

    set->bits = g_byte_array_new();
    return set;
}

void wr_frame_set_free(wr_frame_set *set)
{
    if (set != NULL) {
        g_byte_array_unref(set->bits);
        g_free(set);
    }
}

void wr_frame_set_add(wr_frame_set *set, uint32_t frame)
{
    const unsigned had = set->bits->len, wanted = frame / 8 + 1;

    if (wanted > had) {
        g_byte_array_set_size(set->bits, wanted);
        memset(set->bits->data + had, 0, wanted - had);
    }
    set->bits->data[frame / 8] |= (uint8_t)(1u << frame % 8);
}

bool wr_frame_set_has(const wr_frame_set *set, uint32_t frame)
{
    return set != NULL && frame / 8 < set->bits->len && (set->bits->data[frame / 8] >> frame % 8 & 1) != 0;
}
