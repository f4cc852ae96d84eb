/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to dialect_table.c: the functions that rows name, each as wr_dialect wants it. Texts are to be freed with
 * g_free(); NULL and UNKNOWN: nothing is said.
 */
#ifndef WR_ROW_FUNCTIONS_H
#define WR_ROW_FUNCTIONS_H

#include "dialects/dialect.h"

char *wr_row_janus_call(const json_object *object, const wr_find_hints *hints);
wr_kind wr_row_janus_kind(const json_object *object, const wr_find_hints *hints);
wr_kind wr_row_teams_kind(const json_object *object, const wr_find_hints *hints);
wr_kind wr_row_snowflake_kind(const json_object *object, const wr_find_hints *hints);
wr_kind wr_row_mediasoup_kind(const json_object *object, const wr_find_hints *hints);
char *wr_row_apprtc_party(const json_object *object, const wr_find_hints *hints);
char *wr_row_pubnub_call(const json_object *object, const wr_find_hints *hints);
char *wr_row_livekit_call(const json_object *object, const wr_find_hints *hints);
char *wr_row_livekit_party(const json_object *object, const wr_find_hints *hints);
wr_kind wr_row_livekit_kind(const json_object *object, const wr_find_hints *hints);
char *wr_row_opentok_call(const json_object *object, const wr_find_hints *hints);
char *wr_row_firebase_call(const json_object *object, const wr_find_hints *hints);
char *wr_row_action_cable_call(const json_object *object, const wr_find_hints *hints);
char *wr_row_nostr_call(const json_object *object, const wr_find_hints *hints);
char *wr_row_nostr_receiver(const json_object *object);
wr_kind wr_row_nostr_kind(const json_object *object, const wr_find_hints *hints);
char *wr_row_voximplant_call(const json_object *object, const wr_find_hints *hints);
char *wr_row_voximplant_receiver(const json_object *object);

#endif
