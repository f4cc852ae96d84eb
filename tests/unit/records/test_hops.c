/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TTL or hop limit of packets: told where it differs from most of its source, and of nothing else. */
#include "handshake_build.h"

#include "records/hops.h"

static void note(call_t *c, uint32_t frame, const char *host, uint16_t port, uint16_t point, uint8_t ttl)
{
    wr_place p;

    memset(&p, 0, sizeof p);
    p.frame = frame;
    p.src = at(host, port);
    p.point = point;
    wr_engine_add_hops(c->e, &p, ttl);
}

/* The usual one, where it is told that this frame's is another; 0 where nothing is told. */
static unsigned usual(const call_t *c, uint32_t frame, wr_hops_source source, unsigned ttl)
{
    uint8_t here, most;

    if (!wr_hops_differ(c->e, frame, source, &here, &most))
        return 0;
    g_assert_cmpuint(here, ==, ttl);
    return most;
}

static void test_differs(void)
{
    for (unsigned first = 0; first < 2; first++) {
        call_t c = call_begin(NULL);
        if (first)
            note(&c, 90, ALICE, 5000, 0, 37);
        for (uint32_t i = 1; i <= 6; i++)
            note(&c, i, ALICE, 5000, 0, 64);
        if (!first)
            note(&c, 90, ALICE, 5000, 0, 37);
        g_assert_cmpuint(usual(&c, 90, WR_HOPS_OF_PORT, 37), ==, 64);
        g_assert_cmpuint(usual(&c, 90, WR_HOPS_OF_HOST, 37), ==, 64);
        g_assert_cmpuint(usual(&c, 1, WR_HOPS_OF_PORT, 64), ==, 0);
        g_assert_cmpuint(usual(&c, 91, WR_HOPS_OF_PORT, 0), ==, 0);
        call_end(&c);
    }
}

/* Ports of one host, hosts and vantage points are told apart. */
static void test_sources(void)
{
    call_t c = call_begin(NULL);

    for (uint32_t i = 1; i <= 6; i++)
        note(&c, i, ALICE, 5000, 0, 64);
    note(&c, 10, ALICE, 6000, 0, 37);
    note(&c, 11, BOB, 5000, 0, 37);
    note(&c, 12, ALICE, 5000, 1, 37);
    g_assert_cmpuint(usual(&c, 10, WR_HOPS_OF_PORT, 37), ==, 0);
    g_assert_cmpuint(usual(&c, 10, WR_HOPS_OF_HOST, 37), ==, 64);
    g_assert_cmpuint(usual(&c, 11, WR_HOPS_OF_HOST, 37), ==, 0);
    g_assert_cmpuint(usual(&c, 12, WR_HOPS_OF_HOST, 37), ==, 0);
    call_end(&c);
}

/* As many of the one as of the other: none is usual. What is not known is neither. */
static void test_undecided(void)
{
    call_t c = call_begin(NULL);

    note(&c, 1, ALICE, 5000, 0, 64);
    note(&c, 2, ALICE, 5000, 0, 37);
    note(&c, 3, ALICE, 5000, 0, 0);
    for (uint32_t i = 1; i <= 3; i++)
        g_assert_cmpuint(usual(&c, i, WR_HOPS_OF_PORT, 0), ==, 0);
    call_end(&c);
}

static void test_bounds(void)
{
    call_t c = call_begin(NULL);

    for (uint32_t i = 1; i <= WR_MAX_HOPS_FRAMES + 10; i++)
        note(&c, i, ALICE, (uint16_t)i, 0, 64);
    for (uint32_t i = 0; i < 9; i++)
        note(&c, 200000 + i, ALICE, 77, 0, 64);
    note(&c, 300000, ALICE, 77, 0, 37); /* remembered no more */
    g_assert_cmpuint(usual(&c, 300000, WR_HOPS_OF_PORT, 37), ==, 0);
    call_end(&c);
}

/* What a flood reached a bound with. */
static void test_flood(void)
{
    call_t c = call_begin(NULL);
    const wr_finding *f;

    for (uint32_t i = 1; i <= 6; i++)
        note(&c, i, ALICE, 5000, 0, 64);
    wr_engine_add_frame(c.e, 7, 1);
    note(&c, 7, ALICE, 5000, 0, 37);
    wr_engine_add_limit(c.e, "DTLS associations on a flow");
    c.e->changed = true;
    g_assert_cmpuint(found(&c, "INJ-04", WR_NOTE), ==, 1);
    f = the_finding(&c, "INJ-04");
    g_assert_nonnull(strstr(f->message, "TTL or hop limit is 37 in frame 7, and 64 in most packets from there"));
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hops/differs", test_differs);
    g_test_add_func("/hops/sources", test_sources);
    g_test_add_func("/hops/undecided", test_undecided);
    g_test_add_func("/hops/bounds", test_bounds);
    g_test_add_func("/hops/flood", test_flood);
    return g_test_run();
}
