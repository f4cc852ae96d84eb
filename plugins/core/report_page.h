/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The HTML report as it is being written. For use inside core.
 */
#ifndef WR_REPORT_PAGE_H
#define WR_REPORT_PAGE_H

#include "report_origin.h"

typedef struct {
    wr_engine *e;
    GHashTable *only;
    const wr_report_origin *origin;
    wr_report_sink sink;
    void *data;
    GString *out;         /* given to the sink call by call */
    GHashTable *findings; /* by session, see wr_report_findings() */
    unsigned pictures;    /* drawn so far */
} wr_page;

void wr_page_add(wr_page *p, const char *markup);
void wr_page_add_text(wr_page *p, const char *text); /* of any origin */
void wr_page_add_pair(wr_page *p, const char *term, const char *text);
void wr_page_add_badge(wr_page *p, const wr_session *s);
void wr_page_add_parties(wr_page *p, const wr_session *s);
void wr_page_add_findings(wr_page *p, unsigned session);
void wr_page_add_session(wr_page *p, const wr_session *s);

#endif
