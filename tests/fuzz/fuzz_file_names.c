/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes messages of data channels that may announce files. */
#include "formats/file_names.h"

#include <glib.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_file_name found[WR_FILE_MOST];
    const unsigned n = wr_file_names_read(data, size, found);

    for (unsigned i = 0; i < n; i++) {
        if (found[i].size < 0 || found[i].name == NULL)
            abort();
        g_free(found[i].name);
    }
    return 0;
}
