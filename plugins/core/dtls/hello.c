/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ClientHello and ServerHello with the extensions that matter to WebRTC. The number before a vector is the width of its
 * length in bytes. Each hello, and each extension that is read here, must be used up: what is left is said.
 *
 *     ClientHello (RFC 6347 4.2.1, RFC 9147 5.3)       ServerHello (RFC 5246 7.4.1.3, RFC 9147 5.4)
 *          version       2                                  version       2
 *          random       32                                  random       32   ends with the downgrade sentinel
 *          session id    1 [ up to 32 ]                     session id    1 [ up to 32 ]
 *          cookie        1 [ … ]                            cipher suite  2
 *          cipher suites 2 [ 2 2 … ]                        compression   1
 *          compression   1 [ 1 1 … ]                        extensions    2 [ … ], or absent
 *          extensions    2 [ … ], or absent
 *
 *     each extension (RFC 8446 4.2)   type 2   2 [ what the type says ]:
 *           0 server_name            client: 2 [ type 1, 2 [ name ] … ]; server: nothing                   RFC 6066 3
 *          14 use_srtp               2 [ profile 2 … ] 1 [ MKI ]                                       RFC 5764 4.1.1
 *          16 ALPN                   2 [ 1 [ name ] … ]                                                  RFC 7301 3.1
 *          19 client_certificate_type, 20 server_…   client: 1 [ type 1 … ]; server: type 1                RFC 7250 3
 *          23 extended_master_secret nothing                                                             RFC 7627 5.1
 *          35 session_ticket         client: the ticket, or nothing; server: nothing                     RFC 5077 3.2
 *          41 pre_shared_key         client: 2 [ identities ] 2 [ binders ]; server: number 2         RFC 8446 4.2.11
 *          43 supported_versions     client: 1 [ version 2 … ]; server: version 2                      RFC 8446 4.2.1
 *          55 external_id_hash       1 [ hash ]                                                          RFC 8844 3.2
 *          56 external_session_id    1 [ tls-id ]                                                        RFC 8844 4.3
 *
 * Nothing in a hello covers it (the binders of 1.3 cover the ClientHello in front of them, under a key of an earlier
 * handshake, RFC 8446 4.2.11.2); what does, later, is said in handshake.c.
 */
#include "base/digest.h"
#include "reader.h"

enum {
    EXT_SERVER_NAME = 0,
    EXT_USE_SRTP = 14,
    EXT_ALPN = 16,
    EXT_CLIENT_CERTIFICATE_TYPE = 19,
    EXT_SERVER_CERTIFICATE_TYPE = 20,
    EXT_EXTENDED_MASTER_SECRET = 23,
    EXT_SESSION_TICKET = 35,
    EXT_PRE_SHARED_KEY = 41,
    EXT_SUPPORTED_VERSIONS = 43,
    EXT_EXTERNAL_ID_HASH = 55,
    EXT_EXTERNAL_SESSION_ID = 56
};

#define EXTENSION_HEADER 4
#define RAW_PUBLIC_KEY   2 /* RFC 7250 3 */

static const char BROKEN_EXTENSION[] = "An extension of the hello does not fit its length";
static const char LEFT_IN_EXTENSION[] = "Bytes are left over behind what belongs into an extension of the hello";

/* SHA-256 of "HelloRetryRequest" (RFC 8446 4.1.3). */
static const uint8_t RETRY_RANDOM[WR_DTLS_RANDOM] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

/* A hello being read. */
typedef struct {
    const uint8_t *body; /* where spans count from */
    bool server;
    wr_dtls_event *e;
} reading;

static wr_span span_of(const reading *r, wr_cursor c)
{
    return wr_span_of(r->body, c.at, c.left);
}

/* Printable ASCII; all else, and the backslash, as \XX. */
static char *readable(wr_cursor c)
{
    GString *text = g_string_sized_new(c.left);

    for (size_t i = 0; i < c.left && i < 255; i++)
        if (g_ascii_isprint((char)c.at[i]) && c.at[i] != '\\')
            g_string_append_c(text, (char)c.at[i]);
        else
            g_string_append_printf(text, "\\%02X", c.at[i]);
    return g_string_free(text, FALSE);
}

static bool known_version(uint16_t version)
{
    return version == WR_DTLS_1_0 || version == WR_DTLS_1_2 || version == WR_DTLS_1_3;
}

/* The higher the version, the lower its number. */
static uint16_t higher_version(uint16_t a, uint16_t b)
{
    if (!known_version(b))
        return a;
    return known_version(a) && a < b ? a : b;
}

/* RFC 8446 4.2.1 */
static bool read_versions(const reading *r, wr_cursor *c)
{
    wr_dtls_event *e = r->e;
    wr_cursor list;
    uint16_t version, best = 0;

    if (r->server) {
        if (!read_u16(c, &e->negotiated))
            return false;
        e->at.version = wr_span_of(r->body, c->at - 2, 2);
        return true;
    }
    if (!read_vector(c, 1, &list))
        return false;
    while (read_u16(&list, &version)) {
        e->offers_13 |= version == WR_DTLS_1_3;
        if (higher_version(best, version) != best) {
            best = version;
            e->at.version = wr_span_of(r->body, list.at - 2, 2);
        }
    }
    if (best != 0)
        e->negotiated = best;
    return list.left == 0;
}

/* RFC 5764 4.1.1 */
static bool read_use_srtp(const reading *r, wr_cursor *c)
{
    wr_dtls_event *e = r->e;
    wr_cursor list;
    uint16_t profile;
    const uint8_t *mki;

    e->has_use_srtp = true;
    if (!read_vector(c, 2, &list))
        return false;
    e->n_profiles = 0;
    e->at.profiles = span_of(r, list);
    while (read_u16(&list, &profile))
        if (e->n_profiles < WR_DTLS_MAX_PROFILES)
            e->profiles[e->n_profiles++] = profile;
    if (list.left > 0 || !read_u8(c, &e->mki_length))
        return false;
    e->at.mki_length = wr_span_of(r->body, c->at - 1, 1);
    return read_bytes(c, e->mki_length, &mki);
}

/* RFC 7301 3.1; the first name is kept. */
static bool read_alpn(const reading *r, wr_cursor *c)
{
    wr_cursor list, name, other;

    if (!read_vector(c, 2, &list) || !read_vector(&list, 1, &name))
        return false;
    g_free(r->e->alpn);
    r->e->alpn = readable(name);
    r->e->at.alpn = span_of(r, name);
    while (read_vector(&list, 1, &other))
        ;
    return list.left == 0;
}

/* RFC 6066 3: entries of other types than host_name (0) would have the same form. */
static bool read_server_name(const reading *r, wr_cursor *c)
{
    wr_cursor list, name;
    uint8_t type;
    bool found = false;

    if (c->left == 0)
        return true; /* a server's acknowledgement */
    if (!read_vector(c, 2, &list) || list.left == 0)
        return false;
    while (list.left > 0) {
        if (!read_u8(&list, &type) || !read_vector(&list, 2, &name))
            return false;
        if (type == 0 && !found) {
            g_free(r->e->server_name);
            r->e->server_name = readable(name);
            r->e->at.server_name = span_of(r, name);
            found = true;
        }
    }
    return true;
}

/* RFC 8844 3.2, 4.3: a vector of up to 255 bytes, as new memory. */
static bool read_external(const reading *r, wr_cursor *c, uint8_t **out, uint8_t *out_length, wr_span *at)
{
    wr_cursor value;

    if (!read_vector(c, 1, &value))
        return false;
    g_free(*out);
    *out = g_malloc(value.left + 1);
    memcpy(*out, value.at, value.left);
    *out_length = (uint8_t)value.left;
    *at = span_of(r, value);
    return true;
}

/* RFC 7250 3. What a client offers decides nothing. */
static bool read_certificate_type(wr_cursor *c, bool server, bool *raw)
{
    wr_cursor offered;
    uint8_t type;

    if (!server)
        return read_vector(c, 1, &offered);
    if (!read_u8(c, &type))
        return false;
    *raw = type == RAW_PUBLIC_KEY;
    return true;
}

/* RFC 5077 3.2: all of the extension is the ticket. A server's is empty. */
static bool read_session_ticket(wr_cursor *c, bool server, wr_dtls_event *e)
{
    const uint8_t *ticket;
    const size_t n = c->left;

    e->has_ticket = server || n > 0;
    if (!server && n > 0 && read_bytes(c, n, &ticket)) {
        wr_sha256(ticket, n, e->ticket_digest);
        e->has_ticket_digest = true;
    }
    return true;
}

/* RFC 8446 4.2.11 */
static bool read_pre_shared_key(wr_cursor *c, bool server, wr_dtls_event *e)
{
    wr_cursor identities, binders;
    uint16_t selected;

    e->has_psk = true;
    return server ? read_u16(c, &selected) : read_vector(c, 2, &identities) && read_vector(c, 2, &binders);
}

/* False when it does not fit its length; what is left behind its value stays in c. whole: the extension with its
 * header. */
static bool read_extension(const reading *r, uint16_t type, wr_cursor *c, wr_span whole)
{
    wr_dtls_event *e = r->e;

    switch (type) {
    case EXT_SERVER_NAME:
        return read_server_name(r, c);
    case EXT_USE_SRTP:
        return read_use_srtp(r, c);
    case EXT_ALPN:
        return read_alpn(r, c);
    case EXT_CLIENT_CERTIFICATE_TYPE:
        return read_certificate_type(c, r->server, &e->client_raw_key);
    case EXT_SERVER_CERTIFICATE_TYPE:
        return read_certificate_type(c, r->server, &e->server_raw_key);
    case EXT_EXTENDED_MASTER_SECRET: /* RFC 7627 5.1: empty */
        e->has_ems = true;
        e->at.ems = whole;
        return true;
    case EXT_SESSION_TICKET:
        e->at.ticket = whole;
        return read_session_ticket(c, r->server, e);
    case EXT_PRE_SHARED_KEY:
        e->at.psk = whole;
        return read_pre_shared_key(c, r->server, e);
    case EXT_SUPPORTED_VERSIONS:
        return read_versions(r, c);
    case EXT_EXTERNAL_ID_HASH:
        return read_external(r, c, &e->external_id_hash, &e->external_id_hash_length, &e->at.external_id_hash);
    case EXT_EXTERNAL_SESSION_ID:
        return read_external(r, c, &e->external_session_id, &e->external_session_id_length, &e->at.external_session_id);
    default:
        c->left = 0; /* not looked into */
        return true;
    }
}

/* The list of extensions that ends a hello; it may be absent altogether. What can be read is read; the first fault
 * becomes the remark. */
static void read_extensions(const reading *r, wr_cursor *c)
{
    wr_dtls_event *e = r->e;
    wr_cursor list, data;
    uint16_t type;

    if (c->left == 0)
        return;
    if (!read_vector(c, 2, &list)) {
        e->problem = "The list of extensions is longer than the message";
        return;
    }
    while (list.left > 0) {
        if (!read_u16(&list, &type) || !read_vector(&list, 2, &data)) {
            e->problem = "An extension is longer than the list of extensions";
            return;
        }
        const wr_span whole = wr_span_of(r->body, data.at - EXTENSION_HEADER, EXTENSION_HEADER + data.left);
        const char *wrong = !read_extension(r, type, &data, whole) ? BROKEN_EXTENSION
                            : data.left > 0                        ? LEFT_IN_EXTENSION
                                                                   : NULL;
        if (e->problem == NULL)
            e->problem = wrong;
    }
    if (c->left > 0 && e->problem == NULL)
        e->problem = "Bytes follow the extensions of the hello";
}

static bool read_session_id(const reading *r, wr_cursor *c)
{
    wr_dtls_event *e = r->e;
    wr_cursor id;

    if (!read_vector(c, 1, &id) || id.left > sizeof e->session_id)
        return false;
    memcpy(e->session_id, id.at, id.left);
    e->session_id_length = (uint8_t)id.left;
    e->at.session_id = span_of(r, id);
    return true;
}

/* Version, random and session id, with which both hellos begin. */
static bool read_beginning(const reading *r, wr_cursor *c)
{
    wr_dtls_event *e = r->e;
    const uint8_t *random;

    if (!read_u16(c, &e->hello_version) || !read_bytes(c, WR_DTLS_RANDOM, &random)) {
        e->problem = "The hello ends before its random";
        return false;
    }
    memcpy(e->random, random, WR_DTLS_RANDOM);
    e->negotiated = e->hello_version;
    e->at.version = wr_span_of(r->body, r->body, 2);
    e->at.random = wr_span_of(r->body, random, WR_DTLS_RANDOM);
    if (!read_session_id(r, c)) {
        e->problem = "The session id of the hello is longer than 32 bytes or than the message";
        return false;
    }
    return true;
}

void wr_dtls_read_client_hello(const uint8_t *body, size_t len, wr_dtls_event *e)
{
    const reading r = {body, false, e};
    wr_cursor c = cursor_of(body, len), cookie, suites, compressions;
    uint16_t suite;

    e->kind = WR_DTLS_PROBLEM;
    if (!read_beginning(&r, &c))
        return;
    if (!read_vector(&c, 1, &cookie)) {
        e->problem = "The cookie of the Client Hello is longer than the message";
        return;
    }
    e->has_cookie = cookie.left > 0;
    e->at.cookie = span_of(&r, cookie);
    if (!read_vector(&c, 2, &suites) || suites.left % 2 != 0) {
        e->problem = "The cipher suites of the Client Hello do not fit their length";
        return;
    }
    e->at.suites = span_of(&r, suites);
    while (read_u16(&suites, &suite))
        if (e->n_suites < WR_DTLS_MAX_SUITES)
            e->suites[e->n_suites++] = suite;
        else
            e->suites_cut = true;
    if (!read_vector(&c, 1, &compressions)) {
        e->problem = "The compression methods of the Client Hello are longer than the message";
        return;
    }
    e->kind = WR_DTLS_CLIENT_HELLO;
    read_extensions(&r, &c);
}

/* RFC 8446 4.1.3: a server that could do better says so at the end of its random. */
static bool has_sentinel(const wr_dtls_event *e)
{
    const uint8_t *end = e->random + WR_DTLS_RANDOM - 8;

    return e->negotiated != WR_DTLS_1_3 && memcmp(end, "DOWNGRD", 7) == 0 && end[7] <= 1;
}

void wr_dtls_read_server_hello(const uint8_t *body, size_t len, wr_dtls_event *e)
{
    const reading r = {body, true, e};
    wr_cursor c = cursor_of(body, len);

    e->kind = WR_DTLS_PROBLEM;
    if (!read_beginning(&r, &c))
        return;
    if (!read_u16(&c, &e->suites[0]) || !read_u8(&c, &e->compression)) {
        e->problem = "The Server Hello ends before its cipher suite";
        return;
    }
    e->n_suites = 1;
    e->at.suites = wr_span_of(body, c.at - 3, 2);
    e->at.compression = wr_span_of(body, c.at - 1, 1);
    e->kind = memcmp(e->random, RETRY_RANDOM, WR_DTLS_RANDOM) == 0 ? WR_DTLS_HELLO_RETRY_REQUEST : WR_DTLS_SERVER_HELLO;
    read_extensions(&r, &c);
    e->downgrade_sentinel = has_sentinel(e);
}

void wr_dtls_read_encrypted_extensions(const uint8_t *body, size_t len, wr_dtls_event *e)
{
    const reading r = {body, true, e};
    wr_cursor c = cursor_of(body, len);

    read_extensions(&r, &c);
}
