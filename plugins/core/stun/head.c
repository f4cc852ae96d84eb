/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the head of a datagram says of STUN (RFC 8489 5, drawn in stun.c) and ChannelData (RFC 8656 12.4), for choosing
 * what to read.
 *
 *     byte 0                 2         4
 *          +-----------------+---------+---------------------- - -
 *          | channel 4000 on | length  | data: length bytes, over UDP up to 3 more as padding
 *          +-----------------+---------+---------------------- - -
 *     Nothing in ChannelData covers it; what is inside (DTLS, SRTP) has to protect itself.
 */
#include "stun/stun.h"

#include "reader.h"

#include <string.h>

bool wr_stun_looks_like(const uint8_t *bytes, size_t len)
{
    size_t length;

    if (bytes == NULL || len < WR_STUN_HEADER || (bytes[0] & 0xC0) != 0 ||
        memcmp(bytes + 4, WR_STUN_COOKIE, WR_STUN_COOKIE_LENGTH) != 0)
        return false;
    length = wr_stun_u16(bytes + 2);
    return length % 4 == 0 && length <= len - WR_STUN_HEADER;
}

bool wr_stun_is(const uint8_t *bytes, size_t len, uint16_t method, uint8_t message_class)
{
    return wr_stun_looks_like(bytes, len) && wr_stun_method(wr_stun_u16(bytes)) == method &&
           wr_stun_class(wr_stun_u16(bytes)) == message_class;
}

bool wr_stun_carries_dtls(const uint8_t *bytes, size_t len)
{
    size_t end, offset = WR_STUN_HEADER;

    if (!wr_stun_looks_like(bytes, len))
        return false;
    end = (size_t)WR_STUN_HEADER + wr_stun_u16(bytes + 2);
    while (offset + WR_STUN_ATTRIBUTE_HEADER <= end && wr_stun_u16(bytes + offset) != WR_STUN_DTLS_ATTRIBUTE)
        offset += WR_STUN_ATTRIBUTE_HEADER + ((wr_stun_u16(bytes + offset + 2) + 3u) & ~(size_t)3);
    return offset + WR_STUN_ATTRIBUTE_HEADER <= end;
}

bool wr_channel_header(const uint8_t *bytes, size_t captured, size_t length, uint16_t *channel, size_t *data_length)
{
    size_t said;

    *channel = 0;
    *data_length = 0;
    if (bytes == NULL || captured < WR_CHANNEL_HEADER || captured > length || (bytes[0] & 0xF0) != 0x40)
        return false;
    said = wr_stun_u16(bytes + 2);
    /* More behind it than padding would mean that these four bytes are no header. */
    if (said > length - WR_CHANNEL_HEADER || length - WR_CHANNEL_HEADER - said > 3)
        return false;
    *channel = wr_stun_u16(bytes);
    *data_length = said;
    return true;
}

bool wr_channel_data(const uint8_t *bytes, size_t len, uint16_t *channel, const uint8_t **data, size_t *data_length)
{
    bool is = wr_channel_header(bytes, len, len, channel, data_length);

    *data = is ? bytes + WR_CHANNEL_HEADER : NULL;
    return is;
}
