/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is tapped of HTTP/2 streams. */
#include "wr_epan/http2.h"

#include <epan/tap.h>

#include "wr_epan/buffers.h"
#include "wr_epan/series.h"

/* As the dissector makes it. */
typedef struct {
    tvbuff_t *tvb;
    uint64_t stream;
} follow_record;

static int nobody; /* what the listener is known by */
static int tap;
static bool listening;

/* Nothing: what is tapped is asked for. That somebody listens makes the dissector tap it. */
static tap_packet_status ignore(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *what _U_,
                                tap_flags_t flags _U_)
{
    return TAP_PACKET_DONT_REDRAW;
}

bool wr_http2_listen(void)
{
    GString *error;

    if (listening)
        return true;
    tap = find_tap_id("http2_follow");
    if (tap <= 0)
        return false;
    /* A dissector's helper: nothing is dissected for it that would not be otherwise. */
    error = register_tap_listener("http2_follow", &nobody, NULL, TL_IS_DISSECTOR_HELPER, NULL, ignore, NULL, NULL);
    listening = error == NULL;
    if (error != NULL)
        g_string_free(error, TRUE);
    return listening;
}

void wr_http2_leave(void)
{
    if (listening)
        remove_tap_listener(&nobody);
    listening = false;
}

bool wr_http2_tapped(int number, const uint8_t **bytes, unsigned *len, uint32_t *stream)
{
    const follow_record *record = listening ? (const follow_record *)fetch_tapped_data(tap, number) : NULL;

    if (record == NULL)
        return false;
    *bytes = wr_tvb_bytes(record->tvb, len);
    *stream = (uint32_t)(record->stream & 0x7fffffffu);
    return true;
}

/* ---- fields ---- */

bool wr_http2_is_fields(const uint8_t *bytes, unsigned len)
{
    return len >= 16 && (bytes[0] == ':' || (bytes[0] == 0 && bytes[1] == 0 && bytes[4] == ':'));
}

/* A length of four bytes, and so much behind. */
static bool counted(const uint8_t *p, unsigned len, unsigned *at, const char **text, unsigned *n)
{
    if (len - *at < 4)
        return false;
    *n = (unsigned)p[*at] << 24 | (unsigned)p[*at + 1] << 16 | (unsigned)p[*at + 2] << 8 | p[*at + 3];
    if (*n > len - *at - 4)
        return false;
    *text = (const char *)p + *at + 4;
    *at += 4 + *n;
    return true;
}

/* ":path: /x" and a line end. */
static bool next_line(const uint8_t *p, unsigned len, unsigned *at, wr_http2_field *out)
{
    const uint8_t *line = p + *at, *feed = (const uint8_t *)memchr(line, '\n', len - *at), *colon;

    if (feed == NULL || feed == line)
        return false;
    colon = (const uint8_t *)memchr(line + 1, ':', (size_t)(feed - line - 1));
    if (colon == NULL || feed - colon < 2)
        return false;
    out->name = (const char *)line;
    out->name_len = (unsigned)(colon - line);
    out->value = (const char *)colon + 2;
    out->value_len = (unsigned)(feed - colon - 2);
    *at = (unsigned)(feed - p) + 1;
    return true;
}

bool wr_http2_next_field(const uint8_t *bytes, unsigned len, unsigned *at, wr_http2_field *out)
{
    if (*at >= len)
        return false;
    if (bytes[0] == ':')
        return next_line(bytes, len, at, out);
    return counted(bytes, len, at, &out->name, &out->name_len) && counted(bytes, len, at, &out->value, &out->value_len);
}

bool wr_http2_knows_websocket(void)
{
#ifdef WR_HAVE_HTTP_UPGRADE
    return true;
#else
    return false;
#endif
}
