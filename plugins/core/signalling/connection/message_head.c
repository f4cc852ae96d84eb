/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The head of the HTTP/1 (RFC 9112 2.1, 3, 4), SIP (RFC 3261 7) or RTSP (RFC 7826 5) message that a body belongs to.
 *
 *     INVITE sip:bob@example.org SIP/2.0     start line of a request: method, target, version
 *     SIP/2.0 200 OK                         or of a response: version, status, reason
 *     Content-Type: application/sdp          fields: name, colon, value; in SIP a name may have a compact form
 *     …
 *                                            an empty line
 *     body
 *
 * Nothing covers head or body but what carries them (TLS).
 */
#include "connection/message_head.h"

#include "sdp/lines.h"

#include <string.h>

static const char *const versions[] = {"SIP/2.0", "HTTP/1.1", "HTTP/1.0", "RTSP/1.0", "RTSP/2.0"};

/* The version at the beginning of s, or at its end. */
static bool find_version(wr_slice s, bool at_end, size_t *length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        const size_t n = strlen(versions[i]);
        if (s.len >= n && memcmp(at_end ? s.p + s.len - n : s.p, versions[i], n) == 0) {
            *length = n;
            return true;
        }
    }
    return false;
}

/* A byte before the method may happen to be a capital letter: "XINVITE" is meant to be INVITE. */
static void strip_front(char *method)
{
    static const char *const known[] = {"INVITE", "UPDATE", "PRACK", "ACK", "INFO", "POST", "PUT", "PATCH", "GET"};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        const size_t n = strlen(known[i]);
        const size_t len = strlen(method);
        if (len > n && len <= n + 2 && memcmp(method + len - n, known[i], n) == 0)
            memmove(method, method + len - n, n + 1);
    }
}

/* "METHOD target SIP/2.0". Bytes of a packet's headers may stick to the front of the method. */
static bool read_request(wr_slice line, wr_message_head *out)
{
    size_t version, space, start;
    wr_slice rest = wr_slice_trim_end(line);

    if (!find_version(rest, true, &version))
        return false;
    rest.len -= version;
    if (rest.len == 0 || rest.p[rest.len - 1] != ' ')
        return false;
    out->sip = rest.p[rest.len] == 'S';
    rest = wr_slice_trim_end(rest);
    space = rest.len;
    while (space > 0 && rest.p[space - 1] != ' ')
        space--;
    if (space == 0)
        return false;
    out->target = rest.p + space;
    out->target_len = (size_t)(rest.p + rest.len - out->target);
    rest = wr_slice_trim_end((wr_slice){rest.p, space - 1});
    start = rest.len;
    while (start > 0 && rest.len - start < sizeof out->method - 1 && g_ascii_isupper(rest.p[start - 1]))
        start--;
    if (start == rest.len || out->target_len == 0)
        return false;
    memcpy(out->method, rest.p + start, rest.len - start);
    strip_front(out->method);
    return true;
}

/* "SIP/2.0 200 OK", whatever sticks to its front. */
static bool read_response(wr_slice line, wr_message_head *out)
{
    for (size_t i = 0; i + 11 < line.len; i++) {
        const char *p = line.p + i;
        size_t version;
        if (!find_version((wr_slice){p, line.len - i}, false, &version) || line.len - i < version + 4)
            continue;
        p += version;
        if (p[0] == ' ' && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]) && g_ascii_isdigit(p[3])) {
            out->response = true;
            out->sip = line.p[i] == 'S';
            out->status = (unsigned)(p[1] - '0') * 100 + (unsigned)(p[2] - '0') * 10 + (unsigned)(p[3] - '0');
            return true;
        }
    }
    return false;
}

/* The next line begins a message, whose fields stand in the rest of bytes[0..len). */
static bool read_next(wr_line_reader *reader, const char *bytes, size_t len, wr_message_head *out, bool *more)
{
    wr_message_head head;
    wr_slice line;

    *more = wr_line_next(reader, &line, NULL);
    memset(&head, 0, sizeof head);
    if (!*more || (!read_request(line, &head) && !read_response(line, &head)))
        return false;
    const size_t next = MIN(reader->next, len);
    head.fields = bytes + next;
    head.fields_len = len - next;
    *out = head;
    return true;
}

bool wr_message_head_find(const char *before, size_t len, wr_message_head *out)
{
    wr_line_reader reader;
    bool found = false, more = true;

    if (len > WR_HEAD_MAX) {
        before += len - WR_HEAD_MAX;
        len = WR_HEAD_MAX;
    }
    reader = wr_lines(before, len);
    while (more)
        found = read_next(&reader, before, len, out, &more) || found;
    return found;
}

bool wr_message_head_read(const char *head, size_t len, wr_message_head *out)
{
    wr_line_reader reader = wr_lines(head, len);
    bool more;

    return read_next(&reader, head, len, out, &more);
}

char *wr_message_head_field(const wr_message_head *head, const char *name, const char *compact)
{
    wr_line_reader reader = wr_lines(head->fields, head->fields_len);
    wr_slice line;

    while (wr_line_next(&reader, &line, NULL)) {
        const char *colon = line.len != 0 ? memchr(line.p, ':', line.len) : NULL;
        if (line.len == 0)
            break; /* what follows belongs to a part of a multipart body */
        if (colon == NULL)
            continue;
        const wr_slice key = wr_slice_trim((wr_slice){line.p, (size_t)(colon - line.p)});
        if (wr_slice_is_nocase(key, name) || (compact != NULL && wr_slice_is_nocase(key, compact))) {
            const wr_slice value = wr_slice_trim((wr_slice){colon + 1, line.len - (size_t)(colon + 1 - line.p)});
            return g_utf8_make_valid(value.p, (gssize)MIN(value.len, (size_t)WR_HEAD_MAX_VALUE));
        }
    }
    return NULL;
}

char *wr_message_path(const char *target, size_t len)
{
    size_t start = 0, end = 0;
    const char *scheme = len != 0 ? g_strstr_len(target, (gssize)len, "://") : NULL;

    if (scheme != NULL && memchr(target, '/', (size_t)(scheme - target)) == NULL) {
        start = (size_t)(scheme - target) + 3;
        while (start < len && target[start] != '/')
            start++;
    }
    end = start;
    while (end < len && target[end] != '?' && target[end] != '#')
        end++;
    if (end == start)
        return NULL;
    return g_utf8_make_valid(target + start, (gssize)MIN(end - start, (size_t)WR_HEAD_MAX_VALUE));
}

char *wr_message_sip_user(const char *address)
{
    const char *start = strchr(address, '<');
    const char *colon;
    size_t n;

    start = start != NULL ? start + 1 : address;
    colon = strchr(start, ':');
    if (colon != NULL && (g_ascii_strncasecmp(start, "sip:", 4) == 0 || g_ascii_strncasecmp(start, "sips:", 5) == 0))
        start = colon + 1;
    n = strcspn(start, ">;? \t");
    return n != 0 ? g_strndup(start, n) : NULL;
}

/* The branch of the first Via; other parameters of it change on the way (received, rport). */
static char *first_branch(const char *via)
{
    const size_t len = strcspn(via, ",");

    for (const char *p = memchr(via, ';', len); p != NULL; p = memchr(p + 1, ';', len - (size_t)(p + 1 - via))) {
        const char *name = p + 1 + strspn(p + 1, " \t");
        if (g_ascii_strncasecmp(name, "branch=", strlen("branch=")) == 0)
            return g_strndup(name + strlen("branch="), strcspn(name + strlen("branch="), ";, \t"));
    }
    return NULL;
}

char *wr_message_sip_hop(const wr_message_head *head)
{
    char *via = wr_message_head_field(head, "Via", "v"), *cseq = wr_message_head_field(head, "CSeq", NULL);
    char *branch = via != NULL ? first_branch(via) : NULL;
    char *hop = branch != NULL && *branch != '\0' && cseq != NULL
                    ? g_strdup_printf("%s %s %u", branch, cseq, head->response ? head->status : 0)
                    : NULL;

    g_free(via);
    g_free(cseq);
    g_free(branch);
    return hop;
}
