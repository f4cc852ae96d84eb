/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From secrets to the keys that an association's media may have. */
#ifndef WR_MEDIA_KEYS_H
#define WR_MEDIA_KEYS_H

#include "learn.h"
#include "records/media_proof.h"
#include "srtp/exporter.h"

/* The association has a secret, or one was found now: a->srtp is then set. */
bool wr_media_keys_open(wr_engine *e, wr_association *a);

/* The hash of its PRF (RFC 5246 5). */
wr_prf wr_media_keys_prf(const wr_association *a);

/* The i-th profile to try: the one agreed on, then all others. A number for wr_srtp_profile_nth(). */
unsigned wr_media_keys_order(const wr_association *a, unsigned i);
/* The receiver of what this side sends under that profile; NULL where there can be none. */
wr_srtp_receiver *wr_media_keys_trial(wr_association *a, unsigned profile, int side);
/* It is this profile: the receivers of all others go. */
void wr_media_keys_settle(wr_media_proof *p, unsigned profile);

/* media_proof.c: a packet of this side under each profile until one validates; data is its outcome. */
bool wr_media_keys_try(wr_association *a, int side, const wr_media_evidence *m, void *data);

#endif
