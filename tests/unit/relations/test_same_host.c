/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One description on two legs of one client: a host that passes descriptions on is an end of two associations with
 * them, a party of one. And which copies may be one description on its way.
 */
#include "records_build.h"

#include "records/description.h"
#include "relations/relations.h"

#define MIDDLE "198.51.100.20"

/* A handshake between these hosts, whose side 0 is the author's of this description. */
static wr_association *between(desk_t *d, wr_copy *c, int side, const char *author, const char *other)
{
    wr_association *a = handshake_of(d, NULL, WR_A_VERIFIED);

    a->owner[side] = c;
    a->side[side].end = at(author, 5000);
    a->side[1 - side].end = at(other, 6000);
    return a;
}

enum {
    PASSED_ON,   /* it is an end of both */
    PARTY_WROTE, /* it is the author's alone */
    PARTY_TOLD,  /* or the other's alone */
    NOBODY,      /* none of the associations ends there */
    NO_HANDSHAKE,
    BOTH_AT_ONE,    /* two parties on one host */
    NOT_BOUND,      /* the association is not known to be the description's */
    OTHER_PASSWORD, /* nor is this one */
    CASES
};

static void test_within_host(void)
{
    static const wr_weight wanted[CASES] = {
        [PASSED_ON] = WR_WEIGHT_FULL,  [PARTY_WROTE] = WR_WEIGHT_NONE,    [PARTY_TOLD] = WR_WEIGHT_NONE,
        [NOBODY] = WR_WEIGHT_CLAIM,    [NO_HANDSHAKE] = WR_WEIGHT_CLAIM,  [BOTH_AT_ONE] = WR_WEIGHT_FULL,
        [NOT_BOUND] = WR_WEIGHT_CLAIM, [OTHER_PASSWORD] = WR_WEIGHT_CLAIM};

    for (int i = 0; i < 2 * CASES; i++) {
        const int which = i / 2, side = i % 2;
        desk_t d = desk_begin(NULL);
        text_t o = offer_text(), other = offer_text();
        way_t up = OFFERED, down = OFFERED;
        wr_copy *issued, *delivered, *strange;
        wr_association *a;

        up.client = down.client = which == BOTH_AT_ONE ? "198.51.100.30" : MIDDLE;
        down.connection = 2;
        down.direction = WR_DIRECTION_DELIVERED;
        issued = say(&d.c, up, &o);
        delivered = say(&d.c, down, &o);
        other.session_id = "717171";
        other.pwd = "passwordsofsomebodyelse";
        up.connection = 3;
        strange = say(&d.c, up, &other);
        if (which == PASSED_ON || which == PARTY_WROTE)
            between(&d, issued, side, MIDDLE, BOB);
        if (which == PASSED_ON || which == PARTY_TOLD)
            between(&d, delivered, side, ALICE, MIDDLE);
        if (which == NOBODY)
            between(&d, issued, side, ALICE, BOB);
        if (which == BOTH_AT_ONE)
            between(&d, issued, side, ALICE, ALICE);
        if (which == NOT_BOUND) {
            a = between(&d, issued, side, MIDDLE, BOB);
            a->binding = WR_B2;
        }
        if (which == OTHER_PASSWORD)
            between(&d, strange, side, MIDDLE, BOB);
        g_test_message("case %d, side %d", which, side);
        g_assert_cmpint(wr_pairing_within_host(d.s, paired(&d, issued, delivered, WR_SAME_S0, WR_FPS_EQUAL)), ==,
                        wanted[which]);
        desk_end(&d);
    }
}

/* Only where one client both said it and was told it is anything asked. */
static void test_not_within_host(void)
{
    for (int which = 0; which < 4; which++) {
        desk_t d = desk_begin(NULL);
        text_t o = offer_text();
        way_t up = OFFERED, down = OFFERED;
        wr_copy *issued, *delivered;

        up.client = down.client = MIDDLE;
        down.connection = 2;
        down.direction = WR_DIRECTION_DELIVERED;
        if (which == 0)
            down.client = BOB;
        if (which == 1)
            down.direction = WR_DIRECTION_EMITTED;
        if (which == 2)
            up.direction = WR_DIRECTION_DELIVERED;
        if (which == 3)
            up.direction = down.direction = WR_DIRECTION_UNKNOWN;
        issued = say(&d.c, up, &o);
        delivered = say(&d.c, down, &o);
        between(&d, issued, 0, MIDDLE, BOB);
        g_test_message("case %d", which);
        g_assert_cmpint(wr_pairing_within_host(d.s, paired(&d, issued, delivered, WR_SAME_S0, WR_FPS_EQUAL)), ==,
                        WR_WEIGHT_FULL);
        desk_end(&d);
    }
}

/* ---- on its way ---- */

typedef struct {
    const char *words;
    wr_kind kind;             /* of the second */
    wr_direction first, then; /* which way each went */
    int64_t later_ms;
    bool same_leg, same_names, relay; /* one connection; the same ICE credentials; the server of the one is a client */
    bool may;
} way_case;

#define UP   WR_DIRECTION_EMITTED
#define DOWN WR_DIRECTION_DELIVERED
#define ANY  WR_DIRECTION_UNKNOWN

static const way_case ways[] = {
    {"emitted here, delivered there", WR_KIND_OFFER, UP, DOWN, 1000, false, true, false, true},
    {"delivered here, emitted there", WR_KIND_OFFER, DOWN, UP, 1000, false, true, false, true},
    {"on one leg", WR_KIND_OFFER, UP, DOWN, 1000, true, true, false, false},
    {"an answer", WR_KIND_ANSWER, UP, DOWN, 1000, false, true, false, false},
    {"emitted on both", WR_KIND_OFFER, UP, UP, 1000, false, true, false, false},
    {"delivered on both", WR_KIND_OFFER, DOWN, DOWN, 1000, false, true, false, false},
    {"emitted on both, by way of a relay", WR_KIND_OFFER, UP, UP, 1000, false, true, true, true},
    {"which way it went is not known", WR_KIND_OFFER, UP, ANY, 1000, false, true, false, true},
    {"of the first", WR_KIND_OFFER, ANY, DOWN, 1000, false, true, false, true},
    {"of both", WR_KIND_OFFER, ANY, ANY, 1000, false, true, false, true},
    {"with other names, a minute later", WR_KIND_OFFER, UP, DOWN, 60000, false, false, false, true},
    {"more than a minute later", WR_KIND_OFFER, UP, DOWN, 60001, false, false, false, false},
    {"more than a minute later, with its names", WR_KIND_OFFER, UP, DOWN, 90000, false, true, false, true},
};

static void test_may_relay(void)
{
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(ways); i++) {
        const way_case *k = &ways[i / 2];
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        way_t w = {.connection = 1, .direction = k->first, .kind = WR_KIND_OFFER, .covered = true};
        wr_copy *a, *b;

        a = say(&c, w, &o);
        w.connection = k->same_leg ? 1 : 2;
        w.client = k->same_leg ? NULL : k->relay ? SERVER : BOB;
        w.server = k->relay ? "203.0.113.77" : NULL;
        w.direction = k->then;
        w.kind = k->kind;
        w.later_ms = k->later_ms;
        o.version = "3";
        if (!k->same_names) {
            o.ufrag = "CCCC";
            o.pwd = "passwordsofsomebodyelse";
        }
        b = say(&c, w, &o);
        g_test_message("%s", k->words);
        g_assert_true(wr_copies_may_relay(i % 2 == 0 ? a : b, i % 2 == 0 ? b : a) == k->may);
        g_assert_true(wr_copies_share_credentials(a, b) == k->same_names);
        call_end(&c);
    }
}

/* The next hop: from the host that the last went to, of the same kind, at once. Clocks may differ a little. */
static void test_hop(void)
{
    static const struct {
        bool other_leg, same_kind, from_there;
        int64_t later_ms;
        bool hop;
    } rows[] = {
        {true, true, true, 1000, true},   {false, true, true, 1000, false}, {true, false, true, 1000, false},
        {true, true, false, 1000, false}, {true, true, true, 10000, true},  {true, true, true, 10001, false},
        {true, true, true, -500, true},   {true, true, true, -501, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text();
        way_t w = {.connection = 1, .direction = UP, .kind = WR_KIND_OFFER};
        wr_copy *p = say(&c, w, &o), *q;

        w.connection = rows[i].other_leg ? 2 : 1;
        w.client = rows[i].from_there ? SERVER : BOB;
        w.server = "203.0.113.77";
        if (!rows[i].other_leg) {
            w.client = SERVER;
            w.server = ALICE;
        }
        w.kind = rows[i].same_kind ? WR_KIND_OFFER : WR_KIND_ANSWER;
        w.later_ms = rows[i].later_ms;
        o.version = "3";
        q = say(&c, w, &o);
        if (!rows[i].other_leg)
            q->leg = p->leg;
        g_test_message("case %zu", i);
        g_assert_true(wr_copy_is_hop(p, q) == rows[i].hop);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/same_host/within", test_within_host);
    g_test_add_func("/same_host/not_within", test_not_within_host);
    g_test_add_func("/same_host/may_relay", test_may_relay);
    g_test_add_func("/same_host/hop", test_hop);
    return g_test_run();
}
