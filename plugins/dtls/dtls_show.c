/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of what was read from DTLS, and its expert infos. */
#include "dtls_plugin.h"
#include "wr_epan/quietly.h"

#define HS_EPOCH_13 2 /* RFC 9147 6.1: records with the encrypted part of the handshake */

/* Where everything of one event goes. */
typedef struct {
    packet_info *pinfo;
    proto_tree *tree; /* NULL when nobody looks; expert infos are given all the same */
    tvbuff_t *tvb;
    int offset, length;
} place;

static proto_item *generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

static void add_text(const place *p, int field, const char *text)
{
    if (text != NULL)
        generated(proto_tree_add_string(p->tree, wr_dtls_hf[field], p->tvb, p->offset, p->length, text));
}

static void add_number(const place *p, int field, uint32_t number)
{
    generated(proto_tree_add_uint(p->tree, wr_dtls_hf[field], p->tvb, p->offset, p->length, number));
}

static void add_named(const place *p, int field, uint32_t number, const char *name)
{
    generated(proto_tree_add_uint_format_value(p->tree, wr_dtls_hf[field], p->tvb, p->offset, p->length, number,
                                               "%s (%u)", name != NULL ? name : "unknown", number));
}

static void add_suite(const place *p, int field, uint16_t suite)
{
    const char *name = wr_tls_suite_name(suite);

    generated(proto_tree_add_uint_format_value(p->tree, wr_dtls_hf[field], p->tvb, p->offset, p->length, suite,
                                               "%s (0x%04x)", name != NULL ? name : "unknown", suite));
}

static void add_flag(const place *p, int field, bool flag)
{
    if (flag)
        generated(proto_tree_add_boolean(p->tree, wr_dtls_hf[field], p->tvb, p->offset, p->length, 1));
}

static void add_bytes(const place *p, int field, const uint8_t *bytes, size_t n)
{
    if (n > 0) {
        generated(
            proto_tree_add_bytes_with_length(p->tree, wr_dtls_hf[field], p->tvb, p->offset, p->length, bytes, (int)n));
    }
}

static void add_profile(const place *p, int field, uint16_t profile)
{
    const char *name = wr_srtp_profile_name(profile);
    char number[8];

    g_snprintf(number, sizeof number, "0x%04x", profile);
    add_text(p, field, name != NULL ? name : number);
}

static void add_time(const place *p, int field, int64_t seconds)
{
    nstime_t time = {.secs = (time_t)seconds, .nsecs = 0};

    if (seconds != 0)
        generated(proto_tree_add_time(p->tree, wr_dtls_hf[field], p->tvb, p->offset, p->length, &time));
}

static void show_hello(const place *p, const wr_dtls_event *e)
{
    bool offer = e->kind == WR_DTLS_CLIENT_HELLO;

    add_text(p, offer ? WR_F_OFFERED_VERSION : WR_F_VERSION, wr_dtls_version_name(e->negotiated));
    add_bytes(p, WR_F_RANDOM, e->random, WR_DTLS_RANDOM);
    add_bytes(p, WR_F_SESSION_ID, e->session_id, e->session_id_length);
    add_flag(p, WR_F_COOKIE, e->has_cookie);
    for (unsigned i = 0; i < e->n_suites; i++)
        add_suite(p, offer ? WR_F_OFFERED_SUITE : WR_F_SUITE, e->suites[i]);
    if (e->compression != 0)
        add_number(p, WR_F_COMPRESSION, e->compression);
}

/* What stands in extensions: of hellos, and of the server's encrypted extensions in 1.3. */
static void show_extensions(const place *p, const wr_dtls_event *e)
{
    bool offer = e->kind == WR_DTLS_CLIENT_HELLO;

    for (unsigned i = 0; i < e->n_profiles; i++)
        add_profile(p, offer ? WR_F_OFFERED_PROFILE : WR_F_PROFILE, e->profiles[i]);
    if (e->mki_length > 0)
        add_number(p, WR_F_MKI_LENGTH, e->mki_length);
    add_flag(p, WR_F_EMS, e->has_ems);
    add_flag(p, WR_F_PSK, e->has_psk);
    add_flag(p, WR_F_TICKET, e->has_ticket);
    add_flag(p, WR_F_DOWNGRADE, e->downgrade_sentinel);
    add_text(p, WR_F_ALPN, e->alpn);
    add_text(p, WR_F_SERVER_NAME, e->server_name);
    add_bytes(p, WR_F_EXTERNAL_SESSION_ID, e->external_session_id, e->external_session_id_length);
    add_bytes(p, WR_F_EXTERNAL_ID_HASH, e->external_id_hash, e->external_id_hash_length);
}

static void show_certificate(const place *outer, wr_certificate *c)
{
    static const struct {
        int field;
        wr_hash hash;
    } digests[] = {
        {WR_F_SHA256, WR_HASH_SHA256}, {WR_F_SHA1, WR_HASH_SHA1},     {WR_F_SHA224, WR_HASH_SHA224},
        {WR_F_SHA384, WR_HASH_SHA384}, {WR_F_SHA512, WR_HASH_SHA512},
    };
    char text[WR_DIGEST_TEXT];
    place p = *outer;

    wr_certificate_describe(c);
    p.tree = proto_tree_add_subtree_format(outer->tree, outer->tvb, outer->offset, outer->length,
                                           wr_dtls_ett_certificate, NULL, "Certificate: %s, %s",
                                           c->facts->subject != NULL ? c->facts->subject : "unreadable",
                                           c->facts->key != NULL ? c->facts->key : "key unknown");
    for (size_t i = 0; i < G_N_ELEMENTS(digests); i++) {
        wr_hash h = digests[i].hash;
        if (wr_certificate_digest(c, h) != NULL)
            add_text(&p, digests[i].field, wr_digest_format(wr_certificate_digest(c, h), wr_hash_length(h), text));
    }
    if (!c->facts->parsed)
        return;
    add_text(&p, WR_F_SUBJECT, c->facts->subject);
    add_text(&p, WR_F_ISSUER, c->facts->issuer);
    add_flag(&p, WR_F_SELF_SIGNED, c->facts->self_signed);
    add_text(&p, WR_F_KEY, c->facts->key);
    add_number(&p, WR_F_KEY_BITS, (uint32_t)c->facts->key_bits);
    add_text(&p, WR_F_SIGNATURE, c->facts->signature_algorithm);
    add_time(&p, WR_F_NOT_BEFORE, c->facts->not_before);
    add_time(&p, WR_F_NOT_AFTER, c->facts->not_after);
    add_text(&p, WR_F_ALT_NAMES, c->facts->alt_names);
}

static bool is_message(const wr_dtls_event *e)
{
    return e->kind <= WR_DTLS_OTHER_HANDSHAKE || e->kind == WR_DTLS_FRAGMENT;
}

static void show_message(const place *p, const wr_dtls_event *e)
{
    add_named(p, WR_F_HANDSHAKE_TYPE, e->handshake_type, wr_tls_handshake_name(e->handshake_type));
    add_number(p, WR_F_MESSAGE_SEQ, e->message_seq);
    add_number(p, WR_F_MESSAGE_LENGTH, e->message_length);
    if (e->fragment_length < e->message_length) {
        add_number(p, WR_F_FRAGMENT_OFFSET, e->fragment_offset);
        add_number(p, WR_F_FRAGMENT_LENGTH, e->fragment_length);
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
        add_number(p, WR_F_CERTIFICATES, e->n_certificates);
        if (e->leaf != NULL)
            show_certificate(p, e->leaf);
        break;
    case WR_DTLS_ALERT:
        add_text(p, WR_F_ALERT_LEVEL, e->alert_level == 2 ? "fatal" : e->alert_level == 1 ? "warning" : "unknown");
        add_named(p, WR_F_ALERT, e->alert_description, wr_tls_alert_name(e->alert_description));
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

static void show_event(const place *outer, const wr_dtls_group *g, const wr_dtls_event *e, bool encrypted_note)
{
    place p = *outer;
    proto_item *item;

    item = generated(proto_tree_add_string(outer->tree, wr_dtls_hf[WR_F_MESSAGE], outer->tvb, outer->offset,
                                           outer->length, event_name(e)));
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
    if (is_message(e))
        show_message(&p, e);
    show_content(&p, e);
    if (!e->decrypted) {
        if (e->record_version != 0)
            add_number(&p, WR_F_RECORD_VERSION, e->record_version);
        add_number(&p, WR_F_EPOCH, e->epoch);
    }
    add_flag(&p, WR_F_DECRYPTED, e->decrypted);
    add_flag(&p, WR_F_RETRANSMISSION, e->retransmission);
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
        add_text(p, WR_F_CARRIAGE, text);
}

static bool has_decrypted(const wr_dtls_frame *f)
{
    for (guint i = 0; i < f->groups->len; i++)
        if (((const wr_dtls_group *)g_ptr_array_index(f->groups, i))->decrypted)
            return true;
    return false;
}

static void show_group(const place *outer, const wr_dtls_frame *f, const wr_dtls_group *g)
{
    place p = *outer;
    bool noted = has_decrypted(f);

    p.offset = g->offset;
    p.length = g->length;
    show_carriage(&p, &g->how);
    for (guint i = 0; i < g->events->len; i++) {
        const wr_dtls_event *e = (const wr_dtls_event *)g_ptr_array_index(g->events, i);
        bool note = !noted && e->kind == WR_DTLS_ENCRYPTED_RECORD_13 && e->epoch == HS_EPOCH_13 &&
                    wr_dtls_flow_first_encrypted(g, p.pinfo->num) == p.pinfo->num;
        noted |= note;
        show_event(&p, g, e, note);
    }
}

void wr_dtls_show(packet_info *pinfo, proto_tree *tree, tvbuff_t *tvb, const wr_dtls_frame *f)
{
    const wr_dtls_group *first;
    place p = {.pinfo = pinfo, .tvb = tvb};
    proto_item *item;

    if (f->groups->len == 0)
        return;
    if (!wr_is_looked_at(tree, wr_dtls_proto))
        tree = NULL; /* reading certificates is expensive */
    first = (const wr_dtls_group *)g_ptr_array_index(f->groups, 0);
    item = proto_tree_add_item(tree, wr_dtls_proto, tvb, first->offset, first->length, ENC_NA);
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
