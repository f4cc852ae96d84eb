/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/buffers.h"
#include "wr_epan/series.h"

/* Where both can be had, the name is the source's own, and the description a new text. Where there is only one, it is a
 * new text, with the length behind the name. */
bool wr_data_source_is(const struct data_source *source, const char *name)
{
#if defined(WR_HAVE_SOURCE_NAME) && defined(WR_HAVE_SOURCE_DESCRIPTION)
    const char *own = get_data_source_name(source);

    return own != NULL && g_str_has_prefix(own, name);
#else
#ifdef WR_HAVE_SOURCE_DESCRIPTION
    char *text = get_data_source_description(source);
#else
    char *text = get_data_source_name(source);
#endif
    const bool is = text != NULL && g_str_has_prefix(text, name);

    wmem_free(NULL, text);
    return is;
#endif
}
