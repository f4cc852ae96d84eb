/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the rows of the dialect table: conditions by which a message is recognised, places where its values stand. */
#include "dialect.h"

#include <string.h>

#include "json_text.h"

#define SPEC_PART 96 /* longest part of a row's text, terminator included */

/* Copies the next part of *spec, up to one of the stops, into out; false at the end. */
static bool next_part(const char **spec, const char *stops, char out[SPEC_PART])
{
    size_t n = strcspn(*spec, stops);

    if (**spec == '\0') {
        return false;
    }
    g_strlcpy(out, *spec, MIN(n + 1, (size_t)SPEC_PART));
    *spec += n;
    if (**spec != '\0') {
        (*spec)++;
    }
    return true;
}

/* Member "a.b.c" of object; an array on the way stands for its first element. */
static const json_t *member_at(const json_t *object, const char *path)
{
    char key[SPEC_PART];

    while (object != NULL && next_part(&path, ".", key)) {
        if (json_is_array(object)) {
            object = json_array_get(object, 0);
        }
        object = json_object_get(object, key);
    }
    if (json_is_array(object)) {
        object = json_array_get(object, 0);
    }
    return object;
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

static bool url_path_holds(const char *url, const char *text)
{
    const char *found = url != NULL ? strstr(url, text) : NULL;
    const char *query = url != NULL ? strchr(url, '?') : NULL;

    return found != NULL && (query == NULL || found < query);
}

/* ---- recognising ---- */

static bool text_matches(const json_t *value, const char *list, bool prefix)
{
    char one[SPEC_PART];
    char *text = wr_json_text_of(value);
    bool found = false;

    while (text != NULL && !found && next_part(&list, ",", one)) {
        found = prefix ? g_str_has_prefix(text, one) : strcmp(text, one) == 0;
    }
    g_free(text);
    return found;
}

static bool condition_holds(const json_t *object, const char *condition, const wr_find_hints *hints)
{
    const char *url = hints != NULL ? hints->url : NULL;
    size_t n = strcspn(condition, "=^");
    char path[SPEC_PART];
    const json_t *value;

    if (condition[0] == '?') {
        char *parameter = wr_url_parameter(url, condition + 1);
        g_free(parameter);
        return parameter != NULL;
    }
    if (condition[0] == '/') {
        return url_path_holds(url, condition);
    }
    g_strlcpy(path, condition, MIN(n + 1, sizeof path));
    value = member_at(object, path);
    if (value == NULL || condition[n] == '\0') {
        return value != NULL;
    }
    return text_matches(value, condition + n + 1, condition[n] == '^');
}

static bool row_matches(const wr_dialect *d, const json_t *object, const wr_find_hints *hints)
{
    const char *rest = d->detect;

    while (rest != NULL && *rest != '\0') {
        const char *end = rest + strcspn(rest, "|");
        bool holds = true;
        while (rest < end) {
            char condition[SPEC_PART];
            if (!next_part(&rest, " |", condition)) {
                break;
            }
            holds = holds && condition_holds(object, condition, hints);
        }
        if (holds) {
            return true;
        }
        rest = *end == '|' ? end + 1 : end;
    }
    return false;
}

const wr_dialect *wr_dialect_detect(const json_t *object, const wr_find_hints *hints)
{
    for (unsigned i = 0; json_is_object(object) && i < wr_n_dialects; i++) {
        if (row_matches(&wr_dialects[i], object, hints)) {
            return &wr_dialects[i];
        }
    }
    return NULL;
}

/* ---- values ---- */

/* url_ours: a query parameter speaks of the party that is asked for. */
static char *value_of(const char *spec, const json_t *object, const wr_find_hints *hints, bool url_ours)
{
    const char *url = hints != NULL && url_ours ? hints->url : NULL;
    char alternative[SPEC_PART], part[SPEC_PART];

    while (spec != NULL && next_part(&spec, "|", alternative)) {
        const char *parts = alternative;
        GString *joined = g_string_new(NULL);
        bool whole = true;
        while (whole && next_part(&parts, "+", part)) {
            char *text = part[0] == '?' ? wr_url_parameter(url, part + 1) : wr_json_text_of(member_at(object, part));
            whole = text != NULL;
            if (whole) {
                g_string_append_printf(joined, "%s%s", joined->len > 0 ? "/" : "", text);
            }
            g_free(text);
        }
        if (whole && joined->len > 0) {
            return g_string_free(joined, FALSE);
        }
        g_string_free(joined, TRUE);
    }
    return NULL;
}

char *wr_dialect_call(const wr_dialect *d, const json_t *object, const wr_find_hints *hints)
{
    char *call = d->call_of != NULL ? d->call_of(object, hints) : NULL;

    return call != NULL ? call : value_of(d->call, object, hints, true);
}

char *wr_dialect_from(const wr_dialect *d, const json_t *object, const wr_find_hints *hints)
{
    return value_of(d->from, object, hints, hints != NULL && hints->direction == WR_DIRECTION_EMITTED);
}

char *wr_dialect_to(const wr_dialect *d, const json_t *object, const wr_find_hints *hints)
{
    return value_of(d->to, object, hints, hints != NULL && hints->direction == WR_DIRECTION_DELIVERED);
}

wr_kind wr_dialect_kind(const wr_dialect *d, const json_t *object, const wr_find_hints *hints)
{
    wr_kind kind = d->kind_of != NULL ? d->kind_of(object, hints) : WR_KIND_UNKNOWN;
    char *word;

    if (kind != WR_KIND_UNKNOWN || d->kind == NULL || d->words == NULL) {
        return kind;
    }
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
