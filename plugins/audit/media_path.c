/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media of a call, shown as what it is. Encrypted, it is nothing that any of Wireshark's hundred and more UDP
 * heuristics could make out, yet each of them is asked about each packet of it, which is most of the time that reading
 * a call takes, and now and then one of them takes it for its own. Where the path is proven to be that of a call, RFC
 * 7983 and RFC 5761 say which packets are RTP and RTCP: Wireshark's own dissectors get them, with what the payload
 * types mean in the descriptions, so that RTP Streams and the rest of Telephony know them. What comes before heuristics
 * stays: conversations that another dissector has taken, and "Decode As".
 */
#include "audit.h"

#include <epan/exceptions.h>
#include <epan/show_exception.h>

#include "base/index.h"
#include "rtp/rtcp.h"
#include "sdp/payload.h"
#include "wr_epan/buffers.h"
#include "wr_epan/place.h"
#include "wr_epan/rtp.h"

static dissector_handle_t rtp, rtcp, srtcp;
static GHashTable *described;             /* wr_flow* that Wireshark was told of -> how */
static GHashTable *payload_maps;          /* by what they say: rtp_dyn_payload_t */
static struct srtp_info *protections[32]; /* by length of the tag */
enum { IN_CLEAR = 1, SECURED, OPENED };

typedef struct {
    rtp_dyn_payload_t *payloads;
    struct srtp_info *protection;
} wr_conversation;

void wr_audit_media_forget(void)
{
    g_clear_pointer(&described, g_hash_table_destroy);
    g_clear_pointer(&payload_maps, g_hash_table_destroy);
    memset(protections, 0, sizeof protections);
}

/* ---- what Wireshark is told ---- */

static void add_payload(const wr_sdp_payload *p, void *data)
{
    char name[64];

    if (p->name.len == 0 || p->name.len >= sizeof name)
        return;
    memcpy(name, p->name.p, p->name.len);
    name[p->name.len] = '\0';
    if (p->sframe)
        g_strlcpy(name, "sframe", sizeof name);
    wr_rtp_payload_insert(data, p->type, name, (int)p->rate, p->channels);
}

static void mix_payload(const wr_sdp_payload *p, void *data)
{
    const uint32_t numbers[4] = {p->type, p->rate, p->channels, p->sframe};
    uint64_t *key = data;

    if (p->name.len == 0)
        return;
    *key = (*key ^ wr_key(p->name.p, p->name.len)) * 0x9e3779b97f4a7c15u; /* odd, and far from any pattern */
    *key = (*key ^ wr_key(numbers, sizeof numbers)) * 0x9e3779b97f4a7c15u;
}

/* Those of answers come last: they are what was agreed on. */
static void each_payload(const GPtrArray *copies, void (*each)(const wr_sdp_payload *, void *), void *data)
{
    for (int answers = 0; answers < 2; answers++) {
        for (unsigned i = 0; i < copies->len; i++) {
            const wr_copy *c = g_ptr_array_index(copies, i);
            if (wr_kind_is_answer(c->kind) == (answers == 1))
                wr_sdp_each_payload(c->sdp, each, data);
        }
    }
}

/* Payload types by the descriptions of the call that this flow belongs to by now. Calls of one browser share them; they
 * live as long as the file. */
static rtp_dyn_payload_t *payloads_of(const wr_flow *f)
{
    GPtrArray *copies = wr_node_copies(wr_audit_engine(), wr_flow_session_number(wr_audit_engine(), f));
    rtp_dyn_payload_t *out;
    uint64_t key = 1;

    each_payload(copies, mix_payload, &key);
    if (payload_maps == NULL)
        payload_maps = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    out = g_hash_table_lookup(payload_maps, &key);
    if (out == NULL) {
        out = rtp_dyn_payload_new();
        each_payload(copies, add_payload, out);
        g_hash_table_insert(payload_maps, g_memdup2(&key, sizeof key), out);
    }
    wr_copies_close(copies);
    g_ptr_array_free(copies, TRUE);
    return out;
}

/* Its descriptions speak of RTP without SRTP, and there was no handshake. */
static bool is_said_to_be_clear(const wr_flow *f)
{
    const unsigned number = f->associations.len == 0 ? wr_flow_session_number(wr_audit_engine(), f) : 0;
    GPtrArray *copies = g_ptr_array_new(), *associations = g_ptr_array_new();
    bool clear = false, secured = false;

    if (number != 0)
        wr_node_members(wr_audit_engine(), number, copies, associations);
    for (unsigned i = 0; i < copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(copies, i);
        for (unsigned j = 0; j < c->sdp->n_sections; j++) {
            const char *proto = c->sdp->sections[j].proto;
            secured |= strstr(proto, "SAVP") != NULL || c->sdp->sections[j].has_crypto;
            clear |= strstr(proto, "RTP/AVP") != NULL;
        }
    }
    secured |= associations->len > 0;
    g_ptr_array_free(copies, TRUE);
    g_ptr_array_free(associations, TRUE);
    return clear && !secured;
}

/* The profile of this path's media, where the handshake or a key tells. */
static const wr_srtp_profile *profile_of(const wr_flow *f)
{
    const wr_srtp_profile *profile = NULL;

    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *a = wr_list_at(&f->associations, i);
        if (a->srtp != NULL && a->srtp->profile != NULL)
            profile = a->srtp->profile;
        else if (a->has_profile)
            profile = wr_srtp_profile_by_number(a->srtp_profile);
    }
    for (int end = 0; profile == NULL && end < 2; end++) {
        const wr_sdes_proof *p = wr_flow_sdes_proof(wr_audit_engine(), f, end);
        profile = p != NULL ? p->profile : NULL;
    }
    return profile;
}

static struct srtp_info *protection_of(const wr_flow *f)
{
    const wr_srtp_profile *profile = profile_of(f);
    const unsigned tag = profile != NULL ? profile->tag : 0; /* not known: ciphertext is shown whole */

    if (protections[tag] == NULL) {
        protections[tag] = wmem_new0(wmem_file_scope(), struct srtp_info);
        protections[tag]->encryption_algorithm = SRTP_ENC_ALG_AES_CM;
        protections[tag]->auth_algorithm = SRTP_AUTH_ALG_HMAC_SHA1;
        protections[tag]->auth_tag_len = tag;
    }
    return protections[tag];
}

/* Wireshark's SDP gives RTP to whatever comes to or from the address and port of its m= and c= lines (4.4 and later
 * know UDP/TLS/RTP): from the next packet on nobody gets it. */
static void take_from_sdp(const packet_info *pinfo, const address *at, uint32_t port)
{
    const address none = ADDRESS_INIT_NONE;
    const conversation_type kind = conversation_pt_to_conversation_type(pinfo->ptype);
    conversation_t *c = find_conversation(pinfo->num, at, &none, kind, port, 0, NO_ADDR_B | NO_PORT_B);

    if (c != NULL && conversation_get_dissector(c, pinfo->num) == rtp)
        conversation_set_dissector_from_frame_number(c, pinfo->num + 1, NULL);
}

/* The conversation that RTP keeps its state in gets no dissector of its own: STUN and DTLS go on as before, and media
 * come here. */
static void leave_to_heuristics(packet_info *pinfo, const address *at, uint32_t port, uint32_t other)
{
    const address none = ADDRESS_INIT_NONE;
    const conversation_type kind = conversation_pt_to_conversation_type(pinfo->ptype);
    conversation_t *c = find_conversation(pinfo->num, at, &none, kind, port, other, NO_ADDR_B);

    if (c != NULL && c->setup_frame == pinfo->num)
        conversation_set_dissector(c, NULL);
    take_from_sdp(pinfo, at, port);
}

static void describe_end(packet_info *pinfo, const wr_conversation *c, int end)
{
    address *at = end == 0 ? &pinfo->net_src : &pinfo->net_dst;
    const uint32_t port = end == 0 ? pinfo->srcport : pinfo->destport;
    const uint32_t other = end == 0 ? pinfo->destport : pinfo->srcport;

    srtp_add_address(pinfo, pinfo->ptype, at, (int)port, (int)other, "WebRTC", pinfo->num,
                     RTP_MEDIA_AUDIO | RTP_MEDIA_VIDEO, c->payloads, c->protection, NULL);
    if (c->protection != NULL &&
        pinfo->ptype == PT_UDP) /* SRTCP is shown by ourselves: what is RTCP in clear shall be read so */
        rtcp_add_address(pinfo, at, (int)port, (int)other, "WebRTC", pinfo->num);
    leave_to_heuristics(pinfo, at, port, other);
}

bool wr_audit_media_is_described(const wr_flow *f)
{
    return described != NULL && g_hash_table_contains(described, f);
}

void wr_audit_media_forget_flow(const wr_flow *f)
{
    if (described != NULL)
        g_hash_table_remove(described, f);
}

/* What Wireshark takes a packet of this path, one way or the other, to belong to. */
static conversation_t *conversation_of(packet_info *pinfo, bool back)
{
    const conversation_type kind = conversation_pt_to_conversation_type(pinfo->ptype);

    return back ? find_conversation(pinfo->num, &pinfo->dst, &pinfo->src, kind, pinfo->destport, pinfo->srcport, 0)
                : find_conversation(pinfo->num, &pinfo->src, &pinfo->dst, kind, pinfo->srcport, pinfo->destport, 0);
}

/* Where SDP without ICE has made conversations of one end each, those that were made now come before them: what follows
 * stays in the UDP stream that it was in. */
static void keep_stream(packet_info *pinfo, const conversation_t *before, bool back)
{
    conversation_t *now = pinfo->ptype == PT_UDP ? conversation_of(pinfo, back) : NULL;
    const int udp = proto_get_id_by_filter_name("udp");
    void *stream = before != NULL ? conversation_get_proto_data(before, udp) : NULL;

    if (now != NULL && now != before && stream != NULL && conversation_get_proto_data(now, udp) == NULL)
        conversation_add_proto_data(now, udp, stream);
}

static void describe(packet_info *pinfo, const wr_flow *f, int how)
{
    const conversation_t *there = conversation_of(pinfo, false), *back = conversation_of(pinfo, true);
    wr_conversation c;

    if (described == NULL)
        described = g_hash_table_new(g_direct_hash, g_direct_equal);
    c.payloads = payloads_of(f);
    c.protection = how == SECURED ? protection_of(f) : NULL;
    g_hash_table_insert(described, (gpointer)f, GINT_TO_POINTER(how));
    describe_end(pinfo, &c, 0);
    describe_end(pinfo, &c, 1);
    keep_stream(pinfo, there, false);
    keep_stream(pinfo, back, true);
}

void wr_audit_media_describe(packet_info *pinfo, const wr_flow *f)
{
    if ((pinfo->ptype == PT_UDP || pinfo->ptype == PT_TCP) && !wr_audit_media_is_described(f))
        describe(pinfo, f, is_said_to_be_clear(f) ? IN_CLEAR : SECURED);
}

/* ---- packets ---- */

/* Which datagram inside TURN these bytes are. */
static bool find_relayed(packet_info *pinfo, const uint8_t *bytes, wr_place *at, wr_carriage *how)
{
    wr_payload_iter it;
    wr_packet packet;
    wr_datagram d;

    wr_packet_begin(&packet, pinfo);
    if (!wr_payload_begin(&it, &packet))
        return false;
    while (wr_payload_next(&it, &d)) {
        if (d.bytes != bytes)
            continue;
        at->src = d.src;
        at->dst = d.dst;
        *how = d.how;
        return true;
    }
    return false;
}

/* Wireshark takes the last byte of ciphertext for a count where the padding bit is set, and then fails. */
static void show_rtp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool secured)
{
    const unsigned n = tvb_captured_length(tvb);
    uint8_t *copy;

    if (secured && (wr_tvb_u8(tvb, 0) & 0x20) != 0) {
        copy = (uint8_t *)tvb_memdup(pinfo->pool, tvb, 0, n);
        copy[0] &= 0xdf;
        tvb = tvb_new_child_real_data(tvb, copy, n, (int)tvb_reported_length(tvb));
        add_new_data_source(pinfo, tvb, "SRTP, padding in its encrypted part");
    }
    call_dissector(rtp, tvb, pinfo, tree);
}

/* How a datagram came. */
typedef struct {
    bool relayed;              /* over UDP: inside TURN */
    const wr_carried *carried; /* over TCP: its record; else NULL */
} wr_way;

/* The flow of a datagram that Wireshark hands over, where it is media of a call by what was known when its frame came;
 * else NULL. m becomes what the correlation is to know of it. */
static wr_flow *media_flow(tvbuff_t *tvb, packet_info *pinfo, wr_media_evidence *m, const wr_way *way)
{
    wr_engine *e = wr_audit_engine();
    unsigned captured;

    if (e == NULL || !wr_engine_has_flows(e) || pinfo->flags.in_error_pkt ||
        pinfo->ptype != (way->carried != NULL ? PT_TCP : PT_UDP))
        return NULL;
    m->bytes = wr_tvb_bytes(tvb, &captured);
    m->captured = captured;
    m->length = tvb_reported_length(tvb);
    if (m->bytes == NULL || wr_payload_look(m->bytes, captured, (unsigned)m->length) != WR_LOOK_MEDIA)
        return NULL;
    m->at = wr_place_of(pinfo);
    memset(&m->how, 0, sizeof m->how);
    if (way->carried != NULL) {
        m->at.src = way->carried->src;
        m->at.dst = way->carried->dst;
        m->how = way->carried->how;
    } else if (way->relayed && !find_relayed(pinfo, m->bytes, &m->at, &m->how)) {
        return NULL;
    }
    if (!wr_engine_is_media_path(e, &m->at, &m->how, !PINFO_FD_VISITED(pinfo)))
        return NULL;
    return wr_engine_find_flow(e, &m->at, &m->how);
}

static void show_secured(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const wr_flow *flow,
                         const wr_media_evidence *m)
{
    const int how = GPOINTER_TO_INT(g_hash_table_lookup(described, flow));
    const bool is_rtcp = wr_is_rtcp_type(m->bytes[1]);

    if (is_rtcp && how != IN_CLEAR && wr_rtcp_look_at(m->bytes, m->captured) == WR_RTCP_OPAQUE)
        call_dissector_with_data(srtcp, tvb, pinfo, tree, (void *)profile_of(flow));
    else if (is_rtcp)
        call_dissector(rtcp, tvb, pinfo, tree);
    else if (how == OPENED) /* a codec would take ciphertext for speech */
        wr_audit_show_closed(tvb, pinfo, tree);
    else
        show_rtp(tvb, pinfo, tree, how == SECURED);
}

/* What RTP cannot read ends here: of a message of TURN more is to be shown. */
static void show_guarded(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const wr_flow *flow,
                         const wr_media_evidence *m)
{
    const char *proto = pinfo->current_proto;

    TRY
    {
        show_secured(tvb, pinfo, tree, flow, m);
    }
    CATCH_NONFATAL_ERRORS
    {
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
        pinfo->current_proto = proto;
    }
    ENDTRY;
}

static bool show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, wr_way way)
{
    const bool first_pass = !PINFO_FD_VISITED(pinfo);
    wr_media_evidence m;
    wr_flow *flow = media_flow(tvb, pinfo, &m, &way);
    tvbuff_t *plain;

    if (flow == NULL)
        return false;
    if (first_pass)
        wr_audit_media_describe(pinfo, flow);
    if (!wr_audit_media_is_described(flow))
        return false;
    plain = wr_audit_decrypts_media() ? wr_audit_open_media(tvb, pinfo, &m) : NULL;
    if (plain == NULL) {
        show_guarded(tvb, pinfo, tree, flow, &m);
        return true;
    }
    if (first_pass && g_hash_table_lookup(described, flow) != GINT_TO_POINTER(OPENED))
        describe(pinfo, flow, OPENED);
    call_dissector(wr_is_rtcp_type(m.bytes[1]) ? rtcp : rtp, plain, pinfo, tree);
    return true;
}

static wr_bool show_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    return show(tvb, pinfo, tree, (wr_way){false, NULL});
}

static wr_bool show_relayed_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    return show(tvb, pinfo, tree, (wr_way){true, NULL});
}

/* Inside TURN or behind the length of RFC 4571: webrtc_ice says which. */
static wr_bool show_media_over_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *carried)
{
    return show(tvb, pinfo, tree, (wr_way){false, carried});
}

void wr_audit_media_handoff(void)
{
    rtp = find_dissector("rtp");
    rtcp = find_dissector("rtcp");
    srtcp = wr_audit_srtcp_handoff();
    if (rtp == NULL || rtcp == NULL)
        return;
    heur_dissector_add("udp", show_media, "Media of a WebRTC call over UDP", "webrtc_media_udp", proto_webrtc,
                       HEURISTIC_ENABLE);
    heur_dissector_add("stun", show_relayed_media, "Media of a WebRTC call over TURN", "webrtc_media_turn",
                       proto_webrtc, HEURISTIC_ENABLE);
    if (proto_get_id_by_filter_name("webrtc_ice") > 0)
        heur_dissector_add("webrtc_ice", show_media_over_tcp, "Media of a WebRTC call over TCP", "webrtc_media_tcp",
                           proto_webrtc, HEURISTIC_ENABLE);
}
