/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a handshake negotiated: DTLS-08 to DTLS-13, DTLS-22 (rules 3.4; RFC 8827 6.5, RFC 5764, RFC 7627, RFC
 * 8446 4.1.3).
 */
#include "check.h"
#include "records/handshake_messages.h"

#include <string.h>

#define PROFILE_AES128_CM_SHA1_32 0x0002

/* What is negotiated, in words. */
static const char *suite_name(const wr_association *a)
{
    const char *name = wr_tls_suite_name(a->suite);
    return name != NULL ? name : "an unknown suite";
}

/* ---- hellos that contradict each other ---- */

bool wr_association_hello_is_doubted(const wr_association *a, uint8_t type, wr_says_same same)
{
    const wr_handshake_messages *m = a->messages;

    if (m == NULL || a->possession[0] == WR_POSSESSION_PROVED)
        return false;
    for (unsigned i = 0; i < m->n; i++) {
        wr_dtls_event *v;
        bool agrees;
        if (m->list[i].type != type)
            continue;
        v = wr_dtls_event_of_message(type, m->list[i].body, m->list[i].length);
        agrees = (v->kind != WR_DTLS_CLIENT_HELLO && v->kind != WR_DTLS_SERVER_HELLO) || same(a, v);
        wr_dtls_event_free(v);
        if (!agrees)
            return true;
    }
    return m->cut;
}

static bool same_choice(const wr_association *a, const wr_dtls_event *v)
{
    const bool profile = v->has_use_srtp && v->n_profiles > 0;

    return v->negotiated == a->version && v->n_suites > 0 && v->suites[0] == a->suite && profile == a->has_profile &&
           (!profile || v->profiles[0] == a->srtp_profile) && v->downgrade_sentinel == a->downgrade_sentinel &&
           v->compression == (a->facts != NULL ? a->facts->compression : 0);
}

static bool lacks_suite(const wr_association *a, const wr_dtls_event *v)
{
    return !v->suites_cut && !wr_dtls_list_has(v->suites, v->n_suites, a->suite);
}

static bool lacks_profile(const wr_association *a, const wr_dtls_event *v)
{
    return v->n_profiles < WR_DTLS_MAX_PROFILES && !wr_dtls_list_has(v->profiles, v->n_profiles, a->srtp_profile);
}

/* What a ServerHello says is worth this much. */
static wr_severity of_server_hello(const wr_association *a, wr_severity severity)
{
    return severity > WR_NOTE && wr_association_hello_is_doubted(a, WR_HS_SERVER_HELLO, same_choice) ? WR_NOTE
                                                                                                     : severity;
}

/* Of what a severity was lowered for; "" where it stands. */
static const char *doubt(wr_severity is, wr_severity was)
{
    return is != was ? ". Another hello of this handshake says otherwise: one of them anybody can have sent" : "";
}

/* ---- DTLS-08 ---- */

void wr_check_possession(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->possession[1] == WR_POSSESSION_PROVED)
            wr_finding_once(e, s, "DTLS-08", WR_CHAT, a->side[1].presented.frame, 0, NULL, WR_BASIS_HELLOS,
                            "The server proved possession of its certificate's private key (association a%u)",
                            a->number);
        else if (a->possession[1] == WR_POSSESSION_INVALID && a->side[1].presented.verdict != WR_CERT_RESUMED)
            wr_finding_once(
                e, s, "DTLS-08", WR_NOTE, a->side[1].presented.frame, a->server_hello, "V17.2.8", WR_BASIS_HELLOS,
                "No signature fits: the key exchange is not signed by the key of a certificate shown in this "
                "handshake, so the certificate is nobody's (association a%u)",
                a->number);
    }
}

/* ---- DTLS-09 ---- */

/* RFC 8446 4.1.3: the last byte of the mark says which version the server was pushed down to. A client that never
 * offered better was not pushed. */
static bool was_forced_down(const wr_association *a)
{
    uint8_t last = a->server_random[WR_DTLS_RANDOM - 1];

    if (!a->downgrade_sentinel || a->facts == NULL)
        return false;
    if (a->version == WR_DTLS_1_2)
        return last == 1 && a->offers_13;
    return a->version == WR_DTLS_1_0 && (a->offers_13 || a->facts->offered_version == WR_DTLS_1_2);
}

void wr_check_version(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (was_forced_down(a)) {
            const wr_severity severity = of_server_hello(a, WR_ERROR);
            wr_finding_once(e, s, "DTLS-09", severity, a->server_hello, a->client_hello, "V17.2.2", WR_BASIS_HELLOS,
                            "DTLS version was forced down to %s: the server's random says that it could do better, and "
                            "the client offered it (association a%u)%s",
                            wr_dtls_version_name(a->version), a->number, doubt(severity, WR_ERROR));
        } else if (a->version == WR_DTLS_1_0) {
            const wr_severity severity = of_server_hello(a, WR_WARN);
            wr_finding_once(e, s, "DTLS-09", severity, a->server_hello, 0, "V17.2.2", WR_BASIS_HELLOS,
                            "DTLS 1.0 was negotiated, which is forbidden (RFC 8996) (association a%u)%s", a->number,
                            doubt(severity, WR_WARN));
        }
    }
}

/* ---- DTLS-10 ---- */

typedef struct {
    const char *part, *what;
    wr_severity severity;
} weakness;

/* The first that fits a suite's name; what is behind it counts less than forward secrecy. */
static const weakness WEAK[] = {
    {"_WITH_NULL_", "no encryption", WR_ERROR},
    {"_anon_", "no authentication", WR_ERROR},
    {"_EXPORT_", "no security: keys of export strength", WR_ERROR},
    {"_RC4_", "a broken cipher", WR_WARN},
    {"_3DES_", "a cipher with short blocks", WR_WARN},
    {"_DES_", "a broken cipher", WR_WARN},
};
static const weakness FIXED_KEYS = {NULL, "no forward secrecy: a stolen key opens recordings", WR_WARN};
static const weakness CBC = {"_CBC_", "MAC before encryption", WR_NOTE};

static const weakness *weakness_of(uint16_t suite)
{
    const char *name = wr_tls_suite_name(suite);

    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(WEAK); i++)
        if (strstr(name, WEAK[i].part) != NULL)
            return &WEAK[i];
    if (wr_tls_suite_is_null(suite))
        return &WEAK[0];
    if (!wr_tls_suite_has_forward_secrecy(suite))
        return &FIXED_KEYS;
    return name != NULL && strstr(name, CBC.part) != NULL ? &CBC : NULL;
}

void wr_check_suite(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        const weakness *w = a->has_suite ? weakness_of(a->suite) : NULL;
        if (w != NULL) {
            const wr_severity severity = of_server_hello(a, w->severity);
            wr_finding_once(e, s, "DTLS-10", severity, a->server_hello, 0, "V17.2.2", WR_BASIS_HELLOS,
                            "Negotiated cipher suite %s: %s (association a%u)%s", suite_name(a), w->what, a->number,
                            doubt(severity, w->severity));
        }
        if (a->facts != NULL && a->facts->compression != 0) {
            const wr_severity severity = of_server_hello(a, WR_WARN);
            wr_finding_once(e, s, "DTLS-10", severity, a->server_hello, 0, "V17.2.2", WR_BASIS_HELLOS,
                            "Compression was negotiated, which gives away what is compressed (association a%u)%s",
                            a->number, doubt(severity, WR_WARN));
        }
    }
}

/* ---- DTLS-11 ---- */

static bool is_rtp(const wr_sdp_section *x)
{
    return strstr(x->proto, "RTP/") != NULL;
}

bool wr_copy_needs_srtp(const wr_copy *c)
{
    unsigned enabled = 0, rtp = 0, bundled = 0;

    for (unsigned i = 0; c != NULL && i < c->sdp->n_sections; i++) {
        const wr_sdp_section *x = &c->sdp->sections[i];
        if (wr_sdp_section_disabled(x))
            continue;
        enabled++;
        rtp += is_rtp(x);
        bundled += x->in_bundle;
    }
    return rtp > 0 && (rtp == enabled || bundled == enabled);
}

bool wr_copy_has_media(const wr_copy *c, const char *media)
{
    for (unsigned i = 0; c != NULL && i < c->sdp->n_sections; i++)
        if (strcmp(c->sdp->sections[i].media, media) == 0 && !wr_sdp_section_disabled(&c->sdp->sections[i]))
            return true;
    return false;
}

static void check_profile(wr_engine *e, const wr_session *s, const wr_association *a)
{
    const char *name = wr_srtp_profile_name(a->srtp_profile);
    const wr_copy *any = a->owner[0] != NULL ? a->owner[0] : a->owner[1];
    const wr_severity severity = of_server_hello(a, WR_ERROR);

    name = name != NULL ? name : "unknown";
    if (wr_srtp_profile_is_null(a->srtp_profile))
        wr_finding_once(e, s, "DTLS-11", severity, a->server_hello, 0, "V17.2.2", WR_BASIS_HELLOS,
                        "SRTP protection profile %s negotiated: media is not encrypted (association a%u)%s", name,
                        a->number, doubt(severity, WR_ERROR));
    else if (a->srtp_profile == PROFILE_AES128_CM_SHA1_32 && wr_copy_has_media(any, "video"))
        wr_finding_once(e, s, "DTLS-11", WR_NOTE, a->server_hello, any->frame, "V17.2.2", WR_BASIS_HANDSHAKE,
                        "SRTP protection profile %s negotiated for video: its authentication tag has only 32 bits "
                        "(association a%u)",
                        name, a->number);
    if (a->facts != NULL && a->facts->mki_length > 0)
        wr_finding_once(e, s, "DTLS-11", WR_NOTE, a->server_hello, 0, NULL, WR_BASIS_HELLOS,
                        "SRTP with a master key identifier negotiated, which RFC 8827 forbids (association a%u)",
                        a->number);
}

void wr_check_srtp(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->has_profile)
            check_profile(e, s, a);
        else if (a->has_server_random && a->version != WR_DTLS_1_3 && a->version != 0 &&
                 wr_association_is_completed(a) && wr_copy_needs_srtp(a->owner[0]) && wr_copy_needs_srtp(a->owner[1])) {
            const wr_severity severity = of_server_hello(a, WR_WARN);
            wr_finding_once(
                e, s, "DTLS-11", severity, a->server_hello, a->owner[1]->frame, "V17.2.2", WR_BASIS_HANDSHAKE,
                "RTP was negotiated, but the handshake agrees on no SRTP protection profile%s (association a%u)%s",
                a->offers_use_srtp ? "" : ": the client offered none", a->number, doubt(severity, WR_WARN));
        }
    }
}

/* ---- DTLS-12 ---- */

/* No kept pair of hellos explains the choice. */
static wr_severity of_both_hellos(const wr_association *a, wr_says_same lacks)
{
    return wr_association_hello_is_doubted(a, WR_HS_CLIENT_HELLO, lacks) ? WR_NOTE : of_server_hello(a, WR_ERROR);
}

void wr_check_unoffered(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->facts == NULL)
            continue;
        if (a->facts->suite_unoffered) {
            const wr_severity severity = of_both_hellos(a, lacks_suite);
            wr_finding_once(e, s, "DTLS-12", severity, a->server_hello, a->client_hello, "V17.2.2", WR_BASIS_HELLOS,
                            "Server selected a cipher suite (%s) that was not offered (association a%u)%s",
                            suite_name(a), a->number, doubt(severity, WR_ERROR));
        }
        if (a->facts->profile_unoffered) {
            const wr_severity severity = of_both_hellos(a, lacks_profile);
            wr_finding_once(
                e, s, "DTLS-12", severity, a->server_hello, a->client_hello, "V17.2.2", WR_BASIS_HELLOS,
                "Server selected an SRTP protection profile (0x%04x) that was not offered (association a%u)%s",
                a->srtp_profile, a->number, doubt(severity, WR_ERROR));
        }
    }
}

/* ---- DTLS-13 ---- */

void wr_check_master_secret(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->has_server_random && !a->has_ems && (a->version == WR_DTLS_1_2 || a->version == WR_DTLS_1_0) &&
            wr_association_is_completed(a))
            wr_finding_once(
                e, s, "DTLS-13", WR_NOTE, a->server_hello, 0, "V17.2.2", WR_BASIS_HELLOS,
                "No extended master secret: exported SRTP keys are not bound to this handshake (association a%u)",
                a->number);
    }
}

/* ---- DTLS-22 ---- */

void wr_check_alpn(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    bool intermediary = f->reencrypted || f->declared || f->authored != NULL ||
                        s->verdict == WR_S_TERMINATED_UNDECLARED || s->verdict == WR_S_TERMINATED_BY_DECLARED;

    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->facts == NULL || g_strcmp0(a->facts->alpn, "c-webrtc") != 0)
            continue;
        if (intermediary)
            wr_finding_once(e, s, "DTLS-22", WR_WARN, a->server_hello, 0, NULL, WR_BASIS_HANDSHAKE,
                            "Confidential WebRTC (ALPN c-webrtc) is promised by an intermediary (association a%u)",
                            a->number);
        else
            wr_finding_once(e, s, "DTLS-22", WR_CHAT, a->server_hello, 0, NULL, WR_BASIS_HELLOS,
                            "Both sides promise confidential WebRTC (ALPN c-webrtc): the page must not reach the media "
                            "(association a%u)",
                            a->number);
    }
}
