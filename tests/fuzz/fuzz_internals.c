/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of webrtc-internals dumps: what one peer connection was told. */
#include "testimony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_between("{\"PeerConnections\":{\"1\":{\"updateLog\":[", data, size, "]}}}");
    return 0;
}
