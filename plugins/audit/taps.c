/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tshark -z webrtc,report[,FILTER] and -z webrtc,json[,FILTER]. With a filter, calls that one packet of which passes. */
#include "audit.h"
#include "core/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*report_function)(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data);

typedef struct {
    report_function report;
    bool filtered;
    GHashTable *seen; /* wr_copy, wr_association, wr_flow of packets that passed: pointer -> letter */
} report_tap;

static void print_line(const char *line, void *data)
{
    fputs(line, (FILE *)data);
}

static void reset(void *data)
{
    g_hash_table_remove_all(((report_tap *)data)->seen);
}

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *record
#if WR_WIRESHARK >= 404
                                , tap_flags_t flags _U_
#elif WR_WIRESHARK >= 400
                                , tap_flags_t flags _U_
#endif
)
{
    report_tap *t = data;
    const wr_tap_data *what = record;

    if (!t->filtered)
        return TAP_PACKET_DONT_REDRAW;
    if (what->copy != NULL)
        g_hash_table_insert(t->seen, (gpointer)what->copy, GINT_TO_POINTER('d'));
    if (what->association != NULL)
        g_hash_table_insert(t->seen, (gpointer)what->association, GINT_TO_POINTER('a'));
    if (what->flow != NULL)
        g_hash_table_insert(t->seen, (gpointer)what->flow, GINT_TO_POINTER('f'));
    return TAP_PACKET_REDRAW;
}

/* The calls that the packets seen belong to now. */
static GHashTable *calls_of(const report_tap *t, wr_engine *e)
{
    GHashTable *only = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTableIter it;
    gpointer key, letter;

    wr_engine_evaluate(e);
    g_hash_table_iter_init(&it, t->seen);
    while (g_hash_table_iter_next(&it, &key, &letter)) {
        unsigned number = GPOINTER_TO_INT(letter) == 'd' ? wr_copy_session_number(e, key) :
                          GPOINTER_TO_INT(letter) == 'a' ? wr_association_session_number(e, key) : wr_flow_session_number(e, key);
        if (number != 0)
            g_hash_table_add(only, GUINT_TO_POINTER(number));
    }
    return only;
}

static void draw(void *data)
{
    report_tap *t = data;
    wr_engine *e = wr_audit_engine();
    GHashTable *only;

    if (e == NULL)
        return;
    only = t->filtered ? calls_of(t, e) : NULL;
    t->report(e, only, print_line, stdout);
    fflush(stdout);
    if (only != NULL)
        g_hash_table_destroy(only);
}

static void finish(void *data)
{
    report_tap *t = data;

    g_hash_table_destroy(t->seen);
    g_free(t);
}

static void start(const char *argument, const char *name, report_function report)
{
    size_t n = strlen(name);
    const char *filter = strncmp(argument, name, n) == 0 && argument[n] == ',' && argument[n + 1] != '\0' ? argument + n + 1 : NULL;
    report_tap *t = g_new0(report_tap, 1);
    GString *error;

    t->report = report;
    t->filtered = filter != NULL;
    t->seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    error = register_tap_listener("webrtc", t, filter, TL_REQUIRES_NOTHING, reset, packet, draw, finish);
    if (error != NULL) {
        fprintf(stderr, "tshark: cannot make the report \"%s\": %s\n", argument, error->str);
        g_string_free(error, TRUE);
        g_hash_table_destroy(t->seen);
        g_free(t);
        exit(2);
    }
}

static WR_STAT_INIT init_report(const char *argument, void *data _U_)
{
    start(argument, "webrtc,report", wr_report_text);
    WR_STAT_INIT_OK;
}

static WR_STAT_INIT init_json(const char *argument, void *data _U_)
{
    start(argument, "webrtc,json", wr_report_json);
    WR_STAT_INIT_OK;
}

void wr_audit_register_taps(void)
{
    static stat_tap_ui report = {.group = REGISTER_STAT_GROUP_TELEPHONY,
                                 .title = NULL,
                                 .cli_string = "webrtc,report",
                                 .tap_init_cb = init_report};
    static stat_tap_ui json = {.group = REGISTER_STAT_GROUP_TELEPHONY,
                               .title = NULL,
                               .cli_string = "webrtc,json",
                               .tap_init_cb = init_json};

    register_stat_tap_ui(&report, NULL);
    register_stat_tap_ui(&json, NULL);
}
