/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for an association's secret and derives what may follow from it. DTLS 1.3 hides the profile, so all are tried.
 */
#include "media_keys.h"

#include <openssl/crypto.h>
#include <string.h>

/* A secret may come while a capture is running: it is asked for again after 1, 2, 4, 8 … packets. */
static bool is_time_to_ask(wr_engine *e, wr_association *a)
{
    const unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(e->proofs->asked, a));

    g_hash_table_insert(e->proofs->asked, a, GUINT_TO_POINTER(n + 1));
    return (n & (n - 1)) == 0;
}

bool wr_media_keys_open(wr_engine *e, wr_association *a)
{
    wr_secret secret;
    bool exporter = a->version == WR_DTLS_1_3, found;

    if (a->srtp != NULL)
        return true;
    if (!a->has_client_random || !a->has_server_random || a->version == 0 || !is_time_to_ask(e, a))
        return false;
    memset(&secret, 0, sizeof secret);
    found = e->options.find_secret(a->client_random, exporter ? WR_SECRET_EXPORTER : WR_SECRET_MASTER, &secret) &&
            wr_keep_bytes(e, sizeof *a->srtp + 2 * wr_srtp_receiver_size(), "memory for authenticated media");
    if (found) {
        a->srtp = g_new0(wr_media_proof, 1);
        a->srtp->secret = secret;
        a->srtp->is_exporter = exporter;
        g_ptr_array_add(e->proofs->keyed, a);
        g_hash_table_remove(e->proofs->asked, a);
    }
    OPENSSL_cleanse(&secret, sizeof secret);
    return found;
}

unsigned wr_media_keys_order(const wr_association *a, unsigned i)
{
    unsigned agreed = WR_SRTP_PROFILES;

    for (unsigned n = 0; a->has_profile && n < WR_SRTP_PROFILES; n++)
        if (wr_srtp_profile_nth(n)->number == a->srtp_profile)
            agreed = n;
    if (agreed == WR_SRTP_PROFILES)
        return i;
    return i == 0 ? agreed : i <= agreed ? i - 1 : i;
}

/* RFC 5246 5: SHA-256 unless the suite says otherwise, which those of SHA-384 do by their names. */
wr_prf wr_media_keys_prf(const wr_association *a)
{
    const char *name = a->has_suite ? wr_tls_suite_name(a->suite) : NULL;

    if (a->version == WR_DTLS_1_0)
        return WR_PRF_MD5_SHA1;
    return name != NULL && g_str_has_suffix(name, "SHA384") ? WR_PRF_SHA384 : WR_PRF_SHA256;
}

static bool derive(const wr_association *a, const wr_srtp_profile *profile, wr_srtp_masters *out)
{
    const wr_media_proof *p = a->srtp;

    return p->is_exporter
               ? wr_srtp_masters_13(&p->secret, profile, out)
               : wr_srtp_masters_12(wr_media_keys_prf(a), &p->secret, a->client_random, a->server_random, profile, out);
}

wr_srtp_receiver *wr_media_keys_trial(wr_association *a, unsigned profile, int side)
{
    wr_media_proof *p = a->srtp;
    const wr_srtp_profile *x = wr_srtp_profile_nth(profile);
    const unsigned mki = a->facts != NULL ? a->facts->mki_length : 0;
    wr_srtp_masters masters;

    if (p->trial[profile][side] == NULL && derive(a, x, &masters)) {
        for (int i = 0; i < 2; i++)
            p->trial[profile][i] = wr_srtp_receiver_new(wr_srtp_keys_new(x, masters.key[i], masters.salt[i], mki));
        OPENSSL_cleanse(&masters, sizeof masters);
    }
    return p->trial[profile][side];
}

void wr_media_keys_settle(wr_media_proof *p, unsigned profile)
{
    p->profile = wr_srtp_profile_nth(profile);
    for (int side = 0; side < 2; side++) {
        p->receiver[side] = p->trial[profile][side];
        p->trial[profile][side] = NULL;
        for (unsigned i = 0; i < WR_SRTP_PROFILES; i++)
            g_clear_pointer(&p->trial[i][side], wr_srtp_receiver_free);
    }
    OPENSSL_cleanse(&p->secret, sizeof p->secret);
}
