/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICE checks of a call: bindings, consent, restarts (rules 3.3; RFC 8445, RFC 7675, RFC 8827 6.3). */
#include "check.h"

#include <string.h>

/* Datagrams this close together may have been captured in either order. */
#define ORDER_SLACK_US     (20 * 1000)
#define LAPSED_LEAST       16 /* datagrams that are its own, and not what somebody put beside them */
#define MAX_SILENT_TARGETS 20
#define MAX_SILENT_CHECKS  100 /* RFC 8445 19.5.1 */

/* ---- ICE-01 ---- */

static void check_bindings(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        const wr_copy *c = a->owner[0] != NULL ? a->owner[0] : a->owner[1];
        if (a->binding <= WR_B1 && c != NULL)
            wr_finding_once(e, s, "ICE-01", WR_CHAT, a->binding_frame, c->frame, NULL, WR_BASIS_INTEGRITY,
                            "The flow of association a%u is bound to the description in frame %u (ICE integrity "
                            "verified, grade %s)",
                            a->number, c->frame, wr_binding_name(a->binding));
    }
}

/* ---- ICE-04 ---- */

static bool is_announced(const wr_engine *e, const wr_session *s, const wr_endpoint *end, bool *names)
{
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        *names |= c->has_names;
        for (unsigned j = 0; j < c->n_addresses; j++)
            if (wr_endpoint_same_host(&c->addresses[j], end))
                return true;
    }
    return g_hash_table_lookup(e->relays, end) != NULL;
}

/* The far end saw the same address, and says so under its password: nothing translates between here and there. */
static bool is_confirmed(const wr_flow *f, int end)
{
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        if (k->from == end && k->response_valid && wr_endpoint_equal(&k->mapped, &f->end[end]))
            return true;
    }
    return false;
}

/* A password was known for some check: where one direction is missing, it is not. */
static bool any_tried(const wr_flow *f)
{
    for (unsigned i = 0; i < f->checks.len; i++)
        if (((const wr_check *)wr_list_at(&f->checks, i))->tried)
            return true;
    return false;
}

static void check_flow_addresses(wr_engine *e, const wr_session *s, const wr_association *a, const wr_flow *f)
{
    for (int end = 0; end < 2; end++) {
        bool names = false;
        char at[WR_ENDPOINT_TEXT];
        if (is_announced(e, s, &f->end[end], &names))
            continue;
        wr_endpoint_format_host(&f->end[end], at);
        if (is_confirmed(f, end) || names)
            wr_finding_once(e, s, "ICE-04", WR_CHAT, f->first_frame, 0, NULL, WR_BASIS_INTEGRITY,
                            "Address %s was not announced as such: %s", at,
                            names ? "candidates were announced by .local names"
                                  : "peer-reflexive, confirmed by the other side");
        else if (a->binding <= WR_B1)
            wr_finding_once(e, s, "ICE-04", WR_NOTE, f->first_frame, a->binding_frame, NULL, WR_BASIS_INTEGRITY,
                            "Address %s was not announced in signalling: peer-reflexive or translated", at);
        else if (any_tried(f) && wr_flow_has_handshake(f))
            wr_finding_once(
                e, s, "ICE-04", WR_WARN, f->first_frame, 0, NULL, WR_BASIS_CHECKS,
                "Address %s was not announced in signalling, and no connectivity check of this flow validates", at);
        else
            wr_finding_once(e, s, "ICE-04", WR_NOTE, f->first_frame, 0, NULL, WR_BASIS_CHECKS,
                            "Address %s was not announced in signalling; %s", at,
                            any_tried(f) ? "no connectivity check of this flow validates, and no handshake is proven "
                                           "or complete there: anybody can have sent this"
                                         : "no connectivity check of this flow is in the capture");
    }
}

static void check_addresses(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; s->copies->len > 0 && i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (!a->flow->in_stun && a->flow->channel == 0)
            check_flow_addresses(e, s, a, a->flow);
    }
}

/* ---- ICE-05, ICE-06 ---- */

/* Checks only the other side sends: this end is ICE-lite. */
static bool sends_checks(const wr_flow *f, int end)
{
    for (unsigned i = 0; i < f->checks.len; i++)
        if (((wr_check *)wr_list_at(&f->checks, i))->from == end)
            return true;
    return false;
}

/* The answer that gave leave may have been lost, or come before the capture: of several checks the first was not
 * answered, or the beginning of the path is not there. */
static bool may_have_been_given(const wr_flow *f, int leave)
{
    bool begun = false;

    for (unsigned i = 0; i < f->associations.len; i++)
        begun |= ((const wr_association *)wr_list_at(&f->associations, i))->has_client_random;
    return !begun || f->asked[leave] > 1;
}

static bool any_without_ice(const wr_session *s)
{
    for (unsigned i = 0; i < s->copies->len; i++)
        if (((wr_copy *)g_ptr_array_index(s->copies, i))->credentials.len > 0)
            return false;
    return s->copies->len > 0;
}

/* The parties' own: what was announced agrees with it, or there is no other on its path. */
static bool is_of_the_parties(const wr_flow *f, const wr_association *a)
{
    if (a->verdict == WR_A_VERIFIED || a->verdict == WR_A_HALF_VERIFIED)
        return true;
    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *o = wr_list_at(&f->associations, i);
        if (o != a && o->absorbed == NULL && o->has_server_random)
            return false;
    }
    return true;
}

/* Its ClientHello came again when consent was there: what was seen before may be a copy under older times, or be of
 * somebody who sent it ahead. */
static bool is_begun_again(const wr_association *a, int64_t us)
{
    const wr_beginning *b = a->facts != NULL ? &a->facts->beginning : NULL;

    return b != NULL && b->answer_ignored_frame != 0 && b->ignored_us + ORDER_SLACK_US >= us;
}

/* A handshake of this path was over before this time: datagrams alone anybody can send in another's name, and beside
 * the parties' handshake a whole one. */
static bool was_done_before(const wr_flow *f, int64_t us)
{
    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *a = wr_list_at(&f->associations, i);
        if (a->absorbed == NULL && wr_association_is_completed(a) && a->possession[1] != WR_POSSESSION_INVALID &&
            a->has_client_random && a->has_server_random && a->server_hello_us + ORDER_SLACK_US < us &&
            a->owner[0] != NULL && a->owner[1] != NULL && is_of_the_parties(f, a) &&
            MAX(a->side[0].finished_us, a->side[1].finished_us) + ORDER_SLACK_US < us && !is_begun_again(a, us))
            return true;
    }
    return false;
}

static void tell_early(wr_engine *e, const wr_session *s, const wr_flow *f, int end, int64_t given_us, uint32_t given)
{
    const bool sure = was_done_before(f, given_us);
    char at[WR_ENDPOINT_TEXT];

    wr_endpoint_format(&f->end[end], at);
    wr_finding_once(e, s, "ICE-05", sure ? WR_WARN : WR_NOTE, f->consent->sent_frame[end], given, NULL, WR_BASIS_CHECKS,
                    "%s sent DTLS or media to an address that had not consented: the first successful check is in "
                    "frame %u%s",
                    at, given,
                    sure ? "" : ". No handshake was over by then, and anybody can send such datagrams in its name");
}

static void check_flow_consent(wr_engine *e, const wr_session *s, const wr_flow *f)
{
    const wr_consent *c = f->consent;

    for (int end = 0; end < 2; end++) {
        char at[WR_ENDPOINT_TEXT];
        /* a side that never checks got its leave by answering the other's check */
        int leave = sends_checks(f, end) ? end : 1 - end;
        if (c->sent_first_us[end] == 0 || c->given_first_us[leave] == 0)
            continue; /* nothing sent; or no answer at all is seen, which one-way and late captures show as well */
        wr_endpoint_format(&f->end[end], at);
        if (c->sent_first_us[end] + ORDER_SLACK_US < c->given_first_us[leave] && f->first_frame != c->sent_frame[end] &&
            !may_have_been_given(f, leave))
            tell_early(e, s, f, end, c->given_first_us[leave], c->given_frame[leave]);
        if (leave == end && c->lapsed[end] >= LAPSED_LEAST)
            wr_finding_once(e, s, "ICE-06", WR_WARN, c->lapsed_frame[end], 0, NULL, WR_BASIS_CHECKS,
                            "%s went on sending without fresh consent for %u s", at,
                            (unsigned)(c->lapsed_us[end] / WR_SECOND));
        else if (leave == end && c->lapsed[end] > 0)
            wr_finding_once(e, s, "ICE-06", WR_NOTE, c->lapsed_frame[end], 0, NULL, WR_BASIS_CHECKS,
                            "%u datagrams came from %s up to %u s after its last consent: so few anybody can have sent "
                            "in its name",
                            c->lapsed[end], at, (unsigned)(c->lapsed_us[end] / WR_SECOND));
    }
}

static void check_consent(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    bool without = any_without_ice(s);

    (void)f;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        if (flow->consent == NULL || flow->in_stun)
            continue;
        if (flow->checks.len > 0)
            check_flow_consent(e, s, flow);
        else if (without && flow->consent->sent_first_us[0] + flow->consent->sent_first_us[1] != 0)
            wr_finding_once(e, s, "ICE-05", WR_WARN, flow->first_frame,
                            ((wr_copy *)g_ptr_array_index(s->copies, 0))->frame, NULL, WR_BASIS_CHECKS,
                            "No description of this call uses ICE: nobody's consent was asked before sending");
    }
}

/* ---- ICE-07 ---- */

static guint end_hash(gconstpointer p)
{
    return wr_endpoint_hash(p);
}

static gboolean end_equal(gconstpointer a, gconstpointer b)
{
    return wr_endpoint_equal(a, b);
}

static void check_silent_targets(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    GHashTable *silent = g_hash_table_new(end_hash, end_equal);
    uint64_t requests = 0;
    uint32_t frame = 0;
    unsigned targets;

    (void)f;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        for (unsigned j = 0; j < flow->checks.len; j++) {
            const wr_check *k = wr_list_at(&flow->checks, j);
            bool answered = flow->consent != NULL && flow->consent->given_first_us[k->from] != 0;
            if (answered || sends_checks(flow, 1 - k->from))
                continue;
            requests += k->requests;
            g_hash_table_add(silent, (gpointer)&flow->end[1 - k->from]);
            if (frame == 0)
                frame = k->first_frame;
        }
    }
    targets = g_hash_table_size(silent);
    if (targets > MAX_SILENT_TARGETS || (requests > MAX_SILENT_CHECKS && targets > 3))
        wr_finding_once(e, s, "ICE-07", WR_NOTE, frame, 0, NULL, WR_BASIS_CHECKS,
                        "Connectivity checks go to %u silent addresses, %" G_GUINT64_FORMAT
                        " of them in all: a description may aim them at "
                        "third parties",
                        targets, requests);
    g_hash_table_destroy(silent);
}

/* ---- ICE-09, ICE-10 ---- */

static void check_restarts(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 1; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i), *p = wr_copy_before(s, i);
        wr_effective is = wr_copy_transport(c), was;
        bool ufrag, password;
        if (p == NULL || is.ice_ufrag == NULL || is.ice_pwd == NULL || c->sdp->fragment)
            continue;
        was = wr_copy_transport(p);
        if (was.ice_ufrag == NULL || was.ice_pwd == NULL ||
            wr_sdp_compare_fingerprints(p->sdp, c->sdp) == WR_FPS_DIFFERENT)
            continue;
        ufrag = strcmp(was.ice_ufrag, is.ice_ufrag) != 0;
        password = strcmp(was.ice_pwd, is.ice_pwd) != 0;
        if (ufrag && password)
            wr_finding_once(e, s, "ICE-09", WR_CHAT, c->frame, p->frame, NULL, WR_BASIS_VERSIONS,
                            "ICE restart by the %s in frame %u: new credentials, the same certificate; the DTLS "
                            "association goes on",
                            wr_copy_word(c), c->frame);
        else if (ufrag || password)
            wr_finding_once(e, s, "ICE-09", WR_NOTE, c->frame, p->frame, NULL, WR_BASIS_VERSIONS,
                            "Only the ICE %s changed between frame %u and frame %u: a restart must change both",
                            ufrag ? "user name fragment" : "password", p->frame, c->frame);
    }
}

static void check_lite(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (wr_kind_is_answer(c->kind) && c->partner != NULL && c->sdp->ice_lite && c->partner->sdp->ice_lite)
            wr_finding_once(e, s, "ICE-10", WR_NOTE, c->frame, c->partner->frame, NULL, WR_BASIS_PAIR,
                            "Both sides are ICE-lite: nobody checks");
    }
}

const wr_session_check *wr_checks_ice(void)
{
    static const wr_session_check checks[] = {check_bindings, check_addresses, check_consent, check_silent_targets,
                                              check_restarts, check_lite,      NULL};
    return checks;
}
