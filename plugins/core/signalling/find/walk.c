/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks a JSON text with its path and judges every string by its content. Depth, number of hits and nesting of texts
 * in texts are bounded. */
#include "walk.h"

#include "find/keywords.h"

#include <string.h>

#define KEY_SHOWN   64
#define LINES_LEAST 3    /* of a description: v=, o=, m= */
#define LINES_MOST  4096 /* of one that is an array of them */

static void walk_value(wr_finder *f, json_object *value, wr_level *up, const char *key, unsigned depth);

/* ---- path ---- */

static void path_append(wr_finder *f, const char *text, size_t len)
{
    if (f->path->len + len > WR_FIND_MAX_PATH)
        return;
    g_string_append_len(f->path, text, (gssize)len);
}

static void path_key(wr_finder *f, const char *key)
{
    size_t n = strlen(key), plain = 0;

    while (plain < n && (g_ascii_isalnum(key[plain]) || strchr("_-$", key[plain]) != NULL))
        plain++;
    if (plain == n && n > 0 && n <= KEY_SHOWN) {
        path_append(f, ".", 1);
        path_append(f, key, n);
        return;
    }
    path_append(f, "[\"", 2);
    if (n > KEY_SHOWN) {
        const char *cut = g_utf8_find_prev_char(key, key + KEY_SHOWN);
        path_append(f, key, cut != NULL ? (size_t)(cut - key) : 0);
        path_append(f, "…", strlen("…"));
    } else {
        path_append(f, key, n);
    }
    path_append(f, "\"]", 2);
}

static void path_index(wr_finder *f, size_t index)
{
    char text[32];
    int n = g_snprintf(text, sizeof text, "[%" G_GSIZE_FORMAT "]", index);

    path_append(f, text, (size_t)n);
}

/* ---- strings ---- */

bool wr_walk_text(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    if (wr_sdp_looks_like_description(text, len)) {
        if (wr_is_settings_list(text, len))
            return false;
        wr_hit_add(f, at, WR_KIND_UNKNOWN, text, len);
        return true;
    }
    if (wr_sdp_looks_like_candidate(text, len)) {
        wr_hit_add(f, at, WR_KIND_CANDIDATE, text, len);
        return true;
    }
    if (wr_sdp_looks_like_fragment(text, len) && !wr_is_lone_line(text, len)) {
        wr_hit_add(f, at, WR_KIND_FRAGMENT, text, len);
        return true;
    }
    return false;
}

/* "sdp" beside a "type" of offer or answer must be a description: one that is broken is worth a word. */
static void broken_description(wr_finder *f, wr_level *at, const char *key, const char *text, size_t len)
{
    const char *type = at != NULL ? wr_value_string(wr_value_member(at->value, "type")) : NULL;

    if (key == NULL || strcmp(key, "sdp") != 0 || type == NULL || len == 0 ||
        !wr_names_is_description_kind(wr_names_kind_of_type(type)))
        return;
    if (len > 2 && g_ascii_islower(text[0]) && text[1] == '=')
        wr_hit_add(f, at, wr_names_kind_of_type(type), text, len);
    else
        wr_find_wrong(f, "a description is not SDP in any known encoding (encrypted, or broken)", 0);
}

/* A text that is neither SDP nor a candidate, and holds a word of either. */
static void find_in_string(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    const guint before = f->result->hits->len;

    if (text[0] == '<' && wr_find_in_made(f, at, "~xml", (const uint8_t *)text, len))
        return;
    if (wr_certhash_add(f, at, text, len))
        return;
    f->texts(f, at, (const uint8_t *)text, len, WR_ORIGIN_STRING);
    if (f->result->hits->len == before)
        wr_find_bare(f, at, (const uint8_t *)text, len, false);
}

static void walk_string(wr_finder *f, wr_level *at, const char *key, const char *text, size_t len)
{
    guint before = f->result->hits->len;

    if (len < 8 || wr_walk_text(f, at, text, len) || wr_odd_text_add(f, at, text, len))
        return;
    if (wr_unwrap_has_needle((const uint8_t *)text, len) || wr_unwrap_looks_base64((const uint8_t *)text, len) ||
        (text[0] == '{' && wr_json_find_worthwhile((const uint8_t *)text, len))) {
        if (f->unwraps >= WR_FIND_MAX_UNWRAP) {
            wr_find_bound(f, "texts are nested in texts too deep to be read", 0);
            return;
        }
        find_in_string(f, at, text, len);
    }
    if (f->result->hits->len == before)
        broken_description(f, at, key, text, len);
}

/* ---- objects and arrays ---- */

/* {"type":"rollback"}, alone or with an empty sdp beside. */
static void look_for_rollback(wr_finder *f, wr_level *level)
{
    const char *type = wr_value_string(wr_value_member(level->value, "type"));

    if (type != NULL && wr_names_kind_of_type(type) == WR_KIND_ROLLBACK &&
        (wr_value_members(level->value) == 1 || wr_value_has(level->value, "sdp")))
        wr_hit_add(f, level, WR_KIND_ROLLBACK, NULL, 0);
}

/* The end of candidates: candidate null or "", or {"completed":true} for one. */
static void look_for_end_of_candidates(wr_finder *f, wr_level *level)
{
    static const char end[] = "a=end-of-candidates";
    json_object *candidate;
    bool ends;

    if (!json_object_object_get_ex(level->value, "candidate", &candidate))
        return;
    ends = candidate == NULL || (wr_value_is_string(candidate) && wr_value_string_length(candidate) == 0) ||
           wr_value_is_true(wr_value_member(candidate, "completed"));
    if (ends && (wr_value_has(level->value, "sdpMid") || wr_value_has(level->value, "sdpMLineIndex") ||
                 wr_level_means_candidate(f, level)))
        wr_hit_add(f, level, WR_KIND_CANDIDATE, end, sizeof end - 1);
}

static void walk_object(wr_finder *f, wr_level *level, unsigned depth)
{
    bool native = level->native;
    const size_t mark = f->path->len;

    look_for_rollback(f, level);
    look_for_end_of_candidates(f, level);
    if (!level->taken)
        level->taken = wr_jingle_add(f, level);
    if (!native && !level->taken)
        native = wr_native_add(f, level) || wr_native_candidate_add(f, level);
    for (const struct lh_entry *e = wr_value_first(level->value); e != NULL; e = lh_entry_next(e)) {
        const char *key = wr_entry_name(e);
        if (f->full)
            return;
        path_key(f, key);
        level->native = native && wr_native_is_part(key);
        walk_value(f, wr_entry_value(e), level, key, depth);
        g_string_truncate(f->path, mark);
    }
}

/* What begins a description as an array of its lines: the second names where it comes from (RFC 8866 5.2), in words.
 * A page on SDP marks each line's first letters. */
static bool begins_lines(const wr_level *level)
{
    const char *first = wr_value_string(wr_value_element(level->value, 0));
    const char *second = wr_value_string(wr_value_element(level->value, 1));

    return first != NULL && second != NULL && strcmp(first, "v=0") == 0 && strncmp(second, "o=", 2) == 0 &&
           strchr(second, ' ') != NULL;
}

/* A description as an array of its lines. */
static bool walk_lines(wr_finder *f, wr_level *level)
{
    const size_t n = wr_value_size(level->value);
    GString *text;
    bool found;

    if (n < LINES_LEAST || n > LINES_MOST || !begins_lines(level))
        return false;
    text = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        const char *line = wr_value_string(wr_value_element(level->value, i));
        if (line == NULL || strpbrk(line, "\r\n") != NULL)
            break;
        g_string_append_printf(text, "%s\r\n", line);
    }
    found = wr_walk_text(f, level, text->str, text->len);
    g_string_free(text, TRUE);
    return found;
}

static void walk_array(wr_finder *f, wr_level *level, unsigned depth)
{
    const size_t mark = f->path->len, n = wr_value_size(level->value);

    if (walk_lines(f, level) || wr_byte_array_add(f, level))
        return;
    for (size_t i = 0; i < n && !f->full; i++) {
        path_index(f, i);
        walk_value(f, wr_value_element(level->value, i), level, NULL, depth);
        g_string_truncate(f->path, mark);
    }
}

static void walk_value(wr_finder *f, json_object *value, wr_level *up, const char *key, unsigned depth)
{
    wr_level level;

    if (wr_value_is_string(value)) {
        walk_string(f, up, key, wr_value_string(value), wr_value_string_length(value));
        return;
    }
    if (!wr_value_is_object(value) && !wr_value_is_array(value))
        return;
    if (depth >= WR_FIND_MAX_DEPTH) {
        wr_find_bound(f, "JSON is nested too deep to be looked through", 0);
        return;
    }
    memset(&level, 0, sizeof level);
    level.up = up;
    level.value = value;
    level.key = key;
    level.framing = up != NULL ? up->framing : WR_FRAMING_NONE;
    level.native = up != NULL && up->native;
    level.taken = up != NULL && up->taken;
    if (wr_value_is_object(value))
        walk_object(f, &level, depth + 1);
    else
        walk_array(f, &level, depth + 1);
}

/* ---- roots ---- */

/* ["event", …] of Socket.IO; [join ref, ref, "topic", "event", {…}] of Phoenix. */
static void name_array(wr_level *level)
{
    const json_object *a = level->value;

    if (level->framing == WR_FRAMING_SOCKETIO) {
        level->event = wr_value_string(wr_value_element(a, 0));
    } else if (wr_value_size(a) == 5 && wr_value_is_string(wr_value_element(a, 2)) &&
               wr_value_is_string(wr_value_element(a, 3)) && wr_value_is_object(wr_value_element(a, 4))) {
        level->topic = wr_value_element(a, 2);
        level->event = wr_value_string(wr_value_element(a, 3));
    }
}

/* Each object of an array of messages (a long poll's answer), and the array itself, may be a message. */
static void look_for_event(wr_finder *f, wr_level *root)
{
    const size_t mark = f->path->len;

    if (wr_value_is_object(root->value) || root->event != NULL) {
        wr_hit_add_event(f, root);
        return;
    }
    for (size_t i = 0; i < wr_value_size(root->value) && !f->full; i++) {
        wr_level level;
        memset(&level, 0, sizeof level);
        level.up = root;
        level.value = wr_value_element(root->value, i);
        level.framing = root->framing;
        if (wr_value_is_object(level.value)) {
            path_index(f, i);
            wr_hit_add_event(f, &level);
            g_string_truncate(f->path, mark);
        }
    }
}

void wr_walk_root(wr_finder *f, json_object *root, wr_level *up, wr_framing framing)
{
    const bool whole = up == NULL && f->unwraps == 0; /* the message itself, nothing out of it */
    guint before = f->result->hits->len;
    wr_level level;

    if (wr_value_is_string(root)) {
        walk_string(f, up, NULL, wr_value_string(root), wr_value_string_length(root));
        return;
    }
    memset(&level, 0, sizeof level);
    level.up = up;
    level.value = root;
    level.framing = wr_value_is_array(root) || framing != WR_FRAMING_NONE || up == NULL ? framing : up->framing;
    if (wr_value_is_array(root))
        name_array(&level);
    if (whole)
        wr_exchange_begin(f, &level);
    if (wr_value_is_array(root))
        walk_array(f, &level, 1);
    else
        walk_object(f, &level, 1);
    if (f->result->hits->len == before)
        look_for_event(f, &level);
    if (whole)
        wr_exchange_end(f, &level, before);
}
