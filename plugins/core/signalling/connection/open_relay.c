/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Redis (RESP, versions 2 and 3) and NATS carry between servers: payloads that were published, each behind its
 * length. */
#include <string.h>

#include "open_stream.h"

#define LINE_MAX_BYTES 4096 /* of a command */
#define WORDS_MAX      5    /* of a NATS command */

/* The line at bytes[at], its end not counted; *next behind that. 0 with *next 0: not whole. */
static size_t line_length(const uint8_t *bytes, size_t len, size_t *next)
{
    const uint8_t *feed = memchr(bytes, '\n', MIN(len, (size_t)LINE_MAX_BYTES));
    size_t n;

    *next = 0;
    if (feed == NULL)
        return 0;
    n = (size_t)(feed - bytes);
    *next = n + 1;
    return n > 0 && bytes[n - 1] == '\r' ? n - 1 : n;
}

static bool number(const char *text, size_t n, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]) || i > 8)
            return false;
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    }
    return n > 0;
}

/* ---- Redis ---- */

/* One element: a line, or "$" with a length and so many bytes behind. *begin, *size: its value. Bytes of it; 0: not
 * whole; SIZE_MAX: none. */
static size_t element(const uint8_t *bytes, size_t len, size_t *begin, size_t *size)
{
    size_t next, n;
    uint64_t length;

    if (len == 0)
        return 0;
    if (strchr("$=*>+-:_,#(%~!", bytes[0]) == NULL || bytes[0] == 0)
        return SIZE_MAX;
    n = line_length(bytes, len, &next);
    if (next == 0)
        return len > LINE_MAX_BYTES ? SIZE_MAX : 0;
    *begin = 1;
    *size = n - MIN(n, (size_t)1);
    if ((bytes[0] != '$' && bytes[0] != '=') || (n == 3 && memcmp(bytes + 1, "-1", 2) == 0))
        return next;
    if (!number((const char *)bytes + 1, n - 1, &length) || length > WR_OPEN_MAX)
        return SIZE_MAX;
    *begin = next;
    *size = (size_t)length;
    return len - next >= length + 2 ? next + (size_t)length + 2 : 0;
}

/* "*3", and as many elements: what was published is the last. */
static size_t take_command(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    size_t begin, size, at = element(bytes, len, &begin, &size);
    uint64_t count;

    if (at == 0 || at == SIZE_MAX || (bytes[0] != '*' && bytes[0] != '>') ||
        !number((const char *)bytes + 1, size, &count) || count > 64)
        return at == 0 ? 0 : SIZE_MAX;
    begin = size = 0;
    for (uint64_t i = 0; i < count; i++) {
        size_t from, n = 0, used = element(bytes + at, len - at, &from, &n);
        if (used == 0 || used == SIZE_MAX)
            return used;
        begin = at + from;
        size = n;
        at += used;
    }
    wr_open_hand_out(s, WR_OPEN_PAYLOAD, bytes + begin, size, 0);
    return at;
}

static size_t take_redis(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    while (at < len) {
        size_t begin, size, used;
        used = bytes[at] == '*' || bytes[at] == '>' ? take_command(s, bytes + at, len - at)
                                                    : element(bytes + at, len - at, &begin, &size);
        if (used == 0)
            return at;
        if (used == SIZE_MAX)
            return SIZE_MAX;
        at += used;
    }
    return at;
}

/* ---- NATS ---- */

static bool is_command(const uint8_t *bytes, size_t len, const char *word)
{
    const size_t n = strlen(word);

    return len > n && g_ascii_strncasecmp((const char *)bytes, word, n) == 0 && (bytes[n] == ' ' || bytes[n] == '\t');
}

static bool publishes(const uint8_t *bytes, size_t len, bool *headers)
{
    *headers = is_command(bytes, len, "HPUB") || is_command(bytes, len, "HMSG");
    return *headers || is_command(bytes, len, "PUB") || is_command(bytes, len, "MSG");
}

/* A command that publishes: its payload, behind headers where it has some. */
static size_t take_published(wr_open_stream *s, const uint8_t *bytes, size_t len, size_t line, size_t next,
                             bool headers)
{
    char *text = g_strndup((const char *)bytes, line);
    char **words = g_strsplit_set(text, " \t", WORDS_MAX + 2);
    const guint n = g_strv_length(words);
    uint64_t all = 0, head = 0;
    size_t used = SIZE_MAX;

    g_free(text);
    if (n >= 3 && number(words[n - 1], strlen(words[n - 1]), &all) && all <= WR_OPEN_MAX &&
        (!headers || (number(words[n - 2], strlen(words[n - 2]), &head) && head <= all))) {
        used = len - next >= all + 2 ? next + (size_t)all + 2 : 0;
        if (used > 0)
            wr_open_hand_out(s, WR_OPEN_PAYLOAD, bytes + next + head, (size_t)(all - head), 0);
    }
    g_strfreev(words);
    return used;
}

static size_t take_nats(wr_open_stream *s, const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    while (at < len) {
        size_t next, line = line_length(bytes + at, len - at, &next), used = next;
        bool headers;
        if (next == 0)
            return len - at > LINE_MAX_BYTES ? SIZE_MAX : at;
        if (line > 0 && !g_ascii_isalpha(bytes[at]) && bytes[at] != '+' && bytes[at] != '-')
            return SIZE_MAX;
        if (publishes(bytes + at, line, &headers))
            used = take_published(s, bytes + at, len - at, line, next, headers);
        if (used == 0)
            return at;
        if (used == SIZE_MAX)
            return SIZE_MAX;
        at += used;
    }
    return at;
}

/* ---- both ---- */

wr_open_stream *wr_open_relay_begin(const uint8_t *bytes, size_t len)
{
    static const wr_open_reader redis = {false, false, take_redis}, nats = {false, false, take_nats};
    size_t next = 0, line = line_length(bytes, len, &next);
    uint64_t count;
    bool headers;

    if (next == 0 || next >= len)
        return NULL;
    if (bytes[0] == '*' || bytes[0] == '>')
        return number((const char *)bytes + 1, line - 1, &count) && count > 0 && bytes[next] == '$'
                   ? wr_open_stream_new(&redis)
                   : NULL;
    return publishes(bytes, line, &headers) && g_ascii_isdigit(bytes[line - 1]) ? wr_open_stream_new(&nats) : NULL;
}
