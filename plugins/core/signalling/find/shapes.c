/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that are no JSON: other notations, events and counted messages that each are one, and descriptions and
 * candidates that stand bare behind a short head. */
#include <string.h>

#include "find/keywords.h"
#include "formats/json_write.h"
#include "formats/message_frames.h"
#include "formats/to_json.h"
#include "walk.h"

#define BARE_LOOK   512 /* bytes before a bare description */
#define HEAD_TEXT   128 /* bytes of a head that is text: a verb, a name */
#define HEAD_BLANKS 3   /* more of them are a sentence that speaks of SDP */
#define COOKIE_MAX  64  /* bytes before a blank and bencoding (rtpengine's ng) */
#define LINES_MAX   256 /* candidates as lines of one text */

/* What is read next may come to stand at the same address. */
static void let_go(wr_finder *f, json_object *root)
{
    f->last = NULL;
    json_object_put(root);
}

/* ---- notations ---- */

/* rtpengine's ng protocol puts a cookie and a blank before each message. */
static size_t past_cookie(const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    while (at < MIN(len, (size_t)COOKIE_MAX) && g_ascii_isgraph(bytes[at]))
        at++;
    return at > 0 && at < len && bytes[at] == ' ' ? at + 1 : 0;
}

static json_object *read_notation(const uint8_t *bytes, size_t len, bool *bound)
{
    static json_object *(*const readers[])(const uint8_t *, size_t, bool *) = {
        wr_xml_to_json, wr_msgpack_to_json, wr_cbor_to_json, wr_bson_to_json, wr_bencode_to_json,
    };
    const size_t skip = past_cookie(bytes, len);
    json_object *root = NULL;

    for (size_t i = 0; root == NULL && i < G_N_ELEMENTS(readers); i++)
        root = readers[i](bytes, len, bound);
    if (root == NULL && skip > 0)
        root = wr_bencode_to_json(bytes + skip, len - skip, bound);
    return root != NULL ? root : wr_protobuf_to_json(bytes, len, bound);
}

/* XML, MessagePack and the like are looked through like the JSON that they correspond to. */
bool wr_find_in_notation(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    const guint before = f->result->hits->len;
    bool bound = false;
    json_object *root = read_notation(bytes, len, &bound);

    if (bound)
        wr_find_bound(f, "the message has more values, or is nested deeper, than is looked at", 0);
    if (root == NULL)
        return false;
    wr_walk_root(f, root, at, WR_FRAMING_NONE);
    let_go(f, root);
    return f->result->hits->len > before;
}

/* ---- several messages ---- */

static void number_path(wr_finder *f, size_t mark, unsigned number)
{
    g_string_truncate(f->path, mark);
    if (number > 1 && mark + 12 < WR_FIND_MAX_PATH)
        g_string_append_printf(f->path, "#%u", number);
}

static bool may_read_on(wr_finder *f)
{
    if (++f->documents > WR_FIND_MAX_DOCUMENTS) {
        wr_find_bound(f, "more messages in one than are looked at", 0);
        return false;
    }
    return !f->full;
}

bool wr_find_in_counted(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    const wr_counted how = wr_counted_by(bytes, len);
    const guint before = f->result->hits->len;
    const size_t mark = f->path->len;
    wr_counted_message one;
    unsigned number = 0;
    size_t from = 0;

    while (how != WR_COUNTED_NONE && wr_counted_next(how, bytes, len, &from, &one) && may_read_on(f)) {
        if (one.ends || one.len == 0)
            continue;
        number_path(f, mark, ++number);
        if (one.packed)
            wr_find_in_wrapping(f, at, one.bytes, one.len);
        else
            wr_find_in_made(f, at, "", one.bytes, one.len);
    }
    g_string_truncate(f->path, mark);
    return f->result->hits->len > before;
}

/* An event as an object of its type and its data: what the type says stands around the data. */
static void walk_event(wr_finder *f, wr_level *at, const wr_event *event)
{
    json_object *object = json_object_new_object();
    json_object *data = wr_value_new_string(event->data->str, event->data->len);

    if (event->type != NULL && g_utf8_validate(event->type, -1, NULL))
        wr_value_put_text(object, "event", event->type);
    json_object_object_add(object, "data", data);
    if (data != NULL)
        wr_walk_root(f, object, at, WR_FRAMING_NONE);
    let_go(f, object);
}

bool wr_find_in_events(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    const guint before = f->result->hits->len;
    const size_t mark = f->path->len;
    wr_event event;
    unsigned number = 0;
    size_t from = 0;

    if (!wr_looks_like_events(bytes, len))
        return false;
    while (may_read_on(f) && wr_event_next(bytes, len, &from, &event)) {
        if (event.data != NULL && event.data->len > 0) {
            number_path(f, mark, ++number);
            walk_event(f, at, &event);
        }
        wr_event_clear(&event);
    }
    g_string_truncate(f->path, mark);
    return f->result->hits->len > before;
}

/* ---- bare descriptions ---- */

static bool is_line_end(const uint8_t *bytes, size_t len, size_t at)
{
    return at < len && (bytes[at] == '\n' || (bytes[at] == '\r' && at + 1 < len && bytes[at + 1] == '\n'));
}

/* "v=0" and behind its line "o=", as in every description (RFC 8866 5). */
static bool description_at(const uint8_t *bytes, size_t len, size_t at)
{
    size_t next = at + 3;

    if (len - at < 8 || memcmp(bytes + at, "v=0", 3) != 0 || !is_line_end(bytes, len, next))
        return false;
    next += bytes[next] == '\r' ? 2 : 1;
    return len - next > 2 && bytes[next] == 'o' && bytes[next + 1] == '=';
}

/* A verb, a name, a number, or a few bytes of a binary head; no sentence. whole: the message itself, else a text in it,
 * where any blank makes a sentence. */
static bool is_head(const uint8_t *bytes, size_t len, bool whole)
{
    size_t blanks = 0;

    if (len == 0)
        return true;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] < 0x20 && !g_ascii_isspace(bytes[i]))
            return whole;
        blanks += bytes[i] == ' ' || bytes[i] == '`';
    }
    if (!g_utf8_validate((const char *)bytes, (gssize)len, NULL))
        return whole;
    return len <= HEAD_TEXT && blanks <= (whole ? HEAD_BLANKS : 0);
}

bool wr_bare_begins(const uint8_t *bytes, size_t len, bool whole, size_t *begin)
{
    const uint8_t *end = bytes + MIN(len, (size_t)BARE_LOOK);

    for (const uint8_t *p = bytes; p < end && (p = memchr(p, 'v', (size_t)(end - p))) != NULL; p++) {
        *begin = (size_t)(p - bytes);
        if (description_at(bytes, len, *begin))
            return is_head(bytes, *begin, whole);
    }
    return false;
}

/* Behind its last line: of a letter, "=", and text. What follows belongs to the message around. */
static size_t description_end(const uint8_t *bytes, size_t len, size_t at)
{
    while (at + 1 < len && g_ascii_islower(bytes[at]) && bytes[at + 1] == '=') {
        const uint8_t *feed = memchr(bytes + at, '\n', len - at);
        const size_t end = feed != NULL ? (size_t)(feed - bytes) + 1 : len;
        const char *bad;
        if (!g_utf8_validate((const char *)bytes + at, (gssize)(end - at), &bad))
            return (size_t)(bad - (const char *)bytes);
        at = end;
    }
    return at;
}

/* The word that the head begins with may say the kind: "OFFER bob". */
static wr_kind kind_of_head(const uint8_t *bytes, size_t len)
{
    char word[32];
    size_t n = 0;
    wr_kind kind;

    while (n < len && n + 1 < sizeof word && g_ascii_isalpha(bytes[n])) {
        word[n] = (char)bytes[n];
        n++;
    }
    word[n] = '\0';
    kind = n > 1 ? wr_names_kind_of_word(word) : WR_KIND_UNKNOWN;
    return wr_names_is_description_kind(kind) ? kind : WR_KIND_UNKNOWN;
}

/* Candidates that stand in lines of their own, behind lines that say the section and the like. */
static void find_candidate_lines(wr_finder *f, wr_level *at, const char *text, size_t len)
{
    const char *end = text + len;
    unsigned lines = 0;

    for (const char *p = text, *next; p < end && lines < LINES_MAX && !f->full; p = next, lines++) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((feed != NULL ? feed : end) - p);
        next = p + n + 1;
        if (n > 10 && (p[0] == 'c' || p[0] == 'a') && wr_sdp_looks_like_candidate(p, n))
            wr_hit_add(f, at, WR_KIND_CANDIDATE, p, n);
    }
}

bool wr_find_bare(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, bool whole)
{
    const guint before = f->result->hits->len;
    size_t begin = 0;

    if (wr_bare_begins(bytes, len, whole, &begin)) {
        const size_t end = description_end(bytes, len, begin);
        const wr_kind kind = kind_of_head(bytes, begin);
        const char *text = (const char *)bytes + begin;
        if (wr_sdp_looks_like_description(text, end - begin) && !wr_is_settings_list(text, end - begin))
            wr_hit_add(f, at, kind, text, end - begin);
    } else if (g_utf8_validate((const char *)bytes, (gssize)len, NULL) && memchr(bytes, '\n', len) != NULL) {
        find_candidate_lines(f, at, (const char *)bytes, len);
    }
    return f->result->hits->len > before;
}

/* ---- what only looks like one ---- */

/* Settings written like SDP: attributes with dots in their names, and none that sets up a transport. */
bool wr_is_settings_list(const char *text, size_t len)
{
    static const char *const real[] = {
        "a=ice-", "a=fingerprint:", "a=candidate:", "a=crypto:", "a=setup:", "a=rtpmap:"};
    const char *end = text + len;
    unsigned dotted = 0, others = 0;

    for (const char *p = text, *next; p < end; p = next) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((feed != NULL ? feed : end) - p), name = strcspn(p, ":\r\n");
        next = p + n + 1;
        if (n < 3 || p[0] != 'a' || p[1] != '=')
            continue;
        for (size_t i = 0; i < G_N_ELEMENTS(real); i++)
            if (n >= strlen(real[i]) && memcmp(p, real[i], strlen(real[i])) == 0)
                return false;
        if (memchr(p, '.', MIN(n, name)) != NULL)
            dotted++;
        else
            others++;
    }
    return dotted > 0 && dotted >= others;
}
