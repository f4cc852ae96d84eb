/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * More of the exact sentence, which names what it rests on: whose word hidden certificates are known by, how two copies
 * differ, what a second or a resumed handshake adds, and what makes evidence contradict itself.
 */
#include "records_build.h"

#include "records/handshake_messages.h"
#include "statements_build.h"

/* States the call with this verdict. */
static const char *sentence(desk_t *d, wr_session_verdict v)
{
    wr_facts f;

    g_clear_pointer(&d->s->sentence, g_free);
    g_clear_pointer(&d->s->plain, g_free);
    g_clear_pointer(&d->s->advice, g_free);
    d->s->verdict = v;
    wr_session_state(d->c.e, d->s, &f);
    g_test_message("%s", d->s->sentence);
    return d->s->sentence;
}

static void says(desk_t *d, wr_session_verdict v, const char *words)
{
    if (strstr(sentence(d, v), words) == NULL)
        g_error("\"%s\" is not in: %s", words, d->s->sentence);
}

static void says_not(desk_t *d, wr_session_verdict v, const char *words)
{
    if (strstr(sentence(d, v), words) != NULL)
        g_error("\"%s\" is in: %s", words, d->s->sentence);
}

/* ---- verified ---- */

/* A verdict that rests on an endpoint's statement names the file, and the association. */
static void test_stated(void)
{
    for (int side = 0; side < 3; side++) { /* 2: seen */
        desk_t d = desk_begin(NULL);
        wr_testimony *t = witness("bob.json", "Bob");
        const transport_t what = {.own = "BBBB"};
        wr_association *a;

        a = handshake_of(&d, NULL, WR_A_VERIFIED);
        a->heard = testify(t, &what);
        if (side < 2)
            a->side[side].presented.stated = d.certificate[BOB_HAS];
        handshake_of(&d, NULL, WR_A_VERIFIED)->heard = a->heard;
        says(&d, WR_S_VERIFIED_LEG,
             side < 2 ? "Both certificates that the statement names for the DTLS 1.3 handshake (frame 110)"
                      : "Both certificates presented in the DTLS handshake (frame 110)");
        if (side < 2)
            says(&d, WR_S_VERIFIED_LEG,
                 " The certificates of association a1 are known by the statement of an endpoint (bob.json, transport "
                 "T1), not seen");
        else
            says_not(&d, WR_S_VERIFIED_LEG, "by the statement");
        says_not(&d, WR_S_VERIFIED_LEG, "association a2 are known");
        desk_end(&d);
        wr_testimony_unref(t);
    }
}

/* Of both legs frames are named where both descriptions were seen on both. */
static void test_both_legs(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool offer = (i & 1) != 0, answer = (i & 2) != 0;
        desk_t d = desk_begin(NULL);

        handshake_of(&d, NULL, WR_A_VERIFIED);
        for (int k = 0; k < 2; k++) {
            wr_copy *first = told(&d, k, k, d.fingerprint[k], NULL), *second = told(&d, k, !k, d.fingerprint[k], NULL);
            if (k == 0 ? offer : answer)
                paired(&d, first, second, WR_SAME_S0, WR_FPS_EQUAL);
        }
        says(&d, WR_S_VERIFIED_CROSS,
             i == 3 ? "seen on both signalling legs (frames 1 and 2, 3 and 4), so nothing"
                    : "The same fingerprints were seen on both signalling legs.");
        says_not(&d, WR_S_VERIFIED_LEG, "seen on both");
        desk_end(&d);
    }
}

/* How many of the associations were made with a substituted key. */
static void test_counts(void)
{
    for (unsigned substitutes = 0; substitutes < 3; substitutes++) {
        desk_t d = desk_begin(NULL);

        paired(&d, told(&d, false, false, d.fingerprint[ALICE_HAS], NULL),
               told(&d, false, true, d.fingerprint[MALLORY_HAS], NULL), WR_SAME_S1, WR_FPS_DIFFERENT);
        for (unsigned i = 0; i < 3; i++)
            shows(&d, handshake_of(&d, NULL, i == 2 ? WR_A_RESUMED_LINKED : WR_A_VERIFIED), 1,
                  i < substitutes ? MALLORY_HAS : ALICE_HAS);
        says(&d, WR_S_NO_MEDIA,
             substitutes == 0   ? " Associations: 2 VERIFIED, 1 RESUMED-LINKED."
             : substitutes == 1 ? " 1 RESUMED-LINKED; 1 of 3 made with a substituted key."
                                : " 1 RESUMED-LINKED; 2 of 3 made with a substituted key.");
        desk_end(&d);
    }
}

/* ---- what contradicts ---- */

/* The certificate that contradicts was of another handshake: the one that is resumed, or one inside. */
static void test_other_handshake(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool other = (i & 1) != 0, resumes = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *o = handshake_of(&d, NULL, WR_A_RESUMED_LINKED), *a = handshake_of(&d, NULL, WR_A_MISMATCH);
        wr_presented *p = shows(&d, a, 1, ALICE_HAS);

        p->verdict = WR_CERT_MISMATCH;
        p->description = told(&d, false, false, d.fingerprint[CAROL_HAS], NULL);
        p->other = other ? d.certificate[MALLORY_HAS] : NULL;
        p->frame_other = 52;
        a->resumes = resumes ? o : NULL;
        says(&d, WR_S_MISMATCH,
             other && resumes ? ALICE ":5000 sends no certificate: the session of association a1 is resumed"
             : other          ? "presented by " ALICE ":5000 in frame 52, in a second handshake inside the first, has"
                              : "presented by " ALICE ":5000 in frame 123 has none");
        says(&d, WR_S_MISMATCH, "announced in frame 1");
        desk_end(&d);
    }
}

/* Something put beside what there was is no exchange: all of it is still there, and there is more. */
static void test_how_it_differs(void)
{
    enum { NO_SECTION_FIRST = 'f', NO_SECTION_SECOND = 's' };
    static const struct {
        const char *issued, *delivered; /* digits: whose fingerprints */
        bool further;
    } rows[] = {{"0", "2", false},   {"0", "02", true},   {"0", "20", true},    {"01", "012", true},
                {"01", "210", true}, {"01", "02", false}, {"01", "023", false}, {"", "2", false},
                {"0", "0", false},   {"01", "0", false},  {"f", "02", false},   {"0", "s", false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_copy *of[2];

        for (int k = 0; k < 2; k++) {
            const char *whose = k == 0 ? rows[i].issued : rows[i].delivered;
            GString *lines = g_string_new(NULL);
            for (; g_ascii_isdigit(*whose); whose++)
                g_string_append_printf(lines, "a=fingerprint:%s\r\n", d.fingerprint[*whose - '0']);
            of[k] = told(&d, false, k == 1, NULL, lines->str);
            if (*whose == NO_SECTION_FIRST || *whose == NO_SECTION_SECOND)
                of[k]->sdp->n_sections = 0;
            g_string_free(lines, TRUE);
        }
        paired(&d, of[0], of[1], WR_SAME_S1, WR_FPS_DIFFERENT);
        g_test_message("row %zu", i);
        says(&d, WR_S_SUBSTITUTED_IN_SIGNALLING,
             rows[i].further ? "seen again in frame 2 with a further certificate fingerprint beside that which it had;"
                             : "seen again in frame 2 with another certificate fingerprint;");
        desk_end(&d);
    }
}

static void test_origin(void)
{
    desk_t d = desk_begin(NULL);
    wr_copy *issued = told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);

    paired(&d, issued, told(&d, false, true, d.fingerprint[MALLORY_HAS], NULL), WR_SAME_S1, WR_FPS_DIFFERENT);
    says(&d, WR_S_SUBSTITUTED_IN_SIGNALLING, "The offer with origin - 4711000001");
    issued->sdp->origin = NULL;
    says(&d, WR_S_SUBSTITUTED_IN_SIGNALLING, "The offer seen in frame 1 was");
    desk_end(&d);
}

/* ---- what cannot be told ---- */

static void test_reasons(void)
{
    static const struct {
        const char *reason, *words;
    } rows[] = {{"too many fingerprints", "announces more fingerprints than are kept"},
                {"hash", "no announced fingerprint can be compared"},
                {"ambiguous", "the signalling legs disagree"},
                {"incomplete", "not completely in this capture: the messages with the certificates"},
                {NULL, "not completely in this capture: the messages with the certificates"}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);

        handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        d.s->reason = rows[i].reason;
        says(&d, WR_S_UNVERIFIABLE, rows[i].words);
        desk_end(&d);
    }
}

/* Where both changed to new keys: the first frame of the two. */
static void test_renegotiated(void)
{
    static const uint32_t frames[][2] = {{50, 40}, {40, 50}, {40, 40}};

    for (size_t i = 0; i < G_N_ELEMENTS(frames); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a;

        handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        a = handshake_of(&d, NULL, WR_A_HALF_VERIFIED);
        for (int side = 0; side < 2; side++) {
            wr_renegotiation *r = wr_renegotiation_of(&a->side[side]);
            r->switch_frame = frames[i][side];
            r->epoch_frame = 51;
            r->epoch = 2;
        }
        d.s->reason = "renegotiated";
        says(&d, WR_S_UNVERIFIABLE, "a second handshake was completed (frame 40), whose");
        says(&d, WR_S_UNVERIFIABLE, "would show them (frame 120).");
        desk_end(&d);
    }
}

/* Media went over another path whose handshake cannot be judged: that one is described, and its frames. */
static void test_beside(void)
{
    for (unsigned verified = 0; verified < 2; verified++) {
        desk_t d = desk_begin(NULL);
        wr_association *b;

        told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
        handshake_of(&d, NULL, verified ? WR_A_VERIFIED : WR_A_UNVERIFIABLE_HASH);
        b = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_ENCRYPTED);
        wr_flow_traffic(b->flow)[0].packets = 50;
        d.s->reason = "encrypted";
        says(&d, WR_S_UNVERIFIABLE,
             verified ? "one of the handshakes of this call, on a path with media of its own: the handshake is DTLS 1.3"
                      : "No statement on the certificates is possible: the handshake is DTLS 1.3");
        says(&d, WR_S_UNVERIFIABLE, "encrypts certificates (frame 120).");
        desk_end(&d);
    }
}

/* A handshake without certificates is described as such, unless another one is the reason. */
static void test_kind(void)
{
    for (unsigned i = 0; i < 2; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNAUTHENTICATED);

        a->has_suite = true;
        a->suite = 0x008c; /* TLS_PSK_WITH_AES_128_CBC_SHA */
        d.s->reason = i == 0 ? "no certificate" : "another handshake";
        says(&d, WR_S_UNVERIFIABLE, i == 0 ? "goes by a pre-shared key" : "another one was completed on the same path");
        desk_end(&d);
    }
}

/* ---- evidence that contradicts itself ---- */

static void test_two_handshakes(void)
{
    enum { VERIFIED, HALF, HIDDEN, TOLD_TWICE, SPOILT, CASES };
    static const char *const words[CASES] = {
        [VERIFIED] = ") with the certificates that were announced, another (frame 120) with others.",
        [HALF] = ") with the certificates that were announced, another (frame 120) with others.",
        [HIDDEN] = ") whose certificates cannot be compared, another (frame 120) with others.",
        [TOLD_TWICE] = ") for which certificates were announced in two ways, another (frame 120)",
        [SPOILT] = ") with the certificates that were announced and a signature that does not fit, another (frame 120)",
    };

    for (unsigned i = 0; i < 4 * CASES; i++) {
        const unsigned which = i / 4;
        const bool one_path = (i & 1) != 0;
        const int side = (i & 2) != 0 ? 1 : 0;
        desk_t d = desk_begin(NULL);
        wr_association *o = handshake_of(&d, NULL,
                                         which == VERIFIED ? WR_A_VERIFIED
                                         : which == HALF   ? WR_A_HALF_VERIFIED
                                         : which == HIDDEN ? WR_A_UNVERIFIABLE_ENCRYPTED
                                                           : WR_A_CONTESTED);
        wr_association *a = handshake_of(&d, one_path ? o->flow : NULL, WR_A_CONTESTED);

        a->rival = o;
        o->side[side].presented.verdict = which == TOLD_TWICE || which == SPOILT ? WR_CERT_CONTESTED : WR_CERT_MATCH;
        o->side[side].presented.contested = which == SPOILT;
        says(&d, WR_S_CONTESTED,
             one_path ? "The capture holds two handshakes of one path: one (frame 110"
                      : "two handshakes of one pair of descriptions, on two paths: one (frame 110");
        says(&d, WR_S_CONTESTED, words[which]);
        desk_end(&d);
    }
}

/* Why nothing tells whether a certificate counts, or what was announced for it. */
static void test_contested(void)
{
    enum { UNSIGNED, NO_KEY, RIVALS, SEVERAL, SENT_TWICE, GONE_ON, SECTIONS, TOLD_BOTH, CASES };
    static const char *const words[CASES] = {
        [UNSIGNED] = "The client showed a certificate (frame 112) and signed nothing with its key",
        [NO_KEY] = "may be a copy: no signature in this handshake fits",
        [RIVALS] = "Two whole handshakes stand between each other's messages",
        [SEVERAL] = "Several certificates were shown for the",
        [SENT_TWICE] = "sent twice with different content (frames 1 and 9)",
        [GONE_ON] = "and the sender went on before them (frame 9)",
        [SECTIONS] = "agrees with one section of the description in frame 1 and contradicts another",
        [TOLD_BOTH] = "agrees with one announcement and contradicts another that was told as well (frame 1",
    };

    for (unsigned i = 0; i < 2 * CASES; i++) {
        const unsigned which = i / 2;
        const int side = (int)(i % 2);
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_CONTESTED);
        wr_presented *p = shows(&d, a, side, BOB_HAS);
        char *section =
            g_strdup_printf("m=" AUDIO "\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=ice-ufrag:EEEE\r\na=ice-pwd:" PWD_B
                            "\r\na=fingerprint:%s\r\n",
                            d.fingerprint[CAROL_HAS]);
        wr_handshake_message m = {.type = 14, .role = 1};
        bool is_new;

        if (which == UNSIGNED && side == 1)
            a->side[0].presented.certificate = wr_certificate_ref(d.certificate[CAROL_HAS]);
        p->verdict = WR_CERT_CONTESTED;
        p->description = told(&d, side == 0, false, d.fingerprint[BOB_HAS], which == SECTIONS ? section : NULL);
        p->contested = which <= SEVERAL;
        a->changed_unsigned = which == UNSIGNED;
        a->possession[side] = which == NO_KEY ? WR_POSSESSION_INVALID : WR_POSSESSION_UNKNOWN;
        if (which == RIVALS || which == SENT_TWICE) {
            wr_handshake_messages_add(&a->messages, &m, &is_new);
            a->messages->rivals[0][0] = wr_certificate_ref(d.certificate[CAROL_HAS]);
            a->messages->rivals[0][1] = wr_certificate_ref(d.certificate[CAROL_HAS]);
            a->messages->n_rivals = 1;
        }
        p->description->doubted = which == SENT_TWICE ? 9 : 0;
        p->description->unsent = which == GONE_ON ? 9 : 0;
        g_test_message("case %u, side %d", which, side);
        says(&d, WR_S_CONTESTED, words[which == UNSIGNED && side == 1 ? SEVERAL : which]);
        for (unsigned k = 0; k < CASES; k++)
            if (k != (which == UNSIGNED && side == 1 ? SEVERAL : which))
                says_not(&d, WR_S_CONTESTED, words[k]);
        if (which != UNSIGNED || side == 1)
            says(&d, WR_S_CONTESTED, side == 0 ? "client" : "server");
        says(&d, WR_S_CONTESTED, "the key log of an endpoint, or its own record of the call would settle it.");
        g_free(section);
        desk_end(&d);
    }
}

/* Both announcements are named where both are of this call and of this side. */
static void test_told_both(void)
{
    enum { BOTH, OF_OTHER_SIDE, NO_FRAME, NO_DESCRIPTION, NOT_USED_FIRST, NOT_USED_LAST, CASES };

    for (int which = BOTH; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_CONTESTED);
        wr_presented *p = shows(&d, a, 0, BOB_HAS);
        wr_copy *of[4];
        char *words;

        of[0] = told(&d, true, false, d.fingerprint[BOB_HAS], "a=x-number:0\r\n");
        of[1] = told(&d, which != OF_OTHER_SIDE, false, d.fingerprint[CAROL_HAS], "a=x-number:1\r\n");
        of[2] = told(&d, true, false, which == OF_OTHER_SIDE ? NULL : d.fingerprint[BOB_HAS], "a=x-number:2\r\n");
        of[3] = told(&d, which != OF_OTHER_SIDE, false, d.fingerprint[CAROL_HAS], "a=x-number:3\r\n");
        p->verdict = WR_CERT_CONTESTED;
        p->description = which == NO_DESCRIPTION   ? NULL
                         : which == NOT_USED_FIRST ? of[2]
                         : which == NOT_USED_LAST  ? of[3]
                                                   : of[0];
        if (which == NO_FRAME)
            of[1]->frame = 0;
        words = g_strdup_printf(which == OF_OTHER_SIDE || which == NO_DESCRIPTION
                                    ? "contradicts another that was told as well (frame %u is one of them)"
                                    : "what was announced in frame %u and contradicts frame %u, which",
                                which == NO_DESCRIPTION   ? 0
                                : which == NOT_USED_FIRST ? of[2]->frame
                                                          : of[0]->frame,
                                which == NO_FRAME || which == NOT_USED_LAST ? of[3]->frame : of[1]->frame);
        g_test_message("case %d", which);
        says(&d, WR_S_CONTESTED, words);
        g_free(words);
        desk_end(&d);
    }
}

static void test_disputed(void)
{
    for (unsigned disputed = 0; disputed < 2; disputed++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_CONTESTED);
        wr_handshake_message m = {.type = 14, .role = 1};
        bool is_new;

        a->server_hello = 47;
        wr_handshake_messages_add(&a->messages, &m, &is_new);
        a->messages->disputed_frame = disputed ? 66 : 0;
        if (disputed)
            says(&d, WR_S_CONTESTED, "Two ServerHellos of one handshake (frames 47 and 66) choose differently");
        else
            says_not(&d, WR_S_CONTESTED, "Two ServerHellos");
        desk_end(&d);
    }
}

/* Nothing of the kind without any handshake. */
static void test_no_handshake(void)
{
    desk_t d = desk_begin(NULL);

    says(&d, WR_S_CONTESTED, "A capture taken elsewhere on the path");
    says(&d, WR_S_RESUMED, "resumed without certificates; what it rests on lies in an earlier handshake, which is not");
    says(&d, WR_S_TERMINATED_UNDECLARED, "towards an intermediary. Conference servers");
    desk_end(&d);
}

/* ---- resumed, and the rest ---- */

static void test_resumed(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool linked = (i & 1) != 0, is_13 = (i & 2) != 0, by_key = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *o = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_association *a = handshake_of(&d, NULL, linked ? WR_A_RESUMED_LINKED : WR_A_RESUMED_UNLINKED);

        a->resumes = linked ? o : NULL;
        a->version = is_13 ? WR_DTLS_1_3 : WR_DTLS_1_2;
        a->server_psk = by_key;
        says(&d, WR_S_RESUMED,
             linked            ? "in an earlier handshake (a1, from frame 110). That this session continues"
             : is_13 && by_key ? ", or on a key that was agreed on elsewhere."
                               : "in an earlier handshake, which is not in this capture.");
        desk_end(&d);
    }
}

static void test_also(void)
{
    static const char *const words[] = {NULL, " Of the same call it can be said as well: MISMATCH.",
                                        " Of the same call it can be said as well: MISMATCH, CONTESTED."};

    for (unsigned n = 0; n < G_N_ELEMENTS(words); n++) {
        desk_t d = desk_begin(NULL);

        d.s->also[0] = WR_S_MISMATCH;
        d.s->also[1] = WR_S_CONTESTED;
        d.s->n_also = (uint8_t)n;
        if (n == 0)
            says_not(&d, WR_S_UNENCRYPTED, "as well");
        else
            says(&d, WR_S_UNENCRYPTED, words[n]);
        says_not(&d, WR_S_UNENCRYPTED, "..");
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/said/stated", test_stated);
    g_test_add_func("/said/both_legs", test_both_legs);
    g_test_add_func("/said/counts", test_counts);
    g_test_add_func("/said/other_handshake", test_other_handshake);
    g_test_add_func("/said/how_it_differs", test_how_it_differs);
    g_test_add_func("/said/origin", test_origin);
    g_test_add_func("/said/reasons", test_reasons);
    g_test_add_func("/said/renegotiated", test_renegotiated);
    g_test_add_func("/said/beside", test_beside);
    g_test_add_func("/said/kind", test_kind);
    g_test_add_func("/said/two_handshakes", test_two_handshakes);
    g_test_add_func("/said/contested", test_contested);
    g_test_add_func("/said/told_both", test_told_both);
    g_test_add_func("/said/disputed", test_disputed);
    g_test_add_func("/said/no_handshake", test_no_handshake);
    g_test_add_func("/said/resumed", test_resumed);
    g_test_add_func("/said/also", test_also);
    return g_test_run();
}
