/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ICE over TCP (RFC 6544): STUN, DTLS and media, each behind two bytes of length (RFC 4571). A connection is known by
 * its first connectivity check.
 */
#include "ice.h"
#include "wr_epan/tcp.h"

#define FRAME_HEADER      2
#define STUN_LEAST_TO_SEE (FRAME_HEADER + 8) /* up to the end of the magic cookie */
#define LONGEST_CHECK     1500

static dissector_handle_t tcp_handle;

static unsigned read_u16(const uint8_t *p)
{
    return (unsigned)(p[0] << 8 | p[1]);
}

bool wr_ice_is_framed_stun(const uint8_t *bytes, unsigned captured)
{
    unsigned framed, length;

    if (bytes == NULL || captured < STUN_LEAST_TO_SEE || (bytes[FRAME_HEADER] & 0xC0) != 0 ||
        memcmp(bytes + FRAME_HEADER + 4, "\x21\x12\xa4\x42", 4) != 0)
        return false;
    framed = read_u16(bytes);
    length = read_u16(bytes + FRAME_HEADER + 2);
    return length % 4 == 0 && framed == length + WR_STUN_HEADER;
}

/* What begins a connection is the begin of a framed Binding request (RFC 8489 6), as far as it is there. A byte alone
 * says least: then only checks of usual length are waited for, which are shorter than 256. */
static bool may_become_check(const uint8_t *bytes, unsigned captured)
{
    unsigned framed, length;

    if (bytes == NULL || captured == 0 || captured >= STUN_LEAST_TO_SEE)
        return false;
    if (captured < FRAME_HEADER)
        return bytes[0] == 0;
    framed = read_u16(bytes);
    if (framed < WR_STUN_HEADER || framed > LONGEST_CHECK || (framed - WR_STUN_HEADER) % 4 != 0)
        return false;
    length = framed - WR_STUN_HEADER;
    const uint8_t wanted[] = {0, 1, (uint8_t)(length >> 8), (uint8_t)length, 0x21, 0x12, 0xa4, 0x42};
    return memcmp(bytes + FRAME_HEADER, wanted, captured - FRAME_HEADER) == 0;
}

/* RFC 7983: what may stand at the beginning of a frame. */
static bool is_multiplexed(uint8_t first)
{
    return first < 4 || (first >= 16 && first <= 63) || (first >= 128 && first <= 191);
}

static unsigned frame_length(tvbuff_t *tvb, unsigned offset)
{
    unsigned rest = (unsigned)tvb_captured_length_remaining(tvb, (int)offset);

    /* Lost in the stream: believing these lengths would swallow what follows, so this segment ends here. */
    if (rest > FRAME_HEADER && !is_multiplexed(wr_tvb_u8(tvb, offset + FRAME_HEADER)))
        return (unsigned)tvb_reported_length_remaining(tvb, (int)offset);
    return tvb_get_ntohs(tvb, (int)offset) + (unsigned)FRAME_HEADER;
}

static int dissect_frame(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    wr_carried *carried = NULL;
    tvbuff_t *inner;
    wr_carriage how;
    bool fits;

    if (tvb_captured_length(tvb) <= FRAME_HEADER) {
        wr_ice_show_frame(pinfo, tree, tvb, true);
        return (int)tvb_captured_length(tvb);
    }
    fits = is_multiplexed(wr_tvb_u8(tvb, FRAME_HEADER));
    wr_ice_show_frame(pinfo, tree, tvb, fits);
    inner = tvb_new_subset_remaining(tvb, FRAME_HEADER);
    if (fits) {
        memset(&how, 0, sizeof how);
        how.transport = WR_TRANSPORT_TCP;
        carried = wr_ice_put_carried(pinfo, inner, &how);
    }
    if (!fits || wr_ice_hand_on(inner, pinfo, tree, carried) == 0)
        call_data_dissector(inner, pinfo, tree);
    return (int)tvb_captured_length(tvb);
}

static int dissect_ice_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "ICE-TCP");
    col_clear(pinfo->cinfo, COL_INFO);
    col_set_str(pinfo->cinfo, COL_INFO, "RFC 4571 frame");
    wr_tcp_messages(tvb, pinfo, tree, FRAME_HEADER, frame_length, dissect_frame, data);
    return (int)tvb_captured_length(tvb);
}

void wr_ice_tcp_take(packet_info *pinfo)
{
    conversation_set_dissector(find_or_create_conversation(pinfo), tcp_handle);
}

static wr_bool recognise_ice_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);

    uint32_t sequence;

    if (pinfo->can_desegment > 0 && captured == tvb_reported_length(tvb) && may_become_check(bytes, captured) &&
        wr_tcp_sequence(data, &sequence) && sequence == 1) {
        pinfo->desegment_offset = 0;
        pinfo->desegment_len = STUN_LEAST_TO_SEE - captured;
        return true;
    }
    if (!wr_ice_is_framed_stun(bytes, captured))
        return false;
    wr_ice_tcp_take(pinfo);
    dissect_ice_tcp(tvb, pinfo, tree, data);
    return true;
}

void wr_ice_tcp_register(void)
{
    tcp_handle = register_dissector("webrtc_ice_tcp", dissect_ice_tcp, wr_ice_proto);
}

void wr_ice_tcp_handoff(void)
{
    heur_dissector_add("tcp", recognise_ice_tcp, "ICE over TCP (RFC 4571 framing)", "webrtc_ice_tcp", wr_ice_proto,
                       HEURISTIC_ENABLE);
    dissector_add_for_decode_as("tcp.port", tcp_handle);
}
