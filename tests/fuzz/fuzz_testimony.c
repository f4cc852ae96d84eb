/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the readers of what is said outside of captures: whole files, of whatever kind. */
#include "testimony.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_between("", data, size, "");
    return 0;
}
