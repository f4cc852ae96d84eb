/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A display filter is applied to each packet while the file is read, when verdicts and findings are not known yet:
 * after Reload, and in the next file, the list would be empty. The same filter is not applied twice by Wireshark, so
 * none is between, and not before the window is done with reading.
 */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "wr_epan/window.h"

#include <cfile.h>
#include <epan/epan_dissect.h>
#include <epan/funnel.h>
#include <epan/plugin_if.h>
#include <stdint.h>

#if __has_include(<dlfcn.h>)
#include <dlfcn.h>
#endif

static bool (*filter_concerns)(const char *filter);
static char *asked_for; /* the filter that is to be applied again; NULL for none */

static void *copy_filter(capture_file *file, void *data _U_)
{
    return file != NULL ? g_strdup(file->dfilter) : NULL;
}

/* The filter that stands in the window; g_free(). NULL for none, and without a window. */
static char *current_filter(void)
{
    return plugin_if_get_capture_file(copy_filter, NULL);
}

static gboolean apply_again(void *data _U_)
{
    char *now = current_filter(), *wanted = asked_for;

    asked_for = NULL;
    if (wanted != NULL && g_strcmp0(now, wanted) == 0) { /* or else its user was quicker */
        plugin_if_apply_filter("", TRUE);
        plugin_if_apply_filter(wanted, TRUE);
    }
    g_free(now);
    g_free(wanted);
    return G_SOURCE_REMOVE;
}

static void reading_is_done(void)
{
    char *filter = current_filter();

    if (filter == NULL || asked_for != NULL || !filter_concerns(filter)) {
        g_free(filter);
        return;
    }
    asked_for = filter;
    g_idle_add(apply_again, NULL);
}

/* ---- a menu, and what its entries do ---- */

typedef struct {
    void (*look)(packet_info *pinfo, const char *name, void *data);
    void *data;
} question;

static void *answer(capture_file *file, void *data)
{
    const question *q = data;

    if (file != NULL)
        q->look(file->edt != NULL ? &file->edt->pi : NULL, file->filename, q->data);
    return NULL;
}

void wr_window_look(void (*look)(packet_info *pinfo, const char *name, void *data), void *data)
{
    question q = {look, data};

    plugin_if_get_capture_file(answer, &q);
}

void wr_window_go_to(uint32_t frame)
{
    plugin_if_goto_frame(frame);
}

void wr_window_filter(const char *filter)
{
    plugin_if_apply_filter(filter, TRUE);
}

void wr_window_show_text(const char *title, const char *text)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    funnel_text_window_t *window;

    if (ops == NULL || ops->new_text_window == NULL)
        return;
    window = ops->new_text_window(ops->ops_id, title);
    if (window != NULL)
        ops->set_text(window, text);
}

void wr_window_show_page(const char *path)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();

    if (ops != NULL && ops->browser_open_data_file != NULL)
        ops->browser_open_data_file(path);
}

static void was_chosen(ext_menubar_gui_type type _U_, void *window _U_, void *data)
{
    ((const wr_window_entry *)data)->chosen();
}

/* ---- registration ---- */

/* No interface of Wireshark tells its window from tshark, where the question for the filter has no answer and costs
 * memory that nobody gives back. The window alone has Qt. */
static bool has_window(void)
{
#ifdef RTLD_DEFAULT
    return dlsym(RTLD_DEFAULT, "qVersion") != NULL;
#else
    return true;
#endif
}

void wr_window_add_menu(int proto, const char *label, const wr_window_entry *entries, size_t n)
{
    ext_menu_t *menu;

    if (!has_window())
        return;
    menu = ext_menubar_register_menu(proto, label, TRUE);
    ext_menubar_set_parentmenu(menu, "Telephony");
    for (size_t i = 0; i < n; i++)
        ext_menubar_add_entry(menu, entries[i].label, entries[i].tip, was_chosen, (void *)(uintptr_t)&entries[i]);
}

void wr_window_filter_again(bool (*concerns)(const char *filter))
{
    if (!has_window())
        return;
    filter_concerns = concerns;
    register_postseq_cleanup_routine(reading_is_done);
}
