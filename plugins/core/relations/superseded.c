/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes that were only pretended: where one on the same path is proven, or was completed, hellos that nothing
 * followed are part of no call. They stay on record, and a finding names them.
 */
#include "relations/relations.h"

static bool is_proven(const wr_association *a)
{
    return a->possession[1] == WR_POSSESSION_PROVED;
}

static bool shows_certificate(const wr_association *a)
{
    return a->side[0].presented.certificate != NULL || a->side[1].presented.certificate != NULL;
}

bool wr_association_is_superseded(const wr_association *a)
{
    if (is_proven(a) || (wr_association_is_completed(a) && a->possession[1] != WR_POSSESSION_INVALID))
        return false;
    for (unsigned i = 0; i < a->flow->associations.len; i++) {
        const wr_association *o = wr_list_at(&a->flow->associations, i);
        if (o == a || o->absorbed != NULL)
            continue;
        if (is_proven(o) ||
            (wr_association_is_completed(o) && !shows_certificate(a) && a->possession[1] != WR_POSSESSION_INVALID))
            return true;
    }
    return false;
}
