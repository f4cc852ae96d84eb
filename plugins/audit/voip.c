/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telephony > VoIP Calls: a row a call, with Flow Sequence and Prepare Filter. It is told packets by Wireshark's tap
 * "voip". */
#include "audit.h"
#include "report/ladder.h"
#include "verdict/plain_words.h"

#include <epan/tap-voip.h>

static int tap_voip = -1;

static char *text(wmem_allocator_t *pool, const char *t)
{
    return wmem_strdup(pool, t);
}

static char *party(wmem_allocator_t *pool, const wr_session *s, unsigned i)
{
    char at[WR_ENDPOINT_TEXT];

    if (i >= s->n_parties)
        return text(pool, "?");
    wr_endpoint_format_host(&s->parties[i].address, at);
    return s->parties[i].name != NULL ? wmem_strdup_printf(pool, "%s (%s)", s->parties[i].name, at) : text(pool, at);
}

static voip_call_state state_of(const wr_session *s)
{
    switch (s->verdict) {
    case WR_S_NO_MEDIA:
        return VOIP_CALL_SETUP;
    case WR_S_HANDSHAKE_FAILED:
        return VOIP_REJECTED;
    default:
        return VOIP_IN_CALL;
    }
}

/* What a packet adds to its call: the steps of the ladder that stand in it. */
static void give_steps(packet_info *pinfo, const wr_tap_data *what, voip_packet_info_t *v)
{
    wr_ladder *l = wr_audit_ladder_of(what, wr_frame_of(pinfo));

    for (unsigned i = 0; i < l->steps->len; i++) {
        const wr_step *step = g_ptr_array_index(l->steps, i);
        voip_packet_info_t *one;
        if (step->frame != wr_frame_of(pinfo))
            continue;
        one = wmem_memdup(pinfo->pool, v, sizeof *v);
        one->frame_label = text(pinfo->pool, step->label);
        one->frame_comment = wmem_strdup_printf(pinfo->pool, "WebRTC: %s", step->comment);
        tap_queue_packet(tap_voip, pinfo, one);
    }
    wr_ladder_free(l);
}

void wr_audit_tell_voip(packet_info *pinfo, const wr_tap_data *what)
{
    const unsigned number = wr_tap_session_number(what);
    const wr_session *s;
    voip_packet_info_t v;

    /* on a first pass calls have no lasting numbers yet */
    if (what->first_pass || number == 0)
        return;
    wr_audit_bring_up_to_date(number, true);
    s = wr_engine_session(wr_audit_engine(), number);
    if (s == NULL)
        return;
    memset(&v, 0, sizeof v);
    v.protocol_name = text(pinfo->pool, "WebRTC");
    v.call_id = wmem_strdup_printf(pinfo->pool, "webrtc s%u", number);
    v.call_state = state_of(s);
    v.call_active_state = VOIP_ACTIVE;
    v.from_identity = party(pinfo->pool, s, 0);
    v.to_identity = party(pinfo->pool, s, 1);
    v.call_comment =
        wmem_strdup_printf(pinfo->pool, "s%u %s: %s", number, wr_session_verdict_name(s->verdict), s->plain);
    give_steps(pinfo, what, &v);
}

bool wr_audit_voip_is_asked(void)
{
    return have_tap_listener(tap_voip);
}

void wr_audit_register_voip(void)
{
    tap_voip = register_tap("voip"); /* Wireshark's own, which may be there already */
}
