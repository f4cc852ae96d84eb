/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header of RTP (RFC 3550 5.1), which SRTP leaves in clear (RFC 3711 3.1), and its extension (RFC 8285 4):
 *
 *     1  version 2, padding 1, extension 1, CSRC count 4     then    4 each CSRC, and where extension is set
 *     1  marker 1, payload type 7                                    2 profile: 0xbede, or 0x1000 and 4 bits of the
 * user's 2  sequence number                                             2 length in words of 4 bytes 4  timestamp
 * elements, zeros between them: 4  SSRC                                                        0xbede: 4 bits id, 4
 * bits length - 1 0x1000: id 1, length 1
 *
 * The tag covers all of it (RFC 3711 3.1).
 */
#ifndef WR_RTP_HEADER_H
#define WR_RTP_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t payload_type;
    uint32_t ssrc;
    unsigned profile;         /* of the extension; 0 for none */
    const uint8_t *extension; /* its elements, into the packet; NULL for none */
    size_t n_extension;       /* bytes of them */
    size_t payload;           /* bytes before it */
} wr_rtp_header;

/* False when bytes (len) do not begin with a whole header. */
bool wr_rtp_read_header(const uint8_t *bytes, size_t len, wr_rtp_header *out);

/* Goes through the elements, with *at 0 at first: id and value (n bytes; NULL when it is cut). False at the end, and
 * where their form is another (RFC 9335: encrypted). */
bool wr_rtp_next_element(const wr_rtp_header *h, size_t *at, unsigned *id, const uint8_t **value, size_t *n);
/* Ids from 1 to 15 that are there, as bits. */
uint16_t wr_rtp_element_ids(const wr_rtp_header *h);
/* The element with this id (1 to 255), *n bytes; NULL where it is not there whole. */
const uint8_t *wr_rtp_find_element(const wr_rtp_header *h, unsigned id, size_t *n);

#endif
