/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of frame numbers. */
#include "base/frame_set.h"

static void holds_what_was_added(void)
{
    wr_frame_set *set = wr_frame_set_new();

    g_assert_false(wr_frame_set_has(set, 1));
    wr_frame_set_add(set, 1);
    wr_frame_set_add(set, 1000);
    wr_frame_set_add(set, 15);
    g_assert_true(wr_frame_set_has(set, 1));
    g_assert_true(wr_frame_set_has(set, 15));
    g_assert_true(wr_frame_set_has(set, 1000));
    for (uint32_t i = 0; i < 3000; i++)
        g_assert_true(wr_frame_set_has(set, i) == (i == 1 || i == 15 || i == 1000));
    wr_frame_set_free(set);
}

static void no_set_holds_nothing(void)
{
    g_assert_false(wr_frame_set_has(NULL, 1));
    wr_frame_set_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/frame_set/holds-what-was-added", holds_what_was_added);
    g_test_add_func("/frame_set/no-set", no_set_holds_nothing);
    return g_test_run();
}
