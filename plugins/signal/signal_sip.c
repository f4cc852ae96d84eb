/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptions in SIP messages that the built-in dissector passes over, behind all dissectors: those after line ends
 * (RFC 3261 7.5, keep-alives of RFC 5626), with white space before a colon (7.3.1), or behind another message of the
 * same segment. What it did hand on is on the bus already, and is left alone. */
#include "signal_tcp.h"

#include "connection/sip_split.h"

#define BEGUN_MAX                                                                                                      \
    64u                /* messages of a capture that are put together at one time; with WR_SIP_MAX this bounds memory  \
                        */
#define FOUND_MAX 16u  /* descriptions of one packet */
#define TRIES_MAX 256u /* segments after which a message is looked at again: each look reads all of it */

/* A message that goes on in segments to come. */
typedef struct {
    signal_run side;
    unsigned need, tries; /* need: bytes before which another look is in vain */
} begun;

/* Kept for later passes. */
typedef struct {
    uint8_t *joined; /* bytes of several segments; NULL where all is in the packet */
    unsigned joined_len, n;
    struct {
        unsigned offset, len; /* of a body, in the joined bytes or the frame */
    } bodies[FOUND_MAX];
    bool bound; /* more messages were begun than are put together */
} found_bodies;

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

/* ---- what the built-in dissector handed on ---- */

static bool is_on_bus(packet_info *pinfo, const uint8_t *body, unsigned len)
{
    static int proto_sdp = -1;
    wmem_list_t *list;

    if (proto_sdp == -1)
        proto_sdp = proto_get_id_by_filter_name("webrtc_sdp");
    list = wr_bus_list(pinfo, proto_sdp, WR_BUS_DESCRIPTIONS);
    for (wmem_list_frame_t *f = list != NULL ? wmem_list_head(list) : NULL; f != NULL; f = wmem_list_frame_next(f)) {
        const wr_sdp *sdp = ((const wr_description *)wmem_list_frame_data(f))->sdp;
        if (sdp != NULL && sdp->text_len == len && memcmp(wr_sdp_text((wr_sdp *)(uintptr_t)sdp), body, len) == 0)
            return true;
    }
    return false;
}

/* ---- finding ---- */

/* Descriptions in whole messages at the start of the bytes, which begin at base of what is kept. Where a message goes
 * on, its start in *rest; else len. */
static void find_bodies(packet_info *pinfo, const uint8_t *bytes, unsigned len, unsigned base, bool stream,
                        found_bodies *found, unsigned *rest, unsigned *need)
{
    unsigned at = 0;

    *rest = len;
    *need = 0;
    while (at < len) {
        wr_sip_message m;
        wr_sip_result r = wr_sip_next((const char *)bytes + at, len - at, stream, &m);
        if (r == WR_SIP_MORE) {
            *rest = at + (unsigned)m.start;
            *need = m.end > 0 ? (unsigned)(m.end - m.start) : 0; /* where its head says so */
        }
        if (r != WR_SIP_WHOLE)
            return;
        unsigned body = at + (unsigned)m.body, n = (unsigned)(m.end - m.body);
        if (m.is_description && found->n < FOUND_MAX && !is_on_bus(pinfo, bytes + body, n)) {
            found->bodies[found->n].offset = base + body;
            found->bodies[found->n++].len = n;
        }
        at += (unsigned)m.end;
    }
}

static const found_bodies *keep(packet_info *pinfo, const found_bodies *found)
{
    found_bodies *kept;

    if (found->n == 0 && !found->bound)
        return NULL;
    kept = wmem_memdup(wmem_file_scope(), found, sizeof *found);
    if (kept->joined != NULL)
        kept->joined = wmem_memdup(wmem_file_scope(), found->joined, found->joined_len);
    wr_packet_keep(pinfo, proto_webrtc_signal, WR_KEPT_SIP, kept);
    return kept;
}

static gpointer key_of(const packet_info *pinfo, const conversation_t *conversation)
{
    return GUINT_TO_POINTER(conversation->conv_index * 2 + signal_side(pinfo));
}

/* The message that begins at `at` of the segment goes on. */
static void begin(packet_info *pinfo, const signal_segment *s, unsigned at, found_bodies *found)
{
    signal_segment rest = {.bytes = s->bytes + at, .len = s->len - at, .seq = s->seq + at, .ttl = s->ttl};
    begun *b;

    if (g_hash_table_size(messages) >= BEGUN_MAX) {
        found->bound = true;
        return;
    }
    b = g_new0(begun, 1);
    b->side.bytes = g_byte_array_new();
    signal_run_begin(&b->side, &rest);
    signal_run_take(&b->side, &rest);
    g_hash_table_replace(messages, key_of(pinfo, find_or_create_conversation(pinfo)), b);
}

/* True when the segment goes on with a message that was begun; then there is nothing else to look at in it. */
static bool goes_on(packet_info *pinfo, const signal_segment *s, const found_bodies **out)
{
    const conversation_t *conversation = g_hash_table_size(messages) > 0 ? find_conversation_pinfo(pinfo, 0) : NULL;
    begun *b = conversation != NULL ? g_hash_table_lookup(messages, key_of(pinfo, conversation)) : NULL;
    found_bodies found = {0};
    unsigned rest, need;

    if (b == NULL)
        return false;
    signal_run_check(&b->side, s);
    if (b->side.in_step && !signal_run_take(&b->side, s))
        return true; /* sent again */
    if (!b->side.in_step) {
        g_hash_table_remove(messages, key_of(pinfo, conversation));
        return false;
    }
    const GByteArray *all = b->side.bytes;
    if (all->len < b->need)
        return true;
    find_bodies(pinfo, all->data, all->len, 0, true, &found, &rest, &need);
    b->need = need;
    if (rest == 0 && all->len <= WR_SIP_MAX && ++b->tries < TRIES_MAX)
        return true;
    found.bound = rest == 0;
    found.joined = all->data;
    found.joined_len = all->len;
    *out = keep(pinfo, &found);
    if (rest < all->len && rest > 0) {
        b->tries = 0;
        g_byte_array_remove_range(b->side.bytes, 0, rest);
    } else {
        g_hash_table_remove(messages, key_of(pinfo, conversation));
    }
    return true;
}

/* ---- showing ---- */

static void show(packet_info *pinfo, tvbuff_t *frame, proto_tree *tree, const found_bodies *found)
{
    dissector_handle_t handle = find_dissector("webrtc_sdp");
    tvbuff_t *source = frame;

    if (found->bound)
        signal_show_bound(frame, pinfo, tree, "more SIP messages at one time than are put together");
    if (found->joined != NULL && found->n > 0) {
        source = tvb_new_child_real_data(frame, found->joined, found->joined_len, (int)found->joined_len);
        add_new_data_source(pinfo, source, "Reassembled SIP");
    }
    for (unsigned i = 0; i < found->n && handle != NULL; i++)
        call_dissector_only(handle,
                            tvb_new_subset_length(source, (int)found->bodies[i].offset, (int)found->bodies[i].len),
                            pinfo, tree, NULL);
}

/* A start line of SIP begins with a capital, what is looked for here often with a line end. QUIC's short headers do
 * too, but what follows them is no text (RFC 3261 25.1: a method is a token). */
static bool may_be_sip(const uint8_t *bytes, unsigned len)
{
    return len > 16 && (bytes[0] == '\r' || bytes[0] == '\n' ||
                        (bytes[0] >= 'A' && bytes[0] <= 'Z' && g_ascii_isprint(bytes[1]) && g_ascii_isprint(bytes[2]) &&
                         g_ascii_isprint(bytes[3])));
}

static const found_bodies *look_at(packet_info *pinfo, tvbuff_t *frame, const uint8_t *bytes, unsigned len, bool stream,
                                   const signal_segment *s)
{
    found_bodies found = {0};
    unsigned captured, rest, need;
    const uint8_t *all = wr_tvb_bytes(frame, &captured);

    if (all == NULL || bytes < all || bytes + len > all + captured)
        return NULL;
    find_bodies(pinfo, bytes, len, (unsigned)(bytes - all), stream, &found, &rest, &need);
    if (s != NULL && rest < len)
        begin(pinfo, s, rest, &found);
    return keep(pinfo, &found);
}

void signal_tcp_sip(signal_tcp *t)
{
    const found_bodies *found = NULL;
    const signal_segment *s;

    if (!t->first_pass) {
        found = wr_packet_kept(t->pinfo, proto_webrtc_signal, WR_KEPT_SIP);
    } else if (t->whole && (t->layers & (WR_LAYER_HTTP | WR_LAYER_TLS)) == 0) {
        s = signal_tcp_segment(t);
        if (s != NULL && !goes_on(t->pinfo, s, &found) && may_be_sip(s->bytes, s->len))
            found = look_at(t->pinfo, t->tvb, s->bytes, s->len, true, s);
    }
    if (found != NULL)
        show(t->pinfo, t->tvb, t->tree, found);
}

void signal_udp_sip(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree)
{
    const found_bodies *found = NULL;
    wr_datagram d;

    if (!packet->is_udp)
        return;
    if (!packet->first_pass)
        found = wr_packet_kept(packet->pinfo, proto_webrtc_signal, WR_KEPT_SIP);
    else if (may_be_sip(packet->udp.payload, packet->udp.captured) && packet->udp.captured == packet->udp.length &&
             wr_payload_udp_datagram(packet, &d))
        found = look_at(packet->pinfo, tvb, d.bytes, d.captured, false, NULL);
    if (found != NULL)
        show(packet->pinfo, tvb, tree, found);
}

void signal_register_sip(void)
{
    register_init_routine(init_messages);
    register_cleanup_routine(cleanup_messages);
}
