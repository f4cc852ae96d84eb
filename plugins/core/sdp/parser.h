/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the reader of session descriptions share. For use inside core.
 */
#ifndef WR_SDP_PARSER_H
#define WR_SDP_PARSER_H

#include "sdp/lines.h"

typedef struct {
    wr_sdp *sdp;
    GArray *sections;       /* wr_sdp_section */
    GArray *section_places; /* wr_section_at, one for each of these */
    GArray *candidates;     /* wr_candidate */
    GArray *problems;       /* wr_sdp_problem */
    wr_endpoint connection; /* c= of the session level */
    bool full;              /* WR_SDP_MAX_SECTIONS was reached: read no more */
    bool candidates_full;   /* the same for candidates, once reported */
} wr_sdp_parser;

/* The section that is being read; NULL at the session level. */
wr_sdp_section *wr_sdp_parser_section(wr_sdp_parser *parser);
/* Its places; NULL at the session level. */
wr_section_at *wr_sdp_parser_places(wr_sdp_parser *parser);
/* what is static. at may be NULL. */
void wr_sdp_parser_problem(wr_sdp_parser *parser, wr_sdp_problem_kind kind, const wr_sdp_at *at, const char *what);
/* An a= line, taken apart. */
void wr_sdp_parser_attribute(wr_sdp_parser *parser, wr_slice name, wr_slice value, const wr_sdp_at *at);
/* A candidate line, with "a=" or without. */
void wr_sdp_parser_candidate(wr_sdp_parser *parser, wr_slice line, const wr_sdp_at *at);

/* packed_text.c */
void wr_sdp_forget_places(wr_sdp *sdp);
/* block.c: frees all but the places, and the text where it is packed as well. */
void wr_sdp_free_parts(wr_sdp *sdp);
/* block.c: moves what the description points to into one block. */
void wr_sdp_into_block(wr_sdp *sdp);

#endif
