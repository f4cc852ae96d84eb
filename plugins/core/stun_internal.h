/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of the STUN reader share among themselves (RFC 8489). */
#ifndef WR_STUN_INTERNAL_H
#define WR_STUN_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#define WR_STUN_COOKIE        "\x21\x12\xa4\x42" /* RFC 8489 5 */
#define WR_STUN_COOKIE_LENGTH 4
#define WR_STUN_INTEGRITY     20 /* HMAC-SHA1 */

/* What FINGERPRINT must say when its attribute header stands at offset (RFC 8489 14.7). */
uint32_t wr_stun_fingerprint(const uint8_t *message, size_t offset);

#endif
