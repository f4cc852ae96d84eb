/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions in lines of text, whoever wrote them: logs of servers and applications. A description
 * begins where a line ends in "v=0", with whatever the log puts before each line, and goes on as long as lines have the
 * form of RFC 8866 5; or it stands in one line, with its line ends escaped, or in JSON, or line by line in JSON, as
 * containers' logs are kept. When it was said is the last time that stands before it; whose it is, what the words
 * "local" and "remote" next before it say, or nothing.
 */
#include "reader.h"

#include "connection/message_head.h"
#include "find/keywords.h"
#include "formats/json_text.h"

#include <string.h>

#define MAX_BLOCK  (256u << 10) /* bytes of one description */
#define MAX_HEAD   16384        /* of the SIP message before it */
#define MAX_PREFIX 200          /* bytes that a log puts before each line */
#define NEAR       3            /* lines before a description that may say whose it is */
#define MAX_BRACES 8            /* places in a line where JSON is looked for */
#define MAX_SHIFT  8            /* bytes by which what stands before lines may grow or shrink */

typedef struct {
    wr_testimony *t;
    wr_lines *lines;
    GString *block; /* lines of the description that is being read; empty for none */
    size_t prefix;  /* bytes before each of its lines */
    char mark;      /* the byte before the first */
    unsigned lines_read;
    bool spaced;   /* an empty line stands behind each of its lines */
    bool gap;      /* the last line was empty */
    GString *head; /* of the SIP message that is being read */
    bool in_head;
    int64_t time_us;
    wr_direction direction;
    uint64_t direction_line;
    wr_occasion on; /* of the block */
    char *call, *from, *to;
    json_object *statistics; /* that stand in lines of JSON */
} text;

/* ---- whose, and when ---- */

static void note_line(text *x, const char *line, size_t len, uint64_t number)
{
    const wr_direction direction = wr_words_direction(line, len);
    const int64_t at = wr_told_time_in(line, len);

    if (at != 0)
        x->time_us = at;
    if (direction == WR_DIRECTION_UNKNOWN)
        return;
    x->direction = direction;
    x->direction_line = number;
}

static wr_occasion occasion(const text *x, uint64_t number)
{
    wr_occasion on = {.leg = "text", .time_us = x->time_us, .protected_transport = true};

    if (x->direction_line != 0 && number - x->direction_line <= NEAR)
        on.direction = x->direction;
    return on;
}

static void forget_head(text *x)
{
    g_string_truncate(x->head, 0);
    x->in_head = false;
    g_clear_pointer(&x->call, g_free);
    g_clear_pointer(&x->from, g_free);
    g_clear_pointer(&x->to, g_free);
}

/* ---- SIP around it (RFC 3261 7) ---- */

static bool begins_sip(const char *line, size_t len)
{
    static const char version[] = "SIP/2.0";
    const size_t n = sizeof version - 1;

    if (len > n && memcmp(line, version, n) == 0)
        return true;
    return len > n + 1 && len < 2048 && g_ascii_isupper(line[0]) && memcmp(line + len - n, version, n) == 0 &&
           line[len - n - 1] == ' ';
}

static char *party(const wr_message_head *head, const char *name, const char *compact)
{
    char *field = wr_message_head_field(head, name, compact), *user = NULL;

    if (field != NULL)
        user = wr_message_sip_user(field);
    g_free(field);
    return user;
}

static void read_head(text *x, wr_occasion *on)
{
    wr_message_head head;

    if (x->head->len == 0)
        return;
    g_string_append(x->head, "\r\n");
    if (wr_message_head_read(x->head->str, x->head->len, &head)) {
        x->call = wr_message_head_field(&head, "Call-ID", "i");
        x->from = party(&head, head.response ? "To" : "From", head.response ? "t" : "f");
        x->to = party(&head, head.response ? "From" : "To", head.response ? "f" : "t");
    }
    on->call = x->call;
    on->from = x->from;
    on->to = x->to;
    if (x->call != NULL)
        on->leg = x->call;
}

static void follow_head(text *x, const char *line, size_t len)
{
    if (begins_sip(line, len)) {
        forget_head(x);
        x->in_head = true;
    } else if (len == 0) {
        x->in_head = false;
    }
    if (!x->in_head)
        return;
    if (x->head->len + len + 2 > MAX_HEAD)
        x->in_head = false;
    else
        g_string_append_printf(x->head, "%.*s\r\n", (int)len, line);
}

/* ---- descriptions of many lines ---- */

static void close_block(text *x)
{
    wr_occasion on = x->on;

    if (x->block->len == 0)
        return;
    if (wr_sdp_looks_like_description(x->block->str, x->block->len)) {
        read_head(x, &on);
        wr_tell_description(x->t, &on, WR_KIND_UNKNOWN, x->block->str, x->block->len);
        forget_head(x);
    }
    g_string_truncate(x->block, 0);
}

/* Where "v=0" ends this line, with what may stand before it. */
static bool begins_block(const char *line, size_t len, size_t *prefix)
{
    if (len < 3 || len > MAX_PREFIX || memcmp(line + len - 3, "v=0", 3) != 0 ||
        (len > 3 && (g_ascii_isalnum(line[len - 4]) || line[len - 4] == '=')))
        return false;
    *prefix = len - 3;
    return true;
}

static bool is_field(const char *line, size_t len, size_t at)
{
    return at + 2 <= len && g_ascii_islower(line[at]) && line[at + 1] == '=';
}

/* Where the line's own text begins when what stands before it is longer or shorter than before the first: counters and
 * times grow. The byte before it is that of the first. SIZE_MAX: nowhere. */
static size_t shifted(const text *x, const char *line, size_t len)
{
    for (size_t by = 1; x->prefix > 0 && by <= MAX_SHIFT; by++) {
        const size_t places[2] = {x->prefix + by, x->prefix > by ? x->prefix - by : SIZE_MAX - 2};
        for (size_t i = 0; i < 2; i++)
            if (places[i] < len && is_field(line, len, places[i]) && line[places[i] - 1] == x->mark)
                return places[i];
    }
    return SIZE_MAX;
}

/* The line's own text, behind what the log puts before it; NULL when it is no line of a description. */
static const char *block_line(const text *x, const char *line, size_t len, size_t *rest)
{
    size_t at = 0;

    if (is_field(line, len, x->prefix)) {
        at = x->prefix;
    } else if (!is_field(line, len, 0)) {
        while (at < len && at < MAX_PREFIX && (line[at] == ' ' || line[at] == '\t' || line[at] == '|'))
            at++;
        if (!is_field(line, len, at))
            at = shifted(x, line, len);
    }
    *rest = at < len ? len - at : 0;
    return at < len ? line + at : NULL;
}

/* An empty line belongs to a description only where one stands behind each of its lines. */
static bool is_gap(text *x, size_t len)
{
    if (len > 0 || x->gap || (x->lines_read > 1 && !x->spaced))
        return false;
    x->spaced = x->gap = true;
    return true;
}

/* False when the line belongs to none. */
static bool goes_on(text *x, const char *line, size_t len)
{
    size_t rest = 0;
    const char *own;

    if (x->block->len == 0)
        return false;
    if (is_gap(x, len))
        return true;
    own = block_line(x, line, len, &rest);
    if (own == NULL || x->block->len + rest + 2 > MAX_BLOCK || (rest == 3 && memcmp(own, "v=0", 3) == 0) ||
        (x->spaced && !x->gap)) {
        close_block(x);
        return false;
    }
    g_string_append_len(x->block, own, (gssize)rest);
    g_string_append(x->block, "\r\n");
    x->lines_read++;
    x->gap = false;
    return true;
}

static bool begin_block(text *x, const char *line, size_t len, uint64_t number)
{
    if (!begins_block(line, len, &x->prefix))
        return false;
    x->on = occasion(x, number);
    g_string_assign(x->block, "v=0\r\n");
    x->mark = len > 3 ? line[len - 4] : '\0';
    x->lines_read = 1;
    x->spaced = x->gap = false;
    return true;
}

/* ---- descriptions in one line ---- */

/* A time that a log of JSON lines gives. */
static int64_t time_in(const json_object *o)
{
    static const char *const names[] = {"time", "timestamp", "ts", "@timestamp", "t", "date"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (wr_value_has(o, names[i]))
            return wr_told_time(wr_value_member(o, names[i]));
    return 0;
}

typedef struct {
    text *x;
    const wr_occasion *on;
} escaped;

static bool read_json(text *x, const char *line, size_t len, wr_occasion *on)
{
    const char *p = line, *end = line + len;

    for (unsigned i = 0; i < MAX_BRACES; i++) {
        const wr_find_hints hints = {.direction = on->direction};
        json_object *o;
        size_t stop;
        while (p < end && *p != '{' && *p != '[')
            p++;
        if (p >= end)
            return false;
        o = wr_json_read_first((const uint8_t *)p, (size_t)(end - p), &stop);
        if (o != NULL) {
            const int64_t at = time_in(o);
            if (wr_statistics_worthwhile(p, stop))
                wr_statistics_collect(x->statistics, o, 0);
            json_object_put(o);
            if (at != 0)
                on->time_us = x->time_us = at;
            if (wr_tell_message(x->t, on, (const uint8_t *)p, stop, &hints))
                return true;
        }
        p++;
    }
    return false;
}

static void tell_escaped(void *user, const char *sdp, size_t len)
{
    const escaped *e = user;

    wr_tell_description(e->x->t, e->on, WR_KIND_UNKNOWN, sdp, len);
}

/* Of what was told since then: where a text in JSON begins with other words, only its candidates are found. */
static bool tells_description(const wr_testimony *t, unsigned since)
{
    for (unsigned i = since; i < t->told->len; i++)
        if (((const wr_told *)g_ptr_array_index(t->told, i))->context.kind != WR_KIND_CANDIDATE)
            return true;
    return false;
}

/* ---- lines ---- */

static void read_line(text *x, const char *line, size_t len, uint64_t number)
{
    const unsigned before = x->t->told->len;
    escaped in_line;
    wr_occasion on;

    if (goes_on(x, line, len))
        return;
    note_line(x, line, len, number);
    follow_head(x, line, len);
    if (begin_block(x, line, len, number) || len < 24 || !wr_unwrap_has_needle((const uint8_t *)line, len))
        return;
    on = occasion(x, number);
    in_line = (escaped){x, &on};
    if (!read_json(x, line, len, &on) || !tells_description(x->t, before))
        wr_escaped_descriptions(line, len, tell_escaped, &in_line);
}

/* What a line of a log in JSON says in words: containers' logs, and loggers, wrap each line of text so. NULL: nothing.
 */
static const json_object *words_of(const json_object *o)
{
    static const char *const names[] = {"log", "message", "msg", "MESSAGE", "line", "text"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (wr_value_is_string(wr_value_member(o, names[i])))
            return wr_value_member(o, names[i]);
    return NULL;
}

/* A line of a description, wrapped so. False when it is none: whole descriptions in JSON are found otherwise. */
static bool read_wrapped(text *x, const char *line, size_t len, uint64_t number)
{
    json_object *o = wr_json_read_whole((const uint8_t *)line, len, NULL);
    const json_object *words = words_of(o);
    const char *own = wr_value_string(words);
    size_t n = wr_value_string_length(words);
    const int64_t at = time_in(o);
    size_t prefix;
    bool one;

    while (n > 0 && (own[n - 1] == '\n' || own[n - 1] == '\r'))
        n--;
    one = words != NULL && (x->block->len > 0 ? memchr(own, '\n', n) == NULL : begins_block(own, n, &prefix));
    if (one) {
        if (at != 0)
            x->time_us = at;
        read_line(x, own, n, number);
    }
    json_object_put(o);
    return one;
}

static void take_line(void *user, const char *line, size_t len, uint64_t number)
{
    text *x = user;

    if (len > 0 && *line == '{' && (x->block->len > 0 || g_strstr_len(line, (gssize)len, "v=0") != NULL) &&
        read_wrapped(x, line, len, number))
        return;
    read_line(x, line, len, number);
}

/* ---- the reader ---- */

static void *open_log(wr_testimony *t)
{
    text *x = g_new0(text, 1);

    t->kind = WR_TESTIMONY_TEXT;
    x->t = t;
    x->lines = wr_lines_new(take_line, x);
    x->block = g_string_new(NULL);
    x->head = g_string_new(NULL);
    x->statistics = json_object_new_object();
    return x;
}

static bool feed(void *reader, const uint8_t *bytes, size_t len)
{
    wr_lines_feed(((text *)reader)->lines, bytes, len);
    return true;
}

static void close_text(void *reader)
{
    text *x = reader;
    const uint64_t too_long = wr_lines_end(x->lines);

    close_block(x);
    wr_statistics_read(x->t, x->statistics);
    json_object_put(x->statistics);
    if (too_long > 0)
        wr_testimony_object(x->t, "%" G_GUINT64_FORMAT " lines were too long to be read", too_long);
    forget_head(x);
    g_string_free(x->block, TRUE);
    g_string_free(x->head, TRUE);
    g_free(x);
}

const wr_reader wr_text_reader = {open_log, feed, close_text};
