/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose certificate counts (RFC 5246 7.4.3 and 7.4.8, RFC 6347 4.2.6): a real handshake, and what anybody can put
 * beside its messages, at every place. What signed this handshake stays proven; what is missing is unknown; and only
 * what does not fit though nothing is missing is disproved.
 */
#include "real_call.h"
#include "records/handshake_messages.h"

typedef struct {
    const char *words;
    bool up;
    unsigned datagram, record; /* what is changed */
    int at;                    /* place of the byte that is changed, from the end where negative */
    bool foreign;              /* instead: the same message of another handshake */
} beside_t;

#define RANDOM (MESSAGE_CONTENT + 2)

static const beside_t besides[] = {
    {"a ClientHello with another random", true, HELLO, 0, .at = RANDOM},
    {"a ClientHello with cookie and another random", true, HELLO_AGAIN, 0, .at = RANDOM + 31},
    {"another cookie", false, COOKIE, 0, .at = -1},
    {"a ServerHello with another random", false, SERVER_FLIGHT, IN_SERVER_HELLO, .at = RANDOM},
    {"somebody's Certificate in the server's flight", false, SERVER_FLIGHT, IN_CERTIFICATE, .foreign = true},
    /* The key is the same, so the server's signature fits it as well: the client's, over the transcript, decides. */
    {"a Certificate with a byte changed", false, SERVER_FLIGHT, IN_CERTIFICATE, .at = -1},
    {"a key exchange with a broken signature", false, SERVER_FLIGHT, IN_KEY_EXCHANGE, .at = -1},
    {"a key exchange with another share", false, SERVER_FLIGHT, IN_KEY_EXCHANGE, .at = MESSAGE_CONTENT + 9},
    {"another request for a certificate", false, SERVER_FLIGHT, IN_REQUEST, .at = MESSAGE_CONTENT + 1},
    {"somebody's Certificate in the client's flight", true, CLIENT_FLIGHT, IN_CLIENT_CERTIFICATE, .foreign = true},
    {"a client's Certificate with a byte changed", true, CLIENT_FLIGHT, IN_CLIENT_CERTIFICATE, .at = -1},
    {"another share of the client", true, CLIENT_FLIGHT, IN_CLIENT_KEY_EXCHANGE, .at = -1},
    {"a CertificateVerify with a broken signature", true, CLIENT_FLIGHT, IN_CERTIFICATE_VERIFY, .at = -1},
};

static uint8_t *made(const beside_t *b, size_t *n)
{
    uint8_t *bytes;

    if (b->foreign) {
        bytes = record_of(&rsa_handshake[b->up ? 5 : 3], b->record, n);
        bytes[RECORD_HEADER + 4] = 0;
        bytes[RECORD_HEADER + 5] = 2;
        return bytes;
    }
    bytes = record_of(&ecdsa_handshake[b->datagram], b->record, n);
    bytes[b->at >= 0 ? (size_t)b->at : *n - (size_t)-b->at] ^= 0x55;
    return bytes;
}

static void check_shown(const wr_association *a, int role)
{
    char *shown;

    g_assert_nonnull(a->side[role].presented.certificate);
    shown = fingerprint_of(a->side[role].presented.certificate);
    g_assert_cmpstr(shown, ==, fingerprint_shown(role == 0));
    g_free(shown);
}

static void test_whole_handshake_is_proven(void)
{
    real_t r = real_begin(NULL);
    const wr_association *a;

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        real_part(&r, i);
    a = real_association(&r);
    g_assert_cmpint(a->possession[0], ==, WR_POSSESSION_PROVED);
    g_assert_cmpint(a->possession[1], ==, WR_POSSESSION_PROVED);
    g_assert_cmpint(a->verdict, ==, WR_A_VERIFIED);
    g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
    real_end(&r);
}

/* Whether it comes first or last of its kind. */
static void test_what_anybody_adds_moves_nothing(gconstpointer data)
{
    const beside_t *b = data;
    size_t n;
    uint8_t *bytes;

    bytes = made(b, &n);
    for (unsigned place = 0; place <= DATAGRAMS; place++) {
        real_t r = real_begin(NULL);
        const wr_association *a;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned i = 0; i <= DATAGRAMS; i++) {
            if (i == place)
                real_datagram(&r, 1, b->up, bytes, n);
            if (i < DATAGRAMS)
                real_part(&r, i);
        }
        g_test_message("%s, before datagram %u", b->words, place);
        g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
        a = g_ptr_array_index(real_session(&r)->associations, 0);
        g_assert_cmpint(a->possession[1], ==, WR_POSSESSION_PROVED);
        g_assert_cmpint(a->possession[0], ==, WR_POSSESSION_PROVED);
        check_shown(a, 0);
        check_shown(a, 1);
        real_end(&r);
    }
    g_free(bytes);
}

/* The same as often as an attacker likes: what is not told apart stays unknown, nothing is disproved. */
static void test_many_are_not_a_disproof(gconstpointer data)
{
    const beside_t *b = data;
    real_t r = real_begin(NULL);
    const wr_association *a;

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < DATAGRAMS; i++) {
        for (unsigned k = 0; i == b->datagram && k < 40; k++) {
            size_t n;
            uint8_t *bytes = made(b, &n);
            bytes[n - 2] ^= (uint8_t)(k + 1);
            real_datagram(&r, 0, b->up, bytes, n);
            g_free(bytes);
        }
        real_part(&r, i);
    }
    a = real_association(&r);
    g_assert_cmpint(a->possession[0], !=, WR_POSSESSION_INVALID);
    g_assert_cmpint(a->possession[1], !=, WR_POSSESSION_INVALID);
    g_assert_cmpint(real_session(&r)->severity, <=, WR_WARN);
    g_assert_true(a->messages == NULL || !a->messages->cut || wr_engine_limits_reached(r.c.e)->len > 0);
    real_end(&r);
}

/* A datagram that the capture lacks makes unknown what its messages would prove. */
static void test_what_is_missing_is_unknown(void)
{
    static const wr_possession server[DATAGRAMS] = {WR_POSSESSION_PROVED,  WR_POSSESSION_PROVED, WR_POSSESSION_PROVED,
                                                    WR_POSSESSION_UNKNOWN, WR_POSSESSION_PROVED, WR_POSSESSION_PROVED};
    static const wr_possession client[DATAGRAMS] = {WR_POSSESSION_PROVED,  WR_POSSESSION_PROVED,  WR_POSSESSION_UNKNOWN,
                                                    WR_POSSESSION_UNKNOWN, WR_POSSESSION_UNKNOWN, WR_POSSESSION_PROVED};

    for (unsigned lost = 0; lost < DATAGRAMS; lost++) {
        real_t r = real_begin(NULL);
        const wr_association *a;
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned i = 0; i < DATAGRAMS; i++)
            if (i != lost)
                real_part(&r, i);
        g_test_message("without datagram %u", lost);
        a = real_association(&r);
        g_assert_cmpint(a->possession[0], ==, client[lost]);
        g_assert_cmpint(a->possession[1], ==, server[lost]);
        g_assert_cmpint(real_session(&r)->severity, <, WR_WARN);
        real_end(&r);
    }
}

/* The flight with one record exchanged. */
static void exchanged(real_t *r, unsigned datagram, unsigned which, const uint8_t *record, size_t n)
{
    const recorded *d = &ecdsa_handshake[datagram];
    GByteArray *b = g_byte_array_new();
    size_t at = 0;

    for (unsigned i = 0; at < d->length; i++) {
        const size_t length = record_length(d->bytes + at);
        if (i == which)
            g_byte_array_append(b, record, (guint)n);
        else
            g_byte_array_append(b, d->bytes + at, (guint)length);
        at += length;
    }
    real_datagram(r, 5, d->up, b->data, b->len);
    g_byte_array_unref(b);
}

/* A certificate that is announced and shown, by somebody without its key: it is nobody's, and nobody is accused. */
static void not_the_holder(bool client, const char *alices, const char *bobs, unsigned datagram, unsigned which,
                           uint8_t *record, size_t n)
{
    real_t r = real_begin(NULL);
    const wr_association *a;

    real_agree(&r, alices, bobs);
    connect_ends(&r.c);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        if (i == datagram)
            exchanged(&r, datagram, which, record, n);
        else
            real_part(&r, i);
    a = real_association(&r);
    g_assert_cmpint(a->possession[client ? 0 : 1], ==, WR_POSSESSION_INVALID);
    g_assert_true(a->side[client ? 0 : 1].presented.contested);
    g_assert_cmpstr(wr_session_verdict_name(real_session(&r)->verdict), ==, "CONTESTED");
    g_assert_cmpint(real_session(&r)->severity, ==, WR_WARN);
    real_end(&r);
    g_free(record);
}

/* A record of one side with the body of another one, under its own number. */
static uint8_t *in_place_of(unsigned datagram, unsigned which, unsigned other, unsigned other_which, size_t *n)
{
    size_t own;
    uint8_t *place = record_of(&ecdsa_handshake[datagram], which, &own);
    uint8_t *bytes = record_of(&ecdsa_handshake[other], other_which, n);

    memcpy(bytes + 3, place + 3, 8);                                 /* epoch and sequence number */
    memcpy(bytes + RECORD_HEADER + 4, place + RECORD_HEADER + 4, 2); /* message_seq */
    g_free(place);
    return bytes;
}

static void test_server_without_the_key(void)
{
    size_t n;
    uint8_t *bytes = in_place_of(SERVER_FLIGHT, IN_CERTIFICATE, CLIENT_FLIGHT, IN_CLIENT_CERTIFICATE, &n);

    not_the_holder(false, fingerprint_shown(true), fingerprint_shown(true), SERVER_FLIGHT, IN_CERTIFICATE, bytes, n);
    bytes = record_of(&ecdsa_handshake[SERVER_FLIGHT], IN_KEY_EXCHANGE, &n);
    bytes[n - 1] ^= 1;
    not_the_holder(false, fingerprint_shown(false), fingerprint_shown(true), SERVER_FLIGHT, IN_KEY_EXCHANGE, bytes, n);
}

static void test_client_without_the_key(void)
{
    size_t n;
    uint8_t *bytes = in_place_of(CLIENT_FLIGHT, IN_CLIENT_CERTIFICATE, SERVER_FLIGHT, IN_CERTIFICATE, &n);

    not_the_holder(true, fingerprint_shown(false), fingerprint_shown(false), CLIENT_FLIGHT, IN_CLIENT_CERTIFICATE,
                   bytes, n);
    bytes = record_of(&ecdsa_handshake[CLIENT_FLIGHT], IN_CERTIFICATE_VERIFY, &n);
    bytes[n - 1] ^= 1;
    not_the_holder(true, fingerprint_shown(false), fingerprint_shown(true), CLIENT_FLIGHT, IN_CERTIFICATE_VERIFY, bytes,
                   n);
}

/* The n-th order of the datagrams, of 720. */
static void order_of(unsigned n, unsigned out[DATAGRAMS])
{
    unsigned left[DATAGRAMS];

    for (unsigned i = 0; i < DATAGRAMS; i++)
        left[i] = i;
    for (unsigned i = 0, ways = 720; i < DATAGRAMS; i++) {
        unsigned pick;
        ways /= DATAGRAMS - i;
        pick = n / ways % (DATAGRAMS - i);
        out[i] = left[pick];
        memmove(&left[pick], &left[pick + 1], (DATAGRAMS - i - 1 - pick) * sizeof left[0]);
    }
}

/* Packets are captured in another order than they were sent: none changes what is known in the end. */
static void test_any_order(void)
{
    for (unsigned n = 0; n < 720; n++) {
        real_t r = real_begin(NULL);
        const wr_association *a;
        unsigned order[DATAGRAMS];
        order_of(n, order);
        real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
        connect_ends(&r.c);
        for (unsigned i = 0; i < DATAGRAMS; i++)
            real_part(&r, order[i]);
        stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 3);
        if (real_session(&r)->verdict != WR_S_VERIFIED_LEG || real_session(&r)->associations->len != 1)
            g_test_message("order %u%u%u%u%u%u", order[0], order[1], order[2], order[3], order[4], order[5]);
        g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_VERIFIED_LEG);
        g_assert_cmpuint(real_session(&r)->associations->len, ==, 1);
        a = g_ptr_array_index(real_session(&r)->associations, 0);
        g_assert_cmpint(a->possession[0], !=, WR_POSSESSION_INVALID);
        if (order[0] != CLIENT_FLIGHT && (order[0] != SERVER_END || order[1] != CLIENT_FLIGHT)) /* before any hello */
            g_assert_cmpint(a->possession[0], ==, WR_POSSESSION_PROVED);
        g_assert_cmpint(a->possession[1], ==, WR_POSSESSION_PROVED);
        g_assert_true(wr_association_is_completed(a));
        check_shown(a, 0);
        check_shown(a, 1);
        real_end(&r);
    }
}

/* The message that no party's handshake took up is told, and weighs nothing. */
static void test_what_was_added_is_a_note(void)
{
    size_t n;
    uint8_t *bytes = made(&besides[4], &n);
    wr_place spoofed = {.src = ALICES};
    real_t r = real_begin(NULL);
    const wr_finding *f;

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < DATAGRAMS; i++) {
        real_part(&r, i);
        if (i == SERVER_FLIGHT)
            real_datagram(&r, 1, false, bytes, n);
    }
    g_assert_cmpuint(found(&r.c, "INJ-01", WR_NOTE), ==, 1);
    f = the_finding(&r.c, "INJ-01");
    g_assert_cmpuint(f->frame, ==, r.c.frame - 2);
    g_assert_null(strstr(f->message, "TTL"));
    for (spoofed.frame = 1; spoofed.frame < 7; spoofed.frame++)
        wr_engine_add_hops(r.c.e, &spoofed, 64);
    spoofed.frame = f->frame;
    wr_engine_add_hops(r.c.e, &spoofed, 3);
    r.c.e->changed = true;
    g_assert_cmpuint(found(&r.c, "INJ-01", WR_NOTE), ==, 1);
    g_assert_nonnull(strstr(the_finding(&r.c, "INJ-01")->message, ". TTL or hop limit is 3 in frame "));
    real_end(&r);
    g_free(bytes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proof/whole", test_whole_handshake_is_proven);
    for (size_t i = 0; i < G_N_ELEMENTS(besides); i++) {
        char *path = g_strdup_printf("/proof/beside/%s", besides[i].words);
        g_test_add_data_func(path, &besides[i], test_what_anybody_adds_moves_nothing);
        g_free(path);
        path = g_strdup_printf("/proof/many/%s", besides[i].words);
        g_test_add_data_func(path, &besides[i], test_many_are_not_a_disproof);
        g_free(path);
    }
    g_test_add_func("/proof/missing", test_what_is_missing_is_unknown);
    g_test_add_func("/proof/server_without_key", test_server_without_the_key);
    g_test_add_func("/proof/client_without_key", test_client_without_the_key);
    g_test_add_func("/proof/any_order", test_any_order);
    g_test_add_func("/proof/note", test_what_was_added_is_a_note);
    return g_test_run();
}
