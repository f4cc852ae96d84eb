/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources of the STUN reader share among themselves (RFC 8489). */
#ifndef WR_STUN_READER_H
#define WR_STUN_READER_H

#include <stddef.h>
#include <stdint.h>

#define WR_STUN_COOKIE        "\x21\x12\xa4\x42" /* RFC 8489 5 */
#define WR_STUN_COOKIE_LENGTH 4
#define WR_STUN_INTEGRITY     20 /* HMAC-SHA1 */

#define WR_STUN_ATTRIBUTE_HEADER 4
#define WR_STUN_DTLS_ATTRIBUTE   0xC070

static inline uint16_t wr_stun_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* The bits of method and class are mixed in the type (RFC 8489 5). */
static inline uint16_t wr_stun_method(uint16_t type)
{
    return (uint16_t)((type & 0x000F) | (type & 0x00E0) >> 1 | (type & 0x3E00) >> 2);
}

static inline uint8_t wr_stun_class(uint16_t type)
{
    return (uint8_t)((type & 0x0010) >> 4 | (type & 0x0100) >> 7);
}

/* What FINGERPRINT must say when its attribute header stands at offset (RFC 8489 14.7). */
uint32_t wr_stun_fingerprint(const uint8_t *message, size_t offset);

#endif
