/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A saved page of about:webrtc: whose each description is, and since when, whatever the page's language. */
#include "statements/testimony.h"

#include <string.h>

#define SDP(ufrag)                                                                                                     \
    "v=0\no=- 1 2 IN IP4 127.0.0.1\ns=-\nt=0 0\nm=audio 9 UDP/TLS/RTP/SAVPF 0\na=ice-ufrag:" ufrag                     \
    "\na=ice-pwd:passwordpasswordpassword\n"
#define PRE(ufrag)        "<pre>" SDP(ufrag) "</pre>"
#define CONNECTION(name)  "<div id=\"content\"><div id=\"pc-heading: " name "\"><h3>x</h3></div>"
#define TAB(pane, words)  "<button id=\"tab_button_" pane "_1\" data-l10n-id=\"about-webrtc-" words "\">.</button>"
#define PANE(pane, ufrag) "<div id=\"tab_pane_" pane "_1\">" PRE(ufrag) "</div>"
#define HEADING(words)    "<h4 data-l10n-id=\"about-webrtc-" words "\">.</h4>"
#define SINCE(time)                                                                                                    \
    "<h5 data-l10n-args=\"{&quot;timestamp&quot;:" time "}\" data-l10n-id=\"about-webrtc-sdp-set-timestamp\">.</h5>"
#define TABS    TAB("answer", "local-sdp-heading-answer") TAB("offer", "remote-sdp-heading-offer")
#define HISTORY "<div id=\"tab_pane_history_1\">"
#define ENDS(t) wr_testimony_unref(t)

static wr_testimony *parse(const char *text)
{
    return wr_testimony_parse("x", text, strlen(text));
}

static void want(const wr_testimony *t, unsigned n, wr_direction direction, const char *ufrag, int64_t time_us)
{
    const wr_told *w;

    g_assert_cmpuint(t->told->len, >=, n);
    w = g_ptr_array_index(t->told, n - 1);
    g_assert_cmpint(w->context.direction, ==, direction);
    g_assert_cmpstr(wr_sdp_effective(w->sdp, &w->sdp->sections[0]).ice_ufrag, ==, ufrag);
    g_assert_cmpint(w->time_us, ==, time_us);
}

/* The label of a pane says whose it is, not the words that happen to stand next before it. */
static void test_panes(void)
{
    wr_testimony *t = parse(CONNECTION("1") TABS PANE("answer", "aaaa") PANE("offer", "bbbb"));

    g_assert_cmpuint(t->told->len, ==, 2);
    want(t, 1, WR_DIRECTION_DELIVERED, "bbbb", 0);
    want(t, 2, WR_DIRECTION_EMITTED, "aaaa", 0);
    g_assert_cmpint(t->kind, ==, WR_TESTIMONY_FIREFOX);
    ENDS(t);
}

static void test_panes_without_labels(void)
{
    wr_testimony *t = parse(CONNECTION("1") PANE("offer", "bbbb"));

    want(t, 1, WR_DIRECTION_UNKNOWN, "bbbb", 0);
    ENDS(t);
}

/* Columns of local and of remote descriptions, each with its time; what is in force is one of them. */
static void test_history(void)
{
    wr_testimony *t =
        parse(CONNECTION("1") TABS PANE("answer", "aaaa") PANE("offer", "bbbb") HISTORY
              "<h5 data-l10n-id=\"about-webrtc-sdp-set-at-timestamp-remote\">.</h5>" HEADING("local-sdp-heading")
                  SINCE("1795390585500") PRE("aaaa") SINCE("1795390586500") PRE("cccc") HEADING("remote-sdp-heading")
                      SINCE("1795390585000") PRE("bbbb"));

    g_assert_cmpuint(t->told->len, ==, 3);
    want(t, 1, WR_DIRECTION_EMITTED, "aaaa", INT64_C(1795390585500000));
    want(t, 2, WR_DIRECTION_EMITTED, "cccc", INT64_C(1795390586500000));
    want(t, 3, WR_DIRECTION_DELIVERED, "bbbb", INT64_C(1795390585000000));
    ENDS(t);
}

static void test_what_was_refused(void)
{
    wr_testimony *t = parse(CONNECTION("1") HISTORY HEADING("local-sdp-heading") SINCE("1795390585500")
                                HEADING("sdp-parsing-errors-heading") PRE("aaaa") SINCE("1795390586500") PRE("cccc"));

    g_assert_cmpuint(t->told->len, ==, 1);
    want(t, 1, WR_DIRECTION_EMITTED, "cccc", INT64_C(1795390586500000));
    ENDS(t);
}

/* Nothing of one connection is said of the next. */
static void test_connections(void)
{
    wr_testimony *t = parse(CONNECTION("1") TABS PANE("answer", "aaaa") CONNECTION("2") PANE("offer", "bbbb"));
    const wr_told *first, *second;

    want(t, 1, WR_DIRECTION_EMITTED, "aaaa", 0);
    want(t, 2, WR_DIRECTION_UNKNOWN, "bbbb", 0);
    first = g_ptr_array_index(t->told, 0);
    second = g_ptr_array_index(t->told, 1);
    g_assert_cmpstr(first->leg, ==, "1");
    g_assert_cmpstr(second->leg, ==, "2");
    ENDS(t);
}

static void test_words_alone(void)
{
    wr_testimony *t = parse("<html><h5>Local SDP</h5>" PRE("aaaa") "\n<h5>Remote SDP</h5>" PRE("bbbb"));

    want(t, 1, WR_DIRECTION_EMITTED, "aaaa", 0);
    want(t, 2, WR_DIRECTION_DELIVERED, "bbbb", 0);
    ENDS(t);
}

static void test_entities_and_other_text(void)
{
    wr_testimony *t =
        parse("<html><pre>no &lt;description&gt;</pre>remote {\"type\":\"offer\",\"sdp\":\"v=0\\r\\n"
              "m=audio 9 UDP/TLS/RTP/SAVPF 0\\r\\na=ice-ufrag:dddd\\r\\n\"}\n<pre>" SDP("a&amp;b") "</pre>");

    want(t, 1, WR_DIRECTION_DELIVERED, "dddd", 0);
    want(t, 2, WR_DIRECTION_UNKNOWN, "a&b", 0);
    ENDS(t);
}

static void test_what_is_too_long(void)
{
    GString *text = g_string_new("<html><pre>v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 0\n");
    wr_testimony *t;

    for (unsigned i = 0; i < 40000; i++)
        g_string_append(text, "a=x:yyyyyy\n");
    g_string_append(text, "</pre>" PRE("aaaa"));
    t = parse(text->str);
    g_assert_cmpuint(t->told->len, ==, 1);
    g_assert_cmpuint(t->left_out, ==, 1);
    g_assert_nonnull(t->problem);
    ENDS(t);
    g_string_free(text, TRUE);
}

/* What stands there counts. */
static void test_a_cut_page(void)
{
    wr_testimony *t = parse(CONNECTION("1") TABS "<div id=\"tab_pane_answer_1\"><pre>" SDP("aaaa") "<h4 id=\"");

    g_assert_cmpuint(t->told->len, ==, 1);
    want(t, 1, WR_DIRECTION_EMITTED, "aaaa", 0);
    ENDS(t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/panes", test_panes);
    g_test_add_func("/page/panes-without-labels", test_panes_without_labels);
    g_test_add_func("/page/history", test_history);
    g_test_add_func("/page/refused", test_what_was_refused);
    g_test_add_func("/page/connections", test_connections);
    g_test_add_func("/page/words", test_words_alone);
    g_test_add_func("/page/other-text", test_entities_and_other_text);
    g_test_add_func("/page/too-long", test_what_is_too_long);
    g_test_add_func("/page/cut", test_a_cut_page);
    return g_test_run();
}
