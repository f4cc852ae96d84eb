/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 (FIPS 180-4), fast for short texts. */
#ifndef WR_DIGEST_H
#define WR_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define WR_SHA256 32

void wr_sha256(const void *bytes, size_t len, uint8_t out[WR_SHA256]);

#endif
