/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the correlation says of a packet, as tree items, links and expert infos. */
#include "audit.h"
#include "base/text.h"
#include "relations/relations.h"
#include "verdict/plain_words.h"
#include "wr_epan/bus.h"
#include "wr_epan/quietly.h"
#include "wr_epan/tree.h"

static int hf_session, hf_session_verdict, hf_session_statement, hf_session_unknown;
static int hf_association, hf_association_verdict, hf_association_frame;
static int hf_binding, hf_binding_frame, hf_standing;
static int hf_certificate_verdict, hf_certificate_frame, hf_certificate_owner;
static int hf_description, hf_description_frame, hf_description_pair, hf_statement;
static int hf_integrity = -1;
static int ett_webrtc = -1, ett_session = -1, ett_association = -1, ett_certificate = -1;

static expert_field ei_mismatch = EI_INIT, ei_possible_mismatch = EI_INIT, ei_weak_mismatch = EI_INIT,
                    ei_refused = EI_INIT;
static expert_field ei_verified = EI_INIT, ei_unverifiable = EI_INIT, ei_no_signalling = EI_INIT;
static expert_field ei_integrity = EI_INIT;

static proto_item *generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

static proto_item *add_id(proto_tree *tree, int hf, tvbuff_t *tvb, char letter, unsigned number)
{
    char id[16];

    if (!proto_field_is_referenced(tree, hf)) /* nobody will see the text; a fake item may still carry others */
        return generated(proto_tree_add_string(tree, hf, tvb, 0, 0, ""));
    g_snprintf(id, sizeof id, "%c%u", letter, number);
    return generated(proto_tree_add_string(tree, hf, tvb, 0, 0, id));
}

/* A text that may name frames; of what was stated in a file, it names that. */
static char *named(packet_info *pinfo, const char *format, ...) G_GNUC_PRINTF(2, 3);
static char *named(packet_info *pinfo, const char *format, ...)
{
    va_list args;
    char *text, *kept;

    va_start(args, format);
    text = wr_stated_name_frames(wr_audit_engine(), g_strdup_vprintf(format, args));
    va_end(args);
    kept = wmem_strdup(pinfo->pool, text);
    g_free(text);
    return kept;
}

static proto_item *add_frame(proto_tree *tree, int hf, tvbuff_t *tvb, packet_info *pinfo, uint32_t frame)
{
    if (frame == 0 || frame == wr_frame_of(pinfo))
        return NULL;
    if (wr_frame_is_stated(frame)) /* in no packet */
        return generated(proto_tree_add_string(tree, hf_statement, tvb, 0, 0, named(pinfo, "frame %u", frame)));
    wr_depend_on_frame(pinfo, frame);
    return generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, frame));
}

/* ---- associations ---- */

static const wr_session *session_of(const wr_association *a)
{
    return wr_engine_session(wr_audit_engine(), wr_association_session_number(wr_audit_engine(), a));
}

/* It agrees with what was delivered, which is not what was issued. */
static bool is_substitute(const wr_association *a, int side)
{
    const wr_session *s = session_of(a);

    return s != NULL && wr_presented_is_substitute(s, &a->side[side].presented);
}

static bool shows_substitute(const wr_association *a)
{
    const wr_session *s = session_of(a);

    return s != NULL && wr_association_shows_substitute(s, a);
}

static void say_certificate(packet_info *pinfo, proto_item *item, const wr_presented *p, const char *role,
                            bool substitute)
{
    const char *verdict = wr_cert_verdict_name(p->verdict);
    uint32_t frame;

    wr_presented_judged(p, &frame);
    if (p->description == NULL || frame == 0)
        proto_item_set_text(item, "Certificate of the %s: %s", role, verdict);
    else if (substitute)
        proto_item_set_text(item, "%s",
                            named(pinfo,
                                  "The certificate of the %s in frame %u matches the substitute in frame %u (%s)", role,
                                  frame, p->description->frame, verdict));
    else if (p->verdict == WR_CERT_MATCH)
        proto_item_set_text(item, "%s",
                            named(pinfo, "The certificate of the %s in frame %u is the one announced in frame %u (%s)",
                                  role, frame, p->description->frame, verdict));
    else if (p->verdict == WR_CERT_MISMATCH)
        proto_item_set_text(item, "%s",
                            named(pinfo,
                                  "The certificate of the %s in frame %u is not the one announced in frame %u (%s)",
                                  role, frame, p->description->frame, verdict));
    else
        proto_item_set_text(item, "%s",
                            named(pinfo,
                                  "The certificate of the %s in frame %u, compared with what frame %u announced: %s",
                                  role, frame, p->description->frame, verdict));
}

static void show_certificate(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const wr_association *a, int side)
{
    static const char *const role[] = {"client", "server"};
    const wr_presented *p = &a->side[side].presented;
    proto_item *item =
        generated(proto_tree_add_string(tree, hf_certificate_verdict, tvb, 0, 0, wr_cert_verdict_name(p->verdict)));
    proto_tree *sub = proto_item_add_subtree(item, ett_certificate);

    if (wr_tree_is_read(tree))
        say_certificate(pinfo, item, p, role[side], is_substitute(a, side));
    generated(proto_tree_add_string(sub, hf_certificate_owner, tvb, 0, 0, role[side]));
    add_frame(sub, hf_certificate_frame, tvb, pinfo, p->frame);
    if (p->description != NULL)
        add_frame(sub, hf_description_frame, tvb, pinfo, p->description->frame);
    if (p->issued != NULL && p->issued != p->description)
        add_frame(sub, hf_description_frame, tvb, pinfo, p->issued->frame);
}

static expert_field *mismatch_expert(const wr_association *a)
{
    if (a->verdict == WR_A_MISMATCH_ENFORCED)
        return &ei_refused;
    return a->binding <= WR_B1 ? &ei_mismatch : a->binding == WR_B2 ? &ei_weak_mismatch : &ei_possible_mismatch;
}

static void say_association(packet_info *pinfo, proto_item *item, const wr_association *a)
{
    switch (a->verdict) {
    case WR_A_MISMATCH:
    case WR_A_MISMATCH_ENFORCED:
    case WR_A_MISMATCH_NOT_ENFORCED:
        for (int s = 0; s < 2; s++) {
            const wr_presented *p = &a->side[s].presented;
            uint32_t frame;
            wr_presented_judged(p, &frame);
            if (p->verdict == WR_CERT_MISMATCH &&
                (frame == wr_frame_of(pinfo) || p->description->frame == wr_frame_of(pinfo) ||
                 a->enforcement_frame == wr_frame_of(pinfo) ||
                 (p->description->frame > frame && !wr_frame_is_stated(p->description->frame))))
                expert_add_info_format(
                    pinfo, item, mismatch_expert(a), "%s",
                    named(pinfo,
                          "%s: the certificate in frame %u does not match the fingerprint announced in frame %u "
                          "(binding %s)",
                          wr_association_verdict_name(a->verdict), frame, p->description->frame,
                          wr_binding_name(a->binding) != NULL ? wr_binding_name(a->binding) : "none"));
        }
        break;
    case WR_A_VERIFIED:
        if (a->side[0].presented.frame == wr_frame_of(pinfo) && shows_substitute(a))
            expert_add_info_format(pinfo, item, &ei_verified,
                                   "The certificates match what was delivered, and one of them is a substitute");
        else if (a->side[0].presented.frame == wr_frame_of(pinfo))
            expert_add_info(pinfo, item, &ei_verified);
        break;
    case WR_A_UNVERIFIABLE_ENCRYPTED:
        if (a->server_hello == wr_frame_of(pinfo))
            expert_add_info(pinfo, item, &ei_unverifiable);
        break;
    case WR_A_NO_SIGNALLING:
        if (a->first_frame == wr_frame_of(pinfo) && PINFO_FD_VISITED(pinfo))
            expert_add_info(pinfo, item, &ei_no_signalling);
        break;
    default:
        break;
    }
}

/* What stands behind the verdict: verified, it is no good sign where what it agrees with is not what was issued. */
static const char *qualified(const wr_association *a)
{
    return shows_substitute(a) ? " with a substitute" : "";
}

static void say_ends(proto_item *item, const wr_association *a)
{
    char at[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];

    if (a->client_end < 0)
        proto_item_set_text(item, "DTLS handshake a%u: %s%s", a->number, wr_association_verdict_name(a->verdict),
                            qualified(a));
    else
        proto_item_set_text(item, "DTLS handshake a%u of client %s with server %s: %s%s", a->number,
                            wr_endpoint_format(&a->side[0].end, at), wr_endpoint_format(&a->side[1].end, to),
                            wr_association_verdict_name(a->verdict), qualified(a));
}

static void show_association(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, wr_association *a)
{
    static const char *const ties[] = {"ICE checks verified in both directions", "a verified ICE check",
                                       "ICE user names only", "announced addresses only",
                                       "the certificates themselves"};
    proto_item *item;
    proto_tree *sub;

    if (a->absorbed != NULL)
        a = a->absorbed;
    if (a->dirty)
        wr_engine_evaluate_association(wr_audit_engine(), a);
    item = add_id(tree, hf_association, tvb, 'a', a->number);
    if (wr_tree_is_read(tree))
        say_ends(item, a);
    sub = proto_item_add_subtree(item, ett_association);
    generated(proto_tree_add_string(sub, hf_association_verdict, tvb, 0, 0, wr_association_verdict_name(a->verdict)));
    say_association(pinfo, item, a);
    generated(proto_tree_add_string(sub, hf_standing, tvb, 0, 0, wr_standing_name(a->standing)));
    if (wr_binding_name(a->binding) != NULL) {
        proto_item *bound = generated(proto_tree_add_string(sub, hf_binding, tvb, 0, 0, wr_binding_name(a->binding)));
        if (wr_tree_is_read(tree))
            proto_item_set_text(bound, "It belongs to these descriptions by %s (%s)", ties[a->binding],
                                wr_binding_name(a->binding));
        add_frame(sub, hf_binding_frame, tvb, pinfo, a->binding_frame);
    }
    show_certificate(tvb, pinfo, sub, a, 1);
    show_certificate(tvb, pinfo, sub, a, 0);
    add_frame(sub, hf_association_frame, tvb, pinfo, a->first_frame);
}

/* ---- descriptions ---- */

/* The associations that this description governs, as far as they are known by now. */
static void show_copy(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const wr_copy *c)
{
    proto_item *item = add_id(tree, hf_description, tvb, 'd', c->number);
    unsigned number = wr_copy_session_number(wr_audit_engine(), c);
    const wr_session *s = number == 0 ? NULL : wr_engine_session(wr_audit_engine(), number);

    proto_item_set_text(item, "Session description d%u: %s%s", c->number, wr_kind_name(c->kind),
                        c->direction == WR_DIRECTION_EMITTED     ? ", as the client sent it"
                        : c->direction == WR_DIRECTION_DELIVERED ? ", as it was delivered to the client"
                                                                 : "");
    if (c->partner != NULL) {
        proto_item *pair = add_frame(tree, hf_description_pair, tvb, pinfo, c->partner->frame);
        if (pair != NULL)
            proto_item_set_text(pair,
                                c->kind == WR_KIND_OFFER ? "Its answer is in frame %u"
                                : c->kind == WR_KIND_ANSWER || c->kind == WR_KIND_PRANSWER
                                    ? "It answers the offer in frame %u"
                                    : "It belongs to the description in frame %u",
                                c->partner->frame);
    }
    for (unsigned i = 0; s != NULL && i < s->associations->len && i < 16; i++) {
        wr_association *a = g_ptr_array_index(s->associations, i);
        proto_item *begins = add_frame(tree, hf_association_frame, tvb, pinfo, a->first_frame);
        if (begins != NULL)
            proto_item_set_text(begins, "A DTLS handshake of this call, a%u, begins in frame %u: %s%s", a->number,
                                a->first_frame, wr_association_verdict_name(a->verdict), qualified(a));
        if (PINFO_FD_VISITED(pinfo))
            say_association(pinfo, item, a);
    }
}

/* ---- STUN ---- */

/* Computing it is not cheap. */
bool wr_audit_shows_integrity(proto_tree *tree)
{
    static int expert;

    if (expert == 0)
        expert = proto_registrar_get_id_byname("webrtc.integrity.invalid");
    return proto_field_is_referenced(tree, hf_integrity) || expert <= 0 || proto_field_is_referenced(tree, expert) ||
           wr_experts_matter(tree);
}

static void show_integrity(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    packet_info *pinfo = packet->pinfo;
    wr_payload_iter it;
    wr_datagram d;

    if (hf_integrity <= 0 || (packet->is_udp && packet->look != WR_LOOK_STUN && packet->look != WR_LOOK_CHANNEL) ||
        !wr_audit_shows_integrity(tree) || !wr_payload_begin(&it, packet))
        return;
    while (wr_payload_next(&it, &d)) {
        wr_stun_evidence s = {.at = wr_place_of(pinfo), .how = d.how};
        wr_integrity result;
        proto_item *item;
        if (wr_payload_look(d.bytes, d.captured, d.length) != WR_LOOK_STUN ||
            !wr_stun_parse(d.bytes, d.captured, &s.msg) || !s.msg.has_integrity || s.msg.method != WR_STUN_BINDING)
            continue;
        s.at.src = d.src;
        s.at.dst = d.dst;
        result = wr_engine_check_integrity(wr_audit_engine(), &s);
        item = generated(proto_tree_add_string(tree, hf_integrity, tvb, 0, 0, wr_integrity_name(result)));
        /* on a first pass the description may still come */
        if (result == WR_INTEGRITY_INVALID && PINFO_FD_VISITED(pinfo))
            expert_add_info(pinfo, item, &ei_integrity);
    }
}

/* ---- all ---- */

/* Sentence by sentence. */
static void show_sentences(tvbuff_t *tvb, proto_tree *tree, const char *text)
{
    const char *begin = text, *end;

    while ((end = strstr(begin, ". ")) != NULL) {
        char *sentence = g_strndup(begin, (size_t)(end - begin) + 1);
        wr_audit_show_text(tree, hf_session_statement, tvb, sentence);
        g_free(sentence);
        begin = end + 2;
    }
    if (*begin != '\0')
        wr_audit_show_text(tree, hf_session_statement, tvb, begin);
}

static void say_parties(proto_item *item, const wr_session *s)
{
    proto_item_set_text(item, "Call s%u", s->number);
    for (unsigned i = 0; i < s->n_parties; i++) {
        char at[WR_ENDPOINT_TEXT], *name = wr_text_clean(s->parties[i].name, 40);
        proto_item_append_text(item, "%s%s%s%s%s", i == 0 ? " of " : " with ", name, *name != '\0' ? " (" : "",
                               wr_endpoint_format_host(&s->parties[i].address, at), *name != '\0' ? ")" : "");
        g_free(name);
    }
    proto_item_append_text(item, ": %s", wr_session_verdict_name(s->verdict));
}

static void show_session(tvbuff_t *tvb, proto_tree *tree, proto_item *top, const wr_tap_data *what)
{
    unsigned number = wr_tap_session_number(what);
    const wr_session *s = number == 0 ? NULL : wr_engine_session(wr_audit_engine(), number);
    proto_item *item;
    proto_tree *sub;

    if (number == 0)
        return;
    item = add_id(tree, hf_session, tvb, 's', number);
    if (wr_tree_is_read(tree))
        proto_item_append_text(top, ", call s%u", number);
    if (s == NULL) /* not evaluated yet: the first of one pass */
        return;
    sub = proto_item_add_subtree(item, ett_session);
    if (wr_tree_is_read(tree)) {
        say_parties(item, s);
        proto_item_append_text(top, ": %s", wr_session_verdict_name(s->verdict));
    }
    generated(proto_tree_add_string(sub, hf_session_verdict, tvb, 0, 0, wr_session_verdict_name(s->verdict)));
    if (proto_field_is_referenced(tree, hf_session_statement))
        show_sentences(tvb, sub, s->sentence);
    for (unsigned i = 0; proto_field_is_referenced(tree, hf_session_unknown) && i < s->unknown->len && i < 8; i++)
        wr_audit_show_text(sub, hf_session_unknown, tvb, g_ptr_array_index(s->unknown, i));
}

/* DTLS that shows no sign of WebRTC (VPN, CoAP, Thread) is none of our business, and gets no word. */
static bool is_of_no_call(const wr_association *a)
{
    if (a->absorbed != NULL)
        a = a->absorbed;
    return wr_association_session_number(wr_audit_engine(), a) == 0 && !wr_association_is_webrtc(a);
}

static bool has_something(const wr_frame_records *r, const wr_tap_data *what, uint32_t frame)
{
    const wr_flow *f = what->flow;

    if (f == NULL || f->associations.len == 0 || f->checks.len > 0 || what->copy != NULL ||
        (r != NULL && r->copies != NULL) || wr_audit_findings_of(frame) != NULL || wr_tap_session_number(what) != 0)
        return true;
    for (unsigned i = 0; i < f->associations.len; i++)
        if (!is_of_no_call(wr_list_at(&f->associations, i)))
            return true;
    return false;
}

void wr_audit_show(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree, const wr_tap_data *what)
{
    packet_info *pinfo = packet->pinfo;
    const wr_frame_records *r = wr_audit_frame(wr_frame_of(pinfo));
    proto_item *top;
    proto_tree *sub;

    for (unsigned i = 0; r != NULL && r->associations != NULL && i < r->associations->len; i++) {
        wr_association *a = g_ptr_array_index(r->associations, i);
        if (a->dirty) /* so that the session is known below */
            wr_engine_evaluate_association(wr_audit_engine(), a);
    }
    if (PINFO_FD_VISITED(pinfo))
        wr_audit_bring_up_to_date(wr_tap_session_number(what), wr_tree_is_read(tree));
    if (!has_something(r, what, wr_frame_of(pinfo)))
        return;
    top = generated(proto_tree_add_item(tree, proto_webrtc, tvb, 0, 0, ENC_NA));
    sub = proto_item_add_subtree(top, ett_webrtc);
    show_session(tvb, sub, top, what);
    for (unsigned i = 0; r != NULL && r->copies != NULL && i < r->copies->len; i++)
        show_copy(tvb, pinfo, sub, g_ptr_array_index(r->copies, i));
    for (unsigned i = 0; r != NULL && r->associations != NULL && i < r->associations->len; i++)
        if (!is_of_no_call(g_ptr_array_index(r->associations, i)))
            show_association(tvb, pinfo, sub, g_ptr_array_index(r->associations, i));
    if (r == NULL || r->associations == NULL)
        show_integrity(packet, tvb, sub);
    wr_audit_show_media(tvb, pinfo, sub);
    if (r == NULL)
        wr_audit_show_streams(packet, tvb, sub, wr_tap_session_number(what));
    wr_audit_show_findings(tvb, pinfo, sub);
}

/* ---- registration ---- */

#define STRING_FIELD(hf, name, filter, blurb)                                                                          \
    {                                                                                                                  \
        &hf,                                                                                                           \
        {                                                                                                              \
            name, filter, FT_STRING, BASE_NONE, NULL, 0x0, blurb, HFILL                                                \
        }                                                                                                              \
    }
#define FRAME_FIELD(hf, name, filter, blurb)                                                                           \
    {                                                                                                                  \
        &hf,                                                                                                           \
        {                                                                                                              \
            name, filter, FT_FRAMENUM, BASE_NONE, NULL, 0x0, blurb, HFILL                                              \
        }                                                                                                              \
    }

static void register_expert(int proto)
{
    static ei_register_info ei[] = {
        {&ei_mismatch,
         {"webrtc.mismatch", PI_SECURITY, PI_ERROR, "Certificate does not match the announced fingerprint", EXPFILL}},
        {&ei_weak_mismatch,
         {"webrtc.mismatch.weak", PI_SECURITY, PI_WARN,
          "Certificate does not match the announced fingerprint (bound by user names only)", EXPFILL}},
        {&ei_possible_mismatch,
         {"webrtc.mismatch.possible", PI_SECURITY, PI_NOTE,
          "Certificate possibly does not match the announced fingerprint", EXPFILL}},
        {&ei_refused,
         {"webrtc.mismatch.refused", PI_SECURITY, PI_NOTE, "Certificate that does not match was refused", EXPFILL}},
        {&ei_verified,
         {"webrtc.verified", PI_SECURITY, PI_CHAT, "Both certificates match the announced fingerprints", EXPFILL}},
        {&ei_unverifiable,
         {"webrtc.unverifiable", PI_ASSUMPTION, PI_CHAT,
          "DTLS 1.3: the certificates are encrypted; a key log of either endpoint would show them", EXPFILL}},
        {&ei_no_signalling,
         {"webrtc.no_signalling", PI_ASSUMPTION, PI_NOTE,
          "No description of this handshake is readable in this capture", EXPFILL}},
        {&ei_integrity,
         {"webrtc.integrity.invalid", PI_SECURITY, PI_WARN,
          "MESSAGE-INTEGRITY does not validate with any password announced for this user name", EXPFILL}},
    };
    expert_module_t *module = expert_register_protocol(proto);

    expert_register_field_array(module, ei, array_length(ei));
    wr_audit_register_findings(proto, module);
}

void wr_audit_register_fields(int proto)
{
    static hf_register_info hf[] = {
        STRING_FIELD(hf_session, "Call", "webrtc.session", "Call this packet belongs to, as numbered in the report"),
        STRING_FIELD(hf_session_verdict, "Verdict", "webrtc.session.verdict", "What the capture shows about this call"),
        STRING_FIELD(hf_session_statement, "Statement", "webrtc.session.statement",
                     "The verdict in a sentence, with its frames"),
        STRING_FIELD(hf_session_unknown, "Unknown", "webrtc.session.unknown",
                     "What could not be verified, and what would settle it"),
        STRING_FIELD(hf_association, "Association", "webrtc.association",
                     "DTLS association, as numbered in the report"),
        STRING_FIELD(hf_association_verdict, "Verdict on the association", "webrtc.association.verdict",
                     "What the two certificates say about the association"),
        FRAME_FIELD(hf_association_frame, "Handshake in frame", "webrtc.association.frame",
                    "Frame in which the DTLS handshake begins"),
        STRING_FIELD(hf_standing, "Standing", "webrtc.association.standing",
                     "What the handshake is worth as evidence: proven, coherent, or bare, which anybody can send"),
        STRING_FIELD(hf_binding, "Binding", "webrtc.binding",
                     "How strongly this flow is tied to descriptions: B0 (strongest) to B4"),
        FRAME_FIELD(hf_binding_frame, "Bound by frame", "webrtc.binding.frame",
                    "Connectivity check that proves the binding"),
        STRING_FIELD(hf_certificate_verdict, "Certificate", "webrtc.certificate.verdict",
                     "Certificate compared with what was announced"),
        STRING_FIELD(hf_certificate_owner, "Presented by", "webrtc.certificate.owner",
                     "client or server of the DTLS handshake"),
        FRAME_FIELD(hf_certificate_frame, "Certificate in frame", "webrtc.certificate.frame",
                    "Frame in which the certificate was presented"),
        STRING_FIELD(hf_description, "Description", "webrtc.description",
                     "Session description, as numbered in the report"),
        FRAME_FIELD(hf_description_frame, "Announced in frame", "webrtc.description.frame",
                    "Frame of the session description"),
        FRAME_FIELD(hf_description_pair, "Offer or answer in frame", "webrtc.description.pair",
                    "Frame of the counterpart of this description"),
        STRING_FIELD(hf_statement, "Stated in", "webrtc.statement",
                     "File outside of the capture, and which of its statements, in place of a frame"),
    };
    static int *ett[] = {&ett_webrtc, &ett_session, &ett_association, &ett_certificate};

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    register_expert(proto);
    wr_audit_register_text();
    wr_audit_register_media(proto);
    wr_audit_register_streams(proto);
    wr_audit_register_srtcp();
}

/* webrtc_ice owns the field; only here its value is known. */
void wr_audit_show_handoff(void)
{
    hf_integrity = proto_registrar_get_id_byname("webrtc_ice.integrity");
}
