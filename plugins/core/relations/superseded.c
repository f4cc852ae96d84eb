/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes that were only pretended: where one on the same path is proven, or was completed, hellos and certificates
 * that nothing followed are part of no call: no key of theirs protected anything. They stay on record, and a finding
 * names them.
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

/* Data or media went over its path after its hellos. */
static bool carried(const wr_association *a)
{
    return a->side[0].data_records > 0 || a->side[1].data_records > 0 ||
           wr_association_has_media_after(a, a->server_hello_us != 0 ? a->server_hello_us : a->first_us);
}

/* In 1.3 a refusal is encrypted as well (RFC 9147 6.1): what went on tells. */
bool wr_association_is_through(const wr_association *a)
{
    if (wr_association_is_completed(a))
        return true;
    if (!a->has_server_random || a->side[0].first_encrypted_frame == 0 || a->side[1].first_encrypted_frame == 0)
        return false;
    return a->version != WR_DTLS_1_3 || carried(a);
}

/* A side came to its keys, or refused: a Finished of the other may be lost, and what was refused was there. */
static bool came_to_an_end(const wr_association *a)
{
    for (int s = 0; s < 2; s++)
        if (a->side[s].first_encrypted_frame != 0 || a->side[s].alert_frame != 0)
            return true;
    return false;
}

bool wr_association_shows_for_itself(const wr_association *a, int side)
{
    return a->possession[side] == WR_POSSESSION_PROVED || a->decrypted || came_to_an_end(a);
}

/* No client went on from the server's flight. */
static bool is_unanswered(const wr_association *a)
{
    return !wr_association_has_client_exchange(a) && !came_to_an_end(a);
}

/* Records of another handshake on its path make none that nobody signed a whole one: there it takes both Finished. */
static bool stands(const wr_association *a)
{
    if (is_proven(a) || a->version == WR_DTLS_1_3)
        return wr_association_is_through(a);
    return wr_association_is_completed(a) && a->possession[1] != WR_POSSESSION_INVALID;
}

static bool outweighs(const wr_association *o, const wr_association *a)
{
    if (wr_association_is_keyed_13(o) && o->has_client_random && is_unanswered(a))
        return true;
    if (wr_association_is_keyed_13(a) && is_unanswered(o))
        return false;
    if (is_proven(o))
        return !is_proven(a) || (wr_association_is_through(o) && !came_to_an_end(a));
    if (o->possession[1] == WR_POSSESSION_INVALID || !wr_association_is_through(o))
        return false;
    return (!shows_certificate(a) && a->possession[1] != WR_POSSESSION_INVALID) ||
           (o->has_client_random && carried(o) && !came_to_an_end(a));
}

/* It has no hellos of its own, and what is signed, or made, for one handshake alone (RFC 5246 7.4.3, 7.4.7, 7.4.8) is
 * that of another: somebody sent it again, or back. */
static bool is_copy(const wr_association *a)
{
    return a->repeats != NULL && !a->has_client_random && !a->has_server_random && a->repeats->has_server_random;
}

bool wr_association_is_superseded(const wr_association *a)
{
    if (wr_association_is_reflection(a) || is_copy(a))
        return true;
    if (stands(a))
        return false;
    for (unsigned i = 0; i < a->flow->associations.len; i++) {
        const wr_association *o = wr_list_at(&a->flow->associations, i);
        if (o != a && o->absorbed == NULL && outweighs(o, a))
            return true;
    }
    return false;
}
