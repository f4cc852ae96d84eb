/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 (FIPS 180-4), fast for short texts, and digests as text. */
#ifndef WR_DIGEST_H
#define WR_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define WR_SHA256 32

void wr_sha256(const void *bytes, size_t len, uint8_t out[WR_SHA256]);
/* Two lower-case digits a byte, and a NUL: out has room for 2 * n + 1. */
void wr_hex_format(const uint8_t *bytes, size_t n, char *out);

#endif
