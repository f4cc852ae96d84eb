/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first record of the NDJSON report: what the report was made from, and by what. */
#include "base/text.h"
#include "clocks.h"
#include "formats/json_write.h"
#include "inputs.h"
#include "report/origin.h"

static void add_files(json_object *list, const char *kind, const GPtrArray *files)
{
    for (unsigned i = 0; i < files->len; i++) {
        const wr_origin_file *f = g_ptr_array_index(files, i);
        json_object *o = json_object_new_object();
        wr_value_put_text(o, "kind", kind);
        wr_value_put_text(o, "name", f->name);
        if (f->sha256 != NULL) {
            wr_value_put_text(o, "sha256", f->sha256);
            wr_value_put_integer(o, "bytes", (int64_t)f->size);
        } else {
            wr_value_put_text(o, "problem", f->problem);
        }
        json_object_array_add(list, o);
    }
}

/* Of a capture that webrtc-thin made, beside what is in it. */
static void put_left_out(const wr_engine *e, json_object *o)
{
    const wr_left_out left = wr_engine_left_out(e);
    json_object *x, *list;
    char **checks;

    if (left.packets == 0)
        return;
    x = json_object_new_object();
    wr_value_put_integer(x, "packets", left.packets);
    wr_value_put_integer(x, "bytes", (int64_t)left.bytes);
    list = json_object_new_array();
    checks = g_strsplit(WR_NEED_EACH_PACKET, ", ", -1);
    for (unsigned i = 0; checks[i] != NULL; i++)
        json_object_array_add(list, wr_value_new_text(checks[i]));
    g_strfreev(checks);
    json_object_object_add(x, "not_checked", list);
    json_object_object_add(o, "left_out", x);
}

static void put_settings(json_object *o, const GPtrArray *settings)
{
    json_object *all = json_object_new_object();

    for (unsigned i = 0; i + 1 < settings->len; i += 2)
        wr_value_put_text(all, g_ptr_array_index(settings, i), g_ptr_array_index(settings, i + 1));
    json_object_object_add(o, "preferences", all);
}

/* The unit that times of the capture are told in. */
static void put_resolution(json_object *record, int digits)
{
    static const char *const units[] = {"s", "100 ms", "10 ms", "ms", "100 us", "10 us", "us", "100 ns", "10 ns", "ns"};

    if (digits >= 0 && digits < (int)G_N_ELEMENTS(units))
        wr_value_put_text(record, "time_resolution", units[digits]);
}

json_object *wr_report_origin_record(wr_engine *e, const wr_report_origin *o)
{
    json_object *record = json_object_new_object(), *inputs = json_object_new_array();

    wr_value_put_text(record, "record", "origin");
    add_files(inputs, "capture", o->captures);
    add_files(inputs, "key-log", o->key_logs);
    add_files(inputs, "embedded-secrets", o->embedded);
    wr_report_statement_inputs(e, inputs);
    json_object_object_add(record, "inputs", inputs);
    if (o->captures->len == 0)
        wr_value_put_text(record, "capture_problem", o->capture_problem);
    wr_value_put_integer(record, "packets", wr_engine_packets(e));
    put_left_out(e, record);
    if (wr_engine_packets(e) > 0) {
        wr_report_put_time(record, "first_time", wr_engine_first_time(e));
        wr_report_put_time(record, "last_time", wr_engine_last_time(e));
    }
    put_resolution(record, o->time_digits);
    wr_report_put_clocks(e, record);
    wr_value_put_text(record, "plugins", o->plugin_version);
    wr_value_put_text(record, "wireshark", o->wireshark_version);
    if (o->command != NULL) {
        char *clean = wr_text_clean(o->command, 0);
        wr_value_put_text(record, "command", clean);
        g_free(clean);
    }
    put_settings(record, o->settings);
    return record;
}
