/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MESSAGE-INTEGRITY and FINGERPRINT of STUN messages (RFC 8489 14.5, 14.7). What each covers is drawn in stun.c. */
#include "reader.h"
#include "stun/stun.h"

#include <glib.h>
#include <string.h>
#include <zlib.h>

#define FINGERPRINT_MASK 0x5354554Eu
#define ATTR_HEADER      4

uint32_t wr_stun_fingerprint(const uint8_t *message, size_t offset)
{
    /* A message ends within 16 bits and its header, so the length fits zlib's type. */
    return (uint32_t)crc32(crc32(0L, Z_NULL, 0), message, (uInt)offset) ^ FINGERPRINT_MASK;
}

bool wr_stun_integrity_valid(const uint8_t *message, size_t length, size_t integrity_offset, const char *password,
                             size_t password_length)
{
    uint8_t digest[WR_STUN_INTEGRITY], header[4];
    gsize digest_length = sizeof digest;
    size_t claimed;
    GHmac *hmac;

    if (message == NULL || password == NULL || password_length > G_MAXINT || integrity_offset < WR_STUN_HEADER ||
        integrity_offset > length || length - integrity_offset < ATTR_HEADER + WR_STUN_INTEGRITY)
        return false;
    /* The length in the header counts up to the end of this attribute, whatever follows it. */
    claimed = integrity_offset - WR_STUN_HEADER + ATTR_HEADER + WR_STUN_INTEGRITY;
    if (claimed > UINT16_MAX)
        return false;
    memcpy(header, message, 2);
    header[2] = (uint8_t)(claimed >> 8);
    header[3] = (uint8_t)claimed;
    /* GLib's: OpenSSL 3 looks the algorithm up anew for each message, which costs ten times the digest itself. */
    hmac = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)password, password_length);
    g_hmac_update(hmac, header, sizeof header);
    g_hmac_update(hmac, message + sizeof header, (gssize)(integrity_offset - sizeof header));
    g_hmac_get_digest(hmac, digest, &digest_length);
    g_hmac_unref(hmac);
    return digest_length == WR_STUN_INTEGRITY &&
           memcmp(digest, message + integrity_offset + ATTR_HEADER, WR_STUN_INTEGRITY) == 0;
}
