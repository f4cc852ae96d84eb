/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DTLS associations: which side is which, and which frames carry the handshake.
 */
#include "records/association.h"
#include "records/handshake_facts.h"
#include "records/handshake_messages.h"
#include "records/media_proof.h"

#include <string.h>

void wr_association_add_frame(wr_association *a, unsigned at, uint32_t frame)
{
    if ((a->n_frames & (a->n_frames - 1)) == 0)
        a->frames = g_renew(uint32_t, a->frames, a->n_frames == 0 ? 1 : 2u * a->n_frames);
    memmove(&a->frames[at + 1], &a->frames[at], (a->n_frames - at) * sizeof a->frames[0]);
    a->frames[at] = frame;
    a->n_frames++;
}

void wr_association_settle_roles(wr_association *a, const wr_flow *f, int client_end)
{
    if (a->client_end >= 0 || a->flow != f)
        return;
    a->client_end = (int8_t)client_end;
    if (client_end == 1) {
        wr_side t = a->side[0];
        a->side[0] = a->side[1];
        a->side[1] = t;
    }
}

/* Which role sends from this end of this flow: 0 wire client, 1 wire server; -1 when it cannot be told. */
int wr_association_role(const wr_association *a, const wr_flow *f, int end)
{
    if (a->flow == f)
        return a->client_end < 0 ? end : end == a->client_end ? 0 : 1;
    if (f->client_end >= 0) /* this flow showed a hello itself: a relay's address may be at either end elsewhere */
        return end == f->client_end ? 0 : 1;
    for (int i = 0; i < 2; i++) /* the same path seen elsewhere shares at least one end as a rule */
        if (wr_endpoint_equal(&a->side[i].end, &f->end[end]))
            return i;
    for (int i = 0; i < 2; i++)
        if (wr_endpoint_equal(&a->side[i].end, &f->end[1 - end]))
            return 1 - i;
    for (int i = 0; i < 2; i++) /* on a new path after an ICE restart the hosts are the same */
        if (wr_endpoint_same_host(&a->side[i].end, &f->end[end]) &&
            !wr_endpoint_same_host(&a->side[1 - i].end, &f->end[end]))
            return i;
    return -1;
}

/* Both hellos of it, and no other. */
static bool same_randoms(const wr_association *a, const wr_association *o)
{
    return a->has_client_random && o->has_client_random && a->has_server_random && o->has_server_random &&
           memcmp(a->client_random, o->client_random, WR_DTLS_RANDOM) == 0 &&
           memcmp(a->server_random, o->server_random, WR_DTLS_RANDOM) == 0;
}

/* How far it is shown that the client is at that end: what is sent back does not get so far. */
static unsigned shown(const wr_association *a)
{
    return (wr_association_is_completed(a) ? 2 : 0) + (a->possession[0] == WR_POSSESSION_PROVED ? 1 : 0);
}

static bool is_before(const wr_association *o, const wr_association *a)
{
    return shown(o) != shown(a) ? shown(o) > shown(a) : o->number < a->number;
}

bool wr_association_is_reflection(const wr_association *a)
{
    for (unsigned i = 0; i < a->flow->associations.len; i++) {
        const wr_association *o = wr_list_at(&a->flow->associations, i);
        if (o != a && o->absorbed == NULL && o->flow == a->flow && o->client_end >= 0 && a->client_end >= 0 &&
            o->client_end != a->client_end && is_before(o, a) && same_randoms(o, a))
            return true;
    }
    return false;
}

bool wr_association_has_client_exchange(const wr_association *a)
{
    if (a->side[0].key_exchange_seq != 0)
        return true;
    for (unsigned i = 0; a->messages != NULL && i < a->messages->n; i++)
        if (a->messages->list[i].role == 0 && a->messages->list[i].type == WR_HS_CLIENT_KEY_EXCHANGE)
            return true;
    return false;
}

bool wr_side_is_without_keys(const wr_side *s)
{
    return s->ccs_frame == 0 && s->first_encrypted_frame == 0 && s->data_records == 0;
}

bool wr_association_client_is_unsigned(const wr_association *a)
{
    return a->changed_unsigned && !a->client_signs && a->side[0].presented.certificate != NULL;
}

bool wr_association_is_completed(const wr_association *a)
{
    return a->side[0].finished_frame != 0 && a->side[1].finished_frame != 0;
}

bool wr_association_is_refused(const wr_association *a)
{
    return !wr_association_is_completed(a) && (a->side[0].alert_frame != 0 || a->side[1].alert_frame != 0);
}

bool wr_association_is_keyed_13(const wr_association *a)
{
    return a->version == WR_DTLS_1_3 && a->has_server_random && a->side[0].first_encrypted_frame != 0 &&
           a->side[1].first_encrypted_frame != 0;
}

bool wr_association_has_id_back(const wr_association *a)
{
    return a->issued_id != 0 && a->issued_id == a->session_id;
}

bool wr_association_has_media_after(const wr_association *a, int64_t us)
{
    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        for (int end = 0; end < 2; end++)
            if (f->media[end].packets > 0 && f->media[end].last_us > us)
                return true;
    }
    return false;
}

bool wr_association_is_mismatch(const wr_association *a)
{
    return a->verdict == WR_A_MISMATCH || a->verdict == WR_A_MISMATCH_NOT_ENFORCED ||
           a->verdict == WR_A_MISMATCH_ENFORCED;
}

const wr_certificate *wr_presented_judged(const wr_presented *p, uint32_t *frame)
{
    if (frame != NULL)
        *frame = p->other != NULL ? p->frame_other : p->frame;
    return p->other != NULL ? p->other : p->certificate;
}

void wr_association_free(gpointer p)
{
    wr_association *a = p;
    for (int i = 0; i < 2; i++)
        wr_certificate_unref(a->side[i].presented.certificate);
    wr_facts_free(a);
    wr_media_proof_free(a->srtp);
    wr_list_clear(&a->flows);
    wr_handshake_messages_free(a->messages);
    wr_handshake_messages_free(a->sealed);
    g_free(a->frames);
    g_free(a->ties);
    g_free(a);
}
