/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads binary headers before signalling messages, and messages out of URLs. */
#include "find/envelope.h"

#include <string.h>

#include "find/keywords.h"
#include "formats/json_text.h"
#include "formats/unwrap.h"

#define SHORTEST_QUERY 24 /* bytes of a query that may hold a candidate */
#define PEER_MOST      64 /* bytes of a name in a text head */
#define PUBNUB_PAYLOAD 7  /* segment: publish, two keys, 0, channel, callback, payload */

/* ---- binary headers ---- */

typedef struct {
    const uint8_t *at, *end;
    bool whole; /* nothing was wanted beyond the end */
} reader;

static const uint8_t *take(reader *r, size_t n)
{
    const uint8_t *at = r->at;

    if (!r->whole || n > (size_t)(r->end - r->at)) {
        r->whole = false;
        return NULL;
    }
    r->at += n;
    return at;
}

static size_t number(reader *r, size_t bytes)
{
    const uint8_t *at = take(r, bytes);
    size_t n = 0;

    for (size_t i = 0; at != NULL && i < bytes; i++)
        n = n << 8 | at[i];
    return n;
}

/* Fit to be shown; NULL for what is no text. */
static char *text_of(const uint8_t *bytes, size_t len)
{
    if (bytes == NULL || len == 0 || len > WR_JSON_TEXT_SHOWN || memchr(bytes, 0, len) != NULL ||
        !g_utf8_validate((const char *)bytes, (gssize)len, NULL))
        return NULL;
    return g_strndup((const char *)bytes, len);
}

/* Rumor: length of what follows (4 bytes), 0 (2), type, addresses (count; length of 2 bytes each), headers (count; name
 * and value, likewise), text. */
static bool read_rumor(const uint8_t *bytes, size_t len, wr_envelope_head *head)
{
    static const char sender[] = "X-TB-FROM-ADDRESS";
    reader r = {bytes, bytes + len, true};

    if (number(&r, 4) != len - 4 || number(&r, 2) != 0)
        return false;
    take(&r, 1);
    for (size_t n = number(&r, 1); n > 0 && r.whole; n--)
        take(&r, number(&r, 2));
    for (size_t n = number(&r, 1); n > 0 && r.whole; n--) {
        size_t name_len = number(&r, 2);
        const uint8_t *name = take(&r, name_len);
        size_t value_len = number(&r, 2);
        const uint8_t *value = take(&r, value_len);
        if (r.whole && head->from == NULL && name_len == sizeof sender - 1 && memcmp(name, sender, name_len) == 0)
            head->from = text_of(value, value_len);
    }
    return r.whole;
}

/* Supabase: 3 from clients, with join reference, reference, topic, event, metadata; 4 from the server, with topic,
 * event, metadata. First a byte of length for each, and one that says how what follows is encoded (1: JSON). */
static bool read_supabase(const uint8_t *bytes, size_t len, wr_envelope_head *head)
{
    const size_t n = bytes[0] == 3 ? 5 : 3, topic = n - 3;
    reader r = {bytes + 1, bytes + len, true};
    const uint8_t *lengths = take(&r, n);

    if (lengths == NULL || number(&r, 1) != 1)
        return false;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *value = take(&r, lengths[i]);
        if (i == topic && value != NULL)
            head->call = text_of(value, lengths[i]);
    }
    return r.whole && r.at < r.end && (*r.at == '{' || *r.at == '[');
}

/* "O: 2", "A: 2" and "C: 2", and the message in the lines behind. */
static bool read_letter(const uint8_t *bytes, size_t len, wr_envelope_head *head)
{
    size_t at = 3;

    if (bytes[1] != ':' || bytes[2] != ' ')
        return false;
    while (at < MIN(len, (size_t)24) && g_ascii_isdigit(bytes[at]))
        at++;
    if (at == 3 || at == len || bytes[at] != '\n')
        return false;
    head->peer = g_strndup((const char *)bytes + 3, at - 3);
    return true;
}

/* GStreamer's examples: "ROOM_PEER_MSG 4821 {…}", whom it is for, and to that one whose it is. */
static bool read_room_peer(const uint8_t *bytes, size_t len, wr_envelope_head *head)
{
    static const char verb[] = "ROOM_PEER_MSG ";
    const uint8_t *name = bytes + sizeof verb - 1, *blank;

    if (len < sizeof verb || memcmp(bytes, verb, sizeof verb - 1) != 0)
        return false;
    blank = memchr(name, ' ', MIN(len - (sizeof verb - 1), (size_t)PEER_MOST));
    head->peer = blank != NULL ? text_of(name, (size_t)(blank - name)) : NULL;
    return head->peer != NULL;
}

bool wr_envelope_read_head(const uint8_t *bytes, size_t len, wr_envelope_head *head)
{
    bool read = false;

    memset(head, 0, sizeof *head);
    if (len > 12 && bytes[0] == 0)
        read = read_rumor(bytes, len, head);
    else if (len > 12 && (bytes[0] == 3 || bytes[0] == 4))
        read = read_supabase(bytes, len, head);
    else if (len > 12 && (bytes[0] == 'O' || bytes[0] == 'A' || bytes[0] == 'C'))
        read = read_letter(bytes, len, head);
    else if (len > 12 && bytes[0] == 'R')
        read = read_room_peer(bytes, len, head);
    if (!read) {
        g_free(head->from);
        g_free(head->call);
        g_free(head->peer);
        memset(head, 0, sizeof *head);
    }
    return read;
}

/* ---- URLs ---- */

static GByteArray *unescaped(const char *text, size_t len)
{
    GBytes *bytes = g_uri_unescape_bytes(text, (gssize)len, NULL, NULL);

    return bytes != NULL ? g_bytes_unref_to_array(bytes) : NULL;
}

/* The segment of the path with this number, from 1; NULL when there is none, or one after it. */
static const char *last_segment(const char *path, size_t len, unsigned segment, size_t *segment_len)
{
    const char *end = path + len, *at = path;

    for (unsigned i = 1; at < end && *at == '/'; i++) {
        const char *slash = memchr(at + 1, '/', (size_t)(end - at - 1));
        if (i == segment) {
            *segment_len = (size_t)(end - at - 1);
            return slash == NULL ? at + 1 : NULL;
        }
        if (slash == NULL)
            return NULL;
        at = slash;
    }
    return NULL;
}

/* Value of a query's parameter as it stands. */
static const char *parameter(const char *query, size_t len, const char *name, size_t *value_len)
{
    const char *end = query + len;
    const size_t n = strlen(name);

    for (const char *at = query; at != NULL && at < end; at = memchr(at, '&', (size_t)(end - at))) {
        at++; /* "?" or "&" */
        if ((size_t)(end - at) > n && memcmp(at, name, n) == 0 && at[n] == '=') {
            const char *stop = memchr(at, '&', (size_t)(end - at));
            *value_len = (size_t)((stop != NULL ? stop : end) - at) - n - 1;
            return at + n + 1;
        }
    }
    return NULL;
}

static bool begins(const char *target, size_t len, const char *with)
{
    return len >= strlen(with) && memcmp(target, with, strlen(with)) == 0;
}

/* One of its values may be a message: words that need no escapes, or the beginning of base64. */
static bool query_may(const char *query, size_t len)
{
    return len > SHORTEST_QUERY && (wr_unwrap_has_needle((const uint8_t *)query, len) ||
                                    wr_unwrap_holds_base64_form((const uint8_t *)query + 1, len - 1));
}

bool wr_envelope_url_may(const char *target, size_t len)
{
    const char *mark = memchr(target, '?', len);

    return begins(target, len, "/publish/") || begins(target, len, "/signal/") ||
           (begins(target, len, "/rtc") && g_strstr_len(target, (gssize)len, "join_request=") != NULL) ||
           (mark != NULL && query_may(mark, len - (size_t)(mark - target)));
}

GByteArray *wr_envelope_from_url(const char *target, size_t len, const char **place)
{
    const char *mark = memchr(target, '?', len), *text;
    const size_t path_len = mark != NULL ? (size_t)(mark - target) : len;
    GByteArray *plain, *out = NULL;
    size_t n = 0;

    *place = "$/7";
    text = begins(target, len, "/publish/") || begins(target, len, "/signal/")
               ? last_segment(target, path_len, PUBNUB_PAYLOAD, &n)
               : NULL;
    if (text != NULL && n > 0)
        return unescaped(text, n);
    text =
        mark != NULL && begins(target, path_len, "/rtc") ? parameter(mark, len - path_len, "join_request", &n) : NULL;
    plain = text != NULL ? unescaped(text, n) : NULL;
    if (plain == NULL && mark != NULL && query_may(mark, len - path_len)) {
        *place = "$?";
        out = g_byte_array_new();
        g_byte_array_append(out, (const uint8_t *)mark + 1, (guint)(len - path_len - 1));
        return out;
    }
    if (plain != NULL) {
        *place = "$?join_request~b64";
        out = wr_unwrap_base64(plain->data, plain->len, WR_ENVELOPE_MAX_URL);
        g_byte_array_unref(plain);
    }
    return out;
}
