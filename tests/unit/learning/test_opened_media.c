/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media under the keys of a handshake whose secret is known: packets that are opened for who shows them, each counted
 * once all the same; what is held against a packet, and how long it is tried; when a secret is asked for.
 */
#include "secrets_build.h"

#include "media_keys.h"
#include "records/store.h"

#define AES_CM  1
#define AES_GCM 7

#define HEAD    24 /* of what build_srtp() makes */
#define PAYLOAD 40

static size_t packet_of(const wr_association *a, int side, uint32_t ssrc, uint16_t sequence, uint8_t b[128])
{
    wr_srtp_keys *k = keys_by(a, side, AES_GCM, WR_PRF_SHA256);
    const size_t n = build_srtp(k, ssrc, sequence, 0, b);

    wr_srtp_keys_free(k);
    return n;
}

/* From Bob, the client, to Alice; spoilt by this. */
static void send_one(call_t *c, const wr_association *a, int64_t ms, uint32_t ssrc, uint16_t sequence, uint8_t spoil)
{
    uint8_t b[128];
    const size_t n = packet_of(a, 0, ssrc, sequence, b);

    b[n - 3] ^= spoil;
    datagram(c, ms, BOBS, ALICES, b, n);
}

static wr_media_evidence evidence(call_t *c, int64_t ms, const uint8_t *b, size_t n)
{
    wr_media_evidence m;

    memset(&m, 0, sizeof m);
    m.at = next(c, ms, BOBS, ALICES);
    m.how.peer = wr_endpoint_none();
    m.bytes = b;
    m.captured = m.length = n;
    return m;
}

/* ---- opened for who shows it ---- */

static void test_opened(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    const wr_association *a = ordinary(&c, &k);
    wr_srtp_keys *keys = NULL;

    for (uint16_t i = 1; i <= 5; i++) {
        uint8_t b[128], out[128] = {0}, again[128] = {0};
        const size_t n = packet_of(a, 0, 11, i, b);
        const wr_media_evidence m = evidence(&c, 20, b, n);
        size_t n_out = 0, n_again = 0;
        uint64_t index = 0;
        keys = wr_engine_open_media(c.e, &m, out, &n_out, &index);
        g_assert_nonnull(keys);
        g_assert_cmpuint(index, ==, i);
        g_assert_cmpuint(n_out, ==, HEAD + PAYLOAD);
        g_assert_cmpmem(out, HEAD, b, HEAD);
        for (unsigned x = HEAD; x < HEAD + PAYLOAD; x++)
            g_assert_cmpuint(out[x], ==, x);
        wr_engine_add_media(c.e, &m);
        g_assert_true(wr_media_open_again(keys, index, b, n, again, &n_again));
        g_assert_cmpmem(again, n_again, out, n_out);
        g_assert_false(wr_media_open_again(keys, index + 0x10000, b, n, again, &n_again));
        g_assert_false(wr_media_open_again(keys, index, b, 1, again, &n_again));
    }
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 5);
    g_assert_cmpuint(a->srtp->repeated, ==, 0); /* learned as it was opened, and not as one that came before */
    g_assert_cmpuint(a->srtp->n_sources, ==, 1);
    call_end(&c);
}

static void test_opened_rtcp(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    const wr_association *a = ordinary(&c, &k);
    wr_srtp_keys *own = keys_by(a, 0, AES_GCM, WR_PRF_SHA256), *keys;
    uint8_t b[128], out[128], again[128];
    const size_t n = build_srtcp(own, 5, b);
    const wr_media_evidence m = evidence(&c, 20, b, n);
    size_t n_out = 0, n_again = 0;
    uint64_t index = 0;

    keys = wr_engine_open_media(c.e, &m, out, &n_out, &index);
    g_assert_nonnull(keys);
    wr_engine_add_media(c.e, &m);
    g_assert_true(wr_media_open_again(keys, index, b, n, again, &n_again));
    g_assert_cmpmem(again, n_again, out, n_out);
    g_assert_cmpuint(a->srtp->rtcp_verified, ==, 1);
    g_assert_cmpuint(a->srtp->repeated, ==, 0);
    wr_srtp_keys_free(own);
    call_end(&c);
}

/* Another packet of the same frame, or the same one in another frame, is tried itself. */
static void test_opened_another(void)
{
    for (int same_frame = 0; same_frame < 2; same_frame++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10);
        const wr_association *a = ordinary(&c, &k);
        uint8_t b[128], other[128], out[128];
        const size_t n = packet_of(a, 0, 11, 1, b), n_other = packet_of(a, 0, 11, 2, other);
        wr_media_evidence m = evidence(&c, 20, b, n);
        size_t n_out;
        uint64_t index;
        g_assert_nonnull(wr_engine_open_media(c.e, &m, out, &n_out, &index));
        if (same_frame) {
            m.bytes = other;
            m.captured = m.length = n_other;
        } else {
            m.at.frame++;
        }
        wr_engine_add_media(c.e, &m);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, 1);
        g_assert_cmpuint(a->srtp->repeated, ==, same_frame ? 0 : 1);
        call_end(&c);
    }
}

static void test_not_opened(void)
{
    enum { NO_SECRETS, UNKNOWN_PATH, CUT, FORGED, SHORT, BEFORE, CASES };

    for (int which = NO_SECRETS; which < CASES; which++) {
        call_t c = which == NO_SECRETS ? call_begin(NULL) : secrets_begin();
        shake_t k = shake_of(10);
        const wr_association *a = ordinary(&c, &k);
        uint8_t b[128], out[128];
        wr_media_evidence m = evidence(&c, 20, b, packet_of(a, 0, 11, 1, b));
        size_t n_out;
        uint64_t index;
        secrets.silent = which == BEFORE ? UINT_MAX : 0;
        if (which == UNKNOWN_PATH)
            m.at.src.port++;
        if (which == CUT)
            m.captured--;
        if (which == FORGED)
            b[m.length - 3] ^= 1;
        if (which == SHORT)
            m.captured = m.length = 11;
        g_test_message("case %d", which);
        g_assert_null(wr_engine_open_media(c.e, &m, out, &n_out, &index));
        wr_engine_add_media(c.e, &m);
        g_assert_true(a->srtp == NULL || a->srtp->rtp_verified + a->srtp->rtp_failed.n == 0);
        call_end(&c);
    }
}

/* ---- what is held against a packet ---- */

/* The same packet soon is a copy, later it was sent again. */
static void test_again(void)
{
    static const struct {
        int64_t ms;
        unsigned repeated, replayed;
    } rows[] = {{1, 1, 0}, {WR_PROOF_REPEAT_MS - 1, 1, 0}, {WR_PROOF_REPEAT_MS, 0, 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10);
        const wr_association *a = ordinary(&c, &k);
        send_one(&c, a, 20, 11, 1, 0);
        send_one(&c, a, rows[i].ms, 11, 1, 0);
        g_assert_cmpuint(a->srtp->repeated, ==, rows[i].repeated);
        g_assert_cmpuint(a->srtp->replayed.n, ==, rows[i].replayed);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, 2);
        call_end(&c);
    }
}

/* Of a source that nobody heard of the counter may be beyond those that are tried: long after the handshake, when so
 * many packets came that it may be. */
static void test_unknown_counter(void)
{
    static const struct {
        int64_t us; /* after the handshake began */
        uint32_t packets;
        uint32_t ssrc; /* 11 is known */
        bool failed;
    } rows[] = {
        {180 * S - 1, 200000, 99, true}, {180 * S, 200000, 99, false}, {180 * S, 199999, 99, true},
        {180 * S, 200001, 99, false},    {180 * S, 200000, 11, true},  {400 * S, 1000, 99, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10);
        const wr_association *a = ordinary(&c, &k);
        send_one(&c, a, 20, 11, 1, 0);
        wr_flow_traffic(a->flow)[a->client_end].packets = rows[i].packets - 1;
        c.us = a->first_us + rows[i].us - 20 * MS;
        send_one(&c, a, 20, rows[i].ssrc, 2, 0x10);
        g_test_message("row %zu", i);
        g_assert_cmpuint(a->srtp->rtp_failed.n, ==, rows[i].failed);
        g_assert_cmpuint(a->srtp->undecided, ==, !rows[i].failed);
        call_end(&c);
    }
}

/* What came before anything fitted is judged afterwards, unless it may be of another handshake on the path. */
static void test_early(void)
{
    for (int two = 0; two < 2; two++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10), other = shake_of(40);
        const wr_association *a = ordinary(&c, &k);
        if (two)
            a = shake(&c, &other);
        for (uint16_t i = 1; i <= 3; i++)
            send_one(&c, a, 20, 11, i, 0x10);
        send_one(&c, a, 20, 11, 4, 0);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, 1);
        g_assert_cmpuint(a->srtp->rtp_failed.n, ==, two ? 0 : 3);
        g_assert_cmpuint(a->srtp->misses, ==, 3);
        call_end(&c);
    }
}

/* Another handshake that began on the path may have other keys, whichever hello of it was seen; what is no handshake
 * has none. */
static void test_another_handshake(void)
{
    enum { NONE, HELLO_ALONE, ANSWER_ALONE, NO_HELLO, CASES };

    for (int which = NONE; which < CASES; which++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10), other = shake_of(40);
        const wr_association *a = ordinary(&c, &k);
        wr_association *b = NULL;
        send_one(&c, a, 20, 11, 1, 0);
        if (which == HELLO_ALONE || which == NO_HELLO)
            b = feed(&c, 10, other.client, other.server, &other.ch);
        if (which == ANSWER_ALONE)
            b = feed(&c, 10, other.server, other.client, &other.sh);
        if (which == NO_HELLO)
            b->has_client_random = false;
        send_one(&c, a, 20, 11, 2, 0x10);
        g_test_message("case %d", which);
        g_assert_true(b != a);
        g_assert_cmpuint(a->srtp->rtp_failed.n, ==, which == NONE || which == NO_HELLO ? 1 : 0);
        g_assert_cmpuint(a->srtp->undecided, ==, which == NONE || which == NO_HELLO ? 0 : 1);
        call_end(&c);
    }
}

/* Handshakes that were taken for others are those: so far as one that is another's leads on, four times. */
static void test_taken_for_another(void)
{
    for (unsigned steps = 1; steps <= 5; steps++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10);
        wr_association *a = ordinary(&c, &k);
        wr_association part[5];

        send_one(&c, a, 20, 11, 1, 0);
        memset(part, 0, sizeof part);
        for (unsigned i = 0; i < steps; i++) {
            part[i].absorbed = i + 1 < steps ? &part[i + 1] : a;
            part[i].has_client_random = true;
        }
        wr_list_add(&a->flow->associations, &part[0]);
        send_one(&c, a, 20, 11, 2, 0x10);
        g_test_message("%u steps", steps);
        g_assert_cmpuint(a->srtp->rtp_failed.n, ==, steps <= 4);
        g_assert_cmpuint(a->srtp->undecided, ==, steps > 4);
        wr_list_remove(&a->flow->associations, a->flow->associations.len - 1);
        call_end(&c);
    }
}

/* Many that nothing fits: then each sixteenth is tried. */
static void test_many_misses(void)
{
    static const struct {
        unsigned forged, tried; /* the packet after them that is tried, from 1 */
    } rows[] = {{255, 1}, {256, 1}, {257, 16}, {271, 2}, {272, 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10);
        const wr_association *a = ordinary(&c, &k);
        uint8_t b[128];
        const size_t n = packet_of(a, 0, 11, 1, b);
        b[n - 3] ^= 1;
        for (unsigned x = 0; x < rows[i].forged; x++)
            datagram(&c, 1, BOBS, ALICES, b, n);
        for (unsigned x = 1; x <= rows[i].tried; x++) {
            g_assert_cmpuint(a->srtp->rtp_verified, ==, 0);
            send_one(&c, a, 20, 11, (uint16_t)(1 + x), 0);
        }
        g_test_message("%u forged", rows[i].forged);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, 1);
        send_one(&c, a, 20, 11, (uint16_t)(2 + rows[i].tried), 0);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, 2);
        call_end(&c);
    }
}

/* ---- whose it is ---- */

/* A source of either side is one; so many are kept. */
static void test_sources(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    const wr_association *a = ordinary(&c, &k);
    uint8_t b[128];

    send_one(&c, a, 20, 11, 1, 0);
    send_one(&c, a, 20, 11, 2, 0);
    datagram(&c, 20, ALICES, BOBS, b, packet_of(a, 1, 11, 1, b));
    g_assert_cmpuint(a->srtp->n_sources, ==, 2);
    g_assert_cmpuint(a->srtp->sources[0].verified, ==, 2);
    g_assert_cmpuint(a->srtp->sources[1].verified, ==, 1);
    g_assert_cmpuint(a->srtp->sources[0].side, ==, 0);
    g_assert_cmpuint(a->srtp->sources[1].side, ==, 1);
    g_assert_cmpuint(a->srtp->sources[0].payload_type, ==, 111);
    g_assert_cmpuint(a->srtp->sources[0].last_frame, ==, a->srtp->sources[0].first_frame + 1);
    for (unsigned i = 3; i <= WR_PROOF_SOURCES + 1; i++) {
        send_one(&c, a, 20, 100 + i, 1, 0);
        g_assert_cmpuint(a->srtp->n_sources, ==, MIN(i, WR_PROOF_SOURCES));
    }
    g_assert_cmpuint(a->srtp->rtp_verified, ==, WR_PROOF_SOURCES + 2);
    call_end(&c);
}

/* On a path without a handshake keys agreed on elsewhere are tried where one of the hosts is the same. */
static void test_elsewhere(void)
{
    static const struct {
        const char *hers, *his;
        bool tried;
    } rows[] = {{ALICE, "198.51.100.2", true},
                {"198.51.100.1", BOB, true},
                {BOB, "198.51.100.2", true}, /* whichever end it is */
                {"198.51.100.1", ALICE, true},
                {"198.51.100.1", "198.51.100.2", false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10);
        const wr_association *a = ordinary(&c, &k);
        const wr_endpoint hers = at(rows[i].hers, 5050), his = at(rows[i].his, 6060);
        uint8_t b[128];
        send_one(&c, a, 20, 11, 1, 0);
        ask(&c, 1, hers, his, "BBBB:AAAA", PWD_B, 40);
        datagram(&c, 20, his, hers, b, packet_of(a, 0, 11, 2, b));
        g_test_message("row %zu", i);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, rows[i].tried ? 2 : 1);
        call_end(&c);
    }
}

/* A handshake of its own, with the first packet of its client. */
static const wr_association *keyed(call_t *c, unsigned mark, const char *client, const char *server)
{
    shake_t k = shake_of(mark);
    const wr_association *a;
    uint8_t b[128];

    k.client = at(client, (uint16_t)(20000 + mark));
    k.server = at(server, (uint16_t)(30000 + mark));
    ask(c, 1, k.server, k.client, "BBBB:AAAA", PWD_B, 1000 + mark);
    a = shake(c, &k);
    datagram(c, 20, k.client, k.server, b, packet_of(a, 0, 11, 1, b));
    g_assert_nonnull(a->srtp);
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 1);
    return a;
}

/* Keys agreed on elsewhere are tried so far back: the last ones of these hosts, among the last ones of all. */
static void test_how_far_back(void)
{
    enum { TRIED = 8 };

    for (unsigned of_others = 0; of_others < 2; of_others++) {
        const unsigned most = of_others ? WR_MAX_BUCKET : TRIED;
        for (unsigned since = most - 1; since <= most; since++) {
            call_t c = secrets_begin();
            const wr_endpoint hers = at(ALICE, 5050), his = at(BOB, 6060);
            const wr_association *a;
            uint8_t b[128];

            agree(&c);
            connect_ends(&c);
            a = keyed(&c, 2, BOB, ALICE);
            for (unsigned i = 0; i < since; i++)
                keyed(&c, 4 + 2 * i, of_others ? "198.51.100.2" : BOB, of_others ? "198.51.100.1" : ALICE);
            ask(&c, 1, hers, his, "BBBB:AAAA", PWD_B, 40);
            datagram(&c, 20, his, hers, b, packet_of(a, 0, 11, 2, b));
            g_test_message("%u since, of others: %u", since, of_others);
            g_assert_cmpuint(a->srtp->rtp_verified, ==, since < most ? 2 : 1);
            call_end(&c);
        }
    }
}

/* The hash of the suite, and of the version (RFC 5246 5, RFC 4346 5). */
static void test_functions(void)
{
    static const struct {
        uint16_t suite, version;
        wr_prf prf;
        bool fits;
    } rows[] = {
        {0xc02b, WR_DTLS_1_2, WR_PRF_SHA256, true},  {0xc02c, WR_DTLS_1_2, WR_PRF_SHA384, true},
        {0xc02c, WR_DTLS_1_2, WR_PRF_SHA256, false}, {0xc009, WR_DTLS_1_0, WR_PRF_MD5_SHA1, true},
        {0xc009, WR_DTLS_1_0, WR_PRF_SHA256, false}, {0xc009, WR_DTLS_1_2, WR_PRF_SHA256, true},
        {0xfade, WR_DTLS_1_2, WR_PRF_SHA256, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10);
        const wr_association *a;
        wr_srtp_keys *keys;
        uint8_t b[128];
        k.sh.suites[0] = rows[i].suite;
        k.sh.negotiated = rows[i].version;
        a = ordinary(&c, &k);
        keys = keys_by(a, 0, AES_CM, rows[i].prf);
        datagram(&c, 20, BOBS, ALICES, b, build_srtp(keys, 11, 1, 0, b));
        g_test_message("row %zu", i);
        g_assert_cmpuint(a->srtp->rtp_verified, ==, rows[i].fits);
        wr_srtp_keys_free(keys);
        call_end(&c);
    }
}

/* The profile that was agreed on is tried first, and then all others, each once. */
static void test_order(void)
{
    wr_association a = {.has_profile = true};

    for (unsigned agreed = 0; agreed <= WR_SRTP_PROFILES; agreed++) {
        a.srtp_profile = agreed < WR_SRTP_PROFILES ? wr_srtp_profile_nth(agreed)->number : 0xfafa;
        for (int known = 0; known < 2; known++) {
            const bool first = known && agreed < WR_SRTP_PROFILES;
            a.has_profile = known;
            g_test_message("profile %u, %d", agreed, known);
            for (unsigned i = 0, next = 0; i < WR_SRTP_PROFILES; i++) {
                if (first && i > 0 && next == agreed)
                    next++;
                g_assert_cmpuint(wr_media_keys_order(&a, i), ==, first && i == 0 ? agreed : next++);
            }
        }
    }
}

/* ---- when a secret is asked for ---- */

/* With packets 1, 2, 4, 8 … of an end, and of these with 1, 2, 3, 5, 9 …; from then on each packet counts. */
static void test_asked(void)
{
    call_t c = secrets_begin();
    shake_t k = shake_of(10);
    const wr_association *a = ordinary(&c, &k);
    static const unsigned times[] = {1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4};

    secrets.silent = UINT_MAX;
    for (unsigned i = 1; i <= 16; i++) {
        send_one(&c, a, 20, 11, (uint16_t)i, 0);
        g_assert_cmpuint(secrets.asked, ==, i == 8 ? times[7] : times[i - 1]);
        g_assert_null(a->srtp);
    }
    secrets.silent = 0;
    for (unsigned i = 17; i <= 256; i++)
        send_one(&c, a, 20, 11, (uint16_t)i, 0);
    g_assert_cmpuint(secrets.asked, ==, 5);
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 1);
    send_one(&c, a, 20, 11, 257, 0);
    send_one(&c, a, 20, 11, 258, 0);
    g_assert_cmpuint(a->srtp->rtp_verified, ==, 3);
    g_assert_cmpuint(secrets.asked, ==, 5);
    call_end(&c);
}

/* Not before both hellos and the version are known. */
static void test_asked_with_hellos(void)
{
    enum { BOTH, NO_CLIENT, NO_SERVER, NO_VERSION, CASES };

    for (int which = BOTH; which < CASES; which++) {
        call_t c = secrets_begin();
        shake_t k = shake_of(10);
        const uint8_t b[100] = {0x80, 111};
        agree(&c);
        connect_ends(&c);
        if (which == NO_VERSION)
            k.sh.negotiated = 0;
        if (which != NO_CLIENT)
            feed(&c, 10, k.client, k.server, &k.ch);
        if (which != NO_SERVER)
            feed(&c, 10, k.server, k.client, &k.sh);
        datagram(&c, 20, BOBS, ALICES, b, sizeof b);
        g_test_message("case %d", which);
        g_assert_cmpuint(secrets.asked, ==, which == BOTH);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/opened_media/opened", test_opened);
    g_test_add_func("/opened_media/opened_rtcp", test_opened_rtcp);
    g_test_add_func("/opened_media/opened_another", test_opened_another);
    g_test_add_func("/opened_media/not_opened", test_not_opened);
    g_test_add_func("/opened_media/again", test_again);
    g_test_add_func("/opened_media/unknown_counter", test_unknown_counter);
    g_test_add_func("/opened_media/early", test_early);
    g_test_add_func("/opened_media/another_handshake", test_another_handshake);
    g_test_add_func("/opened_media/taken_for_another", test_taken_for_another);
    g_test_add_func("/opened_media/many_misses", test_many_misses);
    g_test_add_func("/opened_media/sources", test_sources);
    g_test_add_func("/opened_media/elsewhere", test_elsewhere);
    g_test_add_func("/opened_media/how_far_back", test_how_far_back);
    g_test_add_func("/opened_media/functions", test_functions);
    g_test_add_func("/opened_media/order", test_order);
    g_test_add_func("/opened_media/asked", test_asked);
    g_test_add_func("/opened_media/asked_with_hellos", test_asked_with_hellos);
    return g_test_run();
}
