/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Legs: one client's side of the signalling.
 */
#ifndef WR_LEG_H
#define WR_LEG_H

#include "base/endpoint.h"
#include "base/list.h"
#include "records/types.h"

/* One signalling path of one client: a WebSocket or TCP connection; all HTTP connections of a host to one server. */
struct wr_leg {
    unsigned number; /* "l1" */
    uint32_t connection;
    wr_leg *merged; /* another leg of the same client that this one turned out to belong to; see wr_leg_root() */
    wr_endpoint client, server; /* unknown where the direction is */
    uint8_t carrier;            /* wr_carrier */
    bool protected_transport;
    bool two_ended;    /* no client end: both parties speak here (SIP over UDP) */
    bool mirrored;     /* a server reports it (HEP) */
    const char *call;  /* from a join */
    const char *party; /* name the client gave itself */
    const char *user_agent;
    const char *dialect;
    const struct wr_testimony *witness; /* whose file it stands in; NULL where it was seen */
    wr_list copies;                     /* wr_copy*, in order */
    GPtrArray *orphans;                 /* candidates that came before their description: struct in descriptions.c */
};

wr_leg *wr_leg_root(wr_leg *leg);

void wr_leg_free(gpointer leg);

#endif
