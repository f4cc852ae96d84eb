/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes to ports where media is expected without any check, and what belongs on no media path (RFC 8445 12.1,
 * RFC 7983 7): by whom, how it travelled, and how much of it was captured.
 */
#include "handshake_build.h"

#include "learn.h"

#define STRANGER at("198.51.100.9", 7777)

static wr_media_evidence evidence(call_t *c, wr_endpoint src, wr_endpoint dst, const uint8_t *b, size_t n)
{
    wr_media_evidence m;

    memset(&m, 0, sizeof m);
    m.at = next(c, 10, src, dst);
    m.how.peer = wr_endpoint_none();
    m.bytes = b;
    m.captured = m.length = n;
    return m;
}

/* ---- media ---- */

static void test_to_an_announced_port(void)
{
    enum { TO, FROM, TO_NONE, OVER_TCP, RELAYED_SO, SHORT, JUST_LONG, CUT, CUT_JUST, CASES };

    for (int which = TO; which < CASES; which++) {
        call_t c = call_begin(NULL);
        const uint8_t b[100] = {0x80, 111, 0, 1};
        wr_media_evidence m;
        const wr_flow *f;
        bool kept = which == TO || which == FROM || which == JUST_LONG || which == CUT_JUST;
        agree(&c);
        m = evidence(&c, which == FROM ? ALICES : STRANGER,
                     which == FROM      ? STRANGER
                     : which == TO_NONE ? at(ALICE, 5001)
                                        : ALICES,
                     b,
                     which == SHORT       ? 11
                     : which == JUST_LONG ? 12
                                          : 100);
        m.how.transport = which == OVER_TCP ? WR_TRANSPORT_TCP : WR_TRANSPORT_UDP;
        m.how.relayed = which == RELAYED_SO;
        m.captured = which == CUT ? 3 : which == CUT_JUST ? 4 : m.captured;
        f = wr_engine_add_media(c.e, &m);
        g_test_message("case %d", which);
        g_assert_true((f != NULL) == kept);
        if (f != NULL) {
            g_assert_nonnull(f->described);
            g_assert_cmpuint(f->media[0].packets + f->media[1].packets, ==, 1);
        }
        call_end(&c);
    }
}

/* So many sources at one port. */
static void test_many_sources(void)
{
    call_t c = call_begin(NULL);
    const uint8_t b[100] = {0x80, 111, 0, 1};

    agree(&c);
    for (uint16_t i = 1; i <= WR_MAX_STRAYS + 1; i++) {
        const wr_media_evidence m = evidence(&c, at("198.51.100.9", i), ALICES, b, sizeof b);
        g_assert_true((wr_engine_add_media(c.e, &m) != NULL) == (i <= WR_MAX_STRAYS));
        g_assert_true((wr_engine_limits_reached(c.e)->len > 0) == (i > WR_MAX_STRAYS));
    }
    call_end(&c);
}

/* Both ends are announced: it is the one that it comes to which is counted. */
static void test_between_two(void)
{
    call_t c = call_begin(NULL);
    const uint8_t b[100] = {0x80, 111, 0, 1};
    wr_media_evidence m;
    const wr_flow *f;
    const wr_endpoint hers = ALICES, his = BOBS;

    agree(&c);
    m = evidence(&c, BOBS, ALICES, b, sizeof b);
    f = wr_engine_add_media(c.e, &m);
    g_assert_nonnull(f);
    g_assert_true(f->described == wr_port_announced(c.e, &hers));
    g_assert_cmpuint(wr_port_at(c.e, &hers), !=, 0);
    g_assert_cmpuint(wr_port_at(c.e, &his), ==, 0);
    call_end(&c);
}

/* ---- what is no media ---- */

static void test_other(void)
{
    static const uint8_t zrtp[16] = {0x10, 0, 0, 1, 'Z', 'R', 'T', 'P'},
                         plain[16] = {0x10, 0, 0, 1, 'X', 'R', 'T', 'P'};
    static const uint8_t other[16] = {0x20, 0, 0, 1, 'Z', 'R', 'T', 'P'};
    static const struct {
        const char *words;
        const uint8_t *bytes;
        size_t length, captured;
        bool stranger; /* on a path without a check */
        bool kept, zrtp;
    } rows[] = {
        {"ZRTP", zrtp, 16, 16, false, true, true},
        {"another cookie", plain, 16, 16, false, true, false},
        {"another first byte", other, 16, 16, false, true, false},
        {"ZRTP that is cut", zrtp, 16, 11, false, true, false},
        {"ZRTP of which enough is there", zrtp, 16, 12, false, true, true},
        {"a byte that keeps a path open", plain, 1, 1, false, false, false},
        {"two bytes", plain, 2, 2, false, true, false},
        {"of a stranger", zrtp, 16, 16, true, false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_media_evidence m;
        const wr_flow *f;
        agree(&c);
        connect_ends(&c);
        m = evidence(&c, rows[i].stranger ? STRANGER : BOBS, ALICES, rows[i].bytes, rows[i].length);
        m.captured = rows[i].captured;
        f = wr_engine_add_other(c.e, &m);
        g_test_message("%s", rows[i].words);
        g_assert_true((f != NULL) == rows[i].kept);
        if (f != NULL) {
            g_assert_cmpuint(f->odd->other_packets, ==, 1);
            g_assert_cmpuint(f->odd->other_frame, ==, c.frame);
            g_assert_cmpuint(f->odd->other_first, ==, rows[i].bytes[0]);
            g_assert_true(f->odd->other_zrtp == rows[i].zrtp);
            m.at.frame++; /* the first counts */
            wr_engine_add_other(c.e, &m);
            g_assert_cmpuint(f->odd->other_packets, ==, 2);
            g_assert_cmpuint(f->odd->other_frame, ==, c.frame);
        }
        call_end(&c);
    }
}

/* ---- flows ---- */

/* Checks are counted until one is answered, as many as fit. */
static void test_asked(void)
{
    call_t c = call_begin(NULL);
    wr_flow *f;

    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
    f = g_ptr_array_index(c.e->flows, 0);
    g_assert_cmpuint(f->asked[0], ==, 1);
    f->asked[0] = UINT8_MAX - 1;
    for (unsigned i = 2; i < 5; i++) {
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, i);
        g_assert_cmpuint(f->asked[0], ==, UINT8_MAX);
    }
    f->asked[0] = 7;
    reply(&c, 10, BOBS, ALICES, PWD_B, 4, NULL);
    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 5);
    g_assert_cmpuint(f->asked[0], ==, 7);
    ask(&c, 10, BOBS, ALICES, "AAAA:BBBB", PWD_A, 6); /* his were not answered */
    g_assert_cmpuint(f->asked[1], ==, 1);
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stray_media/to_an_announced_port", test_to_an_announced_port);
    g_test_add_func("/stray_media/many_sources", test_many_sources);
    g_test_add_func("/stray_media/between_two", test_between_two);
    g_test_add_func("/stray_media/other", test_other);
    g_test_add_func("/stray_media/asked", test_asked);
    return g_test_run();
}
