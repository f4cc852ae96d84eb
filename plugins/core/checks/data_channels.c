/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data channel checks (rules 3.6; RFC 8827 6.5, RFC 8261, RFC 8832, RFC 8841). */
#include "check.h"

#include <string.h>

#define PATIENCE_US (30 * WR_SECOND)

static bool is_data(const wr_sdp_section *x)
{
    return strcmp(x->media, "application") == 0 && strstr(x->proto, "SCTP") != NULL && !wr_sdp_section_disabled(x);
}

/* An accepted data section; with dtls, one that is to run inside DTLS, else one that is not. NULL for none. */
static const wr_copy *accepted_data(const wr_session *s, bool dtls)
{
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        for (unsigned j = 0; wr_kind_is_answer(c->kind) && j < c->sdp->n_sections; j++)
            if (is_data(&c->sdp->sections[j]) && (strstr(c->sdp->sections[j].proto, "DTLS") != NULL) == dtls)
                return c;
    }
    return NULL;
}

/* ---- DC-01 ---- */

/* The path is secured as far as it shows: both hellos, and from both ends what only their keys make. DTLS 1.3 shows
 * neither signature nor Finished. */
static bool is_secured(const wr_flow *f)
{
    bool hellos = false, encrypted = f->media[0].packets > 0 && f->media[1].packets > 0 &&
                                     wr_flow_clearness(f, NULL, NULL) == WR_CLEAR_NO;

    for (unsigned i = 0; i < f->associations.len; i++) {
        const wr_association *a = wr_list_at(&f->associations, i);
        if (a->absorbed != NULL || !a->has_client_random || !a->has_server_random)
            continue;
        hellos = true;
        encrypted |= a->side[0].first_encrypted_frame != 0 && a->side[1].first_encrypted_frame != 0;
    }
    return hellos && encrypted;
}

/* On one of the call's paths: who moves from one to another keeps its keys. */
static bool has_dtls(const wr_session *s)
{
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(s->flows, i);
        if (wr_flow_has_handshake(f) || is_secured(f))
            return true;
    }
    return false;
}

static void check_outside(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    const wr_copy *c = accepted_data(s, false);

    (void)f;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        if (flow->odd == NULL || flow->odd->sctp_frame == 0)
            continue;
        if (has_dtls(s))
            wr_finding_once(
                e, s, "DC-01", WR_NOTE, flow->odd->sctp_frame, c != NULL ? c->frame : 0, "V17.2.2", WR_BASIS_MEDIA,
                "A packet of SCTP in clear in a call that has DTLS: anybody can have sent it in the name of "
                "an end");
        else
            wr_finding_once(e, s, "DC-01", WR_ERROR, flow->odd->sctp_frame, c != NULL ? c->frame : 0, "V17.2.2",
                            WR_BASIS_MEDIA, "Data channel traffic is not inside DTLS: SCTP in clear on the media path");
        return;
    }
    if (c != NULL)
        wr_finding_once(e, s, "DC-01", WR_ERROR, c->frame, 0, "V17.2.2", WR_BASIS_DESCRIPTION,
                        "The answer accepts a data section without DTLS");
}

/* ---- DC-02 ---- */

static void check_absent(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    const wr_copy *c =
        s->associations->len > 0 || f->media ? NULL : accepted_data(s, true); /* with media, RTP-02 and CAP-01 say it */

    for (unsigned i = 0; c != NULL && i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        int64_t first = 0;
        for (int end = 0; flow->consent != NULL && end < 2; end++)
            if (flow->consent->given_first_us[end] != 0 && (first == 0 || flow->consent->given_first_us[end] < first))
                first = flow->consent->given_first_us[end];
        /* checks before the description mean that the call is older than its first seen description */
        if (first == 0 || first + WR_SLACK_US < ((wr_copy *)g_ptr_array_index(s->copies, 0))->time_us ||
            e->last_us - first <= PATIENCE_US)
            continue;
        wr_finding_once(
            e, s, "DC-02", WR_NOTE, c->frame, flow->first_frame, NULL, WR_BASIS_PAIR,
            "The negotiated data channel has no DTLS association, though its path works for more than 30 s");
        return;
    }
}

/* ---- DC-03, DC-04 ---- */

static void check_inside(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        const wr_hello_facts *x = a->facts;
        if (x == NULL)
            continue;
        if (x->sctp_addresses_frame != 0)
            wr_finding_once(
                e, s, "DC-03", WR_NOTE, x->sctp_addresses_frame, 0, NULL, WR_BASIS_DECRYPTED,
                "SCTP INIT carries IP addresses, which RFC 8261 forbids: they give away hosts (association a%u)",
                a->number);
        if (x->sctp_parity_frame != 0)
            wr_finding_once(
                e, s, "DC-04", WR_NOTE, x->sctp_parity_frame, a->client_hello, NULL, WR_BASIS_DECRYPTED,
                "The DTLS %s opened data channel %u, a number of the other side's: the two do not agree on their roles "
                "(association a%u)",
                x->sctp_side == 0 ? "client" : "server", x->sctp_stream, a->number);
    }
}

const wr_session_check *wr_checks_dc(void)
{
    static const wr_session_check checks[] = {check_outside, check_absent, check_inside, NULL};
    return checks;
}
