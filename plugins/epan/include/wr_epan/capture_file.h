/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that is being read. */
#ifndef WR_EPAN_CAPTURE_FILE_H
#define WR_EPAN_CAPTURE_FILE_H

#include "wr_epan/compat.h"

/* Its name, while it is open; g_free(). NULL when it cannot be learned: a pipe, a live capture, a system without /proc.
 */
char *wr_capture_file_name(void);

#endif
