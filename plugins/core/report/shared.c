/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was shared in a call, by the headers of its media and by opened data channels. */
#include "shared.h"
#include "base/text.h"
#include "formats/json_write.h"
#include "records/handshake_facts.h"
#include "sdp/payload.h"

#include <string.h>

#define MOST_STREAMS 256 /* of a call that are told apart */
#define TOLD         16  /* of a sort, in a sentence */

/* What the payload types of a call mean. */
typedef struct {
    struct {
        const char *kind; /* NULL: nothing said; static */
        char codec[WR_SHARED_NAME];
        bool sframe;
    } of[128];
} meanings;

/* One synchronization source, wherever it was seen. */
typedef struct {
    const wr_flow *flow;
    const wr_stream *stream; /* where most of it was seen */
    int64_t first_us, last_us;
    uint32_t first_frame;
} source;

static const char *kind_of(wr_slice media)
{
    return wr_slice_is(media, "audio") ? "audio" : wr_slice_is(media, "video") ? "video" : "media";
}

static void note(const wr_sdp_payload *p, void *data)
{
    meanings *m = data;
    const char *kind = kind_of(p->media);

    if (m->of[p->type].kind != NULL && strcmp(m->of[p->type].kind, kind) != 0)
        kind = "media"; /* one number, two meanings */
    m->of[p->type].kind = kind;
    if (p->name.len == 0 || p->name.len >= WR_SHARED_NAME)
        return;
    memcpy(m->of[p->type].codec, p->name.p, p->name.len);
    m->of[p->type].codec[p->name.len] = '\0';
    m->of[p->type].sframe = p->sframe;
}

static void read_meanings(const wr_session *s, meanings *m)
{
    memset(m, 0, sizeof *m);
    for (int answers = 0; answers < 2; answers++) { /* which have the last word */
        for (unsigned i = 0; i < s->copies->len; i++) {
            const wr_copy *c = g_ptr_array_index(s->copies, i);
            if (wr_kind_is_answer(c->kind) != (answers == 1))
                continue;
            wr_sdp_each_payload(c->sdp, note, m);
            wr_sdp_close(c->sdp);
        }
    }
}

/* ---- streams ---- */

static void take_stream(GArray *sources, const wr_flow *f, const wr_stream *x)
{
    const source new = {f, x, x->first_us, x->last_us, x->first_frame};

    for (unsigned i = 0; i < sources->len; i++) {
        source *k = &g_array_index(sources, source, i);
        if (k->stream->ssrc != x->ssrc)
            continue;
        k->first_frame = MIN(k->first_frame, x->first_frame);
        k->first_us = MIN(k->first_us, x->first_us);
        k->last_us = MAX(k->last_us, x->last_us);
        if (x->packets > k->stream->packets) {
            k->flow = f;
            k->stream = x;
        }
        return;
    }
    if (sources->len < MOST_STREAMS)
        g_array_append_val(sources, new);
}

static GArray *sources_of(const wr_session *s)
{
    GArray *sources = g_array_new(FALSE, FALSE, sizeof(source));

    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(s->flows, i);
        for (unsigned j = 0; j < f->n_streams; j++)
            take_stream(sources, f, &f->streams[j]);
    }
    return sources;
}

static wr_shared_media *media_of(GArray *list, const wr_endpoint *from, const wr_shared_media *like)
{
    for (unsigned i = 0; i < list->len; i++) {
        wr_shared_media *x = &g_array_index(list, wr_shared_media, i);
        if (strcmp(x->kind, like->kind) == 0 && strcmp(x->codec, like->codec) == 0 &&
            wr_endpoint_same_host(&x->from, from))
            return x;
    }
    g_array_append_val(list, *like);
    return &g_array_index(list, wr_shared_media, list->len - 1);
}

GArray *wr_report_shared_media(const wr_session *s)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(wr_shared_media)), *sources = sources_of(s);
    meanings m;

    read_meanings(s, &m);
    for (unsigned i = 0; i < sources->len; i++) {
        const source *k = &g_array_index(sources, source, i);
        const unsigned type = k->stream->payload_type & 127u;
        wr_shared_media like = {.from = k->flow->end[k->stream->from],
                                .kind = m.of[type].kind != NULL ? m.of[type].kind : "media",
                                .sframe = m.of[type].sframe,
                                .first_us = k->first_us,
                                .last_us = k->last_us,
                                .first_frame = k->first_frame};
        wr_shared_media *x;
        memcpy(like.codec, m.of[type].codec, sizeof like.codec);
        x = media_of(list, &like.from, &like);
        x->streams++;
        x->packets += k->stream->packets;
        x->first_us = MIN(x->first_us, k->first_us);
        x->last_us = MAX(x->last_us, k->last_us);
        x->first_frame = MIN(x->first_frame, k->first_frame);
    }
    g_array_free(sources, TRUE);
    return list;
}

/* ---- telling it ---- */

static const wr_data_channels *channels_of(const wr_session *s, unsigned i)
{
    const wr_association *a = g_ptr_array_index(s->associations, i);

    return a->facts != NULL ? a->facts->channels : NULL;
}

static void put_media_words(GString *out, const GArray *media)
{
    char at[WR_ENDPOINT_TEXT];

    for (unsigned i = 0; i < media->len && i < TOLD; i++) {
        const wr_shared_media *x = &g_array_index(media, wr_shared_media, i);
        const int64_t ms = (x->last_us - x->first_us) / 1000;
        g_string_append_printf(out, "%s%s", out->len > 0 ? "; " : "", x->kind);
        if (x->codec[0] != '\0') {
            char *codec = wr_text_clean(x->codec, WR_SHARED_NAME);
            g_string_append_printf(out, " (%s%s)", codec, x->sframe ? ", SFrame announced" : "");
            g_free(codec);
        }
        g_string_append_printf(out, " from %s for %" G_GINT64_FORMAT ".%" G_GINT64_FORMAT " s",
                               wr_endpoint_format_host(&x->from, at), ms / 1000, ms % 1000 / 100);
    }
    if (media->len > TOLD)
        g_string_append(out, "; more media");
}

static void put_file_words(GString *out, const wr_session *s)
{
    unsigned told = 0;

    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_data_channels *c = channels_of(s, i);
        for (unsigned j = 0; c != NULL && j < c->n_files; j++, told++)
            if (told < TOLD)
                g_string_append_printf(out, "%sfile \"%s\" of %" G_GINT64_FORMAT " bytes, announced in frame %u",
                                       out->len > 0 ? "; " : "", c->files[j].name, c->files[j].size, c->files[j].frame);
    }
    if (told > TOLD)
        g_string_append(out, "; more files");
}

char *wr_report_shared(const wr_session *s)
{
    GString *out = g_string_new(NULL);
    GArray *media = wr_report_shared_media(s);

    put_media_words(out, media);
    put_file_words(out, s);
    g_array_free(media, TRUE);
    return g_string_free(out, out->len == 0);
}

/* ---- JSON ---- */

static json_object *media_list(const wr_session *s)
{
    json_object *list = json_object_new_array();
    GArray *media = wr_report_shared_media(s);
    char at[WR_ENDPOINT_TEXT];

    for (unsigned i = 0; i < media->len; i++) {
        const wr_shared_media *x = &g_array_index(media, wr_shared_media, i);
        json_object *o = json_object_new_object();
        wr_value_put_text(o, "from", wr_endpoint_format_host(&x->from, at));
        wr_value_put_text(o, "kind", x->kind);
        if (x->codec[0] != '\0')
            wr_value_put_text(o, "codec", x->codec);
        if (x->sframe)
            json_object_object_add(o, "sframe", json_object_new_boolean(true));
        wr_value_put_integer(o, "streams", x->streams);
        wr_value_put_integer(o, "packets", (int64_t)x->packets);
        wr_value_put_integer(o, "milliseconds", (x->last_us - x->first_us) / 1000);
        wr_value_put_integer(o, "first_frame", x->first_frame);
        json_object_array_add(list, o);
    }
    g_array_free(media, TRUE);
    return list;
}

static void add_channels(json_object *list, const wr_data_channels *c)
{
    for (unsigned i = 0; i < c->n; i++) {
        const wr_data_channel *x = &c->list[i];
        json_object *o = json_object_new_object();
        wr_value_put_text(o, "label", x->label);
        if (x->protocol != NULL && *x->protocol != '\0')
            wr_value_put_text(o, "protocol", x->protocol);
        wr_value_put_integer(o, "messages", (int64_t)x->messages[0] + x->messages[1]);
        wr_value_put_integer(o, "bytes", (int64_t)(x->bytes[0] + x->bytes[1]));
        json_object_array_add(list, o);
    }
}

static void add_files(json_object *list, const wr_association *a, const wr_data_channels *c)
{
    char at[WR_ENDPOINT_TEXT];

    for (unsigned i = 0; i < c->n_files; i++) {
        const wr_shared_file *x = &c->files[i];
        json_object *o = json_object_new_object();
        wr_value_put_text(o, "name", x->name);
        wr_value_put_integer(o, "bytes", x->size);
        wr_value_put_text(o, "from", wr_endpoint_format_host(&a->side[x->side].end, at));
        wr_value_put_integer(o, "stream", x->stream);
        wr_value_put_integer(o, "frame", x->frame);
        json_object_array_add(list, o);
    }
}

static void add_unless_empty(json_object *o, const char *key, json_object *list)
{
    if (wr_value_size(list) > 0)
        json_object_object_add(o, key, list);
    else
        json_object_put(list);
}

void wr_report_put_shared(json_object *o, const wr_session *s)
{
    json_object *shared = json_object_new_object(), *channels = json_object_new_array(),
                *files = json_object_new_array();

    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_data_channels *c = channels_of(s, i);
        if (c == NULL)
            continue;
        add_channels(channels, c);
        add_files(files, g_ptr_array_index(s->associations, i), c);
    }
    add_unless_empty(shared, "media", media_list(s));
    add_unless_empty(shared, "channels", channels);
    add_unless_empty(shared, "files", files);
    if (wr_value_members(shared) > 0)
        json_object_object_add(o, "shared", shared);
    else
        json_object_put(shared);
}
