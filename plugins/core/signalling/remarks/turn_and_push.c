/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON that hands out TURN credentials (RTCIceServer of W3C webrtc-pc, TURN REST), and payloads for push services: keys
 * are named, values never.
 */
#include "remarks/remarks.h"

#include "formats/json_text.h"
#include "formats/unwrap.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    GPtrArray *found;
    GString *path;
    unsigned nodes;
} walker;

/* Members that such JSON has: one of the first five, or all others. No two begin alike. */
static const char *const member_words[] = {"credential\"",       "uris\"",    "aps\"",   "notification\"",
                                           "registration_ids\"", "message\"", "token\"", "data\""};
#define ENOUGH_ALONE    0x1fu
#define ENOUGH_TOGETHER 0xe0u

static const char *word_beginning_with(uint8_t c, unsigned *bit)
{
    static const uint8_t numbers[256] = {['c'] = 1, ['u'] = 2, ['a'] = 3, ['n'] = 4,
                                         ['r'] = 5, ['m'] = 6, ['t'] = 7, ['d'] = 8}; /* of member_words, from 1 */
    const unsigned n = numbers[c];

    if (n == 0)
        return NULL;
    *bit = 1u << (n - 1);
    return member_words[n - 1];
}

/* From quote to quote, since every body comes here. */
static bool has_words(const uint8_t *bytes, size_t len)
{
    const uint8_t *p = bytes, *end = bytes + len;
    unsigned seen = 0, bit;

    while ((p = memchr(p, '"', (size_t)(end - p))) != NULL) {
        const char *word = end - ++p > 1 ? word_beginning_with(*p, &bit) : NULL;

        if (word == NULL || p[1] != (uint8_t)word[1] || (size_t)(end - p) < strlen(word) ||
            memcmp(p, word, strlen(word)) != 0)
            continue;
        seen |= bit;
        if ((seen & ENOUGH_ALONE) != 0 || seen == ENOUGH_TOGETHER)
            return true;
    }
    return false;
}

static wr_remark *add(walker *w, wr_remark_kind kind)
{
    wr_remark *r = g_new0(wr_remark, 1);

    r->kind = kind;
    g_ptr_array_add(w->found, r);
    return r;
}

/* ---- TURN ---- */

/* "1700000000:alice" or "alice:1700000000": the end of its life (TURN REST 2.2). */
static int64_t expiry_of(const char *user)
{
    const char *colon = user != NULL ? strrchr(user, ':') : NULL;
    char *end;
    int64_t value;

    if (user == NULL)
        return 0;
    value = g_ascii_strtoll(user, &end, 10);
    if ((*end != ':' && *end != '\0') && colon != NULL)
        value = g_ascii_strtoll(colon + 1, &end, 10);
    /* between 2001 and 2286: a number of other meaning is hardly ever there */
    return (*end == ':' || *end == '\0') && value > 1000000000 && value < 10000000000 ? value : 0;
}

static void look_for_turn(walker *w, const json_object *object)
{
    const json_object *secret = wr_value_member(object, "credential");
    const char *user = wr_value_string(wr_value_member(object, "username"));
    bool named = wr_value_has(object, "urls") || wr_value_has(object, "url");
    wr_remark *r;

    if (!wr_value_is_string(secret) && wr_value_has(object, "uris")) {
        secret = wr_value_member(object, "password");
        named = true;
    }
    if (!named || wr_value_string_length(secret) == 0)
        return;
    r = add(w, WR_REMARK_TURN);
    r->what = g_utf8_make_valid(w->path->str, -1);
    r->mark = wr_secret_mark(wr_value_string(secret), wr_value_string_length(secret));
    r->expires_s = expiry_of(user);
}

/* ---- push ---- */

static bool names_a_person(const char *key)
{
    static const char *const words[] = {"name",  "caller", "mail", "phone", "number",  "msisdn", "avatar", "photo",
                                        "alert", "title",  "body", "user",  "patient", "birth",  "address"};
    char *low = g_ascii_strdown(key, -1);
    bool found = false;

    for (size_t i = 0; !found && i < G_N_ELEMENTS(words); i++)
        found = strstr(low, words[i]) != NULL;
    g_free(low);
    return found;
}

static void name_keys(walker *w, const json_object *object, GString *keys, unsigned *n, const char *prefix, int depth)
{
    if (depth > 4)
        return;
    for (const struct lh_entry *e = wr_value_first(object); e != NULL; e = lh_entry_next(e)) {
        const char *key = wr_entry_name(e);
        const json_object *value = wr_entry_value(e);
        char *path = g_strdup_printf("%s%s%.40s", prefix, *prefix != '\0' ? "." : "", key);
        if (w->nodes++ < WR_REMARK_MAX_NODES && *n < WR_REMARK_MAX_KEYS) {
            if (wr_value_is_object(value))
                name_keys(w, value, keys, n, path, depth + 1);
            else if (wr_value_string_length(value) > 0 && names_a_person(key))
                g_string_append_printf(keys, "%s%s", (*n)++ > 0 ? ", " : "", path);
        }
        g_free(path);
    }
}

static const char *push_service(const json_object *root)
{
    const json_object *message = wr_value_member(root, "message");
    const json_object *notification = wr_value_member(root, "notification");

    if (wr_value_is_object(wr_value_member(root, "aps")))
        return "APNs";
    if (wr_value_is_object(message) &&
        (wr_value_is_string(wr_value_member(message, "token")) ||
         wr_value_is_string(wr_value_member(message, "topic")) ||
         wr_value_is_string(wr_value_member(message, "condition"))) &&
        (wr_value_is_object(wr_value_member(message, "notification")) ||
         wr_value_is_object(wr_value_member(message, "data"))))
        return "FCM";
    if (wr_value_is_array(wr_value_member(root, "registration_ids")) ||
        (wr_value_is_object(notification) && wr_value_is_string(wr_value_member(root, "to")) &&
         (wr_value_is_string(wr_value_member(notification, "title")) ||
          wr_value_is_string(wr_value_member(notification, "body")))))
        return "FCM";
    if (wr_value_is_object(notification) && wr_value_is_string(wr_value_member(notification, "title")) &&
        !wr_value_has(root, "to"))
        return "Web Push";
    return NULL;
}

static void look_for_push(walker *w, const json_object *root)
{
    const char *service = push_service(root);
    GString *keys;
    unsigned n = 0;
    wr_remark *r;

    if (service == NULL)
        return;
    keys = g_string_new(NULL);
    name_keys(w, root, keys, &n, "", 0);
    if (n > 0) {
        r = add(w, WR_REMARK_PUSH);
        r->service = service;
        r->what = g_utf8_make_valid(keys->str, -1);
    }
    g_string_free(keys, TRUE);
}

/* ---- the walk ---- */

static void walk(walker *w, const json_object *value, int depth)
{
    const size_t was = w->path->len;

    if (depth > 16 || w->nodes++ > WR_REMARK_MAX_NODES || w->found->len >= WR_REMARK_MAX_KEYS)
        return;
    if (wr_value_is_object(value)) {
        look_for_turn(w, value);
        for (const struct lh_entry *e = wr_value_first(value); e != NULL; e = lh_entry_next(e)) {
            const json_object *member = wr_entry_value(e);
            if (!wr_value_is_object(member) && !wr_value_is_array(member))
                continue;
            g_string_append_printf(w->path, ".%.40s", wr_entry_name(e));
            walk(w, member, depth + 1);
            g_string_truncate(w->path, was);
        }
    } else if (wr_value_is_array(value)) {
        for (size_t i = 0; i < wr_value_size(value); i++) {
            const json_object *member = wr_value_element(value, i);
            if (!wr_value_is_object(member) && !wr_value_is_array(member))
                continue;
            g_string_append_printf(w->path, "[%u]", (unsigned)i);
            walk(w, member, depth + 1);
            g_string_truncate(w->path, was);
        }
    }
}

GPtrArray *wr_remarks_from_json(const uint8_t *bytes, size_t len)
{
    walker w = {NULL, NULL, 0};
    wr_framing framing;
    size_t start, end;
    json_object *root;

    if (len < 8 || len > WR_REMARK_MAX_BODY || !has_words(bytes, len) ||
        !wr_unwrap_prefix(bytes, len, 0, &start, &framing))
        return NULL;
    root = wr_json_read_first(bytes + start, len - start, &end);
    if (root == NULL)
        return NULL;
    w.found = g_ptr_array_new_with_free_func(wr_remark_free);
    w.path = g_string_new("$");
    walk(&w, root, 0);
    if (wr_value_is_object(root))
        look_for_push(&w, root);
    json_object_put(root);
    g_string_free(w.path, TRUE);
    if (w.found->len == 0) {
        g_ptr_array_unref(w.found);
        return NULL;
    }
    return w.found;
}
