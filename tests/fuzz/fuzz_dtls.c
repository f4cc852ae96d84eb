/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the DTLS reader: the input is a row of datagrams, each behind a byte of flags and two bytes of length.
 */
#include "dtls/dtls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void free_event(void *e)
{
    wr_dtls_event_free(e);
}

/* Everything that a caller would do with what was read. */
static void use(const GPtrArray *events)
{
    static const uint8_t random[WR_DTLS_RANDOM];
    const wr_certificate *leaf = NULL;

    for (guint i = 0; i < events->len; i++) {
        const wr_dtls_event *e = g_ptr_array_index(events, i);
        wr_dtls_kind_name(e->kind);
        if (e->n_suites > WR_DTLS_MAX_SUITES || e->n_profiles > WR_DTLS_MAX_PROFILES || e->session_id_length > 32)
            g_error("a bound was passed");
        if (e->leaf != NULL)
            leaf = e->leaf;
        if (e->kind == WR_DTLS_SERVER_KEY_EXCHANGE) {
            wr_dtls_server_possession(leaf, random, random, WR_DTLS_1_2, 0xc02b, e->body, e->body_length);
            wr_dtls_server_possession(leaf, random, random, WR_DTLS_1_0, 0x0033, e->body, e->body_length);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GPtrArray *out = g_ptr_array_new_with_free_func(free_event);
    wr_endpoint a = wr_endpoint_from_bytes((const uint8_t *)"\12\0\0\1", 4, 1000);
    wr_endpoint b = wr_endpoint_from_bytes((const uint8_t *)"\12\0\0\2", 4, 2000);

    while (size > 3) {
        uint8_t flags = data[0];
        size_t n = MIN((size_t)(data[1] << 8 | data[2]), size - 3);
        uint8_t *exact = g_memdup2(data + 3, n);
        const wr_endpoint *src = (flags & 1) != 0 ? &a : &b, *dst = (flags & 1) != 0 ? &b : &a;

        wr_dtls_looks_like(exact, n, (flags & 2) != 0);
        if ((flags & 4) != 0)
            wr_dtls_read_decrypted(r, src, dst, flags >> 6, exact, n, out);
        else
            wr_dtls_read_datagram((flags & 32) != 0 ? NULL : r, src, dst, flags >> 6, exact, n, (flags & 8) != 0, out);
        use(out);
        g_ptr_array_set_size(out, 0);
        g_free(exact);
        data += 3 + n;
        size -= 3 + n;
    }
    g_ptr_array_unref(out);
    wr_dtls_reader_free(r);
    return 0;
}
