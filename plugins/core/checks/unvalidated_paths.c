/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came over paths that no connectivity check validated: DTLS-16, RTP-04, RTP-05; and RTP-10, which looks across
 * calls (rules 3.4, 3.5; RFC 8445 12.1, RFC 8827 6.3, RFC 9147 5.11).
 */
#include "base/index.h"
#include "check.h"

#define SPRAYED         5               /* ports of ClientHellos from one host */
#define HURT_US         (2 * WR_SECOND) /* what follows this soon was caused */
#define LATCH_US        (5 * WR_SECOND)
#define UNDER_WAY_US    (2 * WR_SECOND)
#define CONSENT_SPAN_US (20 * WR_SECOND) /* within it a check would be seen: they are sent every 5 s (RFC 7675 5.1) */
#define FEW_PACKETS     5

static guint endpoint_hash(gconstpointer p)
{
    return wr_endpoint_hash(p);
}

static gboolean endpoint_equal(gconstpointer a, gconstpointer b)
{
    return wr_endpoint_equal(a, b);
}

/* wr_endpoint -> GPtrArray of flows that checks ran on. */
static GHashTable *checked_flows(const wr_engine *e)
{
    GHashTable *index = g_hash_table_new_full(endpoint_hash, endpoint_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

    for (unsigned i = 0; i < e->flows->len; i++) {
        wr_flow *f = g_ptr_array_index(e->flows, i);
        for (int end = 0; end < 2 && wr_flow_is_checked(f); end++) {
            GPtrArray *at = g_hash_table_lookup(index, &f->end[end]);
            if (at == NULL) {
                at = g_ptr_array_new();
                g_hash_table_insert(index, &f->end[end], at);
            }
            if (at->len < WR_MAX_BUCKET)
                g_ptr_array_add(at, f);
        }
    }
    return index;
}

static unsigned session_at(const wr_engine *e, GHashTable *index, const wr_endpoint *port)
{
    GPtrArray *at = g_hash_table_lookup(index, port);
    unsigned number = 0;

    for (unsigned i = 0; at != NULL && number == 0 && i < at->len; i++)
        number = wr_flow_session_number(e, g_ptr_array_index(at, i));
    return number;
}

static void rest_on(wr_finding *f, const char *basis, uint32_t other)
{
    if (f != NULL) {
        f->basis = basis;
        f->other_frame = other;
    }
}

/* ---- DTLS-16 ---- */

/* The path of this ClientHello saw no check, but its target does checks with others. */
static bool is_foreign(const wr_engine *e, const wr_association *a)
{
    if (a->absorbed != NULL || !a->has_client_random || a->client_end < 0 || a->in_stun ||
        a->flow->transport != WR_TRANSPORT_UDP || a->verdict == WR_A_VERIFIED || a->verdict == WR_A_HALF_VERIFIED ||
        !wr_port_is_validated(e, &a->side[1].end))
        return false;
    for (unsigned i = 0; i < a->flows.len; i++)
        if (wr_flow_is_checked(wr_list_at(&a->flows, i)))
            return false;
    /* one that began with the capture and went well had its checks before */
    return !wr_association_is_completed(a) || a->first_us - e->first_us > UNDER_WAY_US;
}

/* The port's own key signed a handshake with the stranger: no one else can answer for it. */
static bool answered_by_party(GHashTable *index, const wr_association *a)
{
    const wr_certificate *own = a->side[1].presented.certificate;
    GPtrArray *at = g_hash_table_lookup(index, &a->side[1].end);

    for (unsigned i = 0; own != NULL && a->possession[1] == WR_POSSESSION_PROVED && at != NULL && i < at->len; i++) {
        const wr_flow *f = g_ptr_array_index(at, i);
        for (unsigned j = 0; j < f->associations.len; j++) {
            const wr_association *v = wr_list_at(&f->associations, j);
            for (int side = 0; side < 2; side++)
                if (wr_certificate_same(v->side[side].presented.certificate, own) &&
                    v->possession[side] == WR_POSSESSION_PROVED &&
                    wr_endpoint_equal(&v->side[side].end, &a->side[1].end))
                    return true;
        }
    }
    return false;
}

static bool hurt_soon(const wr_side *x, int64_t since)
{
    return (x->alert_frame != 0 && x->alert_us >= since && x->alert_us - since <= HURT_US) ||
           (x->encrypted_alert_frame != 0 && x->encrypted_alert_us >= since &&
            x->encrypted_alert_us - since <= HURT_US);
}

/* Checks made with the announced password, or answered where none is known, ran here. */
static bool is_rightful(const wr_flow *f)
{
    bool tried = false;

    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        if (k->request_valid || k->response_valid)
            return true;
        tried |= k->tried;
    }
    return !tried && wr_flow_is_answered(f);
}

/* The association of a legitimate peer at the same port that broke off right after; NULL for none. */
static const wr_association *victim_of(GHashTable *index, const wr_association *a)
{
    GPtrArray *at = g_hash_table_lookup(index, &a->side[1].end);

    for (unsigned i = 0; at != NULL && i < at->len; i++) {
        const wr_flow *f = g_ptr_array_index(at, i);
        for (unsigned j = 0; is_rightful(f) && j < f->associations.len; j++) {
            const wr_association *v = wr_list_at(&f->associations, j);
            bool broke_off =
                v->verdict == WR_A_HANDSHAKE_FAILED && v->last_us >= a->first_us && v->last_us - a->first_us <= HURT_US;
            /* an alert beside a handshake that was completed is anybody's, and so are hellos beside it */
            if (v->absorbed == NULL && !wr_association_is_completed(v) && !wr_association_is_superseded(v) &&
                (broke_off || hurt_soon(&v->side[0], a->first_us) || hurt_soon(&v->side[1], a->first_us)))
                return v;
        }
    }
    return NULL;
}

static void tell_foreign(wr_engine *e, GHashTable *index, const wr_association *a)
{
    const wr_association *v = victim_of(index, a);
    char from[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];

    wr_endpoint_format(&a->side[0].end, from);
    wr_endpoint_format(&a->side[1].end, to);
    if (v != NULL)
        rest_on(wr_finding_add(e, "DTLS-16", WR_ERROR, a->client_hello, session_at(e, index, &a->side[1].end),
                               "V17.2.6",
                               "DTLS ClientHello from %s, which passed no ICE check, to %s; the handshake with the "
                               "rightful peer (association "
                               "a%u) broke off right after: a race for it, denial of service",
                               from, to, v->number),
                WR_BASIS_PATHS, v->last_frame);
    else
        /* a hello that the port did not answer with its own key is anybody's, and harms nothing */
        rest_on(wr_finding_add(e, "DTLS-16", answered_by_party(index, a) ? WR_WARN : WR_NOTE, a->client_hello,
                               session_at(e, index, &a->side[1].end), "V17.2.6",
                               "DTLS ClientHello from %s, which passed no ICE check, to %s", from, to),
                WR_BASIS_PATHS, 0);
}

/* wr_endpoint of the source's host -> GHashTable of targets: ports of media only. */
static GHashTable *count_targets(GPtrArray *foreign)
{
    GHashTable *sources =
        g_hash_table_new_full(endpoint_hash, endpoint_equal, g_free, (GDestroyNotify)g_hash_table_unref);

    for (unsigned i = 0; i < foreign->len; i++) {
        wr_association *a = g_ptr_array_index(foreign, i);
        wr_endpoint host = a->side[0].end;
        GHashTable *targets;
        host.port = 0;
        targets = g_hash_table_lookup(sources, &host);
        if (targets == NULL) {
            targets = g_hash_table_new(endpoint_hash, endpoint_equal);
            g_hash_table_insert(sources, g_memdup2(&host, sizeof host), targets);
        }
        g_hash_table_add(targets, &a->side[1].end);
    }
    return sources;
}

static void check_foreign_hellos(wr_engine *e)
{
    GPtrArray *foreign = g_ptr_array_new();
    GHashTable *index, *sources;

    for (unsigned i = 0; i < e->associations->len; i++)
        if (is_foreign(e, g_ptr_array_index(e->associations, i)))
            g_ptr_array_add(foreign, g_ptr_array_index(e->associations, i));
    if (foreign->len == 0) {
        g_ptr_array_free(foreign, TRUE);
        return;
    }
    index = checked_flows(e);
    sources = count_targets(foreign);
    for (unsigned i = 0; i < foreign->len; i++) {
        const wr_association *a = g_ptr_array_index(foreign, i);
        wr_endpoint host = a->side[0].end;
        GHashTable *targets;
        char from[WR_ENDPOINT_TEXT];
        host.port = 0;
        targets = g_hash_table_lookup(sources, &host);
        if (targets == NULL)
            continue; /* told as one */
        if (g_hash_table_size(targets) <= SPRAYED) {
            tell_foreign(e, index, a);
            continue;
        }
        rest_on(
            wr_finding_add(e, "DTLS-16", WR_ERROR, a->client_hello, 0, "V17.2.6",
                           "%s sent DTLS ClientHellos to %u ports of media without passing an ICE check on any: spray",
                           wr_endpoint_format_host(&host, from), g_hash_table_size(targets)),
            WR_BASIS_PATHS, 0);
        g_hash_table_remove(sources, &host);
    }
    g_hash_table_destroy(sources);
    g_hash_table_destroy(index);
    g_ptr_array_free(foreign, TRUE);
}

/* ---- RTP-04, RTP-05 ---- */

/* A stream that the stranger sends under an SSRC that a checked source of the same port uses at the same time. */
static bool is_interleaved(GHashTable *index, const wr_flow *f, int stranger)
{
    GPtrArray *at = g_hash_table_lookup(index, &f->end[1 - stranger]);

    for (unsigned i = 0; at != NULL && i < at->len; i++) {
        const wr_flow *g = g_ptr_array_index(at, i);
        int peer = wr_endpoint_equal(&g->end[0], &f->end[1 - stranger]) ? 1 : 0;
        for (unsigned j = 0; j < f->n_streams; j++)
            for (unsigned k = 0; k < g->n_streams; k++) {
                const wr_stream *x = &f->streams[j], *y = &g->streams[k];
                if (x->from == stranger && y->from == peer && x->ssrc == y->ssrc && x->first_us <= y->last_us &&
                    y->first_us <= x->last_us)
                    return true;
            }
    }
    return false;
}

/* What goes on is what that end does; a few packets anybody can put there, in either's name (rules 2.10). */
static wr_severity weight_of(const wr_traffic *t, wr_severity most, const char **doubt)
{
    const bool goes_on = wr_goes_on(t->packets, t->packets, t->last_us - t->first_us);

    *doubt = goes_on ? "" : ". It is too little, or too short, for more than a note: anybody can have sent it";
    return goes_on ? most : WR_NOTE;
}

static void check_stranger(wr_engine *e, GHashTable *index, const wr_flow *f, int stranger)
{
    const wr_traffic *in = &f->media[stranger], *out = &f->media[1 - stranger];
    const wr_endpoint *port = &f->end[1 - stranger];
    const char *doubt;
    wr_severity severity;
    unsigned session = session_at(e, index, port);
    char from[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];

    wr_endpoint_format(&f->end[stranger], from);
    wr_endpoint_format(port, to);
    if (out->packets > FEW_PACKETS && out->first_us >= in->first_us && out->first_us - in->first_us <= LATCH_US) {
        severity = weight_of(out, WR_ERROR, &doubt);
        rest_on(wr_finding_add(e, "RTP-05", severity, out->first_frame, session, "V17.2.3",
                               "Media server redirected a stream to an unvalidated address: %s sends to %s, which "
                               "passed no ICE check, since RTP came from there (RTP bleed pattern)%s",
                               to, from, doubt),
                WR_BASIS_PATHS, in->first_frame);
    } else if (is_interleaved(index, f, stranger)) {
        severity = weight_of(in, WR_ERROR, &doubt);
        rest_on(wr_finding_add(e, "RTP-04", severity, in->first_frame, session, "V17.2.3",
                               "RTP from %s, which passed no ICE check, with the SSRC of a stream that a checked "
                               "source sends to %s at the same time: injection attempt%s",
                               from, to, doubt),
                WR_BASIS_PATHS, 0);
    } else {
        severity = weight_of(in, WR_WARN, &doubt);
        rest_on(wr_finding_add(e, "RTP-04", severity, in->first_frame, session, "V17.2.3",
                               "RTP from %s to %s, an address that passed no ICE check%s", from, to, doubt),
                WR_BASIS_PATHS, 0);
    }
}

/* Would its checks be seen, had there been any? */
static bool would_show_checks(const wr_engine *e, const wr_traffic *t)
{
    return t->first_us - e->first_us > UNDER_WAY_US || t->last_us - t->first_us > CONSENT_SPAN_US;
}

static void check_unvalidated_media(wr_engine *e)
{
    GHashTable *index = NULL;

    for (unsigned i = 0; i < e->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(e->flows, i);
        if (f->media[0].packets + f->media[1].packets <= FEW_PACKETS || f->associations.len > 0 || f->relayed ||
            f->transport != WR_TRANSPORT_UDP || wr_flow_is_checked(f))
            continue;
        for (int end = 0; end < 2; end++) {
            if (f->media[end].packets <= FEW_PACKETS || !wr_port_is_validated(e, &f->end[1 - end]) ||
                !would_show_checks(e, &f->media[end]))
                continue;
            if (index == NULL)
                index = checked_flows(e);
            check_stranger(e, index, f, end);
            break; /* one word for one path */
        }
    }
    if (index != NULL)
        g_hash_table_destroy(index);
}

/* ---- RTP-10 ---- */

static void check_cnames(wr_engine *e)
{
    GHashTable *seen = g_hash_table_new(wr_text_hash, g_str_equal), *told = g_hash_table_new(wr_text_hash, g_str_equal);

    for (unsigned i = 0; i < e->copies->len; i++) {
        wr_copy *c = g_ptr_array_index(e->copies, i), *first;
        /* what clients say of themselves: servers hand names of others on */
        if (c->direction != WR_DIRECTION_EMITTED || c->sdp->cname == NULL || c->sdp->cname[0] == '\0' ||
            !c->sdp->has_author)
            continue;
        first = g_hash_table_lookup(seen, c->sdp->cname);
        if (first == NULL) {
            g_hash_table_insert(seen, c->sdp->cname, c);
            continue;
        }
        /* one page may share it between its connections */
        if (wr_copy_session_number(e, first) == wr_copy_session_number(e, c) ||
            wr_leg_root(first->leg) == wr_leg_root(c->leg) || wr_sdp_same_author(first->sdp, c->sdp) ||
            !g_hash_table_add(told, c->sdp->cname))
            continue;
        rest_on(wr_finding_add(
                    e, "RTP-10", WR_NOTE, c->frame, wr_copy_session_number(e, c), NULL,
                    "The RTCP CNAME links this call with another one (frame %u): it should be new for each connection",
                    first->frame),
                WR_BASIS_SESSIONS, first->frame);
    }
    g_hash_table_destroy(seen);
    g_hash_table_destroy(told);
}

const wr_capture_check *wr_checks_paths(void)
{
    static const wr_capture_check checks[] = {check_foreign_hellos, check_unvalidated_media, check_cnames, NULL};
    return checks;
}
