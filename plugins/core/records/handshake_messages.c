/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handshake messages that signatures are to decide about. */
#include "records/handshake_messages.h"

#include <string.h>

static void drop(wr_handshake_messages *m, unsigned at)
{
    m->bytes -= m->list[at].length;
    g_free(m->list[at].body);
    wr_certificate_unref(m->list[at].leaf);
    m->n--;
    memmove(m->list + at, m->list + at + 1, (m->n - at) * sizeof *m->list);
}

bool wr_handshake_messages_add(wr_handshake_messages **all, const wr_handshake_message *message, bool *is_new)
{
    wr_handshake_messages *m = *all;
    unsigned same = 0, middle = 0;

    *is_new = false;
    if (m == NULL)
        m = *all = g_new0(wr_handshake_messages, 1);
    for (unsigned i = 0; i < m->n; i++) {
        const wr_handshake_message *o = &m->list[i];
        if (o->type != message->type || o->role != message->role)
            continue;
        if (o->seq == message->seq && o->length == message->length &&
            memcmp(o->body, message->body, message->length) == 0)
            return true;
        if (same++ == WR_MAX_OF_A_KIND / 2)
            middle = i;
    }
    if (same >= WR_MAX_OF_A_KIND) {
        drop(m, middle);
        m->cut = true;
    }
    if (m->n >= WR_MAX_HANDSHAKE_MESSAGES || message->length > WR_MAX_HANDSHAKE_BYTES - m->bytes) {
        m->cut = true;
        return false;
    }
    if (m->n == m->room) {
        m->room = m->room == 0 ? 4 : 2 * m->room;
        m->list = g_renew(wr_handshake_message, m->list, m->room);
    }
    m->list[m->n] = *message;
    m->list[m->n].body = g_memdup2(message->body, MAX(message->length, 1u));
    m->list[m->n].leaf = message->leaf != NULL ? wr_certificate_ref(message->leaf) : NULL;
    m->n++;
    m->bytes += message->length;
    m->tried = false;
    *is_new = true;
    return true;
}

void wr_handshake_messages_free(wr_handshake_messages *m)
{
    if (m == NULL)
        return;
    for (unsigned i = 0; i < m->n; i++) {
        g_free(m->list[i].body);
        wr_certificate_unref(m->list[i].leaf);
    }
    g_free(m->list);
    g_free(m);
}
