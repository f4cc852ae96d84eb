/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of what was read from DTLS, and its expert infos. */
#include "dtls_items.h"
#include "wr_epan/quietly.h"

#define HS_EPOCH_13 2 /* RFC 9147 6.1: records with the encrypted part of the handshake */

#define RECORD_VERSION_AT 1 /* in a record's header (RFC 6347 4.1), where fields of ours are */
#define RECORD_EPOCH_AT   3
#define HANDSHAKE_HEADER  12 /* RFC 6347 4.2.2, as the next */
#define LENGTH_AT         1
#define MESSAGE_SEQ_AT    4
#define OFFSET_AT         6
#define FRAGMENT_LEN_AT   9
#define SENTINEL          8 /* bytes at the end of the random (RFC 8446 4.1.3) */

/* The i-th of numbers of two bytes. */
static bytes_shown nth(const place *p, wr_span list, unsigned i)
{
    const wr_span one = {2 * i, 2};

    return in_body(p, within(list, one));
}

static void show_hello(const place *p, const wr_dtls_event *e)
{
    bool offer = e->kind == WR_DTLS_CLIENT_HELLO;

    add_text(p, offer ? WR_F_OFFERED_VERSION : WR_F_VERSION, in_body(p, e->at.version),
             wr_dtls_version_name(e->negotiated));
    add_bytes(p, WR_F_RANDOM, in_body(p, e->at.random), e->random, WR_DTLS_RANDOM);
    add_bytes(p, WR_F_SESSION_ID, in_body(p, e->at.session_id), e->session_id, e->session_id_length);
    add_flag(p, WR_F_COOKIE, in_body(p, e->at.cookie), e->has_cookie);
    for (unsigned i = 0; i < e->n_suites; i++)
        add_suite(p, offer ? WR_F_OFFERED_SUITE : WR_F_SUITE, nth(p, e->at.suites, i), e->suites[i]);
    if (e->compression != 0)
        add_number(p, WR_F_COMPRESSION, in_body(p, e->at.compression), e->compression);
}

/* What stands in extensions: of hellos, and of the server's encrypted extensions in 1.3. */
static void show_extensions(const place *p, const wr_dtls_event *e)
{
    static const wr_span sentinel = {WR_DTLS_RANDOM - SENTINEL, SENTINEL};
    bool offer = e->kind == WR_DTLS_CLIENT_HELLO;

    for (unsigned i = 0; i < e->n_profiles; i++)
        add_profile(p, offer ? WR_F_OFFERED_PROFILE : WR_F_PROFILE, nth(p, e->at.profiles, i), e->profiles[i]);
    if (e->mki_length > 0)
        add_number(p, WR_F_MKI_LENGTH, in_body(p, e->at.mki_length), e->mki_length);
    add_flag(p, WR_F_EMS, in_body(p, e->at.ems), e->has_ems);
    add_flag(p, WR_F_PSK, in_body(p, e->at.psk), e->has_psk);
    add_flag(p, WR_F_TICKET, in_body(p, e->at.ticket), e->has_ticket);
    add_flag(p, WR_F_DOWNGRADE, in_body(p, within(e->at.random, sentinel)), e->downgrade_sentinel);
    add_text(p, WR_F_ALPN, in_body(p, e->at.alpn), e->alpn);
    add_text(p, WR_F_SERVER_NAME, in_body(p, e->at.server_name), e->server_name);
    add_bytes(p, WR_F_EXTERNAL_SESSION_ID, in_body(p, e->at.external_session_id), e->external_session_id,
              e->external_session_id_length);
    add_bytes(p, WR_F_EXTERNAL_ID_HASH, in_body(p, e->at.external_id_hash), e->external_id_hash,
              e->external_id_hash_length);
}

/* Digests are made of all of the certificate, so that is what they show. der: where it stands in the message. */
static void show_digests(const place *p, const wr_certificate *c, bytes_shown der)
{
    static const struct {
        int field;
        wr_hash hash;
    } digests[] = {
        {WR_F_SHA256, WR_HASH_SHA256}, {WR_F_SHA1, WR_HASH_SHA1},     {WR_F_SHA224, WR_HASH_SHA224},
        {WR_F_SHA384, WR_HASH_SHA384}, {WR_F_SHA512, WR_HASH_SHA512},
    };
    char text[WR_DIGEST_TEXT];

    for (size_t i = 0; i < G_N_ELEMENTS(digests); i++) {
        const wr_hash h = digests[i].hash;
        const uint8_t *digest = wr_certificate_digest(c, h);

        if (digest != NULL)
            add_text(p, digests[i].field, der, wr_digest_format(digest, wr_hash_length(h), text));
    }
}

static void show_certificate(const place *outer, const wr_dtls_event *e)
{
    wr_certificate *c = e->leaf;
    const wr_span leaf = e->at.leaf;
    const bytes_shown der = in_body(outer, leaf);
    const wr_certificate_facts *facts;
    place p = *outer;

    wr_certificate_describe(c);
    facts = c->facts;
    p.tree = proto_tree_add_subtree_format(
        outer->tree, der.tvb, der.offset, der.length, wr_dtls_ett_certificate, NULL, "Certificate: %s, %s",
        facts->subject != NULL ? facts->subject : "unreadable", facts->key != NULL ? facts->key : "key unknown");
    show_digests(&p, c, der);
    if (!facts->parsed)
        return;
    add_text(&p, WR_F_SUBJECT, in_body(&p, within(leaf, facts->at.subject)), facts->subject);
    add_text(&p, WR_F_ISSUER, in_body(&p, within(leaf, facts->at.issuer)), facts->issuer);
    add_flag(&p, WR_F_SELF_SIGNED, none(&p), facts->self_signed);
    add_text(&p, WR_F_KEY, in_body(&p, within(leaf, facts->at.key)), facts->key);
    add_number(&p, WR_F_KEY_BITS, in_body(&p, within(leaf, facts->at.key)), (uint32_t)facts->key_bits);
    add_text(&p, WR_F_SIGNATURE, in_body(&p, within(leaf, facts->at.signature)), facts->signature_algorithm);
    add_time(&p, WR_F_NOT_BEFORE, in_body(&p, within(leaf, facts->at.not_before)), facts->not_before);
    add_time(&p, WR_F_NOT_AFTER, in_body(&p, within(leaf, facts->at.not_after)), facts->not_after);
    add_text(&p, WR_F_ALT_NAMES, in_body(&p, within(leaf, facts->at.alt_names)), facts->alt_names);
}

static bool is_message(const wr_dtls_event *e)
{
    return e->kind <= WR_DTLS_OTHER_HANDSHAKE || e->kind == WR_DTLS_FRAGMENT;
}

static void show_message(const place *p, const wr_dtls_event *e)
{
    add_named(p, WR_F_HANDSHAKE_TYPE, in_all(p, e->offset, 1), e->handshake_type,
              wr_tls_handshake_name(e->handshake_type));
    add_number(p, WR_F_MESSAGE_SEQ, in_all(p, e->offset + MESSAGE_SEQ_AT, 2), e->message_seq);
    add_number(p, WR_F_MESSAGE_LENGTH, in_all(p, e->offset + LENGTH_AT, 3), e->message_length);
    if (e->fragment_length < e->message_length) {
        add_number(p, WR_F_FRAGMENT_OFFSET, in_all(p, e->offset + OFFSET_AT, 3), e->fragment_offset);
        add_number(p, WR_F_FRAGMENT_LENGTH, in_all(p, e->offset + FRAGMENT_LEN_AT, 3), e->fragment_length);
    }
}

static void show_content(const place *p, const wr_dtls_event *e)
{
    switch (e->kind) {
    case WR_DTLS_CLIENT_HELLO:
    case WR_DTLS_SERVER_HELLO:
    case WR_DTLS_HELLO_RETRY_REQUEST:
        show_hello(p, e);
        show_extensions(p, e);
        break;
    case WR_DTLS_ENCRYPTED_EXTENSIONS:
        show_extensions(p, e);
        break;
    case WR_DTLS_CERTIFICATE:
        add_number(p, WR_F_CERTIFICATES,
                   in_body(p, e->at.certificates.length != 0 ? e->at.certificates : e->at.packed_certificates),
                   e->n_certificates);
        if (e->leaf != NULL)
            show_certificate(p, e);
        break;
    case WR_DTLS_ALERT:
        add_text(p, WR_F_ALERT_LEVEL, in_all(p, e->content_offset, 1),
                 e->alert_level == 2   ? "fatal"
                 : e->alert_level == 1 ? "warning"
                                       : "unknown");
        add_named(p, WR_F_ALERT, in_all(p, e->content_offset + 1, 1), e->alert_description,
                  wr_tls_alert_name(e->alert_description));
        break;
    default:
        break;
    }
}

static expert_field *expert_for(const wr_dtls_event *e)
{
    if (e->cut)
        return &wr_dtls_ei_cut;
    switch (e->kind) {
    case WR_DTLS_HEARTBEAT:
    case WR_DTLS_APPLICATION_DATA:
        return &wr_dtls_ei_security;
    case WR_DTLS_OTHER_HANDSHAKE:
        return &wr_dtls_ei_unread;
    default:
        return e->restarted ? &wr_dtls_ei_restarted : &wr_dtls_ei_malformed;
    }
}

/* Behind the name of the event in its line of the tree. */
static void add_summary(proto_item *item, const wr_dtls_event *e)
{
    char text[WR_DIGEST_TEXT];
    const char *name;

    switch (e->kind) {
    case WR_DTLS_CLIENT_HELLO:
        proto_item_append_text(item, ", offers up to %s", wr_dtls_version_name(e->negotiated));
        break;
    case WR_DTLS_SERVER_HELLO:
    case WR_DTLS_HELLO_RETRY_REQUEST:
        proto_item_append_text(item, ", %s", wr_dtls_version_name(e->negotiated));
        break;
    case WR_DTLS_CERTIFICATE:
        proto_item_append_text(item, ", %s",
                               e->leaf != NULL ? wr_digest_format(e->leaf->sha256, wr_hash_length(WR_HASH_SHA256), text)
                                               : "empty list");
        break;
    case WR_DTLS_ALERT:
        name = wr_tls_alert_name(e->alert_description);
        proto_item_append_text(item, ", %s%s", e->alert_level == 2 ? "fatal " : "", name != NULL ? name : "unknown");
        break;
    case WR_DTLS_FRAGMENT:
    case WR_DTLS_OTHER_HANDSHAKE:
        name = wr_tls_handshake_name(e->handshake_type);
        proto_item_append_text(item, ", %s", name != NULL ? name : "unknown type");
        break;
    default:
        break;
    }
    if (e->retransmission)
        proto_item_append_text(item, ", retransmission");
}

static const char *event_name(const wr_dtls_event *e)
{
    return e->kind == WR_DTLS_PROBLEM && e->cut ? "Record cut by the capture" : wr_dtls_kind_name(e->kind);
}

/* A message that came in fragments: the data source that Wireshark put together, or one of ours where it did not, as
 * when one of the fragments was carried by STUN. */
static tvbuff_t *put_together(const place *p, const wr_dtls_event *e)
{
    tvbuff_t *tvb = wr_data_source_equal(p->pinfo, e->body, e->body_length);

    if (tvb == NULL) {
        const uint8_t *copy = (const uint8_t *)wmem_memdup(p->pinfo->pool, e->body, e->body_length);
        tvb = tvb_new_child_real_data(p->all.tvb, copy, (unsigned)e->body_length, (int)e->body_length);
        add_new_data_source(p->pinfo, tvb, "Reassembled DTLS");
    }
    return tvb;
}

/* Finds the body of a whole message: it lies in this datagram, or was put together. */
static void find_body(place *p, const wr_dtls_event *e)
{
    p->body = none(p);
    if (e->body_length == 0 || p->all.tvb == NULL || p->tree == NULL)
        return;
    p->body = in_all(p, e->offset + HANDSHAKE_HEADER, e->body_length);
    /* Of messages that contradict each other, the other one may be told with this fragment. */
    if (e->fragment_length == e->message_length && p->body.length > 0 &&
        tvb_memeql(p->body.tvb, p->body.offset, e->body, e->body_length) == 0)
        return;
    p->body.tvb = put_together(p, e);
    p->body.offset = 0;
    p->body.length = (int)e->body_length;
}

/* Of the record, not of what came out of it. */
static void show_record(const place *p, const wr_dtls_event *e)
{
    /* A unified header has two bits of the epoch in its first byte (RFC 9147 4). */
    const bool plain = e->record_version != 0;

    if (e->decrypted)
        return;
    if (plain)
        add_number(p, WR_F_RECORD_VERSION, in_all(p, e->record_offset + RECORD_VERSION_AT, 2), e->record_version);
    add_number(p, WR_F_EPOCH, plain ? in_all(p, e->record_offset + RECORD_EPOCH_AT, 2) : in_all(p, e->record_offset, 1),
               e->epoch);
}

static void show_event(const place *outer, const wr_dtls_group *g, const wr_dtls_event *e, bool encrypted_note)
{
    const bytes_shown b = in_all(outer, e->offset, e->size);
    place p = *outer;
    proto_item *item;

    item = generated(
        proto_tree_add_string(outer->tree, wr_dtls_hf[WR_F_MESSAGE], b.tvb, b.offset, b.length, event_name(e)));
    add_summary(item, e);
    if (e->problem != NULL) {
        expert_add_info_format(outer->pinfo, item, expert_for(e), "%s (byte %u of the %s)", e->problem,
                               (unsigned)e->offset, g->decrypted ? "decrypted record" : "datagram");
    }
    if (encrypted_note)
        expert_add_info(outer->pinfo, item, &wr_dtls_ei_encrypted);
    if (outer->tree == NULL)
        return;
    p.tree = proto_item_add_subtree(item, wr_dtls_ett_event);
    find_body(&p, e);
    if (is_message(e))
        show_message(&p, e);
    show_content(&p, e);
    show_record(&p, e);
    add_flag(&p, WR_F_DECRYPTED, none(&p), e->decrypted);
    add_flag(&p, WR_F_RETRANSMISSION, none(&p), e->retransmission);
}

static void show_carriage(const place *p, const wr_carriage *how)
{
    char peer[WR_ENDPOINT_TEXT], text[WR_ENDPOINT_TEXT + 80];
    const char *stun = how->in_stun ? "STUN attribute" : "", *over = how->transport == WR_TRANSPORT_TCP ? "TCP" : "";
    const char *comma = how->in_stun && how->relayed ? ", " : "";

    if (how->relayed && how->channel != 0) {
        g_snprintf(text, sizeof text, "%s%sTURN channel 0x%04x", stun, comma, how->channel);
    } else if (how->relayed) {
        g_snprintf(text, sizeof text, "%s%sTURN indication, peer %s", stun, comma,
                   wr_endpoint_format(&how->peer, peer));
    } else if (how->in_stun) {
        g_snprintf(text, sizeof text, "%s", stun);
    } else {
        g_snprintf(text, sizeof text, "%s", over);
    }
    if (text[0] != '\0')
        add_text(p, WR_F_CARRIAGE, none(p), text);
}

static bool has_decrypted(const wr_dtls_frame *f)
{
    for (guint i = 0; i < f->groups->len; i++)
        if (((const wr_dtls_group *)g_ptr_array_index(f->groups, i))->decrypted)
            return true;
    return false;
}

static bytes_shown bytes_of_group(const packet_info *pinfo, const wr_dtls_group *g)
{
    bytes_shown b = {wr_source_place_find(&g->place, pinfo), 0, 0};

    if (b.tvb != NULL) {
        b.offset = (int)g->place.offset;
        b.length = (int)g->place.length;
    }
    return b;
}

static void show_group(const place *outer, const wr_dtls_frame *f, const wr_dtls_group *g)
{
    place p = *outer;
    bool noted = has_decrypted(f);

    p.all = bytes_of_group(p.pinfo, g);
    show_carriage(&p, &g->how);
    for (guint i = 0; i < g->events->len; i++) {
        const wr_dtls_event *e = (const wr_dtls_event *)g_ptr_array_index(g->events, i);
        bool note = !noted && e->kind == WR_DTLS_ENCRYPTED_RECORD_13 && e->epoch == HS_EPOCH_13 &&
                    wr_dtls_flow_first_encrypted(g, p.pinfo->num) == p.pinfo->num;
        noted |= note;
        show_event(&p, g, e, note);
    }
}

void wr_dtls_show(packet_info *pinfo, proto_tree *tree, const wr_dtls_frame *f)
{
    const wr_dtls_group *first;
    place p = {.pinfo = pinfo};
    bytes_shown b;
    proto_item *item;

    if (f->groups->len == 0)
        return;
    if (!wr_is_looked_at(tree, wr_dtls_proto))
        tree = NULL; /* reading certificates is expensive */
    first = (const wr_dtls_group *)g_ptr_array_index(f->groups, 0);
    b = bytes_of_group(pinfo, first);
    item = proto_tree_add_item(tree, wr_dtls_proto, b.tvb, b.offset, b.length, ENC_NA);
    if (first->events->len > 0) {
        const wr_dtls_event *e = (const wr_dtls_event *)g_ptr_array_index(first->events, 0);
        proto_item_append_text(item, ", %s", event_name(e));
    }
    p.tree = proto_item_add_subtree(item, wr_dtls_ett);
    if (f->limit != NULL)
        expert_add_info_format(pinfo, item, &wr_dtls_ei_limit, "%s", f->limit);
    for (guint i = 0; i < f->groups->len; i++)
        show_group(&p, f, (const wr_dtls_group *)g_ptr_array_index(f->groups, i));
}
