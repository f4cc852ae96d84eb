/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says whose a found description is: kind, call, from and to out of what stands around it, by the dialect's row and
 * by names common to all. */
#include <string.h>

#include "formats/json_text.h"
#include "walk.h"

/* ---- kind ---- */

static wr_kind word_at_level(const wr_level *level, bool (*wanted)(wr_kind))
{
    wr_kind kind = level->event != NULL ? wr_names_kind_of_word(level->event) : WR_KIND_UNKNOWN;

    if (wanted(kind))
        return kind;
    for (unsigned i = 0; i < level->names.n_words; i++) {
        kind = wr_names_kind_of_word(level->names.words[i]);
        if (wanted(kind))
            return kind;
    }
    return WR_KIND_UNKNOWN;
}

wr_kind wr_level_description_kind(wr_finder *f, wr_level *at, const char *key, const char *text, size_t len)
{
    wr_kind kind = WR_KIND_UNKNOWN;
    const char *type = at != NULL ? wr_value_string(wr_value_member(at->value, "type")) : NULL;

    if (type != NULL) {
        kind = wr_names_kind_of_type(type);
        if (wr_names_is_description_kind(kind))
            return kind;
    }
    wr_level_resolve(f, at);
    if (at != NULL && at->dialect != NULL) {
        kind = wr_dialect_kind(at->dialect, at->message->value, f->hints);
        if (wr_names_is_description_kind(kind))
            return kind;
    }
    for (const wr_level *level = at; level != NULL; level = level->up) {
        kind = word_at_level(level, wr_names_is_description_kind);
        if (kind != WR_KIND_UNKNOWN)
            return kind;
    }
    kind = wr_names_kind_of_setup(text, len);
    if (kind == WR_KIND_UNKNOWN)
        kind = wr_exchange_kind(f);
    /* Member names lie most often, so they come last. */
    if (kind == WR_KIND_UNKNOWN && key != NULL)
        kind = wr_names_kind_of_word(key);
    for (const wr_level *level = at; kind == WR_KIND_UNKNOWN && level != NULL; level = level->up)
        kind = level->key != NULL ? wr_names_kind_of_word(level->key) : WR_KIND_UNKNOWN;
    return wr_names_is_description_kind(kind) ? kind : WR_KIND_UNKNOWN;
}

static bool is_candidate_kind(wr_kind kind)
{
    return kind == WR_KIND_CANDIDATE;
}

bool wr_level_means_candidate(wr_finder *f, wr_level *at)
{
    wr_level_resolve(f, at);
    for (const wr_level *level = at; level != NULL; level = level->up) {
        if (word_at_level(level, is_candidate_kind) == WR_KIND_CANDIDATE)
            return true;
        if (level->key != NULL && wr_names_kind_of_word(level->key) == WR_KIND_CANDIDATE)
            return true;
    }
    return false;
}

/* ---- adding ---- */

static const char *dialect_name(const wr_level *at)
{
    if (at != NULL && at->dialect != NULL)
        return at->dialect->name;
    for (; at != NULL; at = at->up)
        if (at->framing == WR_FRAMING_SOCKETIO || at->framing == WR_FRAMING_SOCKETIO_0)
            return "socketio";
    return "generic";
}

/* {"peerId":…} in what a client sends is its own name or the other's: only who names both says which. */
static bool may_be_other(const wr_finder *f, const wr_level *at)
{
    const wr_direction direction = f->hints != NULL ? f->hints->direction : WR_DIRECTION_UNKNOWN;

    return at->sender == WR_SENDER_OR_OTHER && at->to == NULL && direction == WR_DIRECTION_EMITTED;
}

static bool is_join(wr_kind kind)
{
    return kind == WR_KIND_JOIN;
}

/* A nickname. {"name":…} in what a client sends is as often the other's, but in a join, and where the other is named.
 */
static const char *nick_of(const wr_finder *f, const wr_level *at)
{
    if (!at->plain_name || at->to != NULL || f->hints == NULL || f->hints->direction != WR_DIRECTION_EMITTED)
        return at->nick;
    for (const wr_level *level = at; level != NULL; level = level->up)
        if (word_at_level(level, is_join) == WR_KIND_JOIN)
            return at->nick;
    return NULL;
}

/* A nickname will do where no row says where the sender stands. Of caller and callee the one offers, the other answers;
 * who of them sends a candidate is not told. */
static const char *sender_of(const wr_finder *f, const wr_level *at, wr_kind kind)
{
    const char *role = kind == WR_KIND_OFFER ? at->caller : wr_kind_is_answer(kind) ? at->callee : NULL;

    if (at->from != NULL && (at->sender == WR_SENDER_SAID || role == NULL) && !may_be_other(f, at))
        return at->from;
    if (at->from == NULL && at->dialect != NULL && at->dialect->from != NULL)
        return NULL;
    return role != NULL ? role : nick_of(f, at);
}

static const char *receiver_of(const wr_level *at, wr_kind kind)
{
    if (at->to != NULL)
        return at->to;
    return kind == WR_KIND_OFFER ? at->callee : wr_kind_is_answer(kind) ? at->caller : NULL;
}

static char *member_text(const json_object *object, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *text = wr_json_text_of(wr_value_member(object, names[i]));
        if (text != NULL)
            return text;
    }
    return NULL;
}

/* Section and credentials that a trickled candidate names, beside it or, for a list of lines, beside the list. */
static void fill_candidate(wr_hit *hit, const wr_level *at)
{
    static const char *const mids[] = {"sdpMid", "sdp_mid", "mid"};
    static const char *const ufrags[] = {"usernameFragment", "username_fragment", "ufrag"};
    const wr_level *level = at != NULL && wr_value_is_array(at->value) ? at->up : at;
    const json_object *object = level != NULL ? level->value : NULL;

    hit->mid = member_text(object, mids, G_N_ELEMENTS(mids));
    if (hit->mid == NULL && wr_value_has(object, "label"))
        hit->mid = wr_json_text_of(wr_value_member(object, "id")); /* AppRTC */
    hit->ufrag = member_text(object, ufrags, G_N_ELEMENTS(ufrags));
}

/* Discord says a description twice in one object, under two names. */
static bool repeats_last(const wr_finder *f, const wr_level *at, const wr_hit *hit)
{
    const wr_hit *last = f->result->hits->len > 0 ? g_ptr_array_index(f->result->hits, f->result->hits->len - 1) : NULL;

    return last != NULL && at != NULL && wr_value_is_object(at->value) && at->value == f->last && hit->text != NULL &&
           last->text != NULL && last->kind == hit->kind && last->text_len == hit->text_len &&
           memcmp(last->text, hit->text, hit->text_len) == 0;
}

void wr_hit_free(gpointer data)
{
    wr_hit *hit = data;

    g_free(hit->path);
    g_free(hit->text);
    g_free(hit->call);
    g_free(hit->from);
    g_free(hit->to);
    g_free(hit->mid);
    g_free(hit->ufrag);
    g_free(hit);
}

static char *path_of(const wr_finder *f)
{
    if (f->path->len == 0)
        return NULL;
    return f->path->str[0] == '$' ? g_strdup(f->path->str) : g_strconcat("$", f->path->str, NULL);
}

/* The last member name of the path, for a description that has no other word on its kind. */
static const char *last_key(const wr_finder *f)
{
    const char *dot = strrchr(f->path->str, '.');

    return dot != NULL && strpbrk(dot, "]~") == NULL ? dot + 1 : NULL;
}

/* Discord and mediasoup know offers and answers that are no whole descriptions; so says a sibling "type". */
static wr_kind fragment_kind(const wr_finder *f, const wr_level *at)
{
    wr_kind said = WR_KIND_UNKNOWN;
    const char *type = at != NULL ? wr_value_string(wr_value_member(at->value, "type")) : NULL;

    if (type != NULL)
        said = wr_names_kind_of_type(type);
    if (!wr_names_is_description_kind(said) && at != NULL && at->dialect != NULL)
        said = wr_dialect_kind(at->dialect, at->message->value, f->hints);
    return wr_names_is_description_kind(said) ? said : WR_KIND_FRAGMENT;
}

/* Who sends, or is sent, what a client sends and is sent. */
static void fill_peer(const wr_finder *f, wr_hit *hit)
{
    const wr_direction direction = f->hints != NULL ? f->hints->direction : WR_DIRECTION_UNKNOWN;

    if (hit->to == NULL && direction == WR_DIRECTION_EMITTED)
        hit->to = g_strdup(f->head.peer);
    else if (hit->from == NULL && direction == WR_DIRECTION_DELIVERED)
        hit->from = g_strdup(f->head.peer);
}

void wr_hit_add(wr_finder *f, wr_level *at, wr_kind kind, const char *text, size_t len)
{
    wr_hit *hit;

    if (f->result->hits->len >= WR_FIND_MAX_HITS) {
        f->full = true;
        wr_find_bound(f, "more descriptions and candidates than are looked at", 0);
        return;
    }
    wr_level_resolve(f, at);
    hit = g_new0(wr_hit, 1);
    hit->kind = kind;
    if (kind == WR_KIND_UNKNOWN && text != NULL)
        hit->kind = wr_level_description_kind(f, at, last_key(f), text, len);
    else if (kind == WR_KIND_FRAGMENT)
        hit->kind = fragment_kind(f, at);
    hit->path = path_of(f);
    if (text != NULL) {
        hit->text = g_malloc(len + 1);
        memcpy(hit->text, text, len);
        hit->text[len] = '\0';
        hit->text_len = len;
    }
    if (at != NULL) {
        hit->call = g_strdup(at->call);
        hit->from = g_strdup(sender_of(f, at, hit->kind));
        hit->to = g_strdup(receiver_of(at, hit->kind));
    }
    hit->call = hit->call != NULL ? hit->call : g_strdup(f->head.call);
    hit->from = hit->from != NULL ? hit->from : g_strdup(f->head.from);
    fill_peer(f, hit);
    if (hit->kind == WR_KIND_CANDIDATE || hit->kind == WR_KIND_FRAGMENT)
        fill_candidate(hit, at);
    hit->dialect = dialect_name(at);
    wr_exchange_fill(f, at, hit);
    if (repeats_last(f, at, hit)) {
        wr_hit_free(hit);
        return;
    }
    f->last = at != NULL ? at->value : NULL;
    g_ptr_array_add(f->result->hits, hit);
}

/* ---- coming and going ---- */

static bool is_event_kind(wr_kind kind)
{
    return kind == WR_KIND_JOIN || kind == WR_KIND_BYE;
}

static wr_kind event_kind(wr_finder *f, const wr_level *message)
{
    wr_kind kind = WR_KIND_UNKNOWN;

    if (message->dialect != NULL && message->message == message) {
        kind = wr_dialect_kind(message->dialect, message->value, f->hints);
        if (kind != WR_KIND_UNKNOWN)
            return kind;
    }
    kind = word_at_level(message, is_event_kind);
    if (kind == WR_KIND_UNKNOWN && message->dialect == NULL)
        return kind;
    /* {"type":"msg","body":{"type":"disconnect"}}: the word of a known dialect's inner object. */
    for (const struct lh_entry *e = wr_value_first(message->value); kind == WR_KIND_UNKNOWN && e != NULL;
         e = lh_entry_next(e)) {
        const char *type = wr_value_string(wr_value_member(wr_entry_value(e), "type"));
        wr_kind inner = type != NULL ? wr_names_kind_of_word(type) : WR_KIND_UNKNOWN;
        kind = is_event_kind(inner) ? inner : WR_KIND_UNKNOWN;
    }
    return kind;
}

/* A message of no known dialect is taken for what its word says only when more speaks for it: web pages too post
 * {"type":"leave"}. */
static bool event_is_clear(const wr_finder *f, const wr_level *message, wr_kind kind)
{
    const char *from = sender_of(f, message, kind);
    bool in_body = f->hints != NULL && f->hints->content_type != NULL;

    if (kind == WR_KIND_JOIN) {
        return in_body && message->dialect == NULL ? message->call != NULL && from != NULL
                                                   : message->call != NULL || from != NULL;
    }
    if (message->dialect != NULL)
        return true;
    if (in_body)
        return message->call != NULL && from != NULL;
    return message->call != NULL || from != NULL || message->to != NULL || wr_value_members(message->value) == 1 ||
           message->event != NULL;
}

bool wr_hit_add_event(wr_finder *f, wr_level *message)
{
    wr_kind kind;

    wr_level_resolve(f, message);
    kind = event_kind(f, message);
    if (!is_event_kind(kind))
        return false;
    wr_level_look_below(f, message);
    if (!event_is_clear(f, message, kind))
        return false;
    wr_hit_add(f, message, kind, NULL, 0);
    return true;
}
