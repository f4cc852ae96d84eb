/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of files in a JSON message. */
#include "formats/file_names.h"
#include "formats/json_text.h"

#include <string.h>

typedef struct {
    wr_file_name *out;
    unsigned n;
} files;

/* The first of these members that is there. */
static const json_object *member_of(const json_object *object, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const json_object *value = wr_value_member(object, names[i]);
        if (value != NULL)
            return value;
    }
    return NULL;
}

static void take(files *f, const json_object *object)
{
    static const char *const names[] = {"fileName", "filename", "file_name", "name"};
    static const char *const sizes[] = {"fileSize", "filesize", "file_size", "size"};
    const json_object *name = member_of(object, names, G_N_ELEMENTS(names));
    const json_object *size = member_of(object, sizes, G_N_ELEMENTS(sizes));

    if (!wr_value_is_string(name) || !wr_value_is_integer(size) || wr_value_integer(size) < 0 ||
        *wr_value_string(name) == '\0' || f->n == WR_FILE_MOST)
        return;
    f->out[f->n++] = (wr_file_name){g_strdup(wr_value_string(name)), wr_value_integer(size)};
}

static void look_into(files *f, const json_object *value, unsigned depth)
{
    if (depth > WR_FILE_NESTING)
        return;
    if (wr_value_is_object(value))
        take(f, value);
    for (struct lh_entry *m = wr_value_first(value); m != NULL; m = lh_entry_next(m))
        look_into(f, wr_entry_value(m), depth + 1);
    for (size_t i = 0; i < wr_value_size(value); i++)
        look_into(f, wr_value_element(value, i), depth + 1);
}

unsigned wr_file_names_read(const uint8_t *bytes, size_t len, wr_file_name *out)
{
    files f = {out, 0};
    json_object *root;

    if (len < 2 || len > WR_FILE_MOST_BYTES || (bytes[0] != '{' && bytes[0] != '['))
        return 0;
    root = wr_json_read_whole(bytes, len, NULL);
    if (root != NULL)
        look_into(&f, root, 0);
    json_object_put(root);
    return f.n;
}
