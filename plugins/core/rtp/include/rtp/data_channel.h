/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User messages in SCTP packets (RFC 9260 3.3.1), and what opens a data channel (RFC 8832 5.1):
 *
 *     type 3 | channel type 1 | priority 2 | reliability 4 | label length 2 | protocol length 2 | label | protocol
 */
#ifndef WR_DATA_CHANNEL_H
#define WR_DATA_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_PPID_DCEP         50 /* RFC 8832 8.1 */
#define WR_PPID_STRING       51
#define WR_PPID_STRING_EMPTY 56 /* RFC 8831 8: one byte stands for none */
#define WR_PPID_BINARY_EMPTY 57

/* One DATA chunk: a message, or a part of one. */
typedef struct {
    uint32_t tsn;
    uint32_t ppid;
    uint16_t stream;
    bool begins, ends;
    const uint8_t *bytes; /* into the packet */
    size_t length;
} wr_sctp_data;

/* The next DATA chunk of a packet for which wr_sctp_is_packet() held; start with *at = 0. False at the end. */
bool wr_sctp_next_data(const uint8_t *packet, size_t len, size_t *at, wr_sctp_data *out);

typedef struct {
    uint8_t type;                 /* RFC 8832 8.2.2: 0x80 set for unordered */
    const char *label, *protocol; /* into the message, not NUL-terminated, UTF-8 if the sender is honest */
    size_t label_length, protocol_length;
} wr_data_channel_open;

/* False when bytes (len) are no whole DATA_CHANNEL_OPEN. */
bool wr_data_channel_read_open(const uint8_t *bytes, size_t len, wr_data_channel_open *out);

#endif
