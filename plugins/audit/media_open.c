/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media opened, where the preference webrtc.decrypt_media asks for it and a key log has the secret: the plaintext
 * becomes a data source of the packet. Which keys open it is found on the first pass, and kept with the packet.
 */
#include "audit.h"
#include "base/index.h"
#include "wr_epan/packet_data.h"

#define MOST 64 /* of one packet */

typedef struct kept_keys {
    struct kept_keys *next; /* a segment of TCP may hold several */
    uint64_t which;
    wr_srtp_keys *by; /* NULL: nothing opens it */
    uint64_t index;
} kept_keys;

/* What is kept of this datagram; on the first pass made anew. NULL for nothing. */
static kept_keys *keys_of(packet_info *pinfo, const wr_media_evidence *m)
{
    const uint64_t which = wr_key(m->bytes, MIN(m->length, 64)) ^ m->length;
    kept_keys *first = (kept_keys *)wr_packet_kept(pinfo, proto_webrtc, WR_KEPT_KEYS), *kept, **end = &first;
    unsigned n = 0;

    for (kept = first; kept != NULL && kept->which != which && n < MOST; n++, end = &kept->next, kept = kept->next)
        ;
    if (kept != NULL || PINFO_FD_VISITED(pinfo))
        return kept != NULL && kept->which == which ? kept : NULL;
    kept = wmem_new0(wmem_file_scope(), kept_keys);
    kept->which = which;
    if (first == NULL)
        wr_packet_keep(pinfo, proto_webrtc, WR_KEPT_KEYS, kept);
    else
        *end = kept;
    return kept;
}

tvbuff_t *wr_audit_open_media(tvbuff_t *tvb, packet_info *pinfo, const wr_media_evidence *m)
{
    uint8_t *out = (uint8_t *)wmem_alloc(pinfo->pool, m->length);
    kept_keys *kept = keys_of(pinfo, m);
    size_t n = 0;

    if (kept == NULL)
        return NULL;
    if (!PINFO_FD_VISITED(pinfo))
        kept->by = wr_engine_open_media(wr_audit_engine(), m, out, &n, &kept->index);
    else if (kept->by != NULL && !wr_media_open_again(kept->by, kept->index, m->bytes, m->length, out, &n))
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
