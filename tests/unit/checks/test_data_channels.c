/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data channels: each check where it must speak and where it nearly must. */
#include "handshake_build.h"
#include "sctp_build.h"

static unsigned count_and_end(call_t *c, const char *check, int severity)
{
    unsigned n = found(c, check, severity);

    call_end(c);
    return n;
}

/* ---- DC-01 ---- */

static void test_sctp_outside_of_dtls(void)
{
    call_t c = call_begin(NULL);
    uint8_t b[200];
    size_t n = sctp_init(b, false);

    agree(&c);
    connect_ends(&c);
    datagram(&c, 10, at("198.51.100.1", 5000), at("198.51.100.2", 5000), b, n); /* telephony's SCTP elsewhere */
    b[11] ^= 1;
    datagram(&c, 10, ALICES, BOBS, b, n); /* looks alike */
    g_assert_cmpuint(found(&c, "DC-01", -1), ==, 0);
    b[11] ^= 1;
    datagram(&c, 10, ALICES, BOBS, b, n);
    g_assert_cmpuint(count_and_end(&c, "DC-01", WR_ERROR), ==, 1);
}

/* Beside a handshake one packet is anybody's. */
static void test_sctp_beside_dtls(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    uint8_t b[200];
    size_t n = sctp_init(b, false);

    ordinary(&c, &k);
    datagram(&c, 10, ALICES, BOBS, b, n);
    g_assert_cmpuint(found(&c, "DC-01", WR_ERROR), ==, 0);
    g_assert_cmpuint(count_and_end(&c, "DC-01", WR_NOTE), ==, 1);
}

/* So it is on another path of the call, and beside DTLS 1.3, which shows hellos, and then what is encrypted. Hellos
 * alone, or one end alone, are anybody's as well. */
static unsigned beside_hellos(bool first, bool second, int severity)
{
    call_t c = call_begin(NULL);
    uint8_t b[200];
    size_t n = sctp_init(b, false);

    agree(&c);
    connect_ends(&c);
    hellos(&c, 10);
    for (unsigned i = 0; i < 20; i++) {
        if (first)
            media(&c, 20, ALICES, BOBS);
        if (second)
            media(&c, 20, BOBS, ALICES);
    }
    datagram(&c, 10, ALICES, BOBS, b, n);
    return count_and_end(&c, "DC-01", severity);
}

static void test_sctp_beside_hellos(void)
{
    g_assert_cmpuint(beside_hellos(true, true, WR_NOTE), ==, 1);
    g_assert_cmpuint(beside_hellos(true, false, WR_ERROR), ==, 1);
    g_assert_cmpuint(beside_hellos(false, true, WR_ERROR), ==, 1);
    g_assert_cmpuint(beside_hellos(false, false, WR_ERROR), ==, 1);
}

static void test_sctp_on_another_path(void)
{
    const wr_endpoint elsewhere = at("198.51.100.9", 5000);
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    uint8_t b[200];
    size_t n = sctp_init(b, false);

    ordinary(&c, &k);
    ask(&c, 10, ALICES, elsewhere, "BBBB:AAAA", PWD_B, 77);
    datagram(&c, 10, ALICES, elsewhere, b, n);
    g_assert_cmpuint(found(&c, "DC-01", WR_ERROR), ==, 0);
    g_assert_cmpuint(count_and_end(&c, "DC-01", WR_NOTE), ==, 1);
}

static unsigned with_proto(const char *m, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();

    o.m = a.m = m;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    return count_and_end(&c, "DC-01", severity);
}

static void test_section_without_dtls(void)
{
    g_assert_cmpuint(with_proto("application 9 UDP/SCTP webrtc-datachannel", WR_ERROR), ==, 1);
    g_assert_cmpuint(with_proto("application 0 UDP/SCTP webrtc-datachannel", -1), ==, 0); /* refused */
    g_assert_cmpuint(with_proto("application 9 TCP/DTLS/SCTP webrtc-datachannel", -1), ==, 0);
    g_assert_cmpuint(with_proto("application 9 DTLS/SCTP 5000", -1), ==, 0);
}

/* ---- DC-02 ---- */

static unsigned absent(bool handshake, int64_t later_ms, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    agree(&c);
    connect_ends(&c);
    if (handshake)
        shake(&c, &k);
    next(&c, later_ms, ALICES, BOBS);
    return count_and_end(&c, "DC-02", severity);
}

static void test_no_association(void)
{
    g_assert_cmpuint(absent(false, 40000, WR_NOTE), ==, 1);
    g_assert_cmpuint(absent(false, 20000, -1), ==, 0);
    g_assert_cmpuint(absent(true, 40000, -1), ==, 0);
}

/* ---- DC-03, DC-04 ---- */

static void decrypted(call_t *c, wr_association *a, wr_endpoint src, wr_endpoint dst, const uint8_t *bytes, size_t n)
{
    wr_place p = next(c, 10, src, dst);

    wr_engine_add_sctp(c->e, a, &p, bytes, n);
}

static void test_addresses_inside(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    uint8_t b[200];

    decrypted(&c, a, k.client, k.server, b, sctp_init(b, false));
    g_assert_cmpuint(found(&c, "DC-03", -1), ==, 0);
    decrypted(&c, a, k.client, k.server, b, sctp_init(b, true));
    g_assert_cmpuint(count_and_end(&c, "DC-03", WR_NOTE), ==, 1);
}

/* RFC 8832 6: the DTLS client has the even streams. */
static void test_parity(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);
    uint8_t b[200];

    decrypted(&c, a, k.client, k.server, b, sctp_data(b, 2, 50, 3));
    decrypted(&c, a, k.server, k.client, b, sctp_data(b, 1, 50, 3));
    decrypted(&c, a, k.client, k.server, b,
              sctp_data(b, 1, 51, 'x')); /* using the other's channel is the point of it */
    g_assert_cmpuint(found(&c, "DC-04", -1), ==, 0);
    decrypted(&c, a, k.client, k.server, b, sctp_data(b, 3, 50, 3));
    g_assert_cmpuint(count_and_end(&c, "DC-04", WR_NOTE), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/dc/SCTP outside of DTLS", test_sctp_outside_of_dtls);
    g_test_add_func("/checks/data-channels/sctp-beside-dtls", test_sctp_beside_dtls);
    g_test_add_func("/checks/data-channels/sctp-beside-hellos", test_sctp_beside_hellos);
    g_test_add_func("/checks/data-channels/sctp-on-another-path", test_sctp_on_another_path);
    g_test_add_func("/checks/dc/section without DTLS", test_section_without_dtls);
    g_test_add_func("/checks/dc/no association", test_no_association);
    g_test_add_func("/checks/dc/addresses inside", test_addresses_inside);
    g_test_add_func("/checks/dc/parity", test_parity);
    return g_test_run();
}
