/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings are told once for each call and stay within a bound; what was put near the tap is noted once; bounds that a
 * call's evidence reached are named in its record, each once.
 */
#include "records_build.h"

#include "records/bounds.h"
#include "records/call_limits.h"
#include "records/finding.h"
#include "records/injection.h"
#include "records/store.h"

static wr_finding *tell(desk_t *d, const wr_session *s, const char *check, uint32_t frame, uint32_t other,
                        const char *what)
{
    return wr_finding_once(d->c.e, s, check, WR_WARN, frame, other, NULL, "a basis", "%s", what);
}

/* ---- findings ---- */

/* The same of one call once, with each frame it was found at; another check, text, or call is another. */
static void test_once(void)
{
    desk_t d = desk_begin(NULL);
    wr_session other = {.number = 2};
    wr_finding *f = tell(&d, d.s, "SDP-01", 10, 12, "one"), *same;
    const GPtrArray *all = wr_engine_findings(d.c.e);

    g_assert_nonnull(f);
    g_assert_cmpuint(f->session, ==, 1);
    g_assert_cmpuint(f->other_frame, ==, 12);
    g_assert_cmpstr(f->basis, ==, "a basis");
    g_assert_nonnull(tell(&d, d.s, "SDP-02", 11, 0, "one"));
    g_assert_nonnull(tell(&d, d.s, "SDP-01", 11, 11, "two"));
    g_assert_null(tell(&d, d.s, "SDP-01", 20, 0, "one"));
    g_assert_cmpuint(all->len, ==, 3);
    same = g_ptr_array_index(all, 2);
    g_assert_cmpuint(same->other_frame, ==, 0); /* no second frame: it is the same */
    for (uint32_t frame = 9; frame < 22; frame++)
        g_assert_true(wr_finding_is_at(f, frame) == (frame == 10 || frame == 20));
    g_assert_nonnull(tell(&d, &other, "SDP-01", 30, 0, "one"));
    g_assert_nonnull(tell(&d, NULL, "SDP-01", 31, 0, "one"));
    g_assert_null(tell(&d, NULL, "SDP-01", 32, 0, "one"));
    g_assert_cmpuint(all->len, ==, 5);
    g_assert_cmpuint(((wr_finding *)g_ptr_array_index(all, 4))->session, ==, 0);
    desk_end(&d);
}

/* Of one check in one call there are so many, and the bound is named when one more would come. */
static void test_bound_of_one_check(void)
{
    desk_t d = desk_begin(NULL);
    wr_session other = {.number = 2};

    for (unsigned i = 0; i <= WR_MAX_FINDINGS_OF_CHECK; i++) {
        char *text = g_strdup_printf("number %u", i);
        const bool room = i < WR_MAX_FINDINGS_OF_CHECK;
        g_assert_true((tell(&d, d.s, "SIG-01", 1, 0, text) != NULL) == room);
        g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, room ? 0 : 1);
        g_assert_true(tell(&d, d.s, i % 2 == 0 ? "SIG-02" : "SIG-03", 1, 0, text) != NULL);
        g_free(text);
    }
    g_assert_nonnull(tell(&d, &other, "SIG-01", 1, 0, "number 99"));
    desk_end(&d);
}

/* Frames that one is found at again are bounded, too. */
static void test_bound_of_frames(void)
{
    desk_t d = desk_begin(NULL);
    wr_finding *f = tell(&d, d.s, "ICE-01", 1, 0, "it");

    for (uint32_t frame = 2; frame < 2 * WR_MAX_FINDING_AGAIN; frame++)
        g_assert_null(tell(&d, d.s, "ICE-01", frame, 0, "it"));
    g_assert_true(wr_finding_is_at(f, 1) && wr_finding_is_at(f, 2));
    g_assert_true(wr_finding_is_at(f, WR_MAX_FINDING_AGAIN + 1));
    g_assert_false(wr_finding_is_at(f, WR_MAX_FINDING_AGAIN + 2));
    desk_end(&d);
}

/* By frame all are found; a lowered one says why. */
static void test_at_frames(void)
{
    desk_t d = desk_begin(NULL);
    wr_finding *f = tell(&d, d.s, "ICE-01", 7, 0, "This is so");

    tell(&d, d.s, "ICE-02", 7, 0, "And this");
    tell(&d, d.s, "ICE-02", 8, 0, "Not here");
    g_assert_cmpuint(wr_engine_findings_at(d.c.e, 7)->len, ==, 2);
    g_assert_cmpuint(wr_engine_findings_at(d.c.e, 8)->len, ==, 1);
    g_assert_null(wr_engine_findings_at(d.c.e, 9));
    wr_finding_lower(f, "One of %d said it", 2);
    g_assert_cmpint(f->severity, ==, WR_NOTE);
    g_assert_cmpstr(f->message, ==, "This is so. One of 2 said it");
    desk_end(&d);
}

/* ---- what was put near the tap ---- */

/* Once for each frame, kind, and what it contradicts; of bytes sent twice, once for each frame. */
static void test_injections(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED), *b = handshake_of(&d, NULL, WR_A_VERIFIED);
    wr_copy *x = told(&d, false, false, NULL, NULL), *y = told(&d, true, false, NULL, NULL);
    const GArray *all = d.c.e->injections;
    const unsigned before = all->len;
    wr_remark r = {.at = {.frame = 70}, .other_frame = 69, .ttl = 1, .other_ttl = 2, .usual_ttl = 3};

    for (int again = 0; again < 2; again++) {
        wr_injection_add(d.c.e, WR_INJECTED_MESSAGE, 50, 40, a, NULL);
        wr_injection_add(d.c.e, WR_INJECTED_MESSAGE, 50, 40, b, NULL);
        wr_injection_add(d.c.e, WR_INJECTED_MESSAGE, 51, 40, a, NULL);
        wr_injection_add(d.c.e, WR_INJECTED_RECORD, 50, 40, a, NULL);
        wr_injection_add(d.c.e, WR_INJECTED_COPY, 60, 0, NULL, x);
        wr_injection_add(d.c.e, WR_INJECTED_COPY, 60, 0, NULL, y);
        wr_injection_add_bytes(d.c.e, &r, x);
        wr_injection_add_bytes(d.c.e, &r, y); /* the same segment */
    }
    g_assert_cmpuint(all->len - before, ==, 7);
    g_assert_cmpuint(g_array_index(all, wr_injection, all->len - 1).usual_ttl, ==, 3);
    desk_end(&d);
}

static void test_bound_of_injections(void)
{
    desk_t d = desk_begin(NULL);

    for (uint32_t i = 0; i < WR_MAX_INJECTIONS; i++)
        wr_injection_add(d.c.e, WR_INJECTED_RECORD, 100 + i, 0, NULL, NULL);
    g_assert_cmpuint(d.c.e->injections->len, ==, WR_MAX_INJECTIONS);
    g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, 0);
    wr_injection_add(d.c.e, WR_INJECTED_RECORD, 99, 0, NULL, NULL);
    g_assert_cmpuint(d.c.e->injections->len, ==, WR_MAX_INJECTIONS);
    g_assert_cmpuint(wr_engine_limits_reached(d.c.e)->len, ==, 1);
    desk_end(&d);
}

/* ---- bounds that a call reached ---- */

/* A flow's, by its association; a description's; and none of another call. */
static void test_limits_of_a_call(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), far = offer_text();
    const way_t elsewhere = {
        .client = "198.51.100.4", .connection = 3, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_OFFER};
    const char *out[WR_MAX_CALL_LIMITS];
    shake_t k = shake_of(0x10);
    wr_association *a;
    wr_copy *mine, *other;

    mine = say(&c, OFFERED, &o);
    far.session_id = "990099";
    far.ufrag = "ZZZZ";
    far.pwd = "passwordsofsomebodyelse";
    other = say(&c, elsewhere, &far);
    a = ordinary(&c, &k);
    wr_engine_evaluate(c.e);
    g_assert_cmpuint(wr_engine_sessions(c.e)->len, ==, 2);
    for (unsigned i = 0; i < 2; i++) {
        const wr_session *s = g_ptr_array_index(wr_engine_sessions(c.e), i);
        g_assert_cmpuint(wr_session_limits(c.e, s, out), ==, 0);
    }
    for (int again = 0; again < 3; again++) {
        wr_limit_of_flow(c.e, "one", a->flow);
        wr_limit_of_copy(c.e, "two", mine);
        wr_limit_of_copy(c.e, "one", mine);
        wr_limit_of_copy(c.e, "three", other);
    }
    g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, 3);
    for (unsigned i = 0; i < 2; i++) {
        const wr_session *s = g_ptr_array_index(wr_engine_sessions(c.e), i);
        const unsigned n = wr_session_limits(c.e, s, out);
        if (s->number == wr_copy_session_number(c.e, mine)) {
            g_assert_cmpuint(n, ==, 2);
            g_assert_cmpstr(out[0], ==, "one");
            g_assert_cmpstr(out[1], ==, "two");
        } else {
            g_assert_cmpuint(n, ==, 1);
            g_assert_cmpstr(out[0], ==, "three");
        }
    }
    call_end(&c);
}

/* A flood reaches one bound again and again: it fills no list, and the bounds of others are still told. */
static void test_limits_in_a_flood(void)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    wr_copy *mine = say(&c, OFFERED, &o);
    const char *out[WR_MAX_CALL_LIMITS];
    const wr_session *s;

    wr_engine_evaluate(c.e);
    s = g_ptr_array_index(wr_engine_sessions(c.e), 0);
    for (unsigned i = 0; i < 5000; i++)
        wr_limit_of_copy(c.e, "flood", mine);
    wr_limit_of_copy(c.e, "late", mine);
    g_assert_cmpuint(wr_session_limits(c.e, s, out), ==, 2);
    g_assert_cmpstr(out[1], ==, "late");
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        wr_limit_of_copy(c.e, names[i], mine);
    g_assert_cmpuint(wr_session_limits(c.e, s, out), ==, WR_MAX_CALL_LIMITS);
    g_assert_cmpstr(out[WR_MAX_CALL_LIMITS - 1], ==, "f");
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/findings/once", test_once);
    g_test_add_func("/findings/bound_of_one_check", test_bound_of_one_check);
    g_test_add_func("/findings/bound_of_frames", test_bound_of_frames);
    g_test_add_func("/findings/at_frames", test_at_frames);
    g_test_add_func("/findings/injections", test_injections);
    g_test_add_func("/findings/bound_of_injections", test_bound_of_injections);
    g_test_add_func("/findings/limits_of_a_call", test_limits_of_a_call);
    g_test_add_func("/findings/limits_in_a_flood", test_limits_in_a_flood);
    return g_test_run();
}
