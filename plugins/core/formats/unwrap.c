/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes off what stands around the JSON of a signalling message.
 *
 *     Engine.IO        4{…}                    packet type                      Engine.IO 3 over HTTP: 96:4{…}96:4{…}
 *     Socket.IO        42/ns,12["event",{…}]   types of both, namespace, acknowledgement; with attachments 451-/ns,…
 *     Socket.IO 0.9    5:1+:/ns:{…}            type : id : endpoint :
 *     SockJS           a["…"]                  an array of texts
 *     base64 (RFC 4648 4, 5), gzip (RFC 1952 2.3: 1f 8b, …), zlib (RFC 1950 2.2: CMF, FLG, …), a=b&c=d with %XX
 *
 * Checksums of gzip and zlib cover what was packed; the others have none.
 */
#include "formats/unwrap.h"

#include <string.h>
#include <zlib.h>

#define FORM_NAME_SHOWN 64
#define FORM_LOOK       4096 /* bytes of a form in which a value of base64 begins */

/* ---- prefixes ---- */

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_separator(uint8_t c)
{
    return is_space(c) || c == 0x1e || c == 0;
}

static size_t skip_digits(const uint8_t *p, size_t at, size_t end)
{
    while (at < end && g_ascii_isdigit(p[at]))
        at++;
    return at;
}

/* [0, end) is "4" "2", perhaps an attachment count "1-", a namespace "/ns,", an acknowledgement id. */
static wr_framing engineio_framing(const uint8_t *p, size_t end)
{
    size_t at = skip_digits(p, 0, end);

    /* Engine.IO 3 puts the length in front: the packet type is the digit after the colon. */
    if (at > 0 && at < end && p[at] == ':') {
        p += at + 1;
        end -= at + 1;
    }
    if (end == 0 || p[0] < '0' || p[0] > '6')
        return WR_FRAMING_PREFIX;
    if (end == 1)
        return WR_FRAMING_ENGINEIO;
    if (p[0] != '4' || p[1] < '0' || p[1] > '6')
        return WR_FRAMING_PREFIX;
    at = skip_digits(p, 2, end);
    if (at < end && p[at] == '-')
        at++;
    if (at < end && p[at] == '/') {
        const uint8_t *comma = memchr(p + at, ',', end - at);
        if (comma == NULL)
            return WR_FRAMING_PREFIX;
        at = (size_t)(comma - p) + 1;
    }
    at = skip_digits(p, at, end);
    return at == end ? WR_FRAMING_SOCKETIO : WR_FRAMING_PREFIX;
}

/* Socket.IO 0.9: type ":" id ["+"] ":" endpoint ":" */
static bool is_socketio_0(const uint8_t *p, size_t end)
{
    size_t at, colons = 1;

    if (end < 4 || p[0] < '0' || p[0] > '8' || p[1] != ':')
        return false;
    at = skip_digits(p, 2, end);
    if (at < end && p[at] == '+')
        at++;
    if (at == end || p[at] != ':')
        return false;
    for (; at < end; at++)
        colons += p[at] == ':';
    return colons == 3 && p[end - 1] == ':';
}

static wr_framing name_framing(const uint8_t *p, size_t end)
{
    if (end == 0)
        return WR_FRAMING_NONE;
    if (end == 1 && p[0] == 'a')
        return WR_FRAMING_SOCKJS;
    if (p[0] < 0x20)
        return WR_FRAMING_BINARY;
    if (is_socketio_0(p, end))
        return WR_FRAMING_SOCKETIO_0;
    return engineio_framing(p, end);
}

/* Behind a long head: what surely begins JSON, an object with a name. */
static bool far_prefix(const uint8_t *bytes, size_t len, size_t from, size_t *start, wr_framing *framing)
{
    const size_t end = MIN(len, (size_t)WR_UNWRAP_MAX_TEXT_HEAD);

    for (const uint8_t *p = bytes + from; from < end && p < bytes + end - 1; p++) {
        p = memchr(p, '{', (size_t)(bytes + end - 1 - p));
        if (p == NULL)
            return false;
        if (p[1] == '"') {
            *start = (size_t)(p - bytes);
            *start -= p > bytes && p[-1] == '[' ? 1 : 0;
            *framing = WR_FRAMING_PREFIX;
            return true;
        }
    }
    return false;
}

bool wr_unwrap_prefix(const uint8_t *bytes, size_t len, size_t from, size_t *start, wr_framing *framing)
{
    size_t begin = 0, window, end;

    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        begin = 3;
    while (begin < len && is_separator(bytes[begin]))
        begin++;
    if (begin >= len)
        return false;
    if (bytes[begin] == '"' && from <= begin) {
        *start = begin;
        *framing = WR_FRAMING_NONE;
        return true;
    }
    window = bytes[begin] < 0x20 ? WR_UNWRAP_MAX_BINARY_PREFIX : WR_UNWRAP_MAX_PREFIX;
    end = len - begin > window ? begin + window + 1 : len;
    for (size_t i = MAX(from, begin); i < end; i++) {
        if (bytes[i] == '{' || bytes[i] == '[') {
            *start = i;
            *framing = name_framing(bytes + begin, i - begin);
            return true;
        }
    }
    return far_prefix(bytes, len, MAX(from, end), start, framing);
}

static bool starts_packet(const uint8_t *p, size_t len)
{
    size_t digits = skip_digits(p, 0, MIN(len, (size_t)9));

    return digits > 0 && digits < len && p[digits] == ':';
}

bool wr_unwrap_length_prefix(const uint8_t *bytes, size_t len, size_t *head, size_t *packet)
{
    size_t units = 0, at = 0;

    if (!starts_packet(bytes, len))
        return false;
    for (; bytes[at] != ':'; at++)
        units = units * 10 + (size_t)(bytes[at] - '0');
    *head = ++at;
    if (at == len || strchr("0123456b", bytes[at]) == NULL || bytes[at] == 0)
        return false;
    while (at < len && units > 0) {
        /* What UTF-8 writes in four bytes is two units. */
        size_t bytes_of = bytes[at] < 0xc0 ? 1 : bytes[at] < 0xe0 ? 2 : bytes[at] < 0xf0 ? 3 : 4;
        units -= MIN(units, bytes_of == 4 ? (size_t)2 : (size_t)1);
        at += MIN(bytes_of, len - at);
    }
    *packet = at - *head;
    return units == 0 && (at == len || starts_packet(bytes + at, len - at));
}

/* ---- base64 ---- */

static int base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool wr_unwrap_looks_base64(const uint8_t *bytes, size_t len)
{
    uint8_t head[9];
    uint32_t bits = 0;
    size_t n = 0, got = 0;

    for (size_t i = 0; i < len && n < 12; i++) {
        int v = base64_value(bytes[i]);
        if (v < 0) {
            if (n == 0 && is_space(bytes[i]))
                continue;
            return false;
        }
        bits = bits << 6 | (uint32_t)v;
        if (++n % 4 == 0) {
            head[got++] = (uint8_t)(bits >> 16);
            head[got++] = (uint8_t)(bits >> 8);
            head[got++] = (uint8_t)bits;
        }
    }
    if (got < 9)
        return false;
    /* A map of MessagePack or CBOR whose first name is text. */
    if (((head[0] > 0x80 && head[0] < 0x90 && head[1] > 0xa0 && head[1] < 0xc0) ||
         (head[0] > 0xa0 && head[0] < 0xb8 && head[1] > 0x60 && head[1] < 0x78)) &&
        g_ascii_isalpha(head[2]))
        return true;
    if (wr_unwrap_looks_deflated(head, got) || memcmp(head, "v=0", 3) == 0 || memcmp(head, "a=", 2) == 0 ||
        memcmp(head, "candidate", 9) == 0)
        return true;
    got = 0;
    while (got < sizeof head && is_space(head[got]))
        got++;
    if (got + 1 < sizeof head && (head[got] == '{' || head[got] == '[')) {
        /* What may follow: a name, a value, white space. */
        return is_space(head[got + 1]) || strchr("\"{[", head[got + 1]) != NULL;
    }
    return false;
}

GByteArray *wr_unwrap_base64(const uint8_t *bytes, size_t len, size_t max)
{
    GByteArray *out;
    uint32_t bits = 0;
    unsigned n = 0, got = 0;
    size_t i;

    if (len / 4 * 3 > max)
        return NULL;
    out = g_byte_array_sized_new((guint)(len / 4 * 3 + 3));
    g_byte_array_set_size(out, (guint)(len / 4 * 3 + 3));
    for (i = 0; i < len; i++) {
        int v = base64_value(bytes[i]);
        if (is_space(bytes[i]))
            continue;
        if (v < 0)
            break;
        bits = bits << 6 | (uint32_t)v;
        if (++n == 4) {
            out->data[got++] = (uint8_t)(bits >> 16);
            out->data[got++] = (uint8_t)(bits >> 8);
            out->data[got++] = (uint8_t)bits;
            n = 0;
        }
    }
    if (n >= 2) {
        out->data[got++] = (uint8_t)(bits >> (n == 2 ? 4 : 10));
        if (n == 3)
            out->data[got++] = (uint8_t)(bits >> 2);
    }
    g_byte_array_set_size(out, got);
    while (i < len && (bytes[i] == '=' || is_separator(bytes[i])))
        i++;
    if (i < len || n == 1) {
        g_byte_array_unref(out);
        return NULL;
    }
    return out;
}

/* ---- gzip, zlib ---- */

bool wr_unwrap_looks_deflated(const uint8_t *bytes, size_t len)
{
    if (len >= 3 && bytes[0] == 0x1f && bytes[1] == 0x8b && bytes[2] == 8)
        return true;
    /* RFC 1950 2.2: method 8, window up to 32 K, the first two bytes a multiple of 31, no preset dictionary. */
    return len >= 2 && bytes[0] == 0x78 && (bytes[1] & 0x20) == 0 && (bytes[0] << 8 | bytes[1]) % 31 == 0;
}

GByteArray *wr_unwrap_inflate(const uint8_t *bytes, size_t len, size_t max, bool *cut)
{
    z_stream z;
    uint8_t block[8192];
    GByteArray *out;
    int rc = Z_OK;

    *cut = false;
    memset(&z, 0, sizeof z);
    if (len > G_MAXUINT || inflateInit2(&z, 15 + 32) != Z_OK)
        return NULL;
    out = g_byte_array_new();
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)len;
    while (rc == Z_OK) {
        size_t got;
        z.next_out = block;
        z.avail_out = sizeof block;
        rc = inflate(&z, Z_NO_FLUSH);
        got = sizeof block - z.avail_out;
        if (got > max - out->len) {
            got = max - out->len;
            *cut = true;
            rc = Z_STREAM_END;
        }
        g_byte_array_append(out, block, (guint)got);
    }
    inflateEnd(&z);
    if (out->len == 0) {
        g_byte_array_unref(out);
        return NULL;
    }
    return out;
}

/* ---- forms ---- */

static GByteArray *percent_decode(const uint8_t *p, size_t len)
{
    GByteArray *out = g_byte_array_sized_new((guint)len);
    guint n = 0;

    g_byte_array_set_size(out, (guint)len);
    for (size_t i = 0; i < len; i++) {
        uint8_t c = p[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%' && len - i > 2 && g_ascii_isxdigit(p[i + 1]) && g_ascii_isxdigit(p[i + 2])) {
            c = (uint8_t)(g_ascii_xdigit_value((char)p[i + 1]) << 4 | g_ascii_xdigit_value((char)p[i + 2]));
            i += 2;
        }
        out->data[n++] = c;
    }
    g_byte_array_set_size(out, n);
    return out;
}

bool wr_unwrap_form_next(const uint8_t *bytes, size_t len, size_t *at, char **name, GByteArray **value)
{
    while (*at < len) {
        const uint8_t *begin = bytes + *at;
        const uint8_t *end = memchr(begin, '&', len - *at);
        const uint8_t *equals;
        GByteArray *decoded;
        if (end == NULL)
            end = bytes + len;
        *at = (size_t)(end - bytes) + 1;
        equals = memchr(begin, '=', (size_t)(end - begin));
        if (equals == NULL)
            continue;
        decoded = percent_decode(begin, MIN((size_t)(equals - begin), FORM_NAME_SHOWN));
        *name = decoded->len > 0 ? g_utf8_make_valid((const char *)decoded->data, (gssize)decoded->len) : g_strdup("");
        g_byte_array_unref(decoded);
        *value = percent_decode(equals + 1, (size_t)(end - equals - 1));
        return true;
    }
    return false;
}

bool wr_unwrap_looks_form(const uint8_t *bytes, size_t len)
{
    /* A name of up to 64 plain characters, "=", and an encoded brace, bracket or quote near by; or "v%3D0"; or a
     * candidate. */
    static const char candidate[] = "candidate";
    size_t at = 0, end;

    while (at < len && at < FORM_NAME_SHOWN && (g_ascii_isalnum(bytes[at]) || strchr("_-.%[]", bytes[at]) != NULL) &&
           bytes[at] != 0)
        at++;
    if (at == 0 || at >= len || bytes[at] != '=')
        return false;
    if (wr_unwrap_holds_base64_form(bytes, len))
        return true;
    end = MIN(len, (size_t)65536);
    for (; at + 2 < end; at++) {
        if (bytes[at] == '=' && end - at > sizeof candidate &&
            memcmp(bytes + at + 1, candidate, sizeof candidate - 1) == 0)
            return true;
        if (bytes[at] == '%' && (memcmp(bytes + at + 1, "7B", 2) == 0 || memcmp(bytes + at + 1, "7b", 2) == 0 ||
                                 memcmp(bytes + at + 1, "22", 2) == 0 || memcmp(bytes + at + 1, "3D", 2) == 0 ||
                                 memcmp(bytes + at + 1, "3d", 2) == 0))
            return true;
    }
    return false;
}

bool wr_unwrap_holds_base64_form(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = bytes + MIN(len, (size_t)FORM_LOOK), *p;
    size_t at = 0;

    while (at < len && at < FORM_NAME_SHOWN && (g_ascii_isalnum(bytes[at]) || strchr("_-.%[]", bytes[at]) != NULL) &&
           bytes[at] != 0)
        at++;
    if (at == 0 || at >= len || bytes[at] != '=')
        return false;
    for (p = bytes + at; p < end && (p = memchr(p, '=', (size_t)(end - p))) != NULL; p++)
        if (len - (size_t)(p + 1 - bytes) >= 12 &&
            (p[1] == 'e' || p[1] == 'd' || p[1] == 'H' || p[1] == 'W' || p[1] == 'Y') &&
            wr_unwrap_looks_base64(p + 1, len - (size_t)(p + 1 - bytes)))
            return true;
    return false;
}
