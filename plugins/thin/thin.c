/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "thin.h"

#include "queue.h"

#include <glib.h>
#include <stdio.h>

typedef struct {
    wr_target target;
    void *to;
    wr_thin_options options;
    wr_queue queue;
    wr_media *media;
    wr_thin_result *result;
    bool interface;       /* the section has one */
    bool big_endian;      /* of the section */
    uint32_t time[2];     /* of the last packet, as it stands in the file */
    uint32_t last;        /* its interface */
    wr_media_left before; /* left out before this section */
} thin;

static bool write_block(void *to, wr_waiting *w)
{
    thin *t = to;

    if (t->options.number && w->block.frame > 0 && !wr_block_number(&w->block))
        t->result->unnumbered = true;
    if (t->options.no_media && w->head_length > 0)
        wr_block_cut(&w->block, (uint32_t)w->media_at + w->head_length);
    if (w->block.bytes == NULL)
        wr_block_own(&w->block);
    return t->target(t->to, w->block.bytes, w->block.length);
}

/* How much was left out, as the comment of statistics about an interface: there is none of the whole at the end. */
static void end_section(thin *t)
{
    const wr_media_left left = wr_media_left_out(t->media);
    char text[160];
    wr_block b;

    wr_queue_flush(&t->queue);
    if (left.packets == t->before.packets || !t->interface)
        return;
    wr_block_make(&b, t->big_endian, WR_BLOCK_STATISTICS, 24);
    wr_block_put32(&b, 8, t->last);
    wr_block_put32(&b, 12, t->time[0]);
    wr_block_put32(&b, 16, t->time[1]);
    snprintf(text, sizeof text,
             "webrtc-thin: left out on all interfaces: %" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT
             " bytes of RTP and SRTCP",
             left.packets - t->before.packets, left.bytes - t->before.bytes);
    wr_block_comment(&b, 20, text);
    t->before = left;
    wr_queue_add(&t->queue, &b);
}

static void start_section(thin *t, wr_block *b)
{
    end_section(t);
    t->big_endian = b->big_endian;
    t->interface = false;
    wr_block_put32(b, 16, UINT32_MAX); /* how long the section will be is not known */
    wr_block_put32(b, 20, UINT32_MAX);
    wr_block_comment(b, 24,
                     t->options.no_media ? "webrtc-thin " WR_VERSION
                                           ": a sample of media is left, and of it the headers"
                                         : "webrtc-thin " WR_VERSION ": a sample of media is left");
}

/* Of the older kinds of packets (2, 3) none can be told which frame it was; and of blocks that Wireshark may count as
 * frames, such as those of journals, none is counted here. */
static void number(thin *t, wr_block *b)
{
    enum { OLD = 2, SIMPLE = 3, NAMES = 4, SECRETS = 10 };

    switch (b->type) {
    case WR_BLOCK_PACKET:
    case OLD:
    case SIMPLE:
        t->result->packets++;
        if (b->packet && t->result->packets <= UINT32_MAX)
            b->frame = (uint32_t)t->result->packets;
        else
            t->result->unnumbered = true;
        break;
    case WR_BLOCK_SECTION:
    case WR_BLOCK_INTERFACE:
    case WR_BLOCK_STATISTICS:
    case NAMES:
        break;
    case SECRETS:
        t->result->secrets = true;
        break;
    default:
        t->result->unnumbered = true;
    }
}

static void take(thin *t, wr_block *b)
{
    if (b->type == WR_BLOCK_SECTION)
        start_section(t, b);
    t->interface = t->interface || b->type == WR_BLOCK_INTERFACE;
    if (b->packet) {
        t->last = b->interface;
        t->time[0] = b->time[0];
        t->time[1] = b->time[1];
    }
    number(t, b);
    wr_queue_add(&t->queue, b);
}

void wr_thin(wr_source source, void *from, wr_target target, void *to, wr_thin_options options, wr_thin_result *result)
{
    thin t = {.target = target, .to = to, .options = options, .result = result};
    wr_reader *reader = wr_reader_new(source, from);
    wr_block b;

    *result = (wr_thin_result){0};
    t.media = wr_media_new(options.sample_us != 0 ? options.sample_us : WR_THIN_SAMPLE_US);
    wr_queue_start(&t.queue, t.media, write_block, &t);
    while (!t.queue.failed && wr_reader_next(reader, &b))
        take(&t, &b);
    end_section(&t);
    wr_queue_flush(&t.queue);
    wr_queue_stop(&t.queue);
    if (wr_reader_error(reader) != NULL)
        result->error = g_strdup(wr_reader_error(reader));
    else if (t.queue.failed)
        result->error = g_strdup("writing failed");
    result->left = wr_media_left_out(t.media);
    wr_media_free(t.media);
    wr_reader_free(reader);
}
