/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds STUN messages in TCP streams (RFC 8489 6.2.2, RFC 8656 12.5) that the built-in dissector decoded. A segment may
 * begin in the middle of a message, so the magic cookie is looked for instead of following lengths from the beginning.
 */
#include "ice.h"

#define COOKIE_OFFSET 4
#define MOST_SOURCES  16
#define RELAY_HEADER  4 /* of ChannelData, or of the attribute DATA */

/* The message at start is what ChannelData or a DATA attribute carries; that one comes by the bus. */
static bool is_relayed(const uint8_t *bytes, unsigned start, unsigned length)
{
    const uint8_t *header = bytes + start - RELAY_HEADER;

    return start >= RELAY_HEADER && (unsigned)(header[2] << 8 | header[3]) == length &&
           ((header[0] & 0xF0) == 0x40 || (header[0] == 0 && header[1] == 0x13));
}

/* The next message at or behind *offset; *offset then lies behind it. */
static bool find_message(const uint8_t *bytes, unsigned captured, unsigned *offset, unsigned *start, unsigned *length)
{
    while (*offset + WR_STUN_HEADER <= captured) {
        const uint8_t *from = bytes + *offset + COOKIE_OFFSET;
        const uint8_t *hit = memchr(from, 0x21, captured - *offset - COOKIE_OFFSET);

        if (hit == NULL)
            return false;
        *start = (unsigned)(hit - bytes) - COOKIE_OFFSET;
        *offset = *start + 1;
        if (!wr_stun_looks_like(bytes + *start, captured - *start))
            continue;
        *length = WR_STUN_HEADER + (unsigned)(bytes[*start + 2] << 8 | bytes[*start + 3]);
        *offset = *start + *length;
        if (!is_relayed(bytes, *start, *length))
            return true;
    }
    return false;
}

bool wr_ice_stream_next(packet_info *pinfo, wr_ice_stream *s, wr_datagram *out, bool *framed)
{
    if (!s->started) {
        s->started = true;
        s->source = pinfo->data_src;
    }
    while (s->source != NULL && s->n_sources < MOST_SOURCES) {
        tvbuff_t *tvb = get_data_source_tvb((const struct data_source *)s->source->data);
        unsigned captured, start, length;
        const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

        if (bytes != NULL && find_message(bytes, captured, &s->offset, &start, &length)) {
            wr_place at = wr_place_of(pinfo);

            memset(out, 0, sizeof *out);
            out->how.transport = WR_TRANSPORT_TCP;
            out->src = at.src;
            out->dst = at.dst;
            out->bytes = bytes + start;
            out->captured = out->length = length;
            *framed = start >= 2 && wr_ice_is_framed_stun(out->bytes - 2, length + 2);
            return true;
        }
        s->source = s->source->next;
        s->n_sources++;
        s->offset = 0;
    }
    return false;
}
