/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data channels: their names, and how much went over them (RFC 8831, RFC 8832). */
#include "base/text.h"
#include "formats/file_names.h"
#include "learn.h"
#include "records/data_channel.h"
#include "rtp/data_channel.h"

#include <string.h>

/* A transmission sequence number that did not come before (RFC 9260 1.6: serial numbers). */
static bool is_new(wr_data_channels *c, int side, uint32_t tsn)
{
    const int32_t ahead = (int32_t)(tsn - c->highest[side]);

    if (!c->begun[side] || ahead > 0) {
        c->seen[side] = !c->begun[side] || ahead > 63 ? 1 : c->seen[side] << ahead | 1;
        c->highest[side] = tsn;
        c->begun[side] = true;
        return true;
    }
    if (ahead < -63 || (c->seen[side] >> -ahead & 1) != 0)
        return false;
    c->seen[side] |= UINT64_C(1) << -ahead;
    return true;
}

static wr_data_channel *channel_of(wr_engine *e, wr_data_channels *c, uint16_t stream)
{
    for (unsigned i = 0; i < c->n; i++)
        if (c->list[i].stream == stream)
            return &c->list[i];
    if (c->n >= WR_MAX_CHANNELS_KEPT || !wr_keep_bytes(e, sizeof *c->list, "memory for data channels")) {
        c->cut = true;
        return NULL;
    }
    c->list = g_renew(wr_data_channel, c->list, c->n + 1);
    c->list[c->n] = (wr_data_channel){.stream = stream, .opened_by = -1};
    return &c->list[c->n++];
}

static const char *name_of(wr_engine *e, const char *text, size_t n)
{
    char *copy = g_strndup(text, n), *clean = wr_text_clean(copy, WR_MAX_CHANNEL_NAME);
    const char *kept = wr_intern(e, clean);

    g_free(copy);
    g_free(clean);
    return kept;
}

static bool is_known_file(const wr_data_channels *c, const wr_shared_file *x)
{
    for (unsigned i = 0; i < c->n_files; i++)
        if (c->files[i].side == x->side && c->files[i].size == x->size && strcmp(c->files[i].name, x->name) == 0)
            return true;
    return false;
}

/* A whole message of text; those in several chunks are not put together. */
static void take_files(wr_engine *e, wr_data_channels *c, int side, const wr_sctp_data *d, uint32_t frame)
{
    wr_file_name found[WR_FILE_MOST];
    const unsigned n = wr_file_names_read(d->bytes, d->length, found);

    for (unsigned i = 0; i < n; i++) {
        wr_shared_file x = {.size = found[i].size, .frame = frame, .stream = d->stream, .side = (uint8_t)side};
        x.name = name_of(e, found[i].name, strlen(found[i].name));
        g_free(found[i].name);
        if (is_known_file(c, &x))
            continue;
        if (c->n_files >= WR_MAX_FILES_KEPT || !wr_keep_bytes(e, sizeof x, "memory for data channels")) {
            c->files_cut = true;
            continue;
        }
        c->files = g_renew(wr_shared_file, c->files, c->n_files + 1);
        c->files[c->n_files++] = x;
    }
}

static void take(wr_engine *e, wr_data_channel *x, int side, const wr_sctp_data *d, uint32_t frame)
{
    wr_data_channel_open open;

    if (x->first_frame == 0)
        x->first_frame = frame;
    x->last_frame = frame;
    if (d->ppid == WR_PPID_DCEP) {
        if (d->begins && d->ends && x->opened_by < 0 && wr_data_channel_read_open(d->bytes, d->length, &open)) {
            x->opened_by = (int8_t)side;
            x->label = name_of(e, open.label, open.label_length);
            x->protocol = name_of(e, open.protocol, open.protocol_length);
        }
        return;
    }
    x->messages[side] += d->ends;
    if (d->ppid != WR_PPID_STRING_EMPTY && d->ppid != WR_PPID_BINARY_EMPTY)
        x->bytes[side] += d->length;
}

void wr_data_channels_learn(wr_engine *e, wr_association *a, int side, uint32_t frame, const uint8_t *bytes, size_t len)
{
    wr_hello_facts *f = wr_hello_facts_of(a);
    size_t at = 0;
    wr_sctp_data d;

    while (wr_sctp_next_data(bytes, len, &at, &d)) {
        wr_data_channel *x;
        if (f->channels == NULL && !wr_keep_bytes(e, sizeof *f->channels, "memory for data channels"))
            return;
        if (f->channels == NULL)
            f->channels = g_new0(wr_data_channels, 1);
        if (!is_new(f->channels, side, d.tsn))
            continue;
        if (d.ppid == WR_PPID_STRING && d.begins && d.ends)
            take_files(e, f->channels, side, &d, frame);
        x = channel_of(e, f->channels, d.stream);
        if (x != NULL)
            take(e, x, side, &d, frame);
        e->changed = true;
    }
}
