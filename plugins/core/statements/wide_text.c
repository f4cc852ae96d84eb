/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of 16 bits a character (UTF-16, RFC 2781), as programs on Windows write what is sent to a file: told by the
 * mark at their beginning, or by two ASCII characters there, and read as UTF-8.
 */
#include "reader.h"

#define REPLACEMENT 0xfffdu /* for what is no character */

wr_wideness wr_wide_look(const uint8_t *p, size_t len)
{
    if (len >= 2 && p[0] == 0xff && p[1] == 0xfe)
        return WR_WIDE_LITTLE;
    if (len >= 2 && p[0] == 0xfe && p[1] == 0xff)
        return WR_WIDE_BIG;
    if (len < 4)
        return WR_NARROW;
    if (p[0] != 0 && p[0] < 0x80 && p[1] == 0 && p[2] != 0 && p[2] < 0x80 && p[3] == 0)
        return WR_WIDE_LITTLE;
    return p[0] == 0 && p[1] != 0 && p[1] < 0x80 && p[2] == 0 && p[3] != 0 && p[3] < 0x80 ? WR_WIDE_BIG : WR_NARROW;
}

static void put(GByteArray *out, uint32_t character)
{
    char bytes[6];
    const int n = g_unichar_to_utf8(character, bytes);

    g_byte_array_append(out, (const guint8 *)bytes, (guint)n);
}

static void take(wr_wide *w, uint32_t unit, GByteArray *out)
{
    const uint32_t high = w->high;

    w->high = 0;
    if (high != 0 && unit >= 0xdc00 && unit <= 0xdfff) {
        put(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
        return;
    }
    if (high != 0)
        put(out, REPLACEMENT);
    if (unit >= 0xd800 && unit <= 0xdbff)
        w->high = unit;
    else
        put(out, unit >= 0xdc00 && unit <= 0xdfff ? REPLACEMENT : unit);
}

void wr_wide_read(wr_wide *w, const uint8_t *bytes, size_t len, GByteArray *out)
{
    for (size_t i = 0; i < len; i++) {
        if (!w->half) {
            w->first = bytes[i];
            w->half = true;
            continue;
        }
        w->half = false;
        take(w, w->wideness == WR_WIDE_BIG ? (uint32_t)w->first << 8 | bytes[i] : (uint32_t)bytes[i] << 8 | w->first,
             out);
    }
}
