/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds session descriptions in signalling messages: takes off framing and wrappings, reads each JSON text, and has it
 * looked through. */
#include "find/find.h"
#include "find/keywords.h"

#include <string.h>

#include "base/text.h"
#include "formats/json_text.h"
#include "formats/to_json.h"
#include "walk.h"

#define PREFIX_TRIES        6     /* brackets in a prefix that turn out to begin no JSON */
#define EVENT_LOOK          4096  /* bytes of a message that are searched for words like "join" */
#define EVENT_LONGEST       16384 /* bytes of a message that says a party comes or goes, and nothing else */
#define SHORTEST_WORTHWHILE 24    /* bytes of a string that can hold a candidate or a description */
#define SHAPE_LOOK          100   /* bytes at the start that tell what a message may be */

/* ---- wrappings ---- */

/* Bytes that were made out of others, found under path + step. */
static bool find_in_made(wr_finder *f, wr_level *at, const char *step, const uint8_t *bytes, size_t len)
{
    const size_t mark = f->path->len;
    bool found;

    if (f->unwraps >= WR_FIND_MAX_UNWRAP) {
        wr_find_bound(f, "texts are nested in texts too deep to be read", 0);
        return false;
    }
    if (f->path->len + strlen(step) <= WR_FIND_MAX_PATH)
        g_string_append(f->path, step);
    found = (len >= 8 && g_utf8_validate((const char *)bytes, (gssize)len, NULL) &&
             wr_walk_text(f, at, (const char *)bytes, len)) ||
            wr_find_in_bytes(f, at, bytes, len, WR_ORIGIN_MADE);
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
        found = find_in_made(f, at, "~gz", made->data, made->len);
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
        found = find_in_made(f, at, "~b64", made->data, made->len);
        g_byte_array_unref(made);
    }
    return found;
}

static bool find_in_form(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    bool found = false;
    size_t from = 0;
    char *name;
    GByteArray *value;

    if (!may_make(f, len))
        return false;
    while (!f->full && wr_unwrap_form_next(bytes, len, &from, &name, &value)) {
        const size_t mark = f->path->len;
        if (f->path->len + strlen(name) < WR_FIND_MAX_PATH)
            g_string_append_printf(f->path, ".%s", name);
        if (wr_json_find_worthwhile(value->data, value->len) && find_in_made(f, at, "~form", value->data, value->len))
            found = true;
        g_string_truncate(f->path, mark);
        g_free(name);
        g_byte_array_unref(value);
    }
    return found;
}

/* Parts with a type of their own come from the multipart dissector, each by itself. */
static bool find_in_parts(wr_finder *f, const uint8_t *bytes, size_t len)
{
    size_t from = 0, value_len = 0;
    const uint8_t *value;
    bool found = false;
    char *name;

    while (!f->full && wr_unwrap_part_next(bytes, len, &from, &name, &value, &value_len)) {
        char *step = g_strconcat(".", name, NULL);
        if (wr_json_find_worthwhile(value, value_len))
            found = find_in_made(f, NULL, step, value, value_len) || found;
        g_free(step);
        g_free(name);
    }
    return found;
}

static bool find_in_wrapping(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len)
{
    size_t skip = 0;

    if (wr_unwrap_looks_deflated(bytes, len))
        return find_in_deflated(f, at, bytes, len);
    /* A binary packet of Engine.IO polling stands as "b" and base64. */
    if (len > 1 && bytes[0] == 'b' && !wr_unwrap_looks_base64(bytes, len) && wr_unwrap_looks_base64(bytes + 1, len - 1))
        skip = 1;
    if (wr_unwrap_looks_base64(bytes + skip, len - skip))
        return find_in_base64(f, at, bytes + skip, len - skip);
    if (wr_unwrap_looks_form(bytes, len))
        return find_in_form(f, at, bytes, len);
    return false;
}

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
            return find_in_wrapping(f, at, bytes + from, len - from) || found;
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

/* Packets of Engine.IO stand apart by 0x1E, or each has its length before it. */
bool wr_find_in_bytes(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, wr_origin origin)
{
    const bool whole = len > 0 && is_binary(bytes, len);
    packet_count count = {0, f->path->len};
    bool found = false;
    size_t from = 0;

    f->unwraps += origin == WR_ORIGIN_MESSAGE ? 0 : 1;
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
    f->unwraps -= origin == WR_ORIGIN_MESSAGE ? 0 : 1;
    return found;
}

/* ---- other notations ---- */

/* XML, MessagePack and Protocol Buffers are looked through like the JSON that they correspond to. */
static bool find_in_other_notation(wr_finder *f, const uint8_t *bytes, size_t len)
{
    bool bound = false;
    json_object *root = wr_xml_to_json(bytes, len, &bound);

    if (root == NULL)
        root = wr_msgpack_to_json(bytes, len, &bound);
    if (root == NULL)
        root = wr_protobuf_to_json(bytes, len, &bound);
    if (bound)
        wr_find_bound(f, "the message has more values, or is nested deeper, than is looked at", 0);
    if (root == NULL)
        return false;
    wr_walk_root(f, root, NULL, WR_FRAMING_NONE);
    let_go(f, root);
    return f->result->hits->len > 0;
}

/* ---- the message ---- */

wr_find_result *wr_json_find(const uint8_t *bytes, size_t len, const wr_find_hints *hints)
{
    wr_finder f;

    memset(&f, 0, sizeof f);
    f.result = g_new0(wr_find_result, 1);
    f.result->hits = g_ptr_array_new_with_free_func(wr_hit_free);
    f.hints = hints;
    f.expansion = WR_FIND_MAX_EXPANSION;
    if (len > WR_FIND_MAX_MESSAGE) {
        wr_find_bound(&f, "the message is bigger than is looked at", WR_FIND_MAX_MESSAGE);
        return f.result;
    }
    f.path = g_string_new(NULL);
    f.strings = g_string_chunk_new(1024);
    if (hints != NULL && hints->place != NULL)
        g_string_assign(f.path, hints->place);
    wr_envelope_read_head(bytes, len, &f.head);
    /* A description that stands bare has no path. */
    if (len < 8 || !(bytes[1] == '=' || bytes[0] == 'c') || !wr_walk_text(&f, NULL, (const char *)bytes, len)) {
        g_string_assign(f.path, hints != NULL && hints->place != NULL ? hints->place : "$");
        if (len > 8 && memcmp(bytes, "--", 2) == 0)
            find_in_parts(&f, bytes, len);
        else if (len < 8 || !find_in_other_notation(&f, bytes, len))
            wr_find_in_bytes(&f, NULL, bytes, len, WR_ORIGIN_MESSAGE);
    }
    g_free(f.head.call);
    g_free(f.head.from);
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

/* ---- is it worth it ---- */

/* Something that this file can open begins in the first bytes: JSON, a form, or a binary header before JSON. */
static bool has_shape(const uint8_t *bytes, size_t len)
{
    size_t n = MIN(len, (size_t)SHAPE_LOOK);

    for (size_t i = 0; i < n; i++)
        if (bytes[i] == '{' || bytes[i] == '[' || bytes[i] == '%' || bytes[i] == '"')
            return true;
    return bytes[0] < 0x20 && memchr(bytes, '{', MIN(len, (size_t)WR_UNWRAP_MAX_BINARY_PREFIX)) != NULL;
}

/* XMPP's words stand near the beginning of a stanza; the header of gzip or zlib, where what was packed begins. */
static bool other_notation_is_worthwhile(const uint8_t *bytes, size_t len)
{
    static const char *const stanza_words[] = {"jingle", "<sdp", "extraParams", "colibri"};
    size_t look = MIN(len, (size_t)EVENT_LOOK);

    if (wr_looks_like_xml(bytes, len)) {
        for (size_t i = 0; i < G_N_ELEMENTS(stanza_words); i++)
            if (wr_text_find((const char *)bytes, look, stanza_words[i]) != NULL)
                return true;
        return false;
    }
    if (!wr_looks_like_msgpack(bytes, len) && !wr_looks_like_protobuf(bytes, len))
        return false;
    for (size_t i = 0; i + 8 < look; i++)
        if ((bytes[i] == 0x1f || bytes[i] == 0x78) && wr_unwrap_looks_deflated(bytes + i, look - i))
            return true;
    return wr_unwrap_has_needle(bytes, len);
}

bool wr_json_find_worthwhile(const uint8_t *bytes, size_t len)
{
    if (len < 8)
        return false;
    if (bytes[0] != '{' && bytes[0] != '[' && other_notation_is_worthwhile(bytes, len))
        return true;
    if (wr_unwrap_looks_deflated(bytes, len) || wr_unwrap_looks_base64(bytes, len) ||
        (bytes[0] == 'b' && wr_unwrap_looks_base64(bytes + 1, len - 1)))
        return true;
    if (has_shape(bytes, len)) {
        return len <= EVENT_LONGEST ? wr_unwrap_has_needle_or_event(bytes, len, EVENT_LOOK)
                                    : wr_unwrap_has_needle(bytes, len);
    }
    return (memcmp(bytes, "--", 2) == 0 || memcmp(bytes, "v=0", 3) == 0 || memcmp(bytes, "a=", 2) == 0 ||
            memcmp(bytes, "m=", 2) == 0 || (len >= 10 && memcmp(bytes, "candidate:", 10) == 0)) &&
           wr_unwrap_has_needle(bytes, len);
}
