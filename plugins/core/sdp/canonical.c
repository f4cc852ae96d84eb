/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The canonical form of a description, and its body without transport lines: what does not change when a server
 * relays it, or gathers candidates meanwhile. */
#include "canonical.h"

#include "sdp/compare.h"

#include <string.h>

static wr_slice keep(GStringChunk *strings, GString *text)
{
    const wr_slice kept = {g_string_chunk_insert_len(strings, text->str, (gssize)text->len), text->len};

    g_string_free(text, TRUE);
    return kept;
}

static wr_slice normal_fingerprint(wr_slice line, wr_slice value, GStringChunk *strings)
{
    wr_fingerprint fp;
    char digest[WR_DIGEST_TEXT];
    GString *text;

    wr_fingerprint_parse(value.p, value.len, &fp);
    if (!fp.usable)
        return line;
    text = g_string_new("a=fingerprint:");
    g_string_append_printf(text, "%s %s", wr_hash_name(fp.hash), wr_digest_format(fp.value, fp.length, digest));
    return keep(strings, text);
}

/* "m=audio 54321/2 …" becomes "m=audio 9/2 …". */
static wr_slice normal_media(wr_slice line, wr_slice rest, GStringChunk *strings)
{
    const wr_slice media = wr_slice_token(&rest);
    wr_slice port = wr_slice_token(&rest);
    size_t digits = 0, zeros = 0;
    GString *text;

    while (digits < port.len && g_ascii_isdigit(port.p[digits])) {
        zeros += port.p[digits] == '0';
        digits++;
    }
    if (zeros == digits)
        return line;
    text = g_string_new("m=");
    g_string_append_len(text, media.p, (gssize)media.len);
    g_string_append(text, " 9");
    g_string_append_len(text, port.p + digits, (gssize)(port.len - digits));
    g_string_append_len(text, rest.p, (gssize)rest.len);
    return keep(strings, text);
}

static wr_line_class attribute_class(wr_slice name)
{
    if (wr_slice_is(name, "fingerprint"))
        return WR_LINE_FINGERPRINT;
    if (wr_slice_starts(name, "ice-", NULL))
        return WR_LINE_ICE;
    if (wr_slice_is(name, "setup") || wr_slice_is(name, "tls-id"))
        return WR_LINE_DTLS;
    if (wr_slice_is(name, "candidate") || wr_slice_is(name, "end-of-candidates"))
        return WR_LINE_CANDIDATE;
    return wr_slice_is(name, "rtcp") ? WR_LINE_ADDRESS : WR_LINE_OTHER;
}

wr_line_class wr_line_normalise(wr_slice *line, GStringChunk *strings)
{
    wr_slice name, value, rest;
    wr_line_class class;

    *line = wr_slice_trim_end(*line);
    if (line->len == 0)
        return WR_LINE_BLANK;
    if (wr_slice_attribute(*line, &name, &value)) {
        class = attribute_class(name);
        if (class == WR_LINE_FINGERPRINT)
            *line = normal_fingerprint(*line, value, strings);
        return class;
    }
    if (wr_slice_starts(*line, "candidate:", NULL)) {
        GString *text = g_string_new("a=");
        g_string_append_len(text, line->p, (gssize)line->len);
        *line = keep(strings, text);
        return WR_LINE_CANDIDATE;
    }
    if (wr_slice_starts(*line, "m=", &rest)) {
        *line = normal_media(*line, rest, strings);
        return WR_LINE_MEDIA;
    }
    if (wr_slice_starts(*line, "c=", NULL))
        return WR_LINE_ADDRESS;
    return wr_slice_starts(*line, "o=", NULL) ? WR_LINE_ORIGIN : WR_LINE_OTHER;
}

/* In the canonical form, or in the body. What is not in the former is not in the latter. */
static bool is_kept(wr_line_class class, bool fragment, bool body)
{
    switch (class) {
    case WR_LINE_BLANK:
    case WR_LINE_ADDRESS:
        return false;
    case WR_LINE_CANDIDATE:
        return fragment && !body;
    case WR_LINE_ORIGIN:
    case WR_LINE_FINGERPRINT:
    case WR_LINE_ICE:
    case WR_LINE_DTLS:
        return !body;
    case WR_LINE_MEDIA:
    case WR_LINE_OTHER:
        break;
    }
    return true;
}

/* An attribute waits until its section ends: attributes follow its other lines, sorted. */
typedef struct {
    wr_slice line;
    wr_line_class class;
} attribute;

/* Both forms, since all of the body is in the canonical form, in the same order. */
typedef struct {
    GString *canonical, *body;
    GArray *attributes; /* attribute */
    bool fragment;
} forms;

static gint compare_attributes(gconstpointer a, gconstpointer b)
{
    return wr_slice_compare(&((const attribute *)a)->line, &((const attribute *)b)->line);
}

static void append_line(GString *out, wr_slice line)
{
    g_string_append_len(out, line.p, (gssize)line.len);
    g_string_append_c(out, '\n');
}

static void append(forms *f, wr_slice line, wr_line_class class)
{
    append_line(f->canonical, line);
    if (is_kept(class, f->fragment, true))
        append_line(f->body, line);
}

static void flush_attributes(forms *f)
{
    g_array_sort(f->attributes, compare_attributes);
    for (guint i = 0; i < f->attributes->len; i++) {
        const attribute *a = &g_array_index(f->attributes, attribute, i);
        append(f, a->line, a->class);
    }
    g_array_set_size(f->attributes, 0);
}

void wr_sdp_forms(wr_sdp *sdp, char **canonical, char **body)
{
    wr_line_reader reader = wr_lines(wr_sdp_text(sdp), sdp->text_len);
    GStringChunk *strings = g_string_chunk_new(4096);
    forms f = {g_string_sized_new(sdp->text_len + 1), g_string_sized_new(sdp->text_len + 1),
               g_array_new(FALSE, FALSE, sizeof(attribute)), sdp->fragment};
    wr_slice line;

    while (wr_line_next(&reader, &line, NULL)) {
        const wr_line_class class = wr_line_normalise(&line, strings);
        const attribute a = {line, class};
        if (class == WR_LINE_MEDIA)
            flush_attributes(&f);
        if (!is_kept(class, f.fragment, false))
            continue;
        if (wr_slice_starts(line, "a=", NULL))
            g_array_append_val(f.attributes, a);
        else
            append(&f, line, class);
    }
    flush_attributes(&f);
    g_array_free(f.attributes, TRUE);
    g_string_chunk_free(strings);
    *canonical = g_string_free(f.canonical, FALSE);
    *body = g_string_free(f.body, FALSE);
}
