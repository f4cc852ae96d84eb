/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Header fields of HTTP/2 (RFC 9113 8.3): target, host and user agent of a stream's request. The dissector keeps them
 * to itself; what it hands to "Follow HTTP/2 Stream", by a tap, holds them with the number of the stream. What was
 * tapped of a packet so far can be asked for while it is being dissected, so that fields and body in one packet find
 * each other.
 *
 * The record of that tap is private: a tvbuff and a stream's number, in 4.0, 4.4 and 4.6 alike. What the tvbuff holds
 * of fields is a name and a value each behind four bytes of length in 4.0 and 4.4, and lines of text in later series.
 * Where nothing is tapped, as in tshark's first of two passes, there are no fields, as before.
 */
#include "signal.h"

#define RECORDS_MAX   256         /* of a packet that are asked for */
#define FIELDS_MAX    256         /* of one header block */
#define LONGEST_VALUE 8192u       /* of a value that is kept */
#define STREAMS_MAX   (64u << 10) /* that are kept, of all connections of a file */

/* As the dissector makes it. */
typedef struct {
    tvbuff_t *tvb;
    uint64_t stream;
} follow_record;

typedef struct {
    const char *url, *server, *user_agent;
    unsigned side; /* who asked */
} request;

static int follow_tap;
static int nobody;     /* what the listener is known by */
static bool listening; /* from the first packet of HTTP/2 in a file on: what is tapped costs every packet something */
static wmem_map_t *requests; /* connection and stream -> request; of the file */
static unsigned n_requests;

static void init_requests(void)
{
    requests = wmem_map_new(wmem_file_scope(), wmem_int64_hash, g_int64_equal);
    n_requests = 0;
}

static void cleanup_requests(void)
{
    requests = NULL;
    if (listening)
        remove_tap_listener(&nobody);
    listening = false;
}

static uint64_t key_of(packet_info *pinfo, uint64_t stream)
{
    return (uint64_t)wr_connection_id(pinfo) << 32 | (stream & 0x7fffffffu);
}

/* ---- fields ---- */

typedef struct {
    const char *name, *value;
    unsigned name_len, value_len;
} field;

static unsigned read_u32(const uint8_t *p)
{
    return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3];
}

/* A length of four bytes, and so much behind. */
static bool counted(const uint8_t *p, unsigned len, unsigned *at, const char **text, unsigned *n)
{
    if (len - *at < 4)
        return false;
    *n = read_u32(p + *at);
    if (*n > len - *at - 4)
        return false;
    *text = (const char *)p + *at + 4;
    *at += 4 + *n;
    return true;
}

static bool next_counted(const uint8_t *p, unsigned len, unsigned *at, field *f)
{
    return counted(p, len, at, &f->name, &f->name_len) && counted(p, len, at, &f->value, &f->value_len);
}

/* ":path: /x" and a line end. */
static bool next_line(const uint8_t *p, unsigned len, unsigned *at, field *f)
{
    const uint8_t *line = p + *at, *feed = memchr(line, '\n', len - *at), *colon;

    if (feed == NULL || feed == line)
        return false;
    colon = memchr(line + 1, ':', (size_t)(feed - line - 1));
    if (colon == NULL || feed - colon < 2)
        return false;
    *f = (field){(const char *)line, (const char *)colon + 2, (unsigned)(colon - line), (unsigned)(feed - colon - 2)};
    *at = (unsigned)(feed - p) + 1;
    return true;
}

static bool is_named(const field *f, const char *name)
{
    return f->name_len == strlen(name) && memcmp(f->name, name, f->name_len) == 0;
}

static const char *keep(const field *f)
{
    return f->value_len > 0 && f->value_len <= LONGEST_VALUE && g_utf8_validate(f->value, (gssize)f->value_len, NULL)
               ? wmem_strndup(wmem_file_scope(), f->value, f->value_len)
               : NULL;
}

/* The fields of a request: every block begins with what is named by a colon. False for responses and for data. */
static bool read_request(const uint8_t *p, unsigned len, request *r)
{
    const bool text = len > 1 && p[0] == ':';
    bool method = false;
    unsigned at = 0;
    field f;

    if (len < 16 || (!text && (p[0] != 0 || p[1] != 0 || p[4] != ':')))
        return false;
    memset(r, 0, sizeof *r);
    for (unsigned n = 0;
         n < FIELDS_MAX && at < len && (text ? next_line(p, len, &at, &f) : next_counted(p, len, &at, &f)); n++) {
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

/* Nothing: what is tapped is asked for. That somebody listens makes the dissector tap it. */
static tap_packet_status ignore(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *what _U_,
                                tap_flags_t flags _U_)
{
    return TAP_PACKET_DONT_REDRAW;
}

static void listen(void)
{
    GString *error;

    if (follow_tap <= 0)
        return;
    /* A dissector's helper: nothing is dissected for it that would not be otherwise. */
    error = register_tap_listener("http2_follow", &nobody, NULL, TL_IS_DISSECTOR_HELPER, NULL, ignore, NULL, NULL);
    if (error != NULL) {
        g_string_free(error, TRUE);
        follow_tap = 0;
    }
    listening = error == NULL;
}

static void note_record(packet_info *pinfo, const follow_record *record)
{
    const uint64_t key = key_of(pinfo, record->stream);
    unsigned len;
    const uint8_t *bytes = wr_tvb_bytes(record->tvb, &len);
    request r, *kept;

    if (bytes == NULL || n_requests >= STREAMS_MAX || wmem_map_lookup(requests, &key) != NULL ||
        !read_request(bytes, len, &r))
        return;
    r.side = signal_side(pinfo);
    kept = wmem_memdup(wmem_file_scope(), &r, sizeof r);
    wmem_map_insert(requests, wmem_memdup(wmem_file_scope(), &key, sizeof key), kept);
    n_requests++;
}

/* Notes the requests of this packet that were seen so far, on the first pass. The number of the stream that was tapped
 * last, 0 when none was. */
static uint64_t note_records(packet_info *pinfo)
{
    const follow_record *record = NULL, *last = NULL;

    for (int i = 0; i < RECORDS_MAX && (record = fetch_tapped_data(follow_tap, i)) != NULL; i++) {
        note_record(pinfo, record);
        last = record;
    }
    return last != NULL ? last->stream : 0;
}

void signal_note_http2(packet_info *pinfo)
{
    if (!listening)
        listen();
    if (listening && !PINFO_FD_VISITED(pinfo))
        note_records(pinfo);
}

void signal_fill_from_http2(packet_info *pinfo, uint32_t stream, signal_carrier *carrier)
{
    const uint64_t last = listening && !PINFO_FD_VISITED(pinfo) ? note_records(pinfo) : 0;
    const uint64_t key = key_of(pinfo, stream != 0 ? stream : last);
    const request *r = stream != 0 || last != 0 ? wmem_map_lookup(requests, &key) : NULL;

    if (r == NULL)
        return;
    carrier->url = r->url;
    carrier->server = r->server;
    carrier->user_agent = r->user_agent;
    carrier->direction = r->side == signal_side(pinfo) ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
}

void signal_register_http2_fields(void)
{
    register_init_routine(init_requests);
    register_cleanup_routine(cleanup_requests);
}

void signal_handoff_http2_fields(void)
{
    follow_tap = find_tap_id("http2_follow");
}
