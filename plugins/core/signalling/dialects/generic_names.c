/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Member names that say a signalling message's kind, call and parties in any dialect. */
#include "dialects/generic_names.h"

#include <glib.h>
#include <string.h>

#include "squeeze.h"

#define NAME_MAX_LEN  32  /* of the names below */
#define NAMED_MAX_LEN 256 /* bytes of a text that names a call or party */

enum { CALL_SLOT, FROM_SLOT, TO_SLOT, NICK_SLOT, SLOTS };

/* Sorted by trust: the first that an object has counts. A connection is not always a call: it comes behind what surely
 * names more than one end of it. */
static const char *const call_names[] = {
    "room",           "roomid",    "roomname",  "roomtoken",   "callid",       "call",   "callsid", "conferenceid",
    "conference",     "meetingid", "sessionid", "session",     "calluuid",     "sessid", "pcid",    "sid",
    "conversationid", "channel",   "channelid", "channelname", "connectionid", "topic",
};
/* Those before "userid" say who sends; the others only name somebody. */
static const char *const from_names[] = {
    "from",       "fromid", "fromuserid", "sender",   "senderid",    "senderclientid", "src",           "source",
    "sourceid",   "origin", "userid",     "peerid",   "clientid",    "socketid",       "participantid", "memberid",
    "endpointid", "uid",    "user",       "username", "participant", "identity",       "peer",
};
#define SAID_SENDERS 10
/* Of those, who may as well be the other party. */
static const char *const either_names[] = {"peerid", "peer", "socketid", "participantid", "participant"};
/* Of these nobody is a sender or receiver: they say which way a message goes, how many it is for, or what it is of. */
static const char *const no_parties[] = {
    "group", "server",    "system", "broadcast", "all",    "everyone", "room",       "channel",    "null", "unknown",
    "none",  "undefined", "local",  "remote",    "client", "browser",  "publisher",  "subscriber", "pub",  "sub",
    "sfu",   "mcu",       "audio",  "video",     "screen", "camera",   "microphone", "self",       "web",  "mobile",
    "app",   "android",   "ios",    "desktop",   "offer",  "answer",   "candidate",
};
/* Objects that say the names of a message whose content stands beside them. */
static const char *const header_names[] = {"header",   "headers", "head",       "meta",        "metadata",
                                           "envelope", "routing", "streaminfo", "sessioninfo", "callinfo"};
/* Beside arguments a name is that of what is called. */
static const char *const argument_names[] = {"params", "args", "arguments", "payload", "data", "body"};
static const char *const nick_names[] = {"name", "displayname", "nickname", "nick"};
static const char *const to_names[] = {
    "to",         "toid",        "touserid",      "target",    "targetid",    "targetuserid",      "dst",
    "dest",       "destination", "destinationid", "recipient", "recipientid", "recipientclientid", "receiver",
    "receiverid", "usertocall",  "topeerid",
};
static const char *const word_names[] = {
    "type", "messagetype", "msgtype", "signaltype", "event", "eventname", "ev",   "method", "action",
    "cmd",  "command",     "kind",    "request",    "id",    "op",        "name", "signal", "janus",
};

/* ---- names made of two ---- */

/* Somebody's: "fromPeerId", "receiver_username". */
static const char *const whose[] = {
    "id",     "user",     "userid", "peer",     "peerid",   "client",  "clientid",      "socket",       "socketid",
    "member", "memberid", "uid",    "username", "identity", "partyid", "participantid", "endpointid",   "number",
    "jid",    "deviceid", "node",   "nodeid",   "agentid",  "uuid",    "address",       "connectionid", "easyrtcid",
};
static const char *const node_ids[] = {"peer", "peerid", "clientid", "socketid", "endpointid", "nodeid"};
static const char *const ids[] = {"id", "uuid", "guid", "sid"};
static const char *const id_and_name[] = {"id", "uuid", "guid", "sid", "name", "code"};
static const char *const itself[] = {""};

/* Names that begin with head and go on with one of the tails. */
typedef struct {
    const char *head;
    const char *const *tails;
    size_t n;
} compound;
#define TAILS(list) list, G_N_ELEMENTS(list)

static const compound call_compounds[] = {
    {"room", TAILS(id_and_name)},    {"conference", TAILS(id_and_name)},
    {"meeting", TAILS(id_and_name)}, {"call", TAILS(ids)},
    {"callsession", TAILS(ids)},     {"mediasession", TAILS(ids)},
    {"rtcsession", TAILS(ids)},      {"dialog", TAILS(ids)},
    {"conversation", TAILS(ids)},    {"webrtc", TAILS(ids)},
    {"session", TAILS(ids)},         {"chat", TAILS(ids)},
};
static const compound from_compounds[] = {
    {"from", TAILS(whose)},   {"sender", TAILS(whose)}, {"origin", TAILS(whose)},    {"originator", TAILS(whose)},
    {"src", TAILS(node_ids)}, {"src", TAILS(ids)},      {"source", TAILS(node_ids)},
};
static const compound to_compounds[] = {
    {"to", TAILS(whose)},  {"receiver", TAILS(whose)}, {"recipient", TAILS(whose)},   {"target", TAILS(whose)},
    {"dst", TAILS(whose)}, {"dest", TAILS(whose)},     {"destination", TAILS(whose)},
};
/* Roles in a call: who of the two sends depends on the message. */
static const compound caller_compounds[] = {{"caller", TAILS(whose)},    {"caller", TAILS(itself)},
                                            {"initiator", TAILS(whose)}, {"initiator", TAILS(itself)},
                                            {"inviter", TAILS(whose)},   {"inviter", TAILS(itself)}};
static const compound callee_compounds[] = {{"callee", TAILS(whose)},    {"callee", TAILS(itself)},
                                            {"responder", TAILS(whose)}, {"responder", TAILS(itself)},
                                            {"invitee", TAILS(whose)},   {"invitee", TAILS(itself)}};
/* Seen from who writes: the sender's, and the other's. */
static const compound own_compounds[] = {{"local", TAILS(whose)}, {"my", TAILS(whose)}, {"own", TAILS(whose)}};
static const compound other_compounds[] = {{"remote", TAILS(whose)}};

static bool is_compound(const char *name, const compound *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t len = strlen(list[i].head);
        if (name[0] != list[i].head[0] || strncmp(name, list[i].head, len) != 0)
            continue;
        for (size_t k = 0; k < list[i].n; k++)
            if (strcmp(name + len, list[i].tails[k]) == 0)
                return true;
    }
    return false;
}
#define IS_COMPOUND(name, list) is_compound(name, list, G_N_ELEMENTS(list))

static unsigned rank_in(const char *name, const char *const *list, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (name[0] == list[i][0] && strcmp(name, list[i]) == 0) /* few begin alike, and a call costs more than that */
            return i;
    return n;
}

typedef struct {
    const char *const *list; /* sorted by trust */
    unsigned n;
    const compound *compounds; /* trusted like those in the list from `before` on */
    unsigned n_compounds, before;
    unsigned best;
    bool either; /* the best so far may as well be the other party */
    const json_object **value;
} slot;

#define WORST UINT_MAX

static unsigned rank_of(const slot *s, const char *name)
{
    const unsigned rank = rank_in(name, s->list, s->n);

    if (rank < s->n)
        return rank < s->before ? rank : rank + 1;
    return is_compound(name, s->compounds, s->n_compounds) ? s->before : WORST;
}

/* A name, and no text or key. */
static bool can_be_name(const json_object *value)
{
    const char *text = wr_value_string(value);
    const size_t len = wr_value_string_length(value);

    if (text == NULL)
        return wr_value_is_integer(value) || wr_value_is_object(value);
    for (size_t i = 0; i < len && len <= NAMED_MAX_LEN; i++)
        if ((unsigned char)text[i] < 0x20)
            return false;
    return len > 0 && len <= NAMED_MAX_LEN;
}

static void add_word(wr_names *out, unsigned ranks[WR_NAMES_WORDS], unsigned rank, const char *word)
{
    unsigned at = out->n_words;

    while (at > 0 && ranks[at - 1] > rank)
        at--;
    if (at == WR_NAMES_WORDS)
        return;
    if (out->n_words < WR_NAMES_WORDS)
        out->n_words++;
    for (unsigned i = out->n_words - 1; i > at; i--) {
        out->words[i] = out->words[i - 1];
        ranks[i] = ranks[i - 1];
    }
    out->words[at] = word;
    ranks[at] = rank;
}

static bool is_listed(const char *name, const char *const *list, unsigned n)
{
    return rank_in(name, list, n) < n;
}

/* Eight, four, four, four and twelve digits: the number of a message more often than somebody's name. */
static bool is_uuid(const json_object *value)
{
    const char *text = wr_value_string(value);

    return wr_value_string_length(value) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
           text[23] == '-';
}

/* What is no more than a word for something else than a party or call. */
static bool is_listed_word(const json_object *value, const char *const *list, unsigned n)
{
    char word[NAME_MAX_LEN];

    return wr_value_is_string(value) && wr_squeeze(wr_value_string(value), word, sizeof word) &&
           is_listed(word, list, n);
}

/* A member of this name and value can be a sender or receiver. */
static bool can_be_party(const char *name, const json_object *value)
{
    static const char *const things[] = {"source", "src", "origin", "target"};

    if (is_listed_word(value, no_parties, G_N_ELEMENTS(no_parties)))
        return false;
    if (wr_value_is_string(value) && strstr(wr_value_string(value), "://") != NULL)
        return false;
    /* A microphone is a source, too; and {"target":0} is one of two transports. */
    if (is_listed(name, things, G_N_ELEMENTS(things)) &&
        ((wr_value_is_object(value) && !wr_value_has(value, "id") && !wr_value_has(value, "userId")) ||
         (wr_value_is_integer(value) && wr_value_integer(value) < 2)))
        return false;
    return strcmp(name, "uid") != 0 || !is_uuid(value);
}

/* Words for what is done or with what, and a camera's number, name no call. */
static bool can_be_call(const char *name, const json_object *value)
{
    static const char *const no_calls[] = {
        "empty",
        "null",
        "undefined",
        "none",
        "unknown",
        "offer",
        "answer",
        "pranswer",
        "candidate",
        "audio",
        "video",
        "webrtc",
        "signaling",
        "signalling",
        "signal",
        "webrtcsignaling",
        "webrtcsignalling",
    };

    if (wr_value_is_integer(value) && wr_value_integer(value) < 256 && strncmp(name, "channel", 7) == 0)
        return false;
    return !is_listed_word(value, no_calls, G_N_ELEMENTS(no_calls));
}

/* What is told by other members of the object. */
static void note_structure(const char *name, const json_object *value, wr_names *out, bool *has_arguments)
{
    if (!wr_value_is_object(value) && !wr_value_is_array(value))
        return;
    if (out->header == NULL && wr_value_is_object(value) && is_listed(name, header_names, G_N_ELEMENTS(header_names)))
        out->header = value;
    *has_arguments = *has_arguments || is_listed(name, argument_names, G_N_ELEMENTS(argument_names));
}

static void take_member(slot slots[SLOTS], const char *name, const json_object *value)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        const unsigned rank = rank_of(&slots[i], name);
        if (rank < slots[i].best && (i == CALL_SLOT ? can_be_call(name, value) : can_be_party(name, value))) {
            slots[i].best = rank;
            slots[i].either = is_listed(name, either_names, G_N_ELEMENTS(either_names));
            *slots[i].value = value;
        }
    }
}

static void take_role(const char *name, const json_object *value, wr_names *out)
{
    if (!can_be_party(name, value))
        return;
    if (IS_COMPOUND(name, caller_compounds))
        out->caller = value;
    else if (IS_COMPOUND(name, callee_compounds))
        out->callee = value;
    else if (IS_COMPOUND(name, own_compounds))
        out->own = value;
    else if (IS_COMPOUND(name, other_compounds))
        out->other = value;
}

static void take_word(const char *name, const json_object *value, wr_names *out, unsigned ranks[WR_NAMES_WORDS])
{
    const unsigned rank = wr_value_is_string(value) ? rank_in(name, word_names, G_N_ELEMENTS(word_names)) : UINT_MAX;

    if (rank < G_N_ELEMENTS(word_names))
        add_word(out, ranks, rank, wr_value_string(value));
}

void wr_names_read(const json_object *object, wr_names *out)
{
    bool has_arguments = false;
    unsigned ranks[WR_NAMES_WORDS] = {0}, members = 0;
    slot slots[SLOTS] = {
        {call_names, G_N_ELEMENTS(call_names), call_compounds, G_N_ELEMENTS(call_compounds),
         G_N_ELEMENTS(call_names) - 1, WORST, false, &out->call},
        {from_names, G_N_ELEMENTS(from_names), from_compounds, G_N_ELEMENTS(from_compounds), SAID_SENDERS, WORST, false,
         &out->from},
        {to_names, G_N_ELEMENTS(to_names), to_compounds, G_N_ELEMENTS(to_compounds), G_N_ELEMENTS(to_names), WORST,
         false, &out->to},
        {nick_names, G_N_ELEMENTS(nick_names), NULL, 0, G_N_ELEMENTS(nick_names), WORST, false, &out->nick},
    };

    memset(out, 0, sizeof *out);
    for (const struct lh_entry *e = wr_value_first(object); e != NULL && members < WR_NAMES_MAX_MEMBERS;
         e = lh_entry_next(e), members++) {
        const json_object *value = wr_entry_value(e);
        char name[NAME_MAX_LEN];
        if (!wr_squeeze(wr_entry_name(e), name, sizeof name))
            continue;
        note_structure(name, value, out, &has_arguments);
        if (wr_value_size(value) == 1)
            value = wr_value_element(value, 0); /* {"to":["bob"]} */
        if (!can_be_name(value))
            continue;
        take_member(slots, name, value);
        take_role(name, value, out);
        take_word(name, value, out, ranks);
    }
    out->plain_name = slots[NICK_SLOT].best == 0;
    if (has_arguments && out->plain_name)
        out->nick = NULL;
    /* {"target":"SendOffer","arguments":[…]}: what is called. */
    if (out->to != NULL && out->to == wr_value_member(object, "target") &&
        wr_value_is_array(wr_value_member(object, "arguments")))
        out->to = NULL;
    out->sender = slots[FROM_SLOT].best <= SAID_SENDERS ? WR_SENDER_SAID : WR_SENDER_NAMED;
    if (out->sender == WR_SENDER_NAMED && slots[FROM_SLOT].either)
        out->sender = WR_SENDER_OR_OTHER;
}
