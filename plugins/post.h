/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Post-dissectors that cost little: Wireshark calls each for every packet, and for one that belongs to a protocol it keeps
 * a list of layers, which costs several times as much as the call.
 */
#ifndef WR_POST_H
#define WR_POST_H

#include "epan-compat.h"

/* Registers a post-dissector without a protocol: it must ask wr_post_is_enabled() itself. Those registered with their
 * protocols run before those registered at handoff. */
void wr_post_register(dissector_t function, const char *name, const char *description);

static inline bool wr_post_is_enabled(int proto)
{
    return proto_is_protocol_enabled(find_protocol_by_id(proto));
}

#endif
