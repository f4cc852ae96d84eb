/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "formats/raw_inflate.h"

#include <string.h>
#include <zlib.h>

struct wr_inflater {
    z_stream z;
    bool broken;
};

wr_inflater *wr_inflater_new(void)
{
    wr_inflater *i = g_new0(wr_inflater, 1);

    if (inflateInit2(&i->z, -15) != Z_OK) {
        g_free(i);
        return NULL;
    }
    return i;
}

void wr_inflater_free(wr_inflater *i)
{
    if (i == NULL)
        return;
    inflateEnd(&i->z);
    g_free(i);
}

/* False when it goes no further. */
static bool take(wr_inflater *i, const uint8_t *bytes, size_t len, size_t max, GByteArray *out)
{
    uint8_t block[8192];
    int rc;

    i->z.next_in = (Bytef *)(uintptr_t)bytes;
    i->z.avail_in = (uInt)len;
    do {
        size_t got;
        i->z.next_out = block;
        i->z.avail_out = sizeof block;
        rc = inflate(&i->z, Z_SYNC_FLUSH);
        got = sizeof block - i->z.avail_out;
        if (out->len > max || got > max - out->len)
            return false;
        g_byte_array_append(out, block, (guint)got);
        if (rc == Z_STREAM_END) /* the writer ends its stream with each message (RFC 7692 7.2.3.4) */
            return inflateReset(&i->z) == Z_OK;
    } while (rc == Z_OK && (i->z.avail_in > 0 || i->z.avail_out == 0));
    return rc == Z_OK || rc == Z_BUF_ERROR;
}

bool wr_inflater_message(wr_inflater *i, const uint8_t *bytes, size_t len, size_t max, GByteArray *out)
{
    static const uint8_t tail[] = {0, 0, 0xff, 0xff};

    if (i->broken || len > G_MAXINT || !take(i, bytes, len, max, out) || !take(i, tail, sizeof tail, max, out))
        i->broken = true;
    return !i->broken;
}
