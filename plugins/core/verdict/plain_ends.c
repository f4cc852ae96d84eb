/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plain_ends.h"

#include "records/store.h"

void wr_plain_say_party(GString *out, const wr_session *s, unsigned party)
{
    char at[WR_ENDPOINT_TEXT];

    g_string_append(out, wr_endpoint_format_host(&s->parties[party].address, at));
    if (s->parties[party].name != NULL)
        g_string_append_printf(out, " (%s)", s->parties[party].name);
}

static int party_at(const wr_session *s, const wr_endpoint *host)
{
    for (unsigned i = 0; i < s->n_parties; i++)
        if (wr_endpoint_same_host(&s->parties[i].address, host))
            return (int)i;
    return -1;
}

void wr_plain_say_end(GString *out, const wr_session *s, const wr_association *a, int side)
{
    const wr_endpoint *end = &a->side[side].end;
    const wr_copy *own = a->owner[side] != NULL ? a->owner[side] : a->side[side].presented.description;
    const int party = party_at(s, end);
    char at[WR_ENDPOINT_TEXT];

    g_string_append(out, wr_endpoint_format_host(end, at));
    if (a->relayed)
        g_string_append(out, party < 0 ? ", as a relay shows it," : "");
    else if (party >= 0 && s->parties[party].name != NULL)
        g_string_append_printf(out, " (%s)", s->parties[party].name);
    else if (own != NULL && !wr_endpoint_same_host(end, &a->side[1 - side].end))
        g_string_append(out, wr_kind_is_answer(own->kind) ? " (who sent the answer)" : " (who sent the offer)");
}

unsigned wr_plain_find_between(const wr_session *s, wr_plain_between out[2])
{
    unsigned n = 0;

    if (s->n_parties != 2 || wr_endpoint_same_host(&s->parties[0].address, &s->parties[1].address))
        return 0;
    for (unsigned i = 0; i < s->associations->len && n < 2; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->relayed || a->standing == WR_BARE || a->binding > WR_B1)
            continue;
        for (int side = 0; side < 2 && n < 2; side++) {
            const int party = party_at(s, &a->side[side].end);
            if (party < 0 || party_at(s, &a->side[1 - side].end) >= 0 || (n == 1 && out[0].party == (unsigned)party))
                continue;
            out[n++] = (wr_plain_between){a, &a->side[1 - side].end, (unsigned)party};
        }
    }
    return n;
}

static void add_traffic(wr_plain_traffic *t, uint32_t first_frame, int64_t first_us, uint32_t last_frame,
                        int64_t last_us)
{
    if (!t->any || first_us < t->first_us) {
        t->first_us = first_us;
        t->first_frame = first_frame;
    }
    if (!t->any || last_us > t->last_us) {
        t->last_us = last_us;
        t->last_frame = last_frame;
    }
    t->any = true;
}

wr_plain_traffic wr_plain_traffic_of(const wr_association *a)
{
    wr_plain_traffic t = {.any = false};

    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        for (int end = 0; end < 2; end++)
            if (f->media[end].packets > 0 && f->media[end].last_us >= a->first_us)
                add_traffic(&t, f->media[end].first_us >= a->first_us ? f->media[end].first_frame : 0,
                            MAX(f->media[end].first_us, a->first_us), f->media[end].last_frame, f->media[end].last_us);
    }
    for (int side = 0; side < 2; side++)
        if (a->side[side].data_records > 0)
            add_traffic(&t, 0, a->side[side].data_first_us, a->side[side].data_last_frame, a->side[side].data_last_us);
    return t;
}

bool wr_plain_has_traffic(const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++)
        if (wr_plain_traffic_of(g_ptr_array_index(s->associations, i)).any)
            return true;
    for (unsigned i = 0; s->flows != NULL && i < s->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(s->flows, i);
        if (f->media[0].packets + f->media[1].packets > 0)
            return true;
    }
    return false;
}

/* What an end was seen to send: checks, responses, DTLS or media. */
static bool has_sent(const wr_flow *f, int end)
{
    return f->asked[end] > 0 || f->media[end].packets > 0 ||
           (f->consent != NULL && (f->consent->sent_frame[end] != 0 || f->consent->given_frame[1 - end] != 0));
}

/* Its checks or its responses are here: the other's were sent as well (RFC 8445 7), and are not. Media alone may be of
 * one who spoke to somebody silent. */
static bool has_tried(const wr_flow *f, int end)
{
    return f->asked[end] > 0 || (f->consent != NULL && f->consent->given_frame[1 - end] != 0);
}

const wr_endpoint *wr_plain_only_sender(const wr_session *s)
{
    const wr_endpoint *only = NULL;

    for (unsigned i = 0; s->flows != NULL && i < s->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(s->flows, i);
        const bool sent[2] = {has_sent(f, 0), has_sent(f, 1)};
        const wr_endpoint *sender = sent[0] ? &f->end[0] : &f->end[1];
        if (!sent[0] && !sent[1])
            continue;
        if (sent[0] == sent[1] || f->relayed || !has_tried(f, sent[0] ? 0 : 1) ||
            (only != NULL && !wr_endpoint_same_host(only, sender)))
            return NULL;
        only = sender;
    }
    return only;
}

/* A plain memset of what nobody reads again may be left out by the compiler. */
static void wipe(wr_secret *secret)
{
    volatile uint8_t *at = secret->bytes;

    for (size_t i = 0; i < sizeof secret->bytes; i++)
        at[i] = 0;
}

static bool has_keys(const wr_engine *e, const wr_association *a)
{
    wr_secret secret;
    bool found;

    if (a->srtp != NULL)
        return true;
    if (!a->has_client_random || e->options.find_secret == NULL)
        return false;
    found = e->options.find_secret(a->client_random, a->version == WR_DTLS_1_3 ? WR_SECRET_EXPORTER : WR_SECRET_MASTER,
                                   &secret);
    wipe(&secret);
    return found;
}

wr_plain_keys wr_plain_keys_of(const wr_engine *e, const wr_association *a)
{
    const char *name = NULL;

    if (has_keys(e, a))
        return WR_KEYS_NOT_USED;
    if (e->options.keys_given || (e->options.key_log_counts != NULL && e->options.key_log_counts(&name) != NULL))
        return WR_KEYS_OF_OTHERS;
    return WR_KEYS_NONE_GIVEN;
}
