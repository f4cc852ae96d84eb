/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps what a witness says he gave and was given. */
#include "reader.h"

#include "find/find.h"

#include <stdarg.h>
#include <string.h>

#define MAX_STRING 1024 /* bytes of a name */

static char *copy_of(const char *text)
{
    char *valid;

    if (text == NULL || *text == '\0')
        return NULL;
    valid = g_utf8_make_valid(text, (gssize)strnlen(text, MAX_STRING));
    return valid;
}

static const char *leg_of(wr_testimony *t, const char *leg)
{
    char *name = copy_of(leg != NULL ? leg : "");
    gpointer known = NULL;

    if (name == NULL)
        name = g_strdup("");
    if (g_hash_table_lookup_extended(t->legs, name, &known, NULL)) {
        g_free(name);
        return known;
    }
    g_hash_table_add(t->legs, name);
    return name;
}

/* NULL at the bound. */
static wr_told *told_new(wr_testimony *t, const wr_occasion *on, wr_kind kind, size_t bytes)
{
    wr_told *w;

    if (t->told->len >= WR_MAX_TOLD || bytes > WR_MAX_TOLD_BYTES - t->told_bytes) {
        t->left_out++;
        return NULL;
    }
    t->told_bytes += bytes;
    w = g_new0(wr_told, 1);
    w->number = t->told->len + 1;
    w->time_us = on->time_us;
    w->leg = leg_of(t, on->leg);
    w->context.kind = kind;
    w->context.carrier = WR_CARRIER_STATEMENT;
    w->context.direction = on->direction;
    w->context.protected_transport = on->protected_transport;
    w->context.dialect = "statement";
    w->context.server = copy_of(on->server);
    w->context.user_agent = copy_of(on->user_agent);
    w->context.call = copy_of(on->call);
    w->context.from = copy_of(on->from);
    w->context.to = copy_of(on->to);
    g_ptr_array_add(t->told, w);
    return w;
}

void wr_tell_description(wr_testimony *t, const wr_occasion *on, wr_kind kind, const char *sdp, size_t len)
{
    wr_told *w = len == 0 ? NULL : told_new(t, on, kind, len);

    if (w == NULL)
        return;
    w->sdp = wr_sdp_parse(sdp, len);
    if (w->context.kind == WR_KIND_UNKNOWN)
        w->context.kind = wr_kind_from_sdp(w->sdp);
    wr_sdp_fold(w->sdp);
}

void wr_tell_candidate(wr_testimony *t, const wr_occasion *on, const char *text, size_t len, const char *mid,
                       const char *ufrag)
{
    wr_told *w = wr_sdp_looks_like_candidate(text, len) ? told_new(t, on, WR_KIND_CANDIDATE, len) : NULL;

    if (w == NULL)
        return;
    w->sdp = wr_sdp_parse(text, len);
    w->context.mid = copy_of(mid);
    w->context.ufrag = copy_of(ufrag);
}

void wr_tell_event(wr_testimony *t, const wr_occasion *on, wr_kind kind)
{
    told_new(t, on, kind, 0);
}

static void tell_hit(wr_testimony *t, const wr_occasion *on, const wr_hit *hit)
{
    const wr_direction within = wr_path_direction(hit->path);
    wr_occasion own = *on;
    wr_told *w;

    own.call = hit->call != NULL ? hit->call : on->call;
    own.from = hit->from != NULL ? hit->from : on->from;
    own.to = hit->to != NULL ? hit->to : on->to;
    if (on->by_words && within != WR_DIRECTION_UNKNOWN)
        own.direction = within;
    w = told_new(t, &own, hit->kind, hit->text_len);
    if (w == NULL)
        return;
    w->context.dialect = hit->dialect;
    w->context.path = copy_of(hit->path);
    w->context.mid = copy_of(hit->mid);
    w->context.ufrag = copy_of(hit->ufrag);
    if (hit->text == NULL || hit->text_len == 0)
        return;
    w->sdp = wr_sdp_parse(hit->text, hit->text_len);
    if (w->context.kind == WR_KIND_UNKNOWN)
        w->context.kind = wr_kind_from_sdp(w->sdp);
    wr_sdp_fold(w->sdp);
}

bool wr_tell_message(wr_testimony *t, const wr_occasion *on, const uint8_t *bytes, size_t len,
                     const wr_find_hints *hints)
{
    wr_find_result *found;
    bool any;

    if (!wr_json_find_worthwhile(bytes, len) &&
        !(hints != NULL && hints->dialogue != NULL && wr_json_find_exchanges(bytes, len)))
        return false;
    found = wr_json_find(bytes, len, hints);
    for (unsigned i = 0; i < found->hits->len; i++)
        tell_hit(t, on, g_ptr_array_index(found->hits, i));
    any = found->hits->len > 0;
    wr_find_result_free(found);
    return any;
}

void wr_tell_withdraw(wr_testimony *t, unsigned number, wr_direction direction)
{
    for (unsigned i = number; i > 0 && i <= t->told->len; i++) {
        wr_told *w = g_ptr_array_index(t->told, i - 1);
        if (w->context.direction == direction && w->sdp != NULL && w->context.kind != WR_KIND_CANDIDATE) {
            g_clear_pointer(&w->sdp, wr_sdp_unref);
            w->context.kind = WR_KIND_UNKNOWN;
            return;
        }
    }
}

void wr_testimony_object(wr_testimony *t, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    if (t->problem == NULL)
        t->problem = text;
    else
        g_free(text);
}

/* ---- times ---- */

double wr_told_number(const json_object *value)
{
    if (json_object_is_type(value, json_type_double) || wr_value_is_integer(value))
        return json_object_get_double(value);
    return wr_value_is_string(value) ? g_ascii_strtod(wr_value_string(value), NULL) : 0;
}

int64_t wr_told_time_of(double number)
{
    if (!(number >= 1e9 && number < 1e19)) /* what is relative to something says no time; no NaN either */
        return 0;
    if (number < 1e11)
        return (int64_t)(number * 1e6);
    if (number < 1e14)
        return (int64_t)(number * 1e3);
    return number < 1e17 ? (int64_t)number : (int64_t)(number / 1e3);
}

int64_t wr_told_time(const json_object *value)
{
    const char *text = wr_value_string(value);

    if (text != NULL && strchr(text, '-') != NULL)
        return wr_told_time_in(text, strlen(text));
    return wr_told_time_of(wr_told_number(value));
}

/* So many digits as a number; false when others stand there. */
static bool digits(const char *p, const char *end, unsigned n, int *out)
{
    *out = 0;
    for (unsigned i = 0; i < n; i++) {
        if (p + i >= end || !g_ascii_isdigit(p[i]))
            return false;
        *out = *out * 10 + (p[i] - '0');
    }
    return true;
}

/* Fraction of a second, then "Z", "+01:00", "-0500" or nothing. */
static int64_t rest_of_time(const char *p, const char *end)
{
    int64_t us = 0, unit = 100000;
    int hours, minutes;

    if (p < end && (*p == '.' || *p == ','))
        for (p++; p < end && g_ascii_isdigit(*p); p++, unit /= 10)
            us += (*p - '0') * unit;
    if (p < end && (*p == '+' || *p == '-') && digits(p + 1, end, 2, &hours)) {
        const int64_t sign = *p == '-' ? 1 : -1;
        p += 3;
        if (p < end && *p == ':')
            p++;
        if (!digits(p, end, 2, &minutes))
            minutes = 0;
        us += sign * (hours * INT64_C(3600) + minutes * INT64_C(60)) * 1000000;
    }
    return us;
}

/* YYYY-MM-DD, or with slashes, then T or a blank, then HH:MM:SS. */
static int64_t date_at(const char *p, const char *end)
{
    int year, month, day, hour, minute, second;
    GDateTime *d;
    int64_t us;

    if (!digits(p, end, 4, &year) || p + 19 > end || (p[4] != '-' && p[4] != '/') || p[7] != p[4] ||
        (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || p[16] != ':' || !digits(p + 5, end, 2, &month) ||
        !digits(p + 8, end, 2, &day) || !digits(p + 11, end, 2, &hour) || !digits(p + 14, end, 2, &minute) ||
        !digits(p + 17, end, 2, &second))
        return 0;
    d = g_date_time_new_utc(year, month, day, hour, minute, MIN(second, 59));
    if (d == NULL)
        return 0;
    us = g_date_time_to_unix(d) * 1000000 + rest_of_time(p + 19, end);
    g_date_time_unref(d);
    return us;
}

int64_t wr_told_time_in(const char *line, size_t len)
{
    const char *end = line + MIN(len, (size_t)256);

    for (const char *p = line; p + 10 < end; p++) {
        int64_t us = 0;
        unsigned n = 0;
        if (!g_ascii_isdigit(*p) || (p > line && (g_ascii_isalnum(p[-1]) || p[-1] == '.')))
            continue;
        while (p + n < end && g_ascii_isdigit(p[n]))
            n++;
        if (n == 4)
            us = date_at(p, end);
        else if (n == 10 || n == 13 || n == 16) /* since 1970, in seconds, milli- or microseconds */
            us = wr_told_time_of(g_ascii_strtod(p, NULL));
        if (us > INT64_C(946684800000000)) /* 2000 */
            return us;
    }
    return 0;
}
