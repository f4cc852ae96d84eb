/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Relays and STUN servers in other uses than calls: TURN-08 (tunnels), TURN-09 (reflection). They need no signalling,
 * and look at the whole capture (RFC 8656 21.2, RFC 8489 16.1.2, RFC 7983).
 */
#include "check.h"
#include "records/relay_path.h"

#define MANY_PACKETS 100 /* to a peer with which no check ran */
#define FEW_PACKETS  20  /* of them that are no media */
#define MANY_ANSWERS 100 /* to a host that never asked */
#define ANSWERS_A_S  5
#define SEVERAL      3 /* servers */

static gint by_frame(gconstpointer a, gconstpointer b)
{
    const wr_relay_path *x = *(wr_relay_path *const *)a, *y = *(wr_relay_path *const *)b;

    return x->frame != y->frame ? (x->frame < y->frame ? -1 : 1) : wr_endpoint_compare(&x->peer, &y->peer);
}

static gint by_first_frame(gconstpointer a, gconstpointer b)
{
    const wr_stun_host *x = *(wr_stun_host *const *)a, *y = *(wr_stun_host *const *)b;

    return x->first_frame != y->first_frame ? (x->first_frame < y->first_frame ? -1 : 1)
                                            : wr_endpoint_compare(&x->host, &y->host);
}

/* ---- TURN-08 ---- */

/* Without a check of its peer's consent a relay for calls carries nothing (RFC 8827 4.2). The allocation is in the
 * capture, so checks were not merely before it. */
static bool is_unchecked(const wr_relay_path *p)
{
    return !p->checked && p->packets > MANY_PACKETS && p->allocated_frame != 0;
}

bool wr_relay_path_is_told(const wr_relay_path *p)
{
    return p != NULL && (p->foreign != NULL || is_unchecked(p));
}

/* The relay lets the client into a network that the client is outside of. */
static bool leads_inside(const wr_engine *e, const wr_relay_path *p)
{
    wr_scope scope = wr_endpoint_scope(&p->peer);

    if (scope == WR_SCOPE_LOOPBACK || scope == WR_SCOPE_UNSPECIFIED || scope == WR_SCOPE_METADATA)
        return true;
    return scope != WR_SCOPE_PUBLIC && scope != WR_SCOPE_TUNNEL && wr_endpoint_scope(&p->server) == WR_SCOPE_PUBLIC &&
           wr_turn_private_relay(e, &p->server) == NULL;
}

static void check_path(wr_engine *e, const wr_relay_path *p)
{
    wr_severity severity = leads_inside(e, p) ? WR_ERROR : WR_WARN;
    char client[WR_ENDPOINT_TEXT], server[WR_ENDPOINT_TEXT], peer[WR_ENDPOINT_TEXT];

    wr_endpoint_format(&p->client, client);
    wr_endpoint_format(&p->server, server);
    wr_endpoint_format(&p->peer, peer);
    if (p->foreign != NULL)
        wr_finding_once(e, NULL, "TURN-08", severity, p->foreign_frame, p->allocated_frame, "V17.1.1", WR_BASIS_TURN,
                        "TURN server %s carries %s between %s and %s: a tunnel, no call%s", server, p->foreign, client,
                        peer, p->checked ? ", though the peer answers connectivity checks" : "");
    else if (is_unchecked(p) && p->packets - p->media > FEW_PACKETS)
        wr_finding_once(
            e, NULL, "TURN-08", severity, p->frame, p->allocated_frame, "V17.1.1", WR_BASIS_TURN,
            "TURN server %s carries data that is no media between %s and %s, with which no connectivity check "
            "ran: a tunnel",
            server, client, peer);
    else if (is_unchecked(p))
        wr_finding_once(
            e, NULL, "TURN-08", severity == WR_ERROR ? WR_WARN : WR_NOTE, p->frame, p->allocated_frame, "V17.1.1",
            WR_BASIS_TURN,
            "TURN server %s carries what looks like media between %s and %s, with which no connectivity check "
            "ran",
            server, client, peer);
}

static void check_tunnels(wr_engine *e)
{
    GPtrArray *list;

    if (e->relay_paths == NULL)
        return;
    list = wr_values_sorted(e->relay_paths->paths, by_frame);
    for (unsigned i = 0; i < list->len; i++)
        check_path(e, g_ptr_array_index(list, i));
    g_ptr_array_free(list, TRUE);
}

/* ---- TURN-09 ---- */

/* Where a capture holds one direction only, everybody is answered who never asked: there it takes several servers. */
static bool is_victim(const wr_engine *e, const wr_stun_host *h)
{
    int64_t seconds = (h->last_us - h->first_us) / WR_SECOND;

    return h->requests == 0 && !h->asked && h->answers >= MANY_ANSWERS && h->answers >= ANSWERS_A_S * seconds &&
           (e->relay_paths->requests || h->n_servers >= SEVERAL);
}

static void check_reflection(wr_engine *e)
{
    GPtrArray *list;

    if (e->relay_paths == NULL)
        return;
    list = wr_values_sorted(e->relay_paths->hosts, by_first_frame);
    for (unsigned i = 0; i < list->len; i++) {
        const wr_stun_host *h = g_ptr_array_index(list, i);
        char host[WR_ENDPOINT_TEXT];
        if (is_victim(e, h))
            wr_finding_once(e, NULL, "TURN-09", WR_WARN, h->first_frame, h->last_frame, NULL, WR_BASIS_TURN,
                            "STUN servers sent %u answers to %s, which asked nothing: somebody asks in its name "
                            "(reflection)",
                            h->answers, wr_endpoint_format_host(&h->host, host));
    }
    g_ptr_array_free(list, TRUE);
}

void wr_check_relay_misuse(wr_engine *e)
{
    check_tunnels(e);
    check_reflection(e);
}
