/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ties a message to what its connection said before: an answer to its request by their id, and what follows a join to
 * the call that was joined. Fills only what the message itself leaves open. */
#include <string.h>

#include "connection/dialogue.h"
#include "formats/json_text.h"
#include "walk.h"

#define LONGEST_ID       128  /* bytes; by a longer id nothing is tied */
#define LONGEST_EXCHANGE 4096 /* bytes of a message that asks or answers and holds nothing else of note */

static wr_dialogue *dialogue_of(const wr_finder *f)
{
    return f->hints != NULL ? f->hints->dialogue : NULL;
}

/* ---- ids ---- */

/* A number and the same digits as text are two ids (JSON-RPC 2.0 4). */
static char *id_of(const char *family, const json_object *id)
{
    if (wr_value_is_integer(id))
        return g_strdup_printf("%s n%" PRId64, family, wr_value_integer(id));
    if (wr_value_is_string(id) && wr_value_string_length(id) <= LONGEST_ID)
        return g_strdup_printf("%s s%s", family, wr_value_string(id));
    return NULL;
}

/* JSON-RPC 1.0 and 2.0, protoo of mediasoup's demo, Agora, Socket.IO packed as MessagePack. */
static char *object_id(const json_object *o, bool *answers)
{
    json_object *id;
    const bool has_id = json_object_object_get_ex(o, "id", &id);
    const bool method = wr_value_is_string(wr_value_member(o, "method"));

    *answers = false;
    if (has_id && method &&
        (wr_value_has(o, "jsonrpc") || wr_value_has(o, "params") || wr_value_is_true(wr_value_member(o, "request"))))
        return id_of("rpc", id);
    if (wr_value_has(o, "_type") && wr_value_has(o, "_message"))
        return id_of("agora", wr_value_member(o, "_id"));
    if (has_id && wr_value_has(o, "nsp") && wr_value_is_integer(wr_value_member(o, "type"))) {
        int64_t type = wr_value_integer(wr_value_member(o, "type"));
        char *family = g_strdup_printf("socketio %.64s", wr_value_string(wr_value_member(o, "nsp")));
        char *text = type == 2 || type == 3 || type == 5 || type == 6 ? id_of(family, id) : NULL;
        *answers = type == 3 || type == 6;
        g_free(family);
        return text;
    }
    *answers = true;
    if (has_id && !method &&
        (wr_value_has(o, "result") || wr_value_is_true(wr_value_member(o, "response")) ||
         (wr_value_has(o, "jsonrpc") && wr_value_has(o, "error"))))
        return id_of("rpc", id);
    return wr_value_has(o, "_result") ? id_of("agora", wr_value_member(o, "_id")) : NULL;
}

/* "42/ns,12[": an event that wants an acknowledgement, "43/ns,12[": that. What has binary values comes with them once
 * more. */
static char *socketio_id(const uint8_t *prefix, size_t len, bool *answers)
{
    const size_t begin = 2;
    size_t digits = 0;

    while (digits < len && g_ascii_isdigit(prefix[len - 1 - digits]))
        digits++;
    if (len < 3 || len > LONGEST_ID || prefix[0] != '4' || (prefix[1] != '2' && prefix[1] != '3'))
        return NULL;
    *answers = prefix[1] == '3';
    digits = MIN(digits, len - begin);
    return digits == 0 ? NULL
                       : g_strdup_printf("ack %.*s %.*s", (int)(len - digits - begin), (const char *)prefix + begin,
                                         (int)digits, (const char *)prefix + len - digits);
}

static char *exchange_id(const wr_finder *f, const wr_level *root, bool *answers)
{
    if (wr_value_is_object(root->value))
        return object_id(root->value, answers);
    return root->framing == WR_FRAMING_SOCKETIO && f->prefix != NULL ? socketio_id(f->prefix, f->prefix_len, answers)
                                                                     : NULL;
}

/* Members of a request or of the answer to one, from quote to quote: "id" and one of the others. */
static bool has_members(const char *bytes, size_t len)
{
    static const char *const words[] = {"id\"", "method\"", "result\"", "response\"", "error\""};
    const char *p = bytes, *end = bytes + len;
    unsigned seen = 0;

    while ((seen & 1) == 0 || seen == 1) {
        p = memchr(p, '"', (size_t)(end - p));
        if (p == NULL)
            return false;
        p++;
        if (end - p > 1 && (*p == 'i' || *p == 'm' || *p == 'r' || *p == 'e')) {
            for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
                if (p[0] == words[i][0] && p[1] == words[i][1] && (size_t)(end - p) >= strlen(words[i]) &&
                    memcmp(p, words[i], strlen(words[i])) == 0)
                    seen |= 1u << i;
        }
    }
    return true;
}

bool wr_json_find_exchanges(const uint8_t *bytes, size_t len)
{
    if (len < 8 || len > LONGEST_EXCHANGE)
        return false;
    if (bytes[0] == '4')
        return (bytes[1] == '2' || bytes[1] == '3') && (bytes[2] == '/' || g_ascii_isdigit(bytes[2]));
    return bytes[0] == '{' && has_members((const char *)bytes, len);
}

/* ---- requests ---- */

/* What is asked for: "method", of a Socket.IO event that of its first argument, else the event's name. */
static const char *method_of(const wr_level *root)
{
    const json_object *holder = wr_value_is_array(root->value) ? wr_value_element(root->value, 1) : root->value;
    const char *method = wr_value_string(wr_value_member(holder, "method"));

    return method != NULL ? method : root->event;
}

/* Of several descriptions that name different calls or parties, no one speaks for the request. */
static void agree(char **said, const char *other)
{
    if (g_strcmp0(*said, other) != 0) {
        g_free(*said);
        *said = NULL;
    }
}

static void ask_of_hits(const GPtrArray *hits, guint before, wr_asked *asked)
{
    const wr_hit *hit = g_ptr_array_index(hits, before);

    asked->kind = hit->kind;
    asked->dialect = hit->dialect;
    asked->call = g_strdup(hit->call);
    asked->from = g_strdup(hit->from);
    asked->to = g_strdup(hit->to);
    for (guint i = before + 1; i < hits->len; i++) {
        hit = g_ptr_array_index(hits, i);
        agree(&asked->call, hit->call);
        agree(&asked->from, hit->from);
        agree(&asked->to, hit->to);
    }
}

static void remember(wr_finder *f, wr_level *root, const char *id, guint before)
{
    wr_asked asked = {WR_KIND_UNKNOWN, NULL, NULL, NULL, NULL, NULL};
    const char *method = method_of(root);

    asked.method = method != NULL && strlen(method) <= LONGEST_ID ? g_strdup(method) : NULL;
    if (f->result->hits->len > before) {
        ask_of_hits(f->result->hits, before, &asked);
    } else {
        wr_level_resolve(f, root);
        wr_level_look_below(f, root);
        asked.dialect = root->dialect != NULL ? root->dialect->name : NULL;
        asked.call = g_strdup(root->call);
        asked.from = g_strdup(root->from);
        asked.to = g_strdup(root->to);
    }
    if (!wr_dialogue_ask(dialogue_of(f), f->hints->side, id, &asked)) {
        f->result->recalled = true;
        wr_find_bound(f, "more requests of one connection wait for their answers than are remembered", 0);
    }
    g_free(asked.method);
    g_free(asked.call);
    g_free(asked.from);
    g_free(asked.to);
}

void wr_exchange_begin(wr_finder *f, wr_level *root)
{
    f->exchange = dialogue_of(f) != NULL ? exchange_id(f, root, &f->answers) : NULL;
    if (f->exchange != NULL && f->answers)
        f->asked = wr_dialogue_answer(dialogue_of(f), f->hints->side, f->exchange);
}

void wr_exchange_end(wr_finder *f, wr_level *root, guint before)
{
    if (f->exchange != NULL && !f->answers)
        remember(f, root, f->exchange, before);
    g_free(f->exchange);
    wr_asked_free(f->asked);
    f->exchange = NULL;
    f->asked = NULL;
}

/* ---- what is left open ---- */

static void fill(wr_finder *f, char **open, const char *known)
{
    if (*open == NULL && known != NULL) {
        *open = g_strdup(known);
        f->result->recalled = true;
    }
}

wr_kind wr_exchange_kind(wr_finder *f)
{
    wr_kind kind = WR_KIND_UNKNOWN;

    if (f->asked == NULL)
        return kind;
    if (f->asked->kind == WR_KIND_OFFER)
        kind = WR_KIND_ANSWER;
    else if (f->asked->kind == WR_KIND_UNKNOWN && f->asked->method != NULL)
        kind = wr_names_kind_of_word(f->asked->method);
    if (!wr_names_is_description_kind(kind))
        return WR_KIND_UNKNOWN;
    f->result->recalled = true;
    return kind;
}

/* A mediasoup server tells of its new transport in the answer to a request for one, whatever carries it: like an offer.
 */
static void fill_transport(wr_finder *f, wr_hit *hit)
{
    if (hit->kind == WR_KIND_FRAGMENT && f->asked->method != NULL && hit->text != NULL &&
        g_str_has_prefix(f->asked->method, "createWebRtcTransport") && strstr(hit->text, "a=fingerprint:") != NULL &&
        strstr(hit->text, "a=ice-ufrag:") != NULL) {
        hit->kind = WR_KIND_OFFER;
        f->result->recalled = true;
    }
}

static void fill_from_request(wr_finder *f, wr_hit *hit)
{
    fill(f, &hit->call, f->asked->call);
    fill(f, &hit->from, f->asked->to);
    fill(f, &hit->to, f->asked->from);
    fill_transport(f, hit);
    if (f->asked->dialect != NULL && strcmp(hit->dialect, f->asked->dialect) != 0 &&
        strcmp(hit->dialect, "generic") == 0) {
        hit->dialect = f->asked->dialect;
        f->result->recalled = true;
    }
}

static void fill_from_join(wr_finder *f, const wr_level *at, wr_hit *hit)
{
    wr_dialogue *d = dialogue_of(f);
    const wr_joined *joined = wr_dialogue_joined(d);
    const bool ours = f->hints->direction == WR_DIRECTION_EMITTED;

    if (hit->kind == WR_KIND_JOIN) {
        if (ours)
            wr_dialogue_join(d, f->hints->side, at->dialect->name, hit->call, hit->from);
        return;
    }
    if (joined == NULL || strcmp(joined->dialect, at->dialect->name) != 0)
        return;
    fill(f, &hit->call, joined->call);
    fill(f, joined->side == f->hints->side ? &hit->from : &hit->to, joined->party);
    if (hit->kind == WR_KIND_BYE && ours)
        wr_dialogue_leave(d);
}

void wr_exchange_fill(wr_finder *f, const wr_level *at, wr_hit *hit)
{
    if (dialogue_of(f) == NULL)
        return;
    if (f->asked != NULL)
        fill_from_request(f, hit);
    if (at != NULL && at->dialect != NULL && at->dialect->one_call)
        fill_from_join(f, at, hit);
}
