/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a handshake negotiated: each check once where it must speak, and once where it nearly must. */
#include "handshake_build.h"

/* DTLS-01, DTLS-02: certificates against what was announced. */
static void announce(call_t *c, const char *alice, const char *bob)
{
    text_t o = offer_text(), a = answer_text();

    o.fingerprint = alice;
    a.fingerprint = bob;
    say(c, OFFERED, &o);
    say(c, ANSWERED, &a);
    connect_ends(c);
}

static void test_certificates_are_compared(void)
{
    wr_certificate *alice = some_certificate(1), *bob = some_certificate(2);
    char *fa = fingerprint_of(alice), *fb = fingerprint_of(bob);
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    k.certificate[0] = bob;
    k.certificate[1] = alice;
    announce(&c, fa, fb);
    shake(&c, &k);
    g_assert_cmpuint(found(&c, "DTLS-01", -1) + found(&c, "DTLS-02", -1), ==, 0);
    call_end(&c);

    c = call_begin(NULL);
    announce(&c, fa, fa); /* Bob's is another */
    shake(&c, &k);
    g_assert_cmpuint(found(&c, "DTLS-01", -1), ==, 0);
    g_assert_cmpuint(found(&c, "DTLS-02", WR_ERROR), ==, 1);
    g_assert_cmpstr(the_finding(&c, "DTLS-02")->asvs, ==, "V17.2.8");
    call_end(&c);

    c = call_begin(NULL);
    announce(&c, fb, fb);
    shake(&c, &k);
    g_assert_cmpuint(found(&c, "DTLS-01", WR_ERROR), ==, 1);
    g_assert_cmpuint(found(&c, "DTLS-02", -1), ==, 0);
    call_end(&c);
    g_free(fa);
    g_free(fb);
    wr_certificate_unref(alice);
    wr_certificate_unref(bob);
}

/* DTLS-07 */
static void mismatched(call_t *c, bool refused)
{
    wr_certificate *alice = some_certificate(1);
    shake_t k = shake_of(10);
    wr_dtls_event alert = event_of(WR_DTLS_ALERT, 0);

    announce(c, sha256_of(0xAA), sha256_of(0xBB));
    k.certificate[1] = alice;
    shake(c, &k);
    alert.alert_level = 2;
    alert.alert_description = 42;
    if (refused)
        feed(c, 5, BOBS, ALICES, &alert);
    else
        for (unsigned i = 0; i < 40; i++)
            stream(c, BOBS, ALICES, 7, 5 * i, 5);
    wr_certificate_unref(alice);
}

static void test_enforcement(void)
{
    call_t c = call_begin(NULL);

    mismatched(&c, false);
    g_assert_cmpuint(found(&c, "DTLS-07", WR_ERROR), ==, 1);
    call_end(&c);
    c = call_begin(NULL);
    mismatched(&c, true);
    g_assert_cmpuint(found(&c, "DTLS-07", WR_NOTE), ==, 1);
    g_assert_cmpuint(found(&c, "DTLS-07", WR_ERROR), ==, 0);
    call_end(&c);
}

/* DTLS-03 */
static unsigned unauthenticated(bool asks, bool empty, bool fails, int severity)
{
    wr_certificate *alice = some_certificate(1);
    char *fa = fingerprint_of(alice);
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    unsigned n;

    announce(&c, fa, sha256_of(0xBB));
    k.certificate[1] = alice;
    k.asks = asks;
    k.empty = empty;
    k.fails = fails;
    shake(&c, &k);
    n = found(&c, "DTLS-03", severity);
    call_end(&c);
    g_free(fa);
    wr_certificate_unref(alice);
    return n;
}

static void test_client_without_certificate(void)
{
    g_assert_cmpuint(unauthenticated(false, false, false, WR_ERROR), ==, 1); /* never asked */
    g_assert_cmpuint(unauthenticated(true, true, false, WR_ERROR), ==, 1);   /* an empty list accepted */
    g_assert_cmpuint(unauthenticated(true, true, true, WR_ERROR), ==, 0);    /* refused */
    g_assert_cmpuint(unauthenticated(true, true, true, WR_NOTE), ==, 1);
    g_assert_cmpuint(unauthenticated(true, false, false, -1), ==, 0); /* asked, and the Certificate was lost */
}

/* DTLS-04 */
static void test_encrypted_certificates_are_a_limit_of_the_capture(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    wr_dtls_event sealed = event_of(WR_DTLS_ENCRYPTED_RECORD_13, 0);

    agree(&c);
    connect_ends(&c);
    k.ch.offers_13 = true;
    k.sh.negotiated = WR_DTLS_1_3;
    sealed.epoch = 2;
    feed(&c, 5, k.client, k.server, &k.ch);
    feed(&c, 5, k.server, k.client, &k.sh);
    feed(&c, 1, k.server, k.client, &sealed);
    sealed.epoch = 3;
    feed(&c, 5, k.client, k.server, &sealed);
    feed(&c, 5, k.server, k.client, &sealed);
    g_assert_cmpuint(found(&c, "DTLS-04", WR_CHAT), ==, 1);
    g_assert_cmpuint(found(&c, "DTLS-03", -1) + found(&c, "DTLS-05", -1) + found(&c, "DTLS-13", -1), ==, 0);
    call_end(&c);
}

/* DTLS-05 */
static void test_missing_handshake(void)
{
    call_t c = call_begin(NULL);
    wr_dtls_event data = event_of(WR_DTLS_APPLICATION_DATA, 0);
    shake_t k = shake_of(10);

    agree(&c);
    connect_ends(&c);
    data.epoch = 1;
    feed(&c, 5, BOBS, ALICES, &data);
    g_assert_cmpuint(found(&c, "DTLS-05", WR_NOTE), ==, 1);
    call_end(&c);

    c = call_begin(NULL);
    k.fails = true;
    ordinary(&c, &k);
    g_assert_cmpuint(found(&c, "DTLS-05", WR_CHAT), ==, 1);
    g_assert_cmpuint(found(&c, "DTLS-05", WR_NOTE), ==, 0);
    call_end(&c);
}

/* DTLS-06 */
static void resume(call_t *c, unsigned mark, bool full)
{
    shake_t k = shake_of(mark);
    wr_certificate *alice = some_certificate(1);

    k.ch.session_id_length = full ? 0 : 32;
    k.sh.session_id_length = 32;
    memset(k.sh.session_id, 5, 32);
    memset(k.ch.session_id, full ? 0 : 5, 32);
    k.certificate[1] = alice;
    if (full) {
        shake(c, &k);
    } else {
        feed(c, 10, k.client, k.server, &k.ch);
        feed(c, 10, k.server, k.client, &k.sh);
        finish(c, k.server, k.client);
        finish(c, k.client, k.server);
    }
    wr_certificate_unref(alice);
}

/* By ticket the client makes up the session id; what tells the first handshake is the ticket alone (RFC 5077 3.4). */
static void resume_by_ticket(call_t *c, unsigned mark, bool full, uint8_t ticket)
{
    wr_dtls_event given = {.kind = WR_DTLS_OTHER_HANDSHAKE, .handshake_type = 4, .has_ticket_digest = true};
    shake_t k = shake_of(mark);
    wr_certificate *alice = some_certificate(1);

    memset(given.ticket_digest, ticket, sizeof given.ticket_digest);
    k.certificate[1] = alice;
    if (full) {
        shake(c, &k);
        feed(c, 10, k.server, k.client, &given);
    } else {
        k.ch.session_id_length = k.sh.session_id_length = 32;
        memset(k.ch.session_id, 6, 32);
        memset(k.sh.session_id, 6, 32);
        k.ch.has_ticket_digest = true;
        memset(k.ch.ticket_digest, ticket, sizeof k.ch.ticket_digest);
        feed(c, 10, k.client, k.server, &k.ch);
        feed(c, 10, k.server, k.client, &k.sh);
        finish(c, k.server, k.client);
        finish(c, k.client, k.server);
    }
    wr_certificate_unref(alice);
}

static void test_resumption_by_ticket(void)
{
    for (unsigned same = 0; same < 2; same++) {
        call_t c = call_begin(NULL);

        agree(&c);
        connect_ends(&c);
        resume_by_ticket(&c, 10, true, 7);
        resume_by_ticket(&c, 20, false, same ? 7 : 8);
        g_assert_cmpuint(found(&c, "DTLS-06", same ? WR_CHAT : WR_NOTE), ==, 1);
        g_assert_cmpuint(found(&c, "DTLS-06", same ? WR_NOTE : WR_CHAT), ==, 0);
        call_end(&c);
    }
}

static void test_resumption(void)
{
    call_t c = call_begin(NULL);

    agree(&c);
    connect_ends(&c);
    resume(&c, 20, false);
    g_assert_cmpuint(found(&c, "DTLS-06", WR_NOTE), ==, 1); /* the first handshake is not in the capture */
    call_end(&c);
    c = call_begin(NULL);
    agree(&c);
    connect_ends(&c);
    resume(&c, 10, true);
    g_assert_cmpuint(found(&c, "DTLS-06", -1), ==, 0);
    resume(&c, 20, false);
    g_assert_cmpuint(found(&c, "DTLS-06", WR_NOTE), ==, 0);
    g_assert_cmpuint(found(&c, "DTLS-06", WR_CHAT), ==, 1);
    call_end(&c);
}

/* ---- handshakes that rest on others, or follow inside them ---- */

/* Of the call with descriptions. */
static wr_session_verdict verdict_of(call_t *c)
{
    wr_engine_evaluate(c->e);
    for (unsigned i = 0; i < c->e->sessions->len; i++) {
        const wr_session *s = g_ptr_array_index(c->e->sessions, i);
        if (s->copies->len > 0)
            return s->verdict;
    }
    return WR_S_NO_MEDIA;
}

/* A first call of Alice, with her certificate, then one that resumes its session and announces this of her. */
typedef struct {
    const char *announced; /* of the second call; NULL: what the first showed */
    bool lost;             /* the first handshake is not in the capture */
    bool half;             /* it was never finished by the server */
    bool strangers;        /* it was between others */
    bool contested;        /* another one gave the same session id */
    bool unfinished;       /* the second lacks the client's Finished */
} resumed_t;

static call_t call_resumed(const resumed_t *r)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10), again = shake_of(20);
    text_t o = offer_text(), a = answer_text();
    wr_certificate *alice = some_certificate(1), *other = some_certificate(4);
    char *fa = fingerprint_of(alice);

    k.certificate[1] = alice;
    k.fails = r->half;
    k.sh.session_id_length = again.ch.session_id_length = again.sh.session_id_length = 32;
    memset(k.sh.session_id, 5, 32);
    memset(again.ch.session_id, 5, 32);
    memset(again.sh.session_id, 5, 32);
    if (!r->lost) {
        k.client = at(r->strangers ? "198.51.100.7" : BOB, 4000); /* of whatever call it was */
        k.server = at(r->strangers ? "198.51.100.8" : ALICE, 4001);
        shake(&c, &k);
        if (r->contested) {
            k.certificate[1] = other;
            memset(k.ch.random, 30, sizeof k.ch.random);
            memset(k.sh.random, 31, sizeof k.sh.random);
            shake(&c, &k);
        }
    }
    o.fingerprint = r->announced != NULL ? r->announced : fa;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    connect_ends(&c);
    feed(&c, 10, again.client, again.server, &again.ch);
    feed(&c, 10, again.server, again.client, &again.sh);
    finish(&c, again.server, again.client);
    if (!r->unfinished)
        finish(&c, again.client, again.server);
    g_free(fa);
    wr_certificate_unref(alice);
    wr_certificate_unref(other);
    return c;
}

static void test_resumption_of_another_identity(void)
{
    resumed_t r = {.announced = sha256_of(0xCC)};
    call_t c = call_resumed(&r);

    g_assert_cmpuint(found(&c, "DTLS-01", WR_ERROR), ==, 1);
    g_assert_cmpuint(found(&c, "DTLS-06", WR_NOTE), ==, 1);
    g_assert_cmpuint(verdict_of(&c), ==, WR_S_MISMATCH);
    call_end(&c);

    r.announced = NULL; /* who it was made with */
    c = call_resumed(&r);
    g_assert_cmpuint(found(&c, "DTLS-01", -1), ==, 0);
    g_assert_cmpuint(verdict_of(&c), !=, WR_S_MISMATCH);
    call_end(&c);
}

/* A session id stands in clear, and anybody can say it: the contradiction needs both handshakes whole. */
static void test_resumption_that_accuses_nobody(void)
{
    const resumed_t each[] = {{.announced = sha256_of(0xCC), .lost = true},
                              {.announced = sha256_of(0xCC), .unfinished = true},
                              {.announced = sha256_of(0xCC), .strangers = true},
                              {.announced = sha256_of(0xCC), .contested = true},
                              {.announced = sha256_of(0xCC), .half = true}};

    for (unsigned i = 0; i < G_N_ELEMENTS(each); i++) {
        call_t c = call_resumed(&each[i]);
        g_assert_cmpuint(found(&c, "DTLS-01", -1), ==, 0);
        g_assert_cmpuint(verdict_of(&c), !=, WR_S_MISMATCH);
        call_end(&c);
    }
}

/* Bob's second call resumes a session; a key exchange of another handshake comes on its flow, before it or behind. */
static void test_resumption_beside_another_handshake(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool before = (i & 1) != 0, of_client = (i & 2) != 0;
        call_t c = call_begin(NULL);
        shake_t k = shake_of(20);
        wr_dtls_event stray = event_of(of_client ? WR_DTLS_CLIENT_KEY_EXCHANGE : WR_DTLS_SERVER_KEY_EXCHANGE, 2);
        const wr_endpoint from = of_client ? k.client : k.server, to = of_client ? k.server : k.client;

        agree(&c);
        connect_ends(&c);
        k.ch.session_id_length = k.sh.session_id_length = 32;
        memset(k.ch.session_id, 5, 32);
        memset(k.sh.session_id, 5, 32);
        feed(&c, 10, k.client, k.server, &k.ch);
        feed(&c, 10, k.server, k.client, &k.sh);
        if (before)
            feed(&c, 1, from, to, &stray);
        finish(&c, k.server, k.client);
        finish(&c, k.client, k.server);
        if (!before)
            feed(&c, 1, from, to, &stray);
        g_test_message("case %u", i);
        g_assert_cmpuint(verdict_of(&c), ==, WR_S_RESUMED);
        call_end(&c);
    }
}

/* A handshake inside that of the call; what of it is there. */
typedef struct {
    bool alone;            /* the server does not go on under new keys */
    bool goes_on;          /* the client goes on under the old ones */
    wr_certificate *shown; /* of the server, decrypted */
} again_t;

static void protect(call_t *c, const shake_t *k, int role, wr_dtls_kind kind, uint16_t epoch, int64_t ms)
{
    wr_dtls_event v = event_of(kind, 0);

    v.epoch = epoch;
    v.has_nonce = true;
    v.sequence = (uint64_t)epoch << 48 | c->frame;
    v.record_length = 90;
    feed(c, ms, role == 0 ? k->client : k->server, role == 0 ? k->server : k->client, &v);
}

static call_t call_renegotiated(const again_t *r)
{
    call_t c = call_begin(NULL);
    wr_certificate *alice = some_certificate(1), *bob = some_certificate(2);
    char *fa = fingerprint_of(alice), *fb = fingerprint_of(bob);
    shake_t k = shake_of(10);
    wr_dtls_event v = event_of(WR_DTLS_CERTIFICATE, 2);

    k.certificate[0] = bob;
    k.certificate[1] = alice;
    announce(&c, fa, fb);
    shake(&c, &k);
    protect(&c, &k, 0, WR_DTLS_ENCRYPTED_HANDSHAKE, 1, 10);
    if (r->shown != NULL) {
        v.decrypted = true;
        v.leaf = r->shown;
        feed(&c, 10, k.server, k.client, &v);
    }
    for (int role = 0; role < (r->alone ? 1 : 2); role++) {
        protect(&c, &k, role, WR_DTLS_CHANGE_CIPHER_SPEC, 1, 10);
        protect(&c, &k, role, WR_DTLS_ENCRYPTED_HANDSHAKE, 2, 0);
    }
    for (unsigned i = 0; i < 5; i++)
        protect(&c, &k, 0, WR_DTLS_APPLICATION_DATA, r->goes_on ? 1 : 2, 1000);
    g_free(fa);
    g_free(fb);
    wr_certificate_unref(alice);
    wr_certificate_unref(bob);
    return c;
}

static void test_second_handshake_unread(void)
{
    again_t r = {0};
    call_t c = call_renegotiated(&r);

    g_assert_cmpuint(verdict_of(&c), ==, WR_S_UNVERIFIABLE);
    g_assert_cmpuint(found(&c, "DTLS-15", WR_NOTE), ==, 1);
    g_assert_cmpuint(found(&c, "DTLS-05", -1) + found(&c, "DTLS-01", -1), ==, 0);
    call_end(&c);

    r.alone = true;
    c = call_renegotiated(&r);
    g_assert_cmpuint(verdict_of(&c), ==, WR_S_VERIFIED_LEG);
    call_end(&c);
    r = (again_t){.goes_on = true}; /* so nothing came of it, or it is made up */
    c = call_renegotiated(&r);
    g_assert_cmpuint(verdict_of(&c), ==, WR_S_VERIFIED_LEG);
    call_end(&c);
}

static void test_second_handshake_read(void)
{
    again_t r = {.shown = some_certificate(3)};
    call_t c = call_renegotiated(&r);

    g_assert_cmpuint(verdict_of(&c), ==, WR_S_MISMATCH);
    g_assert_cmpuint(found(&c, "DTLS-01", WR_ERROR), ==, 1);
    g_assert_cmpuint(found(&c, "DTLS-02", -1), ==, 0);
    call_end(&c);
    r.alone = true; /* never completed: nobody was shown to be there */
    c = call_renegotiated(&r);
    g_assert_cmpuint(verdict_of(&c), ==, WR_S_VERIFIED_LEG);
    call_end(&c);
    wr_certificate_unref(r.shown);

    r = (again_t){.shown = some_certificate(1)}; /* the same once more */
    c = call_renegotiated(&r);
    g_assert_cmpuint(verdict_of(&c), ==, WR_S_VERIFIED_LEG);
    g_assert_cmpuint(found(&c, "DTLS-01", -1), ==, 0);
    call_end(&c);
    wr_certificate_unref(r.shown);
}

/* ---- parameters ---- */

static unsigned with(const shake_t *k, const char *check, int severity)
{
    call_t c = call_begin(NULL);
    unsigned n;

    ordinary(&c, k);
    n = found(&c, check, severity);
    call_end(&c);
    return n;
}

/* DTLS-08: what wr_dtls_server_possession() said of the signature. */
static unsigned possessed(wr_possession p, int severity)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    unsigned n;

    ordinary(&c, &k)->possession[1] = p;
    n = found(&c, "DTLS-08", severity);
    call_end(&c);
    return n;
}

static void test_possession(void)
{
    g_assert_cmpuint(possessed(WR_POSSESSION_INVALID, WR_NOTE), ==, 1);
    g_assert_cmpuint(possessed(WR_POSSESSION_PROVED, WR_CHAT), ==, 1);
    g_assert_cmpuint(possessed(WR_POSSESSION_UNKNOWN, -1), ==, 0);
}

static void test_ordinary_parameters_are_silent(void)
{
    shake_t k = shake_of(10);

    for (unsigned i = 8; i <= 25; i++) {
        char check[16];
        g_snprintf(check, sizeof check, "DTLS-%02u", i);
        g_assert_cmpuint(with(&k, check, -1), ==, 0);
    }
}

/* DTLS-09: RFC 8446 4.1.3, the last eight bytes of the random. */
static shake_t pushed_down(uint16_t version, uint8_t last, bool offers_13)
{
    shake_t k = shake_of(10);

    memcpy(k.sh.random + 24, "DOWNGRD", 7);
    k.sh.random[31] = last;
    k.sh.downgrade_sentinel = true;
    k.sh.negotiated = version;
    k.ch.offers_13 = offers_13;
    k.ch.negotiated = offers_13 ? WR_DTLS_1_3 : WR_DTLS_1_2;
    return k;
}

static void test_version_forced_down(void)
{
    shake_t k = pushed_down(WR_DTLS_1_2, 1, true);
    shake_t honest = pushed_down(WR_DTLS_1_2, 1, false); /* a server of 1.3 answers a client of 1.2 */
    shake_t oldest = pushed_down(WR_DTLS_1_0, 0, false);
    shake_t only_old = pushed_down(WR_DTLS_1_0, 0, false);

    only_old.ch.negotiated = WR_DTLS_1_0;
    g_assert_cmpuint(with(&k, "DTLS-09", WR_ERROR), ==, 1);
    g_assert_cmpuint(with(&honest, "DTLS-09", -1), ==, 0);
    g_assert_cmpuint(with(&oldest, "DTLS-09", WR_ERROR), ==, 1);
    g_assert_cmpuint(with(&oldest, "DTLS-09", WR_WARN), ==, 0); /* said once */
    g_assert_cmpuint(with(&only_old, "DTLS-09", WR_ERROR), ==, 0);
    g_assert_cmpuint(with(&only_old, "DTLS-09", WR_WARN), ==, 1);
}

/* DTLS-10: numbers of the IANA registry. */
static void test_cipher_suites(void)
{
    static const struct {
        uint16_t suite;
        int severity;
    } cases[] = {
        {0xc006, WR_ERROR}, /* TLS_ECDHE_ECDSA_WITH_NULL_SHA */
        {0x0018, WR_ERROR}, /* TLS_DH_anon_WITH_RC4_128_MD5 */
        {0x0003, WR_ERROR}, /* TLS_RSA_EXPORT_WITH_RC4_40_MD5 */
        {0xc011, WR_WARN},  /* TLS_ECDHE_RSA_WITH_RC4_128_SHA */
        {0x009c, WR_WARN},  /* TLS_RSA_WITH_AES_128_GCM_SHA256 */
        {0xc004, WR_WARN},  /* TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA */
        {0xc009, WR_NOTE},  /* TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        shake_t k = shake_of(10);
        k.ch.suites[1] = k.sh.suites[0] = cases[i].suite;
        g_assert_cmpuint(with(&k, "DTLS-10", cases[i].severity), ==, 1);
        g_assert_cmpuint(with(&k, "DTLS-10", -1), ==, 1);
    }
    shake_t offered = shake_of(10);
    offered.ch.suites[1] = 0x0003; /* offered is not chosen */
    g_assert_cmpuint(with(&offered, "DTLS-10", -1), ==, 0);
    offered = shake_of(10);
    offered.ch.suites[1] = offered.sh.suites[0] = 0xcca9; /* TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 */
    g_assert_cmpuint(with(&offered, "DTLS-10", -1), ==, 0);
    offered = shake_of(10);
    offered.sh.compression = 1;
    g_assert_cmpuint(with(&offered, "DTLS-10", WR_WARN), ==, 1);
}

/* A suite without encryption, of which nothing tells whose call it is: anybody can have made the handshake, until
 * something comes on its path. */
static void test_suite_of_nobody(void)
{
    for (int carried = 0; carried < 2; carried++) {
        call_t c = call_begin(NULL);
        shake_t k = shake_of(10);
        k.ch.suites[1] = k.sh.suites[0] = 0xc006;
        shake(&c, &k);
        for (unsigned i = 0; carried && i < 4; i++)
            stream(&c, BOBS, ALICES, 7, 5 * i, 5);
        g_assert_cmpuint(found(&c, "DTLS-10", WR_ERROR), ==, carried);
        g_assert_cmpuint(found(&c, "DTLS-10", WR_NOTE), ==, !carried);
        g_assert_cmpint(((const wr_association *)g_ptr_array_index(wr_engine_associations(c.e), 0))->verdict, ==,
                        carried ? WR_A_NULL_PROFILE : WR_A_NO_SIGNALLING);
        call_end(&c);
    }
}

/* DTLS-11 */
static unsigned with_media(const shake_t *k, const char *m, const char *more, int severity)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    unsigned n;

    o.m = a.m = m;
    o.more = a.more = more;
    o.session_lines = a.session_lines = more != NULL ? "a=group:BUNDLE 0 1\r\n" : NULL;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    connect_ends(&c);
    shake(&c, k);
    n = found(&c, "DTLS-11", severity);
    call_end(&c);
    return n;
}

static void test_srtp_profiles(void)
{
    static const char VIDEO[] = "video 9 UDP/TLS/RTP/SAVPF 96";
    shake_t k = shake_of(10);

    k.ch.profiles[1] = k.sh.profiles[0] = 0x0005; /* SRTP_NULL_HMAC_SHA1_80 */
    g_assert_cmpuint(with_media(&k, AUDIO, NULL, WR_ERROR), ==, 1);
    k.ch.profiles[1] = k.sh.profiles[0] = 0x0002; /* SRTP_AES128_CM_HMAC_SHA1_32 */
    g_assert_cmpuint(with_media(&k, VIDEO, NULL, WR_NOTE), ==, 1);
    g_assert_cmpuint(with_media(&k, AUDIO, NULL, -1), ==, 0);
    k.ch.profiles[1] = 0x0005; /* offered is not chosen */
    k.sh.profiles[0] = 0x0007;
    g_assert_cmpuint(with_media(&k, VIDEO, NULL, -1), ==, 0);
    k.sh.mki_length = 1;
    g_assert_cmpuint(with_media(&k, AUDIO, NULL, WR_NOTE), ==, 1);
}

static void test_rtp_without_srtp(void)
{
    static const char DATA_TOO[] = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\na=bundle-only\r\n";
    shake_t k = shake_of(10);

    k.sh.has_use_srtp = false;
    k.sh.n_profiles = 0;
    g_assert_cmpuint(with_media(&k, AUDIO, NULL, WR_WARN), ==, 1);
    g_assert_cmpuint(with_media(&k, AUDIO, DATA_TOO, WR_WARN), ==, 1);
    g_assert_cmpuint(with_media(&k, DATA, NULL, -1), ==, 0); /* a data channel needs none */
}

/* DTLS-12 */
static void test_choice_that_was_not_offered(void)
{
    shake_t k = shake_of(10), cut = shake_of(10), ok = shake_of(10);
    call_t c = call_begin(NULL);

    k.sh.suites[0] = 0xc02c;
    k.sh.profiles[0] = 0x0008;
    g_assert_cmpuint(with(&k, "DTLS-12", WR_ERROR), ==, 2);
    cut.sh.suites[0] = 0xc02c;
    cut.ch.suites_cut = true; /* not all of the offer was kept */
    g_assert_cmpuint(with(&cut, "DTLS-12", -1), ==, 0);
    /* the last ClientHello counts (RFC 6347 4.2.1) */
    ok.sh.suites[0] = 0xc02c;
    agree(&c);
    connect_ends(&c);
    feed(&c, 5, ok.client, ok.server, &ok.ch);
    ok.ch.has_cookie = true;
    ok.ch.suites[1] = 0xc02c;
    shake(&c, &ok);
    g_assert_cmpuint(found(&c, "DTLS-12", -1), ==, 0);
    call_end(&c);
}

/* DTLS-13 */
static void test_extended_master_secret(void)
{
    shake_t k = shake_of(10);

    k.sh.has_ems = false;
    g_assert_cmpuint(with(&k, "DTLS-13", WR_NOTE), ==, 1);
    k.fails = true; /* nothing was exported */
    g_assert_cmpuint(with(&k, "DTLS-13", -1), ==, 0);
}

/* DTLS-22 */
static void test_confidential_webrtc(void)
{
    shake_t k = shake_of(10);
    wr_options o = {0};
    wr_endpoint server = at(ALICE, 0);
    call_t c;

    k.ch.alpn = k.sh.alpn = (char *)"c-webrtc";
    g_assert_cmpuint(with(&k, "DTLS-22", WR_CHAT), ==, 1);
    o.declared_hosts = &server;
    o.n_declared_hosts = 1;
    c = call_begin(&o);
    ordinary(&c, &k);
    g_assert_cmpuint(found(&c, "DTLS-22", WR_WARN), ==, 1);
    call_end(&c);
    k.sh.alpn = (char *)"webrtc";
    g_assert_cmpuint(with(&k, "DTLS-22", -1), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/dtls/certificates are compared", test_certificates_are_compared);
    g_test_add_func("/checks/dtls/enforcement", test_enforcement);
    g_test_add_func("/checks/dtls/client without certificate", test_client_without_certificate);
    g_test_add_func("/checks/dtls/encrypted certificates are a limit of the capture",
                    test_encrypted_certificates_are_a_limit_of_the_capture);
    g_test_add_func("/checks/dtls/missing handshake", test_missing_handshake);
    g_test_add_func("/checks/dtls/resumption", test_resumption);
    g_test_add_func("/checks/dtls/resumption-by-ticket", test_resumption_by_ticket);
    g_test_add_func("/checks/dtls/resumption beside another handshake", test_resumption_beside_another_handshake);
    g_test_add_func("/checks/dtls/resumption of another identity", test_resumption_of_another_identity);
    g_test_add_func("/checks/dtls/resumption that accuses nobody", test_resumption_that_accuses_nobody);
    g_test_add_func("/checks/dtls/second handshake unread", test_second_handshake_unread);
    g_test_add_func("/checks/dtls/second handshake read", test_second_handshake_read);
    g_test_add_func("/checks/dtls/possession", test_possession);
    g_test_add_func("/checks/dtls/ordinary parameters are silent", test_ordinary_parameters_are_silent);
    g_test_add_func("/checks/dtls/version forced down", test_version_forced_down);
    g_test_add_func("/checks/dtls/cipher suites", test_cipher_suites);
    g_test_add_func("/checks/dtls/suite of nobody", test_suite_of_nobody);
    g_test_add_func("/checks/dtls/SRTP profiles", test_srtp_profiles);
    g_test_add_func("/checks/dtls/RTP without SRTP", test_rtp_without_srtp);
    g_test_add_func("/checks/dtls/choice that was not offered", test_choice_that_was_not_offered);
    g_test_add_func("/checks/dtls/extended master secret", test_extended_master_secret);
    g_test_add_func("/checks/dtls/confidential WebRTC", test_confidential_webrtc);
    return g_test_run();
}
