/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON that is written: the reports.
 */
#ifndef WR_JSON_WRITE_H
#define WR_JSON_WRITE_H

#include "formats/json_value.h"

/* A new string, NUL among its bytes or not. NULL, which is null to json-c, when text is no UTF-8: json-c does not look.
 */
json_object *wr_value_new_string(const char *text, size_t len);
/* The same of a text that is not NULL; what is not UTF-8 becomes U+FFFD. */
json_object *wr_value_new_text(const char *text);

/* Sets a member to a string; nothing when text is NULL. */
void wr_value_put_text(json_object *object, const char *name, const char *text);
void wr_value_put_integer(json_object *object, const char *name, int64_t value);

/* The value as JSON in ASCII; pretty: a line for each value, indented by its depth. Members in the order in which they
 * came. A fraction becomes null: reports have none. Free with g_free(). */
char *wr_value_write(const json_object *value, bool pretty);

#endif
