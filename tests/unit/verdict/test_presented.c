/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a certificate is worth as a side's own, by what several legs say of that side: whose word counts, which of two
 * that disagree is a contradiction, and which makes it contested (rules 2.2 to 2.6).
 */
#include "records_build.h"

#include "statements_build.h"

/* What a leg says of the side whose certificate is looked at; it shows Bob's. */
typedef enum { NONE = 0, RIGHT, WRONG, LACKS, UNUSABLE, WEAK, MIXED, CUT } word;

typedef struct {
    word says;
    int own;      /* 0: the leg is that side's own; 1: the other's; -1: not known whose */
    bool foreign; /* its client is no end of the association */
    bool half;    /* the leg says nothing of the other side */
    bool disowned, beside, bare, file;
    word rival, other_form; /* told beside */
} leg_t;

typedef struct {
    const char *words;
    bool by_address;
    leg_t legs[3];
    wr_cert_verdict verdict;
    int by; /* the leg that it was decided by; -1: not looked at */
} row_t;

static const char *line_of(const desk_t *d, word what)
{
    static char sha1[2][200];
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (what != WEAK && what != MIXED)
        return what == RIGHT || what == CUT ? d->fingerprint[BOB_HAS]
               : what == WRONG              ? d->fingerprint[CAROL_HAS]
               : what == UNUSABLE           ? "sha-256 12:34"
                                            : NULL;
    g_assert_true(
        EVP_Digest(d->certificate[BOB_HAS]->der, d->certificate[BOB_HAS]->der_length, digest, &n, EVP_sha1(), NULL));
    g_strlcpy(sha1[0], "sha-1 ", sizeof sha1[0]);
    for (unsigned i = 0; i < n; i++)
        g_snprintf(sha1[0] + strlen(sha1[0]), 8, "%s%02X", i > 0 ? ":" : "", digest[i]);
    g_snprintf(sha1[1], sizeof sha1[1], "%s\r\na=fingerprint:%s", sha1[0], d->fingerprint[CAROL_HAS]);
    return sha1[what == MIXED];
}

static wr_copy *copy_of(desk_t *d, int side, word what)
{
    char *lines; /* of two that say the same one is kept */
    wr_copy *c;

    if (what == NONE)
        return NULL;
    lines = g_strdup_printf("a=x-number:%u\r\n", d->s->copies->len);
    c = told(d, side == 0, false, line_of(d, what), lines);
    c->sdp->sections[0].own.cut = what == CUT;
    g_free(lines);
    return c;
}

#define OWN    .own = 0
#define OTHERS .own = 1
#define NOBODY .own = -1

static const row_t rows[] = {
    {"announced", true, {{RIGHT, OWN}}, WR_CERT_MATCH, 0},
    {"not announced", true, {{WRONG, OWN}}, WR_CERT_MISMATCH, 0},
    {"no line", true, {{LACKS, OWN}}, WR_CERT_FP_NONE, 0},
    {"weakly", true, {{WEAK, OWN}}, WR_CERT_MATCH_WEAK, 0},
    {"more lines than are kept", true, {{CUT, OWN}}, WR_CERT_FP_LEFT_OUT, 0},
    {"no description", true, {{NONE, OWN}}, WR_CERT_SDP_NONE, -1},
    {"a leg of nobody", true, {{WRONG, OWN, .foreign = true}}, WR_CERT_SDP_NONE, -1},
    {"a leg of nobody, and no other", false, {{WRONG, OWN, .foreign = true}}, WR_CERT_MISMATCH, 0},
    {"a leg of nobody beside", true, {{WRONG, OTHERS, .foreign = true}, {RIGHT, OWN}}, WR_CERT_MATCH, 1},
    {"two of nobody that disagree", false, {{RIGHT, NOBODY}, {WRONG, NOBODY}}, WR_CERT_AMBIGUOUS, -1},
    {"two of nobody that agree", false, {{RIGHT, NOBODY}, {RIGHT, NOBODY}}, WR_CERT_MATCH, 0},
    /* two legs of one party */
    {"its own legs disagree", true, {{RIGHT, OWN}, {WRONG, OWN}}, WR_CERT_CONTESTED, -1},
    {"the other's legs disagree", true, {{WRONG, OTHERS}, {RIGHT, OTHERS}}, WR_CERT_CONTESTED, -1},
    {"legs of nobody disagree", true, {{RIGHT, NOBODY}, {WRONG, NOBODY}}, WR_CERT_CONTESTED, -1},
    /* of two parties */
    {"it says so, the other was told otherwise", true, {{RIGHT, OWN}, {WRONG, OTHERS}}, WR_CERT_MISMATCH, 1},
    {"the same, in half an exchange", true, {{RIGHT, OWN}, {WRONG, OTHERS, .half = true}}, WR_CERT_MISMATCH, 1},
    {"it says otherwise", true, {{WRONG, OWN}, {RIGHT, OTHERS}}, WR_CERT_MISMATCH, 0},
    {"it says otherwise, in half an exchange",
     true,
     {{WRONG, OWN, .half = true}, {RIGHT, OTHERS}},
     WR_CERT_CONTESTED,
     -1},
    {"somebody says otherwise", true, {{RIGHT, OWN}, {WRONG, NOBODY, .half = true}}, WR_CERT_MISMATCH, 1},
    {"it says otherwise, and is disowned",
     true,
     {{WRONG, OWN, .disowned = true}, {RIGHT, OTHERS}},
     WR_CERT_CONTESTED,
     -1},
    {"datagrams beside say otherwise", true, {{RIGHT, OWN}, {WRONG, OTHERS, .beside = true}}, WR_CERT_CONTESTED, -1},
    {"one of two that say otherwise is disowned",
     true,
     {{WRONG, NOBODY, .disowned = true}, {WRONG, OWN}, {RIGHT, OTHERS}},
     WR_CERT_MISMATCH,
     0},
    /* datagrams */
    {"datagrams alone agree", true, {{RIGHT, OWN, .bare = true}, {WRONG, OTHERS}}, WR_CERT_CONTESTED, -1},
    {"datagrams alone disagree", true, {{RIGHT, OWN}, {WRONG, OTHERS, .bare = true}}, WR_CERT_MISMATCH, 1},
    {"datagrams agree and disagree",
     true,
     {{RIGHT, OWN, .bare = true}, {WRONG, OTHERS, .bare = true}},
     WR_CERT_MISMATCH,
     1},
    {"datagrams and a connection agree",
     true,
     {{RIGHT, OWN, .bare = true}, {RIGHT, NOBODY}, {WRONG, OTHERS}},
     WR_CERT_MISMATCH,
     2},
    /* files */
    {"a file says otherwise", true, {{WRONG, OWN, .file = true}, {RIGHT, OTHERS}}, WR_CERT_MATCH, 1},
    {"a file agrees alone", true, {{RIGHT, OWN, .file = true}, {NONE, OTHERS}}, WR_CERT_MATCH, 0},
    {"a file says otherwise, and nobody's leg",
     true,
     {{WRONG, OWN, .file = true}, {RIGHT, OTHERS, .foreign = true}},
     WR_CERT_MISMATCH,
     0},
    {"a file and a leg, of which nothing is known",
     false,
     {{WRONG, NOBODY, .file = true}, {RIGHT, NOBODY}},
     WR_CERT_MATCH,
     1},
    {"two files, half an exchange each",
     true,
     {{WRONG, OWN, .file = true, .half = true}, {RIGHT, OTHERS, .file = true}},
     WR_CERT_MISMATCH,
     0},
    {"two files of nobody", false, {{RIGHT, NOBODY, .file = true}, {RIGHT, NOBODY, .file = true}}, WR_CERT_MATCH, 0},
    {"a file, and a leg that is silent",
     true,
     {{WRONG, OWN, .file = true}, {NONE, OTHERS, .rival = RIGHT}},
     WR_CERT_CONTESTED,
     -1},
    /* what was told beside on the same leg */
    {"something else was told there", true, {{RIGHT, OWN, .rival = WRONG}}, WR_CERT_CONTESTED, -1},
    {"more than is kept was told there", true, {{RIGHT, OWN, .rival = CUT}}, WR_CERT_CONTESTED, -1},
    {"the same was told there", true, {{RIGHT, OWN, .rival = RIGHT}}, WR_CERT_MATCH, 0},
    {"nothing to compare was told there", true, {{RIGHT, OWN, .rival = LACKS}}, WR_CERT_MATCH, 0},
    {"nobody was told something else",
     true,
     {{RIGHT, OWN}, {NONE, OTHERS, .foreign = true, .rival = WRONG}},
     WR_CERT_MATCH,
     0},
    {"of nothing known, somebody was told something else",
     false,
     {{RIGHT, NOBODY, .rival = WRONG}},
     WR_CERT_CONTESTED,
     -1},
    {"another form is no rival", true, {{RIGHT, OWN, .other_form = WRONG}}, WR_CERT_MATCH, 0},
    {"it was told there, and is not in force", true, {{WRONG, OWN, .rival = RIGHT}}, WR_CERT_CONTESTED, -1},
    {"it was told weakly", true, {{WRONG, OWN, .rival = WEAK}}, WR_CERT_CONTESTED, -1},
    {"it was told in another form", true, {{WRONG, OWN, .other_form = RIGHT}}, WR_CERT_CONTESTED, -1},
    {"neither was it told there", true, {{WRONG, OWN, .rival = WRONG, .other_form = WRONG}}, WR_CERT_MISMATCH, 0},
    {"it was told to nobody",
     true,
     {{WRONG, OWN}, {NONE, OTHERS, .foreign = true, .rival = RIGHT}},
     WR_CERT_MISMATCH,
     0},
    {"of nothing known, it was told to somebody", false, {{WRONG, NOBODY, .rival = RIGHT}}, WR_CERT_CONTESTED, -1},
    {"no line, though it was told", true, {{LACKS, OWN, .rival = RIGHT}}, WR_CERT_FP_NONE, 0},
    /* what one objects to is not mended by another */
    {"mixed, before more than are kept", true, {{CUT, OWN}, {MIXED, OTHERS}}, WR_CERT_MIXED, 1},
    {"more than are kept, before unusable", true, {{UNUSABLE, OWN}, {CUT, OTHERS}}, WR_CERT_FP_LEFT_OUT, 1},
    {"unusable, before none", true, {{LACKS, OWN}, {UNUSABLE, OTHERS}}, WR_CERT_FP_UNUSABLE, 1},
    {"none, before weak", true, {{WEAK, OWN}, {LACKS, OTHERS}}, WR_CERT_FP_NONE, 1},
    {"weak, before the rest", true, {{RIGHT, OWN}, {WEAK, OTHERS}}, WR_CERT_MATCH_WEAK, 1},
    {"weak, before the rest, in the other order", true, {{WEAK, OWN}, {RIGHT, OTHERS}}, WR_CERT_MATCH_WEAK, 0},
    {"alike: the first", true, {{RIGHT, OWN}, {RIGHT, OTHERS}}, WR_CERT_MATCH, 0},
};

typedef struct {
    wr_leg legs[3];
    wr_view views[3];
    wr_bound b;
} bound_t;

static void lay(bound_t *x, desk_t *d, const row_t *r, int s, const wr_testimony *file)
{
    memset(x, 0, sizeof *x);
    x->b.views = x->views;
    x->b.by_address = r->by_address;
    for (unsigned i = 0; i < 3 && (i == 0 || r->legs[i].says != NONE || r->legs[i].rival != NONE); i++) {
        const leg_t *l = &r->legs[i];
        wr_view *v = &x->views[x->b.n_views++];
        x->legs[i].two_ended = l->bare;
        x->legs[i].witness = l->file ? file : NULL;
        v->leg = &x->legs[i];
        v->own = l->own < 0 ? -1 : l->own == 0 ? s : 1 - s;
        v->applies = r->by_address && !l->foreign;
        v->disowned = l->disowned;
        v->beside = l->beside;
        v->copy[s] = copy_of(d, s, l->says);
        v->copy[1 - s] = l->half ? NULL : told(d, s != 0, false, d->fingerprint[ALICE_HAS], NULL);
        v->rival[s] = copy_of(d, s, l->rival);
        v->other_form[s] = copy_of(d, s, l->other_form);
    }
}

static void test_legs(void)
{
    wr_testimony *file = witness("bob.json", "Bob");

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const row_t *r = &rows[i / 2];
        const int s = (int)(i % 2);
        desk_t d = desk_begin(NULL);
        wr_presented p = {.certificate = d.certificate[BOB_HAS]};
        bound_t x;

        lay(&x, &d, r, s, file);
        g_test_message("%s, side %d", r->words, s);
        g_assert_cmpint(wr_compare_presented(&p, s, &x.b), ==, r->verdict);
        if (r->by >= 0)
            g_assert_true(p.description == x.views[r->by].copy[s]);
        desk_end(&d);
    }
    wr_testimony_unref(file);
}

/* A certificate alone binds nothing to its opposite; addresses do. */
static void test_bound_by_certificate(void)
{
    for (unsigned i = 0; i < 6; i++) {
        const bool right = i % 2 != 0;
        const row_t r = {"", true, {{right ? RIGHT : WRONG, OWN}}, WR_CERT_MATCH, 0};
        desk_t d = desk_begin(NULL);
        wr_presented p = {.certificate = d.certificate[BOB_HAS]};
        bound_t x;

        lay(&x, &d, &r, 0, NULL);
        x.b.grade = i / 2 == 0 ? WR_B3 : i / 2 == 1 ? WR_B4 : WR_B_NONE;
        g_assert_cmpint(wr_compare_presented(&p, 0, &x.b), ==,
                        right        ? WR_CERT_MATCH
                        : i / 2 == 1 ? WR_CERT_SDP_NONE
                                     : WR_CERT_MISMATCH);
        desk_end(&d);
    }
}

/* Bytes that were sent twice, or that their connection goes on without, make what they say contested. */
static void test_doubted(void)
{
    for (unsigned i = 0; i < 3 * 3; i++) {
        const word says = i % 3 == 0 ? RIGHT : i % 3 == 1 ? WRONG : LACKS;
        const row_t r = {"", true, {{says, OWN}}, WR_CERT_MATCH, 0};
        desk_t d = desk_begin(NULL);
        wr_presented p = {.certificate = d.certificate[BOB_HAS]};
        bound_t x;

        lay(&x, &d, &r, 0, NULL);
        x.views[0].copy[0]->doubted = i / 3 == 1 ? 7 : 0;
        x.views[0].copy[0]->unsent = i / 3 == 2 ? 7 : 0;
        g_assert_cmpint(wr_compare_presented(&p, 0, &x.b), ==,
                        says == LACKS   ? WR_CERT_FP_NONE
                        : i / 3 > 0     ? WR_CERT_CONTESTED
                        : says == RIGHT ? WR_CERT_MATCH
                                        : WR_CERT_MISMATCH);
        desk_end(&d);
    }
}

/* What is no certificate has a digest all the same. */
static void test_damaged(void)
{
    static const uint8_t junk[8] = {1, 2, 3};
    const row_t r = {"", true, {{WRONG, OWN}}, WR_CERT_MATCH, 0};
    desk_t d = desk_begin(NULL);
    wr_certificate *c = wr_certificate_new(junk, sizeof junk);
    wr_presented p = {.certificate = c, .receiver_dependent = true};
    bound_t x;

    g_assert_false(c->shaped);
    lay(&x, &d, &r, 0, NULL);
    g_assert_cmpint(wr_compare_presented(&p, 0, &x.b), ==, WR_CERT_UNSEEN);
    g_assert_true(p.description == NULL && !p.receiver_dependent);
    wr_certificate_unref(c);
    desk_end(&d);
}

/* Its owner's own words, and whether receivers may decide otherwise: of legs that apply. */
static void test_beside_verdict(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool emitted = (i & 1) != 0, two_lines = (i & 2) != 0, applies = (i & 4) != 0;
        const row_t r = {"", applies, {{RIGHT, OWN, .foreign = !applies}}, WR_CERT_MATCH, 0};
        desk_t d = desk_begin(NULL);
        wr_presented p = {.certificate = d.certificate[BOB_HAS]};
        char *line = g_strdup_printf("a=fingerprint:%s\r\n", d.fingerprint[CAROL_HAS]);
        bound_t x;

        lay(&x, &d, &r, 0, NULL);
        if (two_lines)
            x.views[0].copy[0] = told(&d, true, false, d.fingerprint[BOB_HAS], line);
        x.views[0].copy[0]->direction = emitted ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
        g_assert_cmpint(wr_compare_presented(&p, 0, &x.b), ==, WR_CERT_MATCH);
        g_assert_true(p.issued == (emitted ? x.views[0].copy[0] : NULL));
        g_assert_true(p.receiver_dependent == (two_lines && applies));
        g_assert_cmpint(p.hash, ==, WR_HASH_SHA256);
        g_free(line);
        desk_end(&d);
    }
}

/* The other side answered anew, so that this side must have offered anew, and that is not here: what it said before
 * neither contradicts nor is forgotten where it agrees (RFC 3264 8). */
static void test_unseen_offer(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool answered_anew = (i & 1) != 0, right = (i & 2) != 0;
        const row_t r = {"", true, {{NONE, OWN}}, WR_CERT_MATCH, 0};
        desk_t d = desk_begin(NULL);
        wr_presented p = {.certificate = d.certificate[ALICE_HAS]};
        text_t o = offer_text(), first = answer_text(), second = answer_text();
        wr_view *v;
        bound_t x;

        lay(&x, &d, &r, 1, NULL);
        o.fingerprint = d.fingerprint[right ? ALICE_HAS : CAROL_HAS];
        second.version = "3";
        v = &x.views[0];
        v->copy[1] = say(&d.c, OFFERED, &o);
        v->told[0][0] = say(&d.c, ANSWERED, &first);
        v->copy[0] = v->told[0][1] = answered_anew ? say(&d.c, ANSWERED, &second) : v->told[0][0];
        v->n_told[0] = answered_anew ? 2 : 1;
        g_test_message("case %u", i);
        g_assert_cmpint(wr_compare_presented(&p, 1, &x.b), ==,
                        right           ? WR_CERT_MATCH
                        : answered_anew ? WR_CERT_SDP_NONE
                                        : WR_CERT_MISMATCH);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/presented/legs", test_legs);
    g_test_add_func("/presented/bound_by_certificate", test_bound_by_certificate);
    g_test_add_func("/presented/doubted", test_doubted);
    g_test_add_func("/presented/damaged", test_damaged);
    g_test_add_func("/presented/unseen_offer", test_unseen_offer);
    g_test_add_func("/presented/beside_verdict", test_beside_verdict);
    return g_test_run();
}
