/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transport addresses, and the places in a capture where something was seen.
 */
#ifndef WR_ENDPOINT_H
#define WR_ENDPOINT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An IP address with a port. All of it takes part in comparisons, so unused
 * bytes of addr are zero; always start from wr_endpoint_none(). */
typedef struct {
    uint8_t family;   /* 0 unknown, 4 IPv4, 6 IPv6 */
    uint8_t addr[16]; /* network byte order; the first 4 bytes for IPv4 */
    uint16_t port;    /* host byte order; 0 unknown */
} wr_endpoint;

/* Room that wr_endpoint_format() needs at most, terminator included. */
#define WR_ENDPOINT_TEXT 56

/* Where and when something was seen. */
typedef struct {
    uint32_t frame;       /* frame number, from 1 */
    int64_t time_us;      /* capture time, microseconds since 1970-01-01 UTC */
    wr_endpoint src, dst; /* of the packet that carried it */
    uint16_t point;       /* vantage point: the interface in the capture file, from 0 */
    uint32_t link;        /* stands for the two link-layer addresses, in either order; 0: none, or not both */
} wr_place;

/* The endpoint that stands for "unknown". */
wr_endpoint wr_endpoint_none(void);

/* addr: 4 or 16 bytes (len), network order. Another length gives the unknown
 * endpoint. An IPv4-mapped IPv6 address (RFC 4291 2.5.5.2) becomes IPv4, so
 * that both notations compare equal. */
wr_endpoint wr_endpoint_from_bytes(const uint8_t *addr, size_t len, uint16_t port);

/* text: an IPv4 or IPv6 literal without brackets or zone, NUL-terminated. False, and *out
 * unknown, for anything else (host names, .local names). */
bool wr_endpoint_from_text(const char *text, uint16_t port, wr_endpoint *out);

bool wr_endpoint_known(const wr_endpoint *e);
bool wr_endpoint_equal(const wr_endpoint *a, const wr_endpoint *b);
/* Same address, whatever the port; false when either is unknown. */
bool wr_endpoint_same_host(const wr_endpoint *a, const wr_endpoint *b);
/* <0, 0, >0: a total order without meaning, for sorted pairs. */
int wr_endpoint_compare(const wr_endpoint *a, const wr_endpoint *b);
guint wr_endpoint_hash(const wr_endpoint *e);

/* "10.0.0.1:5000", "[2001:db8::1]:5000", "unknown" into buf; returns buf.
 * Without a port (0) only the address, IPv6 without brackets. */
const char *wr_endpoint_format(const wr_endpoint *e, char buf[WR_ENDPOINT_TEXT]);
/* The address alone. */
const char *wr_endpoint_format_host(const wr_endpoint *e, char buf[WR_ENDPOINT_TEXT]);

#endif
