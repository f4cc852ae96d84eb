/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes that cross each other on one path where signatures do not tell all: one whose own signature is spoilt, a
 * resumption, which has none, what came before its time, and what comes again. Each keeps what its datagrams, its
 * session id or its own bytes show to be its own.
 */
#include "real_call.h"
#include "relations/relations.h"

#define FLIGHT 5 /* datagrams of the foreign handshake, up to the server's flight */

static void foreign_flight(real_t *r, bool turned, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        real_datagram(r, 1, rsa_handshake[i].up != turned, rsa_handshake[i].bytes, rsa_handshake[i].length);
}

/* The signature in the call's own handshake fits nothing; a stranger's server signed well, and no client answered: the
 * call's records are those of its handshake, and nobody is accused. */
static void test_beside_a_spoilt_signature(void)
{
    static const uint8_t alert[] = {21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 42};

    for (int i = 0; i < 4; i++) {
        real_t r = real_begin(NULL);
        const recorded *d = &ecdsa_handshake[SERVER_FLIGHT];
        uint8_t *bytes = g_memdup2(d->bytes, d->length);
        size_t end = 0;
        for (unsigned skip = 0; skip <= IN_KEY_EXCHANGE; skip++)
            end += record_length(bytes + end);
        bytes[end - 1] ^= 1;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        foreign_flight(&r, i % 2, FLIGHT);
        if (i >= 2)
            real_datagram(&r, 1, i % 2 == 0, alert, sizeof alert);
        for (unsigned k = 0; k < DATAGRAMS; k++)
            if (k == SERVER_FLIGHT)
                real_datagram(&r, 5, false, bytes, d->length);
            else
                real_part(&r, k);
        stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 3);
        stream(&r.c, BOBS, ALICES, 0xB0B, 1, 3);
        g_test_message("case %d", i);
        g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_CONTESTED);
        g_assert_cmpint(real_session(&r)->severity, ==, WR_WARN);
        g_free(bytes);
        real_end(&r);
    }
}

/* ---- no signature at all ---- */

static void give_session_id(wr_dtls_event *v)
{
    v->session_id_length = 8;
    memset(v->session_id, 9, 8);
}

/* Another handshake was refused on the path before: the change to keys is the resumption's. */
static void test_resumption_behind_a_refusal(void)
{
    real_t r = real_begin(NULL);
    static const uint8_t alert[] = {21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 42};
    shake_t k = shake_of(0x10);
    const wr_association *a;

    k.client = ALICES;
    k.server = BOBS;
    give_session_id(&k.ch);
    give_session_id(&k.sh);
    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < SERVER_END; i++) /* Bob is its client, and refuses when he signed already */
        real_part(&r, i);
    real_datagram(&r, 1, true, alert, sizeof alert);
    feed(&r.c, 10, k.client, k.server, &k.ch);
    feed(&r.c, 10, k.server, k.client, &k.sh);
    finish(&r.c, k.server, k.client);
    finish(&r.c, k.client, k.server);
    wr_engine_evaluate(r.c.e);
    a = g_ptr_array_index(wr_engine_associations(r.c.e), 1);
    g_assert_true(wr_association_is_completed(a));
    g_assert_cmpint(a->verdict, ==, WR_A_RESUMED_UNLINKED);
    a = g_ptr_array_index(wr_engine_associations(r.c.e), 0);
    g_assert_cmpuint(a->side[1].finished_frame, ==, 0);
    real_end(&r);
}

/* ---- before its time, and again ---- */

static void copy_of(real_t *r, unsigned datagram, bool turned, unsigned changed)
{
    const recorded *d = &ecdsa_handshake[datagram];
    uint8_t *bytes = g_memdup2(d->bytes, d->length);

    bytes[changed] ^= changed != 0 ? 0x55 : 0;
    real_datagram(r, 1, d->up != turned, bytes, d->length);
    g_free(bytes);
}

static void finish_call(real_t *r)
{
    for (unsigned i = 0; i < DATAGRAMS; i++)
        real_part(r, i);
    stream(&r->c, ALICES, BOBS, 0xA11CE, 1, 3);
    stream(&r->c, BOBS, ALICES, 0xB0B, 1, 3);
}

/* Both ends of a handshake came before its hellos, one with another certificate, or the other way round. */
static void test_ends_before_the_hellos(void)
{
    for (int i = 0; i < 4; i++) {
        real_t r = real_begin(NULL);
        const wr_association *a = NULL;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        copy_of(&r, CLIENT_FLIGHT, i % 2 != 0, i < 2 ? MESSAGE_CONTENT + 200 : 0);
        copy_of(&r, SERVER_END, i % 2 != 0, 0);
        finish_call(&r);
        g_test_message("case %d", i);
        g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
        for (unsigned k = 0; k < real_session(&r)->associations->len; k++) {
            a = g_ptr_array_index(real_session(&r)->associations, k);
            if (a->verdict == WR_A_VERIFIED)
                break;
        }
        g_assert_cmpint(a->possession[0], ==, WR_POSSESSION_PROVED);
        g_assert_cmpint(a->possession[1], ==, WR_POSSESSION_PROVED);
        real_end(&r);
    }
}

/* The true answer and the true hello, sent back before they were sent: the handshake that went on is the true one. */
static void test_mirrored_before_its_time(void)
{
    real_t r = real_begin(NULL);

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    copy_of(&r, SERVER_FLIGHT, true, 0);
    real_part(&r, HELLO);
    copy_of(&r, HELLO, true, 0);
    for (unsigned i = COOKIE; i < DATAGRAMS; i++)
        real_part(&r, i);
    stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 3);
    g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
    g_assert_cmpuint(real_session(&r)->associations->len, ==, 1);
    real_end(&r);
}

/* An answer with another random, to no hello; then the client's flight of the call once more, which is the call's. */
static void test_flight_again(void)
{
    real_t r = real_begin(NULL);
    const wr_association *a;

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    finish_call(&r);
    copy_of(&r, SERVER_FLIGHT, false, MESSAGE_CONTENT + 5);
    real_part(&r, CLIENT_FLIGHT);
    g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
    a = g_ptr_array_index(wr_engine_associations(r.c.e), 0);
    g_assert_cmpuint(a->side[0].n_ccs, ==, 2);
    real_end(&r);
}

/* ---- on two paths ---- */

/* A relay's far path had a stranger's handshake before. What is asked there first and answered last goes over both. */
static void test_relayed_behind_another(void)
{
    for (int replayed = 0; replayed < 2; replayed++) {
        call_t c = call_begin(NULL);
        shake_t one = shake_of(0x10), other = shake_of(0x50);
        wr_association *a;
        other.client.port = 7000;
        other.server.port = 8000;
        shake(&c, &other);
        if (!replayed)
            feed(&c, 10, other.client, other.server, &one.ch);
        feed(&c, 1, one.client, one.server, &one.ch);
        a = feed(&c, 10, one.server, one.client, &one.sh);
        if (replayed) /* who repeats what he saw comes later */
            feed(&c, 10, other.client, other.server, &one.ch);
        feed(&c, 1, other.server, other.client, &one.sh);
        g_assert_cmpuint(a->flows.len, ==, replayed ? 1 : 2);
        call_end(&c);
    }
}

/* ---- very many ---- */

/* Whole handshakes of somebody between a hello and its answer, fewer than a flow keeps, and more: a clean call is
 * accused of nothing, and a mismatch is not passed over. */
static void test_many_between(void)
{
    static const unsigned counts[] = {1, 20, WR_MAX_ASSOCIATIONS_PER_FLOW - 1, WR_MAX_ASSOCIATIONS_PER_FLOW, 40, 90};

    for (size_t i = 0; i < 4 * G_N_ELEMENTS(counts); i++) {
        const bool turned = i % 2 == 1, guilty = i / 2 % 2 == 1;
        real_t r = real_begin(NULL);
        wr_certificate *own[2] = {some_certificate(1), some_certificate(2)};
        const wr_session *s;
        real_agree(&r, guilty ? fingerprint_shown(true) : fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned k = HELLO; k <= HELLO_AGAIN; k++)
            real_part(&r, k);
        for (unsigned n = 0; n < counts[i / 4]; n++) {
            shake_t k = shake_of(0x100 + n);
            k.client = turned ? ALICES : BOBS;
            k.server = turned ? BOBS : ALICES;
            k.certificate[0] = own[0];
            k.certificate[1] = own[1];
            shake(&r.c, &k);
        }
        for (unsigned k = SERVER_FLIGHT; k < DATAGRAMS; k++)
            real_part(&r, k);
        stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 3);
        stream(&r.c, BOBS, ALICES, 0xB0B, 1, 3);
        g_test_message("%u between, %s%s", counts[i / 4], turned ? "turned, " : "", guilty ? "guilty" : "clean");
        s = real_session(&r);
        if (guilty)
            g_assert_cmpint(s->severity, >=, WR_WARN);
        else
            g_assert_cmpint(s->severity, <, WR_ERROR);
        real_end(&r);
        wr_certificate_unref(own[0]);
        wr_certificate_unref(own[1]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crossed/spoilt_signature", test_beside_a_spoilt_signature);
    g_test_add_func("/crossed/resumption_behind_a_refusal", test_resumption_behind_a_refusal);
    g_test_add_func("/crossed/ends_before_the_hellos", test_ends_before_the_hellos);
    g_test_add_func("/crossed/mirrored_before_its_time", test_mirrored_before_its_time);
    g_test_add_func("/crossed/flight_again", test_flight_again);
    g_test_add_func("/crossed/relayed_behind_another", test_relayed_behind_another);
    g_test_add_func("/crossed/many_between", test_many_between);
    return g_test_run();
}
