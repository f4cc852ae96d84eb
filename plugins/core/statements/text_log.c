/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions in lines of text, whoever wrote them: logs of servers and applications. A description
 * begins where a line ends in "v=0", with whatever the log puts before each line, and goes on as long as lines have the
 * form of RFC 8866 5; or it stands in one line, with its line ends escaped, or in JSON. When it was said is the last
 * time that stands before it; whose it is, what the words "local" and "remote" next before it say, or nothing.
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

typedef struct {
    wr_testimony *t;
    wr_lines *lines;
    GString *block; /* lines of the description that is being read; empty for none */
    size_t prefix;  /* bytes before each of its lines */
    GString *head;  /* of the SIP message that is being read */
    bool in_head;
    int64_t time_us;
    wr_direction direction;
    uint64_t direction_line;
    wr_occasion on; /* of the block */
    char *call, *from, *to;
} text;

static bool has_word(const char *line, size_t len, const char *word)
{
    const size_t n = strlen(word);

    for (size_t i = 0; i + n <= len; i++)
        if (g_ascii_strncasecmp(line + i, word, n) == 0)
            return true;
    return false;
}

/* ---- whose, and when ---- */

static void note_line(text *x, const char *line, size_t len, uint64_t number)
{
    const size_t look = MIN(len, (size_t)512);
    const bool local = has_word(line, look, "local"), remote = has_word(line, look, "remote");
    const int64_t at = wr_told_time_in(line, len);

    if (at != 0)
        x->time_us = at;
    if (local != remote) {
        x->direction = local ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
        x->direction_line = number;
    }
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

/* The line's own text, behind what the log puts before it; NULL when it is no line of a description. */
static const char *block_line(const text *x, const char *line, size_t len, size_t *rest)
{
    const size_t places[2] = {x->prefix, 0};
    size_t blank = 0;

    for (size_t i = 0; i < 2; i++) {
        if (places[i] + 2 <= len && g_ascii_islower(line[places[i]]) && line[places[i] + 1] == '=') {
            *rest = len - places[i];
            return line + places[i];
        }
    }
    while (blank < len && blank < MAX_PREFIX && (line[blank] == ' ' || line[blank] == '\t' || line[blank] == '|'))
        blank++;
    *rest = len - blank;
    return blank + 2 <= len && g_ascii_islower(line[blank]) && line[blank + 1] == '=' ? line + blank : NULL;
}

/* False when the line belongs to none. */
static bool goes_on(text *x, const char *line, size_t len)
{
    size_t rest = 0;
    const char *own = x->block->len > 0 ? block_line(x, line, len, &rest) : NULL;

    if (own == NULL || x->block->len + rest + 2 > MAX_BLOCK) {
        close_block(x);
        return false;
    }
    g_string_append_len(x->block, own, (gssize)rest);
    g_string_append(x->block, "\r\n");
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

/* v=0\r\no=… with backslashes, as programs quote text. */
static void read_escaped(text *x, const char *line, size_t len, const wr_occasion *on)
{
    const char *end = line + len, *p = g_strstr_len(line, (gssize)len, "v=0\\");
    GString *out;

    if (p == NULL)
        return;
    out = g_string_new(NULL);
    for (; p < end && *p != '"' && *p != '\'' && out->len < MAX_BLOCK; p++) {
        if (*p != '\\') {
            g_string_append_c(out, *p);
            continue;
        }
        while (p + 1 < end && p[1] == '\\')
            p++;
        p++;
        if (p < end && *p == 'n')
            g_string_append_c(out, '\n');
        else if (p < end && *p != 'r')
            break;
    }
    if (wr_sdp_looks_like_description(out->str, out->len))
        wr_tell_description(x->t, on, WR_KIND_UNKNOWN, out->str, out->len);
    g_string_free(out, TRUE);
}

/* ---- lines ---- */

static void read_line(text *x, const char *line, size_t len, uint64_t number)
{
    wr_occasion on;

    if (goes_on(x, line, len))
        return;
    note_line(x, line, len, number);
    follow_head(x, line, len);
    if (begins_block(line, len, &x->prefix)) {
        x->on = occasion(x, number);
        g_string_assign(x->block, "v=0\r\n");
        return;
    }
    if (len < 24 || !wr_unwrap_has_needle((const uint8_t *)line, len))
        return;
    on = occasion(x, number);
    if (!read_json(x, line, len, &on))
        read_escaped(x, line, len, &on);
}

static void take_line(void *user, const char *line, size_t len, uint64_t number)
{
    read_line(user, line, len, number);
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
    if (too_long > 0)
        wr_testimony_object(x->t, "%" G_GUINT64_FORMAT " lines were too long to be read", too_long);
    forget_head(x);
    g_string_free(x->block, TRUE);
    g_string_free(x->head, TRUE);
    g_free(x);
}

const wr_reader wr_text_reader = {open_log, feed, close_text};
