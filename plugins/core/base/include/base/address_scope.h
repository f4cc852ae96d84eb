/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of place an IP address names: the special-purpose registries (RFC 6890 and what updated it). */
#ifndef WR_ENDPOINT_SCOPE_H
#define WR_ENDPOINT_SCOPE_H

#include "base/endpoint.h"

typedef enum {
    WR_SCOPE_PUBLIC = 0,
    WR_SCOPE_PRIVATE,     /* RFC 1918, RFC 6598, RFC 4193 */
    WR_SCOPE_LINK_LOCAL,  /* RFC 3927, RFC 4291 2.5.6 */
    WR_SCOPE_MULTICAST,   /* and limited broadcast */
    WR_SCOPE_TUNNEL,      /* Teredo, 6to4: forbidden to TURN by RFC 8656 21.4 */
    WR_SCOPE_UNSPECIFIED, /* "this host": reaches the machine itself where a system takes it for loopback */
    WR_SCOPE_LOOPBACK,
    WR_SCOPE_METADATA /* where cloud machines ask for their own credentials */
} wr_scope;

wr_scope wr_endpoint_scope(const wr_endpoint *e); /* the unknown endpoint counts as public */
const char *wr_scope_name(wr_scope scope);        /* "private", "loopback", … static */

#endif
