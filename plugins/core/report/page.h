/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The HTML report as it is being written. For use inside core.
 */
#ifndef WR_REPORT_PAGE_H
#define WR_REPORT_PAGE_H

#include "report/origin.h"

typedef struct {
    wr_engine *e;
    GHashTable *only;
    const wr_report_origin *origin;
    wr_report_sink sink;
    void *data;
    GString *out;         /* given to the sink call by call */
    GHashTable *findings; /* by session, see wr_report_findings() */
    unsigned pictures;    /* drawn so far */
    uint32_t verdicts;    /* bit 1 << wr_session_verdict: the page has it */
    bool not_enforced;    /* and the words "(not enforced)" */
    uint64_t words;       /* html_words.c: which of its words the page has */
} wr_html;

void wr_page_add(wr_html *p, const char *markup);
void wr_page_add_text(wr_html *p, const char *text); /* of any origin */
void wr_page_add_pair(wr_html *p, const char *term, const char *text);
void wr_page_add_badge(wr_html *p, const wr_session *s);
void wr_page_add_parties(wr_html *p, const wr_session *s);
void wr_page_add_findings(wr_html *p, unsigned session);
void wr_page_add_session(wr_html *p, const wr_session *s);
void wr_page_note_words(wr_html *p); /* of what is to be given to the sink */
void wr_page_add_words(wr_html *p); /* html_words.c: what the words of the page mean, and the colours of the pictures */

#endif
