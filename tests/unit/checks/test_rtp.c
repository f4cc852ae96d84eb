/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What flows beside STUN and DTLS: each check where it must speak and where it nearly must. */
#include "handshake_build.h"
#include "records/store.h"

static unsigned count_and_end(call_t *c, const char *check, int severity)
{
    unsigned n = found(c, check, severity);

    call_end(c);
    return n;
}

/* ---- RTP-01 ---- */

static const uint8_t COMPOUND[] = {0x80, 201, 0, 1, 1, 2, 3,   4,   0x81, 202, 0, 3,
                                   1,    2,   3, 4, 1, 3, 'a', '@', 'b',  0,   0, 0};

/* The same header with ciphertext, index and tag behind it. */
static void secured_rtcp(call_t *c, unsigned seed)
{
    uint8_t b[60];

    memcpy(b, noise(seed), sizeof b);
    memcpy(b, COMPOUND, 8);
    datagram(c, 100, ALICES, BOBS, b, 8 + 16 + 14);
}

static void test_clear_rtcp_without_a_handshake(void)
{
    call_t c = call_begin(NULL);

    agree(&c);
    connect_ends(&c);
    datagram(&c, 100, ALICES, BOBS, COMPOUND, sizeof COMPOUND); /* anybody may have sent a few */
    datagram(&c, 100, ALICES, BOBS, COMPOUND, sizeof COMPOUND);
    g_assert_cmpuint(found(&c, "RTP-01", WR_NOTE), ==, 1);
    g_assert_cmpint(((wr_session *)g_ptr_array_index(wr_engine_sessions(c.e), 0))->verdict, !=, WR_S_UNENCRYPTED);
    datagram(&c, 10000, ALICES, BOBS, COMPOUND, sizeof COMPOUND); /* it goes on */
    g_assert_cmpuint(found(&c, "RTP-01", WR_ERROR), ==, 1);
    g_assert_cmpint(((wr_session *)g_ptr_array_index(wr_engine_sessions(c.e), 0))->verdict, ==, WR_S_UNENCRYPTED);
    call_end(&c);
}

static void test_clear_rtcp_beside_a_handshake(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);

    for (unsigned i = 0; i < 10; i++)
        secured_rtcp(&c, i);
    datagram(&c, 100, ALICES, BOBS, COMPOUND, sizeof COMPOUND); /* anybody may have sent one */
    g_assert_cmpuint(found(&c, "RTP-01", WR_NOTE), ==, 1);
    g_assert_cmpint(a->verdict, !=, WR_A_UNENCRYPTED);
    for (unsigned i = 0; i < 12; i++) /* as many as a flood likes, for a second */
        datagram(&c, 100, ALICES, BOBS, COMPOUND, sizeof COMPOUND);
    g_assert_cmpuint(found(&c, "RTP-01", WR_ERROR), ==, 0);
    g_assert_cmpint(a->verdict, !=, WR_A_UNENCRYPTED);
    datagram(&c, 10000, ALICES, BOBS, COMPOUND, sizeof COMPOUND);
    g_assert_cmpuint(found(&c, "RTP-01", WR_ERROR), ==, 1);
    g_assert_cmpint(a->verdict, ==, WR_A_UNENCRYPTED);
    call_end(&c);
}

static void test_cut_rtcp_proves_nothing(void)
{
    call_t c = call_begin(NULL);
    wr_media_evidence m;

    agree(&c);
    connect_ends(&c);
    memset(&m, 0, sizeof m);
    m.at = next(&c, 10, ALICES, BOBS);
    m.how.peer = wr_endpoint_none();
    m.bytes = COMPOUND;
    m.captured = sizeof COMPOUND;
    m.length = sizeof COMPOUND + 14;
    wr_engine_add_media(c.e, &m);
    g_assert_cmpuint(count_and_end(&c, "RTP-01", -1), ==, 0);
}

/* G.711 of near silence: few values. */
static void test_plain_payload(void)
{
    call_t c = call_begin(NULL);
    uint8_t quiet[160];

    agree(&c);
    connect_ends(&c);
    for (unsigned i = 0; i < 20; i++) {
        rtp_t r = {.sequence = (uint16_t)i,
                   .timestamp = i * 160,
                   .ssrc = 5,
                   .type = 0,
                   .payload = quiet,
                   .length = sizeof quiet};
        for (size_t j = 0; j < sizeof quiet; j++)
            quiet[j] = (uint8_t)(0xff - (noise(i)[j] & 15));
        if (i == 19)
            g_assert_cmpuint(found(&c, "RTP-01", -1), ==, 0);
        rtp(&c, 20, ALICES, BOBS, &r);
    }
    g_assert_cmpuint(count_and_end(&c, "RTP-01", WR_ERROR), ==, 1);

    c = call_begin(NULL); /* the same sizes under a key */
    agree(&c);
    connect_ends(&c);
    for (unsigned i = 0; i < 40; i++) {
        rtp_t r = {
            .sequence = (uint16_t)i, .timestamp = i * 160, .ssrc = 5, .type = 0, .payload = noise(i), .length = 170};
        rtp(&c, 20, ALICES, BOBS, &r);
    }
    g_assert_cmpuint(count_and_end(&c, "RTP-01", -1), ==, 0);
}

/* Descriptions without ICE credentials: the addresses that they announce make the path known. */
static void test_announced_path_without_ice(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();

    o.ufrag = a.ufrag = NULL;
    o.m = a.m = AUDIO;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    datagram(&c, 100, at("198.51.100.1", 9), at("198.51.100.2", 9), COMPOUND, sizeof COMPOUND); /* nobody's */
    g_assert_cmpuint(found(&c, "RTP-01", -1), ==, 0);
    for (unsigned i = 0; i < 3; i++)
        datagram(&c, 5000, ALICES, BOBS, COMPOUND, sizeof COMPOUND);
    g_assert_cmpuint(count_and_end(&c, "RTP-01", WR_ERROR), ==, 1);
}

/* ---- RTP-02, RTP-03 ---- */

static unsigned keyless(int64_t wait_ms, bool handshake, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    agree(&c);
    connect_ends(&c);
    c.us += wait_ms * MS;
    if (handshake)
        shake(&c, &k);
    stream(&c, ALICES, BOBS, 7, 1, 60);
    return count_and_end(&c, "RTP-02", severity);
}

static void test_media_without_handshake(void)
{
    g_assert_cmpuint(keyless(5000, false, WR_NOTE), ==, 1);
    g_assert_cmpuint(keyless(5000, true, -1), ==, 0);
    g_assert_cmpuint(keyless(100, false, -1), ==, 0); /* under way when the capture began: CAP-01 */
}

static unsigned media_first(int64_t before_ms, bool earlier, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10), old = shake_of(40);

    agree(&c);
    connect_ends(&c);
    old.client.port++; /* another path of the same call */
    if (earlier) {
        ask(&c, 5, old.client, ALICES, "AAAA:BBBB", PWD_A, 7);
        shake(&c, &old);
    }
    c.us += 5000 * MS;
    stream(&c, ALICES, BOBS, 7, 1, 5);
    c.us += before_ms * MS;
    shake(&c, &k);
    return count_and_end(&c, "RTP-03", severity);
}

static void test_media_before_handshake(void)
{
    g_assert_cmpuint(media_first(2000, false, WR_NOTE), ==, 1);
    g_assert_cmpuint(media_first(0, false, -1), ==, 0);   /* reordered */
    g_assert_cmpuint(media_first(2000, true, -1), ==, 0); /* keys of the first path */
}

/* ---- RTP-06 ---- */

static void one(call_t *c, unsigned sequence, unsigned timestamp, const uint8_t *payload, const uint8_t *extension)
{
    rtp_t r = {.sequence = (uint16_t)sequence,
               .timestamp = timestamp,
               .ssrc = 9,
               .type = 96,
               .payload = payload,
               .length = 100,
               .extension = extension,
               .extension_length = 4};

    rtp(c, 10, ALICES, BOBS, &r);
}

static void test_keystream_reuse(void)
{
    static const uint8_t first[4] = {0x10, 1, 0, 0}, second[4] = {0x10, 2, 0, 0};
    uint8_t again[100];
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    ordinary(&c, &k);
    one(&c, 100, 5000, noise(1), first);
    one(&c, 100, 5000, noise(1), first); /* captured twice */
    memcpy(again, noise(1), 100);
    memset(again + 90, 0, 10); /* sent again: new extension, so another tag */
    one(&c, 100, 5000, again, second);
    one(&c, (100 + 65536) & 0xffff, 9000, noise(2), first); /* once round: another timestamp */
    g_assert_cmpuint(found(&c, "RTP-06", -1), ==, 0);
    one(&c, 101, 5000, noise(3), first);
    one(&c, 101, 5000, noise(4), first);
    g_assert_cmpuint(count_and_end(&c, "RTP-06", WR_NOTE), ==, 1); /* one packet anybody can forge */
}

/* One of every so many packets comes twice with other content, ms apart. */
static void send_reused(call_t *c, unsigned packets, unsigned every, unsigned step_ms)
{
    static const uint8_t extension[4] = {0x10, 1, 0, 0};

    for (unsigned i = 1; i <= packets; i++) {
        one(c, i, 1000 * i, noise(i), extension);
        if (i % every == 0)
            one(c, i, 1000 * i, noise(9000 + i), extension);
        c->us += step_ms * MS;
    }
}

static void test_keystream_reused_throughout(void)
{
    static const struct {
        unsigned packets, every, step_ms;
        wr_severity severity;
    } rows[] = {
        {150, 8, 100, WR_ERROR}, /* eighteen of 168, over 15 s */
        {120, 8, 100, WR_NOTE},  /* fifteen: a handful */
        {300, 16, 100, WR_NOTE}, /* fewer than a tenth */
        {150, 8, 10, WR_NOTE},   /* for four seconds */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        ordinary(&c, &k);
        send_reused(&c, rows[i].packets, rows[i].every, rows[i].step_ms);
        g_assert_cmpuint(count_and_end(&c, "RTP-06", (int)rows[i].severity), ==, 1);
    }
}

/* The last sixteen packets are remembered, wherever a stream is: among its samples, just behind them, or later. */
static void test_keystream_reuse_anywhere(void)
{
    static const uint8_t extension[4] = {0x10, 1, 0, 0};
    static const unsigned sent[] = {1, 2, 17, 59, 60, 61, 62, 75, 76, 300};

    for (unsigned k = 0; k < G_N_ELEMENTS(sent); k++) {
        for (unsigned ago = 0; ago < MIN(sent[k], 18); ago++) {
            call_t c = call_begin(NULL);
            shake_t h = shake_of(10);
            ordinary(&c, &h);
            for (unsigned i = 1; i <= sent[k]; i++)
                one(&c, i, 1000 * i, noise(i), extension);
            one(&c, sent[k] - ago, 1000 * (sent[k] - ago), noise(5000), extension);
            g_assert_cmpuint(count_and_end(&c, "RTP-06", WR_NOTE), ==, ago < 16 ? 1 : 0);
        }
    }
}

/* ---- RTP-07 ---- */

static unsigned on_two_legs(bool same_ciphertext, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10), other = shake_of(30);

    ordinary(&c, &k);
    other.client = at("192.0.2.7", 7000);
    other.server = at(BOB, 6001);
    shake(&c, &other);
    for (unsigned i = 0; i < 60; i++) {
        rtp_t r = {
            .sequence = (uint16_t)i, .timestamp = i * 960, .ssrc = 77, .type = 111, .payload = noise(i), .length = 80};
        rtp(&c, 10, ALICES, BOBS, &r);
        r.payload = noise(same_ciphertext ? i : i + 1000);
        rtp(&c, 10, other.server, other.client, &r);
    }
    return count_and_end(&c, "RTP-07", severity);
}

static void test_reencrypted_stream(void)
{
    g_assert_cmpuint(on_two_legs(false, WR_NOTE), ==, 1);
    g_assert_cmpuint(on_two_legs(true, -1), ==, 0);
}

/* ---- RTP-09 ---- */

static unsigned with_extmap(const char *lines, unsigned id, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    text_t o = offer_text(), a = answer_text();
    uint8_t extension[4] = {(uint8_t)(id << 4), 0x7f, 0, 0};

    o.m = a.m = AUDIO;
    o.lines = a.lines = lines;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    connect_ends(&c);
    shake(&c, &k);
    one(&c, 1, 1, noise(1), extension);
    one(&c, 2, 2, noise(2), extension);
    return count_and_end(&c, "RTP-09", severity);
}

static void test_audio_level(void)
{
    g_assert_cmpuint(with_extmap("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n", 1, WR_NOTE), ==, 1);
    g_assert_cmpuint(with_extmap("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n", 2, -1), ==, 0);
    g_assert_cmpuint(
        with_extmap("a=extmap:1 urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n", 1,
                    -1),
        ==, 0);
}

/* ---- RTP-11 ---- */

static void test_other_protocols(void)
{
    static const uint8_t quic[30] = {0xc3, 0, 0, 0, 1}, zrtp[20] = {0x10, 0, 0, 1, 'Z', 'R', 'T', 'P'};
    call_t c = call_begin(NULL);

    agree(&c);
    connect_ends(&c);
    datagram(&c, 10, ALICES, BOBS, quic, 1);                                   /* a keep-alive */
    datagram(&c, 10, at("10.9.9.9", 1), at("10.9.9.8", 2), quic, sizeof quic); /* nobody's path */
    g_assert_cmpuint(found(&c, "RTP-11", -1), ==, 0);
    datagram(&c, 10, ALICES, BOBS, quic, sizeof quic);
    g_assert_cmpuint(count_and_end(&c, "RTP-11", WR_NOTE), ==, 1);
    c = call_begin(NULL);
    agree(&c);
    connect_ends(&c);
    datagram(&c, 10, ALICES, BOBS, zrtp, sizeof zrtp);
    g_assert_nonnull(strstr(the_finding(&c, "RTP-11")->message, "ZRTP"));
    call_end(&c);
}

/* ---- RTP-12 ---- */

static void test_key_lifetime(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_association *a = ordinary(&c, &k);

    wr_flow_traffic(a->flow)[0].packets = 1u << 31;
    g_assert_cmpuint(found(&c, "RTP-12", -1), ==, 0);
    stream(&c, ALICES, BOBS, 7, 1, 1);
    g_assert_cmpuint(count_and_end(&c, "RTP-12", WR_NOTE), ==, 1);
}

/* ---- RTP-13 ---- */

static unsigned speech(bool asked, bool varies, int severity)
{
    wr_options o = {.speech_pattern = asked};
    call_t c = call_begin(&o);
    shake_t k = shake_of(10);
    text_t offer = offer_text(), answer = answer_text();

    offer.m = answer.m = AUDIO;
    offer.lines = answer.lines = "a=rtpmap:111 opus/48000/2\r\n";
    say(&c, OFFERED, &offer);
    say(&c, ANSWERED, &answer);
    connect_ends(&c);
    shake(&c, &k);
    for (unsigned i = 0; i < 60; i++) {
        rtp_t r = {.sequence = (uint16_t)i,
                   .timestamp = i * 960,
                   .ssrc = 9,
                   .type = 111,
                   .payload = noise(i),
                   .length = 60 + (varies ? i % 50 : 0)};
        rtp(&c, 20, ALICES, BOBS, &r);
    }
    return count_and_end(&c, "RTP-13", severity);
}

static void test_speech_pattern(void)
{
    g_assert_cmpuint(speech(true, true, WR_CHAT), ==, 1);
    g_assert_cmpuint(speech(false, true, -1), ==, 0);
    g_assert_cmpuint(speech(true, false, -1), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/rtp/clear RTCP without a handshake", test_clear_rtcp_without_a_handshake);
    g_test_add_func("/checks/rtp/clear RTCP beside a handshake", test_clear_rtcp_beside_a_handshake);
    g_test_add_func("/checks/rtp/cut RTCP proves nothing", test_cut_rtcp_proves_nothing);
    g_test_add_func("/checks/rtp/plain payload", test_plain_payload);
    g_test_add_func("/checks/rtp/announced path without ICE", test_announced_path_without_ice);
    g_test_add_func("/checks/rtp/media without handshake", test_media_without_handshake);
    g_test_add_func("/checks/rtp/media before handshake", test_media_before_handshake);
    g_test_add_func("/checks/rtp/keystream reuse", test_keystream_reuse);
    g_test_add_func("/checks/rtp/keystream reuse anywhere", test_keystream_reuse_anywhere);
    g_test_add_func("/checks/rtp/keystream reused throughout", test_keystream_reused_throughout);
    g_test_add_func("/checks/rtp/re-encrypted stream", test_reencrypted_stream);
    g_test_add_func("/checks/rtp/audio level", test_audio_level);
    g_test_add_func("/checks/rtp/other protocols", test_other_protocols);
    g_test_add_func("/checks/rtp/key lifetime", test_key_lifetime);
    g_test_add_func("/checks/rtp/speech pattern", test_speech_pattern);
    return g_test_run();
}
