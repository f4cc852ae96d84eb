/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The little of SCTP (RFC 9260) that data channels (RFC 8831, RFC 8832, RFC 8261) are checked for. */
#ifndef WR_SCTP_H
#define WR_SCTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* bytes (len) are an SCTP packet, by its checksum: CRC32c does not come out right by accident. */
bool wr_sctp_is_packet(const uint8_t *bytes, size_t len);

typedef struct {
    bool has_addresses; /* INIT or INIT ACK with address parameters, forbidden by RFC 8261 6.1 */
    bool opens_channel; /* DATA_CHANNEL_OPEN (RFC 8832 5.1) */
    uint16_t stream;    /* it opens; the first of several */
} wr_sctp_facts;

/* Of a packet for which wr_sctp_is_packet() held. */
void wr_sctp_read(const uint8_t *bytes, size_t len, wr_sctp_facts *out);

#endif
