/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is behind a relayed address: the client that asked for it. Without signalling nothing else would name that host.
 */
#include "records/relay_path.h"
#include "relations/relations.h"

const wr_allocation *wr_association_relay(const wr_engine *e, const wr_association *a, int *side)
{
    for (int s = 0; s < 2 && a->relayed; s++) {
        const wr_allocation *al = wr_turn_allocation_of(e, &a->side[s].end);
        if (al == NULL)
            continue;
        *side = s;
        return al;
    }
    return NULL;
}

void wr_session_name_relayed(const wr_engine *e, wr_session *s)
{
    for (unsigned i = 0; s->copies->len == 0 && i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        int side;
        const wr_allocation *al = wr_association_relay(e, a, &side);
        for (unsigned n = 0; al != NULL && n < s->n_parties; n++) {
            if (!wr_endpoint_same_host(&s->parties[n].address, &al->relayed))
                continue;
            s->parties[n].address = al->client;
            s->parties[n].address.port = 0;
            break; /* the peer may be on the relay's own host */
        }
    }
}
