/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/tls.h"
#include "wr_epan/series.h"

#ifdef WR_HAVE_TLSINFO
#include <epan/dissectors/packet-tls.h>
#endif

void wr_tls_carries(void *data, dissector_handle_t handle)
{
#ifdef WR_HAVE_TLSINFO
    *((struct tlsinfo *)data)->app_handle = handle;
#elif __has_include(<epan/dissectors/packet-tls.h>)
    *(dissector_handle_t *)data = handle;
#else
    (void)data; /* what it is cannot be known: the connection is recognised anew with each packet */
    (void)handle;
#endif
}

/* By a field of theirs, since neither header nor table of dissectors tells. */
bool wr_dtls13_is_known(void)
{
    static int field;

    if (field == 0)
        field = proto_registrar_get_id_byname("dtls.unified_header.fixed");
    return field > 0;
}
