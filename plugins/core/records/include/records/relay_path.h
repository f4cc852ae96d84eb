/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What relays carry to each peer, whether or not that is a call; and whom STUN servers answer.
 */
#ifndef WR_RELAY_PATH_H
#define WR_RELAY_PATH_H

#include "records/allocation.h"

#define WR_MAX_RELAY_PATHS 4096
#define WR_MAX_STUN_HOSTS  4096

/* A relay between a client and a peer. */
typedef struct {
    wr_endpoint client, server, peer;
    uint32_t frame, packets;  /* datagrams that are neither STUN nor DTLS; the first of them */
    uint32_t media;           /* of them that look like RTP or RTCP (RFC 7983 7) */
    uint32_t allocated_frame; /* 0: the allocation is not in the capture */
    uint32_t foreign_frame;   /* one that begins another protocol, and which */
    const char *foreign;      /* "a QUIC Initial", …; NULL for none */
    bool checked;             /* a connectivity check ran there, in whatever direction */
} wr_relay_path;

/* A host that STUN servers answer. */
typedef struct {
    wr_endpoint host; /* port 0 */
    uint32_t requests, answers, first_frame, last_frame;
    int64_t first_us, last_us;
    wr_endpoint servers[4];
    unsigned n_servers;
    bool asked; /* somebody sends requests to it: an ICE agent */
} wr_stun_host;

struct wr_relay_paths {
    GHashTable *paths; /* key of client, server and peer -> wr_relay_path */
    GHashTable *hosts; /* key of a host -> wr_stun_host */
    bool requests;     /* some STUN request is in the capture */
};

void wr_relay_paths_free(struct wr_relay_paths *p); /* NULL is allowed */

/* The path of what was carried, found or made; NULL when an end of it is not known, or at the bound. */
wr_relay_path *wr_relay_path_get(wr_engine *e, const wr_place *at, const wr_carriage *how);
/* That between a client, a server and a peer; NULL for none. */
const wr_relay_path *wr_relay_path_find(const wr_engine *e, const wr_endpoint *client, const wr_endpoint *server,
                                        const wr_endpoint *peer);
/* The same for the host of an endpoint. */
wr_stun_host *wr_stun_host_get(wr_engine *e, const wr_endpoint *at);

/* The allocation that gave this relayed address; NULL for none. */
const wr_allocation *wr_turn_allocation_of(const wr_engine *e, const wr_endpoint *relayed);
/* One of this server whose relayed address is not public; NULL for none. */
const wr_allocation *wr_turn_private_relay(const wr_engine *e, const wr_endpoint *server);

#endif
