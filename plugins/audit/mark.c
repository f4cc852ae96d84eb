/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks packets of a mismatch, and of a substitute, in the column Info, so that they catch the eye in the packet list.
 */
#include "audit.h"
#include "verdict/plain_words.h"

#define MAX_PAIRINGS 1000 /* looked at: this is done anew for each packet that is shown */

/* As sure as an error or warning needs: the user names of the checks tie the handshake to the description, at least. */
static bool contradicts(const wr_association *a, const wr_presented *p)
{
    return p->verdict == WR_CERT_MISMATCH && p->description != NULL && a->binding <= WR_B2;
}

static uint32_t certificate_not_of(const wr_copy *c)
{
    unsigned number = wr_copy_session_number(wr_audit_engine(), c);
    const wr_session *s = number == 0 ? NULL : wr_engine_session(wr_audit_engine(), number);

    for (unsigned i = 0; s != NULL && i < s->associations->len && i < 16; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const wr_presented *p = &a->side[side].presented;
            uint32_t frame;
            wr_presented_judged(p, &frame);
            if (contradicts(a, p) && p->description == c)
                return frame;
        }
    }
    return 0;
}

/* The frame in which this description was sent with another fingerprint, in a call for which that is an error: it is
 * where the call was changed. 0 for none. */
static uint32_t issued_otherwise(const wr_copy *c)
{
    const unsigned number = wr_copy_session_number(wr_audit_engine(), c);
    const wr_session *s = number == 0 ? NULL : wr_engine_session(wr_audit_engine(), number);

    if (s == NULL || s->severity != WR_ERROR)
        return 0;
    for (unsigned i = 0; i < s->pairings->len && i < MAX_PAIRINGS; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (p->sameness == WR_SAME_S1 && p->fingerprints == WR_FPS_DIFFERENT && p->delivered == c &&
            p->issued != NULL && !wr_copy_is_stated(p->issued))
            return p->issued->frame;
    }
    return 0;
}

/* A certificate that agrees with what was delivered, and not with what was sent: where a call was intercepted. Known
 * when all of its legs were seen. */
static bool mark_substitute(packet_info *pinfo, const wr_association *a, const wr_presented *p)
{
    const unsigned number = wr_association_session_number(wr_audit_engine(), a);
    const wr_session *s;

    if (!PINFO_FD_VISITED(pinfo) || number == 0 || p->description == NULL)
        return false;
    wr_audit_bring_up_to_date(number, false);
    s = wr_engine_session(wr_audit_engine(), number);
    if (s == NULL || s->severity != WR_ERROR || !wr_presented_is_substitute(s, p))
        return false;
    col_prepend_fstr(pinfo->cinfo, COL_INFO, "[Certificate matches the substitute in frame %u] ",
                     p->description->frame);
    return true;
}

static bool mark_association(packet_info *pinfo, wr_association *a)
{
    if (a->absorbed != NULL)
        a = a->absorbed;
    for (int side = 0; side < 2; side++) {
        const wr_presented *p = &a->side[side].presented;
        uint32_t frame;
        if (p->frame != wr_frame_of(pinfo) && (p->other == NULL || p->frame_other != wr_frame_of(pinfo)))
            continue;
        if (a->dirty)
            wr_engine_evaluate_association(wr_audit_engine(), a);
        wr_presented_judged(p, &frame);
        if (frame == wr_frame_of(pinfo) && contradicts(a, p)) {
            col_prepend_fstr(pinfo->cinfo, COL_INFO, "[Certificate is not the one announced in frame %u] ",
                             p->description->frame);
            return true;
        }
        if (mark_substitute(pinfo, a, p))
            return true;
    }
    return false;
}

static bool mark_copy(packet_info *pinfo, const wr_copy *c)
{
    uint32_t frame;

    wr_audit_bring_up_to_date(wr_copy_session_number(wr_audit_engine(), c), false);
    frame = c->frame == wr_frame_of(pinfo) ? issued_otherwise(c) : 0; /* candidates that came later change nothing */
    if (frame != 0) {
        col_prepend_fstr(pinfo->cinfo, COL_INFO, "[Fingerprint is not the one sent in frame %u] ", frame);
        return true;
    }
    frame = certificate_not_of(c);
    if (frame == 0)
        return false;
    col_prepend_fstr(pinfo->cinfo, COL_INFO, "[Certificate in frame %u is not the one announced here] ", frame);
    return true;
}

void wr_audit_mark(packet_info *pinfo)
{
    const wr_frame_records *r;

    if (pinfo->cinfo == NULL || !wr_audit_marks_info())
        return;
    r = wr_audit_frame(wr_frame_of(pinfo));
    if (r == NULL)
        return;
    for (unsigned i = 0; r->associations != NULL && i < r->associations->len; i++)
        if (mark_association(pinfo, g_ptr_array_index(r->associations, i)))
            return;
    if (r->copies == NULL || !PINFO_FD_VISITED(pinfo))
        return;
    for (unsigned i = 0; i < r->copies->len; i++)
        if (mark_copy(pinfo, g_ptr_array_index(r->copies, i)))
            return;
}
