/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a topic says of a call. */
#include "dialects/mqtt_topic.h"

#include <glib.h>

static void check(const char *topic, const char *want)
{
    char *call = wr_topic_call(topic);

    g_assert_cmpstr(call, ==, want);
    g_free(call);
}

static void words_at_the_end_are_no_call(void)
{
    check("room1", "room1");
    check("cameras/7/offer", "cameras/7");
    check("cameras/7/webrtc/Candidates", "cameras/7");
    check("cameras/7/answer/", "cameras/7");
    check("webrtc/7", "webrtc/7");
    check("/room/7", "/room/7");
    check("offers", "offers");
}

static void both_directions_are_one_call(void)
{
    check("signal/in/cam1", "signal/+/cam1");
    check("signal/out/cam1", "signal/+/cam1");
    check("cam1/c2s/offer", "cam1");
    check("cam1/s2c/answer", "cam1");
}

static void nothing_may_be_left(void)
{
    check("offer", NULL);
    check("webrtc/offer", NULL);
    check("//", NULL);
    check("", NULL);
    check(NULL, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/topic/words", words_at_the_end_are_no_call);
    g_test_add_func("/topic/directions", both_directions_are_one_call);
    g_test_add_func("/topic/nothing", nothing_may_be_left);
    return g_test_run();
}
