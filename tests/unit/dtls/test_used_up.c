/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every block of a handshake message must be used up by what belongs into it: one byte more, or one less, is named. */
#include "dtls_build.h"

#include <zlib.h>

/* Reads one whole message; what is wrong with it, NULL for nothing. */
static const char *problem_of(uint8_t type, GByteArray *body, wr_dtls_kind *kind)
{
    wr_dtls_reader *r = wr_dtls_reader_new();
    GPtrArray *events = read_all(r, true, 0, false, message_datagram(type, 0, body));
    const char *problem;

    *kind = only_kind(events);
    problem = event_at(events, 0)->problem;
    g_ptr_array_unref(events);
    wr_dtls_reader_free(r);
    g_byte_array_unref(body);
    return problem;
}

/* One extension, and how it is to be well-formed. */
typedef struct {
    const char *name;
    bool server;
    unsigned type, length;
    const char *bytes;
} good_extension;

static const good_extension good[] = {
    {"a client's server_name", false, 0, 8, "\0\6\0\0\3abc"},
    {"server_name of two types", false, 0, 13, "\0\13\1\0\2xy\0\0\3abc"},
    {"a server's server_name", true, 0, 0, ""},
    {"use_srtp without MKI", false, 14, 5, "\0\2\0\7\0"},
    {"use_srtp with MKI", true, 14, 7, "\0\2\0\7\2mk"},
    {"ALPN", false, 16, 9, "\0\7\2c1\3web"},
    {"a server's ALPN", true, 16, 5, "\0\3\2c1"},
    {"client_certificate_type offered", false, 19, 3, "\2\2\0"},
    {"client_certificate_type chosen", true, 19, 1, "\2"},
    {"server_certificate_type chosen", true, 20, 1, "\0"},
    {"extended_master_secret", false, 23, 0, ""},
    {"a server's extended_master_secret", true, 23, 0, ""},
    {"a server's session_ticket", true, 35, 0, ""},
    {"pre_shared_key offered", false, 41, 12, "\0\3\0\1x\0\5\4tag!"},
    {"pre_shared_key chosen", true, 41, 2, "\0\0"},
    {"supported_versions offered", false, 43, 5, "\4\xfe\xfc\xfe\xfd"},
    {"supported_versions chosen", true, 43, 2, "\xfe\xfc"},
    {"external_id_hash", false, 55, 4, "\3abc"},
    {"external_session_id", true, 56, 4, "\3abc"},
};

static const char *problem_with(const good_extension *g, int more, wr_dtls_kind *kind)
{
    GByteArray *x = g_byte_array_new(), *data = bytes_of(g->bytes, g->length);

    if (more > 0)
        put_fill(data, 0, (unsigned)more);
    else
        g_byte_array_set_size(data, (guint)((int)data->len + more));
    put_extension(x, g->type, data);
    return problem_of(g->server ? 2 : 1, g->server ? server_hello(1, x) : client_hello(1, x), kind);
}

static void extensions_are_used_up(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        wr_dtls_kind hello = good[i].server ? WR_DTLS_SERVER_HELLO : WR_DTLS_CLIENT_HELLO, kind;
        const char *problem = problem_with(&good[i], 0, &kind);

        g_test_message("%s", good[i].name);
        g_assert_cmpstr(problem, ==, NULL);
        g_assert_cmpint(kind, ==, hello);
        if (good[i].server || good[i].type != 35) { /* a client's ticket is all of its extension */
            problem = problem_with(&good[i], 1, &kind);
            g_assert_nonnull(problem);
            /* One byte in what must be empty may also be read as a list that is too short. */
            g_assert_true(strstr(problem, "left over") != NULL || good[i].length == 0);
            g_assert_cmpint(kind, ==, hello); /* what was read before is kept */
        }
        if (good[i].length > 0) {
            problem = problem_with(&good[i], -1, &kind);
            g_assert_nonnull(problem);
            g_assert_nonnull(strstr(problem, "does not fit"));
        }
    }
}

/* The lists within an extension are blocks too. */
static void lists_within_extensions_are_used_up(void)
{
    static const good_extension bad[] = {
        {"half a profile", false, 14, 6, "\0\3\0\7\0\0"},
        {"half a name", false, 16, 7, "\0\5\2c1\3w"},
        {"half an entry", false, 0, 10, "\0\10\0\0\3abc\0\0"},
        {"half a version", false, 43, 4, "\3\xfe\xfc\xfe"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        wr_dtls_kind kind;

        g_test_message("%s", bad[i].name);
        g_assert_nonnull(problem_with(&bad[i], 0, &kind));
    }
}

static void an_extension_that_is_not_read_may_hold_anything(void)
{
    static const good_extension unknown = {"GREASE", false, 0x0a0a, 3, "abc"};
    wr_dtls_kind kind;

    g_assert_cmpstr(problem_with(&unknown, 0, &kind), ==, NULL);
}

static void expect(uint8_t type, GByteArray *body, wr_dtls_kind kind, const char *word)
{
    wr_dtls_kind found;
    const char *problem = problem_of(type, body, &found);

    g_assert_cmpint(found, ==, kind);
    if (word == NULL) {
        g_assert_cmpstr(problem, ==, NULL);
    } else {
        g_assert_nonnull(problem);
        g_assert_nonnull(strstr(problem, word));
    }
}

static void hello_verify_request(void)
{
    expect(3, bytes_of("\xfe\xff\4wxyz", 7), WR_DTLS_HELLO_VERIFY_REQUEST, NULL);
    expect(3, bytes_of("\xfe\xff\4wxyz!", 8), WR_DTLS_HELLO_VERIFY_REQUEST, "Bytes follow the cookie");
}

static void new_session_ticket(void)
{
    expect(4, bytes_of("\0\0\x1c\x20\0\6ticket", 12), WR_DTLS_OTHER_HANDSHAKE, NULL);
    expect(4, bytes_of("\0\0\x1c\x20\0\6ticket!", 13), WR_DTLS_PROBLEM, "New Session Ticket");
    expect(4, bytes_of("\0\0\x1c\x20\0\7ticket", 12), WR_DTLS_PROBLEM, "New Session Ticket");
}

static void server_hello_done(void)
{
    expect(14, g_byte_array_new(), WR_DTLS_SERVER_HELLO_DONE, NULL);
    expect(14, bytes_of("x", 1), WR_DTLS_SERVER_HELLO_DONE, "empty");
}

static void certificate_list(void)
{
    GByteArray *longer = certificate_12(0xaa, 50);

    put(longer, 1, 0);
    expect(11, longer, WR_DTLS_PROBLEM, "list of certificates");
}

/* CompressedCertificate of a message with one certificate; more bytes behind the packed data, and behind the vector. */
static GByteArray *compressed(unsigned inside, unsigned behind)
{
    GByteArray *plain = certificate_12(0x30, 50), *b = g_byte_array_new(), *packed = g_byte_array_new();
    uint8_t out[256];
    uLongf n = sizeof out;

    g_assert_cmpint(compress(out, &n, plain->data, plain->len), ==, Z_OK);
    put_bytes(packed, out, n);
    put_fill(packed, 0, inside);
    put(b, 2, 1);
    put(b, 3, plain->len);
    put_vector(b, 3, packed);
    put_fill(b, 0, behind);
    g_byte_array_unref(plain);
    return b;
}

static void compressed_certificate(void)
{
    wr_dtls_kind kind;

    problem_of(25, compressed(0, 0), &kind);
    g_assert_cmpint(kind, ==, WR_DTLS_CERTIFICATE);
    expect(25, compressed(1, 0), WR_DTLS_PROBLEM, "Bytes follow the end of what was packed");
    expect(25, compressed(0, 1), WR_DTLS_PROBLEM, "Bytes follow the packed certificate");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/used-up/extensions", extensions_are_used_up);
    g_test_add_func("/used-up/lists-within-extensions", lists_within_extensions_are_used_up);
    g_test_add_func("/used-up/unknown-extension", an_extension_that_is_not_read_may_hold_anything);
    g_test_add_func("/used-up/hello-verify-request", hello_verify_request);
    g_test_add_func("/used-up/new-session-ticket", new_session_ticket);
    g_test_add_func("/used-up/server-hello-done", server_hello_done);
    g_test_add_func("/used-up/certificate-list", certificate_list);
    g_test_add_func("/used-up/compressed-certificate", compressed_certificate);
    return g_test_run();
}
