/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What descriptions say of media: keys in them (RFC 4568), which validate what the end that announced them sends; and
 * header extensions with audio levels (RFC 6464), which only an answer agrees on.
 */
#include "handshake_build.h"
#include "srtp_build.h"

#include "records/media_proof.h"
#include "records/store.h"
#include "records/stream.h"
#include "rtp/levels.h"
#include "sdp/streams.h"

/* ---- keys ---- */

#define SAVP "audio 9 RTP/SAVPF 111"

enum { KEY_1 = 1, KEY_2, KEY_3, NO_KEY = 0 };

static bool no_secret(const uint8_t *random, wr_secret_kind kind, wr_secret *out)
{
    (void)random;
    (void)kind;
    (void)out;
    return false;
}

static call_t begin(void)
{
    wr_options o;

    memset(&o, 0, sizeof o);
    o.find_secret = no_secret;
    return call_begin(&o);
}

static const wr_srtp_profile *profile(void)
{
    return wr_srtp_profile_by_number(0x0001); /* SRTP_AES128_CM_HMAC_SHA1_80 */
}

/* "a=crypto:…" of these keys; g_free. */
static char *crypto_of(int first, int second)
{
    GString *s = g_string_new(NULL);
    const int keys[] = {first, second};

    for (int i = 0; i < 2; i++) {
        uint8_t bytes[30];
        char *text;
        if (keys[i] == NO_KEY)
            continue;
        memset(bytes, 0x40 + keys[i], sizeof bytes);
        text = g_base64_encode(bytes, sizeof bytes);
        g_string_append_printf(s, "a=crypto:%d AES_CM_128_HMAC_SHA1_80 inline:%s\r\n", i + 1, text);
        g_free(text);
    }
    return g_string_free(s, FALSE);
}

static wr_copy *say_keys(call_t *c, bool offer, const char *version, int first, int second)
{
    text_t t = offer ? offer_text() : answer_text();
    char *lines = crypto_of(first, second);
    wr_copy *copy;

    t.version = version;
    t.m = SAVP;
    t.fingerprint = t.setup = NULL;
    t.lines = lines;
    copy = say(c, offer ? OFFERED : ANSWERED, &t);
    g_free(lines);
    return copy;
}

/* Packets of one end under a key. */
static wr_flow *speak(call_t *c, bool alice, int key, unsigned first, unsigned n, bool rtcp, uint8_t spoil)
{
    wr_srtp_keys *k;
    wr_flow *f = NULL;

    memset(BUILD_KEY, 0x40 + key, profile()->key);
    memset(BUILD_SALT, 0x40 + key, profile()->salt);
    k = build_keys(profile());
    for (unsigned i = first; i < first + n; i++) {
        uint8_t b[128];
        const size_t len = rtcp ? build_srtcp(k, i, b) : build_srtp(k, alice ? 11 : 22, (uint16_t)i, 0, b);
        b[len - 2] ^= spoil;
        f = datagram(c, 20, alice ? ALICES : BOBS, alice ? BOBS : ALICES, b, len);
    }
    wr_srtp_keys_free(k);
    return f;
}

static const wr_sdes_proof *proof(const call_t *c, const wr_flow *f, bool alice)
{
    const wr_endpoint hers = ALICES;

    return wr_flow_sdes_proof(c->e, f, wr_endpoint_equal(&f->end[0], &hers) == alice ? 0 : 1);
}

static void spoken(const call_t *c, const wr_flow *f, bool alice, unsigned rtp, unsigned rtcp, unsigned failed)
{
    const wr_sdes_proof *p = proof(c, f, alice);

    g_assert_nonnull(p);
    g_assert_cmpuint(p->rtp_verified, ==, rtp);
    g_assert_cmpuint(p->rtcp_verified, ==, rtcp);
    g_assert_cmpuint(p->rtp_failed.n + p->rtcp_failed.n, ==, failed);
}

/* Each end's own keys, whichever of them was agreed on; what does not fit them then is not authentic. */
static void test_keys(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool alice = (i & 1) != 0;
        const int used = (i & 2) != 0 ? KEY_1 : KEY_2;
        call_t c = begin();
        wr_flow *f;
        uint32_t first;

        say_keys(&c, true, "2", alice ? KEY_1 : KEY_3, alice ? KEY_2 : NO_KEY);
        say_keys(&c, false, "2", alice ? KEY_3 : KEY_1, alice ? NO_KEY : KEY_2);
        connect_ends(&c);
        first = c.frame + 1;
        g_test_message("case %u", i);
        f = speak(&c, alice, used, 1, 3, false, 0);
        spoken(&c, f, alice, 3, 0, 0);
        g_assert_cmpuint(proof(&c, f, alice)->first_frame, ==, first);
        g_assert_cmpuint(proof(&c, f, alice)->profile->number, ==, profile()->number);
        g_assert_null(proof(&c, f, !alice)); /* who said nothing proved nothing */
        speak(&c, alice, used, 7, 2, true, 0);
        spoken(&c, f, alice, 3, 2, 0);
        g_assert_cmpint(wr_engine_authenticity(c.e, c.frame), ==, WR_MEDIA_AUTHENTIC);
        speak(&c, alice, used, 20, 1, false, 1);
        g_assert_cmpint(wr_engine_authenticity(c.e, c.frame), ==, WR_MEDIA_NOT_AUTHENTIC);
        speak(&c, alice, used, 9, 1, true, 1);
        speak(&c, alice, KEY_3, 30, 1, false, 0); /* the other end's key */
        spoken(&c, f, alice, 3, 2, 3);
        g_assert_cmpuint(proof(&c, f, alice)->rtcp_failed.n, ==, 1);
        speak(&c, !alice, KEY_3, 40, 2, false, 0);
        spoken(&c, f, !alice, 2, 0, 0);
        g_assert_cmpuint(proof(&c, f, alice)->first_frame, ==, first);
        call_end(&c);
    }
}

/* Nothing is held against packets while no key has fitted any: the true description may not be in the capture. */
static void test_unknown_keys(void)
{
    call_t c = begin();
    wr_flow *f;

    say_keys(&c, true, "2", KEY_1, KEY_2);
    say_keys(&c, false, "2", NO_KEY, NO_KEY);
    connect_ends(&c);
    f = speak(&c, true, KEY_3, 1, 4, false, 0);
    spoken(&c, f, true, 0, 0, 0);
    g_assert_cmpint(wr_engine_authenticity(c.e, c.frame), ==, WR_MEDIA_UNKNOWN);
    speak(&c, false, KEY_1, 1, 4, false, 0); /* hers are not his */
    g_assert_null(proof(&c, f, false));
    speak(&c, true, KEY_1, 1, 1, false, 0);
    spoken(&c, f, true, 1, 0, 0);
    call_end(&c);
}

/* A later description of the end brings other keys: those before are none of its any more. */
static void test_new_keys(void)
{
    call_t c = begin();
    wr_flow *f;

    say_keys(&c, true, "2", KEY_1, NO_KEY);
    connect_ends(&c);
    f = speak(&c, true, KEY_1, 1, 2, false, 0);
    speak(&c, true, KEY_2, 3, 1, false, 0);
    spoken(&c, f, true, 2, 0, 1);
    say_keys(&c, true, "3", KEY_2, NO_KEY);
    speak(&c, true, KEY_1, 4, 1, false, 0); /* on its way still */
    speak(&c, true, KEY_2, 5, 2, false, 0);
    g_assert_cmpuint(proof(&c, f, true)->rtp_verified, >=, 4);
    speak(&c, true, KEY_3, 8, 1, false, 0);
    g_assert_cmpint(wr_engine_authenticity(c.e, c.frame), ==, WR_MEDIA_NOT_AUTHENTIC);
    call_end(&c);
}

static wr_media_evidence packet_of(call_t *c, int key, uint16_t sequence, uint8_t b[128])
{
    wr_media_evidence m;
    wr_srtp_keys *k;

    memset(BUILD_KEY, 0x40 + key, profile()->key);
    memset(BUILD_SALT, 0x40 + key, profile()->salt);
    k = build_keys(profile());
    memset(&m, 0, sizeof m);
    m.captured = m.length = build_srtp(k, 11, sequence, 0, b);
    wr_srtp_keys_free(k);
    m.at = next(c, 20, ALICES, BOBS);
    m.how.peer = wr_endpoint_none();
    m.bytes = b;
    return m;
}

/* A packet that was opened for who shows it is opened with the same keys on later passes, whichever keys came since. */
static void test_opened(void)
{
    call_t c = begin();
    uint8_t b[2][128], out[128], again[128];
    wr_srtp_keys *keys[2];
    uint64_t index[2];
    size_t n[2], n_out, n_again;

    say_keys(&c, true, "2", KEY_3, KEY_1);
    connect_ends(&c);
    for (int i = 0; i < 2; i++) {
        wr_media_evidence m;
        if (i == 1)
            say_keys(&c, true, "3", KEY_2, NO_KEY);
        m = packet_of(&c, i == 0 ? KEY_1 : KEY_2, (uint16_t)(5 + i), b[i]);
        n[i] = m.length;
        keys[i] = wr_engine_open_media(c.e, &m, out, &n_out, &index[i]);
        g_assert_nonnull(keys[i]);
        g_assert_cmpuint(index[i], ==, 5 + (unsigned)i);
        for (int k = 0; k <= i; k++) {
            g_assert_true(wr_media_open_again(keys[k], index[k], b[k], n[k], again, &n_again));
            g_assert_cmpuint(n_again, ==, n_out);
        }
        m = packet_of(&c, KEY_3, 50, b[i == 0 ? 1 : 0]); /* of no description that is in force, at the second time */
        g_assert_true((wr_engine_open_media(c.e, &m, again, &n_again, &index[1]) != NULL) == (i == 0));
        if (i == 1)
            break;
    }
    g_assert_true(keys[0] != keys[1]);
    call_end(&c);
}

/* So many keys of one description are tried, those that can be read. */
static void test_many_keys(void)
{
    for (unsigned unreadable = 0; unreadable < 2; unreadable++) {
        for (unsigned others = WR_SDES_KEYS - 1; others <= WR_SDES_KEYS; others++) {
            call_t c = begin();
            GString *lines = g_string_new(NULL);
            text_t t = offer_text();
            wr_flow *f;
            for (unsigned i = 0; i <= others; i++) {
                char *line = crypto_of(i < others ? KEY_2 : KEY_1, NO_KEY);
                g_string_append(lines, unreadable && i == 0 ? "a=crypto:1 UNKNOWN_SUITE inline:abcd\r\n" : line);
                g_free(line);
            }
            t.m = SAVP;
            t.fingerprint = t.setup = NULL;
            t.lines = lines->str;
            say(&c, OFFERED, &t);
            g_string_free(lines, TRUE);
            connect_ends(&c);
            f = speak(&c, true, KEY_1, 1, 2, false, 0);
            g_test_message("%u others, unreadable %u", others, unreadable);
            spoken(&c, f, true, others == WR_SDES_KEYS && !unreadable ? 0 : 2, 0, 0);
            call_end(&c);
        }
    }
}

/* The first packet that fits may be of RTCP. */
static void test_first_is_rtcp(void)
{
    call_t c = begin();
    uint32_t first;
    wr_flow *f;

    say_keys(&c, true, "2", KEY_1, NO_KEY);
    connect_ends(&c);
    first = c.frame + 1;
    speak(&c, true, KEY_1, 1, 1, true, 0);
    f = speak(&c, true, KEY_1, 2, 1, false, 0);
    spoken(&c, f, true, 1, 1, 0);
    g_assert_cmpuint(proof(&c, f, true)->first_frame, ==, first);
    call_end(&c);
}

/* Where a handshake is there to make keys, those of descriptions are not tried. */
static void test_beside_a_handshake(void)
{
    call_t c = begin();
    shake_t k = shake_of(0x10);
    wr_flow *f;

    say_keys(&c, true, "2", KEY_1, NO_KEY);
    connect_ends(&c);
    shake(&c, &k);
    f = speak(&c, true, KEY_1, 1, 2, false, 0);
    g_assert_null(proof(&c, f, true));
    g_assert_cmpint(wr_engine_authenticity(c.e, c.frame), ==, WR_MEDIA_UNKNOWN);
    call_end(&c);
}

/* ---- audio levels ---- */

enum { LEVEL_ID = 5 };

/* The audio packet of this number, with this extension of four bytes; NULL none. */
static rtp_t levelled(unsigned n, const uint8_t *extension)
{
    return (rtp_t){.sequence = (uint16_t)n,
                   .timestamp = n * 960,
                   .ssrc = 0xA11CE,
                   .type = 111,
                   .payload = noise(n),
                   .length = 100,
                   .extension = extension,
                   .extension_length = 4};
}

typedef struct {
    bool answered;  /* the answer names it, too */
    unsigned id;    /* that it names */
    unsigned sent;  /* id of the extension in packets; 0 none */
    unsigned bytes; /* of its element */
    unsigned packets;
    bool levels;
} levels_case;

static void say_levels(call_t *c, bool offer, unsigned id)
{
    text_t t = offer ? offer_text() : answer_text();
    char *lines = g_strdup_printf("a=extmap:%u " WR_AUDIO_LEVEL_URI "\r\na=rtpmap:111 opus/48000/2\r\n", id);

    t.m = AUDIO;
    t.lines = lines;
    say(c, offer ? OFFERED : ANSWERED, &t);
    g_free(lines);
}

static void test_levels(void)
{
    static const levels_case cases[] = {
        {true, LEVEL_ID, LEVEL_ID, 1, 25, true},
        {true, 15, 15 - 1, 1, 25, false}, /* another extension */
        {true, 1, 1, 1, 25, true},
        {true, 14, 14, 1, 25, true},
        {false, LEVEL_ID, LEVEL_ID, 1, 25, false}, /* only offered */
        {true, LEVEL_ID, LEVEL_ID, 2, 25, false},  /* not of its form */
        {true, LEVEL_ID, 0, 1, 25, false},         /* not sent */
        {true, LEVEL_ID, LEVEL_ID, 1, 10, false},  /* too few to look */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const levels_case *k = &cases[i];
        call_t c = begin();
        const wr_stream *s = NULL;
        wr_flow *f = NULL;

        say_levels(&c, true, k->id);
        if (k->answered)
            say_levels(&c, false, k->id);
        connect_ends(&c);
        for (unsigned n = 1; n <= k->packets; n++) {
            const uint8_t extension[4] = {(uint8_t)(k->sent << 4 | (k->bytes - 1)), (uint8_t)(20 + n)};
            const rtp_t r = levelled(n, k->sent != 0 ? extension : NULL);
            f = rtp(&c, 100, ALICES, BOBS, &r);
        }
        g_test_message("case %zu", i);
        g_assert_nonnull(f);
        g_assert_cmpuint(f->n_streams, ==, 1);
        s = &f->streams[0];
        g_assert_true((s->levels != NULL) == k->levels);
        g_assert_cmpuint(s->level_id, ==, k->levels ? k->sent : 0);
        if (k->levels)
            g_assert_cmpuint(wr_levels_bins(s->levels), ==, 6); /* from the twentieth packet on, ten a second */
        call_end(&c);
    }
}

/* The answer may come late, and the levels with it: three times is looked for it. */
static void test_late_answer(void)
{
    static const struct {
        unsigned answered, shown; /* with packets */
    } rows[] = {{10, 20}, {50, 80}, {79, 80}, {80, 320}, {319, 320}, {320, 999}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = begin();
        wr_flow *f = NULL;

        say_levels(&c, true, LEVEL_ID);
        connect_ends(&c);
        for (unsigned n = 1; n <= 340; n++) {
            const uint8_t extension[4] = {LEVEL_ID << 4, (uint8_t)n};
            const rtp_t r = levelled(n, extension);
            f = rtp(&c, 20, ALICES, BOBS, &r);
            if (n == rows[i].answered)
                say_levels(&c, false, LEVEL_ID);
            g_test_message("row %zu, packet %u", i, n);
            g_assert_true((f->streams[0].levels != NULL) == (n >= rows[i].shown));
        }
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/described_media/keys", test_keys);
    g_test_add_func("/described_media/unknown_keys", test_unknown_keys);
    g_test_add_func("/described_media/new_keys", test_new_keys);
    g_test_add_func("/described_media/opened", test_opened);
    g_test_add_func("/described_media/many_keys", test_many_keys);
    g_test_add_func("/described_media/first_is_rtcp", test_first_is_rtcp);
    g_test_add_func("/described_media/beside_a_handshake", test_beside_a_handshake);
    g_test_add_func("/described_media/levels", test_levels);
    g_test_add_func("/described_media/late_answer", test_late_answer);
    return g_test_run();
}
