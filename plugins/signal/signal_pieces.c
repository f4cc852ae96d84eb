/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSocket messages that are parts of one signalling message: put together on the first pass; later passes find what
 * was made then with the packet. */
#include "signal.h"

typedef struct {
    const uint8_t *bytes; /* NULL: the whole comes with a later message */
    unsigned len;
    const char *bound; /* that was reached instead; NULL: none */
    uint32_t first;    /* frame in which it began */
} kept_whole;

static size_t room;
static unsigned n_open; /* ends of connections that have begun something */
static bool any_kept;   /* in this file */

static const char bound_reached[] = "a message in several parts is more than is put together";

static wr_wmem_bool free_pieces(wmem_allocator_t *file, wmem_cb_event_t event, void *pieces)
{
    (void)file;
    (void)event;
    wr_pieces_free(pieces);
    return false;
}

static void start_file(void)
{
    room = WR_PIECES_ROOM;
    n_open = 0;
    any_kept = false;
}

void signal_register_pieces(void)
{
    register_init_routine(start_file);
}

static const kept_whole *keep(packet_info *pinfo, const uint8_t *bytes, unsigned len, uint32_t first, wr_piece piece,
                              const GByteArray *whole)
{
    kept_whole *kept = wmem_new0(wmem_file_scope(), kept_whole);

    kept->first = first;
    kept->bound = piece == WR_PIECE_BOUND ? bound_reached : NULL;
    if (whole != NULL) {
        kept->bytes = wmem_memdup(wmem_file_scope(), whole->data, whole->len);
        kept->len = whole->len;
    }
    wr_packet_keep(pinfo, proto_webrtc_signal, signal_message_key(pinfo, WR_KEPT_WHOLE, bytes, len), kept);
    any_kept = true;
    return kept;
}

static const kept_whole *take(packet_info *pinfo, const uint8_t *bytes, unsigned len)
{
    signal_connection *c = signal_connection_get(pinfo);
    signal_pieces *side = &c->pieces[signal_side(pinfo)];
    signal_carrier carrier = {.direction = WR_DIRECTION_UNKNOWN};
    const kept_whole *kept = NULL;
    GByteArray *whole;
    wr_piece piece;
    bool was_open;

    if (side->pieces == NULL) {
        if (!wr_pieces_may_begin(bytes, len))
            return NULL;
        side->pieces = wr_pieces_new(&room);
        wmem_register_callback(wmem_file_scope(), free_pieces, side->pieces);
    }
    signal_fill_from_connection(pinfo, &carrier);
    was_open = wr_pieces_is_open(side->pieces);
    piece = wr_pieces_take(side->pieces, bytes, len, carrier.url, &whole);
    n_open = n_open + wr_pieces_is_open(side->pieces) - was_open;
    if (!was_open)
        side->first = pinfo->num;
    if (piece != WR_PIECE_NONE)
        kept = keep(pinfo, bytes, len, side->first, piece, whole);
    if (whole != NULL)
        g_byte_array_unref(whole);
    return kept;
}

bool signal_put_together(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, tvbuff_t **whole)
{
    unsigned len;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &len);
    const kept_whole *kept = NULL;

    *whole = NULL;
    if (bytes == NULL || len < tvb_reported_length(tvb) || signal_is_shared(pinfo))
        return true;
    if (PINFO_FD_VISITED(pinfo)) {
        kept = any_kept
                   ? wr_packet_kept(pinfo, proto_webrtc_signal, signal_message_key(pinfo, WR_KEPT_WHOLE, bytes, len))
                   : NULL;
    } else if (n_open > 0 || wr_pieces_may_begin(bytes, len)) {
        kept = take(pinfo, bytes, len);
    }
    if (kept == NULL)
        return true;
    if (kept->bound != NULL)
        signal_show_bound(tvb, pinfo, tree, kept->bound);
    if (kept->bytes == NULL)
        return kept->bound != NULL;
    wr_depend_on_frame(pinfo, kept->first);
    *whole = tvb_new_child_real_data(tvb, kept->bytes, kept->len, (int)kept->len);
    add_new_data_source(pinfo, *whole, "Signalling message of several parts");
    return true;
}

void signal_needs_no_parts(packet_info *pinfo)
{
    signal_connection *c;
    wr_pieces *pieces;

    if (PINFO_FD_VISITED(pinfo) || n_open == 0)
        return;
    c = signal_connection_get(pinfo);
    pieces = c->pieces[signal_side(pinfo)].pieces;
    if (pieces != NULL && wr_pieces_is_open(pieces)) {
        wr_pieces_drop(pieces);
        n_open--;
    }
}
