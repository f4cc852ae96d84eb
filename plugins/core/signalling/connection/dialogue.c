/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers open requests and the joined call of a signalling connection. */
#include "connection/dialogue.h"

#include <glib.h>
#include <string.h>

typedef struct {
    unsigned side;
    char *id;
    bool ambiguous; /* asked twice with different words: nothing follows from its answer */
    wr_asked *asked;
} open_request;

struct wr_dialogue {
    GQueue requests; /* open_request, oldest first */
    wr_joined joined;
};

wr_dialogue *wr_dialogue_new(void)
{
    wr_dialogue *d = g_new0(wr_dialogue, 1);

    g_queue_init(&d->requests);
    return d;
}

bool wr_dialogue_is_empty(const wr_dialogue *d)
{
    return d->requests.length == 0 && d->joined.dialect == NULL;
}

void wr_asked_free(wr_asked *asked)
{
    if (asked != NULL) {
        g_free(asked->method);
        g_free(asked->call);
        g_free(asked->from);
        g_free(asked->to);
        g_free(asked);
    }
}

static void request_free(gpointer data)
{
    open_request *r = data;

    g_free(r->id);
    wr_asked_free(r->asked);
    g_free(r);
}

void wr_dialogue_free(wr_dialogue *d)
{
    if (d != NULL) {
        g_queue_clear_full(&d->requests, request_free);
        wr_dialogue_leave(d);
        g_free(d);
    }
}

static wr_asked *copy_of(const wr_asked *asked)
{
    wr_asked *copy = g_new0(wr_asked, 1);

    copy->kind = asked->kind;
    copy->dialect = asked->dialect;
    copy->method = g_strdup(asked->method);
    copy->call = g_strdup(asked->call);
    copy->from = g_strdup(asked->from);
    copy->to = g_strdup(asked->to);
    return copy;
}

static bool same(const wr_asked *a, const wr_asked *b)
{
    return a->kind == b->kind && a->dialect == b->dialect && g_strcmp0(a->method, b->method) == 0 &&
           g_strcmp0(a->call, b->call) == 0 && g_strcmp0(a->from, b->from) == 0 && g_strcmp0(a->to, b->to) == 0;
}

/* Few are open at a time, and the latest are answered first. */
static GList *find(wr_dialogue *d, unsigned side, const char *id)
{
    for (GList *l = d->requests.tail; l != NULL; l = l->prev) {
        const open_request *r = l->data;
        if (r->side == side && strcmp(r->id, id) == 0)
            return l;
    }
    return NULL;
}

bool wr_dialogue_ask(wr_dialogue *d, unsigned side, const char *id, const wr_asked *asked)
{
    GList *there = find(d, side, id);
    open_request *r;
    bool kept_all = true;

    if (there != NULL) {
        r = there->data;
        r->ambiguous = r->ambiguous || !same(r->asked, asked);
        return true;
    }
    if (g_queue_get_length(&d->requests) >= WR_DIALOGUE_MAX_OPEN) {
        open_request *oldest = g_queue_pop_head(&d->requests);
        kept_all = oldest->asked->kind == WR_KIND_UNKNOWN;
        request_free(oldest);
    }
    r = g_new0(open_request, 1);
    r->side = side;
    r->id = g_strdup(id);
    r->asked = copy_of(asked);
    g_queue_push_tail(&d->requests, r);
    return kept_all;
}

wr_asked *wr_dialogue_answer(wr_dialogue *d, unsigned side, const char *id)
{
    GList *there = find(d, 1 - side, id);
    open_request *r = there != NULL ? there->data : NULL;
    wr_asked *asked = NULL;

    if (r == NULL)
        return NULL;
    if (!r->ambiguous) {
        asked = r->asked;
        r->asked = NULL;
    }
    g_queue_delete_link(&d->requests, there);
    request_free(r);
    return asked;
}

void wr_dialogue_leave(wr_dialogue *d)
{
    g_free(d->joined.call);
    g_free(d->joined.party);
    memset(&d->joined, 0, sizeof d->joined);
}

void wr_dialogue_join(wr_dialogue *d, unsigned side, const char *dialect, const char *call, const char *party)
{
    wr_dialogue_leave(d);
    d->joined.side = side;
    d->joined.dialect = dialect;
    d->joined.call = g_strdup(call);
    d->joined.party = g_strdup(party);
}

const wr_joined *wr_dialogue_joined(const wr_dialogue *d)
{
    return d->joined.dialect != NULL ? &d->joined : NULL;
}
