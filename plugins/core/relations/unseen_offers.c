/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Offers that are not in the capture, known by their answers. A party answers once for each offer, and gives its
 * description another version only when it says something else (RFC 3264 4 and 8): where it answered again, in a later
 * version, and the other party said nothing between, an offer was lost, and with it what that party announces now.
 */
#include "relations/relations.h"

#include <string.h>

/* Of one author, and a later version of what it said (RFC 8866 5.2). */
static bool is_newer(const wr_copy *c, const wr_copy *than)
{
    size_t n, m;
    const char *s, *t;

    if (!c->sdp->has_author || !than->sdp->has_author || c->sdp->sess_version <= than->sdp->sess_version)
        return false;
    s = wr_sdp_sess_id(c->sdp, &n);
    t = wr_sdp_sess_id(than->sdp, &m);
    return n == m && memcmp(s, t, n) == 0;
}

static bool said_between(const wr_view *v, int side, uint32_t after, uint32_t before)
{
    for (unsigned i = 0; i < v->n_told[side]; i++) {
        const wr_copy *c = v->told[side][i];
        if (c->frame > after && c->frame < before && !c->echo)
            return true;
    }
    return false;
}

const wr_copy *wr_view_unseen_offer(const wr_view *v, int side)
{
    const wr_copy *answer = v->copy[1 - side], *own = v->copy[side];

    if (answer == NULL || own == NULL || !wr_kind_is_answer(answer->kind) || own->frame > answer->frame)
        return NULL;
    for (unsigned i = 0; i < v->n_told[1 - side]; i++) {
        const wr_copy *before = v->told[1 - side][i];
        /* an answer of its own, or the offer that this side answered: either way the last word was said */
        const bool ended = wr_kind_is_answer(before->kind) ? !wr_kind_is_answer(own->kind) && before->frame > own->frame
                                                           : wr_kind_is_answer(own->kind) && before->frame < own->frame;
        if (before != answer && ended && before->direction == answer->direction && is_newer(answer, before) &&
            !said_between(v, side, MAX(before->frame, own->frame), answer->frame))
            return answer;
    }
    return NULL;
}
