/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole calls, packet by packet, and what may be said of them: rows of the session table, and how long a description
 * holds (RFC 8829 4.1, RFC 3264 8). Each is fed in order, and with datagrams out of order by less than 100 ms, which
 * must not change the verdict.
 */
#include "handshake_build.h"

#define DISORDERS 24

typedef enum { SAY, ASK, REPLY, DTLS, MEDIA } what_t;

typedef struct {
    what_t what;
    int64_t ms;
    way_t way;
    text_t text;
    char *fingerprint; /* text's, owned */
    wr_endpoint src, dst;
    char *user;
    const char *pwd;
    unsigned number;
    wr_dtls_event event;
    int64_t order;
} step_t;

typedef struct {
    GPtrArray *steps;
    int64_t ms;
    unsigned asked;
    wr_certificate *alice, *bob, *carol, *mallory;
    const wr_options *options;
} script_t;

static void step_free(gpointer p)
{
    step_t *s = p;

    g_free(s->fingerprint);
    g_free(s->user);
    g_free(s);
}

static script_t script(void)
{
    return (script_t){.steps = g_ptr_array_new_with_free_func(step_free),
                      .alice = some_certificate(0xA1),
                      .bob = some_certificate(0xB1),
                      .carol = some_certificate(0xC1),
                      .mallory = some_certificate(0xE1)};
}

static void script_free(script_t *s)
{
    g_ptr_array_unref(s->steps);
    wr_certificate_unref(s->alice);
    wr_certificate_unref(s->bob);
    wr_certificate_unref(s->carol);
    wr_certificate_unref(s->mallory);
}

static step_t *add(script_t *s, what_t what, int64_t later_ms)
{
    step_t *t = g_new0(step_t, 1);

    s->ms += later_ms;
    t->what = what;
    t->ms = s->ms;
    g_ptr_array_add(s->steps, t);
    return t;
}

/* ---- what is said ---- */

static way_t on_alices_leg(wr_direction direction, wr_kind kind)
{
    return (way_t){.connection = 1, .direction = direction, .kind = kind, .covered = true};
}

static way_t on_bobs_leg(wr_direction direction, wr_kind kind)
{
    return (way_t){.client = BOB, .connection = 2, .direction = direction, .kind = kind, .covered = true};
}

static void says(script_t *s, way_t way, text_t text, const wr_certificate *cert)
{
    step_t *t = add(s, SAY, 10);

    t->way = way;
    t->text = text;
    t->fingerprint = cert == NULL ? NULL : fingerprint_of(cert);
    t->text.fingerprint = t->fingerprint;
}

/* Alice's offer and Bob's answer on Alice's leg, with these certificates announced. */
static void agreed(script_t *s, const wr_certificate *offered, const wr_certificate *answered)
{
    says(s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), offer_text(), offered);
    says(s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_ANSWER), answer_text(), answered);
}

/* ---- what is sent ---- */

static void checked(script_t *s, wr_endpoint src, wr_endpoint dst, const char *to, const char *pwd, const char *from)
{
    unsigned number = ++s->asked;
    step_t *t = add(s, ASK, 5);

    t->src = src;
    t->dst = dst;
    t->user = g_strdup_printf("%s:%s", to, from);
    t->pwd = pwd;
    t->number = number;
    t = add(s, REPLY, 5);
    t->src = dst;
    t->dst = src;
    t->pwd = pwd;
    t->number = number;
}

static void connected(script_t *s)
{
    checked(s, ALICES, BOBS, "BBBB", PWD_B, "AAAA");
    checked(s, BOBS, ALICES, "AAAA", PWD_A, "BBBB");
}

static void sends(script_t *s, wr_endpoint src, wr_endpoint dst, wr_dtls_event v)
{
    step_t *t = add(s, DTLS, 2);

    t->src = src;
    t->dst = dst;
    t->event = v;
}

static wr_dtls_event certificate_event(wr_certificate *cert)
{
    wr_dtls_event v = event_of(WR_DTLS_CERTIFICATE, 1);

    v.leaf = cert;
    v.n_certificates = 1;
    return v;
}

/* A handshake of 1.2 between these ends, whole; the server may refuse. */
static void handshake(script_t *s, wr_endpoint client, wr_endpoint server, wr_certificate *clients,
                      wr_certificate *servers, unsigned mark, bool refused)
{
    shake_t k = shake_of(mark);
    wr_dtls_event alert = event_of(WR_DTLS_ALERT, 0), finished = event_of(WR_DTLS_ENCRYPTED_HANDSHAKE, 0);

    finished.epoch = 1;
    finished.record_length = 40;
    alert.alert_level = 2;
    alert.alert_description = 42;
    sends(s, client, server, k.ch);
    sends(s, server, client, k.sh);
    sends(s, server, client, certificate_event(servers));
    sends(s, server, client, event_of(WR_DTLS_CERTIFICATE_REQUEST, 3));
    sends(s, server, client, event_of(WR_DTLS_SERVER_HELLO_DONE, 4));
    sends(s, client, server, certificate_event(clients));
    sends(s, client, server, event_of(WR_DTLS_CLIENT_KEY_EXCHANGE, 2));
    sends(s, client, server, event_of(WR_DTLS_CHANGE_CIPHER_SPEC, 0));
    sends(s, client, server, finished);
    if (refused) {
        sends(s, server, client, alert);
        return;
    }
    sends(s, server, client, event_of(WR_DTLS_CHANGE_CIPHER_SPEC, 0));
    sends(s, server, client, finished);
}

static void talk(script_t *s, wr_endpoint a, wr_endpoint b, unsigned packets)
{
    for (unsigned i = 0; i < packets; i++) {
        step_t *t = add(s, MEDIA, 50);
        t->src = i % 2 ? b : a;
        t->dst = i % 2 ? a : b;
    }
}

/* ---- running it ---- */

static void perform(call_t *c, const step_t *t)
{
    uint8_t bytes[200];
    size_t n;

    c->us = INT64_C(1700000000) * S + t->ms * MS;
    switch (t->what) {
    case SAY:
        c->us -= 10 * MS; /* say() adds them */
        say(c, t->way, &t->text);
        break;
    case ASK:
        ask(c, 0, t->src, t->dst, t->user, t->pwd, t->number);
        break;
    case REPLY:
        n = stun_build(bytes, NULL, t->number, t->pwd, &t->dst);
        stun_send(c, 0, t->src, t->dst, bytes, n);
        break;
    case DTLS:
        feed(c, 0, t->src, t->dst, &t->event);
        break;
    case MEDIA:
        media(c, 0, t->src, t->dst);
        break;
    }
}

static gint by_order(gconstpointer a, gconstpointer b)
{
    const step_t *x = *(step_t *const *)a, *y = *(step_t *const *)b;

    return x->order < y->order ? -1 : x->order > y->order;
}

/* The verdicts of all calls, in the order of the calls; g_free. */
static char *play(const script_t *s)
{
    call_t c = call_begin(s->options);
    GString *text = g_string_new(NULL);
    const GPtrArray *sessions;

    for (unsigned i = 0; i < s->steps->len; i++)
        perform(&c, g_ptr_array_index(s->steps, i));
    wr_engine_evaluate(c.e);
    sessions = wr_engine_sessions(c.e);
    for (unsigned i = 0; i < sessions->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               wr_session_verdict_name(((wr_session *)g_ptr_array_index(sessions, i))->verdict));
    call_end(&c);
    return g_string_free(text, FALSE);
}

/* Each call is evaluated alone after every packet, as on a live capture: at the end that is what evaluating all of them
 * says. */
static void watch(const script_t *s)
{
    call_t c = call_begin(s->options);
    wr_session_verdict seen[64];
    unsigned calls = 0;

    for (unsigned i = 0; i < s->steps->len; i++) {
        perform(&c, g_ptr_array_index(s->steps, i));
        wr_engine_add_frame(c.e, i + 1, c.us);
        for (unsigned j = 0; j < wr_engine_copies(c.e)->len; j++)
            wr_engine_evaluate_call(c.e, wr_copy_session_number(c.e, g_ptr_array_index(wr_engine_copies(c.e), j)));
    }
    for (unsigned i = 0; i < wr_engine_copies(c.e)->len; i++)
        calls = MAX(calls, wr_copy_session_number(c.e, g_ptr_array_index(wr_engine_copies(c.e), i)));
    g_assert_cmpuint(calls, <, G_N_ELEMENTS(seen));
    for (unsigned i = 1; i <= calls; i++)
        seen[i] = wr_engine_session(c.e, i) != NULL ? wr_engine_session(c.e, i)->verdict : WR_S_NO_MEDIA;
    g_assert_true(wr_engine_evaluate(c.e));
    for (unsigned i = 1; i <= calls; i++)
        if (wr_engine_session(c.e, i) != NULL && wr_engine_session(c.e, i)->copies->len > 0)
            g_assert_cmpstr(wr_session_verdict_name(seen[i]), ==,
                            wr_session_verdict_name(wr_engine_session(c.e, i)->verdict));
    call_end(&c);
}

/* In order, and in disorders of datagrams. What signalling carries keeps its order: TCP sees to that. */
static void expect(script_t *s, const char *verdict)
{
    char *got = play(s);

    g_assert_cmpstr(got, ==, verdict);
    g_free(got);
    watch(s);
    for (unsigned seed = 1; seed <= DISORDERS; seed++) {
        GRand *draw = g_rand_new_with_seed(seed);
        for (unsigned i = 0; i < s->steps->len; i++) {
            step_t *t = g_ptr_array_index(s->steps, i);
            t->order = t->ms * 1000 + (t->what == SAY ? 0 : g_rand_int_range(draw, 0, 100000));
        }
        g_ptr_array_sort(s->steps, by_order);
        got = play(s);
        if (strcmp(got, verdict) != 0)
            g_test_message("disorder %u", seed);
        g_assert_cmpstr(got, ==, verdict);
        g_free(got);
        g_rand_free(draw);
    }
    script_free(s);
}

/* ---- the session table ---- */

static void test_one_leg(void)
{
    script_t s = script();

    agreed(&s, s.alice, s.bob);
    connected(&s);
    handshake(&s, BOBS, ALICES, s.bob, s.alice, 1, false);
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "VERIFIED-LEG");
}

static void two_legs_told(script_t *s, const wr_certificate *offer_delivered, const wr_certificate *answer_delivered)
{
    says(s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), offer_text(), s->alice);
    says(s, on_bobs_leg(WR_DIRECTION_DELIVERED, WR_KIND_OFFER), offer_text(), offer_delivered);
    says(s, on_bobs_leg(WR_DIRECTION_EMITTED, WR_KIND_ANSWER), answer_text(), s->bob);
    says(s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_ANSWER), answer_text(), answer_delivered);
}

static void two_legs(script_t *s, const wr_certificate *offer_delivered, const wr_certificate *answer_delivered)
{
    two_legs_told(s, offer_delivered, answer_delivered);
    connected(s);
}

static void test_both_legs(void)
{
    script_t s = script();

    two_legs(&s, s.alice, s.bob);
    handshake(&s, BOBS, ALICES, s.bob, s.alice, 1, false);
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "VERIFIED-CROSS");
}

static void test_substituted_alone(void)
{
    script_t s = script();

    two_legs(&s, s.mallory, s.bob);
    expect(&s, "SUBSTITUTED-IN-SIGNALLING");
}

static void test_substituted_not_followed(void)
{
    script_t s = script();

    two_legs(&s, s.mallory, s.bob);
    handshake(&s, BOBS, ALICES, s.bob, s.alice, 1, false);
    expect(&s, "SUBSTITUTED-NOT-FOLLOWED");
}

/* Mallory has Alice's place; only Bob's handshake is seen, on the path of his checks. */
static void intercepted_at(script_t *s, wr_endpoint mallory)
{
    two_legs_told(s, s->mallory, s->bob);
    checked(s, BOBS, mallory, "AAAA", PWD_A, "BBBB");
    checked(s, mallory, BOBS, "BBBB", PWD_B, "AAAA");
    handshake(s, BOBS, mallory, s->bob, s->mallory, 1, false);
    talk(s, mallory, BOBS, 20);
}

static void test_intercepted(void)
{
    script_t s = script();

    intercepted_at(&s, at("203.0.113.66", 7000));
    expect(&s, "INTERCEPTED");
}

/* From Alice's own address it looks like a clean call beside which somebody invented her leg. */
static void test_intercepted_at_her_place(void)
{
    script_t s = script();

    intercepted_at(&s, ALICES);
    expect(&s, "CONTESTED");
}

/* Mallory keeps everything but the fingerprints, and has a handshake with each (rules 1.3, row 3). */
static void full_interception(script_t *s)
{
    wr_endpoint to_alice = at("203.0.113.66", 7000), to_bob = at("203.0.113.66", 7002);

    says(s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), offer_text(), s->alice);
    says(s, on_bobs_leg(WR_DIRECTION_DELIVERED, WR_KIND_OFFER), offer_text(), s->mallory);
    says(s, on_bobs_leg(WR_DIRECTION_EMITTED, WR_KIND_ANSWER), answer_text(), s->bob);
    says(s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_ANSWER), answer_text(), s->mallory);
    checked(s, ALICES, to_alice, "BBBB", PWD_B, "AAAA");
    checked(s, to_alice, ALICES, "AAAA", PWD_A, "BBBB");
    checked(s, BOBS, to_bob, "AAAA", PWD_A, "BBBB");
    checked(s, to_bob, BOBS, "BBBB", PWD_B, "AAAA");
    handshake(s, to_alice, ALICES, s->mallory, s->alice, 1, false);
    handshake(s, BOBS, to_bob, s->bob, s->mallory, 31, false);
    talk(s, ALICES, to_alice, 20);
    talk(s, BOBS, to_bob, 20);
}

static void test_intercepted_both_ways(void)
{
    script_t s = script();

    full_interception(&s);
    expect(&s, "INTERCEPTED-FULL");
}

static void test_declared(void)
{
    script_t s = script();
    wr_fingerprint known;
    wr_options options = {.declared_fingerprints = &known, .n_declared_fingerprints = 1};
    char *text = fingerprint_of(s.mallory);

    wr_fingerprint_parse(text, strlen(text), &known);
    g_free(text);
    s.options = &options;
    full_interception(&s);
    expect(&s, "TERMINATED-BY-DECLARED");
}

/* Credentials and fingerprint are new, the rest is the same: a media proxy does that, and so may another (rules 1.3,
 * row 9). */
static void test_rekeyed(void)
{
    script_t s = script();
    text_t delivered = offer_text();

    delivered.ufrag = "MMMM";
    delivered.pwd = "middlemiddlemiddlemiddle";
    says(&s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), offer_text(), s.alice);
    says(&s, on_bobs_leg(WR_DIRECTION_DELIVERED, WR_KIND_OFFER), delivered, s.mallory);
    expect(&s, "RE-KEYED");
}

/* DTLS 1.3 hides the certificates (RFC 9147 5.1), and nothing more may be said (rules 1.3, row 15). */
static void test_hidden(void)
{
    script_t s = script();
    shake_t k = shake_of(1);
    wr_dtls_event record = event_of(WR_DTLS_ENCRYPTED_RECORD_13, 0);

    k.ch.offers_13 = true;
    k.sh.negotiated = 0xfefc;
    agreed(&s, s.alice, s.bob);
    connected(&s);
    sends(&s, BOBS, ALICES, k.ch);
    sends(&s, ALICES, BOBS, k.sh);
    for (unsigned epoch = 2; epoch <= 3; epoch++) {
        record.epoch = (uint16_t)epoch;
        sends(&s, ALICES, BOBS, record);
        sends(&s, BOBS, ALICES, record);
    }
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "UNVERIFIABLE");
}

static void test_no_signalling(void)
{
    script_t s = script();

    checked(&s, ALICES, BOBS, "BBBB", PWD_B, "AAAA");
    checked(&s, BOBS, ALICES, "AAAA", PWD_A, "BBBB");
    handshake(&s, BOBS, ALICES, s.bob, s.alice, 1, false);
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "NO-SIGNALLING");
}

static void test_mismatch(void)
{
    for (int refused = 0; refused < 2; refused++) {
        script_t s = script();
        agreed(&s, s.alice, s.bob);
        connected(&s);
        handshake(&s, BOBS, ALICES, s.mallory, s.alice, 1, refused);
        if (!refused)
            talk(&s, ALICES, BOBS, 100);
        expect(&s, "MISMATCH");
    }
}

/* Rules 1.3, row 8 with both legs, and row 5: neither what was issued nor what was delivered. */
static void test_foreign_certificate(void)
{
    for (int altered = 0; altered < 2; altered++) {
        script_t s = script();
        two_legs(&s, altered ? s.mallory : s.alice, s.bob);
        handshake(&s, BOBS, ALICES, s.bob, s.carol, 1, false);
        talk(&s, ALICES, BOBS, 100);
        expect(&s, altered ? "FOREIGN-CERTIFICATE" : "MISMATCH");
    }
}

/* Without a check that binds the flow, another certificate accuses nobody. */
static void test_unbound(void)
{
    script_t s = script();

    agreed(&s, s.alice, s.bob);
    handshake(&s, at(BOB, 6001), at(ALICE, 5001), s.mallory, s.carol, 1, false);
    talk(&s, at(ALICE, 5001), at(BOB, 6001), 20);
    {
        char *got = play(&s);
        g_assert_null(strstr(got, "MISMATCH"));
        g_assert_null(strstr(got, "FOREIGN"));
        g_assert_null(strstr(got, "INTERCEPTED"));
        g_free(got);
    }
    script_free(&s);
}

/* ---- how long a description holds ---- */

/* The browser starts its handshake before the answer has come over signalling. */
static void test_early_handshake(void)
{
    script_t s = script();

    says(&s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), offer_text(), s.alice);
    checked(&s, BOBS, ALICES, "AAAA", PWD_A, "BBBB");
    checked(&s, ALICES, BOBS, "BBBB", PWD_B, "AAAA");
    handshake(&s, BOBS, ALICES, s.bob, s.alice, 1, false);
    says(&s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_ANSWER), answer_text(), s.bob);
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "VERIFIED-LEG");
}

/* One device says pranswer, another takes the call (RFC 8829 4.1.10.1). */
static void test_pranswer_of_another(void)
{
    script_t s = script();
    text_t carols = answer_text();

    carols.session_id = "4711000003";
    carols.ufrag = "CCCC";
    carols.pwd = "carolcarolcarolcarol22";
    says(&s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), offer_text(), s.alice);
    says(&s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_PRANSWER), carols, s.carol);
    says(&s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_ANSWER), answer_text(), s.bob);
    connected(&s);
    handshake(&s, BOBS, ALICES, s.bob, s.alice, 1, false);
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "VERIFIED-LEG");
}

/* Both offer at once; Alice takes hers back and answers (RFC 8829 4.1.10.2). */
static void test_glare(void)
{
    script_t s = script();
    text_t bobs = answer_text(), alices = offer_text();

    says(&s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), offer_text(), s.carol);
    bobs.setup = "actpass";
    says(&s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_OFFER), bobs, s.bob);
    says(&s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_ROLLBACK), offer_text(), s.carol);
    alices.setup = "active";
    alices.version = "3";
    says(&s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_ANSWER), alices, s.alice);
    connected(&s);
    handshake(&s, ALICES, BOBS, s.alice, s.bob, 1, false);
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "VERIFIED-LEG");
}

/* A new offer and answer with a new certificate, and a handshake that presents it (RFC 8842 5.2). */
static void test_new_certificate_announced(void)
{
    script_t s = script();
    text_t o = offer_text(), a = answer_text();

    agreed(&s, s.alice, s.bob);
    connected(&s);
    handshake(&s, BOBS, ALICES, s.bob, s.alice, 1, false);
    talk(&s, ALICES, BOBS, 40);
    o.version = a.version = "3";
    o.ufrag = "AAA2";
    o.pwd = "alicealicealicealice33";
    a.ufrag = "BBB2";
    a.pwd = "bobbobbobbobbobbobbo33";
    says(&s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), o, s.alice);
    says(&s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_ANSWER), a, s.carol);
    s.ms += 200;
    checked(&s, ALICES, BOBS, "BBB2", "bobbobbobbobbobbobbo33", "AAA2");
    checked(&s, BOBS, ALICES, "AAA2", "alicealicealicealice33", "BBB2");
    s.ms += 200;
    handshake(&s, BOBS, ALICES, s.carol, s.alice, 11, false);
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "VERIFIED-LEG");
}

/* Two devices take the call, and each shows its own certificate on its own path. */
static void test_forked(void)
{
    script_t s = script();
    text_t carols = answer_text();
    wr_endpoint there = at("198.51.100.3", 6200);

    carols.session_id = "4711000003";
    carols.ufrag = "CCCC";
    carols.pwd = "carolcarolcarolcarol22";
    carols.candidate = "198.51.100.3 6200";
    says(&s, on_alices_leg(WR_DIRECTION_EMITTED, WR_KIND_OFFER), offer_text(), s.alice);
    says(&s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_ANSWER), answer_text(), s.bob);
    says(&s, on_alices_leg(WR_DIRECTION_DELIVERED, WR_KIND_ANSWER), carols, s.carol);
    connected(&s);
    checked(&s, ALICES, there, "CCCC", "carolcarolcarolcarol22", "AAAA");
    checked(&s, there, ALICES, "AAAA", PWD_A, "CCCC");
    handshake(&s, BOBS, ALICES, s.bob, s.alice, 1, false);
    handshake(&s, there, ALICES, s.carol, s.alice, 21, false);
    talk(&s, ALICES, BOBS, 20);
    expect(&s, "VERIFIED-LEG");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/calls/one leg", test_one_leg);
    g_test_add_func("/engine/calls/both legs", test_both_legs);
    g_test_add_func("/engine/calls/substituted alone", test_substituted_alone);
    g_test_add_func("/engine/calls/substituted, not followed", test_substituted_not_followed);
    g_test_add_func("/engine/calls/intercepted", test_intercepted);
    g_test_add_func("/engine/calls/intercepted at her place", test_intercepted_at_her_place);
    g_test_add_func("/engine/calls/intercepted both ways", test_intercepted_both_ways);
    g_test_add_func("/engine/calls/declared server", test_declared);
    g_test_add_func("/engine/calls/re-keyed", test_rekeyed);
    g_test_add_func("/engine/calls/hidden certificates", test_hidden);
    g_test_add_func("/engine/calls/no signalling", test_no_signalling);
    g_test_add_func("/engine/calls/mismatch", test_mismatch);
    g_test_add_func("/engine/calls/foreign certificate", test_foreign_certificate);
    g_test_add_func("/engine/calls/unbound", test_unbound);
    g_test_add_func("/engine/calls/early handshake", test_early_handshake);
    g_test_add_func("/engine/calls/pranswer of another", test_pranswer_of_another);
    g_test_add_func("/engine/calls/glare", test_glare);
    g_test_add_func("/engine/calls/new certificate announced", test_new_certificate_announced);
    g_test_add_func("/engine/calls/forked", test_forked);
    return g_test_run();
}
