/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handshakes without certificates: pre-shared keys, passwords, anonymous suites (DTLS-03), bare public keys (DTLS-26).
 */
#include "handshake_build.h"

typedef struct {
    unsigned unauthenticated, raw, suite;
    wr_association_verdict association;
    wr_session_verdict session;
} outcome_t;

static outcome_t run(uint16_t suite, bool raw_keys, bool described)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a;
    outcome_t o;

    k.ch.suites[0] = k.sh.suites[0] = suite;
    k.raw_keys = raw_keys;
    if (described)
        agree(&c);
    else
        k.ch.has_use_srtp = k.sh.has_use_srtp = false;
    if (described)
        connect_ends(&c);
    a = shake(&c, &k);
    wr_engine_evaluate(c.e);
    o.unauthenticated = found(&c, "DTLS-03", WR_ERROR);
    o.raw = found(&c, "DTLS-26", WR_WARN);
    o.suite = found(&c, "DTLS-10", -1);
    o.association = a->verdict;
    o.session = wr_engine_sessions(c.e)->len > 0
                    ? ((wr_session *)g_ptr_array_index(wr_engine_sessions(c.e), 0))->verdict
                    : WR_S_NO_MEDIA;
    call_end(&c);
    return o;
}

static void test_without_certificates(void)
{
    static const uint16_t suites[] = {0x00a8, 0x00aa, 0x00a6, 0xc0ff}; /* PSK, DHE_PSK, DH_anon, J-PAKE */

    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        outcome_t o = run(suites[i], false, true);
        g_assert_cmpuint(o.unauthenticated, ==, 1);
        g_assert_cmpint(o.association, ==, WR_A_UNAUTHENTICATED);
        g_assert_cmpint(o.session, ==, WR_S_UNVERIFIABLE);
        g_assert_cmpuint(o.suite, ==, suites[i] == 0x00a8 || suites[i] == 0x00a6); /* forward secrecy, authentication */
    }
    /* a sensor's, not WebRTC: no word */
    g_assert_cmpuint(run(0x00a8, false, false).unauthenticated, ==, 0);
}

static void test_bare_public_keys(void)
{
    outcome_t o = run(0xc02b, true, true);

    g_assert_cmpuint(o.raw, ==, 2);
    g_assert_cmpuint(o.unauthenticated, ==, 0);
    g_assert_cmpint(o.association, ==, WR_A_UNVERIFIABLE_HASH);
    g_assert_cmpuint(run(0xc02b, true, false).raw, ==, 0);
    g_assert_cmpuint(run(0xc02b, false, true).raw, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/kinds/without-certificates", test_without_certificates);
    g_test_add_func("/checks/kinds/bare-public-keys", test_bare_public_keys);
    return g_test_run();
}
