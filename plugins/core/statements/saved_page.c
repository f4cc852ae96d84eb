/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A saved page of about:webrtc. Descriptions stand in elements "pre"; whose they are and since when, the headings
 * before them say, which Firefox marks with the names of their texts (data-l10n-id), so that the page's language does
 * not matter:
 *
 *   id="pc-heading: PCID"                                   a peer connection begins
 *   button id="tab_button_answer_…" …-local-sdp-heading-answer, then id="tab_pane_answer_…" <pre>v=0…   in force
 *   h4 about-webrtc-local-sdp-heading { h5 …-sdp-set-timestamp {"timestamp":…} <pre>v=0…</pre> }…       history
 *
 * What is in force stands in the history, too, where there is one. All other text of the page is read as a log is.
 */
#include "reader.h"

#include "find/find.h"

#include <string.h>

#define MAX_TAG  65536        /* bytes of one */
#define MAX_TEXT (256u << 10) /* bytes of one description */
#define LOCAL    "about-webrtc-local-sdp-heading"
#define REMOTE   "about-webrtc-remote-sdp-heading"

enum { OFFER = 0, ANSWER, NO_PANE };

typedef struct {
    char *sdp; /* NULL: none */
    wr_direction direction;
} in_force;

typedef struct {
    wr_testimony *t;
    void *rest; /* reads what stands in no element for descriptions */
    GString *tag, *text;
    bool in_tag, in_description, too_long;
    char *leg;
    wr_direction tab[2], direction;
    unsigned pane;
    int64_t time_us;
    bool refused; /* errors are listed before the description */
    in_force pane_says[2];
} page;

/* ---- tags ---- */

static bool is_tag(const page *p, const char *name)
{
    const size_t n = strlen(name);

    return g_ascii_strncasecmp(p->tag->str, name, n) == 0 && !g_ascii_isalnum(p->tag->str[n]);
}

/* Its value as it stands there; the caller frees. NULL: not there. */
static char *attribute(const page *p, const char *name)
{
    char *wanted = g_strdup_printf(" %s=\"", name);
    const char *value = strstr(p->tag->str, wanted), *end;

    if (value != NULL)
        value += strlen(wanted);
    g_free(wanted);
    end = value != NULL ? strchr(value, '"') : NULL;
    return end != NULL ? g_strndup(value, (gsize)(end - value)) : NULL;
}

static unsigned pane_in(const char *id, const char *prefix)
{
    if (!g_str_has_prefix(id, prefix))
        return NO_PANE;
    id += strlen(prefix);
    return g_str_has_prefix(id, "offer_") ? OFFER : g_str_has_prefix(id, "answer_") ? ANSWER : NO_PANE;
}

/* What is in force and not in the history is told when all of the connection was read. */
static void leave_connection(page *p)
{
    for (unsigned i = 0; i < 2; i++) {
        in_force *said = &p->pane_says[i];
        const wr_occasion on = {.leg = p->leg, .direction = said->direction, .protected_transport = true};
        if (said->sdp != NULL)
            wr_tell_description(p->t, &on, i == OFFER ? WR_KIND_OFFER : WR_KIND_ANSWER, said->sdp, strlen(said->sdp));
        g_clear_pointer(&said->sdp, g_free);
        p->tab[i] = WR_DIRECTION_UNKNOWN;
    }
    p->pane = NO_PANE;
    p->direction = WR_DIRECTION_UNKNOWN;
    p->time_us = 0;
    p->refused = false;
}

static void read_id(page *p, const char *id)
{
    static const char heading[] = "pc-heading: ";

    if (g_str_has_prefix(id, heading)) {
        leave_connection(p);
        g_free(p->leg);
        p->leg = g_strdup(id + sizeof heading - 1);
    } else if (g_str_has_prefix(id, "tab_pane_")) {
        p->pane = pane_in(id, "tab_pane_");
        p->direction = p->pane == NO_PANE ? WR_DIRECTION_UNKNOWN : p->tab[p->pane];
        p->time_us = 0;
    }
}

static void read_heading(page *p, const char *words, const char *id)
{
    const bool local = g_str_has_prefix(words, LOCAL);
    const unsigned tab = id != NULL ? pane_in(id, "tab_button_") : NO_PANE;
    char *args, *at;

    if (local || g_str_has_prefix(words, REMOTE)) {
        const wr_direction direction = local ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
        if (tab != NO_PANE)
            p->tab[tab] = direction;
        else if (!is_tag(p, "button"))
            p->direction = direction;
    } else if (strcmp(words, "about-webrtc-sdp-parsing-errors-heading") == 0) {
        p->refused = true;
    } else if (strcmp(words, "about-webrtc-sdp-set-timestamp") == 0) {
        args = attribute(p, "data-l10n-args");
        at = args != NULL ? strstr(args, "timestamp&quot;:") : NULL;
        p->time_us = at != NULL ? wr_told_time_of(g_ascii_strtod(at + strlen("timestamp&quot;:"), NULL)) : 0;
        p->refused = false;
        g_free(args);
    }
}

/* A page of another browser's language and age, whose headings are text alone. */
static void read_words(page *p)
{
    char *text = g_ascii_strdown(p->text->str, (gssize)MIN(p->text->len, (gsize)256));
    const bool local = strstr(text, "local sdp") != NULL, remote = strstr(text, "remote sdp") != NULL;

    if (local != remote)
        p->direction = local ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
    g_free(text);
}

/* ---- text ---- */

/* The five entities stand for themselves. */
static void resolve(GString *text)
{
    static const struct {
        const char *entity;
        char character;
    } entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}};
    gsize to = 0;

    for (gsize from = 0; from < text->len; to++) {
        size_t i = 0;
        while (i < G_N_ELEMENTS(entities) && !g_str_has_prefix(text->str + from, entities[i].entity))
            i++;
        text->str[to] = i < G_N_ELEMENTS(entities) ? entities[i].character : text->str[from];
        from += i < G_N_ELEMENTS(entities) ? strlen(entities[i].entity) : 1;
    }
    g_string_truncate(text, to);
}

static void keep_in_force(page *p)
{
    in_force *said = &p->pane_says[p->pane];

    g_free(said->sdp);
    *said = (in_force){g_strdup(p->text->str), p->direction};
}

static void tell(page *p)
{
    const wr_occasion on = {
        .leg = p->leg, .time_us = p->time_us, .direction = p->direction, .protected_transport = true};

    for (unsigned i = 0; i < 2; i++) {
        in_force *said = &p->pane_says[i];
        if (said->sdp != NULL && said->direction == p->direction && strcmp(said->sdp, p->text->str) == 0)
            g_clear_pointer(&said->sdp, g_free);
    }
    wr_tell_description(p->t, &on, WR_KIND_UNKNOWN, p->text->str, p->text->len);
}

static void end_description(page *p)
{
    resolve(p->text);
    if (p->too_long)
        p->t->left_out++;
    else if (!p->refused && wr_sdp_looks_like_description(p->text->str, p->text->len) &&
             strlen(p->text->str) == p->text->len) {
        if (p->pane != NO_PANE)
            keep_in_force(p);
        else
            tell(p);
    }
    p->refused = p->too_long = false;
}

/* What stands between two tags, or a line of it. */
static void end_text(page *p)
{
    if (p->in_description && !p->in_tag)
        return;
    if (p->in_description) {
        end_description(p);
    } else if (p->text->len > 0) {
        resolve(p->text);
        read_words(p);
        g_string_append_c(p->text, '\n');
        wr_text_reader.feed(p->rest, (const uint8_t *)p->text->str, p->text->len);
    }
    g_string_truncate(p->text, 0);
}

static void end_tag(page *p)
{
    char *id = attribute(p, "id"), *words = attribute(p, "data-l10n-id");

    p->in_description = is_tag(p, "pre");
    if (id != NULL)
        read_id(p, id);
    if (words != NULL)
        read_heading(p, words, id);
    g_string_truncate(p->tag, 0);
    g_free(id);
    g_free(words);
}

/* ---- the reader ---- */

static void *open_page(wr_testimony *t)
{
    page *p = g_new0(page, 1);

    p->t = t;
    p->rest = wr_text_reader.open(t);
    t->kind = WR_TESTIMONY_FIREFOX;
    p->tag = g_string_new(NULL);
    p->text = g_string_new(NULL);
    p->leg = g_strdup("page");
    p->pane = NO_PANE;
    return p;
}

static void take_byte(page *p, char c)
{
    if (p->in_tag && c == '>') {
        end_tag(p);
        p->in_tag = false;
    } else if (p->in_tag) {
        if (p->tag->len < MAX_TAG && c != '\0')
            g_string_append_c(p->tag, g_ascii_isspace(c) ? ' ' : c);
    } else if (c == '<') {
        p->in_tag = true;
        end_text(p);
    } else if (c == '\n' && !p->in_description) {
        end_text(p);
    } else if (p->text->len < MAX_TEXT) {
        g_string_append_c(p->text, c);
    } else {
        p->too_long = p->in_description;
    }
}

static bool feed(void *reader, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        take_byte(reader, (char)bytes[i]);
    return true;
}

static void close_page(void *reader)
{
    page *p = reader;

    p->in_tag = true; /* what is left is text that has ended */
    end_text(p);
    leave_connection(p);
    wr_text_reader.close(p->rest);
    g_string_free(p->tag, TRUE);
    g_string_free(p->text, TRUE);
    g_free(p->leg);
    g_free(p);
}

const wr_reader wr_html_reader = {open_page, feed, close_page};
