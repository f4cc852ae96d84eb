/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes webrtc-thin: its reader of captures, its reader of layers, its streams. What it writes must be a capture that
 * it reads again to the end, with all packets but those that it says it left out. */
#include "thin.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *bytes;
    size_t left;
} input;

static long give(void *from, void *to, size_t n)
{
    input *in = from;
    const size_t got = MIN(n, in->left);

    memcpy(to, in->bytes, got);
    in->bytes += got;
    in->left -= got;
    return (long)got;
}

static bool collect(void *to, const void *bytes, size_t n)
{
    g_byte_array_append(to, bytes, (guint)n);
    return true;
}

static bool discard(void *to, const void *bytes, size_t n)
{
    (void)to;
    (void)bytes;
    (void)n;
    return true;
}

static void once(const uint8_t *data, size_t size, wr_thin_options how)
{
    GByteArray *out = g_byte_array_new();
    input in = {data, size}, again;
    wr_thin_result first, second;

    wr_thin(give, &in, collect, out, how, &first);
    if (out->len > 0) {
        again = (input){out->data, out->len};
        wr_thin(give, &again, discard, NULL, how, &second);
        g_assert_null(second.error);
        g_assert_cmpuint(second.packets, ==, first.packets - first.left.packets);
    }
    g_free(first.error);
    g_byte_array_free(out, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    once(data, size, (wr_thin_options){.number = true});
    once(data, size, (wr_thin_options){.no_media = true});
    return 0;
}
