/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions that are JSON members and no SDP (mediasoup, colibri, Agora): turned into a fragment of the same lines
 * (RFC 8839 5, RFC 8122 5), so that all that follows reads one form. */
#include <string.h>

#include "members_as_sdp.h"

#define NATIVE_MAX_LINES 256 /* fingerprints and candidates of one description */

typedef struct {
    GString *text;
    unsigned lines, fingerprints;
    const char *ufrag, *pwd, *setup;
} native;

/* A value goes into a line of its own: nothing in it may end the line or stand for a blank. */
void wr_native_append(GString *text, const char *value)
{
    for (const char *p = value; *p != '\0'; p++)
        g_string_append_c(text, (unsigned char)*p <= 0x20 || *p == 0x7f ? '?' : *p);
}

static const char *member(const json_object *object, const char *const *names)
{
    for (; *names != NULL; names++) {
        const char *s = wr_value_string(wr_value_member(object, *names));
        if (s != NULL && *s != '\0')
            return s;
    }
    return NULL;
}

static const char *setup_of_role(const char *role)
{
    if (role == NULL)
        return NULL;
    if (strcmp(role, "client") == 0)
        return "active";
    if (strcmp(role, "server") == 0)
        return "passive";
    return strcmp(role, "auto") == 0 ? "actpass" : NULL;
}

static void add_fingerprint(native *n, const json_object *object)
{
    static const char *const hashes[] = {"algorithm", "hashFunction", "hash", NULL};
    static const char *const values[] = {"value", "fingerprint", NULL};
    static const char *const setups[] = {"setup", NULL};
    const char *hash = member(object, hashes), *value = member(object, values), *setup = member(object, setups);

    if (hash == NULL || value == NULL || wr_hash_from_name(hash, strlen(hash)) == WR_HASH_UNKNOWN ||
        n->lines >= NATIVE_MAX_LINES)
        return;
    g_string_append(n->text, "a=fingerprint:");
    wr_native_append(n->text, hash);
    g_string_append_c(n->text, ' ');
    wr_native_append(n->text, value);
    g_string_append(n->text, "\r\n");
    n->lines++;
    n->fingerprints++;
    if (setup != NULL)
        n->setup = setup;
}

static void append_number(GString *text, const json_object *value, const char *otherwise)
{
    g_string_append_c(text, ' ');
    if (wr_value_is_integer(value))
        g_string_append_printf(text, "%" PRId64, wr_value_integer(value));
    else
        wr_native_append(text, wr_value_string_length(value) > 0 ? wr_value_string(value) : otherwise);
}

static void add_candidate(native *n, const json_object *object)
{
    static const char *const addresses[] = {"ip", "address", NULL};
    static const char *const protocols[] = {"protocol", NULL};
    static const char *const foundations[] = {"foundation", NULL};
    static const char *const types[] = {"type", NULL};
    static const char *const tcptypes[] = {"tcpType", "tcptype", NULL};
    const char *address = member(object, addresses), *protocol = member(object, protocols);
    const char *type = member(object, types), *foundation = member(object, foundations);
    const char *tcptype = member(object, tcptypes);

    if (address == NULL || protocol == NULL || type == NULL || !wr_value_has(object, "port") ||
        n->lines >= NATIVE_MAX_LINES)
        return;
    g_string_append(n->text, "a=candidate:");
    wr_native_append(n->text, foundation != NULL ? foundation : "0");
    append_number(n->text, wr_value_member(object, "component"), "1");
    g_string_append_c(n->text, ' ');
    wr_native_append(n->text, protocol);
    append_number(n->text, wr_value_member(object, "priority"), "0");
    g_string_append_c(n->text, ' ');
    wr_native_append(n->text, address);
    append_number(n->text, wr_value_member(object, "port"), "0");
    g_string_append(n->text, " typ ");
    wr_native_append(n->text, type);
    if (tcptype != NULL) {
        g_string_append(n->text, " tcptype ");
        wr_native_append(n->text, tcptype);
    }
    g_string_append(n->text, "\r\n");
    n->lines++;
}

static void add_list(native *n, const json_object *list, void (*add)(native *, const json_object *))
{
    size_t size = MIN(wr_value_size(list), (size_t)NATIVE_MAX_LINES);

    for (size_t i = 0; i < size; i++)
        add(n, wr_value_element(list, i));
}

static void add_credentials(native *n, const json_object *object)
{
    static const char *const ufrags[] = {"usernameFragment", "iceUfrag",       "ufrag",
                                         "clientIceUfrag",   "serverIceUfrag", NULL};
    static const char *const pwds[] = {"password", "icePwd", "pwd", "clientIcePwd", "serverIcePwd", NULL};
    const char *ufrag = member(object, ufrags), *pwd = member(object, pwds);

    if (ufrag != NULL && pwd != NULL && n->ufrag == NULL) {
        n->ufrag = ufrag;
        n->pwd = pwd;
    }
}

static void add_dtls(native *n, const json_object *object)
{
    const char *role = setup_of_role(wr_value_string(wr_value_member(object, "role")));

    if (wr_value_has(object, "fingerprints")) {
        add_list(n, wr_value_member(object, "fingerprints"), add_fingerprint);
        if (n->fingerprints > 0 && role != NULL)
            n->setup = role;
    } else if (wr_value_is_string(wr_value_member(object, "fingerprint"))) {
        add_fingerprint(n, object);
    }
}

bool wr_native_is_part(const char *key)
{
    static const char *const parts[] = {"iceParameters", "dtlsParameters", "iceCandidates", "fingerprints",
                                        "candidates"};

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strcmp(key, parts[i]) == 0)
            return true;
    return false;
}

bool wr_native_lines(GString *text, const json_object *object)
{
    const json_object *ice = wr_value_member(object, "iceParameters"),
                      *dtls = wr_value_member(object, "dtlsParameters");
    native n = {g_string_new(NULL), 0, 0, NULL, NULL, NULL};
    bool any;

    add_credentials(&n, object);
    add_credentials(&n, ice);
    add_dtls(&n, object);
    add_dtls(&n, dtls);
    any = n.ufrag != NULL || n.fingerprints > 0;
    if (any) {
        add_list(&n, wr_value_member(object, "iceCandidates"), add_candidate);
        add_list(&n, wr_value_member(object, "candidates"), add_candidate);
        add_list(&n, wr_value_member(ice, "candidates"), add_candidate);
    }
    if (n.ufrag != NULL) {
        g_string_append(text, "a=ice-ufrag:");
        wr_native_append(text, n.ufrag);
        g_string_append(text, "\r\na=ice-pwd:");
        wr_native_append(text, n.pwd);
        g_string_append(text, "\r\n");
    }
    if (n.setup != NULL) {
        g_string_append(text, "a=setup:");
        wr_native_append(text, n.setup);
        g_string_append(text, "\r\n");
    }
    g_string_append_len(text, n.text->str, (gssize)n.text->len);
    g_string_free(n.text, TRUE);
    return any;
}

/* Cheap for the many objects that are nothing of the kind. */
static bool may_be_native(const json_object *object)
{
    static const char *const names[] = {"iceParameters", "dtlsParameters",   "fingerprints", "fingerprint",
                                        "ufrag",         "usernameFragment", "iceUfrag",     "clientIceUfrag"};

    for (const struct lh_entry *e = wr_value_first(object); e != NULL; e = lh_entry_next(e)) {
        const char *name = wr_entry_name(e);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            if (name[0] == names[i][0] && strcmp(name, names[i]) == 0)
                return true;
    }
    return false;
}

bool wr_native_add(wr_finder *f, wr_level *level)
{
    const json_object *object = level->value;
    GString *all;
    bool any;

    if (!may_be_native(object))
        return false;
    all = g_string_new(NULL);
    any = wr_native_lines(all, object);
    if (any)
        wr_hit_add(f, level, WR_KIND_FRAGMENT, all->str, all->len);
    g_string_free(all, TRUE);
    return any;
}
