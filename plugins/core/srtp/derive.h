/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Session keys, as the files of this room share them. */
#ifndef WR_SRTP_DERIVE_H
#define WR_SRTP_DERIVE_H

#include "srtp/packet.h"

#include <openssl/evp.h>

/* Of SRTP or of SRTCP. */
typedef struct {
    EVP_CIPHER_CTX *cipher; /* with its key, NULL for none; a packet gives the IV */
    EVP_MAC_CTX *mac;       /* with its key, NULL with GCM */
    uint8_t salt[WR_SRTP_MAX_SALT];
} wr_srtp_half;

struct wr_srtp_keys {
    const wr_srtp_profile *profile;
    unsigned mki_length;
    wr_srtp_half half[2]; /* SRTP, SRTCP */
};

#define WR_SRTP_AUTH_KEY 20

/* RFC 3711 4.3.1: n bytes for this label, by AES in counter mode (4.3.3; RFC 7714 11 for salts of 12 bytes). */
bool wr_srtp_derive(const wr_srtp_profile *profile, const uint8_t *key, const uint8_t *salt, uint8_t label,
                    uint8_t *out, size_t n);

#endif
