/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtpengine's ng protocol over UDP: a cookie, a blank, and a message in bencoding or JSON. Between a SIP proxy and its
 * media proxy it says the descriptions of both sides in the clear. */
#include "signal.h"

#define COOKIE_MAX 64
#define SHORTEST   32

/* Nearly all datagrams are let go after a few bytes. */
static bool begins(const uint8_t *bytes, unsigned len)
{
    unsigned at = 0;

    while (at < MIN(len, COOKIE_MAX) && g_ascii_isgraph(bytes[at]))
        at++;
    if (at == 0 || at + 2 >= len || bytes[at] != ' ')
        return false;
    return bytes[at + 1] == '{' || (bytes[at + 1] == 'd' && g_ascii_isdigit(bytes[at + 2]));
}

/* What the datagram is shown as is left to others, as without this. */
static wr_bool dissect_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_UDP};
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

    (void)data;
    if (bytes == NULL || captured < SHORTEST || !begins(bytes, captured) || !signal_is_worthwhile(tvb, pinfo, tree))
        return FALSE;
    wr_packet_begin_message(pinfo, proto_webrtc_signal);
    signal_dissect(tvb, pinfo, tree, &carrier);
    return FALSE;
}

void signal_handoff_ng(void)
{
    heur_dissector_add("udp", dissect_datagram, "WebRTC signalling in rtpengine's ng protocol", "webrtc_signal_ng",
                       proto_webrtc_signal, HEURISTIC_ENABLE);
}
