/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Single packets of SRTP and SRTCP (RFC 3711, RFC 7714) under the keys of one direction: does the tag validate, and
 * what was encrypted?
 *
 *     SRTP    header | CSRCs | extension | {payload} | MKI | tag               HMAC over all before MKI, and the ROC
 *     SRTP    header | CSRCs | extension | {payload, tag} | MKI                GCM, all before { as associated data
 *     SRTCP   header, SSRC | {reports} | E, index | MKI | tag                  HMAC over all before MKI
 *     SRTCP   header, SSRC | {reports, tag} | E, index | MKI                   GCM; header, SSRC, E and index
 * associated
 *
 * {} is encrypted. With cryptex (RFC 9335) CSRCs and the extension's body are, too; its profile 0xC0DE or 0xC2DE says
 * so.
 */
#ifndef WR_SRTP_PACKET_H
#define WR_SRTP_PACKET_H

#include "srtp/profile.h"

#define WR_SRTP_MAX_PACKET 65535

/* Session keys of one direction, ready for use. */
typedef struct wr_srtp_keys wr_srtp_keys;

/* Derives them (RFC 3711 4.3, no key derivation rate) from profile->key and profile->salt bytes. mki_length is that of
 * the master key identifier in each packet, 0 as a rule. NULL when OpenSSL refuses. */
wr_srtp_keys *wr_srtp_keys_new(const wr_srtp_profile *profile, const uint8_t *key, const uint8_t *salt,
                               unsigned mki_length);
void wr_srtp_keys_free(wr_srtp_keys *k); /* NULL is allowed */
const wr_srtp_profile *wr_srtp_keys_profile(const wr_srtp_keys *k);

/* What of a datagram is outside of the encrypted part, by its own text. */
typedef struct {
    uint32_t ssrc;
    uint16_t sequence; /* SRTP */
    uint32_t index;    /* SRTCP: 31 bits */
    uint32_t mark;     /* last four bytes of the tag: tells packets apart */
} wr_srtp_head;

/* False when bytes (len) cannot be SRTP of this profile: too short, not of version 2. */
bool wr_srtp_read_head(const wr_srtp_keys *k, const uint8_t *bytes, size_t len, wr_srtp_head *out);
bool wr_srtcp_read_head(const wr_srtp_keys *k, const uint8_t *bytes, size_t len, wr_srtp_head *out);

/* The tag of this whole SRTP packet validates with this roll-over counter. With out (room for len bytes; NULL: only the
 * question) the packet is also decrypted, without MKI and tag; *out_len is then its length. */
bool wr_srtp_open(wr_srtp_keys *k, const uint8_t *bytes, size_t len, uint32_t roc, uint8_t *out, size_t *out_len);
/* The same of SRTCP, which carries its index. */
bool wr_srtcp_open(wr_srtp_keys *k, const uint8_t *bytes, size_t len, uint8_t *out, size_t *out_len);

#endif
