/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTP checks that need keys: what does not authenticate, what was sent again (RFC 3711 3.3.2, 4.2). Whoever may put
 * packets on the wire can make both, so they are notes on packets, never accusations of a party. */
#include "check.h"

#include "records/media_proof.h"

#define REPLAYS_OF 20 /* a capture with copies of packets from another clock has more than one such in so many */

/* "frame 7", "frames 7, 9 and 3 more": g_free(). */
static char *frames_text(const wr_proof_frames *list)
{
    GString *out = g_string_new(list->n == 1 ? "frame" : "frames");
    const uint32_t named = MIN(list->n, WR_PROOF_FRAMES);

    for (uint32_t i = 0; i < named; i++)
        g_string_append_printf(out, "%s %u", i == 0 ? "" : ",", list->frame[i]);
    if (list->n > named)
        g_string_append_printf(out, " and %u more", list->n - named);
    return g_string_free(out, FALSE);
}

/* ---- RTP-08 ---- */

static void tell_failed(wr_engine *e, const wr_session *s, const wr_association *a, const wr_proof_frames *list,
                        const char *what)
{
    char *frames;

    if (list->n == 0)
        return;
    frames = frames_text(list);
    wr_finding_once(
        e, s, "RTP-08", WR_NOTE, list->frame[0], a->srtp->first_frame, NULL, WR_BASIS_KEYS,
        "%u %s packet%s from the addresses of association a%u carr%s no valid tag of its keys (%s): injected "
        "by somebody without them, or damaged; its receiver drops %s",
        list->n, what, list->n == 1 ? "" : "s", a->number, list->n == 1 ? "ies" : "y", frames,
        list->n == 1 ? "it" : "them");
    g_free(frames);
}

static void tell_failed_sdes(wr_engine *e, const wr_session *s, const wr_flow *flow, int end)
{
    const wr_sdes_proof *p = wr_flow_sdes_proof(e, flow, end);
    const uint32_t n = p != NULL ? p->rtp_failed.n + p->rtcp_failed.n : 0;
    char at[WR_ENDPOINT_TEXT];

    if (n > 0)
        wr_finding_once(e, s, "RTP-08", WR_NOTE, p->rtp_failed.n > 0 ? p->rtp_failed.frame[0] : p->rtcp_failed.frame[0],
                        p->copy->frame, NULL, WR_BASIS_KEYS,
                        "%u media packets from %s carry no valid tag of the keys in its description: injected by "
                        "somebody without them, sent in clear, or damaged",
                        n, wr_endpoint_format(&flow->end[end], at));
}

void wr_check_authentic(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->srtp == NULL)
            continue;
        tell_failed(e, s, a, &a->srtp->rtp_failed, "SRTP");
        tell_failed(e, s, a, &a->srtp->rtcp_failed, "SRTCP");
    }
    for (unsigned i = 0; i < 2 * s->flows->len; i++)
        tell_failed_sdes(e, s, g_ptr_array_index(s->flows, i / 2), (int)(i % 2));
}

/* ---- RTP-14 ---- */

void wr_check_replayed_media(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        const wr_media_proof *p = a->srtp;
        char *frames;
        if (p == NULL || p->replayed.n == 0 || p->replayed.n > (p->rtp_verified + p->rtcp_verified) / REPLAYS_OF)
            continue;
        frames = frames_text(&p->replayed);
        wr_finding_once(
            e, s, "RTP-14", WR_NOTE, p->replayed.frame[0], p->first_frame, NULL, WR_BASIS_KEYS,
            "%u authentic packet%s of association a%u came again, two seconds or more after the first (%s): "
            "replayed; receivers drop what they had",
            p->replayed.n, p->replayed.n == 1 ? "" : "s", a->number, frames);
        g_free(frames);
    }
}

/* ---- RTP-15 ---- */

#define MISSES_ENOUGH 20

void wr_check_keys_fit(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->srtp == NULL)
            continue;
        if (wr_media_proof_contradicts(a))
            wr_finding_once(e, s, "RTP-15", WR_NOTE, a->srtp->first_frame, a->server_hello, NULL, WR_BASIS_KEYS,
                            "Media of association a%u is protected by %s, not by the profile that its handshake chose",
                            a->number, wr_srtp_profile_name(a->srtp->profile->number));
        else if (a->srtp->profile == NULL && a->srtp->misses >= MISSES_ENOUGH)
            wr_finding_once(
                e, s, "RTP-15", WR_NOTE, a->first_frame, a->server_hello, NULL, WR_BASIS_KEYS,
                "The key log has a secret of association a%u, but no packet on its path carries a tag of keys "
                "that follow from it: the secret does not fit, or the media has other keys; nothing was "
                "concluded from it",
                a->number);
    }
}

/* ---- CAP-07 ---- */

/* ", the first is line 3: 2 cut or broken, …", of what there is. g_free. */
static char *unused_lines(const wr_key_log_counts *c)
{
    GString *out = g_string_new(NULL);
    const char *before = ": ";
    const struct {
        unsigned n;
        const char *what;
    } kinds[] = {
        {c->broken, "cut or broken"},
        {c->foreign, "of another format"},
        {c->contradicted, "that contradict an earlier one"},
        {c->dropped, "more than are read of one key log: give one of this call alone"},
    };

    if (c->first_bad != 0)
        g_string_append_printf(out, ", the first is line %u", c->first_bad);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].n == 0)
            continue;
        g_string_append_printf(out, "%s%u %s", before, kinds[i].n, kinds[i].what);
        before = ", ";
    }
    return g_string_free(out, FALSE);
}

void wr_check_key_log(wr_engine *e)
{
    const char *name = NULL;
    const wr_key_log_counts *c = e->options.key_log_counts != NULL ? e->options.key_log_counts(&name) : NULL;
    wr_finding *f;
    char *what;

    if (c == NULL || e->sessions->len == 0 || c->broken + c->foreign + c->contradicted + c->dropped == 0)
        return;
    what = unused_lines(c);
    f = wr_finding_add(e, "CAP-07", WR_NOTE, e->last_frame, 0, NULL,
                       "The key log has lines that could not be used%s; "
                       "secrets of %u handshakes were read",
                       what, c->handshakes);
    if (f != NULL)
        f->basis = "key log";
    g_free(what);
}
