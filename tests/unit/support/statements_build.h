/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds what witnesses say (statements/testimony.h), for tests of what follows from it. */
#ifndef STATEMENTS_BUILD_H
#define STATEMENTS_BUILD_H

#include "handshake_build.h"
#include "statements/testimony.h"

/* A file that says nothing yet. */
static inline wr_testimony *witness(const char *name, const char *whose)
{
    wr_testimony *t = wr_testimony_parse(name, "", 0);

    g_clear_pointer(&t->problem, g_free);
    t->kind = WR_TESTIMONY_INTERNALS;
    t->whose = g_strdup(whose);
    return t;
}

/* One transport as its endpoint describes it; NULL for what it does not say. */
typedef struct {
    const char *own, *other; /* ICE user names */
    wr_certificate *local, *remote;
    const char *local_host, *remote_host;
    uint16_t local_port, remote_port;
    const char *state;
    bool contradictory;
} transport_t;

static inline wr_statement *testify(wr_testimony *t, const transport_t *what)
{
    wr_statement *s = g_new0(wr_statement, 1);

    s->id = g_strdup("T1");
    s->source = t;
    s->local = what->local != NULL ? wr_certificate_ref(what->local) : NULL;
    s->remote = what->remote != NULL ? wr_certificate_ref(what->remote) : NULL;
    s->local_ufrag = g_strdup(what->own);
    s->remote_ufrag = g_strdup(what->other);
    s->local_address = what->local_host != NULL ? at(what->local_host, what->local_port) : wr_endpoint_none();
    s->remote_address = what->remote_host != NULL ? at(what->remote_host, what->remote_port) : wr_endpoint_none();
    s->dtls_state = g_strdup(what->state);
    s->contradictory = what->contradictory;
    g_ptr_array_add(t->statements, s);
    return s;
}

/* A description that the witness gave or was given, at this time of his clock; 0 for none. */
static inline wr_told *tell_of(wr_testimony *t, wr_direction direction, wr_kind kind, const text_t *text, int64_t us)
{
    wr_told *w = g_new0(wr_told, 1);
    char *sdp = text != NULL ? text_of(text) : NULL;

    w->number = t->told->len + 1;
    w->context.kind = kind;
    w->context.direction = direction;
    w->context.carrier = WR_CARRIER_STATEMENT;
    w->context.protected_transport = true;
    w->context.dialect = "statement";
    w->leg = g_intern_static_string("1");
    w->time_us = us;
    w->sdp = sdp != NULL ? wr_sdp_parse(sdp, strlen(sdp)) : NULL;
    g_ptr_array_add(t->told, w);
    g_free(sdp);
    return w;
}

#endif
