/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts by frame and message. */
#include "base/frame_texts.h"

static void assert_kept(const wr_frame_texts *t, uint32_t frame, uint32_t message, const char *text, uint32_t number)
{
    const char *found = "none";
    uint32_t n = UINT32_MAX;

    g_assert_true(wr_frame_texts_find(t, frame, message, &found, &n));
    g_assert_cmpstr(found, ==, text);
    g_assert_cmpuint(n, ==, number);
}

static void assert_nothing(const wr_frame_texts *t, uint32_t frame, uint32_t message)
{
    const char *text;
    uint32_t number;

    g_assert_false(wr_frame_texts_find(t, frame, message, &text, &number));
}

static void keeps_what_was_added(void)
{
    wr_frame_texts *t = wr_frame_texts_new();

    assert_nothing(t, 7, 1);
    g_assert_true(wr_frame_texts_add(t, 7, 1, "WebRTC offer", 1));
    g_assert_true(wr_frame_texts_add(t, 7, 2, NULL, 3));
    g_assert_true(wr_frame_texts_add(t, 9, 1, "WebRTC answer", 1));
    g_assert_true(wr_frame_texts_add(t, 9, 1, "the second under this number", 1));
    assert_kept(t, 7, 1, "WebRTC offer", 1);
    assert_kept(t, 7, 2, NULL, 3);
    assert_kept(t, 9, 1, "WebRTC answer", 1);
    assert_nothing(t, 7, 3);
    assert_nothing(t, 8, 1);
    assert_nothing(t, 10, 1);
    assert_nothing(t, 0, 1);
    wr_frame_texts_free(t);
}

static void frames_may_come_in_any_order(void)
{
    wr_frame_texts *t = wr_frame_texts_new();

    for (uint32_t i = 0; i < 1000; i++) { /* 37 and 1000 have no factor in common: each once */
        const uint32_t frame = i * 37 % 1000;
        char *text = g_strdup_printf("text %u", frame % 100);
        g_assert_true(wr_frame_texts_add(t, frame, frame ^ 5, text, frame));
        g_free(text);
    }
    for (uint32_t frame = 0; frame < 1000; frame++) {
        char *text = g_strdup_printf("text %u", frame % 100);
        assert_kept(t, frame, frame ^ 5, text, frame);
        assert_nothing(t, frame, frame ^ 6);
        g_free(text);
    }
    wr_frame_texts_free(t);
}

static void one_text_in_many_frames_is_kept_once(void)
{
    wr_frame_texts *t = wr_frame_texts_new();
    const char *first, *last;
    uint32_t number;

    for (uint32_t frame = 1; frame <= 100; frame++)
        g_assert_true(wr_frame_texts_add(t, frame, 0, "WebRTC offer", 1));
    g_assert_true(wr_frame_texts_find(t, 1, 0, &first, &number));
    g_assert_true(wr_frame_texts_find(t, 100, 0, &last, &number));
    g_assert_true(first == last);
    wr_frame_texts_free(t);
}

static void there_is_an_end(void)
{
    wr_frame_texts *t = wr_frame_texts_new();
    char *text = g_strnfill(1 << 20, 'x');
    unsigned kept = 0;

    while (kept < 100) {
        text[0] = (char)('A' + kept); /* another each time */
        if (!wr_frame_texts_add(t, kept + 1, 0, text, 0))
            break;
        kept++;
    }
    g_assert_cmpuint(kept, ==, 63);
    assert_nothing(t, kept + 1, 0);
    text[0] = 'A';
    assert_kept(t, 1, 0, text, 0);
    g_assert_true(wr_frame_texts_add(t, kept + 1, 0, "short", 0));
    g_free(text);
    wr_frame_texts_free(t);
}

static void none_keeps_nothing(void)
{
    assert_nothing(NULL, 1, 0);
    wr_frame_texts_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/frame_texts/keeps-what-was-added", keeps_what_was_added);
    g_test_add_func("/frame_texts/any-order", frames_may_come_in_any_order);
    g_test_add_func("/frame_texts/kept-once", one_text_in_many_frames_is_kept_once);
    g_test_add_func("/frame_texts/end", there_is_an_end);
    g_test_add_func("/frame_texts/none", none_keeps_nothing);
    return g_test_run();
}
