/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines and words of session descriptions (RFC 8866 5), as views into the text. */
#include "sdp/lines.h"

#include <string.h>

wr_line_reader wr_lines(const char *text, size_t len)
{
    return (wr_line_reader){text, len, 0, 0, 0};
}

bool wr_line_next(wr_line_reader *reader, wr_slice *line, wr_sdp_at *at)
{
    const size_t start = reader->next;
    const char *found;
    size_t end;

    if (start >= reader->len)
        return false;
    if (reader->line == 0 || reader->feed < start) { /* looked for once only: a text may end its lines by CR alone */
        found = memchr(reader->text + start, '\n', reader->len - start);
        reader->feed = found != NULL ? (size_t)(found - reader->text) : reader->len;
    }
    found = memchr(reader->text + start, '\r', reader->feed - start);
    end = found != NULL ? (size_t)(found - reader->text) : reader->feed;
    reader->next = end + 1;
    if (end + 1 < reader->len && reader->text[end] == '\r' && reader->text[end + 1] == '\n')
        reader->next++;
    reader->line++;
    *line = (wr_slice){reader->text + start, end - start};
    if (at != NULL)
        *at = (wr_sdp_at){reader->line, (uint32_t)start, (uint32_t)(end - start)};
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

wr_slice wr_slice_trim_end(wr_slice s)
{
    while (s.len > 0 && is_blank(s.p[s.len - 1]))
        s.len--;
    return s;
}

wr_slice wr_slice_trim(wr_slice s)
{
    while (s.len > 0 && is_blank(s.p[0])) {
        s.p++;
        s.len--;
    }
    return wr_slice_trim_end(s);
}

wr_slice wr_slice_token(wr_slice *rest)
{
    wr_slice token;

    while (rest->len > 0 && is_blank(rest->p[0])) {
        rest->p++;
        rest->len--;
    }
    token = (wr_slice){rest->p, 0};
    while (rest->len > 0 && !is_blank(rest->p[0])) {
        rest->p++;
        rest->len--;
        token.len++;
    }
    return token;
}

bool wr_slice_is_nocase(wr_slice s, const char *text)
{
    return s.len == strlen(text) && s.len != 0 && g_ascii_strncasecmp(s.p, text, s.len) == 0;
}

int wr_slice_compare(const wr_slice *a, const wr_slice *b)
{
    const size_t n = a->len < b->len ? a->len : b->len;
    const int c = n != 0 ? memcmp(a->p, b->p, n) : 0;

    return c != 0 ? c : (a->len > b->len) - (a->len < b->len);
}

bool wr_slice_number(wr_slice s, uint64_t max, uint64_t *out)
{
    uint64_t n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        const unsigned digit = (unsigned)(s.p[i] - '0');
        if (s.p[i] < '0' || s.p[i] > '9' || n > max / 10 || (n == max / 10 && digit > max % 10))
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

char *wr_slice_dup(wr_slice s)
{
    return g_strndup(s.p, s.len);
}

bool wr_slice_attribute(wr_slice line, wr_slice *name, wr_slice *value)
{
    wr_slice rest;
    const char *colon;

    if (!wr_slice_starts(line, "a=", &rest))
        return false;
    colon = rest.len != 0 ? memchr(rest.p, ':', rest.len) : NULL;
    if (colon == NULL) {
        *name = wr_slice_trim(rest);
        *value = (wr_slice){rest.p + rest.len, 0};
    } else {
        const size_t n = (size_t)(colon - rest.p);
        *name = (wr_slice){rest.p, n};
        *value = wr_slice_trim((wr_slice){colon + 1, rest.len - n - 1});
    }
    return true;
}
