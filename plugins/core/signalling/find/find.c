/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds session descriptions in signalling messages: takes off framing and wrappings, reads each JSON text, and has it
 * looked through. */
#include "find/find.h"
#include "find/keywords.h"

#include <string.h>

#include "base/text.h"
#include "formats/json_text.h"
#include "formats/message_frames.h"
#include "walk.h"

#define PREFIX_TRIES        6  /* brackets in a prefix that turn out to begin no JSON */
#define SHORTEST_WORTHWHILE 24 /* bytes of a string that can hold a candidate or a description */

/* ---- JSON texts ---- */

typedef struct {
    bool read, found;
    size_t end; /* byte after the text */
} one_text;

/* Text that begins at once, or after a framing that is known, was meant to be JSON. */
static bool meant_as_json(const wr_finder *f, const uint8_t *bytes, size_t len, wr_framing framing)
{
    size_t at = 1;

    if (framing == WR_FRAMING_PREFIX || framing == WR_FRAMING_BINARY || bytes[0] == '"')
        return false;
    if (f->hints != NULL && f->hints->content_type != NULL && strstr(f->hints->content_type, "json") != NULL)
        return true;
    while (at < len && g_ascii_isspace(bytes[at]))
        at++;
    return at < len && strchr("\"{[", bytes[at]) != NULL && bytes[at] != 0;
}

/* Which packet of a message is being looked at, for the path. */
typedef struct {
    unsigned number;
    size_t path_len;
} packet_count;

/* What is read next may come to stand at the same address. */
static void let_go(wr_finder *f, json_object *root)
{
    f->last = NULL;
    json_object_put(root);
}

/* What a broken or cut text still holds: its strings, each looked at alone. Nothing is known of what surrounds them. */
static void find_in_strings(wr_finder *f, const uint8_t *bytes, size_t len)
{
    const uint8_t *p = bytes, *end = bytes + len;
    const size_t mark = f->path->len;

    g_string_append(f->path, "~broken");
    while (!f->full && f->documents < WR_FIND_MAX_DOCUMENTS && (p = memchr(p, '"', (size_t)(end - p))) != NULL) {
        wr_json_text text;
        size_t n = wr_json_string_length(p, (size_t)(end - p));
        if (n == 0)
            break;
        if (n > SHORTEST_WORTHWHILE && wr_unwrap_has_needle(p, n)) {
            f->documents++;
            text = wr_json_text_read(p, n);
            if (text.root != NULL) {
                wr_walk_root(f, text.root, NULL, WR_FRAMING_NONE);
                let_go(f, text.root);
            }
        }
        p += n;
    }
    g_string_truncate(f->path, mark);
}

static one_text find_in_text(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, wr_framing framing,
                             size_t offset, wr_origin origin)
{
    const bool direct = origin == WR_ORIGIN_MESSAGE;
    const size_t mark = f->path->len;
    one_text out = {false, false, 0};
    wr_json_text text = wr_json_text_read(bytes, len);
    guint before = f->result->hits->len;

    f->documents++;
    if (text.bound) {
        wr_find_bound(f, text.problem, direct ? offset + text.offset : 0);
    } else if (text.problem != NULL && direct && meant_as_json(f, bytes, len, framing)) {
        wr_find_wrong(f, text.problem, offset + text.offset);
        if (text.root == NULL)
            find_in_strings(f, bytes, len);
    }
    if (text.root == NULL)
        return out;
    if (wr_value_is_object(text.root) || wr_value_is_array(text.root))
        f->result->is_json = f->result->is_json || direct;
    if (origin == WR_ORIGIN_STRING && f->path->len < WR_FIND_MAX_PATH)
        g_string_append(f->path, "~json");
    wr_walk_root(f, text.root, at, framing);
    g_string_truncate(f->path, mark);
    let_go(f, text.root);
    out.read = true;
    out.found = f->result->hits->len > before;
    out.end = text.end;
    return out;
}

/* The first JSON text of bytes, whatever short prefix stands before it. */
static one_text find_first_text(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, size_t offset,
                                wr_origin origin)
{
    one_text one = {false, false, 0};
    size_t start, from = 0;
    wr_framing framing;

    for (unsigned tries = 0; tries < PREFIX_TRIES && wr_unwrap_prefix(bytes, len, from, &start, &framing); tries++) {
        f->prefix = bytes;
        f->prefix_len = start;
        one = find_in_text(f, at, bytes + start, len - start, framing, offset + start, origin);
        if (one.read) {
            one.end += start;
            return one;
        }
        if (framing != WR_FRAMING_PREFIX && framing != WR_FRAMING_BINARY)
            break;
        from = start + 1;
    }
    return one;
}

/* All JSON texts of a packet, which follow each other; what else it is, when it begins with none. */
static bool find_in_packet(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, size_t offset,
                           wr_origin origin, packet_count *count)
{
    bool found = false;
    size_t from = 0;

    while (from < len && !f->full) {
        one_text one;
        if (f->documents >= WR_FIND_MAX_DOCUMENTS) {
            wr_find_bound(f, "more JSON texts than are looked at", origin == WR_ORIGIN_MESSAGE ? offset + from : 0);
            return found;
        }
        if (++count->number > 1) {
            g_string_truncate(f->path, count->path_len);
            g_string_append_printf(f->path, "#%u", count->number);
        }
        one = find_first_text(f, at, bytes + from, len - from, offset + from, origin);
        if (!one.read)
            return wr_find_in_wrapping(f, at, bytes + from, len - from) || found;
        found = found || one.found;
        from += one.end;
    }
    return found;
}

/* Binary data: a 0x1E in it parts nothing. */
static bool is_binary(const uint8_t *bytes, size_t len)
{
    return wr_unwrap_looks_deflated(bytes, len) || (bytes[0] < 0x20 && bytes[0] != 0x1e && !g_ascii_isspace(bytes[0]));
}

/* What begins as a description, fragment or candidate. */
static bool begins_as_sdp(const uint8_t *bytes, size_t len)
{
    return len >= 8 && (bytes[1] == '=' || bytes[0] == 'c') && g_utf8_validate((const char *)bytes, (gssize)len, NULL);
}

/* Behind the head of a text frame: up to a NUL (STOMP 1.2), which ends it. */
static bool find_in_body(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    const uint8_t *zero = memchr(bytes, 0, len);

    len = zero != NULL ? (size_t)(zero - bytes) : len;
    return begins_as_sdp(bytes, len) && wr_walk_text(f, at, (const char *)bytes, len);
}

/* Packets of Engine.IO stand apart by 0x1E, or each has its length before it. */
bool wr_find_in_bytes(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, wr_origin origin)
{
    const bool whole = len > 0 && is_binary(bytes, len);
    packet_count count = {0, f->path->len};
    size_t from = len > 0 && g_ascii_isalpha(bytes[0]) ? wr_text_head(bytes, len) : 0;
    bool found = from > 0 && from < len && find_in_body(f, at, bytes + from, len - from);

    if (found)
        return true;

    f->unwraps += origin == WR_ORIGIN_STRING ? 1 : 0;
    while (from < len && !f->full) {
        const uint8_t *stop = whole ? NULL : memchr(bytes + from, 0x1e, len - from);
        size_t end = stop != NULL ? (size_t)(stop - bytes) : len, head = 0, packet = 0;
        while (from < end && !f->full) {
            if (!wr_unwrap_length_prefix(bytes + from, end - from, &head, &packet)) {
                head = 0;
                packet = end - from;
            }
            found = find_in_packet(f, at, bytes + from + head, packet, from + head, origin, &count) || found;
            from += head + packet;
        }
        from = end + 1;
    }
    g_string_truncate(f->path, count.path_len);
    f->unwraps -= origin == WR_ORIGIN_STRING ? 1 : 0;
    return found;
}

/* ---- the message ---- */

bool wr_find_in_whole(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, wr_origin origin)
{
    const guint before = f->result->hits->len;

    if (begins_as_sdp(bytes, len) && wr_walk_text(f, at, (const char *)bytes, len))
        return true;
    if (len >= 8 && (wr_find_in_events(f, at, bytes, len) || wr_find_in_counted(f, at, bytes, len) ||
                     wr_find_in_notation(f, at, bytes, len)))
        return true;
    wr_find_in_bytes(f, at, bytes, len, origin);
    if (f->result->hits->len == before)
        wr_find_bare(f, at, bytes, len, true);
    return f->result->hits->len > before;
}

wr_find_result *wr_json_find(const uint8_t *bytes, size_t len, const wr_find_hints *hints)
{
    const char *place = hints != NULL ? hints->place : NULL;
    wr_finder f;

    memset(&f, 0, sizeof f);
    f.whole = wr_find_in_whole;
    f.texts = wr_find_in_bytes;
    f.result = g_new0(wr_find_result, 1);
    f.result->hits = g_ptr_array_new_with_free_func(wr_hit_free);
    f.hints = hints;
    f.expansion = WR_FIND_MAX_EXPANSION;
    if (len > WR_FIND_MAX_MESSAGE) {
        wr_find_bound(&f, "the message is bigger than is looked at", WR_FIND_MAX_MESSAGE);
        return f.result;
    }
    f.path = g_string_new(place);
    f.strings = g_string_chunk_new(1024);
    wr_envelope_read_head(bytes, len, &f.head);
    /* A description that stands bare has no path. */
    if (!begins_as_sdp(bytes, len) || !wr_walk_text(&f, NULL, (const char *)bytes, len)) {
        g_string_assign(f.path, place != NULL ? place : "$");
        if (len > 8 && memcmp(bytes, "--", 2) == 0)
            wr_find_in_parts(&f, bytes, len);
        else if (f.path->str[f.path->len - 1] == '?')
            wr_find_in_form(&f, NULL, bytes, len);
        else
            wr_find_in_whole(&f, NULL, bytes, len, WR_ORIGIN_MESSAGE);
    }
    g_free(f.head.call);
    g_free(f.head.from);
    g_free(f.head.peer);
    g_string_free(f.path, TRUE);
    g_string_chunk_free(f.strings);
    return f.result;
}

void wr_find_result_free(wr_find_result *r)
{
    if (r == NULL)
        return;
    g_ptr_array_unref(r->hits);
    g_free(r);
}
