/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSocket frames (RFC 6455 5.2), read to recognise a connection by them. */
#include "signal_frames.h"

#include "find/keywords.h"
#include "formats/unwrap.h"

#define FRAME_LOOK 65536 /* payload bytes of a frame that are looked at to recognise it */

bool signal_frame_read(const uint8_t *p, unsigned len, signal_frame *f)
{
    uint64_t payload;

    if (len < 2)
        return false;
    f->first = p[0];
    f->masked = (p[1] & 0x80) != 0;
    payload = p[1] & 0x7f;
    f->header = payload == 126 ? 4 : payload == 127 ? 10 : 2;
    if (len < f->header + (f->masked ? 4 : 0))
        return false;
    if (f->header > 2) {
        /* The shortest form of the length must be used. */
        uint64_t least = f->header == 4 ? 126 : 65536;
        payload = 0;
        for (unsigned i = 2; i < f->header; i++)
            payload = payload << 8 | p[i];
        if (payload < least)
            return false;
    }
    if (payload > SIGNAL_FRAME_MAX)
        return false;
    if (f->masked) {
        memcpy(f->mask, p + f->header, 4);
        f->header += 4;
    }
    f->payload = (unsigned)payload;
    return true;
}

bool signal_frames_only(const uint8_t *p, unsigned len, bool masked, uint8_t extensions)
{
    while (len > 0) {
        signal_frame f;
        uint8_t opcode = p[0] & 0x0f;
        if ((p[0] & 0x70 & ~extensions) != 0 || (opcode > 2 && opcode < 8) || opcode > 10)
            return false;
        if (!signal_frame_read(p, len, &f))
            return len < 14; /* a header may go on in the next segment */
        if (f.masked != masked)
            return false;
        if (f.payload >= len - f.header)
            return true;
        p += f.header + f.payload;
        len -= f.header + f.payload;
    }
    return true;
}

bool signal_text_is_signalling(const uint8_t *text, unsigned len, bool whole)
{
    const char *end;
    size_t start;
    wr_framing framing;
    wr_find_result *result;
    bool found;

    /* The end of what is there may cut a character in two. */
    if (!g_utf8_validate((const char *)text, len, &end) && (whole || text + len - (const uint8_t *)end > 3))
        return false;
    if (!wr_unwrap_prefix(text, len, 0, &start, &framing) || framing == WR_FRAMING_PREFIX ||
        framing == WR_FRAMING_BINARY || !wr_json_find_worthwhile(text, len))
        return false;
    if (!whole)
        return wr_unwrap_has_needle(text, len);
    result = wr_json_find(text, len, NULL);
    found = result->hits->len > 0 && result->problem == NULL;
    wr_find_result_free(result);
    return found;
}

bool signal_frame_is_signalling(packet_info *pinfo, const uint8_t *p, unsigned len, signal_frame *f)
{
    unsigned there;
    const uint8_t *text;

    /* One whole text message in one frame, without extensions. */
    if (len < 8 || p[0] != SIGNAL_TEXT_MESSAGE || !signal_frame_read(p, len, f) || f->payload < 8)
        return false;
    there = MIN(f->payload, len - f->header);
    if (there < MIN(f->payload, 64u) ||
        (there == f->payload && !signal_frames_only(p + f->header + there, len - f->header - there, f->masked, 0)))
        return false;
    text = p + f->header;
    there = MIN(there, FRAME_LOOK);
    if (f->masked) {
        uint8_t *clear = wmem_alloc(pinfo->pool, there);
        for (unsigned i = 0; i < there; i++)
            clear[i] = text[i] ^ f->mask[i % 4];
        text = clear;
    }
    return signal_text_is_signalling(text, there, there == f->payload);
}
