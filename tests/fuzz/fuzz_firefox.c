/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the readers of what about:webrtc gives: a report as JSON, and a saved page. */
#include "testimony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_between("{\"reports\":[", data, size, "]}");
    read_between("<html>", data, size, "</html>");
    return 0;
}
