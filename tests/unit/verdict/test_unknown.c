/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What remains unknown of a call, and what would settle it (rules 1.4): each line, and when it must not stand there. */
#include "records_build.h"

#include "plain_advice.h"

#define LINES 5

/* Begins each line, in order, and no more; NULL ends. */
static void lists(desk_t *d, const char *const lines[LINES])
{
    unsigned n = 0;

    g_ptr_array_set_size(d->s->unknown, 0);
    wr_session_list_unknown(d->c.e, d->s);
    for (; n < d->s->unknown->len; n++) {
        const char *said = g_ptr_array_index(d->s->unknown, n);
        g_test_message("%s", said);
        g_assert_cmpuint(n, <, LINES);
        if (lines[n] == NULL || strstr(said, lines[n]) == NULL)
            g_error("line %u is: %s", n, said);
    }
    g_assert_true(n == LINES || lines[n] == NULL);
}

#define LIST(...)                                                                                                      \
    (const char *const[LINES])                                                                                         \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }

/* ---- hidden certificates ---- */

static void test_how_to_open(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool log = (i & 1) != 0, keys = (i & 2) != 0;
        const wr_options o = {.keys_given = log, .find_secret = has_keys};
        desk_t d = desk_begin(&o);

        keys_are_known = keys;
        d.s->verdict = WR_S_MISMATCH;
        handshake_of(&d, NULL, WR_A_UNVERIFIABLE_ENCRYPTED);
        lists(&d, LIST(keys  ? "association a1: DTLS 1.3 hides them; keys of it were given, but not used"
                       : log ? "association a1: DTLS 1.3 hides them; the key log that was given did not open it"
                             : "association a1: DTLS 1.3 hides them; the key log of either endpoint"));
        desk_end(&d);
    }
}

static void test_hidden(void)
{
    enum {
        BY_VERDICT,
        BY_VERSION,
        DECRYPTED,
        OF_12,
        BY_KEY,
        STATED,
        STATED_OTHER,
        DISPUTED,
        STATED_AND_DISPUTED,
        CASES
    };
    static const char *const lines[CASES][LINES] = {
        [BY_VERDICT] = {"certificates of association a1: DTLS 1.3 hides them"},
        [BY_VERSION] = {"certificates of association a1: DTLS 1.3 hides them"},
        [BY_KEY] = {"with which certificates the session of association a1 was made"},
        [STATED] = {"whether the endpoint's statement on association a1 is true"},
        [STATED_OTHER] = {"whether the endpoint's statement on association a1 is true"},
        [DISPUTED] = {"what the endpoint's statement on association a1 means", "association a1: DTLS 1.3 hides them"},
        [STATED_AND_DISPUTED] = {"whether the endpoint's statement on association a1 is true"},
    };

    for (int which = BY_VERDICT; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a =
            handshake_of(&d, NULL, which == BY_VERDICT ? WR_A_UNVERIFIABLE_ENCRYPTED : WR_A_HALF_VERIFIED);

        d.s->verdict = WR_S_MISMATCH;
        a->version = which == OF_12 || which == BY_VERDICT ? WR_DTLS_1_2 : WR_DTLS_1_3;
        a->decrypted = which == DECRYPTED;
        a->server_psk = which == BY_KEY;
        if (which == STATED || which == STATED_AND_DISPUTED)
            a->side[0].presented.stated = d.certificate[0];
        if (which == STATED_OTHER)
            a->side[1].presented.stated = d.certificate[0];
        a->disputed = which == DISPUTED || which == STATED_AND_DISPUTED;
        g_test_message("case %d", which);
        lists(&d, lines[which]);
        desk_end(&d);
    }
}

/* ---- what is not here ---- */

static void test_not_here(void)
{
    enum { UNSEEN, UNSEEN_FAILED, UNDESCRIBED, UNDESCRIBED_ALL, SEEN, CASES };

    for (int which = UNSEEN; which < CASES; which++) {
        for (int side = 0; side < 2; side++) {
            desk_t d = desk_begin(NULL);
            wr_association *a =
                handshake_of(&d, NULL, which == UNSEEN_FAILED ? WR_A_HANDSHAKE_FAILED : WR_A_HALF_VERIFIED);
            const char *end = side == 0 ? BOB ":6000" : ALICE ":5000";
            char *line = which == UNSEEN ? g_strdup_printf("certificate of %s in association a1: not captured", end)
                         : which == UNDESCRIBED
                             ? g_strdup_printf("what %s announced: no description of it governs association a1", end)
                             : NULL;

            d.s->verdict = WR_S_MISMATCH;
            if (which != UNDESCRIBED_ALL)
                told(&d, false, false, d.fingerprint[0], NULL);
            a->side[side].presented.verdict = which == SEEN         ? WR_CERT_MATCH
                                              : which < UNDESCRIBED ? WR_CERT_UNSEEN
                                                                    : WR_CERT_SDP_NONE;
            g_test_message("case %d, side %d", which, side);
            lists(&d, LIST(line));
            g_free(line);
            desk_end(&d);
        }
    }
}

/* A signature of the server's, or its Finished, shows the end. */
static void test_end(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool verified = (i & 1) != 0, proved = (i & 2) != 0, finished = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, verified ? WR_A_VERIFIED : WR_A_HALF_VERIFIED);

        d.s->verdict = WR_S_MISMATCH;
        a->possession[1] = proved ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        a->side[1].finished_frame = finished ? 5 : 0;
        lists(&d, LIST(verified && !proved && !finished ? "whether the handshake of a1 was completed" : NULL));
        desk_end(&d);
    }
}

/* ---- by the verdict ---- */

static void test_by_verdict(void)
{
    for (int v = 0; v <= WR_S_NO_MEDIA; v++) {
        for (unsigned both_legs = 0; both_legs < 2; both_legs++) {
            desk_t d = desk_begin(NULL);
            wr_copy *c = told(&d, false, false, d.fingerprint[0], NULL);

            d.s->verdict = (wr_session_verdict)v;
            if (both_legs)
                paired(&d, c, told(&d, false, true, d.fingerprint[0], NULL), WR_SAME_S0, WR_FPS_EQUAL);
            lists(&d, LIST(v == WR_S_VERIFIED_LEG || (v == WR_S_UNVERIFIABLE && !both_legs)
                               ? "whether signalling was altered on its way"
                           : v == WR_S_NO_SIGNALLING ? "what was announced: the signalling is elsewhere"
                           : v == WR_S_NO_MEDIA      ? "what certificates were presented: the media path is not"
                           : v == WR_S_RE_KEYED || v == WR_S_TERMINATED_UNDECLARED
                               ? "whether the operator put this intermediary there"
                               : NULL));
            desk_end(&d);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/unknown/how_to_open", test_how_to_open);
    g_test_add_func("/unknown/hidden", test_hidden);
    g_test_add_func("/unknown/not_here", test_not_here);
    g_test_add_func("/unknown/end", test_end);
    g_test_add_func("/unknown/by_verdict", test_by_verdict);
    return g_test_run();
}
