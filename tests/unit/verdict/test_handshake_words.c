/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said of a handshake that failed, or is not whole, or goes without certificates: each condition of each
 * sentence, on records laid out by hand.
 */
#include "records_build.h"

#include "verdict/handshake_failure.h"
#include "verdict/handshake_kind.h"
#include "verdict/missing.h"

/* A ClientHello of Bob's in frame 44 that nobody answered, sent so often in two seconds, two seconds ago. */
static wr_association *unanswered(desk_t *d, unsigned hellos)
{
    wr_association *a = handshake_of(d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
    wr_beginning *b = &wr_hello_facts_of(a)->beginning;

    a->has_server_random = false;
    a->client_hello = 44;
    a->side[0].finished_frame = a->side[1].finished_frame = 0;
    b->hellos = (uint16_t)hellos;
    b->first_us = d->c.us;
    b->last_us = d->c.us + 2 * S;
    b->last_frame = 50;
    b->length = 300;
    d->c.e->last_us = d->c.us + 4 * S;
    return a;
}

static void says(desk_t *d, const wr_association *a, const char *why, const char *remedy, bool not )
{
    GString *out = g_string_new(NULL), *change = g_string_new(NULL), *alone = g_string_new(NULL);
    const bool said = wr_association_say_failure(out, change, d->c.e, a);

    g_assert_true(wr_association_say_failure(alone, NULL, d->c.e, a) == said);
    g_assert_cmpstr(alone->str, ==, out->str);
    g_test_message("%s. %s", out->str, change->str);
    g_assert_true(said == (why != NULL));
    if (why != NULL && (strstr(out->str, why) != NULL) == not )
        g_error("\"%s\" is %sin: %s", why, not ? "" : "not ", out->str);
    if (remedy != NULL && strstr(change->str, remedy) == NULL)
        g_error("\"%s\" is not in: %s", remedy, change->str);
    g_string_free(out, TRUE);
    g_string_free(change, TRUE);
    g_string_free(alone, TRUE);
}

static void say_it(desk_t *d, const wr_association *a, const char *why, const char *remedy)
{
    says(d, a, why, remedy, false);
}

static void not_said(desk_t *d, const wr_association *a, const char *why)
{
    says(d, a, why, NULL, true);
}

/* ---- nobody answered ---- */

typedef enum {
    AS_IT_IS = 0,
    ANSWERED_ONE,
    CLIENT_CCS,
    CLIENT_FINISHED,
    CLIENT_KEY_EXCHANGE,
    CLIENT_CERTIFICATE,
    CLIENT_DATA,
    SERVER_CCS,
    SERVER_FINISHED,
    SERVER_KEY_EXCHANGE,
    SERVER_CERTIFICATE,
    SERVER_DATA,
    CHANGES
} change;

static void alter(wr_association *a, change what)
{
    wr_side *s = &a->side[what < SERVER_CCS ? 0 : 1];

    switch (what) {
    case ANSWERED_ONE:
        a->has_server_random = true;
        break;
    case CLIENT_CCS:
    case SERVER_CCS:
        s->ccs_frame = 1;
        break;
    case CLIENT_FINISHED:
    case SERVER_FINISHED:
        s->finished_frame = 1;
        break;
    case CLIENT_KEY_EXCHANGE:
    case SERVER_KEY_EXCHANGE:
        s->key_exchange_seq = 1;
        break;
    case CLIENT_CERTIFICATE:
    case SERVER_CERTIFICATE:
        s->presented.frame = 1;
        break;
    case CLIENT_DATA:
    case SERVER_DATA:
        s->data_records = 1;
        break;
    default:
        break;
    }
}

static void test_gave_up(void)
{
    static const struct {
        unsigned hellos;
        int64_t span_ms, ago_ms;
        bool failed;
    } times[] = {{3, 2000, 2000, true}, {2, 2000, 2000, false}, {9, 1000, 1000, true},
                 {9, 999, 2000, false}, {9, 2000, 999, false},  {0, 2000, 2000, false}};

    for (change what = AS_IT_IS; what < CHANGES; what++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, 5);
        alter(a, what);
        g_test_message("change %d", what);
        g_assert_true(wr_association_gave_up(d.c.e, a) == (what == AS_IT_IS));
        desk_end(&d);
    }
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(times); i++) {
        const unsigned n = i / 2;
        const bool parts = i % 2 != 0; /* of ClientHellos that never were whole */
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, parts ? 0 : times[n].hellos);
        wr_beginning *b = &wr_hello_facts_of(a)->beginning;
        if (parts) {
            a->has_client_random = false;
            b->fragments = (uint16_t)times[n].hellos;
        }
        b->last_us = b->first_us + times[n].span_ms * MS;
        d.c.e->last_us = b->last_us + times[n].ago_ms * MS;
        g_test_message("row %u, %s", n, parts ? "parts" : "whole");
        g_assert_true(wr_association_gave_up(d.c.e, a) == times[n].failed);
        desk_end(&d);
    }
}

static void test_unanswered(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = unanswered(&d, 4);

    say_it(&d, a,
           "the ClientHello of " BOB ":6000 was sent 4 times in 2.0 s (frames 44 to 50) and never answered; nothing "
           "at all came back",
           "must be let through");
    not_said(&d, a, "bytes");
    wr_hello_facts_of(a)->beginning.hellos = 1;
    say_it(&d, a, "in frame 44 was never answered; nothing", "must be let through");
    wr_hello_facts_of(a)->beginning.hellos = 2;
    say_it(&d, a, "was sent 2 times", NULL);
    desk_end(&d);
}

/* Hellos that may be too large for one datagram. */
static void test_size(void)
{
    for (unsigned i = 0; i < 4; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, 4);
        wr_beginning *b = &wr_hello_facts_of(a)->beginning;
        b->length = i == 0 ? 999 : i == 1 ? 1000 : 400;
        b->parted = i == 2;
        if (i == 0 || i == 3)
            not_said(&d, a, "bytes");
        else
            say_it(&d, a, i == 1 ? " (1000 bytes) was" : " (400 bytes, in several datagrams) was", "post-quantum");
        desk_end(&d);
    }
}

/* Signs that the other end is there. */
static void test_signs_of_life(void)
{
    for (unsigned i = 0; i < 6; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, 4);
        wr_flow *f = a->flow;
        wr_check *k = g_new0(wr_check, 1);
        wr_list_add(&f->checks, k);
        k->first_frame = 31;
        k->from = i == 1 ? 0 : 1; /* Alice is end 0, and the server */
        if (i == 2 || i == 3)
            wr_flow_traffic(f)[i == 2 ? 0 : 1] = (wr_traffic){.packets = 1, .last_frame = 32};
        f->consent = g_new0(wr_consent, 1);
        if (i == 4 || i == 5)
            f->consent->given_frame[i == 4 ? 1 : 0] = 33;
        say_it(&d, a,
               i == 1   ? "the other end is there, it sent something in frame 31"
               : i == 2 ? "the other end is there, it sent something in frame 32"
               : i == 4 ? "the other end is there, it answered a connectivity check in frame 33"
                        : "nothing at all came back",
               i == 1 || i == 2 || i == 4 ? "must run DTLS as server" : "must be let through");
        desk_end(&d);
    }
    {
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, 4);
        wr_hello_facts_of(a)->beginning.retry_frame = 45;
        say_it(&d, a, "it asked for a cookie or another key share in frame 45", "must run DTLS as server");
        desk_end(&d);
    }
}

/* Another unanswered hello on the same path, of the other end. */
static void test_both_clients(void)
{
    for (unsigned i = 0; i < 6; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, 4), *o = unanswered(&d, 4);
        wr_list_add(&a->flow->associations, o);
        o->client_hello = 46;
        o->side[0].end = i == 1 ? BOBS : ALICES;
        o->side[1].end = i == 1 ? ALICES : BOBS;
        o->has_client_random = i != 2;
        o->has_server_random = i == 3;
        o->absorbed = i == 4 ? a : NULL;
        if (i == 0 || i == 5)
            say_it(&d, a, "; " ALICE ":5000 sent one as well (frame 46): both are clients", "a=setup:passive");
        else
            not_said(&d, a, "both are clients");
        desk_end(&d);
    }
}

static void test_fragments(void)
{
    desk_t d = desk_begin(NULL);
    wr_association *a = unanswered(&d, 0);
    wr_beginning *b = &wr_hello_facts_of(a)->beginning;

    a->has_client_random = false;
    b->fragments = 4;
    b->length = 1500;
    say_it(&d, a,
           "of the ClientHello of " BOB ":6000 (1500 bytes, in several datagrams) only parts are seen, 4 times in "
           "2.0 s (frames 110 to 50): the rest was lost",
           "post-quantum");
    b->fragments = 0;
    say_it(&d, a, NULL, NULL);
    desk_end(&d);
}

/* ---- no end ---- */

static wr_association *unfinished(desk_t *d)
{
    wr_association *a = handshake_of(d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
    wr_beginning *b = &wr_hello_facts_of(a)->beginning;

    a->side[1].finished_frame = 0;
    a->side[0].finished_frame = 60;
    a->side[0].finished_us = d->c.us;
    b->flights = 3;
    b->flight_us = d->c.us + S;
    b->flight_frame = 70;
    return a;
}

static void test_never_finished(void)
{
    enum {
        PLAIN,
        FEW,
        SOON,
        NO_ROLES,
        CCS,
        FINISHED,
        ITS_DATA,
        OWN_DATA,
        OWN_MEDIA,
        OWN_MEDIA_BEFORE,
        ITS_MEDIA,
        CASES
    };

    for (int which = PLAIN; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = unfinished(&d);
        wr_beginning *b = &wr_hello_facts_of(a)->beginning;
        const bool failed = which == PLAIN || which == OWN_MEDIA_BEFORE || which == ITS_MEDIA;
        b->flights = which == FEW ? 2 : 3;
        if (which == SOON)
            b->flight_us--;
        if (which == NO_ROLES)
            a->client_end = -1;
        if (which == CCS)
            a->side[1].ccs_frame = 1;
        if (which == FINISHED)
            a->side[1].finished_frame = 1;
        if (which == ITS_DATA || which == OWN_DATA)
            a->side[which == OWN_DATA ? 0 : 1].data_records = 1;
        if (which >= OWN_MEDIA && which <= ITS_MEDIA) /* Bob is end 1, and the client */
            wr_flow_traffic(a->flow)[which == ITS_MEDIA ? 0 : 1].last_us = d.c.us + (which == OWN_MEDIA_BEFORE ? 0 : 1);
        g_test_message("case %d", which);
        g_assert_true(wr_association_never_finished(a) == failed);
        if (failed)
            say_it(&d, a,
                   BOB ":6000 sent its last flight 3 times in 1.0 s (frames 60 to 70), and the server never finished",
                   "Look at the server");
        else
            say_it(&d, a, NULL, NULL);
        desk_end(&d);
    }
}

static void test_answer_lost(void)
{
    for (unsigned i = 0; i < 2; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, 2);
        a->has_server_random = true;
        a->server_hello = 48;
        wr_hello_facts_of(a)->beginning.answer_ignored_frame = i == 0 ? 49 : 0;
        say_it(&d, a,
               i == 0 ? "the server answered (frame 48), and the client sent its ClientHello once more (frame 49)"
                      : NULL,
               i == 0 ? "from server to client" : NULL);
        desk_end(&d);
    }
}

/* ---- alerts ---- */

static void test_alerts(void)
{
    static const struct {
        const char *name, *remedy;
        uint8_t alert;
        bool lists, objects;
    } rows[] = {
        {"handshake_failure", "in common", 40, true, false},
        {"illegal_parameter", "in common", 47, true, false},
        {"insufficient_security", "in common", 71, true, false},
        {"missing_extension", "in common", 109, true, false},
        {"unsupported_extension", "in common", 110, true, false},
        {"no_application_protocol", "in common", 120, true, false},
        {"protocol_version", "a version of DTLS in common", 70, true, false},
        {"inappropriate_fallback", "a version of DTLS in common", 86, true, false},
        {"bad_certificate", "Compare the fingerprint", 42, false, true},
        {"certificate_expired", "Compare the fingerprint", 45, false, true},
        {"unknown_ca", "Compare the fingerprint", 48, false, true},
        {"certificate_required", "Compare the fingerprint", 116, false, true},
        {"unknown_psk_identity", "Look for the key", 115, false, false},
        {"decrypt_error", "Look for the key", 51, false, false},
        {"unexpected_message", "a=setup on both sides", 10, false, false},
        {"internal_error", "The log of the side", 80, false, false},
        {"unknown", "The log of the side", 77, false, false},
    };

    for (unsigned i = 0; i < 3 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 3, by = i % 3; /* client, server, both */
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_HANDSHAKE_FAILED);
        wr_hello_facts *f = wr_hello_facts_of(a);
        char *words =
            g_strdup_printf("%s ended it with alert %u (%s) in frame %u", by == 1 ? ALICE ":5000" : BOB ":6000",
                            rows[n].alert, rows[n].name, by == 1 ? 91 : 90);
        f->offered = g_new0(uint16_t, 2);
        f->offered[0] = 0xc02b;
        f->n_suites = 1;
        f->offered_version = WR_DTLS_1_2;
        for (int side = 0; side < 2; side++) {
            if (by != 2 && (int)by != side)
                continue;
            a->side[side].alert = rows[n].alert;
            a->side[side].alert_frame = (uint32_t)(90 + side);
        }
        say_it(&d, a, words, rows[n].remedy);
        if (by == 2)
            say_it(&d, a, "; " ALICE ":5000 ended it", rows[n].remedy);
        says(&d, a, "the client (frame 0) offered at most", NULL, !rows[n].lists);
        says(&d, a, "it objected to a certificate", NULL, !rows[n].objects);
        g_free(words);
        desk_end(&d);
    }
}

/* What was offered, and what the server can do. */
static void test_lists(void)
{
    static const uint16_t suites[] = {0x0a0a, 0xc02b, 0xfffe, 0xc02f, 0xc009, 0xc013, 0xc00a, 0xc014, 0x009c};
    static const struct {
        unsigned n_suites, n_profiles;
        bool is_13;
        const char *words;
    } rows[] = {
        {2, 0, false,
         "offered at most DTLS 1.2, the cipher suites TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and no SRTP"},
        {4, 1, false,
         "_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 and the SRTP profiles SRTP_AEAD_AES_128_GCM"},
        {8, 0, true, "offered at most DTLS 1.3"},
        {8, 0, false, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA and no SRTP profile"},
        {9, 0, false, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA and others and no SRTP profile"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, 1);
        wr_hello_facts *f = wr_hello_facts_of(a);
        f->offered = g_new0(uint16_t, 16);
        memcpy(f->offered, suites, sizeof suites);
        f->n_suites = (uint16_t)rows[i].n_suites;
        f->n_profiles = (uint16_t)rows[i].n_profiles;
        f->offered[rows[i].n_suites] = rows[i].n_profiles > 0 ? 0x0007 : suites[rows[i].n_suites % 9];
        f->offered_version = WR_DTLS_1_2;
        a->offers_13 = rows[i].is_13;
        a->side[1].alert = 40;
        a->side[1].alert_frame = 90;
        say_it(&d, a, rows[i].words, NULL);
        not_said(&d, a, "chose");
        desk_end(&d);
    }
}

static void test_choice(void)
{
    enum {
        OWN,
        NO_PROFILE,
        UNKNOWN_ONES,
        ELSEWHERE,
        OTHER_HOST,
        ABSORBED,
        NO_ANSWER,
        NO_ROLES,
        OWN_NO_ROLES,
        RETRY,
        CASES
    };

    for (int which = OWN; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = unanswered(&d, 1), *o = NULL;
        const char *words = "the server (frame 47) chose DTLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and "
                            "SRTP_AEAD_AES_128_GCM";
        a->side[1].alert = 40;
        a->side[1].alert_frame = 90;
        if (which >= ELSEWHERE) {
            o = handshake_of(&d, NULL, WR_A_VERIFIED);
            g_ptr_array_add(d.c.e->associations, o);
            words = "; in another handshake the same server (frame 47) chose";
        } else {
            o = a;
        }
        o->has_server_random = which != NO_ANSWER;
        o->server_hello = 47;
        o->has_suite = o->has_profile = true;
        o->suite = which == UNKNOWN_ONES ? 0xfffe : 0xc02b;
        o->srtp_profile = which == UNKNOWN_ONES ? 0xfffe : 0x0007;
        if (which == NO_PROFILE) {
            o->has_profile = o->has_suite = false;
            words = "an unknown cipher suite and no SRTP profile";
        }
        if (which == UNKNOWN_ONES)
            words = "an unknown cipher suite and an unknown SRTP profile";
        if (which == OTHER_HOST)
            o->side[1].end = at("198.51.100.5", 5000);
        if (which == ABSORBED)
            o->absorbed = a;
        if (which == NO_ROLES)
            o->client_end = -1;
        if (which == OWN_NO_ROLES)
            a->client_end = -1;
        if (which == RETRY) {
            o->has_server_random = false;
            wr_hello_facts_of(a)->beginning.retry_frame = 46;
            words = "; the server had answered first in frame 46";
        }
        g_test_message("case %d", which);
        if (which <= ELSEWHERE || which == RETRY)
            say_it(&d, a, words, NULL);
        else
            not_said(&d, a, "chose");
        if (which != RETRY)
            not_said(&d, a, "had answered first");
        if (which >= ELSEWHERE)
            g_ptr_array_steal_index(d.c.e->associations, 0); /* the desk has it */
        desk_end(&d);
    }
}

/* ---- what is missing ---- */

static void clear_side(wr_association *a, int side)
{
    const wr_endpoint end = a->side[side].end;

    memset(&a->side[side], 0, sizeof a->side[side]);
    a->side[side].end = end;
}

/* What a side did, one thing at a time: any of them shows that its direction was captured. */
static void do_thing(wr_association *a, int side, unsigned which)
{
    wr_side *s = &a->side[side];
    uint32_t *const frames[] = {&s->ccs_frame, &s->finished_frame, &s->first_encrypted_frame, &s->presented.frame,
                                &s->data_records};

    if (which < G_N_ELEMENTS(frames))
        *frames[which] = 1;
    else if (which == G_N_ELEMENTS(frames))
        s->key_exchange_seq = 1;
}

#define THINGS 6

static void test_missing(void)
{
    for (unsigned i = 0; i <= THINGS; i++) {
        for (unsigned k = 0; k < 16; k++) {
            const bool ch = (k & 1) != 0, sh = (k & 2) != 0, roles = (k & 4) != 0, by_server = (k & 8) != 0;
            const bool did = i < THINGS, server = sh || (did && by_server), client = ch || (did && !by_server);
            desk_t d = desk_begin(NULL);
            wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
            const char *missing;
            char *own[2];
            clear_side(a, 0);
            clear_side(a, 1);
            a->has_client_random = ch;
            a->has_server_random = sh;
            a->client_hello = 44;
            a->server_hello = 45;
            a->client_end = roles ? 1 : -1;
            do_thing(a, by_server ? 1 : 0, i);
            missing = wr_association_missing(a);
            own[0] = wr_association_missing_certificate(a, 0);
            own[1] = wr_association_missing_certificate(a, 1);
            g_test_message("thing %u by the %s, %u: %s", i, by_server ? "server" : "client", k, missing);
            g_assert_true(wr_association_is_hello_alone(a) == (ch && !sh && !did));
            g_assert_cmpstr(missing, ==,
                            !roles              ? "its start is missing"
                            : ch && !sh && !did ? "the reply to its ClientHello is missing"
                            : !server           ? "the server's direction is missing"
                            : !client           ? "the client's direction is missing"
                            : !ch && !sh        ? "its start is missing"
                            : !ch               ? "its ClientHello is missing"
                            : !sh               ? "its ServerHello is missing"
                                                : "the messages with the certificates are missing");
            for (int side = 0; side < 2; side++) {
                const char *words = !roles || (!ch && !sh) ? "from the start of the call"
                                    : ch && !sh && !did    ? (side == 1 ? "which would bring it" : "no further here")
                                    : side == 1 ? (!server ? "only the other side's direction" : "start is (frame")
                                                : (!client ? "only the other side's direction" : "start is (frame");
                g_assert_nonnull(strstr(own[side], words));
                if (strstr(own[side], "start is (frame") != NULL)
                    g_assert_nonnull(strstr(own[side], ch ? "(frame 44)" : "(frame 45)"));
                g_free(own[side]);
            }
            desk_end(&d);
        }
    }
}

/* Both hellos and what else was seen: the message that would have settled it is named. */
static void test_missing_certificate(void)
{
    static const char *const words[] = {"its end is missing", "the message with the client's certificate is missing",
                                        "the message with the server's certificate is missing",
                                        "the messages with the certificates are missing"};

    for (unsigned i = 0; i < 12; i++) {
        const bool client = (i & 1) != 0, server = (i & 2) != 0, empty = i >= 4 && i < 8, by_key = i >= 8;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
        a->has_client_random = a->has_server_random = true;
        a->side[0].finished_frame = a->side[1].finished_frame = 50;
        a->server_psk = by_key;
        for (int side = 0; side < 2; side++)
            if (!(side == 1 ? server : client))
                a->side[side].presented.certificate = wr_certificate_new((const uint8_t *)"der", 3);
        a->side[0].presented.empty = empty; /* sent, with no entry: nothing of it is missing (RFC 5246 7.4.6) */
        g_assert_cmpstr(wr_association_missing(a), ==, words[by_key ? 0 : empty ? (i & 2) : (i & 3)]);
        for (int side = 0; side < 2; side++)
            g_clear_pointer(&a->side[side].presented.certificate, wr_certificate_unref);
        desk_end(&d);
    }
}

/* A cookie or another key share asked for, or a certificate: the server spoke. */
static void test_server_spoke(void)
{
    for (unsigned i = 0; i < 3; i++) {
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_INCOMPLETE);
        clear_side(a, 0);
        clear_side(a, 1);
        a->has_server_random = false;
        a->retry = i == 1;
        a->certificate_requested = i == 2;
        g_assert_true(wr_association_is_hello_alone(a) == (i == 0));
        g_assert_cmpstr(wr_association_missing(a), ==,
                        i == 0 ? "the reply to its ClientHello is missing" : "its ServerHello is missing");
        desk_end(&d);
    }
}

/* ---- without certificates ---- */

static void test_kinds(void)
{
    static const struct {
        uint16_t suite, version;
        const char *words;
        wr_cert_verdict client, server; /* UNSEEN: goes by certificates */
    } rows[] = {
        {0xc02b, WR_DTLS_1_2, NULL, WR_CERT_UNSEEN, WR_CERT_UNSEEN},
        {0x008c, WR_DTLS_1_2, "pre-shared key (TLS_PSK_WITH_AES_128_CBC_SHA)", WR_CERT_NONE, WR_CERT_NONE},
        {0x008c, WR_DTLS_1_3, NULL, WR_CERT_UNSEEN, WR_CERT_UNSEEN},
        {0x008c, 0, NULL, WR_CERT_UNSEEN, WR_CERT_UNSEEN},
        {0xc018, WR_DTLS_1_2, "is anonymous (TLS_ECDH_anon_WITH_AES_128_CBC_SHA)", WR_CERT_NONE, WR_CERT_NONE},
        {0xc01d, WR_DTLS_1_2, "by a password (TLS_SRP_SHA_WITH_AES_128_CBC_SHA)", WR_CERT_NONE, WR_CERT_NONE},
        {0x0094, WR_DTLS_1_2, NULL, WR_CERT_NONE, WR_CERT_UNSEEN}, /* TLS_RSA_PSK_…: the server has one */
    };

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const unsigned n = i / 2;
        const bool told = i % 2 == 0;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        GString *out = g_string_new(NULL);
        a->has_suite = told;
        a->suite = rows[n].suite;
        a->version = rows[n].version;
        g_assert_true(wr_say_handshake_kind(out, a) == (told && rows[n].words != NULL));
        if (told && rows[n].words != NULL)
            g_assert_nonnull(strstr(out->str, rows[n].words));
        for (int side = 0; side < 2; side++) {
            const wr_cert_verdict wanted = !told ? WR_CERT_UNSEEN : side == 0 ? rows[n].client : rows[n].server;
            wr_cert_verdict got = WR_CERT_UNSEEN;
            g_test_message("suite %04x, side %d", rows[n].suite, side);
            g_assert_true(wr_association_side_kind(a, side, &got) == (wanted != WR_CERT_UNSEEN));
            g_assert_cmpint(got, ==, wanted);
        }
        g_string_free(out, TRUE);
        desk_end(&d);
    }
}

/* A bare public key in place of a certificate. */
static void test_raw_keys(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool key = (i & 1) != 0, facts = (i & 2) != 0 || key, certificate = (i & 4) != 0;
        const int side = i % 2;
        desk_t d = desk_begin(NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_UNVERIFIABLE_HASH);
        GString *out = g_string_new(NULL);
        wr_cert_verdict got = WR_CERT_UNSEEN;
        const bool raw = key && !certificate;
        if (facts)
            wr_side_facts_of(&a->side[side])->raw_key_frame = key ? 57 : 0;
        if (certificate)
            shows(&d, a, side, ALICE_HAS);
        g_assert_true(wr_association_side_kind(a, side, &got) == raw);
        g_assert_cmpint(got, ==, raw ? WR_CERT_FP_UNUSABLE : WR_CERT_UNSEEN);
        g_assert_true(wr_say_handshake_kind(out, a) == raw);
        if (raw)
            g_assert_nonnull(strstr(out->str, side == 0 ? BOB ":6000 showed a bare public key (RFC 7250) in place of a "
                                                              "certificate in frame 57"
                                                        : ALICE ":5000 showed"));
        g_string_free(out, TRUE);
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/handshake_words/gave_up", test_gave_up);
    g_test_add_func("/handshake_words/unanswered", test_unanswered);
    g_test_add_func("/handshake_words/size", test_size);
    g_test_add_func("/handshake_words/signs_of_life", test_signs_of_life);
    g_test_add_func("/handshake_words/both_clients", test_both_clients);
    g_test_add_func("/handshake_words/fragments", test_fragments);
    g_test_add_func("/handshake_words/never_finished", test_never_finished);
    g_test_add_func("/handshake_words/answer_lost", test_answer_lost);
    g_test_add_func("/handshake_words/alerts", test_alerts);
    g_test_add_func("/handshake_words/lists", test_lists);
    g_test_add_func("/handshake_words/choice", test_choice);
    g_test_add_func("/handshake_words/missing", test_missing);
    g_test_add_func("/handshake_words/missing_certificate", test_missing_certificate);
    g_test_add_func("/handshake_words/server_spoke", test_server_spoke);
    g_test_add_func("/handshake_words/kinds", test_kinds);
    g_test_add_func("/handshake_words/raw_keys", test_raw_keys);
    return g_test_run();
}
