/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ServerHellos of somebody that carry the random of the true one and say something else: no server's signature covers
 * more of them than that (RFC 5246 7.4.3). They change no verdict, wherever they come.
 */
#include "real_call.h"

#define HELLO_SUITE(b) (MESSAGE_CONTENT + 2 + 32 + 1 + (b)[MESSAGE_CONTENT + 34])

typedef struct {
    const char *words;
    uint8_t version[2], suite[2]; /* 0: as in the true one */
    bool supported_13, bare;      /* with supported_versions 1.3; without extensions */
    uint8_t random;               /* added to its first byte */
} said_t;

static const said_t rows[] = {
    {"of 1.3", {0, 0}, {0, 0}, true, false, 0},
    {"of 1.3 with a suite of 1.3", {0, 0}, {0x13, 0x01}, true, false, 0},
    {"of 1.3 without encryption", {0, 0}, {0xc0, 0xb4}, true, false, 0},
    {"of 1.0", {0xfe, 0xff}, {0, 0}, false, false, 0},
    {"without encryption", {0, 0}, {0xc0, 0x06}, false, false, 0},
    {"without encryption or certificates", {0, 0}, {0x00, 0x2c}, false, false, 0},
    {"without authentication", {0, 0}, {0xc0, 0x18}, false, false, 0},
    {"with another suite", {0, 0}, {0xc0, 0x2c}, false, false, 0},
    {"without extensions", {0, 0}, {0, 0}, false, true, 0},
    {"of another random, without encryption", {0, 0}, {0xc0, 0x06}, false, false, 1},
};

static void write_16(uint8_t *at, size_t n)
{
    at[0] = (uint8_t)(n >> 8);
    at[1] = (uint8_t)n;
}

/* A record with the hello; lengths follow what was added or left out. */
static uint8_t *made(const said_t *s, size_t *n)
{
    static const uint8_t supported[] = {0, 43, 0, 2, 0xfe, 0xfc};
    uint8_t *b = record_of(&ecdsa_handshake[SERVER_FLIGHT], IN_SERVER_HELLO, n);
    const size_t extensions = HELLO_SUITE(b) + 3u;
    size_t body;

    if (s->version[0] != 0)
        memcpy(b + MESSAGE_CONTENT, s->version, 2);
    if (s->suite[0] != 0 || s->suite[1] != 0)
        memcpy(b + HELLO_SUITE(b), s->suite, 2);
    b[MESSAGE_CONTENT + 2] ^= s->random;
    if (s->bare)
        *n = extensions + 2;
    if (s->supported_13) {
        b = g_realloc(b, *n + sizeof supported);
        memcpy(b + *n, supported, sizeof supported);
        *n += sizeof supported;
    }
    write_16(b + extensions, *n - extensions - 2);
    body = *n - MESSAGE_CONTENT;
    write_16(b + 11, *n - RECORD_HEADER);
    write_16(b + RECORD_HEADER + 2, body);
    write_16(b + RECORD_HEADER + 10, body);
    return b;
}

/* The verdict with the hello before this datagram, behind all for DATAGRAMS; and the worst finding about what was
 * negotiated. */
static wr_session_verdict told(const said_t *s, unsigned place, const char *bobs, wr_severity *worst)
{
    real_t r = real_begin(NULL);
    const wr_session *session;
    size_t n;
    uint8_t *bytes = made(s, &n);
    wr_session_verdict verdict;

    real_agree(&r, fingerprint_shown(false), bobs);
    connect_ends(&r.c);
    for (unsigned i = 0; i <= DATAGRAMS; i++) {
        if (i == place)
            real_datagram(&r, 1, false, bytes, n);
        if (i < DATAGRAMS)
            real_part(&r, i);
    }
    stream(&r.c, ALICES, BOBS, 0xA11CE, 1, 3);
    stream(&r.c, BOBS, ALICES, 0xB0B, 1, 3);
    session = real_session(&r);
    verdict = session->verdict;
    *worst = WR_CHAT;
    for (unsigned i = 0; i < r.c.e->findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(r.c.e->findings, i);
        if (g_str_has_prefix(f->check, "DTLS-1") || strcmp(f->check, "DTLS-09") == 0)
            *worst = MAX(*worst, f->severity);
    }
    g_free(bytes);
    real_end(&r);
    return verdict;
}

static void test_clean(gconstpointer data)
{
    for (unsigned place = 0; place <= DATAGRAMS; place++) {
        wr_severity worst;
        g_test_message("before datagram %u", place);
        g_assert_cmpint(told(data, place, fingerprint_shown(true), &worst), ==, WR_S_VERIFIED_LEG);
        g_assert_cmpint(worst, <=, WR_NOTE);
    }
}

static void test_guilty(gconstpointer data)
{
    for (unsigned place = 0; place <= DATAGRAMS; place++) {
        wr_severity worst;
        g_test_message("before datagram %u", place);
        g_assert_cmpint(told(data, place, fingerprint_shown(false), &worst), ==, WR_S_MISMATCH);
        g_assert_cmpint(worst, <=, WR_NOTE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *clean = g_strdup_printf("/learning/outdone hellos/clean/%s", rows[i].words);
        char *guilty = g_strdup_printf("/learning/outdone hellos/guilty/%s", rows[i].words);
        g_test_add_data_func(clean, &rows[i], test_clean);
        g_test_add_data_func(guilty, &rows[i], test_guilty);
        g_free(clean);
        g_free(guilty);
    }
    return g_test_run();
}
