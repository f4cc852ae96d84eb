/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes how SIP messages are parted; the first byte says stream or datagram. */
#include "connection/sip_split.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t at = 1;
    wr_sip_message m;

    while (at < size && wr_sip_next((const char *)data + at, size - at, (data[0] & 1) != 0, &m) == WR_SIP_WHOLE) {
        if (m.start >= m.body || m.body > m.end || m.end > size - at)
            abort();
        at += m.end;
    }
    return 0;
}
