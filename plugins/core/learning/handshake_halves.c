/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "learn.h"
/*
 * Two halves of one handshake, read as two because they came on what turned out to be one path only later: a flight in
 * ChannelData captured shortly before the ChannelBind that names the channel's peer (RFC 8656 12.1).
 */

#include <string.h>

#define HALVES_US WR_SECOND

static bool agree(bool has_a, bool has_b, const uint8_t *a, const uint8_t *b)
{
    return !has_a || !has_b || memcmp(a, b, WR_DTLS_RANDOM) == 0;
}

/* Which end of its flow a side stands for. */
static int end_of(const wr_association *a, int side)
{
    return a->client_end < 0 || a->client_end == 0 ? side : 1 - side;
}

static wr_side *side_at(wr_association *a, int end)
{
    return &a->side[end_of(a, end)]; /* its own inverse */
}

static bool certificates_agree(const wr_presented *a, const wr_presented *b)
{
    if (a->certificate == NULL || b->certificate == NULL)
        return !(a->certificate != NULL && b->empty) && !(a->empty && b->certificate != NULL);
    return wr_certificate_same(a->certificate, b->certificate);
}

static bool are_halves(wr_association *a, wr_association *b)
{
    int64_t apart = MAX(a->first_us, b->first_us) - MIN(a->last_us, b->last_us);

    if (a->absorbed != NULL || b->absorbed != NULL || apart > HALVES_US)
        return false;
    if (a->client_end >= 0 && b->client_end >= 0 && a->client_end != b->client_end)
        return false;
    if (!agree(a->has_client_random, b->has_client_random, a->client_random, b->client_random) ||
        !agree(a->has_server_random, b->has_server_random, a->server_random, b->server_random))
        return false;
    /* each went through its own handshake */
    for (int end = 0; end < 2; end++)
        if (!certificates_agree(&side_at(a, end)->presented, &side_at(b, end)->presented))
            return false;
    return true;
}

static void first_frame(uint32_t *frame, uint32_t other, int64_t *when, int64_t other_when)
{
    if (*frame != 0 || other == 0)
        return;
    *frame = other;
    if (when != NULL)
        *when = other_when;
}

static void add_side(wr_side *s, wr_side *part)
{
    if (s->presented.certificate == NULL && !s->presented.empty) {
        s->presented = part->presented;
        memset(&part->presented, 0, sizeof part->presented);
    }
    first_frame(&s->ccs_frame, part->ccs_frame, NULL, 0);
    s->n_ccs = (uint8_t)MIN(s->n_ccs + part->n_ccs, UINT8_MAX);
    first_frame(&s->finished_frame, part->finished_frame, &s->finished_us, part->finished_us);
    first_frame(&s->first_encrypted_frame, part->first_encrypted_frame, NULL, 0);
    first_frame(&s->encrypted_alert_frame, part->encrypted_alert_frame, &s->encrypted_alert_us,
                part->encrypted_alert_us);
    if (s->alert_frame == 0)
        s->alert = part->alert;
    first_frame(&s->alert_frame, part->alert_frame, &s->alert_us, part->alert_us);
    s->hello_seq = MAX(s->hello_seq, part->hello_seq);
    if (s->key_exchange_seq == 0)
        s->key_exchange_seq = part->key_exchange_seq;
    if (part->data_records > 0) {
        s->data_first_us = s->data_records == 0 ? part->data_first_us : MIN(s->data_first_us, part->data_first_us);
        s->data_last_us = MAX(s->data_last_us, part->data_last_us);
        s->data_last_frame = MAX(s->data_last_frame, part->data_last_frame);
        s->data_records += part->data_records;
        s->data_bytes += part->data_bytes;
    }
    if (s->facts == NULL) {
        s->facts = part->facts;
        part->facts = NULL;
    }
}

static void take_messages(wr_association *a, const wr_association *part)
{
    for (unsigned i = 0; part->messages != NULL && i < part->messages->n; i++) {
        bool is_new;
        if (part->messages->list[i].type == WR_HS_SERVER_HELLO &&
            (part->version == WR_DTLS_1_3) != (a->version == WR_DTLS_1_3))
            continue; /* of another version: no answer of this handshake */
        wr_handshake_messages_add(&a->messages, &part->messages->list[i], &is_new);
    }
}

void wr_association_take_client(wr_association *a, const wr_association *part)
{
    take_messages(a, part);
    if (a->has_client_random || !part->has_client_random)
        return;
    a->has_client_random = true;
    memcpy(a->client_random, part->client_random, sizeof a->client_random);
    a->client_hello = part->client_hello;
    a->offers_use_srtp = part->offers_use_srtp;
    a->offers_13 = part->offers_13;
    if (a->alpn == NULL)
        a->alpn = part->alpn;
    a->session_id = part->session_id;
    a->session_echo = wr_association_has_id_back(a);
}

static void add_frames(wr_association *a, const wr_association *part)
{
    for (unsigned i = 0; i < part->n_frames && a->n_frames < WR_ASSOCIATION_FRAMES; i++) {
        unsigned at = a->n_frames;
        while (at > 0 && a->frames[at - 1] > part->frames[i])
            at--;
        if (at > 0 && a->frames[at - 1] == part->frames[i])
            continue;
        wr_association_add_frame(a, at, part->frames[i]);
    }
    if (part->first_us < a->first_us) {
        a->first_us = part->first_us;
        a->first_frame = part->first_frame;
    }
    a->last_us = MAX(a->last_us, part->last_us);
    a->last_frame = MAX(a->last_frame, part->last_frame);
}

static void fold(wr_association *a, wr_association *part)
{
    for (int i = 0; i < 2; i++)
        add_side(side_at(a, end_of(part, i)), &part->side[i]);
    if (part->client_end >= 0)
        wr_association_settle_roles(a, a->flow, part->client_end);
    wr_association_take_client(a, part);
    wr_facts_fold(a, part);
    if (a->srtp == NULL) {
        a->srtp = part->srtp;
        part->srtp = NULL;
    }
    if (a->sealed == NULL) {
        a->sealed = part->sealed;
        part->sealed = NULL;
    }
    a->certificate_requested |= part->certificate_requested;
    a->retry |= part->retry;
    a->decrypted |= part->decrypted;
    a->relayed |= part->relayed;
    a->in_stun |= part->in_stun;
    add_frames(a, part);
    a->dirty = true;
    part->absorbed = a;
}

wr_association *wr_association_join_halves(wr_engine *e, wr_association *a, wr_association *b)
{
    /* the one whose ServerHello is known stands in the index of these */
    wr_association *keep = b->has_server_random && !a->has_server_random ? b : a, *other = keep == a ? b : a;

    if (a == b || a->flow != b->flow || !are_halves(a, b))
        return NULL;
    fold(keep, other);
    wr_node_join(e, keep->node, other->node);
    e->changed = true;
    return keep;
}
