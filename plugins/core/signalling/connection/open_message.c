/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every reader of an open stream begins and ends with: the stream, and a message of it. */
#include "open_stream.h"

wr_open_stream *wr_open_stream_new(const wr_open_reader *reader)
{
    wr_open_stream *s = g_new0(wr_open_stream, 1);

    s->reader = reader;
    s->rest = g_byte_array_new();
    return s;
}

void wr_open_hand_out(wr_open_stream *s, wr_open_kind kind, const uint8_t *bytes, size_t len, uint32_t stream)
{
    wr_open_message message = {kind, bytes, len, stream};

    s->sink(&message, s->data);
}
