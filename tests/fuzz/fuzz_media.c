/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what reads single datagrams of media paths: RTCP by structure (RFC 3550), SCTP chunks (RFC 9260), the peers
 * of a STUN message (RFC 8656), and RTP headers through a known flow. */
#include "evaluation/engine.h"
#include "rtp/rtcp.h"
#include "rtp/sctp.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static wr_endpoint end(uint8_t host)
{
    const uint8_t a[4] = {10, 0, 0, host};

    return wr_endpoint_from_bytes(a, 4, 5000);
}

/* So that packets are tried under keys, too. */
static bool give_secret(const uint8_t *random, wr_secret_kind kind, wr_secret *out)
{
    memset(out->bytes, random[0], sizeof out->bytes);
    out->length = kind == WR_SECRET_MASTER ? 48 : 32;
    return true;
}

/* A flow that a handshake made known carries these bytes. */
static void through_engine(const uint8_t *data, size_t size)
{
    const wr_options options = {.find_secret = give_secret};
    wr_engine *e = wr_engine_new(&options);
    wr_place at = {.frame = 1, .time_us = 1, .src = end(1), .dst = end(2)};
    wr_dtls_event hello = {.kind = WR_DTLS_CLIENT_HELLO, .has_use_srtp = true};
    wr_dtls_event answer = {.kind = WR_DTLS_SERVER_HELLO, .negotiated = WR_DTLS_1_2, .has_use_srtp = true};
    wr_dtls_evidence d = {.at = at, .event = &hello}, back = {.at = at, .event = &answer};
    wr_media_evidence m = {.at = at, .bytes = data, .captured = size, .length = size};

    wr_engine_add_dtls(e, &d);
    back.at.src = at.dst;
    back.at.dst = at.src;
    wr_engine_add_dtls(e, &back);
    for (m.at.frame = 2; m.at.frame < 5; m.at.frame++)
        if (size > 0 && data[0] >= 128 && data[0] <= 191)
            wr_engine_add_media(e, &m);
        else
            wr_engine_add_other(e, &m);
    wr_engine_evaluate(e);
    wr_engine_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_sctp_facts facts;
    wr_endpoint peer;
    size_t offset = 0;
    unsigned peers = 0;
    wr_stun msg;

    wr_rtcp_look_at(data, size);
    wr_sctp_is_packet(data, size);
    wr_sctp_read(data, size, &facts);
    if (wr_stun_parse(data, size, &msg)) {
        while (wr_stun_next_peer(&msg, &offset, &peer)) {
            g_assert_true(wr_endpoint_known(&peer));
            peers++;
        }
        g_assert_cmpuint(peers, <=, size / 12);
    }
    through_engine(data, size);
    return 0;
}
