/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Wireshark's dissectors of TLS and DTLS let others do, and what they know. */
#ifndef WR_EPAN_TLS_H
#define WR_EPAN_TLS_H

#include "wr_epan/compat.h"

/* In a heuristic of the list "tls", with the data it was given: what the connection carries from now on goes to this
 * dissector. Nothing public says so; the heuristic's own data does (packet-tls.h). */
void wr_tls_carries(void *data, dissector_handle_t handle);

/* The master secret (false), or exporter secret (true), of the handshake with this client random (32 bytes), by a key
 * log or by what stands in the capture. *length is the room in out, and then what was put there. */
bool wr_tls_secret(const uint8_t *client_random, bool exporter, uint8_t *out, size_t *length);
/* That knows exporter secrets, too: 4.0 keeps them to itself. */
bool wr_tls_secret_tells_all(void);

/* The DTLS dissector knows the records of 1.3 (RFC 9147 4). */
bool wr_dtls13_is_known(void);

#endif
