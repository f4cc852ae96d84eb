/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a cipher suite authenticates by, and what it costs a record, by its IANA name (RFC 5246 A.5, RFC 4279, RFC 5054,
 * RFC 8492, RFC 9150). */
#include "dtls/dtls.h"

#include <string.h>

static bool has(const char *name, const char *part)
{
    return name != NULL && strstr(name, part) != NULL;
}

bool wr_tls_suite_is_null(uint16_t suite)
{
    /* The last two are TLS 1.3 suites with integrity alone (RFC 9150). */
    return has(wr_tls_suite_name(suite), "_WITH_NULL_") || suite == 0xc0b4 || suite == 0xc0b5;
}

wr_suite_authentication wr_tls_suite_authentication(uint16_t suite)
{
    const char *name = wr_tls_suite_name(suite);

    if (has(name, "_anon_"))
        return WR_SUITE_ANONYMOUS;
    if (has(name, "_RSA_PSK_"))
        return WR_SUITE_KEY_AND_CERTIFICATE;
    if (has(name, "_PSK_"))
        return WR_SUITE_PRE_SHARED_KEY;
    /* SRP_SHA_RSA and SRP_SHA_DSS have a server certificate */
    if (has(name, "_SRP_SHA_RSA_") || has(name, "_SRP_SHA_DSS_"))
        return WR_SUITE_KEY_AND_CERTIFICATE;
    if (has(name, "_SRP_SHA_") || has(name, "_ECCPWD_") || has(name, "_ECJPAKE_"))
        return WR_SUITE_PASSWORD;
    return WR_SUITE_CERTIFICATE;
}

bool wr_tls_suite_has_forward_secrecy(uint16_t suite)
{
    /* RFC 4279 7: of the suites with a pre-shared key those with an ephemeral exchange have it. */
    static const char *const without[] = {"TLS_RSA_", "TLS_ECDH_", "TLS_DH_", "TLS_PSK_WITH_", "TLS_KRB5_"};
    const char *name = wr_tls_suite_name(suite);

    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(without); i++)
        if (g_str_has_prefix(name, without[i]) && !has(name, "_anon_"))
            return false;
    return true;
}

unsigned wr_tls_suite_overhead(uint16_t suite)
{
    const char *name = wr_tls_suite_name(suite);

    if (has(name, "_CCM_8"))
        return 16; /* RFC 6655 6.1: explicit nonce and a short tag */
    if (has(name, "_GCM_") || has(name, "_CCM"))
        return 24; /* RFC 5288 3 */
    return has(name, "_CHACHA20_") ? 16 : 0;
}
