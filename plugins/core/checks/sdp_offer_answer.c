/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SDP checks of offer and answer together: SDP-06, SDP-07, SDP-08, SDP-13, SDP-14 (RFC 8842, RFC 3264). */
#include "base/index.h"
#include "check.h"

#include <string.h>

/* Runs for every answer of a session that has its offer; both are on one leg. */
typedef void (*pair_check)(wr_engine *e, const wr_session *s, const wr_copy *offer, const wr_copy *answer);

static void each_pair(wr_engine *e, const wr_session *s, pair_check check)
{
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (wr_kind_is_answer(c->kind) && c->partner != NULL && !c->sdp->truncated && !c->sdp->fragment)
            check(e, s, c->partner, c);
    }
}

/* ---- SDP-06 ---- */

static void check_roles(wr_engine *e, const wr_session *s, const wr_copy *offer, const wr_copy *answer)
{
    wr_setup o = wr_sdp_effective(offer->sdp, wr_copy_tagged(offer)).setup, a = wr_copy_transport(answer).setup;

    if (a == WR_SETUP_ACTPASS || a == WR_SETUP_HOLDCONN)
        wr_finding_once(e, s, "SDP-06", WR_WARN, answer->frame, offer->frame, NULL, WR_BASIS_PAIR,
                        "The answer says setup:%s, which is for offers only: the DTLS roles stay open",
                        wr_setup_name(a));
    else if ((o == WR_SETUP_ACTIVE || o == WR_SETUP_PASSIVE) && o == a)
        wr_finding_once(e, s, "SDP-06", WR_ERROR, answer->frame, offer->frame, NULL, WR_BASIS_PAIR,
                        "Offer and answer both say setup:%s: no DTLS handshake can start, or both start one",
                        wr_setup_name(a));
    else if (o != WR_SETUP_ACTPASS && o != WR_SETUP_NONE)
        wr_finding_once(e, s, "SDP-06", WR_CHAT, offer->frame, answer->frame, NULL, WR_BASIS_PAIR,
                        "The offer says setup:%s instead of actpass", wr_setup_name(o));
    else if (o == WR_SETUP_NONE || a == WR_SETUP_NONE)
        wr_finding_once(e, s, "SDP-06", WR_CHAT, o == WR_SETUP_NONE ? offer->frame : answer->frame, 0, NULL,
                        WR_BASIS_PAIR, "The %s has no a=setup: the default of RFC 4145 counts",
                        o == WR_SETUP_NONE ? "offer" : "answer");
}

void wr_check_setup(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    each_pair(e, s, check_roles);
}

/* ---- SDP-08 ---- */

static bool is_plain(const wr_copy *answer, const wr_sdp_section *x)
{
    return !wr_sdp_section_disabled(x) && !x->has_crypto && wr_sdp_effective(answer->sdp, x).n_fingerprints == 0 &&
           (g_strcmp0(x->proto, "RTP/AVP") == 0 || g_strcmp0(x->proto, "RTP/AVPF") == 0) &&
           !wr_section_has_line(answer->sdp, x, "a=zrtp-hash");
}

int wr_answer_plain_section(const wr_copy *answer)
{
    for (unsigned i = 0; i < answer->sdp->n_sections; i++)
        if (is_plain(answer, &answer->sdp->sections[i]))
            return (int)i;
    return -1;
}

static void check_keying(wr_engine *e, const wr_session *s, const wr_copy *offer, const wr_copy *answer)
{
    for (unsigned i = 0; i < answer->sdp->n_sections; i++) {
        const wr_sdp_section *x = &answer->sdp->sections[i];
        bool keyed =
            i < offer->sdp->n_sections && (offer->sdp->sections[i].has_crypto ||
                                           wr_sdp_effective(offer->sdp, &offer->sdp->sections[i]).n_fingerprints > 0);
        if (!is_plain(answer, x))
            continue;
        wr_finding_once(e, s, "SDP-08", WR_ERROR, answer->frame, offer->frame, NULL, WR_BASIS_PAIR,
                        "The answer accepts section %u (%s) without any keying%s: RTP will be unencrypted", i + 1,
                        x->media, keyed ? ", which the offer had" : "");
    }
}

void wr_check_plain_rtp(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    each_pair(e, s, check_keying);
}

/* ---- SDP-13 ---- */

static void check_one_mux(wr_engine *e, const wr_session *s, const wr_copy *offer, const wr_copy *answer)
{
    for (unsigned i = 0; i < answer->sdp->n_sections; i++) {
        const wr_sdp_section *x = &answer->sdp->sections[i];
        if (wr_sdp_section_disabled(x) || x->rtcp_mux ||
            (strcmp(x->media, "audio") != 0 && strcmp(x->media, "video") != 0))
            continue;
        wr_finding_once(e, s, "SDP-13", WR_CHAT, answer->frame, offer->frame, NULL, WR_BASIS_PAIR,
                        "Section %u (%s) is answered without a=rtcp-mux: RTP and RTCP use separate DTLS associations",
                        i + 1, x->media);
    }
}

void wr_check_mux(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    each_pair(e, s, check_one_mux);
}

/* ---- SDP-14 ---- */

/* The first offer of the other direction before this answer that nothing answered, and that might be meant. */
static const wr_copy *open_offer(const wr_session *s, unsigned i)
{
    const wr_copy *c = g_ptr_array_index(s->copies, i);

    for (unsigned n = 1; n <= i && n < WR_MAX_BUCKET; n++) {
        const wr_copy *p = g_ptr_array_index(s->copies, i - n);
        if (!wr_kind_is_answer(p->kind) && p->n_answers == 0 && !p->echo &&
            wr_leg_root(p->leg) == wr_leg_root(c->leg) &&
            (p->direction != c->direction || p->direction == WR_DIRECTION_UNKNOWN) && wr_copy_after(c, p) < WR_COPY_US)
            return p;
    }
    return NULL;
}

void wr_check_fit(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i), *offer;
        if (!wr_kind_is_answer(c->kind) || c->echo || c->sdp->truncated || c->sdp->fragment)
            continue;
        offer = c->partner != NULL ? c->partner : open_offer(s, i);
        if (offer == NULL || offer->sdp->truncated)
            continue;
        if (c->partner == NULL)
            wr_finding_once(
                e, s, "SDP-14", WR_NOTE, c->frame, offer->frame, NULL, WR_BASIS_PAIR,
                "The answer in frame %u does not fit the open offer in frame %u: they do not belong together", c->frame,
                offer->frame);
        else if (c->sdp->n_sections != offer->sdp->n_sections)
            wr_finding_once(e, s, "SDP-14", WR_NOTE, c->frame, offer->frame, NULL, WR_BASIS_PAIR,
                            "The answer has %u sections and its offer %u: their number must be the same",
                            c->sdp->n_sections, offer->sdp->n_sections);
    }
}

/* ---- SDP-07 ---- */

static void check_answer_tls_id(wr_engine *e, const wr_session *s, const wr_copy *offer, const wr_copy *answer)
{
    if (wr_copy_transport(answer).tls_id != NULL && wr_sdp_effective(offer->sdp, wr_copy_tagged(offer)).tls_id == NULL)
        wr_finding_once(e, s, "SDP-07", WR_NOTE, answer->frame, offer->frame, NULL, WR_BASIS_PAIR,
                        "The answer has a tls-id and the offer has none");
}

void wr_check_tls_id(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    each_pair(e, s, check_answer_tls_id);
    for (unsigned i = 1; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i), *p = wr_copy_before(s, i);
        wr_effective is = wr_copy_transport(c), was;
        if (p == NULL || is.tls_id == NULL)
            continue;
        was = wr_copy_transport(p);
        if (was.tls_id != NULL && strcmp(was.tls_id, is.tls_id) != 0 && wr_same_credentials(&was, &is))
            wr_finding_once(e, s, "SDP-07", WR_WARN, c->frame, p->frame, NULL, WR_BASIS_VERSIONS,
                            "The tls-id changed between frame %u and frame %u without new ICE credentials", p->frame,
                            c->frame);
    }
}

/* Of these two calls one has flows, and this is of the other, on another connection: anybody who read the one can have
 * said it. */
static bool is_said_beside(const wr_engine *e, const wr_copy *c, const wr_copy *other)
{
    const wr_session *s = wr_engine_session(e, wr_copy_session_number(e, c));
    const wr_session *o = wr_engine_session(e, wr_copy_session_number(e, other));

    return s != NULL && o != NULL && !wr_session_has_ties(s) && wr_session_has_ties(o) &&
           wr_leg_root(c->leg) != wr_leg_root(other->leg);
}

/* The same tls-id in two calls: it must be drawn anew for each association (RFC 8842 4). It stands in clear where the
 * description does, so that of a call that shows nothing else it is a claim. */
void wr_check_tls_id_reuse(wr_engine *e)
{
    GHashTable *seen = g_hash_table_new(wr_text_hash, g_str_equal);

    for (unsigned i = 0; i < e->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(e->copies, i), *first;
        const char *id = wr_copy_transport(c).tls_id;
        const wr_copy *claim;
        wr_finding *f;
        if (id == NULL)
            continue;
        first = g_hash_table_lookup(seen, id);
        if (first == NULL) {
            g_hash_table_insert(seen, (gpointer)id, (gpointer)c);
            continue;
        }
        if (wr_copy_session_number(e, first) == wr_copy_session_number(e, c))
            continue;
        claim = wr_copy_is_anybodys(e, c) || is_said_beside(e, c, first)       ? c
                : wr_copy_is_anybodys(e, first) || is_said_beside(e, first, c) ? first
                                                                               : NULL;
        f = wr_finding_add(e, "SDP-07", WR_WARN, c->frame, wr_copy_session_number(e, c), NULL,
                           "The tls-id was used in another call already (frame %u): it must be drawn anew",
                           first->frame);
        if (f != NULL) {
            f->basis = WR_BASIS_SESSIONS;
            f->other_frame = first->frame;
            if (claim != NULL)
                wr_finding_lower(f,
                                 "Nothing ties the description in frame %u to a call: anybody who read the other can "
                                 "have sent it",
                                 claim->frame);
        }
        if (claim != c)
            g_hash_table_replace(seen, (gpointer)id, (gpointer)c); /* further ones are told against this */
    }
    g_hash_table_destroy(seen);
}
