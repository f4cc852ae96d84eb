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
    const uint8_t *end = bytes + MIN(len, (size_t)BARE_LOOK);

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

/* Candidates that stand in lines of their own, behind lines that say the section and the like. */
static void find_candidate_lines(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    const char *end = text + len;
    unsigned lines = 0;

    for (const char *p = text, *next; p < end && lines < LINES_MAX && !f->full; p = next, lines++) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((feed != NULL ? feed : end) - p);
        next = p + n + 1;
        if (n > 10 && (p[0] == 'c' || p[0] == 'a') && wr_sdp_looks_like_candidate(p, n))
            wr_hit_add(f, at, WR_KIND_CANDIDATE, p, n);
    }
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
static bool has_media(const char *text, size_t len)
{
    const char *end = text + len;

    for (const char *p = text, *next; p < end; p = next) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((feed != NULL ? feed : end) - p);
        next = feed != NULL ? feed + 1 : end;
        if (n > 4 && p[0] == 'm' && p[1] == '=' && memchr(p, ' ', n) != NULL)
            return true;
    }
    return false;
}

/* Settings written like SDP: attributes with dots in their names, and none that sets up a transport; or no line of
 * media that has more than a word. */
bool wr_is_settings_list(const char *text, size_t len)
{
    static const char *const real[] = {
        "a=ice-", "a=fingerprint:", "a=candidate:", "a=crypto:", "a=setup:", "a=rtpmap:"};
    const char *end = text + len;
    unsigned dotted = 0, others = 0;

    if (!has_media(text, len))
        return true;
    for (const char *p = text, *next; p < end; p = next) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((feed != NULL ? feed : end) - p);
        next = feed != NULL ? feed + 1 : end;
        if (n < 3 || p[0] != 'a' || p[1] != '=')
            continue;
        for (size_t i = 0; i < G_N_ELEMENTS(real); i++)
            if (n >= strlen(real[i]) && memcmp(p, real[i], strlen(real[i])) == 0)
                return false;
        if (memchr(p, '.', name_length(p, n)) != NULL)
            dotted++;
        else
            others++;
    }
    return dotted > 0 && dotted >= others;
}

bool wr_is_lone_fingerprint(const char *text, size_t len)
{
    static const char start[] = "a=fingerprint:";
    const char *end = text + len;

    for (const char *p = text, *next; p < end; p = next) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((feed != NULL ? feed : end) - p);
        next = feed != NULL ? feed + 1 : end;
        if (n > 1 && (n < sizeof start || memcmp(p, start, sizeof start - 1) != 0))
            return false;
    }
    return true;
}
