/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the page and the window show of a call whose answer was changed on its way. */
#include "real_call.h"
#include "report/check_words.h"
#include "report/deciding.h"
#include "report/ladder.h"
#include "report/origin.h"

#include <string.h>

/* The frame in which tell_both() brought the answer to Alice. */
enum { DELIVERED = 4 };

/* A real handshake; Bob's answer had this fingerprint, and Alice got that one. */
static real_t call_of(const char *issued, const char *delivered, bool shaken)
{
    real_t r = real_begin(NULL);

    tell_both(&r.c, true, fingerprint_shown(false), fingerprint_shown(false), NULL);
    tell_both(&r.c, false, issued, delivered, NULL);
    connect_ends(&r.c);
    for (unsigned i = 0; shaken && i < DATAGRAMS; i++)
        real_part(&r, i);
    wr_engine_evaluate(r.c.e);
    return r;
}

/* Another line was added to Bob's answer, and the certificate that it announces is shown. */
static real_t intercepted(void)
{
    char *both = g_strdup_printf("%s\r\na=fingerprint:%s", sha256_of(0x5A), fingerprint_shown(true));
    real_t r = call_of(sha256_of(0x5A), both, true);

    g_free(both);
    return r;
}

static const wr_session *only_session(real_t *r)
{
    g_assert_cmpuint(wr_engine_sessions(r->c.e)->len, ==, 1);
    return g_ptr_array_index(wr_engine_sessions(r->c.e), 0);
}

static void gather(const char *line, void *data)
{
    g_string_append(data, line);
}

static GString *page_of(real_t *r)
{
    GString *out = g_string_new(NULL);
    wr_report_origin *o = wr_report_origin_new();

    o->plugin_version = g_strdup("1");
    o->wireshark_version = g_strdup("4");
    wr_report_html(r->c.e, NULL, o, gather, out);
    wr_report_origin_free(o);
    return out;
}

/* The certificate came from Bob's own host: nothing says that anybody else was there. */
static void a_party_is_no_third_party(void)
{
    real_t r = intercepted();
    GString *page = page_of(&r);

    g_assert_cmpint(only_session(&r)->verdict, ==, WR_S_INTERCEPTED);
    g_assert_null(strstr(page->str, ">third party</text>"));
    g_assert_nonnull(strstr(page->str, "Alarms, the worst first"));
    g_assert_null(strstr(page->str, "Other calls"));
    g_string_free(page, TRUE);
    real_end(&r);
}

static void nobody_is_marked_in_a_call_as_it_should_be(void)
{
    real_t r = call_of(fingerprint_shown(true), fingerprint_shown(true), true);
    GString *page = page_of(&r);

    g_assert_cmpint(only_session(&r)->verdict, ==, WR_S_VERIFIED_CROSS);
    g_assert_null(strstr(page->str, "third party</text>"));
    g_assert_null(strstr(page->str, "encryption ends here</text>"));
    g_assert_null(strstr(page->str, "Alarms, the worst first"));
    g_string_free(page, TRUE);
    real_end(&r);
}

static void the_deciding_frame_of_an_interception_is_that_of_the_certificate(void)
{
    real_t r = intercepted();
    const wr_session *s = only_session(&r);
    const wr_association *a = g_ptr_array_index(s->associations, 0);

    g_assert_cmpuint(wr_report_deciding_frame(r.c.e, s), ==, a->side[0].presented.frame);
    real_end(&r);
}

static void the_deciding_frame_without_a_handshake_is_where_the_change_was_seen(void)
{
    real_t r = call_of(sha256_of(0x5A), fingerprint_shown(true), false);
    const wr_session *s = only_session(&r);

    g_assert_cmpint(s->verdict, ==, WR_S_SUBSTITUTED_IN_SIGNALLING);
    g_assert_cmpuint(wr_report_deciding_frame(r.c.e, s), ==, DELIVERED);
    real_end(&r);
}

static void the_deciding_frame_of_a_clean_call_is_where_its_handshake_was_judged(void)
{
    real_t r = call_of(fingerprint_shown(true), fingerprint_shown(true), true);
    const wr_session *s = only_session(&r);

    g_assert_cmpuint(wr_report_deciding_frame(r.c.e, s), ==, wr_ladder_decided(g_ptr_array_index(s->associations, 0)));
    real_end(&r);
}

static void every_check_has_its_words(void)
{
    size_t n;
    const wr_check_words *all = wr_check_words_all(&n);

    for (size_t i = 0; i < n; i++) {
        g_assert_true(wr_check_words_of(all[i].check) == &all[i]);
        g_assert_cmpuint(all[i].severities, !=, 0);
        g_assert_cmpuint(all[i].severities, <, 1u << (WR_ERROR + 1));
        if (i > 0)
            g_assert_cmpstr(all[i - 1].check, <, all[i].check);
    }
    g_assert_null(wr_check_words_of("SIG-99"));
}

/* What was found is foreseen: Wireshark's expert infos have a field for it. */
static void findings_have_severities_that_the_words_foresee(void)
{
    real_t r = intercepted();
    const GPtrArray *all = wr_engine_findings(r.c.e);

    g_assert_cmpuint(all->len, >, 2);
    for (unsigned i = 0; i < all->len; i++) {
        const wr_finding *f = g_ptr_array_index(all, i);
        g_assert_nonnull(wr_check_words_of(f->check));
        g_assert_cmpuint(wr_check_words_of(f->check)->severities & 1u << f->severity, !=, 0);
    }
    real_end(&r);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/interception/party", a_party_is_no_third_party);
    g_test_add_func("/interception/nobody-marked", nobody_is_marked_in_a_call_as_it_should_be);
    g_test_add_func("/interception/deciding", the_deciding_frame_of_an_interception_is_that_of_the_certificate);
    g_test_add_func("/interception/deciding-signalling",
                    the_deciding_frame_without_a_handshake_is_where_the_change_was_seen);
    g_test_add_func("/interception/deciding-clean",
                    the_deciding_frame_of_a_clean_call_is_where_its_handshake_was_judged);
    g_test_add_func("/check-words/all", every_check_has_its_words);
    g_test_add_func("/check-words/foreseen", findings_have_severities_that_the_words_foresee);
    return g_test_run();
}
