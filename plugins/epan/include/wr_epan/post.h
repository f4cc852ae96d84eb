/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One post-dissector for all plugins of the set. Wireshark calls each post-dissector for every packet, which costs
 * several times what most of our functions do there; so there is one, whichever plugin makes it, that finds out once
 * what kind of packet this is and calls those functions that care.
 */
#ifndef WR_POST_H
#define WR_POST_H

#include "wr_epan/payload.h"

/* The order in which functions are called, in whatever order the plugins load: evidence before who puts it together. */
typedef enum { WR_POST_SIGNAL = 0, WR_POST_ICE, WR_POST_DTLS, WR_POST_AUDIT, WR_POST_PLACES } wr_post_place;

/* Packets that a function is called for, or-ed. */
enum {
    WR_POST_TCP = 1,       /* TCP segments */
    WR_POST_CARRIED = 2,   /* those that carried datagrams, or have a layer of STUN */
    WR_POST_STUN = 4,      /* UDP datagrams that look like STUN or ChannelData */
    WR_POST_HANDSHAKE = 8, /* UDP datagrams that look like DTLS */
    WR_POST_OTHER = 16     /* all else */
};

/* Called on every pass. tree may be NULL. */
typedef void (*wr_post_function)(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree);

/* In register_protoinfo: from then on calls function for the packets wanted, while the protocol is enabled. A second
 * function at the same place takes that of the first. */
void wr_post_register(wr_post_place place, int proto, unsigned wanted, wr_post_function function);

#endif
