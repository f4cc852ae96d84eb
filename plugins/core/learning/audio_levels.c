/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Audio levels in clear header extensions (RFC 6464), kept of streams whose descriptions name the extension. */
#include "learn.h"

#include "records/groups.h"
#include "rtp/levels.h"
#include "sdp/streams.h"

/* So many packets of a stream have come: the call's descriptions are looked at, which may come late. */
static bool is_time_to_look(uint32_t packets)
{
    return packets == 20 || packets == 80 || packets == 320;
}

static unsigned ids_of(const wr_engine *e, const wr_flow *f)
{
    GPtrArray *copies = wr_node_copies(e, wr_flow_session_number(e, f));
    const unsigned set = wr_copies_extension_ids(copies, WR_AUDIO_LEVEL_URI);

    wr_copies_close(copies);
    g_ptr_array_free(copies, TRUE);
    return set;
}

static const uint8_t *element_of(const wr_rtp_header *h, unsigned id)
{
    size_t n;
    const uint8_t *p = wr_rtp_find_element(h, id, &n);

    return p != NULL && n == 1 ? p : NULL;
}

void wr_media_levels(wr_engine *e, const wr_flow *f, wr_stream *s, const wr_media_evidence *m, const wr_rtp_header *h)
{
    const uint8_t *level;

    if (s->levels == NULL && is_time_to_look(s->packets) && s->extensions != 0) {
        const unsigned ids = ids_of(e, f) & s->extensions;
        for (unsigned id = 1; id < 16 && s->level_id == 0; id++)
            if ((ids >> id & 1) != 0 && element_of(h, id) != NULL)
                s->level_id = (uint8_t)id;
        if (s->level_id != 0 && wr_keep_bytes(e, WR_LEVEL_BINS, "memory for audio levels"))
            s->levels = wr_levels_new();
    }
    if (s->levels != NULL && (level = element_of(h, s->level_id)) != NULL)
        wr_levels_add(s->levels, m->at.time_us, *level);
}
