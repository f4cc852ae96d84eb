/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose leg it is, beside what is plain (test_views.c): paths on which both parties speak, legs that only announce a
 * party's addresses, and what one leg told for a later handshake (rules 2.1, 2.10).
 */
#include "views_build.h"

#include "statements_build.h"

#define MIDDLE "198.51.100.20"
#define LENT   "198.51.100.30" /* a relay's host, where it is somebody's end */

/* Bob is the client, side 0; Alice is side 1. */
static wr_copy *say_on(desk_t *d, uint32_t connection, const char *client, const char *server, bool answer,
                       wr_direction direction, unsigned n)
{
    text_t t = answer ? answer_text() : offer_text();

    t.fingerprint = sha256_of(n);
    return say(&d->c,
               (way_t){.client = client,
                       .server = server,
                       .connection = connection,
                       .direction = direction,
                       .kind = answer ? WR_KIND_ANSWER : WR_KIND_OFFER,
                       .covered = true},
               &t);
}

static void lend(desk_t *d, wr_endpoint relayed, wr_endpoint client)
{
    g_hash_table_insert(d->c.e->relays, g_memdup2(&relayed, sizeof relayed), g_memdup2(&client, sizeof client));
}

/* ---- both speak on one path ---- */

static const struct {
    const char *words;
    const char *ends[2];    /* of the association, Bob's and Alice's */
    const char *lent_to[2]; /* an end that a relay lent, and to whom; NULL for none */
    const char *offer[2];   /* from whom to whom; NULL: not seen */
    const char *answer[2];
    wr_tie tie;
} paths[] = {
    {"from her to him, and back", {BOB, ALICE}, {0}, {ALICE, BOB}, {BOB, ALICE}, WR_TIE_ADDRESS},
    {"her offer alone", {BOB, ALICE}, {0}, {ALICE, BOB}, {0}, WR_TIE_ADDRESS},
    {"his answer alone", {BOB, ALICE}, {0}, {0}, {BOB, ALICE}, WR_TIE_ADDRESS},
    {"from her to a server", {BOB, ALICE}, {0}, {ALICE, SERVER}, {0}, WR_TIE_ADDRESS},
    {"from a server to him", {BOB, ALICE}, {0}, {SERVER, BOB}, {0}, WR_TIE_ADDRESS},
    {"from a server to her", {BOB, ALICE}, {0}, {0}, {SERVER, ALICE}, WR_TIE_ADDRESS},
    {"between two servers", {BOB, ALICE}, {0}, {SERVER, MIDDLE}, {MIDDLE, SERVER}, WR_TIE_ANNOUNCED},
    {"her own offer told to her", {BOB, ALICE}, {0}, {SERVER, ALICE}, {0}, WR_TIE_NONE},
    {"by him", {BOB, ALICE}, {0}, {BOB, ALICE}, {0}, WR_TIE_NONE},
    {"his own answer told to him", {BOB, ALICE}, {0}, {0}, {SERVER, BOB}, WR_TIE_NONE},
    {"his own answer told to him, beside her offer", {BOB, ALICE}, {0}, {ALICE, BOB}, {ALICE, BOB}, WR_TIE_NONE},
    {"both on one host", {ALICE, ALICE}, {0}, {SERVER, ALICE}, {0}, WR_TIE_ADDRESS},
    {"she stands behind a relay", {BOB, LENT}, {NULL, ALICE}, {ALICE, SERVER}, {0}, WR_TIE_ADDRESS},
    {"and is told her own", {BOB, LENT}, {NULL, ALICE}, {SERVER, ALICE}, {0}, WR_TIE_NONE},
    {"he stands behind a relay", {LENT, ALICE}, {BOB, NULL}, {0}, {BOB, SERVER}, WR_TIE_ADDRESS},
    {"the relay's host is nobody", {BOB, LENT}, {NULL, ALICE}, {LENT, SERVER}, {0}, WR_TIE_ANNOUNCED},
};

static void test_path(gconstpointer data)
{
    const size_t n = GPOINTER_TO_SIZE(data);
    desk_t d = desk_begin(NULL);
    wr_association *a = answered(&d);
    wr_bound b = {.grade = WR_B0};

    for (int side = 0; side < 2; side++) {
        const char *const *way = side == 0 ? paths[n].answer : paths[n].offer;

        a->side[side].end = at(paths[n].ends[side], 5000);
        if (paths[n].lent_to[side] != NULL)
            lend(&d, a->side[side].end, at(paths[n].lent_to[side], 5999));
        if (way[0] != NULL) {
            wr_copy *c = say_on(&d, 7, SERVER, MIDDLE, side == 0, WR_DIRECTION_UNKNOWN, 1);
            c->direction = WR_DIRECTION_UNKNOWN;
            c->src = at(way[0], 5060);
            c->dst = at(way[1], 5060);
            c->leg->two_ended = true;
            wr_view_add(&b, c, side, NULL);
        }
    }
    settle(&d, a, &b);
    g_assert_cmpuint(b.n_views, ==, 1);
    g_assert_cmpint(b.views[0].tie, ==, paths[n].tie);
    g_assert_cmpint(b.views[0].own, ==, -1);
    g_hash_table_remove_all(d.c.e->relays);
    g_free(b.views);
    desk_end(&d);
}

/* ---- announced alone ---- */

/* Whoever is at the one end is not the party at the other, whatever it announces; nor is its host in between. */
static void test_announces_the_other(void)
{
    static const struct {
        const char *client;
        bool lent; /* her end is a relay's, which lent it to the client's host */
        wr_tie tie;
    } rows[] = {{BOB, false, WR_TIE_NONE},
                {MIDDLE, false, WR_TIE_ANNOUNCED},
                {BOB, true, WR_TIE_ADDRESS},
                {ALICE, false, WR_TIE_ADDRESS}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};

        if (rows[i].lent)
            lend(&d, a->side[1].end, at(rows[i].client, 5999));
        wr_view_add(&b, say_on(&d, 7, rows[i].client, SERVER, false, WR_DIRECTION_EMITTED, 1), 1, NULL);
        settle(&d, a, &b);
        g_test_message("row %zu", i);
        g_assert_cmpint(b.views[0].tie, ==, rows[i].tie);
        g_hash_table_remove_all(d.c.e->relays);
        g_free(b.views);
        desk_end(&d);
    }
}

/* What neither came to the leg's client nor went from it says nothing of whose leg it is. */
static void test_of_no_direction(void)
{
    for (int side = 0; side < 2; side++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        wr_copy *c = say_on(&d, 7, side == 0 ? ALICE : BOB, SERVER, side == 0, WR_DIRECTION_DELIVERED, 1);

        c->direction = WR_DIRECTION_UNKNOWN;
        wr_view_add(&b, c, side, NULL);
        settle(&d, a, &b);
        g_assert_cmpint(b.views[0].tie, ==, WR_TIE_NONE);
        g_assert_cmpint(b.views[0].own, ==, -1);
        g_assert_false(b.by_address);
        g_free(b.views);
        desk_end(&d);
    }
}

/* A leg that announces a party's address counts beside one that is tied by its own where hosts join the two, or where
 * it is a file's; and where none is tied better. */
static void test_joined(void)
{
    enum { JOINED, APART, JOINED_BY_A_THIRD, NONE_BETTER, FILE_SAYS, FAR_SIDE, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        wr_copy *c = say_on(&d, 7, MIDDLE, which == JOINED ? SERVER : LENT, false, WR_DIRECTION_EMITTED, 1);
        /* his, whose end is at his leg's client; of a call whose offer was told to him, or which he answered */
        wr_copy *o = say_on(&d, 8, which == NONE_BETTER ? "198.51.100.40" : BOB, SERVER, which != FAR_SIDE,
                            which == FAR_SIDE ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED, 2);
        const bool applies = which != APART && which != FAR_SIDE;

        if (which == FILE_SAYS)
            c->carrier = WR_CARRIER_STATEMENT;
        if (i % 2 == 0)
            wr_view_add(&b, c, 1, NULL);
        wr_view_add(&b, o, which == FAR_SIDE ? 1 : 0, NULL);
        if (i % 2 != 0)
            wr_view_add(&b, c, 1, NULL);
        if (which == JOINED_BY_A_THIRD)
            wr_view_add(&b, say_on(&d, 9, LENT, SERVER, false, WR_DIRECTION_EMITTED, 3), 1, NULL);
        settle(&d, a, &b);
        g_test_message("case %d, %d", which, i % 2);
        for (unsigned k = 0; k < b.n_views; k++) {
            if (b.views[k].leg == c->leg)
                g_assert_true(b.views[k].applies == applies);
            if (b.views[k].leg == o->leg)
                g_assert_true(b.views[k].applies && b.views[k].own == 0);
        }
        g_assert_true(b.by_address);
        g_free(b.views);
        desk_end(&d);
    }
}

/* ---- of a later handshake ---- */

/* What was said behind the handshake goes where the same party said something before, on a leg that judges. */
static void test_later_ones(void)
{
    enum { SAME_PARTY, OTHER_PARTY, NOT_TIED, OTHER_SIDE_ALONE, LATER_TOO, CASES };

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_bound b = {.grade = WR_B0};
        const bool other_party = which == OTHER_PARTY;
        wr_copy *late = say_on(&d, 7, ALICE, SERVER, false, WR_DIRECTION_EMITTED, 1);
        wr_copy *early =
            say_on(&d, 8,
                   other_party         ? BOB
                   : which == NOT_TIED ? MIDDLE
                                       : ALICE,
                   SERVER, which == OTHER_SIDE_ALONE,
                   other_party || which == OTHER_SIDE_ALONE ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED, 2);

        if (which == NOT_TIED)
            early->n_addresses = 0;
        lay(late, &(told_t){.seconds = 5, .frame_after = true});
        lay(early, &(told_t){.seconds = which == LATER_TOO ? 9 : -9,
                             .frame_after = which == LATER_TOO,
                             .answer = which == OTHER_SIDE_ALONE});
        if (i % 2 == 0)
            wr_view_add(&b, late, 1, NULL);
        wr_view_add(&b, early, which == OTHER_SIDE_ALONE ? 0 : 1, NULL);
        if (i % 2 != 0)
            wr_view_add(&b, late, 1, NULL);
        settle(&d, a, &b);
        g_test_message("case %d", which);
        for (unsigned k = 0; k < b.n_views; k++) {
            if (b.views[k].leg == late->leg)
                g_assert_true(b.views[k].copy[1] == (which == SAME_PARTY ? NULL : late));
            if (b.views[k].leg == early->leg)
                g_assert_true(b.views[k].copy[which == OTHER_SIDE_ALONE ? 0 : 1] == early);
        }
        g_free(b.views);
        desk_end(&d);
    }
}

/* What stands behind the last view is none, whatever it says, and stays as it is. */
static void test_behind_the_last(void)
{
    for (int i = 0; i < 2; i++) {
        const bool announced =
            i == 0; /* the one is tied by candidates, and what is behind it by address; else turned */
        desk_t d = desk_begin(NULL);
        wr_association *a = answered(&d);
        wr_copy *c = say_on(&d, 7, announced ? MIDDLE : ALICE, LENT, false, WR_DIRECTION_EMITTED, 1);
        wr_copy *behind = say_on(&d, 8, announced ? ALICE : MIDDLE, SERVER, false, WR_DIRECTION_EMITTED, 2);
        wr_view *views = g_new0(wr_view, 2), *kept;
        wr_bound b = {.grade = WR_B0, .views = views, .n_views = 1};

        lay(c, &(told_t){.seconds = 5, .frame_after = true});
        lay(behind, &(told_t){.seconds = -5});
        for (unsigned n = 0; n < 2; n++) {
            views[n].told[1][0] = n == 0 ? c : behind;
            views[n].n_told[1] = 1;
            views[n].leg = views[n].told[1][0]->leg;
            views[n].own = -1;
        }
        views[1].copy[1] = behind;
        views[1].applies = announced;
        views[1].tie = announced ? WR_TIE_ADDRESS : WR_TIE_ANNOUNCED;
        views[1].own = 1;
        kept = g_memdup2(&views[1], sizeof *kept);
        settle(&d, a, &b);
        g_test_message("case %d", i);
        g_assert_true(views[0].applies && views[0].copy[1] == c);
        g_assert_cmpint(views[0].tie, ==, announced ? WR_TIE_ANNOUNCED : WR_TIE_ADDRESS);
        g_assert_true(memcmp(&views[1], kept, sizeof *kept) == 0);
        g_free(kept);
        g_free(views);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        char *name = g_strdup_printf("/view_ties/path/%s", paths[i].words);
        g_test_add_data_func(name, GSIZE_TO_POINTER(i), test_path);
        g_free(name);
    }
    g_test_add_func("/view_ties/announces_the_other", test_announces_the_other);
    g_test_add_func("/view_ties/of_no_direction", test_of_no_direction);
    g_test_add_func("/view_ties/joined", test_joined);
    g_test_add_func("/view_ties/later_ones", test_later_ones);
    g_test_add_func("/view_ties/behind_the_last", test_behind_the_last);
    return g_test_run();
}
