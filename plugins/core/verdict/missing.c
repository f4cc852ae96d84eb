/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict/missing.h"

static bool did_nothing(const wr_side *s)
{
    return s->ccs_frame == 0 && s->finished_frame == 0 && s->first_encrypted_frame == 0 && s->key_exchange_seq == 0 &&
           s->presented.frame == 0 && s->data_records == 0;
}

static bool server_spoke(const wr_association *a)
{
    return a->has_server_random || a->retry || a->certificate_requested || !did_nothing(&a->side[1]);
}

static bool client_spoke(const wr_association *a)
{
    return a->has_client_random || !did_nothing(&a->side[0]);
}

bool wr_association_is_hello_alone(const wr_association *a)
{
    return a->has_client_random && !server_spoke(a) && did_nothing(&a->side[0]);
}

/* A key agreed on before stands in their place (RFC 8446 2.2). */
static bool lacks_certificate(const wr_association *a, int side)
{
    const wr_side *s = &a->side[side];

    return !a->server_psk && s->presented.certificate == NULL && !s->presented.empty;
}

static const char *missing_certificates(const wr_association *a)
{
    const bool server = lacks_certificate(a, 1), client = lacks_certificate(a, 0);

    if (server && client)
        return "the messages with the certificates are missing";
    if (server)
        return "the message with the server's certificate is missing";
    return client ? "the message with the client's certificate is missing" : "its end is missing";
}

const char *wr_association_missing(const wr_association *a)
{
    if (a->client_end < 0)
        return "its start is missing";
    if (wr_association_is_hello_alone(a))
        return "the reply to its ClientHello is missing";
    if (!server_spoke(a))
        return "the server's direction is missing";
    if (!client_spoke(a))
        return "the client's direction is missing";
    if (!a->has_client_random && !a->has_server_random)
        return "its start is missing";
    if (!a->has_client_random)
        return "its ClientHello is missing";
    if (!a->has_server_random)
        return "its ServerHello is missing";
    return missing_certificates(a);
}

char *wr_association_missing_certificate(const wr_association *a, int side)
{
    if (a->client_end < 0 || (!a->has_client_random && !a->has_server_random))
        return g_strdup("not captured; a capture from the start of the call would hold it");
    if (wr_association_is_hello_alone(a))
        return g_strdup_printf(side == 1
                                   ? "the reply to the ClientHello in frame %u, which would bring it, is not in this "
                                     "capture"
                                   : "the handshake goes no further here than the ClientHello in frame %u",
                               a->client_hello);
    if (side == 1 ? !server_spoke(a) : !client_spoke(a))
        return g_strdup(
            "not captured; of this handshake only the other side's direction is here, and this side's would "
            "hold it");
    return g_strdup_printf("not captured, though the handshake's start is (frame %u): a packet with its Certificate "
                           "message is missing or cut",
                           a->has_client_random ? a->client_hello : a->server_hello);
}
