/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the media of a flow in clear? A few packets put beside a handshake prove nothing of what an end sends: what counts
 * goes on as long, and comes as often, as the end's own.
 */
#include "records_build.h"

#include "records/flow.h"
#include "records/stream.h"
#include "rtp/rtcp.h"

enum { FRAME_MEDIA = 41, FRAME_RTCP = 51 };

static wr_clearness ask_clear(const wr_flow *f, uint32_t *frame, const char **why)
{
    *frame = 0;
    *why = NULL;
    g_assert_cmpint(wr_flow_clearness(f, NULL, NULL), ==, wr_flow_clearness(f, frame, why));
    return wr_flow_clearness(f, frame, why);
}

/* A stream, and how much else this end sends. */
typedef struct {
    unsigned plain, packets, all;
    int64_t seconds;
    bool handshake;
    wr_clearness wanted;
} stream_case;

static void add_stream(wr_flow *f, unsigned plain, unsigned packets, int64_t seconds, uint32_t frame)
{
    wr_stream *s;

    f->streams = g_renew(wr_stream, f->streams, f->n_streams + 1u);
    s = &f->streams[f->n_streams++];
    memset(s, 0, sizeof *s);
    s->plain = (uint8_t)plain;
    s->packets = packets;
    s->first_us = 5 * S;
    s->last_us = s->first_us + seconds * S;
    s->first_frame = frame;
    s->from = 1;
}

static void test_payloads(void)
{
    static const stream_case cases[] = {
        /* so many packets are proof, one less is not */
        {WR_STREAM_PLAIN - 1, 900, 900, 60, false, WR_CLEAR_NO},
        {WR_STREAM_PLAIN, 900, 900, 60, false, WR_CLEAR_YES},
        {WR_STREAM_PLAIN, 900, 900, 60, true, WR_CLEAR_YES},
        /* beside a handshake they must go on; without one there is nothing that they could stand beside */
        {WR_STREAM_PLAIN, 900, 900, 1, false, WR_CLEAR_YES},
        {WR_STREAM_PLAIN, 900, 900, 9, true, WR_CLEAR_SOME},
        {WR_STREAM_PLAIN, 900, 900, 10, true, WR_CLEAR_YES},
        /* and be one packet of ten */
        {WR_STREAM_PLAIN, 100, 1001, 60, true, WR_CLEAR_SOME},
        {WR_STREAM_PLAIN, 100, 1000, 60, true, WR_CLEAR_YES},
        {WR_STREAM_PLAIN, 100, 1001, 60, false, WR_CLEAR_SOME},
        {WR_STREAM_PLAIN, 100, 1000, 60, false, WR_CLEAR_YES},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const stream_case *k = &cases[i];
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        const char *why;
        uint32_t frame;

        if (k->handshake)
            handshake_of(&d, f, WR_A_VERIFIED);
        wr_flow_traffic(f)[1].packets = k->all;
        add_stream(f, k->plain, k->packets, k->seconds, FRAME_MEDIA);
        g_test_message("case %zu", i);
        g_assert_cmpint(ask_clear(f, &frame, &why), ==, k->wanted);
        g_assert_cmpuint(frame, ==, k->wanted == WR_CLEAR_NO ? 0 : FRAME_MEDIA);
        g_assert_true((why != NULL) == (k->wanted != WR_CLEAR_NO));
        desk_end(&d);
    }
}

/* Of several streams in clear the one that goes on is named, else the first; ciphertext is never. */
static void test_which_stream(void)
{
    enum { FIRST_GOES_ON, SECOND_GOES_ON, BOTH, NEITHER, CASES };

    for (int which = FIRST_GOES_ON; which < CASES; which++) {
        const bool first = which == FIRST_GOES_ON || which == BOTH, second = which == SECOND_GOES_ON || which == BOTH;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        const char *why;
        uint32_t frame;

        handshake_of(&d, f, WR_A_VERIFIED);
        wr_flow_traffic(f)[1].packets = 100;
        add_stream(f, 0, 100, 60, 1);
        add_stream(f, WR_STREAM_PLAIN, 100, first ? 60 : 1, 2);
        add_stream(f, WR_STREAM_PLAIN, 100, second ? 60 : 1, 3);
        g_test_message("case %d", which);
        g_assert_cmpint(ask_clear(f, &frame, &why), ==, which == NEITHER ? WR_CLEAR_SOME : WR_CLEAR_YES);
        g_assert_cmpuint(frame, ==, which == SECOND_GOES_ON ? 3 : 2);
        desk_end(&d);
    }
}

typedef struct {
    unsigned weight, clear, rtcp, all;
    int64_t seconds;
    bool handshake;
    wr_clearness wanted;
} rtcp_case;

static void test_rtcp(void)
{
    static const rtcp_case cases[] = {
        {WR_RTCP_PROOF - 1, 9, 9, 0, 60, false, WR_CLEAR_NO},
        {WR_RTCP_PROOF, 9, 9, 0, 60, false, WR_CLEAR_YES},
        /* a stray one, or a few at once, may be anybody's */
        {WR_RTCP_PROOF, WR_CLEAR_BESIDE - 1, WR_CLEAR_BESIDE - 1, 0, 60, false, WR_CLEAR_SOME},
        {WR_RTCP_PROOF, WR_CLEAR_BESIDE, WR_CLEAR_BESIDE, 0, 60, false, WR_CLEAR_YES},
        {WR_RTCP_PROOF, 9, 9, 0, 9, false, WR_CLEAR_SOME},
        {WR_RTCP_PROOF, 9, 9, 0, 10, false, WR_CLEAR_YES},
        /* without a handshake all of it is in clear; beside one, half of it, and a tenth of all packets */
        {WR_RTCP_PROOF, 9, 10, 0, 60, false, WR_CLEAR_SOME},
        {WR_RTCP_PROOF, 10, 20, 100, 60, true, WR_CLEAR_YES},
        {WR_RTCP_PROOF, 10, 21, 100, 60, true, WR_CLEAR_SOME},
        {WR_RTCP_PROOF, 10, 10, 101, 60, true, WR_CLEAR_SOME},
        {WR_RTCP_PROOF, 10, 10, 100, 60, true, WR_CLEAR_YES},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(cases); i++) {
        const rtcp_case *k = &cases[i / 2];
        const unsigned end = i % 2;
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_oddities *o = wr_flow_oddities(f);
        const char *why;
        uint32_t frame;

        if (k->handshake)
            handshake_of(&d, f, WR_A_VERIFIED);
        wr_flow_traffic(f)[end].packets = k->all;
        o->clear_weight[end] = (uint16_t)k->weight;
        o->clear[end] = k->clear;
        o->rtcp[end] = k->rtcp;
        o->clear_first_us[end] = 5 * S;
        o->clear_last_us[end] = (5 + k->seconds) * S;
        o->clear_frame[end] = FRAME_RTCP;
        g_test_message("case %zu", i);
        g_assert_cmpint(ask_clear(f, &frame, &why), ==, k->wanted);
        g_assert_cmpuint(frame, ==, k->wanted == WR_CLEAR_NO ? 0 : FRAME_RTCP);
        g_assert_true((why != NULL) == (k->wanted != WR_CLEAR_NO));
        desk_end(&d);
    }
}

/* The worst of all is said, with its own frame; of two alike in RTCP the first end's. */
static void test_worst(void)
{
    static const struct {
        bool rtcp[2][2]; /* end: some, and that it goes on */
        unsigned media;  /* 0 none, 1 some, 2 goes on */
        wr_clearness wanted;
        uint32_t frame;
    } cases[] = {
        {{{true, false}, {true, true}}, 0, WR_CLEAR_YES, FRAME_RTCP + 1},
        {{{true, true}, {true, false}}, 0, WR_CLEAR_YES, FRAME_RTCP},
        {{{true, true}, {true, true}}, 0, WR_CLEAR_YES, FRAME_RTCP},
        {{{true, false}, {true, false}}, 0, WR_CLEAR_SOME, FRAME_RTCP},
        {{{true, false}, {true, false}}, 1, WR_CLEAR_SOME, FRAME_MEDIA},
        {{{true, false}, {false, false}}, 2, WR_CLEAR_YES, FRAME_MEDIA},
        {{{false, false}, {true, true}}, 1, WR_CLEAR_YES, FRAME_RTCP + 1},
        {{{false, false}, {true, true}}, 2, WR_CLEAR_YES, FRAME_RTCP + 1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        desk_t d = desk_begin(NULL);
        wr_flow *f = flow_of(&d);
        wr_oddities *o = wr_flow_oddities(f);
        const char *why;
        uint32_t frame;

        handshake_of(&d, f, WR_A_VERIFIED);
        for (unsigned end = 0; end < 2; end++) {
            o->clear_weight[end] = cases[i].rtcp[end][0] ? WR_RTCP_PROOF : 0;
            o->clear[end] = o->rtcp[end] = 9;
            o->clear_last_us[end] = cases[i].rtcp[end][1] ? 60 * S : S;
            o->clear_frame[end] = FRAME_RTCP + end;
        }
        if (cases[i].media != 0)
            add_stream(f, WR_STREAM_PLAIN, 100, cases[i].media == 2 ? 60 : 1, FRAME_MEDIA);
        g_test_message("case %zu", i);
        g_assert_cmpint(ask_clear(f, &frame, &why), ==, cases[i].wanted);
        g_assert_cmpuint(frame, ==, cases[i].frame);
        g_assert_true(g_str_has_prefix(why, cases[i].frame == FRAME_MEDIA ? "media" : "RTCP"));
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clear/payloads", test_payloads);
    g_test_add_func("/clear/which_stream", test_which_stream);
    g_test_add_func("/clear/rtcp", test_rtcp);
    g_test_add_func("/clear/worst", test_worst);
    return g_test_run();
}
