/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of data channels. */
#include "rtp/data_channel.h"

#include <string.h>

#define COMMON_HEADER 12
#define CHUNK_HEADER  4
#define DATA_HEADER   16
#define CHUNK_DATA    0
#define ENDS          1
#define BEGINS        2
#define OPEN          3
#define OPEN_HEADER   12

static size_t u16_at(const uint8_t *p)
{
    return (size_t)p[0] << 8 | p[1];
}

static uint32_t u32_at(const uint8_t *p)
{
    return (uint32_t)(u16_at(p) << 16 | u16_at(p + 2));
}

bool wr_sctp_next_data(const uint8_t *packet, size_t len, size_t *at, wr_sctp_data *out)
{
    if (*at == 0)
        *at = COMMON_HEADER;
    while (*at < len && len - *at >= CHUNK_HEADER) {
        const uint8_t *p = packet + *at;
        const size_t n = u16_at(p + 2);
        if (n < CHUNK_HEADER || n > len - *at)
            return false;
        *at += (n + 3) & ~(size_t)3;
        if (p[0] != CHUNK_DATA || n < DATA_HEADER)
            continue;
        *out = (wr_sctp_data){.tsn = u32_at(p + 4),
                              .stream = (uint16_t)u16_at(p + 8),
                              .ppid = u32_at(p + 12),
                              .begins = (p[1] & BEGINS) != 0,
                              .ends = (p[1] & ENDS) != 0,
                              .bytes = p + DATA_HEADER,
                              .length = n - DATA_HEADER};
        return true;
    }
    return false;
}

bool wr_data_channel_read_open(const uint8_t *bytes, size_t len, wr_data_channel_open *out)
{
    memset(out, 0, sizeof *out);
    if (len < OPEN_HEADER || bytes[0] != OPEN)
        return false;
    out->type = bytes[1];
    out->label_length = u16_at(bytes + 8);
    out->protocol_length = u16_at(bytes + 10);
    if (out->label_length + out->protocol_length > len - OPEN_HEADER)
        return false;
    out->label = (const char *)bytes + OPEN_HEADER;
    out->protocol = out->label + out->label_length;
    return true;
}
