/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payload types, line by line. */
#include "sdp/payload.h"

/* m=<media> <port> <proto> <fmt> ... */
static unsigned read_formats(wr_slice rest, wr_sdp_payload *p, void (*each)(const wr_sdp_payload *, void *), void *data)
{
    unsigned n = 0;
    wr_slice word, proto;

    p->media = wr_slice_token(&rest);
    wr_slice_token(&rest);
    proto = wr_slice_token(&rest);
    for (size_t i = 0; i + 3 <= proto.len; i++)
        n |= memcmp(proto.p + i, "RTP", 3) == 0;
    if (n == 0) /* formats of other protocols are no payload types */
        return 0;
    for (n = 0; word = wr_slice_token(&rest), word.len > 0; n++) {
        uint64_t type;
        if (!wr_slice_number(word, 127, &type))
            continue;
        p->type = (uint8_t)type;
        each(p, data);
        if (n >= 128)
            break;
    }
    return n;
}

/* a=rtpmap:<type> <name>/<rate>[/<channels>] */
static bool read_map(wr_slice rest, wr_sdp_payload *p)
{
    uint64_t type, rate, channels = 1;
    wr_slice parts[3] = {{NULL, 0}}, map;
    unsigned n = 0;

    if (!wr_slice_number(wr_slice_token(&rest), 127, &type))
        return false;
    map = wr_slice_token(&rest);
    parts[0].p = map.p;
    for (size_t i = 0; i < map.len; i++)
        if (map.p[i] == '/' && n < 2)
            parts[++n] = (wr_slice){map.p + i + 1, 0};
        else
            parts[n].len++;
    if (n == 0 || parts[0].len == 0 || !wr_slice_number(parts[1], INT32_MAX, &rate) || rate == 0 ||
        (n == 2 && !wr_slice_number(parts[2], 255, &channels)))
        return false;
    p->type = (uint8_t)type;
    p->name = parts[0];
    p->rate = (uint32_t)rate;
    p->channels = (uint32_t)channels;
    return true;
}

/* Sections with a=sframe, which may stand behind their types: bit n for section n, of the first 64. */
static uint64_t find_sframe(const char *text, size_t len)
{
    wr_line_reader lines = wr_lines(text, len);
    uint64_t set = 0;
    unsigned sections = 0;
    wr_slice line, rest;

    while (wr_line_next(&lines, &line, NULL)) {
        sections += wr_slice_starts(line, "m=", NULL);
        if (sections > 0 && sections <= 64 && wr_slice_starts(line, "a=sframe", &rest) &&
            (rest.len == 0 || rest.p[0] == ':'))
            set |= UINT64_C(1) << (sections - 1);
    }
    return set;
}

static bool is_sframe(const wr_sdp_payload *p, uint64_t sections)
{
    return wr_slice_is_nocase(p->name, "sframe") || (p->section < 64 && (sections >> p->section & 1) != 0);
}

void wr_sdp_each_payload(wr_sdp *sdp, void (*each)(const wr_sdp_payload *payload, void *data), void *data)
{
    const char *text = wr_sdp_text(sdp);
    const uint64_t sframes = find_sframe(text, sdp->text_len);
    wr_line_reader lines = wr_lines(text, sdp->text_len);
    wr_sdp_payload p;
    unsigned sections = 0, told = 0;
    wr_slice line, rest;

    memset(&p, 0, sizeof p);
    while (told < WR_SDP_MAX_PAYLOADS && wr_line_next(&lines, &line, NULL)) {
        if (wr_slice_starts(line, "m=", &rest)) {
            memset(&p, 0, sizeof p);
            p.section = sections++;
            p.sframe = is_sframe(&p, sframes);
            told += read_formats(rest, &p, each, data);
        } else if (sections > 0 && wr_slice_starts(line, "a=rtpmap:", &rest) && read_map(rest, &p)) {
            told++;
            p.sframe = is_sframe(&p, sframes);
            each(&p, data);
        }
    }
}
