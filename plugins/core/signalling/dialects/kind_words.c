/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that say a message's kind in any dialect. */
#include <glib.h>
#include <string.h>

#include "dialects/generic_names.h"
#include "squeeze.h"

#define WORD_MAX_LEN 64

/* Most words end otherwise than any of the list: that is seen by their last byte. No text of the list is empty, nor is
 * the word. */
static bool ends_with_one_of(const char *word, size_t len, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t end = strlen(list[i]);
        if (list[i][end - 1] == word[len - 1] && end <= len && memcmp(word + len - end, list[i], end) == 0)
            return true;
    }
    return false;
}

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (word[0] == list[i][0] && strcmp(word, list[i]) == 0)
            return true;
    return false;
}

wr_kind wr_names_kind_of_word(const char *word)
{
    static const char *const byes[] = {"bye", "hangup", "leave", "leaveroom", "endcall", "terminate", "disconnect"};
    static const char *const joins[] = {"join",      "joinroom", "roomjoin", "joincall",     "joinchannel",
                                        "enterroom", "enter",    "register", "createorjoin", "joinv3"};
    static const char *const join[] = {"join"};
    static const char *const invites[] = {"invite", "reinvite", "calluser", "makecall"};
    static const char *const accepts[] = {"accept", "accepted", "answercall", "acceptcall", "acceptance"};
    static const char *const trickles[] = {"ice", "trickle", "addice"};
    char w[WORD_MAX_LEN];
    size_t len;
    bool offer, answer;

    if (!wr_squeeze(word, w, sizeof w))
        return WR_KIND_UNKNOWN;
    len = strlen(w);
    if (strstr(w, "pranswer") != NULL)
        return WR_KIND_PRANSWER;
    if (strcmp(w, "rollback") == 0)
        return WR_KIND_ROLLBACK;
    if (strstr(w, "candidate") != NULL || is_one_of(w, trickles, G_N_ELEMENTS(trickles)))
        return WR_KIND_CANDIDATE;
    offer = strstr(w, "offer") != NULL;
    answer = strstr(w, "answer") != NULL;
    if (offer != answer)
        return offer ? WR_KIND_OFFER : WR_KIND_ANSWER;
    if (ends_with_one_of(w, len, byes, G_N_ELEMENTS(byes)))
        return WR_KIND_BYE;
    if (ends_with_one_of(w, len, invites, G_N_ELEMENTS(invites)))
        return WR_KIND_OFFER;
    if (ends_with_one_of(w, len, accepts, G_N_ELEMENTS(accepts)))
        return WR_KIND_ANSWER;
    if (is_one_of(w, joins, G_N_ELEMENTS(joins)) || ends_with_one_of(w, len, join, G_N_ELEMENTS(join)))
        return WR_KIND_JOIN;
    return WR_KIND_UNKNOWN;
}

bool wr_names_is_description_kind(wr_kind kind)
{
    return kind == WR_KIND_OFFER || kind == WR_KIND_ANSWER || kind == WR_KIND_PRANSWER;
}

wr_kind wr_names_kind_of_type(const char *type)
{
    if (g_ascii_strcasecmp(type, "offer") == 0)
        return WR_KIND_OFFER;
    if (g_ascii_strcasecmp(type, "answer") == 0)
        return WR_KIND_ANSWER;
    if (g_ascii_strcasecmp(type, "pranswer") == 0)
        return WR_KIND_PRANSWER;
    return g_ascii_strcasecmp(type, "rollback") == 0 ? WR_KIND_ROLLBACK : WR_KIND_UNKNOWN;
}

wr_kind wr_names_kind_of_setup(const char *sdp, size_t len)
{
    static const char needle[] = "a=setup:";
    const size_t n = sizeof needle - 1;
    const char *p = sdp, *end = sdp + len;

    while ((p = g_strstr_len(p, end - p, needle)) != NULL) {
        bool at_line_start = p == sdp || p[-1] == '\n' || p[-1] == '\r';
        p += n;
        if (!at_line_start)
            continue;
        if (end - p >= 7 && g_ascii_strncasecmp(p, "actpass", 7) == 0)
            return WR_KIND_OFFER;
        if ((end - p >= 6 && g_ascii_strncasecmp(p, "active", 6) == 0) ||
            (end - p >= 7 && g_ascii_strncasecmp(p, "passive", 7) == 0))
            return WR_KIND_ANSWER;
    }
    return WR_KIND_UNKNOWN;
}
