/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is made from: the capture, the key log in use, versions and preferences. */
#include "audit.h"
#include "wr_epan/capture_file.h"
#include "wr_epan/preferences.h"

static void add_key_log(wr_report_origin *o)
{
    const char *name = wr_preference_text("tls", "keylog_file");

    if (name != NULL && *name != '\0')
        wr_report_origin_add_file(o->key_logs, name);
}

wr_report_origin *wr_audit_origin(const char *capture)
{
    wr_report_origin *o = wr_report_origin_new();

    o->plugin_version = g_strdup(WR_VERSION);
    o->wireshark_version = g_strdup(epan_get_version());
    if (capture != NULL) {
        wr_report_origin_add_file(o->captures, capture);
        wr_report_origin_add_embedded(o, capture);
    } else {
        o->capture_problem = g_strdup("not a file whose name could be learned (a pipe, or a live capture)");
    }
    o->command = wr_command_line();
    o->time_digits = wr_audit_time_digits();
    add_key_log(o);
    wr_audit_list_preferences(o->preferences);
    wr_audit_list_settings(o->settings);
    return o;
}
