/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hellos say where several of one handshake contradict each other: both are in clear, and a signature covers no
 * more of them than the randoms (RFC 5246 7.4.3), so a finding about them is a note (DTLS-09 to DTLS-12). */
#include "real_call.h"

#define SUITE_IN_SERVER_HELLO(b) (MESSAGE_CONTENT + 2 + 32 + 1 + (b)[MESSAGE_CONTENT + 34])

typedef struct {
    const char *words, *check;
    bool up;
    unsigned datagram, record;
    uint8_t suite[2]; /* of the server; of the client: all that it offers are made something else */
} said_t;

static const said_t rows[] = {
    {"a ServerHello with a suite that was not offered", "DTLS-12", false, SERVER_FLIGHT, IN_SERVER_HELLO, {0xc0, 0xff}},
    {"a ServerHello with a weak suite", "DTLS-10", false, SERVER_FLIGHT, IN_SERVER_HELLO, {0x00, 0x05}},
    {"a ClientHello without the suite chosen", "DTLS-12", true, HELLO_AGAIN, 0, {0, 0}},
};

/* Behind version, random, session id and cookie (RFC 6347 4.2.1). */
static void offer_nothing_known(uint8_t *b)
{
    size_t at = MESSAGE_CONTENT + 34, n;

    at += 1u + b[at];
    at += 1u + b[at];
    n = (size_t)b[at] << 8 | b[at + 1];
    memset(b + at + 2, 0xfe, n);
}

static uint8_t *made(const said_t *s, size_t *n)
{
    uint8_t *b = record_of(&ecdsa_handshake[s->datagram], s->record, n);

    if (s->up)
        offer_nothing_known(b);
    else
        memcpy(b + SUITE_IN_SERVER_HELLO(b), s->suite, 2);
    return b;
}

/* Severity of the finding, -1 for none, with the changed hello before this datagram; beside the real one, or in its
 * place. */
static int told(const said_t *s, unsigned place, bool in_place)
{
    real_t r = real_begin(NULL);
    size_t n;
    uint8_t *bytes = made(s, &n);
    int severity = -1;

    real_agree(&r, fingerprint_shown(false), fingerprint_shown(true));
    connect_ends(&r.c);
    for (unsigned i = 0; i < DATAGRAMS; i++) {
        if (i == place)
            real_datagram(&r, 1, s->up, bytes, n);
        if (!in_place || (i != s->datagram && (i != HELLO || !s->up)))
            real_part(&r, i);
    }
    for (int k = WR_CHAT; k <= WR_ERROR; k++)
        if (found(&r.c, s->check, k) > 0)
            severity = k;
    g_free(bytes);
    real_end(&r);
    return severity;
}

static void test_doubted(gconstpointer data)
{
    const said_t *s = data;

    g_assert_cmpint(told(s, s->datagram, true), >=, WR_WARN); /* nothing says otherwise */
    for (unsigned place = 0; place < DATAGRAMS; place++) {
        g_test_message("%s, before datagram %u", s->words, place);
        g_assert_cmpint(told(s, place, false), <=, WR_NOTE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *name = g_strdup_printf("/checks/doubted hellos/%s", rows[i].words);
        g_test_add_data_func(name, &rows[i], test_doubted);
        g_free(name);
    }
    return g_test_run();
}
