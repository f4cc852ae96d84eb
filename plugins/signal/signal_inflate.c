/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "signal_inflate.h"

#include "formats/raw_inflate.h"

#define MESSAGE_MAX (1u << 20) /* bytes of one message, packed or not */
#define FINAL       0x80
#define DEFLATED    0x40

struct signal_deflated {
    wr_inflater *inflater;
    GByteArray *message; /* of a message over several frames */
    uint8_t first;       /* byte of its first frame; 0: none is open */
};

signal_deflated *signal_deflated_new(void)
{
    signal_deflated *d = g_new0(signal_deflated, 1);

    d->inflater = wr_inflater_new();
    d->message = g_byte_array_new();
    return d;
}

void signal_deflated_free(signal_deflated *d)
{
    if (d == NULL)
        return;
    wr_inflater_free(d->inflater);
    g_byte_array_unref(d->message);
    g_free(d);
}

static void append_unmasked(GByteArray *to, const uint8_t *p, unsigned len, const signal_frame *f)
{
    const guint at = to->len;

    g_byte_array_append(to, p, len);
    for (unsigned i = 0; f->masked && i < len; i++)
        to->data[at + i] ^= f->mask[i % 4];
}

bool signal_deflated_is_text(const uint8_t *p, unsigned len, signal_frame *f, bool *signalling)
{
    GByteArray *packed, *text;
    wr_inflater *z;
    unsigned there;
    bool whole, is = false;

    *signalling = false;
    if (len < 8 || p[0] != SIGNAL_DEFLATED || !signal_frame_read(p, len, f) || f->payload < 8)
        return false;
    there = MIN(f->payload, len - f->header);
    whole = there == f->payload;
    if (there < MIN(f->payload, 64u) ||
        (whole && !signal_frames_only(p + f->header + there, len - f->header - there, f->masked, DEFLATED)))
        return false;
    z = wr_inflater_new();
    if (z == NULL)
        return false;
    packed = g_byte_array_new();
    text = g_byte_array_new();
    append_unmasked(packed, p + f->header, there, f);
    /* of a message that goes on, what was read so far will do */
    is = wr_inflater_message(z, packed->data, packed->len, MESSAGE_MAX, text);
    if (is || (!whole && text->len >= 64))
        *signalling = signal_text_is_signalling(text->data, text->len, whole);
    is = *signalling ||
         (is && whole && text->len >= 2 && g_utf8_validate((const char *)text->data, (gssize)text->len, NULL));
    wr_inflater_free(z);
    g_byte_array_unref(packed);
    g_byte_array_unref(text);
    return is;
}

/* A frame without a mask. */
static void append_frame(GByteArray *to, uint8_t first, const GByteArray *payload)
{
    uint8_t head[10] = {first};
    unsigned n = payload->len < 126 ? 0 : payload->len < 65536 ? 2 : 8;

    head[1] = (uint8_t)(n == 0 ? payload->len : n == 2 ? 126 : 127);
    for (unsigned i = 0; i < n; i++)
        head[2 + i] = (uint8_t)((uint64_t)payload->len >> 8 * (n - 1 - i));
    g_byte_array_append(to, head, 2 + n);
    g_byte_array_append(to, payload->data, payload->len);
}

/* The message is whole. */
static bool append_message(signal_deflated *d, GByteArray *to)
{
    GByteArray *text = g_byte_array_new();
    bool read =
        d->inflater != NULL && wr_inflater_message(d->inflater, d->message->data, d->message->len, MESSAGE_MAX, text);

    if (read)
        append_frame(to, (uint8_t)((d->first & 0x0f) | FINAL), text);
    g_byte_array_unref(text);
    g_byte_array_set_size(d->message, 0);
    d->first = 0;
    return read;
}

GByteArray *signal_deflated_plain(signal_deflated *d, const uint8_t *p, unsigned len, bool *readable)
{
    GByteArray *out = g_byte_array_new();
    signal_frame f;

    *readable = true;
    while (signal_frame_read(p, len, &f) && f.payload <= len - f.header) {
        const bool control = (p[0] & 0x08) != 0;
        if (!control && (d->first != 0 || (p[0] & DEFLATED) != 0)) {
            d->first = d->first != 0 ? d->first : p[0];
            if (d->message->len + f.payload <= MESSAGE_MAX)
                append_unmasked(d->message, p + f.header, f.payload, &f);
            if ((p[0] & FINAL) != 0)
                *readable &= append_message(d, out);
        } else {
            g_byte_array_append(out, p, f.header + f.payload);
        }
        p += f.header + f.payload;
        len -= f.header + f.payload;
    }
    return out;
}
