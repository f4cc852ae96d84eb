/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two copies of one description on two legs of one client: said by it on the one, told to it on the other. Where the
 * host passes descriptions on, it is an end of two associations with these credentials, and both copies count. A party
 * is an end of one, and neither says what the other party wrote nor is told what it wrote itself: such a leg was
 * invented, or belongs to two clients behind one address.
 */
#include "relations/relations.h"

static bool is_at(const wr_session *s, const wr_copy *c, const wr_endpoint *host, bool at[2], bool *both)
{
    bool any = false;

    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        *both |= wr_endpoint_same_host(&a->side[0].end, &a->side[1].end);
        for (int side = 0; side < 2; side++) {
            if (a->owner[side] == NULL || a->binding > WR_B1 || !wr_copies_share_credentials(a->owner[side], c))
                continue;
            for (int end = 0; end < 2; end++) { /* 0: where its author is, 1: where the other is */
                const bool here = wr_endpoint_same_host(&a->side[end == 0 ? side : 1 - side].end, host);
                at[end] |= here;
                any |= here;
            }
        }
    }
    return any;
}

wr_weight wr_pairing_within_host(const wr_session *s, const wr_pairing *p)
{
    const wr_leg *from = wr_leg_root(p->issued->leg), *to = wr_leg_root(p->delivered->leg);
    bool at[2] = {false, false}, both = false;

    if (p->issued->direction != WR_DIRECTION_EMITTED || p->delivered->direction != WR_DIRECTION_DELIVERED ||
        !wr_endpoint_known(&from->client) || !wr_endpoint_same_host(&from->client, &to->client) ||
        wr_copy_is_stated(p->issued) || wr_copy_is_stated(p->delivered))
        return WR_WEIGHT_FULL;
    if (!is_at(s, p->issued, &from->client, at, &both))
        return both ? WR_WEIGHT_FULL : WR_WEIGHT_CLAIM;
    return both || (at[0] && at[1]) ? WR_WEIGHT_FULL : WR_WEIGHT_NONE;
}
