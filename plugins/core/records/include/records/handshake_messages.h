/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshake messages in clear, kept until signatures have told which of them count. Anybody near the path can send a
 * hello, a certificate or a key exchange: several of one kind are kept side by side, and none is believed for being the
 * first or the last (learning/proof.c).
 */
#ifndef WR_HANDSHAKE_MESSAGES_H
#define WR_HANDSHAKE_MESSAGES_H

#include "records/association.h"

#define WR_MAX_OF_A_KIND          8      /* of one association, of one type from one side */
#define WR_MAX_HANDSHAKE_MESSAGES 96     /* of all types */
#define WR_MAX_HANDSHAKE_MESSAGE  16384  /* bytes of one */
#define WR_MAX_HANDSHAKE_BYTES    262144 /* of all these */

/* One message, as if it had come in one fragment. */
typedef struct {
    uint8_t type; /* HandshakeType (RFC 5246 7.4) */
    uint8_t role; /* of its sender: 0 client, 1 server */
    uint16_t seq; /* message_seq (RFC 6347 4.2.2) */
    uint32_t frame, length;
    int64_t time_us;
    uint8_t *body;        /* when kept, NULL for a Certificate that is a list of its leaf alone */
    wr_certificate *leaf; /* of a Certificate that has one; a reference */
} wr_handshake_message;

typedef struct wr_handshake_messages {
    wr_handshake_message *list; /* in the order of the capture */
    unsigned n, room;           /* room: entries that list has memory for */
    size_t bytes;
    bool cut;      /* a bound was reached: what is missing may be what counts */
    bool tried;    /* with all that is here now */
    uint8_t asked; /* how often it was tried while the handshake was under way: bounded, in handshake_choice.c */
    wr_certificate
        *rivals[WR_MAX_OF_A_KIND][2]; /* of other handshakes that both sides signed as well: client, server */
    unsigned n_rivals;
    uint32_t disputed_frame; /* another ServerHello that may be the one taken, and protects something else; 0: none */
    uint32_t proven_frame;   /* the message that completed what is proven so far; 0 for nothing */
} wr_handshake_messages;

/* Keeps the message unless it is there already. Where its kind is full the first half stays and the latest of the other
 * half makes room: a flood before the real message does not keep it out, one behind it neither. False at a bound; a
 * bound that was reached at any time *m says in cut. body is copied. */
bool wr_handshake_messages_add(wr_handshake_messages **m, const wr_handshake_message *message, bool *is_new);
/* The same type, number and bytes, whoever sent them. */
bool wr_handshake_message_same(const wr_handshake_message *m, const wr_handshake_message *o);
/* Appends the body of a message that is kept. */
void wr_handshake_message_append(const wr_handshake_message *m, GByteArray *to);
void wr_handshake_messages_forget_rivals(wr_handshake_messages *m);
void wr_handshake_messages_free(wr_handshake_messages *m); /* NULL is allowed */

#endif
