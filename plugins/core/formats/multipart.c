/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of multipart/form-data bodies (RFC 7578 4, RFC 2046 5.1.1). A part that says no type is text (RFC 7578 4.4),
 * which the built-in dissector shows as data.
 *
 *     --boundary
 *     Content-Disposition: form-data; name="sdp"         the head of a part: fields
 *                                                        an empty line
 *     v=0 …                                              its value, up to the line end before the next boundary
 *     --boundary                                         the next part
 *     …
 *     --boundary--                                       the end; what follows means nothing (RFC 2046 5.1.1)
 */
#include <string.h>

#include "formats/unwrap.h"

#define LONGEST_BOUNDARY 70 /* RFC 2046 5.1.1 */
#define NAME_SHOWN       64

/* Where needle begins in [from, len), or len. */
static size_t find(const uint8_t *bytes, size_t len, size_t from, const char *needle, size_t n)
{
    while (from + n <= len) {
        const uint8_t *first = memchr(bytes + from, needle[0], len - from - n + 1);
        if (first == NULL)
            return len;
        if (memcmp(first, needle, n) == 0)
            return (size_t)(first - bytes);
        from = (size_t)(first - bytes) + 1;
    }
    return len;
}

static bool has_field(const char *head, const char *name)
{
    for (const char *line = head;;) {
        if (g_ascii_strncasecmp(line, name, strlen(name)) == 0)
            return true;
        line = strstr(line, "\r\n");
        if (line == NULL)
            return false;
        line += 2;
    }
}

static char *name_of(const char *head)
{
    const char *name = strstr(head, "name=\"");
    size_t n = name != NULL ? strcspn(name + 6, "\"\r\n") : 0;

    return name != NULL ? g_utf8_make_valid(name + 6, (gssize)MIN(n, (size_t)NAME_SHOWN)) : g_strdup("");
}

bool wr_unwrap_part_next(const uint8_t *bytes, size_t len, size_t *at, char **name, const uint8_t **value,
                         size_t *value_len)
{
    char boundary[LONGEST_BOUNDARY + 5] = "\r\n";
    const size_t line = find(bytes, MIN(len, (size_t)LONGEST_BOUNDARY + 4), 0, "\r\n", 2);

    if (len < 4 || memcmp(bytes, "--", 2) != 0 || line < 3 || line > LONGEST_BOUNDARY + 2)
        return false;
    memcpy(boundary + 2, bytes, line);
    if (*at == 0)
        *at = line + 2;
    while (*at < len) {
        const size_t begin = *at, end = find(bytes, len, begin, boundary, line + 2);
        const size_t blank = find(bytes, end, begin, "\r\n\r\n", 4);
        char *head;
        bool typed;
        *at = end + line + 4 < len ? end + line + 4 : len; /* behind the boundary's line */
        if (end == len || blank == end)
            continue;
        head = g_strndup((const char *)bytes + begin, blank - begin);
        typed = has_field(head, "Content-Type:");
        if (!typed) {
            *name = name_of(head);
            *value = bytes + blank + 4;
            *value_len = end - blank - 4;
        }
        g_free(head);
        if (!typed)
            return true;
    }
    return false;
}
