/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said beside descriptions: heads of HTTP/1 messages (RFC 9112), ServerHellos of TLS (RFC 8446), credentials
 * and push payloads in JSON. Heads are read from the packet's bytes: no dissector table shows those without a body,
 * such as a WebSocket upgrade. Heads of HTTP/2 come from the reader of its streams. */
#include "signal_tcp.h"

#include "base/text.h"
#include "wr_epan/http.h"

#define SOURCES_MAX 8 /* data sources of a packet that are looked at */

static wr_wmem_bool free_remark(wmem_allocator_t *pool, wmem_cb_event_t event, void *remark)
{
    (void)pool;
    (void)event;
    wr_remark_free(remark);
    return false;
}

/* Puts it on the bus; it lives as long as the packet. */
static void attach(packet_info *pinfo, wr_remark *r, bool from_client)
{
    r->at = wr_place_of(pinfo);
    r->client = from_client ? r->at.src : r->at.dst;
    r->server = from_client ? r->at.dst : r->at.src;
    r->connection = wr_connection_id(pinfo);
    r->protected_transport = wr_is_protected(pinfo);
    wmem_register_callback(pinfo->pool, free_remark, r);
    wr_bus_put(pinfo, proto_webrtc_signal, WR_BUS_REMARKS, r);
}

void signal_remark_json(tvbuff_t *tvb, packet_info *pinfo, wr_direction direction)
{
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    signal_carrier carrier = {.direction = direction};
    GPtrArray *found;

    if (PINFO_FD_VISITED(pinfo) || bytes == NULL ||
        !proto_is_protocol_enabled(find_protocol_by_id(proto_webrtc_signal)))
        return;
    found = wr_remarks_from_json(bytes, captured);
    if (found == NULL)
        return;
    if (direction == WR_DIRECTION_UNKNOWN)
        signal_fill_from_connection(pinfo, &carrier);
    for (unsigned i = 0; i < found->len; i++)
        attach(pinfo, g_ptr_array_index(found, i), carrier.direction == WR_DIRECTION_EMITTED);
    g_free(g_ptr_array_free(found, FALSE)); /* the remarks themselves went to the packet */
}

/* ---- heads ---- */

/* The host whose page a response brings: that of the connection's latest request. */
static char *requested_host(packet_info *pinfo)
{
    const wr_http *http = wr_http_of(find_conversation_pinfo(pinfo, 0));
    const char *host = http != NULL ? wr_http_host(http) : NULL;

    return host != NULL ? g_utf8_make_valid(host, -1) : NULL;
}

static wr_remark *look_at(packet_info *pinfo, const uint8_t *bytes, unsigned len, bool http)
{
    wr_remark *r = wr_remark_from_tls(bytes, len);

    if (r != NULL || !http)
        return r;
    r = wr_remark_from_head((const char *)bytes, len);
    if (r != NULL && r->kind == WR_REMARK_PAGE)
        r->host = requested_host(pinfo);
    return r;
}

void signal_remark_http2_head(packet_info *pinfo, const uint8_t *bytes, unsigned len)
{
    wr_remark *r = wr_remark_from_head((const char *)bytes, len);

    if (r != NULL && r->kind == WR_REMARK_REQUEST)
        attach(pinfo, r, true);
    else if (r != NULL)
        wr_remark_free(r);
}

/* The body goes on in packets to come: the whole is looked at once it is put together. Without a tree HTTP leaves its
 * layer in such a packet too, and the report must not depend on that. */
static bool goes_on(const uint8_t *bytes, unsigned len)
{
    static const char name[] = "content-length:";
    const char *text = (const char *)bytes, *end = wr_text_find(text, len, "\r\n\r\n");
    const char *at = text;

    while (end != NULL && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        uint64_t length = 0;

        at++;
        if ((size_t)(end - at) <= sizeof name || g_ascii_strncasecmp(at, name, sizeof name - 1) != 0)
            continue;
        for (at += sizeof name - 1; at < end && (*at == ' ' || *at == '\t'); at++)
            ;
        for (; at < end && g_ascii_isdigit(*at) && length < UINT32_MAX; at++)
            length = length * 10 + (uint64_t)(*at - '0');
        return length > len - (size_t)(end - text) - 4;
    }
    return false;
}

/* frame: the bytes are the frame's own, and the message may go on in others. */
static void look_at_head(signal_tcp *t, tvbuff_t *source, const uint8_t *bytes, unsigned len, bool http, bool frame)
{
    const bool head = http && wr_remark_begins_head((const char *)bytes, len);
    wr_remark *r;

    if (head && frame && goes_on(bytes, len))
        return;
    if (head)
        signal_look_at_url(source, t->pinfo, t->tree, bytes, len);
    r = t->first_pass ? look_at(t->pinfo, bytes, len, head) : NULL;
    if (r != NULL)
        attach(t->pinfo, r, r->kind == WR_REMARK_REQUEST);
}

void signal_tcp_heads(signal_tcp *t)
{
    packet_info *pinfo = t->pinfo;
    const bool http = (t->layers & WR_LAYER_HTTP) != 0, tls = (t->layers & WR_LAYER_TLS) != 0;
    unsigned n = 0;

    if ((!http && !tls) || (!t->first_pass && !signal_has_url(pinfo)))
        return;
    for (GSList *s = pinfo->data_src; s != NULL && n < SOURCES_MAX; s = s->next, n++) {
        tvbuff_t *source = get_data_source_tvb((struct data_source *)s->data);
        const bool frame = source == t->tvb || n == 0; /* what counts stands behind its TCP header */
        const signal_segment *segment = frame ? signal_tcp_segment(t) : NULL;
        unsigned len = segment != NULL ? segment->len : 0;
        const uint8_t *bytes = segment != NULL ? segment->bytes : frame ? NULL : wr_tvb_bytes(source, &len);

        if (bytes != NULL)
            look_at_head(t, source, bytes, len, http, frame);
    }
}
