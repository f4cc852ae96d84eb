/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for what decoders hand to the correlation, and what a description is by its own text. */
#include "evidence/evidence.h"

const char *wr_carrier_name(wr_carrier carrier)
{
    static const char *const names[] = {
        [WR_CARRIER_OTHER] = "other", [WR_CARRIER_WEBSOCKET] = "websocket",
        [WR_CARRIER_HTTP] = "http",   [WR_CARRIER_HTTP2] = "http2",
        [WR_CARRIER_SIP] = "sip",     [WR_CARRIER_XMPP] = "xmpp",
        [WR_CARRIER_MQTT] = "mqtt",   [WR_CARRIER_TCP] = "tcp",
        [WR_CARRIER_UDP] = "udp",     [WR_CARRIER_RTSP] = "rtsp",
        [WR_CARRIER_SAP] = "sap",     [WR_CARRIER_STATEMENT] = "statement",
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

bool wr_kind_is_answer(wr_kind kind)
{
    return kind == WR_KIND_ANSWER || kind == WR_KIND_PRANSWER;
}

static bool has_transport(const wr_transport *t)
{
    return t->n_fingerprints != 0 || t->ice_ufrag != NULL || t->ice_pwd != NULL || t->setup != WR_SETUP_NONE;
}

wr_kind wr_kind_from_sdp(const wr_sdp *sdp)
{
    bool transport = has_transport(&sdp->session);
    bool role = false;

    if (sdp->fragment) {
        for (unsigned i = 0; i < sdp->n_sections; i++)
            transport = transport || has_transport(&sdp->sections[i].own);
        return transport || sdp->n_candidates == 0 ? WR_KIND_FRAGMENT : WR_KIND_CANDIDATE;
    }
    for (unsigned i = 0; i < sdp->n_sections; i++) {
        const wr_setup setup = wr_sdp_effective(sdp, &sdp->sections[i]).setup;
        if (wr_sdp_section_disabled(&sdp->sections[i]))
            continue;
        if (setup == WR_SETUP_ACTPASS)
            return WR_KIND_OFFER;
        role = role || setup == WR_SETUP_ACTIVE || setup == WR_SETUP_PASSIVE;
    }
    return role ? WR_KIND_ANSWER : WR_KIND_UNKNOWN;
}
