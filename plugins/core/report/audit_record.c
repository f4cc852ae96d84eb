/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The audit record: one line a call, for logs and spreadsheets. Who, with whom, when, how long, over which path, what,
 * the verdict, and how much (rules 3.8, TOP-05). Addresses are not persons, and names are what signalling says.
 */
#include "base/text.h"
#include "report/report.h"
#include "shared.h"

#include <string.h>

#define LONGEST 200 /* characters of a name or cell */

typedef struct {
    const wr_flow *path; /* the one that carried most */
    unsigned more_paths;
    bool relayed;
    uint64_t packets, bytes;      /* media */
    uint64_t records, data_bytes; /* DTLS application data */
    GString *content;
    const char *signalling;
} totals;

static char *time_text(int64_t us)
{
    GDateTime *t = g_date_time_new_from_unix_utc(us / 1000000);
    char *date = t == NULL ? g_strdup("") : g_date_time_format(t, "%Y-%m-%dT%H:%M:%S");
    char *text = t == NULL ? g_strdup("") : g_strdup_printf("%s.%03dZ", date, (int)(us % 1000000 / 1000));

    if (t != NULL)
        g_date_time_unref(t);
    g_free(date);
    return text;
}

static uint64_t weight(const wr_flow *f)
{
    uint64_t w = f->media[0].bytes + f->media[1].bytes;

    return 2 * w + (f->associations.len > 0);
}

static void add_content(GString *out, const char *what)
{
    if (strstr(out->str, what) == NULL)
        g_string_append_printf(out, "%s%s", out->len > 0 ? "+" : "", what);
}

static const char *word_for(const char *media)
{
    static const char *const known[] = {"audio", "video"};

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(media, known[i]) == 0)
            return known[i];
    return strcmp(media, "application") == 0 ? "data" : "other";
}

/* What answers accepted; without any, what offers asked for; without those, what handshakes are for. */
static void find_content(const wr_session *s, totals *t)
{
    for (int answers = 1; answers >= 0 && t->content->len == 0; answers--) {
        for (unsigned i = 0; i < s->copies->len; i++) {
            const wr_copy *c = g_ptr_array_index(s->copies, i);
            if ((c->kind == WR_KIND_ANSWER || c->kind == WR_KIND_PRANSWER) != (answers == 1))
                continue;
            for (unsigned j = 0; j < c->sdp->n_sections && j < 64; j++)
                if (!wr_sdp_section_disabled(&c->sdp->sections[j]))
                    add_content(t->content, word_for(c->sdp->sections[j].media));
        }
    }
    for (unsigned i = 0; i < s->associations->len && s->copies->len == 0; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        add_content(t->content, a->offers_use_srtp || a->has_profile ? "media" : "data");
    }
}

static void find_signalling(const wr_session *s, totals *t)
{
    bool clear = false, covered = false, stated = false;

    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        stated |= wr_copy_is_stated(c);
        clear |= !c->protected_transport && !wr_copy_is_stated(c);
        covered |= c->protected_transport && !wr_copy_is_stated(c);
    }
    if (stated && !clear && !covered) {
        t->signalling = "stated";
        return;
    }
    t->signalling = clear && covered ? "partly in clear" : clear ? "in clear" : covered ? "protected" : "not seen";
}

static void add_up(const wr_session *s, totals *t)
{
    memset(t, 0, sizeof *t);
    t->content = g_string_new(NULL);
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(s->flows, i);
        if (weight(f) == 0)
            continue;
        t->more_paths += t->path != NULL;
        if (t->path == NULL || weight(f) > weight(t->path))
            t->path = f;
        t->relayed |= f->relayed;
        t->packets += (uint64_t)f->media[0].packets + f->media[1].packets;
        t->bytes += f->media[0].bytes + f->media[1].bytes;
    }
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        t->records += (uint64_t)a->side[0].data_records + a->side[1].data_records;
        t->data_bytes += a->side[0].data_bytes + a->side[1].data_bytes;
    }
    find_content(s, t);
    find_signalling(s, t);
}

static char *path_text(const totals *t)
{
    char a[WR_ENDPOINT_TEXT], b[WR_ENDPOINT_TEXT];

    if (t->path == NULL)
        return g_strdup("");
    return g_strdup_printf(
        "%s - %s %s%s", wr_endpoint_format(&t->path->end[0], a), wr_endpoint_format(&t->path->end[1], b),
        t->path->transport == WR_TRANSPORT_TCP ? "TCP" : "UDP", t->path->relayed ? ", relayed by TURN" : "");
}

/* ---- text ---- */

static void party_text(GString *out, const wr_session *s, unsigned i)
{
    char at[WR_ENDPOINT_TEXT];
    char *name = wr_text_clean(s->parties[i].name, LONGEST);

    wr_endpoint_format_host(&s->parties[i].address, at);
    if (*name != '\0')
        g_string_append_printf(out, "%s (%s)", name, at);
    else
        g_string_append(out, at);
    g_free(name);
}

static void text_line(const wr_session *s, wr_report_sink sink, void *data)
{
    GString *out = g_string_new(NULL);
    char *start = time_text(s->start_us), *path;
    totals t;

    add_up(s, &t);
    path = path_text(&t);
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(seconds, sizeof seconds, "%.3f", (double)(s->end_us - s->start_us) / 1e6); /* a point everywhere */
    g_string_append_printf(out, "s%u  %s  %s s  ", s->number, start, seconds);
    for (unsigned i = 0; i < s->n_parties; i++) {
        if (i > 0)
            g_string_append(out, " with ");
        party_text(out, s, i);
    }
    if (s->call != NULL) {
        char *call = wr_text_clean(s->call, LONGEST);
        g_string_append_printf(out, ", call \"%s\"", call);
        g_free(call);
    }
    g_string_append_printf(out, "  %s  %s", *path != '\0' ? path : "no path",
                           t.content->len > 0 ? t.content->str : "content unknown");
    if (t.more_paths > 0)
        g_string_append_printf(out, " (%u more path%s)", t.more_paths, t.more_paths == 1 ? "" : "s");
    g_string_append_printf(out,
                           "  %" G_GUINT64_FORMAT " bytes of media, %" G_GUINT64_FORMAT " of data  signalling %s  %s\n",
                           t.bytes, t.data_bytes, t.signalling, wr_session_verdict_name(s->verdict));
    sink(out->str, data);
    g_string_free(out, TRUE);
    g_string_free(t.content, TRUE);
    g_free(start);
    g_free(path);
}

/* ---- CSV (RFC 4180) ---- */

/* A cell that begins like a formula would be computed by a spreadsheet; full-width forms count there as well. */
static bool begins_formula(const char *text)
{
    gunichar c;

    while (*text == ' ')
        text++;
    c = g_utf8_get_char(text);
    return c == '=' || c == '+' || c == '-' || c == '@' || c == 0xff1d || c == 0xff0b || c == 0xff0d || c == 0xff20;
}

static void cell(GString *out, const char *text)
{
    char *safe = wr_text_clean(text, LONGEST);

    g_string_append(out, out->len > 0 ? ",\"" : "\"");
    if (begins_formula(safe))
        g_string_append_c(out, '\'');
    for (const char *p = safe; *p != '\0'; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
    g_free(safe);
}

static void cell_number(GString *out, uint64_t value)
{
    g_string_append_printf(out, ",%" G_GUINT64_FORMAT, value);
}

static void csv_line(const wr_session *s, wr_report_sink sink, void *data)
{
    GString *out = g_string_new(NULL);
    char *start = time_text(s->start_us), *end = time_text(s->end_us), *shared = wr_report_shared(s), *path, id[16];
    totals t;

    add_up(s, &t);
    path = path_text(&t);
    g_snprintf(id, sizeof id, "s%u", s->number);
    cell(out, id);
    cell(out, start);
    cell(out, end);
    g_string_append_printf(out, ",%" G_GINT64_FORMAT ".%03d", (s->end_us - s->start_us) / 1000000,
                           (int)((s->end_us - s->start_us) % 1000000 / 1000));
    for (unsigned i = 0; i < 2; i++) {
        char at[WR_ENDPOINT_TEXT];
        bool known = i < s->n_parties && wr_endpoint_known(&s->parties[i].address);
        cell(out, i < s->n_parties ? s->parties[i].name : NULL);
        cell(out, known ? wr_endpoint_format_host(&s->parties[i].address, at) : NULL);
    }
    cell(out, s->call);
    cell(out, t.signalling);
    cell(out, path);
    cell(out, t.relayed ? "yes" : "no");
    cell(out, t.content->str);
    cell(out, wr_session_verdict_name(s->verdict));
    cell(out, wr_severity_name(s->severity));
    cell_number(out, s->associations->len);
    cell_number(out, t.packets);
    cell_number(out, t.bytes);
    cell_number(out, t.records);
    cell_number(out, t.data_bytes);
    cell_number(out, s->first_frame);
    cell_number(out, s->last_frame);
    cell(out, shared);
    g_string_append(out, "\r\n");
    sink(out->str, data);
    g_string_free(out, TRUE);
    g_string_free(t.content, TRUE);
    g_free(start);
    g_free(end);
    g_free(shared);
    g_free(path);
}

static void each_session(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data,
                         void (*line)(const wr_session *, wr_report_sink, void *))
{
    const GPtrArray *sessions = wr_engine_sessions(e);

    for (unsigned i = 0; i < sessions->len; i++) {
        const wr_session *s = g_ptr_array_index(sessions, i);
        if (only == NULL || g_hash_table_contains(only, GUINT_TO_POINTER(s->number)))
            line(s, sink, data);
    }
}

void wr_report_audit(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data)
{
    wr_engine_evaluate(e);
    each_session(e, only, sink, data, text_line);
}

void wr_report_audit_csv(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data)
{
    wr_engine_evaluate(e);
    sink("call,start,end,seconds,party_1,address_1,party_2,address_2,name_of_call,signalling,path,relayed,content,"
         "verdict,severity,"
         "associations,media_packets,media_bytes,data_records,data_bytes,first_frame,last_frame,shared\r\n",
         data);
    each_session(e, only, sink, data, csv_line);
}
