/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the sides of an association behaved: DTLS-14, DTLS-15, DTLS-17, DTLS-20, DTLS-23 to DTLS-25 (rules 3.4;
 * RFC 8842, RFC 8827 6.5, RFC 5288 3, RFC 6520).
 */
#include "check.h"

#include <string.h>

#define LEAST_RTT_US (WR_SECOND / 20)

/* The setup that all enabled sections of a description have; WR_SETUP_NONE when they differ. */
static wr_setup setup_of(const wr_copy *c)
{
    wr_setup all = WR_SETUP_NONE;

    for (unsigned i = 0; i < c->sdp->n_sections; i++) {
        wr_setup one = wr_sdp_effective(c->sdp, &c->sdp->sections[i]).setup;
        if (wr_sdp_section_disabled(&c->sdp->sections[i]))
            continue;
        if (all != WR_SETUP_NONE && one != all)
            return WR_SETUP_NONE;
        all = one;
    }
    return all;
}

/* The side of the association that an answer's author must be; -1 when it does not say. */
static int side_by_setup(const wr_copy *c)
{
    wr_setup setup = setup_of(c);
    return setup == WR_SETUP_ACTIVE ? 0 : setup == WR_SETUP_PASSIVE ? 1 : -1;
}

/* ---- DTLS-14 ---- */

/* An answer after the handshake that turns the roles round, with no handshake to follow it (RFC 8842 5.3). */
static void check_turned_role(wr_engine *e, const wr_session *s, const wr_association *a)
{
    for (unsigned i = 0; i < s->associations->len; i++)
        if (((wr_association *)g_ptr_array_index(s->associations, i))->first_us > a->first_us)
            return;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (!wr_kind_is_answer(c->kind) || wr_copy_after_us(c, a, a->last_us) <= 0 || side_by_setup(c) < 0)
            continue;
        for (int side = 0; side < 2; side++) {
            const wr_presented *p = &a->side[side].presented, *other = &a->side[1 - side].presented;
            /* whose answer it is can only be told by certificates that differ */
            if (p->certificate == NULL || other->certificate == p->certificate || side_by_setup(c) == side ||
                wr_compare_certificate(p->certificate, c, NULL, NULL, NULL) != WR_CERT_MATCH)
                continue;
            wr_finding_once(
                e, s, "DTLS-14", WR_NOTE, c->frame, a->client_hello, NULL, WR_BASIS_HANDSHAKE,
                "A later answer turns the DTLS roles round, but no new handshake followed (association a%u)",
                a->number);
        }
    }
}

static bool takes_the_same_role(const wr_copy *other, gpointer copy)
{
    return side_by_setup(other) == side_by_setup(copy);
}

void wr_check_role(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->client_end < 0 || !a->has_server_random || !a->has_client_random || a->binding > WR_B1 ||
            a->rival != NULL || !wr_association_is_through(a)) /* what anybody can have begun turns no roles */
            continue;
        check_turned_role(e, s, a);
        for (int side = 0; side < 2; side++) {
            const wr_copy *c = a->owner[side];
            if (c == NULL || !wr_kind_is_answer(c->kind) || side_by_setup(c) < 0 || side_by_setup(c) == side)
                continue;
            wr_finding_once(
                e, s, "DTLS-14",
                wr_copy_contradiction(s, c, takes_the_same_role, (gpointer)c) != NULL ? WR_NOTE : WR_WARN,
                a->client_hello, c->frame, NULL, WR_BASIS_HANDSHAKE,
                "%s (answer in frame %u, association a%u): another answer is in force, or another party answers",
                side == 0 ? "ClientHello came from the side that announced passive"
                          : "ClientHello came from the offerer although the answer announced active",
                c->frame, a->number);
        }
    }
}

/* ---- DTLS-15 ---- */

void wr_check_renegotiation(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        uint32_t frame = 0;
        for (int side = 0; side < 2; side++)
            if (a->side[side].facts != NULL && frame == 0)
                frame = a->side[side].facts->renegotiation_frame;
        if (a->facts != NULL && a->facts->renegotiation_read != 0)
            wr_finding_once(e, s, "DTLS-15", WR_WARN, a->facts->renegotiation_read, 0, NULL, WR_BASIS_DECRYPTED,
                            "DTLS renegotiation inside the session, which RFC 8827 forbids (association a%u)",
                            a->number);
        else if (wr_facts_renegotiated(a)) /* a note: a few datagrams of anybody look like it */
            wr_finding_once(e, s, "DTLS-15", WR_NOTE, frame, 0, NULL, WR_BASIS_RECORDS,
                            "A second handshake was completed inside the session, which RFC 8827 forbids, and the "
                            "certificates it showed are encrypted: what was shown before it no longer tells who is "
                            "there (association a%u)",
                            a->number);
        else if (frame != 0)
            wr_finding_once(
                e, s, "DTLS-15", WR_NOTE, frame, 0, NULL, WR_BASIS_RECORDS,
                "Encrypted handshake messages after the handshake: renegotiation, or another message of that kind "
                "(association a%u)",
                a->number);
    }
}

/* ---- DTLS-17 ---- */

/* The old association said farewell, or was refused, before the new one began. */
static bool ended(const wr_association *old, const wr_association *new)
{
    for (int i = 0; i < 2; i++) {
        const wr_side *x = &old->side[i];
        if ((x->alert_frame != 0 && x->alert_us <= new->first_us) ||
            (x->encrypted_alert_frame != 0 && x->encrypted_alert_us <= new->first_us))
            return true;
    }
    return false;
}

/* A description since the old handshake may have announced the new one. */
static bool announced(const wr_session *s, const wr_association *old, const wr_association *new)
{
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if ((c->frame > old->server_hello || wr_copy_after_us(c, old, old->first_us) > WR_SLACK_US) &&
            wr_copy_after_us(c, new, new->last_us) <= 0)
            return true;
    }
    return false;
}

static bool other_certificate(const wr_association *old, const wr_association *new)
{
    for (int i = 0; i < 2; i++) {
        const wr_certificate *x = old->side[i].presented.certificate, *y = new->side[i].presented.certificate;
        const wr_certificate *z = old->side[1 - i].presented.certificate;
        if (x != NULL && y != NULL && x != y && y != z)
            return true;
    }
    return false;
}

static void check_pair(wr_engine *e, const wr_session *s, const wr_association *old, const wr_association *new)
{
    wr_severity severity = WR_NOTE; /* anybody can make one with a key of his own: what it means the verdict says */
    const char *why = "no signalling explains it";

    if (ended(old, new) || announced(s, old, new)) {
        severity = WR_CHAT;
        why = "as the old one had ended, or a new description allowed";
    } else if (s->copies->len == 0) {
        severity = WR_NOTE;
        why = "whether signalling explains it cannot be told";
    } else if (other_certificate(old, new) && new->verdict != WR_A_VERIFIED) {
        why = "with another certificate, and no signalling explains it";
    }
    wr_finding_once(e, s, "DTLS-17", severity, new->first_frame, old->first_frame, NULL, WR_BASIS_HANDSHAKE,
                    "A second DTLS handshake took over this media path, %s (association a%u after a%u)", why,
                    new->number, old->number);
}

void wr_check_second(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        const wr_association *old = NULL;
        for (unsigned j = 0; j < flow->associations.len; j++) {
            const wr_association *a = wr_list_at(&flow->associations, j);
            if (a->absorbed != NULL || !a->has_server_random || !wr_association_is_completed(a) ||
                wr_association_session_number(e, a) != s->number || wr_association_is_superseded(a))
                continue; /* ports serve one call after the other */
            /* else DTLS-01 and -02, or the verdict, say it */
            if (old != NULL && a != old && !wr_association_is_mismatch(a) && a->verdict != WR_A_CONTESTED)
                check_pair(e, s, old, a);
            old = a;
        }
    }
}

/* ---- DTLS-20 ---- */

/* When the first answer reached this side on its own leg; 0 when that is not seen. */
static const wr_copy *answer_delivered(const wr_session *s, const wr_association *a, int side)
{
    const wr_copy *best = NULL;

    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (!wr_kind_is_answer(c->kind) || c->direction != WR_DIRECTION_DELIVERED ||
            wr_copy_after(c, a->owner[side]) < 0 ||
            !wr_endpoint_same_host(&wr_leg_root(c->leg)->client, &a->side[side].end))
            continue;
        if (best == NULL || wr_copy_after(c, best) < 0)
            best = c;
    }
    return best;
}

/* The first media or data that this side sent, and its time; 0 for none. */
static int64_t first_sent(const wr_association *a, int side, uint32_t *frame)
{
    int64_t first = a->side[side].data_first_us;

    *frame = a->side[side].finished_frame;
    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        for (int end = 0; end < 2; end++) {
            if (!wr_endpoint_equal(&f->end[end], &a->side[side].end) || f->media[end].packets == 0)
                continue;
            if (first == 0 || f->media[end].first_us < first) {
                first = f->media[end].first_us;
                *frame = f->media[end].first_frame;
            }
        }
    }
    return first;
}

void wr_check_early(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const wr_copy *answer;
            uint32_t frame;
            int64_t sent, done = MAX(a->side[0].finished_us, a->side[1].finished_us);
            if (!wr_association_is_completed(a) || a->owner[side] == NULL || wr_kind_is_answer(a->owner[side]->kind))
                continue;
            answer = answer_delivered(s, a, side);
            if (answer == NULL || wr_copy_after_us(answer, a, done) <= WR_SLACK_US)
                continue;
            sent = first_sent(a, side, &frame);
            if (sent != 0 && wr_copy_after_us(answer, a, sent) > WR_SLACK_US)
                wr_finding_once(
                    e, s, "DTLS-20", WR_NOTE, frame, answer->frame, NULL, WR_BASIS_HANDSHAKE,
                    "The offerer sent media before the peer's fingerprint was known to it: the answer came in frame %u "
                    "(association a%u)",
                    answer->frame, a->number);
            else
                wr_finding_once(
                    e, s, "DTLS-20", WR_CHAT, a->last_frame, answer->frame, NULL, WR_BASIS_HANDSHAKE,
                    "The handshake ended before the answer came in frame %u: verified only then (association a%u)",
                    answer->frame, a->number);
        }
    }
}

/* ---- DTLS-23, DTLS-24, DTLS-25 ---- */

/* DTLS-24: the client's data more than a round trip before the server was done (RFC 8827 6.5 forbids False Start). */
static bool started_falsely(const wr_association *a)
{
    int64_t rtt = MAX(a->server_hello_us - a->first_us, LEAST_RTT_US);

    return a->client_end >= 0 && a->has_client_random && a->version == WR_DTLS_1_2 &&
           a->side[0].key_exchange_seq != 0 && a->side[0].data_first_us != 0 && a->side[1].finished_us != 0 &&
           a->side[0].data_first_us + rtt < a->side[1].finished_us;
}

static void check_side_records(wr_engine *e, const wr_session *s, const wr_association *a, int side)
{
    const wr_side_facts *x = a->side[side].facts;
    const char *who = a->client_end < 0 ? "side" : side == 0 ? "client" : "server";

    if (x->repeat_frame != 0 && wr_goes_on(x->repeats, x->counted, x->repeat_last_us - x->repeat_first_us))
        wr_finding_once(e, s, "DTLS-23", WR_ERROR, x->repeat_frame, 0, "V17.2.2", WR_BASIS_RECORDS,
                        "The DTLS %s uses AES-GCM nonces again, in %u records: the authenticity of its records is "
                        "broken (association a%u)",
                        who, x->repeats, a->number);
    else if (x->repeat_frame != 0) /* a record says nothing of its sender without the keys */
        wr_finding_once(e, s, "DTLS-23", WR_NOTE, x->repeat_frame, 0, "V17.2.2", WR_BASIS_RECORDS,
                        "An AES-GCM nonce of the DTLS %s came twice with different content, in %u of %u records "
                        "(association a%u): the side's own doing, or a record of anybody who can forge its address",
                        who, x->repeats, x->counted, a->number);
    else if (x->nonces != NULL && x->nonces->odd >= WR_NONCES_ODD && x->nonces->jumps * 4 >= x->nonces->odd * 3)
        wr_finding_once(e, s, "DTLS-23", WR_NOTE, x->nonces->first_frame, 0, "V17.2.2", WR_BASIS_RECORDS,
                        "The DTLS %s draws its AES-GCM nonces at random instead of counting (association a%u)", who,
                        a->number);
    if (x->clear_data_frame != 0)
        wr_finding_once(e, s, "DTLS-24", WR_NOTE, x->clear_data_frame, 0, NULL, WR_BASIS_RECORDS,
                        "Application data that is not encrypted (association a%u): no WebRTC stack sends or takes it",
                        a->number);
    if (x->overread_frame != 0)
        wr_finding_once(
            e, s, "DTLS-25", WR_NOTE, x->overread_frame, 0, NULL, WR_BASIS_RECORDS,
            "Malformed DTLS heartbeat asks for more than it brought, the Heartbleed pattern (association a%u): somebody "
            "tries, under an address that anybody can forge",
            a->number);
}

void wr_check_records(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++)
            if (a->side[side].facts != NULL)
                check_side_records(e, s, a, side);
        if (started_falsely(a))
            wr_finding_once(
                e, s, "DTLS-24", WR_NOTE, a->side[1].finished_frame, 0, NULL, WR_BASIS_RECORDS,
                "The client sent application data before the server finished the handshake (association a%u)",
                a->number);
    }
}
