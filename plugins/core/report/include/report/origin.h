/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report was made from: it must be possible to make it again, and to see that it was made of the same.
 */
#ifndef WR_REPORT_ORIGIN_H
#define WR_REPORT_ORIGIN_H

#include "report/report.h"

typedef struct {
    char *name;
    char *sha256;  /* 64 hexadecimal digits; NULL when it could not be made */
    char *problem; /* why there is none; NULL otherwise */
    char *note;    /* what became of it; NULL: nothing to be said */
    uint64_t size;
} wr_origin_file;

typedef struct {
    GPtrArray *captures;   /* wr_origin_file*; empty when not known */
    char *capture_problem; /* why it is not known; NULL otherwise */
    GPtrArray *key_logs;   /* wr_origin_file* */
    GPtrArray *embedded;   /* wr_origin_file*: key logs inside the capture, which has their name */
    GPtrArray
        *statements; /* wr_origin_file*: what was said outside of the capture, in the order of the engine's witnesses */
    GPtrArray *preferences; /* char*, "name: value" for people */
    GPtrArray *settings;    /* char*, names and values in turn, as -o takes them; those that have a value */
    char *plugin_version, *wireshark_version;
    char *command;   /* what the program was started with; NULL: not known */
    int time_digits; /* digits of a second that the capture's times have; -1: not known */
} wr_report_origin;

wr_report_origin *wr_report_origin_new(void);
void wr_report_origin_free(wr_report_origin *o); /* NULL is allowed */
/* Reads the whole file. */
void wr_report_origin_add_file(GPtrArray *files, const char *path);
/* Looks for key logs inside the file, if it is a pcapng, packed by gzip or not; of a packed one in the first GiB. */
void wr_report_origin_add_embedded(wr_report_origin *o, const char *path);

/* The files that the engine's witnesses wrote, as they were read. */
void wr_report_origin_add_statements(wr_report_origin *o, const wr_engine *e);
/* "webrtc-internals dump of alice; 2026-11-22 23:36:27.9 UTC to …; 4 descriptions, 4 in calls of this capture; …": what
 * became of it; g_free(). */
char *wr_report_witness(const wr_engine *e, const wr_witness *w);

/* The head of the text report. */
void wr_report_head(wr_engine *e, const wr_report_origin *o, wr_report_sink sink, void *data);
/* "2026-11-22 23:41:04.123456 UTC"; release with g_free(). */
char *wr_report_time(int64_t us);

/* Number of a session (0: of none) -> GPtrArray of its wr_finding*, the gravest first. Destroy the table; the findings
 * are the engine's. */
GHashTable *wr_report_findings(const wr_engine *e);

/* One self-contained page. only as in report/report.h. */
void wr_report_html(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink, void *data);
/* The records of wr_report_json() behind one of kind "origin" that says all of this. */
void wr_report_json_of(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink, void *data);
/* SARIF 2.1.0, one run. */
void wr_report_sarif(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink, void *data);

#endif
