/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads of HTTP/1 messages (RFC 9112) and ServerHellos of TLS (RFC 5246, RFC 8446), as far as they bear on calls. */
#include "remarks/remarks.h"

#include "base/text.h"
#include "connection/message_head.h"

#include <openssl/evp.h>
#include <string.h>

uint32_t wr_secret_mark(const char *text, size_t len)
{
    uint8_t digest[EVP_MAX_MD_SIZE] = {0};

    if (EVP_Digest(text, len, digest, NULL, EVP_sha256(), NULL) != 1)
        return 0;
    return (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8 | digest[3];
}

/* ---- TLS ---- */

static uint16_t read16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

/* supported_versions (43) of a ServerHello holds the version chosen (RFC 8446 4.2.1). */
static uint16_t chosen_version(const uint8_t *p, size_t len, uint16_t legacy)
{
    size_t at = 2;

    if (len < 2)
        return legacy;
    len = MIN(len, (size_t)read16(p) + 2);
    while (at + 4 <= len) {
        uint16_t type = read16(p + at), n = read16(p + at + 2);
        at += 4;
        if (type == 43 && n == 2 && at + 2 <= len)
            return read16(p + at);
        at += n;
    }
    return legacy;
}

wr_remark *wr_remark_from_tls(const uint8_t *p, size_t len)
{
    size_t id, at;
    wr_remark *r;

    /* record 22, major version 3, handshake 2: header 5, handshake header 4, version 2, random 32, session id */
    if (len < 5 + 4 + 2 + 32 + 1 || p[0] != 22 || p[1] != 3 || p[5] != 2 || p[6] != 0 || p[9] != 3)
        return NULL;
    id = p[43];
    at = 44 + id;
    if (id > 32 || at + 3 > len)
        return NULL;
    r = g_new0(wr_remark, 1);
    r->kind = WR_REMARK_TLS;
    r->suite = read16(p + at);
    r->version = chosen_version(p + at + 3, len - at - 3, read16(p + 9));
    return r;
}

/* ---- HTTP ---- */

/* Names of query parameters that carry credentials. */
static const char *const secret_parameters[] = {"access_token", "token",    "auth",   "jwt",       "api_key", "apikey",
                                                "secret",       "password", "ticket", "signature", "key"};

static bool is_secret_name(const char *p, size_t n)
{
    for (size_t i = 0; i < G_N_ELEMENTS(secret_parameters); i++)
        if (strlen(secret_parameters[i]) == n && g_ascii_strncasecmp(p, secret_parameters[i], n) == 0)
            return true;
    return false;
}

static void take_credential(wr_remark *r, char *what, const char *secret, size_t len)
{
    if (r->what != NULL || len == 0) {
        g_free(what);
        return;
    }
    r->what = what;
    r->mark = wr_secret_mark(secret, len);
}

/* "?room=1&token=…" */
static void look_through_query(wr_remark *r, const char *p, size_t len)
{
    while (len > 0) {
        const char *amp = memchr(p, '&', len);
        size_t n = amp != NULL ? (size_t)(amp - p) : len;
        const char *eq = memchr(p, '=', n);
        if (eq != NULL && is_secret_name(p, (size_t)(eq - p))) {
            char *name = g_strndup(p, (gsize)(eq - p));
            take_credential(r, g_strdup_printf("URL parameter %s", name), eq + 1, n - (size_t)(eq + 1 - p));
            g_free(name);
        }
        if (amp == NULL)
            break;
        len -= n + 1;
        p = amp + 1;
    }
}

/* A part of letters and digits mixed, long enough to be guessed by nobody. */
static bool looks_random(const char *p, size_t n)
{
    unsigned letters = 0, digits = 0;

    for (size_t i = 0; i < n; i++) {
        letters += g_ascii_isalpha(p[i]) != 0;
        digits += g_ascii_isdigit(p[i]) != 0;
    }
    return n >= 20 && letters >= 3 && digits >= 3;
}

static void look_through_target(wr_remark *r, const char *p, size_t len)
{
    const char *query = memchr(p, '?', len);
    size_t n = query != NULL ? (size_t)(query - p) : len;

    if (query != NULL)
        look_through_query(r, query + 1, len - n - 1);
    for (size_t start = 0, i = 0; i <= n; i++) {
        if (i < n && p[i] != '/')
            continue;
        r->secret_target |= looks_random(p + start, i - start);
        start = i + 1;
    }
}

/* The scheme is shown, what follows it is not. */
static void look_through_fields(wr_remark *r, const wr_message_head *head)
{
    char *authorization = wr_message_head_field(head, "Authorization", NULL);
    char *cookie = wr_message_head_field(head, "Cookie", NULL);
    char *protocols = wr_message_head_field(head, "Sec-WebSocket-Protocol", NULL);
    const char *jwt = protocols != NULL ? strstr(protocols, "eyJ") : NULL; /* how a JSON web token begins */

    if (authorization != NULL) {
        size_t n = strcspn(authorization, " \t");
        bool parted = authorization[n] != '\0';
        char *scheme = g_strndup(authorization, MIN(n, 16u));
        take_credential(r, parted ? g_strdup_printf("Authorization (%s)", scheme) : g_strdup("Authorization"),
                        authorization, strlen(authorization));
        g_free(scheme);
    }
    if (jwt != NULL)
        take_credential(r, g_strdup("Sec-WebSocket-Protocol"), jwt, strcspn(jwt, ", "));
    if (cookie != NULL)
        take_credential(r, g_strdup("Cookie"), cookie, strlen(cookie));
    g_free(authorization);
    g_free(cookie);
    g_free(protocols);
}

static bool has_field(const wr_message_head *head, const char *name)
{
    char *value = wr_message_head_field(head, name, NULL);
    bool found = value != NULL;

    g_free(value);
    return found;
}

/* Without scheme and port. */
static char *host_of_origin(char *origin)
{
    char *start = origin != NULL ? strstr(origin, "://") : NULL, *host;

    if (start == NULL) {
        g_free(origin);
        return NULL;
    }
    start += 3;
    host = g_strndup(start, *start == '[' ? strcspn(start, "]") + (strchr(start, ']') != NULL) : strcspn(start, ":/"));
    g_free(origin);
    return host;
}

static wr_remark *read_request(const wr_message_head *head)
{
    wr_remark *r = g_new0(wr_remark, 1);
    char *type = wr_message_head_field(head, "Content-Type", NULL);

    r->kind = WR_REMARK_REQUEST;
    r->host = wr_message_head_field(head, "Host", NULL);
    r->user_agent = wr_message_head_field(head, "User-Agent", NULL);
    r->origin = host_of_origin(wr_message_head_field(head, "Origin", NULL));
    r->is_proxied = has_field(head, "X-Forwarded-For") || has_field(head, "Forwarded") ||
                    has_field(head, "X-Real-IP") || has_field(head, "X-Forwarded-Proto");
    r->posts_description =
        strcmp(head->method, "POST") == 0 && type != NULL && g_ascii_strncasecmp(type, "application/sdp", 15) == 0;
    look_through_fields(r, head);
    look_through_target(r, head->target, head->target_len);
    g_free(type);
    return r;
}

static wr_remark *read_response(const wr_message_head *head)
{
    wr_remark *r = g_new0(wr_remark, 1);

    r->kind = WR_REMARK_PAGE;
    r->permissions = wr_message_head_field(head, "Permissions-Policy", NULL);
    r->feature = wr_message_head_field(head, "Feature-Policy", NULL);
    r->security = wr_message_head_field(head, "Content-Security-Policy", NULL);
    if (r->permissions == NULL && r->feature == NULL && r->security == NULL) {
        wr_remark_free(r);
        return NULL;
    }
    return r;
}

bool wr_remark_begins_head(const char *bytes, size_t len)
{
    static const char *const begins[] = {"HTTP/1.", "GET ", "POST ", "PUT ", "PATCH ", "OPTIONS "};

    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
        if (len > strlen(begins[i]) && memcmp(bytes, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

wr_remark *wr_remark_from_head(const char *bytes, size_t len)
{
    wr_message_head head;
    const char *end;

    if (!wr_remark_begins_head(bytes, len))
        return NULL;
    len = MIN(len, (size_t)WR_HEAD_MAX);
    end = wr_text_find(bytes, len, "\r\n\r\n");
    if (end != NULL)
        len = (size_t)(end - bytes) + 2;
    if (!wr_message_head_read(bytes, len, &head) || (head.response && head.status != 200))
        return NULL;
    return head.response ? read_response(&head) : read_request(&head);
}
