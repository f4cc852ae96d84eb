/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same call, direct and through a TURN server (RFC 8656), seen before the relay: by a channel whose peer is told at
 * whatever time, by indications, or by both in turn. Where the relay stands changes nothing about who showed what.
 */
#include "real_call.h"

#define TURN   at(SERVER, 3478)
#define NUMBER 0x4001

/* IN_TURN: indications until the channel is bound, as clients do it (RFC 8656 11 and 12). */
typedef enum { DIRECT = 0, CHANNEL, INDICATIONS, IN_TURN, CARRIAGES } carriage;

static unsigned bound_at;

enum {
    ASKED = 0,
    ANSWERED_CHECK,
    ASKED_BACK,
    ANSWERED_BACK,
    SHAKEN,
    STREAMED = SHAKEN + DATAGRAMS,
    STEPS = STREAMED + 6
};

/* Where a datagram of a step is seen, and how it travels; Alice is the client of the relay. */
static wr_carriage travel(carriage how, unsigned step, bool up, wr_place *p)
{
    wr_carriage c = {.peer = wr_endpoint_none()};

    if (how == DIRECT)
        return c;
    p->src = up ? TURN : ALICES;
    p->dst = up ? ALICES : TURN;
    c.relayed = true;
    if (how == CHANNEL || (how == IN_TURN && step >= bound_at)) {
        c.channel = NUMBER;
    } else {
        c.peer = BOBS;
        c.to_peer = !up;
    }
    return c;
}

static void stun_step(real_t *r, carriage how, unsigned step)
{
    const bool up = step == ANSWERED_CHECK || step == ASKED_BACK;
    wr_endpoint mapped = step == ANSWERED_CHECK ? ALICES : BOBS;
    wr_stun_evidence s;
    uint8_t bytes[200];
    size_t n = stun_build(bytes,
                          step == ASKED        ? "BBBB:AAAA"
                          : step == ASKED_BACK ? "AAAA:BBBB"
                                               : NULL,
                          step < ASKED_BACK ? 1 : 2, step < ASKED_BACK ? PWD_B : PWD_A, &mapped);

    memset(&s, 0, sizeof s);
    s.at = next(&r->c, 5, up ? BOBS : ALICES, up ? ALICES : BOBS);
    s.how = travel(how, step, up, &s.at);
    g_assert_true(wr_stun_parse(bytes, n, &s.msg));
    wr_engine_add_stun(r->c.e, &s);
}

static void dtls_step(real_t *r, carriage how, unsigned step)
{
    const recorded *d = &ecdsa_handshake[step - SHAKEN];
    wr_dtls_evidence v;

    memset(&v, 0, sizeof v);
    v.at = next(&r->c, 5, d->up ? BOBS : ALICES, d->up ? ALICES : BOBS);
    v.how = travel(how, step, d->up, &v.at);
    wr_dtls_read_datagram(r->reader, &v.at.src, &v.at.dst, v.how.relayed ? 7 : 0, d->bytes, d->length, false,
                          r->events);
    for (unsigned i = 0; i < r->events->len; i++) {
        v.event = g_ptr_array_index(r->events, i);
        if (v.event->kind != WR_DTLS_FRAGMENT)
            wr_engine_add_dtls(r->c.e, &v);
    }
    g_ptr_array_set_size(r->events, 0);
}

static void media_step(real_t *r, carriage how, unsigned step)
{
    const bool up = step % 2 != 0;
    uint8_t bytes[120] = {0x80, 111, 0, (uint8_t)step, 0, 0, 0, (uint8_t)step, 1, 2, 3, up ? 4 : 5};
    wr_media_evidence m;

    memset(&m, 0, sizeof m);
    memcpy(bytes + 12, noise(step), 100);
    m.at = next(&r->c, 20, up ? BOBS : ALICES, up ? ALICES : BOBS);
    m.how = travel(how, step, up, &m.at);
    m.bytes = bytes;
    m.captured = m.length = sizeof bytes;
    wr_engine_add_media(r->c.e, &m);
}

/* ChannelBind and its answer: NUMBER is Bob. */
static void bind_channel(real_t *r)
{
    for (unsigned answer = 0; answer < 2; answer++) {
        uint8_t m[200] = {answer != 0, 9, 0, 0, 0x21, 0x12, 0xA4, 0x42, 9, 9};
        const wr_endpoint peer = BOBS;
        size_t n = 20;
        if (answer == 0) {
            const uint8_t numbers[8] = {0, 0x0C, 0, 4, NUMBER >> 8, NUMBER & 0xff, 0, 0};
            memcpy(m + n, numbers, 8);
            n += 8;
            put16(m + n, 0x0012);
            put16(m + n + 2, 8);
            m[n + 5] = 1;
            put16(m + n + 6, peer.port ^ 0x2112u);
            for (unsigned i = 0; i < 4; i++)
                m[n + 8 + i] = peer.addr[i] ^ m[4 + i];
            n += 12;
        }
        put16(m + 2, (unsigned)(n - 20));
        stun_send(&r->c, 1, answer ? TURN : ALICES, answer ? ALICES : TURN, m, n);
    }
}

static void play(real_t *r, carriage how, const char *bobs)
{
    real_agree(r, fingerprint_shown(false), bobs);
    for (unsigned step = 0; step <= STEPS; step++) {
        if (step == bound_at && how != DIRECT)
            bind_channel(r);
        if (step < SHAKEN)
            stun_step(r, how, step);
        else if (step < STREAMED)
            dtls_step(r, how, step);
        else if (step < STEPS)
            media_step(r, how, step);
    }
}

static void check_call(real_t *r, carriage how, wr_session_verdict verdict)
{
    const wr_association *a;
    const wr_session *s;
    const wr_endpoint bob = BOBS;
    unsigned media = 0;

    wr_engine_evaluate(r->c.e);
    g_assert_cmpuint(wr_engine_associations(r->c.e)->len, ==, 1);
    a = real_association(r);
    s = wr_engine_session(r->c.e, wr_association_session_number(r->c.e, a));
    g_assert_nonnull(s);
    g_assert_cmpint(s->verdict, ==, verdict);
    g_assert_cmpint(s->severity, ==, verdict == WR_S_MISMATCH ? WR_ERROR : WR_CHAT);
    g_assert_cmpint(a->binding, ==, WR_B0);
    g_assert_cmpint(a->relayed, ==, how != DIRECT);
    g_assert_cmpint(a->possession[1], ==, WR_POSSESSION_PROVED);
    g_assert_true(wr_association_is_completed(a));
    g_assert_true(wr_endpoint_equal(&a->side[0].end, &bob));
    for (int end = 0; end < 2; end++)
        media += a->flow->media[end].packets;
    g_assert_cmpuint(media, ==, STEPS - STREAMED);
}

static void test_carriage(gconstpointer data)
{
    const carriage how = (carriage)GPOINTER_TO_UINT(data);

    for (bound_at = 0; bound_at <= STEPS; bound_at++) {
        real_t r = real_begin(NULL);
        g_test_message("the peer is told before step %u", bound_at);
        play(&r, how, fingerprint_shown(true));
        check_call(&r, how, WR_S_VERIFIED_LEG);
        real_end(&r);
        r = real_begin(NULL);
        play(&r, how, sha256_of(0x5A));
        check_call(&r, how, WR_S_MISMATCH);
        real_end(&r);
    }
}

int main(int argc, char **argv)
{
    static const char *const words[CARRIAGES] = {"direct", "channel", "indications", "in_turn"};

    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < CARRIAGES; i++) {
        char *path = g_strdup_printf("/relayed/%s", words[i]);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_carriage);
        g_free(path);
    }
    return g_test_run();
}
