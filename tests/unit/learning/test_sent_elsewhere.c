/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A real handshake, of which something is left out or sent again on another path: what its client signs, what was over
 * before it came elsewhere, and what was made for it alone (RFC 5246 7.4.3, 7.4.7, 7.4.8).
 */
#include "real_call.h"

#include "records/store.h"
#include "relations/relations.h"

#define EVES at("10.9.9.9", 4000)

/* The client's flight, with the record of its CertificateVerify or without; numbered: those behind it move up, as if
 * there never had been one. */
static void client_flight(real_t *r, bool sign, bool numbered)
{
    const recorded *d = &ecdsa_handshake[CLIENT_FLIGHT];
    GByteArray *b = g_byte_array_new();
    size_t at = 0;

    for (unsigned i = 0; at < d->length; i++) {
        size_t n;
        uint8_t *record = record_of(d, i, &n);
        at += n;
        if (i >= IN_CCS && numbered && record[3] == 0 && record[4] == 0)
            record[10]--;
        if (i != IN_CERTIFICATE_VERIFY || sign)
            g_byte_array_append(b, record, (guint)n);
        g_free(record);
    }
    real_datagram(r, 5, d->up, b->data, b->len);
    g_byte_array_unref(b);
}

static void test_client_signs_nothing(void)
{
    enum { WHOLE, RENUMBERED, LOST, NEVER, CASES };

    for (int how = WHOLE; how < CASES; how++) {
        real_t r = real_begin(NULL);
        const wr_association *a;
        const wr_session *s;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned i = HELLO; i < DATAGRAMS; i++)
            if (i != CLIENT_FLIGHT)
                real_part(&r, i);
            else
                client_flight(&r, how <= RENUMBERED, how == RENUMBERED || how == NEVER);
        s = real_session(&r);
        a = real_association(&r);
        g_test_message("case %d", how);
        g_assert_true(wr_association_client_is_unsigned(a) == (how == NEVER));
        g_assert_cmpint(a->verdict, ==, how == NEVER ? WR_A_CONTESTED : WR_A_VERIFIED);
        g_assert_true((strstr(s->sentence, "signed nothing") != NULL) == (how == NEVER));
        g_assert_cmpint(s->verdict, ==, how == NEVER ? WR_S_CONTESTED : WR_S_VERIFIED_LEG);
        real_end(&r);
    }
}

static void elsewhere(real_t *r, const recorded *d)
{
    real_between(r, 5, d->up ? BOBS : EVES, d->up ? EVES : BOBS, d->bytes, d->length);
}

/* Once it was over, the other path is none of its; while it goes on, somebody may pass it on. */
static void test_handshake_elsewhere(void)
{
    for (int live = 0; live < 2; live++) {
        real_t r = real_begin(NULL);
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned i = HELLO; i < DATAGRAMS; i++) {
            real_part(&r, i);
            if (live)
                elsewhere(&r, &ecdsa_handshake[i]);
        }
        for (unsigned i = HELLO; i < DATAGRAMS && !live; i++)
            elsewhere(&r, &ecdsa_handshake[i]);
        g_assert_cmpint(real_association(&r)->verdict, ==, WR_A_VERIFIED);
        g_assert_cmpuint(real_association(&r)->flows.len, ==, live ? 2 : 1);
        real_end(&r);
    }
}

/* The client's flight alone, on another path: it is that of the handshake that has the hellos, whichever was seen
 * first, and no handshake of its own. */
static void test_flight_elsewhere(void)
{
    for (int first = 0; first < 2; first++) {
        real_t r = real_begin(NULL);
        unsigned copies = 0;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned i = HELLO; i < DATAGRAMS; i++) {
            if (first && i == CLIENT_FLIGHT)
                elsewhere(&r, &ecdsa_handshake[CLIENT_FLIGHT]);
            real_part(&r, i);
        }
        if (!first)
            elsewhere(&r, &ecdsa_handshake[CLIENT_FLIGHT]);
        wr_engine_evaluate(r.c.e);
        for (unsigned i = 0; i < r.c.e->associations->len; i++) {
            const wr_association *a = g_ptr_array_index(r.c.e->associations, i);
            if (a->absorbed != NULL || a->has_server_random)
                continue;
            copies++;
            g_assert_true(a->repeats != NULL && a->repeats->has_server_random);
            g_assert_true(wr_association_is_superseded(a));
        }
        g_assert_cmpuint(copies, ==, 1);
        g_assert_cmpint(real_association(&r)->verdict, ==, WR_A_VERIFIED);
        real_end(&r);
    }
}

/* A server that answers at the wrong address first: a hello that somebody sent from there does not take the answer,
 * for the server did not sign for it. */
static void test_answered_elsewhere_first(void)
{
    for (int hello = 0; hello < 2; hello++) {
        const recorded *d = &ecdsa_handshake[HELLO_AGAIN], *answer = &ecdsa_handshake[SERVER_FLIGHT];
        uint8_t *other = g_memdup2(d->bytes, d->length);
        real_t r = real_begin(NULL);
        const wr_association *verified = NULL;
        unsigned handshakes = 0;
        memset(other + MESSAGE_CONTENT + 2, 0x77, WR_DTLS_RANDOM);
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        if (hello)
            real_between(&r, 5, EVES, ALICES, other, d->length);
        for (unsigned i = HELLO; i < DATAGRAMS; i++) {
            if (i == SERVER_FLIGHT)
                real_between(&r, 5, ALICES, EVES, answer->bytes, answer->length);
            real_part(&r, i);
        }
        real_between(&r, 5, EVES, ALICES, d->bytes, d->length); /* and once more, when all is over */
        real_between(&r, 5, ALICES, EVES, answer->bytes, answer->length);
        wr_engine_evaluate(r.c.e);
        for (unsigned i = 0; i < r.c.e->associations->len; i++) {
            const wr_association *a = g_ptr_array_index(r.c.e->associations, i);
            handshakes += a->absorbed == NULL && a->has_server_random && (!hello || a->number > 1);
            if (a->verdict == WR_A_VERIFIED && a->absorbed == NULL)
                verified = a;
        }
        g_assert_nonnull(verified);
        g_assert_cmpuint(handshakes, ==, 1);
        g_assert_cmpuint(verified->flows.len, ==, 1);
        g_free(other);
        real_end(&r);
    }
}

/* The answer overtook the hello: the session id is known only then. */
static void test_answer_overtakes_hello(void)
{
    for (int same = 0; same < 2; same++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        const wr_association *a;
        k.ch.session_id_length = k.sh.session_id_length = 32;
        memset(k.ch.session_id, 5, 32);
        memset(k.sh.session_id, same ? 5 : 6, 32);
        feed(&c, 5, k.server, k.client, &k.sh);
        a = feed(&c, 5, k.client, k.server, &k.ch);
        g_assert_true(a->has_client_random && a->has_server_random);
        g_assert_true(a->session_echo == (same == 1));
        call_end(&c);
    }
}

/* One of 1.3 that both sides went on with stays on a flow, however many others are begun there. */
static void test_handshakes_of_13_stay(void)
{
    for (int keyed = 0; keyed < 2; keyed++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        const wr_association *first;
        const wr_flow *f;
        wr_dtls_event v = event_of(WR_DTLS_ENCRYPTED_RECORD_13, 0);
        bool stays = false;
        k.ch.offers_13 = true;
        k.sh.negotiated = WR_DTLS_1_3;
        v.epoch = 2;
        feed(&c, 5, k.client, k.server, &k.ch);
        first = feed(&c, 5, k.server, k.client, &k.sh);
        for (int s = 0; keyed && s < 2; s++)
            feed(&c, 5, s == 0 ? k.client : k.server, s == 0 ? k.server : k.client, &v);
        f = first->flow;
        for (unsigned i = 0; i < 2 * WR_MAX_ASSOCIATIONS_PER_FLOW; i++) {
            shake_t other = shake_of(40 + i);
            feed(&c, 5, other.client, other.server, &other.ch);
            feed(&c, 5, other.server, other.client, &other.sh);
        }
        for (unsigned i = 0; i < f->associations.len; i++)
            stays |= wr_list_at(&f->associations, i) == first;
        g_assert_true(stays == (keyed == 1));
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sent_elsewhere/client_signs_nothing", test_client_signs_nothing);
    g_test_add_func("/sent_elsewhere/handshake", test_handshake_elsewhere);
    g_test_add_func("/sent_elsewhere/flight", test_flight_elsewhere);
    g_test_add_func("/sent_elsewhere/answered_first", test_answered_elsewhere_first);
    g_test_add_func("/sent_elsewhere/answer_overtakes_hello", test_answer_overtakes_hello);
    g_test_add_func("/sent_elsewhere/handshakes_of_13_stay", test_handshakes_of_13_stay);
    return g_test_run();
}
