/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where handshakes begin: which association a hello makes, goes on with, or answers (RFC 6347 4.2.1, RFC 9147 5.3).
 */
#include "learn.h"

#include <string.h>

/* Pieces of a handshake further apart than this are not of one handshake unless the randoms say so. */
#define HANDSHAKE_SPAN_US (120 * WR_SECOND)

/* ---- a new one ---- */

/* What may go where there is no room, the least of it first. */
enum { NOBODYS = 0, LOOSE, ASKED, KEPT };

static unsigned worth(wr_engine *e, wr_association *a)
{
    wr_association_prove(e, a);
    if (a->possession[1] == WR_POSSESSION_INVALID)
        return NOBODYS;
    if (a->possession[1] == WR_POSSESSION_PROVED || wr_association_is_completed(a) || wr_association_is_keyed_13(a))
        return KEPT;
    return a->has_client_random && !a->has_server_random ? ASKED : LOOSE;
}

/* The bound on a flow favours what is proven, and then what was gone on with: who pretends many handshakes crowds out
 * his own. Where a hello that waits for its answer had to go, or nothing could, the rest is not all there was. */
static bool make_room(wr_engine *e, wr_flow *f)
{
    unsigned at = 0, least = KEPT;

    wr_limit_of_flow(e, "DTLS associations on a flow", f);
    for (unsigned i = 0; i < f->associations.len && least > NOBODYS; i++) {
        const unsigned w = worth(e, wr_list_at(&f->associations, i));
        if (w >= least)
            continue;
        least = w;
        at = i;
    }
    f->crowded |= least >= ASKED;
    if (least == KEPT)
        return false;
    wr_list_remove(&f->associations, at);
    return true;
}

wr_association *wr_association_new(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d)
{
    wr_association *a;

    if (e->associations->len >= WR_MAX_ASSOCIATIONS) {
        wr_limit_reached(e, "DTLS associations");
        return NULL;
    }
    if (f->associations.len >= WR_MAX_ASSOCIATIONS_PER_FLOW && !make_room(e, f))
        return NULL;
    if (!wr_keep_bytes(e, sizeof *a + WR_FACTS_BYTES, "memory for DTLS associations"))
        return NULL;
    a = g_new0(wr_association, 1);
    a->number = e->associations->len + 1;
    a->node = wr_node_new(e, NULL, a);
    a->flow = f;
    wr_list_add(&a->flows, f);
    a->client_end = -1;
    a->side[0].end = f->end[0];
    a->side[1].end = f->end[1];
    a->first_frame = a->last_frame = d->at.frame;
    a->first_us = a->last_us = d->at.time_us;
    a->binding = WR_B_NONE;
    a->verdict = WR_A_PENDING;
    a->point = d->at.point;
    a->relayed = d->how.relayed;
    a->in_stun = d->how.in_stun;
    g_ptr_array_add(e->associations, a);
    wr_list_add(&f->associations, a);
    return a;
}

/* ---- the client's ---- */

/* Session ids are only compared. */
static uint64_t id_key(const wr_dtls_event *v)
{
    return v->session_id_length == 0 ? 0 : wr_key(v->session_id, v->session_id_length);
}

static void take_client_hello(wr_engine *e, wr_association *a, const wr_dtls_evidence *d, int from, wr_flow *f)
{
    const wr_dtls_event *v = d->event;

    memcpy(a->client_random, v->random, WR_DTLS_RANDOM);
    a->has_client_random = true;
    a->client_hello = d->at.frame;
    a->offers_use_srtp |= v->has_use_srtp;
    a->offers_13 |= v->offers_13;
    if (a->alpn == NULL)
        a->alpn = wr_intern(e, v->alpn);
    a->session_id = id_key(v);
    a->session_echo |= wr_association_has_id_back(a);
    wr_association_settle_roles(a, f, from);
    a->side[0].hello_seq = v->message_seq;
}

wr_association *wr_association_of_client_hello(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from)
{
    wr_association *a = wr_association_asked_on(f, from, d->event->random);

    if (a != NULL) { /* again: cookie, retry or retransmission */
        if (!a->has_server_random || d->event->has_cookie)
            a->side[0].hello_seq = MAX(a->side[0].hello_seq, d->event->message_seq);
        return a;
    }
    a = wr_association_unfinished(f, from);
    if (a != NULL && a->has_client_random && !a->has_server_random &&
        (a->client_end < 0 || a->client_end == from || a->flow != f)) {
        /* unanswered so far: the last ClientHello counts */
        take_client_hello(e, a, d, from, f);
        return a;
    }
    if (a != NULL && !a->has_client_random && (d->at.time_us - a->last_us < WR_SECOND || wr_facts_is_begun(a)) &&
        (a->client_end < 0 || a->client_end == from)) {
        take_client_hello(e, a, d, from, f); /* the answer overtook it */
        return a;
    }
    a = wr_association_new(e, f, d);
    if (a != NULL)
        take_client_hello(e, a, d, from, f);
    return a;
}

/* ---- the server's ---- */

/* Certificates in clear are no part of a handshake of 1.3 (RFC 9147 6.1), or of one that resumes a session (RFC 5246
 * 7.3), and came before that was known. */
static void drop_clear_certificates(wr_engine *e, wr_association *a)
{
    for (int s = 0; s < 2; s++) {
        wr_presented *p = &a->side[s].presented;
        if (p->certificate != NULL)
            wr_injection_add(e, WR_INJECTED_RECORD, p->frame, a->server_hello, a, NULL);
        wr_certificate_unref(p->certificate);
        memset(p, 0, sizeof *p);
    }
}

static bool is_13(const wr_association *a)
{
    return a->version == WR_DTLS_1_3;
}

static void take_server_hello(wr_engine *e, wr_association *a, const wr_dtls_evidence *d, int from, wr_flow *f)
{
    const wr_dtls_event *v = d->event;

    memcpy(a->server_random, v->random, WR_DTLS_RANDOM);
    a->has_server_random = true;
    a->server_hello = d->at.frame;
    a->server_hello_us = d->at.time_us;
    a->version = v->negotiated;
    if (v->n_suites > 0) {
        a->suite = v->suites[0];
        a->has_suite = true;
    }
    if (!is_13(a) || !a->decrypted) /* there EncryptedExtensions say it */
        a->has_profile = v->has_use_srtp && v->n_profiles > 0;
    if (v->has_use_srtp && v->n_profiles > 0)
        a->srtp_profile = v->profiles[0];
    a->has_ems = v->has_ems;
    a->downgrade_sentinel = v->downgrade_sentinel;
    a->server_psk = v->has_psk && v->negotiated == 0xfefc;
    a->issued_id = id_key(v);
    a->session_echo = wr_association_has_id_back(a);
    wr_association_settle_roles(a, f, 1 - from);
    a->side[1].hello_seq = v->message_seq;
    if (a->version == WR_DTLS_1_3 ? !a->decrypted : a->session_echo)
        drop_clear_certificates(e, a);
}

/* A path on which another handshake was completed, of its own alone: what is sent there again of this one makes it no
 * path of it. */
static bool is_of_another(const wr_flow *f, const wr_association *known)
{
    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *o = wr_list_at(&f->associations, i);
        if (o != known && o->absorbed == NULL && o->flow == f && o->flows.len == 1 && wr_association_is_completed(o))
            return true;
    }
    return false;
}

/* Its ClientHello was here before it was there: who sends again what he saw comes later. */
static bool began_here(const wr_association *provisional, const wr_association *known)
{
    return provisional->has_client_random && known->has_client_random && provisional->client_hello != 0 &&
           provisional->client_hello < known->client_hello && provisional->first_us <= known->first_us &&
           memcmp(provisional->client_random, known->client_random, WR_DTLS_RANDOM) == 0;
}

/* It was over before its first packet came here: who passes packets on between two paths does so while it goes on. */
static bool was_over(const wr_association *known, uint16_t point, uint32_t frame)
{
    return wr_association_is_completed(known) && point == known->point &&
           frame > MAX(known->side[0].finished_frame, known->side[1].finished_frame);
}

/* The flow shows an association that another flow showed before: go on with that one. */
static wr_association *merge_into(wr_flow *f, wr_association *provisional, wr_association *known)
{
    if (provisional == known)
        return known;
    for (unsigned i = 0; i < f->associations.len; i++) {
        if (wr_list_at(&f->associations, i) != provisional)
            continue;
        provisional->absorbed = known;
        if ((is_of_another(f, known) && !began_here(provisional, known)) ||
            was_over(known, provisional->point, provisional->first_frame))
            break;
        wr_list_remove(&f->associations, i); /* what comes next is of this one, whatever was put in between */
        wr_list_add(&f->associations, known);
        if (known->flows.len < WR_MAX_FLOWS_PER_ASSOCIATION)
            wr_list_add(&known->flows, f);
        wr_association_take_client(known, provisional); /* a server may answer elsewhere than it was asked */
        break;
    }
    return known;
}

/* One random may stand in answers of 1.3 and of another version: they are two, whatever came first. */
static uint64_t server_key(const uint8_t *random, uint16_t version)
{
    return wr_key(random, WR_DTLS_RANDOM) ^ (version == WR_DTLS_1_3 ? WR_DTLS_1_3 : 0);
}

/* One that is known by its ServerHello alone gives way to one of both hellos. */
static void index_server_random(wr_engine *e, wr_association *a)
{
    const uint64_t key = server_key(a->server_random, a->version);
    const wr_association *known = wr_index_get(e->by_server_random, key);

    if (known == NULL || known->absorbed != NULL || !known->has_client_random)
        wr_index_set(e->by_server_random, key, a);
}

/* The same ServerHello on another flow; not one that was sent the other way on this one. */
static wr_association *known_elsewhere(const wr_engine *e, const wr_flow *f, const wr_dtls_event *v)
{
    wr_association *known = wr_index_get(e->by_server_random, server_key(v->random, v->negotiated));

    if (known != NULL && known->absorbed != NULL)
        known = known->absorbed;
    return known != NULL && known->flow == f ? NULL : known;
}

static bool is_asked(const wr_association *a)
{
    return a != NULL && a->has_client_random && !a->has_server_random;
}

/* It waits for an answer, or has one beside which others are kept until a signature tells. */
static bool may_be_answered(const wr_flow *f, const wr_association *a, int client_end)
{
    return is_asked(a) || (a != NULL && wr_association_is_open(a) && a->flow == f && a->client_end == client_end);
}

/* A hello that came before or between those of a handshake that was completed, and is not its own. */
static bool is_left_over(const wr_association *o, const wr_handshake_message *hello)
{
    return !wr_association_is_completed(o) || !o->has_client_random || hello->length < 2 + WR_DTLS_RANDOM ||
           memcmp(hello->body + 2, o->client_random, WR_DTLS_RANDOM) != 0;
}

/* The hello that offers 1.3, among those that came from the client; false for none. */
static bool take_hello_of_13(wr_engine *e, wr_association *a, const wr_association *asked)
{
    const wr_handshake_messages *m = asked->messages;
    bool found = false;

    for (unsigned i = m != NULL ? m->n : 0; i-- > 0 && !found;) {
        const wr_handshake_message *hello = &m->list[i];
        wr_dtls_event *v;
        if (hello->role != 0 || hello->type != WR_HS_CLIENT_HELLO || !is_left_over(asked, hello))
            continue;
        v = wr_dtls_event_of_message(hello->type, hello->body, hello->length);
        found = v->kind == WR_DTLS_CLIENT_HELLO && v->offers_13;
        if (found) {
            wr_dtls_evidence d = {.event = v};
            d.at.frame = hello->frame;
            d.at.time_us = hello->time_us;
            d.at.src = a->side[0].end;
            d.at.dst = a->side[1].end;
            v->message_seq = hello->seq;
            wr_association_take_hello(e, a, &d);
        }
        wr_dtls_event_free(v);
    }
    return found;
}

/* The one under way on this flow that answers the same hello in this version; NULL for none. */
static wr_association *same_version(const wr_flow *f, const wr_dtls_evidence *d, const wr_association *asked)
{
    for (unsigned i = f->associations.len; i-- > 0;) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (wr_association_is_open(a) && a->flow == f && a->client_end == asked->client_end &&
            is_13(a) == (d->event->negotiated == WR_DTLS_1_3) && a->has_client_random && asked->has_client_random &&
            memcmp(a->client_random, asked->client_random, WR_DTLS_RANDOM) == 0)
            return a;
    }
    return NULL;
}

/* Answers of two versions to one hello: no signature in clear tells of that of 1.3. It stands beside the other. */
static wr_association *other_version(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, const wr_association *asked)
{
    wr_association *a = wr_association_new(e, f, d);

    if (a == NULL)
        return NULL;
    wr_association_settle_roles(a, f, asked->client_end);
    if (d->event->negotiated != WR_DTLS_1_3) {
        wr_association_take_client(a, asked);
    } else if (!take_hello_of_13(e, a, asked)) {
        wr_association_take_client(a, asked);
        g_clear_pointer(&a->messages, wr_handshake_messages_free); /* those of the other version */
    }
    return a;
}

/* It answers one of the hellos that came from there: which, signatures decide. */
static void gather_hellos(const wr_flow *f, wr_association *a)
{
    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *o = wr_list_at(&f->associations, i);
        const wr_handshake_messages *m =
            o == a || o->absorbed != NULL || wr_association_is_turned(o, f, a->client_end) ? NULL : o->messages;
        for (unsigned k = 0; m != NULL && k < m->n; k++) {
            bool is_new;
            if (m->list[k].role == 0 && m->list[k].type == WR_HS_CLIENT_HELLO && is_left_over(o, &m->list[k]))
                wr_handshake_messages_add(&a->messages, &m->list[k], &is_new);
        }
    }
}

/* One that no answer came to, where a whole handshake of somebody else came between hello and answer; NULL for none. */
static wr_association *asked_before(const wr_flow *f, const wr_dtls_evidence *d, int client_end)
{
    for (unsigned i = f->associations.len; i-- > 0 && d->event->negotiated == WR_DTLS_1_3;) {
        wr_association *o = wr_list_at(&f->associations, i);
        if (is_asked(o) && o->absorbed == NULL && o->flow == f && o->client_end == client_end && o->offers_13 &&
            d->at.time_us - o->last_us <= HANDSHAKE_SPAN_US)
            return o;
    }
    return NULL;
}

/* It answers a hello that stands among those of a handshake completed since: no signature in clear tells, so the
 * latest that offers 1.3. */
static void find_hello_of_13(wr_engine *e, const wr_flow *f, wr_association *a)
{
    for (unsigned i = f->associations.len; i-- > 0 && !a->has_client_random;) {
        const wr_association *o = wr_list_at(&f->associations, i);
        if (o != a && o->absorbed == NULL && o->flow == f && o->client_end == a->client_end && !is_13(o) &&
            wr_association_is_completed(o) && o->messages != NULL && a->first_us - o->first_us <= HANDSHAKE_SPAN_US)
            take_hello_of_13(e, a, o);
    }
}

/* Who resumes a session is answered with the id that he asked for (RFC 5246 7.3), and no signature tells which hello
 * that was. */
static void find_hello_with_id(wr_engine *e, wr_association *a)
{
    const wr_handshake_messages *m = a->messages;

    for (unsigned i = m != NULL && a->issued_id != 0 ? m->n : 0; i-- > 0 && !a->session_echo;) {
        const wr_handshake_message *hello = &m->list[i];
        wr_dtls_evidence d = {0};
        wr_dtls_event *v;
        if (hello->role != 0 || hello->type != WR_HS_CLIENT_HELLO)
            continue;
        v = wr_dtls_event_of_message(hello->type, hello->body, hello->length);
        if (v->kind == WR_DTLS_CLIENT_HELLO && id_key(v) == a->issued_id) {
            d.event = v;
            d.at.frame = hello->frame;
            d.at.time_us = hello->time_us;
            v->message_seq = hello->seq;
            wr_association_take_hello(e, a, &d);
            a->session_echo = true;
            drop_clear_certificates(e, a);
        }
        wr_dtls_event_free(v);
    }
}

/* The one on this flow that has this answer. */
static wr_association *known_here(const wr_flow *f, const wr_dtls_event *v, int client_end)
{
    for (unsigned i = f->associations.len; i-- > 0;) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (a->has_server_random && is_13(a) == (v->negotiated == WR_DTLS_1_3) &&
            memcmp(a->server_random, v->random, WR_DTLS_RANDOM) == 0 && !wr_association_is_turned(a, f, client_end))
            return a->absorbed != NULL ? a->absorbed : a;
    }
    return NULL;
}

/* It was not gone on with, and answers no hello that is known, or one that the server did not sign for. */
static bool answers_nobody(wr_engine *e, wr_association *known)
{
    if (wr_association_is_completed(known))
        return false;
    if (known->has_client_random)
        wr_association_prove(e, known);
    return !known->has_client_random || known->possession[1] == WR_POSSESSION_INVALID;
}

wr_association *wr_association_of_server_hello(wr_engine *e, wr_flow *f, const wr_dtls_evidence *d, int from)
{
    wr_association *known = known_here(f, d->event, 1 - from);
    wr_association *a = wr_association_unfinished(f, 1 - from);

    if (known != NULL && (!is_asked(a) || known->has_client_random || wr_association_is_completed(known))) {
        if (is_asked(a) && !wr_association_is_completed(known))
            wr_association_take_client(known, a); /* it may answer this hello: signatures decide */
        return known;
    }
    if (known == NULL)
        known = known_elsewhere(e, f, d->event);
    if (known != NULL && may_be_answered(f, a, 1 - from) && answers_nobody(e, known)) {
        known->absorbed =
            a; /* an answer alone, before its time or elsewhere: where it was seen is no path of this one */
    } else if (known != NULL) {
        wr_association *asked =
            known->has_client_random ? wr_association_asked_on(f, 1 - from, known->client_random) : a;
        if (asked != NULL && !asked->has_server_random)
            return merge_into(f, asked, known);
        if (a == NULL && !was_over(known, d->at.point, d->at.frame)) {
            wr_list_add(&f->associations, known);
            if (known->flows.len < WR_MAX_FLOWS_PER_ASSOCIATION)
                wr_list_add(&known->flows, f);
        }
        return known;
    }
    if (a != NULL && wr_association_is_open(a) && a->flow == f && a->client_end == 1 - from && d->event->body != NULL) {
        wr_association *same = same_version(f, d, a);
        if (same != NULL || is_13(a) == (d->event->negotiated == WR_DTLS_1_3))
            return same != NULL ? same : a; /* another answer to the same hello: kept beside the first (proof.c) */
        a = other_version(e, f, d, a);
    } else if (a == NULL || a->has_server_random || (a->client_end >= 0 && a->flow == f && a->client_end == from) ||
               d->at.time_us - a->last_us > HANDSHAKE_SPAN_US) {
        a = asked_before(f, d, 1 - from);
        a = a != NULL ? a : wr_association_new(e, f, d);
    }
    if (a == NULL)
        return NULL;
    take_server_hello(e, a, d, from, f);
    if (a->version != WR_DTLS_1_3) {
        gather_hellos(f, a);
        find_hello_with_id(e, a);
    } else if (!a->has_client_random) {
        find_hello_of_13(e, f, a);
    }
    index_server_random(e, a);
    return a;
}

void wr_association_take_hello(wr_engine *e, wr_association *a, const wr_dtls_evidence *d)
{
    wr_facts_hello_again(a, d->event->kind == WR_DTLS_CLIENT_HELLO ? 0 : 1);
    if (d->event->kind == WR_DTLS_CLIENT_HELLO) {
        take_client_hello(e, a, d, a->client_end, a->flow);
    } else {
        take_server_hello(e, a, d, 1 - a->client_end, a->flow);
        index_server_random(e, a);
    }
    wr_facts_hello(e, a, &a->side[d->event->kind == WR_DTLS_CLIENT_HELLO ? 0 : 1], d);
}
