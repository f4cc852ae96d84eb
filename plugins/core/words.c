/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for the words by which a message may be WebRTC signalling, all in one go: most messages of other applications are
 * ruled out here, without being parsed. */
#include "unwrap.h"

#include <string.h>

/* v=0 as it is, as encoders that escape for HTML write it, and in a form; words that candidates, credentials and
 * JSON-native descriptions hold; base64 of {", [{, v=0 or a=, gzip and zlib at the start of a string; letters hidden
 * behind escapes. Each has at least three bytes. */
static const char *const needles[] = {
    "v=0",    "v\\u003d0", "v\\u003D0", "v%3D0",  "v%3d0",  "andidate", "ingerprint", "frag",
    "Frag",   "\"eyJ",     "\"ewog",     "\"eyAi", "\"W3s",  "\"dj0w",   "\"H4sI",     "\"eJ",
    "\"eN",   "\"eA",      "\"eF",       "\"YT1",  "\"roll", "\\u006",   "\\u007",     "\\u004",
    "\\u005", "sdp\"",
};

/* Words of messages that say a party comes or goes. */
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

/* Words that begin in bytes[from, to). */
static bool has_word(const word_index *index, const uint8_t *bytes, size_t len, size_t from, size_t to)
{
    uint32_t three;

    to = MIN(to, len - MIN(len, (size_t)2));
    if (from >= to) {
        return false;
    }
    three = (uint32_t)bytes[from] << 8 | bytes[from + 1];
    for (size_t i = from; i < to; i++) {
        unsigned h;
        three = three << 8 | bytes[i + 2];
        h = hash_three(three);
        if ((index->threes[h / 8] >> h % 8 & 1) != 0 &&
            (begins_with_one(bytes + i, len - i, index->needles[bytes[i]], needles) ||
             begins_with_one(bytes + i, len - i, index->events[bytes[i]], event_words))) {
            return true;
        }
    }
    return false;
}

bool wr_unwrap_has_needle(const uint8_t *bytes, size_t len)
{
    return has_word(get_word_index(false), bytes, len, 0, len);
}

bool wr_unwrap_has_needle_or_event(const uint8_t *bytes, size_t len, size_t event_look)
{
    return has_word(get_word_index(true), bytes, len, 0, event_look) ||
           has_word(get_word_index(false), bytes, len, event_look, len);
}
