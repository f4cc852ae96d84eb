/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads messages that carry a part of a text: what the part is called, which one it is, and of how many. */
#include "chunk.h"

#include <glib.h>
#include <string.h>

#include "base/text.h"
#include "formats/json_text.h"

#define NESTING   6       /* objects around the part */
#define PARTS_MAX 512     /* of one text */
#define LOOK      4096    /* bytes in which the part's name stands */
#define LEAST     64      /* bytes of a message that may carry one */
#define LARGEST   1048576 /* bytes of a message that is read for this */

static const char *const text_names[] = {"chunk", "part", "fragment", "piece", "data", "payload"};
static const char *const index_names[] = {"offset",    "index",   "chunkindex", "seq",  "sequence",
                                          "partindex", "chunkno", "chunkid",    "part", "i"};
/* How many there are; "length" is SkyWay's, and like "last" the index of the last one. */
static const char *const total_names[] = {"total",  "count",     "totalchunks", "chunkcount", "parts",
                                          "chunks", "numchunks", "of",          "n"};
static const char *const last_names[] = {"length", "last", "lastindex"};
static const char *const id_names[] = {"id", "messageid", "msgid", "uuid", "key", "transferid"};

static bool is_named(const char *name, const char *const *list, size_t n)
{
    char plain[24];
    size_t len = 0;

    for (; *name != '\0'; name++) {
        if (!g_ascii_isalnum(*name))
            continue;
        if (len + 1 == sizeof plain)
            return false;
        plain[len++] = g_ascii_tolower(*name);
    }
    plain[len] = '\0';
    for (size_t i = 0; i < n; i++)
        if (strcmp(plain, list[i]) == 0)
            return true;
    return false;
}

static bool may_be_number(const json_object *value, unsigned *out)
{
    const int64_t n = wr_value_integer(value);

    *out = (unsigned)n;
    return wr_value_is_integer(value) && n >= 0 && n <= PARTS_MAX;
}

#define IS(name, list) is_named(name, list, G_N_ELEMENTS(list))

/* The object itself holds a part, its index, and how many there are. */
static bool read_holder(json_object *object, wr_chunk *out)
{
    bool index = false, total = false, counted = false;
    unsigned n;

    out->name = NULL;
    for (struct lh_entry *e = wr_value_first(object); e != NULL; e = lh_entry_next(e)) {
        const char *name = wr_entry_name(e);
        const json_object *value = wr_entry_value(e);
        if (wr_value_is_string(value) && out->name == NULL && IS(name, text_names)) {
            out->name = name;
            out->text = wr_value_string(value);
            out->len = wr_value_string_length(value);
        } else if (!index && may_be_number(value, &n) && IS(name, index_names)) {
            index = true;
            out->index = n;
        } else if (!total && may_be_number(value, &n) && (IS(name, total_names) || IS(name, last_names))) {
            total = true;
            counted = !IS(name, last_names);
            out->last = n;
        } else if (out->id == NULL && IS(name, id_names)) {
            out->id = wr_json_text_of(value);
        }
    }
    out->holder = object;
    if (out->name == NULL || !index || !total || (counted && out->last < 2) || (!counted && out->last < 1) ||
        out->index > out->last)
        return false;
    out->last -= counted ? 1 : 0;
    return true;
}

static bool find_holder(json_object *value, unsigned depth, wr_chunk *out)
{
    if (depth > NESTING || !wr_value_is_object(value))
        return false;
    g_clear_pointer(&out->id, g_free);
    if (read_holder(value, out))
        return true;
    for (struct lh_entry *e = wr_value_first(value); e != NULL; e = lh_entry_next(e))
        if (find_holder(wr_entry_value(e), depth + 1, out))
            return true;
    return false;
}

bool wr_chunk_may(const uint8_t *bytes, size_t len)
{
    static const char *const words[] = {"hunk", "\"part", "ragment\""};

    if (len < LEAST || len > LARGEST || bytes[0] != '{')
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (wr_text_find((const char *)bytes, MIN(len, (size_t)LOOK), words[i]) != NULL)
            return true;
    return false;
}

bool wr_chunk_read(const uint8_t *bytes, size_t len, wr_chunk *out)
{
    memset(out, 0, sizeof *out);
    out->root = wr_json_read_whole(bytes, len, NULL);
    if (out->root != NULL && find_holder(out->root, 0, out))
        return true;
    wr_chunk_clear(out);
    return false;
}

void wr_chunk_clear(wr_chunk *c)
{
    json_object_put(c->root);
    g_free(c->id);
    memset(c, 0, sizeof *c);
}
