/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of signalling dialects: how each is recognised, and where it says kind, call, from and to. A row is data;
 * where logic is needed it names a small function. What no row says is left to the generic names
 * (dialects/generic_names.h).
 */
#ifndef WR_DIALECT_H
#define WR_DIALECT_H

#include "dialects/hints.h"
#include "formats/json_value.h"

/* A word that means a kind in one dialect. */
typedef struct {
    const char *word;
    wr_kind kind;
} wr_dialect_word;

typedef struct {
    const char *name;
    /* Recognised when one alternative (parted by '|') holds entirely. In an alternative, blanks part conditions:
     * "member" is there; "member=a,b" is one of these texts (case counts); "member^a,b" begins with one of them;
     * "?name" the URL has this query parameter; "/text" the URL's path holds it, or with * for one
     * segment and # for one of digits is it wholly. Members may be paths: "body.token". */
    const char *detect;
    /* Where values stand: alternatives parted by '|', each one or several joined by '+' ("/" is put between them).
     * "a.b" a member of the message's object; "?name" a query parameter, only of the party that owns the URL: in
     * `from` for what the client sent, in `to` for what it was sent; "/text/" the segment of the URL's path behind it.
     * "-": nowhere. NULL: generic names. */
    const char *call, *from, *to;
    const char
        *peer; /* the other party: whom the client sends to, and who sent what it is sent; NULL: nothing says so */
    const char *kind;             /* member that says the kind; NULL: generic names */
    bool one_call;                /* a connection is for one call at a time: what a join says holds for what follows */
    const wr_dialect_word *words; /* what that member's texts mean, up to a NULL word; NULL: generic words */
    /* May answer what data cannot; called first, NULL and UNKNOWN mean: go on with the data. */
    char *(*call_of)(const json_object *object, const wr_find_hints *hints);
    char *(*to_of)(const json_object *object);
    char *(*party_of)(const json_object *object, const wr_find_hints *hints); /* who owns the connection's URL */
    wr_kind (*kind_of)(const json_object *object, const wr_find_hints *hints);
} wr_dialect;

/* The row that recognises this object as a message of its own; NULL when none does. */
const wr_dialect *wr_dialect_detect(const json_object *object, const wr_find_hints *hints);

/* NULL when the dialect does not say, or not here. Free with g_free(). */
char *wr_dialect_call(const wr_dialect *d, const json_object *object, const wr_find_hints *hints);
char *wr_dialect_from(const wr_dialect *d, const json_object *object, const wr_find_hints *hints);
char *wr_dialect_to(const wr_dialect *d, const json_object *object, const wr_find_hints *hints);
/* UNKNOWN when the dialect does not say. */
wr_kind wr_dialect_kind(const wr_dialect *d, const json_object *object, const wr_find_hints *hints);

/* A query parameter of a URL, decoded; NULL when absent. Free with g_free(). */
char *wr_url_parameter(const char *url, const char *name);

/* The table, for those who list it. */
extern const wr_dialect wr_dialects[];
extern const unsigned wr_n_dialects;

#endif
