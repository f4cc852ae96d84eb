/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of place an IP address names (RFC 6890; RFC 8656 21.4 on those that a relay must not reach). */
#include "base/address_scope.h"

#include <string.h>

static wr_scope scope_of_ipv4(const uint8_t *a)
{
    if (memcmp(a, "\xa9\xfe\xa9\xfe", 4) == 0 || memcmp(a, "\x64\x64\x64\xc8", 4) == 0)
        return WR_SCOPE_METADATA; /* 169.254.169.254, 100.100.100.200 */
    if (a[0] == 127)
        return WR_SCOPE_LOOPBACK;
    if (a[0] == 0)
        return WR_SCOPE_UNSPECIFIED;
    if (a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
        (a[0] == 100 && (a[1] & 0xc0) == 64))
        return WR_SCOPE_PRIVATE;
    if (a[0] == 169 && a[1] == 254)
        return WR_SCOPE_LINK_LOCAL;
    if (a[0] >> 4 == 14 || memcmp(a, "\xff\xff\xff\xff", 4) == 0)
        return WR_SCOPE_MULTICAST;
    return WR_SCOPE_PUBLIC;
}

static wr_scope scope_of_ipv6(const uint8_t *a)
{
    static const uint8_t zero[16];

    if (memcmp(a, zero, 15) == 0)
        return a[15] == 0 ? WR_SCOPE_UNSPECIFIED : a[15] == 1 ? WR_SCOPE_LOOPBACK : WR_SCOPE_PUBLIC;
    if (memcmp(a, "\xfd\x00\x0e\xc2\0\0\0\0\0\0\0\0\0\0\x02\x54", 16) == 0)
        return WR_SCOPE_METADATA; /* fd00:ec2::254 */
    if (a[0] == 0xfe && (a[1] & 0xc0) == 0x80)
        return WR_SCOPE_LINK_LOCAL;
    if ((a[0] & 0xfe) == 0xfc)
        return WR_SCOPE_PRIVATE;
    if (a[0] == 0xff)
        return WR_SCOPE_MULTICAST;
    if (memcmp(a, "\x20\x01\0\0", 4) == 0 || (a[0] == 0x20 && a[1] == 0x02))
        return WR_SCOPE_TUNNEL;
    return WR_SCOPE_PUBLIC;
}

wr_scope wr_endpoint_scope(const wr_endpoint *e)
{
    return e->family == 4 ? scope_of_ipv4(e->addr) : e->family == 6 ? scope_of_ipv6(e->addr) : WR_SCOPE_PUBLIC;
}

const char *wr_scope_name(wr_scope scope)
{
    static const char *const names[] = {"public", "private",     "link-local", "multicast",
                                        "tunnel", "unspecified", "loopback",   "metadata"};

    return names[(unsigned)scope < G_N_ELEMENTS(names) ? scope : WR_SCOPE_PUBLIC];
}
