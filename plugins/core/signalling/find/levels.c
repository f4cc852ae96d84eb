/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What surrounds the place where something was found: each level on the way there says some of whose it is; and the
 * words for what is wrong with a message. */
#include <string.h>

#include "walk.h"

#include "formats/json_text.h"

void wr_find_wrong(wr_finder *f, const char *problem, size_t offset)
{
    if (f->result->problem == NULL) {
        f->result->problem = problem;
        f->result->problem_offset = offset;
    }
}

void wr_find_bound(wr_finder *f, const char *problem, size_t offset)
{
    if (f->result->problem == NULL)
        f->result->bound = true;
    wr_find_wrong(f, problem, offset);
}

/* Keeps a copy with the finder; NULL stays NULL. */
static const char *keep(wr_finder *f, char *text)
{
    const char *kept = text != NULL ? g_string_chunk_insert(f->strings, text) : NULL;

    g_free(text);
    return kept;
}

static const char *first_of(const char *a, const char *b)
{
    return a != NULL ? a : b;
}

#define MOST_SIBLINGS 16 /* members that may say the names of what stands beside them */

/* What another object says, where this one says nothing. */
static void add_names(wr_names *to, const json_object *object)
{
    wr_names names;

    wr_names_read(object, &names);
    if (to->call == NULL)
        to->call = names.call;
    if (to->from == NULL && names.from != NULL) {
        to->from = names.from;
        to->sender = names.sender;
    }
    if (to->to == NULL)
        to->to = names.to;
    if (to->caller == NULL && to->callee == NULL) {
        to->caller = names.caller;
        to->callee = names.callee;
    }
}

/* {"header":{"from":…,"sessionid":…},"msg":{…}}: said once for all that stands beside; likewise what {"call":{…}} says
 * beside the call's name, and {"participants":{"from":…,"to":…}}, which says both. */
static void read_header(wr_level *level)
{
    unsigned n = 0;

    if (level->names.header != NULL)
        add_names(&level->names, level->names.header);
    if (wr_value_is_object(level->names.call))
        add_names(&level->names, level->names.call);
    for (const struct lh_entry *e = wr_value_first(level->value); e != NULL && n < MOST_SIBLINGS;
         e = lh_entry_next(e)) {
        wr_names names;
        if (level->names.from != NULL || level->names.to != NULL)
            return;
        if (!wr_value_is_object(wr_entry_value(e)))
            continue;
        n++;
        wr_names_read(wr_entry_value(e), &names);
        if (names.from != NULL && names.sender == WR_SENDER_SAID && names.to != NULL)
            add_names(&level->names, wr_entry_value(e));
    }
}

/* {"rooms":{"r1":{…}}}, {"calls":[{"id":"c1",…}]}: the name or identifier of one of them. */
static char *call_of_container(const wr_level *level)
{
    static const char *const containers[] = {"rooms", "calls", "sessions", "channels", "conferences", "meetings"};
    const char *key = level->up != NULL ? level->up->key : NULL;

    for (size_t i = 0; key != NULL && i < G_N_ELEMENTS(containers); i++) {
        if (g_ascii_strcasecmp(key, containers[i]) != 0)
            continue;
        if (level->key != NULL)
            return g_strdup(level->key);
        return wr_json_text_of(wr_value_member(level->value, "id"));
    }
    return NULL;
}

/* {"sender":"a","remoteUserId":"b"}: beside who surely sends, the other is whom it is for, whoever hands it on. */
static bool is_of_another(wr_finder *f, const wr_level *level)
{
    const char *other = keep(f, wr_json_text_of(level->names.other));

    return other != NULL && level->from != NULL && level->sender == WR_SENDER_SAID && strcmp(other, level->from) != 0;
}

/* Whom generic names name: what is seen from who writes is told of what was written here, and not of what a server
 * hands on. */
static void resolve_parties(wr_finder *f, wr_level *level)
{
    const bool open_from = level->dialect == NULL || level->dialect->from == NULL;
    const bool open_to = level->dialect == NULL || level->dialect->to == NULL;
    const bool delivered = f->hints != NULL && f->hints->direction == WR_DIRECTION_DELIVERED;

    if (level->from == NULL && open_from) {
        const bool own = level->names.own != NULL && !delivered &&
                         (level->names.from == NULL || level->names.sender != WR_SENDER_SAID);
        level->from = keep(f, wr_json_text_of(own ? level->names.own : level->names.from));
        level->sender = own ? WR_SENDER_SAID : level->names.sender;
    }
    if (level->to == NULL && open_to) {
        level->to = keep(f, wr_json_text_of(level->names.to));
        if (level->to == NULL && (!delivered || is_of_another(f, level)))
            level->to = keep(f, wr_json_text_of(level->names.other));
    }
    if (open_from && open_to) {
        level->caller = keep(f, wr_json_text_of(level->names.caller));
        level->callee = keep(f, wr_json_text_of(level->names.callee));
    }
    level->nick = keep(f, wr_json_text_of(level->names.nick));
    level->plain_name = level->names.plain_name;
}

static void resolve_own(wr_finder *f, wr_level *level)
{
    if (wr_value_is_object(level->value)) {
        wr_names_read(level->value, &level->names);
        read_header(level);
        level->dialect = wr_dialect_detect(level->value, f->hints);
    }
    if (level->topic != NULL)
        level->call = keep(f, wr_json_text_of(level->topic));
    if (level->dialect != NULL) {
        level->message = level;
        level->call = keep(f, wr_dialect_call(level->dialect, level->value, f->hints));
        level->from = keep(f, wr_dialect_from(level->dialect, level->value, f->hints));
        level->to = keep(f, wr_dialect_to(level->dialect, level->value, f->hints));
    }
    /* A row knows where its values stand: generic names fill in only what it leaves open. */
    if (level->call == NULL && (level->dialect == NULL || level->dialect->call == NULL))
        level->call = keep(f, wr_json_text_of(level->names.call));
    if (level->call == NULL && level->dialect == NULL && wr_value_is_object(level->value))
        level->call = keep(f, call_of_container(level));
    resolve_parties(f, level);
}

/* What is said nearest counts, but a dialect's message comes before names further in. */
static const char *party(bool outer_knows, const char *row_says, const char *own, const char *outer)
{
    /* A row that says where a party stands is believed also when none stands there. */
    if (outer_knows && row_says != NULL)
        return outer;
    return outer_knows ? first_of(outer, own) : first_of(own, outer);
}

static void inherit(wr_level *level, const wr_level *up)
{
    /* Of two levels of one dialect the outer one is the message. */
    const bool same = level->dialect != NULL && level->dialect == up->dialect;
    const bool outer_knows = up->dialect != NULL && (level->dialect == NULL || same);
    const char *own = level->from;

    if (level->dialect == NULL) {
        level->dialect = up->dialect;
        level->message = up->message;
    }
    /* Where a connection is for one call at a time, what the row does not find was said before. */
    if (outer_knows && up->dialect->one_call && up->dialect->call != NULL)
        level->call = up->call;
    else
        level->call = outer_knows ? first_of(up->call, level->call) : first_of(level->call, up->call);
    /* Somebody who is named further in is not the sender whom the message says. */
    if (own != NULL && up->from != NULL && level->sender != WR_SENDER_SAID && up->sender == WR_SENDER_SAID)
        level->from = up->from;
    else
        level->from = party(outer_knows, same || up->dialect == NULL ? NULL : up->dialect->from, own, up->from);
    if (level->from != own)
        level->sender = up->sender;
    level->to = party(outer_knows, same || up->dialect == NULL ? NULL : up->dialect->to, level->to, up->to);
    if (level->nick == NULL) {
        level->nick = up->nick;
        level->plain_name = up->plain_name;
    }
    level->caller = first_of(level->caller, up->caller);
    level->callee = first_of(level->callee, up->callee);
}

/* Levels are few (WR_FIND_MAX_DEPTH times WR_FIND_MAX_UNWRAP), and each is read once. */
void wr_level_resolve(wr_finder *f, wr_level *level)
{
    if (level == NULL || level->resolved)
        return;
    wr_level_resolve(f, level->up);
    resolve_own(f, level);
    if (level->up != NULL)
        inherit(level, level->up);
    level->resolved = true;
}

/* Names that stand not around but below: {"method":"join","data":{"room":…}}, ["join",{"room":…}], ["join","r1"]. */
void wr_level_look_below(wr_finder *f, wr_level *message)
{
    const json_object *value = message->value;

    if (wr_value_is_array(value)) {
        for (size_t i = 1; i < MIN(wr_value_size(value), (size_t)5); i++) {
            const json_object *argument = wr_value_element(value, i);
            wr_names names;
            if (wr_value_is_string(argument) && i == 1) {
                message->call = first_of(message->call, keep(f, wr_json_text_of(argument)));
            } else if (wr_value_is_object(argument)) {
                wr_names_read(argument, &names);
                message->call = first_of(message->call, keep(f, wr_json_text_of(names.call)));
                message->from = first_of(message->from, keep(f, wr_json_text_of(names.from)));
                message->nick = first_of(message->nick, keep(f, wr_json_text_of(names.nick)));
                message->to = first_of(message->to, keep(f, wr_json_text_of(names.to)));
            }
        }
        return;
    }
    for (const struct lh_entry *e = wr_value_first(value); e != NULL; e = lh_entry_next(e)) {
        const json_object *member = wr_entry_value(e);
        wr_names names;
        if (!wr_value_is_object(member) || wr_value_members(member) > WR_NAMES_MAX_MEMBERS)
            continue;
        wr_names_read(member, &names);
        message->call = first_of(message->call, keep(f, wr_json_text_of(names.call)));
        message->from = first_of(message->from, keep(f, wr_json_text_of(names.from)));
        message->nick = first_of(message->nick, keep(f, wr_json_text_of(names.nick)));
        message->to = first_of(message->to, keep(f, wr_json_text_of(names.to)));
    }
}
