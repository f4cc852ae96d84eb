/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries of Wireshark's menus, and of tshark -z. */
#ifndef WR_EPAN_MENUS_H
#define WR_EPAN_MENUS_H

#include "wr_epan/compat.h"
#include "wr_epan/series.h"

/* The Telephony menu's own entries, beside its protocols: the group of a statistic. */
#ifdef WR_HAVE_TELEPHONY_UNSORTED
#define WR_MENU_TELEPHONY REGISTER_TELEPHONY_GROUP_UNSORTED
#else
#define WR_MENU_TELEPHONY REGISTER_STAT_GROUP_TELEPHONY
#endif

/* tshark -z NAME[,…]: start is called with all of it. It ends the program itself where it cannot go on: not every
 * series lets it say so. name is kept. */
void wr_register_report(const char *name, void (*start)(const char *argument));

/* An entry of the menu Conversation Filter, for packets for which applies says so; filter makes the display filter,
 * which the caller frees with g_free(). One for each plugin; names are kept. */
void wr_register_conversation_filter(const char *proto_name, const char *title, bool (*applies)(packet_info *pinfo),
                                     char *(*filter)(packet_info *pinfo));

#endif
