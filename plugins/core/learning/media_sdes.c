/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media under keys that stand in descriptions (RFC 4568): those that an end's own description announces protect what it
 * sends. Who reads signalling has them, so a valid tag proves no more than that the sender read it, too.
 */
#include "learn.h"

#include "rtp/rtcp.h"
#include "sdp/lines.h"
#include "srtp/profile.h"

#include <openssl/crypto.h>
#include <string.h>

/* Packets that were opened under a receiver's keys are opened with them on later passes. */
static void drop_receivers(wr_engine *e, wr_sdes_proof *p)
{
    for (unsigned i = 0; i < p->n; i++)
        if (p->opened[i])
            g_ptr_array_add(e->proofs->replaced, p->trial[i]);
        else
            wr_srtp_receiver_free(p->trial[i]);
    memset(p->opened, 0, sizeof p->opened);
    p->n = 0;
}

/* The keys of all sections: which of them was agreed on, the tags say. */
static void take_keys(wr_engine *e, wr_sdes_proof *p, wr_copy *c)
{
    wr_line_reader lines = wr_lines(wr_sdp_text(c->sdp), c->sdp->text_len);
    wr_slice line, value;

    p->copy = c;
    drop_receivers(e, p);
    while (p->n < WR_SDES_KEYS && wr_line_next(&lines, &line, NULL)) {
        wr_sdes_key key;
        if (wr_slice_starts(line, "a=crypto:", &value) && wr_sdes_parse(value.p, value.len, &key) == NULL &&
            wr_keep_bytes(e, wr_srtp_receiver_size(), "memory for authenticated media")) {
            p->trial[p->n] = wr_srtp_receiver_new(wr_srtp_keys_new(key.profile, key.key, key.salt, key.mki_length));
            p->n += p->trial[p->n] != NULL;
        }
        OPENSSL_cleanse(&key, sizeof key);
    }
    wr_sdp_close(c->sdp);
}

/* What of this end is known; NULL while no description with keys announces it. A later one replaces it when told. */
static wr_sdes_proof *proof_of(wr_engine *e, const wr_flow *f, wr_proven_path *path, int from, bool renew)
{
    wr_copy *c;

    if (path->sdes[from] != NULL && !renew)
        return path->sdes[from];
    c = wr_port_announced(e, &f->end[from]);
    if (c == NULL || !c->sdp->has_crypto || (renew && path->sdes[from]->copy == c))
        return NULL;
    if (path->sdes[from] == NULL)
        path->sdes[from] = g_new0(wr_sdes_proof, 1);
    take_keys(e, path->sdes[from], c);
    return path->sdes[from];
}

static int try_keys(wr_sdes_proof *p, const wr_media_evidence *m, uint8_t *out, size_t *n, uint64_t *index)
{
    for (unsigned i = 0; i < p->n; i++) {
        wr_srtp_received got =
            wr_srtp_receive(p->trial[i], m->bytes, m->length, (uint32_t)(m->at.time_us / 1000), out, n);
        if (got.verdict != WR_SRTP_VERIFIED)
            continue;
        p->profile = wr_srtp_keys_profile(wr_srtp_receiver_keys(p->trial[i]));
        *index = got.index;
        return (int)i;
    }
    return -1;
}

/* The number of the keys in path->sdes[from] that validate it, with the plaintext in out, where that is not NULL; -1
 * for none: neither those that are known nor those of a later description. */
static int find_keys(wr_engine *e, const wr_flow *f, wr_proven_path *path, int from, const wr_media_evidence *m,
                     uint8_t *out, size_t *n, uint64_t *index)
{
    int key = -1;

    for (int renew = 0; renew < 2 && key < 0; renew++) {
        wr_sdes_proof *p = proof_of(e, f, path, from, renew == 1);
        if (p == NULL)
            return -1;
        key = try_keys(p, m, out, n, index);
    }
    return key;
}

wr_srtp_keys *wr_media_sdes_open(wr_engine *e, const wr_flow *f, wr_proven_path *path, int from,
                                 const wr_media_evidence *m, uint8_t *out, size_t *n, uint64_t *index)
{
    const int key = find_keys(e, f, path, from, m, out, n, index);

    if (key < 0)
        return NULL;
    path->sdes[from]->opened[key] = true;
    return wr_srtp_receiver_keys(path->sdes[from]->trial[key]);
}

bool wr_media_sdes(wr_engine *e, const wr_flow *f, wr_proven_path *path, int from, const wr_media_evidence *m)
{
    const bool rtcp = wr_is_rtcp_type(m->bytes[1]);
    uint64_t index;
    const bool verified = find_keys(e, f, path, from, m, NULL, NULL, &index) >= 0;
    wr_sdes_proof *p = path->sdes[from];

    if (p == NULL || p->profile == NULL)
        return false;
    if (!verified) {
        wr_proof_frames_add(rtcp ? &p->rtcp_failed : &p->rtp_failed, m->at.frame);
        wr_frame_set_add(e->proofs->failed, m->at.frame);
        return true;
    }
    if (p->rtp_verified + p->rtcp_verified == 0)
        p->first_frame = m->at.frame;
    *(rtcp ? &p->rtcp_verified : &p->rtp_verified) += 1;
    wr_frame_set_add(e->proofs->verified, m->at.frame);
    return true;
}
