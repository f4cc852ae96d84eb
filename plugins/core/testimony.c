/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads an endpoint's statistics (W3C webrtc-stats: RTCTransportStats, RTCCertificateStats, RTCIceCandidateStats). */
#include "testimony.h"

#include <jansson.h>
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

static const char *text_of(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static const json_t *item(const json_t *all, const char *id)
{
    return id != NULL ? json_object_get(all, id) : NULL;
}

/* A certificate counts only when it is the one whose fingerprint stands beside it. */
static wr_certificate *read_certificate(const json_t *all, const char *id, bool *contradictory)
{
    const json_t *o = item(all, id);
    const char *base64 = text_of(o, "base64Certificate"), *hash = text_of(o, "fingerprintAlgorithm"), *hex = text_of(o, "fingerprint");
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

static wr_endpoint address_of(const json_t *candidate)
{
    const char *host = text_of(candidate, "address");
    json_int_t port = json_integer_value(json_object_get(candidate, "port"));
    wr_endpoint at = wr_endpoint_none();

    if (host == NULL)
        host = text_of(candidate, "ip"); /* its name in older browsers */
    if (host != NULL && port > 0 && port <= 65535)
        wr_endpoint_from_text(host, (uint16_t)port, &at);
    return at;
}

static void read_transport(wr_testimony *t, const json_t *all, const char *id, const json_t *transport)
{
    wr_statement *s = g_new0(wr_statement, 1);
    const json_t *pair = item(all, text_of(transport, "selectedCandidatePairId"));
    const json_t *local = item(all, text_of(pair, "localCandidateId")), *remote = item(all, text_of(pair, "remoteCandidateId"));
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
static void read_report(wr_testimony *t, const json_t *all)
{
    const char *id;
    json_t *o;

    json_object_foreach((json_t *)all, id, o) {
        if (g_strcmp0(text_of(o, "type"), "transport") != 0)
            continue;
        if (t->statements->len >= WR_MAX_STATEMENTS) {
            if (t->problem == NULL)
                t->problem = g_strdup_printf("only its first %d transports were read", WR_MAX_STATEMENTS);
            return;
        }
        read_transport(t, all, id, o);
    }
}

/* ---- the shapes of a file ---- */

static void keep(json_t *all, json_t *o)
{
    const char *id = text_of(o, "id");

    if (id != NULL)
        json_object_set(all, id, o);
}

/* A list of statistics, or of pairs [identifier, statistics], as Map entries are written out. */
static json_t *from_list(const json_t *list)
{
    json_t *all = json_object(), *o;
    size_t i;

    json_array_foreach(list, i, o)
        keep(all, json_is_array(o) ? json_array_get(o, 1) : o);
    return all;
}

/* The last of the values that a dump keeps of one attribute: a list written as text. */
static json_t *last_value(const json_t *series)
{
    const char *text = text_of(series, "values");
    json_t *list = text != NULL ? json_loads(text, JSON_DECODE_ANY, NULL) : json_incref(json_object_get(series, "values"));
    json_t *last = json_is_array(list) ? json_incref(json_array_get(list, json_array_size(list) - 1)) : NULL;

    json_decref(list);
    return last;
}

/* webrtc-internals keeps each attribute apart: "IDENTIFIER-attribute": {"statsType": …, "values": "[…]"}. */
static json_t *from_series(const json_t *stats)
{
    json_t *all = json_object(), *series;
    const char *key;

    json_object_foreach((json_t *)stats, key, series) {
        const char *dash = strrchr(key, '-'), *type = text_of(series, "statsType");
        json_t *o, *value;
        char *id;
        if (dash == NULL || type == NULL || (value = last_value(series)) == NULL)
            continue;
        id = g_strndup(key, (gsize)(dash - key));
        o = json_object_get(all, id);
        if (o == NULL) {
            o = json_object();
            json_object_set_new(o, "type", json_string(type));
            json_object_set_new(all, id, o);
        }
        json_object_set_new(o, dash + 1, value);
        g_free(id);
    }
    return all;
}

static void read_dump(wr_testimony *t, const json_t *connections)
{
    const char *name;
    json_t *connection;

    json_object_foreach((json_t *)connections, name, connection) {
        json_t *all = from_series(json_object_get(connection, "stats"));
        read_report(t, all);
        json_decref(all);
    }
}

static void read_root(wr_testimony *t, const json_t *root)
{
    const json_t *stats = json_object_get(root, "stats") != NULL ? json_object_get(root, "stats") : root;

    if (json_is_object(json_object_get(root, "PeerConnections"))) {
        read_dump(t, json_object_get(root, "PeerConnections"));
    } else if (json_is_array(stats)) {
        json_t *all = from_list(stats);
        read_report(t, all);
        json_decref(all);
    } else {
        read_report(t, stats);
    }
}

wr_testimony *wr_testimony_parse(const char *name, const char *text, size_t len)
{
    wr_testimony *t = g_new0(wr_testimony, 1);
    json_error_t error;
    json_t *root;

    t->refs = 1;
    t->name = g_strdup(name);
    t->statements = g_ptr_array_new_with_free_func(free_statement);
    if (len > WR_MAX_TESTIMONY_BYTES) {
        t->problem = g_strdup("it is too large");
        return t;
    }
    root = json_loadb(text, len, 0, &error);
    if (root == NULL) {
        t->problem = g_strdup_printf("it is not JSON (line %d)", error.line);
        return t;
    }
    read_root(t, root);
    json_decref(root);
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
