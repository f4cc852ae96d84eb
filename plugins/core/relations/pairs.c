/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of which exchange of offer and answer a description is, and whether it was told before a handshake or behind it: what
 * governs an association when credentials serve several (rules 2.5).
 */
#include "pairs.h"

#include <string.h>

void wr_view_drop(wr_view *v, int side, unsigned at)
{
    const unsigned n = --v->n_told[side];

    memmove(&v->told[side][at], &v->told[side][at + 1], (n - at) * sizeof v->told[side][0]);
    memmove(&v->told_ufrag[side][at], &v->told_ufrag[side][at + 1], (n - at) * sizeof v->told_ufrag[side][0]);
}

static bool has_other_name(const wr_bound *b, int side, const wr_copy *partner)
{
    for (unsigned i = 0; i < b->n_ufrags; i++)
        if (wr_copy_has_ufrag(partner, b->ufrag[i][1 - side]))
            return true;
    return false;
}

/* The other half of its exchange has the other end's user name; of an offer with several answers, any of them. */
static bool fits_pair(const wr_bound *b, int side, const wr_copy *c)
{
    const wr_list *on_leg = &c->leg->copies;

    if (c->partner == NULL || has_other_name(b, side, c->partner))
        return c->partner != NULL;
    for (unsigned i = 0; c->n_answers > 1 && i < on_leg->len && i < WR_MAX_BUCKET; i++) {
        const wr_copy *answer = wr_list_at(on_leg, i);
        if (answer->partner == c && has_other_name(b, side, answer))
            return true;
    }
    return false;
}

/* Which exchange it belongs to does not show: its answer fits several offers. */
bool wr_copy_is_guess(const wr_copy *c)
{
    return c->guessed || (c->partner != NULL && c->partner->guessed);
}

/* Its exchange is another one. Of an offer with several answers the last one is known alone. */
static bool is_of_another_pair(const wr_bound *b, int side, const wr_copy *c)
{
    return c->partner != NULL && !wr_copy_is_guess(c) && (wr_kind_is_answer(c->kind) || c->n_answers < 2) &&
           !fits_pair(b, side, c);
}

int wr_earliness(bool before, bool apart, int64_t after_us)
{
    if (apart ? after_us <= 0 : before)
        return 2;
    return after_us <= WR_SLACK_US ? 1 : 0;
}

int wr_copy_earliness(const wr_copy *c, const wr_association *a)
{
    const int64_t when = a->server_hello_us != 0 ? a->server_hello_us : a->first_us;
    const uint32_t frame = a->server_hello != 0 ? a->server_hello : a->first_frame;

    return wr_earliness(c->frame <= frame, c->timed && a->timed && ABS(c->ahead_us - a->ahead_us) > WR_SLACK_US,
                        wr_copy_after_us(c, a, when));
}

/* It announces the certificate that this side showed. */
bool wr_copy_explains(const wr_copy *c, const wr_association *a, int side)
{
    const wr_certificate *shown = a->side[side].presented.certificate;

    return shown != NULL && wr_sdp_announces(c->sdp, shown);
}

/* An answer whose offer was not seen is none to an offer that came after it; offer: the first of the pair, NULL for
 * none. */
static bool is_of_earlier_offer(const wr_copy *c, const wr_copy *offer)
{
    return offer != NULL && c->partner == NULL && wr_kind_is_answer(c->kind) && wr_copy_after(offer, c) > WR_SLACK_US;
}

/* Servers that keep their credentials set up many calls with them: the client's user name names the pair, on whatever
 * connection. Where no pair has it, this call's was not seen, and what was agreed on with other names says nothing
 * against the certificate shown here. */
void wr_views_keep_pairs(wr_bound *b, const wr_association *a, int side)
{
    const wr_certificate *shown = a->side[side].presented.certificate;
    const wr_copy *offer = NULL;
    bool any = false;

    for (unsigned k = 0; k < b->n_views; k++) {
        for (unsigned i = 0; i < b->views[k].n_told[side]; i++) {
            const wr_copy *c = b->views[k].told[side][i];
            if (!fits_pair(b, side, c))
                continue;
            any = true;
            if (wr_kind_is_answer(c->kind) && (offer == NULL || wr_copy_after(c->partner, offer) < 0))
                offer = c->partner;
        }
    }
    for (unsigned k = 0; k < b->n_views; k++) {
        wr_view *v = &b->views[k];
        for (unsigned i = v->n_told[side]; i-- > 0;)
            if ((is_of_another_pair(b, side, v->told[side][i]) &&
                 (any || (b->n_ufrags > 0 && shown != NULL && !wr_copy_explains(v->told[side][i], a, side)))) ||
                is_of_earlier_offer(v->told[side][i], offer))
                wr_view_drop(v, side, i);
    }
}
