/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls: groups of descriptions, associations and flows, with the verdict on them.
 */
#ifndef WR_SESSION_H
#define WR_SESSION_H

#include "records/description.h"
#include "records/verdicts.h"

/* How two copies of one description relate. */
typedef struct {
    wr_copy *first, *second;     /* in capture order */
    wr_copy *issued, *delivered; /* the same by what their legs say: who emitted it, and to whom it came */
    int sameness;                /* wr_sameness */
    int fingerprints;            /* wr_fps_difference */
    bool explained;              /* a hop, of which one end was seen again as itself */
} wr_pairing;

#define WR_MAX_ALSO 4

/* A call. */
struct wr_session {
    unsigned number;  /* "s1" */
    uint32_t packets; /* so many had been read when it was evaluated */
    wr_session_verdict verdict;
    wr_severity severity;
    bool not_enforced;                 /* MISMATCH or SUBSTITUTED-NOT-FOLLOWED with media going on */
    const char *reason;                /* for UNVERIFIABLE: which kind; static */
    uint8_t also[WR_MAX_ALSO], n_also; /* wr_session_verdict: what would be said were it not for this one */
    GPtrArray *copies;                 /* wr_copy* */
    GPtrArray *associations;           /* wr_association* */
    GPtrArray *flows;                  /* wr_flow* bound to it */
    GPtrArray *pairings;               /* wr_pairing*, copies of one description on different legs */
    GHashTable *legs; /* wr_leg* -> its part in the call, see relations/strangers.c; NULL before it is judged */
    bool tied;        /* some leg is tied to its flows */
    bool connected;   /* a connection of a party told of both halves: datagrams weigh less beside it */
    uint32_t first_frame, last_frame;
    int64_t start_us, end_us;
    char *sentence;          /* the verdict in words: verdict/sentence.c */
    char *plain;             /* the same for people who know no SDP: verdict/plain_words.c */
    char *advice;            /* what to do: verdict/plain_advice.c */
    GPtrArray *alternatives; /* char*: what else would look the same */
    GPtrArray *beside;  /* char*: what whoever reads the plain sentence alone must know too: verdict/plain_beside.c */
    GPtrArray *unknown; /* char* */
    const char *call;
    struct wr_party {
        const char *name;    /* NULL when unknown */
        wr_endpoint address; /* host */
    } parties[2];
    unsigned n_parties;
};

void wr_session_free(gpointer session);

/* The session of that number, NULL when not evaluated. */
wr_session *wr_engine_session(const wr_engine *e, unsigned number);

#endif
