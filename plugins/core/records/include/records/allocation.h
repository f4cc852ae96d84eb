/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept of clients' dialogues with their TURN servers (RFC 8656).
 */
#ifndef WR_ALLOCATION_H
#define WR_ALLOCATION_H

#include "base/address_scope.h"
#include "records/flow.h"

#define WR_TURN_PENDING     64 /* requests whose responses are awaited */
#define WR_TURN_HOSTS       6  /* client hosts remembered of one user name */
#define WR_MAX_TURN_SERVERS 4096
#define WR_MAX_TURN_USERS   65536
#define WR_MAX_TURN_PEERS   4096             /* special addresses that relays were asked for */
#define WR_TURN_MANY        50               /* allocations of one user */
#define WR_TURN_CLOCK_US    (60 * WR_SECOND) /* clocks of server and capture may differ by that much */

/* In a flow's key, where a channel's number would stand: a relay carries this, its relayed address is not known yet.
 * Channel numbers begin at 0x4000. */
#define WR_VIA_RELAY 1

/* A binding lives so long, and while it does the channel cannot be bound to another peer (RFC 8656 12). */
#define WR_CHANNEL_US (600 * WR_SECOND)

/* One allocation, by client and server address. */
typedef struct {
    wr_endpoint client, server, relayed;
    uint32_t frame;   /* that made it */
    const char *user; /* whose it is; NULL unknown */
    struct wr_channel {
        uint16_t number;
        wr_endpoint peer;
        uint32_t packets, frame; /* datagrams that are neither STUN nor DTLS; the first of them */
        int64_t bound_us;        /* when it was bound to this peer for the last time; 0: it may be bound to any */
    } * channels;
    unsigned n_channels;
    wr_endpoint *waiting; /* peers whose flows wait for the relayed address */
    unsigned n_waiting;
} wr_allocation;

/* What a response says that a server granted. One datagram says it, which anybody can send: it is more than a claim
 * when its client goes on from there, and the server does not say otherwise of the same request. */
typedef struct {
    uint32_t frame, request; /* of the response, of the request; 0: there is none */
    wr_endpoint client;
    uint8_t txid[WR_STUN_TXID];
    bool used;   /* the client went on, or it is a TCP connection */
    bool denied; /* the same request was refused as well, or the client does what it need not do then */
} wr_turn_grant;

/* What one server did. */
typedef struct {
    wr_endpoint at;
    const char *software;
    uint32_t software_frame;
    wr_turn_grant open;     /* allocated without authentication */
    wr_turn_grant expired;  /* allocated for credentials that had expired */
    int64_t expired_s;      /* by how many seconds */
    wr_turn_grant changed;  /* took another user's request for an allocation */
    const char *other_user; /* whose */
    uint32_t connect_frame; /* TCP connection to a well-known service; 0: never */
    wr_endpoint connect_peer;
} wr_turn_server;

typedef struct {
    const char *name;
    wr_endpoint hosts[WR_TURN_HOSTS], server;
    unsigned n_hosts, allocations;
    uint32_t frame, last_frame;
} wr_turn_user;

/* A special address that a server was asked to relay to. */
typedef struct {
    wr_endpoint server, peer;
    wr_scope scope;
    uint32_t request_frame, data_frame;
    wr_turn_grant accepted;
} wr_turn_peer;

typedef struct {
    uint8_t txid[WR_STUN_TXID];
    uint16_t method;
    bool authenticated;
    char *user;
    wr_endpoint client, server;
    wr_endpoint peers[4]; /* the special ones, and for Connect any */
    unsigned n_peers;
    uint32_t frame;
    bool answered, refused; /* a success was seen, an error */
} wr_turn_request;

struct wr_turn {
    wr_turn_request pending[WR_TURN_PENDING];
    unsigned next;
    unsigned waiting;    /* grants whose client is not known to have gone on */
    GHashTable *servers; /* wr_endpoint -> wr_turn_server */
    GHashTable *users;   /* name -> wr_turn_user */
    GHashTable *peers;   /* wr_flow_key of server and peer -> wr_turn_peer */
};

void wr_turn_free(struct wr_turn *t); /* NULL is allowed */

wr_allocation *wr_turn_allocation(const wr_engine *e, const wr_endpoint *a, const wr_endpoint *b);

void wr_turn_allocation_free(gpointer allocation);

/* The same, made where there is none; NULL at the bound. */
wr_allocation *wr_turn_allocation_get(wr_engine *e, const wr_endpoint *client, const wr_endpoint *server);
struct wr_channel *wr_turn_channel(const wr_allocation *al, uint16_t number); /* NULL when it is not bound */

/* The key of the flow that a datagram in TURN belongs to, and the ends of its path in *src and *dst, so far
 * as both are known by now. */
wr_flow_key wr_relayed_key(const wr_engine *e, const wr_place *at, const wr_carriage *how, wr_endpoint *src,
                           wr_endpoint *dst);

/* The key of a relayed path, which is UDP on its far side however the client reaches the relay. */
wr_flow_key wr_relayed_key_of(const wr_endpoint *a, const wr_endpoint *b, unsigned channel);

/* The far end of what a channel or an indication carries; unknown when it was never named. */
wr_endpoint wr_turn_peer_of(const wr_allocation *al, const wr_carriage *how);

/* "expiry" or "expiry:user" (seconds since 1970) gives the expiry; 0 for every other form. */
int64_t wr_turn_expiry(const char *user);

#endif
