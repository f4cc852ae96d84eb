/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP archives (HAR 1.2) as browsers' developer tools and proxies write them: one client's exchanges, with the bodies
 * and WebSocket messages as they were within TLS. Each is searched as signalling in captures is.
 */
#include "reader.h"

#include "connection/dialogue.h"
#include "find/find.h"
#include "find/message_pieces.h"
#include "formats/unwrap.h"

#include <string.h>

#define MAX_HELD 4096        /* messages of a WebSocket that wait for its URL */
#define HELD     (32u << 20) /* bytes of them */

struct wr_har {
    wr_testimony *t;
    json_object *members; /* of the entry, those that matter */
    GPtrArray *messages;  /* json_object* */
    size_t held, room;
    wr_dialogue *dialogue;
    wr_pieces *pieces[2];
    uint64_t n_entries;
};

static void put(gpointer value)
{
    json_object_put(value);
}

static void entry_begins(wr_har *h)
{
    h->members = json_object_new_object();
    h->room = WR_PIECES_ROOM / 4;
    h->dialogue = wr_dialogue_new();
    for (int i = 0; i < 2; i++)
        h->pieces[i] = wr_pieces_new(&h->room);
}

static void forget_entry(wr_har *h)
{
    json_object_put(h->members);
    g_ptr_array_set_size(h->messages, 0);
    h->held = 0;
    wr_dialogue_free(h->dialogue);
    for (int i = 0; i < 2; i++)
        wr_pieces_free(h->pieces[i]);
}

wr_har *wr_har_new(wr_testimony *t)
{
    wr_har *h = g_new0(wr_har, 1);

    h->t = t;
    h->messages = g_ptr_array_new_with_free_func(put);
    entry_begins(h);
    return h;
}

void wr_har_free(wr_har *h)
{
    if (h == NULL)
        return;
    forget_entry(h);
    g_ptr_array_free(h->messages, TRUE);
    g_free(h);
}

/* ---- what the entry says of itself ---- */

static const char *text_of(const json_object *o, const char *key)
{
    return wr_value_string(wr_value_member(o, key));
}

static const json_object *request_of(const wr_har *h)
{
    return wr_value_member(h->members, "request");
}

static const char *header(const json_object *message, const char *name)
{
    const json_object *list = wr_value_member(message, "headers");

    for (size_t i = 0; i < wr_value_size(list) && i < 512; i++) {
        const json_object *o = wr_value_element(list, i);
        const char *known = text_of(o, "name");
        if (known != NULL && g_ascii_strcasecmp(known, name) == 0)
            return text_of(o, "value");
    }
    return NULL;
}

/* "app.example:8443" out of a URL; g_free(). */
static char *host_of(const char *url)
{
    const char *host = url != NULL ? strstr(url, "://") : NULL;

    return host != NULL ? g_strndup(host + 3, strcspn(host + 3, "/?#")) : g_strdup("");
}

static bool is_websocket(const wr_har *h)
{
    const char *type = text_of(h->members, "_resourceType"), *url = text_of(request_of(h), "url");

    return h->messages->len > 0 || g_strcmp0(type, "websocket") == 0 ||
           (url != NULL && (g_str_has_prefix(url, "ws:") || g_str_has_prefix(url, "wss:")));
}

/* Exchanges of one page are one client's. Where no page is named, as in proxies' archives, in which several clients may
 * stand: a WebSocket by itself, HTTP by its server. */
static char *leg_of(const wr_har *h, const char *host)
{
    const char *page = text_of(h->members, "pageref");

    if (page != NULL)
        return g_strdup_printf("page %s", page);
    if (is_websocket(h))
        return g_strdup_printf("WebSocket %" G_GUINT64_FORMAT " to %s", h->n_entries + 1, host);
    return g_strdup_printf("HTTP to %s", host);
}

static bool is_protected(const char *url)
{
    return url == NULL || !(g_str_has_prefix(url, "ws:") || g_str_has_prefix(url, "http:"));
}

/* ---- WebSocket messages ---- */

static void tell_bytes(wr_har *h, const wr_occasion *on, const uint8_t *bytes, size_t len, wr_find_hints *hints)
{
    const unsigned side = hints->side;
    GByteArray *whole = NULL;
    wr_piece piece = WR_PIECE_NONE;

    if (wr_pieces_is_open(h->pieces[side]) || wr_pieces_may_begin(bytes, len))
        piece = wr_pieces_take(h->pieces[side], bytes, len, hints->url, &whole);
    if (piece == WR_PIECE_NONE) {
        if (wr_tell_message(h->t, on, bytes, len, hints) && wr_pieces_is_open(h->pieces[side]))
            wr_pieces_drop(h->pieces[side]);
    } else if (piece == WR_PIECE_WHOLE) {
        wr_tell_message(h->t, on, whole->data, whole->len, hints);
        g_byte_array_unref(whole);
    } else if (piece == WR_PIECE_BOUND) {
        h->t->left_out++;
    }
}

static void tell_message(wr_har *h, wr_occasion *on, const json_object *message, wr_find_hints *hints)
{
    const char *type = text_of(message, "type");
    const json_object *data = wr_value_member(message, "data");
    const char *text = wr_value_string(data);
    const size_t len = wr_value_string_length(data);
    const bool binary = wr_told_number(wr_value_member(message, "opcode")) == 2;
    GByteArray *decoded =
        binary && text != NULL ? wr_unwrap_base64((const uint8_t *)text, len, WR_FIND_MAX_MESSAGE) : NULL;

    if (text == NULL)
        return;
    on->time_us = wr_told_time(wr_value_member(message, "time"));
    on->direction =
        g_strcmp0(type, "send") == 0 || g_strcmp0(type, "request") == 0 ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED;
    hints->direction = on->direction;
    hints->side = on->direction == WR_DIRECTION_DELIVERED;
    if (decoded != NULL)
        tell_bytes(h, on, decoded->data, decoded->len, hints);
    else
        tell_bytes(h, on, (const uint8_t *)text, len, hints);
    if (decoded != NULL)
        g_byte_array_unref(decoded);
}

/* ---- bodies ---- */

static void tell_body(wr_har *h, const wr_occasion *on, const char *text, size_t len, bool packed, wr_find_hints *hints)
{
    GByteArray *decoded = packed ? wr_unwrap_base64((const uint8_t *)text, len, WR_FIND_MAX_MESSAGE) : NULL;

    if (decoded != NULL) {
        wr_tell_message(h->t, on, decoded->data, decoded->len, hints);
        g_byte_array_unref(decoded);
    } else {
        wr_tell_message(h->t, on, (const uint8_t *)text, len, hints);
    }
}

/* Fields of a form may stand one by one instead of the text. */
static void tell_fields(wr_har *h, const wr_occasion *on, const json_object *list, wr_find_hints *hints)
{
    for (size_t i = 0; i < wr_value_size(list) && i < 256; i++) {
        const json_object *value = wr_value_member(wr_value_element(list, i), "value");
        if (wr_value_is_string(value))
            tell_body(h, on, wr_value_string(value), wr_value_string_length(value), false, hints);
    }
}

static void tell_bodies(wr_har *h, wr_occasion *on, wr_find_hints *hints)
{
    const json_object *sent = wr_value_member(request_of(h), "postData");
    const json_object *got = wr_value_member(wr_value_member(h->members, "response"), "content");
    const json_object *text = wr_value_member(sent, "text");
    const int64_t start = wr_told_time(wr_value_member(h->members, "startedDateTime"));
    const double took = wr_told_number(wr_value_member(h->members, "time"));

    on->time_us = start;
    on->direction = hints->direction = WR_DIRECTION_EMITTED;
    hints->content_type = text_of(sent, "mimeType");
    hints->side = 0;
    if (wr_value_is_string(text))
        tell_body(h, on, wr_value_string(text), wr_value_string_length(text),
                  g_strcmp0(text_of(sent, "encoding"), "base64") == 0, hints);
    else
        tell_fields(h, on, wr_value_member(sent, "params"), hints);
    on->time_us = start != 0 && took > 0 && took < 1e9 ? start + (int64_t)(took * 1000) : start;
    on->direction = hints->direction = WR_DIRECTION_DELIVERED;
    hints->content_type = text_of(got, "mimeType");
    hints->side = 1;
    text = wr_value_member(got, "text");
    if (wr_value_is_string(text))
        tell_body(h, on, wr_value_string(text), wr_value_string_length(text),
                  g_strcmp0(text_of(got, "encoding"), "base64") == 0, hints);
}

/* ---- entries ---- */

static void tell_held(wr_har *h)
{
    const char *url = text_of(request_of(h), "url");
    char *host = host_of(url), *leg = leg_of(h, host);
    wr_occasion on = {.leg = leg,
                      .protected_transport = is_protected(url),
                      .server = host,
                      .user_agent = header(request_of(h), "User-Agent")};
    wr_find_hints hints = {
        .url = url, .subprotocol = header(request_of(h), "Sec-WebSocket-Protocol"), .dialogue = h->dialogue};

    if (h->t->user_agent == NULL && on.user_agent != NULL)
        h->t->user_agent = g_strndup(on.user_agent, 512);
    for (unsigned i = 0; i < h->messages->len; i++)
        tell_message(h, &on, g_ptr_array_index(h->messages, i), &hints);
    if (!is_websocket(h))
        tell_bodies(h, &on, &hints);
    g_free(leg);
    g_free(host);
}

void wr_har_member(wr_har *h, const char *name, const json_object *value)
{
    json_object_object_add(h->members, name, json_object_get((json_object *)(uintptr_t)value));
}

/* The URL may stand behind the messages; where they are too many to wait, they are told without it. */
void wr_har_message(wr_har *h, const json_object *message)
{
    const size_t size = wr_value_string_length(wr_value_member(message, "data"));

    if (h->messages->len >= MAX_HELD || h->held + size > HELD) {
        tell_held(h);
        g_ptr_array_set_size(h->messages, 0);
        h->held = 0;
    }
    g_ptr_array_add(h->messages, json_object_get((json_object *)(uintptr_t)message));
    h->held += size;
}

void wr_har_entry_ends(wr_har *h)
{
    tell_held(h);
    h->n_entries++;
    forget_entry(h);
    entry_begins(h);
}
