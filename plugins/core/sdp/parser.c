/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the reader ask of it: where it is, and a word for what is wrong. */
#include "parser.h"

void wr_sdp_parser_problem(wr_sdp_parser *parser, wr_sdp_problem_kind kind, const wr_sdp_at *at, const char *what)
{
    wr_sdp_problem problem = {0, what, kind, {0, 0, 0}};

    if (parser->problems->len + 1 > WR_SDP_MAX_PROBLEMS)
        return;
    if (parser->problems->len + 1 == WR_SDP_MAX_PROBLEMS) {
        problem.kind = WR_SDP_PROBLEM_LIMIT;
        problem.what = "there are more problems than are listed";
    } else if (at != NULL) {
        problem.line = at->line;
        problem.at = *at;
    }
    g_array_append_val(parser->problems, problem);
}

wr_sdp_section *wr_sdp_parser_section(wr_sdp_parser *parser)
{
    if (parser->sections->len == 0)
        return NULL;
    return &g_array_index(parser->sections, wr_sdp_section, parser->sections->len - 1);
}

wr_section_at *wr_sdp_parser_places(wr_sdp_parser *parser)
{
    if (parser->section_places->len == 0)
        return NULL;
    return &g_array_index(parser->section_places, wr_section_at, parser->section_places->len - 1);
}
