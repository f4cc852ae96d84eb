/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds SCTP packets (RFC 9260) for tests. */
#ifndef SCTP_BUILD_H
#define SCTP_BUILD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* CRC32c, bit by bit. */
static inline uint32_t sctp_crc(const uint8_t *p, size_t n)
{
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int k = 0; k < 8; k++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
    }
    return ~crc;
}

/* Common header with ports 5000 around chunks of n bytes that stand behind it already. */
static inline size_t sctp_close(uint8_t *b, size_t n)
{
    uint32_t crc;

    memcpy(b, "\x13\x88\x13\x88\0\0\0\0\0\0\0\0", 12);
    crc = sctp_crc(b, 12 + n);
    for (int i = 0; i < 4; i++)
        b[8 + i] = (uint8_t)(crc >> 8 * i);
    return 12 + n;
}

/* INIT, perhaps with an IPv4 address parameter. */
static inline size_t sctp_init(uint8_t b[200], bool address)
{
    static const uint8_t supported[8] = {0x80, 0x08, 0, 6, 0xc0, 0x82, 0, 0}, ipv4[8] = {0, 5, 0, 8, 10, 0, 0, 1};

    memset(b, 0, 200);
    memcpy(b + 12, "\x01\x00\x00\x1c", 4);
    memcpy(b + 16, "\1\2\3\4\0\2\0\0\xff\xff\xff\xff\0\0\0\1", 16);
    memcpy(b + 32, address ? ipv4 : supported, 8);
    return sctp_close(b, 28);
}

/* DATA on a stream with this protocol identifier and first byte. */
static inline size_t sctp_data(uint8_t b[200], unsigned stream, unsigned protocol, unsigned first)
{
    memset(b, 0, 200);
    memcpy(b + 12, "\x00\x03\x00\x1c\0\0\0\1", 8);
    b[20] = (uint8_t)(stream >> 8);
    b[21] = (uint8_t)stream;
    b[27] = (uint8_t)protocol;
    b[28] = (uint8_t)first;
    return sctp_close(b, 28);
}

#endif
