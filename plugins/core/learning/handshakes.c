/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Associations: DTLS handshakes (RFC 6347, RFC 9147) put together from what each flow shows. One association is one
 * pair of randoms, however often and wherever it is seen: retransmitted, captured twice, relayed by TURN (rules 2.9).
 *
 * Messages may come slightly out of order, so nothing here waits for another message. A new handshake begins with a
 * hello that the flow's present one does not have (handshake_hellos.c). Any of this may have been put there by somebody
 * else: what contradicts is kept beside, and signatures decide (proof.c).
 */
#include "learn.h"

#include <string.h>

#define MAX_ASKED 8               /* times that a handshake is tried for this while it is under way */
#define FLIGHT_US (2 * WR_SECOND) /* from the server's hello to the client's next flight */

static void note_frame(wr_association *a, uint32_t frame)
{
    if (a->n_frames > 0 && a->frames[a->n_frames - 1] == frame)
        return;
    if (a->n_frames < WR_ASSOCIATION_FRAMES)
        wr_association_add_frame(a, a->n_frames, frame);
}

/* The side that sent a datagram from this end of this flow; NULL when it cannot be told. */
static wr_side *sender(wr_association *a, const wr_flow *f, int from)
{
    int role = wr_association_role(a, f, from);

    return role < 0 ? NULL : &a->side[role];
}

/* ---- the rest of the handshake ---- */

static bool certificate_conflicts(const wr_presented *p, const wr_dtls_event *v)
{
    if (p->certificate == NULL)
        return p->empty && v->leaf != NULL;
    return !wr_certificate_same(p->certificate, v->leaf);
}

/* An earlier handshake's flight, late? */
static wr_association *late_flight(const wr_flow *f, const wr_association *but, const wr_dtls_event *v, int from)
{
    for (unsigned i = 0; i < f->associations.len; i++) {
        wr_association *old = wr_list_at(&f->associations, i);
        wr_side *o = old == but ? NULL : sender(old, f, from);
        if (o != NULL && o->presented.certificate != NULL && !certificate_conflicts(&o->presented, v))
            return old;
    }
    return NULL;
}

static wr_association *certificate(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from)
{
    wr_association *a = wr_association_going_on(e, f, d, from);
    wr_side *s = a == NULL ? NULL : sender(a, f, from);

    if (a != NULL && a->version == WR_DTLS_1_3 && !d->event->decrypted) {
        wr_injection_add(e, WR_INJECTED_RECORD, d->at.frame, a->server_hello, a, NULL); /* RFC 9147 6.1 */
        return NULL;
    }
    if (s != NULL && certificate_conflicts(&s->presented, d->event)) {
        wr_association *old = late_flight(f, a, d->event, from);
        if (old != NULL)
            return old;
        if (!wr_association_is_completed(a) || wr_association_is_open(a))
            return a; /* signatures decide */
        /* of a handshake whose hellos are late, or missing, or that there never was: see superseded.c */
        a = wr_flow_last_association(f);
        s = a->has_server_random ? NULL : sender(a, f, from);
        if (s == NULL || certificate_conflicts(&s->presented, d->event))
            a = NULL;
    }
    if (a == NULL) {
        a = wr_association_new(e, f, d);
        s = a == NULL ? NULL : sender(a, f, from);
    }
    if (s == NULL || s->presented.certificate != NULL)
        return a;
    if (!d->event->decrypted && (a->session_echo || s->alert_frame != 0))
        return a; /* a resumed session has none, and who refused shows none: unless a signature says otherwise */
    if (d->event->leaf == NULL) {
        s->presented.empty = true;
    } else {
        wr_certificate *leaf = wr_certificate_shared(e, d->event->leaf);
        s->presented.empty = false;
        s->presented.certificate = leaf == NULL ? NULL : wr_certificate_ref(leaf);
    }
    s->presented.frame = d->at.frame;
    a->decrypted |= d->event->decrypted;
    return a;
}

static void key_exchange(wr_side *s, const wr_dtls_event *v)
{
    if (s->key_exchange_seq == 0)
        s->key_exchange_seq = v->message_seq;
}

static void alert(wr_side *s, const wr_dtls_evidence *d)
{
    /* close_notify is a farewell, whatever its level (RFC 8446 6.1) */
    if (s->alert_frame != 0 || d->event->alert_description == 0)
        return;
    if (d->event->alert_level != 2)
        return;
    s->alert_frame = d->at.frame;
    s->alert_us = d->at.time_us;
    s->alert = d->event->alert_description;
}

static void encrypted(wr_side *s, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;

    if (s->first_encrypted_frame == 0)
        s->first_encrypted_frame = d->at.frame;
    if (v->has_nonce) {
        s->first_sequence = s->first_sequence == 0 ? v->sequence : MIN(s->first_sequence, v->sequence);
        s->last_sequence = MAX(s->last_sequence, v->sequence);
    }
    if (v->kind == WR_DTLS_ENCRYPTED_HANDSHAKE && s->finished_frame == 0) {
        s->finished_frame = d->at.frame;
        s->finished_us = d->at.time_us;
    } else if (v->kind == WR_DTLS_ENCRYPTED_ALERT && s->encrypted_alert_frame == 0) {
        s->encrypted_alert_frame = d->at.frame;
        s->encrypted_alert_us = d->at.time_us;
    } else if (v->kind == WR_DTLS_APPLICATION_DATA || (v->kind == WR_DTLS_ENCRYPTED_RECORD_13 && (v->epoch & 3) == 3)) {
        if (s->data_records++ == 0) {
            s->data_first_us = d->at.time_us;
            if (v->kind == WR_DTLS_ENCRYPTED_RECORD_13 && s->finished_frame == 0) {
                s->finished_frame = d->at.frame; /* application epoch: its handshake is over (RFC 9147 6.1) */
                s->finished_us = d->at.time_us;
            }
        }
        s->data_last_us = MAX(s->data_last_us, d->at.time_us);
        s->data_last_frame = d->at.frame;
        s->data_bytes += v->record_length;
    }
}

/* Its Certificate came while another handshake was under way, and was kept with both. */
static void take_kept_certificate(const wr_association *a, wr_side *s)
{
    const wr_handshake_message *found = NULL;
    const int role = s == &a->side[1];

    if (!a->has_server_random || a->session_echo || s->presented.certificate != NULL || s->presented.empty)
        return;
    for (unsigned i = 0; a->messages != NULL && i < a->messages->n; i++) {
        const wr_handshake_message *m = &a->messages->list[i];
        if (m->role == role && m->type == WR_HS_CERTIFICATE && m->leaf != NULL && m->frame >= a->server_hello)
            found = m;
    }
    if (found == NULL)
        return;
    s->presented.certificate = wr_certificate_ref(found->leaf);
    s->presented.frame = found->frame;
}

/* Is this record a sign of life only, of which thousands come? Then nothing needs a new verdict. */
static bool is_traffic(const wr_dtls_event *v)
{
    return v->kind == WR_DTLS_APPLICATION_DATA || v->kind == WR_DTLS_ENCRYPTED_RECORD_13;
}

static void apply(wr_engine *e, wr_association *a, wr_side *s, const wr_dtls_evidence *d, wr_flow *f, int from)
{
    switch (d->event->kind) {
    case WR_DTLS_HELLO_VERIFY_REQUEST:
        wr_association_settle_roles(a, f, 1 - from);
        break;
    case WR_DTLS_HELLO_RETRY_REQUEST:
        a->retry = true;
        wr_association_settle_roles(a, f, 1 - from);
        break;
    case WR_DTLS_CERTIFICATE_REQUEST:
        a->certificate_requested = true;
        if (!d->event->decrypted)
            wr_association_settle_roles(a, f, 1 - from);
        break;
    case WR_DTLS_SERVER_HELLO_DONE:
        wr_association_settle_roles(a, f, 1 - from);
        break;
    case WR_DTLS_SERVER_KEY_EXCHANGE:
        wr_association_settle_roles(a, f, 1 - from);
        key_exchange(sender(a, f, from), d->event);
        break;
    case WR_DTLS_CLIENT_KEY_EXCHANGE:
        wr_association_settle_roles(a, f, from);
        key_exchange(sender(a, f, from), d->event);
        a->exchange_record = d->event->record_number;
        break;
    case WR_DTLS_CERTIFICATE_VERIFY:
        a->client_signs |= !d->event->decrypted;
        break;
    case WR_DTLS_CHANGE_CIPHER_SPEC:
        a->changed_unsigned |=
            s == &a->side[0] && a->exchange_record != 0 && d->event->record_number == a->exchange_record + 1;
        if (s->ccs_frame == 0) {
            s->ccs_frame = d->at.frame;
            take_kept_certificate(a, s);
        }
        s->n_ccs += s->n_ccs < UINT8_MAX;
        break;
    case WR_DTLS_ALERT:
        alert(s, d);
        break;
    case WR_DTLS_ENCRYPTED_HANDSHAKE:
    case WR_DTLS_ENCRYPTED_ALERT:
    case WR_DTLS_APPLICATION_DATA:
    case WR_DTLS_ENCRYPTED_RECORD_13:
        encrypted(s, d);
        break;
    default:
        break;
    }
    if (d->event->kind == WR_DTLS_ENCRYPTED_EXTENSIONS)
        wr_facts_hello(e, a, s, d);
    else
        wr_facts_record(a, s, d);
}

/* Part of a ClientHello that may never become whole. */
static wr_association *hello_fragment(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from)
{
    wr_association *a = wr_flow_last_association(f);

    if (a == NULL) {
        a = wr_association_new(e, f, d);
        if (a != NULL)
            wr_association_settle_roles(a, f, from);
    }
    return a;
}

/* Which end is the client of what is seen here and elsewhere: a hello of something else does not tell. */
static void note_client(wr_flow *f, const wr_association *a, int client_end)
{
    const wr_association *whole = a != NULL && a->absorbed != NULL ? a->absorbed : a;

    if (f->client_end < 0 || (whole != NULL && whole->flow != f))
        f->client_end = (int8_t)client_end;
}

static wr_association *dispatch(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from)
{
    wr_association *a;

    switch (d->event->kind) {
    case WR_DTLS_CLIENT_HELLO:
        a = wr_association_of_client_hello(e, f, d, from);
        note_client(f, a, from);
        return a;
    case WR_DTLS_SERVER_HELLO:
        a = wr_association_of_server_hello(e, f, d, from);
        note_client(f, a, 1 - from);
        return a;
    case WR_DTLS_FRAGMENT:
        return hello_fragment(e, f, d, from);
    case WR_DTLS_CERTIFICATE:
        return certificate(e, f, d, from);
    case WR_DTLS_PROBLEM:
    case WR_DTLS_HEARTBEAT:
        return wr_flow_last_association(f);
    default:
        a = wr_association_going_on(e, f, d, from);
        /* traffic whose handshake is not in the capture: nothing to say about it but that it is there */
        return a != NULL || f->associations.len > 0 ? a : wr_association_new(e, f, d);
    }
}

/* By its kind, which only one side sends; else by where it comes from; -1 when that is not known, or both disagree. */
static int role_of(const wr_dtls_event *v, const wr_association *a, const wr_flow *f, int from)
{
    const int role = wr_dtls_role_of_kind(v);

    if (role >= 0 && wr_association_is_turned(a, f, role == 0 ? from : 1 - from))
        return -1;
    return role >= 0 ? role : wr_association_role(a, f, from);
}

/* Another server's hello came between its own messages: it may hold another handshake, which still goes on. */
static bool holds_another(const wr_association *a)
{
    unsigned hellos = 0;

    for (unsigned i = 0; a->messages != NULL && i < a->messages->n; i++)
        hellos += a->messages->list[i].role == 1 && a->messages->list[i].type == WR_HS_SERVER_HELLO;
    return hellos > 1;
}

/* The client's flight that follows this hello by its numbers (RFC 5246 7.3, RFC 6347 4.2.2), soon after the server's:
 * though records that anybody can send seem to have ended the handshake, its own may still come. */
static bool is_in_turn(wr_engine *e, wr_association *a, int role, const wr_dtls_evidence *d)
{
    static const uint8_t flight[] = {WR_HS_CERTIFICATE, WR_HS_CLIENT_KEY_EXCHANGE, WR_HS_CERTIFICATE_VERIFY};
    const int place = d->event->message_seq - a->side[0].hello_seq - 1;

    if (role != 0 || !a->has_client_random || !a->has_server_random || a->messages == NULL || place < 0 ||
        place >= (int)sizeof flight || d->event->handshake_type != flight[place] ||
        d->at.time_us - a->server_hello_us > FLIGHT_US)
        return false;
    wr_association_prove_early(e, a, MAX_ASKED);
    return a->possession[0] != WR_POSSESSION_PROVED;
}

/* Where several handshakes are under way on a flow, each gets what may be its own. */
static void keep_message(wr_engine *e, const wr_flow *f, wr_association *a, const wr_dtls_evidence *d, int from)
{
    const bool hello = d->event->kind == WR_DTLS_CLIENT_HELLO || d->event->kind == WR_DTLS_SERVER_HELLO;
    int role = role_of(d->event, a, f, from);

    if (a->version == WR_DTLS_1_3 && !hello && d->event->kind != WR_DTLS_HELLO_RETRY_REQUEST)
        return; /* an answer of 1.2 may come, too, and its transcript begins with the hello; of answers one is true */
    if (role >= 0)
        wr_association_keep_message(e, a, role, d);
    for (unsigned i = 0; !hello && f->associations.len > 1 && i < f->associations.len; i++) {
        wr_association *o = wr_list_at(&f->associations, i);
        role = role_of(d->event, o, f, from);
        if (o != a && o->absorbed == NULL &&
            (!wr_association_is_completed(o) || wr_association_is_open(o) || holds_another(o) ||
             is_in_turn(e, o, role, d)) &&
            o->version != WR_DTLS_1_3 && role >= 0)
            wr_association_keep_message(e, o, role, d);
    }
}

wr_association *wr_engine_add_dtls(wr_engine *e, const wr_dtls_evidence *d)
{
    int from;
    wr_flow *f = wr_flow_get(e, &d->at, &d->how, &from);
    wr_association *a;
    wr_side *s;

    if (f == NULL)
        return NULL;
    wr_flow_sent(f, from, &d->at);
    if (d->event->decrypted) {
        a = wr_association_going_on(e, f, d, from);
        a = a != NULL && a->absorbed != NULL ? a->absorbed : a;
        if (wr_facts_renegotiation(e, a, a != NULL ? sender(a, f, from) : NULL, d)) {
            e->changed = true;
            return a;
        }
    }
    a = dispatch(e, f, d, from);
    if (a == NULL)
        return NULL;
    if (a->absorbed != NULL)
        a = a->absorbed;
    s = sender(a, f, from);
    if (d->event->body != NULL && !d->event->decrypted)
        keep_message(e, f, a, d, from);
    if (a->version == WR_DTLS_1_3 && d->event->decrypted)
        wr_association_keep_13(e, a, s == &a->side[0] ? 0 : s == &a->side[1] ? 1 : -1, d);
    if (d->event->kind == WR_DTLS_CLIENT_HELLO || d->event->kind == WR_DTLS_SERVER_HELLO)
        wr_facts_hello(e, a, s, d);
    a->last_frame = d->at.frame;
    a->last_us = MAX(a->last_us, d->at.time_us);
    if (!is_traffic(d->event)) {
        if (d->event->kind != WR_DTLS_ENCRYPTED_ALERT || a->side[0].finished_frame == 0 ||
            a->side[1].finished_frame == 0)
            note_frame(a, d->at.frame); /* a farewell is no part of the handshake */
        a->dirty = true;
    }
    if (s != NULL) {
        apply(e, a, s, d, f, from);
        wr_inner_handshake(e, a, s, d);
    }
    a->relayed |= d->how.relayed;
    a->in_stun |= d->how.in_stun;
    e->changed = true;
    return a;
}
