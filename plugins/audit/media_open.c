/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media opened, where the preference webrtc.decrypt_media asks for it and a key log has the secret: the plaintext
 * becomes a data source of the packet. Which keys open it is found on the first pass, and kept with the packet.
 */
#include "audit.h"
#include "wr_epan/packet_data.h"

typedef struct {
    const wr_association *by; /* NULL: nothing opens it */
    uint64_t index;
    int side;
} kept_keys;

tvbuff_t *wr_audit_open_media(tvbuff_t *tvb, packet_info *pinfo, const wr_media_evidence *m)
{
    uint8_t *out = (uint8_t *)wmem_alloc(pinfo->pool, m->length);
    kept_keys *kept = (kept_keys *)wr_packet_kept(pinfo, proto_webrtc, WR_KEPT_KEYS); /* over UDP there is one */
    size_t n = 0;

    if (kept == NULL && PINFO_FD_VISITED(pinfo))
        return NULL;
    if (kept == NULL) {
        kept = wmem_new0(wmem_file_scope(), kept_keys);
        wr_packet_keep(pinfo, proto_webrtc, WR_KEPT_KEYS, kept);
    }
    if (!PINFO_FD_VISITED(pinfo))
        kept->by = wr_engine_open_media(wr_audit_engine(), m, out, &n, &kept->side, &kept->index);
    else if (kept->by != NULL && !wr_media_open_again(kept->by, kept->side, kept->index, m->bytes, m->length, out, &n))
        return NULL;
    if (kept->by == NULL)
        return NULL;
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
