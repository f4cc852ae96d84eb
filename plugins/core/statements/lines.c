/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of text, line by line. */
#include "reader.h"

#include <string.h>

struct wr_lines {
    void (*line)(void *user, const char *line, size_t len, uint64_t number);
    void *user;
    GByteArray *kept; /* the beginning of a line whose end is still to come */
    bool too_long;
    uint64_t number, n_too_long;
};

wr_lines *wr_lines_new(void (*line)(void *user, const char *line, size_t len, uint64_t number), void *user)
{
    wr_lines *l = g_new0(wr_lines, 1);

    l->line = line;
    l->user = user;
    l->kept = g_byte_array_new();
    return l;
}

static void tell(wr_lines *l, const uint8_t *bytes, size_t len)
{
    l->number++;
    while (len > 0 && bytes[len - 1] == '\r') /* twice, where a program writes \r\n in text mode */
        len--;
    l->line(l->user, (const char *)bytes, len, l->number);
}

static void keep(wr_lines *l, const uint8_t *bytes, size_t len)
{
    if (l->too_long)
        return;
    if (len > WR_LINE_MAX - l->kept->len) {
        l->too_long = true;
        l->n_too_long++;
        g_byte_array_set_size(l->kept, 0);
    } else {
        g_byte_array_append(l->kept, bytes, (guint)len);
    }
}

static void line_ends(wr_lines *l)
{
    if (l->too_long)
        l->number++;
    else
        tell(l, l->kept->data, l->kept->len);
    l->too_long = false;
    g_byte_array_set_size(l->kept, 0);
}

void wr_lines_feed(wr_lines *l, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        const uint8_t *end = memchr(bytes, '\n', len);
        const size_t n = end != NULL ? (size_t)(end - bytes) : len;
        if (end != NULL && l->kept->len == 0 && !l->too_long && n <= WR_LINE_MAX) {
            tell(l, bytes, n);
        } else {
            keep(l, bytes, n);
            if (end != NULL)
                line_ends(l);
        }
        bytes += n + (end != NULL);
        len -= n + (end != NULL);
    }
}

uint64_t wr_lines_end(wr_lines *l)
{
    const uint64_t n = l->n_too_long;

    if (l->kept->len > 0)
        line_ends(l);
    g_byte_array_unref(l->kept);
    g_free(l);
    return n;
}
