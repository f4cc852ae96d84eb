/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a topic says of a call. */
#include "dialects/mqtt_topic.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static bool says_no_call(const char *level, size_t len)
{
    static const char *const words[] = {"offer",        "answer",      "sdp",      "ice",    "candidate", "candidates",
                                        "icecandidate", "description", "jsonrpc",  "signal", "signaling", "signalling",
                                        "webrtc",       "request",     "response", "req",    "res",       "in",
                                        "out",          "up",          "down",     "tx",     "rx",        "c2s",
                                        "s2c",          "pub",         "sub",      "bye",    "join",      "to",
                                        "from",         "send",        "recv",     "status"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strlen(words[i]) == len && g_ascii_strncasecmp(level, words[i], len) == 0)
            return true;
    return len == 0;
}

/* Levels that say which way a message goes, wherever they stand: the topics of one call differ by them. */
static bool is_direction(const char *level, size_t len)
{
    static const char *const words[] = {"in",  "out",  "up",   "down",    "tx",       "rx",      "c2s",
                                        "s2c", "pub",  "sub",  "request", "response", "req",     "res",
                                        "to",  "from", "send", "recv",    "uplink",   "downlink"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strlen(words[i]) == len && g_ascii_strncasecmp(level, words[i], len) == 0)
            return true;
    return false;
}

/* The topic's first len bytes, with "+" for each level that is a direction: the filter of all of them
 * (MQTT 3.1.1 4.7.1).
 */
static char *without_directions(const char *topic, size_t len)
{
    char *text = g_strndup(topic, len);
    char **levels = g_strsplit(text, "/", -1);
    char *joined;

    for (char **level = levels; *level != NULL; level++) {
        if (is_direction(*level, strlen(*level))) {
            g_free(*level);
            *level = g_strdup("+");
        }
    }
    joined = g_strjoinv("/", levels);
    g_strfreev(levels);
    g_free(text);
    return joined;
}

char *wr_topic_call(const char *topic)
{
    size_t len = topic != NULL ? strlen(topic) : 0;

    while (len > 0) {
        const char *slash = g_strrstr_len(topic, (gssize)len, "/");
        size_t at = slash != NULL ? (size_t)(slash - topic) + 1 : 0;
        if (!says_no_call(topic + at, len - at))
            return without_directions(topic, len);
        len = at > 0 ? at - 1 : 0;
    }
    return NULL;
}
