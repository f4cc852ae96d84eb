/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ports where media is expected: those that connectivity checks validated (RFC 8445 7.2.5.3) and those that
 * descriptions announce.
 */
#ifndef WR_MEDIA_PORT_H
#define WR_MEDIA_PORT_H

#include "records/flow.h"

#define WR_MAX_PORTS  1000000
#define WR_MAX_STRAYS 16 /* flows without checks kept for one port */

/* What is known of a port: the number of strays, and these. */
#define WR_PORT_KNOWN     64
#define WR_PORT_VALIDATED 128 /* a check succeeded on a flow of this port */

/* What is known of the port; 0 when nothing is. */
unsigned wr_port_at(const wr_engine *e, const wr_endpoint *at);
/* The same, and it is known from now on; 0 at the bound. */
unsigned wr_port_get(wr_engine *e, const wr_endpoint *at);
/* One more stray at a port that is known. */
void wr_port_add_stray(wr_engine *e, const wr_endpoint *at);

/* A check succeeded on this flow: both its ends are where media may be expected. */
void wr_flow_validate(wr_engine *e, const wr_flow *f);

bool wr_port_is_validated(const wr_engine *e, const wr_endpoint *at);

/* The last description that announces this address; NULL for none. */
wr_copy *wr_port_announced(const wr_engine *e, const wr_endpoint *at);

#endif
