/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signalling messages that stand in the target of an HTTP/1 request: nothing but the request's head carries them, and
 * no dissector table shows that. */
#include "signal.h"

#include "find/envelope.h"

#define SHORTEST_HEAD 16

/* The target of a GET, when the bytes begin with the whole head of one. */
static const char *target_of(const char *head, unsigned len, size_t *target_len)
{
    const char *line, *blank;

    if (len < SHORTEST_HEAD || memcmp(head, "GET /", 5) != 0)
        return NULL;
    line = memchr(head, '\r', len);
    blank = line != NULL ? g_strrstr_len(head, line - head, " ") : NULL;
    *target_len = blank != NULL && blank > head + 4 ? (size_t)(blank - head) - 4 : 0;
    if (*target_len == 0 || !wr_envelope_url_may(head + 4, *target_len) ||
        g_strstr_len(line, (gssize)(len - (line - head)), "\r\n\r\n") == NULL)
        return NULL;
    return head + 4;
}

static const char *host_of(packet_info *pinfo, const char *head, unsigned len)
{
    static const char name[] = "\r\nhost:";
    const char *end = head + len;

    for (const char *at = head; (at = memchr(at, '\r', (size_t)(end - at))) != NULL; at++) {
        if ((size_t)(end - at) > sizeof name && g_ascii_strncasecmp(at, name, sizeof name - 1) == 0) {
            const char *value = at + sizeof name - 1, *stop = memchr(value, '\r', (size_t)(end - value));
            char *host = stop != NULL ? wmem_strndup(pinfo->pool, value, (size_t)(stop - value)) : NULL;
            return host != NULL && g_utf8_validate(host, -1, NULL) ? g_strstrip(host) : NULL;
        }
    }
    return NULL;
}

bool signal_has_url(packet_info *pinfo)
{
    return wr_packet_kept(pinfo, proto_webrtc_signal, WR_KEPT_URL) != NULL;
}

static bool dissect_target(tvbuff_t *source, packet_info *pinfo, proto_tree *tree, signal_carrier *carrier, size_t len)
{
    GByteArray *message = wr_envelope_from_url(carrier->url, len, &carrier->place);
    tvbuff_t *tvb;
    uint8_t *copy;
    unsigned n = message != NULL ? message->len : 0;

    if (n > 0) {
        copy = wmem_memdup(pinfo->pool, message->data, n);
        tvb = tvb_new_child_real_data(source, copy, n, (int)n);
    }
    if (message != NULL)
        g_byte_array_unref(message);
    if (n == 0 || !signal_is_worthwhile(tvb, pinfo, tree))
        return false;
    add_new_data_source(pinfo, tvb, "Signalling message in the URL");
    return signal_dissect(tvb, pinfo, tree, carrier);
}

void signal_look_at_url(tvbuff_t *source, packet_info *pinfo, proto_tree *tree, const uint8_t *bytes, unsigned len)
{
    const char *head = (const char *)bytes;
    size_t target_len = 0;
    const char *target = target_of(head, len, &target_len);
    signal_carrier carrier = {.carrier = WR_CARRIER_HTTP, .direction = WR_DIRECTION_EMITTED};
    bool found;

    if (target == NULL)
        return;
    if (target_len > WR_ENVELOPE_MAX_URL) {
        signal_show_bound(source, pinfo, tree, "a URL is longer than is searched");
        found = true;
    } else {
        carrier.url = wmem_strndup(pinfo->pool, target, target_len);
        carrier.server = host_of(pinfo, head, len);
        if (target_len >= 4 && memcmp(target, "/rtc", 4) == 0)
            carrier.carrier = WR_CARRIER_WEBSOCKET; /* its upgrade: what follows belongs to the same exchange */
        found = dissect_target(source, pinfo, tree, &carrier, strlen(carrier.url));
    }
    if (found && !PINFO_FD_VISITED(pinfo))
        wr_packet_keep(pinfo, proto_webrtc_signal, WR_KEPT_URL, GUINT_TO_POINTER(1));
}
