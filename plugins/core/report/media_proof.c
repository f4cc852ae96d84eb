/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What keys prove of media, as a sentence. */
#include "media_proof.h"
#include "base/text.h"
#include "records/data_channel.h"
#include "records/handshake_facts.h"
#include "records/media_proof.h"
#include "sdp/payload.h"

#include <string.h>

#define CHANNELS_TOLD 16

enum { AUDIO = 1, VIDEO = 2, OTHER = 4 };

typedef struct {
    uint8_t kinds[128]; /* of each payload type, or-ed */
} meanings;

static void note_kind(const wr_sdp_payload *p, void *data)
{
    ((meanings *)data)->kinds[p->type] |= wr_slice_is(p->media, "audio")   ? AUDIO
                                          : wr_slice_is(p->media, "video") ? VIDEO
                                                                           : OTHER;
}

static void put_kind(GString *out, const char *kind, uint32_t n)
{
    if (n > 0)
        g_string_append_printf(out, "%s%u %s", out->len > 0 ? ", " : "", n, kind);
}

/* "150 audio, 79 video packets from 10.0.0.1" */
static void put_side(GPtrArray *out, const wr_association *a, const meanings *m, int side)
{
    const wr_media_proof *p = a->srtp;
    uint32_t audio = 0, video = 0;
    char at[WR_ENDPOINT_TEXT];
    GString *kinds;

    if (p->by_side[side] == 0)
        return;
    for (unsigned i = 0; i < p->n_sources; i++) {
        const wr_proven_source *x = &p->sources[i];
        if (x->side == side && m->kinds[x->payload_type] == AUDIO)
            audio += x->verified;
        if (x->side == side && m->kinds[x->payload_type] == VIDEO)
            video += x->verified;
    }
    kinds = g_string_new(NULL);
    put_kind(kinds, "audio", audio);
    put_kind(kinds, "video", video);
    put_kind(kinds, audio + video > 0 ? "other" : "media", p->by_side[side] - audio - video);
    g_ptr_array_add(out,
                    g_strdup_printf("%s packets from %s", kinds->str, wr_endpoint_format_host(&a->side[side].end, at)));
    g_string_free(kinds, TRUE);
}

/* Every media packet of the call is among those verified; *left_out gets how many a thinned capture only counts. */
static bool is_all(const wr_session *s, uint64_t *left_out)
{
    uint64_t seen = 0, verified = 0;

    *left_out = 0;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *f = g_ptr_array_index(s->flows, i);
        seen += (uint64_t)f->media[0].packets + f->media[1].packets;
        *left_out += (uint64_t)f->media[0].left_out + f->media[1].left_out;
    }
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        if (a->srtp != NULL)
            verified += (uint64_t)a->srtp->rtp_verified + a->srtp->rtcp_verified;
    }
    return seen == verified;
}

char *wr_report_media_proof(const wr_session *s, const wr_association *a)
{
    const wr_media_proof *p = a->srtp;
    uint64_t left_out;
    meanings m;
    GPtrArray *who;
    GString *out;

    if (p == NULL || p->profile == NULL || p->rtp_verified + p->rtcp_verified == 0)
        return NULL;
    memset(&m, 0, sizeof m);
    for (unsigned i = 0; i < s->copies->len; i++) {
        wr_sdp *sdp = ((wr_copy *)g_ptr_array_index(s->copies, i))->sdp;
        wr_sdp_each_payload(sdp, note_kind, &m);
        wr_sdp_close(sdp);
    }
    who = g_ptr_array_new_with_free_func(g_free);
    put_side(who, a, &m, 0);
    put_side(who, a, &m, 1);
    if (p->rtcp_verified > 0)
        g_ptr_array_add(who, g_strdup_printf("%u RTCP packets", p->rtcp_verified));
    out = g_string_new(is_all(s, &left_out) ? "all: " : "");
    for (unsigned i = 0; i < who->len; i++)
        g_string_append_printf(out, "%s%s",
                               i == 0             ? ""
                               : i + 1 < who->len ? ", "
                                                  : " and ",
                               (const char *)g_ptr_array_index(who, i));
    g_string_append_printf(out, " carry tags of association a%u (%s), ", a->number,
                           wr_srtp_profile_name(p->profile->number));
    if (a->verdict == WR_A_VERIFIED)
        g_string_append(out, "whose certificates are those that were announced");
    else
        g_string_append_printf(out, "which is %s", wr_association_verdict_name(a->verdict));
    if (p->rtp_failed.n + p->rtcp_failed.n > 0)
        g_string_append_printf(out, "; %u packets from its addresses do not (RTP-08)",
                               p->rtp_failed.n + p->rtcp_failed.n);
    if (left_out > 0)
        g_string_append_printf(
            out, "; thinned: %" G_GUINT64_FORMAT " packets of the call were not there to be verified", left_out);
    if (p->undecided > 0)
        g_string_append_printf(out, "; of %u it cannot be told", p->undecided);
    g_ptr_array_free(who, TRUE);
    return g_string_free(out, FALSE);
}

char *wr_report_data_channels(const wr_association *a)
{
    const wr_data_channels *c = a->facts != NULL ? a->facts->channels : NULL;
    GString *out;

    if (c == NULL || c->n == 0)
        return NULL;
    out = g_string_new(NULL);
    for (unsigned i = 0; i < c->n && i < CHANNELS_TOLD; i++) {
        const wr_data_channel *x = &c->list[i];
        g_string_append_printf(out, "%s\"%s\"", i == 0 ? "data channel " : "; ", x->label != NULL ? x->label : "?");
        if (x->protocol != NULL && *x->protocol != '\0')
            g_string_append_printf(out, " (%s)", x->protocol);
        g_string_append_printf(out,
                               ", %u messages with %" G_GUINT64_FORMAT
                               " bytes from the DTLS client, %u with %" G_GUINT64_FORMAT " from the server",
                               x->messages[0], x->bytes[0], x->messages[1], x->bytes[1]);
    }
    if (c->n > CHANNELS_TOLD || c->cut)
        g_string_append(out, "; and more");
    return g_string_free(out, FALSE);
}
