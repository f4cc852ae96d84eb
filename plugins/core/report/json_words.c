/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of the record of a call: its words for people. */
#include "json_words.h"
#include "beside.h"
#include "formats/json_write.h"
#include "verdict/plain_words.h"

/* Left out where there is nothing. */
static void put_beside(json_object *o, const wr_session *s, const GPtrArray *findings)
{
    GPtrArray *beside = wr_report_beside(s, findings);
    json_object *list = beside->len > 0 ? json_object_new_array() : NULL;

    for (unsigned i = 0; i < beside->len; i++)
        json_object_array_add(list, wr_value_new_text(g_ptr_array_index(beside, i)));
    if (list != NULL)
        json_object_object_add(o, "beside", list);
    g_ptr_array_free(beside, TRUE);
}

void wr_report_put_words(json_object *o, const wr_session *s, const GPtrArray *findings)
{
    json_object *list = json_object_new_array();
    char number[WR_SAFETY_NUMBER];
    bool presented;

    wr_value_put_text(o, "plain", s->plain);
    wr_value_put_text(o, "advice", s->advice);
    wr_value_put_text(o, "weakest_link", wr_weakest_link(s));
    for (unsigned i = 0; i < s->alternatives->len; i++)
        json_object_array_add(list, wr_value_new_text(g_ptr_array_index(s->alternatives, i)));
    json_object_object_add(o, "alternatives", list);
    put_beside(o, s, findings);
    if (!wr_safety_number(s, number, &presented))
        return;
    wr_value_put_text(o, "safety_number", number);
    wr_value_put_text(o, "safety_number_of", presented ? "presented" : "announced");
}
