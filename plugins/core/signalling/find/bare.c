/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions and candidates that stand bare behind a short head; and what only looks like a description. */
#include <string.h>

#include "walk.h"

#define BARE_LOOK   512 /* bytes before a bare description */
#define HEAD_TEXT   128 /* bytes of a head that is text: a verb, a name */
#define HEAD_BLANKS 3   /* more of them are a sentence that speaks of SDP */
#define LINES_MAX   256 /* candidates as lines of one text */

static bool is_line_end(const uint8_t *bytes, size_t len, size_t at)
{
    return at < len && (bytes[at] == '\n' || (bytes[at] == '\r' && at + 1 < len && bytes[at + 1] == '\n'));
}

/* "v=0" and behind its line "o=", as in every description (RFC 8866 5). */
static bool description_at(const uint8_t *bytes, size_t len, size_t at)
{
    size_t next = at + 3;

    if (len - at < 8 || memcmp(bytes + at, "v=0", 3) != 0 || !is_line_end(bytes, len, next))
        return false;
    next += bytes[next] == '\r' ? 2 : 1;
    return len - next > 2 && bytes[next] == 'o' && bytes[next + 1] == '=';
}

/* A verb, a name, a number, or a few bytes of a binary head; no sentence. whole: the message itself, else a text in it,
 * where any blank makes a sentence. */
static bool is_head(const uint8_t *bytes, size_t len, bool whole)
{
    size_t blanks = 0;

    if (len == 0)
        return true;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] < 0x20 && !g_ascii_isspace(bytes[i]))
            return whole;
        blanks += bytes[i] == ' ' || bytes[i] == '`';
    }
    if (!g_utf8_validate((const char *)bytes, (gssize)len, NULL))
        return whole;
    return len <= HEAD_TEXT && blanks <= (whole ? HEAD_BLANKS : 0);
}

bool wr_bare_begins(const uint8_t *bytes, size_t len, bool whole, size_t *begin)
{
    const uint8_t *end;

    if (len == 0) /* there may be no address, either */
        return false;
    end = bytes + MIN(len, (size_t)BARE_LOOK);
    for (const uint8_t *p = bytes; p < end && (p = memchr(p, 'v', (size_t)(end - p))) != NULL; p++) {
        *begin = (size_t)(p - bytes);
        if (description_at(bytes, len, *begin))
            return is_head(bytes, *begin, whole);
    }
    return false;
}

/* Behind its last line: of a letter, "=", and text. What follows belongs to the message around. */
static size_t description_end(const uint8_t *bytes, size_t len, size_t at)
{
    while (at + 1 < len && g_ascii_islower(bytes[at]) && bytes[at + 1] == '=') {
        const uint8_t *feed = memchr(bytes + at, '\n', len - at);
        const size_t end = feed != NULL ? (size_t)(feed - bytes) + 1 : len;
        const char *bad;
        if (!g_utf8_validate((const char *)bytes + at, (gssize)(end - at), &bad))
            return (size_t)(bad - (const char *)bytes);
        at = end;
    }
    return at;
}

/* The word that the head begins with may say the kind: "OFFER bob". */
static wr_kind kind_of_head(const uint8_t *bytes, size_t len)
{
    char word[32];
    size_t n = 0;
    wr_kind kind;

    while (n < len && n + 1 < sizeof word && g_ascii_isalpha(bytes[n])) {
        word[n] = (char)bytes[n];
        n++;
    }
    word[n] = '\0';
    kind = n > 1 ? wr_names_kind_of_word(word) : WR_KIND_UNKNOWN;
    return wr_names_is_description_kind(kind) ? kind : WR_KIND_UNKNOWN;
}

/* The line at *at, n bytes without its line feed, and behind it the next; false at the end. */
static bool next_line(const char **at, const char *end, const char **line, size_t *n)
{
    const char *feed = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;

    if (*at >= end)
        return false;
    *line = *at;
    *n = (size_t)((feed != NULL ? feed : end) - *at);
    *at = feed != NULL ? feed + 1 : end;
    return true;
}

/* Candidates that stand in lines of their own, behind lines that say the section and the like. */
static void find_candidate_lines(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    const char *next = text, *line;
    size_t n;

    for (unsigned lines = 0; lines < LINES_MAX && !f->full && next_line(&next, text + len, &line, &n); lines++)
        if (n > 10 && (line[0] == 'c' || line[0] == 'a') && wr_sdp_looks_like_candidate(line, n))
            wr_hit_add(f, at, WR_KIND_CANDIDATE, line, n);
}

bool wr_find_bare(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, bool whole)
{
    const guint before = f->result->hits->len;
    size_t begin = 0;

    if (wr_bare_begins(bytes, len, whole, &begin)) {
        const size_t end = description_end(bytes, len, begin);
        const wr_kind kind = kind_of_head(bytes, begin);
        const char *text = (const char *)bytes + begin;
        if (wr_sdp_looks_like_description(text, end - begin) && !wr_is_settings_list(text, end - begin))
            wr_hit_add(f, at, kind, text, end - begin);
    } else if (len > 0 && memchr(bytes, '\n', len) != NULL && g_utf8_validate((const char *)bytes, (gssize)len, NULL)) {
        find_candidate_lines(f, at, (const char *)bytes, len);
    }
    return f->result->hits->len > before;
}

/* ---- what only looks like one ---- */

/* How far the name of a line's attribute goes. */
static size_t name_length(const char *line, size_t len)
{
    size_t n = 0;

    while (n < len && line[n] != ':' && line[n] != '\r')
        n++;
    return n;
}

/* A line m= of more than a word (RFC 8866 5.14). */
static bool is_media(const char *line, size_t n)
{
    return n > 4 && line[0] == 'm' && line[1] == '=' && memchr(line, ' ', n) != NULL;
}

/* An attribute that sets up a transport. */
static bool is_of_transport(const char *line, size_t n)
{
    static const char *const names[] = {
        "a=ice-", "a=fingerprint:", "a=candidate:", "a=crypto:", "a=setup:", "a=rtpmap:"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (n >= strlen(names[i]) && memcmp(line, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* Settings written like SDP: attributes with dots in their names, and none that sets up a transport; or no line of
 * media that has more than a word. */
bool wr_is_settings_list(const char *text, size_t len)
{
    const char *at = text, *line;
    unsigned dotted = 0, others = 0;
    bool media = false, transport = false;
    size_t n;

    while (next_line(&at, text + len, &line, &n)) {
        media |= is_media(line, n);
        if (n < 3 || line[0] != 'a' || line[1] != '=')
            continue;
        transport |= is_of_transport(line, n);
        if (memchr(line, '.', name_length(line, n)) != NULL)
            dotted++;
        else
            others++;
    }
    return !media || (!transport && dotted > 0 && dotted >= others);
}

bool wr_is_lone_line(const char *text, size_t len)
{
    static const char *const credentials[] = {"a=ice-ufrag:", "a=ice-pwd:"};
    static const char start[] = "a=fingerprint:";
    const char *at = text, *line;
    unsigned lines = 0;
    bool credential = false;
    size_t n;

    while (next_line(&at, text + len, &line, &n)) {
        if (n <= 1)
            continue;
        lines++;
        for (size_t i = 0; i < G_N_ELEMENTS(credentials); i++)
            credential |= n >= strlen(credentials[i]) && memcmp(line, credentials[i], strlen(credentials[i])) == 0;
        if (!credential && (n < sizeof start || memcmp(line, start, sizeof start - 1) != 0))
            return false;
    }
    return !credential || lines == 1;
}
