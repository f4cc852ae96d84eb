/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of clocks: how far they are apart, from what that is known, and where it is not. */
#include "clocks.h"

#include "formats/json_write.h"
#include "inputs.h"

#include <math.h>

#define MILLION 1e6

/* Behind "the clock of …". */
static void say_clock(GString *out, const wr_clock_fit *f, const char *other)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (ABS(f->offset_us) < 1000)
        g_string_append_printf(out, "goes with that of %s, within a millisecond", other);
    else
        g_string_append_printf(out, "is %s s %s that of %s",
                               g_ascii_formatd(number, sizeof number, "%.3f", fabs((double)f->offset_us) / MILLION),
                               f->offset_us > 0 ? "ahead of" : "behind", other);
    if (f->drift != 0)
        g_string_append_printf(out, " in the middle of the time, and %s by %s parts in a million",
                               f->drift > 0 ? "gains" : "loses",
                               g_ascii_formatd(number, sizeof number, "%.1f", fabs(f->drift) * MILLION));
    g_string_append_printf(out, ", by %u packet%s that both saw", f->common, f->common == 1 ? "" : "s");
    if (f->common < WR_CLOCK_LEAST)
        g_string_append(out, ": too few to be used");
}

static char *say_point(const wr_engine *e, unsigned point)
{
    GString *out = g_string_new(NULL);
    wr_clock_fit f;

    g_string_append_printf(out, "the clock of interface %u ", point);
    if (wr_clock_of(e, point, &f))
        say_clock(out, &f, "interface 0");
    else
        g_string_append(out, "was not compared with that of interface 0, for nothing was seen at both: their order is "
                             "not known");
    return g_string_free(out, FALSE);
}

static const char *inferred_from(const wr_inferred_point *p)
{
    return p->by_ttl && p->by_link ? "TTL and link-layer addresses" : p->by_ttl ? "TTL" : "link-layer addresses";
}

static char *say_inferred(const wr_engine *e, unsigned number)
{
    const wr_inferred_point p = wr_inferred_point_of(e, number);
    char host[WR_ENDPOINT_TEXT], other[64];
    GString *out = g_string_new(NULL);

    g_string_append_printf(out,
                           "two points of interface %u, inferred from %s: most checks of %s came twice. The clock of "
                           "the second (point %u) ",
                           p.interface, inferred_from(&p), wr_endpoint_format_host(&p.host, host), number);
    g_snprintf(other, sizeof other, "the first (point %u)", p.by);
    say_clock(out, &p.clock, other);
    return g_string_free(out, FALSE);
}

GPtrArray *wr_report_clocks(const wr_engine *e)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

    for (unsigned i = 1; e->clocks != NULL && i < WR_MAX_POINTS; i++)
        if (wr_clock_is_point(e, i))
            g_ptr_array_add(list, say_point(e, i));
    for (unsigned i = 1; i <= wr_inferred_points(e); i++)
        if (wr_inferred_point_of(e, i).by != 0)
            g_ptr_array_add(list, say_inferred(e, i));
    return list;
}

static void put_clock(json_object *p, const wr_clock_fit *f)
{
    wr_value_put_integer(p, "clock_offset_us", f->offset_us);
    if (f->drift != 0) {
        json_object_object_add(p, "clock_drift_ppm", json_object_new_double(round(f->drift * MILLION * 100) / 100));
        wr_report_put_time(p, "clock_offset_at", f->at_us);
    }
}

static json_object *points_of(const wr_engine *e)
{
    json_object *list = json_object_new_array();

    for (unsigned i = 0; i < WR_MAX_POINTS; i++) {
        wr_clock_fit f;
        json_object *p;
        if (!wr_clock_is_point(e, i))
            continue;
        p = json_object_new_object();
        wr_value_put_integer(p, "interface", i);
        if (wr_clock_of(e, i, &f))
            put_clock(p, &f);
        else
            json_object_object_add(p, "clock_compared", json_object_new_boolean(false));
        if (i > 0 && f.common > 0)
            wr_value_put_integer(p, "common", f.common);
        json_object_array_add(list, p);
    }
    return list;
}

static json_object *inferred_of(const wr_engine *e)
{
    json_object *list = json_object_new_array();

    for (unsigned i = 1; i <= wr_inferred_points(e); i++) {
        const wr_inferred_point t = wr_inferred_point_of(e, i);
        json_object *p = json_object_new_object();
        char host[WR_ENDPOINT_TEXT];
        wr_value_put_integer(p, "point", i);
        wr_value_put_integer(p, "interface", t.interface);
        wr_value_put_text(p, "from", inferred_from(&t));
        wr_value_put_text(p, "host", wr_endpoint_format_host(&t.host, host));
        if (t.by != 0) {
            wr_value_put_integer(p, "clock_of", t.by);
            put_clock(p, &t.clock);
            wr_value_put_integer(p, "common", t.clock.common);
        }
        json_object_array_add(list, p);
    }
    return list;
}

void wr_report_put_clocks(const wr_engine *e, json_object *record)
{
    if (e->clocks != NULL)
        json_object_object_add(record, "vantage_points", points_of(e));
    if (wr_inferred_points(e) > 0)
        json_object_object_add(record, "inferred_points", inferred_of(e));
}
