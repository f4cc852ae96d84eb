/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 (FIPS 180-4) by OpenSSL, whose code is several times faster than GLib's; by GLib where it is withheld. */
#include "base/digest.h"

#include <glib.h>
#include <openssl/evp.h>
#include <stdbool.h>

void wr_sha256(const void *bytes, size_t len, uint8_t out[WR_SHA256])
{
    static EVP_MD *algorithm; /* looked up once: that costs more than the digest of a text */
    static bool tried;
    gsize n = WR_SHA256;
    GChecksum *sum;

    if (!tried) {
        algorithm = EVP_MD_fetch(NULL, "SHA2-256", NULL);
        tried = true;
    }
    if (algorithm != NULL && EVP_Digest(bytes, len, out, NULL, algorithm, NULL) == 1)
        return;
    sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, bytes, (gssize)len);
    g_checksum_get_digest(sum, out, &n);
    g_checksum_free(sum);
}

void wr_hex_format(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}
