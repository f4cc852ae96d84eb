/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keys prove of media: which packets carry tags of an association's keys, and which packets of its paths do not.
 * There is none of this without secrets (options.h).
 */
#ifndef WR_MEDIA_PROOF_H
#define WR_MEDIA_PROOF_H

#include "base/frame_set.h"
#include "dtls/dtls.h"
#include "evidence/evidence.h"
#include "records/types.h"
#include "srtp/key_log.h"
#include "srtp/receiver.h"
#include "srtp/record.h"

#define WR_PROOF_FRAMES    16   /* frames named of each sort */
#define WR_PROOF_SOURCES   64   /* of one association, both sides */
#define WR_PROOF_REPEAT_MS 2000 /* the same packet this soon is a copy that the network or the capture made */

/* Frames of one sort: all are counted, the first are named. */
typedef struct {
    uint32_t n;
    uint32_t frame[WR_PROOF_FRAMES];
} wr_proof_frames;

/* Media of one synchronization source, under the keys of one side. */
typedef struct {
    uint32_t ssrc;
    uint8_t side;         /* that sent it: 0 wire client, 1 wire server */
    uint8_t payload_type; /* of the first packet */
    uint32_t verified, first_frame, last_frame;
    int64_t first_us, last_us;
} wr_proven_source;

struct wr_media_proof {
    const wr_srtp_profile *profile; /* whose tags validate; NULL: nothing validated so far */
    uint32_t rtp_verified, rtcp_verified;
    wr_proof_frames rtp_failed, rtcp_failed; /* of paths that are this association's alone */
    wr_proof_frames replayed;                /* authentic, but came before */
    uint32_t repeated;                       /* the same, soon after the first */
    uint32_t undecided;                      /* did not validate, but there may be other keys, or an unknown counter */
    uint32_t first_frame, last_frame;        /* verified */
    uint32_t by_side[2];                     /* RTP verified */
    wr_proven_source *sources;
    unsigned n_sources;
    /* learning/media_proof.c */
    wr_secret secret;
    bool is_exporter;
    uint32_t misses;                              /* while no profile is known: packets that nothing validated */
    wr_proof_frames early[2];                     /* of them RTP and RTCP */
    wr_srtp_receiver *receiver[2];                /* by side, once the profile is known */
    wr_srtp_receiver *trial[WR_SRTP_PROFILES][2]; /* before */
};
typedef struct wr_media_proof wr_media_proof;

#define WR_SDES_KEYS 8 /* of one description that are tried */

/* What one end of a path sent under keys of its description (RFC 4568). */
typedef struct {
    const wr_copy *copy;            /* the description */
    const wr_srtp_profile *profile; /* whose tags validate; NULL: nothing validated so far */
    uint32_t rtp_verified, rtcp_verified, first_frame;
    wr_proof_frames rtp_failed, rtcp_failed;
    wr_srtp_receiver *trial[WR_SDES_KEYS];
    bool opened[WR_SDES_KEYS]; /* a packet was opened with it for who shows it */
    unsigned n;
} wr_sdes_proof;

/* Of one path. */
typedef struct {
    wr_association *by; /* whose keys protected a packet on it last */
    uint32_t misses;
    wr_sdes_proof *sdes[2]; /* by the sending end; NULL for none */
} wr_proven_path;

/* What came of the packet that was opened last. */
struct wr_opened_media {
    uint32_t frame;
    uint64_t mark; /* tells it from others of the frame */
    wr_association *by;
    int side;
    uint64_t index;
    bool complete, again, replayed, unknown_source;
};

/* Of the capture; NULL without secrets. */
struct wr_proofs {
    wr_frame_set *verified, *failed;
    bool sdes;           /* some description has keys */
    GPtrArray *keyed;    /* wr_association* with a secret */
    GHashTable *asked;   /* wr_association* without one -> packets since */
    GHashTable *paths;   /* wr_flow* -> wr_proven_path* */
    GPtrArray *replaced; /* receivers of descriptions that others replaced, which opened packets */
    struct wr_opened_media last;
};

void wr_media_proof_free(wr_media_proof *p); /* NULL is allowed */
void wr_proof_frames_add(wr_proof_frames *list, uint32_t frame);
/* Keys of an association's records, for handshakes inside it, and the messages that are put together. */
typedef struct wr_inner_records {
    wr_record_keys keys;
    wr_dtls_reader *reader;
} wr_inner_records;
void wr_inner_records_free(wr_inner_records *r); /* NULL is allowed; keys are wiped */

struct wr_proofs *wr_proofs_new(void);
void wr_proofs_free(struct wr_proofs *p); /* NULL is allowed */

/* What is known of a frame that carried media. */
typedef enum { WR_MEDIA_UNKNOWN = 0, WR_MEDIA_AUTHENTIC, WR_MEDIA_NOT_AUTHENTIC } wr_media_authenticity;
wr_media_authenticity wr_engine_authenticity(const wr_engine *e, uint32_t frame);

/* What is known of one end's packets under keys of its description; NULL for none. */
const wr_sdes_proof *wr_flow_sdes_proof(const wr_engine *e, const wr_flow *f, int end);

/* Packets under this profile's name: the one whose tags validate is not the one that the ServerHello chose. */
bool wr_media_proof_contradicts(const wr_association *a);

#endif
