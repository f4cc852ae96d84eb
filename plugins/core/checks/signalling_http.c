/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIG checks of what was said beside descriptions: credentials, page policies, versions, push payloads (W3C Permissions
 * Policy, CSP3). Secrets are shown as the beginning of a hash.
 */
#include "check.h"
#include "remarks/page_policy.h"
#include "remarks/stack_version.h"

#include <string.h>

/* Runs for every leg of the session that HTTP heads are known of; what tells the check's work. */
typedef void (*contact_check)(wr_engine *e, const wr_session *s, const wr_copy *c, const wr_contact *contact);

static void each_contact(wr_engine *e, const wr_session *s, contact_check check)
{
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        const wr_contact *contact = wr_leg_was_told(s, i) ? NULL : wr_contact_of(e, wr_leg_root(c->leg));
        if (contact != NULL)
            check(e, s, c, contact);
    }
}

/* ---- SIG-03 ---- */

static void tell_turn(wr_engine *e, const wr_session *s, const wr_contact *k)
{
    int64_t left = k->turn_expires_s != 0 ? k->turn_expires_s - k->turn_us / WR_SECOND : 0;

    if (k->turn_expires_s != 0)
        wr_finding_once(
            e, s, "SIG-03", left > 48 * 3600 ? WR_WARN : WR_NOTE, k->turn_frame, 0, NULL, WR_BASIS_MESSAGE,
            "A TURN credential travels unprotected (%s, hash %08x…); by its user name it %s %" G_GINT64_FORMAT
            " minutes %s",
            k->turn, k->turn_mark, left >= 0 ? "expires in" : "expired", (left >= 0 ? left : -left) / 60,
            left >= 0 ? "from then" : "before");
    else
        wr_finding_once(e, s, "SIG-03", WR_WARN, k->turn_frame, 0, NULL, WR_BASIS_MESSAGE,
                        "A TURN credential travels unprotected (%s, hash %08x…); nothing tells when it expires",
                        k->turn, k->turn_mark);
}

static void check_secret(wr_engine *e, const wr_session *s, const wr_copy *c, const wr_contact *k)
{
    (void)c;
    if (k->credential != NULL && k->credential_clear && !k->is_proxied)
        wr_finding_once(e, s, "SIG-03", strcmp(k->credential, "Cookie") == 0 ? WR_NOTE : WR_WARN, k->credential_frame,
                        0, NULL, WR_BASIS_HEAD,
                        "A credential travels unprotected to the signalling server: %s (hash %08x…)", k->credential,
                        k->credential_mark);
    if (k->turn != NULL && k->turn_clear && !k->is_proxied)
        tell_turn(e, s, k);
}

void wr_check_secrets(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    each_contact(e, s, check_secret);
}

/* ---- SIG-04 ---- */

static void check_one_credential(wr_engine *e, const wr_session *s, const wr_copy *c, const wr_contact *k)
{
    bool whip =
        g_strcmp0(c->dialect, "whip-whep") == 0 && !wr_kind_is_answer(c->kind) && c->direction == WR_DIRECTION_EMITTED;

    if (k->credential != NULL)
        wr_finding_once(e, s, "SIG-04", WR_CHAT, k->credential_frame, 0, NULL, WR_BASIS_HEAD,
                        "A credential is in the requests to the signalling server: %s (hash %08x…)", k->credential,
                        k->credential_mark);
    else if (k->secret_target)
        wr_finding_once(e, s, "SIG-04", WR_CHAT, k->request_frame, 0, NULL, WR_BASIS_HEAD,
                        "The request target has a part that may serve as a credential");
    else if (whip && c->partner != NULL)
        wr_finding_once(e, s, "SIG-04", WR_NOTE, c->frame, c->partner->frame, NULL, WR_BASIS_HEAD,
                        "None seen: no credential is visible in the request that set up this session, and the server "
                        "answered it. It may "
                        "be elsewhere: an earlier connection, a client certificate, the network");
    else if (k->request_frame != 0)
        wr_finding_once(e, s, "SIG-04", WR_CHAT, k->request_frame, 0, NULL, WR_BASIS_HEAD,
                        "None seen: no credential is visible in the requests to the signalling server. It may be "
                        "elsewhere: in messages, "
                        "an earlier connection, a client certificate");
}

void wr_check_credential(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    each_contact(e, s, check_one_credential);
}

/* ---- SIG-10: what the page may do ---- */

static void tell_page(wr_engine *e, const wr_session *s, const wr_page *p, wr_severity severity)
{
    GString *what = g_string_new(NULL);

    if (p->denies_camera)
        g_string_append(what, "camera");
    if (p->denies_microphone)
        g_string_append_printf(what, "%smicrophone", what->len > 0 ? ", " : "");
    if (p->denies_display)
        g_string_append_printf(what, "%sdisplay-capture", what->len > 0 ? ", " : "");
    if (what->len > 0)
        wr_finding_once(e, s, "SIG-10", severity, p->frame, 0, NULL, WR_BASIS_HEAD,
                        "The page denies itself: %s. Calls from it cannot use that", what->str);
    if (p->blocks_webrtc)
        wr_finding_once(e, s, "SIG-10", severity, p->frame, 0, NULL, WR_BASIS_HEAD,
                        "The page's Content-Security-Policy says webrtc 'block': browsers that know it refuse all peer "
                        "connections");
    if (p->names_encrypted_media)
        wr_finding_once(e, s, "SIG-10", severity, p->frame, 0, NULL, WR_BASIS_HEAD,
                        "The page's policy names encrypted-media: that governs playing protected media (EME) and has "
                        "no effect on WebRTC");
    g_string_free(what, TRUE);
}

static void check_one_page(wr_engine *e, const wr_session *s, const wr_copy *c, const wr_contact *k)
{
    const wr_leg *leg = wr_leg_root(c->leg);
    const char *page_host = k->origin != NULL ? k->origin : k->host;
    GPtrArray *pages = e->contacts->pages;

    for (unsigned i = 0; page_host != NULL && i < pages->len; i++) {
        const wr_page *p = g_ptr_array_index(pages, i);
        if (p->host == NULL || p->time_us > c->time_us + WR_SLACK_US ||
            !wr_endpoint_same_host(&p->client, &leg->client) ||
            g_ascii_strncasecmp(p->host, page_host, strcspn(p->host, ":")) != 0)
            continue;
        tell_page(e, s, p, WR_NOTE);
        if (p->connect != NULL && k->host != NULL && !wr_page_policy_allows(p->connect, p->host, k->host))
            wr_finding_once(
                e, s, "SIG-10", WR_NOTE, p->frame, c->frame, NULL, WR_BASIS_HEAD,
                "The page's connect-src does not list the signalling host: browsers refuse connections to it");
    }
}

void wr_check_page(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    if (e->contacts->pages->len > 0)
        each_contact(e, s, check_one_page);
}

/* Pages that no call followed: perhaps that is why. */
void wr_check_lone_pages(wr_engine *e)
{
    GHashTable *told = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (unsigned i = 0; i < e->findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(e->findings, i);
        if (strcmp(f->check, "SIG-10") == 0)
            g_hash_table_add(told, GUINT_TO_POINTER(f->frame));
    }
    for (unsigned i = 0; i < e->contacts->pages->len; i++) {
        const wr_page *p = g_ptr_array_index(e->contacts->pages, i);
        if (!g_hash_table_contains(told, GUINT_TO_POINTER(p->frame)))
            tell_page(e, NULL, p, WR_CHAT);
    }
    g_hash_table_destroy(told);
}

/* ---- SIG-11: browsers and stacks ---- */

static void tell_stack(wr_engine *e, const wr_session *s, const wr_stack *x, uint32_t frame, const char *from,
                       const wr_oldest *list, unsigned n)
{
    const wr_oldest *o = wr_stack_is_older(x, list, n);

    if (o != NULL)
        wr_finding_once(e, s, "SIG-11", WR_WARN, frame, 0, NULL, from,
                        "%s %u.%u is older than the oldest acceptable version, %u.%u", x->name, x->version[0],
                        x->version[1], o->version[0], o->version[1]);
    else if (x->version[0] != 0 || x->version[1] != 0)
        wr_finding_once(e, s, "SIG-11", WR_CHAT, frame, 0, NULL, from, "Speaks as %s %u.%u", x->name, x->version[0],
                        x->version[1]);
    else
        wr_finding_once(e, s, "SIG-11", WR_CHAT, frame, 0, NULL, from, "Speaks as %s, version not told", x->name);
}

void wr_check_stack(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    wr_oldest list[WR_MAX_OLDEST];
    unsigned n = wr_oldest_parse(e->options.oldest, list, NULL);
    wr_stack x;

    (void)f;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        const wr_leg *leg = wr_leg_root(c->leg);
        const wr_contact *k = wr_leg_was_told(s, i) ? NULL : wr_contact_of(e, leg);
        const char *agent = leg->user_agent != NULL ? leg->user_agent : k != NULL ? k->user_agent : NULL;
        if (!wr_leg_was_told(s, i) && wr_stack_from_agent(agent, &x))
            tell_stack(e, s, &x, k != NULL && k->user_agent_frame != 0 ? k->user_agent_frame : c->frame,
                       "User-Agent field", list, n);
        /* what is delivered was written by another party or a server */
        if (wr_stack_from_sdp(c->sdp, &x))
            tell_stack(e, s, &x, c->frame, "o= or s= line of the description", list, n);
    }
}

/* ---- SIG-09: push payloads ---- */

void wr_check_pushes(wr_engine *e)
{
    for (unsigned i = 0; i < e->contacts->pushes->len; i++) {
        const wr_push *p = g_ptr_array_index(e->contacts->pushes, i);
        wr_finding *f = wr_finding_add(e, "SIG-09", WR_NOTE, p->frame, 0, NULL,
                                       "A push notification (%s) carries personal data in keys: %s%s", p->service,
                                       p->keys, p->protected_transport ? "" : ", unprotected");
        if (f != NULL)
            f->basis = WR_BASIS_MESSAGE;
    }
}
