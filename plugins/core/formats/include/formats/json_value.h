/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON values as json-c has them, to be read without asking first what they are: what another type would have to say is
 * NULL, 0 or false. json-c's own functions would turn the value into that type, or end the program.
 *
 * A NULL is a value that is absent, and JSON's null as well; wr_value_has() tells them apart.
 */
#ifndef WR_JSON_VALUE_H
#define WR_JSON_VALUE_H

#include <inttypes.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

static inline bool wr_value_is_object(const json_object *value)
{
    return json_object_is_type(value, json_type_object);
}

static inline bool wr_value_is_array(const json_object *value)
{
    return json_object_is_type(value, json_type_array);
}

static inline bool wr_value_is_string(const json_object *value)
{
    return json_object_is_type(value, json_type_string);
}

static inline bool wr_value_is_integer(const json_object *value)
{
    return json_object_is_type(value, json_type_int);
}

static inline bool wr_value_is_true(const json_object *value)
{
    return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value);
}

/* Ends in NUL, and may hold others. json-c's function takes no const because it would write other types out. */
static inline const char *wr_value_string(const json_object *value)
{
    return wr_value_is_string(value) ? json_object_get_string((json_object *)(uintptr_t)value) : NULL;
}

static inline size_t wr_value_string_length(const json_object *value)
{
    return wr_value_is_string(value) ? (size_t)json_object_get_string_len(value) : 0;
}

static inline int64_t wr_value_integer(const json_object *value)
{
    return wr_value_is_integer(value) ? json_object_get_int64(value) : 0;
}

/* ---- members of an object ---- */

static inline bool wr_value_has(const json_object *object, const char *name)
{
    return json_object_object_get_ex(object, name, NULL);
}

static inline json_object *wr_value_member(const json_object *object, const char *name)
{
    json_object *value;

    json_object_object_get_ex(object, name, &value);
    return value;
}

static inline size_t wr_value_members(const json_object *object)
{
    return wr_value_is_object(object) ? (size_t)json_object_object_length(object) : 0;
}

/* The first of an object's members, in the order in which they came; go on with lh_entry_next(). */
static inline struct lh_entry *wr_value_first(const json_object *object)
{
    return wr_value_is_object(object) ? lh_table_head(json_object_get_object(object)) : NULL;
}

static inline const char *wr_entry_name(const struct lh_entry *entry)
{
    return lh_entry_k(entry);
}

static inline json_object *wr_entry_value(const struct lh_entry *entry)
{
    return lh_entry_v(entry);
}

/* ---- elements of an array ---- */

static inline size_t wr_value_size(const json_object *array)
{
    return wr_value_is_array(array) ? json_object_array_length(array) : 0;
}

static inline json_object *wr_value_element(const json_object *array, size_t i)
{
    return i < wr_value_size(array) ? json_object_array_get_idx(array, i) : NULL;
}

#endif
