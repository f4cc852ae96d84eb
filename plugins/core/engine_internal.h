/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The correlation's own header: its state, and what its files offer one another. Not for use outside core.
 */
#ifndef WR_ENGINE_INTERNAL_H
#define WR_ENGINE_INTERNAL_H

#include "engine.h"
#include "index.h"
#include "sdp_compare.h"

/* Bounds. Each is reported by name when it is reached, and what was learned before stands. */
#define WR_MAX_COPIES                1000000
#define WR_MAX_LEGS                  1000000
#define WR_MAX_FLOWS                 1000000
#define WR_MAX_ASSOCIATIONS          1000000
#define WR_MAX_ALLOCATIONS           200000
#define WR_MAX_FINDINGS              500000
#define WR_MAX_FINDINGS_OF_CHECK     16 /* of one check in one call */
#define WR_MAX_CHECKS_PER_FLOW       16
#define WR_MAX_ASSOCIATIONS_PER_FLOW 32
#define WR_MAX_FLOWS_PER_ASSOCIATION 16
#define WR_MAX_ADDRESSES_PER_COPY    128
#define WR_MAX_CREDENTIALS_PER_COPY  64
#define WR_MAX_BUCKET                64  /* members of an index bucket that are looked at */
#define WR_MAX_KEPT_MESSAGES         2   /* unverified checks kept per user name and direction */
#define WR_MAX_KEPT_BYTES            548 /* a longer STUN message is not kept for later */
#define WR_MAX_CHANNELS              64  /* per TURN allocation */
#define WR_MAX_KEY_EXCHANGE          4096
#define WR_MAX_BYTES                 (UINT64_C(2) << 30) /* of all records, by estimate: memory.c */
#define WR_FACTS_BYTES               1536 /* what an association or a flow may have beside its own record */
#define WR_PAIRING_WINDOW            512  /* descriptions of a leg that are searched for an answer's offer */

#define WR_SECOND INT64_C(1000000)
/* Capture clocks and merged files may disagree by this much about the order of things. */
#define WR_SLACK_US (WR_SECOND / 2)
/* A hop of the same message takes no longer. */
#define WR_HOP_US  (10 * WR_SECOND)
#define WR_COPY_US (60 * WR_SECOND)
/* A flow idle that long and used with new credentials is another call's. */
#define WR_FLOW_REUSE_US (60 * WR_SECOND)
/* Media of the verifier that long after its Finished: it did not refuse (rules, DTLS-07). */
#define WR_ENFORCE_US (2 * WR_SECOND)

typedef struct wr_kept_message {
    uint8_t *bytes; /* request; NULL once verified */
    uint8_t *response;
    uint8_t txid[WR_STUN_TXID];
    uint32_t frame;
    uint16_t length, integrity_offset;
    uint16_t response_length, response_integrity;
} wr_kept_message;

/* Identity of a path: sorted ends, transport, and the TURN channel where its peer is not known. */
typedef struct {
    wr_endpoint end[2];
    uint16_t channel;
    uint8_t transport;
} wr_flow_key;

#define WR_RECENT_FLOWS 1024 /* a power of two; calls at one time */
typedef struct {
    wr_flow_key key;
    bool asked;
    wr_flow *flow; /* NULL: there is none */
} wr_recent_flow;

struct wr_engine {
    wr_options options;
    GStringChunk *strings;
    GHashTable *interned; /* what is in strings */
    uint64_t bytes;       /* memory.c: kept so far, by estimate; nothing is ever given back */

    GPtrArray *copies, *legs, *flows, *associations, *sessions, *findings, *limits, *reencrypted;
    wr_index *certificates; /* digest -> wr_certificate, of which it holds a reference: one object per certificate */

    wr_index *legs_by_key;        /* string -> wr_leg */
    wr_index *copies_by_identity; /* leg, direction, canonical -> wr_copy */
    wr_index *by_canonical, *by_credential, *by_origin, *by_body, *by_fingerprint, *by_hop; /* of wr_copy* */
    wr_index *by_ufrag;                                                                     /* of wr_credential* */
    wr_index *waiting;    /* ufrag -> wr_check, the last one; the others by next_waiting */
    wr_index *by_address; /* wr_endpoint -> wr_copy* */

    wr_index *flows_by_ends;                      /* flow key -> wr_flow, the latest */
    wr_recent_flow recent_flows[WR_RECENT_FLOWS]; /* of these, those that were asked for last */
    GHashTable *allocations;                      /* sorted outer ends -> wr_allocation (turn.h) */
    GHashTable *relays;                           /* relayed wr_endpoint -> wr_endpoint of the client */
    wr_index *by_server_random;                   /* 32 bytes -> wr_association */

    struct node *nodes; /* engine.c */
    unsigned n_nodes, nodes_room;
    GArray *nodes_by_number; /* of session n at n - 1: one of its nodes */
    unsigned next_session;
    GHashTable *sessions_by_number;
    GHashTable *findings_by_frame; /* frame -> GPtrArray of wr_finding* */

    struct wr_turn *turn; /* turn.h; NULL until a TURN request is seen */
    wr_index *ports;      /* wr_endpoint -> number, see paths.h: where media is expected */

    struct wr_contacts *contacts;  /* contacts.h */
    struct wr_sighting *sightings; /* replays.c: WR_SIGHTINGS of them, from the first check on */
    GArray *replays;               /* struct wr_replay */

    unsigned hashes; /* bit 1 << wr_hash: some description announces a fingerprint of it */
    uint32_t packets, last_frame;
    int64_t first_us, last_us;
    bool changed; /* something new since the last wr_engine_evaluate() */
};

/* memory.c */
/* False, and the limit named, when a record of that size (and what indexes it) is too much. */
bool wr_keep_bytes(wr_engine *e, size_t bytes, const char *what);
/* What a description takes, by estimate; its parsed form up to a hundred times its text. */
size_t wr_sdp_size(const wr_sdp *sdp);
const char *wr_intern(wr_engine *e, const char *text); /* NULL stays NULL; "" when there is no room */

/* engine.c */
void wr_limit_reached(wr_engine *e, const char *name);             /* static name, reported once */
unsigned wr_node_new(wr_engine *e, wr_copy *c, wr_association *a); /* one of them is NULL */
unsigned wr_node_root(const wr_engine *e, unsigned node);
void wr_node_join(wr_engine *e, unsigned a, unsigned b);
/* Gives the group a session number when it has none; returns it. */
unsigned wr_node_number(wr_engine *e, unsigned node);
unsigned wr_node_number_if_any(const wr_engine *e, unsigned node);
/* Adds the records of this session, in no order; false when it is none, or went into another. */
bool wr_node_members(const wr_engine *e, unsigned number, GPtrArray *copies, GPtrArray *associations);
/* engine.c: keys of indexes */
uint64_t wr_endpoint_key(const wr_endpoint *at);
uint64_t wr_credential_key(const char *ufrag, const char *password);
uint64_t wr_fingerprint_key(wr_hash hash, const uint8_t *digest, size_t n);

/* legs.c */
bool wr_sdp_is_webrtc(const wr_sdp *sdp);
/* pairing.c: joins a new copy with what it belongs to */
void wr_copy_link(wr_engine *e, wr_copy *c);
bool wr_kind_is_answer(wr_kind kind);
/* p went where c came from: the same host received one and sent the other. */
bool wr_copy_is_hop(const wr_copy *p, const wr_copy *c);
/* Different legs, and one can be a relayed form of the other. */
bool wr_copies_may_relay(const wr_copy *a, const wr_copy *b);
/* Copies of one description on different legs, for all copies of a session: GPtrArray of wr_pairing*. */
void wr_session_pair_copies(wr_engine *e, wr_session *s);

/* associations.c */
void wr_association_prove(wr_association *a);
/* Puts a frame before the at-th; there are fewer than WR_ASSOCIATION_FRAMES. */
void wr_association_add_frame(wr_association *a, unsigned at, uint32_t frame);
int wr_association_role(const wr_association *a, const wr_flow *f,
                        int end); /* 0 wire client, 1 wire server, -1 unknown */

/* continuation.c: traffic without a handshake joins the association that goes on there */
void wr_associations_continue(wr_engine *e);

/* flows.c */
wr_flow_key wr_flow_key_of(const wr_endpoint *a, const wr_endpoint *b, int transport, unsigned channel);
uint64_t wr_flow_key_key(const wr_flow_key *k);
/* Enters the flow under this key, NULL for none any more. */
void wr_flow_set(wr_engine *e, const wr_flow_key *key, wr_flow *f);
guint wr_flow_key_hash(gconstpointer p);
gboolean wr_flow_key_equal(gconstpointer p, gconstpointer q);
wr_traffic *wr_flow_traffic(wr_flow *f); /* what f->media shows, to be changed */
void wr_flow_clear_traffic(wr_flow *f);
wr_flow *wr_flow_new(wr_engine *e, const wr_endpoint *src, const wr_endpoint *dst); /* NULL at the bound */
wr_flow *wr_flow_get(wr_engine *e, const wr_place *at, const wr_carriage *how, int *from_end);
wr_flow *wr_flow_find(wr_engine *e, const wr_place *at, const wr_carriage *how, int *from_end); /* NULL when unknown */
void wr_checks_retry(wr_engine *e, const char *ufrag);
wr_check *wr_flow_reverse_check(const wr_flow *f, const wr_check *k);

/* binding.c */
typedef struct {
    wr_leg *leg;
    wr_copy *copy[2]; /* by side (0 wire client); NULL when the leg shows none */
    const char *ufrag[2];
    bool applies; /* the leg's client is an end of the association, in the right place */
} wr_view;
typedef struct {
    wr_binding grade;
    uint32_t frame; /* that proves it */
    wr_view *views;
    unsigned n_views;
    bool by_address; /* some view applies; else all of them are weighed and must agree */
} wr_bound;
#define WR_MAX_VIEWS 32
void wr_association_bind(wr_engine *e, wr_association *a, wr_bound *out); /* views: g_free */

/* verdict_certificate.c */
wr_cert_verdict wr_compare_certificate(const wr_certificate *cert, const wr_copy *copy, const char *ufrag,
                                       wr_hash *decided, bool *receiver_dependent);
/* testimony_bind.c: the certificates that are hidden, by the statement of an endpoint */
void wr_association_hear(wr_engine *e, wr_association *a, const wr_bound *b);
/* sessions.c */
void wr_sessions_build(wr_engine *e);
void wr_session_renew(wr_engine *e, unsigned number);
/* session_verdict.c */
void wr_session_decide(wr_engine *e, wr_session *s);
/* statement.c */

/* streams.c */
void wr_streams_compare(wr_engine *e);

/* associations.c: sides are kept by end of the flow until it is known which end is the wire client; then by role. Does
 * nothing when it is known already, or f is not the flow that the association is kept by. */
void wr_association_settle_roles(wr_association *a, const wr_flow *f, int client_end);

/* halves.c */
/* Are these two, on one flow, halves of one handshake? Then the one that now holds both; the other is absorbed by it.
 * Else NULL. */
wr_association *wr_association_join_halves(wr_engine *e, wr_association *a, wr_association *b);

/* replays.c */
#define WR_SIGHTINGS   1024 /* checks that are remembered */
#define WR_MAX_REPLAYS 256
struct wr_replay {
    wr_flow *flow[2]; /* where it was seen first, and then */
    uint32_t frame[2];
    int64_t gap_us;
    bool same_target; /* both went to the same end */
};
/* The same check (transaction and integrity value) from two sources? */
void wr_check_sighted(wr_engine *e, wr_flow *f, int from, const wr_stun_evidence *s);

/* flows.c */
/* The flow of this path, from whichever end *from_end the datagram comes; made anew where create says so, or where a
 * check with these user names shows that another call uses the ports now (else both are NULL). NULL: none, or a bound.
 */
wr_flow *wr_flow_lookup(wr_engine *e, const wr_place *at, const wr_carriage *how, bool create, const char *remote,
                        const char *local, int *from_end);
void wr_flow_touch(wr_flow *f, const wr_place *at, const wr_carriage *how);
/* A check of end to was answered: it may send. */
void wr_flow_consented(wr_engine *e, wr_flow *f, int to, const wr_place *at);
/* Something that needs consent was sent by this end. */
void wr_flow_sent(wr_flow *f, int from, const wr_place *at);

/* findings.c */
/* The same, with what it rests on and a second frame, but not twice for one call: a finding of this check with this
 * message is told once, whatever frame it would stand on. */
wr_finding *wr_finding_once(wr_engine *e, const wr_session *s, const char *check, wr_severity severity, uint32_t frame,
                            uint32_t other, const char *asvs, const char *basis, const char *format, ...)
    G_GNUC_PRINTF(9, 10);
wr_finding *wr_finding_add(wr_engine *e, const char *check, wr_severity severity, uint32_t frame, unsigned session,
                           const char *asvs, const char *format, ...) G_GNUC_PRINTF(7, 8);

#endif
