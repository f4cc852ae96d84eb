/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as SARIF 2.1.0, for pipelines that gather results of many tools. A result is a verdict on a call or a finding;
 * its place is a frame of the capture, which SARIF can name only as a logical location. */
#include "report_origin.h"
#include "text.h"

#include <jansson.h>
#include <string.h>

typedef struct {
    wr_engine *e;
    GHashTable *only;
    const wr_report_origin *origin;
    json_t *rules, *results;
    GHashTable *rule_index; /* id -> index + 1 */
} writer;

/* From the wire or not: valid UTF-8 that does not disturb what shows it. */
static json_t *text(const char *t)
{
    char *clean = wr_text_clean(t, 0);
    json_t *v = json_string(clean);

    g_free(clean);
    return v != NULL ? v : json_string("");
}

static json_t *message(const char *t)
{
    return json_pack("{s:o}", "text", text(t));
}

static const char *level(wr_severity s)
{
    switch (s) {
    case WR_ERROR:
        return "error";
    case WR_WARN:
        return "warning";
    case WR_NOTE:
        return "note";
    default:
        return "none";
    }
}

static size_t rule(writer *w, const char *id, const char *asvs)
{
    size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(w->rule_index, id));
    json_t *o;

    if (known != 0) {
        return known - 1;
    }
    o = json_pack("{s:s}", "id", id);
    if (asvs != NULL) {
        char *tag = g_strdup_printf("OWASP ASVS 5 %s", asvs);
        json_object_set_new(o, "properties", json_pack("{s:[s,s]}", "tags", "security", tag));
        g_free(tag);
    } else {
        json_object_set_new(o, "properties", json_pack("{s:[s]}", "tags", "security"));
    }
    json_array_append_new(w->rules, o);
    known = json_array_size(w->rules);
    g_hash_table_insert(w->rule_index, g_strdup(id), GSIZE_TO_POINTER(known));
    return known - 1;
}

static char *uri_of(const wr_origin_file *f)
{
    char *valid = g_utf8_make_valid(f->name, -1);
    char *uri = g_uri_escape_string(valid, NULL, FALSE);

    g_free(valid);
    return uri;
}

static json_t *location(const writer *w, uint32_t frame, unsigned session)
{
    json_t *o = json_object(), *logical = json_array();
    char name[64];

    if (w->origin->captures->len > 0) {
        char *uri = uri_of(g_ptr_array_index(w->origin->captures, 0));
        json_object_set_new(o, "physicalLocation", json_pack("{s:{s:s,s:i}}", "artifactLocation", "uri", uri, "index", 0));
        g_free(uri);
    }
    if (session != 0) {
        g_snprintf(name, sizeof name, "s%u", session);
        json_array_append_new(logical, json_pack("{s:s,s:s}", "name", name, "kind", "call"));
    }
    if (frame != 0) {
        g_snprintf(name, sizeof name, "frame %u", frame);
        json_array_append_new(logical, json_pack("{s:s,s:s}", "name", name, "kind", "frame"));
    }
    json_object_set_new(o, "logicalLocations", logical);
    return o;
}

static void result(writer *w, const char *id, const char *asvs, wr_severity severity, const char *what, uint32_t frame, unsigned session,
                   json_t *properties)
{
    json_t *o = json_pack("{s:s,s:I,s:s,s:o,s:[o]}", "ruleId", id, "ruleIndex", (json_int_t)rule(w, id, asvs), "level", level(severity), "message",
                          message(what), "locations", location(w, frame, session));

    if (severity == WR_CHAT) {
        json_object_set_new(o, "kind", json_string("informational"));
    }
    if (frame != 0) {
        json_object_set_new(properties, "frame", json_integer(frame));
    }
    json_object_set_new(o, "properties", properties);
    json_array_append_new(w->results, o);
}

static bool wanted(const writer *w, unsigned session)
{
    return w->only == NULL || g_hash_table_contains(w->only, GUINT_TO_POINTER(session));
}

static void put_verdicts(writer *w)
{
    const GPtrArray *sessions = wr_engine_sessions(w->e);

    for (unsigned i = 0; i < sessions->len; i++) {
        const wr_session *s = g_ptr_array_index(sessions, i);
        json_t *properties, *unknown;
        char *id;
        if (!wanted(w, s->number)) {
            continue;
        }
        id = g_strconcat("VERDICT/", wr_session_verdict_name(s->verdict), NULL);
        unknown = json_array();
        for (unsigned j = 0; j < s->unknown->len; j++) {
            json_array_append_new(unknown, text(g_ptr_array_index(s->unknown, j)));
        }
        properties = json_pack("{s:I,s:I,s:o}", "firstFrame", (json_int_t)s->first_frame, "lastFrame",
                               (json_int_t)s->last_frame, "unknown", unknown);
        result(w, id, NULL, s->severity, s->statement, s->first_frame, s->number, properties);
        g_free(id);
    }
}

static void put_findings(writer *w)
{
    const GPtrArray *findings = wr_engine_findings(w->e);

    for (unsigned i = 0; i < findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(findings, i);
        json_t *properties;
        if (!wanted(w, f->session)) {
            continue;
        }
        properties = json_object();
        if (f->basis != NULL) {
            json_object_set_new(properties, "basis", text(f->basis));
        }
        result(w, f->check, f->asvs, f->severity, f->message, f->frame, f->session, properties);
    }
}

static json_t *artifacts(const writer *w)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < w->origin->captures->len; i++) {
        const wr_origin_file *f = g_ptr_array_index(w->origin->captures, i);
        char *uri = uri_of(f);
        json_t *o = json_pack("{s:{s:s}}", "location", "uri", uri);
        if (f->sha256 != NULL) {
            json_object_set_new(o, "length", json_integer((json_int_t)f->size));
            json_object_set_new(o, "hashes", json_pack("{s:s}", "sha-256", f->sha256));
        }
        json_array_append_new(list, o);
        g_free(uri);
    }
    return list;
}

static json_t *invocation(const writer *w)
{
    const GPtrArray *limits = wr_engine_limits_reached(w->e);
    json_t *notes = json_array();

    for (unsigned i = 0; i < limits->len; i++) {
        char *what = g_strdup_printf("Bound reached: %s; what came after it is not in this report", (const char *)g_ptr_array_index(limits, i));
        json_array_append_new(notes, json_pack("{s:s,s:o}", "level", "warning", "message", message(what)));
        g_free(what);
    }
    return json_pack("{s:b,s:o}", "executionSuccessful", 1, "toolExecutionNotifications", notes);
}

static json_t *strings(const GPtrArray *list)
{
    json_t *a = json_array();

    for (unsigned i = 0; i < list->len; i++) {
        json_array_append_new(a, text(g_ptr_array_index(list, i)));
    }
    return a;
}

void wr_report_sarif(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink, void *data)
{
    writer w = {.e = e, .only = only, .origin = o, .rules = json_array(), .results = json_array()};
    json_t *run, *log;
    char *out, *line;

    wr_engine_evaluate(e);
    w.rule_index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    put_verdicts(&w);
    put_findings(&w);
    run = json_pack("{s:{s:{s:s,s:s,s:o}},s:o,s:[o],s:o}", "tool", "driver", "name", "wireshark-webrtc", "version", o->plugin_version, "rules",
                    w.rules, "artifacts", artifacts(&w), "invocations", invocation(&w), "results", w.results);
    json_object_set_new(run, "properties", json_pack("{s:s,s:I,s:o}", "wireshark", o->wireshark_version, "packets",
                                                     (json_int_t)wr_engine_packets(e), "preferences", strings(o->preferences)));
    log = json_pack("{s:s,s:s,s:[o]}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0", "runs", run);
    out = json_dumps(log, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII);
    line = g_strconcat(out != NULL ? out : "{}", "\n", NULL);
    sink(line, data);
    g_free(line);
    free(out);
    json_decref(log);
    g_hash_table_destroy(w.rule_index);
}
