/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which descriptions belong together: answers with their offers (RFC 3264, RFC 8829 4.1.8), later versions with
 * earlier ones, and copies of one description on several legs (rules 2.5 and 2.6).
 */
#include "learn.h"

#include "sdp/compare.h"

#include <string.h>

static bool contradict(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) != 0;
}

static const wr_sdp_section *section_at(const wr_copy *c, unsigned i)
{
    return i < c->sdp->n_sections ? &c->sdp->sections[i] : NULL;
}

/* An answer has a section for each of the offer, in the same order, with the same media and mid (RFC 3264 6, RFC 8829
 * 5.3.1). Some servers leave out what they reject: what fits so far is let through. */
static bool sections_fit(const wr_copy *offer, const wr_copy *answer)
{
    unsigned n = MIN(offer->sdp->n_sections, answer->sdp->n_sections);

    for (unsigned i = 0; i < n; i++) {
        const wr_sdp_section *o = section_at(offer, i), *a = section_at(answer, i);
        if (contradict(o->media, a->media) || contradict(o->mid, a->mid))
            return false;
    }
    return true;
}

static bool opposite(const wr_copy *a, const wr_copy *b)
{
    if (a->direction == WR_DIRECTION_UNKNOWN || b->direction == WR_DIRECTION_UNKNOWN)
        return wr_endpoint_same_host(&a->src, &b->dst) || !wr_endpoint_same_host(&a->src, &b->src);
    return a->direction != b->direction;
}

/* But for the number of sections. */
static bool is_nearly_offer_for(const wr_copy *offer, const wr_copy *answer)
{
    if (wr_kind_is_answer(offer->kind) || offer->echo || offer->withdrawn || !opposite(offer, answer) ||
        contradict(offer->call, answer->call))
        return false;
    /* "from" of an offer is whom the answer is for, where both are told */
    if (contradict(offer->from, answer->to) || contradict(offer->to, answer->from))
        return false;
    return sections_fit(offer, answer);
}

static bool is_offer_for(const wr_copy *offer, const wr_copy *answer)
{
    return answer->sdp->n_sections <= offer->sdp->n_sections && is_nearly_offer_for(offer, answer);
}

/* Its credentials were told on another leg as well. */
static bool is_told_elsewhere(const wr_engine *e, const wr_copy *c)
{
    for (unsigned i = 0; i < c->credentials.len; i++) {
        const wr_bucket bucket = wr_copies_with(e, wr_list_at(&c->credentials, i));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++)
            if (wr_leg_root(((const wr_copy *)bucket.members[j])->leg) != wr_leg_root(c->leg))
                return true;
    }
    return false;
}

/* An offer of the one call and an answer of the other, which both were told elsewhere already, make the two no one: who
 * can read both can put them together. Where he comes first, wr_nodes_settle_exchanges() finds it. */
static bool is_of_two_calls(const wr_engine *e, const wr_copy *offer, const wr_copy *answer)
{
    return wr_node_root(e, offer->node) != wr_node_root(e, answer->node) && is_told_elsewhere(e, offer) &&
           is_told_elsewhere(e, answer);
}

static void pair(wr_engine *e, wr_copy *offer, wr_copy *answer)
{
    answer->partner = offer;
    offer->partner = answer;
    offer->n_answers++;
    if (!is_of_two_calls(e, offer, answer))
        wr_node_join_exchange(e, offer->node, answer->node);
}

/* Requests of one connection that came together are answered in their order (RFC 9112 9.3.2). */
static bool is_pipelined(const wr_copy *offer)
{
    return offer->carrier == WR_CARRIER_HTTP && offer->connection != 0;
}

/* Of the unanswered offers that were sent before the server said more than when the one at index `at` was, the first
 * that this answers. */
static wr_copy *first_of_request(const wr_leg *leg, unsigned at, const wr_copy *answer)
{
    wr_copy *first = wr_list_at(&leg->copies, at);
    const wr_copy *last = first;

    for (unsigned i = 1; i <= at && i < WR_PAIRING_WINDOW; i++) {
        wr_copy *c = wr_list_at(&leg->copies, at - i);
        if (c->connection != last->connection)
            continue; /* a browser has several at a time */
        if (c->frame != last->frame && (last->heard == 0 || c->heard != last->heard))
            break;
        if (c->n_answers == 0 && c != answer && is_offer_for(c, answer))
            first = c;
    }
    return first;
}

/* The newest unanswered offer of a leg that this answers, over HTTP/1 of its own connection where there is one; else
 * the newest answered one (forks, pranswer). */
static wr_copy *find_offer(const wr_leg *leg, const wr_copy *answer)
{
    wr_copy *answered = NULL, *elsewhere = NULL;
    unsigned n = leg->copies.len;

    for (unsigned i = 0; i < n && i < WR_PAIRING_WINDOW; i++) {
        wr_copy *c = wr_list_at(&leg->copies, n - 1 - i);
        if (c == answer || !is_offer_for(c, answer))
            continue;
        if (c->n_answers == 0) {
            if (!is_pipelined(c) || !is_pipelined(answer))
                return c;
            if (c->connection == answer->connection)
                return first_of_request(leg, n - 1 - i, answer);
            if (elsewhere == NULL)
                elsewhere = first_of_request(leg, n - 1 - i, answer);
        } else if (answered == NULL) {
            answered = c;
        }
    }
    return elsewhere != NULL ? elsewhere : answered;
}

/* Another offer on the leg, of another exchange, that this fits as well and that nothing certain was an answer to:
 * calls set up at the same time whose messages name none. */
static bool is_guess(const wr_copy *offer, const wr_copy *answer)
{
    const wr_leg *leg = answer->leg;
    unsigned n = leg->copies.len;

    if (is_pipelined(offer) && is_pipelined(answer) && offer->connection == answer->connection)
        return false;
    for (unsigned i = 0; i < n && i < WR_PAIRING_WINDOW; i++) {
        const wr_copy *c = wr_list_at(&leg->copies, n - 1 - i);
        if (c == offer || c == answer || !is_offer_for(c, answer) || wr_sdp_same_author(c->sdp, offer->sdp) ||
            (c->n_answers > 0 && (c->partner == NULL || !c->partner->guessed)))
            continue;
        return true;
    }
    return false;
}

/* A browser may offer over HTTP and get the answer over a WebSocket of the same page (Socket.IO upgrades so): another
 * leg of the same host to the same server is then the same leg. */
static wr_copy *find_offer_elsewhere(wr_engine *e, const wr_copy *answer)
{
    wr_leg *mine = wr_leg_root(answer->leg);
    unsigned n = e->legs->len;

    if (!wr_endpoint_known(&mine->client))
        return NULL;
    for (unsigned i = 0; i < n && i < WR_MAX_BUCKET; i++) {
        wr_leg *leg = g_ptr_array_index(e->legs, n - 1 - i);
        wr_copy *offer;
        if (leg->witness != mine->witness)
            continue;
        if (leg == answer->leg || wr_leg_root(leg) != leg || !wr_endpoint_same_host(&leg->client, &mine->client) ||
            !wr_endpoint_equal(&leg->server, &mine->server))
            continue;
        /* two clients on one host are the rule in tests and behind NAT: take HTTP beside WebSocket only */
        if (leg->carrier == mine->carrier)
            continue;
        offer = find_offer(leg, answer);
        if (offer != NULL && offer->n_answers == 0 && wr_copies_within(offer, answer, WR_COPY_US)) {
            leg->merged = mine;
            return offer;
        }
    }
    return NULL;
}

/* An answer with more sections than any offer: somebody added some. It is one to the newest offer of its leg that waits
 * for one and has the others. */
static wr_copy *find_shorter_offer(const wr_leg *leg, const wr_copy *answer)
{
    unsigned n = leg->copies.len;

    for (unsigned i = 0; i < n && i < WR_PAIRING_WINDOW; i++) {
        wr_copy *c = wr_list_at(&leg->copies, n - 1 - i);
        if (c != answer && c->n_answers == 0 && c->sdp->n_sections > 0 && is_nearly_offer_for(c, answer))
            return c;
    }
    return NULL;
}

static void link_answer(wr_engine *e, wr_copy *c)
{
    wr_copy *offer = find_offer(c->leg, c);

    if (offer == NULL)
        offer = find_offer_elsewhere(e, c);
    if (offer == NULL)
        offer = find_shorter_offer(c->leg, c);
    if (offer != NULL) {
        c->guessed = offer->leg == c->leg && is_guess(offer, c);
        pair(e, offer, c);
    }
}

static void link_versions(wr_engine *e, wr_copy *c)
{
    unsigned n = c->leg->copies.len;

    if (!wr_sdp_origin_tells(c->sdp))
        return;
    for (unsigned i = 1; i < n && i < WR_MAX_BUCKET; i++) {
        wr_copy *p = wr_list_at(&c->leg->copies, n - 1 - i);
        if (p->direction == c->direction && wr_sdp_same_author(p->sdp, c->sdp) && !contradict(p->call, c->call)) {
            wr_node_join_author(e, p->node, c->node);
            return;
        }
    }
}

/* Looks the key up, joins with what fits, enters the copy. */
static void link_by(wr_engine *e, wr_index *index, uint64_t key, wr_copy *c,
                    bool (*fits)(const wr_copy *, const wr_copy *))
{
    wr_bucket bucket = wr_index_find(index, key);

    for (unsigned i = 0; i < bucket.len && i < WR_MAX_BUCKET; i++) {
        wr_copy *p = bucket.members[bucket.len - 1 - i];
        if (p == c || (fits != NULL && !fits(p, c)))
            continue;
        wr_node_join_author(e, p->node, c->node);
        if (fits == NULL)
            break; /* the bucket's members are one group already */
    }
    wr_index_add(index, key, c);
}

static void link_by_credentials(wr_engine *e, wr_copy *c)
{
    for (unsigned i = 0; i < c->credentials.len; i++) {
        const wr_credential *k = wr_list_at(&c->credentials, i);
        wr_bucket bucket;
        if (k->password == NULL)
            continue;
        bucket = wr_index_find(e->by_credential, wr_credential_key(k->ufrag, k->password));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++) {
            wr_copy *p = bucket.members[j];
            if (p == c)
                continue;
            wr_node_join_author(e, p->node, c->node);
            if (p->leg == c->leg && p->direction != c->direction &&
                memcmp(p->sdp->canonical, c->sdp->canonical, 32) == 0)
                c->echo = true;
        }
    }
}

static bool same_shape(const wr_sdp *a, const wr_sdp *b)
{
    if (a->n_sections != b->n_sections)
        return false;
    for (unsigned i = 0; i < a->n_sections; i++)
        if (contradict(a->sections[i].media, b->sections[i].media))
            return false;
    return true;
}

static void join_hop(wr_engine *e, wr_copy *c)
{
    const wr_bucket bucket = wr_index_find(e->by_hop, wr_host_key(&c->src));

    for (unsigned i = 0; c->call != NULL && i < bucket.len && i < WR_MAX_BUCKET; i++) {
        const wr_copy *p = bucket.members[bucket.len - 1 - i];
        if (p == c || !wr_copy_is_hop(p, c) || g_strcmp0(p->call, c->call) != 0 || !same_shape(p->sdp, c->sdp))
            continue;
        wr_node_join_author(e, p->node, c->node);
        return;
    }
}

/* Also of what was told elsewhere already: whoever tells it before keeps nobody from passing it on. */
static void link_hop(wr_engine *e, wr_copy *c)
{
    if (wr_copy_is_stated(c)) /* from no host to no host */
        return;
    join_hop(e, c);
    wr_index_add(e->by_hop, wr_host_key(&c->dst), c);
}

/* ---- another network ---- */

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* One party of one call, on another connection by now, perhaps from another address: its next version for the same
 * server. What it announces stays the same: who would announce something else would be somebody else. */
static bool has_moved(const wr_copy *p, const wr_copy *c)
{
    return wr_leg_root(p->leg) != wr_leg_root(c->leg) && wr_copies_same_class(p, c) && p->direction == c->direction &&
           (p->direction == WR_DIRECTION_EMITTED ||
            (p->direction == WR_DIRECTION_UNKNOWN && same_text(p->from, c->from))) &&
           same_text(p->call, c->call) && !contradict(p->from, c->from) && wr_endpoint_same_host(&p->dst, &c->dst) &&
           wr_sdp_compare_fingerprints(p->sdp, c->sdp) == WR_FPS_EQUAL;
}

static void link_moved(wr_engine *e, wr_copy *c)
{
    const char *id;
    char *text;
    size_t len;

    if (c->call == NULL || wr_copy_is_stated(c) || !wr_sdp_origin_tells(c->sdp))
        return;
    id = wr_sdp_sess_id(c->sdp, &len);
    text = g_strdup_printf("%s\n%.*s\n%d", c->call, (int)MIN(len, 64), id, wr_kind_is_answer(c->kind));
    link_by(e, e->by_origin, wr_key_text(text), c, has_moved);
    g_free(text);
}

/* What wr_copy_link() kept apart for their time alone. */
static void join_those(wr_engine *e, wr_bucket bucket, wr_copy *c)
{
    for (unsigned i = 0; i < bucket.len && i < WR_MAX_BUCKET; i++) {
        const wr_copy *p = bucket.members[bucket.len - 1 - i];
        if (p != c && wr_copies_may_relay(p, c))
            wr_node_join_author(e, p->node, c->node);
    }
}

void wr_copies_link_by_clock(wr_engine *e)
{
    if (!wr_clocks_apply(e))
        return;
    for (unsigned i = 0; i < e->copies->len; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, i);
        if (wr_copy_is_stated(c))
            continue;
        if (wr_sdp_origin_tells(c->sdp))
            join_those(e, wr_index_find(e->by_origin, wr_copy_origin_key(c)), c);
        if (wr_copy_has_random_body(c))
            join_those(e, wr_index_find(e->by_body, wr_copy_body_key(c)), c);
        join_hop(e, c);
    }
}

void wr_copy_link(wr_engine *e, wr_copy *c)
{
    link_by(e, e->by_canonical, wr_copy_canonical_key(c), c, NULL);
    link_by_credentials(e, c);
    if (wr_sdp_origin_tells(c->sdp))
        link_by(e, e->by_origin, wr_copy_origin_key(c), c, wr_copies_may_relay);
    if (wr_copy_has_random_body(c))
        link_by(e, e->by_body, wr_copy_body_key(c), c, wr_copies_may_relay);
    link_hop(e, c);
    link_moved(e, c);
    if (wr_kind_is_answer(c->kind) && !c->echo)
        link_answer(e, c);
    link_versions(e, c);
}
