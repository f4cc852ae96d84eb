/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is it worth to be searched? What a message begins with, and words that no description lacks, tell most messages of
 * other applications apart without parsing them. */
#include <string.h>

#include "base/text.h"
#include "find/find.h"
#include "find/keywords.h"
#include "formats/message_frames.h"
#include "formats/to_json.h"
#include "walk.h"

#define EVENT_LOOK    4096  /* bytes of a message that are searched for words like "join" */
#define EVENT_LONGEST 16384 /* bytes of a message that says a party comes or goes, and nothing else */
#define SHAPE_LOOK    100   /* bytes at the start that tell what a message may be */

/* JSON behind a head of text: an object or array that begins with a name or object. */
static bool has_json_behind(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = bytes + MIN(len, (size_t)WR_TEXT_HEAD_MAX) - 1;

    for (const uint8_t *p = bytes; p < end && (p = memchr(p, '{', (size_t)(end - p))) != NULL; p++)
        if (p[1] == '"')
            return true;
    return false;
}

/* Something that can be opened begins in the first bytes: JSON, a form, or a head before JSON. */
static bool has_shape(const uint8_t *bytes, size_t len)
{
    size_t n = MIN(len, (size_t)SHAPE_LOOK);

    for (size_t i = 0; i < n; i++)
        if (bytes[i] == '{' || bytes[i] == '[' || bytes[i] == '%' || bytes[i] == '"')
            return true;
    return (bytes[0] < 0x20 && memchr(bytes, '{', MIN(len, (size_t)WR_UNWRAP_MAX_BINARY_PREFIX)) != NULL) ||
           has_json_behind(bytes, len);
}

/* XMPP's words stand near the beginning of a stanza; other XML may hold JSON or SDP as text. */
static bool xml_is_worthwhile(const uint8_t *bytes, size_t len)
{
    static const char *const stanza_words[] = {"jingle", "<sdp", "extraParams", "colibri"};
    size_t look = MIN(len, (size_t)EVENT_LOOK);

    for (size_t i = 0; i < G_N_ELEMENTS(stanza_words); i++)
        if (wr_text_find((const char *)bytes, look, stanza_words[i]) != NULL)
            return true;
    return wr_unwrap_has_needle(bytes, len);
}

/* base64 has none of the words, and no quote before it here. */
static bool holds_base64(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i + 12 < MIN(len, (size_t)EVENT_LOOK); i++)
        if ((bytes[i] == 'e' || bytes[i] == 'd') &&
            (memcmp(bytes + i, "eyJ", 3) == 0 || memcmp(bytes + i, "dj0w", 4) == 0) &&
            wr_unwrap_looks_base64(bytes + i, len - i))
            return true;
    return false;
}

/* The header of gzip or zlib stands where what was packed begins. */
static bool other_notation_is_worthwhile(const uint8_t *bytes, size_t len)
{
    size_t look = MIN(len, (size_t)EVENT_LOOK);

    if (wr_looks_like_xml(bytes, len))
        return xml_is_worthwhile(bytes, len) || holds_base64(bytes, len);
    if (!wr_looks_like_msgpack(bytes, len) && !wr_looks_like_protobuf(bytes, len) && !wr_looks_like_cbor(bytes, len) &&
        !wr_looks_like_bson(bytes, len) && !wr_looks_like_bencode(bytes, len) &&
        wr_counted_by(bytes, len) == WR_COUNTED_NONE)
        return false;
    for (size_t i = 0; i + 8 < look; i++)
        if ((bytes[i] == 0x1f || bytes[i] == 0x78) && wr_unwrap_looks_deflated(bytes + i, look - i))
            return true;
    if (wr_unwrap_has_needle(bytes, len))
        return true;
    return holds_base64(bytes, len);
}

/* What is read line by line or stands bare. */
static bool text_is_worthwhile(const uint8_t *bytes, size_t len)
{
    static const char *const begins[] = {"--", "v=0", "a=", "m=", "candidate:"};
    size_t begin;

    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
        if (len >= strlen(begins[i]) && memcmp(bytes, begins[i], strlen(begins[i])) == 0)
            return wr_unwrap_has_needle(bytes, len);
    if (wr_bare_begins(bytes, len, true, &begin))
        return true;
    if (!g_ascii_isalnum(bytes[0]) && bytes[0] != ':')
        return false;
    if (wr_looks_like_events(bytes, len) && holds_base64(bytes, len))
        return true;
    return (wr_looks_like_events(bytes, len) || wr_text_head(bytes, len) > 0 ||
            wr_text_find((const char *)bytes, MIN(len, (size_t)EVENT_LOOK), "\ncandidate:") != NULL ||
            wr_text_find((const char *)bytes, MIN(len, (size_t)EVENT_LOOK), "\na=candidate:") != NULL) &&
           wr_unwrap_has_needle(bytes, len);
}

bool wr_json_find_worthwhile(const uint8_t *bytes, size_t len)
{
    if (len < 8)
        return false;
    if (bytes[0] != '{' && bytes[0] != '[' && other_notation_is_worthwhile(bytes, len))
        return true;
    if (wr_unwrap_looks_deflated(bytes, len) || wr_unwrap_looks_base64(bytes, len) ||
        (bytes[0] == 'b' && wr_unwrap_looks_base64(bytes + 1, len - 1)))
        return true;
    if (wr_unwrap_holds_base64_form(bytes, len))
        return true;
    if (has_shape(bytes, len)) {
        if (len <= EVENT_LONGEST ? wr_unwrap_has_needle_or_event(bytes, len, EVENT_LOOK)
                                 : wr_unwrap_has_needle(bytes, len))
            return true;
    }
    return bytes[0] != '{' && bytes[0] != '[' && text_is_worthwhile(bytes, len);
}
