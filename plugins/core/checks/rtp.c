/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RTP checks: what flows beside STUN and DTLS (rules 3.5; RFC 3550, RFC 3711, RFC 5761, RFC 7983, RFC 8827
 * 6.5). */
#include "check.h"

#include "sdp/streams.h"

#include <string.h>

#define UNDER_WAY_US   (2 * WR_SECOND) /* what is seen this soon began before the capture */
#define ENOUGH_PACKETS 50              /* of media before its missing handshake is worth a word */
#define KEY_LIFE       (UINT64_C(1) << 31)
#define SPEECH_SPREAD  20 /* bytes between the shortest and the longest packet */

/* ---- RTP-01 ---- */

static void check_clear(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        const char *why = NULL;
        uint32_t frame = 0;
        switch (wr_flow_clearness(flow, &frame, &why)) {
        case WR_CLEAR_YES:
            wr_finding_once(e, s, "RTP-01", WR_ERROR, frame, flow->first_frame, "V17.2.2", WR_BASIS_MEDIA,
                            "Not protected by SRTP on this path: %s", why);
            break;
        case WR_CLEAR_SOME:
            wr_finding_once(
                e, s, "RTP-01", WR_NOTE, frame, flow->first_frame, "V17.2.3", WR_BASIS_MEDIA,
                "Some packets in clear come from this address: sent by mistake, or by somebody else, for anybody "
                "can forge them (%s)",
                why);
            break;
        default:
            break;
        }
    }
}

/* ---- RTP-02 ---- */

/* The answer of the call that carries media keys (a=crypto), and whether one leaves media without any. */
static const wr_copy *keys_in_answer(const wr_session *s, bool *plain)
{
    const wr_copy *keys = NULL;

    *plain = false;
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        if (wr_kind_is_answer(c->kind) && wr_copy_has_keys(c))
            keys = c;
        *plain |= wr_kind_is_answer(c->kind) && c->partner != NULL && wr_answer_plain_section(c) >= 0;
    }
    return keys;
}

/* CAP-01 says it of media that was under way when the capture began, SDP-08 of media that nothing protects. */
static void check_keyless(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    bool plain;
    const wr_copy *keys = keys_in_answer(s, &plain);

    for (unsigned i = 0;
         i < s->flows->len && s->associations->len == 0 && !f->keys_in_signalling && f->clear == NULL && !plain; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        const wr_traffic *first = flow->media[0].packets > 0 ? &flow->media[0] : &flow->media[1];
        if (flow->media[0].packets + flow->media[1].packets < ENOUGH_PACKETS ||
            first->first_us - e->first_us <= UNDER_WAY_US)
            continue;
        if (keys != NULL)
            wr_finding_once(e, s, "RTP-02", WR_NOTE, first->first_frame, keys->frame, NULL, WR_BASIS_MEDIA,
                            "Encrypted media without a DTLS handshake in this capture: frame %u holds a key for it "
                            "(a=crypto)",
                            keys->frame);
        else
            wr_finding_once(e, s, "RTP-02", WR_NOTE, first->first_frame, 0, NULL, WR_BASIS_MEDIA,
                            "Encrypted media whose key agreement is not in this capture");
    }
}

/* ---- RTP-03 ---- */

/* Keys may come of an association that was completed on another path before (RFC 8445 12). */
static bool has_earlier_keys(const wr_session *s, const wr_association *a)
{
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *o = g_ptr_array_index(s->associations, i);
        if (o != a && o->first_us < a->first_us)
            return true;
    }
    return false;
}

static void check_before_handshake(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    for (unsigned i = 0; i < s->flows->len && !f->keys_in_signalling; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        const wr_association *a = flow->associations.len == 0 ? NULL : wr_list_at(&flow->associations, 0);
        int64_t answered;
        if (a == NULL || a->absorbed != NULL || !a->has_client_random || has_earlier_keys(s, a) ||
            wr_flow_clearness(flow, NULL, NULL) == WR_CLEAR_YES)
            continue;
        answered = a->server_hello_us != 0 ? a->server_hello_us : a->first_us;
        for (int end = 0; end < 2; end++) {
            const wr_traffic *t = &flow->media[end];
            if (t->packets == 0 || t->first_us + WR_SLACK_US >= answered || t->first_us - e->first_us <= UNDER_WAY_US)
                continue;
            wr_finding_once(e, s, "RTP-03", WR_NOTE, t->first_frame, a->server_hello, NULL, WR_BASIS_MEDIA,
                            "SRTP before DTLS completed: its keys come from elsewhere (association a%u)", a->number);
        }
    }
}

/* ---- RTP-06 ---- */

/* One packet that repeats an index anybody can put there. Two senders of one keystream, or one that begins it anew, do
 * so for as long, and as often, as they send (rules 2.10). */
static bool is_reused_throughout(const wr_stream *x)
{
    return wr_goes_on(x->reused, x->packets, x->reused_last_us - x->reused_first_us);
}

static void tell_reused(wr_engine *e, const wr_session *s, const wr_stream *x)
{
    if (is_reused_throughout(x))
        wr_finding_once(e, s, "RTP-06", WR_ERROR, x->reused_frame, 0, "V17.2.2", WR_BASIS_MEDIA,
                        "SRTP packet index reused with different content, in %u packets (SSRC 0x%08x): both can be "
                        "read without the key",
                        x->reused, x->ssrc);
    else
        wr_finding_once(e, s, "RTP-06", WR_NOTE, x->reused_frame, 0, "V17.2.2", WR_BASIS_MEDIA,
                        "SRTP packet index reused with different content, in %u of %u packets (SSRC 0x%08x): by the "
                        "sender, or by anybody who can forge its address",
                        x->reused, x->packets, x->ssrc);
}

static void check_keystream(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        if (wr_flow_clearness(flow, NULL, NULL) == WR_CLEAR_YES)
            continue;
        for (unsigned j = 0; j < flow->n_streams; j++)
            if (flow->streams[j].reused_frame != 0)
                tell_reused(e, s, &flow->streams[j]);
    }
}

/* ---- RTP-07 ---- */

static void check_reencrypted(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    const wr_reencrypted *r;

    (void)f;
    if (wr_session_is_reencrypted(e, s, &r))
        wr_finding_once(e, s, "RTP-07", WR_NOTE, r->frame[1], r->frame[0], NULL, WR_BASIS_MEDIA,
                        "The media stream with SSRC 0x%08x appears under another ciphertext on another leg (frames %u "
                        "and %u): an intermediary "
                        "decrypts it",
                        r->ssrc, r->frame[0], r->frame[1]);
}

/* ---- RTP-09 ---- */

static void check_extensions(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    uint16_t ids = f->media ? wr_copies_extension_ids(s->copies, WR_AUDIO_LEVEL_URI) : 0;

    for (unsigned i = 0; ids != 0 && i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        for (unsigned j = 0; j < flow->n_streams; j++) {
            if ((flow->streams[j].extensions & ids) == 0)
                continue;
            wr_finding_once(e, s, "RTP-09", WR_NOTE, flow->streams[j].extension_frame, 0, NULL, WR_BASIS_MEDIA,
                            "The audio level of speakers is readable in clear RTP header extensions");
            return;
        }
    }
}

/* ---- RTP-11 ---- */

static void check_other(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        const wr_oddities *o = flow->odd;
        if (o == NULL || o->other_packets == 0 || !wr_flow_is_checked(flow))
            continue;
        if (o->other_zrtp)
            wr_finding_once(e, s, "RTP-11", WR_NOTE, o->other_frame, 0, NULL, WR_BASIS_MEDIA,
                            "ZRTP on the media path: keys are agreed on beside DTLS");
        else
            wr_finding_once(
                e, s, "RTP-11", WR_NOTE, o->other_frame, 0, NULL, WR_BASIS_MEDIA,
                "Unexpected protocol on the media path: packets that begin with byte %u are none of STUN, DTLS, RTP",
                o->other_first);
    }
}

/* ---- RTP-12 ---- */

static void check_lifetime(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; i < s->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        uint64_t packets = 0;
        uint32_t last = 0;
        for (unsigned j = 0; j < a->flows.len; j++) {
            const wr_flow *flow = wr_list_at(&a->flows, j);
            packets += (uint64_t)flow->media[0].packets + flow->media[1].packets;
            last = MAX(last, flow->last_frame);
        }
        if (packets > KEY_LIFE)
            wr_finding_once(
                e, s, "RTP-12", WR_NOTE, last, a->first_frame, NULL, WR_BASIS_MEDIA,
                "SRTP keys used beyond their lifetime: more than 2^31 packets under one handshake (association a%u)",
                a->number);
    }
}

/* ---- RTP-13 ---- */

/* Opus under its number in one of the descriptions (RFC 7587 7). */
static bool is_opus(const wr_session *s, uint8_t type)
{
    char wanted[32];

    g_snprintf(wanted, sizeof wanted, "a=rtpmap:%u opus/", type);
    for (unsigned i = 0; i < s->copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(s->copies, i);
        for (unsigned j = 0; j < c->sdp->n_sections; j++)
            if (wr_section_has_line(c->sdp, &c->sdp->sections[j], wanted))
                return true;
    }
    return false;
}

static void check_speech(wr_engine *e, const wr_session *s, const wr_facts *f)
{
    (void)f;
    for (unsigned i = 0; e->options.speech_pattern && i < s->flows->len; i++) {
        const wr_flow *flow = g_ptr_array_index(s->flows, i);
        for (unsigned j = 0; j < flow->n_streams; j++) {
            const wr_stream *x = &flow->streams[j];
            if (x->n_samples < WR_STREAM_WANTED || x->longest - x->shortest < SPEECH_SPREAD ||
                !is_opus(s, x->payload_type))
                continue;
            wr_finding_once(e, s, "RTP-13", WR_CHAT, x->first_frame, 0, NULL, WR_BASIS_MEDIA,
                            "Speech with variable bit rate under SRTP: packet sizes follow what is said");
            return;
        }
    }
}

const wr_session_check *wr_checks_rtp(void)
{
    static const wr_session_check checks[] = {check_clear,
                                              check_keyless,
                                              check_before_handshake,
                                              check_keystream,
                                              check_reencrypted,
                                              check_extensions,
                                              check_other,
                                              check_lifetime,
                                              check_speech,
                                              wr_check_authentic,
                                              wr_check_replayed_media,
                                              wr_check_keys_fit,
                                              NULL};
    return checks;
}
