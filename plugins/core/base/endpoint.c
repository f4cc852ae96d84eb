/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transport addresses: building, comparing, writing them. */
#include "base/endpoint.h"

#include "base/index.h"

#include <arpa/inet.h>
#include <string.h>

wr_endpoint wr_endpoint_none(void)
{
    wr_endpoint e;
    memset(&e, 0, sizeof e); /* padding too: endpoints are hashed as bytes */
    return e;
}

wr_endpoint wr_endpoint_from_bytes(const uint8_t *addr, size_t len, uint16_t port)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    wr_endpoint e = wr_endpoint_none();

    if (addr == NULL || (len != 4 && len != 16))
        return e;
    if (len == 16 && memcmp(addr, mapped, sizeof mapped) == 0) {
        addr += sizeof mapped;
        len = 4;
    }
    e.family = len == 4 ? 4 : 6;
    memcpy(e.addr, addr, len);
    e.port = port;
    return e;
}

bool wr_endpoint_from_text(const char *text, uint16_t port, wr_endpoint *out)
{
    uint8_t raw[16];

    *out = wr_endpoint_none();
    if (inet_pton(AF_INET, text, raw) == 1)
        *out = wr_endpoint_from_bytes(raw, 4, port);
    else if (inet_pton(AF_INET6, text, raw) == 1)
        *out = wr_endpoint_from_bytes(raw, 16, port);
    return wr_endpoint_known(out);
}

bool wr_endpoint_known(const wr_endpoint *e)
{
    return e->family != 0;
}

int wr_endpoint_compare(const wr_endpoint *a, const wr_endpoint *b)
{
    int c = (int)a->family - (int)b->family;
    if (c == 0)
        c = memcmp(a->addr, b->addr, sizeof a->addr);
    if (c == 0)
        c = (int)a->port - (int)b->port;
    return c;
}

/* Asked for with every packet: a few words, not a byte at a time. */
static void read_words(const wr_endpoint *e, uint64_t words[3])
{
    memcpy(words, e->addr, sizeof e->addr);
    words[2] = (uint64_t)e->family << 16 | e->port;
}

bool wr_endpoint_equal(const wr_endpoint *a, const wr_endpoint *b)
{
    uint64_t x[3], y[3];

    read_words(a, x);
    read_words(b, y);
    return x[0] == y[0] && x[1] == y[1] && x[2] == y[2];
}

bool wr_endpoint_same_host(const wr_endpoint *a, const wr_endpoint *b)
{
    return a->family != 0 && a->family == b->family && memcmp(a->addr, b->addr, sizeof a->addr) == 0;
}

guint wr_endpoint_hash(const wr_endpoint *e)
{
    uint64_t words[3];

    read_words(e, words);
    return (guint)wr_key(words, sizeof words);
}

const char *wr_endpoint_format_host(const wr_endpoint *e, char buf[WR_ENDPOINT_TEXT])
{
    if (e->family == 0 || inet_ntop(e->family == 4 ? AF_INET : AF_INET6, e->addr, buf, WR_ENDPOINT_TEXT) == NULL)
        g_strlcpy(buf, "unknown", WR_ENDPOINT_TEXT);
    return buf;
}

const char *wr_endpoint_format(const wr_endpoint *e, char buf[WR_ENDPOINT_TEXT])
{
    char host[WR_ENDPOINT_TEXT];

    wr_endpoint_format_host(e, host);
    if (e->family == 0 || e->port == 0)
        g_strlcpy(buf, host, WR_ENDPOINT_TEXT);
    else
        g_snprintf(buf, WR_ENDPOINT_TEXT, e->family == 6 ? "[%s]:%u" : "%s:%u", host, e->port);
    return buf;
}
