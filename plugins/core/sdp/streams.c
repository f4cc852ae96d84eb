/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections of a call's descriptions, as RTP packets find them. */
#include "sdp/streams.h"

#include "sdp/lines.h"
#include "sdp/payload.h"

#include <glib.h>

#define MID_URI "urn:ietf:params:rtp-hdrext:sdes:mid" /* RFC 8843 15 */

typedef struct {
    char mid[WR_STREAM_WORD], kind[WR_STREAM_WORD];
    unsigned number; /* from 0 */
    uint64_t types[2];
    GHashTable *codecs; /* payload type -> name */
    uint32_t sources[WR_STREAM_SOURCES];
    unsigned n_sources;
} section;

struct wr_sdp_streams {
    section *of[WR_STREAM_SECTIONS];
    unsigned n;
    uint8_t ids[256]; /* of the header extension with the identification: not 0; that of 0 is nothing */
};

wr_sdp_streams *wr_sdp_streams_new(void)
{
    return g_new0(wr_sdp_streams, 1);
}

void wr_sdp_streams_free(wr_sdp_streams *s)
{
    for (unsigned i = 0; s != NULL && i < s->n; i++) {
        g_hash_table_destroy(s->of[i]->codecs);
        g_free(s->of[i]);
    }
    g_free(s);
}

static void take_word(char *to, wr_slice word)
{
    if (word.len >= WR_STREAM_WORD || !g_utf8_validate(word.p, (gssize)word.len, NULL))
        word.len = 0;
    if (word.len > 0)
        memcpy(to, word.p, word.len);
    to[word.len] = '\0';
}

/* ---- a description is taken in ---- */

/* The identification of each section, which may stand behind its types; the number of sections. */
static unsigned read_mids(const wr_sdp *sdp, const char *text, char mids[WR_STREAM_SECTIONS][WR_STREAM_WORD])
{
    wr_line_reader lines = wr_lines(text, sdp->text_len);
    unsigned n = 0;
    wr_slice line, rest;

    while (wr_line_next(&lines, &line, NULL)) {
        n += wr_slice_starts(line, "m=", NULL);
        if (n > WR_STREAM_SECTIONS)
            return WR_STREAM_SECTIONS;
        if (n > 0 && wr_slice_starts(line, "a=mid:", &rest))
            take_word(mids[n - 1], wr_slice_trim(rest));
    }
    return n;
}

static section *section_of(wr_sdp_streams *s, unsigned number, const char *mid)
{
    section *x;

    for (unsigned i = 0; i < s->n; i++) {
        x = s->of[i];
        if (mid[0] != '\0' && x->mid[0] != '\0' ? strcmp(mid, x->mid) == 0 : x->number == number)
            return x;
    }
    if (s->n >= WR_STREAM_SECTIONS)
        return NULL;
    x = s->of[s->n++] = g_new0(section, 1);
    x->number = number;
    x->codecs = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    return x;
}

/* What sections of this description are, by their numbers. */
typedef struct {
    section *of[WR_STREAM_SECTIONS];
    unsigned n;
} view;

static void put_payload(const wr_sdp_payload *p, void *data)
{
    const view *v = data;
    section *x = p->section < v->n ? v->of[p->section] : NULL;
    char name[WR_STREAM_WORD];

    if (x == NULL)
        return;
    take_word(x->kind, p->media);
    x->types[p->type / 64] |= UINT64_C(1) << p->type % 64;
    take_word(name, p->name);
    if (name[0] != '\0')
        g_hash_table_replace(x->codecs, GUINT_TO_POINTER(p->type), g_strdup(name));
}

/* a=ssrc:<ssrc> <attribute>, RFC 5576 4.1 */
static void put_source(section *x, wr_slice rest)
{
    uint64_t ssrc;

    if (x == NULL || x->n_sources >= WR_STREAM_SOURCES || !wr_slice_number(wr_slice_token(&rest), UINT32_MAX, &ssrc))
        return;
    if (x->n_sources == 0 || x->sources[x->n_sources - 1] != (uint32_t)ssrc) /* a line for each attribute */
        x->sources[x->n_sources++] = (uint32_t)ssrc;
}

/* What is behind a=extmap: <id>[/<direction>] <URI>, RFC 8285 5; 0 where it is not this URI. */
static unsigned read_extension(wr_slice rest, const char *uri)
{
    wr_slice id = wr_slice_token(&rest);
    const char *direction = id.len > 0 ? memchr(id.p, '/', id.len) : NULL;
    uint64_t number;

    if (direction != NULL)
        id.len = (size_t)(direction - id.p);
    return wr_slice_number(id, 255, &number) && wr_slice_is(wr_slice_token(&rest), uri) ? (unsigned)number : 0;
}

uint16_t wr_sdp_extension_ids(wr_sdp *sdp, const char *uri)
{
    wr_line_reader lines = wr_lines(wr_sdp_text(sdp), sdp->text_len);
    wr_slice line, rest;
    unsigned set = 0;

    while (wr_line_next(&lines, &line, NULL)) {
        const unsigned id = wr_slice_starts(line, "a=extmap:", &rest) ? read_extension(rest, uri) : 0;
        if (id > 0 && id < 16)
            set |= 1u << id;
    }
    return (uint16_t)set;
}

void wr_sdp_streams_add(wr_sdp_streams *s, wr_sdp *sdp)
{
    char mids[WR_STREAM_SECTIONS][WR_STREAM_WORD] = {{0}};
    const char *text = wr_sdp_text(sdp);
    wr_line_reader lines = wr_lines(text, sdp->text_len);
    view v = {.n = read_mids(sdp, text, mids)};
    unsigned sections = 0;
    wr_slice line, rest;

    for (unsigned i = 0; i < v.n; i++) {
        v.of[i] = section_of(s, i, mids[i]);
        if (v.of[i] != NULL && mids[i][0] != '\0')
            memcpy(v.of[i]->mid, mids[i], WR_STREAM_WORD);
    }
    wr_sdp_each_payload(sdp, put_payload, &v);
    while (wr_line_next(&lines, &line, NULL)) {
        sections += wr_slice_starts(line, "m=", NULL);
        if (wr_slice_starts(line, "a=extmap:", &rest))
            s->ids[read_extension(rest, MID_URI)] = 1;
        else if (sections > 0 && sections <= v.n && wr_slice_starts(line, "a=ssrc:", &rest))
            put_source(v.of[sections - 1], rest);
    }
}

unsigned wr_sdp_streams_next_id(const wr_sdp_streams *s, unsigned after)
{
    for (unsigned i = after + 1; i < 256; i++)
        if (s->ids[i] != 0)
            return i;
    return 0;
}

/* ---- a packet asks ---- */

static bool has_type(const section *x, unsigned type)
{
    return type < 128 && (x->types[type / 64] >> type % 64 & 1) != 0;
}

static const char *codec_of(const section *x, unsigned type)
{
    const char *name = g_hash_table_lookup(x->codecs, GUINT_TO_POINTER(type));

    return name != NULL ? name : "";
}

static bool has_source(const section *x, uint32_t ssrc)
{
    for (unsigned i = 0; i < x->n_sources; i++)
        if (x->sources[i] == ssrc)
            return true;
    return false;
}

static const section *by_name(const wr_sdp_streams *s, unsigned type, uint32_t ssrc, const uint8_t *mid, size_t n)
{
    for (unsigned i = 0; mid != NULL && n > 0 && i < s->n; i++)
        if (strlen(s->of[i]->mid) == n && memcmp(s->of[i]->mid, mid, n) == 0 && has_type(s->of[i], type))
            return s->of[i];
    for (unsigned i = 0; i < s->n; i++)
        if (has_type(s->of[i], type) && has_source(s->of[i], ssrc))
            return s->of[i];
    return NULL;
}

/* What all sections with this type agree on. */
static bool by_type(const wr_sdp_streams *s, unsigned type, wr_sdp_stream *out)
{
    unsigned n = 0;

    for (unsigned i = 0; i < s->n; i++) {
        const section *x = s->of[i];
        if (!has_type(x, type))
            continue;
        if (n == 0 || strcmp(out->kind, x->kind) != 0)
            g_strlcpy(out->kind, n == 0 ? x->kind : "", sizeof out->kind);
        if (n == 0 || strcmp(out->codec, codec_of(x, type)) != 0)
            g_strlcpy(out->codec, n == 0 ? codec_of(x, type) : "", sizeof out->codec);
        g_strlcpy(out->mid, n == 0 ? x->mid : "", sizeof out->mid);
        n++;
    }
    return n > 0;
}

bool wr_sdp_streams_find(const wr_sdp_streams *s, unsigned payload_type, uint32_t ssrc, const uint8_t *mid, size_t n,
                         wr_sdp_stream *out)
{
    const section *x = by_name(s, payload_type, ssrc, mid, n);

    memset(out, 0, sizeof *out);
    if (x == NULL)
        return by_type(s, payload_type, out);
    g_strlcpy(out->mid, x->mid, sizeof out->mid);
    g_strlcpy(out->kind, x->kind, sizeof out->kind);
    g_strlcpy(out->codec, codec_of(x, payload_type), sizeof out->codec);
    return true;
}
