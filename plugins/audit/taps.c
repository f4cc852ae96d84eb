/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tshark -z webrtc,report[,FILTER], webrtc,json[,FILTER] and webrtc,audit[,csv][,FILTER]. With a filter, calls that one
 * packet of which passes. */
#include "audit.h"
#include "report/report.h"
#include "wr_epan/capture_file.h"
#include "wr_epan/menus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*report_function)(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data);

typedef void (*origin_report)(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink,
                              void *data);

typedef struct {
    report_function report;
    origin_report report_of_origin; /* instead, for reports that say what they were made from */
    char *capture;
    FILE *out;
    const char *out_name; /* NULL: standard output */
    bool filtered;
    wr_selection *selection; /* of packets that passed */
} report_tap;

static bool nobody_reads; /* who read standard output has gone, as head does when it has enough */

static void print_line(const char *line, void *data)
{
    if (fputs(line, (FILE *)data) < 0 && errno == EPIPE)
        nobody_reads = true;
}

static void reset(void *data)
{
    wr_selection_clear(((report_tap *)data)->selection);
}

static tap_packet_status packet(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *record,
                                tap_flags_t flags _U_)
{
    report_tap *t = data;

    if (!t->filtered)
        return TAP_PACKET_DONT_REDRAW;
    wr_selection_add(t->selection, record);
    return TAP_PACKET_REDRAW;
}

/* A report that is cut short, as by a full disk, must not look like a whole one. */
static void flush(report_tap *t)
{
    if (fflush(t->out) != 0 && errno == EPIPE)
        nobody_reads = true;
    if (nobody_reads)
        exit(2);
    if (ferror(t->out) != 0) {
        fprintf(stderr, "tshark: cannot write %s: %s\n", t->out_name != NULL ? t->out_name : "the report",
                g_strerror(errno));
        exit(2);
    }
}

static void draw(void *data)
{
    report_tap *t = data;
    wr_engine *e = wr_audit_engine();
    GHashTable *only;

    if (e == NULL)
        return;
    only = t->filtered ? wr_selection_calls(t->selection, e) : NULL;
    if (t->report_of_origin != NULL) {
        wr_report_origin *o = wr_audit_origin(t->capture);
        wr_engine_evaluate(e);
        wr_report_origin_add_statements(o, e);
        t->report_of_origin(e, only, o, print_line, t->out);
        wr_report_origin_free(o);
    } else {
        t->report(e, only, print_line, t->out);
    }
    flush(t);
    if (only != NULL)
        g_hash_table_destroy(only);
}

static void finish(void *data)
{
    report_tap *t = data;

    wr_selection_free(t->selection);
    if (t->out != stdout)
        fclose(t->out);
    g_free(t->capture);
    g_free((char *)t->out_name);
    g_free(t);
}

static report_tap *tap_new(report_function report, origin_report report_of_origin)
{
    report_tap *t = g_new0(report_tap, 1);

    t->report = report;
    t->report_of_origin = report_of_origin;
    t->out = stdout;
    t->selection = wr_selection_new();
    return t;
}

static void no_such_report(const char *argument)
{
    fprintf(
        stderr,
        "tshark: there is no report \"%s\"; there are webrtc,report webrtc,json webrtc,html,FILE webrtc,sarif[,FILE] "
        "webrtc,audit[,csv] webrtc,calls and webrtc,associations, each with [,FILTER]\n",
        argument);
    exit(2);
}

/* What follows the report's name and a comma; NULL for nothing. */
static const char *behind(const char *argument, const char *name)
{
    size_t n = strlen(name);

    if (strncmp(argument, name, n) != 0 || argument[n] == '\0')
        return NULL;
    if (argument[n] != ',')
        no_such_report(argument);
    return argument[n + 1] != '\0' ? argument + n + 1 : NULL;
}

static void listen(report_tap *t, const char *argument, const char *filter)
{
    GString *error;

    t->filtered = filter != NULL;
    if (t->report_of_origin != NULL)
        t->capture = wr_capture_file_name();
    error = register_tap_listener("webrtc", t, filter, TL_REQUIRES_NOTHING, reset, packet, draw, finish);
    if (error != NULL) {
        fprintf(stderr, "tshark: cannot make the report \"%s\": %s%s\n", argument, error->str,
                filter != NULL && strchr(filter, '/') != NULL
                    ? ". What follows is a display filter; to have it in a file, redirect it"
                    : "");
        g_string_free(error, TRUE);
        finish(t);
        exit(2);
    }
}

static void start(const char *argument, const char *name, report_function report)
{
    listen(tap_new(report, NULL), argument, behind(argument, name));
}

/* NAME,FILE[,FILTER]; "-" is standard output. */
static void start_to_file(const char *argument, const char *name, origin_report report, bool file_needed)
{
    report_tap *t = tap_new(NULL, report);
    const char *file = behind(argument, name), *comma = file != NULL ? strchr(file, ',') : NULL;

    if (file == NULL && file_needed) {
        fprintf(stderr, "tshark: \"-z %s\" needs a file to write to: -z %s,FILE[,FILTER]\n", argument, name);
        exit(2);
    }
    if (file != NULL)
        t->out_name = comma != NULL ? g_strndup(file, (size_t)(comma - file)) : g_strdup(file);
    if (t->out_name != NULL && strcmp(t->out_name, "-") != 0) {
        t->out = fopen(t->out_name, "wb");
        if (t->out == NULL) {
            fprintf(stderr, "tshark: cannot write %s: %s\n", t->out_name, g_strerror(errno));
            exit(2);
        }
    }
    listen(t, argument, comma != NULL && comma[1] != '\0' ? comma + 1 : NULL);
}

static void report_with_head(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink, void *data)
{
    wr_engine_evaluate(e);
    wr_report_head(e, o, sink, data);
    wr_report_text(e, only, sink, data);
}

static void init_report(const char *argument)
{
    listen(tap_new(NULL, report_with_head), argument, behind(argument, "webrtc,report"));
}

static void init_html(const char *argument)
{
    start_to_file(argument, "webrtc,html", wr_report_html, true);
}

static void init_sarif(const char *argument)
{
    start_to_file(argument, "webrtc,sarif", wr_report_sarif, false);
}

static void init_json(const char *argument)
{
    listen(tap_new(NULL, wr_report_json_of), argument, behind(argument, "webrtc,json"));
}

/* "csv" behind the name is no filter. */
static void init_audit(const char *argument)
{
    static const char csv[] = "webrtc,audit,csv";
    size_t n = strlen(csv);

    if (strncmp(argument, csv, n) == 0 && (argument[n] == '\0' || argument[n] == ','))
        start(argument, csv, wr_report_audit_csv);
    else
        start(argument, "webrtc,audit", wr_report_audit);
}

void wr_audit_register_taps(void)
{
    wr_register_report("webrtc", no_such_report); /* the longest name that fits is taken */
    wr_register_report("webrtc,report", init_report);
    wr_register_report("webrtc,audit", init_audit);
    wr_register_report("webrtc,json", init_json);
    wr_register_report("webrtc,html", init_html);
    wr_register_report("webrtc,sarif", init_sarif);
}
