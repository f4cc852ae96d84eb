/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menu Telephony > WebRTC of the window: from the selected packet to its call's packets, deciding frame and report,
 * and reports of the whole. */
#include "audit.h"
#include "report/deciding.h"
#include "report/report.h"
#include "wr_epan/window.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
    unsigned call;  /* of the selected packet; 0 for none */
    uint32_t frame; /* the selected one; 0 for none */
    char *name;     /* the capture's; NULL for none */
} place;

static GPtrArray *pages; /* paths that were written, for the browser */

static void note_place(packet_info *pinfo, const char *name, void *data)
{
    place *p = data;

    p->name = g_strdup(name);
    if (pinfo == NULL)
        return;
    p->frame = wr_frame_of(pinfo);
    p->call = wr_audit_call_of(pinfo);
}

static void sink(const char *text, void *data)
{
    g_string_append(data, text);
}

/* ---- one call ---- */

/* The call of the selected packet; NULL, and the user is told, where there is none. */
static const wr_session *selected_call(place *p)
{
    const wr_session *s = NULL;

    memset(p, 0, sizeof *p);
    if (wr_audit_engine() != NULL) {
        wr_window_look(note_place, p);
        wr_engine_evaluate(wr_audit_engine());
        s = p->call != 0 ? wr_engine_session(wr_audit_engine(), p->call) : NULL;
    }
    g_clear_pointer(&p->name, g_free);
    if (s == NULL)
        wr_window_show_text("WebRTC",
                            "The selected packet belongs to no WebRTC call. Select one of a call: Telephony > WebRTC "
                            "Calls lists them, with a filter for each.\n");
    return s;
}

static void show_packets(void)
{
    place p;
    const wr_session *s = selected_call(&p);

    if (s != NULL) {
        char *filter = wr_audit_call_filter(s->number);
        wr_window_filter(filter);
        g_free(filter);
    }
}

static void go_to_deciding(void)
{
    place p;
    const wr_session *s = selected_call(&p);
    const uint32_t frame = s != NULL ? wr_report_deciding_frame(wr_audit_engine(), s) : 0;

    if (frame != 0)
        wr_window_go_to(frame);
}

static void show_call(void)
{
    place p;
    const wr_session *s = selected_call(&p);
    GHashTable *only;
    GString *text;

    if (s == NULL)
        return;
    only = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_hash_table_add(only, GUINT_TO_POINTER(s->number));
    text = g_string_new(NULL);
    wr_report_text_of_width(wr_audit_engine(), only, WR_REPORT_WINDOW, sink, text);
    wr_window_show_text("WebRTC: call of the selected packet", text->str);
    g_string_free(text, TRUE);
    g_hash_table_destroy(only);
}

/* ---- the whole ---- */

/* The deciding frame of the next call of severity error or warn behind the selected packet, and after the last the
 * first. */
static void go_to_next_alarm(void)
{
    wr_engine *e = wr_audit_engine();
    place p = {.name = NULL};
    uint32_t next = 0, first = 0;
    const GPtrArray *sessions;

    if (e == NULL)
        return;
    wr_window_look(note_place, &p);
    g_free(p.name);
    wr_engine_evaluate(e);
    sessions = wr_engine_sessions(e);
    for (unsigned i = 0; i < sessions->len; i++) {
        const wr_session *s = g_ptr_array_index(sessions, i);
        const uint32_t frame = s->severity >= WR_WARN ? wr_report_deciding_frame(e, s) : 0;
        if (frame == 0)
            continue;
        if (first == 0 || frame < first)
            first = frame;
        if (frame > p.frame && (next == 0 || frame < next))
            next = frame;
    }
    if (first != 0)
        wr_window_go_to(next != 0 ? next : first);
    else
        wr_window_show_text("WebRTC", "No call of this capture has severity error or warn.\n");
}

static wr_report_origin *origin_of_window(void)
{
    wr_report_origin *o;
    place p = {.name = NULL};

    wr_window_look(note_place, &p);
    wr_engine_evaluate(wr_audit_engine());
    o = wr_audit_origin(p.name);
    wr_report_origin_add_statements(o, wr_audit_engine());
    g_free(p.name);
    return o;
}

static void show_text(void)
{
    wr_report_origin *o;
    GString *text;

    if (wr_audit_engine() == NULL)
        return;
    o = origin_of_window();
    text = g_string_new(NULL);
    wr_report_head(wr_audit_engine(), o, sink, text);
    wr_report_text_of_width(wr_audit_engine(), NULL, WR_REPORT_WINDOW, sink, text);
    wr_window_show_text("WebRTC report", text->str);
    g_string_free(text, TRUE);
    wr_report_origin_free(o);
}

/* They tell of people: they stay no longer than the window. */
static void remove_pages(void)
{
    for (unsigned i = 0; pages != NULL && i < pages->len; i++)
        g_unlink(g_ptr_array_index(pages, i));
    g_clear_pointer(&pages, g_ptr_array_unref);
}

static void show_page(void)
{
    GError *error = NULL;
    wr_report_origin *o;
    char *path;
    GString *page;
    int file;

    if (wr_audit_engine() == NULL)
        return;
    file = g_file_open_tmp("webrtc-XXXXXX.html", &path, &error); /* for this user alone */
    if (file >= 0)
        close(file);
    o = origin_of_window();
    page = g_string_new(NULL);
    wr_report_html(wr_audit_engine(), NULL, o, sink, page);
    if (file >= 0 &&
        g_file_set_contents_full(path, page->str, (gssize)page->len, G_FILE_SET_CONTENTS_NONE, 0600, &error)) {
        if (pages == NULL)
            pages = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(pages, path);
        wr_window_show_page(path);
    } else {
        wr_window_show_text("WebRTC: the page cannot be written", error != NULL ? error->message : "");
    }
    g_clear_error(&error);
    g_string_free(page, TRUE);
    wr_report_origin_free(o);
}

static void filter_alarms(void)
{
    wr_window_filter("webrtc.finding.error || webrtc.finding.warn");
}

void wr_audit_register_menu(int proto)
{
    static const wr_window_entry entries[] = {
        {"Report as a &Page", "All calls of this capture, in the browser; kept until Wireshark is closed", show_page},
        {"Report as &Text", "All calls of this capture, as of tshark -z webrtc,report", show_text},
        {"&Next Alarm", "Go to the frame that decides the next call of severity error or warn", go_to_next_alarm},
        {"Packets with &Alarms", "Filter for packets with findings of severity error or warn", filter_alarms},
        {"This Call: &Report", "The report on the call of the selected packet", show_call},
        {"This Call: Packe&ts", "Filter for the call of the selected packet", show_packets},
        {"This Call: &Deciding Frame", "Go to the frame that decides the verdict on the call of the selected packet",
         go_to_deciding},
    };

    wr_window_add_menu(proto, "WebRTC", entries, G_N_ELEMENTS(entries));
    register_shutdown_routine(remove_pages);
}
