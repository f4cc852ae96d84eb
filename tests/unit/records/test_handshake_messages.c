/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept of a handshake's messages, and what is not once there are too many. */
#include "records/handshake_messages.h"

#include <string.h>

static const uint8_t DER[] = {0x30, 3, 2, 1, 7}, OTHER[] = {0x30, 3, 2, 1, 8};

static bool add(wr_handshake_messages **m, uint8_t type, unsigned seq, const uint8_t *body, size_t n,
                wr_certificate *leaf)
{
    const wr_handshake_message message = {
        .type = type, .seq = (uint16_t)seq, .length = (uint32_t)n, .body = (uint8_t *)body, .leaf = leaf};
    bool is_new;

    wr_handshake_messages_add(m, &message, &is_new);
    return is_new;
}

/* A Certificate that is a list of these bytes, its length too large by so much. */
static GByteArray *list_of(const uint8_t *der, size_t n, unsigned more)
{
    const uint8_t lengths[] = {0, 0, (uint8_t)(n + 3), 0, 0, (uint8_t)(n + more)};
    GByteArray *out = g_byte_array_new();

    g_byte_array_append(out, lengths, sizeof lengths);
    g_byte_array_append(out, der, (guint)n);
    return out;
}

static void check_bytes(const wr_handshake_message *m, const GByteArray *wanted)
{
    GByteArray *got = g_byte_array_new();

    wr_handshake_message_append(m, got);
    g_assert_cmpmem(got->data, got->len, wanted->data, wanted->len);
    g_byte_array_unref(got);
}

/* Its leaf has the bytes already; they come back as they were, also out of another list. */
static void test_leaf_alone(void)
{
    wr_certificate *leaf = wr_certificate_new(DER, sizeof DER), *other = wr_certificate_new(OTHER, sizeof OTHER);
    GByteArray *body = list_of(DER, sizeof DER, 0), *another = list_of(OTHER, sizeof OTHER, 0);
    wr_handshake_messages *m = NULL, *copy = NULL;
    bool is_new;

    g_assert_true(add(&m, WR_HS_CERTIFICATE, 1, body->data, body->len, leaf));
    g_assert_null(m->list[0].body);
    check_bytes(&m->list[0], body);
    g_assert_false(add(&m, WR_HS_CERTIFICATE, 1, body->data, body->len, leaf));
    g_assert_true(add(&m, WR_HS_CERTIFICATE, 2, body->data, body->len, leaf));
    g_assert_true(add(&m, WR_HS_CERTIFICATE, 1, another->data, another->len, other));
    check_bytes(&m->list[2], another);
    for (int again = 0; again < 2; again++) {
        wr_handshake_messages_add(&copy, &m->list[0], &is_new);
        g_assert_true(is_new == (again == 0));
    }
    wr_handshake_messages_add(&copy, &m->list[2], &is_new);
    g_assert_true(is_new);
    g_assert_false(add(&copy, WR_HS_CERTIFICATE, 1, body->data, body->len, leaf));
    wr_handshake_messages_free(m);
    check_bytes(&copy->list[0], body);
    wr_handshake_messages_free(copy);
    g_byte_array_unref(body);
    g_byte_array_unref(another);
    wr_certificate_unref(leaf);
    wr_certificate_unref(other);
}

/* More than the leaf, other lengths, other bytes, or no leaf: kept as they came. */
static void test_kept_whole(void)
{
    wr_certificate *leaf = wr_certificate_new(DER, sizeof DER);
    GByteArray *lengths = list_of(DER, sizeof DER, 1), *longer = list_of(DER, sizeof DER, 0);
    GByteArray *changed = list_of(OTHER, sizeof OTHER, 0);
    GByteArray *const rows[] = {lengths, longer, changed};
    wr_handshake_messages *m = NULL;

    g_byte_array_append(longer, (const uint8_t *)"\0\0\1x", 4);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(add(&m, WR_HS_CERTIFICATE, 1, rows[i]->data, rows[i]->len, leaf));
        g_assert_nonnull(m->list[i].body);
        check_bytes(&m->list[i], rows[i]);
        g_assert_false(add(&m, WR_HS_CERTIFICATE, 1, rows[i]->data, rows[i]->len, leaf));
    }
    g_assert_true(add(&m, WR_HS_CERTIFICATE_VERIFY, 1, lengths->data, lengths->len, NULL));
    g_assert_nonnull(m->list[3].body);
    g_assert_true(
        add(&m, WR_HS_CERTIFICATE, 1, lengths->data, lengths->len - 1, leaf)); /* beginning alike is not the same */
    wr_handshake_messages_free(m);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        g_byte_array_unref(rows[i]);
    wr_certificate_unref(leaf);
}

/* The first half of a kind stays, and the latest of the others. */
static void test_too_many_of_a_kind(void)
{
    wr_handshake_messages *m = NULL;
    uint8_t n;

    for (n = 0; n < WR_MAX_OF_A_KIND; n++)
        g_assert_true(add(&m, WR_HS_CLIENT_HELLO, 0, &n, 1, NULL));
    g_assert_false(m->cut);
    g_assert_true(add(&m, WR_HS_CLIENT_HELLO, 0, &n, 1, NULL));
    g_assert_true(m->cut);
    g_assert_cmpuint(m->n, ==, WR_MAX_OF_A_KIND);
    for (unsigned i = 0; i < WR_MAX_OF_A_KIND; i++)
        g_assert_cmpuint(m->list[i].body[0], ==, i < WR_MAX_OF_A_KIND / 2 ? i : i + 1);
    wr_handshake_messages_free(m);
}

static void test_too_many(void)
{
    wr_handshake_messages *m = NULL;
    uint8_t body = 0;

    for (unsigned i = 0; i < WR_MAX_HANDSHAKE_MESSAGES; i++)
        g_assert_true(add(&m, (uint8_t)(i / WR_MAX_OF_A_KIND), i, &body, 1, NULL));
    g_assert_false(m->cut);
    g_assert_false(add(&m, 255, 0, &body, 1, NULL));
    g_assert_true(m->cut);
    g_assert_cmpuint(m->n, ==, WR_MAX_HANDSHAKE_MESSAGES);
    wr_handshake_messages_free(m);
}

/* All the room can be used, and no byte more. */
static void test_too_long(void)
{
    enum { PART = WR_MAX_HANDSHAKE_BYTES / 4 };
    uint8_t *body = g_malloc0(PART + 1);
    wr_handshake_messages *m = NULL;

    for (uint8_t i = 0; i < 3; i++)
        g_assert_true(add(&m, WR_HS_CLIENT_HELLO, i, body, PART, NULL));
    g_assert_false(add(&m, WR_HS_CLIENT_HELLO, 3, body, PART + 1, NULL));
    g_assert_true(m->cut);
    g_assert_true(add(&m, WR_HS_CLIENT_HELLO, 3, body, PART, NULL));
    g_assert_false(add(&m, WR_HS_CLIENT_HELLO, 4, body, 1, NULL));
    g_assert_cmpuint(m->bytes, ==, WR_MAX_HANDSHAKE_BYTES);
    wr_handshake_messages_free(m);
    g_free(body);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/handshake_messages/leaf_alone", test_leaf_alone);
    g_test_add_func("/handshake_messages/kept_whole", test_kept_whole);
    g_test_add_func("/handshake_messages/too_many_of_a_kind", test_too_many_of_a_kind);
    g_test_add_func("/handshake_messages/too_many", test_too_many);
    g_test_add_func("/handshake_messages/too_long", test_too_long);
    return g_test_run();
}
