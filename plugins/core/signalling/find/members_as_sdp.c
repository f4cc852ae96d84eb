/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions that are JSON members and no SDP (mediasoup, colibri, Agora): turned into a fragment of the same lines
 * (RFC 8839 5, RFC 8122 5), so that all that follows reads one form. */
#include <string.h>

#include "members_as_sdp.h"

#define NATIVE_MAX_LINES 256 /* fingerprints and candidates of one description */
#define HASH_NAME_MAX    16
#define UFRAG_LEAST      4 /* RFC 8839 5.4 */
#define PWD_LEAST        22

typedef struct {
    GString *text;
    unsigned lines, fingerprints, candidates;
    bool well; /* a fingerprint is written as one */
    bool ortc; /* dtlsParameters: a name that nothing else has */
    bool dtls; /* the role is that of DTLS, and not of any client or server */
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

static bool is_setup(const char *text)
{
    return strcmp(text, "actpass") == 0 || strcmp(text, "active") == 0 || strcmp(text, "passive") == 0;
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

/* "sha-256 AA:BB…": hash and value in one text, as a=fingerprint has them. Without the hash's name the value is all. */
static const char *hash_in_front(const char *value, char hash[HASH_NAME_MAX])
{
    const char *blank = strchr(value, ' ');
    const size_t n = blank != NULL ? (size_t)(blank - value) : 0;

    if (n == 0 || n >= HASH_NAME_MAX || wr_hash_from_name(value, n) == WR_HASH_UNKNOWN)
        return NULL;
    g_strlcpy(hash, value, n + 1);
    return blank + 1;
}

/* Pairs of hexadecimal digits, parted by colons, as many as one of the hashes has bytes. */
static bool is_digest(const char *value)
{
    static const size_t lengths[] = {16, 20, 28, 32, 48, 64};
    size_t n = 0;

    for (;; n++) {
        const char *p = value + 3 * n;
        if (!g_ascii_isxdigit(p[0]) || !g_ascii_isxdigit(p[1]) || (p[2] != ':' && p[2] != '\0'))
            return false;
        if (p[2] == '\0')
            break;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++)
        if (lengths[i] == n + 1)
            return true;
    return false;
}

/* Beside credentials of ICE a digest is that of a certificate, and its length says the hash (RFC 8122 5). */
static const char *hash_of_length(const char *value)
{
    if (!is_digest(value))
        return NULL;
    switch (strlen(value)) {
    case 3 * 20 - 1:
        return "sha-1";
    case 3 * 32 - 1:
        return "sha-256";
    case 3 * 48 - 1:
        return "sha-384";
    case 3 * 64 - 1:
        return "sha-512";
    default:
        return NULL;
    }
}

static void add_fingerprint(native *n, const json_object *object)
{
    static const char *const hashes[] = {"algorithm",     "hashFunction",     "hash", "fingerprintAlgorithm",
                                         "hash_function", "fingerprint_type", NULL};
    static const char *const values[] = {"value", "fingerprint", NULL};
    static const char *const setups[] = {"setup", NULL}, *const types[] = {"type", NULL};
    const char *hash = member(object, hashes), *value = member(object, values), *setup = member(object, setups);
    const char *text = wr_value_string(object);
    char named[HASH_NAME_MAX];
    const char *digits = text != NULL || value != NULL ? hash_in_front(text != NULL ? text : value, named) : NULL;

    if (value == NULL && hash != NULL && is_digest(hash)) { /* {"type":"sha-256","hash":"AB:…"} */
        value = hash;
        hash = member(object, types);
    }
    if (digits != NULL) {
        hash = named;
        value = digits;
    } else if (hash == NULL && n->ufrag != NULL && value != NULL) {
        hash = hash_of_length(value);
    }
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
    n->well = n->well || is_digest(value);
    if (setup != NULL && is_setup(setup)) {
        n->setup = setup;
        n->dtls = true;
    }
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
    n->candidates++;
}

static void add_list(native *n, const json_object *list, void (*add)(native *, const json_object *))
{
    size_t size = MIN(wr_value_size(list), (size_t)NATIVE_MAX_LINES);

    for (size_t i = 0; i < size; i++)
        add(n, wr_value_element(list, i));
}

/* As long as ICE wants them, of characters that it knows, or base64url does (RFC 8839 5.4). */
static bool is_credential(const char *text, size_t least)
{
    size_t n = 0;

    for (; text[n] != '\0'; n++)
        if (!g_ascii_isalnum(text[n]) && strchr("+/-_=", text[n]) == NULL)
            return false;
    return n >= least && n <= 256;
}

/* The first member of these names that may be such a text. Names that nothing but ICE has need no proof. */
static const char *credential(const json_object *object, const char *const *surely, const char *const *maybe,
                              size_t least)
{
    const char *text = member(object, surely);

    if (text == NULL) {
        text = member(object, maybe);
        text = text != NULL && is_credential(text, least) ? text : NULL;
    }
    return text;
}

static void add_credentials(native *n, const json_object *object)
{
    static const char *const ufrags[] = {"usernameFragment",  "iceUfrag",  "clientIceUfrag", "serverIceUfrag",
                                         "username_fragment", "ice_ufrag", "ice-ufrag",      NULL};
    static const char *const pwds[] = {"icePwd", "clientIcePwd", "serverIcePwd", "ice_pwd", "ice-pwd", NULL};
    static const char *const any_ufrags[] = {"ufrag", NULL}, *const any_pwds[] = {"password", "pwd", NULL};
    const char *ufrag = credential(object, ufrags, any_ufrags, UFRAG_LEAST);
    const char *pwd = credential(object, pwds, any_pwds, PWD_LEAST);

    if (ufrag != NULL && pwd != NULL && n->ufrag == NULL) {
        n->ufrag = ufrag;
        n->pwd = pwd;
    }
}

/* The first member of these names that is there. */
static const json_object *part(const json_object *object, const char *const *names)
{
    for (; *names != NULL; names++) {
        const json_object *value = wr_value_member(object, *names);
        if (value != NULL)
            return value;
    }
    return NULL;
}

static const char *const ice_names[] = {"iceParameters", "ice_parameters", "iceParams", "ice", NULL};
static const char *const dtls_names[] = {"dtlsParameters", "dtls_parameters", "dtlsParams", "dtls", NULL};
static const char *const list_names[] = {"iceCandidates", "ice_candidates", NULL};
static const char *const fingerprint_names[] = {"fingerprint", "dtlsFingerprint", "dtls_fingerprint", NULL};

static void add_dtls(native *n, const json_object *object)
{
    static const char *const roles[] = {"role", "dtlsRole", "dtls_role", NULL};
    static const char *const setups[] = {"setup", "dtlsSetup", "dtls_setup", NULL};
    const json_object *one = part(object, fingerprint_names);
    const char *role = member(object, roles), *setup = member(object, setups);

    role = setup_of_role(role);
    n->dtls = n->dtls || (role != NULL && (strcmp(role, "actpass") == 0 || !wr_value_has(object, "role")));
    if (role == NULL && setup != NULL && is_setup(setup)) {
        role = setup;
        n->dtls = true;
    }
    if (wr_value_has(object, "fingerprints")) {
        add_list(n, wr_value_member(object, "fingerprints"), add_fingerprint);
        if (n->fingerprints > 0 && role != NULL)
            n->setup = role;
    } else if (one != NULL) {
        add_fingerprint(n, wr_value_is_object(one) || !wr_value_has(object, "fingerprint") ? one : object);
        if (n->fingerprints > 0 && role != NULL && n->setup == NULL)
            n->setup = role;
    }
}

/* A hash and a value alone may be anybody's key, also a client's or server's: something of ICE or DTLS must stand
 * beside. */
static bool is_transport(const native *n)
{
    return n->ufrag != NULL || (n->fingerprints > 0 && n->ortc) || (n->well && (n->dtls || n->candidates > 0));
}

bool wr_native_is_part(const char *key)
{
    static const char *const *const parts[] = {ice_names, dtls_names, list_names, fingerprint_names};

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        for (const char *const *name = parts[i]; *name != NULL; name++)
            if (strcmp(key, *name) == 0)
                return true;
    return strcmp(key, "fingerprints") == 0 || strcmp(key, "candidates") == 0;
}

bool wr_native_lines(GString *text, const json_object *object, bool ortc)
{
    const json_object *ice = part(object, ice_names), *dtls = part(object, dtls_names);
    native n = {.text = g_string_new(NULL), .ortc = ortc || dtls != NULL};
    bool any;

    add_credentials(&n, object);
    add_credentials(&n, ice);
    add_dtls(&n, object);
    add_dtls(&n, dtls);
    if (n.ufrag != NULL || n.fingerprints > 0) {
        add_list(&n, part(object, list_names), add_candidate);
        add_list(&n, wr_value_member(object, "candidates"), add_candidate);
        add_list(&n, wr_value_member(ice, "candidates"), add_candidate);
    }
    any = is_transport(&n);
    if (!any)
        g_string_truncate(n.text, 0);
    if (n.ufrag != NULL) {
        g_string_append(text, "a=ice-ufrag:");
        wr_native_append(text, n.ufrag);
        g_string_append(text, "\r\na=ice-pwd:");
        wr_native_append(text, n.pwd);
        g_string_append(text, "\r\n");
    }
    if (any && n.setup != NULL) {
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
    static const char *const names[] = {"iceParameters",
                                        "dtlsParameters",
                                        "fingerprints",
                                        "fingerprint",
                                        "ufrag",
                                        "usernameFragment",
                                        "iceUfrag",
                                        "clientIceUfrag",
                                        "ice_ufrag",
                                        "ice-ufrag",
                                        "username_fragment",
                                        "dtls_parameters",
                                        "ice",
                                        "dtls",
                                        "iceParams",
                                        "ice_parameters"};

    for (const struct lh_entry *e = wr_value_first(object); e != NULL; e = lh_entry_next(e)) {
        const char *name = wr_entry_name(e);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
            if (name[0] == names[i][0] && strcmp(name, names[i]) == 0)
                return true;
    }
    return false;
}

/* "dtls", "localDtls": the name by which the object is held. */
static bool is_of_dtls(const char *key)
{
    char *lower = key != NULL ? g_ascii_strdown(key, -1) : NULL;
    const bool is = lower != NULL && strstr(lower, "dtls") != NULL;

    g_free(lower);
    return is;
}

bool wr_native_candidate_add(wr_finder *f, wr_level *level)
{
    static const char *const types[] = {"host", "srflx", "prflx", "relay"};
    const json_object *object = level->value;
    const char *type = wr_value_string(wr_value_member(object, "type"));
    native n = {.text = NULL};
    bool any = false;

    for (size_t i = 0; type != NULL && i < G_N_ELEMENTS(types); i++)
        any = any || strcmp(type, types[i]) == 0;
    /* What is a candidate of SDP, too, is found as such. */
    if (!any || !wr_value_has(object, "priority") || wr_value_has(object, "candidate"))
        return false;
    n.text = g_string_new(NULL);
    add_candidate(&n, object);
    if (n.candidates > 0)
        wr_hit_add(f, level, WR_KIND_CANDIDATE, n.text->str, n.text->len - 2);
    g_string_free(n.text, TRUE);
    return n.candidates > 0;
}

bool wr_native_add(wr_finder *f, wr_level *level)
{
    const json_object *object = level->value;
    GString *all;
    bool any;

    if (!may_be_native(object))
        return false;
    all = g_string_new(NULL);
    any = wr_native_lines(all, object, is_of_dtls(level->key));
    if (any)
        wr_hit_add(f, level, WR_KIND_FRAGMENT, all->str, all->len);
    g_string_free(all, TRUE);
    return any;
}
