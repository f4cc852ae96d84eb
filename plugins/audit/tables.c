/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables "WebRTC Calls" and "WebRTC Associations" of the Telephony menu, tshark -z webrtc,calls and
 * -z webrtc,associations. Each row ends in the display filter that shows its packets. */
#include "audit.h"
#include "base/text.h"
#include "report/deciding.h"
#include "verdict/plain_words.h"
#include "wr_epan/menus.h"

#define MAX_COLUMNS 16

typedef struct {
    const char *title;
    const stat_tap_table_item *fields;
    unsigned columns;
    /* Numbers of all records that the packets let pass by the filter belong to. */
    GHashTable *(*selected)(const wr_selection *s);
    /* The record that one packet belongs to; 0 for none. */
    unsigned (*of_packet)(const wr_tap_data *what);
    /* Fills the cells of a record; false when there is none of that number. */
    bool (*cells)(unsigned number, char **cells);
    stat_tap_table_ui *ui;
    wr_selection *selection;
    GHashTable *rows; /* number -> its row + 1 */
    bool finishing;   /* the listener that completes the table at the end is registered */
} view;

/* Session number -> unsigned[], findings by severity. All are counted at once, since there may be many calls; NULL when
 * they have to be counted anew. */
static GHashTable *finding_counts;

static void count_findings(void)
{
    const GPtrArray *all = wr_engine_findings(wr_audit_engine());

    finding_counts = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    for (unsigned i = 0; i < all->len; i++) {
        const wr_finding *f = g_ptr_array_index(all, i);
        unsigned *n = g_hash_table_lookup(finding_counts, GUINT_TO_POINTER(f->session));
        if (n == NULL) {
            n = g_new0(unsigned, WR_ERROR + 1);
            g_hash_table_insert(finding_counts, GUINT_TO_POINTER(f->session), n);
        }
        n[f->severity]++;
    }
}

static void forget(view *v)
{
    wr_selection_clear(v->selection);
    g_hash_table_remove_all(v->rows);
    g_clear_pointer(&finding_counts, g_hash_table_destroy);
}

/* ---- rows ---- */

static stat_tap_table *table_of(const view *v)
{
    GArray *tables = v->ui != NULL ? v->ui->tables : NULL;

    return tables != NULL && tables->len > 0 ? g_array_index(tables, stat_tap_table *, 0) : NULL;
}

/* Takes the text. A column of numbers is sorted as such; its text may have a letter before. */
static void fill(stat_tap_table_item_type *item, const stat_tap_table_item *field, char *text)
{
    item->type = field->type;
    if (field->type == TABLE_ITEM_STRING) {
        item->value.string_value = text;
        return;
    }
    if (field->type == TABLE_ITEM_FLOAT)
        item->value.float_value = (float)g_ascii_strtod(text, NULL);
    else
        item->value.uint_value = (guint)g_ascii_strtoull(g_ascii_isalpha(*text) ? text + 1 : text, NULL, 10);
    g_free(text);
}

static void forget_cell(stat_tap_table_item_type *cell)
{
    if (cell->type == TABLE_ITEM_STRING)
        g_free((char *)cell->value.string_value);
    cell->value.string_value = NULL;
}

static void set_cell(stat_tap_table *table, unsigned row, unsigned column, const stat_tap_table_item *field, char *text)
{
    stat_tap_table_item_type item = *stat_tap_get_field_data(table, row, column);

    forget_cell(&item);
    if (text != NULL)
        fill(&item, field, text);
    else
        item.type = TABLE_ITEM_NONE;
    stat_tap_set_field_data(table, row, column, &item);
}

static void add_row(view *v, stat_tap_table *table, unsigned number)
{
    unsigned row = g_hash_table_size(v->rows);
    stat_tap_table_item_type items[MAX_COLUMNS];
    char *cells[MAX_COLUMNS] = {NULL};

    if (number == 0 || g_hash_table_contains(v->rows, GUINT_TO_POINTER(number)) || !v->cells(number, cells))
        return;
    g_hash_table_insert(v->rows, GUINT_TO_POINTER(number), GUINT_TO_POINTER(row + 1));
    memset(items, 0, sizeof items);
    for (unsigned i = 0; i < v->columns; i++)
        if (row < table->num_elements) /* left by a reset */
            set_cell(table, row, i, &v->fields[i], cells[i]);
        else
            fill(&items[i], &v->fields[i], cells[i]);
    if (row >= table->num_elements)
        stat_tap_init_table_row(table, row, v->columns, items);
}

static gint by_number(gconstpointer p, gconstpointer q)
{
    unsigned a = GPOINTER_TO_UINT(p), b = GPOINTER_TO_UINT(q);

    return a < b ? -1 : a > b;
}

static void complete(void *data)
{
    view *v = data;
    stat_tap_table *table = table_of(v);
    GHashTable *wanted;
    GList *numbers;

    if (table == NULL || wr_audit_engine() == NULL)
        return;
    wr_engine_evaluate(wr_audit_engine());
    wanted = v->selected(v->selection);
    numbers = g_list_sort(g_hash_table_get_keys(wanted), by_number);
    for (GList *l = numbers; l != NULL; l = l->next)
        add_row(v, table, GPOINTER_TO_UINT(l->data));
    g_list_free(numbers);
    g_hash_table_destroy(wanted);
}

/* ---- packets ---- */

static tap_packet_status ignore(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *record _U_,
                                tap_flags_t flags _U_)
{
    return TAP_PACKET_DONT_REDRAW;
}

/* A table has no hook for the end of the packets, and in one pass the verdicts are known only there. A listener that is
 * registered while packets come in is drawn before the table, which was registered earlier. */
static void complete_later(view *v)
{
    GString *error;

    if (v->finishing)
        return;
    v->finishing = true;
    error = register_tap_listener("webrtc", v, NULL, TL_REQUIRES_NOTHING, NULL, ignore, complete, NULL);
    if (error != NULL)
        g_string_free(error, TRUE);
}

static tap_packet_status packet(view *v, const wr_tap_data *what)
{
    stat_tap_table *table = table_of(v);

    if (table == NULL || wr_audit_engine() == NULL)
        return TAP_PACKET_DONT_REDRAW;
    if (!what->first_pass) {
        wr_engine_evaluate(wr_audit_engine());
        add_row(v, table, v->of_packet(what));
    } else {
        wr_selection_add(v->selection, what);
        complete_later(v);
    }
    return TAP_PACKET_REDRAW;
}

static void start(view *v, stat_tap_table_ui *ui)
{
    if (v->selection == NULL) {
        v->selection = wr_selection_new();
        v->rows = g_hash_table_new(g_direct_hash, g_direct_equal);
    }
    forget(v);
    v->ui = ui;
    if (table_of(v) == NULL)
        stat_tap_add_table(ui, stat_tap_init_table(v->title, (int)v->columns, 0, NULL));
}

static void reset(view *v, stat_tap_table *table)
{
    forget(v);
    for (unsigned row = 0; row < table->num_elements; row++)
        for (unsigned i = 0; i < v->columns; i++)
            set_cell(table, row, i, &v->fields[i], NULL);
}

static void free_cell(stat_tap_table *table _U_, unsigned row _U_, unsigned column _U_, stat_tap_table_item_type *cell)
{
    forget_cell(cell);
}

/* ---- calls ---- */

static char *span_text(int64_t us)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ".%03d", us / 1000000, (int)(us % 1000000 / 1000));
}

static char *time_text(int64_t us)
{
    GDateTime *t = g_date_time_new_from_unix_utc(us / 1000000);
    char *text = t == NULL ? g_strdup("?") : g_date_time_format(t, "%Y-%m-%d %H:%M:%S");

    if (t != NULL)
        g_date_time_unref(t);
    return text;
}

static char *parties_text(const wr_session *s)
{
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < s->n_parties; i++) {
        char at[WR_ENDPOINT_TEXT];
        wr_endpoint_format_host(&s->parties[i].address, at);
        if (i > 0)
            g_string_append(out, " with ");
        if (s->parties[i].name != NULL) {
            char *name = wr_text_clean(s->parties[i].name, 60);
            g_string_append_printf(out, "%s (%s)", name, at);
            g_free(name);
        } else {
            g_string_append(out, at);
        }
    }
    return g_string_free(out, FALSE);
}

static char *path_text(const wr_session *s)
{
    bool relayed = false, tcp = false, in_stun = false;

    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(s->flows, i);
        relayed = relayed || (f->relayed && (f->associations.len > 0 || f->media[0].packets + f->media[1].packets > 0));
        in_stun = in_stun || f->in_stun;
        tcp = tcp || (f->transport == WR_TRANSPORT_TCP && f->associations.len > 0);
    }
    if (s->flows->len == 0)
        return g_strdup("none seen");
    return g_strconcat(relayed ? "relayed" : "direct", tcp ? ", TCP" : "", in_stun ? ", in STUN" : "", NULL);
}

static const unsigned *findings_of(unsigned session)
{
    static const unsigned none[WR_ERROR + 1];
    const unsigned *n;

    if (finding_counts == NULL)
        count_findings();
    n = g_hash_table_lookup(finding_counts, GUINT_TO_POINTER(session));
    return n != NULL ? n : none;
}

static bool call_cells(unsigned number, char **cells)
{
    wr_engine *e = wr_audit_engine();
    const wr_session *s = wr_engine_session(e, number);
    const unsigned *findings = findings_of(number);

    if (s == NULL)
        return false;
    *cells++ = g_strdup_printf("s%u", number);
    *cells++ = g_strdup_printf("%s%s", wr_session_verdict_name(s->verdict), s->not_enforced ? " (not enforced)" : "");
    *cells++ = g_strdup_printf("%d %s", (int)s->severity, wr_severity_name(s->severity));
    *cells++ = parties_text(s);
    *cells++ = time_text(s->start_us);
    *cells++ = span_text(s->end_us - s->start_us);
    *cells++ = path_text(s);
    *cells++ = g_strdup_printf("%u", s->associations->len);
    for (int severity = WR_ERROR; severity >= WR_NOTE; severity--)
        *cells++ = g_strdup_printf("%u", findings[severity]);
    *cells++ = g_strdup_printf("%u", wr_report_deciding_frame(e, s));
    *cells++ = g_strdup_printf("%u-%u", s->first_frame, s->last_frame);
    *cells = wr_audit_call_filter(number);
    return true;
}

static GHashTable *selected_calls(const wr_selection *s)
{
    return wr_selection_calls(s, wr_audit_engine());
}

/* What the window sorts by: numbers as numbers, severities by the number before the word. */
static stat_tap_table_item call_columns[] = {
    {TABLE_ITEM_UINT, TAP_ALIGN_LEFT, "Call", "s%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Severity", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Parties", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Start (UTC)", "%s"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Seconds", "%.3f"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Path", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Handshakes", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Errors", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Warnings", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Notes", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Deciding frame", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Frames", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Display filter", "%s"},
};

static view calls = {.title = "WebRTC Calls",
                     .fields = call_columns,
                     .columns = G_N_ELEMENTS(call_columns),
                     .selected = selected_calls,
                     .of_packet = wr_tap_session_number,
                     .cells = call_cells};

static void calls_start(stat_tap_table_ui *ui)
{
    start(&calls, ui);
}

static void calls_reset(stat_tap_table *table)
{
    reset(&calls, table);
}

static tap_packet_status calls_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                      const void *record, tap_flags_t flags _U_)
{
    return packet(&calls, record);
}

/* ---- associations ---- */

static unsigned association_number(const wr_tap_data *what)
{
    const wr_association *a = what->association;

    if (a != NULL && a->absorbed != NULL)
        a = a->absorbed;
    return a != NULL ? a->number : 0;
}

static const wr_association *association_of(unsigned number)
{
    const GPtrArray *all = wr_engine_associations(wr_audit_engine());

    /* numbered in order, from 1 */
    for (unsigned i = MIN(number, all->len); i > 0; i--) {
        const wr_association *a = g_ptr_array_index(all, i - 1);
        if (a->number == number)
            return a;
    }
    return NULL;
}

static char *certificate_text(const wr_presented *p, const wr_session *s)
{
    char text[WR_DIGEST_TEXT];

    if (p->certificate == NULL)
        return g_strdup(wr_cert_verdict_name(p->verdict));
    return g_strdup_printf("%s %.11s%s", wr_cert_verdict_name(p->verdict),
                           wr_digest_format(p->certificate->sha256, 32, text),
                           s != NULL && wr_presented_is_substitute(s, p) ? " (matches the substitute)" : "");
}

static bool association_cells(unsigned number, char **cells)
{
    const wr_association *a = association_of(number);
    unsigned call = a == NULL ? 0 : wr_association_session_number(wr_audit_engine(), a);
    const wr_session *s = call == 0 ? NULL : wr_engine_session(wr_audit_engine(), call);
    char at[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];

    if (call == 0) /* DTLS that is not WebRTC */
        return false;
    *cells++ = g_strdup_printf("a%u", number);
    *cells++ = g_strdup_printf("s%u", call);
    *cells++ = g_strdup_printf("%s%s", wr_association_verdict_name(a->verdict),
                               s != NULL && wr_association_shows_substitute(s, a) ? " (with a substitute)" : "");
    *cells++ = g_strdup(a->client_end >= 0 ? wr_endpoint_format(&a->side[0].end, at) : "?");
    *cells++ = g_strdup(a->client_end >= 0 ? wr_endpoint_format(&a->side[1].end, to) : "?");
    *cells++ = certificate_text(&a->side[0].presented, s);
    *cells++ = certificate_text(&a->side[1].presented, s);
    *cells++ = g_strdup(a->version != 0 ? wr_dtls_version_name(a->version) : "?");
    *cells++ = g_strdup(wr_binding_name(a->binding) != NULL ? wr_binding_name(a->binding) : "none");
    *cells++ = g_strdup_printf("%u", a->first_frame);
    *cells = g_strdup_printf("webrtc.association == \"a%u\"", number);
    return true;
}

static stat_tap_table_item association_columns[] = {
    {TABLE_ITEM_UINT, TAP_ALIGN_LEFT, "Association", "a%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_LEFT, "Call", "s%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Server", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client certificate", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Server certificate", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Version", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Binding", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "First frame", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Display filter", "%s"},
};

static view associations = {.title = "WebRTC Associations",
                            .fields = association_columns,
                            .columns = G_N_ELEMENTS(association_columns),
                            .selected = wr_selection_associations,
                            .of_packet = association_number,
                            .cells = association_cells};

static void associations_start(stat_tap_table_ui *ui)
{
    start(&associations, ui);
}

static void associations_reset(stat_tap_table *table)
{
    reset(&associations, table);
}

static tap_packet_status associations_packet(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                             const void *record, tap_flags_t flags _U_)
{
    return packet(&associations, record);
}

/* ---- registration ---- */

void wr_audit_register_tables(void)
{
    static tap_param params[] = {{PARAM_FILTER, "filter", "Filter", NULL, TRUE}};
    static stat_tap_table_ui calls_ui = {.group = WR_MENU_TELEPHONY,
                                         .title = "WebRTC Calls",
                                         .tap_name = "webrtc",
                                         .cli_string = "webrtc,calls",
                                         .stat_tap_init_cb = calls_start,
                                         .packet_func = calls_packet,
                                         .stat_tap_reset_table_cb = calls_reset,
                                         .stat_tap_free_table_item_cb = free_cell,
                                         .nfields = G_N_ELEMENTS(call_columns),
                                         .fields = call_columns,
                                         .nparams = G_N_ELEMENTS(params),
                                         .params = params};
    static stat_tap_table_ui associations_ui = {.group = WR_MENU_TELEPHONY,
                                                .title = "WebRTC Associations",
                                                .tap_name = "webrtc",
                                                .cli_string = "webrtc,associations",
                                                .stat_tap_init_cb = associations_start,
                                                .packet_func = associations_packet,
                                                .stat_tap_reset_table_cb = associations_reset,
                                                .stat_tap_free_table_item_cb = free_cell,
                                                .nfields = G_N_ELEMENTS(association_columns),
                                                .fields = association_columns,
                                                .nparams = G_N_ELEMENTS(params),
                                                .params = params};

    register_stat_tap_table_ui(&calls_ui);
    register_stat_tap_table_ui(&associations_ui);
}
