/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages that proofs are searched among. */
#include "proof.h"

wr_choice wr_messages_all_of(const wr_handshake_messages *m, int role, int type)
{
    wr_choice c = {.n = 0};

    for (unsigned i = 0; i < m->n && c.n < WR_MAX_OF_A_KIND; i++)
        if (m->list[i].role == role && m->list[i].type == type)
            c.at[c.n++] = &m->list[i];
    return c;
}

wr_handshake_message wr_message_of(int role, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;

    return (wr_handshake_message){.type = v->handshake_type,
                                  .role = (uint8_t)role,
                                  .seq = v->message_seq,
                                  .frame = d->at.frame,
                                  .length = (uint32_t)v->body_length,
                                  .time_us = d->at.time_us,
                                  .body = v->body,
                                  .leaf = v->leaf};
}

const uint8_t *wr_hello_random(const wr_handshake_message *hello)
{
    return hello->length >= 2 + WR_DTLS_RANDOM ? hello->body + 2 : NULL;
}

wr_possession wr_server_proof_fits(const wr_handshake_message *certificate, const wr_handshake_message *client_hello,
                                   const wr_dtls_event *v, const wr_handshake_message *exchange)
{
    return wr_dtls_server_possession(certificate->leaf, wr_hello_random(client_hello), v->random, v->negotiated,
                                     v->suites[0], exchange->body, exchange->length);
}
