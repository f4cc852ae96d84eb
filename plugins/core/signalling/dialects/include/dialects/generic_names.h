/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The member names by which signalling messages commonly say what they are, whose, and for whom: what holds for any
 * dialect. Names are compared without case, "_" and "-".
 */
#ifndef WR_JSON_NAMES_H
#define WR_JSON_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "evidence/evidence.h"
#include "formats/json_value.h"

#define WR_NAMES_WORDS       6   /* members that may say a message's kind, of one object */
#define WR_NAMES_MAX_MEMBERS 512 /* looked at of one object */

/* How sure it is that a name is the sender's. */
typedef enum {
    WR_SENDER_SAID = 0, /* "from", "senderId" */
    WR_SENDER_NAMED,    /* "userId": somebody, as a rule who speaks */
    WR_SENDER_OR_OTHER  /* "peerId": who speaks, or whom it is for */
} wr_sender;

/* What an object's own members say. Borrowed; NULL when absent. */
typedef struct {
    const json_object *call, *from, *to;
    wr_sender sender;                   /* how sure `from` is */
    const json_object *caller, *callee; /* roles in a call: either may speak */
    const json_object *own, *other;     /* "localId", "remoteId": seen from who writes */
    const json_object *nick;            /* a name that may be the sender's */
    bool plain_name;                    /* and is called \"name\", which may be anybody's */
    const json_object *header;          /* an object that says these for what stands beside it */
    const char *words[WR_NAMES_WORDS];  /* the likeliest first */
    unsigned n_words;
} wr_names;

void wr_names_read(const json_object *object, wr_names *out);

/* What a word such as "video-offer", "verto.bye" or "joinRoom" says. UNKNOWN when nothing, or not clearly. */
wr_kind wr_names_kind_of_word(const char *word);
/* The kind is one of a description: offer, answer, pranswer. */
bool wr_names_is_description_kind(wr_kind kind);
/* Exactly "offer", "answer", "pranswer", "rollback" in any case: a description's own type. */
wr_kind wr_names_kind_of_type(const char *type);
/* What a=setup says of the description it stands in (RFC 8842): actpass is an offer, active and passive an answer. */
wr_kind wr_names_kind_of_setup(const char *sdp, size_t len);

#endif
