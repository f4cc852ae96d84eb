/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzzes the reading of certificates.
 */
#include "dtls/certificate.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_certificate *c = wr_certificate_new(data, size);

    if (c != NULL) {
        wr_fingerprint fp = {.hash = WR_HASH_SHA256, .length = 32, .usable = true};
        memcpy(fp.value, c->sha256, 32);
        if (!wr_certificate_has_fingerprint(c, &fp))
            __builtin_trap();
        wr_certificate_describe(c);
        if (c->facts->parsed &&
            (strlen(c->facts->subject) > WR_CERTIFICATE_TEXT + 3 || strlen(c->facts->issuer) > WR_CERTIFICATE_TEXT + 3))
            __builtin_trap();
    }
    wr_certificate_unref(c);
    return 0;
}
