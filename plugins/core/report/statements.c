/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files from outside the capture, in the head of reports: whose, what they are, and what of them fits the packets. */
#include "base/text.h"
#include "formats/json_write.h"
#include "inputs.h"
#include "report/origin.h"
#include "statements/testimony.h"

char *wr_report_witness(const wr_engine *e, const wr_witness *w)
{
    const wr_testimony *t = w->testimony;
    GString *out = g_string_new(wr_testimony_kind_name(t->kind));
    int64_t first, last;

    if (t->whose != NULL)
        g_string_append_printf(out, " of %s", t->whose);
    if (wr_testimony_span(t, &first, &last)) {
        char *from = wr_report_time(first), *to = wr_report_time(last);
        g_string_append_printf(out, "; %s to %s by its clock", from, to);
        g_free(from);
        g_free(to);
    }
    g_string_append_printf(out, "; %u description%s", w->copies, w->copies == 1 ? "" : "s");
    if (e->packets > 0)
        g_string_append_printf(out, ", %u in calls of this capture", w->used);
    if (t->statements->len > 0)
        g_string_append_printf(out, "; statistics of %u transport%s", t->statements->len,
                               t->statements->len == 1 ? "" : "s");
    if (t->statements->len > 0 && e->packets > 0)
        g_string_append_printf(out, ", %u in this capture", w->transports_used);
    if (w->offset_us != 0)
        g_string_append_printf(out, "; its clock is %.3f s %s the capture's", (double)ABS(w->offset_us) / 1e6,
                               w->offset_us > 0 ? "ahead of" : "behind");
    if (t->problem != NULL)
        g_string_append_printf(out, "; %s", t->problem);
    return g_string_free(out, FALSE);
}

void wr_report_origin_add_statements(wr_report_origin *o, const wr_engine *e)
{
    for (unsigned i = 0; i < e->witnesses->len; i++) {
        const wr_witness *w = &g_array_index(e->witnesses, wr_witness, i);
        wr_origin_file *f = g_new0(wr_origin_file, 1);
        f->name = g_strdup(w->testimony->name);
        f->sha256 = g_strdup(w->testimony->sha256);
        f->size = w->testimony->bytes;
        f->note = wr_report_witness(e, w);
        g_ptr_array_add(o->statements, f);
    }
}

void wr_report_put_time(json_object *o, const char *key, int64_t us)
{
    GDateTime *t = g_date_time_new_from_unix_utc(us / 1000000);
    char *date, *text;

    if (t == NULL)
        return;
    date = g_date_time_format(t, "%Y-%m-%dT%H:%M:%S");
    text = g_strdup_printf("%s.%06dZ", date, (int)(us % 1000000));
    wr_value_put_text(o, key, text);
    g_free(text);
    g_free(date);
    g_date_time_unref(t);
}

#define MOST_NAMED 32 /* that fit no packet, of one file */

static void put_names(json_object *o, const char *own, const wr_endpoint *at)
{
    char text[WR_ENDPOINT_TEXT];

    wr_value_put_text(o, "ufrag", own);
    if (at != NULL && wr_endpoint_known(at))
        wr_value_put_text(o, "address", wr_endpoint_format(at, text));
}

/* What the file says of which the capture has no packets: descriptions by their numbers in it, and transports. */
static void put_unfit(const wr_engine *e, const wr_witness *w, json_object *o)
{
    json_object *list = json_object_new_array();
    GHashTable *heard = wr_statements_heard(e);

    for (unsigned i = 0; i < e->stated->len && json_object_array_length(list) < MOST_NAMED; i++) {
        const struct wr_stated *s = &g_array_index(e->stated, struct wr_stated, i);
        json_object *one;
        if (s->testimony != w->testimony || s->copy == NULL || wr_stated_fits(e, s))
            continue;
        one = json_object_new_object();
        wr_value_put_integer(one, "statement", s->number);
        wr_value_put_text(one, "kind", wr_copy_kind_name(s->copy));
        if (s->copy->credentials.len > 0)
            put_names(one, ((const wr_credential *)wr_list_at(&s->copy->credentials, 0))->ufrag, NULL);
        json_object_array_add(list, one);
    }
    for (unsigned i = 0; i < w->testimony->statements->len && json_object_array_length(list) < MOST_NAMED; i++) {
        const wr_statement *s = g_ptr_array_index(w->testimony->statements, i);
        json_object *one;
        if (g_hash_table_contains(heard, s))
            continue;
        one = json_object_new_object();
        wr_value_put_text(one, "transport", s->id);
        put_names(one, s->local_ufrag, &s->local_address);
        json_object_array_add(list, one);
    }
    g_hash_table_destroy(heard);
    json_object_object_add(o, "fit_no_packet", list);
}

void wr_report_statement_inputs(const wr_engine *e, json_object *list)
{
    for (unsigned i = 0; i < e->witnesses->len; i++) {
        const wr_witness *w = &g_array_index(e->witnesses, wr_witness, i);
        const wr_testimony *t = w->testimony;
        json_object *o = json_object_new_object();
        int64_t first, last;
        wr_value_put_text(o, "kind", "statement");
        wr_value_put_text(o, "name", t->name);
        wr_value_put_text(o, "sha256", t->sha256);
        wr_value_put_integer(o, "bytes", (int64_t)t->bytes);
        wr_value_put_text(o, "format", wr_testimony_kind_name(t->kind));
        wr_value_put_text(o, "party", t->whose);
        wr_value_put_text(o, "user_agent", t->user_agent);
        if (wr_testimony_span(t, &first, &last)) {
            wr_report_put_time(o, "first_time", first);
            wr_report_put_time(o, "last_time", last);
        }
        wr_value_put_integer(o, "clock_offset_us", w->offset_us);
        wr_value_put_integer(o, "descriptions", w->copies);
        wr_value_put_integer(o, "used", w->used);
        wr_value_put_integer(o, "transports", t->statements->len);
        wr_value_put_integer(o, "transports_used", w->transports_used);
        if (e->packets > 0)
            put_unfit(e, w, o);
        wr_value_put_text(o, "problem", t->problem);
        json_object_array_add(list, o);
    }
}
