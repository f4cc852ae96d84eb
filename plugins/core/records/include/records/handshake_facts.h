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

/* Of one side. */
typedef struct wr_side_facts {
    wr_external *external; /* NULL when the hello had neither */
    wr_nonces *nonces;
    uint64_t last_nonce;
    uint32_t last_mark, repeat_frame; /* one nonce, two ciphertexts */
    uint32_t hello_frame;
    uint32_t renegotiation_frame; /* handshake records after both were finished that repeat no Finished */
    uint32_t clear_data_frame;    /* application data without encryption */
    uint32_t overread_frame;      /* heartbeat that asks for more than it brought */
    uint16_t finished_length;     /* record of its first Finished */
} wr_side_facts;

/* Of both hellos. */
typedef struct wr_hello_facts {
    uint16_t offered_version; /* the highest */
    uint8_t compression, mki_length;
    bool compared; /* offer against choice */
    bool suite_unoffered, profile_unoffered;
    const char *alpn;            /* the server's choice */
    uint32_t renegotiation_read; /* frame of a decrypted hello inside the association */
    uint16_t *offered;           /* suites, then profiles, until compared */
    uint16_t n_suites, n_profiles;
    bool offer_cut;
    uint32_t sctp_addresses_frame, sctp_parity_frame;
    uint16_t sctp_stream;
    int sctp_side;
    /* wr_key() of tickets (RFC 5077): presented by the client, given by the server in the end; 0 for none. */
    uint64_t presented_ticket, given_ticket;
} wr_hello_facts;

void wr_facts_free(wr_association *a);
/* The client of a presents the ticket that the server of o gave. */
bool wr_facts_same_ticket(const wr_association *a, const wr_association *o);
wr_side_facts *wr_side_facts_of(wr_side *side);
wr_hello_facts *wr_hello_facts_of(wr_association *a);

#endif
