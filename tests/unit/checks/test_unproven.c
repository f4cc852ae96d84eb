/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a description accuses a call of is a note where anybody can have put it beside the true one (rules 2.10). */
#include "handshake_build.h"

#define KEY_LINE "k=clear:secret\r\n" /* SIG-06, an error in whatever description */

/* Alice's offer once more, with a key line, said this way. */
static void say_changed(call_t *c, way_t w)
{
    text_t o = offer_text();

    o.session_lines = KEY_LINE;
    say(c, w, &o);
}

static way_t by(const char *client, unsigned connection, wr_carrier carrier)
{
    way_t w = OFFERED;

    w.client = client;
    w.connection = connection;
    w.carrier = carrier;
    return w;
}

static int severity_of_keys(call_t *c)
{
    const wr_finding *f = the_finding(c, "SIG-06");

    return f != NULL ? (int)f->severity : -1;
}

/* An offer of its own besides the call's, on some connection. */
static int beside(bool tied, way_t w)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);
    int severity;

    if (tied)
        ordinary(&c, &k);
    else
        agree(&c);
    say_changed(&c, w);
    severity = severity_of_keys(&c);
    call_end(&c);
    return severity;
}

static void test_beside_the_true_one(void)
{
    way_t elsewhere = by(ALICE, 1, WR_CARRIER_WEBSOCKET);

    elsewhere.point = 1;
    for (int tied = 0; tied < 2; tied++) {
        g_assert_cmpint(beside(tied, by(ALICE, 7, WR_CARRIER_WEBSOCKET)), ==, WR_NOTE);
        g_assert_cmpint(beside(tied, by(ALICE, 7, WR_CARRIER_HTTP)), ==, WR_NOTE);
        g_assert_cmpint(beside(tied, by("198.51.100.3", 9, WR_CARRIER_WEBSOCKET)), ==, tied ? WR_NOTE : WR_ERROR);
        g_assert_cmpint(beside(tied, elsewhere), ==, WR_ERROR); /* two points of one connection */
    }
    g_assert_cmpint(beside(true, by(ALICE, 1, WR_CARRIER_WEBSOCKET)), ==, WR_NOTE); /* one version in two forms */
}

/* What all of a party's connections say is no claim. */
static void test_said_on_both(void)
{
    call_t c = call_begin(NULL);
    text_t a = answer_text();

    say_changed(&c, OFFERED);
    say(&c, ANSWERED, &a);
    g_assert_cmpint(severity_of_keys(&c), ==, WR_ERROR);
    say_changed(&c, by(ALICE, 7, WR_CARRIER_WEBSOCKET));
    g_assert_cmpint(severity_of_keys(&c), ==, WR_ERROR);
    call_end(&c);
}

/* A call whose checks name Bob; an answer by somebody else, on a connection of its own or on that of the offer. */
static int answered_by_another(unsigned connection, bool checked)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    way_t w = ANSWERED;
    int severity;

    say(&c, OFFERED, &o);
    if (checked) {
        connect_ends(&c);
        hellos(&c, 3);
    }
    w.connection = connection;
    if (connection != 1)
        say(&c, by(ALICE, connection, WR_CARRIER_WEBSOCKET), &o);
    a.ufrag = "CCCC";
    a.pwd = "carolcarolcarolcarol22";
    a.session_lines = KEY_LINE;
    say(&c, w, &a);
    severity = severity_of_keys(&c);
    call_end(&c);
    return severity;
}

static void test_borne_out_by_no_check(void)
{
    g_assert_cmpint(answered_by_another(1, false), ==, WR_ERROR);
    g_assert_cmpint(answered_by_another(1, true), ==, WR_ERROR); /* with the offer that checks bear out */
}

/* The second frame of a finding can be the false one. */
static void test_the_other_frame(void)
{
    for (int invented = 0; invented < 2; invented++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        way_t w = ANSWERED;
        if (invented)
            agree(&c);
        o.setup = "active";
        w.connection = invented ? 7 : 1;
        say(&c, by(ALICE, w.connection, WR_CARRIER_WEBSOCKET), &o);
        say(&c, w, &a); /* "active" as well */
        g_assert_cmpuint(found(&c, "SDP-06", WR_ERROR), ==, !invented);
        g_assert_cmpuint(found(&c, "SDP-06", WR_NOTE), ==, invented);
        call_end(&c);
    }
}

static void test_says_why(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    ordinary(&c, &k);
    say_changed(&c, by(ALICE, 7, WR_CARRIER_WEBSOCKET));
    g_assert_nonnull(strstr(the_finding(&c, "SIG-06")->message, "nothing proves that the one in frame"));
    call_end(&c);
}

/* Both legs are seen, and on a connection from Bob's comes what is Alice's: at his end, in the place of his own. What
 * he is told of it counts. */
static void test_at_the_other_end(void)
{
    for (int told = 0; told < 2; told++) {
        call_t c = call_begin(NULL);
        text_t o = offer_text(), a = answer_text();
        shake_t k = shake_of(10);
        way_t w = by(BOB, 2, WR_CARRIER_HTTP), answered = w, bobs = by(BOB, 9, WR_CARRIER_HTTP);
        w.direction = WR_DIRECTION_DELIVERED;
        answered.kind = WR_KIND_ANSWER;
        bobs.direction = told ? WR_DIRECTION_DELIVERED : WR_DIRECTION_EMITTED;
        say(&c, OFFERED, &o);
        if (told)
            say_changed(&c, bobs);
        else
            say(&c, w, &o);
        say(&c, answered, &a);
        say(&c, ANSWERED, &a);
        connect_ends(&c);
        shake(&c, &k);
        if (!told)
            say_changed(&c, bobs);
        g_assert_cmpint(severity_of_keys(&c), ==, told ? WR_ERROR : WR_NOTE);
        if (!told)
            g_assert_nonnull(strstr(the_finding(&c, "SIG-06")->message, "at the other's end in its place"));
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/unproven/beside-the-true-one", test_beside_the_true_one);
    g_test_add_func("/checks/unproven/said-on-both", test_said_on_both);
    g_test_add_func("/checks/unproven/borne-out-by-no-check", test_borne_out_by_no_check);
    g_test_add_func("/checks/unproven/the-other-frame", test_the_other_frame);
    g_test_add_func("/checks/unproven/says-why", test_says_why);
    g_test_add_func("/checks/unproven/at-the-other-end", test_at_the_other_end);
    return g_test_run();
}
