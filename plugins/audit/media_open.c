/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media opened, where the preference webrtc.decrypt_media asks for it and a key log has the secret: the plaintext
 * becomes a data source of the packet. Which keys open it is found on the first pass, and kept with the packet.
 */
#include "audit.h"

#define KEPT 0x57524d4fu /* key of what is kept with a packet; with several datagrams, for each the next */
#define MOST 16

typedef struct {
    const wr_association *by; /* NULL: nothing opens it */
    uint64_t index;
    int side;
} wr_kept_keys;

/* Datagrams of one packet come in the same order on all passes. */
static uint32_t next_key(packet_info *pinfo)
{
    unsigned *n = (unsigned *)p_get_proto_data(pinfo->pool, pinfo, proto_webrtc, KEPT);

    if (n == NULL) {
        n = wmem_new0(pinfo->pool, unsigned);
        p_add_proto_data(pinfo->pool, pinfo, proto_webrtc, KEPT, n);
    }
    return KEPT + (*n < MOST ? (*n)++ : MOST);
}

tvbuff_t *wr_audit_open_media(tvbuff_t *tvb, packet_info *pinfo, const wr_media_evidence *m)
{
    uint8_t *out = (uint8_t *)wmem_alloc(pinfo->pool, m->length);
    const uint32_t key = next_key(pinfo);
    wr_kept_keys *kept = (wr_kept_keys *)p_get_proto_data(wmem_file_scope(), pinfo, proto_webrtc, key);
    size_t n = 0;

    if (kept == NULL && !PINFO_FD_VISITED(pinfo)) {
        kept = wmem_new0(wmem_file_scope(), wr_kept_keys);
        kept->by = wr_engine_open_media(wr_audit_engine(), m, out, &n, &kept->side, &kept->index);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_webrtc, key, kept);
        if (kept->by == NULL)
            return NULL;
    } else if (kept == NULL || kept->by == NULL ||
               !wr_media_open_again(kept->by, kept->side, kept->index, m->bytes, m->length, out, &n)) {
        return NULL;
    }
    tvb = tvb_new_child_real_data(tvb, out, (unsigned)n, (int)n);
    add_new_data_source(pinfo, tvb, "Decrypted SRTP");
    return tvb;
}

void wr_audit_show_closed(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "SRTP");
    col_set_str(pinfo->cinfo, COL_INFO, "Not opened: no key of this call validates its tag");
    call_data_dissector(tvb, pinfo, tree);
}
