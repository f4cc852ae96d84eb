/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is packed into something else: base64, gzip, forms, parts of multipart bodies, tokens. Each is taken out, and
 * what comes of it is searched like the message. */
#include <string.h>

#include "find/find.h"
#include "formats/json_write.h"
#include "walk.h"

#define LONGEST_VALUE 256 /* bytes of a form's member that may name a call or party */
#define MOST_MEMBERS  256 /* of a form, that may */

/* Bytes that were made out of others, found under path + step. */
bool wr_find_in_made(wr_finder *f, wr_level *at, const char *step, const uint8_t *bytes, size_t len)
{
    const size_t mark = f->path->len;
    bool found;

    if (f->unwraps >= WR_FIND_MAX_UNWRAP) {
        wr_find_bound(f, "texts are nested in texts too deep to be read", 0);
        return false;
    }
    if (f->path->len + strlen(step) <= WR_FIND_MAX_PATH)
        g_string_append(f->path, step);
    f->unwraps++;
    found = f->whole(f, at, bytes, len, WR_ORIGIN_MADE);
    f->unwraps--;
    g_string_truncate(f->path, mark);
    return found;
}

/* What may still be made; reported when it is not enough. */
static bool may_make(wr_finder *f, size_t len)
{
    if (len > f->expansion) {
        wr_find_bound(f, "more was packed into the message than is unpacked", 0);
        return false;
    }
    f->expansion -= len;
    return true;
}

static bool find_in_deflated(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    bool cut = false, found = false;
    GByteArray *made = wr_unwrap_inflate(bytes, len, f->expansion, &cut);

    if (cut)
        wr_find_bound(f, "more was packed into the message than is unpacked", 0);
    if (made != NULL) {
        f->expansion -= made->len;
        found = wr_find_in_made(f, at, "~gz", made->data, made->len);
        g_byte_array_unref(made);
    }
    return found;
}

static bool find_in_base64(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    GByteArray *made;
    bool found = false;

    if (!may_make(f, len / 4 * 3))
        return false;
    made = wr_unwrap_base64(bytes, len, WR_FIND_MAX_EXPANSION);
    if (made != NULL) {
        found = wr_find_in_made(f, at, "~b64", made->data, made->len);
        g_byte_array_unref(made);
    }
    return found;
}

/* The claims of a token (RFC 7519 3): the second of its three parts. */
bool wr_find_in_token(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    const char *first = memchr(text, '.', len);
    const char *second = first != NULL ? memchr(first + 1, '.', len - (size_t)(first + 1 - text)) : NULL;
    const size_t claims = second != NULL ? (size_t)(second - first) - 1 : 0;
    GByteArray *made;
    bool found = false;

    if (claims == 0 || len < 3 || memcmp(text, "eyJ", 3) != 0 ||
        memchr(second + 1, '.', len - (size_t)(second + 1 - text)) != NULL || !may_make(f, claims / 4 * 3))
        return false;
    made = wr_unwrap_base64((const uint8_t *)first + 1, claims, WR_FIND_MAX_EXPANSION);
    if (made != NULL) {
        found = wr_find_in_made(f, at, "~jwt", made->data, made->len);
        g_byte_array_unref(made);
    }
    return found;
}

/* ---- forms ---- */

/* What a form or multipart body has beside the one member that is looked into: names of calls and parties. */
static void note_member(json_object *beside, const char *name, const uint8_t *value, size_t len)
{
    if (len > 0 && len <= LONGEST_VALUE && strchr("{[<", value[0]) == NULL && wr_value_members(beside) < MOST_MEMBERS &&
        g_utf8_validate((const char *)value, (gssize)len, NULL))
        json_object_object_add(beside, name, wr_value_new_string((const char *)value, len));
}

static void begin_members(wr_level *level, wr_level *at)
{
    memset(level, 0, sizeof *level);
    level->up = at;
    level->value = json_object_new_object();
    level->framing = at != NULL ? at->framing : WR_FRAMING_NONE;
}

static void end_members(wr_finder *f, wr_level *level)
{
    f->last = NULL;
    json_object_put((json_object *)(uintptr_t)level->value);
}

/* "data=dj0w…+…": who does not escape base64's plus gets a blank (RFC 4648 5 is for that). */
static void mend_blanks(GByteArray *value)
{
    if (!wr_unwrap_looks_base64(value->data, value->len))
        return;
    for (guint i = 0; i < value->len; i++)
        if (value->data[i] == ' ')
            value->data[i] = '+';
}

static bool find_in_member(wr_finder *f, wr_level *level, const char *name, GByteArray *value)
{
    const size_t mark = f->path->len;
    const bool query = mark > 0 && f->path->str[mark - 1] == '?';
    bool found = false;

    mend_blanks(value);
    if (mark + strlen(name) < WR_FIND_MAX_PATH)
        g_string_append_printf(f->path, query ? "%s" : ".%s", name);
    level->key = name;
    if (wr_json_find_worthwhile(value->data, value->len))
        found = wr_find_in_made(f, level, "~form", value->data, value->len);
    level->key = NULL;
    g_string_truncate(f->path, mark);
    return found;
}

bool wr_find_in_form(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    json_object *beside;
    bool found = false;
    wr_level level;
    size_t from = 0;
    char *name;
    GByteArray *value;

    if (!may_make(f, len) || !may_make(f, len))
        return false;
    begin_members(&level, at);
    beside = (json_object *)(uintptr_t)level.value;
    while (wr_unwrap_form_next(bytes, len, &from, &name, &value)) {
        note_member(beside, name, value->data, value->len);
        g_free(name);
        g_byte_array_unref(value);
    }
    from = 0;
    while (!f->full && wr_unwrap_form_next(bytes, len, &from, &name, &value)) {
        found = find_in_member(f, &level, name, value) || found;
        g_free(name);
        g_byte_array_unref(value);
    }
    end_members(f, &level);
    return found;
}

/* Parts with a type of their own come from the multipart dissector, each by itself. */
bool wr_find_in_parts(wr_finder *f, const uint8_t *bytes, size_t len)
{
    size_t from = 0, value_len = 0;
    const uint8_t *value;
    bool found = false;
    wr_level level;
    char *name;

    begin_members(&level, NULL);
    while (wr_unwrap_part_next(bytes, len, &from, &name, &value, &value_len)) {
        note_member((json_object *)(uintptr_t)level.value, name, value, value_len);
        g_free(name);
    }
    from = 0;
    while (!f->full && wr_unwrap_part_next(bytes, len, &from, &name, &value, &value_len)) {
        char *step = g_strconcat(".", name, NULL);
        level.key = name;
        if (wr_json_find_worthwhile(value, value_len))
            found = wr_find_in_made(f, &level, step, value, value_len) || found;
        level.key = NULL;
        g_free(step);
        g_free(name);
    }
    end_members(f, &level);
    return found;
}

bool wr_find_in_wrapping(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    size_t skip = 0;

    if (wr_unwrap_looks_deflated(bytes, len))
        return find_in_deflated(f, at, bytes, len);
    /* A binary packet of Engine.IO polling stands as "b" and base64. */
    if (len > 1 && bytes[0] == 'b' && !wr_unwrap_looks_base64(bytes, len) && wr_unwrap_looks_base64(bytes + 1, len - 1))
        skip = 1;
    if (wr_unwrap_looks_base64(bytes + skip, len - skip))
        return wr_find_in_token(f, at, (const char *)bytes, len) || find_in_base64(f, at, bytes + skip, len - skip);
    if (wr_unwrap_looks_form(bytes, len))
        return wr_find_in_form(f, at, bytes, len);
    return false;
}
