/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are one JSON text: what each place in it means decides what it is. Only single values are ever held.
 */
#include "reader.h"

#include "base/text.h"
#include "find/keywords.h"
#include "formats/json_stream.h"
#include "formats/json_text.h"

#include <string.h>

#define MAX_REPORTS 4096
#define LARGE       65536 /* bytes of a body that is not read without a word by which it may matter */

typedef struct {
    wr_testimony *t;
    wr_json_stream *stream;
    json_object *statistics; /* of the connection that is being read, or of the whole */
    json_object *report;     /* members of a report of Firefox that is the whole text */
    wr_peer_connection *pc;
    char *pc_name;
    wr_har *har;
    wr_rtcstats *rtcstats; /* of a list of its events */
    void *rest;            /* reads what has no known form, as lines of a log; NULL: nothing so far */
    unsigned n_reports;
    uint64_t unreadable;
} file;

static bool is_at(const wr_json_way *way, unsigned level, const char *name)
{
    return level < way->depth && way->name[level] != NULL && strcmp(way->name[level], name) == 0;
}

static bool is_dump(const wr_json_way *way)
{
    return is_at(way, 0, "PeerConnections") || is_at(way, 0, "peerConnections");
}

/* ---- what is looked at ---- */

static wr_json_choice choose_in_entry(const wr_json_way *way)
{
    static const char *const members[] = {"request", "response", "startedDateTime", "time", "pageref", "_resourceType"};

    if (way->depth == 4 && is_at(way, 3, "_webSocketMessages"))
        return WR_JSON_DESCEND;
    for (size_t i = 0; way->depth == 4 && i < G_N_ELEMENTS(members); i++)
        if (is_at(way, 3, members[i]))
            return WR_JSON_TAKE;
    return way->depth == 5 && is_at(way, 3, "_webSocketMessages") ? WR_JSON_TAKE : WR_JSON_SKIP;
}

static wr_json_choice choose_in_har(const wr_json_way *way)
{
    if (way->depth == 1)
        return WR_JSON_DESCEND;
    if (!is_at(way, 1, "entries"))
        return WR_JSON_SKIP;
    return way->depth <= 3 ? WR_JSON_DESCEND : choose_in_entry(way);
}

/* PeerConnections: an object each, with its log and its statistics. peerConnections, of rtcstats: a log each. */
static wr_json_choice choose_in_dump(const wr_json_way *way)
{
    if (way->depth <= 2)
        return WR_JSON_DESCEND;
    if (way->name[2] == NULL)
        return WR_JSON_TAKE;
    if (!is_at(way, 2, "updateLog") && !is_at(way, 2, "stats"))
        return WR_JSON_SKIP;
    return way->depth == 3 ? WR_JSON_DESCEND : WR_JSON_TAKE;
}

static wr_json_choice choose(void *user, const wr_json_way *way)
{
    (void)user;
    if (way->depth == 0)
        return WR_JSON_DESCEND;
    if (is_at(way, 0, "log"))
        return choose_in_har(way);
    if (is_dump(way))
        return choose_in_dump(way);
    if (is_at(way, 0, "getUserMedia"))
        return WR_JSON_SKIP;
    if (way->depth == 1 && (is_at(way, 0, "stats") || is_at(way, 0, "reports") || is_at(way, 0, "sdpHistories")))
        return WR_JSON_DESCEND;
    return way->depth <= 2 ? WR_JSON_TAKE : WR_JSON_SKIP;
}

/* ---- what is found ---- */

/* What some program wrote of its descriptions and statistics, in a form of its own: {"localDescription": {"type": …,
 * "sdp": …}}. */
static void take_other(file *f, const char *name, const json_object *value)
{
    const wr_testimony_kind kind = f->t->kind;
    const char *text = json_object_to_json_string_ext((json_object *)(uintptr_t)value, JSON_C_TO_STRING_PLAIN);
    const size_t len = strlen(text);
    char *line;

    if (!wr_unwrap_has_needle((const uint8_t *)text, len))
        return;
    if (f->rest == NULL)
        f->rest = wr_text_reader.open(f->t);
    if (kind != WR_TESTIMONY_NONE)
        f->t->kind = kind;
    line = g_strdup_printf("%s: %s\n", name != NULL ? name : "", text);
    wr_text_reader.feed(f->rest, (const uint8_t *)line, strlen(line));
    g_free(line);
}

static void close_connection(file *f)
{
    wr_statistics_read(f->t, f->statistics);
    json_object_put(f->statistics);
    f->statistics = json_object_new_object();
    g_clear_pointer(&f->pc, wr_peer_connection_free);
    g_clear_pointer(&f->pc_name, g_free);
}

static void open_connection(file *f, const char *name)
{
    if (f->pc_name != NULL && strcmp(f->pc_name, name) == 0)
        return;
    close_connection(f);
    f->pc_name = g_strdup(name);
    f->pc = wr_peer_connection_new(f->t, name);
}

static void take_of_dump(file *f, const wr_json_way *way, const json_object *value)
{
    const json_object *time = wr_value_member(value, wr_value_has(value, "time") ? "time" : "timestamp");
    const char *method = wr_value_string(wr_value_member(value, "type"));

    open_connection(f, way->name[1] != NULL ? way->name[1] : "");
    if (is_at(way, 2, "stats") && way->name[3] != NULL)
        wr_statistics_keep_series(f->statistics, way->name[3], value);
    else if (method != NULL)
        wr_peer_connection_event(f->pc, method, wr_value_member(value, "value"), wr_told_time(time));
}

static void take_of_har(file *f, const wr_json_way *way, const json_object *value)
{
    if (f->har == NULL)
        f->har = wr_har_new(f->t);
    if (way->depth == 5)
        wr_har_message(f->har, value);
    else if (way->name[3] != NULL)
        wr_har_member(f->har, way->name[3], value);
}

/* A member of the whole, or of its "stats": statistics by their identifier, or parts of a report. */
static void take_named(file *f, const wr_json_way *way, json_object *value)
{
    const char *name = way->name[way->depth - 1];

    if (wr_value_is_object(value))
        if (wr_statistics_wanted(wr_value_string(wr_value_member(value, "type"))) &&
            wr_value_members(f->statistics) < WR_MAX_STATEMENTS * 8)
            json_object_object_add(f->statistics, name, json_object_get(value));
        else
            take_other(f, name, value);
    else if (way->depth == 1 && strcmp(name, "UserAgent") == 0 && f->t->user_agent == NULL)
        f->t->user_agent = g_strndup(wr_value_string(value) != NULL ? wr_value_string(value) : "", 512);
    else if (way->depth == 1 && wr_value_members(f->report) < 64)
        json_object_object_add(f->report, name, json_object_get(value));
}

/* An element of a list: a report of Firefox, an event of rtcstats, statistics, or [identifier, statistics], as Map
 * entries are written out. */
static void take_element(file *f, json_object *value)
{
    if (wr_rtcstats_is_event(value)) {
        if (f->rtcstats == NULL)
            f->rtcstats = wr_rtcstats_new(f->t);
        wr_rtcstats_event(f->rtcstats, value);
    } else if (wr_firefox_is_report(value)) {
        if (f->n_reports < MAX_REPORTS)
            wr_firefox_read(f->t, value, ++f->n_reports);
    } else if (!wr_statistics_keep(f->statistics, wr_value_is_array(value) ? wr_value_element(value, 1) : value)) {
        take_other(f, NULL, value);
    }
}

/* Programs, pictures and the like, of which most of an archive consists: not read any further. */
static bool is_large_and_idle(const wr_json_way *way, const uint8_t *bytes, size_t len)
{
    return len > LARGE && way->depth == 4 && is_at(way, 0, "log") && is_at(way, 3, "response") &&
           !wr_unwrap_has_needle(bytes, len) && wr_text_find((const char *)bytes, len, "\"base64\"") == NULL;
}

static void take(void *user, const wr_json_way *way, const uint8_t *bytes, size_t len)
{
    file *f = user;
    char *wrapped;
    json_object *list, *value;

    if (is_large_and_idle(way, bytes, len))
        return;
    wrapped = g_malloc(len + 2); /* a value alone is read as the element of a list */
    wrapped[0] = '[';
    memcpy(wrapped + 1, bytes, len);
    wrapped[len + 1] = ']';
    list = wr_json_read_whole((const uint8_t *)wrapped, len + 2, NULL);
    g_free(wrapped);
    if (list == NULL || wr_value_size(list) != 1) {
        f->unreadable++;
        json_object_put(list);
        return;
    }
    value = wr_value_element(list, 0);
    if (is_at(way, 0, "log"))
        take_of_har(f, way, value);
    else if (is_dump(way) && way->depth >= 3)
        take_of_dump(f, way, value);
    else if (way->name[way->depth - 1] != NULL)
        take_named(f, way, value);
    else
        take_element(f, value);
    json_object_put(list);
}

static void leave(void *user, const wr_json_way *way)
{
    file *f = user;

    if (way->depth == 3 && is_at(way, 0, "log") && is_at(way, 1, "entries") && f->har != NULL)
        wr_har_entry_ends(f->har);
    else if (way->depth == 2 && is_dump(way))
        close_connection(f);
    if (way->depth == 1 && is_at(way, 0, "PeerConnections"))
        f->t->kind = WR_TESTIMONY_INTERNALS;
    else if (way->depth == 1 && is_at(way, 0, "peerConnections"))
        f->t->kind = WR_TESTIMONY_RTCSTATS;
    else if (way->depth == 2 && is_at(way, 0, "log") && is_at(way, 1, "entries"))
        f->t->kind = WR_TESTIMONY_HAR;
}

/* ---- the reader ---- */

static void *open_file(wr_testimony *t)
{
    static const wr_json_wishes wishes = {choose, take, leave};
    file *f = g_new0(file, 1);

    f->t = t;
    f->stream = wr_json_stream_new(&wishes, f);
    f->statistics = json_object_new_object();
    f->report = json_object_new_object();
    return f;
}

static bool feed(void *reader, const uint8_t *bytes, size_t len)
{
    return wr_json_stream_feed(((file *)reader)->stream, bytes, len);
}

static void close_file(void *reader)
{
    file *f = reader;
    uint64_t line;
    const char *problem = wr_json_stream_end(f->stream, &line);

    close_connection(f);
    if (wr_firefox_is_report(f->report))
        wr_firefox_read(f->t, f->report, ++f->n_reports);
    else
        take_other(f, NULL, f->report);
    if (f->rest != NULL)
        wr_text_reader.close(f->rest);
    if (f->har != NULL)
        wr_har_entry_ends(f->har); /* the last one was cut */
    if (problem != NULL)
        wr_testimony_object(f->t, "%s (line %" G_GUINT64_FORMAT ")", problem, line);
    if (f->unreadable > 0)
        wr_testimony_object(f->t, "%" G_GUINT64_FORMAT " values in it cannot be read", f->unreadable);
    if (wr_json_stream_too_long(f->stream) > 0)
        wr_testimony_object(f->t, "%" G_GUINT64_FORMAT " values in it are longer than %u MB and were not read",
                            wr_json_stream_too_long(f->stream), WR_JSON_STREAM_MAX >> 20);
    json_object_put(f->statistics);
    json_object_put(f->report);
    wr_har_free(f->har);
    wr_rtcstats_free(f->rtcstats);
    wr_json_stream_free(f->stream);
    g_free(f);
}

const wr_reader wr_json_reader = {open_file, feed, close_file};
