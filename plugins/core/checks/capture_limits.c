/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits of the capture, which bear on every verdict (rules 3.9). */
#include "check.h"
#include "records/contact.h"
#include "statements/testimony.h"

#define START_US (2 * WR_SECOND) /* what is under way this soon began before the capture */

/* ---- CAP-01 ---- */

/* Associations whose handshake lies before the capture have DTLS-05 for it; here only what has none. */
/* The call's own signalling came before: then it began in the capture. */
static bool began_here(const wr_session *s, uint32_t frame)
{
    for (unsigned i = 0; i < s->copies->len; i++)
        if (((const wr_copy *)g_ptr_array_index(s->copies, i))->frame < frame)
            return true;
    return false;
}

static void check_start(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        for (int end = 0; end < 2; end++) {
            const wr_traffic *t = &flow->media[end];
            if (t->packets == 0 || flow->associations.len > 0 || t->first_us - e->first_us > START_US ||
                s->associations->len > 0 || began_here(s, t->first_frame))
                continue;
            wr_finding_once(
                e, s, "CAP-01", WR_NOTE, t->first_frame, 0, NULL, WR_BASIS_CAPTURE,
                "Media was under way when the capture began: that its handshake is not seen proves nothing");
        }
    }
}

/* ---- CAP-02 ---- */

static bool spoke(const wr_association *a, int side)
{
    const wr_side *x = &a->side[side];

    return x->finished_frame != 0 || x->ccs_frame != 0 || x->data_records > 0 || x->presented.frame != 0 ||
           x->key_exchange_seq != 0 || (side == 0 ? a->has_client_random : a->has_server_random);
}

static void check_one_way(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->client_end < 0)
            continue;
        for (int side = 0; side < 2; side++)
            if (spoke(a, side) && !spoke(a, 1 - side) &&
                (a->side[side].finished_frame != 0 || a->side[side].data_records > 0))
                wr_finding_once(
                    e, s, "CAP-02", WR_NOTE, a->first_frame, a->last_frame, NULL, WR_BASIS_CAPTURE,
                    "Only one direction of association a%u is in the capture: what is absent proves nothing",
                    a->number);
    }
}

/* ---- CAP-03 ---- */

static void check_several_points(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->flows.len > 1)
            wr_finding_once(e, s, "CAP-03", WR_CHAT, a->first_frame, ((wr_flow *)wr_list_at(&a->flows, 1))->first_frame,
                            NULL, WR_BASIS_CAPTURE,
                            "The handshake of association a%u is seen on %u paths (relay, translation, several capture "
                            "points) and counted once",
                            a->number, a->flows.len);
    }
}

/* ---- CAP-04 ---- */

static void check_cut(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (c->sdp->truncated)
            wr_finding_once(e, s, "CAP-04", WR_NOTE, c->frame, 0, NULL, WR_BASIS_CAPTURE,
                            "The %s in frame %u was cut by the capture: what it lacks was not checked", wr_copy_word(c),
                            c->frame);
    }
}

/* ---- CAP-06 ---- */

/* A file is hearsay: what it says against the capture is told, and concludes nothing. */
static void check_testimony(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->disputed)
            wr_finding_once(
                e, s, "CAP-06", WR_NOTE, a->first_frame, 0, NULL, "an endpoint's statement",
                "The statement of an endpoint on association a%u (%s) contradicts what was announced, seen or otherwise "
                "stated; it was not used",
                a->number, a->heard->source->name);
    }
}

/* ---- CAP-08 ---- */

static void tell_disorder(wr_engine *e, const wr_session *s, const wr_disorder *d)
{
    wr_finding_once(e, s, "CAP-08", WR_NOTE, d->frame, 0, NULL, WR_BASIS_CAPTURE,
                    "The segment in frame %u was captured behind later ones, and messages are not put together out of "
                    "such: with the preference tcp.reassemble_out_of_order what is missing of this signalling may be "
                    "read",
                    d->frame);
}

/* Nothing is known of its other half. */
static bool is_alone(const wr_copy *c)
{
    return !wr_copy_is_stated(c) && (wr_kind_is_answer(c->kind) ? c->partner == NULL : c->n_answers == 0);
}

static bool ends_at(const wr_association *a, const wr_endpoint *host)
{
    return wr_endpoint_same_host(&a->side[0].end, host) || wr_endpoint_same_host(&a->side[1].end, host);
}

/* A description whose other half is missing came by such a connection; or none was read at all, and an end of the call
 * has one. */
static void check_disorder(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    const wr_disorder *first = NULL;
    GHashTableIter i;
    gpointer d;

    (void)f;
    if (g_hash_table_size(e->contacts->disorder) == 0)
        return;
    for (unsigned k = 0; k < s->copies->len; k++) {
        const wr_copy *c = g_ptr_array_index(s->copies, k);
        const wr_disorder *x = is_alone(c) ? wr_disorder_of(e, c->connection) : NULL;
        if (x != NULL)
            tell_disorder(e, s, x);
    }
    if (s->copies->len > 0 || s->associations->len == 0)
        return;
    g_hash_table_iter_init(&i, e->contacts->disorder);
    while (g_hash_table_iter_next(&i, NULL, &d)) {
        const wr_disorder *x = d;
        const wr_association *a = g_ptr_array_index(s->associations, 0);
        if ((ends_at(a, &x->src) || ends_at(a, &x->dst)) && (first == NULL || x->frame < first->frame))
            first = x;
    }
    if (first != NULL)
        tell_disorder(e, s, first);
}

/* ---- CAP-05 ---- */

void wr_check_key_coverage(wr_engine *e)
{
    unsigned closed = 0, opened = 0, legs = 0;
    uint32_t frame = 0;
    wr_finding *f;

    for (unsigned i = 0; i < e->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(e->associations, i);
        if (a->absorbed != NULL || wr_association_session_number(e, a) == 0)
            continue;
        opened += a->decrypted;
        closed += a->verdict == WR_A_UNVERIFIABLE_ENCRYPTED;
        if (frame == 0 && a->decrypted)
            frame = a->first_frame;
    }
    for (unsigned i = 0; i < e->legs->len; i++) {
        const wr_leg *leg = g_ptr_array_index(e->legs, i);
        bool readable = leg->protected_transport && leg->copies.len > 0 && leg->witness == NULL;
        legs += readable;
        if (readable && frame == 0)
            frame = ((wr_copy *)wr_list_at(&leg->copies, 0))->frame;
    }
    if (opened + legs == 0)
        return;
    f = wr_finding_add(e, "CAP-05", WR_CHAT, frame, 0, NULL,
                       "Key logs opened %u of %u DTLS handshakes with encrypted certificates, and %u signalling "
                       "connections with descriptions",
                       opened, opened + closed, legs);
    if (f != NULL)
        f->basis = WR_BASIS_CAPTURE;
}

const wr_session_check *wr_checks_cap(void)
{
    static const wr_session_check checks[] = {
        check_start, check_one_way, check_several_points, check_cut, check_testimony, check_disorder, NULL};
    return checks;
}
