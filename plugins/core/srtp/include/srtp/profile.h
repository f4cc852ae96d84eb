/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Protection profiles of SRTP: those of DTLS (RFC 5764 4.1.2, RFC 7714 14.2) and crypto suites of SDES (RFC 4568 6.2,
 * RFC 6188, RFC 7714 14.1).
 */
#ifndef WR_SRTP_PROFILE_H
#define WR_SRTP_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_SRTP_MAX_KEY  32
#define WR_SRTP_MAX_SALT 14

typedef enum { WR_SRTP_NULL = 0, WR_SRTP_CM, WR_SRTP_GCM } wr_srtp_cipher;

typedef struct {
    uint16_t number;   /* in use_srtp; 0 for none */
    const char *suite; /* in a=crypto; NULL for none */
    wr_srtp_cipher cipher;
    uint8_t key, salt; /* bytes of the master key and salt */
    uint8_t tag;       /* bytes of SRTP's tag */
    uint8_t rtcp_tag;
} wr_srtp_profile;

/* NULL for profiles that this reads no packets of (ARIA, DOUBLE). */
const wr_srtp_profile *wr_srtp_profile_by_number(uint16_t number);
const wr_srtp_profile *wr_srtp_profile_by_suite(const char *suite, size_t len);
/* The i-th, those in use first; NULL behind the last. */
const wr_srtp_profile *wr_srtp_profile_nth(unsigned i);
#define WR_SRTP_PROFILES 8

/* RFC 4568 9.1: one inline key of "a=crypto:TAG SUITE inline:KEY||SALT|LIFETIME|MKI:LENGTH PARAMETERS". */
typedef struct {
    const wr_srtp_profile *profile;
    uint8_t key[WR_SRTP_MAX_KEY], salt[WR_SRTP_MAX_SALT];
    uint32_t tag;       /* which offer and answer name it by */
    uint8_t mki_length; /* bytes, of 128 at most */
} wr_sdes_key;

/* value (len) is what stands behind "a=crypto:". NULL when out was filled, else a sentence, static, that says why not:
 * broken, or with parameters that change what this checks (KDR, UNENCRYPTED_SRTP, UNAUTHENTICATED_SRTP). */
const char *wr_sdes_parse(const char *value, size_t len, wr_sdes_key *out);

#endif
