/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of texts with descriptions in them. */
#include "testimony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_between("log\n", data, size, "\n");
    return 0;
}
