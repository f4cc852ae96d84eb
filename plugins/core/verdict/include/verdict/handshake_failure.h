/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a handshake came to nothing, from the packets, and what would have to change. */
#ifndef WR_HANDSHAKE_FAILURE_H
#define WR_HANDSHAKE_FAILURE_H

#include "records/association.h"

/* The client asked again and again and got nothing: no answer to its ClientHello, no whole ClientHello, or no end of
 * the handshake. Nothing of the kind is said while the capture may still show the answer. */
bool wr_association_gave_up(const wr_engine *e, const wr_association *a);
/* The server answered, and the client did nothing but ask again and again: the answer does not get to it. */
bool wr_association_lost_answer(const wr_engine *e, const wr_association *a);
/* Certificates were shown, and the server never finished. */
bool wr_association_never_finished(const wr_association *a);
/* It came to nothing, and what was announced for a key that signed in it is contested: whether it contradicts that does
 * not show. */
bool wr_association_failed_disputed(const wr_association *a);
/* Appends why the handshake was not completed, half a sentence with its frames, and to remedy (may be NULL) what would
 * have to change, a sentence; false, and nothing, when the packets do not tell. */
bool wr_association_say_failure(GString *out, GString *remedy, const wr_engine *e, const wr_association *a);

#endif
