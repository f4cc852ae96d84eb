/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between two descriptions, line by line, for people to read. */
#include "canonical.h"
#include "sdp/compare.h"
#include "section_pairs.h"

#include <string.h>

#define MAX_SHOWN 240 /* bytes of a line */

/* The lines of one description by section: block 0 is the session level, block i + 1 section i. */
typedef struct {
    GArray *lines; /* tagged_line, in order */
    guint *start;  /* n_blocks + 1 indexes into lines */
    unsigned n_blocks;
} block_list;

typedef struct {
    wr_slice text;
    wr_line_class class;
} tagged_line;

static block_list read_blocks(wr_sdp *sdp, GStringChunk *strings)
{
    wr_line_reader reader = wr_lines(wr_sdp_text(sdp), sdp->text_len);
    block_list list = {g_array_new(FALSE, FALSE, sizeof(tagged_line)), NULL, 1};
    tagged_line line;

    /* As many blocks as the reader kept sections: lines of further ones stay in the last. */
    list.start = g_new0(guint, sdp->n_sections + 2);
    while (wr_line_next(&reader, &line.text, NULL)) {
        line.class = wr_line_normalise(&line.text, strings);
        if (line.class == WR_LINE_MEDIA && list.n_blocks <= sdp->n_sections)
            list.start[list.n_blocks++] = list.lines->len;
        if (line.class != WR_LINE_BLANK)
            g_array_append_val(list.lines, line);
    }
    list.start[list.n_blocks] = list.lines->len;
    return list;
}

static void free_line(gpointer p)
{
    wr_diff_line *line = p;

    g_free(line->line);
    g_free(line);
}

static wr_diff_kind kind_of(wr_line_class class)
{
    switch (class) {
    case WR_LINE_FINGERPRINT:
        return WR_DIFF_FINGERPRINT;
    case WR_LINE_ICE:
        return WR_DIFF_ICE;
    case WR_LINE_CANDIDATE:
    case WR_LINE_ADDRESS:
        return WR_DIFF_CANDIDATE;
    default:
        return WR_DIFF_OTHER;
    }
}

/* Reports get copied around: no password or key goes into them. */
static char *shown_text(wr_slice line)
{
    size_t n = MIN(line.len, (size_t)MAX_SHOWN);
    wr_slice name, value;

    if (wr_slice_attribute(line, &name, &value) && wr_slice_is(name, "ice-pwd"))
        return g_strdup("a=ice-pwd:(password)");
    if (wr_slice_starts(line, "a=", NULL) && (wr_slice_is(name, "crypto") || wr_slice_is(name, "key-mgmt")))
        return g_strdup_printf("a=%.*s:(key)", (int)name.len, name.p);
    if (wr_slice_starts(line, "k=", NULL))
        return g_strdup("k=(key)");
    while (n < line.len && n > 0 && ((guint8)line.p[n] & 0xc0) == 0x80)
        n--; /* not in the middle of a UTF-8 character */
    return g_strdup_printf("%.*s%s", (int)n, line.p, n < line.len ? "…" : "");
}

static void add_line(GPtrArray *out, char sign, wr_diff_kind kind, char *text)
{
    wr_diff_line *line = g_new(wr_diff_line, 1);

    *line = (wr_diff_line){sign, kind, text};
    g_ptr_array_add(out, line);
}

/* A line and how often it is still to be found. */
typedef struct {
    wr_slice text;
    unsigned count;
} counted_line;

static gint compare_counted(gconstpointer a, gconstpointer b)
{
    const counted_line *x = a, *y = b;

    return wr_slice_compare(&x->text, &y->text);
}

/* The lines of a block, sorted, each once. By sorting and not by hashing: hostile lines could be made to collide. */
static GArray *count_lines(const block_list *list, unsigned block)
{
    GArray *counted = g_array_new(FALSE, FALSE, sizeof(counted_line));
    guint kept = 0;

    for (guint i = list->start[block]; i < list->start[block + 1]; i++) {
        const counted_line line = {g_array_index(list->lines, tagged_line, i).text, 1};
        g_array_append_val(counted, line);
    }
    g_array_sort(counted, compare_counted);
    for (guint i = 0; i < counted->len; i++) {
        const counted_line *line = &g_array_index(counted, counted_line, i);
        if (kept != 0 && compare_counted(&g_array_index(counted, counted_line, kept - 1), line) == 0)
            g_array_index(counted, counted_line, kept - 1).count++;
        else
            g_array_index(counted, counted_line, kept++) = *line;
    }
    g_array_set_size(counted, kept);
    return counted;
}

/* Lines of block x of a that block y of b has not, each as often as it is missing. b may be NULL. */
static void add_missing(GPtrArray *out, unsigned room, char sign, const block_list *a, unsigned x, const block_list *b,
                        unsigned y)
{
    GArray *have = b != NULL ? count_lines(b, y) : g_array_new(FALSE, FALSE, sizeof(counted_line));

    for (guint i = a->start[x]; i < a->start[x + 1] && out->len < room; i++) {
        const tagged_line *line = &g_array_index(a->lines, tagged_line, i);
        const counted_line wanted = {line->text, 0};
        guint found;
        if (g_array_binary_search(have, &wanted, compare_counted, &found) &&
            g_array_index(have, counted_line, found).count != 0)
            g_array_index(have, counted_line, found).count--;
        else
            add_line(out, sign, kind_of(line->class), shown_text(line->text));
    }
    g_array_free(have, TRUE);
}

GPtrArray *wr_sdp_diff(wr_sdp *a, wr_sdp *b, unsigned max)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(free_line);
    GStringChunk *strings = g_string_chunk_new(4096);
    block_list in_a = read_blocks(a, strings), in_b = read_blocks(b, strings);
    unsigned *pairs = wr_sdp_pair_sections(a, b);
    bool *taken = g_new0(bool, in_b.n_blocks);
    const unsigned room = max < UINT_MAX ? max + 1 : max; /* one over shows that there is more */

    for (unsigned x = 0; x < in_a.n_blocks; x++) {
        const unsigned y = x == 0 ? 0 : pairs[x - 1] == UINT_MAX ? UINT_MAX : pairs[x - 1] + 1;
        const bool paired = y < in_b.n_blocks;
        add_missing(out, room, '-', &in_a, x, paired ? &in_b : NULL, y);
        if (paired) {
            taken[y] = true;
            add_missing(out, room, '+', &in_b, y, &in_a, x);
        }
    }
    for (unsigned y = 0; y < in_b.n_blocks; y++)
        if (!taken[y])
            add_missing(out, room, '+', &in_b, y, NULL, 0);
    if (out->len > max) {
        g_ptr_array_set_size(out, max > 0 ? (gint)max - 1 : 0);
        if (max > 0)
            add_line(out, ' ', WR_DIFF_OTHER, g_strdup("(more lines differ)"));
    }
    g_free(taken);
    g_free(pairs);
    g_free(in_a.start);
    g_free(in_b.start);
    g_array_free(in_a.lines, TRUE);
    g_array_free(in_b.lines, TRUE);
    g_string_chunk_free(strings);
    return out;
}
