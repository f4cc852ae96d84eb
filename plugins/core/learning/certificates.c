/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Certificates are kept once, however many handshakes show them. */
#include "learn.h"

wr_certificate *wr_certificate_shared(wr_engine *e, wr_certificate *cert)
{
    wr_certificate *known = wr_index_get(e->certificates, wr_key(cert->sha256, sizeof cert->sha256));

    if (known == NULL && wr_keep_bytes(e, sizeof *cert + sizeof *cert->facts + 2 * (size_t)cert->der_length,
                                       "memory for certificates")) {
        known = wr_certificate_ref(cert);
        wr_index_set(e->certificates, wr_key(known->sha256, sizeof known->sha256), known);
    }
    return known;
}
