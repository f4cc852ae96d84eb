/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that was learned from one capture. Records are owned here; each kind is changed by the functions of its
 * own header, and by what learns it (learning/learning.h). Sessions and findings are made anew by each evaluation.
 */
#ifndef WR_STORE_H
#define WR_STORE_H

#include "base/index.h"
#include "records/allocation.h"
#include "records/association.h"
#include "records/clock.h"
#include "records/contact.h"
#include "records/description.h"
#include "records/finding.h"
#include "records/flow.h"
#include "records/groups.h"
#include "records/inferred.h"
#include "records/injection.h"
#include "records/leg.h"
#include "records/media_proof.h"
#include "records/memory.h"
#include "records/options.h"
#include "records/replay.h"
#include "records/session.h"
#include "records/stated.h"

struct wr_engine {
    wr_options options;
    GStringChunk *strings;
    GHashTable *interned; /* what is in strings */
    uint64_t bytes;       /* memory.c: kept so far, by estimate; nothing is ever given back */

    GPtrArray *copies, *legs, *flows, *associations, *sessions, *findings, *limits, *reencrypted;
    GArray *limit_frames;   /* uint32_t: where each of limits was reached */
    GArray *limit_marks;    /* wr_limit_mark: whose evidence it was */
    wr_index *certificates; /* digest -> wr_certificate, of which it holds a reference: one object per certificate */

    wr_index *legs_by_key;        /* string -> wr_leg */
    wr_index *copies_by_identity; /* leg, direction, canonical -> wr_copy */
    wr_index *by_canonical, *by_credential, *by_origin, *by_body, *by_fingerprint, *by_hop; /* of wr_copy* */
    wr_index *by_ufrag;                                                                     /* of wr_credential* */
    wr_index *waiting;    /* ufrag -> wr_check, the last one; the others by next_waiting */
    wr_index *by_address; /* wr_endpoint -> wr_copy* */

    wr_index *flows_by_ends;                      /* flow key -> wr_flow, the latest */
    wr_recent_flow recent_flows[WR_RECENT_FLOWS]; /* of these, those that were asked for last */
    GHashTable *allocations;                      /* sorted outer ends -> wr_allocation (records/allocation.h) */
    GHashTable *relays;                           /* relayed wr_endpoint -> wr_endpoint of the client */
    wr_index *by_server_random;                   /* 32 bytes -> wr_association */
    wr_index *by_made;                            /* message made for one handshake -> wr_association */

    struct wr_node *nodes; /* engine.c */
    unsigned n_nodes, nodes_room;
    GArray *nodes_by_number; /* of session n at n - 1: one of its nodes */
    unsigned next_session;
    GHashTable *sessions_by_number;
    GHashTable *findings_by_frame; /* frame -> GPtrArray of wr_finding* */

    struct wr_relay_paths *relay_paths; /* records/relay_path.h; NULL until STUN is seen */
    struct wr_turn *turn;               /* records/allocation.h; NULL until a TURN request is seen */
    wr_index *ports;                    /* wr_endpoint -> number, see records/flow.h: where media is expected */

    struct wr_contacts *contacts;  /* records/contact.h */
    struct wr_sighting *sightings; /* replayed_checks.c: WR_SIGHTINGS of them, from the first check on */
    GArray *injections;            /* wr_injection, see injection.h */
    wr_index *injected;            /* which there are */
    struct { /* learning/said_twice.c: the latest remark of bytes, and what is still to be doubted for it */
        uint32_t connection, frame;
        int64_t time_us;
        wr_endpoint src;
        bool outside, waits;
        bool between; /* two vantage points saw the one and the other, and both have the whole connection */
        uint16_t other_point;
    } said_twice;
    struct wr_hops *hops; /* hops.h; NULL until a packet's TTL is known */
    struct {              /* the packet that is learned from */
        uint32_t frame;
        uint8_t ttl; /* 0: not known */
    } passing;
    struct wr_clocks *clocks;     /* clock.h; NULL until something was seen at another point than the first */
    struct wr_inferred *inferred; /* inferred.h; NULL until a packet's TTL is known */
    GArray *replays;              /* struct wr_replay */
    struct wr_proofs *proofs;     /* records/media_proof.h; NULL without secrets */

    GArray *stated;    /* records/stated.h: struct wr_stated, of frames from WR_STATED_FRAME on */
    GArray *witnesses; /* wr_witness, one for each of the options' testimonies */
    bool stated_taken; /* what the options' testimonies say is among the copies */

    unsigned hashes; /* bit 1 << wr_hash: some description announces a fingerprint of it */
    uint32_t packets, last_frame;
    int64_t first_us, last_us;
    wr_left_out left_out; /* of all streams */
    bool changed;         /* something new since the last wr_engine_evaluate() */
};

uint64_t wr_endpoint_key(const wr_endpoint *at);

/* Records, in order of first frame; do not change the arrays. Sessions and findings exist after an evaluation. */
const GPtrArray *wr_engine_copies(const wr_engine *e);       /* wr_copy* */
const GPtrArray *wr_engine_associations(const wr_engine *e); /* wr_association* */
const GPtrArray *wr_engine_sessions(const wr_engine *e);     /* wr_session* */
const GPtrArray *wr_engine_findings(const wr_engine *e);     /* wr_finding* */
/* Those of one frame; NULL for none. */
const GPtrArray *wr_engine_findings_at(const wr_engine *e, uint32_t frame);
const GPtrArray *wr_engine_limits_reached(const wr_engine *e); /* const char* */
uint32_t wr_engine_packets(const wr_engine *e);
wr_left_out wr_engine_left_out(const wr_engine *e); /* of a thinned capture, besides those */
int64_t wr_engine_first_time(const wr_engine *e);
int64_t wr_engine_last_time(const wr_engine *e);

#endif
