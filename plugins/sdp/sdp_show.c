/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of a session description: what it announces, where each line stands, and what is wrong with it. */
#include "sdp_fields.h"
#include "wr_epan/tree.h"

/* Wireshark gives up a packet with a million items; one description stays far below the rest of that. */
#define MAX_ITEMS 500000

typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    const wr_sdp *sdp;
} view;

/* An item that highlights the line it comes from. */
static proto_item *add_at(const view *v, proto_tree *tree, int hf, wr_sdp_at at, const char *text)
{
    return proto_tree_add_string(tree, hf, v->tvb, (int)at.offset, (int)at.length, text);
}

/* An item that says something no line says in so many words. */
static proto_item *add_generated(const view *v, proto_tree *tree, int hf, const char *text)
{
    proto_item *item = NULL;

    if (text != NULL) {
        item = proto_tree_add_string(tree, hf, v->tvb, 0, 0, text);
        proto_item_set_generated(item);
    }
    return item;
}

static proto_item *add_flag(const view *v, proto_tree *tree, int hf, bool flag)
{
    proto_item *item = NULL;

    if (flag) {
        item = proto_tree_add_boolean(tree, hf, v->tvb, 0, 0, true);
        proto_item_set_generated(item);
    }
    return item;
}

static const wr_sdp_problem *problem_at(const wr_sdp *sdp, wr_sdp_at at)
{
    for (unsigned i = 0; i < sdp->n_problems; i++)
        if (sdp->problems[i].line == at.line && at.line != 0)
            return &sdp->problems[i];
    return NULL;
}

static bool is_about_fingerprint(const wr_sdp_problem *problem)
{
    return problem->kind == WR_SDP_PROBLEM_FINGERPRINT || problem->kind == WR_SDP_PROBLEM_FINGERPRINT_FORM;
}

static void show_fingerprint(const view *v, proto_tree *tree, const wr_fingerprint *fp, wr_sdp_at at, bool inherited)
{
    const wr_sdp_problem *problem = problem_at(v->sdp, at);
    char text[WR_DIGEST_TEXT];
    proto_item *item;
    proto_tree *subtree;

    item = add_at(v, tree, wr_sdp_hf.fingerprint, at, wr_digest_format(fp->value, fp->length, text));
    if (fp->length == 0)
        proto_item_append_text(item, "(none)");
    proto_item_append_text(item, " (%s)%s", wr_hash_name(fp->hash), inherited ? " [from the session level]" : "");
    subtree = proto_item_add_subtree(item, wr_sdp_ett.fingerprint);
    add_at(v, subtree, wr_sdp_hf.fingerprint_hash, at, wr_hash_name(fp->hash));
    if (inherited) {
        proto_item_set_generated(item);
    } else if (problem != NULL && is_about_fingerprint(problem)) {
        expert_add_info_format(v->pinfo, item,
                               fp->usable ? &wr_sdp_ei.fingerprint_form : &wr_sdp_ei.fingerprint_malformed,
                               "Line %u: %s", problem->line, problem->what);
    }
}

/* A value of a section, or of the session level that holds for it. */
static void show_value(const view *v, proto_tree *tree, int hf, wr_sdp_at at, const char *text, size_t section_start)
{
    proto_item *item;

    if (text == NULL)
        return;
    item = add_at(v, tree, hf, at, text);
    if (at.offset < section_start) {
        proto_item_append_text(item, " [from the session level]");
        proto_item_set_generated(item);
    }
}

/* What holds for a section, wherever it stands; for the session level itself, section is NULL. */
static void show_transport(const view *v, proto_tree *tree, const wr_sdp_section *section)
{
    const wr_transport *own = section != NULL ? &section->own : &v->sdp->session;
    const wr_effective e = wr_sdp_effective(v->sdp, section);
    const wr_transport_at at = wr_sdp_effective_at(v->sdp, section);
    const wr_section_at *places = section != NULL ? &v->sdp->at->sections[section - v->sdp->sections] : NULL;
    /* A rejected section has no transport to inherit for. */
    const bool alone = section != NULL && wr_sdp_section_disabled(section);
    const size_t start = places != NULL ? places->line.offset : 0;
    const wr_sdp_at crypto_at = places != NULL ? places->crypto : v->sdp->at->crypto;

    for (unsigned i = 0; i < e.n_fingerprints && (!alone || own->n_fingerprints != 0); i++)
        show_fingerprint(v, tree, &e.fingerprints[i], at.fingerprints[i], at.fingerprints[i].offset < start);
    if (e.setup != WR_SETUP_NONE && (!alone || own->setup != WR_SETUP_NONE))
        show_value(v, tree, wr_sdp_hf.setup, at.setup, wr_setup_name(e.setup), start);
    show_value(v, tree, wr_sdp_hf.ice_ufrag, at.ice_ufrag, alone ? own->ice_ufrag : e.ice_ufrag, start);
    show_value(v, tree, wr_sdp_hf.ice_pwd, at.ice_pwd, alone ? own->ice_pwd : e.ice_pwd, start);
    show_value(v, tree, wr_sdp_hf.tls_id, at.tls_id, alone ? own->tls_id : e.tls_id, start);
    /* The session level has key lines of its own only when none of the sections owns the first one. */
    if (crypto_at.line != 0 &&
        (section != NULL || v->sdp->n_sections == 0 || crypto_at.line < v->sdp->at->sections[0].line.line)) {
        char *line = wmem_strndup(v->pinfo->pool, v->sdp->text + crypto_at.offset, crypto_at.length);
        expert_add_info(v->pinfo, add_at(v, tree, wr_sdp_hf.crypto, crypto_at, line), &wr_sdp_ei.crypto);
    }
}

static const char *candidate_type_name(wr_candidate_type type)
{
    static const char *const names[] = {"host", "srflx", "prflx", "relay", "other"};

    return names[(unsigned)type < G_N_ELEMENTS(names) ? type : WR_CAND_OTHER];
}

static void show_candidate(const view *v, proto_tree *tree, const wr_candidate *c)
{
    const int offset = (int)c->at.offset, length = (int)c->at.length;
    char buf[WR_ENDPOINT_TEXT], related[WR_ENDPOINT_TEXT];
    const char *host = c->hostname != NULL ? c->hostname : wr_endpoint_format_host(&c->address, buf);
    const char *transport = c->tcp ? "tcp" : "udp";
    proto_item *item;
    proto_tree *subtree;

    item = add_at(v, tree, wr_sdp_hf.candidate, c->at,
                  wmem_strdup_printf(v->pinfo->pool, "%s %s %s port %u", candidate_type_name(c->type), transport, host,
                                     c->address.port));
    subtree = proto_item_add_subtree(item, wr_sdp_ett.candidate);
    add_at(v, subtree, wr_sdp_hf.candidate_type, c->at, candidate_type_name(c->type));
    add_at(v, subtree, wr_sdp_hf.candidate_address, c->at, host);
    if (c->hostname == NULL)
        proto_tree_add_uint(subtree, wr_sdp_hf.candidate_port, v->tvb, offset, length, c->address.port);
    add_at(v, subtree, wr_sdp_hf.candidate_transport, c->at, transport);
    proto_tree_add_uint(subtree, wr_sdp_hf.candidate_component, v->tvb, offset, length, c->component);
    if (wr_endpoint_known(&c->related))
        add_at(v, subtree, wr_sdp_hf.candidate_related, c->at, wr_endpoint_format(&c->related, related));
    if (c->ufrag != NULL)
        add_at(v, subtree, wr_sdp_hf.candidate_ufrag, c->at, c->ufrag);
}

static void show_candidates(const view *v, proto_tree *tree, unsigned first, unsigned n)
{
    proto_tree *subtree;

    if (n == 0)
        return;
    subtree = proto_tree_add_subtree_format(tree, v->tvb, (int)v->sdp->candidates[first].at.offset, -1,
                                            wr_sdp_ett.candidates, NULL, "Candidates: %u", n);
    proto_item_set_len(subtree,
                       (int)(v->sdp->candidates[first + n - 1].at.offset + v->sdp->candidates[first + n - 1].at.length -
                             v->sdp->candidates[first].at.offset));
    for (unsigned i = first; i < first + n; i++)
        show_candidate(v, subtree, &v->sdp->candidates[i]);
}

static void show_media_line(const view *v, proto_tree *tree, const wr_sdp_section *section, const wr_section_at *places)
{
    const wr_sdp_at at = places->line;

    add_at(v, tree, wr_sdp_hf.media, at, section->media);
    proto_tree_add_uint(tree, wr_sdp_hf.port, v->tvb, (int)at.offset, (int)at.length, section->port);
    add_at(v, tree, wr_sdp_hf.proto, at, section->proto);
    if (section->mid != NULL)
        add_at(v, tree, wr_sdp_hf.mid, places->mid, section->mid);
}

static void show_section(const view *v, proto_tree *tree, unsigned index, bool tagged)
{
    const wr_sdp_section *section = &v->sdp->sections[index];
    const bool last = index + 1 == v->sdp->n_sections;
    const size_t end = last ? v->sdp->text_len : v->sdp->at->sections[index + 1].line.offset;
    const int start = (int)v->sdp->at->sections[index].line.offset;
    char buf[WR_ENDPOINT_TEXT];
    proto_item *item = proto_tree_add_uint(tree, wr_sdp_hf.section, v->tvb, start, (int)end - start, index);
    proto_tree *subtree = proto_item_add_subtree(item, wr_sdp_ett.section);

    proto_item_append_text(item, ": %s", section->media);
    if (section->mid != NULL)
        proto_item_append_text(item, ", mid %s", section->mid);
    if (wr_sdp_section_disabled(section))
        proto_item_append_text(item, ", disabled");
    else if (section->port == 0)
        proto_item_append_text(item, ", bundle-only");
    show_media_line(v, subtree, section, &v->sdp->at->sections[index]);
    add_flag(v, subtree, wr_sdp_hf.disabled, wr_sdp_section_disabled(section));
    add_flag(v, subtree, wr_sdp_hf.bundle_only, section->bundle_only);
    add_flag(v, subtree, wr_sdp_hf.tagged, tagged);
    show_transport(v, subtree, section);
    add_flag(v, subtree, wr_sdp_hf.rtcp_mux, section->rtcp_mux);
    add_flag(v, subtree, wr_sdp_hf.identity, section->identity);
    add_generated(v, subtree, wr_sdp_hf.msid, v->sdp->at->sections[index].msid);
    if (section->ssrc != 0)
        proto_item_set_generated(proto_tree_add_uint(subtree, wr_sdp_hf.ssrc, v->tvb, 0, 0, section->ssrc));
    if (wr_endpoint_known(&section->connection))
        add_generated(v, subtree, wr_sdp_hf.connection, wr_endpoint_format_host(&section->connection, buf));
    show_candidates(v, subtree, section->first_candidate, section->n_candidates);
    add_flag(v, subtree, wr_sdp_hf.end_of_candidates, section->end_of_candidates);
}

static void show_context(const view *v, proto_tree *tree, const wr_signalling_context *context, bool bare)
{
    add_generated(v, tree, wr_sdp_hf.kind, wr_kind_name(context->kind));
    add_generated(v, tree, wr_sdp_hf.dialect, context->dialect);
    add_generated(v, tree, wr_sdp_hf.path, context->path);
    if (!bare)
        return;
    add_generated(v, tree, wr_sdp_hf.carrier, wr_carrier_name(context->carrier));
    add_generated(v, tree, wr_sdp_hf.direction, wr_direction_name(context->direction));
    add_flag(v, tree, wr_sdp_hf.protected_transport, context->protected_transport);
    add_generated(v, tree, wr_sdp_hf.call, context->call);
    add_generated(v, tree, wr_sdp_hf.from, context->from);
    add_generated(v, tree, wr_sdp_hf.to, context->to);
    add_generated(v, tree, wr_sdp_hf.server, context->server);
    add_generated(v, tree, wr_sdp_hf.user_agent, context->user_agent);
}

static void show_key_line(const view *v, proto_tree *tree, bool present, wr_sdp_at at)
{
    if (present) {
        char *line = wmem_strndup(v->pinfo->pool, v->sdp->text + at.offset, at.length);
        expert_add_info(v->pinfo, add_at(v, tree, wr_sdp_hf.key, at, line), &wr_sdp_ei.key);
    }
}

static void show_session_level(const view *v, proto_tree *tree)
{
    const wr_sdp *sdp = v->sdp;
    unsigned first = sdp->n_candidates;

    if (sdp->origin != NULL)
        add_at(v, tree, wr_sdp_hf.origin, sdp->at->origin, sdp->origin);
    if (sdp->has_author) {
        size_t len;
        const char *id = wr_sdp_sess_id(sdp, &len);
        char *text = g_strndup(id, len);
        add_at(v, tree, wr_sdp_hf.sess_id, sdp->at->origin, text);
        g_free(text);
        proto_tree_add_uint64(tree, wr_sdp_hf.sess_version, v->tvb, (int)sdp->at->origin.offset,
                              (int)sdp->at->origin.length, sdp->sess_version);
    }
    if (sdp->bundle != NULL) {
        char *mids = g_strjoinv(" ", sdp->bundle);
        add_at(v, tree, wr_sdp_hf.bundle, sdp->at->bundle, mids);
        g_free(mids);
    }
    add_flag(v, tree, wr_sdp_hf.ice_lite, sdp->ice_lite);
    show_key_line(v, tree, sdp->k_line, sdp->at->k);
    show_key_line(v, tree, sdp->key_mgmt, sdp->at->key_mgmt);
    show_transport(v, tree, NULL);
    if (sdp->n_sections != 0)
        first = sdp->sections[0].first_candidate;
    show_candidates(v, tree, 0, first);
    add_flag(v, tree, wr_sdp_hf.end_of_candidates, sdp->end_of_candidates);
}

/* Fingerprint lines have said theirs on their own items. */
static void show_problems(const view *v, proto_tree *tree)
{
    for (unsigned i = 0; i < v->sdp->n_problems; i++) {
        const wr_sdp_problem *problem = &v->sdp->problems[i];
        const bool limit = problem->kind == WR_SDP_PROBLEM_LIMIT;
        proto_item *item;
        if (is_about_fingerprint(problem))
            continue;
        item = add_at(v, tree, wr_sdp_hf.problem, problem->at, problem->what);
        if (problem->line != 0) {
            proto_item_append_text(item, " (line %u)", problem->line);
            expert_add_info_format(v->pinfo, item, limit ? &wr_sdp_ei.limit : &wr_sdp_ei.malformed, "Line %u: %s",
                                   problem->line, problem->what);
        } else {
            expert_add_info_format(v->pinfo, item, limit ? &wr_sdp_ei.limit : &wr_sdp_ei.malformed,
                                   "Session description: %s", problem->what);
        }
    }
}

static void show_hash(const view *v, proto_tree *tree, int hf, const uint8_t digest[32])
{
    proto_item_set_generated(proto_tree_add_bytes_with_length(tree, hf, v->tvb, 0, 0, digest, 32));
}

void wr_sdp_show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto, const wr_sdp *sdp,
                 const wr_signalling_context *context, bool bare)
{
    const view v = {tvb, pinfo, sdp};
    const size_t tagged = wr_sdp_tagged_section(sdp, NULL);
    proto_item *item;
    proto_tree *top;

    item = proto_tree_add_item(tree, proto, tvb, 0, -1, ENC_NA);
    proto_item_append_text(item, ": %s", wr_kind_name(context->kind));
    if (wr_tree_items(tree) > MAX_ITEMS) {
        expert_add_info_format(pinfo, item, &wr_sdp_ei.limit,
                               "Too many items in this packet: the description is not shown");
        return;
    }
    if (sdp->n_sections != 0)
        proto_item_append_text(item, ", %u section%s", sdp->n_sections, sdp->n_sections == 1 ? "" : "s");
    top = proto_item_add_subtree(item, wr_sdp_ett.top);
    show_context(&v, top, context, bare);
    add_flag(&v, top, wr_sdp_hf.fragment, sdp->fragment);
    if (sdp->truncated)
        expert_add_info(pinfo, add_flag(&v, top, wr_sdp_hf.truncated, true), &wr_sdp_ei.truncated);
    show_session_level(&v, top);
    for (unsigned i = 0; i < sdp->n_sections; i++)
        show_section(&v, top, i, i == tagged);
    show_problems(&v, top);
    show_hash(&v, top, wr_sdp_hf.canonical_hash, sdp->canonical);
    show_hash(&v, top, wr_sdp_hf.body_hash, sdp->body);
}
