/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict on one handshake, bound by checks to an offer and an answer: what each side presented or did not, what
 * the verifier did about it, which verdict goes before which, and how much it weighs (rules 1.1, 1.2).
 */
#include "records_build.h"

#include "records/handshake_messages.h"

static void test_plain(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = shown_right(&d);

    wr_engine_evaluate_association(d.c.e, a);
    g_assert_cmpint(a->verdict, ==, WR_A_VERIFIED);
    g_assert_cmpint(a->severity, ==, WR_CHAT);
    g_assert_cmpint(a->binding, ==, WR_B0);
    g_assert_cmpint(a->standing, ==, WR_COHERENT);
    g_assert_cmpuint(a->n_ties, ==, 1);
    g_assert_cmpint(a->ties[0].own, ==, 1);
    g_assert_cmpint(a->owner[0]->kind, ==, WR_KIND_ANSWER);
    g_assert_cmpint(a->owner[1]->kind, ==, WR_KIND_OFFER);
    g_assert_true(a->side[1].presented.issued == a->owner[1]); /* Alice emitted hers here */
    g_assert_null(a->side[0].presented.issued);
    g_assert_cmpint(a->side[0].presented.hash, ==, WR_HASH_SHA256);
    g_assert_cmpuint(wr_association_session_number(d.c.e, a), ==, wr_copy_session_number(d.c.e, a->owner[0]));
    desk_end(&d);
}

/* ---- no certificate ---- */

enum {
    PLAIN,
    TLS_13,
    TLS_13_PSK,
    ABBREVIATED,
    ABBREVIATED_NO_HELLO,
    ABBREVIATED_NO_ECHO,
    ABBREVIATED_NO_CCS,
    ABBREVIATED_CLIENT_KEY,
    ABBREVIATED_SERVER_KEY,
    EMPTY,
    NEXT_MESSAGE,
    MESSAGE_AFTER,
    NEXT_OTHER_END,
    NEXT_NO_ROLES,
    NEXT_NO_RANDOM,
    NOT_SHOWN
};

static void test_not_shown(void)
{
    for (int which = PLAIN; which < NOT_SHOWN; which++) {
        for (int s = 0; s < 2; s++) {
            desk_t d = desk_begin(NULL);
            wr_association *a = agreed_on(&d, d.fingerprint[ALICE_HAS], d.fingerprint[BOB_HAS]);
            const bool abbreviated = which >= ABBREVIATED && which <= ABBREVIATED_SERVER_KEY;
            const wr_cert_verdict wanted = which == TLS_13                               ? WR_CERT_ENCRYPTED
                                           : which == TLS_13_PSK || which == ABBREVIATED ? WR_CERT_RESUMED
                                           : which == EMPTY || which == NEXT_MESSAGE || which == NEXT_OTHER_END
                                               ? WR_CERT_NONE
                                               : WR_CERT_UNSEEN;
            if (which == TLS_13 || which == TLS_13_PSK)
                a->version = WR_DTLS_1_3;
            a->server_psk = which == TLS_13_PSK;
            a->session_echo = abbreviated && which != ABBREVIATED_NO_ECHO;
            a->side[1].ccs_frame = abbreviated && which != ABBREVIATED_NO_CCS ? 9 : 0;
            a->has_server_random = which != ABBREVIATED_NO_HELLO;
            if (which == ABBREVIATED_CLIENT_KEY || which == ABBREVIATED_SERVER_KEY)
                a->side[which == ABBREVIATED_CLIENT_KEY ? 0 : 1].key_exchange_seq = 7;
            a->side[s].presented.empty = which == EMPTY;
            a->side[s].hello_seq = 2;
            if (which >= NEXT_MESSAGE && which != MESSAGE_AFTER)
                a->side[s].key_exchange_seq = 3;
            if (which == MESSAGE_AFTER)
                a->side[s].key_exchange_seq = 4;
            if (which == NEXT_NO_ROLES || which == NEXT_OTHER_END)
                a->client_end = which == NEXT_OTHER_END ? 0 : -1;
            if (which == NEXT_NO_RANDOM && s == 0)
                a->has_client_random = false;
            else if (which == NEXT_NO_RANDOM)
                a->has_server_random = false;
            wr_engine_evaluate_association(d.c.e, a);
            g_test_message("case %d, side %d", which, s);
            g_assert_cmpint(a->side[s].presented.verdict, ==, wanted);
            desk_end(&d);
        }
    }
}

/* A key exchange of the client's is somebody's where the server changed to its keys first: in a whole handshake the
 * client does. */
static void test_echo_with_key_exchange(void)
{
    static const uint32_t changes[] = {0, 5, 9, 10}; /* frames of its change; the server: 9 */

    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        const uint32_t clients = changes[i];
        desk_t d = desk_begin(NULL);
        wr_association *a = agreed_on(&d, d.fingerprint[ALICE_HAS], d.fingerprint[BOB_HAS]);

        a->session_echo = true;
        a->side[0].key_exchange_seq = 2;
        a->side[0].ccs_frame = clients;
        a->side[1].ccs_frame = 9;
        wr_engine_evaluate_association(d.c.e, a);
        g_assert_true((a->verdict == WR_A_RESUMED_UNLINKED) == (clients == 10));
        desk_end(&d);
    }
}

/* With a certificate of the server's an echo is no abbreviation. */
static void test_echo_with_certificate(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = agreed_on(&d, d.fingerprint[ALICE_HAS], d.fingerprint[BOB_HAS]);

    shows(&d, a, 1, ALICE_HAS);
    a->session_echo = true;
    a->side[1].ccs_frame = 9;
    wr_engine_evaluate_association(d.c.e, a);
    g_assert_cmpint(a->side[0].presented.verdict, ==, WR_CERT_UNSEEN);
    g_assert_cmpint(a->verdict, ==, WR_A_HALF_VERIFIED);
    desk_end(&d);
}

/* ---- what goes before what ---- */

typedef enum {
    CLEAR,
    BARE,
    WRONG,
    CONTESTED,
    NULL_PROFILE,
    NULL_SUITE,
    NO_CERTIFICATE,
    REFUSED,
    RIGHT,
    HALF,
    RESUMED,
    HIDDEN,
    NO_FINGERPRINT,
    UNUSABLE,
    UNSEEN,
    STATES
} state;

static const struct {
    const char *words;
    wr_association_verdict verdict;
    wr_severity severity;
} states[STATES] = {
    [CLEAR] = {"media in clear", WR_A_UNENCRYPTED, WR_ERROR},
    [BARE] = {"certificates without hellos", WR_A_UNVERIFIABLE_INCOMPLETE, WR_NOTE},
    [WRONG] = {"a wrong certificate", WR_A_MISMATCH, WR_ERROR},
    [CONTESTED] = {"a certificate whose key did not sign", WR_A_CONTESTED, WR_WARN},
    [NULL_PROFILE] = {"SRTP without encryption", WR_A_NULL_PROFILE, WR_ERROR},
    [NULL_SUITE] = {"a suite without encryption", WR_A_NULL_PROFILE, WR_ERROR},
    [NO_CERTIFICATE] = {"an empty certificate list", WR_A_UNAUTHENTICATED, WR_ERROR},
    [REFUSED] = {"an alert before the end", WR_A_HANDSHAKE_FAILED, WR_CHAT},
    [RIGHT] = {"both right", WR_A_VERIFIED, WR_CHAT},
    [HALF] = {"one right", WR_A_HALF_VERIFIED, WR_CHAT},
    [RESUMED] = {"a resumed session", WR_A_RESUMED_UNLINKED, WR_NOTE},
    [HIDDEN] = {"DTLS 1.3", WR_A_UNVERIFIABLE_ENCRYPTED, WR_CHAT},
    [NO_FINGERPRINT] = {"no fingerprint", WR_A_UNVERIFIABLE_HASH, WR_WARN},
    [UNUSABLE] = {"an unusable fingerprint", WR_A_UNVERIFIABLE_HASH, WR_WARN},
    [UNSEEN] = {"nothing seen", WR_A_UNVERIFIABLE_INCOMPLETE, WR_NOTE},
};

static wr_stream clear_stream;

/* What the client's side, Bob's, is announced with in this state; the rest is laid on the association. */
static const char *announced(const desk_t *d, state what)
{
    return what == WRONG            ? d->fingerprint[CAROL_HAS]
           : what == NO_FINGERPRINT ? NULL
           : what == UNUSABLE       ? "sha-256 12:34"
                                    : d->fingerprint[BOB_HAS];
}

static void lay(wr_association *a, state what)
{
    switch (what) {
    case CLEAR:
        clear_stream = (wr_stream){.plain = WR_STREAM_PLAIN, .packets = 100, .last_us = 20 * S};
        a->flow->streams = &clear_stream;
        a->flow->n_streams = 1;
        break;
    case BARE:
        a->has_server_random = false;
        break;
    case CONTESTED:
        a->possession[0] = WR_POSSESSION_INVALID;
        a->side[0].ccs_frame = 7; /* it went on to its keys */
        break;
    case NULL_PROFILE:
        a->has_profile = true;
        a->srtp_profile = 0x0005; /* SRTP_NULL_HMAC_SHA1_80 */
        break;
    case NULL_SUITE:
        a->has_suite = true;
        a->suite = 0xc006; /* TLS_ECDHE_ECDSA_WITH_NULL_SHA */
        break;
    case REFUSED:
        a->side[0].alert_frame = 9;
        a->side[1].finished_frame = 0;
        break;
    case NO_CERTIFICATE:
        g_clear_pointer(&a->side[0].presented.certificate, wr_certificate_unref);
        a->side[0].presented.empty = true;
        break;
    case HALF:
    case RESUMED:
    case HIDDEN:
    case UNSEEN:
        for (int s = 0; s < (what == HALF ? 1 : 2); s++)
            g_clear_pointer(&a->side[s].presented.certificate, wr_certificate_unref);
        a->session_echo = what == RESUMED;
        a->side[0].key_exchange_seq = 0;
        a->side[1].ccs_frame = what == RESUMED ? 8 : 0;
        if (what == HIDDEN)
            a->version = WR_DTLS_1_3;
        break;
    default:
        break;
    }
}

/* The fingerprints of both sides, and everything of the second that goes together with the first. */
static wr_association *laid(desk_t *d, state first, state second)
{
    const char *bobs =
        announced(d, first) != d->fingerprint[BOB_HAS] || first == second ? announced(d, first) : announced(d, second);
    wr_association *a;

    a = agreed_on(d, first == NO_FINGERPRINT || first == UNUSABLE ? announced(d, first) : d->fingerprint[ALICE_HAS],
                  bobs);
    shows(d, a, 0, BOB_HAS);
    shows(d, a, 1, ALICE_HAS);
    lay(a, first);
    if (second != first)
        lay(a, second);
    return a;
}

static void test_each_state(void)
{
    for (state what = CLEAR; what < STATES; what++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = laid(&d, what, what);
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("%s", states[what].words);
        g_assert_cmpint(a->verdict, ==, states[what].verdict);
        g_assert_cmpint(a->severity, ==, states[what].severity);
        a->flow->streams = NULL;
        a->flow->n_streams = 0;
        desk_end(&d);
    }
}

/* Of two that can be together the first in the list decides. */
static void test_each_pair(void)
{
    static const state together[][2] = {{CLEAR, BARE},
                                        {CLEAR, WRONG},
                                        {CLEAR, CONTESTED},
                                        {CLEAR, NULL_PROFILE},
                                        {CLEAR, NO_CERTIFICATE},
                                        {CLEAR, REFUSED},
                                        {CLEAR, HALF},
                                        {CLEAR, RESUMED},
                                        {CLEAR, HIDDEN},
                                        {CLEAR, NO_FINGERPRINT},
                                        {BARE, WRONG},
                                        {BARE, CONTESTED},
                                        {BARE, NULL_SUITE},
                                        {BARE, HALF},
                                        {WRONG, NULL_PROFILE},
                                        {WRONG, NULL_SUITE},
                                        {CONTESTED, NULL_PROFILE},
                                        {CONTESTED, REFUSED},
                                        {NULL_PROFILE, NO_CERTIFICATE},
                                        {NULL_PROFILE, REFUSED},
                                        {NULL_PROFILE, HALF},
                                        {NULL_SUITE, RESUMED},
                                        {NULL_SUITE, NO_FINGERPRINT},
                                        {REFUSED, HALF},
                                        {REFUSED, RESUMED},
                                        {REFUSED, UNSEEN},
                                        {REFUSED, NO_FINGERPRINT},
                                        {REFUSED, HIDDEN},
                                        {NO_CERTIFICATE, NO_FINGERPRINT}};

    for (size_t i = 0; i < G_N_ELEMENTS(together); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = laid(&d, together[i][0], together[i][1]);
        if (together[i][0] == NO_CERTIFICATE)
            a->side[1].finished_frame = 5;
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("%s, and %s", states[together[i][0]].words, states[together[i][1]].words);
        g_assert_cmpint(a->verdict, ==, states[together[i][0]].verdict);
        a->flow->streams = NULL;
        a->flow->n_streams = 0;
        desk_end(&d);
    }
}

/* Refused before either side had keys: what was put into it decides nothing. Keys, or media since, make it count. */
static void test_came_to_nothing(void)
{
    enum {
        NOTHING,
        CLIENT_CHANGED,
        SERVER_CHANGED,
        UNDER_KEYS,
        HAS_DATA,
        MEDIA_SINCE,
        MEDIA_BEFORE,
        NOT_REFUSED,
        CASES
    };

    for (int what = NOTHING; what < CASES; what++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);
        const bool counts = what != NOTHING && what != MEDIA_BEFORE;
        a->possession[1] = WR_POSSESSION_INVALID;
        if (what != NOT_REFUSED) {
            a->side[0].alert_frame = 9;
            a->side[0].alert_us = ANSWERED_US + S;
        }
        a->side[0].ccs_frame = what == CLIENT_CHANGED ? 7 : 0;
        a->side[1].ccs_frame = what == SERVER_CHANGED ? 7 : 0;
        a->side[1].first_encrypted_frame = what == UNDER_KEYS ? 8 : 0;
        a->side[0].data_records = what == HAS_DATA;
        wr_flow_traffic(a->flow)[0].last_us = what == MEDIA_SINCE    ? ANSWERED_US + 2 * S
                                              : what == MEDIA_BEFORE ? ANSWERED_US
                                                                     : 0;
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("case %d", what);
        g_assert_cmpint(a->verdict, ==, counts ? WR_A_CONTESTED : WR_A_HANDSHAKE_FAILED);
        desk_end(&d);
    }
}

/* A client's certificate is of the flight in which it goes on to its keys, or signs: alone it is anybody's. */
static void test_lone_certificate(void)
{
    enum { LONE, EXCHANGE, CHANGED, UNDER_KEYS, SIGNED, OF_SERVER, CASES };

    for (int what = LONE; what < CASES; what++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = agreed_on(&d, d.fingerprint[ALICE_HAS], d.fingerprint[BOB_HAS]);
        shows(&d, a, what == OF_SERVER ? 1 : 0, what == OF_SERVER ? ALICE_HAS : BOB_HAS);
        a->side[0].key_exchange_seq = what == EXCHANGE ? 5 : 0;
        a->side[0].ccs_frame = what == CHANGED ? 7 : 0;
        a->side[0].first_encrypted_frame = what == UNDER_KEYS ? 8 : 0;
        a->possession[0] = what == SIGNED ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("case %d", what);
        g_assert_cmpint(a->side[what == OF_SERVER].presented.verdict, ==,
                        what == LONE ? WR_CERT_UNSEEN : WR_CERT_MATCH);
        desk_end(&d);
    }
}

/* A certificate is owed where a description announces one, or SRTP keys come of the handshake, and it was completed. */
static void test_owed(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool described = (i & 1) != 0, profile = (i & 2) != 0, completed = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a =
            described ? agreed_on(&d, d.fingerprint[0], d.fingerprint[1]) : handshake_of(&d, NULL, WR_A_PENDING);
        if (!described)
            a->node = wr_node_new(d.c.e, NULL, a);
        a->has_profile = profile;
        a->srtp_profile = 0x0007;
        a->side[0].presented.empty = true;
        if (!completed)
            a->side[0].finished_frame = 0;
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("%u", i);
        g_assert_true((a->verdict == WR_A_UNAUTHENTICATED) == (completed && (described || profile)));
        if (!described)
            g_assert_true(a->verdict == WR_A_UNAUTHENTICATED || a->verdict == WR_A_NO_SIGNALLING);
        desk_end(&d);
    }
}

/* A hello without an answer failed when nothing followed for half a minute. */
static void test_no_answer(void)
{
    static const struct {
        int64_t ms;
        bool client, server, failed;
    } rows[] = {{30001, true, false, true},
                {30000, true, false, false},
                {30001, false, false, false},
                {30001, true, true, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = agreed_on(&d, d.fingerprint[0], d.fingerprint[1]);
        a->has_client_random = rows[i].client;
        a->has_server_random = rows[i].server;
        a->side[0].finished_frame = a->side[1].finished_frame = 0;
        d.c.e->last_us = a->last_us + rows[i].ms * MS;
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("row %zu", i);
        g_assert_cmpint(a->verdict, ==, rows[i].failed ? WR_A_HANDSHAKE_FAILED : WR_A_UNVERIFIABLE_INCOMPLETE);
        desk_end(&d);
    }
}

/* ---- what the verifier did ---- */

static void test_enforcement(void)
{
    enum {
        NOTHING,
        MEDIA_ON,
        MEDIA_TWO_SECONDS,
        MEDIA_OF_PRESENTER,
        DATA_ON,
        DATA_OF_PRESENTER,
        MEDIA_UNFINISHED,
        ALERT,
        ALERT_OF_PRESENTER,
        LATE_ALERT,
        FAREWELL_AT_ONCE,
        FAREWELL_LATE,
        FAREWELL_AFTER_DATA,
        FAREWELL_OF_PRESENTER,
        CASES
    };

    for (int which = NOTHING; which < CASES; which++) {
        for (int presenter = 0; presenter < 2; presenter++) { /* of the wrong certificate; Bob is client, and end 1 */
            desk_t d = desk_begin(NULL);
            wr_association *a = agreed_on(&d, d.fingerprint[presenter == 1 ? CAROL_HAS : ALICE_HAS],
                                          d.fingerprint[presenter == 0 ? CAROL_HAS : BOB_HAS]);
            const int verifier = 1 - presenter;
            wr_side *v = &a->side[verifier];
            const int verifier_end = verifier == 0 ? 1 : 0;
            const bool on = which == MEDIA_ON || which == DATA_ON;
            const bool refused = which == ALERT || which == LATE_ALERT || which == FAREWELL_AT_ONCE;
            wr_traffic *t = wr_flow_traffic(a->flow);
            int64_t end_us = a->last_us;
            shows(&d, a, 0, BOB_HAS);
            shows(&d, a, 1, ALICE_HAS);
            v->finished_us = end_us;
            if (which == MEDIA_ON || which == MEDIA_UNFINISHED)
                t[verifier_end] = (wr_traffic){.packets = 9, .last_us = end_us + 2 * S + 1, .last_frame = 71};
            if (which == MEDIA_TWO_SECONDS)
                t[verifier_end] = (wr_traffic){.packets = 9, .last_us = end_us + 2 * S, .last_frame = 71};
            if (which == MEDIA_OF_PRESENTER)
                t[1 - verifier_end] = (wr_traffic){.packets = 9, .last_us = end_us + 9 * S, .last_frame = 71};
            if (which == MEDIA_UNFINISHED)
                v->finished_frame = 0;
            if (which == DATA_ON || which == DATA_OF_PRESENTER) {
                a->side[which == DATA_ON ? verifier : presenter].data_last_us = end_us + 3 * S;
                a->side[which == DATA_ON ? verifier : presenter].data_last_frame = 71;
            }
            if (which == ALERT || which == LATE_ALERT)
                v->alert_frame = 71;
            if (which == ALERT_OF_PRESENTER)
                a->side[presenter].alert_frame = 71;
            if (which >= FAREWELL_AT_ONCE) {
                wr_side *s = &a->side[which == FAREWELL_OF_PRESENTER ? presenter : verifier];
                s->encrypted_alert_frame = 71;
                s->encrypted_alert_us = end_us + (which == FAREWELL_LATE ? 2 * S + 1 : 2 * S);
            }
            if (which == FAREWELL_AFTER_DATA) {
                v->encrypted_alert_us = end_us + S;
                v->data_last_us = v->encrypted_alert_us + 1;
            }
            wr_engine_evaluate_association(d.c.e, a);
            g_test_message("case %d, presenter %d", which, presenter);
            g_assert_cmpint(a->side[presenter].presented.verdict, ==, WR_CERT_MISMATCH);
            g_assert_cmpint(a->verdict, ==,
                            on        ? WR_A_MISMATCH_NOT_ENFORCED
                            : refused ? WR_A_MISMATCH_ENFORCED
                                      : WR_A_MISMATCH);
            g_assert_cmpuint(a->enforcement_frame, ==, on || refused ? 71 : 0);
            g_assert_cmpint(a->severity, ==, a->verdict == WR_A_MISMATCH_ENFORCED ? WR_NOTE : WR_ERROR);
            desk_end(&d);
        }
    }
}

/* Both sides are wrong: the worse of what the two verifiers did. */
static void test_worse_of_two(void)
{
    for (unsigned i = 0; i < 3; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = agreed_on(&d, d.fingerprint[CAROL_HAS], d.fingerprint[CAROL_HAS]);
        shows(&d, a, 0, BOB_HAS);
        shows(&d, a, 1, ALICE_HAS);
        a->side[0].alert_frame = 71;
        if (i == 1)
            a->side[1].alert_frame = 72;
        if (i == 2) {
            a->side[1].finished_us = a->last_us;
            a->side[1].data_last_us = a->last_us + 9 * S;
        }
        wr_engine_evaluate_association(d.c.e, a);
        g_assert_cmpint(a->verdict, ==,
                        i == 0   ? WR_A_MISMATCH
                        : i == 1 ? WR_A_MISMATCH_ENFORCED
                                 : WR_A_MISMATCH_NOT_ENFORCED);
        desk_end(&d);
    }
}

/* ---- contested ---- */

/* Several certificates were shown for a side: which of them counts only a signature tells. */
static void test_several_shown(void)
{
    enum { OTHER, SAME_AGAIN, OF_OTHER_ROLE, ALIKE, PROVED, DECRYPTED, CUT, NONE, CASES };

    for (int which = OTHER; which < CASES; which++) {
        for (int s = 0; s < 2; s++) {
            desk_t d = desk_begin(NULL);
            wr_association *a = shown_right(&d);
            wr_handshake_message m = {.type = 11, .role = (uint8_t)(which == OF_OTHER_ROLE ? 1 - s : s)};
            const bool contested = which == OTHER || which == CUT;
            bool is_new;
            m.leaf = d.certificate[which == SAME_AGAIN || which == OF_OTHER_ROLE || which == ALIKE
                                       ? (which == OF_OTHER_ROLE ? (s == 0 ? ALICE_HAS : BOB_HAS)
                                                                 : (s == 0 ? BOB_HAS : ALICE_HAS))
                                       : CAROL_HAS];
            if (which != NONE)
                wr_handshake_messages_add(&a->messages, &m, &is_new);
            if (which == CUT) {
                a->messages->list[0].role = (uint8_t)(1 - s);
                a->messages->cut = true;
            }
            if (which == PROVED)
                a->possession[s] = WR_POSSESSION_PROVED;
            a->decrypted = which == DECRYPTED;
            wr_engine_evaluate_association(d.c.e, a);
            g_test_message("case %d, side %d", which, s);
            g_assert_true((a->side[s].presented.verdict == WR_CERT_CONTESTED) == contested);
            g_assert_true(a->side[s].presented.contested == contested);
            desk_end(&d);
        }
    }
}

/* Two legs of one party disagree, or two things were told on one; what is known of none but by certificates. */
/* Half an exchange from the other party's address is what anybody can send who may speak with its server. */
static void test_legs_disagree(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool same_party = (i & 1) != 0, differ = (i & 2) != 0, whole = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);
        text_t w = answer_text();
        way_t other = {.client = same_party ? ALICE : BOB,
                       .connection = 8,
                       .direction = same_party ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED,
                       .kind = WR_KIND_ANSWER,
                       .covered = true};
        w.fingerprint = d.fingerprint[differ ? CAROL_HAS : BOB_HAS];
        w.candidate = NULL;
        w.version = "9";
        say(&d.c, other, &w);
        if (whole && !same_party) {
            text_t o = offer_text();
            o.fingerprint = d.fingerprint[ALICE_HAS];
            other.direction = WR_DIRECTION_DELIVERED;
            other.kind = WR_KIND_OFFER;
            say(&d.c, other, &o);
        }
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("%u", i);
        if (!differ)
            g_assert_cmpint(a->verdict, ==, WR_A_VERIFIED);
        else /* his own end shows what she was told, and not what he says there */
            g_assert_cmpint(a->side[0].presented.verdict, ==, WR_CERT_CONTESTED);
        desk_end(&d);
    }
}

/* The other party says of itself what its end shows, or something else that is disowned, and was told something else of
 * her: what it was told counts in the first case alone. */
static void test_told_otherwise(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool own_word = (i & 1) != 0, adds = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);
        text_t o = offer_text(), w = answer_text();
        way_t bobs = {.client = BOB,
                      .connection = 8,
                      .direction = WR_DIRECTION_DELIVERED,
                      .kind = WR_KIND_OFFER,
                      .covered = true};
        char *both = g_strdup_printf("%s\r\na=fingerprint:%s", d.fingerprint[MALLORY_HAS], d.fingerprint[ALICE_HAS]);
        o.fingerprint = adds ? both : d.fingerprint[MALLORY_HAS];
        w.fingerprint = d.fingerprint[own_word ? BOB_HAS : CAROL_HAS];
        o.candidate = w.candidate = NULL;
        o.version = w.version = "9";
        say(&d.c, bobs, &o);
        bobs.direction = WR_DIRECTION_EMITTED;
        bobs.kind = WR_KIND_ANSWER;
        say(&d.c, bobs, &w);
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("%u", i);
        g_assert_cmpint(a->side[0].presented.verdict, ==, own_word ? WR_CERT_MATCH : WR_CERT_CONTESTED);
        g_assert_cmpint(a->side[1].presented.verdict, ==,
                        adds       ? WR_CERT_MATCH
                        : own_word ? WR_CERT_MISMATCH
                                   : WR_CERT_CONTESTED);
        desk_end(&d);
        g_free(both);
    }
}

static void test_rival_announcement(void)
{
    for (unsigned i = 0; i < 3; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = agreed_on(&d, d.fingerprint[ALICE_HAS], d.fingerprint[i == 0 ? BOB_HAS : CAROL_HAS]);
        text_t w = answer_text();
        way_t again = ANSWERED;
        shows(&d, a, 0, BOB_HAS);
        shows(&d, a, 1, ALICE_HAS);
        w.fingerprint = d.fingerprint[i == 0 ? CAROL_HAS : i == 1 ? BOB_HAS : MALLORY_HAS];
        w.candidate = NULL;
        again.later_ms = 20;
        say(&d.c, again, &w);
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("%u", i);
        g_assert_cmpint(a->side[0].presented.verdict, ==, i == 2 ? WR_CERT_MISMATCH : WR_CERT_CONTESTED);
        desk_end(&d);
    }
}

/* Legs of which nothing tells whose they are: agreeing they verify, disagreeing they are ambiguous; what one of them
 * was told beside is no rival where another leg speaks for the party. */
static void test_legs_of_nobody(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool differ = (i & 1) != 0, tied = (i & 2) != 0, beside = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);
        text_t o = offer_text(), w = answer_text();
        way_t up = {
            .client = "198.51.100.7", .connection = 8, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER};
        way_t down = up;
        wr_cert_verdict wanted = differ ? WR_CERT_AMBIGUOUS : WR_CERT_MATCH;
        if (!tied) { /* Alice's own leg is not here: hers is another stranger's */
            wr_leg *leg = g_ptr_array_index(d.c.e->legs, 0);
            leg->client = at("198.51.100.6", 40001);
        }
        o.candidate = w.candidate = NULL;
        o.fingerprint = d.fingerprint[ALICE_HAS];
        w.fingerprint = d.fingerprint[differ ? CAROL_HAS : BOB_HAS];
        down.direction = WR_DIRECTION_DELIVERED;
        down.kind = WR_KIND_ANSWER;
        say(&d.c, up, &o);
        say(&d.c, down, &w);
        if (beside) {
            w.fingerprint = d.fingerprint[MALLORY_HAS];
            say(&d.c, down, &w);
        }
        if (beside && !tied)
            wanted = WR_CERT_AMBIGUOUS;
        if (tied)
            wanted = WR_CERT_MATCH;
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("%u", i);
        g_assert_cmpint(a->side[0].presented.verdict, ==, wanted);
        g_assert_cmpint(a->side[1].presented.verdict, ==, WR_CERT_MATCH);
        desk_end(&d);
    }
}

/* ---- resumed ---- */

static void test_resumption(void)
{
    enum { ISSUED, OTHER_ID, NO_ID, LATER, PART, UNSEEN_ONE, NO_ECHO, CASES };

    for (int which = ISSUED; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *o = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_association *a = agreed_on(&d, d.fingerprint[ALICE_HAS], d.fingerprint[BOB_HAS]);
        g_ptr_array_add(d.c.e->associations, o);
        g_ptr_array_add(d.c.e->associations, a);
        o->issued_id = which == NO_ID ? 0 : 77;
        a->session_id = which == NO_ID ? 0 : which == OTHER_ID ? 78 : 77;
        if (which != UNSEEN_ONE)
            shows(&d, o, 1, ALICE_HAS);
        if (which == LATER)
            o->first_us = a->first_us + 1;
        o->absorbed = which == PART ? a : NULL;
        a->side[1].ccs_frame = 8;
        a->session_echo = which != NO_ECHO;
        a->server_psk = which == NO_ECHO;
        if (which == NO_ECHO)
            a->version = WR_DTLS_1_3;
        wr_engine_evaluate_association(d.c.e, a);
        g_test_message("case %d", which);
        g_assert_cmpint(a->verdict, ==, which == ISSUED ? WR_A_RESUMED_LINKED : WR_A_RESUMED_UNLINKED);
        g_assert_true(a->resumes == (which == ISSUED ? o : NULL));
        g_ptr_array_steal_index(d.c.e->associations, 1);
        g_ptr_array_steal_index(d.c.e->associations, 0);
        desk_end(&d);
    }
}

/* ---- what it is worth ---- */

static void test_standing(void)
{
    for (unsigned i = 0; i < 32; i++) {
        const bool proved = (i & 1) != 0, decrypted = (i & 2) != 0, is_13 = (i & 4) != 0;
        const bool client = (i & 8) != 0, server = (i & 16) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);
        a->possession[1] = proved ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        a->decrypted = decrypted;
        a->version = is_13 ? WR_DTLS_1_3 : WR_DTLS_1_2;
        a->has_client_random = client;
        a->has_server_random = server;
        wr_engine_evaluate_association(d.c.e, a);
        g_assert_cmpint(a->standing, ==,
                        proved || (decrypted && is_13) ? WR_PROVEN
                        : client && server             ? WR_COHERENT
                                                       : WR_BARE);
        desk_end(&d);
    }
}

/* What is part of another is judged with that. */
static void test_part_of_another(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = shown_right(&d);

    a->absorbed = a;
    wr_engine_evaluate_association(d.c.e, a);
    g_assert_cmpint(a->verdict, ==, WR_A_PENDING);
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/association/plain", test_plain);
    g_test_add_func("/association/not_shown", test_not_shown);
    g_test_add_func("/association/echo_with_certificate", test_echo_with_certificate);
    g_test_add_func("/association/echo_with_key_exchange", test_echo_with_key_exchange);
    g_test_add_func("/association/each_state", test_each_state);
    g_test_add_func("/association/each_pair", test_each_pair);
    g_test_add_func("/association/came_to_nothing", test_came_to_nothing);
    g_test_add_func("/association/lone_certificate", test_lone_certificate);
    g_test_add_func("/association/owed", test_owed);
    g_test_add_func("/association/no_answer", test_no_answer);
    g_test_add_func("/association/enforcement", test_enforcement);
    g_test_add_func("/association/worse_of_two", test_worse_of_two);
    g_test_add_func("/association/several_shown", test_several_shown);
    g_test_add_func("/association/legs_disagree", test_legs_disagree);
    g_test_add_func("/association/told_otherwise", test_told_otherwise);
    g_test_add_func("/association/rival_announcement", test_rival_announcement);
    g_test_add_func("/association/legs_of_nobody", test_legs_of_nobody);
    g_test_add_func("/association/resumption", test_resumption);
    g_test_add_func("/association/standing", test_standing);
    g_test_add_func("/association/part_of_another", test_part_of_another);
    return g_test_run();
}
