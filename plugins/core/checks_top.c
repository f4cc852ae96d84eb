/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who ends the encryption: SUBST, TOP and UKS checks (security rules 6.8 and section 4). */
#include "checks.h"

/* SUBST-01, SUBST-02, TOP-02 */
static void check_substitution(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    for (int i = 0; i < 2; i++) {
        const wr_pairing *p = f->substituted[i];
        if (p != NULL)
            wr_finding_add(e, "SUBST-01", WR_ERROR, p->second->frame, s->number, "V17.3",
                           "Certificate fingerprint of the same %s differs between frame %u and frame %u", i == 0 ? "offer" : "answer",
                           p->first->frame, p->second->frame);
        if (f->followed[i] != NULL)
            wr_finding_add(e, "SUBST-02", WR_ERROR, f->followed[i]->last_frame, s->number, "V17.3",
                           "Media is terminated by the holder of the substituted certificate (association a%u)", f->followed[i]->number);
    }
    if (f->rekeyed != NULL)
        wr_finding_add(e, "SUBST-01", s->verdict == WR_S_TERMINATED_BY_DECLARED ? WR_CHAT : s->severity == WR_ERROR ? WR_ERROR : WR_WARN,
                       f->rekeyed->second->frame, s->number, NULL,
                       "Transport part and fingerprint of the same description were re-authored between frame %u and frame %u",
                       f->rekeyed->first->frame, f->rekeyed->second->frame);
    if (s->verdict == WR_S_TERMINATED_UNDECLARED)
        wr_finding_add(e, "TOP-02", s->severity, f->authored != NULL ? f->authored->second->frame : s->first_frame, s->number, NULL,
                       "Encryption ends at an intermediary: it can read the media");
}

const wr_session_check *wr_checks_top(void)
{
    static const wr_session_check checks[] = {check_substitution, NULL};
    return checks;
}
