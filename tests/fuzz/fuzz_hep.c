/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of HEP 3: what it says lies within the message. */
#include "formats/hep.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_hep h;

    wr_hep_length(data, size);
    if (size < WR_HEP_HEAD)
        return 0;
    wr_hep_read(data, size, &h);
    if (h.payload > size || h.payload_length > size - h.payload || h.src > size || h.dst > size ||
        (h.src != 0 && h.address_length > size - h.src) || (h.dst != 0 && h.address_length > size - h.dst))
        abort();
    return 0;
}
