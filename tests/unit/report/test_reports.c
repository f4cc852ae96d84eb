/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The HTML page, SARIF, and the ladder, of a call whose names were chosen to break them. */
#include "checks_build.h"
#include "formats/json_text.h"
#include "formats/json_write.h"
#include "report/check_words.h"
#include "report/ladder.h"
#include "report/origin.h"
#include "verdict/plain_words.h"

#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#define EVIL "</td><script>alert('x')</script>\"&\x1b[2J\xe2\x80\xae\xff"

static call_t evil_call(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    way_t up = OFFERED, down = ANSWERED;

    up.from = down.to = EVIL;
    up.to = down.from = "bob";
    up.call = down.call = EVIL;
    say(&c, up, &o);
    say(&c, down, &a);
    connect_ends(&c);
    hellos(&c, 1);
    media(&c, 100, ALICES, BOBS);
    wr_engine_evaluate(c.e);
    return c;
}

static wr_report_origin *origin(void)
{
    wr_report_origin *o = wr_report_origin_new();

    o->plugin_version = g_strdup("1.2.3");
    o->wireshark_version = g_strdup("4.0.99");
    o->capture_problem = g_strdup(EVIL);
    g_ptr_array_add(o->preferences, g_strdup(EVIL));
    return o;
}

static void gather(const char *line, void *data)
{
    g_string_append(data, line);
}

/* ---- HTML ---- */

static GString *page_of(call_t *c, GHashTable *only)
{
    GString *out = g_string_new(NULL);
    wr_report_origin *o = origin();

    wr_report_html(c->e, only, o, gather, out);
    wr_report_origin_free(o);
    return out;
}

static void a_page_runs_no_script_of_the_capture(void)
{
    call_t c = evil_call();
    GString *out = page_of(&c, NULL);

    g_assert_null(strstr(out->str, "<script"));
    g_assert_null(strchr(out->str, '\x1b'));
    g_assert_null(strstr(out->str, "\xe2\x80\xae"));
    g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
    g_assert_nonnull(strstr(out->str, "&lt;script&gt;alert(&apos;x&apos;)"));
    g_assert_nonnull(strstr(out->str, "Content-Security-Policy"));
    g_string_free(out, TRUE);
    call_end(&c);
}

/* Every element that is opened is closed, in the right order: the page would pass as XML but for its head. */
static void elements_are_closed(void)
{
    call_t c = evil_call();
    GString *out = page_of(&c, NULL);
    GMarkupParser parser = {NULL, NULL, NULL, NULL, NULL};
    GMarkupParseContext *ctx = g_markup_parse_context_new(&parser, 0, NULL, NULL);
    const char *body = strstr(out->str, "<body>");
    const char *end = strstr(out->str, "</html>");
    char **parts, *joined;
    GError *error = NULL;

    g_assert_nonnull(body);
    g_assert_nonnull(end);
    joined = g_strndup(body, (size_t)(end - body));
    parts = g_strsplit(joined, "<br>", -1); /* the one element of HTML here that has no end */
    g_free(joined);
    joined = g_strjoinv(" ", parts);
    g_assert_true(g_markup_parse_context_parse(ctx, joined, (gssize)strlen(joined), &error));
    g_assert_no_error(error);
    g_assert_true(g_markup_parse_context_end_parse(ctx, &error));
    g_markup_parse_context_free(ctx);
    g_free(joined);
    g_strfreev(parts);
    g_string_free(out, TRUE);
    call_end(&c);
}

static void a_page_shows_only_calls_asked_for(void)
{
    call_t c = evil_call();
    GHashTable *only = g_hash_table_new(g_direct_hash, g_direct_equal);
    GString *all = page_of(&c, NULL), *none = page_of(&c, only);

    g_assert_nonnull(strstr(all->str, "<section id=\"s1\">"));
    g_assert_nonnull(strstr(all->str, "<svg"));
    g_assert_null(strstr(none->str, "<section"));
    g_assert_nonnull(strstr(none->str, "No WebRTC call"));
    g_string_free(all, TRUE);
    g_string_free(none, TRUE);
    g_hash_table_destroy(only);
    call_end(&c);
}

/* ---- SARIF ---- */

static json_object *sarif_of(call_t *c, const wr_report_origin *o)
{
    GString *out = g_string_new(NULL);
    json_object *log;
    char *again;

    wr_report_sarif(c->e, NULL, o, gather, out);
    log = wr_json_read_whole((const uint8_t *)out->str, out->len, NULL);
    g_assert_nonnull(log);
    /* Were a member there twice, it would be written once. */
    again = wr_value_write(log, true);
    g_assert_true(g_str_has_prefix(out->str, again));
    g_assert_cmpuint(strlen(again) + 1, ==, out->len);
    g_free(again);
    g_string_free(out, TRUE);
    return log;
}

/* What SARIF 2.1.0 demands: 3.13 to 3.27 of the standard. */
static void sarif_has_what_the_standard_demands(void)
{
    static const char *const levels[] = {"none", "note", "warning", "error", NULL};
    call_t c = evil_call();
    wr_report_origin *o = origin();
    json_object *log = sarif_of(&c, o), *run = wr_value_element(wr_value_member(log, "runs"), 0), *rules, *results;

    g_assert_cmpstr(wr_value_string(wr_value_member(log, "version")), ==, "2.1.0");
    rules = wr_value_member(wr_value_member(wr_value_member(run, "tool"), "driver"), "rules");
    results = wr_value_member(run, "results");
    g_assert_cmpuint(wr_value_size(results), >, 1);
    for (size_t i = 0; i < wr_value_size(rules); i++) { /* 3.49: described, with a link that is an absolute URI */
        const json_object *rule = wr_value_element(rules, i);
        const char *link = wr_value_string(wr_value_member(rule, "helpUri"));
        g_assert_nonnull(wr_value_string(wr_value_member(wr_value_member(rule, "shortDescription"), "text")));
        g_assert_nonnull(wr_value_string(wr_value_member(wr_value_member(rule, "help"), "text")));
        g_assert_true(link == NULL || g_uri_is_valid(link, G_URI_FLAGS_NONE, NULL));
    }
    for (size_t i = 0; i < wr_value_size(results); i++) {
        const json_object *result = wr_value_element(results, i);
        int64_t index = wr_value_integer(wr_value_member(result, "ruleIndex"));
        const char *level = wr_value_string(wr_value_member(result, "level"));
        g_assert_cmpstr(wr_value_string(wr_value_member(wr_value_element(rules, (size_t)index), "id")), ==,
                        wr_value_string(wr_value_member(result, "ruleId")));
        g_assert_nonnull(wr_value_string(wr_value_member(wr_value_member(result, "message"), "text")));
        g_assert_true(g_strv_contains(levels, level));
        if (strcmp(level, "none") == 0) /* 3.27.10: a result that is a failure has another level */
            g_assert_true(wr_value_has(result, "kind"));
    }
    json_object_put(log);
    wr_report_origin_free(o);
    call_end(&c);
}

static void each_check_and_each_verdict_is_described(void)
{
    const wr_check_words *check = wr_check_words_of("SIG-01");
    char *link = wr_check_link(check);

    g_assert_cmpstr(link, ==, "https://www.rfc-editor.org/rfc/rfc8827#section-9.1");
    g_free(link);
    link = wr_check_link(wr_check_words_of("RTP-13"));
    g_assert_cmpstr(link, ==, "https://www.rfc-editor.org/rfc/rfc6562");
    g_free(link);
    g_assert_null(wr_check_link(wr_check_words_of("CAP-01")));
    g_assert_nonnull(wr_check_words_of("WIT-04"));
    g_assert_null(wr_check_words_of("SIG-99"));
    for (unsigned v = 0; v <= WR_S_NO_MEDIA; v++)
        g_assert_cmpstr(wr_verdict_what((wr_session_verdict)v), !=, NULL);
}

static void sarif_names_the_capture_and_its_hash(void)
{
    call_t c = evil_call();
    wr_report_origin *o = origin();
    char *name = g_strdup("/tmp/wr-test-XXXXXX");
    int fd = g_mkstemp(name);
    json_object *log, *artifact;

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, "abc", 3), ==, 3);
    close(fd);
    wr_report_origin_add_file(o->captures, name);
    log = sarif_of(&c, o);
    artifact = wr_value_element(wr_value_member(wr_value_element(wr_value_member(log, "runs"), 0), "artifacts"), 0);
    /* FIPS 180-2, B.1 */
    g_assert_cmpstr(wr_value_string(wr_value_member(wr_value_member(artifact, "hashes"), "sha-256")), ==,
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_assert_cmpint(wr_value_integer(wr_value_member(artifact, "length")), ==, 3);
    json_object_put(log);
    unlink(name);
    g_free(name);
    wr_report_origin_free(o);
    call_end(&c);
}

/* ---- the record of origin ---- */

/* A pcapng of a section, and one block of secrets, which are the text "abc" and a byte to fill up. */
static const uint8_t with_secrets[] = {
    0x0a, 0x0d, 0x0d, 0x0a, 28,   0,    0,  0, 0x4d, 0x3c, 0x2b, 0x1a, 1,  0, 0,  0, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0,    0,    10,   0,    0,  0, 24, 0, 0,    0,
    0x4b, 0x53, 0x4c, 0x54, 3,    0,    0,  0, 'a',  'b',  'c',  0,    24, 0, 0,  0,
};

static json_object *origin_of(call_t *c, const wr_report_origin *o)
{
    GString *out = g_string_new(NULL);
    json_object *first;

    wr_report_json_of(c->e, NULL, o, gather, out);
    g_assert_nonnull(strstr(out->str, "\n{\"record\":\"summary\""));
    *strchr(out->str, '\n') = '\0';
    first = wr_json_read_whole((const uint8_t *)out->str, strlen(out->str), NULL);
    g_assert_cmpstr(wr_value_string(wr_value_member(first, "record")), ==, "origin");
    g_string_free(out, TRUE);
    return first;
}

static void records_begin_with_what_they_were_made_from(void)
{
    call_t c = evil_call();
    wr_report_origin *o = origin();
    char *name = g_strdup("/tmp/wr-test-XXXXXX");
    int fd = g_mkstemp(name);
    json_object *first, *inside;

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, with_secrets, sizeof with_secrets), ==, sizeof with_secrets);
    close(fd);
    wr_report_origin_add_file(o->captures, name);
    wr_report_origin_add_embedded(o, name);
    wr_report_origin_add_file(o->key_logs, "/nonexistent/keys");
    g_ptr_array_add(o->settings, g_strdup("webrtc.oldest_versions"));
    g_ptr_array_add(o->settings, g_strdup(EVIL));
    o->command = g_strdup("tshark -q -r " EVIL);
    o->time_digits = 9;
    first = origin_of(&c, o);
    g_assert_true(g_str_has_prefix(wr_value_string(wr_value_member(first, "command")), "tshark -q -r "));
    g_assert_cmpstr(wr_value_string(wr_value_member(first, "time_resolution")), ==, "ns");
    g_assert_cmpint((int)wr_value_size(wr_value_member(first, "inputs")), ==, 3);
    inside = wr_value_element(wr_value_member(first, "inputs"), 2);
    g_assert_cmpstr(wr_value_string(wr_value_member(inside, "kind")), ==, "embedded-secrets");
    g_assert_cmpstr(wr_value_string(wr_value_member(inside, "sha256")), ==, /* FIPS 180-2, B.1 */
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    g_assert_null(wr_value_member(wr_value_element(wr_value_member(first, "inputs"), 1), "sha256"));
    g_assert_cmpstr(wr_value_string(wr_value_member(first, "plugins")), ==, "1.2.3");
    g_assert_cmpstr(wr_value_string(wr_value_member(first, "first_time")), ==, "2023-11-14T22:13:20.000000Z");
    g_assert_nonnull(wr_value_member(wr_value_member(first, "preferences"), "webrtc.oldest_versions"));
    g_assert_null(wr_value_member(first, "vantage_points")); /* of one point nothing is said */
    json_object_put(first);
    unlink(name);
    g_free(name);
    wr_report_origin_free(o);
    call_end(&c);
}

/* The same packed, with a block of 64 bytes before the secrets that is passed over. */
static void secrets_of_a_packed_capture_are_named(void)
{
    static const uint8_t other[64] = {1, 0, 0, 0, 64, 0, 0, 0};
    wr_report_origin *o = wr_report_origin_new();
    char *name = g_strdup("/tmp/wr-test-XXXXXX");
    int fd = g_mkstemp(name);
    gzFile out;

    g_assert_cmpint(fd, >=, 0);
    out = gzdopen(fd, "wb");
    g_assert_cmpint(gzwrite(out, with_secrets, 28), ==, 28);
    g_assert_cmpint(gzwrite(out, other, sizeof other), ==, sizeof other);
    g_assert_cmpint(gzwrite(out, with_secrets + 28, sizeof with_secrets - 28), ==, sizeof with_secrets - 28);
    gzclose(out);
    wr_report_origin_add_embedded(o, name);
    g_assert_cmpuint(o->embedded->len, ==, 1);
    g_assert_cmpstr(((wr_origin_file *)g_ptr_array_index(o->embedded, 0))->sha256, ==, /* FIPS 180-2, B.1 */
                    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    unlink(name);
    g_free(name);
    wr_report_origin_free(o);
}

static void a_capture_without_a_name_has_a_reason(void)
{
    call_t c = evil_call();
    wr_report_origin *o = origin();
    json_object *first = origin_of(&c, o);

    g_assert_cmpint((int)wr_value_size(wr_value_member(first, "inputs")), ==, 0);
    g_assert_nonnull(wr_value_member(first, "capture_problem"));
    g_assert_null(wr_value_member(first, "time_resolution"));
    g_assert_null(wr_value_member(first, "command"));
    json_object_put(first);
    wr_report_origin_free(o);
    call_end(&c);
}

static void a_file_that_cannot_be_read_has_a_reason(void)
{
    wr_report_origin *o = wr_report_origin_new();
    wr_origin_file *f;

    wr_report_origin_add_file(o->captures, "/nonexistent/capture.pcapng");
    f = g_ptr_array_index(o->captures, 0);
    g_assert_cmpstr(f->name, ==, "capture.pcapng");
    g_assert_null(f->sha256);
    g_assert_nonnull(f->problem);
    wr_report_origin_free(o);
}

static void the_head_has_one_line_a_fact(void)
{
    call_t c = evil_call();
    wr_report_origin *o = origin();
    GString *out = g_string_new(NULL);

    wr_report_head(c.e, o, gather, out);
    g_assert_null(strchr(out->str, '\x1b'));
    g_assert_nonnull(strstr(out->str, "2023-11-14 22:13:20.000000 UTC")); /* date -u -d @1700000000 */
    g_assert_nonnull(strstr(out->str, "WebRTC plugins 1.2.3 in Wireshark 4.0.99"));
    g_string_free(out, TRUE);
    wr_report_origin_free(o);
    call_end(&c);
}

/* ---- ladder ---- */

static void a_ladder_goes_by_frames(void)
{
    call_t c = evil_call();
    wr_ladder *l = wr_ladder_of_session(g_ptr_array_index(wr_engine_sessions(c.e), 0));
    unsigned kinds[WR_STEP_MEDIA + 1] = {0};
    uint32_t last = 0;

    for (unsigned i = 0; i < l->steps->len; i++) {
        const wr_step *s = g_ptr_array_index(l->steps, i);
        g_assert_cmpuint(s->frame, >=, last);
        g_assert_nonnull(s->label);
        g_assert_nonnull(s->comment);
        last = s->frame;
        kinds[s->kind]++;
    }
    g_assert_cmpuint(kinds[WR_STEP_SIGNALLING], ==, 2);
    g_assert_cmpuint(kinds[WR_STEP_CHECK], ==, 2);
    g_assert_cmpuint(kinds[WR_STEP_HANDSHAKE], ==, 2);
    g_assert_cmpuint(kinds[WR_STEP_MEDIA], ==, 1);
    wr_ladder_free(l);
    call_end(&c);
}

static void a_ladder_is_bounded(void)
{
    call_t c = evil_call();
    wr_ladder *l;

    for (unsigned i = 0; i < WR_MAX_STEPS + 50; i++) {
        char id[32];
        text_t o = offer_text();
        g_snprintf(id, sizeof id, "4711%06u", i);
        o.session_id = id; /* another description with the same credentials */
        say(&c, OFFERED, &o);
    }
    wr_engine_evaluate(c.e);
    l = wr_ladder_of_session(g_ptr_array_index(wr_engine_sessions(c.e), 0));
    g_assert_cmpuint(l->steps->len, ==, WR_MAX_STEPS);
    g_assert_cmpuint(l->left_out, >, 0);
    wr_ladder_free(l);
    call_end(&c);
}

/* ---- plain words ---- */

static void plain_words_are_plain_and_there_for_every_verdict(void)
{
    static const char *const terms[] = {"SDP", "ICE", "DTLS", "RFC", "certificate", "fingerprint", "handshake", "B0"};

    wr_engine *e = wr_engine_new(NULL);

    for (unsigned v = 0; v <= WR_S_NO_MEDIA; v++) {
        const wr_facts f = {.verified = 0};
        wr_session s = {.verdict = (wr_session_verdict)v, .associations = g_ptr_array_new()};
        char *plain = wr_plain_sentence(e, &s, &f);
        g_assert_true(g_str_has_suffix(plain, "."));
        for (unsigned i = 0; i < G_N_ELEMENTS(terms); i++)
            g_assert_null(strstr(plain, terms[i]));
        g_assert_cmpuint(strlen(wr_verdict_advice(s.verdict)), >, 0);
        g_assert_nonnull(*wr_verdict_alternatives(s.verdict));
        for (const char *const *also = wr_verdict_alternatives(s.verdict); *also != NULL; also++)
            g_assert_cmpuint(strlen(*also), >, 0);
        g_free(plain);
        g_ptr_array_free(s.associations, TRUE);
    }
    wr_engine_free(e);
}

/* Whoever offers and whoever answers: both read out the same. One fingerprint more, and there is no number. */
static void a_safety_number_is_that_of_both_parties(void)
{
    call_t c = call_begin(NULL), d = call_begin(NULL);
    text_t o = offer_text(), a = answer_text();
    char first[WR_SAFETY_NUMBER], second[WR_SAFETY_NUMBER];
    const wr_session *s, *other;
    bool presented = true;

    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    wr_engine_evaluate(c.e);
    s = g_ptr_array_index(wr_engine_sessions(c.e), 0);
    g_assert_true(wr_safety_number(s, first, &presented));
    g_assert_false(presented);
    g_assert_true(g_regex_match_simple("^(\\d{5} ){7}\\d{5}$", first, 0, 0));
    say(&d, ANSWERED, &a);
    say(&d, OFFERED, &o);
    wr_engine_evaluate(d.e);
    other = g_ptr_array_index(wr_engine_sessions(d.e), 0);
    if (other->copies->len == 2) {
        g_assert_true(wr_safety_number(other, second, &presented));
        g_assert_cmpstr(first, ==, second);
    }
    call_end(&c);
    call_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/html/a-page-runs-no-script-of-the-capture", a_page_runs_no_script_of_the_capture);
    g_test_add_func("/html/elements-are-closed", elements_are_closed);
    g_test_add_func("/html/a-page-shows-only-calls-asked-for", a_page_shows_only_calls_asked_for);
    g_test_add_func("/sarif/has-what-the-standard-demands", sarif_has_what_the_standard_demands);
    g_test_add_func("/sarif/each-check-and-each-verdict-is-described", each_check_and_each_verdict_is_described);
    g_test_add_func("/sarif/names-the-capture-and-its-hash", sarif_names_the_capture_and_its_hash);
    g_test_add_func("/origin/a-file-that-cannot-be-read-has-a-reason", a_file_that_cannot_be_read_has_a_reason);
    g_test_add_func("/origin/records-begin-with-it", records_begin_with_what_they_were_made_from);
    g_test_add_func("/origin/secrets-of-a-packed-capture-are-named", secrets_of_a_packed_capture_are_named);
    g_test_add_func("/origin/no-name", a_capture_without_a_name_has_a_reason);
    g_test_add_func("/origin/the-head-has-one-line-a-fact", the_head_has_one_line_a_fact);
    g_test_add_func("/ladder/goes-by-frames", a_ladder_goes_by_frames);
    g_test_add_func("/ladder/is-bounded", a_ladder_is_bounded);
    g_test_add_func("/plain-words/are-plain-and-there-for-every-verdict",
                    plain_words_are_plain_and_there_for_every_verdict);
    g_test_add_func("/plain-words/a-safety-number-is-that-of-both-parties", a_safety_number_is_that_of_both_parties);
    return g_test_run();
}
