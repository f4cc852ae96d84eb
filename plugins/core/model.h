/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the correlation keeps: legs, copies of descriptions, flows, associations, sessions, and the words for
 * verdicts about them. All owned by the engine.
 */
#ifndef WR_MODEL_H
#define WR_MODEL_H

#include "evidence.h"
#include "list.h"

typedef struct wr_engine wr_engine;
typedef struct wr_leg wr_leg;
typedef struct wr_copy wr_copy;
typedef struct wr_flow wr_flow;
typedef struct wr_association wr_association;
typedef struct wr_session wr_session;

/* Wireshark's severities, by meaning. */
typedef enum { WR_CHAT = 0, WR_NOTE, WR_WARN, WR_ERROR } wr_severity;
const char *wr_severity_name(wr_severity s); /* "chat", … static */

/* What the operator knows, and bounds. Zero-initialise, then set. */
typedef struct {
    /* Certificates (as fingerprints) and hosts of servers known to end the encryption: TERMINATED-BY-DECLARED. */
    const wr_fingerprint *declared_fingerprints;
    unsigned n_declared_fingerprints;
    const wr_endpoint *declared_hosts; /* ports ignored */
    unsigned n_declared_hosts;
    /* Fingerprints that a party is known to have from outside the capture. */
    struct wr_expected {
        const char *party;
        wr_fingerprint fingerprint;
    } const *expected;
    unsigned n_expected;
    bool peer_to_peer_expected; /* no server is supposed to end the encryption */
    bool keys_given;            /* a key log is configured; only for wording */
    bool speech_pattern;        /* tell when packet sizes follow speech (RTP-13) */
    struct wr_testimony
        *testimony;     /* testimony.h: what endpoints say of themselves; a reference is taken; NULL for none */
    uint64_t max_bytes; /* memory that all records may take, by estimate; 0: the built-in bound */
    const char *oldest; /* oldest acceptable versions: "Chrome 120, Firefox 115"; NULL for none */
} wr_options;

/* How strongly a flow is tied to descriptions (security rules 3.1). Smaller is stronger. */
typedef enum { WR_B0 = 0, WR_B1, WR_B2, WR_B3, WR_B4, WR_B_NONE } wr_binding;
const char *wr_binding_name(wr_binding b); /* "B0" … "B4", NULL for none */

typedef enum { WR_INTEGRITY_UNKNOWN = 0, WR_INTEGRITY_VALID, WR_INTEGRITY_INVALID } wr_integrity;
const char *wr_integrity_name(wr_integrity i);

/* Verdict on one certificate (security rules 2.1). */
typedef enum {
    WR_CERT_UNSEEN = 0, /* CERT-NOT-CAPTURED */
    WR_CERT_MATCH,
    WR_CERT_MATCH_WEAK,
    WR_CERT_MIXED,
    WR_CERT_MISMATCH,
    WR_CERT_NONE,
    WR_CERT_ENCRYPTED,
    WR_CERT_RESUMED,
    WR_CERT_FP_NONE,
    WR_CERT_FP_UNUSABLE,
    WR_CERT_SDP_NONE,
    WR_CERT_AMBIGUOUS,
    WR_CERT_PENDING
} wr_cert_verdict;
const char *wr_cert_verdict_name(wr_cert_verdict v);

/* Verdict on an association (2.2), strongest statement first. */
typedef enum {
    WR_A_UNENCRYPTED = 0,
    WR_A_MISMATCH_NOT_ENFORCED,
    WR_A_NULL_PROFILE,
    WR_A_UNAUTHENTICATED,
    WR_A_MISMATCH,
    WR_A_MISMATCH_ENFORCED,
    WR_A_CERT_CONFLICT,
    WR_A_AMBIGUOUS,
    WR_A_VERIFIED,
    WR_A_HALF_VERIFIED,
    WR_A_RESUMED_LINKED,
    WR_A_RESUMED_UNLINKED,
    WR_A_HANDSHAKE_FAILED,
    WR_A_UNVERIFIABLE_ENCRYPTED,
    WR_A_UNVERIFIABLE_INCOMPLETE,
    WR_A_UNVERIFIABLE_HASH,
    WR_A_NO_SIGNALLING,
    WR_A_PENDING
} wr_association_verdict;
const char *wr_association_verdict_name(wr_association_verdict v);

/* Verdict on a session (2.3). */
typedef enum {
    WR_S_UNENCRYPTED = 0,
    WR_S_KEYS_IN_SIGNALLING,
    WR_S_INTERCEPTED_FULL,
    WR_S_INTERCEPTED,
    WR_S_FOREIGN_CERTIFICATE,
    WR_S_MISMATCH,
    WR_S_SUBSTITUTED_NOT_FOLLOWED,
    WR_S_SUBSTITUTED_IN_SIGNALLING,
    WR_S_RE_KEYED,
    WR_S_TERMINATED_BY_DECLARED,
    WR_S_TERMINATED_UNDECLARED,
    WR_S_UNVERIFIABLE,
    WR_S_RESUMED,
    WR_S_HANDSHAKE_FAILED,
    WR_S_VERIFIED_LEG,
    WR_S_VERIFIED_CROSS,
    WR_S_NO_SIGNALLING,
    WR_S_NO_MEDIA
} wr_session_verdict;
const char *wr_session_verdict_name(wr_session_verdict v);

/* One signalling path of one client: a WebSocket or TCP connection; all HTTP connections of a host to one server. */
struct wr_leg {
    unsigned number; /* "l1" */
    uint32_t connection;
    wr_leg *merged; /* another leg of the same client that this one turned out to belong to; see wr_leg_root() */
    wr_endpoint client, server; /* unknown where the direction is */
    uint8_t carrier;            /* wr_carrier */
    bool protected_transport;
    bool two_ended;    /* no client end: both parties speak here (SIP over UDP) */
    const char *call;  /* from a join */
    const char *party; /* name the client gave itself */
    const char *user_agent;
    const char *dialect;
    wr_list copies;     /* wr_copy*, in order */
    GPtrArray *orphans; /* candidates that came before their description: struct in legs.c */
};
wr_leg *wr_leg_root(wr_leg *leg);

/* A description as seen at one place. The same text again on the same leg and direction is the same copy. */
struct wr_copy {
    unsigned number; /* "d1" */
    unsigned node;   /* group of records that make a session */
    uint32_t frame, last_frame;
    int64_t time_us;
    wr_endpoint src, dst;
    uint32_t connection;   /* that carried it */
    uint8_t kind, carrier; /* wr_kind, wr_carrier */
    uint8_t direction : 4; /* wr_direction */
    bool protected_transport : 1;
    bool has_names : 1;  /* candidates with host names (mDNS) instead of addresses */
    bool echo : 1;       /* came back to its own author on the same leg */
    bool withdrawn : 1;  /* an offer that a rollback took back (RFC 8829 4.1.10.2) */
    uint8_t n_addresses; /* at most WR_MAX_ADDRESSES_PER_COPY */
    unsigned n_answers, n_repeats;
    const char *dialect, *path, *call, *from, *to;
    wr_leg *leg;
    wr_sdp *sdp;
    wr_copy *partner;       /* answer: its offer; offer: its last answer */
    wr_endpoint *addresses; /* candidates, its own and trickled ones */
    wr_list credentials;    /* wr_credential*: distinct (ufrag, password) of enabled sections, and trickled ones */
};

typedef struct wr_credential {
    const char *ufrag, *password; /* password NULL when not given */
    wr_copy *copy;
} wr_credential;

/* Connectivity checks with one user name in one direction on one flow. */
typedef struct wr_check {
    wr_flow *flow;
    const char *remote_ufrag; /* of the other end: its description's ufrag */
    const char *local_ufrag;
    int64_t first_us, last_us;
    uint32_t first_frame;
    uint32_t requests;
    uint32_t valid_frame;
    wr_endpoint mapped;            /* address that the far end saw, as the last response says */
    const char *password;          /* that validated a request; NULL so far */
    struct wr_check *next_waiting; /* with the same remote_ufrag, made before */
    struct wr_kept_message *kept;  /* what is still to be verified; see connectivity.c */
    uint8_t n_kept;
    uint8_t from; /* end that sends the requests: 0 or 1 */
    bool tried;   /* at least one password was tried */
    bool request_valid, response_valid, use_candidate;
} wr_check;

/* What one end of a flow sent that is neither STUN nor DTLS. */
typedef struct {
    uint32_t packets;
    uint64_t bytes;
    uint32_t first_frame, last_frame;
    int64_t first_us, last_us;
} wr_traffic;

/* When each end was allowed to send, and when it did (RFC 7675). By end of the flow; times are 0 for never. */
typedef struct {
    int64_t given_first_us[2], given_last_us[2]; /* success responses to that end's checks */
    int64_t sent_first_us[2], sent_last_us[2];   /* DTLS or media from it */
    int64_t lapsed_us[2];                        /* the longest it went on sending after the last response to it */
    uint32_t given_frame[2], sent_frame[2], lapsed_frame[2];
} wr_consent;

/* A path that datagrams take between two ends; end[0] < end[1]. */
struct wr_flow {
    unsigned number;
    wr_endpoint end[2];
    uint16_t channel;      /* TURN channel whose peer was never named, else 0 */
    uint8_t transport : 2; /* wr_transport_kind */
    bool relayed : 1;      /* seen inside TURN at least once */
    bool in_stun : 1;
    bool ice : 1;          /* a check with ICE attributes was seen */
    int8_t client_end : 2; /* end that sent the last ClientHello seen here; -1 none */
    uint8_t n_streams;
    uint32_t proven_frame; /* media.c: from here on what looks like media is taken for it; 0 for not yet */
    uint32_t first_frame, last_frame;
    wr_flow *earlier; /* the same 5-tuple used before by another call */
    int64_t first_us, last_us;
    wr_list checks;            /* wr_check* */
    wr_list associations;      /* wr_association*, in order; the last is the current one */
    const wr_traffic *media;   /* two, by the sending end; never NULL: most paths are tried and carry nothing */
    wr_consent *consent;       /* NULL until a check is answered or something is sent */
    struct wr_stream *streams; /* RTP streams, for comparing legs */
    struct wr_oddities *odd;   /* paths.h; NULL for none */
    wr_copy *described;        /* of a flow that media alone made known: announces one of its ends */
};

#define WR_ASSOCIATION_FRAMES 24

/* One certificate as presented. */
typedef struct {
    wr_certificate *certificate;  /* NULL: none seen */
    const wr_certificate *stated; /* not seen, but by an endpoint's statement; NULL where certificate is set */
    wr_copy *description;         /* the copy it was compared with */
    wr_copy *issued;              /* the copy its owner emitted, where seen */
    uint32_t frame;
    bool empty : 1; /* an empty certificate list was sent */
    /* verdict, worst over the views that apply */
    bool foreign : 1;            /* matches neither what was emitted nor what was delivered */
    bool receiver_dependent : 1; /* receivers that take only one line may decide otherwise */
    uint8_t verdict;             /* wr_cert_verdict */
    uint8_t hash;                /* wr_hash that decided */
} wr_presented;

/* What one side of an association did. side 0: wire client, 1: wire server. Every call has two, so nothing stands
 * empty. */
typedef struct {
    wr_presented presented;
    wr_endpoint end;
    uint32_t ccs_frame, finished_frame, first_encrypted_frame;
    int64_t finished_us;
    int64_t alert_us, encrypted_alert_us;
    uint32_t alert_frame; /* first fatal alert in clear */
    uint32_t encrypted_alert_frame;
    uint16_t hello_seq, key_exchange_seq; /* message_seq: a gap of one shows that no Certificate was sent */
    uint8_t alert;                        /* of alert_frame */
    int64_t data_first_us, data_last_us;  /* DTLS application data */
    uint32_t data_records, data_last_frame;
    uint64_t data_bytes;
    struct wr_side_facts *facts; /* handshake_facts.h; NULL for none */
} wr_side;

/* A DTLS association: (client_random of the last ClientHello, server_random). Small ones stand together. */
struct wr_association {
    unsigned number; /* "a1" */
    unsigned node;
    uint8_t client_random[WR_DTLS_RANDOM], server_random[WR_DTLS_RANDOM];
    bool has_client_random : 1, has_server_random : 1, has_suite : 1, has_profile : 1;
    bool offers_use_srtp : 1, offers_13 : 1, has_ems : 1, downgrade_sentinel : 1;
    bool retry : 1, resumed : 1, certificate_requested : 1, server_psk : 1, session_echo : 1;
    bool decrypted : 1; /* certificates came from decrypted records */
    bool relayed : 1, in_stun : 1;
    /* verdicts, as of the last evaluation, here and from owner on */
    bool dirty : 1;
    bool disputed : 1;    /* heard contradicts what was announced, seen or otherwise stated, and was not used */
    uint8_t severity : 4; /* wr_severity */
    uint8_t binding;      /* wr_binding */
    uint8_t verdict;      /* wr_association_verdict */
    int8_t client_end;    /* end of flow that is the wire client; -1 unknown */
    uint8_t n_frames;
    uint8_t possession; /* wr_possession */
    uint16_t version;   /* negotiated; 0 unknown */
    uint16_t suite, srtp_profile;
    uint16_t key_exchange_length;
    uint32_t first_frame, last_frame, client_hello, server_hello;
    int64_t first_us, server_hello_us, last_us;
    wr_flow *flow;            /* where it was first seen */
    wr_list flows;            /* all of them */
    wr_side side[2];          /* by role; while client_end is -1 by end of flow */
    wr_association *absorbed; /* this was a first glimpse of that one; no record of its own */
    const char *alpn;
    struct wr_hello_facts *facts;   /* handshake_facts.h; NULL for none */
    uint64_t session_id, issued_id; /* wr_key() of what the client asked for, and of what the server gave; 0 for none */
    uint8_t *key_exchange;          /* kept until both randoms and the leaf are known */
    uint32_t *frames;               /* that carry the handshake; room doubles at 1, 2, 4, … */
    wr_copy *owner[2];              /* by side: description of that side used for the binding */
    uint32_t binding_frame;
    uint32_t enforcement_frame; /* alert or media that decided */
    const wr_association *resumes;
    const struct wr_statement *heard; /* testimony.h: what an endpoint says of this association; NULL for nothing */
};

typedef struct {
    const char *check; /* "DTLS-01"; static */
    wr_severity severity;
    uint32_t frame;
    unsigned session; /* number, 0 for none */
    char *message;
    const char *asvs;     /* OWASP ASVS 5 item, static, or NULL */
    const char *basis;    /* what the statement rests on, static, or NULL */
    uint32_t other_frame; /* a second frame that it rests on, 0 for none */
} wr_finding;

/* How two copies of one description relate. */
typedef struct {
    wr_copy *first, *second; /* in capture order */
    int sameness;            /* wr_sameness */
    int fingerprints;        /* wr_fps_difference */
} wr_pairing;

/* A call. */
struct wr_session {
    unsigned number;  /* "s1" */
    uint32_t packets; /* so many had been read when it was evaluated */
    wr_session_verdict verdict;
    wr_severity severity;
    bool not_enforced;       /* MISMATCH or SUBSTITUTED-NOT-FOLLOWED with media going on */
    const char *reason;      /* for UNVERIFIABLE: which kind; static */
    GPtrArray *copies;       /* wr_copy* */
    GPtrArray *associations; /* wr_association* */
    GPtrArray *flows;        /* wr_flow* bound to it */
    GPtrArray *pairings;     /* wr_pairing*, copies of one description on different legs */
    uint32_t first_frame, last_frame;
    int64_t start_us, end_us;
    char *statement;
    GPtrArray *unknown; /* char* */
    const char *call;
    struct wr_party {
        const char *name;    /* NULL when unknown */
        wr_endpoint address; /* host */
    } parties[2];
    unsigned n_parties;
};

#endif
