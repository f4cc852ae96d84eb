/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of HEP version 3 (Homer Encapsulation Protocol), in which a server tells a collector what it saw: "HEP3",
 * the length of all, then chunks of vendor (0: the generic ones), type, and length with these six bytes.
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
/* Reads a whole message. False when its chunks do not fill it; what was read so far stands in *out all the same. */
bool wr_hep_read(const uint8_t *bytes, size_t len, wr_hep *out);

#endif
