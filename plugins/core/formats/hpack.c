/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Header fields of HTTP/2 out of their compressed form (RFC 7541), which libnghttp2 reads. */
#include "formats/hpack.h"

#include <nghttp2/nghttp2.h>

#define TABLE_MOST  (64u << 10) /* bytes to which the table may be changed; what is bigger is not read */
#define ENTRY_EXTRA 32          /* bytes that each field counts beside its text (RFC 7541 4.1) */

struct wr_hpack {
    nghttp2_hd_inflater *inflater;
    bool broken;
};

wr_hpack *wr_hpack_new(void)
{
    wr_hpack *h = g_new0(wr_hpack, 1);

    h->broken =
        nghttp2_hd_inflate_new(&h->inflater) != 0 || nghttp2_hd_inflate_change_table_size(h->inflater, TABLE_MOST) != 0;
    return h;
}

void wr_hpack_free(wr_hpack *h)
{
    if (h == NULL)
        return;
    nghttp2_hd_inflate_del(h->inflater);
    g_free(h);
}

bool wr_hpack_block(wr_hpack *h, const uint8_t *bytes, size_t len, wr_hpack_sink sink, void *data)
{
    static const uint8_t none[1];
    const uint8_t *p = len > 0 ? bytes : none; /* no bytes may stand nowhere */
    size_t told = 0, left = len;
    int flags = 0;

    while (!h->broken && (flags & NGHTTP2_HD_INFLATE_FINAL) == 0) {
        nghttp2_nv field;
        const ssize_t n = nghttp2_hd_inflate_hd2(h->inflater, &field, &flags, p, left, 1);
        h->broken = n < 0;
        if (h->broken)
            break;
        p += n;
        left -= (size_t)n;
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 || told > WR_HPACK_MOST)
            continue;
        told += field.namelen + field.valuelen + ENTRY_EXTRA;
        if (told <= WR_HPACK_MOST)
            sink((const char *)field.name, field.namelen, (const char *)field.value, field.valuelen, data);
    }
    if (!h->broken)
        nghttp2_hd_inflate_end_headers(h->inflater);
    return !h->broken;
}
