/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a signalling connection said earlier and later messages of it do not say again: the requests that wait for their
 * answers (JSON-RPC 2.0 5: an answer has the request's id and nothing else of it), and the call that its client joined.
 *
 * A request is known by the side that made it and its id: both sides count on their own. Where it is not certain which
 * request an answer belongs to, it belongs to none.
 */
#ifndef WR_DIALOGUE_H
#define WR_DIALOGUE_H

#include "evidence/evidence.h"

#define WR_DIALOGUE_MAX_OPEN 256 /* requests of one connection that wait for their answers */

typedef struct wr_dialogue wr_dialogue;

/* What a request said. Strings are NULL where it did not. */
typedef struct {
    wr_kind kind;        /* of its first description, else UNKNOWN */
    const char *dialect; /* static; NULL: not known */
    char *method;        /* word that says what is asked for */
    char *call, *from, *to;
} wr_asked;

/* The call that the client of this connection joined. */
typedef struct {
    unsigned side;       /* which side the client is */
    const char *dialect; /* static */
    char *call, *party;  /* NULL when not said */
} wr_joined;

wr_dialogue *wr_dialogue_new(void);
void wr_dialogue_free(wr_dialogue *d);
bool wr_dialogue_is_empty(const wr_dialogue *d); /* nothing is remembered */

/* side (0 or 1) makes a request; asked is copied. False when one with a description, which nobody answered, was given
 * up for it. */
bool wr_dialogue_ask(wr_dialogue *d, unsigned side, const char *id, const wr_asked *asked);
/* side answers: what the other side had asked by this id, which is then open no longer; NULL when that is not known.
 * Free with wr_asked_free(). */
wr_asked *wr_dialogue_answer(wr_dialogue *d, unsigned side, const char *id);
void wr_asked_free(wr_asked *asked);

/* The client, which is this side, joined a call; what it had joined before no longer holds. */
void wr_dialogue_join(wr_dialogue *d, unsigned side, const char *dialect, const char *call, const char *party);
void wr_dialogue_leave(wr_dialogue *d);
/* Borrowed until the next join or leave; NULL when nothing was joined. */
const wr_joined *wr_dialogue_joined(const wr_dialogue *d);

#endif
