/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report begins with: counts, and what is grave, the worst first. For use inside core.
 */
#ifndef WR_FIRST_SCREEN_H
#define WR_FIRST_SCREEN_H

#include "report/report.h"

#define WR_MAX_ALARMS 50 /* calls, and as many findings, of one first screen; what comes after is counted */

/* Findings of one check and severity, told once. */
typedef struct {
    const wr_finding *first;
    GArray *frames, *calls; /* uint32_t, each once, in order of the findings */
    unsigned n;
    bool varied; /* not all have the message of the first */
} wr_told;

typedef struct {
    unsigned verdicts[WR_S_NO_MEDIA + 1], by_severity[WR_ERROR + 1], findings[WR_ERROR + 1];
    wr_severity worst[WR_S_NO_MEDIA + 1]; /* of the calls with that verdict */
    GPtrArray *order;                     /* wr_session*: all wanted calls, the worst first */
    GPtrArray *told;                      /* wr_told*, of severity warn and error, the worst first */
} wr_first_screen;

/* The engine has been evaluated. only as in report/report.h; findings that belong to no call count where it is NULL. */
wr_first_screen *wr_first_screen_new(wr_engine *e, GHashTable *only);
void wr_first_screen_free(wr_first_screen *f);

/* "2 INTERCEPTED (error), 1 VERIFIED-LEG (chat)", "1 error, 3 warn, 0 note, 9 chat"; g_free() */
char *wr_first_screen_verdicts(const wr_first_screen *f);
char *wr_first_screen_counts(const unsigned by_severity[WR_ERROR + 1]);

/* Findings of severity least and above, told once: by check and severity, or also by message. The order is kept. Linear
 * in their number. g_ptr_array_free(…, TRUE) */
GPtrArray *wr_report_told(const GPtrArray *findings, wr_severity least, bool by_message);
/* "frame 12", "frames 12, 40 and 7 more", or the statement that stands in for one; "" for none; g_free() */
char *wr_told_frames(const wr_engine *e, const wr_told *t);
/* "s1", "s1, s4 and 9 more"; "" for none; g_free() */
char *wr_told_calls(const wr_told *t);

#endif
