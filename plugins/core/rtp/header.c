/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header of RTP and its extension; their forms are drawn in the header file. */
#include "rtp/header.h"

#include <string.h>

#define FIXED     12
#define ONE_BYTE  0xbede
#define TWO_BYTES 0x1000

static unsigned u16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

bool wr_rtp_read_header(const uint8_t *bytes, size_t len, wr_rtp_header *out)
{
    size_t at;

    memset(out, 0, sizeof *out);
    if (len < FIXED || bytes[0] >> 6 != 2)
        return false;
    out->payload_type = bytes[1] & 127;
    out->ssrc = (uint32_t)u16(bytes + 8) << 16 | u16(bytes + 10);
    at = FIXED + 4 * (size_t)(bytes[0] & 15);
    out->payload = at;
    if ((bytes[0] & 0x10) == 0)
        return at <= len;
    if (at + 4 > len || at + 4 + 4 * (size_t)u16(bytes + at + 2) > len)
        return false;
    out->profile = u16(bytes + at);
    out->n_extension = 4 * (size_t)u16(bytes + at + 2);
    out->extension = bytes + at + 4;
    out->payload = at + 4 + out->n_extension;
    return true;
}

bool wr_rtp_next_element(const wr_rtp_header *h, size_t *at, unsigned *id, const uint8_t **value, size_t *n)
{
    const bool one = h->profile == ONE_BYTE;
    const uint8_t *p = h->extension;

    if (!one && (h->profile & 0xfff0) != TWO_BYTES)
        return false;
    while (*at < h->n_extension && p[*at] == 0) /* padding */
        ++*at;
    if (*at >= h->n_extension)
        return false;
    *id = one ? p[*at] >> 4 : p[*at];
    if (one ? *id == 15 : h->n_extension - *at < 2) /* RFC 8285 4.2: the rest is not read */
        return false;
    *n = one ? (p[*at] & 15u) + 1 : p[*at + 1];
    *at += one ? 1 : 2;
    *value = *n <= h->n_extension - *at ? p + *at : NULL;
    *at += *n;
    return true;
}

uint16_t wr_rtp_element_ids(const wr_rtp_header *h)
{
    unsigned id, set = 0;
    const uint8_t *value;
    size_t at = 0, n;

    while (wr_rtp_next_element(h, &at, &id, &value, &n))
        if (id < 16)
            set |= 1u << id;
    return (uint16_t)set;
}

const uint8_t *wr_rtp_find_element(const wr_rtp_header *h, unsigned id, size_t *n)
{
    const uint8_t *value;
    unsigned this_id;
    size_t at = 0;

    while (wr_rtp_next_element(h, &at, &this_id, &value, n))
        if (this_id == id)
            return value;
    return NULL;
}
