/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands beside the plain sentence: since when a call was exposed, whether anything was said at all, who showed
 * another key than before, what a host in between did as well, and whose end has no name.
 */
#include "records_build.h"

#include "plain_advice.h"

/* 14 November 2023, 22:13:20 UTC, where desks begin. */
#define ELSEWHERE "203.0.113.66"

/* All that is told, one a line; g_free. */
static char *told_beside(desk_t *d, const wr_facts *f)
{
    GString *all = g_string_new(NULL);

    g_ptr_array_set_size(d->s->beside, 0);
    wr_session_tell_beside(d->c.e, d->s, f);
    for (unsigned i = 0; i < d->s->beside->len; i++)
        g_string_append_printf(all, "%s\n", (const char *)g_ptr_array_index(d->s->beside, i));
    return g_string_free(all, FALSE);
}

/* words NULL: nothing is told. */
static void tells(desk_t *d, const wr_facts *f, const char *words)
{
    char *said = told_beside(d, f);

    g_test_message("%s", said);
    if (words == NULL)
        g_assert_cmpstr(said, ==, "");
    else if (strstr(said, words) == NULL)
        g_error("\"%s\" is not in: %s", words, said);
    g_free(said);
}

static wr_traffic between(int64_t first_us, uint32_t first_frame, int64_t last_us, uint32_t last_frame)
{
    return (wr_traffic){
        .packets = 2, .first_us = first_us, .first_frame = first_frame, .last_us = last_us, .last_frame = last_frame};
}

/* ---- since when ---- */

static void test_exposed_when(void)
{
    for (int v = 0; v <= WR_S_NO_MEDIA; v++) {
        desk_t d = desk_begin(NULL);
        wr_facts f = {.followed[0] = handshake_of(&d, NULL, WR_A_VERIFIED)};
        d.s->verdict = (wr_session_verdict)v;
        tells(&d, &f,
              v == WR_S_INTERCEPTED || v == WR_S_INTERCEPTED_FULL ? "No sound, picture or other data was seen on the"
                                                                  : NULL);
        desk_end(&d);
    }
}

/* From the first of what went over either of the connections that were made with the substituted key to the last. */
static void test_exposure(void)
{
    static const struct {
        int64_t first_s[2], last_s[2]; /* after the desk's begin; last 0: nothing */
        const char *from, *to;
    } rows[] = {
        {{10, 0}, {12, 0}, "Exposed: from frame 31, 22:13:30.007 UTC (", ", to frame 41, 22:13:32.007 UTC;"},
        {{0, 10}, {0, 12}, "Exposed: from frame 32, 22:13:30.007 UTC (", ", to frame 42, 22:13:32.007 UTC;"},
        {{10, 11}, {12, 13}, "Exposed: from frame 31, 22:13:30.007 UTC (", ", to frame 42, 22:13:33.007 UTC;"},
        {{11, 10}, {13, 12}, "Exposed: from frame 32, 22:13:30.007 UTC (", ", to frame 41, 22:13:33.007 UTC;"},
        {{10, 10}, {12, 13}, "Exposed: from frame 31, 22:13:30.007 UTC (", ", to frame 42, 22:13:33.007 UTC;"},
        {{10, 11}, {14, 12}, "Exposed: from frame 31, 22:13:30.007 UTC (", ", to frame 41, 22:13:34.007 UTC;"},
        {{10, 11}, {14, 14}, "Exposed: from frame 31, 22:13:30.007 UTC (", ", to frame 41, 22:13:34.007 UTC;"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_facts f = {.verified = 2};
        const int64_t begun = d.c.us + 7 * MS;
        d.s->verdict = WR_S_INTERCEPTED_FULL;
        for (unsigned k = 0; k < 2; k++) {
            f.followed[k] = handshake_of(&d, NULL, WR_A_VERIFIED);
            if (rows[i].last_s[k] != 0)
                wr_flow_traffic(f.followed[k]->flow)[k] =
                    between(begun + rows[i].first_s[k] * S, 31 + k, begun + rows[i].last_s[k] * S, 41 + k);
        }
        g_test_message("row %zu", i);
        tells(&d, &f, rows[i].from);
        tells(&d, &f, rows[i].to);
        desk_end(&d);
    }
}

/* What was under way when the handshake began has no frame of its own; times beyond the calendar no words. */
static void test_exposed_since_before(void)
{
    desk_t d = desk_begin(NULL);
    wr_facts f = {.followed[1] = handshake_of(&d, NULL, WR_A_VERIFIED)}; /* a second after the desk's begin */
    wr_traffic *t = wr_flow_traffic(f.followed[1]->flow);

    d.s->verdict = WR_S_INTERCEPTED;
    *t = between(d.c.us, 31, d.c.us + 5 * S, 0);
    tells(&d, &f, "Exposed: from 22:13:21.000 UTC (");
    tells(&d, &f, "), to 22:13:25.000 UTC;");
    t->last_us = INT64_MAX / 10;
    tells(&d, &f, "), to ?.");
    desk_end(&d);
}

/* ---- silence ---- */

static void test_silence(void)
{
    enum { SILENT, NO_TIME, OF_OTHER_VERDICT, NO_MISMATCH, WENT_ON, REFUSED, MEDIA, CASES };

    for (int which = SILENT; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL,
                                         which == WENT_ON   ? WR_A_MISMATCH_NOT_ENFORCED
                                         : which == REFUSED ? WR_A_MISMATCH_ENFORCED
                                                            : WR_A_MISMATCH);
        const wr_facts f = {.mismatch = which == NO_MISMATCH ? NULL : a};
        d.s->verdict = which == OF_OTHER_VERDICT ? WR_S_CONTESTED : WR_S_MISMATCH;
        d.c.e->last_us = which == NO_TIME ? a->last_us - 5 * S : a->last_us + 12 * S + S / 2;
        if (which == MEDIA)
            wr_flow_traffic(a->flow)[0] = between(a->first_us, 31, a->first_us, 31);
        g_test_message("case %d", which);
        tells(&d, &f,
              which == SILENT    ? "after these keys were shown (12 s of the capture): the connection may"
              : which == NO_TIME ? "(0 s of the capture)"
                                 : NULL);
        desk_end(&d);
    }
}

/* ---- another key than before ---- */

/* Bob is the client and shows this, Alice that; -1: nothing. */
static wr_association *shown(desk_t *d, int bobs, int alices)
{
    wr_association *a = handshake_of(d, NULL, WR_A_VERIFIED);

    if (bobs >= 0)
        shows(d, a, 0, bobs);
    if (alices >= 0)
        shows(d, a, 1, alices);
    return a;
}

static void turn(wr_association *a)
{
    const wr_side client = a->side[0];

    a->side[0] = a->side[1];
    a->side[1] = client;
}

#define AGAIN "The connection of this call was made more than once."

static void test_changes(void)
{
    static const struct {
        int first[2], second[2];
        const char *words;
    } rows[] = {
        {{BOB_HAS, ALICE_HAS}, {BOB_HAS, ALICE_HAS}, NULL},
        {{BOB_HAS, ALICE_HAS},
         {CAROL_HAS, ALICE_HAS},
         AGAIN " In a2 (frame 122) " BOB " showed another key than before.\n"},
        {{BOB_HAS, ALICE_HAS},
         {BOB_HAS, CAROL_HAS},
         AGAIN " In a2 (frame 123) " ALICE " showed another key than before.\n"},
        {{BOB_HAS, ALICE_HAS},
         {CAROL_HAS, MALLORY_HAS},
         AGAIN " In a2 (frame 122) " BOB " showed another key than before. In a2 (frame 123) " ALICE
               " showed another key than before.\n"},
        {{-1, ALICE_HAS}, {CAROL_HAS, ALICE_HAS}, NULL}, /* what he had before is not known */
        {{BOB_HAS, ALICE_HAS}, {-1, ALICE_HAS}, NULL},
        {{-1, -1}, {-1, -1}, NULL},
    };

    for (unsigned i = 0; i < 4 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 4;
        const bool turned = (i & 1) != 0; /* Alice was the client then */
        desk_t d = desk_begin(NULL);
        wr_association *a = shown(&d, rows[n].first[0], rows[n].first[1]);
        const wr_facts f = {.verified = 2};
        if (turned)
            turn(a);
        shown(&d, rows[n].second[0], rows[n].second[1]);
        d.s->verdict = (i & 2) != 0 ? WR_S_VERIFIED_LEG : WR_S_VERIFIED_CROSS;
        g_test_message("row %u", n);
        tells(&d, &f, rows[n].words);
        d.s->verdict = WR_S_UNVERIFIABLE; /* whose keys those are is not known anyhow */
        tells(&d, &f, NULL);
        desk_end(&d);
    }
}

/* Between other hosts, or two ends of one host, it is not the same connection. */
static void test_other_hosts(void)
{
    for (unsigned i = 0; i < 6; i++) {
        const int side = (int)(i & 1);
        desk_t d = desk_begin(NULL);
        wr_association *a = shown(&d, BOB_HAS, ALICE_HAS), *b;
        const wr_facts f = {.verified = 2};

        d.s->verdict = WR_S_VERIFIED_LEG;
        b = shown(&d, CAROL_HAS, MALLORY_HAS);
        if (i < 2)
            b->side[side].end = at(ELSEWHERE, 7000);
        else if (i < 4)
            a->side[0].end = b->side[0].end = a->side[1].end = b->side[1].end = at(ALICE, 5000);
        else
            b->side[side].end.port = 9; /* of one host all the same */
        tells(&d, &f, i < 4 ? NULL : AGAIN);
        desk_end(&d);
    }
}

/* As announced: where its description is of the capture, and agrees. */
static void test_announced_change(void)
{
    for (unsigned i = 0; i < 4; i++) {
        desk_t d = desk_begin(NULL);
        wr_copy *c = told(&d, true, false, d.fingerprint[CAROL_HAS], NULL);
        const wr_facts f = {.verified = 2};
        wr_association *b;

        shown(&d, BOB_HAS, ALICE_HAS);
        b = shown(&d, CAROL_HAS, ALICE_HAS);
        d.s->verdict = WR_S_VERIFIED_LEG;
        b->side[0].presented.description = i == 1 ? NULL : c;
        c->frame = i == 2 ? 0 : 18;
        b->side[0].presented.verdict = i == 3 ? WR_CERT_MATCH_WEAK : WR_CERT_MATCH;
        tells(&d, &f,
              i == 0 ? BOB " (who sent the answer) showed another key than before, as announced in frame 18.\n"
                     : " showed another key than before.\n");
        desk_end(&d);
    }
}

static unsigned count(const char *text, const char *words)
{
    unsigned n = 0;

    for (; (text = strstr(text, words)) != NULL; text++)
        n++;
    return n;
}

/* Six are named, and no more, also where one handshake brings the sixth and the seventh. */
static void test_many_changes(void)
{
    for (unsigned changes = 5; changes <= 8; changes++) {
        desk_t d = desk_begin(NULL);
        const wr_facts f = {.verified = 2};
        char *said;

        shown(&d, BOB_HAS, ALICE_HAS);
        if (changes % 2 != 0)
            shown(&d, CAROL_HAS, ALICE_HAS);
        for (unsigned i = 0; i < changes / 2; i++)
            shown(&d, i % 2 == 0 ? MALLORY_HAS : BOB_HAS, i % 2 == 0 ? CAROL_HAS : ALICE_HAS);
        d.s->verdict = WR_S_VERIFIED_LEG;
        said = told_beside(&d, &f);
        g_assert_cmpuint(count(said, "another key than before"), ==, MIN(changes, 6));
        g_free(said);
        desk_end(&d);
    }
}

/* The last one of the same hosts is compared with, and sixteen are looked at. */
static void test_which_before(void)
{
    for (unsigned others = 14; others <= 17; others++) {
        desk_t d = desk_begin(NULL);
        const wr_facts f = {.verified = 2};

        shown(&d, BOB_HAS, ALICE_HAS);
        for (unsigned i = 0; i < others; i++)
            shown(&d, BOB_HAS, ALICE_HAS)->side[0].end = at(ELSEWHERE, 7000);
        shown(&d, CAROL_HAS, ALICE_HAS);
        d.s->verdict = WR_S_VERIFIED_LEG;
        g_test_message("%u between", others);
        tells(&d, &f, others <= 15 ? BOB " showed another key" : NULL);
        desk_end(&d);
    }
    {
        desk_t d = desk_begin(NULL);
        const wr_facts f = {.verified = 2};

        shown(&d, BOB_HAS, ALICE_HAS);
        shown(&d, CAROL_HAS, ALICE_HAS);
        shown(&d, CAROL_HAS, ALICE_HAS);
        d.s->verdict = WR_S_VERIFIED_LEG;
        tells(&d, &f, AGAIN " In a2 (frame 122) " BOB " showed another key than before.\n");
        desk_end(&d);
    }
}

/* ---- what was passed on ---- */

static void test_passed_on(void)
{
    enum { PASSED, OF_OTHER_VERDICT, NOBODY_BETWEEN, OTHER_KIND, NO_COPY, OTHER_CALL, OTHER_HOST, SECOND, CASES };
    static const wr_session_verdict verdicts[] = {WR_S_RE_KEYED, WR_S_SUBSTITUTED_IN_SIGNALLING, WR_S_INTERCEPTED,
                                                  WR_S_INTERCEPTED_FULL, WR_S_TERMINATED_UNDECLARED};

    for (unsigned i = 0; i < CASES * G_N_ELEMENTS(verdicts); i++) {
        const unsigned which = i % CASES;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_PENDING);
        text_t t = answer_text();
        const way_t w = {.client = which == OTHER_HOST ? "203.0.113.67" : ELSEWHERE,
                         .connection = 7,
                         .direction = WR_DIRECTION_EMITTED,
                         .kind = WR_KIND_ANSWER};
        const wr_copy *c = say(&d.c, w, &t);
        const wr_injection x = {.kind = which == OTHER_KIND ? WR_INJECTED_BYTES : WR_INJECTED_COPY,
                                .copy = which == NO_COPY ? NULL : c,
                                .frame = 18};
        const wr_injection none = {.kind = WR_INJECTED_RECORD};
        const bool wanted = which == PASSED || which == SECOND;
        const wr_facts f = {.verified = 0};
        char *said;
        d.s->verdict = which == OF_OTHER_VERDICT ? WR_S_MISMATCH : verdicts[i / CASES];
        d.s->number = wr_copy_session_number(d.c.e, c) + (which == OTHER_CALL ? 1 : 0);
        d.s->n_parties = 2;
        d.s->parties[0].name = "alice";
        d.s->parties[0].address = at(ALICE, 0);
        d.s->parties[1].address = at(BOB, 0);
        if (which != NOBODY_BETWEEN)
            a->side[0].end = at(ELSEWHERE, 7000);
        if (which == SECOND)
            g_array_append_val(d.c.e->injections, none);
        g_array_append_val(d.c.e->injections, x);
        if (wanted) /* it is told once */
            g_array_append_val(d.c.e->injections, x);
        said = told_beside(&d, &f);
        g_test_message("case %u: %s", which, said);
        g_assert_cmpuint(count(said, "passed a changed copy"), ==, wanted ? 1 : 0);
        if (wanted)
            g_assert_nonnull(strstr(said,
                                    "the connection of " ALICE " (alice) runs to passed a changed copy of a "
                                    "message of this call on (frame 18). This fits somebody in between at " ELSEWHERE));
        g_free(said);
        g_array_set_size(d.c.e->injections, 0);
        desk_end(&d);
    }
}

/* ---- whose ---- */

static void test_nameless(void)
{
    for (unsigned i = 0; i < 4 * (WR_S_NO_MEDIA + 1); i++) {
        const bool first = (i & 1) != 0, second = (i & 2) != 0;
        const wr_session_verdict v = (wr_session_verdict)(i / 4);
        desk_t d = desk_begin(NULL);
        const wr_facts f = {.verified = 0};

        d.s->verdict = v;
        d.s->n_parties = 2;
        d.s->parties[0].name = first ? "alice" : NULL;
        d.s->parties[1].name = second ? "bob" : NULL;
        d.s->parties[0].address = at(ALICE, 0);
        d.s->parties[1].address = at(BOB, 0);
        if (v != WR_S_INTERCEPTED && v != WR_S_INTERCEPTED_FULL)
            tells(&d, &f,
                  first == second || (v != WR_S_VERIFIED_LEG && v != WR_S_UNVERIFIABLE) ? NULL
                  : first ? "The other end is " BOB "; no message names whose it is.\n"
                          : "The other end is " ALICE "; no message names whose it is.\n");
        d.s->n_parties = 1;
        if (v != WR_S_INTERCEPTED && v != WR_S_INTERCEPTED_FULL)
            tells(&d, &f, NULL);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/beside/exposed_when", test_exposed_when);
    g_test_add_func("/beside/exposure", test_exposure);
    g_test_add_func("/beside/exposed_since_before", test_exposed_since_before);
    g_test_add_func("/beside/silence", test_silence);
    g_test_add_func("/beside/changes", test_changes);
    g_test_add_func("/beside/other_hosts", test_other_hosts);
    g_test_add_func("/beside/announced_change", test_announced_change);
    g_test_add_func("/beside/many_changes", test_many_changes);
    g_test_add_func("/beside/which_before", test_which_before);
    g_test_add_func("/beside/passed_on", test_passed_on);
    g_test_add_func("/beside/nameless", test_nameless);
    return g_test_run();
}
