/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which stream of its call a packet of media belongs to, by the call's descriptions. */
#include "audit.h"
#include "rtp/header.h"
#include "rtp/rtcp.h"
#include "sdp/streams.h"
#include "wr_epan/tree.h"

#define KEPT_CALLS 512 /* calls whose descriptions are read already; then all are read anew */

typedef struct {
    wr_sdp_streams *streams;
    unsigned n_copies; /* that they were made of */
} known;

static int hf_mid, hf_kind, hf_codec;
static GHashTable *calls; /* number -> known */

static void free_known(gpointer data)
{
    known *k = data;

    wr_sdp_streams_free(k->streams);
    g_free(k);
}

void wr_audit_streams_forget(void)
{
    g_clear_pointer(&calls, g_hash_table_destroy);
}

static wr_sdp_streams *read_all(const GPtrArray *copies)
{
    wr_sdp_streams *s = wr_sdp_streams_new();

    for (unsigned i = 0; i < copies->len; i++)
        wr_sdp_streams_add(s, ((wr_copy *)g_ptr_array_index(copies, i))->sdp);
    wr_copies_close(copies);
    return s;
}

/* Of this call, from all descriptions that are known by now. */
static const wr_sdp_streams *streams_of(unsigned number)
{
    GPtrArray *copies = wr_node_copies(wr_audit_engine(), number);
    known *k;

    if (calls == NULL)
        calls = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_known);
    k = g_hash_table_lookup(calls, GUINT_TO_POINTER(number));
    if (k == NULL || k->n_copies != copies->len) {
        if (g_hash_table_size(calls) >= KEPT_CALLS)
            g_hash_table_remove_all(calls);
        k = g_new0(known, 1);
        k->streams = read_all(copies);
        k->n_copies = copies->len;
        g_hash_table_replace(calls, GUINT_TO_POINTER(number), k);
    }
    g_ptr_array_free(copies, TRUE);
    return k->streams;
}

static bool find_stream(unsigned number, const wr_datagram *d, wr_sdp_stream *out)
{
    const wr_sdp_streams *s;
    const uint8_t *mid = NULL;
    wr_rtp_header h;
    size_t n = 0;

    if (d->captured < 2 || wr_is_rtcp_type(d->bytes[1]) ||
        wr_payload_look(d->bytes, d->captured, d->length) != WR_LOOK_MEDIA ||
        !wr_rtp_read_header(d->bytes, d->captured, &h))
        return false;
    s = streams_of(number);
    for (unsigned id = 0; mid == NULL && (id = wr_sdp_streams_next_id(s, id)) != 0;)
        mid = wr_rtp_find_element(&h, id, &n);
    return wr_sdp_streams_find(s, h.payload_type, h.ssrc, mid, n, out);
}

static void add(proto_tree *tree, int hf, tvbuff_t *tvb, const char *value)
{
    if (value[0] != '\0')
        proto_item_set_generated(proto_tree_add_string(tree, hf, tvb, 0, 0, value));
}

void wr_audit_show_streams(const wr_packet *packet, tvbuff_t *tvb, proto_tree *tree, unsigned number)
{
    wr_payload_iter it;
    wr_sdp_stream x;
    wr_datagram d;

    if (number == 0 || !wr_payload_begin(&it, packet) ||
        !(wr_tree_is_read(tree) || proto_field_is_referenced(tree, hf_mid) ||
          proto_field_is_referenced(tree, hf_kind) || proto_field_is_referenced(tree, hf_codec)))
        return;
    while (wr_payload_next(&it, &d)) {
        if (!find_stream(number, &d, &x))
            continue;
        add(tree, hf_mid, tvb, x.mid);
        add(tree, hf_kind, tvb, x.kind);
        add(tree, hf_codec, tvb, x.codec);
    }
}

void wr_audit_register_streams(int proto)
{
    static hf_register_info hf[] = {
        {&hf_mid,
         {"Media Section", "webrtc.media.mid", FT_STRING, BASE_NONE, NULL, 0x0,
          "a=mid of the section that the packet belongs to: by the header extension, by its SSRC, or since no other "
          "section has its payload type (RFC 8843 9.2)",
          HFILL}},
        {&hf_kind,
         {"Media Kind", "webrtc.media.kind", FT_STRING, BASE_NONE, NULL, 0x0,
          "audio or video, as the descriptions say of the payload type", HFILL}},
        {&hf_codec,
         {"Codec", "webrtc.media.codec", FT_STRING, BASE_NONE, NULL, 0x0,
          "Encoding name of a=rtpmap in the call's descriptions", HFILL}},
    };

    proto_register_field_array(proto, hf, array_length(hf));
}
