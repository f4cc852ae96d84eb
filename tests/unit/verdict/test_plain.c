/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plain sentence: each thing that it can say of a call, on a verdict and facts laid out by hand, and where it must
 * not say it.
 */
#include "records_build.h"

#include "verdict/plain_words.h"

#define ELSEWHERE "203.0.113.66"

/* Alice, by her name, and Bob. */
static desk_t desk(const wr_options *options, wr_session_verdict v)
{
    desk_t d = desk_begin(options);

    d.s->verdict = v;
    d.s->n_parties = 2;
    d.s->parties[0].name = "alice";
    d.s->parties[0].address = at(ALICE, 0);
    d.s->parties[1].address = at(BOB, 0);
    return d;
}

/* The words are somewhere in it; behind "^" they are its beginning. */
static void says(desk_t *d, const wr_facts *f, const char *words)
{
    const wr_facts none = {.verified = 0};
    char *said = wr_plain_sentence(d->c.e, d->s, f != NULL ? f : &none);

    g_test_message("%s", said);
    if (words[0] == '^' ? !g_str_has_prefix(said, words + 1) : strstr(said, words) == NULL)
        g_error("\"%s\" is not in: %s", words, said);
    g_free(said);
}

static void says_not(desk_t *d, const wr_facts *f, const char *words)
{
    const wr_facts none = {.verified = 0};
    char *said = wr_plain_sentence(d->c.e, d->s, f != NULL ? f : &none);

    if (strstr(said, words) != NULL)
        g_error("\"%s\" is in: %s", words, said);
    g_free(said);
}

/* Media of Alice's on this path. */
static void speak(wr_association *a)
{
    wr_flow_traffic(a->flow)[0] = (wr_traffic){.packets = 5, .last_us = a->first_us + S};
}

/* ---- somebody in between ---- */

/* Connections of Alice, or of Alice and Bob, run elsewhere. */
static void lead_away(desk_t *d, unsigned parties)
{
    for (unsigned i = 0; i < parties; i++)
        handshake_of(d, NULL, WR_A_PENDING)->side[i == 0 ? 0 : 1].end = at(i == 0 ? ELSEWHERE : "203.0.113.67", 7000);
}

static void test_between(void)
{
    static const wr_session_verdict verdicts[] = {WR_S_RE_KEYED, WR_S_TERMINATED_UNDECLARED,
                                                  WR_S_SUBSTITUTED_IN_SIGNALLING};

    for (unsigned i = 0; i < 3 * G_N_ELEMENTS(verdicts); i++) {
        const unsigned parties = i % 3;
        const wr_session_verdict v = verdicts[i / 3];
        desk_t d = desk(NULL, v);

        lead_away(&d, parties);
        if (parties == 0)
            says_not(&d, NULL, "connection of ");
        else
            says(&d, NULL,
                 parties == 1 ? ". The connection of " ALICE " (alice) ran to " ELSEWHERE ", not to " BOB "."
                              : ". The connection of " ALICE " (alice) ran to " ELSEWHERE ", not to " BOB
                                ", that of " BOB " ran to 203.0.113.67.");
        if (v == WR_S_SUBSTITUTED_IN_SIGNALLING)
            says(&d, NULL,
                 parties > 0 ? "treat the call as intercepted until the record"
                             : "trusted. Whether the connection was");
        says_not(&d, NULL, "..");
        desk_end(&d);
    }
}

/* Either side may have shown the substitute. */
static void test_shows_substitute(void)
{
    for (int side = 0; side < 2; side++) {
        for (int shown = ALICE_HAS; shown <= CAROL_HAS; shown++) {
            desk_t d = desk(NULL, WR_S_INTERCEPTED);
            wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);

            paired(&d, told(&d, false, false, d.fingerprint[ALICE_HAS], NULL),
                   told(&d, false, true, d.fingerprint[MALLORY_HAS], NULL), WR_SAME_S1, WR_FPS_DIFFERENT);
            shows(&d, a, side, shown);
            g_assert_true(wr_association_shows_substitute(d.s, a) == (shown == MALLORY_HAS));
            desk_end(&d);
        }
    }
}

/* ---- what cannot be told ---- */

/* Of the connection that was sent encrypted; another's keys are not asked for. */
static void test_encrypted(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool log = (i & 1) != 0, keys = (i & 2) != 0, hidden = (i & 4) != 0;
        const wr_options o = {.keys_given = log, .find_secret = has_keys};
        desk_t d = desk(&o, WR_S_UNVERIFIABLE);

        keys_are_known = keys;
        d.s->reason = "encrypted";
        handshake_of(&d, NULL, WR_A_VERIFIED)->has_client_random = false;
        if (hidden)
            handshake_of(&d, NULL, WR_A_UNVERIFIABLE_ENCRYPTED);
        says(&d, NULL,
             hidden && keys  ? "encrypted. Keys of this connection were given, but were not used"
             : hidden && log ? "could be read with the key log that was given."
                             : "encrypted, and the key to it was not given.");
        desk_end(&d);
    }
}

/* One end agrees; of the other nothing can be told, or it showed no key at all. */
static void test_one_side(void)
{
    static const struct {
        const char *reason;
        wr_association_verdict verdict;
        const char *bob_good, *alice_good, *unknown;
    } rows[] = {
        {"one side only", WR_A_HALF_VERIFIED,
         "^Of one end of this call, " ALICE " (alice), nothing can be told; the other, " BOB ", showed the key",
         "^Of one end of this call, " BOB ", nothing can be told; the other, " ALICE " (alice), showed the key",
         "^One end of this call showed the key that was announced for it; of the other end nothing"},
        {"no certificate", WR_A_UNAUTHENTICATED, "^" ALICE " (alice) never showed a key, so",
         "^" BOB " never showed a key, so", "^One end of this call never showed a key, so"},
    };

    for (unsigned i = 0; i < 5 * G_N_ELEMENTS(rows); i++) {
        enum { BOB_GOOD, ALICE_GOOD, ALICE_WEAK, NEITHER, ONE_HOST };
        const unsigned n = i / 5, which = i % 5;
        desk_t d = desk(NULL, WR_S_UNVERIFIABLE);
        wr_association *a;

        d.s->reason = rows[n].reason;
        says(&d, NULL, rows[n].unknown); /* no such association */
        handshake_of(&d, NULL, WR_A_VERIFIED);
        a = handshake_of(&d, NULL, rows[n].verdict);
        a->side[0].presented.verdict = which == BOB_GOOD || which == ONE_HOST ? WR_CERT_MATCH : WR_CERT_UNSEEN;
        a->side[1].presented.verdict = which == ALICE_GOOD   ? WR_CERT_MATCH
                                       : which == ALICE_WEAK ? WR_CERT_MATCH_WEAK
                                                             : WR_CERT_UNSEEN;
        if (which == ONE_HOST)
            a->side[0].end = at(ALICE, 9);
        says(&d, NULL,
             which == BOB_GOOD                            ? rows[n].bob_good
             : which == ALICE_GOOD || which == ALICE_WEAK ? rows[n].alice_good
                                                          : rows[n].unknown);
        if (which == BOB_GOOD && n == 1)
            says(&d, NULL, "The other end, " BOB " showed the key that was announced for it.");
        desk_end(&d);
    }
}

static void test_reasons(void)
{
    static const struct {
        const char *reason;
        bool one_direction;
        const char *words;
    } rows[] = {
        {"incomplete", false, "the beginning of the connection, where each end shows its key"},
        {"incomplete", true, "holds only what " ALICE " sent."},
        {"conflicting fingerprints", true, "^One end of this call showed a key that fits only the weaker"},
        {"another handshake", true, "^The keys that were announced were shown once"},
        {"too many fingerprints", true, "so many keys were announced that not all were kept"},
        {"hash", true, "what was announced cannot be compared"},
        {"ambiguous", true, "^Whether the right parties were connected cannot be told from this capture."},
        {NULL, true, "^Whether the right parties were connected cannot be told from this capture."},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk(NULL, WR_S_UNVERIFIABLE);

        d.s->reason = rows[i].reason;
        flow_of(&d)->asked[0] = rows[i].one_direction;
        says(&d, NULL, rows[i].words);
        desk_end(&d);
    }
}

/* ---- another key than announced ---- */

static void test_mismatch(void)
{
    static const wr_association_verdict verdicts[] = {WR_A_MISMATCH, WR_A_MISMATCH_NOT_ENFORCED,
                                                      WR_A_MISMATCH_ENFORCED};

    for (unsigned i = 0; i < 6 * G_N_ELEMENTS(verdicts); i++) {
        const unsigned which = i / 6, wrong = i % 3; /* Bob, Alice, both */
        const bool media = i % 6 >= 3;
        desk_t d = desk(NULL, WR_S_MISMATCH);
        wr_association *a = handshake_of(&d, NULL, verdicts[which]);
        const wr_facts f = {.mismatch = a};

        d.s->not_enforced = which == 1;
        a->enforcement_frame = 71;
        for (int side = 0; side < 2; side++)
            if (wrong == 2 || (int)wrong == side)
                a->side[side].presented.verdict = WR_CERT_MISMATCH;
        if (media)
            speak(a);
        says(&d, &f,
             wrong == 1 ? "^The end at " ALICE " (alice) showed another key"
                        : "^The end at " BOB " showed another key");
        says(&d, &f,
             which == 0   ? "announced for it: who was at that end is not known."
             : which == 2 ? "announced for it, and the other end refused it (frame 71): who"
             : media      ? "announced for it, and the call went on all the same: who"
                          : "announced for it, and the other end kept the connection all the same, though no");
        desk_end(&d);
    }
    { /* none is known */
        desk_t d = desk(NULL, WR_S_MISMATCH);
        const wr_facts f = {.mismatch = handshake_of(&d, NULL, WR_A_MISMATCH)};

        says(&d, NULL, "^One end of this call showed another key than the one announced for it: who");
        says(&d, &f, "^One end of this call showed another key than the one announced for it: who");
        d.s->not_enforced = true;
        says(&d, NULL, ", and the call went on all the same: who");
        desk_end(&d);
    }
}

/* The key was the genuine one, and the other end had been told another: what did that end do? */
static void test_not_followed(void)
{
    static const struct {
        wr_association_verdict verdict;
        uint8_t alert; /* of the end that was told so; 0 for none */
        const char *silent, *spoken;
    } rows[] = {
        {WR_A_MISMATCH_NOT_ENFORCED, 0, ", which was told so, went on with a key that it was not told",
         ", which was told so, went on with a key that it was not told"},
        {WR_A_MISMATCH_ENFORCED, 0, "was not the one it was told; no sound or picture was seen. The protection worked.",
         "broke the connection off (frame 71), since the key it met was not the one it was told."},
        {WR_A_HANDSHAKE_FAILED, 42, "broke the connection off (frame 88); no sound or picture was seen. The protection",
         "met the original key and broke the connection off (frame 88)."},
        {WR_A_HANDSHAKE_FAILED, 46, "(frame 88); no sound", "(frame 88)."},
        {WR_A_HANDSHAKE_FAILED, 48, "(frame 88); no sound", "(frame 88)."},
        {WR_A_HANDSHAKE_FAILED, 51, "(frame 88); no sound", "(frame 88)."},
        {WR_A_HANDSHAKE_FAILED, 41, "showed the original key, and no sound or picture was seen on it.",
         "; the connection seen here was made with the original key."},
        {WR_A_HANDSHAKE_FAILED, 47, "showed the original key, and no sound", "was made with the original key."},
        {WR_A_HANDSHAKE_FAILED, 49, "showed the original key, and no sound", "was made with the original key."},
        {WR_A_HANDSHAKE_FAILED, 0, "showed the original key, and no sound", "was made with the original key."},
    };

    for (unsigned i = 0; i < 4 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 4;
        const bool media = (i & 1) != 0;
        const int told_side = (i & 2) != 0 ? 1 : 0;
        desk_t d = desk(NULL, WR_S_SUBSTITUTED_NOT_FOLLOWED);
        wr_association *a = handshake_of(&d, NULL, rows[n].verdict);
        const wr_facts f = {.not_followed = a, .not_followed_side = 1 - told_side};

        a->enforcement_frame = 71;
        if (rows[n].alert != 0) {
            a->side[told_side].alert = rows[n].alert;
            a->side[told_side].alert_frame = 88;
        }
        if (media)
            speak(a);
        says(&d, &f, "^A message that set up this call was changed on its way, so that another key would be trusted");
        says(&d, &f, media ? rows[n].spoken : rows[n].silent);
        if (rows[n].verdict != WR_A_HANDSHAKE_FAILED || rows[n].alert == 42)
            says(&d, &f, told_side == 0 ? "The end at " BOB ", which was" : "The end at " ALICE " (alice), which was");
        if (media)
            says_not(&d, &f, "no sound");
        desk_end(&d);
    }
    { /* an alert number without an alert, the other end's alert, and no association at all */
        desk_t d = desk(NULL, WR_S_SUBSTITUTED_NOT_FOLLOWED);
        wr_association *a = handshake_of(&d, NULL, WR_A_HANDSHAKE_FAILED);
        const wr_facts f = {.not_followed = a, .not_followed_side = 0};

        says(&d, NULL, "; the connection seen here was made with the original key.");
        a->side[1].alert = 42;
        says(&d, &f, "showed the original key, and no sound");
        a->side[0].alert = 42;
        a->side[0].alert_frame = 88;
        says(&d, &f, "showed the original key, and no sound");
        desk_end(&d);
    }
}

/* ---- evidence that contradicts itself ---- */

static void test_contested_by(void)
{
    enum { OWN_PATH, TWO_PATHS, CLAIM, KEYS_CLAIM, NOTHING, CASES };
    static const char *const words[CASES] = {
        [OWN_PATH] = "^Two connections were made on one path of this call, with different keys",
        [TWO_PATHS] = "^Two connections were made for this call, with different keys",
        [CLAIM] = "^A message that set up this call was seen twice, with different keys",
        [KEYS_CLAIM] = "^By one message the keys of this call were sent readably",
        [NOTHING] = "^The evidence on this call contradicts itself",
    };

    for (unsigned i = 0; i < 2 * CASES; i++) {
        const unsigned which = i / 2;
        const bool media = i % 2 != 0;
        desk_t d = desk(NULL, WR_S_CONTESTED);
        wr_association *a = handshake_of(&d, NULL, WR_A_CONTESTED);
        wr_association *b = handshake_of(&d, which == TWO_PATHS ? NULL : a->flow, WR_A_VERIFIED);
        wr_copy *c = told(&d, false, false, d.fingerprint[0], NULL);
        wr_facts f = {.verified = 1};

        a->rival = b;
        f.unexplained = which <= TWO_PATHS ? a : NULL;
        f.claimed = which == CLAIM ? paired(&d, c, c, WR_SAME_S1, WR_FPS_DIFFERENT) : NULL;
        f.keys_claimed[0] = which == KEYS_CLAIM ? c : NULL;
        if (media)
            speak(a);
        says(&d, &f, words[which]);
        says(&d, &f,
             media ? " Sound, pictures or other data were seen; who could listen is not known"
                   : " Who could listen is not known");
        if (which != NOTHING)
            says_not(&d, &f, "contradicts itself");
        desk_end(&d);
    }
}

/* Which certificate, and why nothing tells whether it counts. */
static void test_contested_certificate(void)
{
    enum { NOT_SIGNED, NO_SIGNATURE_SEEN, SEVERAL, TOLD_TWICE, CASES };

    for (unsigned i = 0; i < 6 * CASES; i++) {
        const unsigned which = i / 6;
        const int side = (int)(i % 2);
        const unsigned lacks = i / 2 % 3; /* nothing, the description, its line */
        desk_t d = desk(NULL, WR_S_CONTESTED);
        wr_association *a;
        wr_presented *p;
        char *words;

        handshake_of(&d, NULL, WR_A_VERIFIED);
        a = handshake_of(&d, NULL, WR_A_CONTESTED);
        p = shows(&d, a, side, CAROL_HAS);
        p->verdict = WR_CERT_CONTESTED;
        p->contested = which != TOLD_TWICE;
        p->description =
            lacks == 1 ? NULL : told(&d, false, false, d.fingerprint[lacks == 0 ? CAROL_HAS : BOB_HAS], NULL);
        a->possession[side] = which == NOT_SIGNED ? WR_POSSESSION_INVALID : WR_POSSESSION_UNKNOWN;
        a->changed_unsigned = which == NO_SIGNATURE_SEEN;
        words = g_strdup_printf(
            "%s%s%s",
            which == NOT_SIGNED || (which == NO_SIGNATURE_SEEN && side == 0) ? "^The end at "
            : which == TOLD_TWICE ? "^Of what was announced for this call, one part fits the key shown by the end at "
                                  : "^Several keys were shown for the end at ",
            side == 1    ? ALICE " (alice)"
            : lacks == 1 ? BOB
                         : BOB " (who sent the offer)",
            which == NOT_SIGNED || (which == NO_SIGNATURE_SEEN && side == 0)
                ? (lacks == 0 ? " showed the announced key, but did not prove" : " showed a key, but did not prove")
            : which == TOLD_TWICE ? " and another part contradicts it, and nothing tells which counts."
                                  : ", and nothing tells which of them counts.");
        says(&d, NULL, words);
        g_free(words);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plain/between", test_between);
    g_test_add_func("/plain/shows_substitute", test_shows_substitute);
    g_test_add_func("/plain/encrypted", test_encrypted);
    g_test_add_func("/plain/one_side", test_one_side);
    g_test_add_func("/plain/reasons", test_reasons);
    g_test_add_func("/plain/mismatch", test_mismatch);
    g_test_add_func("/plain/not_followed", test_not_followed);
    g_test_add_func("/plain/contested_by", test_contested_by);
    g_test_add_func("/plain/contested_certificate", test_contested_certificate);
    return g_test_run();
}
