/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Indexes of the correlation and its short lists: what was put in comes out, in order, however much it is. */
#include "base/endpoint.h"
#include "base/index.h"
#include "base/list.h"

#include <string.h>

static int members[3000];

static void test_many_keys(void)
{
    wr_index *x = wr_index_new();

    for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
        char name[16];
        g_snprintf(name, sizeof name, "name %u", i);
        wr_index_add(x, wr_key_text(name), &members[i]);
    }
    g_assert_cmpuint(wr_index_size(x), ==, G_N_ELEMENTS(members));
    for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
        char name[16];
        wr_bucket bucket;
        g_snprintf(name, sizeof name, "name %u", i);
        bucket = wr_index_find(x, wr_key_text(name));
        g_assert_cmpuint(bucket.len, ==, 1);
        g_assert_true(bucket.members[0] == &members[i]);
        g_assert_true(wr_index_nth(x, i).members[0] == &members[i]);
    }
    for (unsigned i = 0; i < 1000; i++) { /* however the slots around are taken */
        const unsigned other = i + 0x10000;
        g_assert_cmpuint(wr_index_find(x, wr_key(&other, sizeof other)).len, ==, 0);
    }
    wr_index_free(x);
}

static void test_members_of_one_key_stay_in_order(void)
{
    wr_index *x = wr_index_new();
    wr_bucket bucket;

    for (unsigned i = 0; i < 100; i++)
        wr_index_add(x, wr_key("k", 1), &members[i]);
    bucket = wr_index_find(x, wr_key("k", 1));
    g_assert_cmpuint(wr_index_size(x), ==, 1);
    g_assert_cmpuint(bucket.len, ==, 100);
    for (unsigned i = 0; i < 100; i++)
        g_assert_true(bucket.members[i] == &members[i]);
    wr_index_free(x);
}

static void test_a_key_can_be_set_and_taken_back(void)
{
    wr_index *x = wr_index_new();

    wr_index_set(x, 7, &members[0]);
    wr_index_set(x, 7, &members[1]);
    g_assert_true(wr_index_get(x, 7) == &members[1]);
    wr_index_set(x, 7, NULL);
    g_assert_null(wr_index_get(x, 7));
    g_assert_cmpuint(wr_index_find(x, 7).len, ==, 0);
    wr_index_set_number(x, 8, 12345);
    g_assert_cmpuint(wr_index_number(x, 8), ==, 12345);
    g_assert_cmpuint(wr_index_number(x, 9), ==, 0);
    wr_index_free(x);
}

/* Every byte counts, and so does the length. */
static void test_keys_differ(void)
{
    const uint8_t zeros[40] = {0};
    GHashTable *seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

    for (size_t n = 0; n <= sizeof zeros; n++) {
        uint64_t key = wr_key(zeros, n);
        g_assert_true(g_hash_table_add(seen, g_memdup2(&key, sizeof key)));
        g_assert_true(key == wr_key(zeros, n));
    }
    for (size_t i = 0; i < sizeof zeros; i++) {
        uint8_t one[sizeof zeros] = {0};
        uint64_t key;
        one[i] = 1;
        key = wr_key(one, sizeof one);
        g_assert_true(g_hash_table_add(seen, g_memdup2(&key, sizeof key)));
    }
    g_hash_table_destroy(seen);
}

static void test_lists(void)
{
    wr_list list = {{NULL}, 0};

    for (unsigned i = 0; i < 20; i++) {
        g_assert_false(wr_list_has(&list, &members[i]));
        wr_list_add(&list, &members[i]);
        g_assert_cmpuint(list.len, ==, i + 1);
        for (unsigned k = 0; k <= i; k++)
            g_assert_true(wr_list_at(&list, k) == &members[k]);
    }
    wr_list_set(&list, 3, &members[50]);
    g_assert_true(wr_list_at(&list, 3) == &members[50]);
    wr_list_clear(&list);
    g_assert_cmpuint(list.len, ==, 0);
    wr_list_insert(&list, 0, &members[2]);
    wr_list_insert(&list, 0, &members[0]);
    wr_list_insert(&list, 1, &members[1]);
    wr_list_insert(&list, 9, &members[3]);
    for (unsigned i = 0; i < 4; i++)
        g_assert_true(wr_list_at(&list, i) == &members[i]);
    wr_list_clear(&list);
}

/* Names that g_str_hash() takes for one: "Ab" and "BA" weigh the same. */
static void test_nobody_makes_texts_meet(void)
{
    enum { BITS = 10, NAMES = 1 << BITS };
    GHashTable *hashes = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (unsigned n = 0; n < NAMES; n++) {
        char name[2 * BITS + 1];
        for (unsigned bit = 0; bit < BITS; bit++)
            memcpy(&name[2 * bit], (n >> bit & 1) != 0 ? "Ab" : "BA", 3);
        g_assert_cmpuint(g_str_hash(name), ==, g_str_hash("AbAbAbAbAbAbAbAbAbAb"));
        g_assert_cmpuint(wr_text_hash(name), ==, wr_text_hash(name));
        g_hash_table_add(hashes, GUINT_TO_POINTER(wr_text_hash(name)));
    }
    g_assert_cmpuint(g_hash_table_size(hashes), >, NAMES - 10);
    g_hash_table_destroy(hashes);
}

/* Two addresses of IPv6 for which a hash by multiplication that everybody knows gave one number. */
static void test_nobody_makes_endpoints_meet(void)
{
    const uint64_t factor = 0x9e3779b97f4a7c15u;
    GHashTable *hashes = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (uint64_t n = 0; n < 1000; n++) {
        uint64_t words[2] = {n, 0};
        wr_endpoint e;
        words[1] = n * factor;
        words[1] ^= words[1] >> 32; /* takes back what the first word did */
        e = wr_endpoint_from_bytes((const uint8_t *)words, sizeof words, 5000);
        g_hash_table_add(hashes, GUINT_TO_POINTER(wr_endpoint_hash(&e)));
    }
    g_assert_cmpuint(g_hash_table_size(hashes), >, 990);
    g_hash_table_destroy(hashes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/many-keys", test_many_keys);
    g_test_add_func("/index/members-of-one-key-stay-in-order", test_members_of_one_key_stay_in_order);
    g_test_add_func("/index/a-key-can-be-set-and-taken-back", test_a_key_can_be_set_and_taken_back);
    g_test_add_func("/index/keys-differ", test_keys_differ);
    g_test_add_func("/index/nobody-makes-texts-meet", test_nobody_makes_texts_meet);
    g_test_add_func("/index/nobody-makes-endpoints-meet", test_nobody_makes_endpoints_meet);
    g_test_add_func("/list/lists", test_lists);
    return g_test_run();
}
