/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as SARIF 2.1.0, for pipelines that gather results of many tools. A result is a verdict on a call or a
 * finding; its place is a frame of the capture, which SARIF can name only as a logical location. */
#include "base/index.h"
#include "base/text.h"
#include "formats/json_write.h"
#include "report/check_words.h"
#include "report/origin.h"

#include <string.h>

typedef struct {
    wr_engine *e;
    GHashTable *only;
    const wr_report_origin *origin;
    json_object *rules, *results;
    GHashTable *rule_index; /* id -> index + 1 */
} writer;

/* From the wire or not: valid UTF-8 that does not disturb what shows it. */
static json_object *text(const char *t)
{
    char *clean = wr_text_clean(t, 0);
    json_object *v = wr_value_new_text(clean);

    g_free(clean);
    return v;
}

/* An object of one member, and an array of one element. */
static json_object *object_with(const char *name, json_object *value)
{
    json_object *o = json_object_new_object();

    json_object_object_add(o, name, value);
    return o;
}

static json_object *array_with(json_object *value)
{
    json_object *list = json_object_new_array();

    json_object_array_add(list, value);
    return list;
}

static json_object *message(const char *t)
{
    return object_with("text", text(t));
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

/* 3.49: what the rule is about, where more is said of it, and the public text that it rests on. A verdict (what is set)
 * has none: its rows in rules.md name several. */
static void describe(json_object *rule, const char *id, const char *what)
{
    const wr_check_words *check = what == NULL ? wr_check_words_of(id) : NULL;
    char *help, *link = NULL;

    if (check != NULL) {
        what = check->summary;
        link = wr_check_link(check);
    }
    if (what == NULL)
        return;
    json_object_object_add(rule, "shortDescription", message(what));
    help = g_strdup_printf("What it means, what to do and what it cannot tell: %s of these plugins, %s",
                           check != NULL ? "docs/checks.md" : "docs/verdicts.md", id);
    json_object_object_add(rule, "help", message(help));
    if (link != NULL)
        wr_value_put_text(rule, "helpUri", link);
    g_free(link);
    g_free(help);
}

static size_t rule(writer *w, const char *id, const char *asvs, const char *what)
{
    size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(w->rule_index, id));
    json_object *o, *tags;

    if (known != 0)
        return known - 1;
    o = object_with("id", wr_value_new_text(id));
    describe(o, id, what);
    tags = array_with(wr_value_new_text("security"));
    if (asvs != NULL) {
        char *tag = g_strdup_printf("OWASP ASVS 5 %s", asvs);
        json_object_array_add(tags, wr_value_new_text(tag));
        g_free(tag);
    }
    json_object_object_add(o, "properties", object_with("tags", tags));
    json_object_array_add(w->rules, o);
    known = wr_value_size(w->rules);
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

/* The file's place in the run's artifacts, of which the first is meant. */
static json_object *physical_location(const wr_origin_file *f)
{
    json_object *artifact = json_object_new_object();
    char *uri = uri_of(f);

    wr_value_put_text(artifact, "uri", uri);
    wr_value_put_integer(artifact, "index", 0);
    g_free(uri);
    return object_with("artifactLocation", artifact);
}

static json_object *logical_location(const char *name, const char *kind)
{
    json_object *o = json_object_new_object();

    wr_value_put_text(o, "name", name);
    wr_value_put_text(o, "kind", kind);
    return o;
}

static json_object *location(const writer *w, uint32_t frame, unsigned session)
{
    json_object *o = json_object_new_object(), *logical = json_object_new_array();
    char name[64], *place;

    if (w->origin->captures->len > 0)
        json_object_object_add(o, "physicalLocation", physical_location(g_ptr_array_index(w->origin->captures, 0)));
    if (session != 0) {
        g_snprintf(name, sizeof name, "s%u", session);
        json_object_array_add(logical, logical_location(name, "call"));
    }
    if (frame != 0) {
        place = wr_frame_name(w->e, frame);
        json_object_array_add(logical, logical_location(place, wr_frame_is_stated(frame) ? "statement" : "frame"));
        g_free(place);
    }
    json_object_object_add(o, "logicalLocations", logical);
    return o;
}

/* about: what the rule is about, where it is no check. */
static void result(writer *w, const char *id, const char *about, const char *asvs, wr_severity severity,
                   const char *what, uint32_t frame, unsigned session, json_object *properties)
{
    json_object *o = json_object_new_object();

    wr_value_put_text(o, "ruleId", id);
    wr_value_put_integer(o, "ruleIndex", (int64_t)rule(w, id, asvs, about));
    wr_value_put_text(o, "level", level(severity));
    json_object_object_add(o, "message", message(what));
    json_object_object_add(o, "locations", array_with(location(w, frame, session)));
    if (severity == WR_CHAT)
        wr_value_put_text(o, "kind", "informational");
    if (frame != 0 && !wr_frame_is_stated(frame))
        wr_value_put_integer(properties, "frame", frame);
    json_object_object_add(o, "properties", properties);
    json_object_array_add(w->results, o);
}

static json_object *texts(const GPtrArray *list)
{
    json_object *a = json_object_new_array();

    for (unsigned i = 0; i < list->len; i++)
        json_object_array_add(a, text(g_ptr_array_index(list, i)));
    return a;
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
        json_object *properties;
        char *id;
        if (!wanted(w, s->number))
            continue;
        id = g_strconcat("VERDICT/", wr_session_verdict_name(s->verdict), NULL);
        properties = json_object_new_object();
        wr_value_put_integer(properties, "firstFrame", s->first_frame);
        wr_value_put_integer(properties, "lastFrame", s->last_frame);
        json_object_object_add(properties, "unknown", texts(s->unknown));
        result(w, id, wr_verdict_what(s->verdict), NULL, s->severity, s->sentence, s->first_frame, s->number,
               properties);
        g_free(id);
    }
}

static void put_findings(writer *w)
{
    const GPtrArray *findings = wr_engine_findings(w->e);

    for (unsigned i = 0; i < findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(findings, i);
        json_object *properties;
        if (!wanted(w, f->session))
            continue;
        properties = json_object_new_object();
        if (f->basis != NULL)
            json_object_object_add(properties, "basis", text(f->basis));
        result(w, f->check, NULL, f->asvs, f->severity, f->message, f->frame, f->session, properties);
    }
}

static json_object *artifacts(const writer *w)
{
    json_object *list = json_object_new_array();

    for (unsigned i = 0; i < w->origin->captures->len; i++) {
        const wr_origin_file *f = g_ptr_array_index(w->origin->captures, i);
        char *uri = uri_of(f);
        json_object *o = object_with("location", object_with("uri", wr_value_new_text(uri)));
        if (f->sha256 != NULL) {
            wr_value_put_integer(o, "length", (int64_t)f->size);
            json_object_object_add(o, "hashes", object_with("sha-256", wr_value_new_text(f->sha256)));
        }
        json_object_array_add(list, o);
        g_free(uri);
    }
    return list;
}

static json_object *invocation(const writer *w)
{
    const GPtrArray *limits = wr_engine_limits_reached(w->e);
    json_object *o = json_object_new_object(), *notes = json_object_new_array();

    for (unsigned i = 0; i < limits->len; i++) {
        char *what = g_strdup_printf("Bound reached: %s; what came after it is not in this report",
                                     (const char *)g_ptr_array_index(limits, i));
        json_object *note = object_with("level", wr_value_new_text("warning"));
        json_object_object_add(note, "message", message(what));
        json_object_array_add(notes, note);
        g_free(what);
    }
    json_object_object_add(o, "executionSuccessful", json_object_new_boolean(true));
    json_object_object_add(o, "toolExecutionNotifications", notes);
    return o;
}

static json_object *driver(const writer *w)
{
    json_object *o = json_object_new_object();

    wr_value_put_text(o, "name", "wireshark-webrtc");
    wr_value_put_text(o, "version", w->origin->plugin_version);
    json_object_object_add(o, "rules", w->rules);
    return o;
}

static json_object *run(const writer *w)
{
    json_object *o = json_object_new_object(), *properties = json_object_new_object();

    json_object_object_add(o, "tool", object_with("driver", driver(w)));
    json_object_object_add(o, "artifacts", artifacts(w));
    json_object_object_add(o, "invocations", array_with(invocation(w)));
    json_object_object_add(o, "results", w->results);
    wr_value_put_text(properties, "wireshark", w->origin->wireshark_version);
    wr_value_put_integer(properties, "packets", (int64_t)wr_engine_packets(w->e));
    json_object_object_add(properties, "preferences", texts(w->origin->preferences));
    json_object_object_add(o, "properties", properties);
    return o;
}

void wr_report_sarif(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink, void *data)
{
    writer w = {
        .e = e, .only = only, .origin = o, .rules = json_object_new_array(), .results = json_object_new_array()};
    json_object *log = json_object_new_object();
    char *out, *line;

    wr_engine_evaluate(e);
    w.rule_index = g_hash_table_new_full(wr_text_hash, g_str_equal, g_free, NULL);
    put_verdicts(&w);
    put_findings(&w);
    wr_value_put_text(log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    wr_value_put_text(log, "version", "2.1.0");
    json_object_object_add(log, "runs", array_with(run(&w)));
    out = wr_value_write(log, true);
    line = g_strconcat(out, "\n", NULL);
    sink(line, data);
    g_free(line);
    g_free(out);
    json_object_put(log);
    g_hash_table_destroy(w.rule_index);
}
