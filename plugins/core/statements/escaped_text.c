/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions in one line, with their line ends written out: v=0\r\no=… as programs quote text, once or several times,
 * v=0#015#012o=… as daemons of syslog write control characters (RFC 3164 5.1 allows no others), v=0\x0d\x0ao=…,
 * v=0<CR><LF>o=….
 */
#include "reader.h"

#include "sdp/sdp.h"

#include <string.h>

#define MAX_DESCRIPTION (256u << 10)

/* Bytes of the escape that begins here, 0 for none; *character is CR or LF. */
static size_t line_end_at(const char *p, const char *end, char *character)
{
    static const struct {
        const char *text;
        char character;
    } escapes[] = {{"\\r", '\r'},   {"\\n", '\n'},   {"#015", '\r'},    {"#012", '\n'},
                   {"\\x0d", '\r'}, {"\\x0a", '\n'}, {"\\015", '\r'},   {"\\012", '\n'},
                   {"<CR>", '\r'},  {"<LF>", '\n'},  {"\\u000d", '\r'}, {"\\u000a", '\n'}};
    const char *from = p;

    while (p + 1 < end && p[0] == '\\' && p[1] == '\\') /* quoted several times */
        p++;
    for (size_t i = 0; i < G_N_ELEMENTS(escapes); i++) {
        const size_t n = strlen(escapes[i].text);
        if ((size_t)(end - p) < n || g_ascii_strncasecmp(p, escapes[i].text, n) != 0)
            continue;
        *character = escapes[i].character;
        return (size_t)(p - from) + n;
    }
    return 0;
}

/* What stands from "v=0" to the quote or the strange backslash behind it. */
static size_t unescape(const char *p, const char *end, GString *out)
{
    const char *from = p;

    while (p < end && *p != '"' && *p != '\'' && out->len < MAX_DESCRIPTION) {
        char character = '\0';
        const size_t n = line_end_at(p, end, &character);
        if (n == 0 && *p == '\\')
            break;
        g_string_append_c(out, n > 0 ? character : *p);
        p += n > 0 ? n : 1;
    }
    return (size_t)(p - from);
}

void wr_escaped_descriptions(const char *line, size_t len, void (*found)(void *user, const char *sdp, size_t len),
                             void *user)
{
    const char *p = line, *end = line + len;
    GString *out = g_string_new(NULL);

    while ((p = g_strstr_len(p, end - p, "v=0")) != NULL) {
        char character;
        if (line_end_at(p + 3, end, &character) == 0) {
            p += 3;
            continue;
        }
        g_string_truncate(out, 0);
        p += unescape(p, end, out);
        if (wr_sdp_looks_like_description(out->str, out->len))
            found(user, out->str, out->len);
    }
    g_string_free(out, TRUE);
}
