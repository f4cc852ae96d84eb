/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws a call as a ladder: hosts side by side, an arrow for each step, time going down. Scalable Vector Graphics 1.1,
 * inline in HTML, so nothing is loaded and no script runs. */
#include "svg.h"
#include "base/text.h"
#include "report/ladder.h"
#include "verdict/plain_words.h"

#include <string.h>

#define LEFT      150 /* frame number and time */
#define COLUMN    250 /* between hosts */
#define ROW       38
#define HEAD      82
#define MAX_HOSTS 12

typedef struct {
    wr_endpoint host[MAX_HOSTS];
    unsigned n;
    bool more; /* the last column stands for all others as well */
} columns;

static unsigned column_of(columns *c, const wr_endpoint *e)
{
    for (unsigned i = 0; i < c->n; i++)
        if (wr_endpoint_same_host(&c->host[i], e) || (!wr_endpoint_known(&c->host[i]) && !wr_endpoint_known(e)))
            return i;
    if (c->n == MAX_HOSTS) {
        c->more = true;
        return MAX_HOSTS - 1;
    }
    c->host[c->n] = *e;
    return c->n++;
}

/* The parties stand at the edges, servers between them. */
static void find_columns(columns *c, const wr_session *s, const wr_ladder *l)
{
    wr_endpoint last = s->n_parties > 1 ? s->parties[1].address : wr_endpoint_none();
    unsigned at;

    if (s->n_parties > 0 && wr_endpoint_known(&s->parties[0].address))
        column_of(c, &s->parties[0].address);
    for (unsigned i = 0; i < l->steps->len; i++) {
        const wr_step *step = g_ptr_array_index(l->steps, i);
        column_of(c, &step->src);
        column_of(c, &step->dst);
    }
    if (!wr_endpoint_known(&last) || c->more)
        return;
    for (at = 0; at < c->n && !wr_endpoint_same_host(&c->host[at], &last); at++) {
    }
    if (at > 0 && at < c->n) {
        last = c->host[at];
        memmove(&c->host[at], &c->host[at + 1], (c->n - at - 1) * sizeof c->host[0]);
        c->host[c->n - 1] = last;
    }
}

static int x_of(unsigned column)
{
    return LEFT + COLUMN / 2 + (int)column * COLUMN;
}

/* ---- who stands between ---- */

static bool is_party(const wr_session *s, const wr_endpoint *host)
{
    for (unsigned i = 0; i < s->n_parties; i++)
        if (wr_endpoint_same_host(&s->parties[i].address, host))
            return true;
    return false;
}

/* It showed a certificate that was announced in the place of a party's own. Behind a relay the address is the relay's.
 */
static bool showed_substitute(const wr_session *s, const wr_endpoint *host)
{
    for (unsigned i = 0; !is_party(s, host) && i < s->associations->len && i < WR_MAX_STEPS; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; !a->relayed && side < 2; side++)
            if (wr_endpoint_same_host(&a->side[side].end, host) &&
                wr_presented_is_substitute(s, &a->side[side].presented))
                return true;
    }
    return false;
}

/* No party, and an end of handshakes with two hosts or more, of a call that is encrypted to something in between. */
static bool ends_several(const wr_session *s, const wr_endpoint *host)
{
    const wr_endpoint *other = NULL;

    if (is_party(s, host) || s->n_parties < 2 ||
        (s->verdict != WR_S_RE_KEYED && s->verdict != WR_S_TERMINATED_BY_DECLARED &&
         s->verdict != WR_S_TERMINATED_UNDECLARED))
        return false;
    for (unsigned i = 0; i < s->associations->len && i < WR_MAX_STEPS; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; !a->relayed && side < 2; side++) {
            if (!wr_endpoint_same_host(&a->side[side].end, host))
                continue;
            if (other != NULL && !wr_endpoint_same_host(other, &a->side[1 - side].end))
                return true;
            other = &a->side[1 - side].end;
        }
    }
    return false;
}

static void append_mark(GString *out, const wr_session *s, const wr_endpoint *host, int x)
{
    if (showed_substitute(s, host))
        g_string_append_printf(out, "<text class=\"mark bad\" x=\"%d\" y=\"56\">third party</text>", x);
    else if (ends_several(s, host))
        g_string_append_printf(out, "<text class=\"mark\" x=\"%d\" y=\"56\">encryption ends here</text>", x);
}

static void append_heads(GString *out, const columns *c, const wr_session *s, int height)
{
    for (unsigned i = 0; i < c->n; i++) {
        char at[WR_ENDPOINT_TEXT];
        int x = x_of(i);
        bool others = c->more && i == MAX_HOSTS - 1;
        g_string_append_printf(out, "<line class=\"life\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", x, HEAD - 16, x,
                               height - 36);
        for (unsigned p = 0; p < s->n_parties; p++) {
            if (s->parties[p].name != NULL && wr_endpoint_same_host(&s->parties[p].address, &c->host[i])) {
                char *name = wr_text_html(s->parties[p].name, 30);
                g_string_append_printf(out, "<text class=\"name\" x=\"%d\" y=\"20\">%s</text>", x, name);
                g_free(name);
                break;
            }
        }
        g_string_append_printf(out, "<text class=\"host\" x=\"%d\" y=\"38\">%s</text>", x,
                               others ? "and others" : wr_endpoint_format_host(&c->host[i], at));
        if (!others)
            append_mark(out, s, &c->host[i], x);
    }
}

static void append_arrow(GString *out, int from, int to, int y, const char *tone)
{
    int head = to > from ? -8 : 8;

    if (from == to) { /* to itself: a loop */
        g_string_append_printf(
            out, "<path class=\"arrow %s\" d=\"M%d %d h24 v10 h-18\"/><path class=\"tip %s\" d=\"M%d %d l8 -4 v8 z\"/>",
            tone, from, y - 5, tone, from, y + 5);
        return;
    }
    g_string_append_printf(out, "<line class=\"arrow %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", tone, from, y,
                           to + head / 2, y);
    g_string_append_printf(out, "<path class=\"tip %s\" d=\"M%d %d l%d -4 v8 z\"/>", tone, to, y, head);
}

static void append_step(GString *out, columns *c, const wr_step *step, int64_t start_us, int y)
{
    int from = x_of(column_of(c, &step->src)), to = x_of(column_of(c, &step->dst)),
        middle = from == to ? from + 30 : (from + to) / 2;
    const char *tone = wr_tone_name(step->tone);
    char *label = wr_text_html(step->label, 60), *comment = wr_text_html(step->comment, 300);

    g_string_append_printf(out, "<g><title>frame %u: %s</title><text class=\"frame\" x=\"4\" y=\"%d\">frame %u",
                           step->frame, comment, y + 4, step->frame);
    if (step->time_us != 0) {
        int64_t us = MAX(step->time_us - start_us, 0);
        g_string_append_printf(out, "  +%" G_GINT64_FORMAT ".%03d s", us / 1000000, (int)(us % 1000000 / 1000));
    }
    g_string_append(out, "</text>");
    if (step->kind == WR_STEP_VERDICT) {
        int width = 24 + 8 * (int)g_utf8_strlen(step->label, -1);
        g_string_append_printf(out, "<rect class=\"box %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"22\" rx=\"4\"/>",
                               tone, middle - width / 2, y - 12, width);
        g_string_append_printf(out, "<text class=\"verdict\" x=\"%d\" y=\"%d\">%s</text></g>\n", middle, y + 4, label);
    } else {
        append_arrow(out, from, to, y, tone);
        g_string_append_printf(out, "<text class=\"label\" x=\"%d\" y=\"%d\">%s</text></g>\n", middle, y - 6, label);
    }
    g_free(label);
    g_free(comment);
}

/* The verdict on the call, under all hosts. */
static void append_verdict(GString *out, const columns *c, const wr_session *s, int y)
{
    int left = x_of(0) - 60, right = x_of(c->n > 0 ? c->n - 1 : 0) + 60;

    g_string_append_printf(out, "<rect class=\"box %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"28\" rx=\"4\"/>",
                           wr_tone_name(wr_tone_of_session(s)), left, y - 18, right - left);
    g_string_append_printf(out, "<text class=\"verdict\" x=\"%d\" y=\"%d\">%s</text>\n", (left + right) / 2, y,
                           wr_session_verdict_name(s->verdict));
}

void wr_svg_append_ladder(GString *out, const wr_session *s)
{
    wr_ladder *l = wr_ladder_of_session(s);
    columns c = {.n = 0};
    int width, height;

    find_columns(&c, s, l);
    width = LEFT + (int)MAX(c.n, 1) * COLUMN;
    height = HEAD + (int)l->steps->len * ROW + 40;
    g_string_append_printf(
        out, "<svg role=\"img\" aria-label=\"Ladder of call s%u\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
        s->number, width, height, width, height);
    append_heads(out, &c, s, height);
    for (unsigned i = 0; i < l->steps->len; i++)
        append_step(out, &c, g_ptr_array_index(l->steps, i), s->start_us, HEAD + 10 + (int)i * ROW);
    append_verdict(out, &c, s, height - 16);
    g_string_append(out, "</svg>\n");
    if (l->left_out > 0)
        g_string_append_printf(out, "<p>%u more steps are not drawn.</p>\n", l->left_out);
    wr_ladder_free(l);
}
