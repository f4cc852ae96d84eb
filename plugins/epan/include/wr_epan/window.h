/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of Wireshark's window. Without a window, as in tshark and sharkd, nothing happens. */
#ifndef WR_EPAN_WINDOW_H
#define WR_EPAN_WINDOW_H

#include "wr_epan/compat.h"

/* Once a file was read: the display filter is applied anew, if concerns says so of its text. What packets show that is
 * known at the end of the file alone did not pass while it was read. To be called once, when a protocol is registered.
 */
void wr_window_filter_again(bool (*concerns)(const char *filter));

/* An entry of a menu of the window. Texts are kept. */
typedef struct {
    const char *label, *tip;
    void (*chosen)(void);
} wr_window_entry;

/* A submenu of Telephony, of that protocol. To be called once, when a protocol is registered. */
void wr_window_add_menu(int proto, const char *label, const wr_window_entry *entries, size_t n);

/* What is in the window when an entry is chosen. The packet is the selected one, and NULL where none is; name is the
 * capture's file, NULL where there is none. Both hold until look returns. */
void wr_window_look(void (*look)(packet_info *pinfo, const char *name, void *data), void *data);

void wr_window_go_to(uint32_t frame);
void wr_window_filter(const char *filter);
void wr_window_show_text(const char *title, const char *text);
/* In the browser. */
void wr_window_show_page(const char *path);

#endif
