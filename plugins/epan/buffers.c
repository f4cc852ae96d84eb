/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/buffers.h"
#include "wr_epan/series.h"

char *wr_data_source_name(const struct data_source *source)
{
#ifdef WR_HAVE_SOURCE_DESCRIPTION
    return get_data_source_description(source);
#else
    return get_data_source_name(source);
#endif
}
