/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From packets to the correlation: evidence on the bus, and the media of flows that the correlation knows. */
#include "audit.h"
#include "wr_epan/bus.h"
#include "wr_epan/thinned.h"

static int proto_sdp = -2, proto_ice, proto_dtls, proto_signal;

static wmem_list_t *bus(packet_info *pinfo, int proto, wr_packet_key key)
{
    return proto > 0 ? wr_bus_list(pinfo, proto, key) : NULL;
}

static void find_protocols(void)
{
    if (proto_sdp != -2)
        return;
    proto_sdp = proto_get_id_by_filter_name("webrtc_sdp");
    proto_ice = proto_get_id_by_filter_name("webrtc_ice");
    proto_dtls = proto_get_id_by_filter_name("webrtc_dtls");
    proto_signal = proto_get_id_by_filter_name("webrtc_signal");
}

static void ingest_remarks(packet_info *pinfo)
{
    wmem_list_t *list = bus(pinfo, proto_signal, WR_BUS_REMARKS);

    for (wmem_list_frame_t *f = list != NULL ? wmem_list_head(list) : NULL; f != NULL; f = wmem_list_frame_next(f))
        wr_engine_add_remark(wr_audit_engine(), (const wr_remark *)wmem_list_frame_data(f));
}

static void ingest_limits(packet_info *pinfo)
{
    wmem_list_t *list = bus(pinfo, proto_webrtc, WR_BUS_LIMITS);

    for (wmem_list_frame_t *f = list != NULL ? wmem_list_head(list) : NULL; f != NULL; f = wmem_list_frame_next(f))
        wr_engine_add_limit(wr_audit_engine(), (const char *)wmem_list_frame_data(f));
}

static bool ingest_descriptions(packet_info *pinfo, wr_tap_data *out)
{
    wmem_list_t *list = bus(pinfo, proto_sdp, WR_BUS_DESCRIPTIONS);

    for (wmem_list_frame_t *f = list != NULL ? wmem_list_head(list) : NULL; f != NULL; f = wmem_list_frame_next(f)) {
        wr_copy *c = wr_engine_add_description(wr_audit_engine(), (const wr_description *)wmem_list_frame_data(f));
        if (c != NULL) {
            wr_audit_keep_copy(wr_frame_of(pinfo), c);
            out->copy = c;
        }
    }
    return list != NULL;
}

static bool ingest_stun(packet_info *pinfo, wr_tap_data *out)
{
    wmem_list_t *list = bus(pinfo, proto_ice, WR_BUS_STUN);

    for (wmem_list_frame_t *f = list != NULL ? wmem_list_head(list) : NULL; f != NULL; f = wmem_list_frame_next(f)) {
        wr_flow *flow = wr_engine_add_stun(wr_audit_engine(), (const wr_stun_evidence *)wmem_list_frame_data(f));
        if (flow != NULL)
            out->flow = flow;
    }
    return list != NULL;
}

/* What data channels carry, where a key log opened them. */
static void ingest_decrypted(packet_info *pinfo, wr_association *a, const wr_place *at)
{
    GSList *cursor = pinfo->data_src;
    const uint8_t *bytes;
    unsigned captured;

    if (cursor == NULL || cursor->next == NULL) /* the frame alone */
        return;
    while (wr_payload_next_decrypted(&cursor, &bytes, &captured))
        wr_engine_add_sctp(wr_audit_engine(), a, at, bytes, captured);
}

static bool ingest_dtls(packet_info *pinfo, wr_tap_data *out)
{
    wmem_list_t *list = bus(pinfo, proto_dtls, WR_BUS_DTLS);

    for (wmem_list_frame_t *f = list != NULL ? wmem_list_head(list) : NULL; f != NULL; f = wmem_list_frame_next(f)) {
        const wr_dtls_evidence *d = (const wr_dtls_evidence *)wmem_list_frame_data(f);
        wr_association *a = wr_engine_add_dtls(wr_audit_engine(), d);
        if (a == NULL)
            continue;
        out->association = a;
        out->flow = a->flow;
        if (d->event->kind == WR_DTLS_APPLICATION_DATA || d->event->kind == WR_DTLS_ENCRYPTED_RECORD_13)
            ingest_decrypted(pinfo, a, &d->at);
        if (d->event->kind != WR_DTLS_APPLICATION_DATA && d->event->kind != WR_DTLS_ENCRYPTED_RECORD_13)
            wr_audit_keep_association(wr_frame_of(pinfo), a);
    }
    return list != NULL;
}

static wr_media_evidence media_of(packet_info *pinfo, const wr_datagram *d)
{
    wr_media_evidence m = {.how = d->how, .bytes = d->bytes, .captured = d->captured, .length = d->length};

    m.at.frame = wr_frame_of(pinfo);
    m.at.point = wr_point_of(pinfo);
    m.at.time_us = (int64_t)pinfo->abs_ts.secs * 1000000 + pinfo->abs_ts.nsecs / 1000;
    m.at.src = d->src;
    m.at.dst = d->dst;
    return m;
}

/* Flows are learned from checks and handshakes, and from the addresses that descriptions announce; other media is not
 * ours. */
static void ingest_media(const wr_packet *packet, const wr_left_out *left, wr_tap_data *out)
{
    packet_info *pinfo = packet->pinfo;
    wr_payload_iter it;
    wr_datagram d;

    if (!wr_payload_begin(&it, packet))
        return;
    while (wr_payload_next(&it, &d)) {
        wr_media_evidence m;
        wr_flow *flow;
        wr_look look = wr_payload_look(d.bytes, d.captured, d.length);
        m = media_of(pinfo, &d);
        m.left_out = *left;
        if (d.how.relayed && look != WR_LOOK_STUN)
            wr_engine_add_relayed(wr_audit_engine(), &m);
        if ((look != WR_LOOK_MEDIA && look != WR_LOOK_OTHER) || d.captured == 0)
            continue;
        flow = look == WR_LOOK_MEDIA ? wr_engine_add_media(wr_audit_engine(), &m)
                                     : wr_engine_add_other(wr_audit_engine(), &m);
        if (flow != NULL)
            out->flow = flow;
    }
}

/* With each ServerHello, where Wireshark's DTLS describes the flow in its way; else with the first media. */
static void describe_media(const wr_packet *packet, const wr_tap_data *what)
{
    const wr_carriage how = {.transport = WR_TRANSPORT_UDP};
    const wr_association *a = what->association;
    packet_info *pinfo = packet->pinfo;
    const wr_flow *f = what->flow;
    wr_place at;

    if (a != NULL && a->server_hello == wr_frame_of(pinfo))
        wr_audit_media_forget_flow(f);
    else if (packet->look != WR_LOOK_MEDIA)
        return;
    at = wr_place_of(pinfo);
    if (!wr_audit_media_is_described(f) && wr_engine_find_flow(wr_audit_engine(), &at, &how) == f &&
        wr_engine_is_media_path(wr_audit_engine(), &at, &how, true))
        wr_audit_media_describe(pinfo, f);
}

void wr_audit_ingest(const wr_packet *packet, wr_tap_data *out)
{
    packet_info *pinfo = packet->pinfo;
    const bool marked = packet->marked;
    bool described = false;
    wr_left_out left;

    if (marked || packet->is_udp)
        wr_audit_packet_was_read();
    wr_engine_add_frame(wr_audit_engine(), wr_frame_of(pinfo),
                        (int64_t)pinfo->abs_ts.secs * 1000000 + pinfo->abs_ts.nsecs / 1000);
    wr_audit_note_time_digits(wr_time_digits(pinfo));
    if (wr_thinned_before(pinfo, &left))
        wr_engine_add_left_out(wr_audit_engine(), &left);
    if (marked) {
        const wr_place at = wr_place_of(pinfo);
        find_protocols();
        wr_engine_add_hops(wr_audit_engine(), &at, wr_ttl_of(pinfo));
        ingest_limits(pinfo);
        ingest_remarks(pinfo);
        described = ingest_descriptions(pinfo, out);
        ingest_stun(pinfo, out);
        ingest_dtls(pinfo, out);
    }
    if (!described && (packet->is_udp || packet->carried) && wr_engine_has_flows(wr_audit_engine()))
        ingest_media(packet, &left, out);
    if (packet->is_udp && out->flow != NULL)
        describe_media(packet, out);
}

void wr_audit_recall(const wr_packet *packet, wr_tap_data *out)
{
    packet_info *pinfo = packet->pinfo;
    const wr_frame_records *r = wr_audit_frame(wr_frame_of(pinfo));
    wr_payload_iter it;
    wr_datagram d;

    if (r != NULL && r->copies != NULL)
        out->copy = g_ptr_array_index(r->copies, r->copies->len - 1);
    if (r != NULL && r->associations != NULL) {
        out->association = g_ptr_array_index(r->associations, r->associations->len - 1);
        out->flow = out->association->flow;
    }
    if (r != NULL || !wr_engine_has_flows(wr_audit_engine()) || !wr_payload_begin(&it, packet))
        return;
    while (wr_payload_next(&it, &d)) {
        wr_media_evidence m = media_of(pinfo, &d);
        wr_flow *flow = wr_engine_find_flow(wr_audit_engine(), &m.at, &m.how);
        if (flow != NULL)
            out->flow = flow;
    }
}
