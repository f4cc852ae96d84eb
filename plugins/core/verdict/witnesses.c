/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a description announce a certificate at all? Substitutions are asked of certificates (rules 2.10), in whatever
 * section or by whatever hash function they are announced. */
#include "verdict/verdict.h"

/* Some usable line of it names this certificate. */
static bool names(const wr_fingerprint *fps, unsigned n, const wr_certificate *cert)
{
    for (unsigned i = 0; i < n; i++)
        if (wr_certificate_has_fingerprint(cert, &fps[i]))
            return true;
    return false;
}

bool wr_sdp_announces(const wr_sdp *sdp, const wr_certificate *cert)
{
    if (names(sdp->session.fingerprints, sdp->session.n_fingerprints, cert))
        return true;
    for (unsigned i = 0; i < sdp->n_sections; i++)
        if (names(sdp->sections[i].own.fingerprints, sdp->sections[i].own.n_fingerprints, cert))
            return true;
    return false;
}
