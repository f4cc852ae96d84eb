/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which copies of a description bear witness. A copy between strangers was told to nobody: where the flows of the call
 * are seen, a leg counts when it is tied to one of their ends, or when it is that of an author whose own flows are not
 * seen. Such a leg showed the description before any leg that is tied, by hosts that signalling of the tied ones passed
 * through. Where its client was also told the other half of the exchange, it is a party as far as signalling can show;
 * where not, anybody who may speak with the server can have said it, and against what is proven it is a claim. What
 * comes later, or between other hosts, anybody can have copied; where it contradicts, its leg is a stranger's, and a
 * finding says so. Where no flow is seen, signalling alone shows what it shows.
 */
#include "relations/relations.h"
#include "relations/signalling_path.h"
#include "sdp/compare.h"

/* Two points' clocks, once brought together, agree as well as this. */
#define CLOCK_US (WR_SECOND / 20)
/* By how much packets of one point may be out of order. */
#define ORDER_US (WR_SECOND / 200)

/* A certificate alone binds a description of whoever has announced it, and records alone are anybody's, but on a path
 * whose checks are verified: there most of a handshake may have been lost. */
static bool ties_legs(const wr_association *a)
{
    return a->binding <= WR_B1 || (a->standing != WR_BARE && a->binding < WR_B4);
}

wr_tie wr_leg_tie_in(const wr_session *s, const wr_leg *leg, int *own)
{
    wr_tie best = WR_TIE_NONE;

    leg = wr_leg_root((wr_leg *)leg);
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (!ties_legs(a))
            continue;
        for (unsigned j = 0; j < a->n_ties; j++) {
            if (wr_leg_root((wr_leg *)a->ties[j].leg) != leg || (wr_tie)a->ties[j].tie <= best)
                continue;
            best = (wr_tie)a->ties[j].tie;
            if (own != NULL)
                *own = a->ties[j].own;
        }
    }
    return best;
}

bool wr_session_has_ties(const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->n_ties > 0 && ties_legs(a))
            return true;
    }
    return false;
}

bool wr_copy_is_later(const wr_engine *e, const wr_copy *c, const wr_copy *than)
{
    if (c->point == than->point) /* clocks that were inferred make no order, but doubt one */
        return c->frame > than->frame &&
               (c->spot == than->spot || c->spot == 0 || than->spot == 0 ||
                (wr_inferred_can_order(e, c->spot, than->spot) && wr_copy_after_inferred(c, than) > -CLOCK_US));
    return c->timed && than->timed && wr_copy_after(c, than) > CLOCK_US;
}

/* What is known of a leg in one call. */
typedef struct {
    wr_tie tie;
    bool tied;                     /* to an end of its flows */
    unsigned group;                /* of hosts, see wr_hosts_group() */
    bool reached;                  /* a tied leg is of this group, or nothing is known of its hosts */
    bool spoke_first;              /* it emitted a description before a tied leg delivered it, in whatever form */
    bool bare;                     /* nothing but datagrams, see bare_legs.c */
    bool lone;                     /* the same, of one direction */
    bool unanswered;               /* between its hosts no exchange was seen */
    int8_t claims;                 /* a proven path contradicts it: 1 yes, -1 no, 0 not asked yet */
    uint8_t ways;                  /* in which descriptions came between its ends, a bit each */
    bool emitted[2], delivered[2]; /* by class: offer, answer */
} part;

static part *part_of(const wr_session *s, const wr_copy *c)
{
    return s->legs != NULL ? g_hash_table_lookup(s->legs, wr_leg_root(c->leg)) : NULL;
}

/* Marks the author of one description: its client is who wrote it, or stands between. */
static void find_first(const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    for (int k = 0; k < 2; k++) {
        const wr_copy *c = k == 0 ? p->first : p->second, *o = k == 0 ? p->second : p->first;
        part *mine = part_of(s, c);
        const part *other = part_of(s, o);
        if (mine != NULL && other != NULL && other->tied && c->direction != WR_DIRECTION_DELIVERED &&
            o->direction != WR_DIRECTION_EMITTED && !wr_copy_is_later(e, c, o))
            mine->spoke_first = true;
    }
}

static void enter_leg(wr_session *s, const wr_copy *c)
{
    const wr_leg *leg = wr_leg_root(c->leg);
    part *x = g_hash_table_lookup(s->legs, leg);

    if (x == NULL) {
        x = g_new0(part, 1);
        x->tie = wr_leg_tie_in(s, leg, NULL);
        x->bare = wr_leg_is_bare(leg);
        g_hash_table_insert(s->legs, (gpointer)leg, x);
    }
    x->ways |= wr_endpoint_compare(&c->src, &c->dst) < 0 ? 1 : 2;
    x->lone = leg->two_ended && leg->witness == NULL && !c->mirrored && x->ways != 3;
    x->emitted[wr_kind_is_answer(c->kind)] |= c->direction != WR_DIRECTION_DELIVERED;
    x->delivered[wr_kind_is_answer(c->kind)] |= c->direction != WR_DIRECTION_EMITTED;
}

/* Groups of hosts with a leg that is tied at least so well: a set of their numbers. g_hash_table_destroy. */
static GHashTable *groups_with(const wr_session *s, wr_tie least)
{
    GHashTable *groups = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTableIter i;
    gpointer leg, value;

    g_hash_table_iter_init(&i, s->legs);
    while (g_hash_table_iter_next(&i, &leg, &value))
        if (((const part *)value)->tie >= least)
            g_hash_table_add(groups, GUINT_TO_POINTER(((const part *)value)->group));
    return groups;
}

/* Candidates alone tie a leg that is joined with one that is tied by its address, where there is such a one. */
static void find_ties(wr_session *s)
{
    GHashTable *groups = groups_with(s, WR_TIE_ADDRESS);
    const bool any = g_hash_table_size(groups) > 0;
    GHashTableIter i;
    gpointer leg, value;

    g_hash_table_iter_init(&i, s->legs);
    while (g_hash_table_iter_next(&i, &leg, &value)) {
        part *x = value;
        x->tied = x->tie == WR_TIE_ADDRESS ||
                  (x->tie > WR_TIE_NONE &&
                   (!any || x->group == 0 || g_hash_table_contains(groups, GUINT_TO_POINTER(x->group))));
    }
    g_hash_table_destroy(groups);
    groups = groups_with(s, any ? WR_TIE_ADDRESS : WR_TIE_ANNOUNCED);
    g_hash_table_iter_init(&i, s->legs);
    while (g_hash_table_iter_next(&i, &leg, &value)) {
        part *x = value;
        x->reached = x->group == 0 || g_hash_table_contains(groups, GUINT_TO_POINTER(x->group));
    }
    g_hash_table_destroy(groups);
}

/* Its client wrote one half of an exchange and was told the other. */
static bool has_exchanged(const part *x)
{
    return (x->emitted[0] && x->delivered[1]) || (x->emitted[1] && x->delivered[0]);
}

static void find_answered(wr_session *s)
{
    GHashTable *exchanged = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTableIter i;
    gpointer leg, value;

    g_hash_table_iter_init(&i, s->legs);
    while (g_hash_table_iter_next(&i, &leg, &value))
        if (has_exchanged(value))
            g_hash_table_add(exchanged, GUINT_TO_POINTER(((const part *)value)->group));
    g_hash_table_iter_init(&i, s->legs);
    while (g_hash_table_iter_next(&i, &leg, &value)) {
        part *x = value;
        x->unanswered = x->group != 0 && !g_hash_table_contains(exchanged, GUINT_TO_POINTER(x->group));
    }
    g_hash_table_destroy(exchanged);
}

/* Some connection is a party's, in that it is tied, or as far as signalling alone shows. */
static void find_connections(wr_session *s)
{
    const bool tied = wr_session_has_ties(s);
    GHashTableIter i;
    gpointer leg, value;

    s->connected = false;
    g_hash_table_iter_init(&i, s->legs);
    while (g_hash_table_iter_next(&i, &leg, &value)) {
        const part *x = value;
        s->connected |= !x->bare && ((const wr_leg *)leg)->witness == NULL && has_exchanged(x) && (x->tied || !tied);
    }
}

static void find_groups(wr_session *s)
{
    wr_hosts *hosts = wr_hosts_new();

    for (unsigned i = 0; i < s->copies->len; i++)
        wr_hosts_join(hosts, g_ptr_array_index(s->copies, i));
    for (unsigned i = 0; i < s->copies->len; i++)
        part_of(s, g_ptr_array_index(s->copies, i))->group = wr_hosts_group(hosts, g_ptr_array_index(s->copies, i));
    wr_hosts_free(hosts);
    find_ties(s);
    find_answered(s);
    find_connections(s);
}

static void find_parts(const wr_engine *e, wr_session *s)
{
    if (s->legs != NULL)
        g_hash_table_destroy(s->legs);
    s->legs = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    for (unsigned i = 0; i < s->copies->len; i++)
        enter_leg(s, g_ptr_array_index(s->copies, i));
    find_groups(s);
    for (unsigned i = 0; i < s->pairings->len; i++)
        if (!((const wr_pairing *)g_ptr_array_index(s->pairings, i))->explained)
            find_first(e, s, g_ptr_array_index(s->pairings, i));
}

/* The copy of this pairing whose leg nothing ties to the flows, though the other's is, and which shows nothing that was
 * not shown there before; NULL for none. */
static wr_copy *stranger(const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    const part *first = part_of(s, p->first), *second = part_of(s, p->second), *x;
    wr_copy *c;

    if (first == NULL || second == NULL)
        return NULL;
    if (first->lone != second->lone) /* anybody can send a datagram from any address; a connection answers */
        return first->lone ? p->first : p->second;
    if (first->bare != second->bare && (first->bare ? second : first)->tied) {
        c = first->bare ? p->first : p->second;
        if (!wr_copy_is_stated(first->bare ? p->second : p->first) && wr_copy_is_after_all(e, s, p, c))
            return c;
    }
    if (first->tied == second->tied)
        return NULL;
    c = first->tied ? p->second : p->first;
    x = first->tied ? second : first;
    if (wr_copy_is_stated(c)) /* no packet can put a file beside the capture */
        return NULL;
    if (!x->reached)
        return c;
    if (c->direction != WR_DIRECTION_DELIVERED && !wr_copy_is_later(e, c, first->tied ? p->first : p->second))
        return NULL;
    return x->spoke_first ? NULL : c;
}

static bool contradicts(const wr_pairing *p)
{
    return p->sameness != WR_SAME_S0 && (p->sameness != WR_SAME_S1 || p->fingerprints != WR_FPS_EQUAL);
}

/* Put into a connection, which goes on without it, beside what was said there; or said on one of these legs. */
static bool is_dropped(const wr_engine *e, GHashTable *legs, const wr_copy *c)
{
    return legs == NULL ? wr_copy_is_unsent(e, c) : g_hash_table_contains(legs, wr_leg_root(c->leg));
}

/* What was said on these legs; without any, what was put into a connection. */
static void drop_copies(const wr_engine *e, wr_session *s, GHashTable *legs)
{
    unsigned n = 0;

    for (unsigned i = s->pairings->len; i-- > 0;) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (is_dropped(e, legs, p->first) || is_dropped(e, legs, p->second))
            g_ptr_array_remove_index(s->pairings, i);
    }
    for (unsigned i = 0; i < s->copies->len; i++)
        if (!is_dropped(e, legs, g_ptr_array_index(s->copies, i)))
            s->copies->pdata[n++] = s->copies->pdata[i];
    g_ptr_array_set_size(s->copies, (gint)n);
}

void wr_session_drop_strangers(wr_engine *e, wr_session *s)
{
    GHashTable *legs;

    drop_copies(e, s, NULL);
    find_parts(e, s);
    s->tied = wr_session_has_ties(s);
    if (!s->tied)
        return;
    legs = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        const wr_copy *c = stranger(e, s, p);
        if (c == NULL || p->explained || !contradicts(p))
            continue;
        wr_injection_add(e, WR_INJECTED_COPY, c->frame, c == p->first ? p->second->frame : p->first->frame, NULL, c);
        g_hash_table_add(legs, wr_leg_root(c->leg));
    }
    drop_copies(e, s, legs);
    g_hash_table_destroy(legs);
}

/* On one connection two points may show what was changed between them; two connections are two of what was said. */
static bool is_said_beside(const wr_copy *r, const wr_copy *c, bool apart)
{
    const wr_leg *x = wr_leg_root(r->leg), *y = wr_leg_root(c->leg);

    if (x == y && r->connection == c->connection)
        return wr_copies_not_altered_between(r, c);
    return x == y || (apart && wr_endpoint_same_host(&x->client, &y->client));
}

/* The same client was told or said the same version as the other copy has it: a segment that was sent twice, another
 * message put beside the true one, or a connection of its own. What it says after that was delivered may repeat it. */
static bool is_rivalled(const wr_engine *e, const wr_copy *c, const wr_copy *other)
{
    const bool apart = !wr_endpoint_same_host(&wr_leg_root(c->leg)->client, &wr_leg_root(other->leg)->client);

    for (unsigned i = 0; i < c->credentials.len; i++) {
        const wr_bucket bucket = wr_copies_with(e, wr_list_at(&c->credentials, i));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++) {
            const wr_copy *r = bucket.members[j];
            if (r != c && r != other && r->unsent == 0 && r->direction == c->direction && !r->echo &&
                !wr_copy_is_stated(r) && (r->direction != WR_DIRECTION_EMITTED || !wr_copy_is_later(e, r, other)) &&
                wr_copies_same_class(r, c) && is_said_beside(r, c, apart) &&
                wr_sdp_compare_fingerprints(r->sdp, other->sdp) <= WR_FPS_TRIMMED)
                return true;
        }
    }
    return false;
}

bool wr_pairing_is_doubted(const wr_engine *e, const wr_pairing *p)
{
    if (p->first->doubted != 0 || p->second->doubted != 0 || p->first->unsent != 0 || p->second->unsent != 0)
        return true;
    return contradicts(p) && (is_rivalled(e, p->first, p->second) || is_rivalled(e, p->second, p->first));
}

/* A key that signed a handshake of the call is that of a certificate which it announces. */
static bool is_shown(const wr_session *s, const wr_copy *c)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const wr_certificate *cert = a->side[side].presented.certificate;
            if (cert != NULL && a->possession[side] == WR_POSSESSION_PROVED && a->binding <= WR_B1 &&
                wr_sdp_announces(c->sdp, cert))
                return true;
        }
    }
    return false;
}

/* Half an exchange from a party's address anybody can send who may speak with the server: against what was seen
 * otherwise it counts where a handshake bears it out. */
static bool bears_witness(const wr_session *s, const wr_pairing *p, const part *x, const wr_copy *c)
{
    return has_exchanged(x) || (x->tied && (!contradicts(p) || wr_copy_is_stated(c) || is_shown(s, c)));
}

/* Asked only where copies differ: it looks at every association. */
static bool is_contradicted(const wr_session *s, part *x, const wr_copy *c)
{
    if (x->claims == 0)
        x->claims = wr_leg_is_disowned(s, c->leg) || wr_leg_is_out_of_place(s, c->leg) ? 1 : -1;
    return x->claims > 0;
}

/* It is on a leg of a party, or of another call. */
static bool is_tied_if_any(const wr_session *s, const wr_copy *c)
{
    const part *x = part_of(s, c);

    return x == NULL || x->tied;
}

/* The other half of its exchange is that of another exchange, as a leg that both were seen on has it: who saw two calls
 * put one together of both. Where that leg is a stranger's it is he. */
static bool is_put_together(const wr_engine *e, const wr_session *s, const wr_copy *c)
{
    const wr_copy *half = c->partner;

    for (unsigned i = 0; half != NULL && i < half->credentials.len; i++) {
        const wr_bucket bucket = wr_copies_with(e, wr_list_at(&half->credentials, i));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++) {
            const wr_copy *r = bucket.members[j];
            if (r != half && wr_leg_root(r->leg) != wr_leg_root(half->leg) && !r->guessed && r->partner != NULL &&
                is_tied_if_any(s, r) && !wr_copies_share_credentials(r->partner, c))
                return true;
        }
    }
    return false;
}

bool wr_pairing_is_refuted(const wr_session *s, const wr_pairing *p)
{
    if (part_of(s, p->first) == NULL || part_of(s, p->second) == NULL)
        return false;
    return contradicts(p) && p->fingerprints >= WR_FPS_DIFFERENT &&
           (is_contradicted(s, part_of(s, p->first), p->first) ||
            is_contradicted(s, part_of(s, p->second), p->second) || wr_pairing_is_bypassed(s, p));
}

static bool is_seen_connection(const part *x, const wr_copy *c)
{
    return !x->bare && !wr_copy_is_stated(c);
}

/* A connection tells of it as well. */
static bool is_repeated(const wr_engine *e, const wr_copy *c)
{
    for (unsigned i = 0; i < c->credentials.len; i++) {
        const wr_bucket bucket = wr_copies_with(e, wr_list_at(&c->credentials, i));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++)
            if (!wr_copy_is_stated(bucket.members[j]) && !wr_leg_is_bare(((const wr_copy *)bucket.members[j])->leg))
                return true;
    }
    return false;
}

/* Datagrams against a connection, or two of them where one tells of the call: anybody near can have sent the ones, and
 * made the other up. What a server writes anew (S3) and a connection tells nothing of is no copy of anything, and takes
 * associations of its own to be told. */
static bool is_spoofable(const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    const part *first = part_of(s, p->first), *second = part_of(s, p->second);

    if (!first->bare && !second->bare)
        return false;
    if (p->sameness == WR_SAME_S3)
        return (first->bare && is_repeated(e, p->first)) || (second->bare && is_repeated(e, p->second));
    return s->connected || is_seen_connection(first, p->first) || is_seen_connection(second, p->second);
}

/* The one was told before the handshake and the other when it was done, which so went by the one alone. Where points
 * were inferred, the order of the file is none. */
static bool is_told_afterwards(const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    return contradicts(p) && p->first->spot == 0 && p->second->spot == 0 && !wr_copy_is_stated(p->first) &&
           !wr_copy_is_stated(p->second) &&
           wr_copy_is_after_all(e, s, p, p->first) != wr_copy_is_after_all(e, s, p, p->second);
}

/* It was told to a client, and only after that a party said it, as the same clock has it: what is told before it is
 * said somebody made up, or who saw it said was late. */
static bool is_told_too_early(const wr_engine *e, const wr_session *s, const wr_copy *c)
{
    bool said = false;

    if (c->direction != WR_DIRECTION_DELIVERED || c->spot != 0 || wr_copy_is_stated(c))
        return false;
    for (unsigned i = 0; i < c->credentials.len; i++) {
        const wr_bucket bucket = wr_copies_with(e, wr_list_at(&c->credentials, i));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++) {
            const wr_copy *r = bucket.members[j];
            if (r == c || r->direction == WR_DIRECTION_DELIVERED || !wr_copies_same_class(r, c))
                continue;
            if (r->point != c->point || r->spot != 0 || wr_copy_is_stated(r) || wr_copy_after(r, c) <= ORDER_US)
                return false;
            said |= wr_copy_is_tied(s, r) && !wr_leg_is_bare(r->leg);
        }
    }
    return said;
}

/* No handshake of the call is that of the answer of its exchange, though another was verified: of those that an offer
 * rang it is one that did not get the call. */
static bool is_of_no_handshake(const wr_session *s, const wr_copy *c)
{
    const wr_copy *answer = wr_kind_is_answer(c->kind) ? c : c->partner;
    bool verified = false;

    for (unsigned i = 0; answer != NULL && i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++)
            if (a->owner[side] != NULL && wr_copies_share_credentials(a->owner[side], answer))
                return false;
        verified |= a->verdict == WR_A_VERIFIED && a->standing == WR_PROVEN && a->binding <= WR_B1;
    }
    return verified;
}

bool wr_pairing_is_early(const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    const wr_copy *const of[4] = {p->first, p->second, p->first->partner, p->second->partner};

    for (int i = 0; i < 4 && contradicts(p); i++)
        if (of[i] != NULL && is_of_no_handshake(s, of[i]) && is_told_too_early(e, s, of[i]))
            return true;
    return false;
}

wr_weight wr_pairing_weight(const wr_engine *e, const wr_session *s, const wr_pairing *p)
{
    const part *first = part_of(s, p->first), *second = part_of(s, p->second);
    wr_weight within;
    bool doubted;

    if (first == NULL || second == NULL)
        return WR_WEIGHT_FULL;
    doubted = wr_pairing_is_doubted(e, p);
    if (!s->tied) /* signalling alone: one path of it, or two that nothing joins */
        return !doubted && !is_spoofable(e, s, p) &&
                       (first->group == second->group || first->group == 0 || second->group == 0)
                   ? WR_WEIGHT_FULL
                   : WR_WEIGHT_CLAIM;
    if (!first->tied && !second->tied &&
        (!first->spoke_first || !second->spoke_first || !first->reached || !second->reached))
        return WR_WEIGHT_NONE;
    within = wr_pairing_within_host(s, p);
    if (stranger(e, s, p) != NULL || within == WR_WEIGHT_NONE)
        return WR_WEIGHT_NONE;
    if (wr_pairing_is_refuted(s, p) || is_spoofable(e, s, p) || is_told_afterwards(e, s, p) ||
        wr_pairing_is_early(e, s, p) ||
        (contradicts(p) && (is_put_together(e, s, p->first) || is_put_together(e, s, p->second))))
        return WR_WEIGHT_CLAIM;
    return !doubted && within == WR_WEIGHT_FULL && bears_witness(s, p, first, p->first) &&
                   bears_witness(s, p, second, p->second)
               ? WR_WEIGHT_FULL
               : WR_WEIGHT_CLAIM;
}

bool wr_copy_is_of_strangers(const wr_session *s, const wr_copy *c)
{
    const part *x = s->tied ? part_of(s, c) : NULL;

    return x != NULL && !x->tied && !x->reached;
}

bool wr_copy_is_unanswered(const wr_session *s, const wr_copy *c)
{
    const part *x = s->tied ? NULL : part_of(s, c);

    return x != NULL && x->unanswered;
}

bool wr_copy_is_tied(const wr_session *s, const wr_copy *c)
{
    const part *x = part_of(s, c);

    return x != NULL && x->tied;
}

bool wr_copies_are_joined(const wr_session *s, const wr_copy *a, const wr_copy *b)
{
    const part *x = part_of(s, a), *y = part_of(s, b);

    return x == NULL || y == NULL || x->group == y->group || x->group == 0 || y->group == 0;
}
