/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds where texts end in a byte stream.
 *
 *     JSON, one after the other     {…} {…}\n{…}           may be set apart by blanks, or by RS in front (RFC 7464 2.1)
 *     the same behind lengths       | length 4 | {…} |      big- or little-endian
 *     XMPP (RFC 6120 4, 11)         <?xml …?><stream:stream …><stanza>…</stanza><stanza/> … </stream:stream>
 *                                   |-------||---------------||-----------------||-------|     one text each
 */
#include "formats/stream_split.h"

#include <glib.h>
#include <string.h>

#define RECORD_SEPARATOR 0x1e /* RFC 7464 */

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* ---- JSON ---- */

enum { JSON_VALUE = 0, JSON_KEY, JSON_STRING, JSON_ESCAPE };

/* What may stand outside strings (RFC 8259 2, 3, 6). */
static bool is_json_token(uint8_t c)
{
    return is_space(c) || g_ascii_isalnum(c) || (c != 0 && strchr(",:+-.", c) != NULL);
}

/* A byte of an object or array that has begun. */
static wr_split_result json_byte(wr_split *s, uint8_t c)
{
    if (s->state == JSON_ESCAPE) {
        s->state = JSON_STRING;
    } else if (s->state == JSON_STRING) {
        if (c == '\\')
            s->state = JSON_ESCAPE;
        else if (c == '"')
            s->state = JSON_VALUE;
        else if (c < 0x20)
            return WR_SPLIT_OTHER;
    } else if (s->state == JSON_KEY && !is_space(c) && c != '"' && c != '}') {
        return WR_SPLIT_OTHER; /* nothing else follows a brace */
    } else if (c == '"') {
        s->state = JSON_STRING;
    } else if (c == '{' || c == '[') {
        s->state = c == '{' ? JSON_KEY : JSON_VALUE;
        return ++s->depth > WR_SPLIT_MAX_NESTING ? WR_SPLIT_OTHER : WR_SPLIT_MORE;
    } else if (c == '}' || c == ']') {
        s->state = JSON_VALUE;
        return --s->depth == 0 ? WR_SPLIT_WHOLE : WR_SPLIT_MORE;
    } else if (!is_json_token(c)) {
        return WR_SPLIT_OTHER;
    }
    return WR_SPLIT_MORE;
}

wr_split_result wr_split_json(wr_split *s, const uint8_t *bytes, size_t len)
{
    while (s->at < len) {
        uint8_t c = bytes[s->at++];
        wr_split_result r;
        if (!s->begun) {
            if (is_space(c) || c == RECORD_SEPARATOR)
                continue;
            if (c != '{' && c != '[')
                return WR_SPLIT_OTHER;
            s->begun = true;
            s->start = s->at - 1;
        }
        r = json_byte(s, c);
        if (r != WR_SPLIT_MORE)
            return r;
    }
    return WR_SPLIT_MORE;
}

size_t wr_split_length(const uint8_t *bytes, size_t len, size_t max)
{
    size_t big, little;

    /* A text has no zero byte, and no length that is believed fills both its ends. */
    if (len < 5 || (bytes[4] != '{' && bytes[4] != '[') || (bytes[0] != 0 && bytes[3] != 0))
        return 0;
    big = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
    little = (size_t)bytes[3] << 24 | (size_t)bytes[2] << 16 | (size_t)bytes[1] << 8 | bytes[0];
    if (bytes[0] == 0 && big > 1 && big <= max)
        return big;
    return bytes[3] == 0 && little > 1 && little <= max ? little : 0;
}

/* ---- stanzas ---- */

enum { XML_TEXT = 0, XML_OPEN, XML_TAG, XML_INSTRUCTION, XML_DATA };

static bool starts_with(const uint8_t *bytes, size_t len, size_t at, const char *word)
{
    size_t n = strlen(word);

    return at <= len && n <= len - at && memcmp(bytes + at, word, n) == 0;
}

/* The stream's own tag stays open as long as the stream. */
static bool is_stream_tag(const wr_split *s, const uint8_t *bytes, size_t len)
{
    return starts_with(bytes, len, s->name, "stream:stream") || starts_with(bytes, len, s->name, "stream ");
}

/* At the '>' of a tag. */
static wr_split_result tag_ends(wr_split *s, const uint8_t *bytes, size_t len)
{
    s->state = XML_TEXT;
    if (s->closing) {
        if (s->depth > 0)
            s->depth--;
    } else if (s->before != '/' && !(s->depth == 0 && is_stream_tag(s, bytes, len))) {
        s->depth++;
    }
    if (s->depth > WR_SPLIT_MAX_NESTING)
        return WR_SPLIT_OTHER;
    return s->depth == 0 ? WR_SPLIT_WHOLE : WR_SPLIT_MORE;
}

/* The byte after '<'. */
static wr_split_result tag_begins(wr_split *s, uint8_t c)
{
    s->name = s->at - 1;
    s->closing = c == '/';
    s->quote = 0;
    if (c == '?' && s->depth == 0)
        s->state = XML_INSTRUCTION;
    else if (c == '!' && s->depth > 0)
        s->state = XML_DATA; /* CDATA is all that may stand there */
    else if (c == '/' || g_ascii_isalpha(c) || c == '_')
        s->state = XML_TAG;
    else
        return WR_SPLIT_OTHER;
    return WR_SPLIT_MORE;
}

static wr_split_result xml_byte(wr_split *s, const uint8_t *bytes, size_t len, uint8_t c)
{
    switch (s->state) {
    case XML_OPEN:
        return tag_begins(s, c);
    case XML_TAG:
        if (s->quote != 0)
            s->quote = c == s->quote ? 0 : s->quote;
        else if (c == '"' || c == '\'')
            s->quote = c;
        else if (c == '>')
            return tag_ends(s, bytes, len);
        return WR_SPLIT_MORE;
    case XML_INSTRUCTION:
        return c == '>' && s->before == '?' ? WR_SPLIT_WHOLE : WR_SPLIT_MORE;
    case XML_DATA:
        if (c == '>' && s->at - s->name > 10 && starts_with(bytes, len, s->at - 3, "]]>"))
            s->state = XML_TEXT;
        return WR_SPLIT_MORE;
    default:
        if (c == '<')
            s->state = XML_OPEN;
        return WR_SPLIT_MORE;
    }
}

wr_split_result wr_split_stanza(wr_split *s, const uint8_t *bytes, size_t len)
{
    while (s->at < len) {
        uint8_t c = bytes[s->at++];
        wr_split_result r;
        if (!s->begun) {
            if (is_space(c))
                continue;
            if (c != '<')
                return WR_SPLIT_OTHER;
            s->begun = true;
            s->start = s->at - 1;
        }
        if (c == 0)
            return WR_SPLIT_OTHER;
        r = xml_byte(s, bytes, len, c);
        s->before = c;
        if (r != WR_SPLIT_MORE)
            return r;
    }
    return WR_SPLIT_MORE;
}
