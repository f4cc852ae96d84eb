/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the search for the server's signature and that for the client's have in common. */
#ifndef WR_PROOF_H
#define WR_PROOF_H

#include "learn.h"

/* proof_messages.c */
/* Messages of one kind, in the order of the capture; borrowed. */
typedef struct {
    const wr_handshake_message *at[WR_MAX_OF_A_KIND];
    unsigned n;
} wr_choice;

/* Those of one type from one side (0 client, 1 server). */
wr_choice wr_messages_all_of(const wr_handshake_messages *m, int role, int type);

/* The messages that the server's proof rests on. */
typedef struct {
    const wr_handshake_message *client_hello, *server_hello, *certificate, *key_exchange;
} wr_server_proof;

/* As a handshake message is kept; body and leaf are the event's own. */
wr_handshake_message wr_message_of(int role, const wr_dtls_evidence *d);

/* random of a hello, behind the version (RFC 5246 7.4.1.2); NULL when it is too short. */
const uint8_t *wr_hello_random(const wr_handshake_message *hello);

/* Does the key of this certificate fit the server's signature? v: what the ServerHello says; both hellos have a random
 * and the ServerHello a suite. */
wr_possession wr_server_proof_fits(const wr_handshake_message *certificate, const wr_handshake_message *client_hello,
                                   const wr_dtls_event *v, const wr_handshake_message *exchange);

/* outdone_hellos.c */
/* The ServerHellos kept of it that have a random, what agrees best with the rest of the handshake last; of what agrees
 * equally well, in the order of the capture. */
wr_choice wr_server_hellos_by_fit(const wr_association *a);
/* Of an association that no signature over the transcript proves: the ServerHello that agrees better with the rest than
 * the one that it has; NULL for none. */
const wr_handshake_message *wr_server_hello_to_take(const wr_association *a);
/* Of the same, when that was taken: which of the others were somebody's, and whether one of them may count as well. */
void wr_server_hellos_outdo(wr_engine *e, wr_association *a);

/* proof_client.c */
/* The messages that the client's proof rests on, beside the server's flight. */
typedef struct {
    const wr_handshake_message *hello, *certificate, *exchange, *verify;
} wr_client_flight;

/* What the search for the client's proof among all flights that fit the server's signature came to. */
typedef struct {
    wr_possession of_client;
    wr_client_flight client; /* where of_client is PROVED */
    bool only;               /* no certificate of another content fits */
    bool judged;             /* a flight in order was tried */
    bool bounded;            /* none of those tried is by the client, and not all were */
    unsigned tries;
} wr_apart;

/* Certificates of one key all fit the server's signature, and so does the same message under another number: the
 * client's, over the transcript, tells them apart. *p becomes the flight that it covers. False when nothing tells which
 * certificate counts. */
bool wr_server_flights_tell_apart(const wr_handshake_messages *m, wr_server_proof *p, wr_apart *out);
/* The client's signature over the flight of *p. PROVED: *out is set; INVALID: a whole flight was tried with every hello
 * of the client, and nothing is left to try. *tries: signatures verified, by now. */
wr_possession wr_find_client_proof(const wr_handshake_messages *m, const wr_server_proof *p, uint16_t version,
                                   unsigned *tries, wr_client_flight *out);

/* proof_13.c: the same for a handshake of 1.3 that was decrypted (RFC 8446 4.4.3, RFC 9147 5.2). Fills in a->possession
 * where something new came since it was tried; INVALID: all messages of the side are there, and no hellos of the
 * association make its signature fit. */
void wr_association_prove_13(wr_association *a);

/* proof_rival.c: fills in m->rivals, beside the handshake of which known is a part. */
void wr_find_rivals(wr_handshake_messages *m, const wr_server_proof *known);

#endif
