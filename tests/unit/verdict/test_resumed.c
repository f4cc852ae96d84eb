/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session that is resumed stands on the certificates of the handshake that it was made by: where they contradict what
 * is announced now, it does; what agrees proves nothing (RFC 5246 7.3, RFC 5077).
 */
#include "records_build.h"

typedef struct {
    desk_t d;
    wr_association *o, *p, *a; /* the first, another one, and the one that resumes */
} again_t;

/* Alice announces her certificate, and Mallory's was shown in the first handshake for her. */
static void lay(again_t *x)
{
    x->d = desk_begin(NULL);
    x->o = handshake_of(&x->d, NULL, WR_A_VERIFIED);
    x->p = handshake_of(&x->d, NULL, WR_A_VERIFIED);
    x->a = agreed_on(&x->d, x->d.fingerprint[ALICE_HAS], x->d.fingerprint[BOB_HAS]);
    for (unsigned i = 0; i < 3; i++)
        g_ptr_array_add(x->d.c.e->associations, g_ptr_array_index(x->d.s->associations, i));
    shows(&x->d, x->o, 1, MALLORY_HAS);
    shows(&x->d, x->o, 0, BOB_HAS);
    x->o->issued_id = x->a->session_id = 77;
    x->a->session_echo = true;
    x->a->side[1].ccs_frame = 9;
}

static void end(again_t *x)
{
    for (unsigned i = 3; i > 0; i--)
        g_ptr_array_steal_index(x->d.c.e->associations, i - 1);
    desk_end(&x->d);
}

enum {
    PLAIN,
    BY_TICKET,
    OTHER_TICKET,
    AT_ONE_TIME,
    FIRST_NOT_ENDED,
    NOT_ENDED,
    FIRST_BARE,
    FIRST_PROVEN,
    FIRST_WRONG_SIGNATURE,
    CLIENTS_CONTESTED,
    SERVERS_CONTESTED,
    OTHER_HOSTS,
    ONE_HOST_TURNED,
    SERVERS_HOST,
    AGREES,
    CLIENT_CONTRADICTS,
    NO_SERVER_CERTIFICATE,
    RESUMED_ITSELF,
    TWO_ALIKE,
    TWO_THAT_DIFFER,
    TWO_OF_WHICH_ONE_LACKS,
    CASES
};

static void make(again_t *x, int which)
{
    wr_association *o = x->o, *p = x->p, *a = x->a;

    if (which == BY_TICKET || which == OTHER_TICKET) {
        o->issued_id = 0;
        wr_hello_facts_of(a)->presented_ticket = 7;
        wr_hello_facts_of(o)->given_ticket = which == BY_TICKET ? 7 : 8;
    }
    if (which == AT_ONE_TIME)
        o->first_us = a->first_us;
    if (which == FIRST_NOT_ENDED || which == NOT_ENDED)
        (which == NOT_ENDED ? a : o)->side[0].finished_frame = 0;
    if (which == FIRST_BARE || which == FIRST_PROVEN)
        o->standing = which == FIRST_BARE ? WR_BARE : WR_PROVEN;
    if (which == FIRST_WRONG_SIGNATURE)
        o->possession[1] = WR_POSSESSION_INVALID;
    o->side[0].presented.contested = which == CLIENTS_CONTESTED;
    o->side[1].presented.contested = which == SERVERS_CONTESTED;
    if (which == OTHER_HOSTS || which == ONE_HOST_TURNED || which == SERVERS_HOST) {
        o->side[0].end = which == ONE_HOST_TURNED ? ALICES : at("198.51.100.1", 1);
        o->side[1].end = which == SERVERS_HOST ? ALICES : at("198.51.100.2", 2);
    }
    if (which == AGREES || which == CLIENT_CONTRADICTS) {
        g_clear_pointer(&o->side[1].presented.certificate, wr_certificate_unref);
        shows(&x->d, o, 1, ALICE_HAS);
    }
    if (which == CLIENT_CONTRADICTS) {
        g_clear_pointer(&o->side[0].presented.certificate, wr_certificate_unref);
        shows(&x->d, o, 0, CAROL_HAS);
    }
    if (which == NO_SERVER_CERTIFICATE)
        g_clear_pointer(&o->side[1].presented.certificate, wr_certificate_unref);
    if (which == RESUMED_ITSELF) { /* p, which goes back to o, gave the new id */
        p->resumes = o;
        p->issued_id = 77;
        o->issued_id = 76;
    }
    if (which >= TWO_ALIKE) {
        p->issued_id = 77;
        shows(&x->d, p, 1, which == TWO_THAT_DIFFER ? CAROL_HAS : MALLORY_HAS);
        if (which != TWO_OF_WHICH_ONE_LACKS)
            shows(&x->d, p, 0, BOB_HAS);
    }
}

static void test_contradicts(void)
{
    for (int which = PLAIN; which < CASES; which++) {
        const bool unlinked = which == OTHER_TICKET || which == NO_SERVER_CERTIFICATE;
        const bool contradicts = which == PLAIN || which == BY_TICKET || which == AT_ONE_TIME ||
                                 which == FIRST_PROVEN || which == ONE_HOST_TURNED || which == SERVERS_HOST ||
                                 which == CLIENT_CONTRADICTS || which == RESUMED_ITSELF || which == TWO_ALIKE ||
                                 which == TWO_OF_WHICH_ONE_LACKS;
        const int side = which == CLIENT_CONTRADICTS ? 0 : 1;
        again_t x;

        lay(&x);
        make(&x, which);
        wr_engine_evaluate_association(x.d.c.e, x.a);
        g_test_message("case %d", which);
        g_assert_cmpint(x.a->verdict, ==,
                        unlinked      ? WR_A_RESUMED_UNLINKED
                        : contradicts ? WR_A_MISMATCH
                                      : WR_A_RESUMED_LINKED);
        if (!unlinked)
            g_assert_true(x.a->resumes == (which >= TWO_ALIKE ? x.p : x.o));
        g_assert_true(x.a->side[side].presented.other ==
                      (contradicts ? x.d.certificate[side == 0 ? CAROL_HAS : MALLORY_HAS] : NULL));
        g_assert_cmpuint(x.a->side[side].presented.frame_other, ==,
                         !contradicts         ? 0
                         : which >= TWO_ALIKE ? x.p->side[1].presented.frame
                                              : x.o->side[side].presented.frame);
        g_assert_null(x.a->side[1 - side].presented.other);
        end(&x);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/resumed/contradicts", test_contradicts);
    return g_test_run();
}
