/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows a JSON text byte by byte, block after block. */
#include "formats/json_stream.h"

#include <string.h>

typedef enum {
    BEFORE_VALUE = 0,
    BEFORE_FIRST, /* of an array: a value, or its end */
    BEFORE_NAME,  /* of an object: a name, or its end */
    AFTER_COMMA,  /* of an object: a name */
    IN_NAME,
    BEFORE_COLON,
    IN_WORD,   /* number, true, false, null */
    IN_STRING, /* a value of its own */
    IN_NESTED, /* an object or array that is not descended into */
    AFTER_VALUE,
    AT_END
} state;

struct wr_json_stream {
    const wr_json_wishes *wishes;
    void *user;
    state state;
    bool escaped, quoted; /* in a string behind a backslash; in a string of what is nested */
    wr_json_choice choice;
    wr_json_way way;
    bool is_array[WR_JSON_STREAM_DEPTH];
    GString *names[WR_JSON_STREAM_DEPTH];
    unsigned nesting;
    GByteArray *taken;
    bool too_long;
    uint64_t n_too_long, line;
    const char *problem;
};

wr_json_stream *wr_json_stream_new(const wr_json_wishes *wishes, void *user)
{
    wr_json_stream *s = g_new0(wr_json_stream, 1);

    s->wishes = wishes;
    s->user = user;
    s->line = 1;
    s->taken = g_byte_array_new();
    return s;
}

void wr_json_stream_free(wr_json_stream *s)
{
    if (s == NULL)
        return;
    for (unsigned i = 0; i < WR_JSON_STREAM_DEPTH; i++)
        if (s->names[i] != NULL)
            g_string_free(s->names[i], TRUE);
    g_byte_array_unref(s->taken);
    g_free(s);
}

uint64_t wr_json_stream_too_long(const wr_json_stream *s)
{
    return s->n_too_long;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void fail(wr_json_stream *s, const char *problem)
{
    s->problem = problem;
}

/* ---- what is taken ---- */

static void gather(wr_json_stream *s, const uint8_t *bytes, size_t len)
{
    if (s->choice != WR_JSON_TAKE || s->too_long)
        return;
    if (len > WR_JSON_STREAM_MAX - s->taken->len) {
        s->too_long = true;
        s->n_too_long++;
        g_byte_array_set_size(s->taken, 0);
        return;
    }
    g_byte_array_append(s->taken, bytes, (guint)len);
}

/* A large value's room is given back: the next may be small. */
static void value_ends(wr_json_stream *s)
{
    if (s->choice == WR_JSON_TAKE && !s->too_long)
        s->wishes->take(s->user, &s->way, s->taken->data, s->taken->len);
    if (s->taken->len > (1u << 20)) {
        g_byte_array_unref(s->taken);
        s->taken = g_byte_array_new();
    }
    g_byte_array_set_size(s->taken, 0);
    s->too_long = false;
    s->state = s->way.depth == 0 ? AT_END : AFTER_VALUE;
}

/* ---- brackets ---- */

static void descend(wr_json_stream *s, bool array)
{
    const unsigned d = s->way.depth;

    if (d >= WR_JSON_STREAM_DEPTH) {
        fail(s, "it is nested too deep");
        return;
    }
    s->is_array[d] = array;
    if (s->names[d] == NULL)
        s->names[d] = g_string_new(NULL);
    g_string_truncate(s->names[d], 0);
    s->way.name[d] = NULL;
    s->way.index[d] = 0;
    s->way.depth++;
    s->state = array ? BEFORE_FIRST : BEFORE_NAME;
}

static void ascend(wr_json_stream *s, bool array)
{
    if (s->is_array[s->way.depth - 1] != array) {
        fail(s, "a bracket closes what another one opened");
        return;
    }
    s->way.depth--;
    if (s->wishes->leave != NULL)
        s->wishes->leave(s->user, &s->way);
    s->state = s->way.depth == 0 ? AT_END : AFTER_VALUE;
}

static void value_begins(wr_json_stream *s, uint8_t c)
{
    const bool container = c == '{' || c == '[';

    s->choice = s->wishes->choose(s->user, &s->way);
    if (s->choice == WR_JSON_DESCEND && container) {
        descend(s, c == '[');
        return;
    }
    if (container) {
        s->state = IN_NESTED;
        s->nesting = 1;
        s->quoted = s->escaped = false;
    } else if (c == '"') {
        s->state = IN_STRING;
        s->escaped = false;
    } else if (c == '-' || g_ascii_isalnum(c)) {
        s->state = IN_WORD;
    } else {
        fail(s, "it is not JSON");
        return;
    }
    gather(s, &c, 1);
}

/* ---- runs of bytes that mean the same; each gives how many were used ---- */

static size_t string_end(const uint8_t *bytes, size_t len, bool *escaped, bool *ended)
{
    size_t i = 0;

    *ended = false;
    for (; i < len && !*ended; i++)
        if (*escaped)
            *escaped = false;
        else if (bytes[i] == '\\')
            *escaped = true;
        else
            *ended = bytes[i] == '"';
    return i;
}

static size_t in_name(wr_json_stream *s, const uint8_t *bytes, size_t len)
{
    GString *name = s->names[s->way.depth - 1];
    bool ended;
    const size_t n = string_end(bytes, len, &s->escaped, &ended);
    const size_t text = n - ended, room = WR_JSON_STREAM_NAME - MIN(name->len, (size_t)WR_JSON_STREAM_NAME);

    g_string_append_len(name, (const char *)bytes, (gssize)MIN(text, room));
    if (ended) {
        s->way.name[s->way.depth - 1] = name->str;
        s->state = BEFORE_COLON;
    }
    return n;
}

static size_t in_string(wr_json_stream *s, const uint8_t *bytes, size_t len)
{
    bool ended;
    const size_t n = string_end(bytes, len, &s->escaped, &ended);

    gather(s, bytes, n);
    if (ended)
        value_ends(s);
    return n;
}

static size_t in_word(wr_json_stream *s, const uint8_t *bytes, size_t len)
{
    size_t n = 0;

    while (n < len && (g_ascii_isalnum(bytes[n]) || bytes[n] == '.' || bytes[n] == '+' || bytes[n] == '-'))
        n++;
    gather(s, bytes, n);
    if (n < len)
        value_ends(s);
    return n;
}

static size_t in_nested(wr_json_stream *s, const uint8_t *bytes, size_t len)
{
    size_t i = 0;

    while (i < len && s->nesting > 0) {
        if (s->quoted) {
            bool ended;
            i += string_end(bytes + i, len - i, &s->escaped, &ended);
            s->quoted = !ended;
            continue;
        }
        const uint8_t c = bytes[i++];
        s->quoted = c == '"';
        if (c == '{' || c == '[')
            s->nesting++;
        else if (c == '}' || c == ']')
            s->nesting--;
        if (s->nesting > WR_JSON_STREAM_NESTING) {
            fail(s, "it is nested too deep");
            return i;
        }
    }
    gather(s, bytes, i);
    if (s->nesting == 0)
        value_ends(s);
    return i;
}

/* ---- between values ---- */

static void name_begins(wr_json_stream *s, uint8_t c)
{
    if (c == '"') {
        g_string_truncate(s->names[s->way.depth - 1], 0);
        s->escaped = false;
        s->state = IN_NAME;
    } else if (c == '}' && s->state == BEFORE_NAME) {
        ascend(s, false);
    } else {
        fail(s, "it is not JSON");
    }
}

static void after_value(wr_json_stream *s, uint8_t c)
{
    const unsigned d = s->way.depth - 1;

    if (c == ',') {
        s->way.index[d]++;
        s->state = s->is_array[d] ? BEFORE_VALUE : AFTER_COMMA;
    } else if (c == '}' || c == ']') {
        ascend(s, c == ']');
    } else {
        fail(s, "it is not JSON");
    }
}

static void between(wr_json_stream *s, uint8_t c)
{
    switch (s->state) {
    case BEFORE_FIRST:
        if (c == ']')
            ascend(s, true);
        else
            value_begins(s, c);
        break;
    case BEFORE_VALUE:
        value_begins(s, c);
        break;
    case BEFORE_NAME:
    case AFTER_COMMA:
        name_begins(s, c);
        break;
    case BEFORE_COLON:
        if (c != ':')
            fail(s, "it is not JSON");
        s->state = BEFORE_VALUE;
        break;
    case AFTER_VALUE:
        after_value(s, c);
        break;
    default:
        fail(s, "something follows the JSON text");
        break;
    }
}

static size_t step(wr_json_stream *s, const uint8_t *bytes, size_t len)
{
    switch (s->state) {
    case IN_NAME:
        return in_name(s, bytes, len);
    case IN_STRING:
        return in_string(s, bytes, len);
    case IN_WORD:
        return in_word(s, bytes, len);
    case IN_NESTED:
        return in_nested(s, bytes, len);
    default:
        if (!is_blank(bytes[0]))
            between(s, bytes[0]);
        return 1;
    }
}

bool wr_json_stream_feed(wr_json_stream *s, const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && s->problem == NULL)
        at += step(s, bytes + at, len - at);
    for (size_t i = 0; i + (s->problem != NULL) < at; i++)
        s->line += bytes[i] == '\n';
    return s->problem == NULL;
}

const char *wr_json_stream_end(wr_json_stream *s, uint64_t *line)
{
    if (s->problem == NULL && s->state == IN_WORD && s->way.depth == 0)
        value_ends(s);
    if (s->problem == NULL && s->state != AT_END)
        s->problem = "it ends too early";
    *line = s->line;
    return s->problem;
}
