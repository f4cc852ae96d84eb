/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an endpoint's statement does for a handshake: it is taken for its own transport alone, confirms what was
 * announced, and never overrules what was seen (rules 3.11).
 */
#include "statements_build.h"

typedef enum { NOBODY = 0, ALICES_OWN, BOBS_OWN, MALLORYS } whose_certificate;

/* Bob is the DTLS client; what is stated is his transport, or Alice's. */
typedef struct {
    const char *words;
    transport_t says;
    whose_certificate local, remote;
    bool heard, disputed;
    wr_association_verdict verdict; /* of a handshake of DTLS 1.3, which hides certificates */
} row_t;

#define BOB_SAYS   .own = "BBBB", .other = "AAAA"
#define HIDDEN     WR_A_UNVERIFIABLE_ENCRYPTED
#define BOTH_NAMED BOBS_OWN, ALICES_OWN

static const row_t rows[] = {
    {"both certificates", {BOB_SAYS}, BOTH_NAMED, true, false, WR_A_VERIFIED},
    {"by the server", {.own = "AAAA", .other = "BBBB"}, ALICES_OWN, BOBS_OWN, true, false, WR_A_VERIFIED},
    {"its own alone", {BOB_SAYS}, BOBS_OWN, NOBODY, true, false, WR_A_HALF_VERIFIED},
    {"the other's alone", {BOB_SAYS}, NOBODY, ALICES_OWN, false, false, HIDDEN},
    {"no user name", {.other = "AAAA"}, BOTH_NAMED, false, false, HIDDEN},
    {"another user name", {.own = "CCCC", .other = "AAAA"}, BOTH_NAMED, false, false, HIDDEN},
    {"another's user name", {.own = "BBBB", .other = "CCCC"}, BOTH_NAMED, false, false, HIDDEN},
    {"the names the wrong way round", {.own = "AAAA", .other = "BBBB"}, BOTH_NAMED, false, false, HIDDEN},
    {"nothing of the other end", {.own = "BBBB"}, BOTH_NAMED, false, false, HIDDEN},
    {"the other end's address",
     {.own = "BBBB", .remote_host = ALICE, .remote_port = 5000},
     BOTH_NAMED,
     true,
     false,
     WR_A_VERIFIED},
    {"another end's address",
     {.own = "BBBB", .remote_host = ALICE, .remote_port = 5001},
     BOTH_NAMED,
     false,
     false,
     HIDDEN},
    {"its own address", {BOB_SAYS, .local_host = BOB, .local_port = 6000}, BOTH_NAMED, true, false, WR_A_VERIFIED},
    {"another address", {BOB_SAYS, .local_host = BOB, .local_port = 6001}, BOTH_NAMED, false, false, HIDDEN},
    {"a certificate that its side never announced", {BOB_SAYS}, MALLORYS, ALICES_OWN, false, false, HIDDEN},
    {"another's certificate than was announced", {BOB_SAYS}, BOBS_OWN, MALLORYS, true, true, HIDDEN},
    {"something that contradicts itself", {BOB_SAYS, .contradictory = true}, BOTH_NAMED, true, true, HIDDEN},
    {"connected", {BOB_SAYS, .state = "connected"}, BOTH_NAMED, true, false, WR_A_VERIFIED},
    {"closed", {BOB_SAYS, .state = "closed"}, BOTH_NAMED, true, false, WR_A_VERIFIED},
    {"failed", {BOB_SAYS, .state = "failed"}, BOTH_NAMED, true, false, HIDDEN},
};

typedef struct {
    call_t c;
    wr_testimony *t[2];
    wr_options options;
    wr_certificate *certificate[4];
} stated_t;

static void begin(stated_t *x)
{
    memset(x, 0, sizeof *x);
    for (unsigned i = ALICES_OWN; i <= MALLORYS; i++)
        x->certificate[i] = some_certificate((uint8_t)(0x20 + i));
    x->t[0] = witness("bob.json", "Bob");
    x->t[1] = witness("more.json", NULL);
    x->options.testimonies = x->t;
    x->options.n_testimonies = 2;
}

static void end(stated_t *x)
{
    call_end(&x->c);
    for (unsigned i = ALICES_OWN; i <= MALLORYS; i++)
        wr_certificate_unref(x->certificate[i]);
    for (unsigned i = 0; i < 2; i++)
        wr_testimony_unref(x->t[i]);
}

static void says(stated_t *x, unsigned file, transport_t what, whose_certificate local, whose_certificate remote)
{
    what.local = x->certificate[local];
    what.remote = x->certificate[remote];
    testify(x->t[file], &what);
}

/* A call over checked paths, after it was said what the files say; in DTLS 1.3 nobody sees a certificate. */
static const wr_association *hold_call(stated_t *x, uint16_t version, bool checks)
{
    text_t o = offer_text(), a = answer_text();
    char *alices = fingerprint_of(x->certificate[ALICES_OWN]), *bobs = fingerprint_of(x->certificate[BOBS_OWN]);
    wr_dtls_event secret = event_of(WR_DTLS_ENCRYPTED_RECORD_13, 0);
    shake_t k = shake_of(1);
    const wr_association *made;

    x->c = call_begin(&x->options);
    o.fingerprint = alices;
    a.fingerprint = bobs;
    say(&x->c, OFFERED, &o);
    say(&x->c, ANSWERED, &a);
    if (checks)
        connect_ends(&x->c);
    if (version == WR_DTLS_1_3) {
        k.ch.offers_13 = true;
        k.sh.negotiated = WR_DTLS_1_3;
        feed(&x->c, 10, k.client, k.server, &k.ch);
        made = feed(&x->c, 10, k.server, k.client, &k.sh);
        secret.epoch = 2;
        feed(&x->c, 1, k.server, k.client, &secret);
        feed(&x->c, 1, k.client, k.server, &secret);
    } else {
        k.certificate[0] = x->certificate[BOBS_OWN];
        k.certificate[1] = x->certificate[ALICES_OWN];
        made = shake(&x->c, &k);
    }
    wr_engine_evaluate(x->c.e);
    g_free(alices);
    g_free(bobs);
    return made;
}

static const wr_session *the_call(const stated_t *x)
{
    g_assert_cmpuint(wr_engine_sessions(x->c.e)->len, ==, 1);
    return g_ptr_array_index(wr_engine_sessions(x->c.e), 0);
}

static bool is_unknown(const wr_session *s, const char *words)
{
    for (unsigned i = 0; i < s->unknown->len; i++)
        if (strstr(g_ptr_array_index(s->unknown, i), words) != NULL)
            return true;
    return false;
}

static void test_hidden(gconstpointer data)
{
    const row_t *r = data;
    stated_t x;
    const wr_association *a;
    const wr_session *s;
    const bool used = r->verdict != HIDDEN;

    begin(&x);
    says(&x, 0, r->says, r->local, r->remote);
    a = hold_call(&x, WR_DTLS_1_3, true);
    s = the_call(&x);
    g_assert_true((a->heard != NULL) == r->heard);
    g_assert_true(a->disputed == r->disputed);
    g_assert_cmpint(a->verdict, ==, r->verdict);
    g_assert_cmpint(s->verdict, ==, r->verdict == WR_A_VERIFIED ? WR_S_VERIFIED_LEG : WR_S_UNVERIFIABLE);
    g_assert_true((strstr(s->sentence, "bob.json") != NULL) == used);
    g_assert_true((strstr(s->sentence, "statement of an endpoint") != NULL) == used);
    g_assert_true(is_unknown(s, "DTLS 1.3 hides them") == !used);
    g_assert_true(is_unknown(s, "is true: the key log") == used);
    g_assert_true(is_unknown(s, "contradicts what was announced") == r->disputed);
    for (int side = 0; side < 2; side++) {
        const wr_presented *p = &a->side[side].presented;
        g_assert_null(p->certificate);
        g_assert_true((p->stated != NULL) == (p->verdict == WR_CERT_MATCH));
        g_assert_true((p->description != NULL) == (p->stated != NULL));
    }
    end(&x);
}

/* Two files on one transport: what they agree on stands, and one that contradicts takes all of it back. */
static void test_two_files(void)
{
    static const struct {
        whose_certificate remote;
        wr_association_verdict verdict;
        bool disputed;
    } seconds[] = {{ALICES_OWN, WR_A_VERIFIED, false}, {NOBODY, WR_A_VERIFIED, false}, {MALLORYS, HIDDEN, true}};

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(seconds); i++) {
        const unsigned n = i / 2, first = i % 2; /* in either order */
        stated_t x;
        const wr_association *a;
        begin(&x);
        says(&x, first, (transport_t){BOB_SAYS}, BOTH_NAMED);
        says(&x, 1 - first, (transport_t){BOB_SAYS}, BOBS_OWN, seconds[n].remote);
        a = hold_call(&x, WR_DTLS_1_3, true);
        g_assert_cmpint(a->verdict, ==, seconds[n].verdict);
        g_assert_true(a->disputed == seconds[n].disputed);
        if (seconds[n].disputed)
            for (int side = 0; side < 2; side++)
                g_assert_true(a->side[side].presented.stated == NULL && a->side[side].presented.description == NULL);
        end(&x);
    }
}

/* Certificates that were seen settle all but whether the witness tells the truth. */
static void test_seen(void)
{
    static const struct {
        whose_certificate local, remote;
        bool heard, disputed;
    } cases[] = {{BOBS_OWN, ALICES_OWN, true, false},
                 {BOBS_OWN, NOBODY, true, false},
                 {BOBS_OWN, MALLORYS, true, true},
                 {MALLORYS, ALICES_OWN, true, true},
                 {NOBODY, ALICES_OWN, false, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        stated_t x;
        const wr_association *a;
        begin(&x);
        says(&x, 0, (transport_t){BOB_SAYS}, cases[i].local, cases[i].remote);
        a = hold_call(&x, WR_DTLS_1_2, true);
        g_assert_cmpint(a->verdict, ==, WR_A_VERIFIED);
        g_assert_cmpint(the_call(&x)->verdict, ==, WR_S_VERIFIED_LEG);
        g_assert_true((a->heard != NULL) == cases[i].heard);
        g_assert_true(a->disputed == cases[i].disputed);
        g_assert_null(a->side[0].presented.stated);
        g_assert_null(strstr(the_call(&x)->sentence, "bob.json"));
        end(&x);
    }
}

/* What a leg of strangers says of the call, whose client sits at neither end, contradicts no statement. */
static void test_strangers_leg(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool answer = (i & 1) != 0, agrees = (i & 2) != 0;
        stated_t x;
        const wr_association *a;
        text_t t = answer ? answer_text() : offer_text();
        way_t w = {.client = "198.51.100.40",
                   .connection = 7,
                   .direction = WR_DIRECTION_DELIVERED,
                   .kind = answer ? WR_KIND_ANSWER : WR_KIND_OFFER,
                   .covered = true};
        char *own;

        begin(&x);
        says(&x, 0, (transport_t){BOB_SAYS}, BOTH_NAMED);
        hold_call(&x, WR_DTLS_1_3, true);
        own = fingerprint_of(x.certificate[answer ? BOBS_OWN : ALICES_OWN]);
        t.version = "3";
        t.fingerprint = agrees ? own : sha256_of(0x77);
        say(&x.c, w, &t);
        wr_engine_evaluate(x.c.e);
        a = g_ptr_array_index(wr_engine_associations(x.c.e), 0);
        g_test_message("case %u", i);
        g_assert_nonnull(a->heard);
        g_assert_false(a->disputed);
        for (int side = 0; side < 2; side++)
            g_assert_nonnull(a->side[side].presented.stated);
        g_assert_cmpint(a->verdict, ==, WR_A_VERIFIED);
        g_free(own);
        end(&x);
    }
}

/* Without checks no path is known to be the witness's. */
static void test_unchecked_path(void)
{
    stated_t x;
    const wr_association *a;

    begin(&x);
    says(&x, 0, (transport_t){BOB_SAYS, .local_host = BOB, .local_port = 6000}, BOTH_NAMED);
    a = hold_call(&x, WR_DTLS_1_3, false);
    g_assert_null(a->heard);
    g_assert_cmpint(a->verdict, ==, HIDDEN);
    end(&x);
}

/* A second handshake on the same path: which of them the statement means, nobody knows. */
static void test_fits_two(void)
{
    stated_t x;
    const wr_association *a, *b;
    shake_t k = shake_of(0x41);

    begin(&x);
    says(&x, 0, (transport_t){BOB_SAYS}, BOTH_NAMED);
    a = hold_call(&x, WR_DTLS_1_3, true);
    g_assert_cmpint(a->verdict, ==, WR_A_VERIFIED);
    k.ch.offers_13 = true;
    k.sh.negotiated = WR_DTLS_1_3;
    feed(&x.c, 500, k.client, k.server, &k.ch);
    b = feed(&x.c, 10, k.server, k.client, &k.sh);
    wr_engine_evaluate(x.c.e);
    g_assert_true(a != b);
    g_assert_true(a->heard == NULL && b->heard == NULL);
    g_assert_cmpint(a->verdict, !=, WR_A_VERIFIED);
    end(&x);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strdup_printf("/stated/hidden/%s", rows[i].words);
        g_test_add_data_func(path, &rows[i], test_hidden);
        g_free(path);
    }
    g_test_add_func("/stated/two_files", test_two_files);
    g_test_add_func("/stated/seen", test_seen);
    g_test_add_func("/stated/strangers leg", test_strangers_leg);
    g_test_add_func("/stated/unchecked_path", test_unchecked_path);
    g_test_add_func("/stated/fits_two", test_fits_two);
    return g_test_run();
}
