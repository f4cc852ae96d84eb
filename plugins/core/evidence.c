/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for what decoders hand to the correlation. */
#include "evidence.h"

const char *wr_carrier_name(wr_carrier carrier)
{
    static const char *const names[] = {
        [WR_CARRIER_OTHER] = "other", [WR_CARRIER_WEBSOCKET] = "websocket",
        [WR_CARRIER_HTTP] = "http",   [WR_CARRIER_HTTP2] = "http2",
        [WR_CARRIER_SIP] = "sip",     [WR_CARRIER_XMPP] = "xmpp",
        [WR_CARRIER_MQTT] = "mqtt",   [WR_CARRIER_TCP] = "tcp",
        [WR_CARRIER_UDP] = "udp",     [WR_CARRIER_RTSP] = "rtsp",
        [WR_CARRIER_SAP] = "sap",
    };

    return names[(unsigned)carrier < G_N_ELEMENTS(names) ? carrier : WR_CARRIER_OTHER];
}

const char *wr_kind_name(wr_kind kind)
{
    static const char *const names[] = {
        [WR_KIND_UNKNOWN] = "unknown",     [WR_KIND_OFFER] = "offer",       [WR_KIND_ANSWER] = "answer",
        [WR_KIND_PRANSWER] = "pranswer",   [WR_KIND_ROLLBACK] = "rollback", [WR_KIND_FRAGMENT] = "fragment",
        [WR_KIND_CANDIDATE] = "candidate", [WR_KIND_JOIN] = "join",         [WR_KIND_BYE] = "bye",
    };

    return names[(unsigned)kind < G_N_ELEMENTS(names) ? kind : WR_KIND_UNKNOWN];
}

const char *wr_direction_name(wr_direction direction)
{
    static const char *const names[] = {"unknown", "emitted", "delivered"};

    return names[(unsigned)direction < G_N_ELEMENTS(names) ? direction : WR_DIRECTION_UNKNOWN];
}
