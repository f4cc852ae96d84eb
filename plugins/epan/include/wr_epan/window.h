/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of Wireshark's window. Without a window, as in tshark and sharkd, nothing happens. */
#ifndef WR_EPAN_WINDOW_H
#define WR_EPAN_WINDOW_H

#include "wr_epan/compat.h"

/* Once a file was read: the display filter is applied anew, if concerns says so of its text. What packets show that is
 * known at the end of the file alone did not pass while it was read. To be called once, when a protocol is registered.
 */
void wr_window_filter_again(bool (*concerns)(const char *filter));

#endif
