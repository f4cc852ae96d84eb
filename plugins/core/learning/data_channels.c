/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data channels: their names, and how much went over them (RFC 8831, RFC 8832). */
#include "base/text.h"
#include "learn.h"
#include "records/data_channel.h"
#include "rtp/data_channel.h"

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
        x = channel_of(e, f->channels, d.stream);
        if (x != NULL)
            take(e, x, side, &d, frame);
        e->changed = true;
    }
}
