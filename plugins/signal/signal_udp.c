/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams that are a message each: JSON, a description, or candidates, on ports that nobody has. Nothing but what is
 * whole and holds a description or candidate is taken for one. */
#include "signal.h"

#define SHORTEST 32

/* Nearly all datagrams are let go by their first bytes; those of STUN, DTLS, RTP and QUIC begin otherwise (RFC 7983).
 */
static bool begins(const uint8_t *bytes, unsigned len)
{
    static const char *const texts[] = {"v=0\r", "v=0\n", "candidate:", "a=candidate:"};

    if (bytes[0] == '{' || bytes[0] == '[')
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (len > strlen(texts[i]) && memcmp(bytes, texts[i], strlen(texts[i])) == 0)
            return true;
    return false;
}

/* What the datagram is shown as is left to others, as without this. */
static wr_bool dissect_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_UDP};
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

    (void)data;
    if (bytes == NULL || captured < SHORTEST || captured < tvb_reported_length(tvb) || !begins(bytes, captured) ||
        !signal_is_worthwhile(tvb, pinfo, tree) || !signal_holds_description(bytes, captured))
        return FALSE;
    wr_packet_begin_message(pinfo, proto_webrtc_signal);
    signal_dissect(tvb, pinfo, tree, &carrier);
    return FALSE;
}

void signal_handoff_udp(void)
{
    heur_dissector_add("udp", dissect_datagram, "WebRTC signalling in datagrams", "webrtc_signal_udp",
                       proto_webrtc_signal, HEURISTIC_ENABLE);
}
