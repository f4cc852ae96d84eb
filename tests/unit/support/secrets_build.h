/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls of whose handshakes a key log has the secrets, and media under the keys that follow from them. */
#ifndef SECRETS_BUILD_H
#define SECRETS_BUILD_H

#include "handshake_build.h"
#include "srtp/exporter.h"
#include "srtp_build.h"

/* How often one was asked for; so many times there is none yet; those alone whose client random has this byte, 0 all.
 */
static struct {
    unsigned asked, silent, mark;
} secrets;

static inline wr_secret secret_of(const uint8_t *client_random)
{
    wr_secret s = {.length = 48};

    memset(s.bytes, 0x5e ^ client_random[0], sizeof s.bytes);
    return s;
}

static inline bool give_secret(const uint8_t *random, wr_secret_kind kind, wr_secret *out)
{
    if (secrets.asked++ < secrets.silent || kind != WR_SECRET_MASTER ||
        (secrets.mark != 0 && random[0] != secrets.mark))
        return false;
    *out = secret_of(random);
    return true;
}

static inline call_t secrets_begin(void)
{
    const wr_options o = {.find_secret = give_secret};

    memset(&secrets, 0, sizeof secrets);
    return call_begin(&o);
}

/* Packets will be those of this side of a handshake, under this profile; wr_srtp_keys_free. */
static inline wr_srtp_keys *keys_by(const wr_association *a, int side, uint16_t profile, wr_prf prf)
{
    const wr_srtp_profile *p = wr_srtp_profile_by_number(profile);
    const wr_secret secret = secret_of(a->client_random);
    wr_srtp_masters m;

    g_assert_true(wr_srtp_masters_12(prf, &secret, a->client_random, a->server_random, p, &m));
    memcpy(BUILD_KEY, m.key[side], p->key);
    memcpy(BUILD_SALT, m.salt[side], p->salt);
    return build_keys(p);
}

#endif
