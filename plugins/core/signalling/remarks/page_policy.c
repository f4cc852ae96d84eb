/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Permissions-Policy, Feature-Policy and Content-Security-Policy, as far as calls depend on them. */
#include "remarks/page_policy.h"

#include <glib.h>
#include <string.h>

/* ---- permissions ---- */

static void note_feature(wr_page_policy *out, const char *name, bool denied)
{
    if (strcmp(name, "camera") == 0)
        out->denies_camera |= denied;
    else if (strcmp(name, "microphone") == 0)
        out->denies_microphone |= denied;
    else if (strcmp(name, "display-capture") == 0)
        out->denies_display |= denied;
    else if (strcmp(name, "encrypted-media") == 0)
        out->names_encrypted_media = true;
}

/* "camera=(), microphone=(self)": an empty list denies. */
static void read_permissions(const char *text, wr_page_policy *out)
{
    char **parts = g_strsplit(text, ",", 128);

    for (unsigned i = 0; parts[i] != NULL; i++) {
        char *eq = strchr(parts[i], '='), *list;
        if (eq == NULL)
            continue;
        *eq = '\0';
        list = g_strstrip(eq + 1);
        note_feature(out, g_strstrip(parts[i]), list[0] == '(' && list[1 + strspn(list + 1, " \t")] == ')');
    }
    g_strfreev(parts);
}

/* "camera 'none'; microphone 'self'" */
static void read_features(const char *text, wr_page_policy *out)
{
    char **parts = g_strsplit(text, ";", 128);

    for (unsigned i = 0; parts[i] != NULL; i++) {
        char *part = g_strstrip(parts[i]);
        size_t n = strcspn(part, " \t");
        bool denied = strstr(part, "'none'") != NULL;
        part[n] = '\0';
        note_feature(out, part, denied);
    }
    g_strfreev(parts);
}

/* ---- content security ---- */

static void read_security(const char *text, wr_page_policy *out)
{
    char **parts = g_strsplit(text, ";", 128);
    const char *fallback = NULL;

    for (unsigned i = 0; parts[i] != NULL; i++) {
        char *part = g_strstrip(parts[i]);
        size_t n = strcspn(part, " \t");
        char *rest = part + n + strspn(part + n, " \t");
        bool last = parts[i + 1] == NULL;
        part[n] = '\0';
        if (g_ascii_strcasecmp(part, "webrtc") == 0)
            out->blocks_webrtc |= strstr(rest, "'block'") != NULL;
        else if (last && strlen(text) >= 1000)
            continue; /* the field may have been cut here */
        else if (g_ascii_strcasecmp(part, "connect-src") == 0 && out->connect == NULL)
            out->connect = g_strdup(rest);
        else if (g_ascii_strcasecmp(part, "default-src") == 0 && fallback == NULL)
            fallback = rest;
    }
    if (out->connect == NULL && fallback != NULL && strlen(text) < 1000)
        out->connect = g_strdup(fallback);
    g_strfreev(parts);
}

void wr_page_policy_read(const char *permissions, const char *feature, const char *security, wr_page_policy *out)
{
    memset(out, 0, sizeof *out);
    if (feature != NULL)
        read_features(feature, out);
    if (permissions != NULL)
        read_permissions(permissions, out);
    if (security != NULL)
        read_security(security, out);
}

void wr_page_policy_clear(wr_page_policy *p)
{
    g_free(p->connect);
    p->connect = NULL;
}

/* ---- sources (CSP3 6.7.2.8) ---- */

static char *bare_host(const char *source)
{
    const char *start = strstr(source, "://");

    start = start != NULL ? start + 3 : source;
    return g_strndup(start, *start == '[' ? strcspn(start, "]") + 1 : strcspn(start, ":/"));
}

static bool source_allows(const char *source, const char *page, const char *host)
{
    char *pattern;
    bool allowed;

    if (strcmp(source, "*") == 0)
        return true;
    if (source[0] == '\'')
        return strcmp(source, "'self'") == 0 && g_ascii_strcasecmp(page, host) == 0;
    if (g_str_has_suffix(source, ":"))
        return g_ascii_strcasecmp(source, "data:") != 0 && g_ascii_strcasecmp(source, "blob:") != 0;
    pattern = bare_host(source);
    if (g_str_has_prefix(pattern, "*.")) {
        size_t n = strlen(pattern) - 1, h = strlen(host);
        allowed = h > n && g_ascii_strcasecmp(host + h - n, pattern + 1) == 0;
    } else {
        allowed = strcmp(pattern, "*") == 0 || g_ascii_strcasecmp(pattern, host) == 0;
    }
    g_free(pattern);
    return allowed;
}

bool wr_page_policy_allows(const char *sources, const char *page, const char *host)
{
    char **list = g_strsplit_set(sources, " \t", 256), *bare = bare_host(host), *own = bare_host(page);
    bool allowed = false;

    for (unsigned i = 0; !allowed && list[i] != NULL; i++)
        allowed = list[i][0] != '\0' && source_allows(list[i], own, bare);
    g_strfreev(list);
    g_free(bare);
    g_free(own);
    return allowed;
}
