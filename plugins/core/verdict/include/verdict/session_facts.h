/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the records of a session show, gathered once for its verdict, its sentence and its findings. */
#ifndef WR_SESSION_FACTS_H
#define WR_SESSION_FACTS_H

#include "records/store.h"
#include "sdp/compare.h"

typedef struct {
    unsigned count[WR_A_PENDING + 1]; /* associations by verdict */
    unsigned verified, unverifiable;
    unsigned stray;           /* that cannot be judged either, and that anybody may have sent */
    unsigned bound;           /* verified, or of a certificate that was lost, and bound to descriptions all the same */
    unsigned crossed;         /* of the verified: both descriptions were seen alike on another leg */
    unsigned disputed;        /* refused, and what was announced for a key that signed in them is contested */
    unsigned left_out;        /* whose descriptions have more fingerprints than are kept */
    wr_association *mismatch; /* the worst one */
    /* by class of description: 0 offers, 1 answers */
    const wr_pairing *equal[2];       /* copies on two legs with the same fingerprints */
    const wr_pairing *substituted[2]; /* S1: credentials kept, fingerprint changed */
    const wr_pairing *rekeyed;        /* S2: transport part re-authored */
    const wr_pairing *authored;       /* S3: another description handed on */
    const wr_pairing *claimed;        /* differs by what nothing ties to a party (WR_WEIGHT_CLAIM) */
    wr_association *followed[2];      /* presents what was delivered, not what was issued */
    const wr_pairing *followed_pairing;
    wr_association *not_followed; /* presents what was issued, not what was delivered */
    const wr_pairing *not_followed_pairing;
    wr_association *foreign; /* presents neither */
    int not_followed_side, foreign_side;
    wr_association
        *unexplained;         /* what was announced does not explain it, and its rival contradicts it (contested.c) */
    wr_association *unjudged; /* completed on the path of a verified one, and cannot be judged */
    wr_association *beside;   /* completed on a path of its own that media takes, and cannot be judged */
    const wr_flow *unshaken;  /* media takes it beside, and the handshake for it is not here */
    wr_association *renegotiated;   /* a second handshake inside it was completed, and cannot be read */
    bool declared;                  /* the operator knows who stands between the parties, or its host */
    bool undeclared;                /* a substitute that was shown is of an end that the operator does not know */
    bool reencrypted;               /* one media stream under two ciphertexts */
    const wr_presented *unexpected; /* contradicts what the operator expects of its party */
    unsigned expected;              /* certificates that agree with what the operator expects */
    bool keys_in_signalling;
    const wr_copy
        *keys_claimed[2]; /* an answer that says so, and one of the same client that does not; NULL for none */
    const wr_flow *clear; /* media flows there unencrypted (RTP-01) */
    bool media;           /* something other than STUN and DTLS flowed */
} wr_facts;

/* unexplained, unjudged, beside and unshaken of them (other_paths.c). */
void wr_weigh_other_paths(wr_facts *f, const wr_session *s);

/* What descriptions that were altered on their way make of the call; some are. */
wr_session_verdict wr_facts_substitution(const wr_facts *f);

/* Fills s->also, once its verdict is there (also.c). */
void wr_session_list_hidden(wr_session *s, const wr_facts *f);

void wr_session_weigh(wr_engine *e, const wr_session *s, wr_facts *out);

/* Conditions of verdicts, which the list of what a verdict hides asks as well. */
static inline bool wr_facts_in_clear(const wr_facts *f)
{
    return f->clear != NULL || f->count[WR_A_UNENCRYPTED] > 0 || f->count[WR_A_NULL_PROFILE] > 0;
}

static inline bool wr_facts_altered(const wr_facts *f)
{
    return f->substituted[0] != NULL || f->substituted[1] != NULL;
}

static inline bool wr_facts_contested(const wr_facts *f)
{
    return f->count[WR_A_CONTESTED] > 0 || f->claimed != NULL || f->keys_claimed[0] != NULL;
}

static inline bool wr_facts_unjudged(const wr_facts *f)
{
    return f->unverifiable + f->stray > 0 ||
           f->count[WR_A_NO_SIGNALLING] + f->count[WR_A_CERT_CONFLICT] + f->count[WR_A_UNAUTHENTICATED] > 0;
}

#endif
