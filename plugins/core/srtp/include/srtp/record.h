/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of DTLS 1.2 under the keys that follow from a master secret (RFC 5246 6.3), for suites with AEAD: GCM (RFC
 * 5288) and ChaCha20-Poly1305 (RFC 7905). Nothing is given out that does not authenticate.
 */
#ifndef WR_RECORD_H
#define WR_RECORD_H

#include "srtp/exporter.h"

typedef enum { WR_RECORD_NONE = 0, WR_RECORD_AES_128_GCM, WR_RECORD_AES_256_GCM, WR_RECORD_CHACHA20 } wr_record_cipher;

/* By the suite's IANA name; NONE for those that are not read here, and for NULL. */
wr_record_cipher wr_record_cipher_of(const char *suite);

#define WR_RECORD_MAX_KEY 32
#define WR_RECORD_MAX_IV  12

/* Keys of the first epoch after a handshake; [0] is what the DTLS client sends with. Wipe them after use. */
typedef struct {
    wr_record_cipher cipher;
    uint8_t key[2][WR_RECORD_MAX_KEY], iv[2][WR_RECORD_MAX_IV];
} wr_record_keys;

/* Both randoms are 32 bytes. False when the cipher is NONE or OpenSSL refuses. */
bool wr_record_keys_of(wr_record_cipher cipher, wr_prf prf, const wr_secret *master, const uint8_t *client_random,
                       const uint8_t *server_random, wr_record_keys *out);

/* A record's content (len), sent by that side (0 client); sequence: epoch and sequence number as in its header; type
 * and version as there. out has room for len bytes. False, and nothing given out, when it does not authenticate. */
bool wr_record_open(const wr_record_keys *k, int side, uint64_t sequence, uint8_t type, uint16_t version,
                    const uint8_t *content, size_t len, uint8_t *out, size_t *out_len);

#endif
