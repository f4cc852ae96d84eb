/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keys prove of media. */
#include "records/media_proof.h"

#include "records/store.h"

#include <openssl/crypto.h>

void wr_media_proof_free(wr_media_proof *p)
{
    if (p == NULL)
        return;
    for (int side = 0; side < 2; side++) {
        wr_srtp_receiver_free(p->receiver[side]);
        for (unsigned i = 0; i < WR_SRTP_PROFILES; i++)
            wr_srtp_receiver_free(p->trial[i][side]);
    }
    g_free(p->sources);
    OPENSSL_cleanse(&p->secret, sizeof p->secret);
    g_free(p);
}

void wr_proof_frames_add(wr_proof_frames *list, uint32_t frame)
{
    if (list->n < WR_PROOF_FRAMES)
        list->frame[list->n] = frame;
    list->n++;
}

static void free_path(gpointer data)
{
    wr_proven_path *path = data;

    for (int end = 0; end < 2; end++) {
        for (unsigned i = 0; path->sdes[end] != NULL && i < path->sdes[end]->n; i++)
            wr_srtp_receiver_free(path->sdes[end]->trial[i]);
        g_free(path->sdes[end]);
    }
    g_free(path);
}

void wr_inner_records_free(wr_inner_records *r)
{
    if (r == NULL)
        return;
    wr_dtls_reader_free(r->reader);
    OPENSSL_cleanse(&r->keys, sizeof r->keys);
    g_free(r);
}

struct wr_proofs *wr_proofs_new(void)
{
    struct wr_proofs *p = g_new0(struct wr_proofs, 1);

    p->verified = wr_frame_set_new();
    p->failed = wr_frame_set_new();
    p->keyed = g_ptr_array_new();
    p->asked = g_hash_table_new(g_direct_hash, g_direct_equal);
    p->paths = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_path);
    p->replaced = g_ptr_array_new_with_free_func((GDestroyNotify)wr_srtp_receiver_free);
    return p;
}

void wr_proofs_free(struct wr_proofs *p)
{
    if (p == NULL)
        return;
    wr_frame_set_free(p->verified);
    wr_frame_set_free(p->failed);
    g_ptr_array_free(p->keyed, TRUE);
    g_hash_table_destroy(p->asked);
    g_hash_table_destroy(p->paths);
    g_ptr_array_free(p->replaced, TRUE);
    g_free(p);
}

wr_media_authenticity wr_engine_authenticity(const wr_engine *e, uint32_t frame)
{
    if (e->proofs == NULL)
        return WR_MEDIA_UNKNOWN;
    if (wr_frame_set_has(e->proofs->failed, frame))
        return WR_MEDIA_NOT_AUTHENTIC;
    return wr_frame_set_has(e->proofs->verified, frame) ? WR_MEDIA_AUTHENTIC : WR_MEDIA_UNKNOWN;
}

const wr_sdes_proof *wr_flow_sdes_proof(const wr_engine *e, const wr_flow *f, int end)
{
    const wr_proven_path *path = e->proofs != NULL ? g_hash_table_lookup(e->proofs->paths, f) : NULL;

    return path != NULL ? path->sdes[end] : NULL;
}

bool wr_media_proof_contradicts(const wr_association *a)
{
    return a->srtp != NULL && a->srtp->profile != NULL && a->has_profile && a->srtp->profile->number != a->srtp_profile;
}
