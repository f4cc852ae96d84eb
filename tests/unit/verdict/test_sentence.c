/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said of a call: the exact sentence with its frames, the plain one, what remains unknown, and what the verdict
 * hangs on. Each row is a call laid out by hand, words that must be said, and words that must not.
 */
#include "records_build.h"

#include "statements/testimony.h"
#include "verdict/plain_words.h"

#define WORDS 5

typedef struct {
    const char *says[WORDS], *not_says[WORDS]; /* in the sentence */
    const char *unknown[WORDS];                /* all of the unknowns, in order; NULL for no more */
    const char *plain;                         /* in the plain sentence; NULL: not looked at */
} spoken_t;

static void check_words(desk_t *d, const spoken_t *want)
{
    wr_facts f;

    wr_session_contest(d->s);
    wr_session_decide(d->c.e, d->s);
    wr_session_state(d->c.e, d->s, &f);
    g_test_message("%s", d->s->sentence);
    for (unsigned i = 0; i < WORDS && want->says[i] != NULL; i++)
        if (strstr(d->s->sentence, want->says[i]) == NULL)
            g_error("\"%s\" is not in: %s", want->says[i], d->s->sentence);
    for (unsigned i = 0; i < WORDS && want->not_says[i] != NULL; i++)
        if (strstr(d->s->sentence, want->not_says[i]) != NULL)
            g_error("\"%s\" is in: %s", want->not_says[i], d->s->sentence);
    for (unsigned i = 0; i < d->s->unknown->len; i++) {
        const char *said = g_ptr_array_index(d->s->unknown, i);
        g_test_message("unknown: %s", said);
        g_assert_cmpuint(i, <, WORDS);
        if (want->unknown[i] == NULL || strstr(said, want->unknown[i]) == NULL)
            g_error("unknown %u is: %s", i, said);
    }
    g_assert_true(d->s->unknown->len == WORDS || want->unknown[d->s->unknown->len] == NULL);
    if (want->plain != NULL && strstr(d->s->plain, want->plain) == NULL)
        g_error("\"%s\" is not in: %s", want->plain, d->s->plain);
    desk_end(d);
}

/* Alice's offer on her leg, and on Bob's with this certificate. */
static wr_pairing *pair_offers(desk_t *d, int delivered, wr_sameness sameness, wr_fps_difference fingerprints)
{
    wr_copy *issued = told(d, false, false, d->fingerprint[ALICE_HAS], NULL);

    return paired(d, issued, told(d, false, true, d->fingerprint[delivered], NULL), sameness, fingerprints);
}

static const char one_leg[] = "whether signalling was altered on its way";

/* An association with both certificates, matching both descriptions of Alice's leg. */
static wr_association *verified(desk_t *d, bool described)
{
    wr_association *a = handshake_of(d, NULL, WR_A_VERIFIED);

    for (int side = 0; side < 2; side++) {
        wr_presented *p = shows(d, a, side, side == 0 ? BOB_HAS : ALICE_HAS);
        p->verdict = WR_CERT_MATCH;
        a->owner[side] = told(d, side == 0, false, d->fingerprint[side == 0 ? BOB_HAS : ALICE_HAS], NULL);
        if (described)
            p->description = a->owner[side];
    }
    a->possession[1] = WR_POSSESSION_PROVED;
    a->binding_frame = 77;
    return a;
}

static void test_verified(void)
{
    desk_t d = desk_begin(NULL);

    verified(&d, true);
    check_words(&d, &(spoken_t){.says = {"presented in the DTLS handshake (frame 110) have",
                                         "announced in frames 1 and 2; bound by ICE checks verified in both directions "
                                         "(B0, frame 77)",
                                         "cannot be determined from the one signalling leg"},
                                .not_says = {"Associations:", "expects", "statement", "frames 110"},
                                .unknown = {one_leg},
                                .plain = "further on would look exactly like this"});
}

/* How firmly: the grade and its frame. */
static void test_grades(void)
{
    static const char *const words[] = {"both directions (B0, frame 77)",     "a verified ICE check (B1, frame 77)",
                                        "ICE user names only (B2, frame 77)", "announced addresses only (B3)",
                                        "the certificates themselves (B4)",   "not bound to any description"};

    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        desk_t d = desk_begin(NULL);
        verified(&d, false)->binding = (uint8_t)i;
        check_words(&d, &(spoken_t){.says = {words[i]}, .not_says = {"announced in frames"}, .unknown = {one_leg}});
    }
}

/* One description known alone names no frame of the other. */
static void test_one_description_known(void)
{
    for (int side = 0; side < 2; side++) {
        desk_t d = desk_begin(NULL);
        verified(&d, true)->side[side].presented.description = NULL;
        check_words(&d, &(spoken_t){.says = {"have the fingerprints announced;"}, .unknown = {one_leg}});
    }
}

/* Frames of the handshake: eight are listed. */
static void test_frames(void)
{
    for (unsigned n = 1; n <= 9; n++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = verified(&d, true);
        for (unsigned i = 1; i < n; i++)
            wr_association_add_frame(a, i, 110 + i);
        check_words(&d, &(spoken_t){.says = {n == 1   ? "(frame 110)"
                                             : n == 2 ? "(frames 110, 111)"
                                             : n == 8 ? "(frames 110, 111, 112, 113, 114, 115, 116, 117)"
                                             : n == 9 ? "116, 117 and more)"
                                                      : "(frames 110, 111, 112"},
                                    .not_says = {n < 9 ? "and more" : ", 118"},
                                    .unknown = {one_leg}});
    }
}

static void test_both_legs(void)
{
    for (unsigned paired_too = 0; paired_too < 3; paired_too++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = verified(&d, true);
        wr_copy *offer = told(&d, false, true, d.fingerprint[ALICE_HAS], NULL);
        wr_copy *answer = told(&d, true, true, d.fingerprint[BOB_HAS], NULL);
        paired(&d, a->owner[1], offer, WR_SAME_S0, WR_FPS_EQUAL);
        paired(&d, answer, a->owner[0], WR_SAME_S0, WR_FPS_EQUAL);
        a->owner[0]->frame = 5; /* told after it was said */
        tie(a, a->owner[1], WR_TIE_ADDRESS, 1);
        if (paired_too != 1)
            tie(a, answer, WR_TIE_ADDRESS, 0);
        if (paired_too == 2)
            handshake_of(&d, NULL, WR_A_RESUMED_LINKED);
        if (paired_too == 1)
            check_words(&d, &(spoken_t){.says = {"from the one signalling leg"}, .unknown = {one_leg}});
        else
            check_words(&d,
                        &(spoken_t){.says = {"seen on both signalling legs (frames 2 and 3, 4 and 5)",
                                             paired_too == 2 ? " Associations: 1 VERIFIED, 1 RESUMED-LINKED." : "."},
                                    .not_says = {paired_too == 2 ? "one signalling leg" : "Associations:"},
                                    .plain = "the same at both places"});
    }
}

static void test_expected(void)
{
    for (unsigned n = 1; n <= 2; n++) {
        const struct wr_expected known[2] = {{"Alice", known_of(ALICE_HAS)}, {"Bob", known_of(BOB_HAS)}};
        const wr_options o = {.expected = known, .n_expected = n};
        desk_t d = desk_begin(&o);
        verified(&d, true);
        d.s->parties[0].name = "Alice";
        d.s->parties[1].name = "Bob";
        check_words(&d, &(spoken_t){.says = {n == 1 ? " 1 of them is what the operator expects."
                                                    : " 2 of them are what the operator expects."},
                                    .unknown = {one_leg}});
    }
}

/* Whether the handshake was completed, where no signature says that it was. */
static void test_end_not_seen(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool proven = (i & 1) != 0, finished = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = verified(&d, true);
        if (!proven)
            a->possession[1] = WR_POSSESSION_UNKNOWN;
        if (!finished)
            a->side[1].finished_frame = 0;
        if (!proven && !finished)
            check_words(&d, &(spoken_t){.unknown = {"whether the handshake of a1 was completed", one_leg}});
        else
            check_words(&d, &(spoken_t){.unknown = {one_leg}});
    }
}

static void test_mismatch(void)
{
    static const wr_association_verdict verdicts[] = {WR_A_MISMATCH, WR_A_MISMATCH_NOT_ENFORCED,
                                                      WR_A_MISMATCH_ENFORCED};
    static const char *const ends[] = {"is not visible", "went on nevertheless (frame 66)", "refused it (frame 66)"};
    static const char *const plains[] = {"announced for it: who", "no sound, picture or other data was seen on it: who",
                                         "the other end refused it (frame 66): who"};

    for (unsigned i = 0; i < 3 * G_N_ELEMENTS(verdicts); i++) {
        const unsigned which = i / 3, wrong = i % 3; /* 0: Bob's, 1: Alice's, 2: both */
        desk_t d = desk_begin(NULL);
        wr_association *a = verified(&d, true);
        a->verdict = (uint8_t)verdicts[which];
        a->enforcement_frame = 66;
        for (int side = 0; side < 2; side++)
            if (wrong == 2 || (int)wrong == side)
                a->side[side].presented.verdict = WR_CERT_MISMATCH;
        check_words(&d, &(spoken_t){.says = {ends[which], "(B0, frame 77). ",
                                             wrong != 1 ? "presented by " BOB ":6000 in frame 112" : "in frame 113",
                                             wrong != 0 ? "presented by " ALICE ":5000 in frame 113" : "in frame 112"},
                                    .not_says = {wrong == 0   ? "in frame 113"
                                                 : wrong == 1 ? "in frame 112"
                                                              : "have the fingerprints"},
                                    .plain = plains[which]});
    }
}

/* ---- substitutions ---- */

/* The offer, or the answer too, was issued as announced and delivered with Mallory's fingerprint. */
static void substitute(desk_t *d, bool answer, wr_association *a, int shown)
{
    const int has = answer ? BOB_HAS : ALICE_HAS, side = answer ? 0 : 1;
    wr_copy *issued = told(d, answer, answer, d->fingerprint[has], NULL);
    wr_copy *delivered = told(d, answer, !answer, d->fingerprint[MALLORY_HAS], NULL);

    paired(d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
    if (a == NULL)
        return;
    a->owner[side] = delivered;
    shows(d, a, side, shown)->verdict = shown == MALLORY_HAS ? WR_CERT_MATCH : WR_CERT_MISMATCH;
    a->binding_frame = 77;
}

static void test_substituted(void)
{
    desk_t d = desk_begin(NULL);

    substitute(&d, false, NULL, 0);
    check_words(&d,
                &(spoken_t){.says = {"The offer with origin - 4711000001", "seen in frame 1 was seen again in frame 2",
                                     "ICE credentials were kept", "No readable handshake"},
                            .not_says = {"The answer", "was made with the certificate"},
                            .unknown = {NULL},
                            .plain = "this capture does not show"});
    d = desk_begin(NULL);
    substitute(&d, true, NULL, 0);
    check_words(&d, &(spoken_t){.says = {"The answer with origin"}, .not_says = {"The offer"}});

    d = desk_begin(NULL);
    substitute(&d, false, handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH), ALICE_HAS);
    check_words(&d, &(spoken_t){.says = {"is the one issued, not the one delivered; the substitution was not carried"},
                                .not_says = {"was made with the certificate", "No readable"},
                                .plain = "the connection seen here showed the original key, and no sound"});

    d = desk_begin(NULL);
    substitute(&d, false, handshake_of(&d, NULL, WR_A_MISMATCH_NOT_ENFORCED), ALICE_HAS);
    check_words(&d, &(spoken_t){.says = {"the party that was told otherwise went on nevertheless"},
                                .plain = "went on with a key that it was not told"});

    d = desk_begin(NULL);
    substitute(&d, false, handshake_of(&d, NULL, WR_A_MISMATCH), CAROL_HAS);
    check_words(&d, &(spoken_t){.says = {"presented in frame 110 is neither the one issued nor the one delivered"},
                                .not_says = {"operator expects"},
                                .plain = "nobody had announced"});
}

static void test_unexpected(void)
{
    const struct wr_expected known[1] = {{"Alice", known_of(CAROL_HAS)}};
    const wr_options o = {.expected = known, .n_expected = 1};
    desk_t d = desk_begin(&o);

    verified(&d, true);
    d.s->parties[0].name = "Alice";
    check_words(&d, &(spoken_t){.says = {"presented in frame 113 is not one that the operator expects"},
                                .not_says = {"neither the one issued"}});
}

/* Where it ended, between whom, and for how many of them. */
static void test_intercepted(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool both = (i & 1) != 0, relayed = (i & 2) != 0, named = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *b;
        a->side[1].end = at("203.0.113.66", 7000);
        a->relayed = relayed;
        substitute(&d, false, a, MALLORY_HAS);
        if (both) {
            b = handshake_of(&d, NULL, WR_A_VERIFIED);
            b->side[0].end = at("203.0.113.67", 7002);
            b->relayed = relayed;
            substitute(&d, true, b, MALLORY_HAS);
        }
        d.s->n_parties = 2;
        d.s->parties[0].name = named ? "Alice" : NULL;
        d.s->parties[0].address = at(ALICE, 0);
        d.s->parties[1].address = at(BOB, 0);
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, both ? WR_S_INTERCEPTED_FULL : WR_S_INTERCEPTED);
        check_words(&d,
                    &(spoken_t){.says = {"The DTLS association in frame 110 was made with",
                                         both ? "The DTLS association in frame 120 was made with" : "(B0, frame 77)",
                                         both ? "Both parties were given a substitute" : "could decrypt"},
                                .not_says = {both ? "another ciphertext" : "Both parties"},
                                .plain = relayed ? (both ? " ended on its way: whoever" : "on its way, for one party")
                                         : both  ? (named ? "between Alice and " BOB " ended on its way, at "
                                                            "203.0.113.66: whoever"
                                                          : "between " ALICE " and " BOB " ended")
                                                 : ", at 203.0.113.66, for one party at least: whoever"});
    }
}

static void test_three_parties_are_not_named(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);

    substitute(&d, false, a, MALLORY_HAS);
    d.s->n_parties = 1;
    d.s->parties[0].name = "Alice";
    check_words(&d, &(spoken_t){.says = {"was made with"}, .plain = "The encryption of this call ended on its way"});
}

static void test_servers(void)
{
    desk_t d = desk_begin(NULL);

    pair_offers(&d, MALLORY_HAS, WR_SAME_S2, WR_FPS_DIFFERENT);
    check_words(&d, &(spoken_t){.says = {"and other ICE credentials, but otherwise", "A media proxy does this"},
                                .unknown = {"whether the operator put this intermediary there"},
                                .plain = "put another key in"});
    d = desk_begin(NULL);
    pair_offers(&d, MALLORY_HAS, WR_SAME_S3, WR_FPS_DIFFERENT);
    handshake_of(&d, NULL, WR_A_VERIFIED);
    handshake_of(&d, NULL, WR_A_VERIFIED);
    check_words(&d, &(spoken_t){.says = {"wrote its own description (frames 1 and 2)", " Associations: 2 VERIFIED."},
                                .unknown = {"whether the operator put this intermediary there"},
                                .plain = "encrypted to something in between"});
}

/* ---- what cannot be judged ---- */

static void test_unverifiable(void)
{
    static const struct {
        wr_association_verdict verdict;
        const char *words, *plain;
    } rows[] = {
        {WR_A_UNVERIFIABLE_ENCRYPTED, "is DTLS 1.3, which encrypts", "was sent encrypted"},
        {WR_A_UNVERIFIABLE_HASH, "no announced fingerprint can be compared", "cannot be compared with the keys"},
        {WR_A_AMBIGUOUS, "the signalling legs disagree", "cannot be told from this capture"},
        {WR_A_HALF_VERIFIED, "only one party's certificate", ", nothing can be told; the other, "},
        {WR_A_UNAUTHENTICATED, "one party presented no certificate",
         "never showed a key, so who was there is not known"},
        {WR_A_CERT_CONFLICT, "contradicts the strongest", "fits only the weaker"},
        {WR_A_UNVERIFIABLE_INCOMPLETE, "not completely in this capture: the messages with the certificates are missing",
         "or not wholly"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a;
        told(&d, false, false, d.fingerprint[0], NULL);
        a = handshake_of(&d, NULL, rows[i].verdict);
        if (rows[i].verdict == WR_A_UNVERIFIABLE_ENCRYPTED)
            a->version = WR_DTLS_1_3;
        if (rows[i].verdict == WR_A_UNVERIFIABLE_ENCRYPTED)
            check_words(&d, &(spoken_t){.says = {rows[i].words, "(frame 110)."},
                                        .unknown = {"certificates of association a1: DTLS 1.3 hides them", one_leg},
                                        .plain = rows[i].plain});
        else
            check_words(
                &d, &(spoken_t){.says = {rows[i].words, "(frame 110)."}, .unknown = {one_leg}, .plain = rows[i].plain});
    }
}

/* The certificates of DTLS 1.3 are unknown where nothing decrypted them, whatever the verdict. */
static void test_hidden_certificates(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool new_version = (i & 1) != 0, decrypted = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = verified(&d, true);
        a->version = new_version ? WR_DTLS_1_3 : WR_DTLS_1_2;
        a->decrypted = decrypted;
        if (new_version && !decrypted)
            check_words(&d, &(spoken_t){.unknown = {"DTLS 1.3 hides them", one_leg}});
        else
            check_words(&d, &(spoken_t){.unknown = {one_leg}});
    }
}

/* A session that goes on from one that is not here; a ticket of DTLS 1.3 does not show which (RFC 8446 4.6.1). */
static void test_resumed_from_elsewhere(void)
{
    for (unsigned by_key = 0; by_key < 2; by_key++) {
        desk_t d = desk_begin(NULL);
        wr_association *a;
        told(&d, false, false, d.fingerprint[0], NULL);
        a = handshake_of(&d, NULL, WR_A_RESUMED_UNLINKED);
        a->version = by_key ? WR_DTLS_1_3 : WR_DTLS_1_2;
        a->server_psk = by_key;
        if (by_key)
            check_words(&d, &(spoken_t){.says = {"a key that was agreed on elsewhere", "gives tickets encrypted"},
                                        .unknown = {"with which certificates the session of association a1"}});
        else
            check_words(&d, &(spoken_t){.says = {", which is not in this capture."}, .not_says = {"tickets"}});
    }
}

/* Of several the incomplete one is described, and a later handshake before all else. */
static void test_which_one(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a;

    told(&d, false, false, d.fingerprint[0], NULL);
    handshake_of(&d, NULL, WR_A_NO_SIGNALLING);
    a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
    a->client_end = -1;
    a->side[1].presented.verdict = WR_CERT_UNSEEN;
    check_words(&d, &(spoken_t){.says = {"its start is missing", "(frame 110)"},
                                .unknown = {"certificate of " ALICE ":5000 in association a2", one_leg}});
    d = desk_begin(NULL);
    told(&d, false, false, d.fingerprint[0], NULL);
    a = handshake_of(&d, NULL, WR_A_VERIFIED);
    a->has_suite = true;
    a->suite = 0x008c; /* TLS_PSK_WITH_AES_128_CBC_SHA: of which no more is said here */
    a = handshake_of(&d, a->flow, WR_A_UNVERIFIABLE_ENCRYPTED);
    check_words(&d, &(spoken_t){.says = {"another one was completed on the same path"},
                                .not_says = {"pre-shared key"},
                                .unknown = {"DTLS 1.3 hides them", one_leg}});
}

/* What each side's certificate lacks. */
static void test_unseen(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool failed = (i & 1) != 0, undescribed = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a;
        if (!undescribed)
            told(&d, false, false, d.fingerprint[0], NULL);
        a = handshake_of(&d, NULL, failed ? WR_A_HANDSHAKE_FAILED : WR_A_UNVERIFIABLE_INCOMPLETE);
        a->side[0].presented.verdict = WR_CERT_UNSEEN;
        a->side[1].presented.verdict = WR_CERT_SDP_NONE;
        if (undescribed && failed)
            check_words(&d, &(spoken_t){.unknown = {"what was announced: the signalling is elsewhere"}});
        else if (undescribed)
            check_words(&d,
                        &(spoken_t){.unknown = {"certificate of " BOB ":6000 in association a1: not captured, though",
                                                "what was announced: the signalling is elsewhere"}});
        else if (failed)
            check_words(&d, &(spoken_t){.unknown = {"what " ALICE ":5000 announced: no description of it"}});
        else
            check_words(
                &d, &(spoken_t){.unknown = {"certificate of " BOB ":6000", "what " ALICE ":5000 announced", one_leg}});
    }
}

static void test_without_handshake(void)
{
    desk_t d = desk_begin(NULL);

    told(&d, false, false, d.fingerprint[0], NULL);
    check_words(&d, &(spoken_t){.says = {"Descriptions were exchanged"},
                                .unknown = {"what certificates were presented"},
                                .plain = "the connection itself is not in this capture"});
    d = desk_begin(NULL);
    told(&d, false, false, d.fingerprint[0], NULL);
    wr_flow_traffic(flow_of(&d))[0].packets = 3;
    check_words(&d, &(spoken_t){.says = {"media flows on a path bound to these descriptions"},
                                .unknown = {one_leg},
                                .plain = "beginning of the connection"});
    d = desk_begin(NULL); /* with a pairing both legs were seen */
    pair_offers(&d, ALICE_HAS, WR_SAME_S0, WR_FPS_EQUAL);
    wr_flow_traffic(flow_of(&d))[0].packets = 3;
    check_words(&d, &(spoken_t){.says = {"media flows on a path"}, .unknown = {NULL}});
}

static void test_undescribed(void)
{
    for (unsigned i = 0; i < 3; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_NO_SIGNALLING);
        if (i > 0) { /* nothing but its ClientHello */
            a->has_server_random = false;
            a->side[0].finished_frame = a->side[1].finished_frame = 0;
            a->client_hello = 44;
        }
        if (i == 2)
            handshake_of(&d, NULL, WR_A_NO_SIGNALLING);
        check_words(&d, &(spoken_t){.says = {i == 1 ? "A ClientHello as WebRTC sends it (frame 44), without a reply"
                                                    : "A DTLS handshake for media, but no description"},
                                    .unknown = {"what was announced"},
                                    .plain = "who was to be connected is not known"});
    }
}

static void test_contested(void)
{
    for (unsigned i = 0; i < 6; i++) {
        const int side = (int)(i % 2);
        const unsigned why = i / 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = verified(&d, true);
        char *nobodys =
            g_strdup_printf("%s's certificate (frame %d) may be a copy", side == 0 ? "client" : "server", 112 + side);
        char *told_so = g_strdup_printf("(frame %u is one of them)", a->owner[side]->frame);
        a->verdict = WR_A_CONTESTED;
        a->side[side].presented.verdict = WR_CERT_CONTESTED;
        a->side[side].presented.contested = why == 1;
        a->possession[side] = why == 0 ? WR_POSSESSION_INVALID : WR_POSSESSION_UNKNOWN;
        check_words(
            &d, &(spoken_t){.says = {why == 0   ? nobodys
                                     : why == 1 ? (side == 0 ? "shown for the client of" : "shown for the server of")
                                                : told_so,
                                     "would settle it"},
                            .not_says = {why == 0 ? "were shown for" : "may be a copy",
                                         why == 2 ? "were shown for" : "agrees with one",
                                         side == 0 ? "server's certificate" : "client's certificate"},
                            .plain = why == 0   ? "showed the announced key, but did not prove"
                                     : why == 1 ? "Several keys were shown for the end at"
                                                : "and another part contradicts it"});
        g_free(nobodys);
        g_free(told_so);
    }
}

/* Both of the announcements that do not agree are named, whichever the certificate was compared with. */
static void test_told_both(void)
{
    for (int turn = 0; turn < 2; turn++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = verified(&d, true);
        wr_copy *other = told(&d, true, false, d.fingerprint[ALICE_HAS], NULL);
        char *both =
            g_strdup_printf("announced in frame %u and contradicts frame %u,", a->owner[0]->frame, other->frame);
        if (turn == 1)
            a->side[0].presented.description = other;
        a->verdict = WR_A_CONTESTED;
        a->side[0].presented.verdict = WR_CERT_CONTESTED;
        a->side[0].presented.contested = false;
        a->possession[0] = WR_POSSESSION_UNKNOWN;
        check_words(&d, &(spoken_t){.says = {both}, .not_says = {"is one of them"}});
        g_free(both);
    }
}

static void test_two_handshakes(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);

    handshake_of(&d, a->flow, WR_A_MISMATCH);
    told(&d, false, false, d.fingerprint[0], NULL);
    a->possession[1] = WR_POSSESSION_PROVED;
    check_words(&d,
                &(spoken_t){.says = {"one (frame 110) with the certificates that were announced, another (frame 120)",
                                     " Associations: 1 CONTESTED, 1 VERIFIED."},
                            .not_says = {"would settle it"}});
}

static void test_failed(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a;

    told(&d, false, false, d.fingerprint[0], NULL);
    handshake_of(&d, NULL, WR_A_HANDSHAKE_FAILED);
    check_words(&d, &(spoken_t){.says = {"No DTLS handshake was completed (frame 110), and nothing seen from here "
                                         "contradicts what was announced."},
                                .plain = "No encrypted connection"});
    d = desk_begin(NULL);
    told(&d, false, false, d.fingerprint[0], NULL);
    a = handshake_of(&d, NULL, WR_A_HANDSHAKE_FAILED);
    a->side[0].alert_frame = 55;
    a->side[0].alert = 42;
    check_words(
        &d, &(spoken_t){.says = {"what was announced: " BOB ":6000 ended it with alert 42 (bad_certificate) in frame "
                                 "55: it objected"}});
}

/* ---- what it hangs on ---- */

static void test_weakest_link(void)
{
    static const struct {
        wr_session_verdict verdict;
        wr_binding first, second;
        bool stated;
        const char *words; /* NULL: nothing is said */
    } rows[] = {
        {WR_S_VERIFIED_LEG, WR_B0, WR_B1, false, "seen on one leg only"},
        {WR_S_VERIFIED_LEG, WR_B0, WR_B2, false, "ICE user names only"},
        {WR_S_VERIFIED_LEG, WR_B3, WR_B0, false, "announced addresses only"},
        {WR_S_VERIFIED_LEG, WR_B2, WR_B4, false, "certificates themselves only"},
        {WR_S_VERIFIED_LEG, WR_B0, WR_B_NONE, false, "nothing ties"},
        {WR_S_VERIFIED_LEG, WR_B0, WR_B0, true, "statement of an endpoint only"},
        {WR_S_VERIFIED_CROSS, WR_B0, WR_B0, false, "before a description reached the first"},
        {WR_S_INTERCEPTED, WR_B0, WR_B1, false, "rests on their ICE credentials"},
        {WR_S_INTERCEPTED_FULL, WR_B0, WR_B1, false, "rests on their ICE credentials"},
        {WR_S_SUBSTITUTED_NOT_FOLLOWED, WR_B0, WR_B1, false, "rests on their ICE credentials"},
        {WR_S_SUBSTITUTED_IN_SIGNALLING, WR_B0, WR_B1, false, "rests on their ICE credentials"},
        {WR_S_RE_KEYED, WR_B0, WR_B1, false, "text that a server may copy"},
        {WR_S_MISMATCH, WR_B0, WR_B1, false, NULL},
        {WR_S_MISMATCH, WR_B0, WR_B3, false, "announced addresses only"},
        {WR_S_TERMINATED_UNDECLARED, WR_B0, WR_B3, false, "announced addresses only"},
        {WR_S_UNVERIFIABLE, WR_B0, WR_B3, false, NULL},
        {WR_S_RESUMED, WR_B0, WR_B3, false, NULL},
        {WR_S_HANDSHAKE_FAILED, WR_B0, WR_B3, false, NULL},
        {WR_S_NO_SIGNALLING, WR_B_NONE, WR_B3, true, NULL},
        {WR_S_NO_MEDIA, WR_B0, WR_B0, false, NULL},
    };

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 2, stated_by = i % 2;
        desk_t d = desk_begin(NULL);
        const char *said;
        handshake_of(&d, NULL, WR_A_VERIFIED)->binding = (uint8_t)rows[n].first;
        handshake_of(&d, NULL, WR_A_VERIFIED)->binding = (uint8_t)rows[n].second;
        if (rows[n].stated)
            ((wr_association *)g_ptr_array_index(d.s->associations, stated_by))->side[stated_by].presented.stated =
                d.certificate[0];
        d.s->verdict = rows[n].verdict;
        said = wr_weakest_link(d.s);
        g_test_message("row %u", n);
        if (rows[n].words == NULL)
            g_assert_null(said);
        else
            g_assert_true(said != NULL && strstr(said, rows[n].words) != NULL);
        desk_end(&d);
    }
}

/* A certificate is a substitute when a delivered copy of kept credentials names it, and the issued one does not. */
static void test_substitute(void)
{
    static const struct {
        int shown;
        bool stated;
        wr_cert_verdict verdict;
        wr_sameness sameness;
        bool is;
    } rows[] = {{MALLORY_HAS, false, WR_CERT_MATCH, WR_SAME_S1, true},
                {MALLORY_HAS, false, WR_CERT_MATCH_WEAK, WR_SAME_S1, true},
                {MALLORY_HAS, true, WR_CERT_MATCH, WR_SAME_S1, true},
                {MALLORY_HAS, false, WR_CERT_MISMATCH, WR_SAME_S1, false},
                {MALLORY_HAS, false, WR_CERT_MATCH, WR_SAME_S2, false},
                {ALICE_HAS, false, WR_CERT_MATCH, WR_SAME_S1, false},
                {CAROL_HAS, false, WR_CERT_MATCH, WR_SAME_S1, false},
                {-1, false, WR_CERT_MATCH, WR_SAME_S1, false}};

    for (unsigned i = 0; i < 3 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 3, lacks = i % 3; /* a copy is not known */
        desk_t d = desk_begin(NULL);
        wr_pairing *p = pair_offers(&d, MALLORY_HAS, rows[n].sameness, WR_FPS_DIFFERENT);
        wr_presented shown = {.verdict = (uint8_t)rows[n].verdict};
        wr_certificate *cert = rows[n].shown >= 0 ? d.certificate[rows[n].shown] : NULL;
        if (rows[n].stated)
            shown.stated = cert;
        else
            shown.certificate = cert;
        if (lacks == 1)
            p->issued = NULL;
        if (lacks == 2)
            p->delivered = NULL;
        g_test_message("row %u, %u", n, lacks);
        g_assert_true(wr_presented_is_substitute(d.s, &shown) == (rows[n].is && lacks == 0));
        desk_end(&d);
    }
}

/* ---- the number that is read aloud ---- */

static void test_safety_number(void)
{
    enum { BOTH, SWAPPED, THREE, ONE, ANNOUNCED, ANNOUNCED_ONE, CONTESTED, UNFINISHED, SUBSTITUTE, CASES };
    char first[WR_SAFETY_NUMBER] = "", number[WR_SAFETY_NUMBER];

    for (int which = BOTH; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        bool presented = false, has;
        if (which == ANNOUNCED || which == ANNOUNCED_ONE) {
            told(&d, false, false, d.fingerprint[ALICE_HAS], "a=fingerprint:sha-256 12:34\r\n");
            told(&d, true, false, d.fingerprint[which == ANNOUNCED ? BOB_HAS : ALICE_HAS], NULL);
        } else {
            shows(&d, a, which == SWAPPED ? 1 : 0, BOB_HAS);
            if (which != ONE)
                shows(&d, a, which == SWAPPED ? 0 : 1, ALICE_HAS)->contested = which == CONTESTED;
        }
        if (which == UNFINISHED)
            a->side[0].finished_frame = 0;
        if (which == THREE)
            shows(&d, handshake_of(&d, NULL, WR_A_VERIFIED), 0, CAROL_HAS);
        if (which == SUBSTITUTE) {
            wr_copy *issued = told(&d, true, true, d.fingerprint[CAROL_HAS], NULL);
            paired(&d, issued, told(&d, true, false, d.fingerprint[BOB_HAS], NULL), WR_SAME_S1, WR_FPS_DIFFERENT);
            a->side[0].presented.verdict = WR_CERT_MATCH;
        }
        has = wr_safety_number(d.s, number, &presented);
        g_test_message("case %d", which);
        g_assert_true(has == (which == BOTH || which == SWAPPED || which == ANNOUNCED));
        if (has) {
            if (which == BOTH)
                memcpy(first, number, sizeof first);
            g_assert_cmpstr(number, ==, first); /* whoever is client, shown or announced */
            g_assert_cmpuint(strlen(number), ==, 47);
            g_assert_true(presented == (which != ANNOUNCED));
        }
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sentence/verified", test_verified);
    g_test_add_func("/sentence/grades", test_grades);
    g_test_add_func("/sentence/one_description_known", test_one_description_known);
    g_test_add_func("/sentence/frames", test_frames);
    g_test_add_func("/sentence/both_legs", test_both_legs);
    g_test_add_func("/sentence/expected", test_expected);
    g_test_add_func("/sentence/end_not_seen", test_end_not_seen);
    g_test_add_func("/sentence/mismatch", test_mismatch);
    g_test_add_func("/sentence/substituted", test_substituted);
    g_test_add_func("/sentence/unexpected", test_unexpected);
    g_test_add_func("/sentence/intercepted", test_intercepted);
    g_test_add_func("/sentence/parties", test_three_parties_are_not_named);
    g_test_add_func("/sentence/servers", test_servers);
    g_test_add_func("/sentence/unverifiable", test_unverifiable);
    g_test_add_func("/sentence/hidden_certificates", test_hidden_certificates);
    g_test_add_func("/sentence/resumed_from_elsewhere", test_resumed_from_elsewhere);
    g_test_add_func("/sentence/which_one", test_which_one);
    g_test_add_func("/sentence/unseen", test_unseen);
    g_test_add_func("/sentence/without_handshake", test_without_handshake);
    g_test_add_func("/sentence/undescribed", test_undescribed);
    g_test_add_func("/sentence/contested", test_contested);
    g_test_add_func("/sentence/told_both", test_told_both);
    g_test_add_func("/sentence/two_handshakes", test_two_handshakes);
    g_test_add_func("/sentence/failed", test_failed);
    g_test_add_func("/sentence/weakest_link", test_weakest_link);
    g_test_add_func("/sentence/substitute", test_substitute);
    g_test_add_func("/sentence/safety_number", test_safety_number);
    return g_test_run();
}
