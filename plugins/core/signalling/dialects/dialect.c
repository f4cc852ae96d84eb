/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the rows of the dialect table: conditions by which a message is recognised, places where its values stand. */
#include "dialects/dialect.h"

#include <string.h>

#include "base/index.h"
#include "formats/json_text.h"

#define SPEC_PART 96 /* longest part of a row's text, terminator included */

/* Copies the next part of *spec, up to one of the stops, into out; false at the end. */
static bool next_part(const char **spec, const char *stops, char out[SPEC_PART])
{
    size_t n = strcspn(*spec, stops);

    if (**spec == '\0')
        return false;
    g_strlcpy(out, *spec, MIN(n + 1, (size_t)SPEC_PART));
    *spec += n;
    if (**spec != '\0')
        (*spec)++;
    return true;
}

static const json_object *first_element(const json_object *value)
{
    return wr_value_is_array(value) ? wr_value_element(value, 0) : value;
}

/* Member "a.b.c" of object; an array on the way stands for its first element. */
static const json_object *member_at(const json_object *object, const char *path)
{
    char key[SPEC_PART];

    while (object != NULL && next_part(&path, ".", key))
        object = wr_value_member(first_element(object), key);
    return first_element(object);
}

/* ---- URLs ---- */

char *wr_url_parameter(const char *url, const char *name)
{
    const char *p = url != NULL ? strchr(url, '?') : NULL;
    size_t n = strlen(name);

    while (p != NULL) {
        p++;
        if (strncmp(p, name, n) == 0 && p[n] == '=') {
            const char *value = p + n + 1;
            size_t len = MIN(strcspn(value, "&#"), (size_t)WR_JSON_TEXT_SHOWN);
            char *text = g_uri_unescape_segment(value, value + len, NULL);
            if (text != NULL && (*text == '\0' || !g_utf8_validate(text, -1, NULL))) {
                g_free(text);
                text = NULL;
            }
            return text;
        }
        p = strchr(p, '&');
    }
    return NULL;
}

/* The whole path, where * is one segment and # one of digits. */
static bool url_path_is(const char *path, const char *pattern)
{
    for (; path != NULL && *pattern != '\0'; pattern++) {
        size_t n = *pattern == '*'   ? strcspn(path, "/?#")
                   : *pattern == '#' ? strspn(path, "0123456789")
                                     : *path == *pattern;
        if (n == 0)
            return false;
        path += n;
    }
    return path != NULL && strchr("?#", *path) != NULL;
}

static bool url_path_holds(const char *url, const char *text)
{
    const char *found = url != NULL ? strstr(url, text) : NULL;
    const char *query = url != NULL ? strchr(url, '?') : NULL;

    return found != NULL && (query == NULL || found < query);
}

/* The path segment behind text, "/rooms/" in "/rooms/r1/send"; NULL when there is none, or it says to make a new one.
 */
static char *url_segment(const char *url, const char *text)
{
    const char *at = url_path_holds(url, text) ? strstr(url, text) + strlen(text) : NULL;
    size_t n = at != NULL ? MIN(strcspn(at, "/?#"), (size_t)WR_JSON_TEXT_SHOWN) : 0;
    char *segment = n > 0 ? g_uri_unescape_segment(at, at + n, NULL) : NULL;

    if (segment != NULL && (strcmp(segment, "new") == 0 || !g_utf8_validate(segment, -1, NULL))) {
        g_free(segment);
        return NULL;
    }
    return segment;
}

/* ---- recognising ---- */

/* A row's conditions are read once. Which members an object must have at least is a bit each, so that most rows are
 * ruled out by one comparison. */
#define MOST_KEYS  64 /* different first members in all conditions; further ones have no bit */
#define MOST_PARTS 8  /* of a path, and texts of a condition's list */

typedef struct {
    char kind;               /* '?', '/', or 0: a member */
    bool prefix;             /* texts are beginnings */
    char *path[MOST_PARTS];  /* of a member; of the others, path[0] is the text */
    char *texts[MOST_PARTS]; /* what the member may be; none: it must only be there */
} condition;

typedef struct {
    unsigned row;
    uint64_t needed; /* bits of members */
    bool needs_url;
    GArray *conditions;
} row_choice;

static struct {
    GArray *choices;  /* row_choice, in the order of rows */
    GHashTable *bits; /* first member of a path -> its bit, from 1 */
    const char *keys[MOST_KEYS];
} table;

/* Parts of text, up to MOST_PARTS; false when there are more. */
static bool split(const char *text, const char *stops, char *out[MOST_PARTS])
{
    char part[SPEC_PART];
    size_t n = 0;

    while (next_part(&text, stops, part)) {
        if (n == MOST_PARTS)
            return false;
        out[n++] = g_strdup(part);
    }
    return true;
}

static uint64_t bit_of(const char *key)
{
    unsigned bit = GPOINTER_TO_UINT(g_hash_table_lookup(table.bits, key));

    if (bit == 0 && g_hash_table_size(table.bits) < MOST_KEYS) {
        char *kept = g_strdup(key);
        bit = g_hash_table_size(table.bits) + 1;
        table.keys[bit - 1] = kept;
        g_hash_table_insert(table.bits, kept, GUINT_TO_POINTER(bit));
    }
    return bit != 0 ? (uint64_t)1 << (bit - 1) : 0;
}

static void compile_condition(row_choice *a, const char *text)
{
    condition c = {0, false, {NULL}, {NULL}};

    if (text[0] == '?' || text[0] == '/') {
        c.kind = text[0];
        c.path[0] = g_strdup(text[0] == '?' ? text + 1 : text);
        a->needs_url = true;
    } else {
        size_t n = strcspn(text, "=^");
        char path[SPEC_PART];
        g_strlcpy(path, text, MIN(n + 1, sizeof path));
        if (!split(path, ".", c.path))
            g_assert_not_reached();
        if (text[n] != '\0') {
            c.prefix = text[n] == '^';
            if (!split(text + n + 1, ",", c.texts))
                g_assert_not_reached();
        }
        a->needed |= bit_of(c.path[0]);
    }
    g_array_append_val(a->conditions, c);
}

static void compile_table(void)
{
    static gsize ready;

    if (!g_once_init_enter(&ready))
        return;
    table.choices = g_array_new(FALSE, FALSE, sizeof(row_choice));
    table.bits = g_hash_table_new(wr_text_hash, g_str_equal);
    for (unsigned row = 0; row < wr_n_dialects; row++) {
        char **each = g_strsplit(wr_dialects[row].detect, "|", -1);
        for (char **e = each; *e != NULL; e++) {
            row_choice a = {row, 0, false, g_array_new(FALSE, FALSE, sizeof(condition))};
            const char *rest = *e;
            char part[SPEC_PART];
            while (next_part(&rest, " ", part))
                compile_condition(&a, part);
            g_array_append_val(table.choices, a);
        }
        g_strfreev(each);
    }
    g_once_init_leave(&ready, 1);
}

/* Which of the table's members the object has. Whichever are fewer are looked up among the others. */
static uint64_t members_of(const json_object *object)
{
    unsigned known = g_hash_table_size(table.bits);
    uint64_t has = 0;

    if (wr_value_members(object) > known) {
        for (unsigned i = 0; i < known; i++)
            has |= (uint64_t)wr_value_has(object, table.keys[i]) << i;
        return has;
    }
    for (const struct lh_entry *e = wr_value_first(object); e != NULL; e = lh_entry_next(e)) {
        unsigned bit = GPOINTER_TO_UINT(g_hash_table_lookup(table.bits, wr_entry_name(e)));
        has |= bit != 0 ? (uint64_t)1 << (bit - 1) : 0;
    }
    return has;
}

static bool text_matches(const json_object *value, const condition *c)
{
    char *text = wr_json_text_of(value);
    bool found = false;

    for (size_t i = 0; text != NULL && !found && i < MOST_PARTS && c->texts[i] != NULL; i++)
        found = c->prefix ? g_str_has_prefix(text, c->texts[i]) : strcmp(text, c->texts[i]) == 0;
    g_free(text);
    return found;
}

static bool condition_holds(const json_object *object, const condition *c, const char *url)
{
    json_object *value;

    if (c->kind == '?') {
        char *parameter = wr_url_parameter(url, c->path[0]);
        g_free(parameter);
        return parameter != NULL;
    }
    if (c->kind == '/')
        return strpbrk(c->path[0], "*#") != NULL ? url_path_is(url, c->path[0]) : url_path_holds(url, c->path[0]);
    /* A member that is null is there as well. */
    for (size_t i = 0; i < MOST_PARTS && c->path[i] != NULL; i++) {
        if (!json_object_object_get_ex(first_element(object), c->path[i], &value))
            return false;
        object = value;
    }
    if (c->texts[0] == NULL)
        return !wr_value_is_array(object) || wr_value_size(object) > 0;
    return text_matches(first_element(object), c);
}

const wr_dialect *wr_dialect_detect(const json_object *object, const wr_find_hints *hints)
{
    const char *url = hints != NULL ? hints->url : NULL;
    uint64_t has;

    if (!wr_value_is_object(object))
        return NULL;
    compile_table();
    has = members_of(object);
    for (unsigned i = 0; i < table.choices->len; i++) {
        const row_choice *a = &g_array_index(table.choices, row_choice, i);
        bool holds = (has & a->needed) == a->needed && (url != NULL || !a->needs_url);
        for (unsigned k = 0; holds && k < a->conditions->len; k++)
            holds = condition_holds(object, &g_array_index(a->conditions, condition, k), url);
        if (holds)
            return &wr_dialects[a->row];
    }
    return NULL;
}

/* ---- values ---- */

static char *part_of(const char *part, const json_object *object, const wr_find_hints *hints, bool url_ours)
{
    if (part[0] == '?')
        return wr_url_parameter(hints != NULL && url_ours ? hints->url : NULL, part + 1);
    if (part[0] == '/')
        return url_segment(hints != NULL ? hints->url : NULL, part);
    return wr_json_text_of(member_at(object, part));
}

/* url_ours: a query parameter speaks of the party that is asked for. */
static char *value_of(const char *spec, const json_object *object, const wr_find_hints *hints, bool url_ours)
{
    char alternative[SPEC_PART], part[SPEC_PART];

    while (spec != NULL && next_part(&spec, "|", alternative)) {
        const char *parts = alternative;
        GString *joined = g_string_new(NULL);
        bool whole = true;
        while (whole && next_part(&parts, "+", part)) {
            char *text = part_of(part, object, hints, url_ours);
            whole = text != NULL;
            if (whole)
                g_string_append_printf(joined, "%s%s", joined->len > 0 ? "/" : "", text);
            g_free(text);
        }
        if (whole && joined->len > 0)
            return g_string_free(joined, FALSE);
        g_string_free(joined, TRUE);
    }
    return NULL;
}

static wr_direction direction_of(const wr_find_hints *hints)
{
    return hints != NULL ? hints->direction : WR_DIRECTION_UNKNOWN;
}

char *wr_dialect_call(const wr_dialect *d, const json_object *object, const wr_find_hints *hints)
{
    char *call = d->call_of != NULL ? d->call_of(object, hints) : NULL;

    return call != NULL ? call : value_of(d->call, object, hints, true);
}

char *wr_dialect_from(const wr_dialect *d, const json_object *object, const wr_find_hints *hints)
{
    const bool ours = direction_of(hints) == WR_DIRECTION_EMITTED;
    char *from = d->party_of != NULL && ours ? d->party_of(object, hints) : NULL;

    if (from == NULL)
        from = value_of(d->from, object, hints, ours);
    if (from == NULL && d->peer != NULL && direction_of(hints) == WR_DIRECTION_DELIVERED)
        from = value_of(d->peer, object, hints, false);
    return from;
}

char *wr_dialect_to(const wr_dialect *d, const json_object *object, const wr_find_hints *hints)
{
    const bool ours = direction_of(hints) == WR_DIRECTION_DELIVERED;
    char *to = d->party_of != NULL && ours ? d->party_of(object, hints) : NULL;

    if (to == NULL && d->to_of != NULL)
        to = d->to_of(object);
    if (to == NULL)
        to = value_of(d->to, object, hints, ours);
    if (to == NULL && d->peer != NULL && direction_of(hints) == WR_DIRECTION_EMITTED)
        to = value_of(d->peer, object, hints, false);
    return to;
}

wr_kind wr_dialect_kind(const wr_dialect *d, const json_object *object, const wr_find_hints *hints)
{
    wr_kind kind = d->kind_of != NULL ? d->kind_of(object, hints) : WR_KIND_UNKNOWN;
    char *word;

    if (kind != WR_KIND_UNKNOWN || d->kind == NULL || d->words == NULL)
        return kind;
    word = value_of(d->kind, object, hints, true);
    for (const wr_dialect_word *w = d->words; word != NULL && w->word != NULL; w++) {
        if (strcmp(w->word, word) == 0) {
            kind = w->kind;
            break;
        }
    }
    g_free(word);
    return kind;
}
