/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attribute lines of session descriptions: fingerprints (RFC 8122), ICE (RFC 8839), setup (RFC 4145, RFC 8842),
 * mid and BUNDLE (RFC 5888, RFC 9143), key material (RFC 4568, RFC 4567), sources (RFC 5576). */
#include "parser.h"

#include <string.h>

static wr_transport *current_transport(wr_sdp_parser *parser)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);

    return section != NULL ? &section->own : &parser->sdp->session;
}

static wr_transport_at *current_places(wr_sdp_parser *parser)
{
    wr_section_at *section = wr_sdp_parser_places(parser);

    return section != NULL ? &section->own : &parser->sdp->at->session;
}

static void syntax_problem(wr_sdp_parser *parser, const wr_sdp_at *at, const char *what)
{
    wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_SYNTAX, at, what);
}

static void read_fingerprint(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_transport *t = current_transport(parser);
    wr_transport_at *places = current_places(parser);
    const unsigned n = t->n_fingerprints;
    const char *problem;

    if (n == WR_SDP_MAX_FINGERPRINTS) {
        t->cut = true;
        wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_LIMIT, at,
                              "too many fingerprints in one section: this one and others are left out");
        return;
    }
    if ((n & (n - 1)) == 0) { /* room doubles at 0, 1, 2, 4, … */
        const unsigned room = n == 0 ? 1 : 2 * n;
        t->fingerprints = g_renew(wr_fingerprint, t->fingerprints, room);
        places->fingerprints = g_renew(wr_sdp_at, places->fingerprints, room);
    }
    problem = wr_fingerprint_parse(value.p, value.len, &t->fingerprints[n]);
    places->fingerprints[n] = *at;
    t->n_fingerprints++;
    if (problem != NULL) {
        wr_sdp_parser_problem(parser,
                              t->fingerprints[n].usable ? WR_SDP_PROBLEM_FINGERPRINT_FORM : WR_SDP_PROBLEM_FINGERPRINT,
                              at, problem);
    }
}

/* A value there is one of on each level. Receivers let a later line win, so it wins here. */
static bool read_value(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at, char **out, wr_sdp_at *out_at)
{
    if (value.len == 0) {
        syntax_problem(parser, at, "an attribute without its value");
        return false;
    }
    if (value.len > WR_SDP_MAX_VALUE) {
        wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_LIMIT, at, "a value of more than 256 bytes: it is ignored");
        return false;
    }
    if (*out != NULL && !wr_slice_is(value, *out))
        syntax_problem(parser, at, "an attribute that was given before with another value: the last one counts");
    g_free(*out);
    *out = wr_slice_dup(value);
    *out_at = *at;
    return true;
}

static void read_ice_ufrag(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_transport *t = current_transport(parser);

    if (read_value(parser, value, at, &t->ice_ufrag, &current_places(parser)->ice_ufrag) && value.len < 4)
        syntax_problem(parser, at, "the ICE user name fragment is shorter than 4 characters");
}

static void read_ice_pwd(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_transport *t = current_transport(parser);

    if (read_value(parser, value, at, &t->ice_pwd, &current_places(parser)->ice_pwd) && value.len < 22)
        syntax_problem(parser, at, "the ICE password is shorter than 22 characters");
}

static void read_tls_id(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_transport *t = current_transport(parser);

    read_value(parser, value, at, &t->tls_id, &current_places(parser)->tls_id);
}

static void read_setup(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_transport *t = current_transport(parser);
    wr_setup setup = WR_SETUP_INVALID;

    for (wr_setup s = WR_SETUP_ACTPASS; s < WR_SETUP_INVALID; s++)
        if (wr_slice_is_nocase(value, wr_setup_name(s)))
            setup = s;
    if (setup == WR_SETUP_INVALID)
        syntax_problem(parser, at, "a=setup has a value that RFC 4145 does not know");
    else if (t->setup != WR_SETUP_NONE && t->setup != setup)
        syntax_problem(parser, at, "an attribute that was given before with another value: the last one counts");
    t->setup = setup;
    current_places(parser)->setup = *at;
}

static void read_mid(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);

    if (section != NULL)
        read_value(parser, value, at, &section->mid, &wr_sdp_parser_places(parser)->mid);
}

/* a=group:BUNDLE mid … */
static void read_group(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp *sdp = parser->sdp;
    GPtrArray *mids;
    wr_slice mid;

    if (!wr_slice_is(wr_slice_token(&value), "BUNDLE") || sdp->bundle != NULL || wr_sdp_parser_section(parser) != NULL)
        return;
    mids = g_ptr_array_new();
    while ((mid = wr_slice_token(&value)).len != 0) {
        if (mids->len == WR_SDP_MAX_SECTIONS || mid.len > WR_SDP_MAX_VALUE) {
            wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_LIMIT, at, "too many or too long mids in the BUNDLE group");
            break;
        }
        g_ptr_array_add(mids, wr_slice_dup(mid));
    }
    g_ptr_array_add(mids, NULL);
    sdp->bundle = (char **)g_ptr_array_free(mids, FALSE);
    sdp->at->bundle = *at;
}

static void read_candidate_value(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    if (wr_sdp_parser_section(parser) == NULL && !parser->sdp->fragment)
        syntax_problem(parser, at, "a candidate before the first section");
    wr_sdp_parser_candidate(parser, value, at);
}

void wr_sdp_parser_candidate(wr_sdp_parser *parser, wr_slice line, const wr_sdp_at *at)
{
    wr_candidate c;

    if (parser->candidates->len == WR_SDP_MAX_CANDIDATES) {
        if (!parser->candidates_full)
            wr_sdp_parser_problem(parser, WR_SDP_PROBLEM_LIMIT, at, "too many candidates: the others are left out");
        parser->candidates_full = true;
        return;
    }
    if (!wr_candidate_parse(line.p, line.len, &c)) {
        syntax_problem(parser, at, "a candidate that RFC 8839 does not allow");
        return;
    }
    c.at = *at;
    g_array_append_val(parser->candidates, c);
}

static void read_end_of_candidates(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);

    (void)value;
    (void)at;
    if (section != NULL)
        section->end_of_candidates = true;
    else
        parser->sdp->end_of_candidates = true;
}

static void read_crypto(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);

    (void)value;
    if (!parser->sdp->has_crypto)
        parser->sdp->at->crypto = *at;
    parser->sdp->has_crypto = true;
    if (section != NULL && !section->has_crypto) {
        section->has_crypto = true;
        wr_sdp_parser_places(parser)->crypto = *at;
    }
}

static void read_key_mgmt(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    (void)value;
    parser->sdp->key_mgmt = true;
    parser->sdp->at->key_mgmt = *at;
}

static void read_identity(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);

    (void)value;
    (void)at;
    parser->sdp->identity = true;
    if (section != NULL)
        section->identity = true;
}

static void read_ice_lite(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    (void)value;
    (void)at;
    parser->sdp->ice_lite = true;
}

static void read_bundle_only(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);

    (void)value;
    (void)at;
    if (section != NULL)
        section->bundle_only = true;
}

static void read_rtcp_mux(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);

    (void)value;
    (void)at;
    if (section != NULL)
        section->rtcp_mux = true;
}

static void read_msid(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_section_at *places = wr_sdp_parser_places(parser);

    (void)at;
    if (places != NULL && places->msid == NULL)
        places->msid = wr_slice_dup(value);
}

/* a=ssrc:<number> <attribute>[:<value>] */
static void read_ssrc(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at)
{
    wr_sdp_section *section = wr_sdp_parser_section(parser);
    const wr_slice number = wr_slice_token(&value);
    wr_slice cname;
    uint64_t ssrc;

    if (!wr_slice_number(number, UINT32_MAX, &ssrc)) {
        syntax_problem(parser, at, "the SSRC is not a number of 32 bits");
        return;
    }
    if (section != NULL && section->ssrc == 0)
        section->ssrc = (uint32_t)ssrc;
    if (parser->sdp->cname == NULL && wr_slice_starts(wr_slice_trim(value), "cname:", &cname))
        parser->sdp->cname = wr_slice_dup(cname);
}

void wr_sdp_parser_attribute(wr_sdp_parser *parser, wr_slice name, wr_slice value, const wr_sdp_at *at)
{
    static const struct {
        const char *name;
        void (*read)(wr_sdp_parser *parser, wr_slice value, const wr_sdp_at *at);
    } attributes[] = {
        {"fingerprint", read_fingerprint},
        {"ice-ufrag", read_ice_ufrag},
        {"ice-pwd", read_ice_pwd},
        {"tls-id", read_tls_id},
        {"setup", read_setup},
        {"mid", read_mid},
        {"group", read_group},
        {"candidate", read_candidate_value},
        {"end-of-candidates", read_end_of_candidates},
        {"crypto", read_crypto},
        {"key-mgmt", read_key_mgmt},
        {"identity", read_identity},
        {"ice-lite", read_ice_lite},
        {"bundle-only", read_bundle_only},
        {"rtcp-mux", read_rtcp_mux},
        {"msid", read_msid},
        {"ssrc", read_ssrc},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        if (wr_slice_is(name, attributes[i].name)) {
            attributes[i].read(parser, value, at);
            return;
        }
    }
}
