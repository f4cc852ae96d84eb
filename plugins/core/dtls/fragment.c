/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What lies in a record in clear, or in one that Wireshark decrypted: handshake fragments (RFC 6347 4.2.2, RFC 9147
 * 5.2), one behind the other up to the end of the record, or an alert (RFC 5246 7.2), which is all of its record.
 *
 *     byte 0      1                4             6                 9                 12
 *          +------+----------------+-------------+-----------------+-----------------+------------- - -
 *          | type | message length | message_seq | fragment offset | fragment length | that many bytes of the body
 *          +------+----------------+-------------+-----------------+-----------------+------------- - -
 *     The hash over the handshake covers each message as if it had come in one fragment: in 1.2 with these 12 bytes,
 *     offset 0 and the whole length (RFC 6347 4.2.6); in 1.3 with the first 4 alone (RFC 9147 5.2).
 *
 *          +-------+-------------+
 *          | level | description |
 *          +-------+-------------+
 *
 * Decrypted, of 1.3 (RFC 8446 5.2): | content | its type | zeros |.
 */
#include "reader.h"

wr_dtls_event *wr_dtls_add_event(wr_dtls_walk *w, wr_dtls_kind kind, const uint8_t *at)
{
    wr_dtls_event *e;

    if (w->out->len > w->limit)
        return NULL;
    e = g_new0(wr_dtls_event, 1);
    e->kind = kind;
    e->decrypted = w->decrypted;
    e->record_version = w->version;
    e->epoch = w->epoch;
    e->record_length = w->record_length;
    e->record_number = w->sequence;
    e->offset = (size_t)(at - w->datagram);
    e->size = (size_t)(w->end - at);
    e->record_offset = (size_t)(w->record - w->datagram);
    e->content_offset = (size_t)(w->content - w->datagram);
    if (w->out->len == w->limit) {
        e->kind = WR_DTLS_PROBLEM;
        e->problem = "Too many records or messages in one datagram: the rest was not read";
    }
    g_ptr_array_add(w->out, e);
    return e->problem == NULL ? e : NULL;
}

void wr_dtls_add_problem(wr_dtls_walk *w, const uint8_t *at, const char *problem)
{
    wr_dtls_event *e = wr_dtls_add_event(w, WR_DTLS_PROBLEM, at);

    if (e != NULL) {
        e->problem = problem;
        e->cut = strcmp(problem, WR_DTLS_CUT) == 0;
    }
}

bool wr_dtls_walk_is_full(const wr_dtls_walk *w)
{
    return w->out->len > w->limit;
}

static void describe_fragment(wr_dtls_event *e, const wr_dtls_fragment *f)
{
    e->handshake_type = f->type;
    e->message_seq = f->seq;
    e->message_length = f->length;
    e->fragment_offset = f->offset;
    e->fragment_length = f->fragment_length;
    e->size = MIN(e->size, HANDSHAKE_HEADER + (size_t)f->fragment_length);
}

static void read_fragment(wr_dtls_walk *w, const wr_dtls_fragment *f, const uint8_t *at)
{
    wr_dtls_assembled made;

    if (w->association == NULL)
        w->association = wr_dtls_association_get(w->reader, w->src, w->dst, w->channel, &w->side);
    wr_dtls_assemble(w->reader, w->association, w->side, f, &made);
    for (unsigned i = 0; i < made.n; i++) {
        const wr_assembly state = made.state[i];
        wr_dtls_event *e = wr_dtls_add_event(w, WR_DTLS_FRAGMENT, at);
        if (e == NULL)
            return;
        describe_fragment(e, f);
        e->retransmission = state == WR_ASSEMBLY_AGAIN;
        if (state != WR_ASSEMBLY_MORE && state != WR_ASSEMBLY_OTHER)
            wr_dtls_read_message(w->association, f->type, made.body[i], f->length, e);
        e->restarted = state == WR_ASSEMBLY_OTHER || state == WR_ASSEMBLY_OTHER_COMPLETE;
        if (e->restarted && e->problem == NULL)
            e->problem = "Contradicts earlier fragments with this message number: both are kept";
    }
}

/* What is wrong with the header of a fragment that has left bytes behind it; NULL when nothing is. */
static const char *check_fragment(const wr_dtls_walk *w, const wr_dtls_fragment *f, size_t left)
{
    if (f->offset > f->length || f->fragment_length > f->length - f->offset)
        return "A handshake fragment reaches beyond the end of its message";
    if (f->length > WR_DTLS_MAX_MESSAGE)
        return "A handshake message claims more than 65536 bytes";
    if (f->fragment_length > left)
        return w->record_cut ? WR_DTLS_CUT : "A handshake fragment is longer than its record";
    return NULL;
}

static bool read_fragment_header(wr_cursor *c, wr_dtls_fragment *f)
{
    return read_u8(c, &f->type) && read_number(c, 3, &f->length) && read_u16(c, &f->seq) &&
           read_number(c, 3, &f->offset) && read_number(c, 3, &f->fragment_length);
}

void wr_dtls_read_fragments(wr_dtls_walk *w, wr_cursor c)
{
    while (c.left > 0 && !wr_dtls_walk_is_full(w)) {
        const uint8_t *at = c.at;
        wr_dtls_fragment f;
        const char *problem;

        if (c.left < HANDSHAKE_HEADER || !read_fragment_header(&c, &f)) {
            wr_dtls_add_problem(w, at, w->record_cut ? WR_DTLS_CUT : "A handshake record ends within a message header");
            return;
        }
        problem = check_fragment(w, &f, c.left);
        if (problem != NULL) {
            wr_dtls_event *e = wr_dtls_add_event(w, WR_DTLS_PROBLEM, at);
            if (e != NULL) {
                describe_fragment(e, &f);
                e->problem = problem;
                e->cut = strcmp(problem, WR_DTLS_CUT) == 0;
            }
        }
        if (!read_bytes(&c, f.fragment_length, &f.bytes))
            return;
        /* An empty fragment of a longer message says nothing. */
        if (problem == NULL && (f.fragment_length > 0 || f.length == 0))
            read_fragment(w, &f, at);
    }
}

void wr_dtls_read_alert(wr_dtls_walk *w, const uint8_t *at, wr_cursor c)
{
    uint8_t level, description;
    wr_dtls_event *e;

    if (!read_u8(&c, &level) || !read_u8(&c, &description)) {
        wr_dtls_add_problem(w, at, w->record_cut ? WR_DTLS_CUT : "An alert is shorter than two bytes");
        return;
    }
    e = wr_dtls_add_event(w, WR_DTLS_ALERT, at);
    if (e == NULL)
        return;
    e->alert_level = level;
    e->alert_description = description;
    if (c.left > 0)
        e->problem = "Bytes follow the alert in its record";
    else if (level != 1 && level != 2)
        e->problem = "The level of the alert is neither warning (1) nor fatal (2)";
}

/* RFC 9147 4: behind the content of a decrypted 1.3 record stand its type and zeros. */
static bool is_inner_type(const uint8_t *bytes, size_t len, uint8_t type)
{
    if (len == 0 || bytes[0] != type)
        return false;
    for (size_t i = 1; i < len; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* How many bytes are whole handshake fragments, when nothing but these (and the inner type) is there; else 0. */
static size_t handshake_bytes(const uint8_t *bytes, size_t len)
{
    wr_cursor c = cursor_of(bytes, len);
    const uint8_t *skipped;

    while (c.left > 0 && !(c.left < len && is_inner_type(c.at, c.left, TYPE_HANDSHAKE))) {
        wr_dtls_fragment f;
        if (!read_fragment_header(&c, &f) || wr_tls_handshake_name(f.type) == NULL || f.offset > f.length ||
            f.fragment_length > f.length - f.offset || !read_bytes(&c, f.fragment_length, &skipped))
            return 0;
    }
    return len - c.left;
}

void wr_dtls_read_decrypted(wr_dtls_reader *r, const wr_endpoint *src, const wr_endpoint *dst, uint32_t channel,
                            const uint8_t *bytes, size_t len, GPtrArray *out)
{
    wr_dtls_walk w = {.reader = r,
                      .src = src,
                      .dst = dst,
                      .channel = channel,
                      .datagram = bytes,
                      .record = bytes,
                      .content = bytes,
                      .end = len > 0 ? bytes + len : bytes,
                      .decrypted = true,
                      .out = out,
                      .limit = out->len + WR_DTLS_MAX_EVENTS,
                      .record_length = (uint16_t)MIN(len, UINT16_MAX)};
    size_t n = handshake_bytes(bytes, len);

    if (n > 0) {
        w.end = bytes + n;
        if (r != NULL)
            wr_dtls_read_fragments(&w, cursor_of(bytes, n));
    } else if (len >= 2 && (bytes[0] == 1 || bytes[0] == 2) && wr_tls_alert_name(bytes[1]) != NULL &&
               (len == 2 || is_inner_type(bytes + 2, len - 2, TYPE_ALERT))) {
        w.end = bytes + 2;
        wr_dtls_read_alert(&w, bytes, cursor_of(bytes, 2));
    }
}

void wr_dtls_event_free(wr_dtls_event *e)
{
    if (e == NULL)
        return;
    g_free(e->alpn);
    g_free(e->server_name);
    wr_certificate_unref(e->leaf);
    g_free(e->body);
    g_free(e->sealed);
    g_free(e->external_session_id);
    g_free(e->external_id_hash);
    g_free(e);
}
