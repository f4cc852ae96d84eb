/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which statement is taken for which handshake, and which of its certificates are adopted: each condition, on records
 * laid out by hand (rules 3.11). Bob speaks of his transport; he is the client, at end 1 of the path.
 */
#include "records_build.h"
#include "statements_build.h"

typedef enum {
    PLAIN,
    BY_NAMES,
    BY_ADDRESSES,
    ASKED_BY_ALICE,
    NO_CHECKS,
    OTHER_ROLES,
    NO_ROLES,
    PART_OF_ANOTHER,
    SECOND_PATH,
    ANOTHER_FITS,
    ANOTHER_PART_FITS,
    NO_VERSION,
    OF_12,
    NO_CERTIFICATE,
    NO_NAME,
    NOTHING_OF_OTHER_END,
    ADDRESS_OF_OTHER_END,
    OTHER_ADDRESS_OF_OTHER_END,
    ITS_CONNECTED,
    ITS_CLOSED,
    ITS_NEW,
    CONTRADICTORY,
    STRANGERS_VIEW,
    VIEWS_DISAGREE,
    WEAKLY,
    OWN_NOT_ANNOUNCED,
    OTHER_NOT_ANNOUNCED,
    OTHER_UNDESCRIBED,
    OTHER_UNSTATED,
    SEEN_ALIKE,
    SEEN_OTHERWISE,
    SEEN_OWN_OTHERWISE,
    CASES
} conduct;

/* What is made of it. */
static bool is_heard(conduct what)
{
    return what != BY_ADDRESSES && what != NO_CHECKS && what != NO_ROLES && what != PART_OF_ANOTHER &&
           what != ANOTHER_FITS && what != NO_VERSION && what != NO_CERTIFICATE && what != NO_NAME &&
           what != NOTHING_OF_OTHER_END && what != OTHER_ADDRESS_OF_OTHER_END && what != OWN_NOT_ANNOUNCED;
}

static bool is_disputed(conduct what)
{
    return what == CONTRADICTORY || what == OTHER_NOT_ANNOUNCED || what == SEEN_OTHERWISE || what == SEEN_OWN_OTHERWISE;
}

static bool is_adopted(conduct what)
{
    return is_heard(what) && !is_disputed(what) && what != OF_12 && what != ITS_NEW;
}

static bool is_other_adopted(conduct what)
{
    return is_adopted(what) && what != VIEWS_DISAGREE && what != OTHER_UNDESCRIBED && what != OTHER_UNSTATED &&
           what != SEEN_ALIKE;
}

static char *weak_line(const wr_certificate *c)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    GString *s = g_string_new("sha-1 ");

    g_assert_true(EVP_Digest(c->der, c->der_length, digest, &n, EVP_sha1(), NULL));
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(s, "%s%02X", i > 0 ? ":" : "", digest[i]);
    return g_string_free(s, FALSE);
}

static transport_t stated(const desk_t *d, conduct what)
{
    const bool half_named =
        what == NOTHING_OF_OTHER_END || what == ADDRESS_OF_OTHER_END || what == OTHER_ADDRESS_OF_OTHER_END;

    return (transport_t){
        .own = what == NO_NAME ? NULL : "BBBB",
        .other = half_named ? NULL : "AAAA",
        .local = what == NO_CERTIFICATE ? NULL : d->certificate[what == OWN_NOT_ANNOUNCED ? CAROL_HAS : BOB_HAS],
        .remote = what == OTHER_UNSTATED ? NULL : d->certificate[what == OTHER_NOT_ANNOUNCED ? CAROL_HAS : ALICE_HAS],
        .remote_host = half_named && what != NOTHING_OF_OTHER_END ? ALICE : NULL,
        .remote_port = what == ADDRESS_OF_OTHER_END ? 5000 : 5001,
        .state = what == ITS_CONNECTED ? "connected"
                 : what == ITS_CLOSED  ? "closed"
                 : what == ITS_NEW     ? "new"
                                       : NULL,
        .contradictory = what == CONTRADICTORY};
}

static void check(conduct what)
{
    wr_testimony *t = witness("bob.json", "Bob");
    const wr_options o = {.testimonies = &t, .n_testimonies = 1};
    desk_t d = desk_begin(&o);
    const transport_t says = stated(&d, what);
    char *weak = weak_line(d.certificate[BOB_HAS]);
    wr_association *a = handshake_of(&d, NULL, WR_A_PENDING), *other;
    const int own = what == OTHER_ROLES ? 1 : 0;
    wr_presented *mine = &a->side[own].presented, *his = &a->side[1 - own].presented;
    wr_view views[2];
    wr_bound b = {.grade = what == BY_NAMES       ? WR_B2
                           : what == BY_ADDRESSES ? WR_B3
                                                  : WR_B0,
                  .views = views,
                  .n_views = 1,
                  .by_address = what != VIEWS_DISAGREE};
    wr_flow *f = a->flow;

    memset(views, 0, sizeof views);
    testify(t, &says);
    g_ptr_array_add(d.c.e->associations, a);
    if (what == SECOND_PATH) {
        f = flow_of(&d);
        wr_list_add(&a->flows, f);
    }
    if (what == ASKED_BY_ALICE)
        check_of(f, 0, "BBBB", "AAAA", 1);
    else if (what != NO_CHECKS)
        check_of(f, 1, "AAAA", "BBBB", 1);
    if (what == ANOTHER_FITS || what == ANOTHER_PART_FITS) {
        other = handshake_of(&d, f, WR_A_PENDING);
        other->absorbed = what == ANOTHER_PART_FITS ? a : NULL;
        g_ptr_array_add(d.c.e->associations, other);
    }
    a->client_end = what == OTHER_ROLES ? 0 : what == NO_ROLES ? -1 : 1;
    a->absorbed = what == PART_OF_ANOTHER ? a : NULL;
    a->version = what == NO_VERSION ? 0 : what == OF_12 ? WR_DTLS_1_2 : WR_DTLS_1_3;
    mine->verdict = his->verdict = WR_CERT_ENCRYPTED;
    if (what == SEEN_ALIKE || what == SEEN_OTHERWISE) {
        his->certificate = wr_certificate_ref(d.certificate[what == SEEN_ALIKE ? ALICE_HAS : CAROL_HAS]);
        his->verdict = WR_CERT_MATCH;
    }
    if (what == SEEN_OWN_OTHERWISE) {
        mine->certificate = wr_certificate_ref(d.certificate[CAROL_HAS]);
        mine->verdict = WR_CERT_MISMATCH;
    }
    views[0].applies = what != VIEWS_DISAGREE;
    views[0].copy[own] = told(&d, true, false, what == WEAKLY ? weak : d.fingerprint[BOB_HAS], NULL);
    views[0].copy[1 - own] = what == OTHER_UNDESCRIBED ? NULL : told(&d, false, false, d.fingerprint[ALICE_HAS], NULL);
    if (what == STRANGERS_VIEW || what == VIEWS_DISAGREE) {
        views[1].copy[1 - own] = told(&d, false, true, d.fingerprint[MALLORY_HAS], NULL);
        b.n_views = 2;
    }
    wr_association_hear(d.c.e, a, &b);
    g_test_message("case %d", what);
    g_assert_true((a->heard != NULL) == is_heard(what));
    g_assert_true(a->disputed == is_disputed(what));
    g_assert_true(mine->stated == (is_adopted(what) ? says.local : NULL));
    g_assert_true(his->stated == (is_other_adopted(what) ? says.remote : NULL));
    if (is_adopted(what)) {
        g_assert_cmpint(mine->verdict, ==, what == WEAKLY ? WR_CERT_MATCH_WEAK : WR_CERT_MATCH);
        g_assert_true(mine->description == views[0].copy[own]);
        g_assert_cmpint(mine->hash, ==, what == WEAKLY ? WR_HASH_SHA1 : WR_HASH_SHA256);
    } else {
        g_assert_cmpint(mine->verdict, ==, what == SEEN_OWN_OTHERWISE ? WR_CERT_MISMATCH : WR_CERT_ENCRYPTED);
    }
    while (d.c.e->associations->len > 0)
        g_ptr_array_steal_index(d.c.e->associations, d.c.e->associations->len - 1); /* the desk has them */
    g_free(weak);
    desk_end(&d);
    wr_testimony_unref(t);
}

static void test_each(void)
{
    for (conduct what = PLAIN; what < CASES; what++)
        check(what);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/heard/each", test_each);
    return g_test_run();
}
