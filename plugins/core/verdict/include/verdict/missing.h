/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a handshake a capture does not hold, so that nobody looks for what is there. */
#ifndef WR_MISSING_H
#define WR_MISSING_H

#include "records/association.h"

/* "its start is missing", …: what of the handshake is not in the capture. Static. */
const char *wr_association_missing(const wr_association *a);
/* Why the certificate of a side that showed none is not known, and what would hold it; half a sentence. g_free. */
char *wr_association_missing_certificate(const wr_association *a, int side);
/* Nothing but its ClientHello is seen: that is no handshake yet. */
bool wr_association_is_hello_alone(const wr_association *a);

#endif
