/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for the words by which a message may be WebRTC signalling, all in one go: most messages of other applications are
 * ruled out here, without being parsed. */
#include "unwrap.h"

#include <string.h>

#include "json_names.h"

#define EVENT_STRING 64 /* bytes before and behind an event's word in the string that it is in */
#define EVENT_TRIES  64 /* strings that turn out to say something else */

/* v=0 as it is, as encoders that escape for HTML write it, and in a form; words that candidates, credentials and
 * JSON-native descriptions hold; base64 of {", [{, v=0 or a=, gzip and zlib at the start of a string; letters hidden
 * behind escapes. Each has at least three bytes. */
static const char *const needles[] = {
    "v=0",    "v\\u003d0", "v\\u003D0", "v%3D0",  "v%3d0",  "andidate", "ingerprint", "frag",
    "Frag",   "\"eyJ",     "\"ewog",     "\"eyAi", "\"W3s",  "\"dj0w",   "\"H4sI",     "\"eJ",
    "\"eN",   "\"eA",      "\"eF",       "\"YT1",  "\"roll", "\\u006",   "\\u007",     "\\u004",
    "\\u005", "sdp\"",
};

/* Words of messages that say a party comes or goes; but for those with quotes they count where the string that they are
 * in says so ("joinRoom", not "center"). */
static const char *const event_words[] = {
    "join",  "Join",     "JOIN",      "bye",        "\"op\"",    "hangup",  "hang-up",  "hangUp",   "leave", "Leave", "LEAVE",
    "register", "terminate", "disconnect", "\"janus\"", "endCall", "end-call", "end_call", "\"OPEN\"", "Bye", "BYE", "\"room\"",
    "enter",
};

/* Words to be looked for in one go: by first byte which may begin, by a hash of the first three whether any does. Few
 * places of a text pass the latter. */
typedef struct {
    uint32_t needles[256], events[256];
    uint8_t threes[65536 / 8];
} word_index;

G_STATIC_ASSERT(G_N_ELEMENTS(needles) <= 32 && G_N_ELEMENTS(event_words) <= 32);

static unsigned hash_three(uint32_t three)
{
    return (three & 0xffffff) * 2654435761u >> 16;
}

static void index_words(word_index *index, uint32_t masks[256], const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint8_t *w = (const uint8_t *)words[i];
        unsigned h = hash_three((uint32_t)w[0] << 16 | (uint32_t)w[1] << 8 | w[2]);
        masks[w[0]] |= 1u << i;
        index->threes[h / 8] = (uint8_t)(index->threes[h / 8] | 1u << h % 8);
    }
}

static const word_index *get_word_index(bool events)
{
    static word_index without, with;
    static gsize ready;

    if (g_once_init_enter(&ready)) {
        index_words(&without, without.needles, needles, G_N_ELEMENTS(needles));
        index_words(&with, with.needles, needles, G_N_ELEMENTS(needles));
        index_words(&with, with.events, event_words, G_N_ELEMENTS(event_words));
        g_once_init_leave(&ready, 1);
    }
    return events ? &with : &without;
}

static bool begins_with_one(const uint8_t *bytes, size_t len, uint32_t mask, const char *const *words)
{
    for (; mask != 0; mask &= mask - 1) {
        const char *word = words[g_bit_nth_lsf(mask, -1)];
        size_t want = strlen(word);
        if (want <= len && memcmp(bytes, word, want) == 0) {
            return true;
        }
    }
    return false;
}

/* The quoted string around bytes[at] is the name of an event. */
static bool is_event(const uint8_t *bytes, size_t len, size_t at)
{
    size_t from = at, to = at;
    char word[2 * EVENT_STRING + 1];

    while (from > 0 && at - from < EVENT_STRING && bytes[from - 1] != '"') {
        from--;
    }
    while (to < len && to - at < EVENT_STRING && bytes[to] != '"') {
        to++;
    }
    if (from == 0 || to == len || bytes[from - 1] != '"' || bytes[to] != '"') {
        return false;
    }
    memcpy(word, bytes + from, to - from);
    word[to - from] = '\0';
    return wr_names_kind_of_word(word) != WR_KIND_UNKNOWN;
}

/* Where the next of the words begins in bytes[from, to), or to. */
static size_t find_word(const word_index *index, const uint8_t *bytes, size_t len, size_t from, size_t to, bool *needle)
{
    uint32_t three;

    if (len < 3 || from >= MIN(to, len - 2)) {
        return to;
    }
    three = (uint32_t)bytes[from] << 8 | bytes[from + 1];
    for (size_t i = from; i < MIN(to, len - 2); i++) {
        unsigned h;
        three = three << 8 | bytes[i + 2];
        h = hash_three(three);
        if ((index->threes[h / 8] >> h % 8 & 1) == 0) {
            continue;
        }
        *needle = begins_with_one(bytes + i, len - i, index->needles[bytes[i]], needles);
        if (*needle || begins_with_one(bytes + i, len - i, index->events[bytes[i]], event_words)) {
            return i;
        }
    }
    return to;
}

bool wr_unwrap_has_needle(const uint8_t *bytes, size_t len)
{
    bool needle = false;

    return find_word(get_word_index(false), bytes, len, 0, len, &needle) < len;
}

bool wr_unwrap_has_needle_or_event(const uint8_t *bytes, size_t len, size_t event_look)
{
    const word_index *index = get_word_index(true);
    bool needle = false, quotes;

    event_look = MIN(event_look, len);
    quotes = memchr(bytes, '"', event_look) != NULL; /* not in forms */
    for (size_t tries = 0, at = 0; (at = find_word(index, bytes, len, at, event_look, &needle)) < event_look; at++) {
        if (needle || !quotes || bytes[at] == '"' || tries++ == EVENT_TRIES || is_event(bytes, len, at)) {
            return true;
        }
    }
    return find_word(get_word_index(false), bytes, len, event_look, len, &needle) < len;
}
