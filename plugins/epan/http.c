/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/http.h"
#include "wr_epan/series.h"

#if __has_include(<epan/dissectors/packet-http.h>)
#include <epan/dissectors/packet-http.h>
#define HTTP_IS_SHOWN
#endif
#if __has_include(<epan/dissectors/packet-media-type.h>)
#include <epan/dissectors/packet-media-type.h>
#define MEDIA_ARE_SHOWN
#endif

/* ---- a connection ---- */

#ifdef HTTP_IS_SHOWN

const wr_http *wr_http_of(const conversation_t *conversation)
{
    static int proto_http;

    if (proto_http == 0)
        proto_http = proto_get_id_by_filter_name("http");
    return conversation != NULL ? conversation_get_proto_data(conversation, proto_http) : NULL;
}

const char *wr_http_request_uri(const wr_http *http)
{
#if defined(WR_HAVE_HTTP_CONNECTION_REQUEST)
    return http->request_uri;
#elif defined(WR_HAVE_HTTP_REQUESTS)
    return http->req_res_tail != NULL ? http->req_res_tail->request_uri : NULL;
#else
    (void)http;
    return NULL;
#endif
}

const char *wr_http_host(const wr_http *http)
{
#if defined(WR_HAVE_HTTP_CONNECTION_REQUEST)
    return http->http_host;
#elif defined(WR_HAVE_HTTP_REQUESTS)
    return http->req_res_tail != NULL ? http->req_res_tail->http_host : NULL;
#else
    (void)http;
    return NULL;
#endif
}

/* Where it has to be asked for, names of header fields are known in lower case alone. */
const char *wr_http_websocket_protocol(packet_info *pinfo, const wr_http *http)
{
    (void)pinfo;
#if defined(WR_HAVE_HTTP_WEBSOCKET_PROTOCOL)
    return http->websocket_protocol;
#elif defined(WR_HAVE_HTTP_UPGRADE)
    return http->upgrade_info != NULL ? http->upgrade_info->get_header_value(pinfo, "sec-websocket-protocol", false)
                                      : NULL;
#else
    (void)http;
    return NULL;
#endif
}

uint16_t wr_http_server_port(const wr_http *http)
{
    return http->server_port;
}

bool wr_http_is_upgraded(const wr_http *http)
{
    return http->startframe != 0;
}

#else

const wr_http *wr_http_of(const conversation_t *conversation _U_)
{
    return NULL;
}

const char *wr_http_request_uri(const wr_http *http _U_)
{
    return NULL;
}

const char *wr_http_host(const wr_http *http _U_)
{
    return NULL;
}

const char *wr_http_websocket_protocol(packet_info *pinfo _U_, const wr_http *http _U_)
{
    return NULL;
}

uint16_t wr_http_server_port(const wr_http *http _U_)
{
    return 0;
}

bool wr_http_is_upgraded(const wr_http *http _U_)
{
    return false;
}

#endif

/* ---- a body ---- */

/* What follows is one record under two names; the second is that of series without packet-media-type.h. */
#if defined(MEDIA_ARE_SHOWN)
typedef media_content_info_t media_info;
enum {
    REQUEST = MEDIA_CONTAINER_HTTP_REQUEST,
    RESPONSE = MEDIA_CONTAINER_HTTP_RESPONSE,
    SIP = MEDIA_CONTAINER_SIP_DATA
};
#elif defined(HTTP_IS_SHOWN)
typedef http_message_info_t media_info;
enum { REQUEST = HTTP_REQUEST, RESPONSE = HTTP_RESPONSE, SIP = SIP_DATA };
#else
typedef struct {
    int type;
    void *data;
} media_info; /* nothing is known of what they are given, so it is not looked at */
enum { REQUEST = -1, RESPONSE = -2, SIP = -3 };
#define MEDIA_ARE_HIDDEN
#endif

static const media_info *info_of(const void *data)
{
#ifdef MEDIA_ARE_HIDDEN
    (void)data;
    return NULL;
#else
    return data;
#endif
}

wr_body_of wr_media_body_of(const void *data)
{
    const media_info *info = info_of(data);

    if (info == NULL)
        return WR_BODY_UNKNOWN;
    switch ((int)info->type) {
    case REQUEST:
        return WR_BODY_REQUEST;
    case RESPONSE:
        return WR_BODY_RESPONSE;
    default:
        return WR_BODY_UNKNOWN;
    }
}

bool wr_media_is_sip(const void *data)
{
    const media_info *info = info_of(data);

    return info != NULL && (int)info->type == SIP;
}

const char *wr_media_header(const void *data, const char *name)
{
    wmem_map_t *headers;

    if (wr_media_body_of(data) == WR_BODY_UNKNOWN)
        return NULL;
    headers = (wmem_map_t *)info_of(data)->data;
    return headers != NULL ? (const char *)wmem_map_lookup(headers, name) : NULL;
}
