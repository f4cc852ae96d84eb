/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of libp2p's WebRTC Direct: "/ip4/…/udp/…/webrtc-direct/certhash/u…" names where a server listens and, as a
 * multihash in multibase, the SHA-256 fingerprint of the certificate that it presents (libp2p's specification of WebRTC
 * Direct; RFC 4648 5 for the encoding). */
#include <string.h>

#include "base/digest.h"
#include "members_as_sdp.h"

#define LONGEST_ADDRESS 1024
#define MULTIHASH_SHA2  0x12 /* and its length: 32 */
#define PARTS_MAX       32

/* "uEi…": the digest, as a=fingerprint writes it. */
static bool append_fingerprint(GString *out, const char *multibase)
{
    GByteArray *bytes =
        multibase[0] == 'u' ? wr_unwrap_base64((const uint8_t *)multibase + 1, strlen(multibase + 1), 64) : NULL;
    const bool is = bytes != NULL && bytes->len == 34 && bytes->data[0] == MULTIHASH_SHA2 && bytes->data[1] == 32;

    if (is) {
        char text[WR_DIGEST_TEXT];
        g_string_append_printf(out, "a=fingerprint:sha-256 %s\r\n", wr_digest_format(bytes->data + 2, 32, text));
    }
    if (bytes != NULL)
        g_byte_array_unref(bytes);
    return is;
}

static void append_candidate(GString *out, char **parts, size_t n)
{
    if (n < 5 || strcmp(parts[3], "udp") != 0 || (strcmp(parts[1], "ip4") != 0 && strcmp(parts[1], "ip6") != 0))
        return;
    g_string_append(out, "a=candidate:1 1 udp 1 ");
    wr_native_append(out, parts[2]);
    g_string_append_c(out, ' ');
    wr_native_append(out, parts[4]);
    g_string_append(out, " typ host\r\n");
}

bool wr_certhash_add(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    GString *out;
    char **parts;
    size_t n;
    bool direct = false, any = false;

    if (text[0] != '/' || len > LONGEST_ADDRESS || strlen(text) != len ||
        strstr(text, "/webrtc-direct/certhash/") == NULL)
        return false;
    parts = g_strsplit(text, "/", PARTS_MAX);
    n = g_strv_length(parts);
    out = g_string_new(NULL);
    for (size_t i = 1; i + 1 < n; i++) {
        direct = direct || strcmp(parts[i], "webrtc-direct") == 0;
        if (direct && strcmp(parts[i], "certhash") == 0)
            any = append_fingerprint(out, parts[i + 1]) || any;
    }
    append_candidate(out, parts, n);
    if (any)
        wr_hit_add(f, at, WR_KIND_FRAGMENT, out->str, out->len);
    g_string_free(out, TRUE);
    g_strfreev(parts);
    return any;
}
