/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for the words by which a message may be WebRTC signalling, all in one go: most messages of other applications
 * are ruled out here, without being parsed. */
#include "find/keywords.h"

#include <glib.h>

#include <string.h>

#include "dialects/generic_names.h"

#define EVENT_STRING 64 /* bytes before and behind an event's word in the string that it is in */
#define EVENT_TRIES  64 /* strings that turn out to say something else */
#define WORDS_MOST   64 /* of either kind: a bit each */

/* v=0 as it is, as encoders that escape for HTML write it, and in a form; words that candidates, credentials and
 * JSON-native descriptions hold; base64 of {", [{ or a=, gzip and zlib at the start of a string; base64 of v=0 and
 * a line's end wherever it begins; letters hidden behind escapes; v=0 and {" in hexadecimal digits and as arrays of
 * bytes. Each has at least three bytes. */
static const char *const needles[] = {
    "v=0",    "v\\u003d0", "v\\u003D0", "v%3D0",    "v%3d0",    "andidate", "ingerprint", "frag",       "Frag",
    "\"eyJ",  "\"ewog",    "\"eyAi",    "\"W3s",    "dj0w",     "Y9MA",     "\"Y2FuZG",   "2PTA",       "\"H4sI",
    "\"eJ",   "\"eN",      "\"eA",      "\"eF",     "\"YT1",    "\"roll",   "\\u006",     "\\u007",     "\\u004",
    "\\u005", "sdp\"",     "certhash",  "\"763d30", "\"763D30", "\"7b22",   "\"7B22",     "[118,61,48", "[123,34,",
};

/* Words of messages that say a party comes or goes; but for those with quotes they count where the string that they are
 * in says so ("joinRoom", not "center"). */
static const char *const event_words[] = {
    "join",     "Join",     "JOIN",     "bye",      "\"op\"",    "hangup",     "hang-up",   "hangUp",
    "leave",    "Leave",    "LEAVE",    "register", "terminate", "disconnect", "\"janus\"", "endCall",
    "end-call", "end_call", "\"OPEN\"", "Bye",      "BYE",       "\"room\"",   "enter",
};

/* Words to be looked for in one go, after Wu and Manber: two bytes of the text tell how far the next place is where a
 * word may begin, 0 to 2 bytes on. There, its first byte tells which. */
typedef struct {
    uint64_t needles[256], events[256]; /* by first byte: bits of words */
    uint8_t needle_lengths[WORDS_MOST], event_lengths[WORDS_MOST];
    uint8_t steps[65536]; /* by pair_at() of a place's second and third byte; two bits, without and with events */
} word_index;

#define STEP_MASK 3u
#define STEP_FAR                                                                                                       \
    2u /* neither byte pair of any word: on to where the second byte of the pair would be a word's first               \
        */
#define STEP_EVENTS 2u /* shift of those with events */

G_STATIC_ASSERT(G_N_ELEMENTS(needles) <= WORDS_MOST && G_N_ELEMENTS(event_words) <= WORDS_MOST);

/* Two bytes as one number, in the order of the machine. */
static inline unsigned pair_at(const void *bytes)
{
    uint16_t pair;

    memcpy(&pair, bytes, sizeof pair);
    return pair;
}

static void lower_step(uint8_t *steps, const char *pair, unsigned step, unsigned shift)
{
    uint8_t *at = &steps[pair_at(pair)];

    if ((*at >> shift & STEP_MASK) > step)
        *at = (uint8_t)((*at & ~(STEP_MASK << shift)) | step << shift);
}

static void index_words(word_index *index, uint64_t masks[256], uint8_t lengths[WORDS_MOST], const char *const *words,
                        size_t n, bool events)
{
    for (size_t i = 0; i < n; i++) {
        masks[(uint8_t)words[i][0]] |= (uint64_t)1 << i;
        lengths[i] = (uint8_t)strlen(words[i]);
        for (unsigned shift = events ? STEP_EVENTS : 0; shift <= STEP_EVENTS; shift += STEP_EVENTS) {
            lower_step(index->steps, words[i] + 1, 0, shift);
            lower_step(index->steps, words[i], 1, shift);
        }
    }
}

static const word_index *get_word_index(void)
{
    static word_index index;
    static gsize ready;

    if (g_once_init_enter(&ready)) {
        memset(index.steps, (int)(STEP_FAR | STEP_FAR << STEP_EVENTS), sizeof index.steps);
        index_words(&index, index.needles, index.needle_lengths, needles, G_N_ELEMENTS(needles), false);
        index_words(&index, index.events, index.event_lengths, event_words, G_N_ELEMENTS(event_words), true);
        g_once_init_leave(&ready, 1);
    }
    return &index;
}

/* mask: which of the words begin with the first byte. */
static bool begins_with_one(const uint8_t *bytes, size_t len, uint64_t mask, const char *const *words,
                            const uint8_t *lengths)
{
    for (; mask != 0; mask &= mask - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(mask);
        if ((uint8_t)words[i][1] == bytes[1] && lengths[i] <= len && memcmp(bytes, words[i], lengths[i]) == 0)
            return true;
    }
    return false;
}

/* The quoted string around bytes[at] is the name of an event. */
static bool is_event(const uint8_t *bytes, size_t len, size_t at)
{
    size_t from = at, to = at;
    char word[2 * EVENT_STRING + 1];

    while (from > 0 && at - from < EVENT_STRING && bytes[from - 1] != '"')
        from--;
    while (to < len && to - at < EVENT_STRING && bytes[to] != '"')
        to++;
    if (from == 0 || to == len || bytes[from - 1] != '"' || bytes[to] != '"')
        return false;
    memcpy(word, bytes + from, to - from);
    word[to - from] = '\0';
    return wr_names_kind_of_word(word) != WR_KIND_UNKNOWN;
}

/* Where the next needle, or with events the next word of either kind, begins in bytes[from, to), or to. Made twice by
 * the compiler, since nearly all of its time is spent in finding the next place. */
static inline size_t find_word(const uint8_t *bytes, size_t len, size_t from, size_t to, const bool events,
                               bool *needle)
{
    const word_index *index = get_word_index();
    const unsigned shift = events ? STEP_EVENTS : 0;
    const size_t end = len < 3 ? 0 : MIN(to, len - 2);

    for (size_t i = from; i < end;) {
        const unsigned step = index->steps[pair_at(bytes + i + 1)] & STEP_MASK << shift;
        if (step > 0) {
            i += step >> shift;
            continue;
        }
        *needle = begins_with_one(bytes + i, len - i, index->needles[bytes[i]], needles, index->needle_lengths);
        if (*needle ||
            (events && begins_with_one(bytes + i, len - i, index->events[bytes[i]], event_words, index->event_lengths)))
            return i;
        i++;
    }
    return to;
}

static size_t find_needle(const uint8_t *bytes, size_t len, size_t from)
{
    bool needle = false;

    return find_word(bytes, len, from, len, false, &needle);
}

static size_t find_either(const uint8_t *bytes, size_t len, size_t from, size_t to, bool *needle)
{
    return find_word(bytes, len, from, to, true, needle);
}

bool wr_unwrap_has_needle(const uint8_t *bytes, size_t len)
{
    return find_needle(bytes, len, 0) < len;
}

bool wr_unwrap_has_needle_or_event(const uint8_t *bytes, size_t len, size_t event_look)
{
    bool needle = false, quotes;

    event_look = MIN(event_look, len);
    quotes = memchr(bytes, '"', event_look) != NULL; /* not in forms */
    for (size_t tries = 0, at = 0; (at = find_either(bytes, len, at, event_look, &needle)) < event_look; at++)
        if (needle || !quotes || bytes[at] == '"' || tries++ == EVENT_TRIES || is_event(bytes, len, at))
            return true;
    return find_needle(bytes, len, event_look) < len;
}
