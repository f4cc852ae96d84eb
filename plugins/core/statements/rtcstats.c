/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps of rtcstats: "RTCStatsDump" and an object about the whole, then an array a line: method, connection, argument,
 * further things, time. In the third version of the format methods may be numbers, and each time is the difference to
 * the one before.
 */
#include "reader.h"

#include "formats/json_text.h"

#include <string.h>

#define MAX_CONNECTIONS 4096
#define MAX_KEPT        65536 /* statistics objects */
#define MAX_MEMBERS     256   /* of one, when more come */

struct wr_rtcstats {
    wr_testimony *t;
    GHashTable *connections; /* name -> wr_peer_connection */
    GHashTable *reports;     /* name -> json_object, what getStats() said last */
    GPtrArray *in_order;     /* the same */
    unsigned n_kept;         /* statistics objects in them */
    double clock;
};

typedef struct {
    wr_rtcstats *rtcstats;
    wr_lines *lines;
    uint64_t broken, first_broken;
} dump;

/* Numbers that stand for names in version 3; of those that matter. */
static const char *method_of(const json_object *value)
{
    static const struct {
        const char *number, *name;
    } methods[] = {{"3", "createOfferOnSuccess"},
                   {"5", "createAnswerOnSuccess"},
                   {"6", "setLocalDescription"},
                   {"7", "setLocalDescriptionOnSuccess"},
                   {"14", "setLocalDescriptionOnFailure"},
                   {"8", "setRemoteDescription"},
                   {"9", "setRemoteDescriptionOnSuccess"},
                   {"15", "setRemoteDescriptionOnFailure"},
                   {"10", "addIceCandidate"},
                   {"20", "onicecandidate"},
                   {"g", "getStats"},
                   {"1", "getStats"}};
    const char *text = wr_value_string(value);
    char number[24];

    if (wr_value_is_integer(value)) {
        g_snprintf(number, sizeof number, "%" PRId64, wr_value_integer(value));
        text = number;
    }
    for (size_t i = 0; text != NULL && i < G_N_ELEMENTS(methods); i++)
        if (strcmp(text, methods[i].number) == 0)
            return methods[i].name;
    return wr_value_string(value);
}

static wr_peer_connection *connection_of(wr_rtcstats *d, const char *name)
{
    wr_peer_connection *pc = g_hash_table_lookup(d->connections, name);

    if (pc != NULL || g_hash_table_size(d->connections) >= MAX_CONNECTIONS)
        return pc;
    pc = wr_peer_connection_new(d->t, name);
    g_hash_table_insert(d->connections, g_strdup(name), pc);
    return pc;
}

/* ---- statistics ---- */

static json_object *report_of(wr_rtcstats *d, const char *connection)
{
    json_object *all = g_hash_table_lookup(d->reports, connection);

    if (all != NULL || g_hash_table_size(d->reports) >= MAX_CONNECTIONS)
        return all;
    all = json_object_new_object();
    g_hash_table_insert(d->reports, g_strdup(connection), all);
    g_ptr_array_add(d->in_order, all);
    return all;
}

/* Later reports may leave out what has not changed since: the type, too. */
static void add_changes(json_object *known, const json_object *changes)
{
    for (const struct lh_entry *e = wr_value_first(changes); e != NULL; e = lh_entry_next(e))
        if (wr_value_members(known) < MAX_MEMBERS)
            json_object_object_add(known, wr_entry_name(e), json_object_get(wr_entry_value(e)));
}

static void keep_statistics(wr_rtcstats *d, const char *connection, const json_object *report)
{
    json_object *all = wr_value_is_object(report) ? report_of(d, connection) : NULL;

    for (const struct lh_entry *e = wr_value_first(report); all != NULL && e != NULL; e = lh_entry_next(e)) {
        json_object *o = wr_entry_value(e), *known = wr_value_member(all, wr_entry_name(e));
        if (!wr_value_is_object(o))
            continue;
        if (known != NULL) {
            add_changes(known, o);
        } else if (wr_statistics_wanted(wr_value_string(wr_value_member(o, "type"))) && d->n_kept < MAX_KEPT) {
            json_object_object_add(all, wr_entry_name(e), json_object_get(o));
            d->n_kept++;
        }
    }
}

/* ---- events ---- */

static int64_t time_of(wr_rtcstats *d, const json_object *value)
{
    const char *text = wr_value_string(value);
    const double number = wr_told_number(value);

    if (text != NULL && strchr(text, '-') != NULL) /* 2026-11-22T… */
        return wr_told_time(value);
    if (number >= 1e11)
        d->clock = number;
    else if (number > -1e11)
        d->clock += number;
    return wr_told_time_of(d->clock);
}

bool wr_rtcstats_is_event(const json_object *value)
{
    return wr_value_size(value) >= 3 && wr_value_is_string(wr_value_element(value, 0)) &&
           !wr_value_is_object(wr_value_element(value, 1));
}

void wr_rtcstats_event(wr_rtcstats *d, const json_object *event)
{
    const size_t n = wr_value_size(event);
    const char *method = method_of(wr_value_element(event, 0)), *name = wr_value_string(wr_value_element(event, 1));
    const int64_t time_us = n >= 4 ? time_of(d, wr_value_element(event, n - 1)) : 0;
    wr_peer_connection *pc;

    if (method == NULL || name == NULL)
        return;
    if (strcmp(method, "getStats") == 0 || strcmp(method, "getstats") == 0) {
        keep_statistics(d, name, wr_value_element(event, 2));
        return;
    }
    pc = connection_of(d, name);
    if (pc != NULL)
        wr_peer_connection_event(pc, method, wr_value_element(event, 2), time_us);
}

static void put(gpointer value)
{
    json_object_put(value);
}

wr_rtcstats *wr_rtcstats_new(wr_testimony *t)
{
    wr_rtcstats *d = g_new0(wr_rtcstats, 1);

    t->kind = WR_TESTIMONY_RTCSTATS;
    d->t = t;
    d->connections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, wr_peer_connection_free);
    d->reports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    d->in_order = g_ptr_array_new_with_free_func(put);
    return d;
}

void wr_rtcstats_free(wr_rtcstats *d)
{
    if (d == NULL)
        return;
    for (unsigned i = 0; i < d->in_order->len; i++)
        wr_statistics_read(d->t, g_ptr_array_index(d->in_order, i));
    g_ptr_array_free(d->in_order, TRUE);
    g_hash_table_destroy(d->reports);
    g_hash_table_destroy(d->connections);
    g_free(d);
}

/* ---- lines ---- */

static void read_line(void *user, const char *line, size_t len, uint64_t number)
{
    dump *d = user;
    wr_testimony *t = d->rtcstats->t;
    json_object *value;

    if (len == 0 || (number == 1 && len >= 12 && memcmp(line, "RTCStatsDump", 12) == 0))
        return;
    value = wr_json_read_whole((const uint8_t *)line, len, NULL);
    if (value == NULL) {
        if (d->broken++ == 0)
            d->first_broken = number;
        return;
    }
    if (wr_value_is_array(value))
        wr_rtcstats_event(d->rtcstats, value);
    else if (t->user_agent == NULL)
        t->user_agent = g_strdup(wr_value_string(wr_value_member(value, "userAgent")));
    json_object_put(value);
}

static void *open_dump(wr_testimony *t)
{
    dump *d = g_new0(dump, 1);

    d->rtcstats = wr_rtcstats_new(t);
    d->lines = wr_lines_new(read_line, d);
    return d;
}

static bool feed(void *reader, const uint8_t *bytes, size_t len)
{
    wr_lines_feed(((dump *)reader)->lines, bytes, len);
    return true;
}

static void close_dump(void *reader)
{
    dump *d = reader;
    wr_testimony *t = d->rtcstats->t;
    const uint64_t too_long = wr_lines_end(d->lines);

    wr_rtcstats_free(d->rtcstats);
    if (d->broken > 0)
        wr_testimony_object(t, "%" G_GUINT64_FORMAT " lines are not JSON, the first is line %" G_GUINT64_FORMAT,
                            d->broken, d->first_broken);
    if (too_long > 0)
        wr_testimony_object(t, "%" G_GUINT64_FORMAT " lines were too long to be read", too_long);
    g_free(d);
}

const wr_reader wr_rtcstats_reader = {open_dump, feed, close_dump};
