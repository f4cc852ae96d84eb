/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns XML stanzas (RFC 6120 8) into JSON values. GMarkup reads just the XML that XMPP allows (RFC 6120 11.1): it
 * knows no entities but the five, expands nothing and fetches nothing.
 *
 *     <iq type='set'>                                       {"type": "set",
 *       <jingle action='session-initiate'>                   "jingle": {"action": "session-initiate",
 *         <content name='audio'/>                                       "content": {"name": "audio"}}}
 *       </jingle>
 *     </iq>
 */
#include <glib.h>
#include <string.h>

#include "formats/json_write.h"
#include "formats/to_json.h"

typedef struct {
    json_object *object;
    GString *text;
    bool has_attributes;
} element;

typedef struct {
    GArray *open; /* element */
    json_object *root;
    unsigned values;
    bool bound;
} xml_reader;

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon != NULL ? colon + 1 : name;
}

static void refuse(xml_reader *x, GError **error)
{
    x->bound = true;
    g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "beyond the bounds");
}

static void start_element(GMarkupParseContext *context, const gchar *name, const gchar **names, const gchar **values,
                          gpointer data, GError **error)
{
    xml_reader *x = data;
    element e = {NULL, NULL, false};

    (void)context;
    (void)name;
    if (x->open->len >= WR_TO_JSON_MAX_NESTING || x->values == 0) {
        refuse(x, error);
        return;
    }
    x->values--;
    e.object = json_object_new_object();
    e.text = g_string_new(NULL);
    for (; *names != NULL && x->values > 0; names++, values++) {
        if (strcmp(*names, "xmlns") != 0 && !g_str_has_prefix(*names, "xmlns:")) {
            wr_value_put_text(e.object, local_name(*names), *values);
            e.has_attributes = true;
            x->values--;
        }
    }
    g_array_append_val(x->open, e);
}

static void collect_text(GMarkupParseContext *context, const gchar *text, gsize len, gpointer data, GError **error)
{
    xml_reader *x = data;

    (void)context;
    (void)error;
    if (x->open->len > 0)
        g_string_append_len(g_array_index(x->open, element, x->open->len - 1).text, text, (gssize)len);
}

void wr_to_json_add(json_object *parent, const char *name, json_object *value, bool always_list)
{
    json_object *there = wr_value_member(parent, name);

    if (there == NULL && !always_list) {
        json_object_object_add(parent, name, value);
        return;
    }
    if (!wr_value_is_array(there)) {
        json_object *list = json_object_new_array();
        if (there != NULL)
            json_object_array_add(list, json_object_get(there));
        json_object_object_add(parent, name, list);
        there = list;
    }
    json_object_array_add(there, value);
}

/* An element of Jingle's transport (XEP-0320, XEP-0176) as colibri's JSON has it. */
static bool is_listed(const element *e, const char *name)
{
    return e->has_attributes && (strcmp(name, "fingerprint") == 0 || strcmp(name, "candidate") == 0);
}

static void end_element(GMarkupParseContext *context, const gchar *full_name, gpointer data, GError **error)
{
    xml_reader *x = data;
    const char *name = local_name(full_name);
    element e = g_array_index(x->open, element, x->open->len - 1);
    json_object *value = e.object;

    (void)context;
    (void)error;
    g_array_set_size(x->open, x->open->len - 1);
    if (wr_value_members(e.object) == 0 && e.text->len > 0) {
        value = wr_value_new_string(e.text->str, e.text->len);
        json_object_put(e.object);
    } else if (e.text->len > 0) {
        /* White space around a fingerprint says nothing. */
        g_strstrip(e.text->str);
        if (e.text->str[0] != '\0')
            wr_value_put_text(e.object, strcmp(name, "fingerprint") == 0 ? "fingerprint" : "text", e.text->str);
    }
    g_string_free(e.text, TRUE);
    if (value == NULL)
        return;
    if (x->open->len > 0) {
        const element *up = &g_array_index(x->open, element, x->open->len - 1);
        bool listed = is_listed(&e, name);
        char *plural = listed ? g_strconcat(name, "s", NULL) : NULL;
        wr_to_json_add(up->object, listed ? plural : name, value, listed);
        g_free(plural);
    } else if (x->root == NULL && wr_value_is_object(value)) {
        x->root = value;
    } else {
        json_object_put(value);
    }
}

bool wr_looks_like_xml(const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && at < 16 && g_ascii_isspace(bytes[at]))
        at++;
    return at + 8 < len && bytes[at] == '<' && (g_ascii_isalpha(bytes[at + 1]) || bytes[at + 1] == '?');
}

json_object *wr_xml_to_json(const uint8_t *bytes, size_t len, bool *bound)
{
    static const GMarkupParser parser = {start_element, end_element, collect_text, NULL, NULL};
    xml_reader x = {NULL, NULL, WR_TO_JSON_MAX_VALUES, false};
    GMarkupParseContext *context;
    bool well;

    if (!wr_looks_like_xml(bytes, len))
        return NULL;
    if (len > WR_TO_JSON_MAX_BYTES) {
        *bound = true;
        return NULL;
    }
    x.open = g_array_new(FALSE, FALSE, sizeof(element));
    context = g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &x, NULL);
    well = g_markup_parse_context_parse(context, (const char *)bytes, (gssize)len, NULL) &&
           g_markup_parse_context_end_parse(context, NULL);
    for (unsigned i = 0; i < x.open->len; i++) {
        json_object_put(g_array_index(x.open, element, i).object);
        g_string_free(g_array_index(x.open, element, i).text, TRUE);
    }
    g_array_free(x.open, TRUE);
    g_markup_parse_context_free(context);
    if (!well && x.root != NULL) {
        json_object_put(x.root);
        x.root = NULL;
    }
    *bound = *bound || x.bound;
    return x.root;
}
