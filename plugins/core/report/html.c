/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as one self-contained page: no script, nothing loaded from elsewhere, so it can be kept as evidence and
 * opened on a machine without network. Everything from the capture goes through wr_text_html(). */
#include "base/text.h"
#include "clocks.h"
#include "first_screen.h"
#include "inputs.h"
#include "page.h"
#include "report/ladder.h"

#define MAX_TEXT 4000 /* characters of one text from the capture */

static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;background:#fff;margin:0 auto;max-width:75rem;padding:1.5rem}"
    "h1{font-size:1.6rem;margin:0 0 1rem}h2{font-size:1.25rem;margin:0}h3{font-size:1rem;margin:1.2rem 0 .3rem}"
    "table{border-collapse:collapse;width:100%;margin:.3rem 0 1rem}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;"
    "border-bottom:1px solid #d8dee4}th{background:#f3f5f7;font-weight:600}td{overflow-wrap:anywhere}"
    "code{font:13px/1.4 ui-monospace,monospace}dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}"
    "dt{color:#57606a}dd{margin:0;overflow-wrap:anywhere}section{border:1px solid #d0d7de;border-radius:8px;padding:1rem 1.2rem;margin:1.5rem 0}"
    ".badge{display:inline-block;border-radius:4px;padding:.1rem .5rem;font-weight:600;white-space:nowrap}"
    ".badge.good{background:#d8f0d8;color:#0f4d1a}.badge.doubt{background:#fff3c4;color:#5c4300}.badge.bad{background:#ffd6d2;color:#7d120a}"
    ".badge.plain{background:#e8ecf0}.badge.leg{background:#fff;border:1px solid #1a7f37}.beside{border-left:3px solid #9a6700;padding-left:.6rem}.printed{display:none}.statement{font-size:1.05rem}figure{margin:1rem 0;overflow-x:auto}svg{max-width:100%;height:auto}.nw{white-space:nowrap}"
    "svg text{font:12px system-ui,sans-serif;fill:#1b1f24;text-anchor:middle}svg .frame{text-anchor:start;fill:#57606a}"
    "svg .name{font-weight:600;font-size:14px}svg .host{fill:#57606a}svg .verdict{font-weight:600}"
    "svg .label{paint-order:stroke;stroke:#fff;stroke-width:4px}svg .life{stroke:#c3cad1;stroke-dasharray:3 3}"
    "svg .arrow{stroke:#57606a;stroke-width:1.5;fill:none}svg .tip{fill:#57606a}svg .arrow.good{stroke:#1a7f37}svg .tip.good{fill:#1a7f37}"
    "svg .arrow.doubt{stroke:#9a6700}svg .tip.doubt{fill:#9a6700}svg .arrow.bad{stroke:#cf222e}svg .tip.bad{fill:#cf222e}"
    "svg .box{fill:#e8ecf0;stroke:#8c959f}svg .box.good{fill:#d8f0d8;stroke:#1a7f37}svg .box.doubt{fill:#fff3c4;stroke:#9a6700}"
    "svg .box.bad{fill:#ffd6d2;stroke:#cf222e}.plainly{font-size:1.15rem;font-weight:600}summary{cursor:pointer;color:#57606a}"
    "svg .mark{font-weight:600;fill:#9a6700}svg .mark.bad{fill:#cf222e}.list h3{margin:.6rem 0 0}"
    /* On paper calls that are no alarm are short: their details folded, what stands in lists run on. */
    "@page{margin:10mm}@media print{body{max-width:none;padding:0;font-size:8.5pt;line-height:1.25}section{border:none;"
    "border-top:1px solid #d0d7de;border-radius:0;padding:1mm 0 0;margin:1.5mm 0}.short{break-inside:avoid}"
    "h1{font-size:14pt}h2{font-size:10pt}h3{font-size:9pt;margin:1mm 0}p{margin:.5mm 0}.plainly{font-size:9pt}"
    ".statement{font-size:8.5pt}code{font-size:7.5pt}th,td{padding:.3mm 1.5mm}table{margin:1mm 0}"
    "tr,figure,h2,h3,dt,dd{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}"
    ".short{font-size:7.5pt;line-height:1.15;margin:1mm 0}.short h2{font-size:9pt}.short .badge{padding:0 .3rem}.short .plainly,.short .statement{font-size:inherit}section dl{margin:0;display:block}"
    "section dt,section dd,.short dl,.short .list,.short .list *,.short h2,.short .plainly{display:inline}"
    "section dt::after{content:\": \"}section dd::after,.short .list li::after{content:\" \\b7  \"}.short .list ul{padding:0}"
    ".short .list h3{font-size:inherit;font-weight:normal;color:#57606a}.short .list h3::after{content:\": \"}"
    "details:not([open]),section .screen{display:none}.printed{display:block}.short .beside{border:none;padding:0}figure{max-height:200mm}figure svg{max-height:195mm}}";

static bool wanted(const wr_html *p, unsigned session)
{
    return p->only == NULL || g_hash_table_contains(p->only, GUINT_TO_POINTER(session));
}

static void flush(wr_html *p)
{
    wr_page_note_words(p);
    p->sink(p->out->str, p->data);
    g_string_truncate(p->out, 0);
}

void wr_page_add(wr_html *p, const char *markup)
{
    g_string_append(p->out, markup);
}

void wr_page_add_text(wr_html *p, const char *text)
{
    char *html = wr_text_html(text, MAX_TEXT);

    g_string_append(p->out, html);
    g_free(html);
}

void wr_page_add_pair(wr_html *p, const char *term, const char *text)
{
    g_string_append_printf(p->out, "<dt>%s</dt><dd>", term);
    wr_page_add_text(p, text);
    wr_page_add(p, "</dd>");
}

/* ---- head ---- */

static void add_files(wr_html *p, const char *term, const GPtrArray *files, const char *none)
{
    if (files->len == 0)
        wr_page_add_pair(p, term, none);
    for (unsigned i = 0; i < files->len; i++) {
        const wr_origin_file *f = g_ptr_array_index(files, i);
        g_string_append_printf(p->out, "<dt>%s</dt><dd>", term);
        wr_page_add_text(p, f->name);
        if (f->sha256 != NULL) {
            g_string_append_printf(p->out, ", %" G_GUINT64_FORMAT " bytes<br><code>sha-256 %s</code>", f->size,
                                   f->sha256);
        } else if (f->problem != NULL) {
            wr_page_add(p, ", ");
            wr_page_add_text(p, f->problem);
        }
        if (f->note != NULL) {
            wr_page_add(p, "<br>");
            wr_page_add_text(p, f->note);
        }
        wr_page_add(p, "</dd>");
    }
}

static void add_head(wr_html *p)
{
    const GPtrArray *limits = wr_engine_limits_reached(p->e);
    char *first = wr_report_time(wr_engine_first_time(p->e)), *last = wr_report_time(wr_engine_last_time(p->e));
    const wr_left_out left = wr_engine_left_out(p->e);

    wr_page_add(
        p, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
           "<meta name=\"viewport\" content=\"width=device-width\"><title>WebRTC audit</title>\n<style>");
    wr_page_add(p, style);
    p->sink(p->out->str, p->data); /* its names are no words of the page */
    g_string_truncate(p->out, 0);
    wr_page_add(p, "</style></head>\n<body><h1>WebRTC audit</h1>\n<dl>");
    add_files(p, "Capture", p->origin->captures,
              p->origin->capture_problem != NULL ? p->origin->capture_problem : "not known");
    g_string_append_printf(p->out, "<dt>Packets</dt><dd>%u", wr_engine_packets(p->e));
    if (wr_engine_packets(p->e) > 0)
        g_string_append_printf(p->out, ", %s to %s", first, last);
    if (left.packets > 0)
        g_string_append_printf(p->out,
                               "; thinned: %u packets of media were left out before, and are counted; not "
                               "looked for, since they need each of them: " WR_NEED_EACH_PACKET,
                               left.packets);
    wr_page_add(p, "</dd>");
    if (p->origin->key_logs->len > 0 || p->origin->embedded->len == 0)
        add_files(p, "Key log", p->origin->key_logs, "none given");
    if (p->origin->embedded->len > 0)
        add_files(p, "Key log", p->origin->embedded, "");
    if (p->origin->statements->len > 0)
        add_files(p, "Statement", p->origin->statements, "");
    for (unsigned i = 0; i < p->origin->preferences->len; i++)
        wr_page_add_pair(p, "Preference", g_ptr_array_index(p->origin->preferences, i));
    wr_page_add(p, "<dt>Made by</dt><dd>WebRTC plugins ");
    wr_page_add_text(p, p->origin->plugin_version);
    wr_page_add(p, " in Wireshark ");
    wr_page_add_text(p, p->origin->wireshark_version);
    wr_page_add(p, "</dd>");
    for (unsigned i = 0; i < limits->len; i++) {
        wr_page_add(p, "<dt>Incomplete</dt><dd>there was more than this program keeps: the bound was reached on ");
        wr_page_add_text(p, g_ptr_array_index(limits, i));
        wr_page_add(p, "; what came after it is not in this report</dd>");
    }
    wr_page_add(p, "</dl>\n");
    g_free(first);
    g_free(last);
}

void wr_page_add_badge(wr_html *p, const wr_session *s)
{
    const bool one_place = s->verdict == WR_S_VERIFIED_LEG && wr_tone_of_session(s) == WR_TONE_GOOD;

    p->verdicts |= UINT32_C(1) << s->verdict;
    p->not_enforced |= s->not_enforced;
    g_string_append_printf(p->out, "<span class=\"badge %s%s\">%s%s</span>", wr_tone_name(wr_tone_of_session(s)),
                           one_place ? " leg" : "", wr_session_verdict_name(s->verdict),
                           s->not_enforced ? " (not enforced)" : "");
}

void wr_page_add_parties(wr_html *p, const wr_session *s)
{
    for (unsigned i = 0; i < s->n_parties; i++) {
        char at[WR_ENDPOINT_TEXT];
        if (i > 0)
            wr_page_add(p, " with ");
        if (s->parties[i].name != NULL) {
            wr_page_add(p, "<bdi>");
            wr_page_add_text(p, s->parties[i].name);
            wr_page_add(p, "</bdi> ");
        }
        g_string_append_printf(p->out, "(%s)", wr_endpoint_format_host(&s->parties[i].address, at));
    }
}

static void add_alarm(wr_html *p, wr_severity severity, const char *what, const char *where, const char *text)
{
    g_string_append_printf(p->out, "<tr><td><span class=\"badge %s\">%s</span></td><td class=\"nw\">%s</td><td>",
                           severity == WR_ERROR ? "bad" : "doubt", wr_severity_name(severity), what);
    wr_page_add_text(p, where);
    wr_page_add(p, "</td><td>");
    wr_page_add_text(p, text);
    wr_page_add(p, "</td></tr>\n");
}

/* The same of many legs or frames is one row. Calls stand in the overview. */
static void add_alarms(wr_html *p, const wr_first_screen *f)
{
    if (f->told->len == 0)
        return;
    wr_page_add(p,
                "<h3>Alarms: findings of severity error and warn</h3><table><thead><tr><th>Severity</th><th>Check</th>"
                "<th>Where</th><th>What</th></tr></thead><tbody>\n");
    for (unsigned i = 0; i < f->told->len && i < WR_MAX_ALARMS; i++) {
        const wr_told *t = g_ptr_array_index(f->told, i);
        char *frames = wr_told_frames(p->e, t), *calls = wr_told_calls(t);
        char *where = g_strdup_printf("%s%s%s", calls, *calls != '\0' && *frames != '\0' ? ", " : "", frames);
        char *what = t->varied ? g_strdup_printf("%u times, first: %s", t->n, t->first->message) : NULL;
        add_alarm(p, t->first->severity, t->first->check, where, what != NULL ? what : t->first->message);
        g_free(what);
        g_free(where);
        g_free(calls);
        g_free(frames);
    }
    wr_page_add(p, "</tbody></table>\n");
    if (f->told->len > WR_MAX_ALARMS)
        g_string_append_printf(p->out, "<p>and findings of %u more checks</p>\n", f->told->len - WR_MAX_ALARMS);
}

static void add_call_row(wr_html *p, const wr_session *s, bool with_meaning)
{
    char *start = wr_report_time(s->start_us);

    g_string_append_printf(p->out, "<tr><td class=\"nw\"><a href=\"#s%u\">s%u</a></td><td>", s->number, s->number);
    wr_page_add_badge(p, s);
    wr_page_add(p, "</td><td>");
    wr_page_add_parties(p, s);
    if (with_meaning) {
        wr_page_add(p, "</td><td>");
        wr_page_add_text(p, s->plain);
    }
    g_string_append_printf(p->out, "</td><td class=\"nw\">%s</td><td class=\"nw\">%u to %u</td></tr>\n", start,
                           s->first_frame, s->last_frame);
    g_free(start);
}

/* Calls of severity error and warn, or the others, whose plain sentence stands with each of them alone. */
static void add_call_rows(wr_html *p, const wr_first_screen *f, bool alarms)
{
    const char *title = alarms                                                   ? "Alarms, the worst first"
                        : f->by_severity[WR_ERROR] + f->by_severity[WR_WARN] > 0 ? "Other calls"
                                                                                 : "Calls";

    g_string_append_printf(p->out,
                           "<h3>%s</h3><table><thead><tr><th>Call</th><th>Verdict</th><th>Parties</th>%s"
                           "<th>Start</th><th>Frames</th></tr></thead><tbody>\n",
                           title, alarms ? "<th>What it means</th>" : "");
    for (unsigned i = 0; i < f->order->len; i++) {
        const wr_session *s = g_ptr_array_index(f->order, i);
        if ((s->severity >= WR_WARN) == alarms)
            add_call_row(p, s, alarms);
    }
    wr_page_add(p, "</tbody></table>\n");
}

/* No text of the capture is in it, but addresses. */
static void add_clocks(wr_html *p)
{
    GPtrArray *said = wr_report_clocks(p->e);

    for (unsigned i = 0; i < said->len; i++)
        g_string_append_printf(p->out, "%s<dd>%s</dd>", i == 0 ? "<dt>Clocks</dt>" : "",
                               (const char *)g_ptr_array_index(said, i));
    g_ptr_array_free(said, TRUE);
}

static void add_first_screen(wr_html *p)
{
    wr_first_screen *f = wr_first_screen_new(p->e, p->only);
    char *verdicts = wr_first_screen_verdicts(f), *findings = wr_first_screen_counts(f->findings);

    g_string_append_printf(p->out, "<dl><dt>Calls</dt><dd>%u%s%s</dd><dt>Findings</dt><dd>%s</dd>", f->order->len,
                           f->order->len > 0 ? ": " : "", verdicts, findings);
    add_clocks(p);
    g_string_append(p->out,
                    "</dl>\n<p><a href=\"#words\">What the words and colours mean</a> stands at the end.</p>\n");
    if (f->by_severity[WR_ERROR] + f->by_severity[WR_WARN] > 0)
        add_call_rows(p, f, true);
    add_alarms(p, f);
    if (f->by_severity[WR_NOTE] + f->by_severity[WR_CHAT] > 0)
        add_call_rows(p, f, false);
    if (f->order->len == 0)
        wr_page_add(
            p,
            "<p>No WebRTC call was found in this capture. That is no proof that there was none: what is set up over an "
            "encrypted connection, or carried elsewhere, is not seen here.</p>\n");
    g_free(verdicts);
    g_free(findings);
    wr_first_screen_free(f);
}

void wr_report_html(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink, void *data)
{
    wr_html p = {.e = e, .only = only, .origin = o, .sink = sink, .data = data, .out = g_string_new(NULL)};
    const GPtrArray *sessions;

    wr_engine_evaluate(e);
    sessions = wr_engine_sessions(e);
    p.findings = wr_report_findings(e);
    add_head(&p);
    add_first_screen(&p);
    flush(&p);
    for (unsigned i = 0; i < sessions->len; i++) {
        const wr_session *s = g_ptr_array_index(sessions, i);
        if (wanted(&p, s->number)) {
            wr_page_add_session(&p, s);
            flush(&p);
        }
    }
    if (wanted(&p, 0)) { /* findings that belong to no call */
        wr_page_add(&p, "<div id=\"capture\">");
        wr_page_add_findings(&p, 0);
        wr_page_add(&p, "</div>\n");
    }
    wr_page_note_words(&p);
    wr_page_add_words(&p);
    wr_page_add(&p, "</body></html>\n");
    flush(&p);
    g_hash_table_destroy(p.findings);
    g_string_free(p.out, TRUE);
}
