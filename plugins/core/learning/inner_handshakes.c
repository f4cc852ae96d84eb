/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens handshake records inside an association with its secret, where Wireshark does not: before 4.6 it forgets the
 * keys in force when it reads the ClientHello of a renegotiation. What authenticates is read as any decrypted message.
 */
#include "media_keys.h"

#include <openssl/crypto.h>

#define HANDSHAKE   22 /* type of the record */
#define MAX_ASKS    16 /* a secret may come while a capture is running */
#define INNER_BYTES (sizeof(wr_inner_records) + 4096)

static wr_inner_records *inner_of(wr_engine *e, wr_association *a)
{
    wr_hello_facts *f = wr_hello_facts_of(a);
    wr_record_cipher cipher = wr_record_cipher_of(a->has_suite ? wr_tls_suite_name(a->suite) : NULL);
    wr_record_keys keys;
    wr_secret master;

    if (f->inner != NULL || f->inner_asks >= MAX_ASKS || cipher == WR_RECORD_NONE || a->version != WR_DTLS_1_2)
        return f->inner;
    f->inner_asks++;
    if (e->options.find_secret(a->client_random, WR_SECRET_MASTER, &master)) {
        if (wr_record_keys_of(cipher, wr_media_keys_prf(a), &master, a->client_random, a->server_random, &keys) &&
            wr_keep_bytes(e, INNER_BYTES, "memory for handshakes inside associations")) {
            f->inner = g_new0(wr_inner_records, 1);
            f->inner->keys = keys;
            f->inner->reader = wr_dtls_reader_new();
        }
        OPENSSL_cleanse(&keys, sizeof keys);
    }
    OPENSSL_cleanse(&master, sizeof master);
    return f->inner;
}

static void read_message(wr_engine *e, wr_association *a, wr_side *side, const wr_dtls_evidence *d, uint8_t *bytes,
                         size_t len)
{
    GPtrArray *events = g_ptr_array_new();

    wr_dtls_read_decrypted(a->facts->inner->reader, &d->at.src, &d->at.dst, 0, bytes, len, events);
    for (unsigned i = 0; i < events->len; i++) {
        wr_dtls_evidence inner = *d;
        inner.event = g_ptr_array_index(events, i);
        wr_facts_renegotiation(e, a, side, &inner);
        wr_dtls_event_free(g_ptr_array_index(events, i));
    }
    g_ptr_array_free(events, TRUE);
}

void wr_inner_handshake(wr_engine *e, wr_association *a, wr_side *side, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    wr_inner_records *inner;
    uint8_t *bytes;
    size_t n;

    if (e->proofs == NULL || v->kind != WR_DTLS_ENCRYPTED_HANDSHAKE || v->epoch != 1 || v->sealed == NULL ||
        !v->has_nonce || !a->has_client_random || !a->has_server_random || !wr_association_is_completed(a) ||
        d->at.frame == side->finished_frame || (inner = inner_of(e, a)) == NULL)
        return;
    bytes = g_malloc(v->sealed_length);
    if (wr_record_open(&inner->keys, side == &a->side[0] ? 0 : 1, v->sequence, HANDSHAKE, v->record_version, v->sealed,
                       v->sealed_length, bytes, &n))
        read_message(e, a, side, d, bytes, n);
    g_free(bytes);
}
