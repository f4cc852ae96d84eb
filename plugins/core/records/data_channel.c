/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data channels of an association. */
#include "records/data_channel.h"

void wr_data_channels_free(wr_data_channels *c)
{
    if (c == NULL)
        return;
    g_free(c->list);
    g_free(c->files);
    g_free(c);
}
