/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DTLS associations: what each side presented and did.
 */
#ifndef WR_ASSOCIATION_H
#define WR_ASSOCIATION_H

#include "base/list.h"
#include "dtls/certificate.h"
#include "dtls/dtls.h"
#include "records/description.h"
#include "records/flow.h"
#include "records/verdicts.h"

#define WR_ASSOCIATION_FRAMES 24

/* One certificate as presented. */
typedef struct {
    wr_certificate *certificate;  /* NULL: none seen */
    const wr_certificate *stated; /* not seen, but by an endpoint's statement; NULL where certificate is set */
    wr_copy *description;         /* the copy it was compared with */
    wr_copy *issued;              /* the copy its owner emitted, where seen */
    /* Not shown in this handshake, but in one that it rests on or that followed inside it, and contradicts what was
     * announced; else NULL. frame_other: where. */
    const wr_certificate *other;
    uint32_t frame, frame_other;
    bool empty : 1;     /* an empty certificate list was sent */
    bool contested : 1; /* several were shown, or one whose key did not sign, and nothing tells which counts */
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
    uint16_t hello_seq, key_exchange_seq;   /* message_seq: a gap of one shows that no Certificate was sent */
    uint8_t alert;                          /* of alert_frame */
    uint8_t n_ccs;                          /* ChangeCipherSpec records, as many as fit */
    int64_t data_first_us, data_last_us;    /* DTLS application data */
    uint64_t first_sequence, last_sequence; /* of encrypted records of 1.2, with the epoch; 0 for none */
    uint32_t data_records, data_last_frame;
    uint64_t data_bytes;
    struct wr_side_facts *facts; /* records/handshake_facts.h; NULL for none */
} wr_side;

/* How a leg's client is tied to an end of the association. Greater is better. */
typedef enum {
    WR_TIE_NONE = 0,
    WR_TIE_ANNOUNCED, /* by candidates that its own description announces: whoever copies the description has them too
                       */
    WR_TIE_ADDRESS    /* its signalling comes from the host that the association ends at */
} wr_tie;

/* A leg that speaks for a party of an association. */
typedef struct {
    const wr_leg *leg;
    uint8_t tie;   /* wr_tie */
    int8_t own;    /* side that the leg's client is; -1: both parties speak there, or unknown */
    bool disowned; /* its client's end showed what another leg announces and this one does not */
} wr_leg_tie;

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
    bool changed_unsigned : 1, client_signs : 1; /* see wr_association_client_is_unsigned() */
    /* verdicts, as of the last evaluation, here and from owner on */
    bool dirty : 1;
    bool disputed : 1;    /* heard contradicts what was announced, seen or otherwise stated, and was not used */
    uint8_t severity : 4; /* wr_severity */
    uint8_t binding;      /* wr_binding */
    uint8_t verdict;      /* wr_association_verdict */
    int8_t client_end;    /* end of flow that is the wire client; -1 unknown */
    uint8_t n_frames;
    uint8_t standing;      /* wr_standing */
    uint8_t possession[2]; /* wr_possession, by role: whose certificate's key signed this handshake */
    uint16_t version;      /* negotiated; 0 unknown */
    uint16_t suite, srtp_profile;
    uint16_t point;   /* vantage point that showed it first */
    bool timed;       /* the clock there is that of the first point, or was compared with it */
    int64_t ahead_us; /* then: by how much it was ahead, as of the last wr_clocks_apply() */
    uint32_t first_frame, last_frame, client_hello, server_hello;
    int64_t first_us, server_hello_us, last_us;
    wr_flow *flow;            /* where it was first seen */
    wr_list flows;            /* all of them */
    wr_side side[2];          /* by role; while client_end is -1 by end of flow */
    wr_association *absorbed; /* this was a first glimpse of that one; no record of its own */
    const char *alpn;
    struct wr_hello_facts *facts;   /* records/handshake_facts.h; NULL for none */
    uint64_t session_id, issued_id; /* wr_key() of what the client asked for, and of what the server gave; 0 for none */
    struct wr_handshake_messages
        *messages; /* records/handshake_messages.h: what signatures decide about; NULL for none */
    struct wr_handshake_messages *sealed; /* of 1.3: what was decrypted (learning/proof_13.c); NULL for none */
    uint64_t exchange_record;             /* number of the record that ended the ClientKeyExchange; 0 for none */
    uint32_t *frames;                     /* that carry the handshake; room doubles at 1, 2, 4, … */
    wr_copy *owner[2];                    /* by side: description of that side used for the binding */
    wr_leg_tie *ties;                     /* legs that its verdict was asked of */
    uint8_t n_ties;
    uint32_t binding_frame;
    uint32_t enforcement_frame;  /* alert or media that decided */
    struct wr_media_proof *srtp; /* records/media_proof.h: what its keys prove of media; NULL without them */
    const wr_association *resumes;
    const wr_association *repeats; /* showed a message first that is made for one handshake alone; NULL for none */
    const wr_association *rival;   /* on its path, and not contradicted: what makes it CONTESTED; NULL for none */
    const struct wr_statement
        *heard; /* statements/testimony.h: what an endpoint says of this association; NULL for nothing */
};

void wr_association_free(gpointer association);

/* The certificate that the side's verdict is about, and where it was shown (frame may be NULL); NULL for none seen. */
const wr_certificate *wr_presented_judged(const wr_presented *p, uint32_t *frame);

/* A ClientKeyExchange (RFC 5246 7.4.7) is its own, or may be: where several handshakes are under way it is kept with
 * each. */
bool wr_association_has_client_exchange(const wr_association *a);
/* Nothing under keys is seen of this side, nor that it changed to them. */
bool wr_side_is_without_keys(const wr_side *s);
/* The client changed to its keys with the very next record after its ClientKeyExchange, and no CertificateVerify was
 * seen: it proved no key of the certificate that it showed (RFC 5246 7.4.8). */
bool wr_association_client_is_unsigned(const wr_association *a);
/* Both sides sent their Finished. */
bool wr_association_is_completed(const wr_association *a);
/* A fatal alert in clear, and not both Finished: beside these it is anybody's, for who has keys refuses under them (RFC
 * 5246 7.2.2). */
bool wr_association_is_refused(const wr_association *a);
/* Of DTLS 1.3, and both sides sent under keys: no signature in clear shows more. */
bool wr_association_is_keyed_13(const wr_association *a);
/* The server gave the session id that the client asked for: a session is resumed (RFC 5246 7.3). */
bool wr_association_has_id_back(const wr_association *a);
/* What is no DTLS went over one of its paths after this time (microseconds). */
bool wr_association_has_media_after(const wr_association *a, int64_t us);
/* The same handshake was seen on its flow before, the other way round: this one was sent back by somebody. */
bool wr_association_is_reflection(const wr_association *a);
/* Its verdict is that a certificate contradicts what was announced, whatever became of the session then. */
bool wr_association_is_mismatch(const wr_association *a);

/* Puts a frame before the at-th; there are fewer than WR_ASSOCIATION_FRAMES. */
void wr_association_add_frame(wr_association *a, unsigned at, uint32_t frame);

int wr_association_role(const wr_association *a, const wr_flow *f,
                        int end); /* 0 wire client, 1 wire server, -1 unknown */

/* Sides are kept by end of the flow until it is known which end is the wire client; then by role. Does
 * nothing when it is known already, or f is not the flow that the association is kept by. */
void wr_association_settle_roles(wr_association *a, const wr_flow *f, int client_end);

unsigned wr_association_session_number(const wr_engine *e, const wr_association *a);

#endif
