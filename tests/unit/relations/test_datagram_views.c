/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What datagrams say of a handshake beside a connection that tells of it as well, and which associations make a copy
 * late (rules 2.10).
 */
#include "records_build.h"

#include "statements_build.h"

#define HELLO_FRAME 100
#define LAST_FRAME  110 /* of the handshake */

/* A view of a connection, and one of datagrams, of one handshake, and what each says of both sides. */
typedef struct {
    desk_t d;
    wr_association *a;
    wr_testimony *file;
    wr_bound b;
    wr_leg *connection, *datagrams;
    wr_copy *said[2][2]; /* by view, by side */
} scene_t;

static void put(wr_view *v, wr_copy *c, int side)
{
    v->leg = c->leg;
    v->copy[side] = c;
    v->told[side][v->n_told[side]++] = c;
}

static scene_t begin(void)
{
    scene_t s = {.d = desk_begin(NULL), .file = witness("a.json", "Alice"), .b = {.n_views = 2}};

    s.b.views = g_new0(wr_view, 2);
    s.a = handshake_of(&s.d, NULL, WR_A_VERIFIED);
    s.a->server_hello = HELLO_FRAME;
    wr_association_add_frame(s.a, 0, LAST_FRAME);
    for (int i = 0; i < 2; i++)
        for (int side = 0; side < 2; side++) {
            s.said[i][side] = told(&s.d, side == 0, i != 0, sha256_of(1), NULL);
            s.said[i][side]->frame = 50;
            put(&s.b.views[1 - i], s.said[i][side], side); /* datagrams first */
        }
    s.connection = s.said[0][0]->leg;
    s.datagrams = s.said[1][0]->leg;
    s.datagrams->two_ended = true;
    s.b.views[0].tie = s.b.views[1].tie = WR_TIE_ADDRESS;
    return s;
}

static wr_view *view_of(scene_t *s, const wr_leg *leg)
{
    for (unsigned i = 0; i < s->b.n_views; i++)
        if (s->b.views[i].leg == leg)
            return &s->b.views[i];
    g_assert_not_reached();
}

static void end(scene_t *s)
{
    for (unsigned i = 0; i < s->d.c.e->legs->len; i++)
        ((wr_leg *)g_ptr_array_index(s->d.c.e->legs, i))->witness = NULL;
    wr_testimony_unref(s->file);
    g_free(s->b.views);
    desk_end(&s->d);
}

/* ---- beside ---- */

/* They are beside it where it is tied as well as they are, and tells of both sides. */
static void test_beside(void)
{
    enum {
        BESIDE,
        BETTER_TIED,
        REPORTED,
        WORSE_TIED,
        NOT_BESIDE = WORSE_TIED,
        NOT_TIED,
        TELLS_OF_CLIENT_ALONE,
        TELLS_OF_SERVER_ALONE,
        A_FILE,
        MORE_DATAGRAMS,
        ARE_NOT_TIED,
        CASES
    };

    for (int which = BESIDE; which < CASES; which++) {
        scene_t s = begin();
        wr_view *c = view_of(&s, s.connection), *v = view_of(&s, s.datagrams);

        if (which == REPORTED) {
            s.datagrams->two_ended = false;
            s.datagrams->mirrored = true;
        }
        v->tie = which == BETTER_TIED ? WR_TIE_ANNOUNCED : which == ARE_NOT_TIED ? WR_TIE_NONE : WR_TIE_ADDRESS;
        c->tie = which == WORSE_TIED ? WR_TIE_ANNOUNCED : which == NOT_TIED ? WR_TIE_NONE : WR_TIE_ADDRESS;
        if (which == TELLS_OF_CLIENT_ALONE || which == TELLS_OF_SERVER_ALONE)
            c->copy[which == TELLS_OF_CLIENT_ALONE ? 1 : 0] = NULL;
        s.connection->witness = which == A_FILE ? s.file : NULL;
        s.connection->two_ended = which == MORE_DATAGRAMS;
        wr_views_weigh_datagrams(s.d.c.e, s.a, &s.b);
        g_test_message("case %d", which);
        g_assert_true(view_of(&s, s.datagrams)->beside == (which < NOT_BESIDE));
        g_assert_false(view_of(&s, s.connection)->beside);
        g_assert_cmpint(view_of(&s, s.datagrams)->tie, ==,
                        which == BETTER_TIED    ? WR_TIE_ANNOUNCED
                        : which == ARE_NOT_TIED ? WR_TIE_NONE
                                                : WR_TIE_ADDRESS);
        end(&s);
    }
}

/* Those of one way alone say nothing beside a connection, but where a server reports what it was told. */
static void test_lone(void)
{
    enum { ANSWERED_TO, LONE, REPORTED_LEG, A_REPORT, ANOTHER_REPORT, NO_CONNECTION, A_FILE, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, side = i % 2; /* of which they tell */
        scene_t s = begin();
        wr_view *v = view_of(&s, s.datagrams);

        if (which != ANSWERED_TO) {
            v->copy[1 - side] = NULL;
            v->n_told[1 - side] = 0;
        }
        if (which == REPORTED_LEG) {
            s.datagrams->two_ended = false;
            s.datagrams->mirrored = true;
        }
        s.said[1][side]->mirrored = which == A_REPORT;
        if (which == ANOTHER_REPORT) { /* one of several that were told */
            wr_copy *more = told(&s.d, side == 0, true, sha256_of(2), NULL);
            more->mirrored = true;
            v->told[side][v->n_told[side]++] = more;
        }
        if (which == NO_CONNECTION)
            s.connection->two_ended = true;
        s.datagrams->witness = which == A_FILE ? s.file : NULL;
        wr_views_weigh_datagrams(s.d.c.e, s.a, &s.b);
        g_test_message("case %d, side %d", which, side);
        g_assert_cmpint(view_of(&s, s.datagrams)->tie, ==, which == LONE ? WR_TIE_NONE : WR_TIE_ADDRESS);
        g_assert_true(view_of(&s, s.datagrams)->copy[side] == s.said[1][side]);
        end(&s);
    }
}

/* ---- late ---- */

/* What they say of a side behind the handshake goes where a connection tells of that side, and what rivals it with it.
 */
static void test_late(void)
{
    enum { ITSELF, RIVAL, FORM, BOTH_RIVALS_EARLY, EARLY, NOT_TOLD, NO_CONNECTION, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, side = i % 2;
        scene_t s = begin();
        wr_view *v = view_of(&s, s.datagrams);
        wr_copy *rival = told(&s.d, side == 0, true, sha256_of(2), NULL);
        wr_copy *form = told(&s.d, side == 0, true, sha256_of(3), NULL);
        const bool itself = which == ITSELF || which == BOTH_RIVALS_EARLY;

        rival->frame = which == RIVAL ? LAST_FRAME + 1 : 50;
        form->frame = which == FORM ? LAST_FRAME + 1 : 50;
        s.said[1][side]->frame = itself || which == NOT_TOLD || which == NO_CONNECTION ? LAST_FRAME + 1 : LAST_FRAME;
        v->rival[side] = rival;
        v->other_form[side] = form;
        if (which == NOT_TOLD)
            view_of(&s, s.connection)->copy[side] = NULL;
        if (which == NO_CONNECTION)
            s.connection->two_ended = true;
        wr_views_weigh_datagrams(s.d.c.e, s.a, &s.b);
        v = view_of(&s, s.datagrams);
        g_test_message("case %d, side %d", which, side);
        g_assert_true(v->copy[side] == (itself ? NULL : s.said[1][side]));
        g_assert_true(v->rival[side] == (itself || which == RIVAL ? NULL : rival));
        g_assert_true(v->other_form[side] == (itself || which == FORM ? NULL : form));
        g_assert_true(v->copy[1 - side] == s.said[1][1 - side]);
        g_assert_cmpint(v->tie, ==, WR_TIE_ADDRESS); /* it tells of the other side still */
        end(&s);
    }
}

/* Where nothing is left it is no view. */
static void test_nothing_left(void)
{
    for (int i = 0; i < 4; i++) {
        scene_t s = begin();

        for (int side = 0; side < 2; side++)
            s.said[1][side]->frame = (i >> side & 1) != 0 ? LAST_FRAME + 1 : 50;
        wr_views_weigh_datagrams(s.d.c.e, s.a, &s.b);
        g_assert_cmpint(view_of(&s, s.datagrams)->tie, ==, i == 3 ? WR_TIE_NONE : WR_TIE_ADDRESS);
        end(&s);
    }
}

/* Connections come first, each kind in its order. */
static void test_order(void)
{
    scene_t s = begin();
    const bool bare[] = {true, false, true, false, false};
    wr_leg *legs[G_N_ELEMENTS(bare)];

    s.b.views = g_renew(wr_view, s.b.views, G_N_ELEMENTS(bare));
    s.b.n_views = G_N_ELEMENTS(bare);
    for (unsigned i = 0; i < G_N_ELEMENTS(bare); i++) {
        text_t t = offer_text();
        wr_copy *c = say(&s.d.c, (way_t){.connection = 20 + i, .kind = WR_KIND_OFFER}, &t);
        memset(&s.b.views[i], 0, sizeof s.b.views[i]);
        put(&s.b.views[i], c, 1);
        legs[i] = c->leg;
        legs[i]->two_ended = bare[i];
    }
    wr_views_weigh_datagrams(s.d.c.e, s.a, &s.b);
    g_assert_true(s.b.views[0].leg == legs[1] && s.b.views[1].leg == legs[3] && s.b.views[2].leg == legs[4]);
    g_assert_true(s.b.views[3].leg == legs[0] && s.b.views[4].leg == legs[2]);
    end(&s);
}

/* ---- of a call ---- */

/* A copy is late when it is behind every handshake of the two descriptions, of which there is one. */
static void test_after_all(void)
{
    enum { FIRSTS, SECONDS, NOBODYS, BOTH, ONE_LATER, OTHERS_LATER, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, side = i % 2;
        desk_t d = desk_begin(NULL);
        wr_association *a[2] = {handshake_of(&d, NULL, WR_A_VERIFIED), handshake_of(&d, NULL, WR_A_VERIFIED)};
        text_t t = offer_text();
        wr_copy *first = told(&d, false, false, sha256_of(1), NULL), *second, *other, *c;
        wr_pairing *p;

        t.ufrag = "HHHH"; /* written anew by a server */
        t.pwd = "anotherpasswordofanother";
        second = say(&d.c, (way_t){.client = BOB, .connection = 5, .kind = WR_KIND_OFFER}, &t);
        t.ufrag = "OTHR";
        other = say(&d.c, (way_t){.client = SERVER, .connection = 6, .kind = WR_KIND_OFFER}, &t);
        c = told(&d, false, true, sha256_of(3), NULL);
        p = paired(&d, first, second, WR_SAME_S3, WR_FPS_DIFFERENT);
        for (int n = 0; n < 2; n++) {
            a[n]->server_hello = 10;
            a[n]->frames[0] = 11;
        }
        c->frame = 20;
        if (which == ONE_LATER || which == OTHERS_LATER)
            a[1]->frames[0] = 20;
        a[0]->owner[side] = which == NOBODYS ? other : which == SECONDS ? second : first;
        a[1]->owner[1 - side] = which == BOTH || which == ONE_LATER ? second : other;
        g_test_message("case %d, side %d", which, side);
        g_assert_true(wr_copy_is_after_all(d.c.e, d.s, p, c) == (which != NOBODYS && which != ONE_LATER));
        desk_end(&d);
    }
}

/* What a file tells is behind nothing: its number is no place in the capture. */
static void test_stated(void)
{
    scene_t s = begin();
    wr_copy *c = s.said[1][0];

    c->frame = LAST_FRAME + 1;
    g_assert_true(wr_copy_is_after_handshake(s.d.c.e, s.a, c));
    c->carrier = WR_CARRIER_STATEMENT;
    g_assert_false(wr_copy_is_after_handshake(s.d.c.e, s.a, c));
    end(&s);
}

/* At two points it is behind it by more than clocks that were brought together may err. */
static void test_two_points(void)
{
    static const struct {
        int64_t us;
        bool after;
    } rows[] = {{WR_SECOND / 10, false}, {WR_SECOND / 10 + 1, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        scene_t s = begin();
        wr_copy *c = s.said[1][0];

        s.a->server_hello_us = INT64_C(1700000000) * S;
        for (unsigned n = 0; n < WR_CLOCK_LEAST; n++)
            wr_clock_note(s.d.c.e, 0, s.a->server_hello_us, 1, s.a->server_hello_us + 60 * S, false);
        c->frame = LAST_FRAME + 1;
        c->point = 1;
        c->time_us = s.a->server_hello_us + 60 * S + rows[i].us;
        g_assert_true(wr_copy_is_after_handshake(s.d.c.e, s.a, c) == rows[i].after);
        end(&s);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/datagram_views/beside", test_beside);
    g_test_add_func("/datagram_views/lone", test_lone);
    g_test_add_func("/datagram_views/late", test_late);
    g_test_add_func("/datagram_views/nothing_left", test_nothing_left);
    g_test_add_func("/datagram_views/order", test_order);
    g_test_add_func("/datagram_views/after_all", test_after_all);
    g_test_add_func("/datagram_views/stated", test_stated);
    g_test_add_func("/datagram_views/two_points", test_two_points);
    return g_test_run();
}
