/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON that is written: the reports.
 */
#ifndef WR_JSON_WRITE_H
#define WR_JSON_WRITE_H

#include "json_value.h"

/* New strings, to be given to an object or array. NULL, which json-c would write as null, when text is no UTF-8; json-c does not
 * look. NUL may be among the bytes. */
json_object *wr_value_new_string(const char *text, size_t len);
/* What is not UTF-8 becomes U+FFFD. text is not NULL. */
json_object *wr_value_new_text(const char *text);

/* Sets a member to a string; nothing when text is NULL. */
void wr_value_put_text(json_object *object, const char *name, const char *text);
void wr_value_put_integer(json_object *object, const char *name, int64_t value);

/* The value as JSON in ASCII; pretty: a line for each value, indented by its depth. Members in the order in which they came. Numbers
 * of other kinds than integers are not written. Free with g_free(). */
char *wr_value_write(const json_object *value, bool pretty);

#endif
