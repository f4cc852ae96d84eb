/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is this the same description, seen at another place? Classes S0 to S3, and the fingerprints of two copies. */
#include "sdp/compare.h"
#include "base/index.h"

#include "base/index.h"
#include "section_pairs.h"

#include <string.h>

static GHashTable *index_mids(const wr_sdp *sdp)
{
    GHashTable *by_mid = g_hash_table_new(wr_text_hash, g_str_equal); /* mid → index + 1 */

    for (unsigned i = 0; i < sdp->n_sections; i++)
        if (sdp->sections[i].mid != NULL && !g_hash_table_contains(by_mid, sdp->sections[i].mid))
            g_hash_table_insert(by_mid, sdp->sections[i].mid, GUINT_TO_POINTER(i + 1));
    return by_mid;
}

unsigned *wr_sdp_pair_sections(const wr_sdp *a, const wr_sdp *b)
{
    GHashTable *in_b = index_mids(b);
    unsigned *pairs = g_new(unsigned, a->n_sections + 1);
    bool *taken = g_new0(bool, b->n_sections + 1);

    for (unsigned i = 0; i < a->n_sections; i++) {
        const char *mid = a->sections[i].mid;
        const unsigned found = mid != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(in_b, mid)) : 0;
        pairs[i] = UINT_MAX;
        if (found != 0 && !taken[found - 1]) {
            pairs[i] = found - 1;
            taken[found - 1] = true;
        }
    }
    for (unsigned i = 0; i < a->n_sections && i < b->n_sections; i++) {
        if (pairs[i] == UINT_MAX && !taken[i]) {
            pairs[i] = i;
            taken[i] = true;
        }
    }
    g_free(taken);
    g_hash_table_destroy(in_b);
    return pairs;
}

static bool same_credentials(const wr_effective *a, const wr_effective *b)
{
    return a->ice_ufrag != NULL && a->ice_pwd != NULL && b->ice_ufrag != NULL && b->ice_pwd != NULL &&
           strcmp(a->ice_ufrag, b->ice_ufrag) == 0 && strcmp(a->ice_pwd, b->ice_pwd) == 0;
}

/* For texts of which one has no sections (a fragment). */
static bool level_shares_credentials(const wr_sdp *flat, const wr_sdp *other)
{
    const wr_effective mine = wr_sdp_effective(flat, NULL);
    wr_effective its = wr_sdp_effective(other, NULL);

    if (same_credentials(&mine, &its))
        return true;
    for (unsigned i = 0; i < other->n_sections; i++) {
        its = wr_sdp_effective(other, &other->sections[i]);
        if (same_credentials(&mine, &its))
            return true;
    }
    return false;
}

static bool share_credentials(const wr_sdp *a, const wr_sdp *b)
{
    unsigned *pairs;
    bool same = false;

    if (a->n_sections == 0 || b->n_sections == 0)
        return a->n_sections == 0 ? level_shares_credentials(a, b) : level_shares_credentials(b, a);
    pairs = wr_sdp_pair_sections(a, b);
    for (unsigned i = 0; i < a->n_sections && !same; i++) {
        if (pairs[i] != UINT_MAX) {
            const wr_effective mine = wr_sdp_effective(a, &a->sections[i]);
            const wr_effective its = wr_sdp_effective(b, &b->sections[pairs[i]]);
            same = same_credentials(&mine, &its);
        }
    }
    g_free(pairs);
    return same;
}

bool wr_sdp_origin_tells(const wr_sdp *sdp)
{
    const char *id;
    size_t len;

    if (!sdp->has_author)
        return false;
    for (id = wr_sdp_sess_id(sdp, &len); len > 0 && *id == '0'; id++)
        len--;
    return len > 3;
}

typedef enum { ROLE_UNKNOWN = 0, ROLE_OPEN, ROLE_TAKEN } role;

static role role_of(const wr_sdp *sdp)
{
    role found = ROLE_UNKNOWN;

    for (unsigned i = 0; i < sdp->n_sections; i++) {
        const wr_setup setup = wr_sdp_effective(sdp, &sdp->sections[i]).setup;
        if (wr_sdp_section_disabled(&sdp->sections[i]))
            continue;
        if (setup == WR_SETUP_ACTPASS)
            return ROLE_OPEN;
        if (setup == WR_SETUP_ACTIVE || setup == WR_SETUP_PASSIVE)
            found = ROLE_TAKEN;
    }
    return found;
}

/* A random SSRC names its sender; small ones are constants in somebody's program. */
bool wr_sdp_body_tells(const wr_sdp *sdp)
{
    for (unsigned i = 0; i < sdp->n_sections; i++)
        if (sdp->sections[i].ssrc > 0xffff)
            return true;
    return false;
}

static bool is_reauthored_copy(const wr_sdp *a, const wr_sdp *b)
{
    const role mine = role_of(a), its = role_of(b);

    if (mine != its && mine != ROLE_UNKNOWN && its != ROLE_UNKNOWN)
        return false;
    if (wr_sdp_origin_tells(a) && wr_sdp_origin_tells(b) && wr_sdp_same_author(a, b))
        return a->sess_version == b->sess_version;
    return memcmp(a->body, b->body, sizeof a->body) == 0 && wr_sdp_body_tells(a) && wr_sdp_body_tells(b);
}

wr_sameness wr_sdp_sameness(const wr_sdp *a, const wr_sdp *b)
{
    if (memcmp(a->canonical, b->canonical, sizeof a->canonical) == 0)
        return WR_SAME_S0;
    if (share_credentials(a, b))
        return WR_SAME_S1;
    return is_reauthored_copy(a, b) ? WR_SAME_S2 : WR_SAME_S3;
}

static bool contains(const wr_effective *set, const wr_fingerprint *fp)
{
    for (unsigned i = 0; i < set->n_fingerprints; i++)
        if (set->fingerprints[i].usable && wr_fingerprint_equal(&set->fingerprints[i], fp))
            return true;
    return false;
}

/* How many usable digests of each hash function a lists, and how many of them b lists too. */
static void count_digests(const wr_effective *a, const wr_effective *b, unsigned all[WR_HASH_COUNT],
                          unsigned shared[WR_HASH_COUNT])
{
    memset(all, 0, WR_HASH_COUNT * sizeof *all);
    memset(shared, 0, WR_HASH_COUNT * sizeof *shared);
    for (unsigned i = 0; i < a->n_fingerprints; i++) {
        const wr_fingerprint *fp = &a->fingerprints[i];
        if (fp->usable) {
            all[fp->hash]++;
            shared[fp->hash] += contains(b, fp);
        }
    }
}

static wr_fps_difference compare_sets(const wr_effective *a, const wr_effective *b)
{
    unsigned in_a[WR_HASH_COUNT], in_b[WR_HASH_COUNT], a_in_b[WR_HASH_COUNT], b_in_a[WR_HASH_COUNT];
    bool common = false, trimmed = false;

    count_digests(a, b, in_a, a_in_b);
    count_digests(b, a, in_b, b_in_a);
    for (int h = 0; h < WR_HASH_COUNT; h++) {
        if (in_a[h] != 0 && in_b[h] != 0) {
            if (a_in_b[h] == 0) /* what was left out may be what they share */
                return a->cut || b->cut ? WR_FPS_UNKNOWN : WR_FPS_DIFFERENT;
            common = true;
        }
        trimmed = trimmed || a_in_b[h] != in_a[h] || b_in_a[h] != in_b[h];
    }
    if (!common)
        return WR_FPS_UNKNOWN;
    return trimmed ? WR_FPS_TRIMMED : WR_FPS_EQUAL;
}

wr_fps_difference wr_sdp_compare_fingerprints(const wr_sdp *a, const wr_sdp *b)
{
    bool equal = false, trimmed = false, different = false;
    unsigned *pairs;

    if (a->n_sections == 0 || b->n_sections == 0) {
        const wr_effective mine = wr_sdp_effective(a, a->n_sections != 0 ? a->sections : NULL);
        const wr_effective its = wr_sdp_effective(b, b->n_sections != 0 ? b->sections : NULL);
        return compare_sets(&mine, &its);
    }
    pairs = wr_sdp_pair_sections(a, b);
    for (unsigned i = 0; i < a->n_sections && !different; i++) {
        const wr_sdp_section *mine = &a->sections[i];
        const wr_sdp_section *its = pairs[i] != UINT_MAX ? &b->sections[pairs[i]] : NULL;
        if (its == NULL || wr_sdp_section_disabled(mine) || wr_sdp_section_disabled(its))
            continue;
        const wr_effective x = wr_sdp_effective(a, mine);
        const wr_effective y = wr_sdp_effective(b, its);
        switch (compare_sets(&x, &y)) {
        case WR_FPS_DIFFERENT:
            different = true;
            break;
        case WR_FPS_TRIMMED:
            trimmed = true;
            break;
        case WR_FPS_EQUAL:
            equal = true;
            break;
        case WR_FPS_UNKNOWN:
            break;
        }
    }
    g_free(pairs);
    if (different)
        return WR_FPS_DIFFERENT;
    if (trimmed)
        return WR_FPS_TRIMMED;
    return equal ? WR_FPS_EQUAL : WR_FPS_UNKNOWN;
}
