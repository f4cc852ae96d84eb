/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose description a line of a log announces. */
#include "reader.h"

#include <string.h>

#define LOOK 512 /* bytes of a line */

static bool is_word(const char *p, const char *end, const char *word)
{
    const size_t n = strlen(word);

    return (size_t)(end - p) >= n && g_ascii_strncasecmp(p, word, n) == 0;
}

static bool has_word(const char *line, const char *end, const char *word)
{
    for (const char *p = line; p < end; p++)
        if (is_word(p, end, word))
            return true;
    return false;
}

/* "local" or "remote" of a description: not of localhost, LOCAL0, bob.local, a remote host or a local candidate.
 * *alone: it is all that the line, or its heading, says. */
static bool says(const char *line, const char *end, const char *word, bool *alone)
{
    static const char *const others[] = {"host",  "domain", "time", "e",     "ly",  "iz", " host", " cand", " addr",
                                         "-cand", "cand",   "addr", "_addr", "_ip", "ip", " ip",   "port",  "_port"};

    for (const char *p = line; p < end; p++) {
        const char *after = p + strlen(word);
        bool other;
        if (!is_word(p, end, word))
            continue;
        other = (p > line && (p[-1] == '.' || p[-1] == '@')) || (after < end && g_ascii_isdigit(*after));
        for (size_t i = 0; !other && i < G_N_ELEMENTS(others); i++)
            other = is_word(after, end, others[i]);
        if (other)
            continue;
        *alone |= after == end || *after == ':';
        return true;
    }
    return false;
}

wr_direction wr_words_direction(const char *line, size_t len)
{
    const char *end = line + MIN(len, (size_t)LOOK);
    bool alone = false;
    const bool local = says(line, end, "local", &alone), remote = says(line, end, "remote", &alone);

    if (local == remote || !(alone || has_word(line, end, "desc") || has_word(line, end, "sdp") ||
                             has_word(line, end, "offer") || has_word(line, end, "answer")))
        return WR_DIRECTION_UNKNOWN;
    return local ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
}
