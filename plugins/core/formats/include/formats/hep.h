/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of HEP (Homer Encapsulation Protocol), in which a server tells a collector what it saw. Version 3: "HEP3",
 * the length of all, then chunks of vendor (0: the generic ones), type, and length with these six bytes. Versions 1 and
 * 2 carry SIP alone behind a head of fixed form:
 *
 *   version  length  family  protocol   source port  destination port   source, destination (4 or 16 bytes each)
 *   version 2: seconds, microseconds (4 bytes each), agent (2), two of padding, as they lie in the sender's memory
 *
 * "length" is that of the head without what version 2 adds.
 */
#ifndef WR_HEP_H
#define WR_HEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_HEP_HEAD       6
#define WR_HEP_CHUNK_HEAD 6
#define WR_HEP_MAX_CHUNKS 256

typedef enum {
    WR_HEP_SIP = 1,
    WR_HEP_RTCP = 5,
    WR_HEP_JSON = 32 /* the first of those that are text or JSON */
} wr_hep_kind;

/* Offsets are into the message; 0: not there. */
typedef struct {
    size_t src, dst;         /* addresses */
    unsigned address_length; /* 4 or 16 */
    uint16_t src_port, dst_port;
    uint8_t protocol; /* of IP: 6 TCP, 17 UDP; 0: not told */
    uint32_t kind, agent;
    size_t payload, payload_length;
    bool packed; /* the payload is deflated (RFC 1950) */
} wr_hep;

/* The bytes begin a message: its length, else 0. */
size_t wr_hep_length(const uint8_t *bytes, size_t len);
/* Reads a whole message of version 1 or 2. False when it is none: only what begins like SIP is one, for nothing else
 * tells these versions from other datagrams. */
bool wr_hep_read_old(const uint8_t *bytes, size_t len, wr_hep *out);
/* Reads a whole message. False when its chunks do not fill it; what was read so far stands in *out all the same. */
bool wr_hep_read(const uint8_t *bytes, size_t len, wr_hep *out);

#endif
