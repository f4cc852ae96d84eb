/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for people: one block a call, then what limits the whole. */
#include "base/text.h"
#include "beside.h"
#include "clocks.h"
#include "first_screen.h"
#include "inputs.h"
#include "media_proof.h"
#include "report/origin.h"
#include "shared.h"
#include "standing.h"
#include "verdict/plain_words.h"

#include <stdarg.h>
#include <string.h>

typedef struct {
    wr_engine *e;
    wr_report_sink sink;
    void *data;
    GHashTable *findings; /* by session */
    unsigned width;       /* characters of a line */
} writer;

static void put(const writer *w, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void put(const writer *w, const char *format, ...)
{
    va_list args;
    char *line;

    va_start(args, format);
    line = g_strdup_vprintf(format, args);
    va_end(args);
    w->sink(line, w->data);
    g_free(line);
}

/* Text broken into lines behind a label. What came from the wire loses its control characters. */
static void put_wrapped(const writer *w, const char *label, const char *text)
{
    char **words;
    GString *line = g_string_new(NULL);
    char *clean = wr_text_clean(text, 0);

    words = g_strsplit(clean, " ", -1);
    g_string_append_printf(line, "  %-13s", label);
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (line->len > 15 && line->len + strlen(words[i]) + 1 > w->width) {
            put(w, "%s\n", line->str);
            g_string_assign(line, "               ");
        }
        g_string_append_printf(line, "%s%s", line->len > 15 ? " " : "", words[i]);
    }
    put(w, "%s\n", line->str);
    g_strfreev(words);
    g_string_free(line, TRUE);
    g_free(clean);
}

static char *time_text(int64_t us)
{
    GDateTime *t = g_date_time_new_from_unix_utc(us / 1000000);
    char *date = t == NULL ? g_strdup("?") : g_date_time_format(t, "%Y-%m-%d %H:%M:%S");
    char *text = g_strdup_printf("%s.%03d UTC", date, (int)(us % 1000000 / 1000));

    if (t != NULL)
        g_date_time_unref(t);
    g_free(date);
    return text;
}

static void put_parties(const writer *w, const wr_session *s)
{
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < s->n_parties; i++) {
        char at[WR_ENDPOINT_TEXT];
        if (i > 0)
            g_string_append(out, " with ");
        if (s->parties[i].name != NULL)
            g_string_append_printf(out, "%s (%s)", s->parties[i].name,
                                   wr_endpoint_format_host(&s->parties[i].address, at));
        else
            g_string_append(out, wr_endpoint_format_host(&s->parties[i].address, at));
    }
    if (s->call != NULL)
        g_string_append_printf(out, ", call \"%s\"", s->call);
    put_wrapped(w, "Who", out->str);
    g_string_free(out, TRUE);
}

static void say_way(GString *out, const wr_copy *c)
{
    char at[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];

    if (!wr_copy_is_stated(c))
        g_string_append_printf(out, " from %s to %s, %s%s", wr_endpoint_format(&c->src, at),
                               wr_endpoint_format(&c->dst, to), c->protected_transport ? "protected " : "in clear ",
                               wr_carrier_name(c->carrier));
}

static void put_description(const writer *w, const wr_session *s, const wr_copy *c)
{
    GString *out = g_string_new(NULL);
    wr_effective a = wr_sdp_effective(c->sdp, c->sdp->n_sections > 0 ? &c->sdp->sections[0] : NULL);
    char *place = wr_frame_name(w->e, c->frame);

    g_string_append_printf(out, "%s, %s", place, wr_copy_kind_name(c));
    g_free(place);
    say_way(out, c);
    g_string_append_printf(out, "%s",
                           c->direction == WR_DIRECTION_EMITTED     ? ", as sent by the client"
                           : c->direction == WR_DIRECTION_DELIVERED ? ", as delivered to the client"
                                                                    : "");
    if (wr_report_is_of_strangers(s, c))
        g_string_append(out, ", between hosts that nothing ties to the call's parties");
    for (unsigned i = 0; i < a.n_fingerprints && i < 4; i++) {
        char text[WR_DIGEST_TEXT];
        g_string_append_printf(out, "; %s %s", wr_hash_name(a.fingerprints[i].hash),
                               wr_digest_format(a.fingerprints[i].value, a.fingerprints[i].length, text));
    }
    put_wrapped(w, "Announced", out->str);
    g_string_free(out, TRUE);
}

/* A verified association is no good sign where what it agrees with is not what was issued. */
static const char *substituted(const wr_session *s, const wr_association *a)
{
    return wr_presented_is_substitute(s, &a->side[0].presented) || wr_presented_is_substitute(s, &a->side[1].presented)
               ? "made with a substitute, "
               : "";
}

static void put_association(const writer *w, const wr_session *s, const wr_association *a)
{
    static const char *const role[] = {"client", "server"};
    char at[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];
    GString *out = g_string_new(NULL);
    char *proof = wr_report_media_proof(s, a), *standing;

    g_string_append_printf(out, "a%u from frame %u, %s and %s, %s%s: %s%s", a->number, a->first_frame,
                           wr_endpoint_format(&a->side[0].end, at), wr_endpoint_format(&a->side[1].end, to),
                           a->version != 0 ? wr_dtls_version_name(a->version) : "version unknown",
                           a->relayed   ? ", relayed by TURN"
                           : a->in_stun ? ", inside STUN"
                                        : "",
                           substituted(s, a), wr_association_verdict_name(a->verdict));
    if (wr_binding_name(a->binding) != NULL)
        g_string_append_printf(out, " (binding %s)", wr_binding_name(a->binding));
    put_wrapped(w, "Presented", out->str);
    standing = wr_report_standing(a);
    put_wrapped(w, "", standing);
    g_free(standing);
    for (int i = 1; i >= 0; i--) {
        const wr_presented *p = &a->side[i].presented;
        char text[WR_DIGEST_TEXT], *announced;
        g_string_printf(out, "%s, %s %s%s", wr_endpoint_format_host(&a->side[i].end, at), role[i],
                        wr_presented_is_substitute(s, p) ? "matches the substitute, " : "",
                        wr_cert_verdict_name(p->verdict));
        if (p->certificate != NULL)
            g_string_append_printf(out, ", frame %u, sha-256 %s", p->frame,
                                   wr_digest_format(p->certificate->sha256, 32, text));
        else if (p->stated != NULL)
            g_string_append_printf(out, " by the statement of an endpoint, sha-256 %s",
                                   wr_digest_format(p->stated->sha256, 32, text));
        announced = wr_report_as_announced(w->e, p);
        if (announced != NULL)
            g_string_append_printf(out, ", %s", announced);
        g_free(announced);
        if (p->other != NULL)
            g_string_append_printf(out, " by the certificate in frame %u, sha-256 %s", p->frame_other,
                                   wr_digest_format(p->other->sha256, 32, text));
        put_wrapped(w, "", out->str);
    }
    g_string_free(out, TRUE);
    if (proof != NULL)
        put_wrapped(w, "Media", proof);
    g_free(proof);
    proof = wr_report_data_channels(a);
    if (proof != NULL)
        put_wrapped(w, "Data", proof);
    g_free(proof);
}

/* Of the call of that number; 0: of none. */
static void put_findings(const writer *w, unsigned number)
{
    const GPtrArray *findings = g_hash_table_lookup(w->findings, GUINT_TO_POINTER(number));

    GPtrArray *told = wr_report_told(findings, WR_NOTE, true);

    for (unsigned i = 0; i < told->len; i++) {
        const wr_told *t = g_ptr_array_index(told, i);
        const wr_finding *f = t->first;
        char *frames = wr_told_frames(w->e, t);
        char *text = g_strdup_printf("%s %s%s%s: %s", wr_severity_name(f->severity), f->check,
                                     *frames != '\0' ? ", " : "", frames, f->message);
        put_wrapped(w, "Finding", text);
        g_free(text);
        g_free(frames);
    }
    g_ptr_array_free(told, TRUE);
}

/* What it means, exactly what it is, how sure that is, and what to do. */
static void put_judgement(const writer *w, const wr_session *s)
{
    const char *weakest = wr_weakest_link(s);
    char number[WR_SAFETY_NUMBER];
    GPtrArray *beside;
    bool presented;

    put_wrapped(w, "In short", s->plain);
    beside = wr_report_beside(s, g_hash_table_lookup(w->findings, GUINT_TO_POINTER(s->number)));
    for (unsigned i = 0; i < beside->len; i++)
        put_wrapped(w, i == 0 ? "Note well" : "", g_ptr_array_index(beside, i));
    g_ptr_array_free(beside, TRUE);
    put_wrapped(w, "Verdict", s->sentence);
    if (weakest != NULL)
        put_wrapped(w, "Hangs on", weakest);
    for (unsigned i = 0; i < s->alternatives->len; i++)
        put_wrapped(w, "Or else", g_ptr_array_index(s->alternatives, i));
    for (unsigned i = 0; i < s->unknown->len; i++)
        put_wrapped(w, "Unknown", g_ptr_array_index(s->unknown, i));
    put_wrapped(w, "What to do", s->advice);
    if (wr_safety_number(s, number, &presented)) {
        char *text = g_strdup_printf("safety number %s, of the two %s", number, wr_safety_number_of(presented));
        put_wrapped(w, "Read aloud", text);
        g_free(text);
    } else if (wr_safety_number_missing(s) != NULL) {
        char *text = g_strdup_printf("safety number: %s", wr_safety_number_missing(s));
        put_wrapped(w, "Read aloud", text);
        g_free(text);
    }
}

/* What concerns the capture as a whole, such as a relay that serves everybody. */
static void put_of_no_call(const writer *w)
{
    const GPtrArray *findings = g_hash_table_lookup(w->findings, GUINT_TO_POINTER(0));

    if (findings == NULL || findings->len == 0 ||
        ((const wr_finding *)g_ptr_array_index(findings, 0))->severity < WR_NOTE)
        return;
    put(w, "\nOf no call, or of several\n");
    put_findings(w, 0);
}

static void put_session(const writer *w, const wr_session *s)
{
    char *start = time_text(s->start_us), *end = time_text(s->end_us), *shared = wr_report_shared(s);

    put(w, "\nCall s%u: %s%s\n", s->number, wr_session_verdict_name(s->verdict),
        s->not_enforced ? " (not enforced)" : "");
    put_judgement(w, s);
    put_parties(w, s);
    if (s->first_frame != 0)
        put(w, "  When         %s to %s, frames %u to %u\n", start, end, s->first_frame, s->last_frame);
    for (unsigned i = 0; i < s->copies->len && i < 16; i++)
        put_description(w, s, g_ptr_array_index(s->copies, i));
    if (s->copies->len > 16)
        put(w, "               and %u more\n", s->copies->len - 16);
    for (unsigned i = 0; i < s->associations->len && i < 16; i++)
        put_association(w, s, g_ptr_array_index(s->associations, i));
    if (s->associations->len > 16)
        put(w, "               and %u more\n", s->associations->len - 16);
    if (shared != NULL)
        put_wrapped(w, "Shared", shared);
    put_findings(w, s->number);
    g_free(shared);
    g_free(start);
    g_free(end);
}

/* ---- first screen ---- */

static void put_alarm(const writer *w, wr_severity severity, const char *who, const char *frames, const char *what)
{
    char *text = g_strdup_printf("%s%s%s: %s", who, *frames != '\0' && *who != '\0' ? ", " : "", frames, what);

    put_wrapped(w, wr_severity_name(severity), text);
    g_free(text);
}

static void put_alarmed_call(const writer *w, const wr_session *s)
{
    char who[64], frames[64];

    g_snprintf(who, sizeof who, "call s%u %s", s->number, wr_session_verdict_name(s->verdict));
    *frames = '\0';
    if (s->first_frame != 0)
        g_snprintf(frames, sizeof frames, "frames %u to %u", s->first_frame, s->last_frame);
    put_alarm(w, s->severity, who, frames, s->plain);
}

static void put_alarmed_finding(const writer *w, const wr_told *t)
{
    char *frames = wr_told_frames(w->e, t), *calls = wr_told_calls(t);
    char *who = g_strdup_printf("%s%s%s", t->first->check, *calls != '\0' ? " in " : "", calls);
    char *what =
        t->varied ? g_strdup_printf("%u times, first: %s", t->n, t->first->message) : g_strdup(t->first->message);

    put_alarm(w, t->first->severity, who, frames, what);
    g_free(what);
    g_free(who);
    g_free(calls);
    g_free(frames);
}

/* Errors before warnings, calls before findings. */
static void put_alarms(const writer *w, const wr_first_screen *f)
{
    unsigned calls = 0, findings = 0;

    if (f->by_severity[WR_ERROR] + f->by_severity[WR_WARN] + f->told->len == 0)
        return;
    put(w, "\nAlarms, the worst first\n");
    for (int severity = WR_ERROR; severity >= WR_WARN; severity--) {
        for (unsigned i = 0; i < f->order->len; i++) {
            const wr_session *s = g_ptr_array_index(f->order, i);
            if ((int)s->severity == severity && calls++ < WR_MAX_ALARMS)
                put_alarmed_call(w, s);
        }
        for (unsigned i = 0; i < f->told->len; i++) {
            const wr_told *t = g_ptr_array_index(f->told, i);
            if ((int)t->first->severity == severity && findings++ < WR_MAX_ALARMS)
                put_alarmed_finding(w, t);
        }
    }
    if (calls > WR_MAX_ALARMS)
        put(w, "               and %u more calls\n", calls - WR_MAX_ALARMS);
    if (findings > WR_MAX_ALARMS)
        put(w, "               and findings of %u more checks\n", findings - WR_MAX_ALARMS);
}

static void put_first_screen(const writer *w, GHashTable *only)
{
    wr_first_screen *f = wr_first_screen_new(w->e, only);
    char *verdicts = wr_first_screen_verdicts(f), *findings = wr_first_screen_counts(f->findings);

    if (f->order->len > 0)
        put_wrapped(w, "Verdicts", verdicts);
    put_wrapped(w, "Findings", findings);
    put_alarms(w, f);
    g_free(verdicts);
    g_free(findings);
    wr_first_screen_free(f);
}

static void put_clocks(const writer *w)
{
    GPtrArray *said = wr_report_clocks(w->e);

    for (unsigned i = 0; i < said->len; i++)
        put_wrapped(w, i == 0 ? "Clocks" : "", g_ptr_array_index(said, i));
    g_ptr_array_free(said, TRUE);
}

void wr_report_text_of_width(wr_engine *e, GHashTable *only, unsigned width, wr_report_sink sink, void *data)
{
    writer w = {.e = e, .width = width, .sink = sink, .data = data};
    const wr_left_out left = wr_engine_left_out(e);
    const GPtrArray *sessions, *limits;
    unsigned n;

    wr_engine_evaluate(e);
    sessions = wr_engine_sessions(e);
    limits = wr_engine_limits_reached(e);
    w.findings = wr_report_findings(e);
    n = only == NULL ? sessions->len : g_hash_table_size(only);
    put(&w, "WebRTC audit: %u call%s, %u packets\n", n, n == 1 ? "" : "s", wr_engine_packets(e));
    if (left.packets > 0)
        put(&w,
            "  Thinned: %u packets of media, %" G_GUINT64_FORMAT " bytes, were left out before, and are counted; not "
            "looked for, since they need each of them: " WR_NEED_EACH_PACKET "\n",
            left.packets, left.bytes);
    for (unsigned i = 0; i < limits->len; i++)
        put(&w, "  This report is incomplete. Bound reached: %s; what came after it is not in this report\n",
            (const char *)g_ptr_array_index(limits, i));
    put_clocks(&w);
    put_first_screen(&w, only);
    for (unsigned i = 0; i < sessions->len; i++) {
        const wr_session *s = g_ptr_array_index(sessions, i);
        if (only == NULL || g_hash_table_contains(only, GUINT_TO_POINTER(s->number)))
            put_session(&w, s);
    }
    if (only == NULL)
        put_of_no_call(&w);
    if (n > 0)
        put_wrapped(&w, "Words",
                    "docs/verdicts.md says what each verdict means and how sure it is, docs/checks.md each "
                    "check, docs/glossary.md the words; error, warn, note, chat: serious, unusual, worth "
                    "knowing, the usual course");
    g_hash_table_destroy(w.findings);
}

void wr_report_text(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data)
{
    wr_report_text_of_width(e, only, 100, sink, data);
}
