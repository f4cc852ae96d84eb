/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Target, host and user agent of an HTTP/2 stream's request (RFC 9113 8.3), kept from the packet that has it for bodies
 * in this and in others. Where nothing is tapped, as in tshark's first of two passes and in the first packet of HTTP/2
 * of a file, there are none. */
#include "signal.h"
#include "wr_epan/http2.h"

#define RECORDS_MAX   256         /* of a packet that are asked for */
#define FIELDS_MAX    256         /* of one header block */
#define LONGEST_VALUE 8192u       /* that is kept */
#define STREAMS_MAX   (64u << 10) /* whose requests are kept, of all connections of a file */

typedef struct {
    const char *url, *server, *user_agent;
    unsigned side; /* who asked */
} request;

static wmem_map_t *requests; /* connection and stream -> request; of the file */
static unsigned n_requests;
static bool listening; /* from the first packet of HTTP/2 in a file on */

static void init_requests(void)
{
    requests = wmem_map_new(wmem_file_scope(), wmem_int64_hash, g_int64_equal);
    n_requests = 0;
}

static void cleanup_requests(void)
{
    requests = NULL;
    wr_http2_leave();
    listening = false;
}

static uint64_t key_of(packet_info *pinfo, uint32_t stream)
{
    return (uint64_t)wr_connection_id(pinfo) << 32 | stream;
}

/* ---- fields ---- */

static bool is_named(const wr_http2_field *f, const char *name)
{
    return f->name_len == strlen(name) && memcmp(f->name, name, f->name_len) == 0;
}

static const char *keep(const wr_http2_field *f)
{
    return f->value_len > 0 && f->value_len <= LONGEST_VALUE && g_utf8_validate(f->value, (gssize)f->value_len, NULL)
               ? wmem_strndup(wmem_file_scope(), f->value, f->value_len)
               : NULL;
}

/* False for responses, trailers and data. */
static bool read_request(const uint8_t *bytes, unsigned len, request *r)
{
    bool method = false;
    unsigned at = 0;
    wr_http2_field f;

    if (bytes == NULL || !wr_http2_is_fields(bytes, len))
        return false;
    memset(r, 0, sizeof *r);
    for (unsigned n = 0; n < FIELDS_MAX && wr_http2_next_field(bytes, len, &at, &f); n++) {
        method = method || is_named(&f, ":method");
        if (is_named(&f, ":path"))
            r->url = keep(&f);
        else if (is_named(&f, ":authority"))
            r->server = keep(&f);
        else if (is_named(&f, "user-agent"))
            r->user_agent = keep(&f);
    }
    return method;
}

/* ---- what was tapped ---- */

static void note_record(packet_info *pinfo, const uint8_t *bytes, unsigned len, uint32_t stream)
{
    const uint64_t key = key_of(pinfo, stream);
    request r;

    if (n_requests >= STREAMS_MAX || wmem_map_lookup(requests, &key) != NULL || !read_request(bytes, len, &r))
        return;
    r.side = signal_side(pinfo);
    wmem_map_insert(requests, wmem_memdup(wmem_file_scope(), &key, sizeof key),
                    wmem_memdup(wmem_file_scope(), &r, sizeof r));
    n_requests++;
}

/* Notes the requests of this packet that were seen so far. The number of the stream that was tapped last; 0 for none.
 */
static uint32_t note_records(packet_info *pinfo)
{
    uint32_t stream = 0;
    const uint8_t *bytes;
    unsigned len;

    for (int i = 0; i < RECORDS_MAX && wr_http2_tapped(i, &bytes, &len, &stream); i++)
        note_record(pinfo, bytes, len, stream);
    return stream;
}

void signal_note_http2(packet_info *pinfo)
{
    if (!listening)
        listening = wr_http2_listen();
    if (listening && !PINFO_FD_VISITED(pinfo))
        note_records(pinfo);
}

void signal_fill_from_http2(packet_info *pinfo, uint32_t stream, signal_carrier *carrier)
{
    const uint32_t last = listening && !PINFO_FD_VISITED(pinfo) ? note_records(pinfo) : 0;
    const uint64_t key = key_of(pinfo, stream != 0 ? stream : last);
    const request *r = stream != 0 || last != 0 ? wmem_map_lookup(requests, &key) : NULL;

    if (r == NULL)
        return;
    carrier->url = r->url;
    carrier->server = r->server;
    carrier->user_agent = r->user_agent;
    if (carrier->direction == WR_DIRECTION_UNKNOWN)
        carrier->direction = r->side == signal_side(pinfo) ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
}

void signal_register_http2_fields(void)
{
    register_init_routine(init_requests);
    register_cleanup_routine(cleanup_requests);
}
