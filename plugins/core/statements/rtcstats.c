/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dumps of rtcstats: "RTCStatsDump" and an object about the whole, then an array a line: method, connection, argument,
 * further things, time. In the third version of the format methods may be numbers, and each time is the difference to
 * the one before.
 */
#include "reader.h"

#include "base/index.h"
#include "formats/json_text.h"

#include <string.h>

#define MAX_CONNECTIONS 4096

typedef struct {
    wr_testimony *t;
    wr_lines *lines;
    GHashTable *connections; /* name -> wr_peer_connection */
    json_object *statistics;
    char *speaker; /* connection of the statistics */
    double clock;
    uint64_t broken, first_broken, n;
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

static wr_peer_connection *connection_of(dump *d, const char *name)
{
    wr_peer_connection *pc = g_hash_table_lookup(d->connections, name);

    if (pc != NULL || g_hash_table_size(d->connections) >= MAX_CONNECTIONS)
        return pc;
    pc = wr_peer_connection_new(d->t, name);
    g_hash_table_insert(d->connections, g_strdup(name), pc);
    return pc;
}

/* ---- statistics, of the connection that spoke last ---- */

static void close_statistics(dump *d)
{
    wr_statistics_read(d->t, d->statistics);
    json_object_put(d->statistics);
    d->statistics = json_object_new_object();
}

static void keep_statistics(dump *d, const char *connection, const json_object *report)
{
    if (g_strcmp0(d->speaker, connection) != 0) {
        close_statistics(d);
        g_free(d->speaker);
        d->speaker = g_strdup(connection);
    }
    for (const struct lh_entry *e = wr_value_first(report); e != NULL; e = lh_entry_next(e)) {
        json_object *o = wr_entry_value(e);
        if (wr_value_is_object(o) && wr_statistics_wanted(wr_value_string(wr_value_member(o, "type"))) &&
            wr_value_members(d->statistics) < 4096)
            json_object_object_add(d->statistics, wr_entry_name(e), json_object_get(o));
    }
}

/* ---- lines ---- */

static int64_t time_of(dump *d, const json_object *value)
{
    const double number = wr_told_number(value);

    if (number >= 1e11)
        d->clock = number;
    else if (number > -1e11)
        d->clock += number;
    return wr_told_time_of(d->clock);
}

static void event(dump *d, const json_object *line)
{
    const size_t n = wr_value_size(line);
    const char *method = method_of(wr_value_element(line, 0)), *name = wr_value_string(wr_value_element(line, 1));
    const int64_t time_us = n >= 4 ? time_of(d, wr_value_element(line, n - 1)) : 0;
    wr_peer_connection *pc;

    if (method == NULL || name == NULL)
        return;
    if (strcmp(method, "getStats") == 0 || strcmp(method, "getstats") == 0) {
        keep_statistics(d, name, wr_value_element(line, 2));
        return;
    }
    pc = connection_of(d, name);
    if (pc != NULL)
        wr_peer_connection_event(pc, method, wr_value_element(line, 2), time_us);
}

static void read_line(void *user, const char *line, size_t len, uint64_t number)
{
    dump *d = user;
    json_object *value;

    if (len == 0 || (number == 1 && len >= 12 && memcmp(line, "RTCStatsDump", 12) == 0))
        return;
    value = wr_json_read_whole((const uint8_t *)line, len, NULL);
    if (value == NULL) {
        if (d->broken++ == 0)
            d->first_broken = number;
        return;
    }
    d->n++;
    if (wr_value_is_array(value))
        event(d, value);
    else if (d->t->user_agent == NULL)
        d->t->user_agent = g_strdup(wr_value_string(wr_value_member(value, "userAgent")));
    json_object_put(value);
}

static void *open_dump(wr_testimony *t)
{
    dump *d = g_new0(dump, 1);

    t->kind = WR_TESTIMONY_RTCSTATS;
    d->t = t;
    d->lines = wr_lines_new(read_line, d);
    d->connections = g_hash_table_new_full(wr_text_hash, g_str_equal, g_free, wr_peer_connection_free);
    d->statistics = json_object_new_object();
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
    const uint64_t too_long = wr_lines_end(d->lines);

    close_statistics(d);
    json_object_put(d->statistics);
    if (d->broken > 0)
        wr_testimony_object(d->t, "%" G_GUINT64_FORMAT " lines are not JSON, the first is line %" G_GUINT64_FORMAT,
                            d->broken, d->first_broken);
    if (too_long > 0)
        wr_testimony_object(d->t, "%" G_GUINT64_FORMAT " lines were too long to be read", too_long);
    g_hash_table_destroy(d->connections);
    g_free(d->speaker);
    g_free(d);
}

const wr_reader wr_rtcstats_reader = {open_dump, feed, close_dump};
