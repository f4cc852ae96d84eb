/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ports where media is expected (RFC 8445 7.2.5.3).
 */
#include "records/media_port.h"
#include "records/store.h"

/* 0 when it is not known. */
unsigned wr_port_at(const wr_engine *e, const wr_endpoint *at)
{
    return wr_index_number(e->ports, wr_endpoint_key(at));
}

/* 0 at the bound. */
unsigned wr_port_get(wr_engine *e, const wr_endpoint *at)
{
    unsigned p = wr_port_at(e, at);

    if (p != 0)
        return p;
    if (wr_index_size(e->ports) >= WR_MAX_PORTS) {
        wr_limit_reached(e, "ports of media");
        return 0;
    }
    if (!wr_keep_bytes(e, 0, "memory for ports of media"))
        return 0;
    wr_index_set_number(e->ports, wr_endpoint_key(at), WR_PORT_KNOWN);
    return WR_PORT_KNOWN;
}

void wr_port_add_stray(wr_engine *e, const wr_endpoint *at)
{
    wr_index_set_number(e->ports, wr_endpoint_key(at), wr_port_at(e, at) + 1);
}

void wr_flow_validate(wr_engine *e, const wr_flow *f)
{
    for (int end = 0; end < 2; end++) {
        unsigned p = wr_port_get(e, &f->end[end]);
        if (p != 0)
            wr_index_set_number(e->ports, wr_endpoint_key(&f->end[end]), p | WR_PORT_VALIDATED);
    }
}

bool wr_port_is_validated(const wr_engine *e, const wr_endpoint *at)
{
    return (wr_port_at(e, at) & WR_PORT_VALIDATED) != 0;
}

/* A description announces this address; the last that does. */
wr_copy *wr_port_announced(const wr_engine *e, const wr_endpoint *at)
{
    wr_bucket bucket = wr_index_find(e->by_address, wr_endpoint_key(at));

    return bucket.len == 0 ? NULL : bucket.members[bucket.len - 1];
}
