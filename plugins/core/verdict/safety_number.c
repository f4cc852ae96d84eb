/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The number that two people compare by voice. Forty digits: finding two pairs of keys with one number takes about 2^66
 * tries, so nobody can stand between two parties and show both the same. */
#include "sdp/compare.h"
#include "verdict/plain_words.h"
#include "verdict/verdict.h"

#include <string.h>

#define GROUPS 8

typedef struct {
    uint8_t digest[2][32];
    unsigned n; /* 3: more than two */
} pair;

static void add(pair *p, const uint8_t *digest)
{
    for (unsigned i = 0; i < p->n && i < 2; i++)
        if (memcmp(p->digest[i], digest, 32) == 0)
            return;
    if (p->n < 2)
        memcpy(p->digest[p->n], digest, 32);
    if (p->n < 3)
        p->n++;
}

static void add_presented(pair *p, const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (!wr_association_is_completed(a))
            continue;
        for (int side = 0; side < 2; side++)
            if (a->side[side].presented.certificate != NULL && !a->side[side].presented.contested)
                add(p, a->side[side].presented.certificate->sha256);
    }
}

static void add_announced(pair *p, const wr_session *s)
{
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        for (unsigned j = 0; j < c->sdp->n_sections; j++) {
            const wr_effective a = wr_sdp_effective(c->sdp, &c->sdp->sections[j]);
            for (unsigned k = 0; k < a.n_fingerprints; k++)
                if (a.fingerprints[k].hash == WR_HASH_SHA256 && a.fingerprints[k].length == 32)
                    add(p, a.fingerprints[k].value);
        }
    }
}

/* Where a substitute is seen there is nothing left to compare. */
static bool has_substitute(const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (wr_presented_is_substitute(s, &a->side[0].presented) ||
            wr_presented_is_substitute(s, &a->side[1].presented))
            return true;
    }
    return false;
}

static void format(const pair *p, char text[WR_SAFETY_NUMBER])
{
    static const char name[] = "WebRTC safety number 1";
    const int first = memcmp(p->digest[0], p->digest[1], 32) > 0;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t all[32];
    gsize n = sizeof all;

    g_checksum_update(sum, (const guchar *)name, sizeof name);
    g_checksum_update(sum, p->digest[first], 32);
    g_checksum_update(sum, p->digest[1 - first], 32);
    g_checksum_get_digest(sum, all, &n);
    g_checksum_free(sum);
    for (unsigned i = 0; i < GROUPS; i++) {
        const uint8_t *at = all + 4 * (size_t)i;
        const uint32_t value = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
        g_snprintf(text + 6 * (size_t)i, 6, "%05u", value % 100000);
        text[6 * i + 5] = i + 1 < GROUPS ? ' ' : '\0';
    }
}

const char *wr_safety_number_missing(const wr_session *s)
{
    switch (s->verdict) {
    case WR_S_CONTESTED:
        return "none: the evidence contradicts itself, and which keys protected the call is not known";
    case WR_S_RE_KEYED:
    case WR_S_TERMINATED_BY_DECLARED:
    case WR_S_TERMINATED_UNDECLARED:
        return "none: the call is encrypted to something in between, so the two parties have no two keys in common";
    case WR_S_MISMATCH:
    case WR_S_FOREIGN_CERTIFICATE:
        return "none: a key was shown that was not announced, and whose it is is not known";
    case WR_S_INTERCEPTED:
    case WR_S_INTERCEPTED_FULL:
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
        return "none: a key was put in the place of another on its way";
    default:
        return NULL;
    }
}

/* Two completed handshakes or more, and one of them showed what the evidence does not settle: any of their
 * certificates may be somebody else's. */
static bool is_unsettled(const wr_session *s)
{
    return s->verdict == WR_S_UNVERIFIABLE && g_strcmp0(s->reason, "another handshake") == 0;
}

bool wr_safety_number(const wr_session *s, char text[WR_SAFETY_NUMBER], bool *presented)
{
    pair p = {.n = 0};

    if (has_substitute(s) || wr_safety_number_missing(s) != NULL || is_unsettled(s))
        return false;
    add_presented(&p, s);
    *presented = p.n > 0;
    if (p.n == 0)
        add_announced(&p, s);
    if (p.n != 2)
        return false;
    format(&p, text);
    return true;
}

const char *wr_safety_number_of(bool presented)
{
    return presented ? "certificates presented: a report made of a capture at the other party has the same number, or "
                       "something stood between them"
                     : "fingerprints announced: a report made of a capture at the other party has the same number, or "
                       "they were changed on the way. Which certificates were used it does not say";
}
