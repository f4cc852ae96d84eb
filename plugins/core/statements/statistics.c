/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads an endpoint's statistics (W3C webrtc-stats: RTCTransportStats, RTCCertificateStats, RTCIceCandidateStats). */
#include "reader.h"

#include "formats/json_text.h"

#include <string.h>

#define MAX_CERTIFICATE 65536 /* bytes of base64 */
#define MAX_KEPT        16384 /* statistics objects that are looked at together */

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

/* Names of members come as they stand in the file. */
static char *valid_copy(const char *text)
{
    return text != NULL ? g_utf8_make_valid(text, -1) : NULL;
}

static void read_transport(wr_testimony *t, const json_object *all, const char *id, const json_object *transport)
{
    wr_statement *s = g_new0(wr_statement, 1);
    const json_object *pair = item(all, text_of(transport, "selectedCandidatePairId"));
    const json_object *local = item(all, text_of(pair, "localCandidateId"));
    const json_object *remote = item(all, text_of(pair, "remoteCandidateId"));
    const char *ufrag = text_of(transport, "iceLocalUsernameFragment");

    s->id = valid_copy(id);
    s->source = t;
    s->local = read_certificate(all, text_of(transport, "localCertificateId"), &s->contradictory);
    s->remote = read_certificate(all, text_of(transport, "remoteCertificateId"), &s->contradictory);
    s->local_ufrag = valid_copy(ufrag != NULL ? ufrag : text_of(local, "usernameFragment"));
    s->remote_ufrag = valid_copy(text_of(remote, "usernameFragment"));
    s->local_address = address_of(local);
    s->remote_address = address_of(remote);
    s->dtls_state = valid_copy(text_of(transport, "dtlsState"));
    g_ptr_array_add(t->statements, s);
}

void wr_statistics_read(wr_testimony *t, const json_object *all)
{
    for (const struct lh_entry *e = wr_value_first(all); e != NULL; e = lh_entry_next(e)) {
        const json_object *o = wr_entry_value(e);
        if (g_strcmp0(text_of(o, "type"), "transport") != 0)
            continue;
        if (t->statements->len >= WR_MAX_STATEMENTS) {
            wr_testimony_object(t, "only its first %d transports were read", WR_MAX_STATEMENTS);
            return;
        }
        read_transport(t, all, wr_entry_name(e), o);
    }
}

bool wr_statistics_wanted(const char *type)
{
    static const char *const wanted[] = {"transport", "certificate", "candidate-pair", "local-candidate",
                                         "remote-candidate"};

    for (size_t i = 0; type != NULL && i < G_N_ELEMENTS(wanted); i++)
        if (strcmp(type, wanted[i]) == 0)
            return true;
    return false;
}

bool wr_statistics_keep(json_object *all, json_object *o)
{
    const char *id = text_of(o, "id");

    if (id == NULL || !wr_statistics_wanted(text_of(o, "type")))
        return false;
    if (wr_value_members(all) < MAX_KEPT)
        json_object_object_add(all, id, json_object_get(o));
    return true;
}

#define DEEPEST 5 /* objects and lists within one another that are looked into */

void wr_statistics_collect(json_object *all, const json_object *value, unsigned depth)
{
    if (wr_value_size(value) == 2 && wr_value_is_string(wr_value_element(value, 0)) &&
        wr_statistics_wanted(text_of(wr_value_element(value, 1), "type")) && wr_value_members(all) < MAX_KEPT) {
        json_object_object_add(all, wr_value_string(wr_value_element(value, 0)),
                               json_object_get(wr_value_element(value, 1))); /* of a Map, written out */
        return;
    }
    for (size_t i = 0; depth < DEEPEST && i < wr_value_size(value); i++)
        wr_statistics_collect(all, wr_value_element(value, i), depth + 1);
    for (const struct lh_entry *e = wr_value_first(value); depth < DEEPEST && e != NULL; e = lh_entry_next(e)) {
        json_object *o = wr_entry_value(e);
        if (!wr_statistics_wanted(text_of(o, "type")))
            wr_statistics_collect(all, o, depth + 1);
        else if (!wr_statistics_keep(all, o) && wr_value_members(all) < MAX_KEPT)
            json_object_object_add(all, wr_entry_name(e), json_object_get(o));
    }
    if (depth > 0 && wr_value_is_object(value))
        wr_statistics_keep(all, (json_object *)(uintptr_t)value);
}

/* A list written as text, or as it is. False when there is none. */
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

/* Dumps of older versions leave the type to the identifier: RTCTransport_0_1. */
static const char *type_of(const json_object *series, const char *id)
{
    static const struct {
        const char *begins, *type;
    } types[] = {{"RTCTransport_", "transport"},
                 {"RTCCertificate_", "certificate"},
                 {"RTCIceCandidatePair_", "candidate-pair"},
                 {"RTCIceCandidate_", "local-candidate"}};
    const char *stated = wr_value_string(wr_value_member(series, "statsType"));

    for (size_t i = 0; stated == NULL && i < G_N_ELEMENTS(types); i++)
        if (g_str_has_prefix(id, types[i].begins))
            stated = types[i].type;
    return stated;
}

void wr_statistics_keep_series(json_object *all, const char *key, const json_object *series)
{
    const char *dash = strrchr(key, '-'), *type = type_of(series, key);
    json_object *o, *value;
    char *id;

    if (dash == NULL || !wr_statistics_wanted(type) || wr_value_members(all) >= MAX_KEPT || !last_value(series, &value))
        return;
    id = g_strndup(key, (gsize)(dash - key));
    o = wr_value_member(all, id);
    if (o == NULL) {
        o = json_object_new_object();
        json_object_object_add(o, "type", json_object_new_string(type));
        json_object_object_add(all, id, o);
    }
    if (g_str_has_suffix(key, "sernameFragment") && wr_value_is_integer(value)) { /* a name of digits is written so */
        json_object *name = json_object_new_string(json_object_get_string(value));
        json_object_put(value);
        value = name;
    }
    json_object_object_add(o, dash + 1, value);
    g_free(id);
}
