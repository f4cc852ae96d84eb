/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the secrets of a handshake to keying material for SRTP: exporters of TLS (RFC 5705; RFC 8446 7.5 with the prefix
 * of RFC 9147 5.9) under the label "EXTRACTOR-dtls_srtp" without a context (RFC 5764 4.2):
 *
 *     client_write_key | server_write_key | client_write_salt | server_write_salt
 */
#ifndef WR_EXPORTER_H
#define WR_EXPORTER_H

#include "srtp/key_log.h"
#include "srtp/profile.h"

/* The hash of the handshake's PRF: of TLS 1.1 and before, of 1.2's suites, and of 1.3's. */
typedef enum { WR_PRF_MD5_SHA1 = 0, WR_PRF_SHA256, WR_PRF_SHA384 } wr_prf;

/* RFC 5246 5, RFC 2246 5: PRF(secret, label, seed) in len bytes. False when OpenSSL refuses. */
bool wr_prf_12(wr_prf prf, const wr_secret *master, const char *label, const uint8_t *seed, size_t n_seed, uint8_t *out,
               size_t len);

/* RFC 8446 7.5 with an empty context, in len bytes; prefix is "dtls13" or "tls13 ". The hash is the one whose length
 * the secret has. */
bool wr_exporter_13(const wr_secret *exporter, const char *prefix, const char *label, uint8_t *out, size_t len);

/* Master keys and salts of both directions; [0] is what the DTLS client sends with. */
typedef struct {
    uint8_t key[2][WR_SRTP_MAX_KEY], salt[2][WR_SRTP_MAX_SALT];
} wr_srtp_masters;

/* Of an association of DTLS 1.0 or 1.2: both randoms are 32 bytes. */
bool wr_srtp_masters_12(wr_prf prf, const wr_secret *master, const uint8_t *client_random, const uint8_t *server_random,
                        const wr_srtp_profile *profile, wr_srtp_masters *out);
/* Of DTLS 1.3. */
bool wr_srtp_masters_13(const wr_secret *exporter, const wr_srtp_profile *profile, wr_srtp_masters *out);

#endif
