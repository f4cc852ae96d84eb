/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that is being read. */
#ifndef WR_EPAN_CAPTURE_FILE_H
#define WR_EPAN_CAPTURE_FILE_H

#include "wr_epan/compat.h"

/* Its name, while it is open; g_free(). NULL when it cannot be learned: a pipe, a live capture, a system without /proc.
 */
char *wr_capture_file_name(void);

/* The words that the program was started with, as a shell would take them; g_free(). NULL where the system does not
 * tell. */
char *wr_command_line(void);

/* Calls each with a descriptor of every regular file that the process has open for reading alone: the capture is among
 * them, whatever named it. Nothing where there is no /proc. */
void wr_each_open_file(void (*each)(int fd, void *data), void *data);

#endif
