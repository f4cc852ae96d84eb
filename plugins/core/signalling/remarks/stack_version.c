/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Browsers and stacks by the marks they leave, and versions that are too old. */
#include "remarks/stack_version.h"

#include "sdp/lines.h"

#include <string.h>

/* In this order: later ones put the names of earlier ones into their own text. */
static const struct {
    const char *mark, *name;
    bool server;
} agents[] = {
    {"Edg/", "Edge", false},
    {"OPR/", "Opera", false},
    {"SamsungBrowser/", "Samsung Internet", false},
    {"Electron/", "Electron", false},
    {"HeadlessChrome/", "Chrome", false},
    {"Chrome/", "Chrome", false},
    {"CriOS/", "Chrome iOS", false},
    {"FxiOS/", "Firefox iOS", false},
    {"Firefox/", "Firefox", false},
    {"Version/", "Safari", false},
    {"FreeSWITCH", "FreeSWITCH", true},
    {"Asterisk PBX ", "Asterisk", true},
    {"Asterisk", "Asterisk", true},
    {"kamailio", "Kamailio", false},
    {"OpenSIPS", "OpenSIPS", false},
    {"mediasoup-client/", "mediasoup-client", false},
    {"JsSIP ", "JsSIP", false},
    {"SIP.js/", "SIP.js", false},
    {"GStreamer", "GStreamer", false},
    {"aiortc/", "aiortc", false},
    {"OBS-Studio/", "OBS Studio", false},
    {"LiveKit", "LiveKit", true},
    {"Janus", "Janus", true},
};

static void read_version(const char *text, unsigned version[2])
{
    text += strspn(text, " /-v");
    if (!g_ascii_isdigit(*text))
        return;
    for (int i = 0; i < 2; i++) {
        size_t n = 0;
        version[i] = 0;
        for (; g_ascii_isdigit(text[n]) && n < 6; n++)
            version[i] = version[i] * 10 + (unsigned)(text[n] - '0');
        text += n;
        if (*text != '.' || !g_ascii_isdigit(text[1]))
            break;
        text++;
    }
}

bool wr_stack_from_agent(const char *user_agent, wr_stack *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; user_agent != NULL && i < G_N_ELEMENTS(agents); i++) {
        const char *at = strstr(user_agent, agents[i].mark);
        if (at == NULL)
            continue;
        if (strcmp(agents[i].name, "Safari") == 0 && strstr(user_agent, "Safari/") == NULL)
            continue;
        out->name = agents[i].name;
        out->server = agents[i].server;
        read_version(at + strlen(agents[i].mark), out->version);
        return true;
    }
    return false;
}

/* Marks in the user name of o= or in s=. What is after them may be a version. */
static const struct {
    const char *mark, *name;
    bool server;
} marks[] = {
    {"mozilla...THIS_IS_SDPARTA-", "Firefox", false},
    {"FreeSWITCH", "FreeSWITCH", true},
    {"Asterisk", "Asterisk", true},
    {"mediasoup-client", "mediasoup-client", false},
    {"mediasoup", "mediasoup", true},
    {"Kurento", "Kurento", true},
    {"jitsi", "Jitsi", true},
    {"SRS/", "SRS", true},
    {"Wowza", "Wowza", true},
    {"VideoRoom ", "Janus", true},
    {"EchoTest ", "Janus", true},
    {"Janus", "Janus", true},
};

bool wr_stack_from_sdp(wr_sdp *sdp, wr_stack *out)
{
    wr_line_reader lines = wr_lines(wr_sdp_text(sdp), MIN(sdp->text_len, (size_t)1024));
    wr_slice line, value;

    memset(out, 0, sizeof *out);
    while (wr_line_next(&lines, &line, NULL) && !wr_slice_starts(line, "m=", NULL)) {
        if (!wr_slice_starts(line, "o=", &value) && !wr_slice_starts(line, "s=", &value))
            continue;
        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
            const char *at = g_strstr_len(value.p, (gssize)value.len, marks[i].mark);
            char *rest;
            if (at == NULL)
                continue;
            at += strlen(marks[i].mark);
            rest = g_strndup(at, MIN((gsize)(value.p + value.len - at), 16u));
            out->name = marks[i].name;
            out->server = marks[i].server;
            if (strcmp(out->name, "Janus") != 0)
                read_version(rest, out->version);
            if (strcmp(out->name, "Firefox") == 0 && out->version[0] == 99)
                out->version[0] = out->version[1] = 0; /* what all newer ones write */
            g_free(rest);
            return true;
        }
    }
    return false;
}

/* ---- the operator's list ---- */

static bool is_known(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(agents); i++)
        if (g_ascii_strcasecmp(agents[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        if (g_ascii_strcasecmp(marks[i].name, name) == 0)
            return true;
    return false;
}

/* "120", "115.3"; of more parts than two the rest is not compared. */
static bool is_version(const char *text)
{
    const size_t n = strspn(text, "0123456789.");

    return g_ascii_isdigit(*text) && text[n] == '\0' && text[n - 1] != '.' && strstr(text, "..") == NULL;
}

unsigned wr_oldest_parse(const char *text, wr_oldest out[WR_MAX_OLDEST], const char **problem)
{
    char **parts = g_strsplit(text != NULL ? text : "", ",", 2 * WR_MAX_OLDEST);
    const char *wrong = NULL;
    unsigned n = 0;

    for (unsigned i = 0; parts[i] != NULL; i++) {
        char *part = g_strstrip(parts[i]), *space = strrchr(part, ' ');
        wr_oldest *o = &out[MIN(n, WR_MAX_OLDEST - 1u)];
        if (*part == '\0')
            continue;
        if (n == WR_MAX_OLDEST) {
            wrong = "more versions than are looked at";
            break;
        }
        if (space == NULL || !is_version(space + 1) || (size_t)(space - part) >= sizeof o->name) {
            wrong = "each entry is a name and a version, such as Chrome 120";
            continue;
        }
        memset(o, 0, sizeof *o);
        memcpy(o->name, part, (size_t)(space - part));
        read_version(space + 1, o->version);
        if (!is_known(o->name))
            wrong = "a browser or stack that no capture is known to name";
        n++;
    }
    g_strfreev(parts);
    if (problem != NULL)
        *problem = wrong;
    return n;
}

const wr_oldest *wr_stack_is_older(const wr_stack *s, const wr_oldest *list, unsigned n)
{
    if (s->name == NULL || (s->version[0] == 0 && s->version[1] == 0))
        return NULL;
    for (unsigned i = 0; i < n; i++) {
        const wr_oldest *o = &list[i];
        if (g_ascii_strcasecmp(o->name, s->name) == 0 &&
            (s->version[0] < o->version[0] || (s->version[0] == o->version[0] && s->version[1] < o->version[1])))
            return o;
    }
    return NULL;
}
