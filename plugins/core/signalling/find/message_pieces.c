/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts signalling messages together that came as several messages of their carrier. */
#include "find/message_pieces.h"

#include <string.h>

#include "chunk.h"
#include "find/find.h"
#include "formats/json_text.h"
#include "formats/json_write.h"
#include "formats/unwrap.h"

#define LONGEST_NUMBER 6     /* characters of a message that may be a number of parts, by Firebase's client */
#define FULL_PART      16384 /* UTF-16 units of every part but the last, by the same */
#define PLACEHOLDER    "\"_placeholder\""

typedef enum { IDLE = 0, COUNTED, COLLECTING, EVENT, CHUNKS } state;

struct wr_pieces {
    state state;
    size_t *room;
    unsigned want, got;
    bool sure;        /* the URL is Firebase's */
    char *id;         /* of the text whose chunks are collected */
    GByteArray *text; /* parts so far, or the event; NULL in IDLE and COUNTED */
};

wr_pieces *wr_pieces_new(size_t *room)
{
    wr_pieces *p = g_new0(wr_pieces, 1);

    p->room = room;
    return p;
}

void wr_pieces_drop(wr_pieces *p)
{
    if (p->text != NULL) {
        *p->room += p->text->len;
        g_byte_array_unref(p->text);
    }
    g_clear_pointer(&p->id, g_free);
    p->text = NULL;
    p->state = IDLE;
    p->want = p->got = 0;
}

void wr_pieces_free(wr_pieces *p)
{
    if (p != NULL) {
        wr_pieces_drop(p);
        g_free(p);
    }
}

bool wr_pieces_is_open(const wr_pieces *p)
{
    return p->state != IDLE;
}

static bool keep(wr_pieces *p, const uint8_t *bytes, size_t len, size_t most)
{
    size_t have = p->text != NULL ? p->text->len : 0;

    if (len > *p->room || len > most || have > most - len)
        return false;
    if (p->text == NULL)
        p->text = g_byte_array_new();
    g_byte_array_append(p->text, bytes, (guint)len);
    *p->room -= len;
    return true;
}

/* ---- Firebase ---- */

static unsigned number_of_parts(const uint8_t *bytes, size_t len)
{
    unsigned n = 0;

    if (len == 0 || len > LONGEST_NUMBER)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (!g_ascii_isdigit(bytes[i]))
            return 0;
        n = n * 10 + (unsigned)(bytes[i] - '0');
    }
    return n;
}

static size_t utf16_units(const uint8_t *bytes, size_t len)
{
    size_t units = 0;

    for (size_t i = 0; i < len; i++) {
        units += (bytes[i] & 0xc0) != 0x80; /* the first byte of a character */
        units += bytes[i] >= 0xf0;
    }
    return units;
}

static bool url_is_firebase(const char *url)
{
    return url != NULL && g_str_has_prefix(url, "/.ws") && (url[4] == '?' || url[4] == '\0');
}

/* Engine.IO's ping and pong are numbers, too: without the URL a part must be as long as Firebase makes it, and the
 * first must begin as its messages do. */
static bool fits(const wr_pieces *p, const uint8_t *bytes, size_t len)
{
    static const char begin[] = "{\"t\":";

    if (p->sure)
        return true;
    if (p->got == 0 && (len < sizeof begin || memcmp(bytes, begin, sizeof begin - 1) != 0))
        return false;
    return p->got + 1 == p->want || utf16_units(bytes, len) == FULL_PART;
}

static wr_piece take_part(wr_pieces *p, const uint8_t *bytes, size_t len, GByteArray **whole)
{
    p->state = COLLECTING;
    if (p->want > WR_PIECES_MAX || !keep(p, bytes, len, WR_PIECES_MAX_BYTES)) {
        wr_pieces_drop(p);
        return WR_PIECE_BOUND;
    }
    if (++p->got < p->want)
        return WR_PIECE_PART;
    *whole = g_byte_array_ref(p->text);
    wr_pieces_drop(p);
    return WR_PIECE_WHOLE;
}

/* ---- Socket.IO ---- */

/* "451-/ns,12[…": how many binary values follow, and in *head the bytes up to and with the dash; 0: not such an event.
 */
static unsigned number_of_values(const uint8_t *bytes, size_t len, size_t *head)
{
    unsigned n = 0;
    size_t at = 2;

    if (len < 8 || bytes[0] != '4' || (bytes[1] != '5' && bytes[1] != '6'))
        return 0;
    while (at < 8 && at < len && g_ascii_isdigit(bytes[at]))
        n = n * 10 + (unsigned)(bytes[at++] - '0');
    *head = at + 1;
    return at < len && bytes[at] == '-' ? n : 0;
}

/* A text packet of Engine.IO 4 cannot come between an event and its values. */
static bool is_text_packet(const uint8_t *bytes, size_t len)
{
    return len > 0 && bytes[0] >= '0' && bytes[0] <= '6' && (len == 1 || bytes[0] != '4' || g_ascii_isdigit(bytes[1]));
}

/* The place of value number num under value; returns a new reference to what then stands there. */
static json_object *with_value(json_object *value, unsigned num, json_object *instead, unsigned depth)
{
    const json_object *number = wr_value_member(value, "num");

    if (wr_value_is_true(wr_value_member(value, "_placeholder")) && wr_value_is_integer(number))
        return json_object_get(wr_value_integer(number) == (int64_t)num ? instead : value);
    if (depth > WR_FIND_MAX_DEPTH)
        return json_object_get(value);
    /* A member that is there already is replaced in its place: the walk goes on from it. */
    for (struct lh_entry *e = wr_value_first(value); e != NULL; e = lh_entry_next(e))
        json_object_object_add(value, wr_entry_name(e), with_value(wr_entry_value(e), num, instead, depth + 1));
    for (size_t i = 0; i < wr_value_size(value); i++)
        json_object_array_put_idx(value, i, with_value(wr_value_element(value, i), num, instead, depth + 1));
    return json_object_get(value);
}

/* Text as it is, what is packed as base64, by which the search unpacks it; NULL for what it could not read so. */
static json_object *value_of(const uint8_t *bytes, size_t len)
{
    json_object *value;
    char *text;

    if (len > 1 && bytes[0] == 4) { /* Engine.IO 3: the packet's type */
        bytes++;
        len--;
    }
    if (!wr_json_find_worthwhile(bytes, len))
        return NULL;
    if (!wr_unwrap_looks_deflated(bytes, len))
        return wr_value_new_string((const char *)bytes, len); /* NULL when it is no UTF-8 */
    text = g_base64_encode(bytes, len);
    value = wr_value_new_text(text);
    g_free(text);
    return value;
}

static GByteArray *event_with(const GByteArray *event, unsigned num, const uint8_t *bytes, size_t len)
{
    size_t head = 0, text_at;
    const uint8_t *bracket;
    json_object *value, *root;
    wr_json_text text;
    GByteArray *out = NULL;
    const char *made;

    number_of_values(event->data, event->len, &head);
    bracket = memchr(event->data + head, '[', event->len - head);
    value = bracket != NULL ? value_of(bytes, len) : NULL;
    if (value == NULL)
        return NULL;
    text_at = (size_t)(bracket - event->data);
    text = wr_json_text_read(bracket, event->len - text_at);
    root = text.root != NULL ? with_value(text.root, num, value, 0) : NULL;
    made = root != NULL ? json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
                        : NULL;
    if (made != NULL) {
        /* As the event would be with all its values in it. */
        out = g_byte_array_new();
        g_byte_array_append(out, (const uint8_t *)(event->data[1] == '5' ? "42" : "43"), 2);
        g_byte_array_append(out, event->data + head, (guint)(text_at - head));
        g_byte_array_append(out, (const uint8_t *)made, (guint)strlen(made));
    }
    json_object_put(root);
    json_object_put(text.root);
    json_object_put(value);
    return out;
}

static wr_piece take_value(wr_pieces *p, const uint8_t *bytes, size_t len, GByteArray **whole)
{
    *whole = len <= WR_PIECES_MAX_BYTES ? event_with(p->text, p->got, bytes, len) : NULL;
    if (++p->got == p->want)
        wr_pieces_drop(p);
    return *whole != NULL ? WR_PIECE_WHOLE : WR_PIECE_NONE;
}

/* ---- chunks ---- */

/* The last message with the whole text in the place of its part. */
static GByteArray *message_with(wr_pieces *p, wr_chunk *c)
{
    json_object *whole = wr_value_new_string((const char *)p->text->data, p->text->len);
    char *name = g_strdup(c->name);
    const char *made;
    GByteArray *out;

    if (whole != NULL)
        json_object_object_add(c->holder, name, whole);
    g_free(name);
    made = json_object_to_json_string_ext(c->root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    if (whole == NULL || made == NULL)
        return NULL;
    out = g_byte_array_new();
    g_byte_array_append(out, (const uint8_t *)made, (guint)strlen(made));
    return out;
}

/* Parts come one after the other, and each says which it is. */
static wr_piece take_chunk(wr_pieces *p, wr_chunk *c, GByteArray **whole)
{
    if (p->state != CHUNKS || g_strcmp0(p->id, c->id) != 0 || c->index != p->got) {
        wr_pieces_drop(p);
        if (c->index > 1)
            return WR_PIECE_NONE;
        p->state = CHUNKS;
        p->id = g_strdup(c->id);
        p->got = c->index;
        p->want = c->last + c->index; /* what counts from one ends one later */
    }
    if (c->last >= WR_PIECES_MAX || !keep(p, (const uint8_t *)c->text, c->len, WR_PIECES_MAX_BYTES)) {
        wr_pieces_drop(p);
        return WR_PIECE_BOUND;
    }
    if (p->got++ < p->want)
        return WR_PIECE_PART;
    *whole = message_with(p, c);
    wr_pieces_drop(p);
    return *whole != NULL ? WR_PIECE_WHOLE : WR_PIECE_NONE;
}

/* ---- all ---- */

bool wr_pieces_may_begin(const uint8_t *bytes, size_t len)
{
    size_t head;

    return wr_chunk_may(bytes, len) || number_of_parts(bytes, len) > 1 || number_of_values(bytes, len, &head) > 0;
}

static wr_piece begin(wr_pieces *p, const uint8_t *bytes, size_t len, const char *url)
{
    size_t head = 0;
    unsigned values = number_of_values(bytes, len, &head);

    p->want = number_of_parts(bytes, len);
    if (p->want > 1) {
        p->state = COUNTED;
        p->sure = url_is_firebase(url);
    } else if (values > 0 && g_strstr_len((const char *)bytes, (gssize)len, PLACEHOLDER) != NULL) {
        if (values > WR_PIECES_MAX || !keep(p, bytes, len, WR_PIECES_MAX_EVENT)) {
            wr_pieces_drop(p);
            return WR_PIECE_BOUND;
        }
        p->want = values;
        p->state = EVENT;
    }
    return WR_PIECE_NONE;
}

wr_piece wr_pieces_take(wr_pieces *p, const uint8_t *bytes, size_t len, const char *url, GByteArray **whole)
{
    wr_chunk chunk;
    wr_piece piece;

    *whole = NULL;
    if (wr_chunk_may(bytes, len) && wr_chunk_read(bytes, len, &chunk)) {
        piece = take_chunk(p, &chunk, whole);
        wr_chunk_clear(&chunk);
        return piece;
    }
    if ((p->state == COUNTED || p->state == COLLECTING) && fits(p, bytes, len))
        return take_part(p, bytes, len, whole);
    if (p->state == EVENT && !is_text_packet(bytes, len))
        return take_value(p, bytes, len, whole);
    if (p->state == CHUNKS)
        return WR_PIECE_NONE; /* others may come in between */
    wr_pieces_drop(p);
    return begin(p, bytes, len, url);
}
