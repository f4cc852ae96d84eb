/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of verdicts on a call, and its order: each thing that decides alone, and each pair of them, of which the
 * worse decides (rules 1.3). Then what makes each of them what it is.
 */
#include "records/handshake_messages.h"
#include "records_build.h"

typedef enum {
    KEYS = 0,
    UNENCRYPTED,
    NULL_PROFILE,
    CLEAR_MEDIA,
    SUBSTITUTED,
    SUBSTITUTED_ANSWER,
    UNEXPECTED,
    EXPLAINED,
    MISMATCH,
    MISMATCH_WENT_ON,
    MISMATCH_REFUSED,
    CONTESTED,
    RE_KEYED,
    AUTHORED,
    UNJUDGED,
    VERIFIED,
    ENCRYPTED,
    HASH,
    AMBIGUOUS,
    HALF,
    UNAUTHENTICATED,
    CERT_CONFLICT,
    NO_SIGNALLING,
    INCOMPLETE,
    RESUMED,
    RESUMED_UNLINKED,
    FAILED,
    MEDIA,
    NOTHING,
    FACTS
} fact;

static const struct {
    const char *words;
    wr_session_verdict verdict;
    wr_severity severity;
    const char *reason;
} facts[FACTS] = {
    [KEYS] = {"keys in signalling", WR_S_KEYS_IN_SIGNALLING, WR_ERROR, NULL},
    [UNENCRYPTED] = {"an unencrypted association", WR_S_UNENCRYPTED, WR_ERROR, NULL},
    [NULL_PROFILE] = {"a profile without encryption", WR_S_UNENCRYPTED, WR_ERROR, NULL},
    [CLEAR_MEDIA] = {"media in clear", WR_S_UNENCRYPTED, WR_ERROR, NULL},
    [SUBSTITUTED] = {"a substituted offer", WR_S_SUBSTITUTED_IN_SIGNALLING, WR_ERROR, NULL},
    [SUBSTITUTED_ANSWER] = {"a substituted answer", WR_S_SUBSTITUTED_IN_SIGNALLING, WR_ERROR, NULL},
    [UNEXPECTED] = {"another certificate than expected", WR_S_FOREIGN_CERTIFICATE, WR_ERROR, NULL},
    [EXPLAINED] = {"two handshakes of a path", WR_S_CONTESTED, WR_WARN, NULL},
    [MISMATCH] = {"a mismatch", WR_S_MISMATCH, WR_ERROR, NULL},
    [MISMATCH_WENT_ON] = {"a mismatch that nobody minded", WR_S_MISMATCH, WR_ERROR, NULL},
    [MISMATCH_REFUSED] = {"a mismatch that was refused", WR_S_MISMATCH, WR_ERROR, NULL},
    [CONTESTED] = {"a contested association", WR_S_CONTESTED, WR_WARN, NULL},
    [RE_KEYED] = {"a re-keyed description", WR_S_RE_KEYED, WR_WARN, NULL},
    [AUTHORED] = {"a server with its own description", WR_S_TERMINATED_UNDECLARED, WR_NOTE, NULL},
    [UNJUDGED] = {"a later handshake that cannot be judged", WR_S_UNVERIFIABLE, WR_NOTE, "another handshake"},
    [VERIFIED] = {"a verified association", WR_S_VERIFIED_LEG, WR_CHAT, NULL},
    [ENCRYPTED] = {"encrypted certificates", WR_S_UNVERIFIABLE, WR_NOTE, "encrypted"},
    [HASH] = {"no usable fingerprint", WR_S_UNVERIFIABLE, WR_NOTE, "hash"},
    [AMBIGUOUS] = {"legs that disagree", WR_S_UNVERIFIABLE, WR_NOTE, "ambiguous"},
    [HALF] = {"one side verified", WR_S_UNVERIFIABLE, WR_NOTE, "one side only"},
    [UNAUTHENTICATED] = {"no certificate", WR_S_UNVERIFIABLE, WR_ERROR, "no certificate"},
    [CERT_CONFLICT] = {"conflicting fingerprints", WR_S_UNVERIFIABLE, WR_WARN, "conflicting fingerprints"},
    [NO_SIGNALLING] = {"an association without descriptions", WR_S_UNVERIFIABLE, WR_NOTE, "incomplete"},
    [INCOMPLETE] = {"part of a handshake", WR_S_UNVERIFIABLE, WR_NOTE, "incomplete"},
    [RESUMED] = {"a resumed session", WR_S_RESUMED, WR_NOTE, NULL},
    [RESUMED_UNLINKED] = {"a resumed session of nobody knows what", WR_S_RESUMED, WR_NOTE, NULL},
    [FAILED] = {"a failed handshake", WR_S_HANDSHAKE_FAILED, WR_WARN, NULL},
    [MEDIA] = {"media alone", WR_S_UNVERIFIABLE, WR_NOTE, "incomplete"},
    [NOTHING] = {"signalling alone", WR_S_NO_MEDIA, WR_CHAT, NULL},
};

/* Plain copies of a stream: nothing like ciphertext. */
static void speak_clear(wr_flow *f, wr_stream *room)
{
    memset(room, 0, sizeof *room);
    room->plain = WR_STREAM_PLAIN;
    room->packets = 100;
    f->streams = room;
    f->n_streams = 1;
}

static wr_copy *leg_copy(desk_t *d, bool answer, bool bobs_leg, int whose)
{
    return told(d, answer, bobs_leg, d->fingerprint[whose], NULL);
}

static void substitute(desk_t *d, bool answer)
{
    wr_copy *issued = leg_copy(d, answer, answer, ALICE_HAS), *delivered = leg_copy(d, answer, !answer, MALLORY_HAS);

    paired(d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
}

/* A server gives its own form of the offer on. */
static void hand_on(desk_t *d, wr_sameness how)
{
    wr_copy *issued = leg_copy(d, false, false, ALICE_HAS);

    paired(d, issued, leg_copy(d, false, true, MALLORY_HAS), how, WR_FPS_DIFFERENT);
}

static void lay(desk_t *d, fact what)
{
    static const int plain[FACTS] = {
        [UNENCRYPTED] = WR_A_UNENCRYPTED + 1,
        [NULL_PROFILE] = WR_A_NULL_PROFILE + 1,
        [MISMATCH] = WR_A_MISMATCH + 1,
        [MISMATCH_WENT_ON] = WR_A_MISMATCH_NOT_ENFORCED + 1,
        [MISMATCH_REFUSED] = WR_A_MISMATCH_ENFORCED + 1,
        [CONTESTED] = WR_A_CONTESTED + 1,
        [VERIFIED] = WR_A_VERIFIED + 1,
        [ENCRYPTED] = WR_A_UNVERIFIABLE_ENCRYPTED + 1,
        [HASH] = WR_A_UNVERIFIABLE_HASH + 1,
        [AMBIGUOUS] = WR_A_AMBIGUOUS + 1,
        [HALF] = WR_A_HALF_VERIFIED + 1,
        [UNAUTHENTICATED] = WR_A_UNAUTHENTICATED + 1,
        [CERT_CONFLICT] = WR_A_CERT_CONFLICT + 1,
        [NO_SIGNALLING] = WR_A_NO_SIGNALLING + 1,
        [INCOMPLETE] = WR_A_UNVERIFIABLE_INCOMPLETE + 1,
        [RESUMED] = WR_A_RESUMED_LINKED + 1,
        [RESUMED_UNLINKED] = WR_A_RESUMED_UNLINKED + 1,
        [FAILED] = WR_A_HANDSHAKE_FAILED + 1,
    };
    static wr_stream stream_room;
    wr_association *a, *b;

    if (plain[what] != 0)
        handshake_of(d, NULL, (wr_association_verdict)(plain[what] - 1));
    switch (what) {
    case KEYS:
        told(d, true, false, NULL,
             "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5\r\n");
        break;
    case CLEAR_MEDIA:
        speak_clear(flow_of(d), &stream_room);
        break;
    case SUBSTITUTED:
    case SUBSTITUTED_ANSWER:
        substitute(d, what == SUBSTITUTED_ANSWER);
        break;
    case UNEXPECTED:
        a = handshake_of(d, NULL, WR_A_VERIFIED);
        a->owner[1] = leg_copy(d, false, false, ALICE_HAS);
        a->binding = WR_B2; /* does not tell what became of a substitution */
        shows(d, a, 1, CAROL_HAS);
        d->s->parties[0].name = "Alice";
        break;
    case EXPLAINED:
    case UNJUDGED:
        a = handshake_of(d, NULL, WR_A_VERIFIED);
        b = handshake_of(d, a->flow, what == EXPLAINED ? WR_A_MISMATCH : WR_A_UNVERIFIABLE_ENCRYPTED);
        g_assert_cmpint(b->first_us, >, a->first_us);
        break;
    case RE_KEYED:
        hand_on(d, WR_SAME_S2);
        break;
    case AUTHORED:
        hand_on(d, WR_SAME_S3);
        handshake_of(d, NULL, WR_A_VERIFIED);
        handshake_of(d, NULL, WR_A_VERIFIED);
        break;
    case MEDIA:
        wr_flow_traffic(flow_of(d))[1].packets = 1;
        break;
    default:
        break;
    }
}

static struct wr_expected expected[1];
static wr_options options;

/* A call with a plain description; Alice is expected to have a certificate that is not shown. */
static desk_t desk(void)
{
    desk_t d;

    expected[0].party = "Alice";
    memset(expected[0].fingerprint.value, 0xAB, 32);
    expected[0].fingerprint.hash = WR_HASH_SHA256;
    expected[0].fingerprint.length = 32;
    expected[0].fingerprint.usable = true;
    options.expected = expected;
    options.n_expected = 1;
    d = desk_begin(&options);
    leg_copy(&d, false, false, ALICE_HAS);
    return d;
}

static void drop_streams(desk_t *d)
{
    for (unsigned i = 0; i < d->flows->len; i++) {
        wr_flow *f = g_ptr_array_index(d->flows, i);
        f->streams = NULL; /* not of the heap */
        f->n_streams = 0;
    }
}

static void test_each_pair(void)
{
    for (fact worse = KEYS; worse < FACTS; worse++) {
        for (fact other = worse; other < (worse == MEDIA ? NOTHING : FACTS); other++) {
            desk_t d = desk();
            const char *reason = facts[worse].reason;
            lay(&d, worse);
            if (other != worse && other != MEDIA)
                lay(&d, other);
            g_test_message("%s, and %s", facts[worse].words, facts[other].words);
            wr_session_contest(d.s);
            wr_session_decide(d.c.e, d.s);
            g_assert_cmpint(d.s->verdict, ==, facts[worse].verdict);
            if (worse == NO_SIGNALLING || worse == UNAUTHENTICATED || worse == CERT_CONFLICT || worse == INCOMPLETE ||
                (worse == other && worse != UNJUDGED))
                reason = reason != NULL ? facts[MIN(worse, other)].reason : NULL;
            g_assert_cmpstr(d.s->reason, ==, reason);
            if (d.s->verdict == WR_S_UNVERIFIABLE) {
                const bool open = worse == UNAUTHENTICATED || other == UNAUTHENTICATED;
                const bool mixed = worse == CERT_CONFLICT || other == CERT_CONFLICT;
                g_assert_cmpint(d.s->severity, ==, open ? WR_ERROR : mixed ? WR_WARN : WR_NOTE);
            } else {
                g_assert_cmpint(d.s->severity, ==, facts[worse].severity);
            }
            g_assert_true(d.s->not_enforced == (worse == MISMATCH_WENT_ON || other == MISMATCH_WENT_ON));
            drop_streams(&d);
            desk_end(&d);
        }
    }
}

/* Without a description there is nothing to compare with, whatever was seen. */
static void test_without_signalling(void)
{
    static const fact which[] = {ENCRYPTED, HALF, INCOMPLETE, RESUMED, FAILED, MEDIA, NOTHING};

    for (size_t i = 0; i < G_N_ELEMENTS(which); i++) {
        desk_t d = desk_begin(NULL);
        lay(&d, which[i]);
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, WR_S_NO_SIGNALLING);
        g_assert_cmpint(d.s->severity, ==, WR_NOTE);
        desk_end(&d);
    }
}

static void test_severity_of_a_mismatch(void)
{
    static const wr_severity by_binding[] = {WR_ERROR, WR_ERROR, WR_WARN, WR_NOTE, WR_NOTE, WR_NOTE};

    for (unsigned i = 0; i < G_N_ELEMENTS(by_binding); i++) {
        desk_t d = desk();
        handshake_of(&d, NULL, WR_A_MISMATCH)->binding = (uint8_t)i;
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->severity, ==, by_binding[i]);
        desk_end(&d);
    }
    /* the worst of several counts, wherever it stands */
    for (unsigned i = 0; i < 2; i++) {
        desk_t d = desk();
        handshake_of(&d, NULL, i == 0 ? WR_A_MISMATCH_ENFORCED : WR_A_MISMATCH)->binding = i == 0 ? WR_B3 : WR_B0;
        handshake_of(&d, NULL, i == 0 ? WR_A_MISMATCH : WR_A_MISMATCH_ENFORCED)->binding = i == 0 ? WR_B0 : WR_B3;
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->severity, ==, WR_ERROR);
        desk_end(&d);
    }
}

static void test_peer_to_peer_expected(void)
{
    static const struct {
        fact what;
        wr_severity usual, strict;
    } rows[] = {{RE_KEYED, WR_WARN, WR_ERROR}, {AUTHORED, WR_NOTE, WR_WARN}};

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        wr_options strict = {.peer_to_peer_expected = i % 2 != 0};
        desk_t d = desk_begin(&strict);
        lay(&d, rows[i / 2].what);
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->severity, ==, i % 2 != 0 ? rows[i / 2].strict : rows[i / 2].usual);
        desk_end(&d);
    }
}

/* ---- rivals on one path ---- */

typedef struct {
    const char *words;
    wr_association_verdict first, second;
    bool same_path, first_completed, second_completed, second_later;
    wr_session_verdict verdict;
} rivals_t;

static const rivals_t rivals[] = {
    {"explained and not", WR_A_VERIFIED, WR_A_MISMATCH, true, true, true, true, WR_S_CONTESTED},
    {"half explained and not", WR_A_HALF_VERIFIED, WR_A_MISMATCH, true, true, true, true, WR_S_CONTESTED},
    {"went on", WR_A_VERIFIED, WR_A_MISMATCH_NOT_ENFORCED, true, true, true, true, WR_S_CONTESTED},
    {"refused", WR_A_VERIFIED, WR_A_MISMATCH_ENFORCED, true, true, true, true, WR_S_CONTESTED},
    {"in the other order", WR_A_VERIFIED, WR_A_MISMATCH, true, true, true, false, WR_S_CONTESTED},
    {"on two paths", WR_A_VERIFIED, WR_A_MISMATCH, false, true, true, true, WR_S_MISMATCH},
    {"the wrong one not completed", WR_A_VERIFIED, WR_A_MISMATCH, true, true, false, true, WR_S_CONTESTED},
    {"the right one not completed", WR_A_VERIFIED, WR_A_MISMATCH, true, false, true, true, WR_S_MISMATCH},
    {"neither explained", WR_A_UNVERIFIABLE_HASH, WR_A_MISMATCH, true, true, true, true, WR_S_CONTESTED},
    {"encrypted later", WR_A_VERIFIED, WR_A_UNVERIFIABLE_ENCRYPTED, true, true, true, true, WR_S_UNVERIFIABLE},
    {"incomplete later", WR_A_VERIFIED, WR_A_UNVERIFIABLE_INCOMPLETE, true, true, true, true, WR_S_UNVERIFIABLE},
    {"without hash later", WR_A_VERIFIED, WR_A_UNVERIFIABLE_HASH, true, true, true, true, WR_S_UNVERIFIABLE},
    {"undescribed later", WR_A_VERIFIED, WR_A_NO_SIGNALLING, true, true, true, true, WR_S_UNVERIFIABLE},
    {"encrypted before", WR_A_VERIFIED, WR_A_UNVERIFIABLE_ENCRYPTED, true, true, true, false, WR_S_VERIFIED_LEG},
    {"encrypted elsewhere", WR_A_VERIFIED, WR_A_UNVERIFIABLE_ENCRYPTED, false, true, true, true, WR_S_VERIFIED_LEG},
    {"encrypted, not completed", WR_A_VERIFIED, WR_A_UNVERIFIABLE_ENCRYPTED, true, true, false, true,
     WR_S_VERIFIED_LEG},
    {"resumed later", WR_A_VERIFIED, WR_A_RESUMED_LINKED, true, true, true, true, WR_S_VERIFIED_LEG},
};

/* The right one's Finished was taken for another's: both sides' signatures say whose it is. */
static void test_signed_rival(void)
{
    for (unsigned signatures = 0; signatures < 4; signatures++) {
        desk_t d = desk();
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        handshake_of(&d, a->flow, WR_A_MISMATCH);
        a->side[1].finished_frame = 0;
        for (unsigned role = 0; role < 2; role++)
            a->possession[role] = (signatures >> role & 1) != 0 ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        wr_session_contest(d.s);
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, signatures == 3 ? WR_S_CONTESTED : WR_S_MISMATCH);
        desk_end(&d);
    }
}

static void test_rivals(gconstpointer data)
{
    const rivals_t *r = data;
    desk_t d = desk();
    wr_association *a = handshake_of(&d, NULL, r->first);
    wr_association *b = handshake_of(&d, r->same_path ? a->flow : NULL, r->second);
    wr_facts f;

    if (!r->first_completed)
        a->side[1].finished_frame = 0;
    if (!r->second_completed)
        b->side[0].finished_frame = 0;
    if (!r->second_later)
        b->first_us = a->first_us - 1;
    wr_session_contest(d.s);
    wr_session_weigh(d.c.e, d.s, &f);
    wr_session_decide(d.c.e, d.s);
    g_assert_cmpint(d.s->verdict, ==, r->verdict);
    g_assert_true(f.unexplained == (r->verdict == WR_S_CONTESTED ? b : NULL));
    if (f.unexplained != NULL)
        g_assert_true(f.unexplained->rival == a);
    g_assert_true(f.unjudged == (r->verdict == WR_S_UNVERIFIABLE ? b : NULL));
    desk_end(&d);
}

/* What cannot be judged on a path of its own counts where media takes that path and the path is proven. */
static void test_beside(void)
{
    static const struct {
        wr_association_verdict verdict;
        unsigned packets;
        wr_binding binding;
        wr_standing standing;
        bool completed;
        wr_session_verdict of_session;
        wr_severity severity;
    } rows[] = {
        {WR_A_UNVERIFIABLE_ENCRYPTED, 50, WR_B0, WR_COHERENT, true, WR_S_UNVERIFIABLE, WR_NOTE},
        {WR_A_UNVERIFIABLE_HASH, 50, WR_B1, WR_PROVEN, true, WR_S_UNVERIFIABLE, WR_NOTE},
        {WR_A_CERT_CONFLICT, 50, WR_B0, WR_PROVEN, true, WR_S_UNVERIFIABLE, WR_WARN},
        {WR_A_UNAUTHENTICATED, 50, WR_B0, WR_PROVEN, true, WR_S_UNVERIFIABLE, WR_ERROR},
        {WR_A_UNVERIFIABLE_ENCRYPTED, 49, WR_B0, WR_COHERENT, true, WR_S_VERIFIED_LEG, WR_CHAT},
        {WR_A_UNVERIFIABLE_ENCRYPTED, 50, WR_B2, WR_COHERENT, true, WR_S_VERIFIED_LEG, WR_CHAT},
        {WR_A_UNVERIFIABLE_ENCRYPTED, 50, WR_B0, WR_BARE, true, WR_S_VERIFIED_LEG, WR_CHAT},
        {WR_A_UNVERIFIABLE_ENCRYPTED, 50, WR_B0, WR_COHERENT, false, WR_S_VERIFIED_LEG, WR_CHAT},
        {WR_A_RESUMED_LINKED, 50, WR_B0, WR_COHERENT, true, WR_S_VERIFIED_LEG, WR_CHAT},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk();
        wr_association *b;
        handshake_of(&d, NULL, WR_A_VERIFIED);
        b = handshake_of(&d, NULL, rows[i].verdict);
        b->binding = (uint8_t)rows[i].binding;
        b->standing = (uint8_t)rows[i].standing;
        wr_flow_traffic(b->flow)[1].packets = rows[i].packets;
        if (!rows[i].completed)
            b->side[0].finished_frame = 0;
        g_test_message("row %zu", i);
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, rows[i].of_session);
        g_assert_cmpint(d.s->severity, ==, rows[i].severity);
        desk_end(&d);
    }
}

/* ---- substitutions ---- */

/* The offer was issued with Alice's certificate and delivered with Mallory's; what was shown then. */
typedef struct {
    const char *words;
    int shown; /* by Alice's side of a handshake; -1: none is seen */
    wr_binding binding;
    bool contested, owned, ours; /* a description of the side is known; it is of this call's credentials */
    bool tied;                   /* to the leg of the issued copy, and another one to that of the delivered */
    wr_session_verdict verdict;
} substituted_t;

static const substituted_t substituted[] = {
    {"followed", MALLORY_HAS, WR_B0, false, true, true, false, WR_S_INTERCEPTED},
    {"followed, by one check", MALLORY_HAS, WR_B1, false, true, true, false, WR_S_INTERCEPTED},
    {"followed, by user names", MALLORY_HAS, WR_B2, false, true, true, false, WR_S_SUBSTITUTED_IN_SIGNALLING},
    {"not followed", ALICE_HAS, WR_B0, false, true, true, false, WR_S_SUBSTITUTED_NOT_FOLLOWED},
    {"not followed, by user names", ALICE_HAS, WR_B2, false, true, true, false, WR_S_SUBSTITUTED_NOT_FOLLOWED},
    {"not followed, on another's path", ALICE_HAS, WR_B0, false, true, true, true, WR_S_SUBSTITUTED_IN_SIGNALLING},
    {"foreign", CAROL_HAS, WR_B0, false, true, true, false, WR_S_FOREIGN_CERTIFICATE},
    {"foreign, by user names", CAROL_HAS, WR_B2, false, true, true, false, WR_S_SUBSTITUTED_IN_SIGNALLING},
    {"contested", MALLORY_HAS, WR_B0, true, true, true, false, WR_S_SUBSTITUTED_IN_SIGNALLING},
    {"of no description", MALLORY_HAS, WR_B0, false, false, true, false, WR_S_SUBSTITUTED_IN_SIGNALLING},
    {"of another description", MALLORY_HAS, WR_B0, false, true, false, false, WR_S_SUBSTITUTED_IN_SIGNALLING},
    {"not seen", -1, WR_B0, false, true, true, false, WR_S_SUBSTITUTED_IN_SIGNALLING},
};

static void test_substituted(gconstpointer data)
{
    const substituted_t *r = data;
    desk_t d = desk_begin(NULL);
    wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS), *delivered = leg_copy(&d, false, true, MALLORY_HAS);
    wr_copy *answer = leg_copy(&d, true, true, BOB_HAS);
    wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);

    paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
    if (r->shown >= 0)
        shows(&d, a, 1, r->shown)->contested = r->contested;
    if (r->owned)
        a->owner[1] = r->ours ? issued : answer;
    a->binding = (uint8_t)r->binding;
    if (r->tied) {
        tie(a, issued, WR_TIE_ADDRESS, 1);
        tie(handshake_of(&d, NULL, WR_A_RESUMED_LINKED), delivered, WR_TIE_ADDRESS, 1);
    }
    wr_session_decide(d.c.e, d.s);
    g_assert_cmpint(d.s->verdict, ==, r->verdict);
    g_assert_cmpint(d.s->severity, ==, WR_ERROR);
    desk_end(&d);
}

/* The issued certificate was shown, and signed, in a whole handshake. Carol's beside it, with no signature by its key,
 * or in a handshake that nobody ended, may be anybody's; shown as well as the other it says that it is neither's. */
static void test_foreign_beside(void)
{
    for (unsigned i = 0; i < 24; i++) {
        const bool ended = (i & 1) != 0, signed_too = (i & 2) != 0, first = (i & 4) != 0;
        const bool refused = i >= 8, at_once = i >= 16;
        desk_t d = desk_begin(NULL);
        wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS), *delivered = leg_copy(&d, false, true, MALLORY_HAS);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        wr_association *b = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        wr_association *own = first ? b : a, *other = first ? a : b;

        paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
        shows(&d, own, 1, ALICE_HAS);
        shows(&d, other, 1, CAROL_HAS);
        own->owner[1] = other->owner[1] = issued;
        own->possession[1] = WR_POSSESSION_PROVED;
        other->possession[1] = signed_too ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        if (refused) { /* the issued one was not accepted, by whom had signed, or had not yet */
            own->possession[0] = at_once ? WR_POSSESSION_UNKNOWN : WR_POSSESSION_PROVED;
            own->side[0].finished_frame = own->side[1].finished_frame = 0;
        }
        if (!ended)
            other->side[0].finished_frame = other->side[1].finished_frame = 0;
        wr_session_decide(d.c.e, d.s);
        g_test_message("case %u", i);
        g_assert_cmpint(d.s->verdict, ==,
                        ended && (signed_too || at_once) ? WR_S_FOREIGN_CERTIFICATE : WR_S_SUBSTITUTED_NOT_FOLLOWED);
        desk_end(&d);
    }
}

/* With these bytes in place of its key. */
static wr_certificate *keyed(unsigned key, unsigned rest)
{
    uint8_t der[32];
    wr_certificate *c;

    memset(der, (int)rest, sizeof der);
    der[0] = 0x30;
    der[1] = sizeof der - 2;
    memset(der + 2, (int)key, 8);
    c = wr_certificate_new(der, sizeof der);
    c->facts = g_new0(wr_certificate_facts, 1);
    c->facts->parsed = true;
    c->facts->at.key = (wr_span){2, 8};
    return c;
}

/* A certificate that nobody announced was shown, and the issued one beside it, in one handshake: with the same key it
 * is the issuer's, and anybody can have made the other of it. */
static void test_shown_with_the_same_key(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool same = (i & 1) != 0, own_side = (i & 2) != 0, proved = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_certificate *true_one = keyed(7, 1), *other = keyed(same ? 7 : 8, 2);
        char *fingerprint = fingerprint_of(true_one);
        wr_copy *issued = told(&d, false, false, fingerprint, NULL),
                *delivered = leg_copy(&d, false, true, MALLORY_HAS);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        const wr_handshake_message m = {.type = 11, .role = own_side ? 1 : 0, .leaf = true_one};
        bool is_new;

        paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_DIFFERENT);
        a->side[1].presented.certificate = wr_certificate_ref(other);
        a->owner[1] = issued;
        a->possession[1] = proved ? WR_POSSESSION_PROVED : WR_POSSESSION_UNKNOWN;
        wr_handshake_messages_add(&a->messages, &m, &is_new);
        wr_session_decide(d.c.e, d.s);
        g_test_message("case %u", i);
        g_assert_cmpint(d.s->verdict, ==,
                        same && own_side && !proved ? WR_S_SUBSTITUTED_NOT_FOLLOWED : WR_S_FOREIGN_CERTIFICATE);
        g_free(fingerprint);
        wr_certificate_unref(true_one);
        wr_certificate_unref(other);
        desk_end(&d);
    }
}

/* Lines that were added or left out, and not exchanged, are one only when somebody follows them. */
static void test_added_lines(void)
{
    for (int shown = ALICE_HAS; shown <= CAROL_HAS; shown++) {
        desk_t d = desk_begin(NULL);
        wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS), *delivered = leg_copy(&d, false, true, MALLORY_HAS);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_TRIMMED);
        shows(&d, a, 1, shown);
        a->owner[1] = issued;
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, shown == MALLORY_HAS ? WR_S_INTERCEPTED : WR_S_UNVERIFIABLE);
        desk_end(&d);
    }
}

/* Both descriptions were substituted: both followed, one, or none; with one verified handshake, or two. The operator
 * knows nobody, the host where the substitutes are, or a party alone. */
static void test_both_ways(void)
{
    for (unsigned i = 0; i < 24; i++) {
        const bool offer = (i & 1) != 0, answer = (i & 2) != 0, two = (i & 4) != 0, declared = i / 8 == 1;
        const wr_endpoint between = at("198.51.100.66", 1), there = i / 8 == 2 ? at(BOB, 1) : between;
        wr_options known = {.declared_hosts = &there, .n_declared_hosts = i >= 8};
        desk_t d = desk_begin(&known);
        wr_copy *issued[2], *delivered[2];
        wr_session_verdict wanted = offer && answer && two ? WR_S_INTERCEPTED_FULL
                                    : offer || answer      ? WR_S_INTERCEPTED
                                                           : WR_S_SUBSTITUTED_NOT_FOLLOWED;
        for (unsigned class = 0; class < 2; class ++) {
            issued[class] = leg_copy(&d, class, class, class == 0 ? ALICE_HAS : BOB_HAS);
            delivered[class] = leg_copy(&d, class, !class, MALLORY_HAS);
            paired(&d, issued[class], delivered[class], WR_SAME_S1, WR_FPS_DIFFERENT);
        }
        for (int n = 0; n < 2; n++) {
            wr_association *a = handshake_of(&d, NULL, two || n == 0 ? WR_A_VERIFIED : WR_A_HALF_VERIFIED);
            const int side = n == 0 ? 1 : 0; /* Alice is the server */
            const bool followed = n == 0 ? offer : answer;
            shows(&d, a, side, followed ? MALLORY_HAS : n == 0 ? ALICE_HAS : BOB_HAS);
            a->owner[side] = issued[n];
            a->side[side].end = between;
        }
        wr_session_decide(d.c.e, d.s);
        g_test_message("case %u", i);
        if (declared && (offer || answer))
            wanted = WR_S_TERMINATED_BY_DECLARED;
        g_assert_cmpint(d.s->verdict, ==, wanted);
        g_assert_cmpint(d.s->severity, ==, wanted == WR_S_TERMINATED_BY_DECLARED ? WR_CHAT : WR_ERROR);
        desk_end(&d);
    }
}

/* ---- what the operator knows ---- */

/* A declared server explains what it ends, where it is an end, or its certificate was shown. */
static void test_declared(void)
{
    static const struct {
        bool host, certificate, bare, shown;
        wr_binding binding;
        bool counts;
    } rows[] = {{true, false, false, true, WR_B0, true},  {true, false, false, true, WR_B2, true},
                {true, false, false, true, WR_B3, false}, {true, false, true, true, WR_B0, false},
                {false, true, false, true, WR_B0, true},  {false, true, false, false, WR_B0, false},
                {false, true, true, true, WR_B0, false},  {false, false, false, true, WR_B0, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (unsigned kind = 0; kind < 2; kind++) {
            const wr_endpoint hosts[2] = {at("198.51.100.200", 1), at(BOB, 1)};
            const wr_fingerprint known[2] = {known_of(CAROL_HAS), known_of(BOB_HAS)};
            const wr_options o = {.declared_hosts = hosts,
                                  .n_declared_hosts = rows[i].host ? 2 : 1,
                                  .declared_fingerprints = known,
                                  .n_declared_fingerprints = rows[i].certificate ? 2 : 1};
            desk_t d = desk_begin(&o);
            wr_association *a;
            if (kind == 0) {
                lay(&d, RE_KEYED);
                a = handshake_of(&d, NULL, WR_A_VERIFIED);
            } else {
                lay(&d, AUTHORED);
                a = g_ptr_array_index(d.s->associations, 1);
            }
            a->binding = (uint8_t)rows[i].binding;
            a->standing = rows[i].bare ? WR_BARE : WR_COHERENT;
            if (rows[i].shown)
                shows(&d, a, 0, BOB_HAS);
            if (kind == 1) /* the other one ends elsewhere */
                ((wr_association *)g_ptr_array_index(d.s->associations, 0))->side[0].end = at("198.51.100.9", 9);
            wr_session_decide(d.c.e, d.s);
            g_test_message("row %zu, kind %u", i, kind);
            g_assert_cmpint(d.s->verdict, ==,
                            rows[i].counts ? WR_S_TERMINATED_BY_DECLARED
                            : kind == 0    ? WR_S_RE_KEYED
                                           : WR_S_TERMINATED_UNDECLARED);
            desk_end(&d);
        }
    }
}

/* A declared party explains nothing where another stands before it: the end that it is has the description that was
 * taken away, not the one put in its place. */
static void test_declared_party(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool authored = (i & 1) != 0, party = (i & 2) != 0;
        const wr_endpoint known = at(BOB, 1);
        const wr_options o = {.declared_hosts = &known, .n_declared_hosts = 1};
        desk_t d = desk_begin(&o);
        const wr_pairing *p;
        wr_association *a;

        lay(&d, authored ? AUTHORED : RE_KEYED);
        if (!authored)
            handshake_of(&d, NULL, WR_A_VERIFIED);
        p = g_ptr_array_index(d.s->pairings, 0);
        ((wr_credential *)wr_list_at(&p->delivered->credentials, 0))->password = "what the one between drew";
        for (unsigned k = 0; k < d.s->associations->len; k++) {
            a = g_ptr_array_index(d.s->associations, k);
            for (int side = 0; side < 2; side++)
                a->owner[side] = party ? p->issued : p->delivered;
        }
        wr_session_decide(d.c.e, d.s);
        g_test_message("case %u", i);
        g_assert_cmpint(d.s->verdict, ==,
                        !party     ? WR_S_TERMINATED_BY_DECLARED
                        : authored ? WR_S_TERMINATED_UNDECLARED
                                   : WR_S_RE_KEYED);
        desk_end(&d);
    }
}

/* What is expected of a party, by its name or its address; several fingerprints of one party are alternatives. */
static void test_expected(void)
{
    static const struct {
        const char *party[2];
        int has[2];
        unsigned n;
        wr_session_verdict verdict;
        unsigned agree;
    } rows[] = {
        {{"Alice"}, {ALICE_HAS}, 1, WR_S_VERIFIED_LEG, 1},
        {{"Alice"}, {CAROL_HAS}, 1, WR_S_FOREIGN_CERTIFICATE, 0},
        {{ALICE}, {ALICE_HAS}, 1, WR_S_VERIFIED_LEG, 1},
        {{ALICE}, {CAROL_HAS}, 1, WR_S_FOREIGN_CERTIFICATE, 0},
        {{"Bob"}, {CAROL_HAS}, 1, WR_S_FOREIGN_CERTIFICATE, 0},
        {{"Bob"}, {BOB_HAS}, 1, WR_S_VERIFIED_LEG, 1},
        {{"Dave"}, {CAROL_HAS}, 1, WR_S_VERIFIED_LEG, 0},
        {{"Alice", "Alice"}, {CAROL_HAS, ALICE_HAS}, 2, WR_S_VERIFIED_LEG, 1},
        {{"Alice", "Alice"}, {ALICE_HAS, CAROL_HAS}, 2, WR_S_VERIFIED_LEG, 1},
        {{"Alice", "Bob"}, {ALICE_HAS, BOB_HAS}, 2, WR_S_VERIFIED_LEG, 2},
        {{"Alice", "Bob"}, {ALICE_HAS, ALICE_HAS}, 2, WR_S_FOREIGN_CERTIFICATE, 1},
        {{"Alice"}, {CAROL_HAS}, 0, WR_S_VERIFIED_LEG, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct wr_expected known[2] = {{rows[i].party[0], known_of(rows[i].has[0])},
                                             {rows[i].party[1], known_of(rows[i].has[1])}};
        const wr_options o = {.expected = known, .n_expected = rows[i].n};
        desk_t d = desk_begin(&o);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_facts f;
        a->owner[1] = leg_copy(&d, false, false, ALICE_HAS);
        a->owner[0] = leg_copy(&d, true, true, BOB_HAS);
        shows(&d, a, 1, ALICE_HAS);
        shows(&d, a, 0, BOB_HAS);
        d.s->parties[0].name = "Alice";
        d.s->parties[0].address = at(ALICE, 0);
        d.s->parties[1].name = "Bob";
        d.s->parties[1].address = wr_endpoint_none();
        g_test_message("row %zu", i);
        wr_session_weigh(d.c.e, d.s, &f);
        wr_session_decide(d.c.e, d.s);
        g_assert_cmpint(d.s->verdict, ==, rows[i].verdict);
        g_assert_cmpuint(f.expected, ==, rows[i].agree);
        a->owner[0] = NULL; /* whose it is nobody knows */
        g_clear_pointer(&a->side[1].presented.certificate, wr_certificate_unref);
        wr_session_weigh(d.c.e, d.s, &f);
        g_assert_true(f.unexpected == NULL && f.expected == 0);
        desk_end(&d);
    }
}

/* ---- both legs ---- */

/* Verified on both legs: of both sides an issued and a delivered copy that name the certificate, each on the leg of
 * another party. */
static void test_crossed(void)
{
    enum { WHOLE, NO_TIE, ONE_PARTY, UNKNOWN_PARTIES, OTHER_FINGERPRINT, AUTHORED_ANEW, NOT_OWNED, HALF_BESIDE, CASES };
    static const wr_session_verdict wanted[CASES] = {
        [WHOLE] = WR_S_VERIFIED_CROSS,           [NO_TIE] = WR_S_VERIFIED_LEG,
        [ONE_PARTY] = WR_S_VERIFIED_LEG,         [UNKNOWN_PARTIES] = WR_S_VERIFIED_CROSS,
        [OTHER_FINGERPRINT] = WR_S_VERIFIED_LEG, [AUTHORED_ANEW] = WR_S_VERIFIED_LEG,
        [NOT_OWNED] = WR_S_VERIFIED_LEG,         [HALF_BESIDE] = WR_S_VERIFIED_LEG};

    for (int which = WHOLE; which < CASES; which++) {
        for (int class = 0; class < 2; class ++) { /* of the description that is the odd one */
            desk_t d = desk_begin(NULL);
            wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
            wr_copy *issued[2], *delivered[2];
            for (int k = 0; k < 2; k++) {
                const bool odd = k == class;
                const int has = k == 0 ? ALICE_HAS : BOB_HAS, side = k == 0 ? 1 : 0;
                issued[k] = leg_copy(&d, k, k, has);
                delivered[k] = leg_copy(&d, k, !k, odd && which == OTHER_FINGERPRINT ? CAROL_HAS : has);
                paired(&d, issued[k], delivered[k], odd && which == AUTHORED_ANEW ? WR_SAME_S3 : WR_SAME_S0,
                       WR_FPS_EQUAL);
                shows(&d, a, side, has);
                a->owner[side] = odd && which == NOT_OWNED ? NULL : k == 0 ? issued[k] : delivered[k];
            }
            tie(a, issued[0], WR_TIE_ADDRESS, which == UNKNOWN_PARTIES ? -1 : 1);
            if (which != NO_TIE)
                tie(a, issued[1], WR_TIE_ADDRESS, which == UNKNOWN_PARTIES ? -1 : which == ONE_PARTY ? 1 : 0);
            if (which == HALF_BESIDE)
                handshake_of(&d, NULL, WR_A_HALF_VERIFIED);
            g_test_message("case %d, %s", which, class ? "answer" : "offer");
            wr_session_decide(d.c.e, d.s);
            g_assert_cmpint(d.s->verdict, ==, wanted[which]);
            desk_end(&d);
        }
    }
}

/* A server that writes its own descriptions is one only with two bound handshakes, of which one is verified. */
static void test_authored(void)
{
    static const struct {
        wr_association_verdict first, second;
        wr_binding binding; /* of the second */
        wr_session_verdict verdict;
    } rows[] = {{WR_A_VERIFIED, WR_A_VERIFIED, WR_B0, WR_S_TERMINATED_UNDECLARED},
                {WR_A_VERIFIED, WR_A_HALF_VERIFIED, WR_B1, WR_S_TERMINATED_UNDECLARED},
                {WR_A_VERIFIED, WR_A_UNVERIFIABLE_INCOMPLETE, WR_B0, WR_S_TERMINATED_UNDECLARED},
                {WR_A_VERIFIED, WR_A_HALF_VERIFIED, WR_B2, WR_S_VERIFIED_LEG},
                {WR_A_VERIFIED, WR_A_UNVERIFIABLE_HASH, WR_B0, WR_S_VERIFIED_LEG},
                {WR_A_HALF_VERIFIED, WR_A_HALF_VERIFIED, WR_B0, WR_S_UNVERIFIABLE}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        hand_on(&d, WR_SAME_S3);
        handshake_of(&d, NULL, rows[i].first);
        handshake_of(&d, NULL, rows[i].second)->binding = (uint8_t)rows[i].binding;
        wr_session_decide(d.c.e, d.s);
        g_test_message("row %zu", i);
        g_assert_cmpint(d.s->verdict, ==, rows[i].verdict);
        desk_end(&d);
    }
}

/* Keys count in an answer that is in force, where nothing else protects the section. */
static void test_keys(void)
{
#define CRYPTO "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5\r\n"
    static const struct {
        bool answer, crypto, fingerprint;
        const char *m;
        bool counts;
    } rows[] = {{true, true, false, "audio 9 RTP/SAVPF 0", true},
                {false, true, false, "audio 9 RTP/SAVPF 0", false},
                {true, false, false, "audio 9 RTP/SAVPF 0", false},
                {true, true, true, "audio 9 RTP/SAVPF 0", false},
                {true, true, false, "audio 0 RTP/SAVPF 0", false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        text_t t = rows[i].answer ? answer_text() : offer_text();
        way_t w = ANSWERED;
        t.m = rows[i].m;
        t.lines = rows[i].crypto ? CRYPTO : NULL;
        t.fingerprint = rows[i].fingerprint ? d.fingerprint[0] : NULL;
        w.kind = rows[i].answer ? WR_KIND_ANSWER : WR_KIND_OFFER;
        g_ptr_array_add(d.s->copies, say(&d.c, w, &t));
        wr_session_decide(d.c.e, d.s);
        g_test_message("row %zu", i);
        g_assert_cmpint(d.s->verdict, ==, rows[i].counts ? WR_S_KEYS_IN_SIGNALLING : WR_S_NO_MEDIA);
        desk_end(&d);
    }
}

/* What was delivered has no line that can be compared, whatever the issuer said: a certificate that he did not announce
 * is nobody's, or that of a line that must not be used. */
static void test_silenced(void)
{
    for (int said = 0; said < 2; said++) {
        for (int shown = ALICE_HAS; shown <= CAROL_HAS; shown++) {
            desk_t d = desk_begin(NULL);
            wr_copy *issued = leg_copy(&d, false, false, ALICE_HAS);
            wr_copy *delivered = leg_copy(&d, false, true, MALLORY_HAS);
            wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
            delivered->sdp->sections[0].own.fingerprints[0].usable = false;
            issued->sdp->sections[0].own.fingerprints[0].usable = said > 0;
            paired(&d, issued, delivered, WR_SAME_S1, WR_FPS_UNKNOWN);
            shows(&d, a, 1, shown);
            a->owner[1] = issued;
            wr_session_decide(d.c.e, d.s);
            g_assert_cmpint(d.s->verdict, ==,
                            shown == MALLORY_HAS             ? WR_S_INTERCEPTED
                            : said > 0 && shown != ALICE_HAS ? WR_S_FOREIGN_CERTIFICATE
                                                             : WR_S_UNVERIFIABLE);
            desk_end(&d);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/choose/each_pair", test_each_pair);
    g_test_add_func("/choose/without_signalling", test_without_signalling);
    g_test_add_func("/choose/severity_of_a_mismatch", test_severity_of_a_mismatch);
    g_test_add_func("/choose/peer_to_peer_expected", test_peer_to_peer_expected);
    for (size_t i = 0; i < G_N_ELEMENTS(rivals); i++) {
        char *path = g_strdup_printf("/choose/rivals/%s", rivals[i].words);
        g_test_add_data_func(path, &rivals[i], test_rivals);
        g_free(path);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(substituted); i++) {
        char *path = g_strdup_printf("/choose/substituted/%s", substituted[i].words);
        g_test_add_data_func(path, &substituted[i], test_substituted);
        g_free(path);
    }
    g_test_add_func("/choose/foreign_beside", test_foreign_beside);
    g_test_add_func("/choose/shown_with_the_same_key", test_shown_with_the_same_key);
    g_test_add_func("/choose/added_lines", test_added_lines);
    g_test_add_func("/choose/beside", test_beside);
    g_test_add_func("/choose/silenced", test_silenced);
    g_test_add_func("/choose/both_ways", test_both_ways);
    g_test_add_func("/choose/declared", test_declared);
    g_test_add_func("/choose/declared_party", test_declared_party);
    g_test_add_func("/choose/expected", test_expected);
    g_test_add_func("/choose/crossed", test_crossed);
    g_test_add_func("/choose/authored", test_authored);
    g_test_add_func("/choose/signed_rival", test_signed_rival);
    g_test_add_func("/choose/keys", test_keys);
    return g_test_run();
}
