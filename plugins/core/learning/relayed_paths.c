#include "learn.h"

/* ---- flows that move ---- */

static void flip_consent(wr_consent *c)
{
    wr_consent t = *c;

    for (int end = 0; end < 2; end++) {
        c->given_first_us[end] = t.given_first_us[1 - end];
        c->given_last_us[end] = t.given_last_us[1 - end];
        c->sent_first_us[end] = t.sent_first_us[1 - end];
        c->sent_last_us[end] = t.sent_last_us[1 - end];
        c->lapsed_us[end] = t.lapsed_us[1 - end];
        c->given_frame[end] = t.given_frame[1 - end];

        c->sent_frame[end] = t.sent_frame[1 - end];
        c->lapsed_frame[end] = t.lapsed_frame[1 - end];
    }
}

static void flip_oddities(wr_oddities *o)
{
    wr_oddities t = *o;

    for (int end = 0; end < 2; end++) {
        o->rtcp[end] = t.rtcp[1 - end];
        o->clear[end] = t.clear[1 - end];
        o->clear_frame[end] = t.clear_frame[1 - end];
        o->clear_first_us[end] = t.clear_first_us[1 - end];
        o->clear_last_us[end] = t.clear_last_us[1 - end];
        o->clear_weight[end] = t.clear_weight[1 - end];
    }
}

/* The ends of a flow stand in the order of their addresses; other addresses may mean the other order. */
static void flip(wr_flow *f)
{
    wr_traffic *media = wr_flow_traffic(f), t = media[0];
    const uint8_t asked = f->asked[0];

    media[0] = media[1];
    media[1] = t;
    if (f->client_end >= 0)
        f->client_end = (int8_t)(1 - f->client_end);
    f->asked[0] = f->asked[1];
    f->asked[1] = asked;
    if (f->consent != NULL)
        flip_consent(f->consent);
    if (f->odd != NULL)
        flip_oddities(f->odd);
    for (unsigned i = 0; i < f->checks.len; i++) {
        wr_check *k = wr_list_at(&f->checks, i);
        k->from = 1 - k->from;
    }
    for (unsigned i = 0; i < f->n_streams; i++)
        f->streams[i].from = 1 - f->streams[i].from;
    for (unsigned i = 0; i < f->associations.len; i++) {
        wr_association *a = wr_list_at(&f->associations, i);
        if (a->flow != f)
            continue;
        if (a->client_end >= 0) { /* sides are by role once it is known, else by end */
            a->client_end = 1 - a->client_end;
        } else {
            wr_side side = a->side[0];
            a->side[0] = a->side[1];
            a->side[1] = side;
        }
    }
}

/* Gives a flow its new ends; near is the new address of the end that was client. */
static void set_ends(wr_flow *f, const wr_endpoint *client, const wr_endpoint *near, const wr_endpoint *peer)
{
    int was = wr_endpoint_equal(&f->end[0], client) ? 0 : 1;
    int is = wr_endpoint_compare(near, peer) <= 0 ? 0 : 1;

    if (was != is)
        flip(f);
    f->end[is] = *near;
    f->end[1 - is] = *peer;
    f->channel = 0;
    for (unsigned i = 0; i < f->associations.len; i++) {
        wr_association *a = wr_list_at(&f->associations, i);
        int first = a->client_end >= 0 ? a->client_end : 0;
        a->dirty = true;
        if (a->flow != f)
            continue;
        a->side[0].end = f->end[first];
        a->side[1].end = f->end[1 - first];
    }
}

static void add_traffic(wr_traffic *sum, const wr_traffic *part)
{
    if (part->packets == 0)
        return;
    if (sum->packets == 0) {
        *sum = *part;
        return;
    }
    sum->packets += part->packets;
    sum->left_out += part->left_out;
    sum->bytes += part->bytes;
    if (part->first_us < sum->first_us) {
        sum->first_us = part->first_us;
        sum->first_frame = part->first_frame;
    }
    if (part->last_us > sum->last_us) {
        sum->last_us = part->last_us;
        sum->last_frame = part->last_frame;
    }
}

static void add_consent(wr_consent *sum, const wr_consent *part)
{
    for (int end = 0; end < 2; end++) {
        if (part->given_first_us[end] != 0 &&
            (sum->given_first_us[end] == 0 || part->given_first_us[end] < sum->given_first_us[end])) {
            sum->given_first_us[end] = part->given_first_us[end];
            sum->given_frame[end] = part->given_frame[end];
        }
        if (part->sent_first_us[end] != 0 &&
            (sum->sent_first_us[end] == 0 || part->sent_first_us[end] < sum->sent_first_us[end])) {
            sum->sent_first_us[end] = part->sent_first_us[end];
            sum->sent_frame[end] = part->sent_frame[end];
        }
        sum->given_last_us[end] = MAX(sum->given_last_us[end], part->given_last_us[end]);
        sum->sent_last_us[end] = MAX(sum->sent_last_us[end], part->sent_last_us[end]);
    }
}

/* The other half of a handshake, where this path has it; what is left stands for both. */
static bool is_half(wr_engine *e, wr_flow *to, wr_association *a)
{
    for (unsigned i = 0; i < to->associations.len; i++) {
        wr_association *keep = wr_association_join_halves(e, wr_list_at(&to->associations, i), a);
        if (keep == NULL)
            continue;
        wr_list_set(&to->associations, i, keep);
        return true;
    }
    return false;
}

static void add_associations(wr_engine *e, wr_flow *to, wr_flow *from)
{
    for (unsigned i = 0; i < from->associations.len; i++) {
        wr_association *a = wr_list_at(&from->associations, i);
        for (unsigned j = 0; j < a->flows.len; j++)
            if (wr_list_at(&a->flows, j) == from)
                wr_list_set(&a->flows, j, to);
        if (a->flow == from)
            a->flow = to;
        a->dirty = true;
        /* what stood under a provisional key came first */
        if (!wr_list_has(&to->associations, a) && !is_half(e, to, a))
            wr_list_insert(&to->associations, i, a);
    }
    wr_list_clear(&from->associations);
}

/* Both have the same ends, in the same order. What is left of the other flow is an empty one. */
static void merge(wr_engine *e, wr_flow *to, wr_flow *from)
{
    for (unsigned i = 0; i < from->checks.len; i++) {
        wr_check *k = wr_list_at(&from->checks, i);
        k->flow = to;
        wr_list_add(&to->checks, k);
    }
    wr_list_clear(&from->checks);
    add_associations(e, to, from);
    for (int end = 0; end < 2; end++)
        add_traffic(&wr_flow_traffic(to)[end], &from->media[end]);
    wr_flow_clear_traffic(from);
    if (to->consent == NULL) {
        to->consent = from->consent;
        from->consent = NULL;
    } else if (from->consent != NULL) {
        add_consent(to->consent, from->consent);
    }
    if (to->client_end < 0)
        to->client_end = from->client_end;
    if (from->first_us < to->first_us) {
        to->first_us = from->first_us;
        to->first_frame = from->first_frame;
    }
    to->last_us = MAX(to->last_us, from->last_us);
    to->last_frame = MAX(to->last_frame, from->last_frame);
    to->ice |= from->ice;
    to->in_stun |= from->in_stun;
    to->relayed = true;
}

/* Puts what stands under one key on its path. */
static void move(wr_engine *e, const wr_flow_key *before, const wr_endpoint *client, const wr_endpoint *near,
                 const wr_endpoint *peer, unsigned channel)
{
    wr_flow_key after = wr_relayed_key_of(near, peer, channel);
    uint64_t there = wr_flow_key_key(&after);
    wr_flow *from = wr_index_get(e->flows_by_ends, wr_flow_key_key(before)),
            *to = wr_index_get(e->flows_by_ends, there);

    if (from == NULL || from == to)
        return;
    wr_flow_set(e, before, NULL);
    set_ends(from, client, near, peer);
    if (to == NULL)
        wr_flow_set(e, &after, from);
    else
        merge(e, to, from);
    if (from->consent != NULL || (to != NULL && to->consent != NULL))
        wr_flow_validate(e, to != NULL ? to : from);
    e->changed = true;
}

void wr_relayed_peer(wr_engine *e, wr_allocation *al, const wr_endpoint *peer)
{
    if (wr_endpoint_known(&al->relayed))
        return;
    for (unsigned i = 0; i < al->n_waiting; i++)
        if (wr_endpoint_equal(&al->waiting[i], peer))
            return;
    if (al->n_waiting == WR_MAX_CHANNELS) {
        wr_limit_reached(e, "peers of a TURN allocation");
        return;
    }
    al->waiting = g_renew(wr_endpoint, al->waiting, al->n_waiting + 1);
    al->waiting[al->n_waiting++] = *peer;
}

void wr_relayed_channel(wr_engine *e, wr_allocation *al, uint16_t number, const wr_endpoint *peer)
{
    bool known = wr_endpoint_known(&al->relayed);
    wr_flow_key before = wr_relayed_key_of(&al->client, &al->server, number);

    wr_relayed_peer(e, al, peer);
    move(e, &before, &al->client, known ? &al->relayed : &al->client, peer, known ? 0 : WR_VIA_RELAY);
}

void wr_relayed_address(wr_engine *e, wr_allocation *al)
{
    for (unsigned i = 0; i < al->n_waiting; i++) {
        wr_flow_key before = wr_relayed_key_of(&al->client, &al->waiting[i], WR_VIA_RELAY);
        move(e, &before, &al->client, &al->relayed, &al->waiting[i], 0);
    }
    g_clear_pointer(&al->waiting, g_free);
    al->n_waiting = 0;
}
