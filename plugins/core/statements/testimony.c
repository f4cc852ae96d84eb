/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads an endpoint's statistics (W3C webrtc-stats: RTCTransportStats, RTCCertificateStats, RTCIceCandidateStats). */
#include "statements/testimony.h"

#include "formats/json_text.h"

#include <string.h>

#define MAX_CERTIFICATE 65536 /* bytes of base64 */

static void free_statement(gpointer p)
{
    wr_statement *s = p;

    wr_certificate_unref(s->local);
    wr_certificate_unref(s->remote);
    g_free(s->id);
    g_free(s->local_ufrag);
    g_free(s->remote_ufrag);
    g_free(s->dtls_state);
    g_free(s);
}

static const char *text_of(const json_object *o, const char *key)
{
    return wr_value_string(wr_value_member(o, key));
}

static const json_object *item(const json_object *all, const char *id)
{
    return id != NULL ? wr_value_member(all, id) : NULL;
}

/* A certificate counts only when it is the one whose fingerprint stands beside it. */
static wr_certificate *read_certificate(const json_object *all, const char *id, bool *contradictory)
{
    const json_object *o = item(all, id);
    const char *base64 = text_of(o, "base64Certificate"), *hash = text_of(o, "fingerprintAlgorithm"),
               *hex = text_of(o, "fingerprint");
    wr_certificate *cert = NULL;
    wr_fingerprint fp;
    gsize length = 0;
    guchar *der;

    if (base64 == NULL || strlen(base64) > MAX_CERTIFICATE)
        return NULL;
    der = g_base64_decode(base64, &length);
    if (length > 0)
        cert = wr_certificate_new(der, length);
    g_free(der);
    if (cert == NULL)
        return NULL;
    if (hash != NULL && hex != NULL) {
        wr_fingerprint_parse_parts(hash, strlen(hash), hex, strlen(hex), &fp);
        *contradictory |= !fp.usable || !wr_certificate_has_fingerprint(cert, &fp);
    }
    if (!cert->shaped || *contradictory) {
        wr_certificate_unref(cert);
        return NULL;
    }
    return cert;
}

static wr_endpoint address_of(const json_object *candidate)
{
    const char *host = text_of(candidate, "address");
    int64_t port = wr_value_integer(wr_value_member(candidate, "port"));
    wr_endpoint at = wr_endpoint_none();

    if (host == NULL)
        host = text_of(candidate, "ip"); /* its name in older browsers */
    if (host != NULL && port > 0 && port <= 65535)
        wr_endpoint_from_text(host, (uint16_t)port, &at);
    return at;
}

static void read_transport(wr_testimony *t, const json_object *all, const char *id, const json_object *transport)
{
    wr_statement *s = g_new0(wr_statement, 1);
    const json_object *pair = item(all, text_of(transport, "selectedCandidatePairId"));
    const json_object *local = item(all, text_of(pair, "localCandidateId"));
    const json_object *remote = item(all, text_of(pair, "remoteCandidateId"));
    const char *ufrag = text_of(transport, "iceLocalUsernameFragment");

    s->id = g_strdup(id);
    s->local = read_certificate(all, text_of(transport, "localCertificateId"), &s->contradictory);
    s->remote = read_certificate(all, text_of(transport, "remoteCertificateId"), &s->contradictory);
    s->local_ufrag = g_strdup(ufrag != NULL ? ufrag : text_of(local, "usernameFragment"));
    s->remote_ufrag = g_strdup(text_of(remote, "usernameFragment"));
    s->local_address = address_of(local);
    s->remote_address = address_of(remote);
    s->dtls_state = g_strdup(text_of(transport, "dtlsState"));
    g_ptr_array_add(t->statements, s);
}

/* all: identifier -> statistics object. */
static void read_report(wr_testimony *t, const json_object *all)
{
    for (const struct lh_entry *e = wr_value_first(all); e != NULL; e = lh_entry_next(e)) {
        const json_object *o = wr_entry_value(e);
        if (g_strcmp0(text_of(o, "type"), "transport") != 0)
            continue;
        if (t->statements->len >= WR_MAX_STATEMENTS) {
            if (t->problem == NULL)
                t->problem = g_strdup_printf("only its first %d transports were read", WR_MAX_STATEMENTS);
            return;
        }
        read_transport(t, all, wr_entry_name(e), o);
    }
}

/* ---- the shapes of a file ---- */

static void keep(json_object *all, json_object *o)
{
    const char *id = text_of(o, "id");

    if (id != NULL)
        json_object_object_add(all, id, json_object_get(o));
}

/* A list of statistics, or of pairs [identifier, statistics], as Map entries are written out. */
static json_object *from_list(const json_object *list)
{
    json_object *all = json_object_new_object();

    for (size_t i = 0; i < wr_value_size(list); i++) {
        json_object *o = wr_value_element(list, i);
        keep(all, wr_value_is_array(o) ? wr_value_element(o, 1) : o);
    }
    return all;
}

/* The last of the values that a dump keeps of one attribute: a list written as text. False when there is none. */
static bool last_value(const json_object *series, json_object **last)
{
    const json_object *values = wr_value_member(series, "values");
    const char *text = wr_value_string(values);
    json_object *read = text != NULL ? wr_json_read_whole((const uint8_t *)text, strlen(text), NULL) : NULL;
    const json_object *list = text != NULL ? read : values;
    const size_t n = wr_value_size(list);

    *last = n > 0 ? json_object_get(wr_value_element(list, n - 1)) : NULL;
    json_object_put(read);
    return n > 0;
}

/* webrtc-internals keeps each attribute apart: "IDENTIFIER-attribute": {"statsType": …, "values": "[…]"}. */
static json_object *from_series(const json_object *stats)
{
    json_object *all = json_object_new_object();

    for (const struct lh_entry *e = wr_value_first(stats); e != NULL; e = lh_entry_next(e)) {
        const char *key = wr_entry_name(e), *dash = strrchr(key, '-'), *type = text_of(wr_entry_value(e), "statsType");
        json_object *o, *value;
        char *id;
        if (dash == NULL || type == NULL || !last_value(wr_entry_value(e), &value))
            continue;
        id = g_strndup(key, (gsize)(dash - key));
        o = wr_value_member(all, id);
        if (o == NULL) {
            o = json_object_new_object();
            json_object_object_add(o, "type", json_object_new_string(type));
            json_object_object_add(all, id, o);
        }
        json_object_object_add(o, dash + 1, value);
        g_free(id);
    }
    return all;
}

static void read_dump(wr_testimony *t, const json_object *connections)
{
    for (const struct lh_entry *e = wr_value_first(connections); e != NULL; e = lh_entry_next(e)) {
        json_object *all = from_series(wr_value_member(wr_entry_value(e), "stats"));
        read_report(t, all);
        json_object_put(all);
    }
}

static void read_root(wr_testimony *t, const json_object *root)
{
    const json_object *stats = wr_value_has(root, "stats") ? wr_value_member(root, "stats") : root;

    if (wr_value_is_object(wr_value_member(root, "PeerConnections"))) {
        read_dump(t, wr_value_member(root, "PeerConnections"));
    } else if (wr_value_is_array(stats)) {
        json_object *all = from_list(stats);
        read_report(t, all);
        json_object_put(all);
    } else {
        read_report(t, stats);
    }
}

static unsigned line_of(const char *text, size_t at)
{
    unsigned line = 1;

    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n';
    return line;
}

wr_testimony *wr_testimony_parse(const char *name, const char *text, size_t len)
{
    wr_testimony *t = g_new0(wr_testimony, 1);
    json_object *root;
    size_t wrong;

    t->refs = 1;
    t->name = g_strdup(name);
    t->statements = g_ptr_array_new_with_free_func(free_statement);
    if (len > WR_MAX_TESTIMONY_BYTES) {
        t->problem = g_strdup("it is too large");
        return t;
    }
    root = wr_json_read_whole((const uint8_t *)text, len, &wrong);
    if (root == NULL) {
        t->problem = g_strdup_printf("it is not JSON (line %u)", line_of(text, wrong));
        return t;
    }
    read_root(t, root);
    json_object_put(root);
    if (t->statements->len == 0)
        t->problem = g_strdup("it holds no statistics of a transport");
    return t;
}

wr_testimony *wr_testimony_read(const char *path)
{
    char *name = g_path_get_basename(path), *text = NULL;
    wr_testimony *t;
    GError *error = NULL;
    gsize len = 0;

    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || !g_file_get_contents(path, &text, &len, &error)) {
        t = wr_testimony_parse(name, "{}", 2);
        g_free(t->problem);
        t->problem = g_strdup(error != NULL ? error->message : "it is not a file");
        g_clear_error(&error);
    } else {
        t = wr_testimony_parse(name, text, len);
    }
    g_free(text);
    g_free(name);
    return t;
}

wr_testimony *wr_testimony_ref(wr_testimony *t)
{
    t->refs++;
    return t;
}

void wr_testimony_unref(wr_testimony *t)
{
    if (t == NULL || --t->refs > 0)
        return;
    g_ptr_array_free(t->statements, TRUE);
    g_free(t->name);
    g_free(t->problem);
    g_free(t);
}
