/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the readers of HEP: what they say lies within the message. */
#include "formats/hep.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void want_within(const wr_hep *h, size_t size)
{
    if (h->payload > size || h->payload_length > size - h->payload || h->src > size || h->dst > size ||
        (h->src != 0 && h->address_length > size - h->src) || (h->dst != 0 && h->address_length > size - h->dst))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_hep h;

    wr_hep_length(data, size);
    wr_hep_read_old(data, size, &h);
    want_within(&h, size);
    if (size < WR_HEP_HEAD)
        return 0;
    wr_hep_read(data, size, &h);
    want_within(&h, size);
    return 0;
}
