/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a handshake shows beside its certificates: what was offered and chosen, how its records count, and whether
 * anything came that should not (rules 3.4).
 */
#ifndef WR_HANDSHAKE_FACTS_H
#define WR_HANDSHAKE_FACTS_H

#include "records/association.h"

#define WR_NONCES     16 /* explicit nonces remembered of a side that does not count them */
#define WR_NONCES_ODD 8  /* such nonces before it is said that they are drawn at random */

/* Explicit nonces of AEAD suites (RFC 5288 3) that are not the record's own number. */
typedef struct {
    uint64_t seen[WR_NONCES];
    uint32_t mark[WR_NONCES];
    uint16_t epoch[WR_NONCES];
    uint64_t last;
    uint32_t first_frame, odd, jumps;
} wr_nonces;

/* RFC 8844: NULL when the hello had none. */
typedef struct {
    uint8_t *id, *identity_hash;
    uint8_t id_length, hash_length;
} wr_external;

/* What one side does of a handshake inside the association (renegotiation, RFC 5246 7.4.1.1). */
typedef struct {
    wr_certificate *certificate; /* decrypted; one that is not that of the first handshake, if any; NULL for none */
    uint32_t frame;
    uint16_t certificates; /* how many were decrypted, the last in: */
    uint32_t last_frame;
    uint16_t epoch;        /* highest under which it sent */
    uint32_t switch_frame; /* ChangeCipherSpec under keys */
    int64_t switch_us;
    uint32_t epoch_frame; /* the first record of an epoch beyond 1 */
    uint32_t stays_frame; /* data of the old epoch, long after the change */
} wr_renegotiation;

/* Of one side. */
typedef struct wr_side_facts {
    wr_renegotiation *again; /* NULL for none */
    wr_external *external;   /* NULL when the hello had neither */
    wr_nonces *nonces;
    uint64_t last_nonce;
    uint32_t last_mark, repeat_frame; /* one nonce, two ciphertexts */
    uint32_t repeats, counted;        /* so many such records, of so many with a nonce */
    int64_t repeat_first_us, repeat_last_us;
    uint32_t hello_frame;
    uint32_t renegotiation_frame; /* handshake records after both were finished that repeat no Finished */
    uint32_t clear_data_frame;    /* application data without encryption */
    uint32_t overread_frame;      /* heartbeat that asks for more than it brought */
    uint32_t raw_key_frame;       /* a bare public key stood in place of its certificate (RFC 7250) */
    /* Its first Finished may be parted over several records: lengths of the first and of the last, and the number of
     * the last. */
    uint16_t finished_length, finished_rest;
    uint64_t finished_sequence;
    uint16_t last_epoch; /* of last_nonce: each epoch has keys of its own */
} wr_side_facts;

/* How a handshake began, and what came of that: for those that fail. */
typedef struct {
    int64_t first_us, last_us; /* of the ClientHello that was sent again and again */
    uint32_t last_frame, fragment_frame;
    uint32_t answer_ignored_frame; /* a ClientHello once more, well after the server's answer */
    uint32_t retry_frame;          /* HelloVerifyRequest or HelloRetryRequest: the server is there */
    uint32_t flight_frame;         /* the client's Finished for the last time */
    int64_t flight_us, ignored_us;
    uint16_t ignored; /* how often, the last at ignored_us */
    uint16_t retry_version;
    uint16_t hellos;     /* how often the same ClientHello was sent */
    uint16_t fragments;  /* of ClientHellos that did not become whole */
    uint16_t length;     /* of the ClientHello, as its header says */
    uint16_t flights;    /* how often the client sent its Finished */
    bool cookie, parted; /* parted: over several datagrams */
} wr_beginning;

#define WR_AGAIN_US (20 * WR_SECOND / 1000) /* sooner than any stack sends again (RFC 6347 4.2.4.1): captured twice */

/* Of both hellos. */
typedef struct wr_hello_facts {
    uint16_t offered_version; /* the highest */
    uint32_t media_before;    /* packets, neither STUN nor DTLS, that its path had carried at the ClientHello */
    uint8_t compression, mki_length;
    bool compared; /* offer against choice */
    bool suite_unoffered, profile_unoffered;
    const char *alpn;               /* the server's choice */
    uint32_t renegotiation_read;    /* frame of a decrypted hello inside the association */
    uint8_t inner_asks;             /* how often its secret was asked for, for handshakes inside */
    struct wr_inner_records *inner; /* learning/inner_handshakes.c; NULL without a secret */
    uint16_t *offered;              /* suites, then profiles, until both sides are done */
    uint16_t n_suites, n_profiles;
    bool offer_cut;
    uint32_t sctp_addresses_frame, sctp_parity_frame;
    uint16_t sctp_stream;
    int sctp_side;
    wr_beginning beginning;
    struct wr_data_channels *channels; /* records/data_channel.h; NULL for none seen */
    /* wr_key() of tickets (RFC 5077): presented by the client, given by the server in the end; 0 for none. */
    uint64_t presented_ticket, given_ticket;
} wr_hello_facts;

/* Nothing but parts of a ClientHello was seen so far. */
bool wr_facts_is_begun(const wr_association *a);
void wr_facts_free(wr_association *a);
/* The client of a presents the ticket that the server of o gave. */
bool wr_facts_same_ticket(const wr_association *a, const wr_association *o);
wr_side_facts *wr_side_facts_of(wr_side *side);
wr_renegotiation *wr_renegotiation_of(wr_side *side);
/* Another handshake was completed inside the association: both sides went on under its keys. */
bool wr_facts_renegotiated(const wr_association *a);
/* That, and certificates it may have shown were not decrypted. */
bool wr_facts_renegotiated_unread(const wr_association *a);
wr_hello_facts *wr_hello_facts_of(wr_association *a);

#endif
