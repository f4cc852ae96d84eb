/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports of Firefox' about:webrtc as JSON (WebRTCStats.webidl, RTCStatsReportInternal): the descriptions of a peer
 * connection in force, their history, and its statistics.
 */
#include "reader.h"

#include <string.h>

static const char *text_of(const json_object *o, const char *key)
{
    return wr_value_string(wr_value_member(o, key));
}

bool wr_firefox_is_report(const json_object *o)
{
    return wr_value_is_array(wr_value_member(o, "sdpHistory")) || text_of(o, "localSdp") != NULL ||
           text_of(o, "remoteSdp") != NULL;
}

static bool in_history(const json_object *report, const char *sdp)
{
    const json_object *history = wr_value_member(report, "sdpHistory");

    for (size_t i = 0; i < wr_value_size(history); i++)
        if (g_strcmp0(text_of(wr_value_element(history, i), "sdp"), sdp) == 0)
            return true;
    return false;
}

static void read_history(wr_testimony *t, const json_object *report, const char *leg)
{
    const json_object *history = wr_value_member(report, "sdpHistory");

    for (size_t i = 0; i < wr_value_size(history); i++) {
        const json_object *o = wr_value_element(history, i);
        const char *sdp = text_of(o, "sdp");
        const wr_occasion on = {.leg = leg,
                                .time_us = wr_told_time(wr_value_member(o, "timestamp")),
                                .direction = wr_value_is_true(wr_value_member(o, "isLocal")) ? WR_DIRECTION_EMITTED
                                                                                             : WR_DIRECTION_DELIVERED,
                                .protected_transport = true};
        if (sdp != NULL && wr_value_size(wr_value_member(o, "errors")) == 0)
            wr_tell_description(t, &on, WR_KIND_UNKNOWN, sdp, strlen(sdp));
    }
}

/* Who offered took no role; where the text does not say, the report does. */
static wr_kind kind_of(const json_object *report, bool local)
{
    if (!wr_value_has(report, "offerer"))
        return WR_KIND_UNKNOWN;
    return wr_value_is_true(wr_value_member(report, "offerer")) == local ? WR_KIND_OFFER : WR_KIND_ANSWER;
}

/* They hold the candidates that came later, too. The report's own time is when it was made, long after. */
static void read_current(wr_testimony *t, const json_object *report, const char *leg)
{
    static const char *const names[2] = {"localSdp", "remoteSdp"};

    for (int i = 0; i < 2; i++) {
        const char *sdp = text_of(report, names[i]);
        const wr_occasion on = {.leg = leg,
                                .direction = i == 0 ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                                .protected_transport = true};
        if (sdp != NULL && !in_history(report, sdp))
            wr_tell_description(t, &on, kind_of(report, i == 0), sdp, strlen(sdp));
    }
}

void wr_firefox_read(wr_testimony *t, const json_object *report, unsigned number)
{
    const char *id = text_of(report, "pcid");
    char *leg = id != NULL ? g_strdup(id) : g_strdup_printf("report %u", number);
    json_object *all = json_object_new_object();

    t->kind = WR_TESTIMONY_FIREFOX;
    read_history(t, report, leg);
    read_current(t, report, leg);
    for (const struct lh_entry *e = wr_value_first(report); e != NULL; e = lh_entry_next(e)) {
        const json_object *list = wr_entry_value(e);
        for (size_t i = 0; i < wr_value_size(list); i++)
            wr_statistics_keep(all, wr_value_element(list, i));
    }
    wr_statistics_read(t, all);
    json_object_put(all);
    g_free(leg);
}
