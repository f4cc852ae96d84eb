/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handshakes that go without X.509 certificates, and what that means for announced fingerprints (RFC 8122 5). */
#ifndef WR_HANDSHAKE_KIND_H
#define WR_HANDSHAKE_KIND_H

#include "records/association.h"

/* What the negotiated suite authenticates by; CERTIFICATE while none is known, and for DTLS 1.3. */
wr_suite_authentication wr_association_authentication(const wr_association *a);
/* The side shows no certificate because handshakes of this kind have none: *out is what is said of it, CERT-NONE, or
 * FP-UNUSABLE for a bare public key. False for the usual kind. */
bool wr_association_side_kind(const wr_association *a, int side, wr_cert_verdict *out);
/* Its suite or its SRTP profile encrypts nothing, and it is more than a lone answer beside another handshake. */
bool wr_association_is_unprotected(const wr_association *a);
/* No check and no signature ties it to a call, and its path carried nothing but handshakes: anybody can have made it.
 */
bool wr_association_is_idle(const wr_association *a);
/* Frame of another ServerHello that chose otherwise whether anything is protected, or who is authenticated, and that
 * may be the one taken: no signature covers the choice. 0 for none. */
uint32_t wr_association_disputed(const wr_association *a);
/* Appends half a sentence on a handshake without certificates; false, and nothing, for the usual kind. */
bool wr_say_handshake_kind(GString *out, const wr_association *a);

#endif
