/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection/sip_split.h"

#include "connection/message_head.h"

#include <glib.h>
#include <string.h>

#define START_LINE_MAX 2048
#define VERSION        "SIP/2.0"

/* The length of the line, without its end; len when it does not end. */
static size_t line_length(const char *p, size_t len)
{
    const char *end = len > 0 ? memchr(p, '\n', len) : NULL;

    return end != NULL ? (size_t)(end - p) : len;
}

static bool is_start_line(const char *line, size_t len)
{
    const size_t n = strlen(VERSION);

    if (len > 0 && line[len - 1] == '\r')
        len--;
    if (len > n && memcmp(line, VERSION " ", n + 1) == 0)
        return true;
    return len > n + 3 && g_ascii_isupper(line[0]) && memcmp(line + len - n - 1, " " VERSION, n + 1) == 0;
}

/* The line is not all there: does it begin as a start line does? */
static bool may_be_start_line(const char *line, size_t len)
{
    const size_t n = strlen(VERSION);
    size_t method = 0;

    if (len >= START_LINE_MAX)
        return false;
    if (memcmp(line, VERSION, MIN(len, n)) == 0)
        return true;
    while (method < len && g_ascii_isupper(line[method]))
        method++;
    return method > 0 && method < 16 &&
           (method == len ||
            (line[method] == ' ' && g_ascii_strncasecmp(line + method + 1, "sip", MIN(len - method - 1, 3)) == 0));
}

/* Behind the empty line that ends the head; 0 when there is none. */
static size_t head_length(const char *p, size_t len)
{
    size_t at = 0;

    while (at < len) {
        size_t n = line_length(p + at, len - at);
        if (at + n >= len)
            return 0;
        if (n == 0 || (n == 1 && p[at] == '\r'))
            return at + n + 1;
        at += n + 1;
    }
    return 0;
}

static bool is_description(const wr_message_head *head)
{
    char *type = wr_message_head_field(head, "Content-Type", "c");
    char *encoding = wr_message_head_field(head, "Content-Encoding", "e");
    bool is = false;

    if (type != NULL && (encoding == NULL || g_ascii_strcasecmp(encoding, "identity") == 0)) {
        size_t n = strcspn(type, "; \t");
        is = (n == strlen("application/sdp") && g_ascii_strncasecmp(type, "application/sdp", n) == 0) ||
             (n == strlen("application/trickle-ice-sdpfrag") &&
              g_ascii_strncasecmp(type, "application/trickle-ice-sdpfrag", n) == 0);
    }
    g_free(type);
    g_free(encoding);
    return is;
}

/* Of the body; rest when the head does not say. Larger than WR_SIP_MAX for what is no number. */
static size_t content_length(const wr_message_head *head, size_t rest)
{
    char *text = wr_message_head_field(head, "Content-Length", "l"), *end = NULL;
    guint64 n = rest;

    if (text != NULL) {
        n = g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &end, 10) : G_MAXUINT64;
        if (end != NULL && *end != '\0')
            n = G_MAXUINT64;
    }
    g_free(text);
    return n > WR_SIP_MAX ? WR_SIP_MAX + 1 : (size_t)n;
}

wr_sip_result wr_sip_next(const char *bytes, size_t len, bool stream, wr_sip_message *out)
{
    wr_message_head head;
    size_t line, body;

    memset(out, 0, sizeof *out);
    while (out->start < len && (bytes[out->start] == '\r' || bytes[out->start] == '\n'))
        out->start++;
    bytes += out->start;
    len -= out->start;
    if (len == 0)
        return WR_SIP_NONE;
    line = line_length(bytes, MIN(len, (size_t)START_LINE_MAX));
    if (line == len)
        return stream && may_be_start_line(bytes, len) ? WR_SIP_MORE : WR_SIP_NONE;
    if (!is_start_line(bytes, line))
        return WR_SIP_NONE;
    body = head_length(bytes, MIN(len, (size_t)WR_SIP_MAX));
    if (body == 0)
        return stream && len < WR_SIP_MAX ? WR_SIP_MORE : WR_SIP_NONE;
    if (!wr_message_head_read(bytes, body, &head))
        return WR_SIP_NONE;
    size_t n = content_length(&head, stream ? 0 : len - body);
    if (n > WR_SIP_MAX)
        return WR_SIP_NONE;
    out->body = out->start + body;
    out->end = out->body + n;
    if (n > len - body)
        return stream ? WR_SIP_MORE : WR_SIP_NONE;
    out->is_description = n > 0 && is_description(&head);
    return WR_SIP_WHOLE;
}
