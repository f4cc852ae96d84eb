/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads session descriptions (RFC 8866) and fragments of them (RFC 8840): lines, sections, limits. */
#include "parser.h"

#include "base/digest.h"
#include "base/index.h"
#include "sdp/compare.h"

#include <string.h>

static void syntax_problem(wr_sdp_parser *parser, const wr_sdp_at *at, const char *what)
{
    wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_SYNTAX, at, what);
}

/* o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address> */
static void read_origin(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp *sdp = parser->sdp;
    wr_slice rest = value, word[6];

    if (sdp->origin != NULL) {
        syntax_problem(parser, at, "a second o= line; the first one counts");
        return;
    }
    sdp->origin = wr_slice_dup(wr_slice_trim_end(value));
    sdp->at->origin = *at;
    for (int i = 0; i < 6; i++)
        word[i] = wr_slice_token(&rest);
    if (word[5].len == 0 || wr_slice_token(&rest).len != 0) {
        syntax_problem(parser, at, "the o= line has not its six words");
        return;
    }
    if (!wr_slice_number(word[2], UINT64_MAX, &sdp->sess_version))
        syntax_problem(parser, at, "the version in the o= line is not a number of 64 bits");
    sdp->has_author = true;
}

const char *wr_sdp_sess_id(const wr_sdp *sdp, size_t *len)
{
    wr_slice rest = {sdp->origin, strlen(sdp->origin)}, id;

    wr_slice_token(&rest);
    id = wr_slice_token(&rest);
    *len = id.len;
    return id.p;
}

char *wr_sdp_author(const wr_sdp *sdp)
{
    GString *text;
    wr_slice rest;

    if (!sdp->has_author)
        return NULL;
    text = g_string_new(NULL);
    rest = (wr_slice){sdp->origin, strlen(sdp->origin)};
    for (int i = 0; i < 6; i++) {
        const wr_slice word = wr_slice_token(&rest);
        if (i != 2)
            g_string_append_printf(text, "%s%.*s", i == 0 ? "" : " ", (int)word.len, word.p);
    }
    return g_string_free(text, FALSE);
}

bool wr_sdp_same_author(const wr_sdp *a, const wr_sdp *b)
{
    wr_slice x, y;

    if (!a->has_author || !b->has_author)
        return a->has_author == b->has_author;
    x = (wr_slice){a->origin, strlen(a->origin)};
    y = (wr_slice){b->origin, strlen(b->origin)};
    for (int i = 0; i < 6; i++) {
        const wr_slice mine = wr_slice_token(&x), its = wr_slice_token(&y);
        if (i != 2 && wr_slice_compare(&mine, &its) != 0)
            return false;
    }
    return true;
}

bool wr_sdp_same_version(const wr_sdp *a, const wr_sdp *b)
{
    return a->origin != NULL && g_strcmp0(a->origin, b->origin) == 0;
}

/* c=<nettype> <addrtype> <connection-address>, a multicast TTL cut off. Names stay unknown. */
static void read_connection(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);
    char text[64];
    wr_slice rest = value, word[3];
    wr_endpoint *out = section != NULL ? &section->connection : &parser->connection;
    size_t n = 0;

    for (int i = 0; i < 3; i++)
        word[i] = wr_slice_token(&rest);
    if (word[2].len == 0) {
        syntax_problem(parser, at, "the c= line has not its three words");
        return;
    }
    while (n < word[2].len && n < sizeof text - 1 && word[2].p[n] != '/') {
        text[n] = word[2].p[n];
        n++;
    }
    text[n] = '\0';
    wr_endpoint_from_text(text, 0, out);
}

/* m=<media> <port>[/<number>] <proto> <fmt> … */
static void read_media(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section section;
    wr_section_at places;
    wr_slice rest = value, media, port, proto;
    const char *slash;
    uint64_t number;

    if (parser->sections->len == WR_SDP_MAX_SECTIONS) {
        parser->full = true;
        wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_LIMIT, at, "too many sections: what follows is not read");
        return;
    }
    memset(&section, 0, sizeof section);
    media = wr_slice_token(&rest);
    port = wr_slice_token(&rest);
    proto = wr_slice_token(&rest);
    slash = port.len != 0 ? memchr(port.p, '/', port.len) : NULL;
    if (slash != NULL)
        port.len = (size_t)(slash - port.p);
    if (proto.len == 0)
        syntax_problem(parser, at, "the m= line has not its words for media, port and protocol");
    if (!wr_slice_number(port, 65535, &number)) {
        /* Not 0: a port that cannot be read must not pass for a rejected section. */
        number = 9;
        if (proto.len != 0)
            syntax_problem(parser, at, "the port in the m= line is not a number up to 65535");
    }
    section.media = wr_slice_dup(media);
    section.proto = wr_slice_dup(proto);
    section.port = (uint16_t)number;
    section.connection = wr_endpoint_none();
    section.first_candidate = (uint16_t)parser->candidates->len;
    g_array_append_val(parser->sections, section);
    memset(&places, 0, sizeof places);
    places.line = *at;
    g_array_append_val(parser->section_places, places);
}

static void read_line(wr_sdp_parser *parser, wr_slice line, const wr_sdp_at *at)
{
    wr_slice name, value, rest;

    if (wr_slice_attribute(line, &name, &value)) {
        wr_sdp_parser_attribute(parser, name, value, at);
    } else if (wr_slice_starts(line, "m=", &rest)) {
        read_media(parser, rest, at);
    } else if (wr_slice_starts(line, "o=", &rest)) {
        read_origin(parser, rest, at);
    } else if (wr_slice_starts(line, "c=", &rest)) {
        read_connection(parser, rest, at);
    } else if (wr_slice_starts(line, "k=", NULL)) {
        parser->sdp->k_line = true;
        parser->sdp->at->k = *at;
    } else if (parser->sdp->fragment && wr_slice_starts(line, "candidate:", NULL)) {
        wr_sdp_parser_candidate(parser, line, at);
    } else if (line.len < 2 || !g_ascii_islower(line.p[0]) || line.p[1] != '=') {
        syntax_problem(parser, at, "a line that is not a lower-case letter, an equals sign and a value");
    }
}

/* Copies the text so that it is UTF-8 and NUL-terminated with every offset kept. */
static void take_text(wr_sdp_parser *parser, const char *text, size_t len)
{
    wr_sdp *sdp = parser->sdp;
    const char *bad;
    char *p, *end;
    bool nul = false, foreign = false;

    if (len > WR_SDP_MAX_TEXT) {
        len = WR_SDP_MAX_TEXT;
        wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_LIMIT, NULL, "the text is too long: its end is not read");
    }
    sdp->text = g_malloc(len + 1);
    if (len != 0)
        memcpy(sdp->text, text, len);
    sdp->text[len] = '\0';
    sdp->text_len = (uint32_t)len; /* WR_SDP_MAX_TEXT fits */
    end = sdp->text + len;
    for (p = sdp->text; (p = memchr(p, '\0', (size_t)(end - p))) != NULL; nul = true)
        *p++ = ' ';
    for (p = sdp->text; !g_utf8_validate(p, end - p, &bad); foreign = true) {
        p = sdp->text + (bad - sdp->text);
        *p++ = '?';
    }
    if (nul)
        wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_SYNTAX, NULL, "the text holds NUL bytes");
    if (foreign)
        wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_SYNTAX, NULL, "the text holds bytes that are not UTF-8");
}

static void read_lines(wr_sdp_parser *parser)
{
    wr_sdp *sdp = parser->sdp;
    wr_line_reader reader = wr_lines(sdp->text, sdp->text_len);
    wr_slice line;
    wr_sdp_at at;
    bool first = true;

    while (!parser->full && wr_line_next(&reader, &line, &at)) {
        if (wr_slice_trim(line).len == 0)
            continue;
        if (first) {
            sdp->fragment = !wr_slice_starts(line, "v=", NULL);
            if (!sdp->fragment && !wr_slice_is(wr_slice_trim_end(line), "v=0"))
                syntax_problem(parser, &at, "the version of the description is not 0");
            first = false;
        }
        read_line(parser, line, &at);
    }
    if (first) {
        sdp->fragment = true;
        syntax_problem(parser, NULL, "the text is empty");
    } else if (!sdp->fragment && sdp->origin == NULL) {
        syntax_problem(parser, NULL, "there is no o= line");
    }
}

/* What can be told only once all sections are there. */
static void finish_sections(wr_sdp_parser *parser)
{
    wr_sdp *sdp = parser->sdp;
    GHashTable *by_mid = g_hash_table_new(wr_text_hash, g_str_equal); /* mid → index + 1 */
    unsigned end = sdp->n_candidates;

    for (unsigned i = sdp->n_sections; i-- > 0;) {
        wr_sdp_section *section = &sdp->sections[i];
        section->n_candidates = (uint16_t)(end - section->first_candidate);
        end = section->first_candidate;
        if (!wr_endpoint_known(&section->connection))
            section->connection = parser->connection;
        if (wr_endpoint_known(&section->connection))
            section->connection.port = section->port;
    }
    for (unsigned i = 0; i < sdp->n_sections; i++) {
        const wr_sdp_section *section = &sdp->sections[i];
        if (section->mid != NULL && g_hash_table_contains(by_mid, section->mid))
            syntax_problem(parser, &sdp->at->sections[i].mid, "two sections have the same mid");
        else if (section->mid != NULL)
            g_hash_table_insert(by_mid, section->mid, GUINT_TO_POINTER(i + 1));
    }
    if (sdp->bundle != NULL) {
        const unsigned n = g_strv_length(sdp->bundle);
        sdp->bundle_sections = g_new(uint16_t, n + 1);
        for (unsigned i = 0; i < n; i++) {
            const unsigned found = GPOINTER_TO_UINT(g_hash_table_lookup(by_mid, sdp->bundle[i]));
            sdp->bundle_sections[i] = found != 0 ? (uint16_t)(found - 1) : WR_SDP_NO_SECTION;
            if (found != 0)
                sdp->sections[found - 1].in_bundle = true;
            else if (!parser->full)
                syntax_problem(parser, &sdp->at->bundle, "the BUNDLE group names a mid that no section has");
        }
    }
    g_hash_table_destroy(by_mid);
}

/* Digests both forms at once. */
static void make_hashes(wr_sdp *sdp)
{
    char *canonical, *body;

    wr_sdp_forms(sdp, &canonical, &body);
    wr_sha256(canonical, strlen(canonical), sdp->canonical);
    wr_sha256(body, strlen(body), sdp->body);
    g_free(canonical);
    g_free(body);
}

wr_sdp *wr_sdp_parse(const char *text, size_t len)
{
    wr_sdp *sdp = g_new0(wr_sdp, 1);
    wr_sdp_parser parser = {
        .sdp = sdp,
        .sections = g_array_new(FALSE, FALSE, sizeof(wr_sdp_section)),
        .section_places = g_array_new(FALSE, FALSE, sizeof(wr_section_at)),
        .candidates = g_array_new(FALSE, FALSE, sizeof(wr_candidate)),
        .problems = g_array_new(FALSE, FALSE, sizeof(wr_sdp_problem)),
        .connection = wr_endpoint_none(),
    };

    sdp->refs = 1;
    sdp->at = g_new0(wr_sdp_places, 1);
    take_text(&parser, text, len);
    read_lines(&parser);
    sdp->n_sections = (uint16_t)parser.sections->len;
    sdp->sections = (wr_sdp_section *)(void *)g_array_free(parser.sections, FALSE);
    sdp->at->sections = (wr_section_at *)(void *)g_array_free(parser.section_places, FALSE);
    sdp->n_candidates = (uint16_t)parser.candidates->len;
    sdp->candidates = (wr_candidate *)(void *)g_array_free(parser.candidates, FALSE);
    finish_sections(&parser);
    make_hashes(sdp);
    sdp->n_problems = (uint16_t)parser.problems->len;
    sdp->problems = (wr_sdp_problem *)(void *)g_array_free(parser.problems, FALSE);
    /* arrays grow by doubling */
    sdp->sections = g_renew(wr_sdp_section, sdp->sections, sdp->n_sections);
    sdp->candidates = g_renew(wr_candidate, sdp->candidates, sdp->n_candidates);
    sdp->problems = g_renew(wr_sdp_problem, sdp->problems, sdp->n_problems);
    return sdp;
}

wr_sdp *wr_sdp_ref(wr_sdp *sdp)
{
    sdp->refs++;
    return sdp;
}

void wr_sdp_unref(wr_sdp *sdp)
{
    if (sdp == NULL || --sdp->refs != 0)
        return;
    wr_sdp_forget_places(sdp);
    g_free(sdp->text);
    if (sdp->block != NULL)
        g_free(sdp->block);
    else
        wr_sdp_free_parts(sdp);
    g_free(sdp);
}
