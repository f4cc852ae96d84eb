/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions told before and after a handshake was answered, for tests of which of them is in force. */
#ifndef VIEWS_BUILD_H
#define VIEWS_BUILD_H

#include "records_build.h"

#include "relations/relations.h"

#define HELLO_FRAME 100
#define HELLO_US    (INT64_C(1700000000) * S + 100 * S)

/* A handshake of Bob, the client, with Alice, answered in frame 100. */
static inline wr_association *answered(desk_t *d)
{
    wr_association *a = handshake_of(d, NULL, WR_A_VERIFIED);

    a->server_hello = HELLO_FRAME;
    a->server_hello_us = HELLO_US;
    return a;
}

static inline void settle(desk_t *d, const wr_association *a, wr_bound *b)
{
    const wr_endpoint ends[1][2] = {{a->side[0].end, a->side[1].end}};

    wr_views_settle(d->c.e, a, b, ends, 1);
}

/* Alice's offer with its own fingerprint and version, so that it is another copy each time; side 1 is hers. */
static inline wr_copy *offered(desk_t *d, unsigned n)
{
    char version[8];
    text_t t = offer_text();

    g_snprintf(version, sizeof version, "%u", n + 1);
    t.version = version;
    t.fingerprint = sha256_of(n);
    return say(&d->c, OFFERED, &t);
}

/* When a description is told, and what is known of it. */
typedef struct {
    int64_t seconds; /* after the ServerHello, by the clock */
    bool frame_after, echo, withdrawn, answer;
    unsigned n_answers;
} told_t;

static inline void lay(wr_copy *c, const told_t *t)
{
    c->time_us = HELLO_US + t->seconds * S;
    c->frame = t->frame_after ? HELLO_FRAME + 1 : HELLO_FRAME;
    c->echo = t->echo;
    c->withdrawn = t->withdrawn;
    c->n_answers = t->n_answers;
    if (t->answer)
        c->kind = WR_KIND_ANSWER;
}

#endif
