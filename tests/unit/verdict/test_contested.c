/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Somebody completes a handshake of his own on the path of a call, where the call's own cannot be judged: of 1.3, and
 * answered behind the stranger's; or shown with the certificates announced and a signature that does not fit. Which of
 * the two protected the media is contested. Where the call's own is not what was announced either, nothing is.
 */
#include "real_call.h"

#define HELLO_13 51

static void strangers_handshake(real_t *r, bool turned)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rsa_handshake); i++)
        real_datagram(r, 1, rsa_handshake[i].up != turned, rsa_handshake[i].bytes, rsa_handshake[i].length);
}

static void both_speak(call_t *c)
{
    stream(c, ALICES, BOBS, 0xA11CE, 1, 3);
    stream(c, BOBS, ALICES, 0xB0B, 1, 3);
}

static void feed_13(call_t *c, bool by_client, unsigned epoch)
{
    wr_dtls_event v = event_of(WR_DTLS_ENCRYPTED_RECORD_13, 0);

    v.epoch = (uint16_t)epoch;
    feed(c, 1, by_client ? BOBS : ALICES, by_client ? ALICES : BOBS, &v);
}

/* A hello that offers 1.3 and nothing else, as it stands in its message (RFC 8446 4.2.1). */
static void write_hello(uint8_t body[HELLO_13], const uint8_t *random)
{
    static const uint8_t behind[] = {0, 0, 0, 2, 0x13, 1, 1, 0, 0, 7, 0, 0x2b, 0, 3, 2, 0xfe, 0xfc};

    body[0] = 0xfe;
    body[1] = 0xfd;
    memcpy(body + 2, random, WR_DTLS_RANDOM);
    memcpy(body + 34, behind, sizeof behind);
}

/* Before the hello, between hello and answer, and behind the answer; from either end; with and without the hello. */
static void test_around_one_of_13(void)
{
    for (unsigned i = 0; i < 8; i++) {
        real_t r = real_begin(NULL);
        shake_t k = shake_of(0x10);
        const unsigned place = i / 2;
        const wr_association *a;
        uint8_t body[HELLO_13];

        write_hello(body, k.ch.random);
        k.ch.offers_13 = true;
        k.ch.handshake_type = WR_HS_CLIENT_HELLO;
        k.ch.body = body;
        k.ch.body_length = sizeof body;
        k.sh.negotiated = WR_DTLS_1_3;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        if (place == 0)
            strangers_handshake(&r, i % 2 != 0);
        if (place != 3)
            feed(&r.c, 10, k.client, k.server, &k.ch);
        if (place == 1 || place == 3)
            strangers_handshake(&r, i % 2 != 0);
        a = feed(&r.c, 10, k.server, k.client, &k.sh);
        if (place == 2)
            strangers_handshake(&r, i % 2 != 0);
        for (unsigned n = 0; n < 4; n++)
            feed_13(&r.c, n % 2 == 0, 2 + n / 2);
        both_speak(&r.c);
        g_test_message("case %u", i);
        g_assert_cmpint(real_session(&r)->verdict, ==, place == 3 ? WR_S_MISMATCH : WR_S_CONTESTED);
        g_assert_cmpint(a->has_client_random, ==, place != 3);
        if (place != 3)
            g_assert_cmpint(a->client_random[0], ==, 0x10);
        real_end(&r);
    }
}

/* Another random in the hello that was signed. */
static void spoilt_handshake(real_t *r)
{
    uint8_t *hello = g_memdup2(ecdsa_handshake[HELLO_AGAIN].bytes, ecdsa_handshake[HELLO_AGAIN].length);

    hello[MESSAGE_CONTENT + 5] ^= 1;
    real_datagram(r, 5, true, hello, ecdsa_handshake[HELLO_AGAIN].length);
    for (unsigned i = SERVER_FLIGHT; i < DATAGRAMS; i++)
        real_part(r, i);
    g_free(hello);
}

/* Before it and behind it, from either end; the certificates of the spoilt one are those announced, or one is not. */
static void test_beside_a_signature_that_does_not_fit(void)
{
    for (unsigned i = 0; i < 8; i++) {
        real_t r = real_begin(NULL);
        const bool before = (i & 1) != 0, turned = (i & 2) != 0, announced = (i & 4) == 0;

        real_agree(&r, fingerprint_shown(!announced), fingerprint_shown(true));
        connect_ends(&r.c);
        if (before)
            strangers_handshake(&r, turned);
        spoilt_handshake(&r);
        if (!before)
            strangers_handshake(&r, turned);
        both_speak(&r.c);
        g_test_message("case %u", i);
        g_assert_cmpint(real_session(&r)->verdict, ==, announced ? WR_S_CONTESTED : WR_S_MISMATCH);
        g_assert_cmpint(real_session(&r)->severity, ==, announced ? WR_WARN : WR_ERROR);
        real_end(&r);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contested/around_13", test_around_one_of_13);
    g_test_add_func("/contested/beside_spoilt", test_beside_a_signature_that_does_not_fit);
    return g_test_run();
}
