/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Audio levels in clear header extensions (RFC 6464), kept of streams whose descriptions name the extension. */
#include "learn.h"

#include "records/groups.h"
#include "rtp/header.h"
#include "rtp/levels.h"
#include "sdp/streams.h"

/* So many packets of a stream have come: the call's descriptions are looked at, which may come late. */
static bool is_time_to_look(uint32_t packets)
{
    return packets == 20 || packets == 80 || packets == 320;
}

/* The numbers that answers map the extension to: both sides use the offerer's. */
static unsigned ids_of(wr_engine *e, const wr_flow *f)
{
    GPtrArray *copies = g_ptr_array_new(), *associations = g_ptr_array_new();
    const unsigned number = wr_flow_session_number(e, f);
    unsigned set = 0;

    if (number != 0)
        wr_node_members(e, number, copies, associations);
    for (unsigned i = 0; i < copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(copies, i);
        if (!wr_kind_is_answer(c->kind))
            continue;
        set |= wr_sdp_extension_ids(c->sdp, WR_AUDIO_LEVEL_URI);
        wr_sdp_close(c->sdp);
    }
    g_ptr_array_free(copies, TRUE);
    g_ptr_array_free(associations, TRUE);
    return set;
}

static const uint8_t *element_of(const wr_media_evidence *m, unsigned id)
{
    wr_rtp_header h;
    const uint8_t *p;
    size_t n;

    if (!wr_rtp_read_header(m->bytes, m->captured, &h))
        return NULL;
    p = wr_rtp_find_element(&h, id, &n);
    return p != NULL && n == 1 ? p : NULL;
}

void wr_media_levels(wr_engine *e, const wr_flow *f, wr_stream *s, const wr_media_evidence *m)
{
    const uint8_t *level;

    if (s->levels == NULL && is_time_to_look(s->packets) && s->extensions != 0) {
        const unsigned ids = ids_of(e, f) & s->extensions;
        for (unsigned id = 1; id < 16 && s->level_id == 0; id++)
            if ((ids >> id & 1) != 0 && element_of(m, id) != NULL)
                s->level_id = (uint8_t)id;
        if (s->level_id != 0 && wr_keep_bytes(e, WR_LEVEL_BINS, "memory for audio levels"))
            s->levels = wr_levels_new();
    }
    if (s->levels != NULL && (level = element_of(m, s->level_id)) != NULL)
        wr_levels_add(s->levels, m->at.time_us, *level);
}
