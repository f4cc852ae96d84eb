/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshake messages that are kept until signatures decide: which are, which handshake a message belongs to that is
 * made for one alone (RFC 5246 7.4.3, 7.4.7, 7.4.8), and what was somebody's beside those that count.
 */
#include "hello_build.h"
#include "real_call.h"

#include "learn.h"
#include "records/store.h"

/* ---- what is kept ---- */

static void test_kept(void)
{
    enum { PLAIN, NO_BODY, DECRYPTED, UNDER_KEYS, LONG, TOO_LONG, COOKIE_REQUEST, SERVER_SIGNED, BOTH_SIGNED, CASES };

    for (int which = PLAIN; which < CASES; which++) {
        call_t c = call_begin(NULL);
        wr_association *a = say_hello(&c, 10, true, &(hello_t){.random = 1});
        GByteArray *body = g_byte_array_new();
        wr_dtls_event *v;
        wr_dtls_evidence d;
        uint8_t *bytes;
        const bool kept = which == PLAIN || which == LONG || which == SERVER_SIGNED;
        const unsigned before = a->messages->n;
        add_filled(body, 5, which == LONG || which == TOO_LONG ? WR_MAX_HANDSHAKE_MESSAGE + (which == TOO_LONG) : 9);
        v = event_with(which == COOKIE_REQUEST ? WR_HS_HELLO_VERIFY_REQUEST : WR_HS_SERVER_KEY_EXCHANGE, 2, body);
        bytes = v->body;
        v->body = which == NO_BODY ? NULL : bytes;
        v->decrypted = which == DECRYPTED;
        v->epoch = which == UNDER_KEYS;
        a->possession[1] = which >= SERVER_SIGNED ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        a->possession[0] = which == BOTH_SIGNED ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        memset(&d, 0, sizeof d);
        d.event = v;
        d.at = next(&c, 1, ALICES, BOBS);
        g_test_message("case %d", which);
        g_assert_true(wr_association_keep_message(c.e, a, 1, &d) == kept);
        g_assert_cmpuint(a->messages->n, ==, before + kept);
        g_assert_false(wr_association_keep_message(c.e, a, 1, &d)); /* nothing new */
        g_assert_cmpuint(a->messages->n, ==, before + kept);
        v->body = bytes;
        wr_dtls_event_free(v);
        call_end(&c);
    }
}

/* Of 1.3 what was decrypted, but tickets: they come behind the handshake, and there are many. */
static void test_kept_13(void)
{
    enum { PLAIN, LONG, NO_BODY, NO_ROLE, TOO_LONG, TICKET, NO_ROOM, CASES };

    for (int which = PLAIN; which < CASES; which++) {
        call_t c = call_begin(NULL);
        wr_association *a = say_hello(&c, 10, true, &(hello_t){.random = 1});
        GByteArray *body = g_byte_array_new();
        wr_dtls_evidence d;
        wr_dtls_event *v;
        uint8_t *bytes;

        add_filled(body, 5, which == LONG || which == TOO_LONG ? WR_MAX_HANDSHAKE_MESSAGE + (which == TOO_LONG) : 9);
        v = event_with(which == TICKET ? WR_HS_NEW_SESSION_TICKET : WR_HS_ENCRYPTED_EXTENSIONS, 2, body);
        bytes = v->body;
        v->body = which == NO_BODY ? NULL : bytes;
        memset(&d, 0, sizeof d);
        d.event = v;
        d.at = next(&c, 1, ALICES, BOBS);
        if (which == NO_ROOM)
            c.e->bytes = WR_MAX_BYTES;
        wr_association_keep_13(c.e, a, which == NO_ROLE ? -1 : 1, &d);
        g_test_message("case %d", which);
        g_assert_true((a->sealed != NULL && a->sealed->n == 1) ==
                      (which == PLAIN || which == LONG || which == NO_ROOM));
        if (a->sealed != NULL) {
            g_assert_true(a->sealed->cut == (which == NO_ROOM));
            wr_association_keep_13(c.e, a, 1, &d); /* nothing new */
            g_assert_cmpuint(a->sealed->n, ==, 1);
        }
        v->body = bytes;
        wr_dtls_event_free(v);
        call_end(&c);
    }
}

/* ---- whose it is ---- */

/* It belongs to the handshake with hellos that showed it first. */
static void test_made_for_one(void)
{
    static const struct {
        const char *words;
        uint8_t type;
        bool hellos[3];
        int repeats[3]; /* which of the three each repeats; -1: none */
    } rows[] = {
        {"the server's key exchange", WR_HS_SERVER_KEY_EXCHANGE, {true, true, true}, {-1, 0, 0}},
        {"the client's", WR_HS_CLIENT_KEY_EXCHANGE, {true, true, true}, {-1, 0, 0}},
        {"its signature", WR_HS_CERTIFICATE_VERIFY, {true, true, true}, {-1, 0, 0}},
        {"a certificate", WR_HS_CERTIFICATE, {true, true, true}, {-1, -1, -1}},
        {"a request", WR_HS_CERTIFICATE_REQUEST, {true, true, true}, {-1, -1, -1}},
        {"before any hello", WR_HS_SERVER_KEY_EXCHANGE, {false, true, true}, {1, -1, 1}},
        {"without any hello", WR_HS_SERVER_KEY_EXCHANGE, {false, false, true}, {2, 0, -1}},
        {"again without a hello", WR_HS_SERVER_KEY_EXCHANGE, {true, false, true}, {-1, 0, 0}},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        call_t c = call_begin(NULL);
        wr_dtls_event hello = event_of(WR_DTLS_CLIENT_HELLO, 0);
        GByteArray *body = g_byte_array_new();
        wr_association *a[3];
        wr_dtls_evidence d = {.event = &hello};
        wr_dtls_event *v;
        wr_flow *f;
        int from;
        add_filled(body, 5, 9);
        v = event_with(rows[n].type, 2, body);
        d.at = next(&c, 1, BOBS, ALICES);
        d.how.peer = wr_endpoint_none();
        f = wr_flow_get(c.e, &d.at, &d.how, &from);
        for (int k = 0; k < 3; k++) {
            a[k] = wr_association_new(c.e, f, &d);
            a[k]->has_client_random = rows[n].hellos[k] && i % 2 == 0; /* either hello will do */
            a[k]->has_server_random = rows[n].hellos[k] && i % 2 != 0;
        }
        d.event = v;
        for (int k = 0; k < 3; k++) {
            wr_association_keep_message(c.e, a[k], 1, &d);
            v->message_seq++; /* the bytes tell, and not the number */
            wr_association_keep_message(c.e, a[k], 1, &d);
        }
        g_test_message("%s", rows[n].words);
        for (int k = 0; k < 3; k++)
            g_assert_true(a[k]->repeats == (rows[n].repeats[k] < 0 ? NULL : a[rows[n].repeats[k]]));
        wr_dtls_event_free(v);
        call_end(&c);
    }
}

/* What is said when a handshake is whole is of the next one. */
static void test_of_the_next(void)
{
    for (int whole = 0; whole < 2; whole++) {
        call_t c = call_begin(NULL);
        const hello_t hellos[] = {{.random = 1}, {.random = 2}, {.random = 3}, {.random = 4}};
        const wr_association *a, *b;
        unsigned before;

        say_hello(&c, 10, true, &hellos[0]);
        a = say_hello(&c, 10, false, &hellos[1]);
        say_message(&c, 1, false, WR_HS_SERVER_KEY_EXCHANGE, 1, 5);
        if (whole) {
            finish(&c, BOBS, ALICES);
            finish(&c, ALICES, BOBS);
        }
        say_hello(&c, 5000, true, &hellos[2]);
        b = say_hello(&c, 10, false, &hellos[3]);
        before = a->messages->n;
        g_assert_true(say_message(&c, 1, false, WR_HS_SERVER_KEY_EXCHANGE, 1, 6) == b);
        g_test_message("case %d", whole);
        g_assert_true(a != b);
        g_assert_cmpuint(a->messages->n, ==, before + (whole ? 0 : 1));
        g_assert_cmpuint(b->messages->n, >, 2);
        call_end(&c);
    }
}

/* A certificate that was kept, and shown by nobody as far as was known, is its side's once that side changes to keys:
 * of what came with the server's hello, or after it. */
static void test_taken_after_all(void)
{
    enum { AFTER, WITH, BEFORE, BY_CLIENT, EMPTY, RESUMED, NO_SERVER_HELLO, OTHER_MESSAGE, CASES };

    for (int which = AFTER; which < CASES; which++) {
        call_t c = call_begin(NULL);
        const hello_t hellos[] = {{.random = 1}, {.random = 2}};
        const wr_dtls_event changes = event_of(WR_DTLS_CHANGE_CIPHER_SPEC, 0);
        const bool client = which == BY_CLIENT, taken = which <= WITH || client;
        wr_association *a;
        wr_presented *p;
        uint32_t frame;

        say_hello(&c, 10, true, &hellos[0]);
        a = say_hello(&c, 10, false, &hellos[1]);
        if (which == OTHER_MESSAGE)
            say_message(&c, 1, false, WR_HS_SERVER_KEY_EXCHANGE, 1, 5);
        else
            say_certificate(&c, 1, client, 1, 0x33);
        frame = c.frame;
        p = &a->side[client ? 0 : 1].presented;
        g_clear_pointer(&p->certificate, wr_certificate_unref);
        p->frame = 0;
        p->empty = which == EMPTY;
        a->server_hello = frame + (which == BEFORE ? 1 : 0) - (which == AFTER ? 1 : 0);
        a->session_echo = which == RESUMED;
        a->has_server_random = which != NO_SERVER_HELLO;
        g_assert_true(feed(&c, 1, client ? ALICES : BOBS, client ? BOBS : ALICES, &changes) == a);
        g_assert_null(p->certificate); /* that was the other side */
        feed(&c, 1, client ? BOBS : ALICES, client ? ALICES : BOBS, &changes);
        g_test_message("case %d", which);
        g_assert_true((p->certificate != NULL) == taken);
        g_assert_cmpuint(p->frame, ==, taken ? frame : 0);
        call_end(&c);
    }
}

/* ---- beside those that count ---- */

/* An attempt of the client that nobody answered for half a second is its own; what comes closer is somebody's. */
static void test_attempts(void)
{
    static const struct {
        int64_t us; /* from the other hello to the one that counts */
        bool somebodys;
    } rows[] = {{100 * MS, true}, {500 * MS, true}, {500 * MS + 1, false}, {2 * S, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        real_t r = real_begin(NULL);
        const recorded *d = &ecdsa_handshake[HELLO_AGAIN];
        uint8_t *bytes = g_memdup2(d->bytes, d->length);
        uint32_t frame;
        bytes[MESSAGE_CONTENT + 5] ^= 1;
        real_datagram(&r, 5, true, bytes, d->length);
        frame = r.c.frame;
        r.c.us += rows[i].us - 5 * MS;
        for (unsigned k = HELLO_AGAIN; k < DATAGRAMS; k++)
            real_part(&r, k);
        g_assert_cmpint(real_association(&r)->possession[0], ==, WR_POSSESSION_PROVED);
        g_assert_cmpint(real_association(&r)->possession[1], ==, WR_POSSESSION_PROVED);
        g_test_message("row %zu", i);
        g_assert_cmpuint(r.c.e->injections->len, ==, rows[i].somebodys);
        if (rows[i].somebodys)
            g_assert_cmpuint(g_array_index(r.c.e->injections, wr_injection, 0).frame, ==, frame);
        g_free(bytes);
        real_end(&r);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kept_messages/kept", test_kept);
    g_test_add_func("/kept_messages/kept_13", test_kept_13);
    g_test_add_func("/kept_messages/made_for_one", test_made_for_one);
    g_test_add_func("/kept_messages/of_the_next", test_of_the_next);
    g_test_add_func("/kept_messages/taken_after_all", test_taken_after_all);
    g_test_add_func("/kept_messages/attempts", test_attempts);
    return g_test_run();
}
