/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes that go without X.509 certificates: by pre-shared keys (RFC 4279), passwords (RFC 5054), nothing at all
 * (RFC 5246 F.1.1.1), or with bare public keys (RFC 7250). Fingerprints of descriptions are of certificates (RFC 8122
 * 5), so they decide nothing there.
 */
#include "verdict/handshake_kind.h"

#include "records/handshake_facts.h"
#include "records/handshake_messages.h"
#include "verdict/verdict.h"

#define DTLS_13 0xfefc

static bool raw_key(const wr_association *a, int s)
{
    return a->side[s].presented.certificate == NULL && a->side[s].facts != NULL && a->side[s].facts->raw_key_frame != 0;
}

wr_suite_authentication wr_association_authentication(const wr_association *a)
{
    return a->has_suite && a->version != 0 && a->version != DTLS_13 ? wr_tls_suite_authentication(a->suite)
                                                                    : WR_SUITE_CERTIFICATE;
}

bool wr_association_side_kind(const wr_association *a, int s, wr_cert_verdict *out)
{
    wr_suite_authentication by = wr_association_authentication(a);

    if (raw_key(a, s)) {
        *out = WR_CERT_FP_UNUSABLE;
        return true;
    }
    if (by == WR_SUITE_CERTIFICATE || (by == WR_SUITE_KEY_AND_CERTIFICATE && s == 1))
        return false;
    *out = WR_CERT_NONE;
    return true;
}

/* A lone answer beside a handshake with both hellos: anybody can send it. */
static bool is_bare_beside(const wr_association *a)
{
    for (unsigned i = 0; a->standing == WR_BARE && i < a->flow->associations.len; i++) {
        const wr_association *o = wr_list_at(&a->flow->associations, i);
        if (o != a && o->absorbed == NULL && o->has_client_random && o->has_server_random)
            return true;
    }
    return false;
}

bool wr_association_is_unprotected(const wr_association *a)
{
    if (is_bare_beside(a))
        return false;
    return (a->has_profile && wr_srtp_profile_is_null(a->srtp_profile)) ||
           (a->has_suite && wr_tls_suite_is_null(a->suite));
}

bool wr_association_is_idle(const wr_association *a)
{
    return a->binding > WR_B1 && a->standing != WR_PROVEN && a->side[0].data_records == 0 &&
           a->side[1].data_records == 0 && a->flow->media[0].packets == 0 && a->flow->media[1].packets == 0;
}

uint32_t wr_association_disputed(const wr_association *a)
{
    return a->messages != NULL ? a->messages->disputed_frame : 0;
}

static bool say_raw_key(GString *out, const wr_association *a)
{
    for (int s = 0; s < 2; s++) {
        char at[WR_ENDPOINT_TEXT];
        if (!raw_key(a, s))
            continue;
        g_string_append_printf(out,
                               "%s showed a bare public key (RFC 7250) in place of a certificate in frame %u, and "
                               "announced fingerprints are of certificates (RFC 8122)",
                               wr_endpoint_format(&a->side[s].end, at), a->side[s].facts->raw_key_frame);
        return true;
    }
    return false;
}

bool wr_say_handshake_kind(GString *out, const wr_association *a)
{
    const char *suite = a->has_suite ? wr_tls_suite_name(a->suite) : NULL;

    switch (wr_association_authentication(a)) {
    case WR_SUITE_ANONYMOUS:
        g_string_append_printf(out,
                               "the handshake is anonymous (%s): what follows is encrypted, but neither side shows a "
                               "certificate, and whoever stands between may be the other end of both",
                               suite);
        return true;
    case WR_SUITE_PRE_SHARED_KEY:
        g_string_append_printf(out,
                               "the handshake goes by a pre-shared key (%s), without certificates: the announced "
                               "fingerprints decide nothing, who has that key does",
                               suite);
        return true;
    case WR_SUITE_PASSWORD:
        g_string_append_printf(out,
                               "the handshake goes by a password (%s), without certificates: the announced "
                               "fingerprints decide nothing, who knows that password does",
                               suite);
        return true;
    default:
        return say_raw_key(out, a);
    }
}
