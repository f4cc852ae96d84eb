/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recognises SCTP packets (RFC 9260 3) by their checksum, and reads what concerns data channels (RFC 8832, RFC 8261).
 *
 *     byte 0             2                  4                  8          12
 *          +-------------+------------------+------------------+----------+------------- - -
 *          | source port | destination port | verification tag | CRC32c   | chunks
 *          +-------------+------------------+------------------+----------+------------- - -
 *     each chunk          | type 1 | flags 1 | length 2, these four counted | value | zeros up to a multiple of 4 |
 *     DATA 0              TSN 4, stream 2, number in it 2, protocol 4, user data       RFC 9260 3.3.1
 *     INIT 1, INIT ACK 2  16 bytes, then parameters | type 2 | length 2 | value |      RFC 9260 3.3.2, 3.3.3
 *     DATA_CHANNEL_OPEN   type 1 (3), …; the user data of a DATA chunk of protocol 50  RFC 8832 5.1
 *
 *     The checksum covers all of the packet, with zeros in its own place; it protects against accidents alone. Inside
 *     of DTLS the record's tag covers the packet.
 */
#include "rtp/sctp.h"

#include <string.h>

#define COMMON_HEADER 12
#define CHUNK_HEADER  4
#define CHUNKS_MOST   64 /* of one packet that are looked at */

enum { CHUNK_DATA = 0, CHUNK_INIT = 1, CHUNK_INIT_ACK = 2 };
enum { PARAMETER_IPV4 = 5, PARAMETER_IPV6 = 6 };
#define PPID_DCEP 50 /* RFC 8832 8.1 */
#define DCEP_OPEN 3

static size_t u16_at(const uint8_t *p)
{
    return (size_t)p[0] << 8 | p[1];
}

/* CRC32c (RFC 9260 6.8, appendix A), four bits at a time. */
static uint32_t crc_add(uint32_t crc, const uint8_t *p, size_t n)
{
    static uint32_t table[16];

    if (table[1] == 0)
        for (uint32_t i = 0; i < 16; i++) {
            table[i] = i;
            for (int k = 0; k < 4; k++)
                table[i] = (table[i] & 1) != 0 ? table[i] >> 1 ^ 0x82f63b78u : table[i] >> 1;
        }
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return crc;
}

bool wr_sctp_is_packet(const uint8_t *bytes, size_t len)
{
    static const uint8_t zero[4];
    uint32_t crc;

    if (len < COMMON_HEADER + CHUNK_HEADER || u16_at(bytes) == 0 || u16_at(bytes + 2) == 0 ||
        u16_at(bytes + COMMON_HEADER + 2) < CHUNK_HEADER || u16_at(bytes + COMMON_HEADER + 2) > len - COMMON_HEADER)
        return false;
    crc = ~crc_add(crc_add(crc_add(0xffffffffu, bytes, 8), zero, 4), bytes + COMMON_HEADER, len - COMMON_HEADER);
    return bytes[8] == (crc & 255) && bytes[9] == (crc >> 8 & 255) && bytes[10] == (crc >> 16 & 255) &&
           bytes[11] == crc >> 24;
}

/* Parameters of INIT and INIT ACK (RFC 9260 3.3.2). */
static bool names_addresses(const uint8_t *p, size_t len)
{
    size_t at = CHUNK_HEADER + 16;

    for (unsigned i = 0; i < CHUNKS_MOST && at + 4 <= len; i++) {
        size_t type = u16_at(p + at), n = u16_at(p + at + 2);
        if (type == PARAMETER_IPV4 || type == PARAMETER_IPV6)
            return true;
        if (n < 4)
            return false;
        at += (n + 3) & ~(size_t)3;
    }
    return false;
}

/* RFC 9260 3.3.1, RFC 8832 5.1 */
static void read_data(const uint8_t *p, size_t len, wr_sctp_facts *out)
{
    static const uint8_t dcep[4] = {0, 0, 0, PPID_DCEP};

    if (len < CHUNK_HEADER + 13 || memcmp(p + 12, dcep, 4) != 0 || p[16] != DCEP_OPEN || out->opens_channel)
        return;
    out->opens_channel = true;
    out->stream = (uint16_t)u16_at(p + 8);
}

void wr_sctp_read(const uint8_t *bytes, size_t len, wr_sctp_facts *out)
{
    size_t at = COMMON_HEADER;

    memset(out, 0, sizeof *out);
    for (unsigned i = 0; i < CHUNKS_MOST && len >= CHUNK_HEADER && at <= len - CHUNK_HEADER; i++) {
        const uint8_t *p = bytes + at;
        size_t n = u16_at(p + 2);
        if (n < CHUNK_HEADER || n > len - at)
            return;
        if (p[0] == CHUNK_DATA)
            read_data(p, n, out);
        else if (p[0] == CHUNK_INIT || p[0] == CHUNK_INIT_ACK)
            out->has_addresses |= names_addresses(p, n);
        at += (n + 3) & ~(size_t)3;
    }
}
