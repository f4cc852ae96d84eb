/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How plain sentences name the ends of a connection, which connections run to somebody in between, what went over them
 * and who alone was heard there.
 */
#include "records_build.h"

#include "plain_ends.h"

#define ELSEWHERE at("203.0.113.66", 7000)

/* Alice has a name, Bob none. */
static desk_t desk(const wr_options *options)
{
    desk_t d = desk_begin(options);

    d.s->n_parties = 2;
    d.s->parties[0].name = "alice";
    d.s->parties[0].address = at(ALICE, 0);
    d.s->parties[1].address = at(BOB, 0);
    return d;
}

/* ---- names ---- */

static void test_names(void)
{
    enum { NOTHING, OFFER, ANSWER };
    static const struct {
        const char *host; /* of the end that is named */
        bool relayed, one_host;
        int owner, description; /* known of it */
        const char *words;
    } rows[] = {
        {ALICE, false, false, NOTHING, NOTHING, ALICE " (alice)"},
        {ALICE, false, false, ANSWER, ANSWER, ALICE " (alice)"},
        {ALICE, true, false, OFFER, OFFER, ALICE},
        {BOB, false, false, NOTHING, NOTHING, BOB},
        {BOB, false, false, ANSWER, NOTHING, BOB " (who sent the answer)"},
        {BOB, false, false, OFFER, NOTHING, BOB " (who sent the offer)"},
        {BOB, false, false, NOTHING, ANSWER, BOB " (who sent the answer)"},
        {BOB, false, false, ANSWER, OFFER, BOB " (who sent the answer)"},
        {BOB, false, true, ANSWER, NOTHING, BOB}, /* which of the two ends there would be meant? */
        {BOB, true, false, ANSWER, NOTHING, BOB},
        {"203.0.113.66", false, false, ANSWER, NOTHING, "203.0.113.66 (who sent the answer)"},
        {"203.0.113.66", false, false, NOTHING, NOTHING, "203.0.113.66"},
        {"203.0.113.66", true, false, ANSWER, NOTHING, "203.0.113.66, as a relay shows it,"},
    };

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 2;
        const int side = (int)(i % 2);
        desk_t d = desk(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_PENDING);
        wr_copy *of[] = {NULL, told(&d, false, false, d.fingerprint[0], NULL),
                         told(&d, true, false, d.fingerprint[0], NULL)};
        GString *out = g_string_new(NULL);
        a->side[side].end = at(rows[n].host, 9);
        a->side[1 - side].end = rows[n].one_host ? at(rows[n].host, 10) : at("203.0.113.99", 9);
        a->relayed = rows[n].relayed;
        a->owner[side] = of[rows[n].owner];
        a->side[side].presented.description = of[rows[n].description];
        wr_plain_say_end(out, d.s, a, side);
        g_assert_cmpstr(out->str, ==, rows[n].words);
        g_string_free(out, TRUE);
        desk_end(&d);
    }
}

static void test_party(void)
{
    desk_t d = desk(NULL);
    GString *out = g_string_new(NULL);

    wr_plain_say_party(out, d.s, 0);
    g_string_append(out, ", ");
    wr_plain_say_party(out, d.s, 1);
    g_assert_cmpstr(out->str, ==, ALICE " (alice), " BOB);
    g_string_free(out, TRUE);
    desk_end(&d);
}

/* ---- in between ---- */

/* Bob is the client of a handshake on the desk, Alice the server. */
static wr_association *led_away(desk_t *d, int party)
{
    wr_association *a = handshake_of(d, NULL, WR_A_PENDING);

    a->side[party == 0 ? 0 : 1].end = ELSEWHERE;
    return a;
}

static void test_between(void)
{
    enum { PLAIN, ONE_CHECK, NAMES_ALONE, BARE, RELAYED, ONE_PARTY, ONE_ADDRESS, DIRECT, TURNED, OF_NOBODY, CASES };

    for (int which = PLAIN; which < CASES; which++) {
        for (int party = 0; party < 2; party++) {
            desk_t d = desk(NULL);
            wr_association *a = led_away(&d, party);
            wr_plain_between b[2];
            unsigned n;
            a->binding = which == ONE_CHECK ? WR_B1 : which == NAMES_ALONE ? WR_B2 : WR_B0;
            a->standing = which == BARE ? WR_BARE : WR_COHERENT;
            a->relayed = which == RELAYED;
            if (which == ONE_PARTY)
                d.s->n_parties = 1;
            if (which == ONE_ADDRESS)
                d.s->parties[1 - party].address = d.s->parties[party].address;
            if (which == DIRECT)
                a->side[party == 0 ? 0 : 1].end = party == 0 ? BOBS : ALICES;
            if (which == TURNED) {
                const wr_endpoint end = a->side[0].end;
                a->side[0].end = a->side[1].end;
                a->side[1].end = end;
            }
            if (which == OF_NOBODY)
                a->side[party == 0 ? 1 : 0].end = at("203.0.113.67", 7002);
            n = wr_plain_find_between(d.s, b);
            g_test_message("case %d, party %d", which, party);
            g_assert_cmpuint(n, ==, which == PLAIN || which == ONE_CHECK || which == TURNED);
            if (n == 1) {
                g_assert_true(b[0].association == a);
                g_assert_cmpuint(b[0].party, ==, party);
                g_assert_cmpint(b[0].host->port, ==, 7000);
            }
            desk_end(&d);
        }
    }
}

/* One connection of each party, in whatever order, and no more. */
static void test_between_for_each(void)
{
    static const struct {
        int of[4]; /* -1: no more */
        unsigned found, second;
    } rows[] = {{{0, 1, -1}, 2, 1}, {{1, 0, -1}, 2, 1},    {{0, 0, -1}, 1, 0},
                {{1, 1, -1}, 1, 0}, {{0, 0, 1, -1}, 2, 2}, {{1, 0, 1, 0}, 2, 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk(NULL);
        wr_plain_between b[2];
        for (unsigned k = 0; k < 4 && rows[i].of[k] >= 0; k++)
            led_away(&d, rows[i].of[k]);
        g_test_message("row %zu", i);
        g_assert_cmpuint(wr_plain_find_between(d.s, b), ==, rows[i].found);
        g_assert_cmpuint(b[0].party, ==, rows[i].of[0]);
        g_assert_true(b[0].association == g_ptr_array_index(d.s->associations, 0));
        if (rows[i].found == 2) {
            g_assert_cmpuint(b[1].party, ==, 1 - rows[i].of[0]);
            g_assert_true(b[1].association == g_ptr_array_index(d.s->associations, rows[i].second));
        }
        desk_end(&d);
    }
}

/* ---- what went over it ---- */

static void test_traffic(void)
{
    desk_t d = desk(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
    const int64_t begun = a->first_us;
    wr_traffic *t = wr_flow_traffic(a->flow);
    wr_plain_traffic seen = wr_plain_traffic_of(a);

    g_assert_false(seen.any);
    g_assert_false(wr_plain_has_traffic(d.s));
    t[1] = (wr_traffic){.packets = 0, .first_us = begun, .last_us = begun + S}; /* counted nothing */
    g_assert_false(wr_plain_traffic_of(a).any);
    t[1] = (wr_traffic){.packets = 1, .first_frame = 3, .first_us = begun - S, .last_us = begun - 1};
    g_assert_false(wr_plain_traffic_of(a).any); /* of an earlier one on this path */
    g_assert_true(wr_plain_has_traffic(d.s));

    t[1].last_us = begun;
    t[1].last_frame = 4;
    seen = wr_plain_traffic_of(a);
    g_assert_true(seen.any);
    g_assert_cmpuint(seen.first_frame, ==, 0); /* the first of its own is not known */
    g_assert_cmpint(seen.first_us, ==, begun);
    g_assert_cmpuint(seen.last_frame, ==, 4);
    g_assert_cmpint(seen.last_us, ==, begun);

    t[1] = (wr_traffic){.packets = 1, .first_frame = 5, .last_frame = 9, .first_us = begun, .last_us = begun + 4 * S};
    g_assert_cmpuint(wr_plain_traffic_of(a).first_frame, ==, 5);
    t[0] = (wr_traffic){.packets = 1, .first_frame = 6, .last_frame = 8, .first_us = begun + 1, .last_us = begun + S};
    seen = wr_plain_traffic_of(a); /* from the first of both ends to the last of both */
    g_assert_cmpuint(seen.first_frame, ==, 5);
    g_assert_cmpint(seen.first_us, ==, begun);
    g_assert_cmpuint(seen.last_frame, ==, 9);
    g_assert_cmpint(seen.last_us, ==, begun + 4 * S);
    t[1].first_us = begun + 2;
    t[1].last_us = begun + 3;
    seen = wr_plain_traffic_of(a);
    g_assert_cmpuint(seen.first_frame, ==, 6);
    g_assert_cmpint(seen.first_us, ==, begun + 1);
    g_assert_cmpuint(seen.last_frame, ==, 8);
    g_assert_cmpint(seen.last_us, ==, begun + S);
    t[1].first_us = t[0].first_us; /* of one time: the first that is looked at */
    t[1].last_us = t[0].last_us;
    seen = wr_plain_traffic_of(a);
    g_assert_cmpuint(seen.first_frame, ==, 6);
    g_assert_cmpuint(seen.last_frame, ==, 8);
    desk_end(&d);
}

/* Records of data inside DTLS count as well; the frame of the first is not kept. */
static void test_data(void)
{
    for (int side = 0; side < 2; side++) {
        desk_t d = desk(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        wr_plain_traffic seen;

        a->side[side].data_first_us = a->first_us + 1;
        a->side[side].data_last_us = a->first_us + 2;
        a->side[side].data_last_frame = 77;
        g_assert_false(wr_plain_traffic_of(a).any);
        a->side[side].data_records = 1;
        seen = wr_plain_traffic_of(a);
        g_assert_true(seen.any && wr_plain_has_traffic(d.s));
        g_assert_cmpuint(seen.first_frame, ==, 0);
        g_assert_cmpint(seen.first_us, ==, a->first_us + 1);
        g_assert_cmpuint(seen.last_frame, ==, 77);
        g_assert_cmpint(seen.last_us, ==, a->first_us + 2);
        desk_end(&d);
    }
}

/* A path whose handshake is not here. */
static void test_traffic_alone(void)
{
    for (int end = 0; end < 2; end++) {
        desk_t d = desk(NULL);
        GPtrArray *flows = d.s->flows;
        wr_flow *f = flow_of(&d);

        g_assert_false(wr_plain_has_traffic(d.s));
        wr_flow_traffic(f)[end].packets = 1;
        g_assert_true(wr_plain_has_traffic(d.s));
        d.s->flows = NULL;
        g_assert_false(wr_plain_has_traffic(d.s));
        g_assert_null(wr_plain_only_sender(d.s));
        d.s->flows = flows;
        desk_end(&d);
    }
}

/* ---- one direction ---- */

typedef enum { SILENT, ASKS, ANSWERS, SENDS, MEDIA } doing;

static void do_it(wr_flow *f, int end, doing what)
{
    if (what == ASKS)
        f->asked[end] = 1;
    if (what == MEDIA)
        wr_flow_traffic(f)[end].packets = 1;
    if ((what == ANSWERS || what == SENDS) && f->consent == NULL)
        f->consent = g_new0(wr_consent, 1);
    if (what == ANSWERS)
        f->consent->given_frame[1 - end] = 5;
    if (what == SENDS)
        f->consent->sent_frame[end] = 5;
}

/* Who asks or answers shows that the other must have been sending too; media alone may be of one who spoke to nobody.
 */
static void test_only_sender(void)
{
    for (doing one = SILENT; one <= MEDIA; one++) {
        for (doing other = SILENT; other <= MEDIA; other++) {
            for (int end = 0; end < 2; end++) {
                desk_t d = desk(NULL);
                wr_flow *f = flow_of(&d), *idle = flow_of(&d);
                const wr_endpoint *only;
                idle->end[1] = ELSEWHERE; /* tried by nobody: says nothing */
                do_it(f, end, one);
                do_it(f, 1 - end, other);
                only = wr_plain_only_sender(d.s);
                g_test_message("%d and %d, end %d", one, other, end);
                if (other == SILENT && (one == ASKS || one == ANSWERS))
                    g_assert_true(only == &f->end[end]);
                else if (one == SILENT && (other == ASKS || other == ANSWERS))
                    g_assert_true(only == &f->end[1 - end]);
                else
                    g_assert_null(only);
                f->relayed = true; /* who is behind it does not show */
                g_assert_null(wr_plain_only_sender(d.s));
                desk_end(&d);
            }
        }
    }
}

static void test_only_sender_of_several(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool same_host = (i & 1) != 0;
        const int end = (int)(i / 2);
        desk_t d = desk(NULL);
        wr_flow *f = flow_of(&d), *g = flow_of(&d);

        do_it(f, end, ASKS);
        g->end[0] = at(ALICE, 5999);
        do_it(g, same_host ? end : 1 - end, ASKS);
        g_assert_true((wr_plain_only_sender(d.s) != NULL) == same_host);
        desk_end(&d);
    }
}

/* ---- keys ---- */

static bool has_exporter, has_master;

static bool find(const uint8_t client_random[WR_KEY_LOG_RANDOM], wr_secret_kind kind, wr_secret *out)
{
    (void)out;
    g_assert_cmpint(client_random[0], ==, 0x77);
    return kind == WR_SECRET_EXPORTER ? has_exporter : has_master;
}

static const wr_key_log_counts *count(const char **name)
{
    static const wr_key_log_counts some;

    (void)name;
    return &some;
}

static const wr_key_log_counts *count_none(const char **name)
{
    (void)name;
    return NULL;
}

/* Whether a key log was given, and has the keys of this handshake: by the label of its version (RFC 8446 7.5). */
static void test_keys(void)
{
    for (unsigned i = 0; i < 64; i++) {
        const bool is_13 = (i & 1) != 0, random = (i & 2) != 0, search = (i & 4) != 0;
        const bool exporter = (i & 8) != 0, given = (i & 16) != 0, counted = (i & 32) != 0;
        const wr_options o = {.find_secret = search ? find : NULL,
                              .keys_given = given,
                              .key_log_counts = counted ? count
                                                : given ? NULL
                                                        : count_none};
        desk_t d = desk(&o);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_ENCRYPTED);
        const bool has = random && search && is_13 == exporter;

        has_exporter = exporter;
        has_master = !exporter;
        a->version = is_13 ? WR_DTLS_1_3 : WR_DTLS_1_2;
        a->has_client_random = random;
        a->client_random[0] = 0x77;
        g_test_message("case %u", i);
        g_assert_cmpint(wr_plain_keys_of(d.c.e, a), ==,
                        has                ? WR_KEYS_NOT_USED
                        : given || counted ? WR_KEYS_OF_OTHERS
                                           : WR_KEYS_NONE_GIVEN);
        a->srtp = (struct wr_media_proof *)&d; /* keys that are used for its media */
        g_assert_cmpint(wr_plain_keys_of(d.c.e, a), ==, WR_KEYS_NOT_USED);
        a->srtp = NULL;
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ends/names", test_names);
    g_test_add_func("/ends/party", test_party);
    g_test_add_func("/ends/between", test_between);
    g_test_add_func("/ends/between_for_each", test_between_for_each);
    g_test_add_func("/ends/traffic", test_traffic);
    g_test_add_func("/ends/data", test_data);
    g_test_add_func("/ends/traffic_alone", test_traffic_alone);
    g_test_add_func("/ends/only_sender", test_only_sender);
    g_test_add_func("/ends/only_sender_of_several", test_only_sender_of_several);
    g_test_add_func("/ends/keys", test_keys);
    return g_test_run();
}
