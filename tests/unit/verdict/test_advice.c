/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What to do about one call, and what else would look the same: by its verdict, by why it cannot be told, and by whom
 * its connections run to.
 */
#include "records_build.h"

#include "plain_advice.h"
#include "verdict/plain_words.h"

#define ELSEWHERE "203.0.113.66"

/* The advice begins like this, and says words somewhere; NULL: whatever else. */
static void advises(desk_t *d, const wr_facts *f, const char *begin, const char *words)
{
    const wr_facts none = {.verified = 0};

    g_ptr_array_set_size(d->s->alternatives, 0);
    g_clear_pointer(&d->s->advice, g_free);
    wr_session_advise(d->c.e, d->s, f != NULL ? f : &none);
    g_test_message("%s", d->s->advice);
    g_assert_true(g_str_has_prefix(d->s->advice, begin));
    if (words != NULL)
        g_assert_nonnull(strstr(d->s->advice, words));
}

/* Without more to go by: what the verdict says. */
static void test_by_verdict(void)
{
    for (int v = 0; v <= WR_S_NO_MEDIA; v++) {
        desk_t d = desk_begin(NULL);
        const char *const *also = wr_verdict_alternatives((wr_session_verdict)v);
        unsigned n = 0;

        d.s->verdict = (wr_session_verdict)v;
        advises(&d, NULL, wr_verdict_advice(d.s->verdict), NULL);
        g_assert_cmpstr(d.s->advice, ==, wr_verdict_advice(d.s->verdict));
        for (; also[n] != NULL; n++)
            g_assert_cmpstr(g_ptr_array_index(d.s->alternatives, n), ==, also[n]);
        g_assert_cmpuint(d.s->alternatives->len, ==, n);
        g_assert_cmpuint(n, >, 0);
        desk_end(&d);
    }
}

/* ---- what cannot be told ---- */

/* Of the connection that was sent encrypted, wherever it stands among others: does its key log help? */
static void test_encrypted(void)
{
    for (unsigned i = 0; i < 16; i++) {
        const bool log = (i & 1) != 0, keys = (i & 2) != 0, second = (i & 4) != 0;
        const int side = (int)(i / 8);
        const wr_options o = {.keys_given = log, .find_secret = has_keys};
        desk_t d = desk_begin(&o);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_ENCRYPTED);
        wr_association *b = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_ENCRYPTED);
        wr_association *hidden = second ? b : a, *other = second ? a : b;

        keys_are_known = keys;
        other->has_client_random = false; /* no key log can have it */
        hidden->side[side].presented.verdict = WR_CERT_ENCRYPTED;
        d.s->verdict = WR_S_UNVERIFIABLE;
        d.s->reason = "encrypted";
        advises(&d, NULL,
                keys  ? "Run the same files with Wireshark 4.4"
                : log ? "Give the key log of an endpoint that was written during this call"
                      : "Get the key log of an endpoint.",
                NULL);
        hidden->side[side].presented.verdict = WR_CERT_MATCH; /* none is */
        advises(&d, NULL, "Get the key log of an endpoint.", NULL);
        desk_end(&d);
    }
}

/* Who showed none is to be asked. */
static void test_no_certificate(void)
{
    for (int side = 0; side < 2; side++) {
        desk_t d = desk_begin(NULL);
        wr_association *a;

        handshake_of(&d, NULL, WR_A_VERIFIED);
        a = handshake_of(&d, NULL, WR_A_UNAUTHENTICATED);
        d.s->verdict = WR_S_UNVERIFIABLE;
        d.s->reason = "no certificate";
        advises(&d, NULL, "No further capture proves who was at that end: ask", NULL);
        a->side[side].presented.verdict = WR_CERT_NONE;
        advises(&d, NULL,
                side == 0 ? "No further capture proves who was at " BOB ": ask"
                          : "No further capture proves who was at " ALICE ": ask",
                NULL);
        desk_end(&d);
    }
}

static void test_by_reason(void)
{
    static const struct {
        const char *reason;
        bool one_direction;
        const char *begin;
    } rows[] = {
        {"incomplete", false, "Get a capture that holds the whole handshake"},
        {"incomplete", true, "Capture again with both directions: of this connection only what " ALICE " sent"},
        {"conflicting fingerprints", false, "Have the client announce a SHA-256 fingerprint"},
        {"hash", false, "Have the client announce a SHA-256 fingerprint"},
        {"conflicting fingerprints", true, "Have the client announce a SHA-256 fingerprint"},
        {"one side only", false, "Get what is named as unknown"},
        {"one side only", true, "Get what is named as unknown"},
        {"ambiguous", false, "Get what is named as unknown"},
        {NULL, false, "Get what is named as unknown"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);

        handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE)->flow->asked[0] = rows[i].one_direction;
        d.s->verdict = WR_S_UNVERIFIABLE;
        d.s->reason = rows[i].reason;
        g_test_message("row %zu", i);
        advises(&d, NULL, rows[i].begin, NULL);
        desk_end(&d);
    }
}

/* ---- in between ---- */

/* Connections of so many parties run to these hosts. */
static void lead_away(desk_t *d, unsigned parties, const char *other_host)
{
    d->s->n_parties = 2;
    d->s->parties[0].address = at(ALICE, 0);
    d->s->parties[1].address = at(BOB, 0);
    for (unsigned i = 0; i < parties; i++)
        handshake_of(d, NULL, WR_A_PENDING)->side[i == 0 ? 0 : 1].end = at(i == 0 ? ELSEWHERE : other_host, 7000);
}

static void test_servers(void)
{
    static const wr_session_verdict verdicts[] = {WR_S_RE_KEYED, WR_S_TERMINATED_UNDECLARED};

    for (unsigned i = 0; i < 4 * G_N_ELEMENTS(verdicts); i++) {
        static const char *const words[] = {
            "Ask the operator whether a server of his is there; if so",
            "Ask the operator whether " ELSEWHERE " is a server of his; if so, declare",
            "Ask the operator whether " ELSEWHERE " and 203.0.113.67 are servers of his; if so, declare",
            "Ask the operator whether " ELSEWHERE " is a server of his; if so, declare"};
        const unsigned n = i % 4;
        desk_t d = desk_begin(NULL);

        d.s->verdict = verdicts[i / 4];
        lead_away(&d, MIN(n, 2), n == 2 ? "203.0.113.67" : ELSEWHERE);
        advises(&d, NULL, words[n], "; if not, treat the call as intercepted.");
        desk_end(&d);
    }
}

/* A description was altered, and a connection runs to somebody in between: he has not stepped aside. */
static void test_altered(void)
{
    for (unsigned parties = 0; parties < 3; parties++) {
        desk_t d = desk_begin(NULL);

        d.s->verdict = WR_S_SUBSTITUTED_IN_SIGNALLING;
        lead_away(&d, parties, ELSEWHERE);
        advises(&d, NULL, parties > 0 ? "Treat what was said or sent in this call as known" : "Find what sits between",
                wr_verdict_advice(WR_S_SUBSTITUTED_IN_SIGNALLING));
        g_assert_cmpuint(d.s->alternatives->len, ==, 1);
        g_assert_true(g_str_has_prefix(g_ptr_array_index(d.s->alternatives, 0),
                                       parties > 0 ? "a media server of the operator" : "a gateway"));
        d.s->verdict = WR_S_SUBSTITUTED_NOT_FOLLOWED; /* the end was the right one */
        advises(&d, NULL, "Find what sits between", NULL);
        g_assert_true(g_str_has_prefix(g_ptr_array_index(d.s->alternatives, 0), "a gateway"));
        desk_end(&d);
    }
}

/* The client that was told another key than it met, and went on, needs repair. */
static void test_went_on(void)
{
    for (int shown_by = 0; shown_by < 2; shown_by++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_MISMATCH_NOT_ENFORCED);
        wr_facts f = {.not_followed = a, .not_followed_side = shown_by};

        d.s->verdict = WR_S_SUBSTITUTED_NOT_FOLLOWED;
        advises(&d, &f,
                shown_by == 0 ? "Repair or withdraw the client at " ALICE " now:"
                              : "Repair or withdraw the client at " BOB " now:",
                wr_verdict_advice(WR_S_SUBSTITUTED_NOT_FOLLOWED));
        a->verdict = WR_A_MISMATCH_ENFORCED;
        advises(&d, &f, "Find what sits between", NULL);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/advice/by_verdict", test_by_verdict);
    g_test_add_func("/advice/encrypted", test_encrypted);
    g_test_add_func("/advice/no_certificate", test_no_certificate);
    g_test_add_func("/advice/by_reason", test_by_reason);
    g_test_add_func("/advice/servers", test_servers);
    g_test_add_func("/advice/altered", test_altered);
    g_test_add_func("/advice/went_on", test_went_on);
    return g_test_run();
}
