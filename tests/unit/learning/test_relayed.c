/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same call, direct and through a TURN server (RFC 8656), seen before the relay: by a channel whose peer is told at
 * whatever time, by indications, or by both in turn. Where the relay stands changes nothing about who showed what.
 */
#include "real_call.h"

#define TURN   at(SERVER, 3478)
#define NUMBER 0x4001

/* IN_TURN: indications until the channel is bound, as clients do it (RFC 8656 11 and 12). HALVES: what comes from Bob
 * is in the channel all along, for the capture shows its ChannelBind late; what goes to him in indications. */
typedef enum { DIRECT = 0, CHANNEL, INDICATIONS, IN_TURN, HALVES, CARRIAGES } carriage;

#define NEVER 1000

static unsigned bound_at, allocated_at;
static const char *relay_host; /* of the address that Alice is lent */

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
    if (how == CHANNEL || (how == IN_TURN && step >= bound_at) || (how == HALVES && up)) {
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

/* XOR-RELAYED-ADDRESS or another of its form (RFC 8489 14.2); returns how much it takes. */
static size_t put_address(uint8_t *m, size_t n, unsigned type, const wr_endpoint *at)
{
    put16(m + n, type);
    put16(m + n + 2, 8);
    m[n + 5] = 1;
    put16(m + n + 6, at->port ^ 0x2112u);
    for (unsigned i = 0; i < 4; i++)
        m[n + 8 + i] = at->addr[i] ^ m[4 + i];
    return n + 12;
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
            n = put_address(m, n, 0x0012, &peer);
        }
        put16(m + 2, (unsigned)(n - 20));
        stun_send(&r->c, 1, answer ? TURN : ALICES, answer ? ALICES : TURN, m, n);
    }
}

/* Allocate and its answer, which says what address Alice is lent. */
static void allocate(real_t *r)
{
    for (unsigned answer = 0; answer < 2; answer++) {
        uint8_t m[200] = {answer != 0, 3, 0, 0, 0x21, 0x12, 0xA4, 0x42, 7, 7};
        const wr_endpoint lent = at(relay_host, 50000), mapped = ALICES;
        size_t n = 20;
        if (answer == 0) {
            const uint8_t udp[8] = {0, 0x19, 0, 4, 17, 0, 0, 0};
            memcpy(m + n, udp, 8);
            n += 8;
        } else {
            const uint8_t lifetime[8] = {0, 0x0D, 0, 4, 0, 0, 2, 0x58};
            n = put_address(m, n, 0x0016, &lent);
            n = put_address(m, n, 0x0020, &mapped);
            memcpy(m + n, lifetime, 8);
            n += 8;
        }
        put16(m + 2, (unsigned)(n - 20));
        stun_send(&r->c, 1, answer ? TURN : ALICES, answer ? ALICES : TURN, m, n);
    }
}

static void play(real_t *r, carriage how, const char *bobs)
{
    real_agree(r, fingerprint_shown(false), bobs);
    for (unsigned step = 0; step <= STEPS; step++) {
        if (step == allocated_at && how != DIRECT)
            allocate(r);
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

/* Bob's packets, and Alice's, are those of the end that sent them. */
static void check_ends(const wr_association *a)
{
    const wr_flow *f = a->flow;
    const wr_endpoint bob = BOBS;
    const int his = wr_endpoint_equal(&f->end[0], &bob) ? 0 : 1;
    const int64_t apart = 40 * MS;

    g_assert_true(wr_endpoint_equal(&f->end[his], &bob));
    g_assert_true(wr_endpoint_equal(&a->side[0].end, &bob));
    g_assert_true(wr_endpoint_equal(&a->side[1].end, &f->end[1 - his]));
    g_assert_cmpint(wr_endpoint_compare(&f->end[0], &f->end[1]), <=, 0);
    g_assert_cmpint(a->client_end, ==, his);
    for (int end = 0; end < 2; end++) {
        const wr_traffic *t = &f->media[end];
        g_assert_cmpuint(t->packets, ==, 3);
        g_assert_cmpuint(t->bytes, ==, 3 * 120);
        g_assert_cmpint(t->first_us, <, t->last_us);
        g_assert_cmpuint(t->first_frame, <, t->last_frame);
        g_assert_cmpint(t->last_us - t->first_us, >=, 2 * apart);
    }
    g_assert_cmpuint(f->media[his].last_frame, >, f->media[1 - his].last_frame); /* he sent the last */
    g_assert_cmpuint(f->media[his].first_frame, >, f->media[1 - his].first_frame);
    g_assert_cmpint(f->media[his].first_us, >, f->media[1 - his].first_us);
    for (unsigned i = 0; i < f->checks.len; i++) {
        const wr_check *k = wr_list_at(&f->checks, i);
        g_assert_cmpstr(k->local_ufrag, ==, k->from == his ? "BBBB" : "AAAA");
        g_assert_true(k->flow == f && k->request_valid);
    }
    g_assert_cmpuint(f->checks.len, ==, 2);
}

/* Both were allowed to send from the answers on, the first of which was Bob's to Alice's check. */
static void check_consent(const wr_flow *f)
{
    const wr_endpoint bob = BOBS;
    const int his = wr_endpoint_equal(&f->end[0], &bob) ? 0 : 1;
    const wr_consent *c = f->consent;

    g_assert_nonnull(c);
    g_assert_cmpuint(c->given_frame[1 - his], <, c->given_frame[his]);
    g_assert_cmpint(c->given_first_us[1 - his], <, c->given_first_us[his]);
    for (int end = 0; end < 2; end++) {
        g_assert_cmpint(c->given_first_us[end], >, 0);
        g_assert_cmpint(c->sent_first_us[end], >, c->given_first_us[end]);
        g_assert_cmpint(c->sent_last_us[end], >=, f->media[end].last_us);
        g_assert_cmpuint(c->sent_frame[end], >, c->given_frame[end]);
        g_assert_cmpint(c->lapsed_us[end], <, S);
    }
    /* he began the handshake, and sent the last packet */
    g_assert_cmpint(c->sent_first_us[his], <, c->sent_first_us[1 - his]);
    g_assert_cmpint(c->sent_last_us[his], >, c->sent_last_us[1 - his]);
}

/* The association's frames and times are those of all its datagrams. */
static void check_handshake(const wr_association *a)
{
    const wr_side *client = &a->side[0], *server = &a->side[1];

    g_assert_true(a->has_client_random && a->has_server_random && a->certificate_requested);
    g_assert_cmpuint(a->first_frame, ==, a->frames[0]);
    for (unsigned i = 1; i < a->n_frames; i++)
        g_assert_cmpuint(a->frames[i - 1], <, a->frames[i]);
    g_assert_cmpuint(a->n_frames, ==, DATAGRAMS);
    g_assert_cmpuint(client->presented.frame, >, server->presented.frame);
    g_assert_cmpuint(client->finished_frame, <, server->finished_frame);
    g_assert_cmpint(client->finished_us, <, server->finished_us);
    g_assert_cmpuint(client->ccs_frame, ==, client->finished_frame);
    g_assert_cmpuint(server->ccs_frame, ==, server->finished_frame);
    g_assert_cmpuint(client->key_exchange_seq, >, client->hello_seq);
    g_assert_cmpuint(server->key_exchange_seq, >, server->hello_seq);
    g_assert_true(a->offers_use_srtp && a->has_profile);
}

static void check_call(real_t *r, carriage how, wr_session_verdict verdict)
{
    const wr_association *a = NULL;
    const wr_session *s;
    unsigned alive = 0;

    wr_engine_evaluate(r->c.e);
    for (unsigned i = 0; i < wr_engine_associations(r->c.e)->len; i++) {
        const wr_association *o = g_ptr_array_index(wr_engine_associations(r->c.e), i);
        alive += o->absorbed == NULL;
        a = o->absorbed == NULL ? o : o->absorbed;
    }
    g_assert_cmpuint(alive, ==, 1);
    g_assert_nonnull(a);
    s = wr_engine_session(r->c.e, wr_association_session_number(r->c.e, a));
    g_assert_nonnull(s);
    g_assert_cmpint(s->verdict, ==, verdict);
    g_assert_cmpint(s->severity, ==, verdict == WR_S_MISMATCH ? WR_ERROR : WR_CHAT);
    /* a check is not joined with an answer that took another way */
    g_assert_cmpint(a->binding, <=, how == HALVES ? WR_B1 : WR_B0);
    g_assert_cmpint(a->relayed, ==, how != DIRECT);
    g_assert_cmpint(a->possession[1], ==, WR_POSSESSION_PROVED);
    g_assert_true(wr_association_is_completed(a));
    check_ends(a);
    if (how != HALVES)
        check_consent(a->flow);
    check_handshake(a);
}

static void test_carriage(gconstpointer data)
{
    const carriage how = (carriage)GPOINTER_TO_UINT(data);

    allocated_at = NEVER;
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

/* The lent address is told at whatever time, before the channel or after it, while the capture shows no indications; it
 * may stand before or after Bob's. */
static void test_allocated(gconstpointer data)
{
    const carriage how = (carriage)GPOINTER_TO_UINT(data);
    static const char *const hosts[] = {SERVER, "10.9.9.9"};

    for (unsigned i = 0; i < G_N_ELEMENTS(hosts); i++) {
        relay_host = hosts[i];
        for (allocated_at = 0; allocated_at <= (how == CHANNEL ? STEPS : 0); allocated_at++) {
            for (bound_at = 0; bound_at <= STEPS; bound_at += how == CHANNEL ? 3 : 1) {
                real_t r = real_begin(NULL);
                g_test_message("%s, told before step %u, the peer before %u", relay_host, allocated_at, bound_at);
                play(&r, how, fingerprint_shown(true));
                check_call(&r, how, WR_S_VERIFIED_LEG);
                real_end(&r);
            }
        }
    }
}

int main(int argc, char **argv)
{
    static const char *const words[CARRIAGES] = {"direct", "channel", "indications", "in_turn", "halves"};

    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < CARRIAGES; i++) {
        char *path = g_strdup_printf("/relayed/%s", words[i]);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_carriage);
        g_free(path);
        if (i == DIRECT)
            continue;
        path = g_strdup_printf("/allocated/%s", words[i]);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_allocated);
        g_free(path);
    }
    return g_test_run();
}
