/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of several handshakes on one path a message or record belongs to. A hello sent the other way, a stranger's
 * whole handshake, or one of the call replayed before its time stands beside the true one, and takes nothing that
 * cannot be its own: what only a client or a server sends tells the direction, keys are used by who changed to them
 * (RFC 6347 4.1), and records with a unified header are of DTLS 1.3 alone (RFC 9147 4).
 */
#include "learn.h"

#include <string.h>

bool wr_association_is_turned(const wr_association *a, const wr_flow *f, int client_end)
{
    return a->flow == f && a->client_end >= 0 && a->client_end != client_end;
}

wr_association *wr_association_asked_on(const wr_flow *f, int client_end, const uint8_t *random)
{
    for (unsigned i = f->associations.len; i-- > 0;) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (a->has_client_random && memcmp(a->client_random, random, WR_DTLS_RANDOM) == 0 &&
            !wr_association_is_turned(a, f, client_end))
            return a;
    }
    return NULL;
}

wr_association *wr_association_unfinished(const wr_flow *f, int client_end)
{
    for (unsigned i = f->associations.len; i-- > 0;) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (a->absorbed != NULL)
            return NULL;
        if (!wr_association_is_turned(a, f, client_end) || wr_association_is_completed(a))
            return a;
    }
    return NULL;
}

/* What came under keys before the ServerHello is somebody's, or out of order: it does not end the handshake. */
static bool is_ended(const wr_association *a)
{
    return wr_association_is_completed(a) && a->side[0].finished_frame >= a->server_hello &&
           a->side[1].finished_frame >= a->server_hello;
}

bool wr_association_is_open(const wr_association *a)
{
    return a->absorbed == NULL && a->has_server_random && !is_ended(a);
}

int wr_dtls_role_of_kind(const wr_dtls_event *v)
{
    switch (v->kind) {
    case WR_DTLS_CLIENT_HELLO:
    case WR_DTLS_CLIENT_KEY_EXCHANGE:
    case WR_DTLS_CERTIFICATE_VERIFY:
        return v->decrypted ? -1 : 0; /* in 1.3 both sides sign (RFC 8446 4.4.3) */
    case WR_DTLS_SERVER_HELLO:
    case WR_DTLS_HELLO_VERIFY_REQUEST:
    case WR_DTLS_HELLO_RETRY_REQUEST:
    case WR_DTLS_SERVER_KEY_EXCHANGE:
    case WR_DTLS_CERTIFICATE_REQUEST:
    case WR_DTLS_SERVER_HELLO_DONE:
        return v->decrypted ? -1 : 1;
    default:
        return -1;
    }
}

static bool is_keyed(const wr_dtls_event *v)
{
    return v->kind == WR_DTLS_ENCRYPTED_HANDSHAKE || v->kind == WR_DTLS_ENCRYPTED_ALERT ||
           v->kind == WR_DTLS_ENCRYPTED_RECORD_13 || (v->kind == WR_DTLS_APPLICATION_DATA && v->epoch > 0);
}

/* What 1.3 says under keys alone (RFC 9147 6.1). */
static bool is_of_12(const wr_dtls_event *v)
{
    switch (v->kind) {
    case WR_DTLS_CERTIFICATE:
    case WR_DTLS_CERTIFICATE_REQUEST:
    case WR_DTLS_CERTIFICATE_VERIFY:
    case WR_DTLS_SERVER_KEY_EXCHANGE:
    case WR_DTLS_SERVER_HELLO_DONE:
    case WR_DTLS_CLIENT_KEY_EXCHANGE:
        return !v->decrypted;
    default:
        return false;
    }
}

/* The flow is a path of it; else it was seen there by its hellos alone. */
static bool has_path(const wr_association *a, const wr_flow *f)
{
    return wr_list_has(&a->flows, f) || a->flows.len >= WR_MAX_FLOWS_PER_ASSOCIATION;
}

/* What is known of this association does not speak against it. */
static bool fits(const wr_association *a, const wr_flow *f, const wr_dtls_event *v, int from)
{
    const int role = wr_dtls_role_of_kind(v);
    const wr_association *whole = a->absorbed != NULL ? a->absorbed : a;

    if ((role >= 0 && wr_association_is_turned(a, f, role == 0 ? from : 1 - from)) || !has_path(whole, f))
        return false;
    if (!whole->has_server_random || v->decrypted)
        return true;
    if (v->kind == WR_DTLS_CHANGE_CIPHER_SPEC)
        return whole->version != WR_DTLS_1_3;
    return !is_keyed(v) || (whole->version == WR_DTLS_1_3) == (v->kind == WR_DTLS_ENCRYPTED_RECORD_13);
}

static const wr_side *sender(const wr_association *a, const wr_flow *f, int from)
{
    const int role = wr_association_role(a, f, from);

    return role < 0 ? NULL : &a->side[role];
}

/* Records under keys of 1.2 follow the ChangeCipherSpec of who sends them; that follows the client's key exchange, or,
 * where a session is resumed, the ServerHello (RFC 5246 7.3). */
static bool is_prepared(const wr_association *a, const wr_flow *f, const wr_dtls_event *v, int from)
{
    const wr_association *whole = a->absorbed != NULL ? a->absorbed : a;
    const wr_side *s = sender(whole, f, from);

    if (s == NULL || wr_association_is_reflection(whole))
        return false;
    if (v->kind == WR_DTLS_CHANGE_CIPHER_SPEC)
        return wr_association_has_client_exchange(whole) || whole->session_echo || s->ccs_frame != 0;
    return s->ccs_frame != 0;
}

/* The latest that is prepared, an answered one first. */
static wr_association *prepared(const wr_flow *f, const wr_dtls_event *v, int from)
{
    wr_association *unanswered = NULL;

    if (v->decrypted || v->kind == WR_DTLS_ENCRYPTED_RECORD_13 ||
        (v->kind != WR_DTLS_CHANGE_CIPHER_SPEC && !is_keyed(v)))
        return NULL;
    for (unsigned i = f->associations.len; i-- > 0;) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (!fits(a, f, v, from) || !is_prepared(a, f, v, from))
            continue;
        if (a->has_server_random)
            return a;
        unanswered = unanswered == NULL ? a : unanswered;
    }
    return unanswered;
}

static bool is_changing(const wr_association *a)
{
    return a->side[0].ccs_frame != 0 || a->side[1].ccs_frame != 0;
}

/* What the client's signature completes before what the server's does; then what a side went on from to its keys; then
 * what was completed later: its flight is the one under way. */
static bool is_nearer(const wr_association *a, const wr_association *best)
{
    const bool both = a->possession[0] == WR_POSSESSION_PROVED, of_best = best->possession[0] == WR_POSSESSION_PROVED;

    if (both != of_best)
        return both;
    if (is_changing(a) != is_changing(best))
        return is_changing(a);
    return a->messages->proven_frame > best->messages->proven_frame;
}

/* A fatal alert ended it, and another one was answered since. */
static bool is_given_up(const wr_association *a, const wr_flow *f)
{
    const uint32_t alert = MAX(a->side[0].alert_frame, a->side[1].alert_frame);

    for (unsigned i = 0; alert != 0 && i < f->associations.len; i++) {
        const wr_association *o = wr_list_at(&f->associations, i);
        if (o != a && o->absorbed == NULL && o->has_server_random && o->first_frame > alert)
            return true;
    }
    return false;
}

/* Of those under way, the one that signatures fit. What a client signed for none of its flights it did not go on with.
 */
static wr_association *proven(wr_engine *e, const wr_flow *f, const wr_dtls_event *v, int from)
{
    wr_association *best = NULL;

    for (unsigned i = f->associations.len; i-- > 0;) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (!wr_association_is_open(a) || !fits(a, f, v, from))
            continue;
        wr_association_prove_early(e, a, WR_MAX_ASKED);
        if (a->possession[1] != WR_POSSESSION_PROVED || a->messages == NULL)
            continue;
        if ((a->possession[0] == WR_POSSESSION_INVALID && !is_changing(a)) || is_given_up(a, f))
            continue;
        if (best == NULL || is_nearer(a, best))
            best = a;
    }
    return best;
}

/* A datagram holds one handshake's messages: what follows a ServerHello in it is of the association that it made. */
static wr_association *of_datagram(const wr_flow *f, const wr_dtls_evidence *d, int from)
{
    for (unsigned i = f->associations.len; i-- > 0 && !d->event->decrypted;) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (a->absorbed == NULL && a->has_server_random && a->server_hello == d->at.frame && a->flow == f &&
            wr_association_role(a, f, from) == 1 && fits(a, f, d->event, from))
            return a;
    }
    return NULL;
}

/* What is made for one handshake alone comes again with the flight that it is of (RFC 6347 4.2.4). */
static wr_association *sent_before(wr_engine *e, const wr_flow *f, const wr_dtls_event *v, int from)
{
    const int role = wr_dtls_role_of_kind(v);
    const wr_handshake_message again = {
        .type = v->handshake_type, .seq = v->message_seq, .length = (uint32_t)v->body_length, .body = v->body};

    if (role < 0 || v->body == NULL || v->kind == WR_DTLS_CERTIFICATE_REQUEST || v->kind == WR_DTLS_SERVER_HELLO_DONE)
        return NULL;
    for (unsigned i = 0; i < f->associations.len; i++) {
        wr_association *a = wr_list_at(&f->associations, i);
        bool known = false;
        if (a->absorbed != NULL || a->messages == NULL || !fits(a, f, v, from))
            continue;
        for (unsigned k = 0; k < a->messages->n && !known; k++)
            known = a->messages->list[k].role == role && wr_handshake_message_same(&a->messages->list[k], &again);
        if (known)
            wr_association_prove(e, a);
        if (known && a->possession[role] == WR_POSSESSION_PROVED)
            return a;
    }
    return NULL;
}

/* And so does all that follows it in its datagram. */
static wr_association *of_flight(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from)
{
    wr_association *a = d->event->decrypted ? NULL : sent_before(e, f, d->event, from);

    if (a != NULL) {
        f->flight = a;
        f->flight_frame = d->at.frame;
    } else if (f->flight_frame == d->at.frame && !d->event->decrypted && f->flight->absorbed == NULL &&
               fits(f->flight, f, d->event, from)) {
        a = f->flight;
    }
    return a;
}

/* Records of 1.3 show nothing of whose they are: an answer that nobody asked for takes none of those from a handshake
 * with both hellos. */
static bool is_better_begun(const wr_association *a, const wr_association *o, const wr_dtls_event *v)
{
    return v->kind == WR_DTLS_ENCRYPTED_RECORD_13 && a->has_client_random && !o->has_client_random;
}

wr_association *wr_association_going_on(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from)
{
    wr_association *last = NULL, *answered = NULL, *found = NULL, *later = NULL;
    const wr_dtls_event *v = d->event;
    unsigned open = 0;

    if (f->associations.len == 1) {
        last = wr_list_at(&f->associations, 0);
        return fits(last, f, v, from) ? last : NULL;
    }
    found = of_datagram(f, d, from);
    if (found == NULL)
        found = of_flight(e, f, d, from);
    if (found != NULL)
        return found;
    for (unsigned i = f->associations.len; i-- > 0;) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (!fits(a, f, v, from))
            continue;
        if (a->has_server_random && a->version == WR_DTLS_1_3 && is_of_12(v)) {
            later = later == NULL ? a : later; /* if there is nothing else it may be of */
            continue;
        }
        last = last == NULL ? a : last;
        if (a->has_server_random && (answered == NULL || is_better_begun(a, answered, v)))
            answered = a;
        open += wr_association_is_open(a);
    }
    if (open > 0) /* one that was completed meanwhile takes nothing from one under way */
        found = proven(e, f, v, from);
    if (found != NULL && ((!is_keyed(v) && v->kind != WR_DTLS_CHANGE_CIPHER_SPEC) || is_prepared(found, f, v, from)))
        return found;
    found = prepared(f, v, from);
    if (found != NULL)
        return found;
    if (last == NULL)
        return later;
    /* a hello alone, or a lone record, takes nothing away from a handshake before it */
    return answered != NULL && last->absorbed == NULL &&
                   (!last->has_server_random || is_better_begun(answered, last, v))
               ? answered
               : last;
}
