/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of HTTP archives: members of an entry. */
#include "testimony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_between("{\"log\":{\"entries\":[{", data, size, "}]}}");
    return 0;
}
