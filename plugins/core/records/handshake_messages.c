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

#define LENGTHS 6 /* of the list, and of its only certificate (RFC 5246 7.4.2) */

static void write_lengths(uint8_t out[LENGTHS], unsigned n)
{
    for (unsigned i = 0; i < 3; i++) {
        out[i] = (uint8_t)((n + 3) >> (16 - 8 * i));
        out[3 + i] = (uint8_t)(n >> (16 - 8 * i));
    }
}

/* The bytes of this message are those of a list of this certificate and no other. */
static bool is_alone(const wr_handshake_message *m, const wr_certificate *leaf)
{
    uint8_t lengths[LENGTHS];

    if (leaf == NULL || m->length != leaf->der_length + LENGTHS)
        return false;
    if (m->body == NULL) /* of another association's list */
        return wr_certificate_same(m->leaf, leaf);
    write_lengths(lengths, leaf->der_length);
    return memcmp(m->body, lengths, LENGTHS) == 0 && memcmp(m->body + LENGTHS, leaf->der, leaf->der_length) == 0;
}

static bool same_body(const wr_handshake_message *kept, const wr_handshake_message *m)
{
    return kept->length == m->length &&
           (kept->body != NULL && m->body != NULL ? memcmp(kept->body, m->body, m->length) == 0
                                                  : is_alone(m, kept->leaf) && is_alone(kept, m->leaf));
}

bool wr_handshake_message_same(const wr_handshake_message *m, const wr_handshake_message *o)
{
    return m->type == o->type && m->seq == o->seq && same_body(m, o);
}

void wr_handshake_message_append(const wr_handshake_message *m, GByteArray *to)
{
    uint8_t lengths[LENGTHS];

    if (m->body != NULL) {
        g_byte_array_append(to, m->body, m->length);
        return;
    }
    write_lengths(lengths, m->leaf->der_length);
    g_byte_array_append(to, lengths, LENGTHS);
    g_byte_array_append(to, m->leaf->der, m->leaf->der_length);
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
        if (o->seq == message->seq && same_body(o, message))
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
        m->room = m->room == 0 ? 4 : m->room + m->room / 2;
        m->list = g_renew(wr_handshake_message, m->list, m->room);
    }
    m->list[m->n] = *message;
    m->list[m->n].body = is_alone(message, message->leaf) ? NULL : g_memdup2(message->body, MAX(message->length, 1u));
    m->list[m->n].leaf = message->leaf != NULL ? wr_certificate_ref(message->leaf) : NULL;
    m->n++;
    m->bytes += message->length;
    m->tried = false;
    *is_new = true;
    return true;
}

void wr_handshake_messages_forget_rivals(wr_handshake_messages *m)
{
    while (m->n_rivals > 0) {
        wr_certificate **rival = m->rivals[--m->n_rivals];
        wr_certificate_unref(rival[0]);
        wr_certificate_unref(rival[1]);
    }
}

void wr_handshake_messages_free(wr_handshake_messages *m)
{
    if (m == NULL)
        return;
    wr_handshake_messages_forget_rivals(m);
    for (unsigned i = 0; i < m->n; i++) {
        g_free(m->list[i].body);
        wr_certificate_unref(m->list[i].leaf);
    }
    g_free(m->list);
    g_free(m);
}
