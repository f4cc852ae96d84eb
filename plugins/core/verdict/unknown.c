/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What remains unknown of a call, and what would settle it (rules 1.4). */
#include "plain_advice.h"
#include "plain_ends.h"
#include "records/call_limits.h"
#include "records/handshake_facts.h"
#include "verdict/missing.h"
#include "verdict/verdict.h"

static bool is_stated(const wr_association *a)
{
    return a->side[0].presented.stated != NULL || a->side[1].presented.stated != NULL;
}

static const char *how_to_open(const wr_engine *e, const wr_association *a)
{
    switch (wr_plain_keys_of(e, a)) {
    case WR_KEYS_NOT_USED:
        return "keys of it were given, but not used: reading DTLS 1.3 takes Wireshark 4.4 or later, and the whole handshake";
    case WR_KEYS_OF_OTHERS:
        return "the key log that was given did not open it: it lacks the keys of this handshake, or this Wireshark cannot "
               "use them, which for DTLS 1.3 takes 4.4 or later";
    default:
        return "the key log of either endpoint (SSLKEYLOGFILE) and Wireshark 4.4 or later would show them";
    }
}

static void unknown_encrypted(const wr_engine *e, wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->verdict != WR_A_UNVERIFIABLE_ENCRYPTED && !(a->version == WR_DTLS_1_3 && !a->decrypted))
            continue;
        if (a->server_psk) { /* none was sent, so no key shows one */
            g_ptr_array_add(
                s->unknown,
                g_strdup_printf("with which certificates the session of association a%u was made: a key log of either "
                                "endpoint, and a capture that holds its first handshake, would show them",
                                a->number));
            continue;
        }
        if (is_stated(a)) {
            g_ptr_array_add(
                s->unknown,
                g_strdup_printf("whether the endpoint's statement on association a%u is true: the key log of either "
                                "endpoint and Wireshark 4.4 or later would show the certificates themselves",
                                a->number));
            continue;
        }
        if (a->disputed)
            g_ptr_array_add(
                s->unknown,
                g_strdup_printf(
                    "what the endpoint's statement on association a%u means: it contradicts what was announced, "
                    "seen or otherwise stated, and was not used",
                    a->number));
        g_ptr_array_add(s->unknown, g_strdup_printf("certificates of association a%u: DTLS 1.3 hides them; %s",
                                                    a->number, how_to_open(e, a)));
    }
}

static void unknown_incomplete(wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            char at[WR_ENDPOINT_TEXT];
            wr_cert_verdict v = a->side[side].presented.verdict;
            char *missing;
            if (v == WR_CERT_UNSEEN && a->verdict != WR_A_HANDSHAKE_FAILED) {
                missing = wr_association_missing_certificate(a, side);
                g_ptr_array_add(s->unknown,
                                g_strdup_printf("certificate of %s in association a%u: %s",
                                                wr_endpoint_format(&a->side[side].end, at), a->number, missing));
                g_free(missing);
            } else if (v == WR_CERT_SDP_NONE && s->copies->len > 0)
                g_ptr_array_add(
                    s->unknown,
                    g_strdup_printf("what %s announced: no description of it governs association a%u here; the other "
                                    "signalling leg, or its key log, may hold it",
                                    wr_endpoint_format(&a->side[side].end, at), a->number));
        }
        if (a->verdict == WR_A_VERIFIED && a->possession[1] != WR_POSSESSION_PROVED && a->side[1].finished_frame == 0)
            g_ptr_array_add(
                s->unknown,
                g_strdup_printf("whether the handshake of a%u was completed: its end is not in this capture",
                                a->number));
    }
}

static void unknown_beyond(const wr_engine *e, wr_session *s)
{
    const char *limits[WR_MAX_CALL_LIMITS];
    const unsigned n = wr_session_limits(e, s, limits);

    for (unsigned i = 0; i < n; i++)
        g_ptr_array_add(s->unknown, g_strdup_printf("what the bound on %s left out of this call", limits[i]));
}

void wr_session_list_unknown(const wr_engine *e, wr_session *s)
{
    unknown_encrypted(e, s);
    unknown_incomplete(s);
    unknown_beyond(e, s);
    if (s->verdict == WR_S_VERIFIED_LEG || (s->verdict == WR_S_UNVERIFIABLE && s->pairings->len == 0))
        g_ptr_array_add(
            s->unknown,
            g_strdup("whether signalling was altered on its way: one leg cannot show it; a capture at the other "
                     "party or at the server would"));
    if (s->verdict == WR_S_NO_SIGNALLING)
        g_ptr_array_add(
            s->unknown,
            g_strdup("what was announced: the signalling is elsewhere or encrypted; its TLS key log, or a capture "
                     "that holds it, would settle it"));
    if (s->verdict == WR_S_NO_MEDIA)
        g_ptr_array_add(
            s->unknown,
            g_strdup("what certificates were presented: the media path is not in this capture; a capture at an "
                     "endpoint would hold it"));
    if (s->verdict == WR_S_RE_KEYED || s->verdict == WR_S_TERMINATED_UNDECLARED)
        g_ptr_array_add(
            s->unknown,
            g_strdup("whether the operator put this intermediary there: its certificate fingerprint or address, "
                     "declared in the preferences, would settle it"));
}
