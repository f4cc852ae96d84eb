/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What hellos and records of a DTLS association showed beside certificates.
 */
#include "records/handshake_facts.h"

#include "records/data_channel.h"
#include "records/media_proof.h"

wr_side_facts *wr_side_facts_of(wr_side *side)
{
    if (side->facts == NULL)
        side->facts = g_new0(wr_side_facts, 1);
    return side->facts;
}

wr_renegotiation *wr_renegotiation_of(wr_side *side)
{
    wr_side_facts *f = wr_side_facts_of(side);

    if (f->again == NULL)
        f->again = g_new0(wr_renegotiation, 1);
    return f->again;
}

static const wr_renegotiation *again(const wr_association *a, int side)
{
    return a->side[side].facts != NULL ? a->side[side].facts->again : NULL;
}

/* A few datagrams that anybody can send look like it, but do not keep a party from going on as before. */
bool wr_facts_renegotiated(const wr_association *a)
{
    const wr_renegotiation *x = again(a, 0), *y = again(a, 1);

    return a->version != WR_DTLS_1_3 && x != NULL && y != NULL && (x->switch_frame != 0 || y->switch_frame != 0) &&
           x->epoch_frame != 0 && y->epoch_frame != 0 && x->stays_frame == 0 && y->stays_frame == 0;
}

bool wr_facts_renegotiated_unread(const wr_association *a)
{
    /* the server's comes with each, and where it was read the client's would have been */
    return wr_facts_renegotiated(a) && again(a, 1)->certificates + 1u < again(a, 1)->epoch;
}

bool wr_facts_is_begun(const wr_association *a)
{
    return a->facts != NULL && a->facts->beginning.fragments > 0 && !a->has_client_random && !a->has_server_random;
}

wr_hello_facts *wr_hello_facts_of(wr_association *a)
{
    if (a->facts == NULL)
        a->facts = g_new0(wr_hello_facts, 1);
    return a->facts;
}

void wr_facts_free(wr_association *a)
{
    for (int i = 0; i < 2; i++) {
        wr_side_facts *f = a->side[i].facts;
        if (f == NULL)
            continue;
        if (f->external != NULL) {
            g_free(f->external->id);
            g_free(f->external->identity_hash);
        }
        g_free(f->external);
        if (f->again != NULL)
            wr_certificate_unref(f->again->certificate);
        g_free(f->again);
        g_free(f->nonces);
        g_free(f);
    }
    if (a->facts != NULL) {
        g_free(a->facts->offered);
        wr_data_channels_free(a->facts->channels);
        wr_inner_records_free(a->facts->inner);
    }
    g_free(a->facts);
}

bool wr_facts_same_ticket(const wr_association *a, const wr_association *o)
{
    return a->facts != NULL && o->facts != NULL && a->facts->presented_ticket != 0 &&
           a->facts->presented_ticket == o->facts->given_ticket;
}
