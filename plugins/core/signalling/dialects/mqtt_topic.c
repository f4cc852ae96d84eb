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
                                        "s2c",          "pub",         "sub",      "bye",    "join"};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strlen(words[i]) == len && g_ascii_strncasecmp(level, words[i], len) == 0)
            return true;
    return len == 0;
}

char *wr_topic_call(const char *topic)
{
    size_t len = topic != NULL ? strlen(topic) : 0;

    while (len > 0) {
        const char *slash = g_strrstr_len(topic, (gssize)len, "/");
        size_t at = slash != NULL ? (size_t)(slash - topic) + 1 : 0;
        if (!says_no_call(topic + at, len - at))
            return g_strndup(topic, len);
        len = at > 0 ? at - 1 : 0;
    }
    return NULL;
}
