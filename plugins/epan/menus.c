/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/menus.h"

#include <epan/conversation_filter.h>

/* ---- tshark -z ---- */

typedef struct {
    stat_tap_ui ui;
    void (*start)(const char *argument);
} report;

#ifdef WR_HAVE_REPORT_RESULT
static bool start_report(const char *argument, void *data)
{
    ((const report *)data)->start(argument);
    return true;
}
#else
static void start_report(const char *argument, void *data)
{
    ((const report *)data)->start(argument);
}
#endif

/* Wireshark keeps the record as long as it runs. */
void wr_register_report(const char *name, void (*start)(const char *argument))
{
    report *r = wmem_new0(wmem_epan_scope(), report);

    r->ui.group = WR_MENU_TELEPHONY;
    r->ui.cli_string = name;
    r->ui.tap_init_cb = start_report;
    r->start = start;
    register_stat_tap_ui(&r->ui, r);
}

/* ---- conversation filter ---- */

static bool (*conversation_applies)(packet_info *pinfo);
static char *(*conversation_filter)(packet_info *pinfo);

/* What the test returns became bool later than it was given data. */
typedef __typeof__(
#ifdef WR_HAVE_CONVERSATION_FILTER_DATA
    ((is_filter_valid_func)NULL)(NULL, NULL)
#else
    ((is_filter_valid_func)NULL)(NULL)
#endif
        ) filter_bool;

#ifdef WR_HAVE_CONVERSATION_FILTER_DATA
static filter_bool applies_to(packet_info *pinfo, void *data _U_)
{
    return conversation_applies(pinfo);
}

static char *filter_of(packet_info *pinfo, void *data _U_)
{
    return conversation_filter(pinfo);
}
#else
static filter_bool applies_to(packet_info *pinfo)
{
    return conversation_applies(pinfo);
}

static char *filter_of(packet_info *pinfo)
{
    return conversation_filter(pinfo);
}
#endif

void wr_register_conversation_filter(const char *proto_name, const char *title, bool (*applies)(packet_info *pinfo),
                                     char *(*filter)(packet_info *pinfo))
{
    conversation_applies = applies;
    conversation_filter = filter;
#ifdef WR_HAVE_CONVERSATION_FILTER_DATA
    register_conversation_filter(proto_name, title, applies_to, filter_of, NULL);
#else
    register_conversation_filter(proto_name, title, applies_to, filter_of);
#endif
}
