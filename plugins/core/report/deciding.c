/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/deciding.h"
#include "report/ladder.h"
#include "verdict/plain_words.h"

/* A frame of a statement is in no packet. */
static uint32_t seen(uint32_t frame)
{
    return wr_frame_is_stated(frame) ? 0 : frame;
}

/* Substitutes before certificates that were announced by nobody: these may be of a call beside. */
static uint32_t of_certificate(const wr_session *s, bool substitute)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const wr_presented *p = &a->side[side].presented;
            uint32_t frame = 0;
            if (substitute ? wr_presented_is_substitute(s, p) : p->verdict == WR_CERT_MISMATCH)
                wr_presented_judged(p, &frame);
            if (seen(frame) != 0)
                return frame;
        }
    }
    return 0;
}

/* The check whose finding is the verdict's reason; NULL for none of them. */
static const char *check_of(wr_session_verdict v)
{
    switch (v) {
    case WR_S_KEYS_IN_SIGNALLING:
        return "SIG-06";
    case WR_S_UNENCRYPTED:
        return "RTP-01";
    case WR_S_FOREIGN_CERTIFICATE:
        return "SUBST-03";
    case WR_S_INTERCEPTED:
    case WR_S_INTERCEPTED_FULL:
    case WR_S_SUBSTITUTED_NOT_FOLLOWED:
    case WR_S_SUBSTITUTED_IN_SIGNALLING:
    case WR_S_RE_KEYED:
        return "SUBST-01";
    default:
        return NULL;
    }
}

static uint32_t of_finding(wr_engine *e, const wr_session *s)
{
    const GPtrArray *all = wr_engine_findings(e);
    const char *check = check_of(s->verdict);
    uint32_t first = 0;

    for (unsigned i = 0; i < all->len; i++) {
        const wr_finding *f = g_ptr_array_index(all, i);
        if (f->session != s->number || seen(f->frame) == 0)
            continue;
        if (g_strcmp0(f->check, check) == 0)
            return f->frame;
        if (f->severity == WR_ERROR && first == 0)
            first = f->frame;
    }
    return first;
}

uint32_t wr_report_deciding_frame(wr_engine *e, const wr_session *s)
{
    uint32_t frame = of_certificate(s, true);

    if (frame == 0)
        frame = of_certificate(s, false);
    if (frame == 0 && s->severity >= WR_WARN)
        frame = of_finding(e, s);
    if (frame == 0 && s->associations->len > 0)
        frame = wr_ladder_decided(g_ptr_array_index(s->associations, 0));
    return frame != 0 ? frame : seen(s->first_frame);
}
