/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps what hellos and records of a DTLS association show beside certificates (RFC 6347, RFC 5764, RFC 8844, RFC
 * 5288). */
#include "learn.h"
#include "rtp/sctp.h"

#include <string.h>

/* Steps of a nonce that still count as counting. */
#define NONCE_STEP (UINT64_C(1) << 24)

/* ---- hellos ---- */

static void take_offer(wr_hello_facts *f, const wr_dtls_event *v)
{
    if (f->compared)
        return;
    g_free(f->offered);
    f->n_suites = v->n_suites;
    f->n_profiles = v->n_profiles;
    f->offered = g_new(uint16_t, (gsize)v->n_suites + v->n_profiles + 1);
    memcpy(f->offered, v->suites, v->n_suites * sizeof(uint16_t));
    memcpy(f->offered + v->n_suites, v->profiles, v->n_profiles * sizeof(uint16_t));
    f->offer_cut = v->suites_cut || v->n_profiles >= WR_DTLS_MAX_PROFILES || v->problem != NULL;
    f->offered_version = v->negotiated;
}

/* DTLS-12, as soon as both are known. */
static void compare_offer(wr_association *a)
{
    wr_hello_facts *f = a->facts;

    if (f == NULL || f->compared || f->offered == NULL || !a->has_server_random)
        return;
    f->compared = true;
    if (!f->offer_cut) {
        f->suite_unoffered = a->has_suite && !wr_dtls_list_has(f->offered, f->n_suites, a->suite);
        f->profile_unoffered =
            a->has_profile && !wr_dtls_list_has(f->offered + f->n_suites, f->n_profiles, a->srtp_profile);
    }
}

/* New memory, also for no bytes at all: presence counts. */
static uint8_t *copy_of(const uint8_t *p, size_t n)
{
    uint8_t *copy = g_malloc(n + 1);

    memcpy(copy, p, n);
    return copy;
}

static void take_external(wr_side *side, const wr_dtls_event *v)
{
    wr_side_facts *f;
    wr_external *x;

    if (v->external_session_id == NULL && v->external_id_hash == NULL)
        return;
    f = wr_side_facts_of(side);
    if (f->external == NULL)
        f->external = g_new0(wr_external, 1);
    x = f->external;
    if (v->external_session_id != NULL && x->id == NULL) {
        x->id = copy_of(v->external_session_id, v->external_session_id_length);
        x->id_length = v->external_session_id_length;
    }
    if (v->external_id_hash != NULL && x->identity_hash == NULL) {
        x->identity_hash = copy_of(v->external_id_hash, v->external_id_hash_length);
        x->hash_length = v->external_id_hash_length;
    }
}

/* The same ClientHello is sent again until something answers it (RFC 6347 4.2.4). */
static void count_hello(const wr_association *a, wr_beginning *b, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;

    b->length = (uint16_t)MIN(v->message_length, (uint32_t)UINT16_MAX);
    b->parted |= v->fragment_length < v->message_length && b->fragment_frame != 0 && b->fragment_frame != d->at.frame;
    if (a->has_server_random) {
        if (d->at.time_us - MAX(a->server_hello_us, b->ignored_us) <= WR_AGAIN_US)
            return;
        if (b->answer_ignored_frame == 0)
            b->answer_ignored_frame = d->at.frame;
        b->ignored_us = d->at.time_us;
        if (b->ignored < UINT16_MAX)
            b->ignored++;
        return;
    }
    if (b->hellos > 0 && v->has_cookie == b->cookie) {
        if (d->at.time_us - b->last_us < WR_AGAIN_US)
            return;
    } else {
        b->hellos = 0;
        b->first_us = d->at.time_us;
    }
    b->cookie = v->has_cookie;
    b->last_us = d->at.time_us;
    b->last_frame = d->at.frame;
    if (b->hellos < UINT16_MAX)
        b->hellos++;
}

void wr_facts_hello(wr_engine *e, wr_association *a, wr_side *side, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    wr_hello_facts *f = wr_hello_facts_of(a);

    if (v->kind == WR_DTLS_CLIENT_HELLO) {
        take_offer(f, v);
        count_hello(a, &f->beginning, d);
        if (!a->has_server_random)
            f->media_before = a->flow->media[0].packets + a->flow->media[1].packets;
        f->presented_ticket = v->has_ticket_digest ? wr_key(v->ticket_digest, sizeof v->ticket_digest) : 0;
    } else {
        if (v->kind == WR_DTLS_SERVER_HELLO) {
            f->compression = v->compression;
        } else if (v->has_use_srtp && v->n_profiles > 0 && !a->has_profile) { /* 1.3: in EncryptedExtensions */
            a->srtp_profile = v->profiles[0];
            a->has_profile = true;
        }
        if (v->has_use_srtp)
            f->mki_length = v->mki_length;
        if (f->alpn == NULL && v->alpn != NULL)
            f->alpn = wr_intern(e, v->alpn);
    }
    if (side != NULL) {
        take_external(side, v);
        if (side->facts != NULL && side->facts->hello_frame == 0)
            side->facts->hello_frame = d->at.frame;
    }
    compare_offer(a);
}

static void forget_external(wr_side *side)
{
    if (side->facts == NULL || side->facts->external == NULL)
        return;
    g_free(side->facts->external->id);
    g_free(side->facts->external->identity_hash);
    g_clear_pointer(&side->facts->external, g_free);
    side->facts->hello_frame = 0;
}

/* What was offered may be forgotten, but not while messages are kept. */
static void find_offer(const wr_association *a, wr_hello_facts *f)
{
    for (unsigned i = a->messages != NULL ? a->messages->n : 0; f->offered == NULL && i-- > 0;) {
        const wr_handshake_message *m = &a->messages->list[i];
        wr_dtls_event *v;
        if (m->role != 0 || m->type != WR_HS_CLIENT_HELLO)
            continue;
        v = wr_dtls_event_of_message(m->type, m->body, m->length);
        if (v->kind == WR_DTLS_CLIENT_HELLO && memcmp(v->random, a->client_random, WR_DTLS_RANDOM) == 0)
            take_offer(f, v);
        wr_dtls_event_free(v);
    }
}

void wr_facts_hello_again(wr_association *a, int role)
{
    wr_hello_facts *f = a->facts;

    forget_external(&a->side[role]);
    if (f == NULL)
        return;
    f->compared = f->suite_unoffered = f->profile_unoffered = false;
    if (role == 1) {
        f->mki_length = 0;
        f->alpn = NULL;
        find_offer(a, f);
    }
}

void wr_facts_offer(wr_association *a, const wr_handshake_message *hello)
{
    wr_dtls_event *v = wr_dtls_event_of_message(hello->type, hello->body, hello->length);

    wr_facts_hello_again(a, 0);
    take_offer(wr_hello_facts_of(a), v);
    take_external(&a->side[0], v);
    if (a->side[0].facts != NULL)
        a->side[0].facts->hello_frame = hello->frame;
    compare_offer(a);
    wr_dtls_event_free(v);
}

static void take_ticket(wr_association *a, const wr_dtls_event *v)
{
    wr_hello_facts_of(a)->given_ticket = wr_key(v->ticket_digest, sizeof v->ticket_digest);
}

void wr_facts_fold(wr_association *a, wr_association *part)
{
    wr_hello_facts *f = a->facts, *more = part->facts;

    if (f == NULL) {
        a->facts = more;
        part->facts = NULL;
        return;
    }
    if (more != NULL && f->given_ticket == 0)
        f->given_ticket = more->given_ticket;
    if (more != NULL && f->presented_ticket == 0)
        f->presented_ticket = more->presented_ticket;
}

/* ---- records ---- */

static void note_repeat(wr_side_facts *f, const wr_place *at)
{
    if (f->repeats++ == 0) {
        f->repeat_frame = at->frame;
        f->repeat_first_us = at->time_us;
    }
    f->repeat_last_us = MAX(f->repeat_last_us, at->time_us);
}

/* The same nonce as that of the record before, under the same keys (RFC 5288 3). */
static bool is_last_nonce(const wr_side_facts *f, const wr_dtls_event *v)
{
    return f->last_mark != 0 && f->last_nonce == v->nonce && f->last_epoch == v->epoch;
}

/* Nonces that are not the record's number: are they counted, drawn, repeated? */
static void take_odd_nonce(wr_side_facts *f, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    wr_nonces *n = f->nonces;
    unsigned slot = (unsigned)(v->nonce % WR_NONCES);

    if (n == NULL) {
        n = f->nonces = g_new0(wr_nonces, 1);
        n->first_frame = d->at.frame;
    } else if (v->nonce != n->last) {
        n->jumps += v->nonce - n->last > NONCE_STEP;
    }
    if (n->seen[slot] == v->nonce && n->mark[slot] != 0 && n->epoch[slot] == v->epoch) {
        if (n->mark[slot] != v->mark && !is_last_nonce(f, v)) /* else it was noted there */
            note_repeat(f, &d->at);
        return; /* the same record again */
    }
    n->odd++;
    n->last = n->seen[slot] = v->nonce;
    n->mark[slot] = v->mark;
    n->epoch[slot] = v->epoch;
}

static void take_nonce(const wr_association *a, wr_side *side, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    const char *suite = a->has_suite ? wr_tls_suite_name(a->suite) : NULL;
    wr_side_facts *f;

    if (!v->has_nonce || a->version == WR_DTLS_1_3 || suite == NULL || strstr(suite, "_GCM_") == NULL)
        return;
    f = wr_side_facts_of(side);
    f->counted++;
    if (is_last_nonce(f, v) && f->last_mark != v->mark)
        note_repeat(f, &d->at);
    if (v->nonce != v->sequence)
        take_odd_nonce(f, d);
    f->last_nonce = v->nonce;
    f->last_epoch = v->epoch;
    f->last_mark = v->mark;
}

#define FINISHED_WHOLE  24 /* header and verify_data (RFC 6347 4.2.2, RFC 5246 7.4.9) */
#define FINISHED_PIECES 12 /* of one byte each */

/* The record goes on with a Finished that did not fit the datagram before (RFC 6347 4.2.3): it follows the first piece,
 * and that was shorter than a whole one. What that is tells the suite, else the other side. */
static bool goes_on_finished(const wr_association *a, const wr_side *side, const wr_dtls_event *v)
{
    const wr_side_facts *f = side->facts, *other = a->side[side == &a->side[0] ? 1 : 0].facts;
    unsigned overhead = a->has_suite ? wr_tls_suite_overhead(a->suite) : 0;
    unsigned whole = overhead > 0 ? FINISHED_WHOLE + overhead : other != NULL ? other->finished_length : 0;

    return f->finished_length < whole && v->record_length < whole && v->has_nonce &&
           v->sequence == f->finished_sequence + 1 && (v->sequence & 0xffff) < FINISHED_PIECES;
}

/* A Finished that is sent again has the lengths of the first; anything else after both are done is another handshake
 * (or a ticket, which 1.2 sends before). */
static void take_late_handshake(const wr_association *a, wr_side *side, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    wr_side_facts *f = wr_side_facts_of(side);
    bool ccs = v->kind == WR_DTLS_CHANGE_CIPHER_SPEC;

    if (!ccs && f->finished_length == 0) {
        f->finished_length = v->record_length;
        f->finished_sequence = v->sequence;
        return;
    }
    if (!ccs && goes_on_finished(a, side, v)) {
        f->finished_rest = v->record_length;
        f->finished_sequence = v->sequence;
        return;
    }
    if (a->version == WR_DTLS_1_3 || f->renegotiation_frame != 0 || a->side[0].finished_frame == 0 ||
        a->side[1].finished_frame == 0)
        return;
    if (ccs ? v->epoch > 0 : v->record_length != f->finished_length && v->record_length != f->finished_rest)
        f->renegotiation_frame = d->at.frame;
}

/* What a handshake that comes to nothing shows on its way. */
static void take_beginning(wr_association *a, const wr_side *side, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    wr_beginning *b = &wr_hello_facts_of(a)->beginning;

    switch (v->kind) {
    case WR_DTLS_FRAGMENT:
        if (b->fragments < UINT16_MAX && b->fragment_frame != d->at.frame)
            b->fragments++;
        b->fragment_frame = d->at.frame;
        b->length = (uint16_t)MIN(v->message_length, (uint32_t)UINT16_MAX);
        if (a->has_client_random)
            break;
        b->first_us = b->first_us != 0 ? b->first_us : d->at.time_us;
        b->last_us = d->at.time_us;
        b->last_frame = d->at.frame;
        break;
    case WR_DTLS_HELLO_VERIFY_REQUEST:
    case WR_DTLS_HELLO_RETRY_REQUEST:
        b->retry_frame = b->retry_frame != 0 ? b->retry_frame : d->at.frame;
        b->retry_version = v->hello_version;
        break;
    default: /* the client's Finished */
        if (side == &a->side[0] && d->at.time_us - b->flight_us > WR_AGAIN_US && b->flights < UINT16_MAX) {
            b->flights++;
            b->flight_us = d->at.time_us;
            b->flight_frame = d->at.frame;
        }
        break;
    }
}

void wr_facts_record(wr_association *a, wr_side *side, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;

    wr_renegotiation_record(a, side, d);
    switch (v->kind) {
    case WR_DTLS_FRAGMENT:
    case WR_DTLS_HELLO_VERIFY_REQUEST:
    case WR_DTLS_HELLO_RETRY_REQUEST:
        take_beginning(a, side, d);
        break;
    case WR_DTLS_HEARTBEAT:
        if (v->overread && wr_side_facts_of(side)->overread_frame == 0)
            side->facts->overread_frame = d->at.frame;
        break;
    case WR_DTLS_APPLICATION_DATA:
        if (v->epoch == 0 && !v->has_connection_id && wr_side_facts_of(side)->clear_data_frame == 0)
            side->facts->clear_data_frame = d->at.frame;
        take_nonce(a, side, d);
        break;
    case WR_DTLS_CHANGE_CIPHER_SPEC:
        if (v->epoch > 0)
            take_late_handshake(a, side, d);
        break;
    case WR_DTLS_OTHER_HANDSHAKE:
        if (v->has_ticket_digest)
            take_ticket(a, v);
        if (v->raw_key && wr_side_facts_of(side)->raw_key_frame == 0)
            side->facts->raw_key_frame = d->at.frame;
        break;
    case WR_DTLS_ENCRYPTED_HANDSHAKE:
        take_late_handshake(a, side, d);
        take_nonce(a, side, d);
        if (a->client_end >= 0 && a->side[1].finished_frame == 0)
            take_beginning(a, side, d);
        else if (a->facts != NULL && a->side[0].finished_frame != 0)
            g_clear_pointer(&a->facts->offered, g_free); /* nobody will ask */
        break;
    case WR_DTLS_ENCRYPTED_ALERT:
        take_nonce(a, side, d);
        break;
    default:
        break;
    }
}

/* ---- inside, when a key log opened it ---- */

void wr_engine_add_sctp(wr_engine *e, wr_association *a, const wr_place *at, const uint8_t *bytes, size_t len)
{
    wr_sctp_facts s;
    wr_hello_facts *f;

    if (a->client_end < 0 || !wr_sctp_is_packet(bytes, len))
        return;
    for (int i = 0; i < 2; i++)
        if (wr_endpoint_equal(&a->side[i].end, &at->src))
            wr_data_channels_learn(e, a, i, at->frame, bytes, len);
    wr_sctp_read(bytes, len, &s);
    if (!s.has_addresses && !s.opens_channel)
        return;
    f = wr_hello_facts_of(a);
    if (s.has_addresses && f->sctp_addresses_frame == 0)
        f->sctp_addresses_frame = at->frame;
    for (int i = 0; s.opens_channel && f->sctp_parity_frame == 0 && i < 2; i++) {
        /* RFC 8832 6: the DTLS client opens even streams, the server odd ones */
        if (wr_endpoint_equal(&a->side[i].end, &at->src) && (s.stream & 1) != i) {
            f->sctp_parity_frame = at->frame;
            f->sctp_stream = s.stream;
            f->sctp_side = i;
        }
    }
    e->changed = true;
}
