/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Candidate lines (RFC 8839 5.1), TCP ones too (RFC 6544 4.5), with the extensions that WebRTC stacks write.
 *
 *     a=candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 192.0.2.4 rport 46154 tcptype … ufrag …
 *                 |         | |   |          |           |         |     |                           |
 *                 |         | |   priority   address,    port      type  where it was seen from      name and value, as
 *                 |         | transport      or a name                                               many as there are
 *                 |         component: 1 RTP, 2 RTCP
 *                 foundation
 *
 * A name without a value at the end is left alone. Nothing covers the line.
 */
#include "sdp/lines.h"

#include <string.h>

#define MAX_NAME 255 /* of a host (RFC 1035 2.3.4) */

static wr_candidate_type type_from_name(wr_slice name)
{
    if (wr_slice_is_nocase(name, "host"))
        return WR_CAND_HOST;
    if (wr_slice_is_nocase(name, "srflx"))
        return WR_CAND_SRFLX;
    if (wr_slice_is_nocase(name, "prflx"))
        return WR_CAND_PRFLX;
    if (wr_slice_is_nocase(name, "relay"))
        return WR_CAND_RELAY;
    return WR_CAND_OTHER;
}

/* An address literal, or else a name. False for what is too long to be either. */
static bool read_address(wr_slice text, uint16_t port, wr_endpoint *address, char **name)
{
    char buf[MAX_NAME + 1];

    if (text.len == 0 || text.len > MAX_NAME)
        return false;
    memcpy(buf, text.p, text.len);
    buf[text.len] = '\0';
    if (!wr_endpoint_from_text(buf, port, address) && name != NULL)
        *name = g_strdup(buf);
    return true;
}

/* The pairs behind the type: raddr, rport, ufrag; others are skipped. */
static void read_extensions(wr_slice rest, wr_candidate *out)
{
    wr_slice related = {NULL, 0};
    uint64_t port = 0;

    for (;;) {
        const wr_slice name = wr_slice_token(&rest);
        const wr_slice value = wr_slice_token(&rest);
        if (value.len == 0)
            break;
        if (wr_slice_is(name, "raddr")) {
            related = value;
        } else if (wr_slice_is(name, "rport")) {
            if (!wr_slice_number(value, 65535, &port))
                port = 0;
        } else if (wr_slice_is(name, "ufrag") && out->ufrag == NULL && value.len <= WR_SDP_MAX_VALUE) {
            out->ufrag = wr_slice_dup(value);
        }
    }
    if (related.len != 0)
        read_address(related, (uint16_t)port, &out->related, NULL);
}

bool wr_candidate_parse(const char *text, size_t len, wr_candidate *out)
{
    wr_line_reader reader = wr_lines(text, len);
    wr_slice rest, transport, address, type;
    uint64_t component, priority, port;
    wr_candidate c;

    if (!wr_line_next(&reader, &rest, NULL))
        return false;
    rest = wr_slice_trim(rest);
    wr_slice_starts(rest, "a=", &rest);
    wr_slice_starts(rest, "candidate:", &rest);
    if (wr_slice_token(&rest).len == 0 || !wr_slice_number(wr_slice_token(&rest), 65535, &component))
        return false;
    transport = wr_slice_token(&rest);
    if (!wr_slice_number(wr_slice_token(&rest), UINT64_MAX, &priority))
        return false;
    address = wr_slice_token(&rest);
    if (!wr_slice_number(wr_slice_token(&rest), 65535, &port) || !wr_slice_is(wr_slice_token(&rest), "typ"))
        return false;
    type = wr_slice_token(&rest);
    memset(&c, 0, sizeof c);
    c.address = c.related = wr_endpoint_none();
    if (type.len == 0 || !read_address(address, (uint16_t)port, &c.address, &c.hostname))
        return false;
    c.component = (uint32_t)component;
    c.type = type_from_name(type);
    /* "ssltcp" is what old Chromium builds write for TCP that pretends to be TLS. */
    c.tcp = wr_slice_is_nocase(transport, "tcp") || wr_slice_is_nocase(transport, "ssltcp");
    read_extensions(rest, &c);
    *out = c;
    return true;
}

void wr_candidate_clear(wr_candidate *c)
{
    g_free(c->hostname);
    g_free(c->ufrag);
    c->hostname = c->ufrag = NULL;
}

bool wr_sdp_looks_like_candidate(const char *text, size_t len)
{
    wr_line_reader reader = wr_lines(text, len);
    wr_slice line, rest;
    wr_candidate c;

    if (!wr_line_next(&reader, &line, NULL))
        return false;
    rest = wr_slice_trim(line);
    wr_slice_starts(rest, "a=", &rest);
    if (!wr_slice_starts(rest, "candidate:", NULL) || !wr_candidate_parse(line.p, line.len, &c))
        return false;
    wr_candidate_clear(&c);
    /* One line, and nothing but line ends behind it. */
    while (wr_line_next(&reader, &line, NULL))
        if (wr_slice_trim(line).len != 0)
            return false;
    return true;
}
