/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that are no JSON: other notations, and events and counted messages of which each is one. */
#include <string.h>

#include "formats/json_write.h"
#include "formats/message_frames.h"
#include "formats/to_json.h"
#include "walk.h"

#define COOKIE_MAX 64 /* bytes before a blank and bencoding (rtpengine's ng) */

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
