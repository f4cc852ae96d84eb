/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Topics of publish and subscribe (MQTT 3.1.1 4.7): what they say of a call.
 */
#ifndef WR_TOPIC_H
#define WR_TOPIC_H

/* What stays the same in all topics of one call: the topic without the levels at its end that only say what a message
 * is
 * ("offer", "candidates", …) or which way it goes ("up", "response", …), and with "+" for those before. NULL when
 * nothing is left, or topic is NULL. Free with g_free(). */
char *wr_topic_call(const char *topic);

#endif
