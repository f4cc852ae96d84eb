/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths: what a connectivity check proves and when, what each end was allowed to send, which path serves another call,
 * and what of media is kept (RFC 8445 7, RFC 7675, RFC 3550).
 */
#include "handshake_build.h"

#include "records/replay.h"
#include "records/store.h"

static wr_flow *path(const call_t *c)
{
    g_assert_cmpuint(c->e->flows->len, >=, 1);
    return g_ptr_array_index(c->e->flows, 0);
}

static wr_check *check(const call_t *c, unsigned i)
{
    wr_flow *f = path(c);

    g_assert_cmpuint(f->checks.len, >, i);
    return wr_list_at(&f->checks, i);
}

/* ---- what is proven ---- */

/* The description may come before the checks, between them, or last; the password may be another. */
static void test_order(void)
{
    static const char *const passwords[] = {PWD_B, "anotherpasswordofanother"};

    for (unsigned i = 0; i < 6; i++) {
        const unsigned when = i % 3;
        const bool right = i < 3;
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        const wr_check *k;
        a.pwd = passwords[right ? 0 : 1];
        if (when == 0)
            say(&c, ANSWERED, &a);
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        if (when == 1)
            say(&c, ANSWERED, &a);
        reply(&c, 10, BOBS, ALICES, PWD_B, 1, NULL);
        if (when == 2)
            say(&c, ANSWERED, &a);
        k = check(&c, 0);
        g_test_message("when %u, %s", when, right ? "right" : "wrong");
        g_assert_true(k->tried);
        g_assert_true(k->request_valid == right && k->response_valid == right);
        g_assert_cmpstr(k->password, ==, right ? PWD_B : NULL);
        g_assert_cmpuint(k->valid_frame, ==, right ? (when == 0 ? 2 : 1) : 0);
        g_assert_cmpstr(k->remote_ufrag, ==, "BBBB");
        g_assert_cmpstr(k->local_ufrag, ==, "AAAA");
        g_assert_cmpuint(k->requests, ==, 1);
        call_end(&c);
    }
}

/* One of several descriptions with the user name has the password. */
static void test_which_password(void)
{
    for (unsigned right = 0; right < 4; right++) { /* 3: none */
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        static const char *const ids[] = {"31", "32", "33"};
        for (unsigned i = 0; i < 3; i++) {
            a.session_id = ids[i];
            a.pwd = i == right ? PWD_B : i == 0 ? "anotherpasswordofanother" : "stillanotherpasswordof22";
            a.fingerprint = sha256_of(i);
            say(&c, ANSWERED, &a);
        }
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        g_assert_true(check(&c, 0)->request_valid == (right < 3));
        g_assert_true(check(&c, 0)->tried);
        call_end(&c);
    }
}

/* A response belongs to the request with its transaction, from the other end, by the same password. */
static void test_responses(void)
{
    enum { RIGHT, OTHER_TRANSACTION, SAME_END, OTHER_PASSWORD, AGAIN_RIGHT, CASES };

    for (int which = RIGHT; which < CASES; which++) {
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        say(&c, ANSWERED, &a);
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        if (which == SAME_END)
            reply(&c, 10, ALICES, BOBS, PWD_B, 1, NULL);
        else
            reply(&c, 10, BOBS, ALICES, which == OTHER_PASSWORD || which == AGAIN_RIGHT ? PWD_A : PWD_B,
                  which == OTHER_TRANSACTION ? 2 : 1, NULL);
        if (which == AGAIN_RIGHT) {
            ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 3);
            reply(&c, 10, BOBS, ALICES, PWD_B, 3, NULL);
        }
        g_test_message("case %d", which);
        g_assert_true(check(&c, 0)->response_valid == (which == RIGHT || which == AGAIN_RIGHT));
        g_assert_true(wr_flow_is_answered(path(&c)));
        call_end(&c);
    }
}

/* Both ends of a proven check are of one call, where the other name can mean one description alone. */
static void test_ends_are_joined(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool proven = (i & 1) != 0, two = (i & 2) != 0;
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text(), other = offer_text();
        way_t far = {.client = BOB, .connection = 2, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_ANSWER};
        way_t third = {
            .client = "198.51.100.4", .connection = 3, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER};
        wr_copy *offer = say(&c, OFFERED, &o), *answer = say(&c, far, &a);
        if (two) {
            other.session_id = "551155";
            other.pwd = "anotherpasswordofanother";
            other.fingerprint = sha256_of(9);
            say(&c, third, &other);
        }
        g_assert_cmpuint(wr_copy_session_number(c.e, offer), !=, wr_copy_session_number(c.e, answer));
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", proven ? PWD_B : PWD_A, 1);
        g_assert_true((wr_copy_session_number(c.e, offer) == wr_copy_session_number(c.e, answer)) == (proven && !two));
        call_end(&c);
    }
}

/* Of many that use the other name so many are looked at. */
static void test_ends_of_many(void)
{
    for (unsigned before = WR_MAX_BUCKET - 1; before <= WR_MAX_BUCKET; before++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text(), other = offer_text();
        way_t far = {.client = BOB, .connection = 2, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_ANSWER};
        way_t third = {
            .client = "198.51.100.4", .connection = 3, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER};
        wr_copy *offer = say(&c, OFFERED, &o), *answer = say(&c, far, &a);
        const uint64_t key = wr_key_text("AAAA");

        while (wr_index_find(c.e->by_ufrag, key).len < before)
            wr_index_add(c.e->by_ufrag, key, wr_list_at(&offer->credentials, 0));
        other.session_id = "551155";
        other.pwd = "anotherpasswordofanother";
        other.fingerprint = sha256_of(9);
        say(&c, third, &other);
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        g_test_message("%u before it", before);
        g_assert_true((wr_copy_session_number(c.e, offer) == wr_copy_session_number(c.e, answer)) ==
                      (before == WR_MAX_BUCKET));
        call_end(&c);
    }
}

/* Each direction and pair of names is one check; what is sent again counts. */
static void test_names(void)
{
    call_t c = call_begin(NULL);

    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 2);
    g_assert_cmpuint(path(&c)->checks.len, ==, 1);
    g_assert_cmpuint(check(&c, 0)->requests, ==, 2);
    g_assert_cmpint(check(&c, 0)->last_us - check(&c, 0)->first_us, ==, 10 * MS);
    ask(&c, 10, BOBS, ALICES, "BBBB:AAAA", PWD_B, 3);
    ask(&c, 10, ALICES, BOBS, "BBBB:AAAC", PWD_B, 4);
    ask(&c, 10, ALICES, BOBS, "BBBC:AAAA", PWD_B, 5);
    g_assert_cmpuint(path(&c)->checks.len, ==, 4);
    g_assert_cmpuint(c.e->flows->len, ==, 1);
    call_end(&c);
}

/* A path that is full of names: what is proven stays, and finds room. */
static void test_full_of_names(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool proven_first = (i & 1) != 0, right = (i & 2) != 0;
        call_t c = call_begin(NULL);
        text_t a = answer_text();
        bool there = false;
        say(&c, ANSWERED, &a);
        if (proven_first)
            ask(&c, 1, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        for (unsigned n = 0; n < WR_MAX_CHECKS_PER_FLOW + 3; n++) {
            char *user = g_strdup_printf("BBBB:X%03u", n);
            ask(&c, 1, ALICES, BOBS, user, PWD_A, 10 + n);
            g_free(user);
        }
        g_assert_cmpuint(path(&c)->checks.len, ==, WR_MAX_CHECKS_PER_FLOW);
        ask(&c, 1, ALICES, BOBS, "BBBB:LATE", right ? PWD_B : PWD_A, 9);
        g_assert_cmpuint(path(&c)->checks.len, ==, WR_MAX_CHECKS_PER_FLOW);
        for (unsigned n = 0; n < path(&c)->checks.len; n++)
            there |= strcmp(check(&c, n)->local_ufrag, "LATE") == 0;
        g_assert_true(there == right);
        if (proven_first)
            g_assert_true(check(&c, 0)->request_valid);
        g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, >, 0);
        call_end(&c);
    }
}

/* ---- another call on the same ports ---- */

static void test_reused(void)
{
    static const struct {
        int64_t s;
        const char *user;
        bool anew;
    } rows[] = {{60, "CCCC:DDDD", true},  {59, "CCCC:DDDD", false}, {60, "BBBB:DDDD", false},
                {60, "CCCC:AAAA", false}, {60, "AAAA:CCCC", false}, {60, "CCCC:BBBB", false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        ask(&c, rows[i].s * 1000, ALICES, BOBS, rows[i].user, PWD_B, 2);
        g_test_message("row %zu", i);
        g_assert_cmpuint(c.e->flows->len, ==, rows[i].anew ? 2 : 1);
        if (rows[i].anew) {
            const wr_flow *f = g_ptr_array_index(c.e->flows, 1);
            g_assert_true(f->earlier == path(&c));
        }
        call_end(&c);
    }
}

/* ---- consent ---- */

static void test_consent(void)
{
    call_t c = call_begin(NULL);
    const wr_flow *f;
    const wr_consent *k;
    int64_t given, sent;

    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 2);
    f = path(&c);
    g_assert_cmpuint(f->asked[0], ==, 2);
    g_assert_cmpuint(f->asked[1], ==, 0);
    g_assert_false(wr_flow_is_answered(f));
    reply(&c, 10, BOBS, ALICES, PWD_B, 2, NULL); /* frame 3 */
    given = c.us;
    k = f->consent;
    g_assert_cmpint(k->given_first_us[0], ==, given);
    g_assert_cmpuint(k->given_frame[0], ==, 3);
    g_assert_cmpint(k->given_first_us[1], ==, 0);
    ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 3); /* once answered they are not counted */
    g_assert_cmpuint(f->asked[0], ==, 2);
    stream(&c, ALICES, BOBS, 1, 1, 1); /* frame 5 */
    sent = c.us;
    g_assert_cmpint(k->sent_first_us[0], ==, sent);
    g_assert_cmpuint(k->sent_frame[0], ==, 5);
    g_assert_cmpint(k->lapsed_us[0], ==, sent - given);
    reply(&c, 5000, BOBS, ALICES, PWD_B, 3, NULL);
    g_assert_cmpint(k->given_first_us[0], ==, given);
    g_assert_cmpint(k->given_last_us[0], ==, c.us);
    c.us += 20 * S;
    stream(&c, ALICES, BOBS, 1, 2, 1); /* frame 7 */
    g_assert_cmpint(k->lapsed_us[0], ==, c.us - k->given_last_us[0]);
    g_assert_cmpuint(k->lapsed_frame[0], ==, 7);
    g_assert_cmpint(k->sent_first_us[0], ==, sent);
    g_assert_cmpint(k->sent_last_us[0], ==, c.us);
    g_assert_cmpint(k->lapsed_us[1], ==, 0); /* nobody ever let Bob */
    stream(&c, BOBS, ALICES, 2, 1, 1);
    g_assert_cmpint(k->lapsed_us[1], ==, 0);
    call_end(&c);
}

/* ---- one check from two sources, or at two points ---- */

static void sight(call_t *c, int64_t ms, wr_endpoint src, wr_endpoint dst, unsigned number, unsigned point)
{
    uint8_t bytes[200];
    wr_stun_evidence s;
    size_t n = stun_build(bytes, "BBBB:AAAA", number, PWD_B, NULL);

    memset(&s, 0, sizeof s);
    s.at = next(c, ms, src, dst);
    s.at.point = (uint16_t)point;
    s.how.peer = wr_endpoint_none();
    g_assert_true(wr_stun_parse(bytes, n, &s.msg));
    wr_engine_add_stun(c->e, &s);
}

static void test_replays(void)
{
    static const struct {
        unsigned number;
        bool other_source, other_target;
        unsigned replays;
        bool same_target;
    } rows[] = {
        {1, true, false, 1, true}, {1, true, true, 1, false}, {1, false, false, 0, false}, {2, true, false, 0, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_endpoint src = rows[i].other_source ? at("198.51.100.8", 8000) : ALICES;
        wr_endpoint dst = rows[i].other_target ? at("198.51.100.9", 9000) : BOBS;
        sight(&c, 10, ALICES, BOBS, 1, 0);
        sight(&c, 30, src, dst, rows[i].number, 0);
        sight(&c, 30, src, dst, rows[i].number, 0); /* told once */
        g_test_message("row %zu", i);
        g_assert_cmpuint(c.e->replays->len, ==, rows[i].replays);
        if (rows[i].replays > 0) {
            const struct wr_replay *r = &g_array_index(c.e->replays, struct wr_replay, 0);
            g_assert_true(r->same_target == rows[i].same_target);
            g_assert_cmpint(r->gap_us, ==, 30 * MS);
            g_assert_cmpuint(r->frame[0], ==, 1);
            g_assert_cmpuint(r->frame[1], ==, 2);
        }
        call_end(&c);
    }
}

/* How far the clocks of two points are apart: the median, directly or by way of a third. */
static void test_clocks(void)
{
    call_t c = call_begin(NULL);
    int64_t offset = 7;
    unsigned common = 7;

    g_assert_true(wr_clock_offset(c.e, 0, &offset, &common));
    g_assert_cmpint(offset, ==, 0);
    g_assert_false(wr_clock_offset(c.e, 1, &offset, &common));
    for (unsigned i = 0; i < 3; i++) { /* 100, 200 and 900 ms */
        static const int64_t apart[] = {100, 900, 200};
        sight(&c, 1000, ALICES, BOBS, 10 + i, 0);
        sight(&c, apart[i], ALICES, BOBS, 10 + i, 1);
    }
    g_assert_true(wr_clock_offset(c.e, 1, &offset, &common));
    g_assert_cmpint(offset, ==, 200 * MS);
    g_assert_cmpuint(common, ==, 3);
    g_assert_true(wr_clock_offset(c.e, 1, &offset, NULL));
    g_assert_cmpint(wr_clock_time(c.e, 1, c.us), ==, c.us - 200 * MS);
    g_assert_cmpint(wr_clock_time(c.e, 0, c.us), ==, c.us);
    g_assert_true(wr_clock_can_order(c.e, 0, 1) && wr_clock_can_order(c.e, 1, 0));
    g_assert_false(wr_clock_can_order(c.e, 1, 2) || wr_clock_can_order(c.e, 2, 0));
    g_assert_true(wr_clock_can_order(c.e, 2, 2));
    wr_clock_note(c.e, 2, c.us + 50 * MS, 1, c.us, false); /* 2 is ahead of 1 */
    g_assert_true(wr_clock_offset(c.e, 2, &offset, &common));
    g_assert_cmpint(offset, ==, 250 * MS);
    g_assert_cmpuint(common, ==, 1);
    g_assert_false(wr_clock_offset(c.e, 3, &offset, &common));
    g_assert_cmpint(offset, ==, 0);
    wr_clock_note(c.e, 5, c.us, 0, c.us + 70 * MS, false); /* 0 is ahead of 5 */
    g_assert_true(wr_clock_offset(c.e, 5, &offset, NULL));
    g_assert_cmpint(offset, ==, -70 * MS);
    wr_clock_note(c.e, WR_MAX_POINTS + 3, c.us + S, 0, c.us, false); /* those beyond count as the last */
    g_assert_true(wr_clock_offset(c.e, WR_MAX_POINTS + 9, &offset, NULL));
    g_assert_cmpint(offset, ==, S);
    call_end(&c);
}

/* ---- media ---- */

static void test_streams(void)
{
    call_t c = call_begin(NULL);
    const wr_flow *f;

    agree(&c);
    connect_ends(&c);
    f = path(&c);
    stream(&c, ALICES, BOBS, 0x11, 1, WR_STREAM_SAMPLES + 5);
    stream(&c, BOBS, ALICES, 0x11, 1, 3);
    stream(&c, ALICES, BOBS, 0x22, 1, 3);
    g_assert_cmpuint(f->n_streams, ==, 3);
    g_assert_cmpuint(f->streams[0].n_samples, ==, WR_STREAM_SAMPLES);
    g_assert_cmpuint(f->streams[0].packets, ==, WR_STREAM_SAMPLES + 5);
    g_assert_cmpuint(f->streams[0].first_frame, ==, 7);
    g_assert_cmpuint(f->streams[0].payload_type, ==, 111);
    g_assert_cmpuint(f->streams[0].shortest, ==, 100);
    g_assert_cmpuint(f->streams[0].longest, ==, 100);
    g_assert_cmpuint(f->streams[0].reused_frame, ==, 0);
    g_assert_cmpuint(f->streams[0].plain, ==, 0);
    g_assert_cmpuint(f->streams[1].from, ==, 1);
    g_assert_cmpint(f->streams[0].last_us - f->streams[0].first_us, ==, (WR_STREAM_SAMPLES + 4) * 20 * MS);
    for (unsigned i = 0; i < WR_MAX_STREAMS_PER_FLOW; i++)
        stream(&c, ALICES, BOBS, 0x100 + i, 1, 1);
    g_assert_cmpuint(f->n_streams, ==, WR_MAX_STREAMS_PER_FLOW);
    call_end(&c);
}

/* Payloads: their sizes, header extensions in clear, and how few values are plain. */
static void test_payloads(void)
{
    static const uint8_t one_byte[] = {0x10, 7, 0x20, 8, 0, 0, 0, 0}, end[] = {0xf0, 0, 0x20, 0};
    static const struct {
        const uint8_t *extension;
        size_t n, length;
        unsigned values; /* that differ in the payload; 0: noise */
        uint16_t set;
        bool sampled, plain;
    } rows[] = {
        {NULL, 0, 200, 0, 0, true, false}, {one_byte, 8, 200, 0, 6, true, false}, {end, 4, 200, 0, 0, true, false},
        {NULL, 0, 15, 0, 0, false, false}, {NULL, 0, 16, 0, 0, true, false},      {NULL, 0, 200, 8, 0, true, true},
        {NULL, 0, 200, 80, 0, true, true}, {NULL, 0, 200, 81, 0, true, false},    {NULL, 0, 160, 8, 0, true, true},
        {NULL, 0, 159, 8, 0, true, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        uint8_t payload[256];
        const wr_flow *f;
        const wr_stream *s;
        rtp_t r = {.sequence = 1,
                   .timestamp = 960,
                   .ssrc = 5,
                   .type = 111,
                   .payload = payload,
                   .length = rows[i].length,
                   .extension = rows[i].extension,
                   .extension_length = rows[i].n};
        memcpy(payload, noise(7), sizeof payload);
        for (unsigned k = 0; rows[i].values > 0 && k < sizeof payload; k++)
            payload[k] = (uint8_t)(k % rows[i].values);
        agree(&c);
        connect_ends(&c);
        rtp(&c, 20, ALICES, BOBS, &r);
        f = path(&c);
        g_test_message("row %zu", i);
        g_assert_cmpuint(f->media[0].packets, ==, 1);
        g_assert_cmpuint(f->n_streams, ==, rows[i].length + rows[i].n < 8 ? 0 : 1);
        s = &f->streams[0];
        g_assert_cmpuint(s->n_samples, ==, rows[i].sampled);
        if (rows[i].sampled) {
            g_assert_cmpuint(s->plain, ==, rows[i].plain);
            g_assert_cmpuint(s->extensions, ==, rows[i].set);
            g_assert_cmpuint(s->extension_frame, ==, rows[i].set != 0 ? c.frame : 0);
            g_assert_cmpuint(s->longest, ==, rows[i].length);
        }
        call_end(&c);
    }
}

/* So many of the samples must be plain to prove anything: as long as that can be, each is looked at. */
static void test_plain_samples(void)
{
    static const struct {
        unsigned ciphered, plain;
    } rows[] = {{0, WR_STREAM_SAMPLES},
                {WR_STREAM_SAMPLES - WR_STREAM_PLAIN, WR_STREAM_PLAIN},
                {WR_STREAM_SAMPLES - WR_STREAM_PLAIN + 1, 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        uint8_t payload[200];
        for (unsigned k = 0; k < sizeof payload; k++)
            payload[k] = (uint8_t)(k % 8);
        agree(&c);
        connect_ends(&c);
        for (unsigned n = 1; n <= WR_STREAM_SAMPLES + 5; n++) {
            rtp_t r = {.sequence = (uint16_t)n, .timestamp = n * 960, .ssrc = 5, .type = 111, .length = sizeof payload};
            r.payload = n <= rows[i].ciphered ? noise(n) : payload;
            rtp(&c, 20, ALICES, BOBS, &r);
        }
        g_test_message("row %zu", i);
        g_assert_cmpuint(path(&c)->streams[0].plain, ==, rows[i].plain);
        call_end(&c);
    }
}

/* An index with another ciphertext, among the first packets or much later; a packet sent again is none. */
static void test_reused_index(void)
{
    static const struct {
        unsigned before; /* packets of the stream */
        unsigned back;   /* which of them comes again */
        bool other;      /* ciphertext */
        bool noted;
    } rows[] = {{20, 1, true, true},    {20, 1, false, false},  {100, 3, true, true},
                {100, 3, false, false}, {100, 17, true, false}, {61, 2, true, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const unsigned sequence = rows[i].before - rows[i].back + 1;
        rtp_t r = {.sequence = (uint16_t)sequence,
                   .timestamp = sequence * 960,
                   .ssrc = 5,
                   .type = 111,
                   .payload = noise(5 + sequence),
                   .length = 100};
        agree(&c);
        connect_ends(&c);
        stream(&c, ALICES, BOBS, 5, 1, rows[i].before);
        r.payload = noise(rows[i].other ? 9999 : 5 + sequence);
        rtp(&c, 20, ALICES, BOBS, &r);
        g_test_message("row %zu", i);
        g_assert_cmpuint(path(&c)->streams[0].reused_frame, ==, rows[i].noted ? c.frame : 0);
        call_end(&c);
    }
}

/* Media is Wireshark's to open where ICE answered, or SRTP keys came of a handshake. */
static void test_media_paths(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool answered = (i & 1) != 0, shaken = (i & 2) != 0, srtp = (i & 4) != 0;
        call_t c = call_begin(NULL);
        shake_t k = shake_of(1);
        const bool is = answered || (shaken && srtp);
        wr_carriage how = {.peer = wr_endpoint_none()};
        wr_place p;
        k.ch.has_use_srtp = srtp;
        ask(&c, 10, ALICES, BOBS, "BBBB:AAAA", PWD_B, 1);
        if (answered)
            reply(&c, 10, BOBS, ALICES, PWD_B, 1, NULL);
        feed(&c, 10, k.client, k.server, &k.ch);
        if (shaken)
            feed(&c, 10, k.server, k.client, &k.sh);
        p = next(&c, 10, ALICES, BOBS);
        g_assert_false(wr_engine_is_media_path(c.e, &p, &how, false));
        g_assert_true(wr_engine_is_media_path(c.e, &p, &how, true) == is);
        g_assert_true(wr_engine_is_media_path(c.e, &p, &how, false) == is);
        p.frame--;
        g_assert_false(wr_engine_is_media_path(c.e, &p, &how, false)); /* not before it was known */
        p.src = at("198.51.100.1", 1);
        g_assert_false(wr_engine_is_media_path(c.e, &p, &how, true));
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paths/order", test_order);
    g_test_add_func("/paths/which_password", test_which_password);
    g_test_add_func("/paths/responses", test_responses);
    g_test_add_func("/paths/ends_are_joined", test_ends_are_joined);
    g_test_add_func("/paths/ends_of_many", test_ends_of_many);
    g_test_add_func("/paths/names", test_names);
    g_test_add_func("/paths/full_of_names", test_full_of_names);
    g_test_add_func("/paths/reused", test_reused);
    g_test_add_func("/paths/consent", test_consent);
    g_test_add_func("/paths/replays", test_replays);
    g_test_add_func("/paths/clocks", test_clocks);
    g_test_add_func("/paths/streams", test_streams);
    g_test_add_func("/paths/payloads", test_payloads);
    g_test_add_func("/paths/plain_samples", test_plain_samples);
    g_test_add_func("/paths/reused_index", test_reused_index);
    g_test_add_func("/paths/media_paths", test_media_paths);
    return g_test_run();
}
