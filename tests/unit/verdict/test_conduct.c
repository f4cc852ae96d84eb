/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both sides of a handshake did beside showing certificates, and what that makes of it: others that were signed on
 * its path, what was decrypted, media over a relay, a second handshake inside, and which states go before which.
 */
#include "records_build.h"

#include "records/handshake_messages.h"

static void judge(desk_t *d, wr_association *a)
{
    wr_engine_evaluate_association(d->c.e, a);
}

/* ---- which certificate counts ---- */

/* Where a path held more handshakes than were kept, one of those may explain what this one contradicts. */
static void test_crowded(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool crowded = (i & 1) != 0, wrong = (i & 2) != 0, decrypted = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = agreed_on(&d, d.fingerprint[ALICE_HAS], d.fingerprint[wrong ? CAROL_HAS : BOB_HAS]);

        shows(&d, a, 0, BOB_HAS);
        shows(&d, a, 1, ALICE_HAS);
        a->flow->crowded = crowded;
        a->decrypted = decrypted;
        judge(&d, a);
        g_test_message("case %u", i);
        g_assert_cmpint(a->side[0].presented.verdict, ==,
                        !wrong                  ? WR_CERT_MATCH
                        : crowded && !decrypted ? WR_CERT_CONTESTED
                                                : WR_CERT_MISMATCH);
        g_assert_false(a->side[1].presented.contested);
        desk_end(&d);
    }
}

/* Who put a decrypted certificate there had the keys; of 1.3 its signature tells whether it is his. */
static void test_decrypted(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool is_13 = (i & 1) != 0, decrypted = (i & 2) != 0, invalid = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);

        a->version = is_13 ? WR_DTLS_1_3 : WR_DTLS_1_2;
        a->decrypted = decrypted;
        a->possession[1] = invalid ? WR_POSSESSION_INVALID : WR_POSSESSION_UNKNOWN;
        judge(&d, a);
        g_test_message("case %u", i);
        g_assert_true(a->side[1].presented.contested == (invalid && (is_13 || !decrypted)));
        g_assert_false(a->side[0].presented.contested);
        desk_end(&d);
    }
}

/* A client that went on to its keys without a signature has proved none; a server signs in another message. */
static void test_unsigned_client(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool unsigned_change = (i & 1) != 0, signs = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);

        a->changed_unsigned = unsigned_change;
        a->client_signs = signs;
        judge(&d, a);
        g_assert_true(a->side[0].presented.contested == (unsigned_change && !signs));
        g_assert_false(a->side[1].presented.contested);
        desk_end(&d);
    }
}

/* Both sides signed another handshake between the messages of this one, and both ends changed to keys twice: what that
 * one shows counts as well. */
static void test_signed_rival(void)
{
    enum { RIVAL, SAME_CERTIFICATE, NONE, ONE_CHANGE_OF_CLIENT, ONE_CHANGE_OF_SERVER, TWO_RECORDS, NOT_SIGNED, CASES };

    for (int which = RIVAL; which < CASES; which++) {
        for (int s = 0; s < 2; s++) {
            desk_t d = desk_begin(NULL);
            wr_association *a = shown_right(&d), *b = handshake_of(&d, a->flow, WR_A_PENDING);
            const int others = which == SAME_CERTIFICATE ? (s == 0 ? BOB_HAS : ALICE_HAS) : CAROL_HAS;
            wr_handshake_message m = {.type = 14, .role = 1};
            bool is_new;

            wr_handshake_messages_add(&a->messages, &m, &is_new);
            for (int side = 0; side < 2; side++)
                a->messages->rivals[0][side] = wr_certificate_ref(d.certificate[side == s   ? others
                                                                                : side == 0 ? BOB_HAS
                                                                                            : ALICE_HAS]);
            a->messages->n_rivals = which == NONE ? 0 : 1;
            for (int side = 0; side < 2; side++) {
                a->possession[side] = which == NOT_SIGNED ? WR_POSSESSION_UNKNOWN : WR_POSSESSION_PROVED;
                a->side[side].n_ccs = which == TWO_RECORDS ? 1 : 2;
                b->side[side].n_ccs = which == TWO_RECORDS ? 1 : 0;
            }
            if (which == ONE_CHANGE_OF_CLIENT || which == ONE_CHANGE_OF_SERVER)
                a->side[which == ONE_CHANGE_OF_CLIENT ? 0 : 1].n_ccs = 1;
            judge(&d, a);
            g_test_message("case %d, side %d", which, s);
            g_assert_true(a->side[s].presented.contested == (which == RIVAL || which == TWO_RECORDS));
            g_assert_false(a->side[1 - s].presented.contested);
            a->messages->n_rivals = 1;
            desk_end(&d);
        }
    }
}

/* Another certificate that is worth the same changes nothing. */
static void test_rival_of_same_worth(void)
{
    for (unsigned signed_too = 0; signed_too < 2; signed_too++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = agreed_on(&d, NULL, NULL);
        wr_handshake_message m = {.type = 11, .role = 1, .leaf = d.certificate[CAROL_HAS]};
        bool is_new;

        shows(&d, a, 0, BOB_HAS);
        shows(&d, a, 1, ALICE_HAS);
        wr_handshake_messages_add(&a->messages, &m, &is_new);
        if (signed_too) {
            for (int side = 0; side < 2; side++) {
                a->messages->rivals[0][side] = wr_certificate_ref(d.certificate[CAROL_HAS]);
                a->possession[side] = WR_POSSESSION_PROVED;
                a->side[side].n_ccs = 2;
            }
            a->messages->n_rivals = 1;
        }
        judge(&d, a);
        g_assert_cmpint(a->side[1].presented.verdict, ==, WR_CERT_FP_NONE);
        g_assert_false(a->side[1].presented.contested);
        g_assert_cmpint(a->verdict, ==, WR_A_UNVERIFIABLE_HASH);
        desk_end(&d);
    }
}

/* ---- did the verifier go on? ---- */

/* Alice's certificate is not the one announced; Bob, the client, was to see that, until his Finished. */
static wr_association *wrong(desk_t *d)
{
    wr_association *a = agreed_on(d, d->fingerprint[CAROL_HAS], d->fingerprint[BOB_HAS]);

    shows(d, a, 0, BOB_HAS);
    shows(d, a, 1, ALICE_HAS);
    a->side[0].finished_us = a->last_us;
    return a;
}

/* On another path of the association a relay may stand for an end: what the other end tells apart. */
static void test_media_over_relay(void)
{
    enum { BOTH_ENDS, OF_BOBS_RELAY, TO_ALICES_RELAY, BETWEEN_RELAYS, CASES };

    for (int which = BOTH_ENDS; which < CASES; which++) {
        for (int end = 0; end < 2; end++) { /* that sends; Bob is end 1 */
            desk_t d = desk_begin(NULL);
            wr_association *a = wrong(&d);
            wr_flow *f = flow_of(&d);

            if (which == TO_ALICES_RELAY || which == BETWEEN_RELAYS)
                f->end[0] = at("198.51.100.7", 9);
            if (which == OF_BOBS_RELAY || which == BETWEEN_RELAYS)
                f->end[1] = at("198.51.100.8", 9);
            wr_list_add(&a->flows, f);
            wr_flow_traffic(f)[end] = (wr_traffic){.packets = 9, .last_us = a->last_us + 9 * S, .last_frame = 72};
            judge(&d, a);
            g_test_message("case %d, end %d", which, end);
            g_assert_cmpint(a->verdict, ==,
                            end == 1 && which != BETWEEN_RELAYS ? WR_A_MISMATCH_NOT_ENFORCED : WR_A_MISMATCH);
            g_assert_cmpuint(a->enforcement_frame, ==, a->verdict == WR_A_MISMATCH ? 0 : 72);
            desk_end(&d);
        }
    }
}

/* The last of data and media is named; of one time the data. */
static void test_last_sign(void)
{
    for (int64_t later = -1; later <= 1; later++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = wrong(&d);

        a->side[0].data_last_us = a->last_us + 9 * S;
        a->side[0].data_last_frame = 71;
        wr_flow_traffic(a->flow)[1] =
            (wr_traffic){.packets = 9, .last_us = a->last_us + 9 * S + later, .last_frame = 72};
        judge(&d, a);
        g_assert_cmpint(a->verdict, ==, WR_A_MISMATCH_NOT_ENFORCED);
        g_assert_cmpuint(a->enforcement_frame, ==, later > 0 ? 72 : 71);
        desk_end(&d);
    }
}

/* From its Finished on, where that is known, and else from the end of the handshake. */
static void test_since(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool known = (i & 1) != 0, soon = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = wrong(&d);
        const int64_t since = known ? a->last_us - 5 * S : a->last_us;

        a->side[0].finished_us = known ? since : 0;
        a->side[0].data_last_us = since + 2 * S + (soon ? 0 : 1);
        judge(&d, a);
        g_assert_cmpint(a->verdict, ==, soon ? WR_A_MISMATCH : WR_A_MISMATCH_NOT_ENFORCED);
        desk_end(&d);
    }
}

/* ---- a second handshake inside ---- */

static void renegotiate(wr_association *a, int64_t at_us)
{
    for (int side = 0; side < 2; side++) {
        wr_renegotiation *r = wr_renegotiation_of(&a->side[side]);
        r->switch_frame = 50;
        r->switch_us = at_us;
        r->epoch_frame = 51;
        r->epoch = 2;
    }
}

/* What it showed counts against what was announced, from when both changed to its keys. */
static void test_inside(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool other = (i & 1) != 0, went_on = (i & 2) != 0;
        const int side = (int)(i / 4);
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);
        const int64_t change = a->last_us + 10 * S;
        wr_renegotiation *r;

        renegotiate(a, change);
        for (int k = 0; k < 2; k++)
            a->side[k].facts->again->certificates = 1;
        r = a->side[side].facts->again;
        r->certificate = other ? wr_certificate_ref(d.certificate[CAROL_HAS]) : NULL;
        r->frame = 52;
        a->side[1 - side].finished_us = a->last_us;
        a->side[1 - side].data_last_us = change + 2 * S + (went_on ? 1 : 0);
        judge(&d, a);
        g_test_message("case %u", i);
        g_assert_cmpint(a->verdict, ==, !other ? WR_A_VERIFIED : went_on ? WR_A_MISMATCH_NOT_ENFORCED : WR_A_MISMATCH);
        g_assert_true(a->side[side].presented.other == (other ? d.certificate[CAROL_HAS] : NULL));
        g_assert_cmpuint(a->side[side].presented.frame_other, ==, other ? 52 : 0);
        g_assert_null(a->side[1 - side].presented.other);
        desk_end(&d);
    }
}

/* One that cannot be read leaves nothing verified, where anything was announced. */
static void test_inside_unread(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool described = (i & 1) != 0, inside = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = described ? shown_right(&d) : handshake_of(&d, NULL, WR_A_PENDING);

        if (!described)
            a->node = wr_node_new(d.c.e, NULL, a);
        if (inside)
            renegotiate(a, a->last_us);
        judge(&d, a);
        g_assert_cmpint(a->verdict, ==,
                        !described ? WR_A_NO_SIGNALLING
                        : inside   ? WR_A_UNVERIFIABLE_INCOMPLETE
                                   : WR_A_VERIFIED);
        desk_end(&d);
    }
}

/* ---- what goes before what ---- */

/* Certificates without both hellos are records that anybody can send, of whichever side. */
static void test_bare(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool bare = (i & 1) != 0, clients = (i & 2) != 0, servers = (i & 4) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = agreed_on(&d, d.fingerprint[CAROL_HAS], d.fingerprint[CAROL_HAS]);

        if (clients)
            shows(&d, a, 0, BOB_HAS);
        if (servers)
            shows(&d, a, 1, ALICE_HAS);
        a->has_client_random = !bare;
        a->version = 0;
        judge(&d, a);
        g_test_message("case %u", i);
        g_assert_cmpint(a->verdict, ==, bare || !(clients || servers) ? WR_A_UNVERIFIABLE_INCOMPLETE : WR_A_MISMATCH);
        desk_end(&d);
    }
}

/* Two ServerHellos that choose otherwise: contested, unless it was refused before it came to keys. */
static void test_disputed(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool disputed = (i & 1) != 0, refused = (i & 2) != 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = shown_right(&d);
        wr_handshake_message m = {.type = 14, .role = 1};
        bool is_new;

        wr_handshake_messages_add(&a->messages, &m, &is_new);
        a->messages->disputed_frame = disputed ? 66 : 0;
        if (refused) {
            a->side[1].alert_frame = 9;
            a->side[1].alert_us = a->last_us;
            a->side[0].finished_frame = a->side[1].finished_frame = 0;
        }
        judge(&d, a);
        g_test_message("case %u", i);
        g_assert_cmpint(a->verdict, ==, refused ? WR_A_HANDSHAKE_FAILED : disputed ? WR_A_CONTESTED : WR_A_VERIFIED);
        desk_end(&d);
    }
}

static char *sha1_of(const wr_certificate *c)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    GString *s = g_string_new("sha-1 ");

    g_assert_true(EVP_Digest(c->der, c->der_length, digest, &n, EVP_sha1(), NULL));
    for (unsigned i = 0; i < n; i++)
        g_string_append_printf(s, "%s%02X", i > 0 ? ":" : "", digest[i]);
    return g_string_free(s, FALSE);
}

/* The weaker announcement agrees and the stronger does not; or more is announced than is kept: of either side, before
 * what the other side shows, and before a handshake that failed in the first case alone. */
static void test_mixed_and_cut(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool mixed = (i & 1) != 0, refused = (i & 2) != 0;
        const int side = (int)(i / 4);
        desk_t d = desk_begin(NULL);
        char *sha1 = sha1_of(d.certificate[side == 0 ? BOB_HAS : ALICE_HAS]);
        char *both = g_strdup_printf("%s\r\na=fingerprint:%s", sha1, d.fingerprint[CAROL_HAS]);
        wr_association *a = agreed_on(&d, mixed && side == 1 ? both : d.fingerprint[ALICE_HAS],
                                      mixed && side == 0 ? both : d.fingerprint[BOB_HAS]);

        shows(&d, a, 0, BOB_HAS);
        shows(&d, a, 1, ALICE_HAS);
        if (!mixed)
            ((wr_copy *)g_ptr_array_index(d.c.e->copies, side == 1 ? 0 : 1))->sdp->sections[0].own.cut = true;
        if (refused) {
            a->side[1].alert_frame = 9;
            a->side[1].finished_frame = 0;
        }
        judge(&d, a);
        g_test_message("case %u", i);
        g_assert_cmpint(a->verdict, ==,
                        mixed     ? WR_A_CERT_CONFLICT
                        : refused ? WR_A_HANDSHAKE_FAILED
                                  : WR_A_UNVERIFIABLE_HASH);
        g_assert_cmpint(a->severity, ==, a->verdict == WR_A_HANDSHAKE_FAILED ? WR_CHAT : WR_WARN);
        desk_end(&d);
        g_free(both);
        g_free(sha1);
    }
}

/* A signature that does not fit says nothing where nothing was announced. */
static void test_contested_undescribed(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = handshake_of(&d, NULL, WR_A_PENDING);

    a->node = wr_node_new(d.c.e, NULL, a);
    shows(&d, a, 0, BOB_HAS);
    shows(&d, a, 1, ALICE_HAS);
    a->possession[1] = WR_POSSESSION_INVALID;
    judge(&d, a);
    g_assert_cmpint(a->verdict, ==, WR_A_NO_SIGNALLING);
    g_assert_cmpint(a->severity, ==, WR_NOTE);
    desk_end(&d);
}

/* ---- whose it is ---- */

/* Of two legs that apply the first that shows a side's description owns it, and only those that apply are kept as ties.
 */
static void test_owner(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = shown_right(&d);
    text_t o = offer_text(), w = answer_text();
    way_t other = {.client = BOB, .connection = 8, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_OFFER};
    way_t nobodys = {.client = "198.51.100.7", .connection = 9, .kind = WR_KIND_OFFER};

    o.fingerprint = d.fingerprint[ALICE_HAS];
    w.fingerprint = d.fingerprint[BOB_HAS];
    o.candidate = w.candidate = NULL;
    nobodys.direction = WR_DIRECTION_EMITTED;
    say(&d.c, nobodys, &o);
    say(&d.c, other, &o);
    other.direction = WR_DIRECTION_EMITTED;
    other.kind = WR_KIND_ANSWER;
    say(&d.c, other, &w);
    judge(&d, a);
    g_assert_cmpint(a->verdict, ==, WR_A_VERIFIED);
    g_assert_cmpuint(a->n_ties, ==, 2);
    g_assert_cmpuint(a->owner[1]->frame, <, a->owner[0]->frame);
    g_assert_true(a->owner[0]->leg == a->ties[0].leg && a->owner[1]->leg == a->ties[0].leg);
    g_assert_true(wr_endpoint_same_host(&a->ties[0].leg->client, &a->side[1].end));
    g_assert_true(wr_endpoint_same_host(&a->ties[1].leg->client, &a->side[0].end));
    desk_end(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/conduct/crowded", test_crowded);
    g_test_add_func("/conduct/decrypted", test_decrypted);
    g_test_add_func("/conduct/unsigned_client", test_unsigned_client);
    g_test_add_func("/conduct/signed_rival", test_signed_rival);
    g_test_add_func("/conduct/rival_of_same_worth", test_rival_of_same_worth);
    g_test_add_func("/conduct/media_over_relay", test_media_over_relay);
    g_test_add_func("/conduct/last_sign", test_last_sign);
    g_test_add_func("/conduct/since", test_since);
    g_test_add_func("/conduct/inside", test_inside);
    g_test_add_func("/conduct/inside_unread", test_inside_unread);
    g_test_add_func("/conduct/bare", test_bare);
    g_test_add_func("/conduct/disputed", test_disputed);
    g_test_add_func("/conduct/mixed_and_cut", test_mixed_and_cut);
    g_test_add_func("/conduct/contested_undescribed", test_contested_undescribed);
    g_test_add_func("/conduct/owner", test_owner);
    return g_test_run();
}
