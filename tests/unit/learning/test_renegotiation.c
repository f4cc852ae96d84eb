/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of a second handshake inside an association: only behind a whole one, and not where a party goes on under the
 * keys that it had (RFC 6347 4.1).
 */
#include "learn.h"
#include "records_build.h"

static void record(desk_t *d, wr_association *a, int side, wr_dtls_kind kind, unsigned epoch, int64_t us)
{
    wr_dtls_event v = event_of(kind, 0);
    wr_dtls_evidence e;

    memset(&e, 0, sizeof e);
    v.epoch = (uint16_t)epoch;
    e.at = next(&d->c, 1, ALICES, BOBS);
    e.at.time_us = us;
    e.event = &v;
    wr_renegotiation_record(a, &a->side[side], &e);
}

static const wr_renegotiation *again(const wr_association *a, int side)
{
    return a->side[side].facts != NULL ? a->side[side].facts->again : NULL;
}

/* Both switch, and both send under the next keys. */
static void test_switch(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);

    for (int side = 0; side < 2; side++) {
        record(&d, a, side, WR_DTLS_CHANGE_CIPHER_SPEC, 1, 100);
        record(&d, a, side, WR_DTLS_CHANGE_CIPHER_SPEC, 1, 200); /* sent again */
        g_assert_false(wr_facts_renegotiated(a));
        record(&d, a, side, WR_DTLS_ENCRYPTED_HANDSHAKE, 2, 300);
        record(&d, a, side, WR_DTLS_APPLICATION_DATA, 3, 400);
        record(&d, a, side, WR_DTLS_APPLICATION_DATA, 2, 500); /* a straggler */
        g_assert_cmpuint(again(a, side)->switch_frame, ==, 5 * (uint32_t)side + 1);
        g_assert_cmpint(again(a, side)->switch_us, ==, 100);
        g_assert_cmpuint(again(a, side)->epoch_frame, ==, 5 * (uint32_t)side + 3);
        g_assert_cmpuint(again(a, side)->epoch, ==, 3);
    }
    g_assert_true(wr_facts_renegotiated(a));
    desk_end(&d);
}

enum { TAKEN, BY_ALERT, NOT_WHOLE, OF_13, IN_CLEAR, OTHER_KIND, CASES };

/* What is no sign of one. */
static void test_none(void)
{
    for (int which = TAKEN; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);

        if (which == NOT_WHOLE)
            a->side[0].finished_frame = 0;
        if (which == OF_13)
            a->version = WR_DTLS_1_3;
        record(&d, a, 1,
               which == BY_ALERT     ? WR_DTLS_ENCRYPTED_ALERT
               : which == OTHER_KIND ? WR_DTLS_CLIENT_HELLO
                                     : WR_DTLS_ENCRYPTED_HANDSHAKE,
               which == IN_CLEAR ? 0 : 2, 100);
        g_test_message("case %d", which);
        g_assert_true((again(a, 1) != NULL) == (which == TAKEN || which == BY_ALERT));
        g_assert_null(again(a, 0));
        desk_end(&d);
    }
}

/* Data under the keys before, well behind the switch: who sends it did not switch. */
static void test_stays(void)
{
    static const struct {
        wr_dtls_kind kind;
        unsigned epoch;
        int64_t after;
        bool switched, stays;
    } rows[] = {
        {WR_DTLS_APPLICATION_DATA, 1, 2 * S + 1, true, true},  {WR_DTLS_APPLICATION_DATA, 1, 2 * S, true, false},
        {WR_DTLS_APPLICATION_DATA, 1, 60 * S, false, false},   {WR_DTLS_APPLICATION_DATA, 2, 60 * S, true, false},
        {WR_DTLS_ENCRYPTED_HANDSHAKE, 1, 60 * S, true, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        const int64_t then = d.c.us;
        uint32_t frame;

        if (rows[i].switched)
            record(&d, a, 0, WR_DTLS_CHANGE_CIPHER_SPEC, 1, then);
        record(&d, a, 0, WR_DTLS_ENCRYPTED_HANDSHAKE, 2, then);
        record(&d, a, 0, rows[i].kind, rows[i].epoch, then + rows[i].after);
        frame = d.c.frame;
        record(&d, a, 0, rows[i].kind, rows[i].epoch, then + rows[i].after + 1);
        g_test_message("case %zu", i);
        if (rows[i].after == 2 * S) /* the second comes late enough */
            g_assert_cmpuint(again(a, 0)->stays_frame, ==, frame + 1);
        else
            g_assert_cmpuint(again(a, 0)->stays_frame, ==, rows[i].stays ? frame : 0);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/renegotiation/switch", test_switch);
    g_test_add_func("/renegotiation/none", test_none);
    g_test_add_func("/renegotiation/stays", test_stays);
    return g_test_run();
}
