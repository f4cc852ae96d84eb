/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What certificates say beside their digest, and how hellos are tied to descriptions: DTLS-18, DTLS-21 (rules 3.4;
 * RFC 8827 6.5, RFC 8844).
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_RSA   2048
#define LEAST_CURVE 224

/* ---- DTLS-18 ---- */

/* The common name is a host's: labels with dots between, letters at the end. */
static bool is_host_name(const char *subject)
{
    const char *cn = strstr(subject, "CN=");
    size_t n = cn == NULL ? 0 : strcspn(cn + 3, ",+");
    unsigned dots = 0, letters = 0;

    for (size_t i = 0; i < n; i++) {
        char c = cn[3 + i];
        if (!g_ascii_isalnum(c) && c != '-' && c != '.' && c != '*')
            return false;
        dots += c == '.';
        letters = g_ascii_isalpha(c) ? letters + 1 : 0;
    }
    return dots > 0 && letters >= 2;
}

static bool names_someone(const wr_certificate *c)
{
    const char *subject = c->facts->subject != NULL ? c->facts->subject : "";

    return c->facts->alt_names != NULL || strchr(subject, '@') != NULL || strstr(subject, "sip:") != NULL ||
           is_host_name(subject);
}

static void add_word(GString *text, const char *word)
{
    g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", word);
}

/* What is worth saying, into text, which stays empty when there is nothing. */
static wr_severity weigh_certificate(const wr_certificate *c, int64_t now_us, GString *text)
{
    wr_severity worst = WR_CHAT;
    int64_t now = now_us / WR_SECOND;
    char *algorithm = g_ascii_strdown(c->facts->signature_algorithm != NULL ? c->facts->signature_algorithm : "", -1);

    if (c->facts->key_bits > 0 && c->facts->key != NULL &&
        ((g_str_has_prefix(c->facts->key, "RSA") && c->facts->key_bits < LEAST_RSA) ||
         (g_str_has_prefix(c->facts->key, "EC") && c->facts->key_bits < LEAST_CURVE))) {
        add_word(text, "weak key ");
        g_string_append(text, c->facts->key);
        worst = WR_WARN;
    }
    if (strstr(algorithm, "md5") != NULL || strstr(algorithm, "sha1") != NULL) {
        add_word(text, "signed with ");
        g_string_append(text, c->facts->signature_algorithm);
        worst = MAX(worst, WR_NOTE);
    }
    if ((c->facts->not_after != 0 && now > c->facts->not_after) ||
        (c->facts->not_before != 0 && now < c->facts->not_before)) {
        add_word(text, now > c->facts->not_after ? "expired, which does not matter to WebRTC"
                                                 : "not valid yet, which does not matter to WebRTC");
        worst = MAX(worst, WR_NOTE);
    }
    if (names_someone(c)) {
        add_word(text, "names a host or person: ");
        g_string_append(text, c->facts->alt_names != NULL ? c->facts->alt_names : c->facts->subject);
        worst = MAX(worst, WR_NOTE);
    }
    if (!c->facts->self_signed)
        add_word(text, "issued by somebody else, as servers' are");
    g_free(algorithm);
    return worst;
}

void wr_check_certificates(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    GHashTable *told = g_hash_table_new(g_direct_hash, g_direct_equal);

    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            wr_certificate *c = a->side[side].presented.certificate;
            GString *text;
            wr_severity severity;
            if (c == NULL || !g_hash_table_add(told, c)) /* one object for each certificate */
                continue;
            wr_certificate_describe(c);
            if (!c->facts->parsed)
                continue;
            text = g_string_new(NULL);
            severity = weigh_certificate(c, a->first_us, text);
            if (text->len > 0)
                wr_finding_once(e, s, "DTLS-18", severity, a->side[side].presented.frame, 0,
                                severity == WR_WARN ? "V17.2.2" : NULL, WR_BASIS_CERTIFICATE,
                                "Certificate of the DTLS %s worth noting: %s", side == 0 ? "client" : "server",
                                text->str);
            g_string_free(text, TRUE);
        }
    }
    g_hash_table_destroy(told);
}

/* ---- DTLS-21 ---- */

/* 1 when a tls-id of the description is this one, 0 when it has others only, -1 when it has none. */
static int has_tls_id(const wr_copy *c, const uint8_t *id, size_t len)
{
    int result = -1;

    for (unsigned i = 0; i < c->sdp->n_sections; i++) {
        const char *tls_id = wr_sdp_effective(c->sdp, &c->sdp->sections[i]).tls_id;
        if (tls_id == NULL || wr_sdp_section_disabled(&c->sdp->sections[i]))
            continue;
        if (strlen(tls_id) == len && memcmp(tls_id, id, len) == 0)
            return 1;
        result = 0;
    }
    return result;
}

/* SHA-256 of the identity assertion of a description (RFC 8844 3.2). False when it has none. */
static bool identity_hash(wr_sdp *sdp, uint8_t out[32])
{
    wr_line_reader lines = wr_lines(wr_sdp_text(sdp), sdp->text_len);
    wr_slice line, value;

    while (wr_line_next(&lines, &line, NULL)) {
        GChecksum *sum;
        gsize n, length = 32;
        guchar *bytes;
        char *text;
        if (!wr_slice_starts(line, "a=identity:", &value))
            continue;
        value = wr_slice_token(&value);
        for (n = 0; n < value.len && value.p[n] != ';'; n++)
            ;
        text = g_strndup(value.p, n);
        bytes = g_base64_decode(text, &n);
        sum = g_checksum_new(G_CHECKSUM_SHA256);
        g_checksum_update(sum, bytes, (gssize)n);
        g_checksum_get_digest(sum, out, &length);
        g_checksum_free(sum);
        g_free(bytes);
        g_free(text);
        return true;
    }
    return false;
}

static bool same_bytes(const uint8_t *x, size_t n, const uint8_t *y, size_t m)
{
    return (x != NULL) == (y != NULL) && n == m && (n == 0 || memcmp(x, y, n) == 0);
}

static bool same_external(const wr_side *s, const wr_dtls_event *v)
{
    const wr_external none = {NULL, NULL, 0, 0},
                      *x = s->facts != NULL && s->facts->external != NULL ? s->facts->external : &none;

    return same_bytes(x->id, x->id_length, v->external_session_id, v->external_session_id_length) &&
           same_bytes(x->identity_hash, x->hash_length, v->external_id_hash, v->external_id_hash_length);
}

static bool same_of_client(const wr_association *a, const wr_dtls_event *v)
{
    return same_external(&a->side[0], v);
}

static bool same_of_server(const wr_association *a, const wr_dtls_event *v)
{
    return same_external(&a->side[1], v);
}

/* No server's signature covers what a hello is bound to: where another one of this side says otherwise, it is a note.
 */
static wr_severity of_hello(const wr_association *a, int side, wr_severity severity)
{
    return wr_association_hello_is_doubted(a, side == 0 ? WR_HS_CLIENT_HELLO : WR_HS_SERVER_HELLO,
                                           side == 0 ? same_of_client : same_of_server)
               ? WR_NOTE
               : severity;
}

static void check_id_hash(wr_engine *e, const wr_session *s, const wr_association *a, int side)
{
    const wr_side_facts *facts = a->side[side].facts;
    const wr_external *x = facts->external;
    const wr_copy *c = a->owner[side];
    const char *who = side == 0 ? "client" : "server";
    uint32_t frame = facts->hello_frame != 0 ? facts->hello_frame : a->first_frame;
    uint8_t hash[32];
    bool has;

    if (x->hash_length != 0 && x->hash_length != sizeof hash) {
        wr_finding_once(e, s, "DTLS-21", of_hello(a, side, WR_WARN), frame, 0, NULL, WR_BASIS_HELLOS,
                        "The %s's external_id_hash has %u bytes, not 32 or none (association a%u)", who, x->hash_length,
                        a->number);
        return;
    }
    if (c == NULL)
        return;
    has = identity_hash(c->sdp, hash);
    if (has && (x->hash_length == 0 || memcmp(hash, x->identity_hash, sizeof hash) != 0))
        wr_finding_once(e, s, "DTLS-21", of_hello(a, side, WR_ERROR), frame, c->frame, "V17.2.8", WR_BASIS_HANDSHAKE,
                        "The %s's handshake is bound to another identity than the one in frame %u (unknown key-share, "
                        "association a%u)",
                        who, c->frame, a->number);
    else if (!has && x->hash_length != 0 && c->direction == WR_DIRECTION_DELIVERED)
        wr_finding_once(
            e, s, "DTLS-21", of_hello(a, side, WR_ERROR), frame, c->frame, "V17.2.8", WR_BASIS_HANDSHAKE,
            "The %s's handshake is bound to an identity, but none was delivered in frame %u (association a%u)", who,
            c->frame, a->number);
}

void wr_check_external(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const wr_side_facts *x = a->side[side].facts;
            const wr_copy *c = a->owner[side];
            if (x == NULL || x->external == NULL)
                continue;
            if (x->external->id != NULL && c != NULL && has_tls_id(c, x->external->id, x->external->id_length) == 0)
                wr_finding_once(e, s, "DTLS-21", of_hello(a, side, WR_ERROR),
                                x->hello_frame != 0 ? x->hello_frame : a->first_frame, c->frame, "V17.2.8",
                                WR_BASIS_HANDSHAKE,
                                "The %s's handshake is bound to another session description than the one in frame %u "
                                "(unknown key-share, "
                                "association a%u)",
                                side == 0 ? "client" : "server", c->frame, a->number);
            if (x->external->identity_hash != NULL)
                check_id_hash(e, s, a, side);
        }
    }
}
