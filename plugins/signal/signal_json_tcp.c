/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON over plain TCP: one text after the other, parted by line ends or by nothing, or each behind a length of four
 * bytes. A connection is taken once a whole message of it holds a description or candidate, and never before: until
 * then its bytes stay with whom they belong to. */
#include "signal_segment.h"

#include "find/keywords.h"
#include "formats/stream_split.h"
#include "formats/unwrap.h"
#include "wr_epan/tcp.h"

#define MESSAGE_MAX (1u << 20) /* bytes of one message */
#define BEGUN_MAX                                                                                                      \
    64u /* messages of a capture that are being put together at one time; with the above this bounds memory */

/* A message that goes on in segments to come, of a connection that is not taken yet. */
typedef struct {
    signal_run side;
    wr_split split;
    unsigned head; /* bytes of length before the text */
} begun;

typedef struct {
    uint8_t *bytes;
    unsigned len, of_last; /* of_last: how many of them are the last segment's */
} joined;

static dissector_handle_t stream_handle;
static GHashTable *messages; /* connection and direction -> begun */

static void begun_free(gpointer data)
{
    g_byte_array_unref(((begun *)data)->side.bytes);
    g_free(data);
}

static void init_messages(void)
{
    messages = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, begun_free);
}

static void cleanup_messages(void)
{
    g_clear_pointer(&messages, g_hash_table_unref);
}

/* ---- a connection that was taken ---- */

/* The message at the start of the bytes: *end behind it. MORE sets *missing where the length says it, else to 0. */
static wr_split_result next_message(const uint8_t *bytes, unsigned len, unsigned *head, unsigned *end,
                                    unsigned *missing)
{
    size_t length = wr_split_length(bytes, len, MESSAGE_MAX);
    wr_split split = {0};
    wr_split_result r;

    *head = 0;
    *missing = 0;
    if (length > 0) {
        *head = 4;
        *end = (unsigned)length + 4;
        *missing = *end > len ? *end - len : 0;
        return *missing > 0 ? WR_SPLIT_MORE : WR_SPLIT_WHOLE;
    }
    if (len < 5 && bytes[0] == 0)
        return WR_SPLIT_MORE;
    r = wr_split_json(&split, bytes, len);
    *head = split.begun ? (unsigned)split.start : len; /* white space alone is no message */
    *end = (unsigned)split.at;
    return r;
}

static void dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_TCP};
    const unsigned layers = wmem_list_count(pinfo->layers);

    signal_remark_json(tvb, pinfo, WR_DIRECTION_UNKNOWN);
    if (signal_is_worthwhile(tvb, pinfo, tree)) {
        signal_fill_from_connection(pinfo, &carrier);
        signal_dissect(tvb, pinfo, tree, &carrier);
    }
    signal_show_content(tvb, pinfo, tree);
    signal_trim_layers(pinfo, layers);
}

/* The rest goes on in the next segment. joined_before: bytes of earlier segments at the start. */
static void ask_for_more(packet_info *pinfo, unsigned offset, unsigned joined_before, unsigned missing)
{
    pinfo->desegment_offset = (int)(offset - joined_before);
    pinfo->desegment_len = missing > 0 ? missing : DESEGMENT_ONE_MORE_SEGMENT;
}

static void dissect_texts(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, unsigned joined_before)
{
    unsigned len, offset = 0;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &len);

    while (bytes != NULL && offset < len) {
        unsigned head, end = 0, missing;
        wr_split_result r = next_message(bytes + offset, len - offset, &head, &end, &missing);
        if (r == WR_SPLIT_MORE && head == len - offset)
            return;
        if (r == WR_SPLIT_MORE && pinfo->can_desegment > 0 && offset >= joined_before && len - offset <= MESSAGE_MAX) {
            ask_for_more(pinfo, offset, joined_before, missing);
            return;
        }
        if (r == WR_SPLIT_MORE && len - offset > MESSAGE_MAX)
            signal_show_bound(tvb, pinfo, tree, "a JSON message over TCP is too long to be put together");
        if (r != WR_SPLIT_WHOLE) {
            call_data_dissector(tvb_new_subset_remaining(tvb, (int)offset), pinfo, tree);
            return;
        }
        dissect_message(tvb_new_subset_length(tvb, (int)(offset + head), (int)(end - head)), pinfo, tree);
        offset += end;
    }
}

static int dissect_stream(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const joined *j = wr_packet_kept(pinfo, proto_webrtc_signal, WR_KEPT_JOINED);
    unsigned joined_before = 0;

    (void)data;
    signal_show_data(tvb, pinfo, tree);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "JSON");
    if (j != NULL && tvb_captured_length(tvb) == j->of_last) {
        tvbuff_t *whole = tvb_new_child_real_data(tvb, j->bytes, j->len, (int)j->len);
        add_new_data_source(pinfo, whole, "Reassembled JSON");
        joined_before = j->len - j->of_last;
        dissect_texts(whole, pinfo, tree, joined_before);
    } else {
        dissect_texts(tvb, pinfo, tree, 0);
    }
    return (int)tvb_captured_length(tvb);
}

/* ---- one that may be ---- */

static bool says_description(const wr_find_result *result)
{
    for (unsigned i = 0; i < result->hits->len; i++) {
        const wr_hit *hit = g_ptr_array_index(result->hits, i);
        if (hit->text != NULL && hit->text_len > 0)
            return true;
    }
    return false;
}

bool signal_holds_description(const uint8_t *text, unsigned len)
{
    wr_find_result *result;
    bool is;

    if (!wr_json_find_worthwhile(text, len) || !g_utf8_validate((const char *)text, len, NULL))
        return false;
    result = wr_json_find(text, len, NULL);
    is = result->problem == NULL && says_description(result);
    wr_find_result_free(result);
    return is;
}

static gpointer key_of(const packet_info *pinfo, const conversation_t *conversation)
{
    return GUINT_TO_POINTER(conversation->conv_index * 2 + signal_side(pinfo));
}

/* The first message is not whole: goes on where a WebRTC word is in what there is. */
static void begin(packet_info *pinfo, const signal_segment *s, const wr_split *split, unsigned head)
{
    begun *b;

    if (!wr_unwrap_has_needle(s->bytes, s->len))
        return;
    if (g_hash_table_size(messages) >= BEGUN_MAX) {
        wr_limit_on_bus(pinfo, "more JSON messages over TCP at one time than are put together");
        return;
    }
    b = g_new0(begun, 1);
    b->side.bytes = g_byte_array_new();
    b->split = *split;
    b->head = head;
    signal_run_begin(&b->side, s);
    signal_run_take(&b->side, s);
    g_hash_table_replace(messages, key_of(pinfo, find_or_create_conversation(pinfo)), b);
}

static void take_connection(packet_info *pinfo)
{
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num, stream_handle);
}

/* A segment that may end a message that was begun before. */
static bool goes_on(packet_info *pinfo, const signal_segment *s)
{
    const conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    gpointer key = conversation != NULL ? key_of(pinfo, conversation) : NULL;
    begun *b = conversation != NULL ? g_hash_table_lookup(messages, key) : NULL;
    const GByteArray *all;
    wr_split_result r;
    bool is = false;

    if (b == NULL)
        return false;
    signal_run_check(&b->side, s);
    if (b->side.in_step && !signal_run_take(&b->side, s))
        return false; /* sent again */
    all = b->side.bytes;
    r = b->side.in_step ? wr_split_json(&b->split, all->data + b->head, all->len - b->head) : WR_SPLIT_OTHER;
    if (r == WR_SPLIT_MORE && all->len <= MESSAGE_MAX)
        return false;
    if (r == WR_SPLIT_MORE)
        wr_limit_on_bus(pinfo, "a JSON message over TCP is too long to be put together");
    if (r == WR_SPLIT_WHOLE &&
        signal_holds_description(all->data + b->head + b->split.start, (unsigned)(b->split.at - b->split.start))) {
        joined *j = wmem_new0(wmem_file_scope(), joined);
        j->bytes = wmem_memdup(wmem_file_scope(), all->data, all->len);
        j->len = all->len;
        j->of_last = s->len;
        wr_packet_keep(pinfo, proto_webrtc_signal, WR_KEPT_JOINED, j);
        is = true;
    }
    g_hash_table_remove(messages, key);
    return is;
}

/* The bytes begin with a message, whole or not. */
static bool begins(packet_info *pinfo, const signal_segment *s)
{
    unsigned head = wr_split_length(s->bytes, s->len, MESSAGE_MAX) > 0 ? 4 : 0;
    wr_split split = {0};

    switch (wr_split_json(&split, s->bytes + head, s->len - head)) {
    case WR_SPLIT_WHOLE:
        return signal_holds_description(s->bytes + head + split.start, (unsigned)(split.at - split.start));
    case WR_SPLIT_MORE:
        begin(pinfo, s, &split, head);
        return false;
    default:
        return false;
    }
}

/* The heuristic: most segments are let go after their first bytes. */
static wr_bool dissect_first(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    signal_segment s;
    uint8_t first;

    s.bytes = wr_tvb_bytes(tvb, &s.len);
    if (s.bytes == NULL || PINFO_FD_VISITED(pinfo))
        return FALSE;
    first = s.bytes[0];
    if (first != '{' && first != '[' && first != 0x1e && (s.len < 5 || (s.bytes[4] != '{' && s.bytes[4] != '[')) &&
        g_hash_table_size(messages) == 0)
        return FALSE;
    if (s.len < tvb_reported_length(tvb) || !wr_tcp_sequence(data, &s.seq))
        return FALSE;
    if (!(g_hash_table_size(messages) > 0 && goes_on(pinfo, &s)) && !begins(pinfo, &s))
        return FALSE;
    take_connection(pinfo);
    dissect_stream(tvb, pinfo, tree, data);
    return TRUE;
}

void signal_register_json_tcp(void)
{
    register_init_routine(init_messages);
    register_cleanup_routine(cleanup_messages);
}

void signal_handoff_json_tcp(void)
{
    stream_handle = create_dissector_handle_with_name_and_description(
        dissect_stream, proto_webrtc_signal, "webrtc_signal_json_stream", "WebRTC signalling in JSON over TCP");
    heur_dissector_add("tcp", dissect_first, "WebRTC signalling in JSON over TCP", "webrtc_signal_json_tcp",
                       proto_webrtc_signal, HEURISTIC_ENABLE);
}
