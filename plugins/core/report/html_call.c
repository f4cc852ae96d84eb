/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call in the HTML report: who, when, the picture, what was announced, what was presented, findings. */
#include "beside.h"
#include "first_screen.h"
#include "page.h"
#include "report/ladder.h"
#include "svg.h"
#include "verdict/plain_words.h"

#define MAX_ROWS     200  /* rows of one table of a call */
#define MAX_PICTURES 1000 /* calls with a ladder; a page of more would not open */

static void add_fingerprints(wr_html *p, const wr_copy *c)
{
    wr_effective a = wr_sdp_effective(c->sdp, c->sdp->n_sections > 0 ? &c->sdp->sections[0] : NULL);

    for (unsigned i = 0; i < a.n_fingerprints && i < 4; i++) {
        char text[WR_DIGEST_TEXT];
        g_string_append_printf(p->out, "%s<code>%s %s</code>", i > 0 ? "<br>" : "",
                               wr_hash_name(a.fingerprints[i].hash),
                               wr_digest_format(a.fingerprints[i].value, a.fingerprints[i].length, text));
    }
    if (a.n_fingerprints == 0)
        wr_page_add(p, "none");
}

static void add_more(wr_html *p, unsigned n)
{
    if (n > MAX_ROWS)
        g_string_append_printf(p->out, "<p>and %u more</p>\n", n - MAX_ROWS);
}

static void add_place_in_words(wr_html *p, uint32_t frame)
{
    char *name = wr_frame_name(p->e, frame);

    wr_page_add_text(p, name);
    g_free(name);
}

/* In a column of frames. */
static void add_place(wr_html *p, uint32_t frame)
{
    if (wr_frame_is_stated(frame))
        add_place_in_words(p, frame);
    else
        g_string_append_printf(p->out, "%u", frame);
}

static void add_announced(wr_html *p, const wr_session *s)
{
    if (s->copies->len == 0)
        return;
    wr_page_add(
        p,
        "<h3>Announced</h3><table><thead><tr><th>Frame</th><th>What</th><th>From, to</th><th>Carried by</th><th>Fingerprint</th></tr></thead>"
        "<tbody>\n");
    for (unsigned i = 0; i < s->copies->len && i < MAX_ROWS; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        char at[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];
        g_string_append(p->out, "<tr><td>");
        add_place(p, c->frame);
        g_string_append_printf(
            p->out, "</td><td>%s%s%s</td><td class=\"nw\">%s<br>%s</td><td>%s%s</td><td>", wr_copy_kind_name(c),
            c->direction == WR_DIRECTION_EMITTED     ? ", as sent"
            : c->direction == WR_DIRECTION_DELIVERED ? ", as delivered"
                                                     : "",
            wr_report_is_of_strangers(s, c) ? "; between hosts that nothing ties to the call's parties" : "",
            wr_endpoint_format(&c->src, at), wr_endpoint_format(&c->dst, to),
            c->protected_transport ? "protected " : "clear-text ", wr_carrier_name(c->carrier));
        add_fingerprints(p, c);
        wr_page_add(p, "</td></tr>\n");
    }
    wr_page_add(p, "</tbody></table>\n");
    add_more(p, s->copies->len);
}

/* The digest that was announced, where it is not by SHA-256: else nobody sees that the two agree. */
static void add_as_announced(wr_html *p, const wr_presented *c)
{
    char *text = wr_report_as_announced(p->e, c);

    if (text != NULL) {
        wr_page_add(p, "<br>");
        wr_page_add_text(p, text);
    }
    g_free(text);
}

static void add_certificate(wr_html *p, const wr_session *s, const wr_association *a, int side)
{
    const wr_presented *c = &a->side[side].presented;
    const bool substitute = wr_presented_is_substitute(s, c);
    char text[WR_DIGEST_TEXT], at[WR_ENDPOINT_TEXT];

    g_string_append_printf(p->out, "%s (%s): <span class=\"badge %s\">%s%s</span>",
                           wr_endpoint_format_host(&a->side[side].end, at), side == 0 ? "client" : "server",
                           wr_tone_name(substitute ? WR_TONE_BAD : wr_tone_of_certificate(c->verdict)),
                           substitute ? "matches the substitute, " : "", wr_cert_verdict_name(c->verdict));
    if (c->certificate != NULL) {
        g_string_append_printf(p->out, " frame %u<br><code>sha-256 %s</code>", c->frame,
                               wr_digest_format(c->certificate->sha256, 32, text));
    }
    if (c->other != NULL)
        g_string_append_printf(p->out, "<br>by the certificate in frame %u<br><code>sha-256 %s</code>", c->frame_other,
                               wr_digest_format(c->other->sha256, 32, text));
    add_as_announced(p, c);
    if (c->description != NULL) {
        wr_page_add(p, "<br>compared with ");
        add_place_in_words(p, c->description->frame);
    }
}

/* A verified association is no good sign where what it agrees with is not what was issued. */
static const char *substituted(const wr_session *s, const wr_association *a)
{
    return wr_presented_is_substitute(s, &a->side[0].presented) || wr_presented_is_substitute(s, &a->side[1].presented)
               ? "made with a substitute, "
               : "";
}

static void add_presented(wr_html *p, const wr_session *s)
{
    if (s->associations->len == 0)
        return;
    wr_page_add(
        p,
        "<h3>Presented</h3><table><thead><tr><th>Handshake</th><th>Between</th><th>Verdict</th><th>Certificates</th></tr></thead><tbody>\n");
    for (unsigned i = 0; i < s->associations->len && i < MAX_ROWS; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        char at[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];
        g_string_append_printf(p->out, "<tr><td>a%u<br>frame %u</td><td class=\"nw\">%s<br>%s<br>%s%s</td><td>%s%s",
                               a->number, a->first_frame, wr_endpoint_format(&a->side[0].end, at),
                               wr_endpoint_format(&a->side[1].end, to),
                               a->version != 0 ? wr_dtls_version_name(a->version) : "version unknown",
                               a->relayed   ? ", relayed by TURN"
                               : a->in_stun ? ", inside STUN"
                                            : "",
                               substituted(s, a), wr_association_verdict_name(a->verdict));
        if (wr_binding_name(a->binding) != NULL)
            g_string_append_printf(p->out, "<br>binding %s", wr_binding_name(a->binding));
        wr_page_add(p, "</td><td>");
        add_certificate(p, s, a, 1);
        wr_page_add(p, "<br>");
        add_certificate(p, s, a, 0);
        wr_page_add(p, "</td></tr>\n");
    }
    wr_page_add(p, "</tbody></table>\n");
    add_more(p, s->associations->len);
}

void wr_page_add_findings(wr_html *p, unsigned session)
{
    static const char *const tone[] = {"plain", "doubt", "doubt", "bad"};
    const GPtrArray *findings = g_hash_table_lookup(p->findings, GUINT_TO_POINTER(session));
    GPtrArray *told;

    if (findings == NULL)
        return;
    wr_page_add(
        p,
        "<h3>Findings</h3><table><thead><tr><th>Severity</th><th>Check</th><th>Where</th><th>What</th></tr></thead><tbody>\n");
    told = wr_report_told(findings, WR_CHAT, true);
    for (unsigned i = 0; i < told->len && i < MAX_ROWS; i++) {
        const wr_told *t = g_ptr_array_index(told, i);
        const wr_finding *f = t->first;
        char *frames = wr_told_frames(p->e, t);
        g_string_append_printf(p->out, "<tr><td><span class=\"badge %s\">%s</span></td><td class=\"nw\">%s</td><td>",
                               tone[f->severity], wr_severity_name(f->severity), f->check);
        wr_page_add_text(p, frames);
        wr_page_add(p, "</td><td>");
        wr_page_add_text(p, f->message);
        wr_page_add(p, "</td></tr>\n");
        g_free(frames);
    }
    wr_page_add(p, "</tbody></table>\n");
    add_more(p, told->len);
    g_ptr_array_free(told, TRUE);
}

static void add_list(wr_html *p, const char *title, const GPtrArray *texts)
{
    if (texts->len == 0)
        return;
    g_string_append_printf(p->out, "<div class=\"list\"><h3>%s</h3><ul>\n", title);
    for (unsigned i = 0; i < texts->len && i < MAX_ROWS; i++) {
        wr_page_add(p, "<li>");
        wr_page_add_text(p, g_ptr_array_index(texts, i));
        wr_page_add(p, "</li>\n");
    }
    wr_page_add(p, "</ul></div>\n");
}

static void add_beside(wr_html *p, const wr_session *s)
{
    GPtrArray *beside = wr_report_beside(s, g_hash_table_lookup(p->findings, GUINT_TO_POINTER(s->number)));

    for (unsigned i = 0; i < beside->len; i++) {
        wr_page_add(p, "<p class=\"beside\">");
        wr_page_add_text(p, g_ptr_array_index(beside, i));
        wr_page_add(p, "</p>\n");
    }
    g_ptr_array_free(beside, TRUE);
}

/* What it means, exactly what it is, how sure that is, and what to do. */
static void add_judgement(wr_html *p, const wr_session *s)
{
    char number[WR_SAFETY_NUMBER];
    bool presented;

    wr_page_add(p, "<p class=\"plainly\">");
    wr_page_add_text(p, s->plain);
    wr_page_add(p, "</p>\n");
    add_beside(p, s);
    wr_page_add(p, "<p class=\"statement\">");
    wr_page_add_text(p, s->sentence);
    wr_page_add(p, "</p>\n<dl>");
    wr_page_add_pair(p, "What to do", s->advice);
    if (wr_weakest_link(s) != NULL)
        wr_page_add_pair(p, "Hangs on", wr_weakest_link(s));
    if (wr_safety_number(s, number, &presented))
        g_string_append_printf(p->out, "<dt>Safety number</dt><dd><code>%s</code> of the two %s</dd>", number,
                               wr_safety_number_of(presented));
    else if (wr_safety_number_missing(s) != NULL)
        wr_page_add_pair(p, "Safety number", wr_safety_number_missing(s));
    wr_page_add(p, "</dl>\n");
    add_list(p, "Unknown", s->unknown);
    add_list(p, "What else would look the same", s->alternatives);
}

/* Folded where nothing is grave: a page of many calls is to be read, and printed. */
static void add_details(wr_html *p, const wr_session *s)
{
    const GPtrArray *findings = g_hash_table_lookup(p->findings, GUINT_TO_POINTER(s->number));

    if (s->severity < WR_WARN)
        g_string_append_printf(
            p->out,
            "<p class=\"printed\">Not printed: details (picture, announced and shown keys, findings: %u). "
            "On the screen, open them before printing.</p>\n",
            findings != NULL ? findings->len : 0);
    g_string_append_printf(p->out, "<details%s><summary>Details</summary>\n",
                           s->severity >= WR_WARN ? " open=\"open\"" : "");
    if (p->pictures++ < MAX_PICTURES) {
        wr_page_add(p, "<figure>");
        wr_svg_append_ladder(p->out, s);
        wr_page_add(p, "</figure>\n");
    } else {
        g_string_append_printf(p->out, "<p>No picture: only the first %u calls have one.</p>\n", MAX_PICTURES);
    }
    add_announced(p, s);
    add_presented(p, s);
    wr_page_add_findings(p, s->number);
    wr_page_add(p, "</details>\n");
}

void wr_page_add_session(wr_html *p, const wr_session *s)
{
    char *start = wr_report_time(s->start_us), *end = wr_report_time(s->end_us);

    g_string_append_printf(p->out, "<section id=\"s%u\"><div%s><h2>Call s%u ", s->number,
                           s->severity < WR_WARN ? " class=\"short\"" : "", s->number);
    wr_page_add_badge(p, s);
    wr_page_add(p, "</h2>\n");
    add_judgement(p, s);
    wr_page_add(p, "<dl><dt>Who</dt><dd>");
    wr_page_add_parties(p, s);
    wr_page_add(p, "</dd>");
    if (s->call != NULL)
        wr_page_add_pair(p, "Call", s->call);
    g_string_append_printf(p->out, "<dt>When</dt><dd>%s to %s, frames %u to %u</dd>", start, end, s->first_frame,
                           s->last_frame);
    g_string_append_printf(
        p->out,
        "<dt class=\"screen\">Packets</dt><dd class=\"screen\"><code>webrtc.session == &quot;s%u&quot;</code></dd></dl>\n",
        s->number);
    add_details(p, s);
    wr_page_add(p, "</div></section>\n");
    g_free(start);
    g_free(end);
}
