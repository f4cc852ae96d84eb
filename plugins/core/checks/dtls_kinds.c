/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handshakes without certificates: DTLS-03 for all but bare public keys, which are DTLS-26 (RFC 4279, RFC 7250, RFC
 * 8122 5). */
#include "check.h"
#include "verdict/handshake_kind.h"

static const char *instead(wr_suite_authentication by)
{
    switch (by) {
    case WR_SUITE_ANONYMOUS:
        return "the suite is anonymous";
    case WR_SUITE_PRE_SHARED_KEY:
        return "a pre-shared key takes its place";
    default:
        return "a password takes its place";
    }
}

bool wr_check_without_certificates(wr_engine *e, const wr_session *s, const wr_association *a)
{
    wr_suite_authentication by = wr_association_authentication(a);

    if (by == WR_SUITE_CERTIFICATE || by == WR_SUITE_KEY_AND_CERTIFICATE)
        return false;
    wr_finding_once(e, s, "DTLS-03", WR_ERROR, a->server_hello, a->last_frame, "V17.2.8", WR_BASIS_HELLOS,
                    "Neither side is authenticated by a certificate in this handshake (association a%u): %s (%s)",
                    a->number, instead(by), wr_tls_suite_name(a->suite));
    return true;
}

void wr_check_raw_keys(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const wr_side_facts *facts = a->side[side].facts;
            if (facts == NULL || facts->raw_key_frame == 0 || s->copies->len == 0)
                continue;
            wr_finding_once(e, s, "DTLS-26", WR_WARN, facts->raw_key_frame, a->server_hello, "V17.2.8", WR_BASIS_HELLOS,
                            "The DTLS %s shows a bare public key (RFC 7250) in place of a certificate: no announced "
                            "fingerprint applies to it (association a%u)",
                            side == 0 ? "client" : "server", a->number);
        }
    }
}
