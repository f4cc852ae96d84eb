/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Server-sent events (HTML Living Standard 9.2). */
#include <string.h>

#include "formats/message_frames.h"

/* A line ends in CR LF, LF, or CR. *n its bytes; *next behind its end. False when it does not end: it is the rest. */
static bool line_at(const uint8_t *bytes, size_t len, size_t at, size_t *n, size_t *next)
{
    size_t i = at;

    while (i < len && bytes[i] != '\n' && bytes[i] != '\r')
        i++;
    *n = i - at;
    *next = i;
    if (i == len)
        return false;
    *next = i + (bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n' ? 2 : 1);
    return true;
}

static size_t past_mark(const uint8_t *bytes, size_t len)
{
    return len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

bool wr_looks_like_events(const uint8_t *bytes, size_t len)
{
    static const char *const fields[] = {"data:", "event:", "id:", "retry:"};
    const size_t at = past_mark(bytes, len);

    if (at < len && bytes[at] == ':') /* a comment, with which many streams begin */
        return memchr(bytes + at, '\n', len - at) != NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (len - at > strlen(fields[i]) && memcmp(bytes + at, fields[i], strlen(fields[i])) == 0)
            return true;
    return false;
}

size_t wr_event_length(const uint8_t *bytes, size_t len, size_t *seen)
{
    size_t i = *seen;

    if (i == 0 && len > 0 && (bytes[0] == '\n' || bytes[0] == '\r'))
        return 1;
    for (; i + 1 < len; i++) {
        if (bytes[i] != '\n' && bytes[i] != '\r')
            continue;
        if (bytes[i] == '\n' && bytes[i + 1] == '\r' && i + 2 == len)
            break; /* a line feed may belong to it */
        if (bytes[i + 1] == bytes[i] || (bytes[i] == '\n' && bytes[i + 1] == '\r'))
            return i + 2 + (bytes[i + 1] == '\r' && i + 2 < len && bytes[i + 2] == '\n' ? 1 : 0);
    }
    *seen = i;
    return 0;
}

/* The value of a field of this name in the line; NULL when it is another's. */
static const uint8_t *value_of(const uint8_t *line, size_t n, const char *name, size_t *value_len)
{
    const size_t head = strlen(name) + 1;

    if (n < head || memcmp(line, name, head - 1) != 0 || line[head - 1] != ':')
        return NULL;
    line += head;
    n -= head;
    if (n > 0 && line[0] == ' ') {
        line++;
        n--;
    }
    *value_len = n;
    return line;
}

static void take_line(wr_event *event, const uint8_t *line, size_t n)
{
    size_t value_len;
    const uint8_t *value = value_of(line, n, "data", &value_len);

    if (value != NULL) {
        if (event->data == NULL)
            event->data = g_string_new(NULL);
        else
            g_string_append_c(event->data, '\n');
        g_string_append_len(event->data, (const char *)value, (gssize)value_len);
    } else if ((value = value_of(line, n, "event", &value_len)) != NULL) {
        g_free(event->type);
        event->type = g_strndup((const char *)value, value_len);
    }
}

bool wr_event_next(const uint8_t *bytes, size_t len, size_t *at, wr_event *out)
{
    size_t n, next;
    bool any = false;

    *out = (wr_event){NULL, NULL};
    if (*at == 0)
        *at = past_mark(bytes, len);
    while (*at < len) {
        const bool whole = line_at(bytes, len, *at, &n, &next);
        const size_t begin = *at;
        *at = whole ? next : len;
        if (n == 0 && any)
            return true;
        if (n > 0) {
            any = true;
            take_line(out, bytes + begin, n);
        }
    }
    return any;
}

void wr_event_clear(wr_event *event)
{
    g_free(event->type);
    if (event->data != NULL)
        g_string_free(event->data, TRUE);
    *event = (wr_event){NULL, NULL};
}
