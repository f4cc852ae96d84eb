/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What evidence is worth stands beside what it says, in the records and in the text. */
#include "formats/json_text.h"
#include "real_call.h"
#include "report/report.h"

static void gather(const char *line, void *data)
{
    g_string_append(data, line);
}

static char *told_by(call_t *c, void (*tell)(wr_engine *, GHashTable *, wr_report_sink, void *))
{
    GString *out = g_string_new(NULL);

    tell(c->e, NULL, gather, out);
    return g_string_free(out, FALSE);
}

/* The n-th record of this kind, as its line has it; g_free. */
static char *record_told(call_t *c, const char *kind, unsigned n)
{
    char *all = told_by(c, wr_report_json), **lines = g_strsplit(all, "\n", -1), *found = NULL;
    char *begin = g_strdup_printf("{\"record\":\"%s\"", kind);

    for (unsigned i = 0; found == NULL && lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], begin) && n-- == 0)
            found = g_strdup(lines[i]);
    g_assert_nonnull(found);
    g_free(begin);
    g_strfreev(lines);
    g_free(all);
    return found;
}

static void holds(call_t *c, const char *kind, unsigned n, const char *part)
{
    char *record = record_told(c, kind, n);

    if (strstr(record, part) == NULL)
        g_error("%s is not in %s", part, record);
    g_free(record);
}

static void lacks(call_t *c, const char *kind, unsigned n, const char *part)
{
    char *record = record_told(c, kind, n);

    g_assert_null(strstr(record, part));
    g_free(record);
}

static void in_text(call_t *c, const char *part)
{
    char *text = told_by(c, wr_report_text);

    if (strstr(text, part) == NULL)
        g_error("%s is not in %s", part, text);
    g_free(text);
}

static void gather_line(const char *line, void *data)
{
    g_ptr_array_add(data, g_strdup(line));
}

/* As a window shows it: no line is longer than it is wide, but where one word is. */
static void test_width(void)
{
    real_t r = real_begin(NULL);
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    unsigned wrapped = 0;

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        real_part(&r, i);
    wr_report_text_of_width(r.c.e, NULL, WR_REPORT_WINDOW, gather_line, lines);
    for (unsigned i = 0; i < lines->len; i++) {
        const char *line = g_ptr_array_index(lines, i);
        if (strncmp(line, "               ", 15) != 0)
            continue;
        wrapped++;
        g_assert_true(strlen(line) <= WR_REPORT_WINDOW + 1 || strchr(line + 15, ' ') == NULL);
    }
    g_assert_cmpuint(wrapped, >, 5);
    g_ptr_array_unref(lines);
    real_end(&r);
}

static void test_proven(void)
{
    real_t r = real_begin(NULL);

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        real_part(&r, i);
    holds(&r.c, "association", 0,
          "\"standing\":\"proven\",\"possession\":{\"client\":\"proven\",\"server\":\"proven\"}");
    holds(&r.c, "association", 0, "\"carried_media\":false");
    in_text(&r.c, "proven: the key of the server's certificate signed");
    stream(&r.c, BOBS, ALICES, 77, 1, 20); /* under which keys is not known */
    holds(&r.c, "association", 0, "\"carried_media\":null");
    real_end(&r);
}

static void test_without_the_client(void)
{
    real_t r = real_begin(NULL);

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < CLIENT_FLIGHT; i++)
        real_part(&r, i);
    holds(&r.c, "association", 0, "\"possession\":{\"client\":\"unknown\",\"server\":\"proven\"}");
    real_end(&r);
}

static void test_coherent(void)
{
    call_t c = call_begin(NULL);

    agree(&c);
    connect_ends(&c);
    hellos(&c, 1);
    holds(&c, "association", 0,
          "\"standing\":\"coherent\",\"possession\":{\"client\":\"unknown\",\"server\":\"unknown\"}");
    in_text(&c, "coherent: both hellos");
    call_end(&c);
}

static void test_bare(void)
{
    call_t c = call_begin(NULL);
    shake_t k = shake_of(10);

    agree(&c);
    connect_ends(&c);
    feed(&c, 5, k.client, k.server, &k.ch);
    holds(&c, "association", 0, "\"standing\":\"bare\"");
    in_text(&c, "bare: records of no handshake");
    call_end(&c);
}

/* Alice is tied by her address; what strangers exchange was told to nobody, and without flows nobody knows. */
static void test_told(void)
{
    call_t c = call_begin(NULL);
    text_t o = offer_text();
    const way_t strange = {.client = "198.51.100.3",
                           .server = "198.51.100.4",
                           .connection = 9,
                           .direction = WR_DIRECTION_DELIVERED,
                           .kind = WR_KIND_OFFER};

    agree(&c);
    say(&c, strange, &o);
    lacks(&c, "description", 1, "\"told\"");
    holds(&c, "description", 1, "\"standing\":\"coherent\"");
    lacks(&c, "description", 2, "\"standing\""); /* in clear: how its connection went is not known here */
    connect_ends(&c);
    hellos(&c, 1);
    holds(&c, "description", 0, "\"told\":[]");
    holds(&c, "description", 1, "\"told\":[\"" ALICE "\"]");
    holds(&c, "description", 2, "\"told\":[]");
    call_end(&c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/standing/proven", test_proven);
    g_test_add_func("/report/standing/width", test_width);
    g_test_add_func("/report/standing/without the client", test_without_the_client);
    g_test_add_func("/report/standing/coherent", test_coherent);
    g_test_add_func("/report/standing/bare", test_bare);
    g_test_add_func("/report/standing/told", test_told);
    return g_test_run();
}
