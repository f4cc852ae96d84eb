/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is counted of hellos and records, at its bounds: how often a flight was sent, a Finished in pieces (RFC 6347
 * 4.2.3), nonces that are counted or drawn (RFC 5288 3), and what is forgotten with a hello that another one replaces.
 */
#include "hello_build.h"

#include "learn.h"

static wr_association *begun(call_t *c)
{
    say_hello(c, 10, true, &(hello_t){.random = 1});
    return say_hello(c, 10, false, &(hello_t){.random = 2});
}

/* ---- beginnings ---- */

/* A hello in several datagrams: pieces of it came in others than its last. */
static void test_parted(void)
{
    static const struct {
        const char *words;
        bool piece, same_frame, whole;
        bool parted;
    } rows[] = {{"in one", false, false, true, false},
                {"its end alone", false, false, false, false},
                {"in two", true, false, false, true},
                {"in two records of one", true, true, false, false},
                {"whole, behind a piece of another", true, false, true, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_dtls_event piece = event_of(WR_DTLS_FRAGMENT, 0), hello = event_of(WR_DTLS_CLIENT_HELLO, 0);
        const wr_association *a;
        piece.message_length = hello.message_length = 1500;
        hello.fragment_length = rows[i].whole ? 1500 : 300;
        if (rows[i].piece)
            feed(&c, 10, BOBS, ALICES, &piece);
        if (rows[i].same_frame)
            c.frame--;
        a = feed(&c, rows[i].same_frame ? 0 : 10, BOBS, ALICES, &hello);
        g_test_message("%s", rows[i].words);
        g_assert_true(a->facts->beginning.parted == rows[i].parted);
        g_assert_cmpuint(a->facts->beginning.length, ==, 1500);
        call_end(&c);
    }
}

/* Pieces count by datagram; behind a whole hello they say nothing of when it was sent last. */
static void test_pieces(void)
{
    for (int whole = 0; whole < 2; whole++) {
        call_t c = call_begin(NULL);
        wr_dtls_event piece = event_of(WR_DTLS_FRAGMENT, 0);
        const wr_beginning *b;
        int64_t first_us;
        uint32_t first;
        const wr_association *a;
        piece.message_length = 70000;
        if (whole)
            say_hello(&c, 10, true, &(hello_t){.random = 1});
        first = c.frame;
        first_us = c.us;
        a = feed(&c, 10, BOBS, ALICES, &piece);
        c.frame--;
        feed(&c, 0, BOBS, ALICES, &piece); /* in one datagram */
        feed(&c, 10, BOBS, ALICES, &piece);
        b = &a->facts->beginning;
        g_assert_cmpuint(b->fragments, ==, 2);
        g_assert_cmpuint(b->fragment_frame, ==, c.frame);
        g_assert_cmpuint(b->length, ==, UINT16_MAX);
        g_assert_cmpuint(b->last_frame, ==, whole ? first : c.frame);
        g_assert_cmpint(b->last_us, ==, whole ? first_us : c.us);
        g_assert_cmpint(b->first_us, ==, whole ? first_us : c.us - 10 * MS);
        call_end(&c);
    }
}

/* Sooner than any stack sends again it was captured twice (WR_AGAIN_US). */
static void test_soon(void)
{
    for (int64_t ms = WR_AGAIN_US / MS - 1; ms <= WR_AGAIN_US / MS + 1; ms++) {
        call_t c = call_begin(NULL);
        wr_association *a;
        wr_dtls_event finished = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0);
        const bool more = ms > WR_AGAIN_US / MS;
        finished.epoch = 1;
        say_hello(&c, 10, true, &(hello_t){.random = 1});
        a = say_hello(&c, ms, true, &(hello_t){.random = 1});
        g_assert_cmpuint(a->facts->beginning.hellos, ==, ms >= WR_AGAIN_US / MS ? 2 : 1);
        say_hello(&c, 10, false, &(hello_t){.random = 2});
        say_hello(&c, ms, true, &(hello_t){.random = 1});
        g_assert_cmpuint(a->facts->beginning.ignored, ==, more);
        g_assert_true((a->facts->beginning.answer_ignored_frame != 0) == more);
        feed(&c, 10, BOBS, ALICES, &finished);
        feed(&c, ms, BOBS, ALICES, &finished);
        g_assert_cmpuint(a->facts->beginning.flights, ==, more ? 2 : 1);
        g_assert_cmpuint(a->facts->beginning.flight_frame, ==, more ? c.frame : c.frame - 1);
        call_end(&c);
    }
}

/* Flights are the client's, and before the server's Finished. */
static void test_flights(void)
{
    call_t c = call_begin(NULL);
    wr_association *a = begun(&c);
    wr_dtls_event finished = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0);

    finished.epoch = 1;
    feed(&c, 100, BOBS, ALICES, &finished);
    g_assert_cmpuint(a->facts->beginning.flights, ==, 1);
    feed(&c, 100, ALICES, BOBS, &finished);
    feed(&c, 100, BOBS, ALICES, &finished);
    g_assert_cmpuint(a->facts->beginning.flights, ==, 1);
    call_end(&c);
}

/* Numbers that are full stay so. */
static void test_full_counts(void)
{
    call_t c = call_begin(NULL);
    wr_dtls_event finished = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0), piece = event_of(WR_DTLS_FRAGMENT, 0);
    wr_dtls_event ccs = event_of(WR_DTLS_CHANGE_CIPHER_SPEC, 0);
    wr_association *a = say_hello(&c, 10, true, &(hello_t){.random = 1});
    wr_beginning *b = &a->facts->beginning;

    finished.epoch = 1;
    b->hellos = b->ignored = b->flights = b->fragments = UINT16_MAX - 1;
    for (unsigned i = 0; i < 3; i++) {
        say_hello(&c, 100, true, &(hello_t){.random = 1});
        feed(&c, 100, BOBS, ALICES, &piece);
    }
    say_hello(&c, 100, false, &(hello_t){.random = 2});
    a->side[0].n_ccs = UINT8_MAX - 1;
    for (unsigned i = 0; i < 3; i++) {
        say_hello(&c, 100, true, &(hello_t){.random = 1});
        feed(&c, 100, BOBS, ALICES, &finished);
        feed(&c, 100, BOBS, ALICES, &ccs);
    }
    g_assert_cmpuint(b->hellos, ==, UINT16_MAX);
    g_assert_cmpuint(b->ignored, ==, UINT16_MAX);
    g_assert_cmpuint(b->flights, ==, UINT16_MAX);
    g_assert_cmpuint(b->fragments, ==, UINT16_MAX);
    g_assert_cmpuint(a->side[0].n_ccs, ==, UINT8_MAX);
    call_end(&c);
}

/* ---- what a hello is bound to ---- */

/* Each of the two by the first message that has it (RFC 8844). */
static void test_external(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool id = i % 2 != 0, hash = i / 2 != 0; /* in the first message */
        call_t c = call_begin(NULL);
        wr_dtls_event sh = event_of(WR_DTLS_SERVER_HELLO, 0), said = event_of(WR_DTLS_ENCRYPTED_EXTENSIONS, 1);
        uint8_t first[] = {1, 2}, second[] = {3, 4, 5};
        const wr_external *x;
        wr_association *a;
        sh.external_session_id = id ? first : NULL;
        sh.external_id_hash = hash ? first : NULL;
        sh.external_session_id_length = sh.external_id_hash_length = sizeof first;
        said.external_session_id = said.external_id_hash = second;
        said.external_session_id_length = said.external_id_hash_length = sizeof second;
        say_hello(&c, 10, true, &(hello_t){.random = 1});
        a = feed(&c, 10, ALICES, BOBS, &sh);
        g_assert_true((a->side[1].facts != NULL && a->side[1].facts->external != NULL) == (id || hash));
        feed(&c, 10, ALICES, BOBS, &said);
        x = a->side[1].facts->external;
        g_assert_cmpmem(x->id, x->id_length, id ? first : second, id ? sizeof first : sizeof second);
        g_assert_cmpmem(x->identity_hash, x->hash_length, hash ? first : second, hash ? sizeof first : sizeof second);
        g_assert_null(a->side[0].facts);
        g_assert_cmpuint(a->side[1].facts->hello_frame, ==, id || hash ? 2 : 3);
        call_end(&c);
    }
}

/* Another hello takes its place: what it said is forgotten, and of the offer what the messages that were kept say. */
static void test_forgotten(void)
{
    for (int role = 0; role < 2; role++) {
        call_t c = call_begin(NULL);
        uint8_t id[] = {1};
        wr_dtls_event sh = event_of(WR_DTLS_SERVER_HELLO, 0), ch = event_of(WR_DTLS_CLIENT_HELLO, 0);
        const hello_t offer = {.random = 1, .n_suites = 2, .suites = {0xc02b, 0xc02c}};
        const hello_t other = {.random = 5, .n_suites = 1, .suites = {0xc02f}};
        wr_association *a;
        say_hello(&c, 10, true, &offer);
        say_hello(&c, 10, true, &other);
        ch.external_session_id = sh.external_session_id = id;
        ch.external_session_id_length = sh.external_session_id_length = 1;
        memset(ch.random, 1, sizeof ch.random); /* the one that counts in the end */
        ch.n_suites = 2;
        ch.suites[0] = 0xc02b;
        ch.suites[1] = 0xc02c;
        memset(sh.random, 2, sizeof sh.random);
        sh.n_suites = 1;
        sh.suites[0] = 0xc00a; /* not offered */
        sh.has_use_srtp = true;
        sh.mki_length = 4;
        sh.alpn = (char *)"webrtc";
        feed(&c, 10, BOBS, ALICES, &ch);
        a = feed(&c, 10, ALICES, BOBS, &sh);
        g_assert_true(a->facts->compared && a->facts->suite_unoffered);
        g_assert_cmpuint(a->facts->mki_length, ==, 4);
        g_clear_pointer(&a->facts->offered, g_free);
        wr_facts_hello_again(a, role);
        g_assert_false(a->facts->compared || a->facts->suite_unoffered);
        g_assert_true((a->side[role].facts->external == NULL) && a->side[role].facts->hello_frame == 0);
        g_assert_nonnull(a->side[1 - role].facts->external);
        g_assert_cmpuint(a->facts->mki_length, ==, role == 1 ? 0 : 4);
        g_assert_cmpstr(a->facts->alpn, ==, role == 1 ? NULL : "webrtc");
        if (role == 1) { /* the client's stays: found again among the messages by its random */
            g_assert_cmpuint(a->facts->n_suites, ==, 2);
            g_assert_cmpuint(a->facts->offered[1], ==, 0xc02c);
        } else {
            g_assert_null(a->facts->offered);
        }
        wr_facts_hello_again(a, role); /* nothing is left to forget */
        call_end(&c);
    }
}

/* ---- a Finished in pieces ---- */

static void sealed_record(call_t *c, bool client, uint16_t length, uint64_t sequence, bool nonce)
{
    wr_dtls_event v = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0);

    v.epoch = 1;
    v.record_length = length;
    v.has_nonce = nonce;
    v.sequence = v.nonce = (UINT64_C(1) << 48) + sequence;
    v.mark = (uint32_t)sequence + 1;
    feed(c, 1, client ? BOBS : ALICES, client ? ALICES : BOBS, &v);
}

/* What follows the first piece as its rest is no other handshake; anything else is. 48 is a whole one of the suite. */
static void test_finished_in_pieces(void)
{
    static const struct {
        const char *words;
        uint16_t suite, first, server, second;
        uint64_t at, sequence; /* of the first and the second */
        bool nonce;
        bool again; /* another handshake */
    } rows[] = {
        {"its rest", 0xc02b, 40, 48, 32, 0, 1, true, false},
        {"the first again", 0xc02b, 40, 48, 40, 0, 7, true, false},
        {"a number is missing", 0xc02b, 40, 48, 32, 0, 2, true, true},
        {"the same number", 0xc02b, 40, 48, 32, 0, 0, true, true},
        {"as long as a whole one", 0xc02b, 40, 48, 48, 0, 1, true, true},
        {"almost as long", 0xc02b, 40, 48, 47, 0, 1, true, false},
        {"the first was whole", 0xc02b, 48, 48, 32, 0, 1, true, true},
        {"the first was almost whole", 0xc02b, 47, 48, 32, 0, 1, true, false},
        {"it has no number", 0xc02b, 40, 48, 32, 0, 1, false, true},
        {"the twelfth piece", 0xc02b, 40, 48, 32, 10, 11, true, false},
        {"a thirteenth", 0xc02b, 40, 48, 32, 11, 12, true, true},
        {"a suite without a known length: as the other side's", 0xfade, 40, 48, 32, 0, 1, true, false},
        {"a suite without a known length: the other side's was as short", 0xfade, 40, 40, 32, 0, 1, true, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_association *a;
        const wr_side_facts *f;
        uint32_t frame;
        say_hello(&c, 10, true, &(hello_t){.random = 1});
        a = say_hello(&c, 10, false, &(hello_t){.random = 2, .suites = {rows[i].suite}});
        sealed_record(&c, false, rows[i].server, 0, true);
        sealed_record(&c, true, rows[i].first, rows[i].at, true);
        sealed_record(&c, true, rows[i].second, rows[i].sequence, rows[i].nonce);
        frame = c.frame;
        f = a->side[0].facts;
        g_test_message("%s", rows[i].words);
        g_assert_cmpuint(f->renegotiation_frame, ==, rows[i].again ? frame : 0);
        if (rows[i].again) { /* the first stays */
            sealed_record(&c, true, 99, 99, true);
            g_assert_cmpuint(f->renegotiation_frame, ==, frame);
        } else { /* the rest again, and then another handshake */
            sealed_record(&c, true, rows[i].second, 50, true);
            g_assert_cmpuint(f->renegotiation_frame, ==, 0);
            sealed_record(&c, true, 99, 51, true);
            g_assert_cmpuint(f->renegotiation_frame, ==, c.frame);
        }
        call_end(&c);
    }
}

/* ---- nonces ---- */

static void with_nonce(call_t *c, uint64_t nonce, uint16_t epoch, uint32_t mark)
{
    wr_dtls_event v = event_of(WR_DTLS_APPLICATION_DATA, 0);

    v.epoch = epoch;
    v.has_nonce = true;
    v.nonce = nonce;
    v.sequence = 1;
    v.mark = mark;
    feed(c, 1, BOBS, ALICES, &v);
}

/* Steps up to a size are counting; a nonce of another epoch is under other keys. */
static void test_nonce_steps(void)
{
    static const struct {
        uint64_t step;
        unsigned jumps;
    } rows[] = {{1, 0}, {1 << 24, 0}, {(1 << 24) + 1, 1}, {UINT64_C(1) << 40, 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_association *a = begun(&c);
        with_nonce(&c, 1000, 1, 5);
        with_nonce(&c, 1000 + rows[i].step, 1, 6);
        g_assert_cmpuint(a->side[0].facts->nonces->jumps, ==, rows[i].jumps);
        g_assert_cmpuint(a->side[0].facts->nonces->odd, ==, 2);
        g_assert_cmpuint(a->side[0].facts->counted, ==, 2);
        call_end(&c);
    }
}

static void test_nonce_again(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool at_once = i / 4 != 0, other_mark = i / 2 % 2 != 0, other_epoch = i % 2 != 0 && !at_once;
        call_t c = call_begin(NULL);
        wr_association *a = begun(&c);
        const wr_side_facts *f;
        with_nonce(&c, 101, 1, 5);
        if (!at_once)
            with_nonce(&c, 502, 1, 6);
        with_nonce(&c, 101, other_epoch ? 2 : 1, other_mark ? 7 : 5);
        f = a->side[0].facts;
        g_test_message("case %u", i);
        g_assert_cmpuint(f->repeats, ==, other_mark && !other_epoch ? 1 : 0);
        g_assert_cmpuint(f->repeat_frame, ==, f->repeats > 0 ? c.frame : 0);
        g_assert_cmpuint(f->nonces->odd, ==, (at_once ? 1 : 2) + (other_epoch ? 1 : 0));
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/record_facts/parted", test_parted);
    g_test_add_func("/record_facts/pieces", test_pieces);
    g_test_add_func("/record_facts/soon", test_soon);
    g_test_add_func("/record_facts/flights", test_flights);
    g_test_add_func("/record_facts/full_counts", test_full_counts);
    g_test_add_func("/record_facts/external", test_external);
    g_test_add_func("/record_facts/forgotten", test_forgotten);
    g_test_add_func("/record_facts/finished_in_pieces", test_finished_in_pieces);
    g_test_add_func("/record_facts/nonce_steps", test_nonce_steps);
    g_test_add_func("/record_facts/nonce_again", test_nonce_again);
    return g_test_run();
}
